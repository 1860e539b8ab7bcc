"""The guard as a feed's server meets it: however an address is written, named, answered or redirected to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fetch.helpers import SMALL, StandingClock
from tests.fetch.names import Answers
from tests.servers import Server, page, raw, redirect
from watcher.errors import FetchError, Forbidden
from watcher.fetch.http import HttpFetcher
from watcher.guard import allowed_networks
from watcher.model import FetchRequest, Response

FEED = b"<rss><channel><title>Invented</title></channel></rss>"
LOOPBACK = {
    "dotted": "127.0.0.1",
    "decimal": "2130706433",
    "octal": "0177.0.0.1",
    "hexadecimal": "0x7f000001",
    "hexadecimal parts": "0x7f.0x0.0x0.0x1",
    "mixed parts": "0x7f.0.0.01",
    "short, two parts": "127.1",
    "short, three parts": "127.0.1",
    "zero": "0",
    "all zeros": "0.0.0.0",
    "leading zeros": "127.000.000.001",
    "another of the block": "127.255.255.254",
    "a dot at the end": "127.0.0.1.",
    "full-width digits": "１２７.０.０.１",
    "an ideographic full stop": "127。0。0。1",
    "a full-width full stop": "127．0．0．1",
    "circled digits": "①②⑦.⓪.⓪.①",
    "percent-encoded": "%31%32%37.0.0.1",
    "percent-encoded dots": "127%2e0%2e0%2e1",
    "a name": "localhost",
    "a name in capitals": "LOCALHOST",
    "a name with a dot at the end": "localhost.",
    "a name of full-width letters": "ｌｏｃａｌｈｏｓｔ",
    "IPv6": "[::1]",
    "IPv6 in full": "[0:0:0:0:0:0:0:1]",
    "IPv6, nothing": "[::]",
    "mapped": "[::ffff:127.0.0.1]",
    "mapped, hexadecimal": "[::ffff:7f00:1]",
    "compatible": "[::127.0.0.1]",
    "translated": "[::ffff:0:127.0.0.1]",
    "NAT64": "[64:ff9b::7f00:1]",
    "NAT64 of one's own": "[64:ff9b:1::7f00:1]",
    "6to4": "[2002:7f00:1::]",
    "Teredo": "[2001:0:7f00:1::]",
    "ISATAP": "[2606:4700::5efe:127.0.0.1]",
    "a zone": "[fe80::1%25lo]",
    "a zone behind loopback": "[::1%25lo]",
}


def each(text: str) -> list[str]:
    return text.split()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        server["/feed"] = page(FEED, headers={"Connection": "close"})
        yield server


async def asked(url: str, names: Answers | None = None, allow: tuple[str, ...] = ()) -> Response:
    fetcher = HttpFetcher(limits=SMALL, allowed=allowed_networks(allow), clock=StandingClock(), resolver=names)
    try:
        return await fetcher.fetch(FetchRequest(url=url))
    finally:
        await fetcher.aclose()


async def refused(url: str, names: Answers | None = None, allow: tuple[str, ...] = ()) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await asked(url, names, allow)
    assert str(caught.value).isprintable()
    return caught.value


@pytest.mark.parametrize("way", LOOPBACK)
async def test_loopback_is_not_reached_however_it_is_written(server: Server, way: str) -> None:
    error = await refused(server.url("/feed", host=LOOPBACK[way]))
    assert error.kind in {"forbidden", "protocol", "dns"}  # an address, no URL, or no name
    assert server.connections == 0


@pytest.mark.parametrize(
    "host",
    each("""
    10.0.0.1 167772161 0xa000001 012.0.0.1 10.1 10.0.0.1. 10.0.0.01 １０.０.０.１ 10。0。0。1 ①⓪.0.0.1 %31%30.0.0.1
    [::ffff:10.0.0.1] [::ffff:a00:1] [::10.0.0.1] [64:ff9b::a00:1] [2002:a00:1::] [2001:0:a00:1::] [fd00::1]
    [2606:4700::5efe:10.0.0.1] [fe80::1%25lo]
    """),
)
async def test_a_redirect_to_a_private_address_is_not_followed_however_it_is_written(server: Server, host: str) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: http://{host}/feed\r\nContent-Length: 0\r\n\r\n"
    server["/a"] = raw(head.encode())
    error = await refused(server.url("/a"), allow=("127.0.0.1",))
    assert error.kind in {"forbidden", "redirect", "protocol", "dns"}  # an address, no URL, or no name
    assert server.count("/a") == 1


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["10.1.2.3", "192.168.1.1"],
        ["169.254.169.254"],
        ["100.100.100.200"],
        ["::1", "fd00:ec2::254"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["2002:c0a8:1::1"],
        ["fe80::1%1"],
        ["224.0.0.1", "255.255.255.255"],
    ],
    ids=" ".join,
)
async def test_a_name_that_leads_into_a_private_network_is_not_followed(server: Server, answers: list[str]) -> None:
    error = await refused(server.url("/feed", host="inside.example"), Answers(answers))
    assert isinstance(error, Forbidden)
    assert answers[0].partition("%")[0] in str(error)
    assert server.connections == 0


async def test_of_a_mixed_answer_only_the_public_addresses_are_asked(server: Server) -> None:
    names = Answers(["10.0.0.1", "::ffff:10.0.0.2", "127.0.0.1"])
    response = await asked(server.url("/feed", host="mixed.example"), names, allow=("127.0.0.1",))
    assert response.body == FEED


async def test_a_name_rebound_between_two_fetches_is_refused_the_second_time(server: Server) -> None:
    names = Answers(["127.0.0.1"], ["10.0.0.1"])
    fetcher = HttpFetcher(limits=SMALL, allowed=allowed_networks(["127.0.0.1"]), clock=StandingClock(), resolver=names)
    request = FetchRequest(url=server.url("/feed", host="rebound.example"))
    try:
        assert (await fetcher.fetch(request)).body == FEED
        with pytest.raises(Forbidden, match=r"10\.0\.0\.1 is not a public address"):
            await fetcher.fetch(request)
    finally:
        await fetcher.aclose()
    assert server.connections == 1


async def test_a_name_rebound_between_two_redirects_is_refused(server: Server) -> None:
    names = Answers(["127.0.0.1"], ["192.168.0.1"])
    server["/a"] = raw(b"HTTP/1.1 302 Found\r\nLocation: /feed\r\n\r\n")
    error = await refused(server.url("/a", host="rebound.example"), names, allow=("127.0.0.1",))
    assert isinstance(error, Forbidden)
    assert "192.168.0.1 is not a public address" in str(error)
    assert [request.path for request in server.requests] == ["/a"]


async def test_a_name_is_looked_up_once_for_a_connection_and_that_answer_is_the_one_judged(server: Server) -> None:
    names = Answers(["127.0.0.1"], ["10.0.0.1"])
    await asked(server.url("/feed", host="once.example"), names, allow=("127.0.0.1",))
    assert names.asked == ["once.example"]


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("file:///etc/passwd", "`file:` is not fetched"),
        ("FILE:///etc/passwd", "`file:` is not fetched"),
        ("data:text/xml,<rss/>", "`data:` is not fetched"),
        ("gopher://127.0.0.1:70/_x", "`gopher:` is not fetched"),
        ("ftp://example.org/feed", "`ftp:` is not fetched"),
        ("javascript:alert(1)", "`javascript:` is not fetched"),
        ("jar:http://example.org!/", "`jar:` is not fetched"),
        ("unix:///run/docker.sock", "`unix:` is not fetched"),
        ("http://example.org:22/", "port 22 belongs to another service"),
        ("http://example.org:6379@127.0.0.1:11211/", "credentials"),
        ("//10.0.0.1/feed", "10.0.0.1 is not a public address"),
        ("http:\\\\10.0.0.1\\feed", ""),
    ],
)
async def test_a_redirect_away_from_the_web_is_not_followed(server: Server, location: str, words: str) -> None:
    server["/a"] = redirect(location)
    error = await refused(server.url("/a"), allow=("127.0.0.1",))
    assert error.kind in {"forbidden", "redirect"} or not words
    assert words in str(error)
    assert len(server.requests) == 1 or not words


async def test_the_allow_list_opens_what_it_names_and_nothing_beside_it(server: Server) -> None:
    url = server.url("/feed", host="bridge.example")
    assert (await asked(url, Answers(["127.0.0.1"]), allow=("127.0.0.1/32",))).body == FEED
    error = await refused(url, Answers(["127.0.0.2"]), allow=("127.0.0.1/32",))
    assert isinstance(error, Forbidden)
    assert "127.0.0.2 is not a public address (loopback, RFC 1122); allow_private can allow it" in str(error)
