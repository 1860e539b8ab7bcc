from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import UsageError
from watcher.guard import allowed_networks, refuse_address, refuse_url


def _each(text: str) -> list[str]:
    return text.split()


REFUSED = _each("""
0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 168.63.129.16
169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255
198.18.0.0 198.19.255.255 198.51.100.1 203.0.113.255 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::808:808
100::1 100:0:0:1::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe:: 2002:c0a8:101::1 3fff::1
2001:0:808:808:0:0:f5ff:fffe 2001:0:a00:1:0:0:f7f7:f7f7 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0
fec0::1 ff02::1 ffff::1
""")
PUBLIC = _each("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15
172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2606:4700:4700::1111 2a00:1450:4001:82f::200e ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1
2001:0:808:808:0:0:f7f7:f7f7 2001:4860:4860::8888
""")


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    reason = refuse_address(address, ())
    assert reason
    assert reason.startswith(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_not_refused(address: str) -> None:
    assert refuse_address(address, ()) is None


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_an_ipv6_address_that_carries_an_ipv4_address_is_judged_like_it(number: int) -> None:
    refused = refuse_address(str(IPv4Address(number)), ()) is not None
    teredo = 0x2001_0000_0808_0808 << 64 | (number ^ 0xFFFFFFFF)
    for carrier in (0xFFFF << 32 | number, 0x64_FF9B << 96 | number, 0x2002 << 112 | number << 80, teredo):
        assert (refuse_address(str(IPv6Address(carrier)), ()) is not None) == refused


@given(st.one_of(st.integers(0, 2**32 - 1).map(IPv4Address), st.sampled_from(REFUSED).map(ip_address)))
@settings(max_examples=200)
def test_whatever_python_calls_not_global_is_refused(address: IPv4Address | IPv6Address) -> None:
    if not address.is_global:
        assert refuse_address(str(address), ())


@pytest.mark.parametrize(
    ("allow", "address"),
    [
        ("10.1.0.0/16", "10.1.2.3"),
        ("10.1.0.0/16", "::ffff:10.1.2.3"),
        ("10.1.2.3", "10.1.2.3"),
        ("fd00::/8", "fd12::1"),
        ("localhost", "127.0.0.1"),
        ("localhost", "::1"),
    ],
)
def test_a_network_on_the_allow_list_may_be_asked(allow: str, address: str) -> None:
    assert refuse_address(address, ())
    assert refuse_address(address, allowed_networks([allow])) is None


def test_the_allow_list_opens_nothing_else() -> None:
    allowed = allowed_networks(["10.1.0.0/16", "localhost"])
    assert refuse_address("10.2.0.1", allowed)
    assert refuse_address("169.254.169.254", allowed)
    assert refuse_address("64:ff9b::a02:1", allowed)


@pytest.mark.parametrize("text", ["10.1.0.1/16", "intranet", "", "10.0.0.0/40"])
def test_a_bad_allow_list_entry_is_told_with_the_mend(text: str) -> None:
    with pytest.raises(UsageError, match=r"^allow_private: .*write a block such as"):
        allowed_networks([text])


@pytest.mark.parametrize(
    ("scheme", "host", "port", "words"),
    [
        ("ftp", "example.org", None, "`ftp:` is not fetched"),
        ("java\nscript", "example.org", None, "`java?script:` is not fetched"),
        ("http", "", None, "names no host"),
        ("http", "example.org", 25, "port 25 belongs to another service"),
        ("https", "127.0.0.1", 443, "loopback"),
        ("http", "::1", None, "loopback"),
    ],
)
def test_a_url_is_refused_before_anything_is_looked_up(scheme: str, host: str, port: int | None, words: str) -> None:
    assert words in (refuse_url(scheme, host, port, ()) or "")


@pytest.mark.parametrize(("scheme", "port"), [("http", None), ("https", 443), ("https", 8443), ("http", 8080)])
def test_an_ordinary_url_is_not_refused(scheme: str, port: int | None) -> None:
    assert refuse_url(scheme, "example.org", port, ()) is None
