from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import UsageError
from watcher.guard import (
    access_at,
    allowed_networks,
    refuse_address,
    refuse_header,
    refuse_proxy,
    refuse_url,
    same_origin,
)
from watcher.model import Access


def _each(text: str) -> list[str]:
    return text.split()


REFUSED = _each("""
0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 168.63.129.16
169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255
198.18.0.0 198.19.255.255 198.51.100.1 203.0.113.255 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::808:808
100::1 100:0:0:1::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe:: 2002:c0a8:101::1 3fff::1
2001:0:808:808:0:0:f5ff:fffe 2001:0:a00:1:0:0:f7f7:f7f7 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0
fec0::1 ff02::1 ffff::1 ::10.0.0.1 ::ffff:0:10.0.0.1 fe80::5efe:808:808 2606:4700::5efe:10.0.0.1
2606:4700::200:5efe:169.254.169.254 100.100.100.200 192.0.0.192 fd20:ce::254
""")
PUBLIC = _each("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15
172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2606:4700:4700::1111 2a00:1450:4001:82f::200e ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1
2001:0:808:808:0:0:f7f7:f7f7 2001:4860:4860::8888 2606:4700::5efe:8.8.8.8 2606:4700::100:5efe:10.0.0.1
192.31.196.1 192.52.193.1 192.175.48.1 2620:4f:8000::1
""")
NOT_GLOBAL = _each("""
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32
::1/128 ::/128 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001:2::/48 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10
""")
"""The blocks that IANA's two registries of special-purpose addresses mark as not globally reachable, or deprecated;
those that carry other addresses (::ffff:0:0/96, 2001::/32, 2002::/16) stand with those above.
"""


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    reason = refuse_address(address, ())
    assert reason
    assert reason.startswith(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_not_refused(address: str) -> None:
    assert refuse_address(address, ()) is None


@pytest.mark.parametrize("block", NOT_GLOBAL)
def test_every_block_of_the_registries_is_refused_from_end_to_end(block: str) -> None:
    network = ip_network(block)
    assert refuse_address(str(network[0]), ())
    assert refuse_address(str(network[-1]), ())
    assert refuse_address(str(network[network.num_addresses // 2]), ())


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_an_ipv6_address_that_carries_an_ipv4_address_is_judged_like_it(number: int) -> None:
    refused = refuse_address(str(IPv4Address(number)), ()) is not None
    teredo = 0x2001_0000_0808_0808 << 64 | (number ^ 0xFFFFFFFF)
    isatap = 0x2606_4700 << 96 | 0x5EFE << 32 | number
    for carrier in (0xFFFF << 32 | number, 0x64_FF9B << 96 | number, 0x2002 << 112 | number << 80, teredo, isatap):
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
        ("http", "example.org", 0, "port 0 belongs to another service"),
        ("data", "", None, "`data:` is not fetched"),
        ("gopher", "example.org", 70, "`gopher:` is not fetched"),
        ("https", "127.0.0.1", 443, "loopback"),
        ("http", "::1", None, "loopback"),
    ],
)
def test_a_url_is_refused_before_anything_is_looked_up(scheme: str, host: str, port: int | None, words: str) -> None:
    assert words in (refuse_url(scheme, host, port, ()) or "")


@pytest.mark.parametrize(("scheme", "port"), [("http", None), ("https", 443), ("https", 8443), ("http", 8080)])
def test_an_ordinary_url_is_not_refused(scheme: str, port: int | None) -> None:
    assert refuse_url(scheme, "example.org", port, ()) is None


# --- what an operator wants to send ---------------------------------------------------------------

OURS = _each("""
Host host CONTENT-LENGTH Transfer-Encoding Connection Keep-Alive TE Trailer Upgrade Expect Via Proxy-Authorization
Proxy-Connection Accept-Encoding Range If-None-Match If-Modified-Since
""")


@pytest.mark.parametrize("name", OURS)
def test_a_header_that_frames_a_message_or_steers_the_polling_is_ours_to_set(name: str) -> None:
    assert refuse_header(name, "x") == f"the header {name} is the watcher's own to set"


@pytest.mark.parametrize("name", _each("Authorization X-Api-Key Accept Accept-Language Cookie User-Agent Referer"))
def test_any_other_header_may_be_sent(name: str) -> None:
    assert refuse_header(name, 'Bearer a.b-c; d="e"') is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Key", "s3cret\r\nHost: evil.example"),
        ("X-Key", "s3cret\0"),
        ("X-Key", " s3cret"),
        ("X-Key", "s3cr\u00e9t"),
        ("X-Key", "s3cret" * 2000),
        ("X Key", "s3cret"),
        ("X-Key:", "s3cret"),
        ("", "s3cret"),
        ("X-Key\n", "s3cret"),
    ],
)
def test_a_header_that_would_break_a_request_is_refused_without_its_value(name: str, value: str) -> None:
    reason = refuse_header(name, value)
    assert reason
    assert reason.isprintable()
    assert "s3cr" not in reason


def test_a_proxy_is_an_address_with_a_port() -> None:
    assert refuse_proxy("http://proxy.example:3128") is None
    assert refuse_proxy("http://me:s3cret@[2001:db8::1]:8080/") is None


@pytest.mark.parametrize(
    "url",
    _each("""
    proxy.example:3128 http://proxy.example https://me:s3cret@proxy.example:443 socks5://proxy.example:1080
    http://:3128 http://proxy.example:99999 http://proxy.example:3128/path http://proxy.example:3128?s3cret http://[:1
    """),
)
def test_what_is_no_proxy_is_refused_without_its_url(url: str) -> None:
    reason = refuse_proxy(url)
    assert reason
    assert "s3cret" not in reason
    assert "http://host:port" in reason


def test_headers_stay_with_the_origin_they_were_given_for_and_the_proxy_goes_along() -> None:
    access = Access(headers=(("X-Key", "k"),), proxy="http://proxy.example:3128")
    assert access_at(access, "https://a.example/feed", "https://A.example:443/other") == access
    assert access_at(access, "https://a.example/feed", "https://b.example/feed") == Access(proxy=access.proxy)


@pytest.mark.parametrize(
    "other",
    _each("http://a.example/ https://a.example:444/ https://b.a.example/ https://a.example.evil/ https://[ a.example"),
)
def test_another_scheme_host_or_port_is_another_origin(other: str) -> None:
    assert not same_origin("https://a.example/", other)
