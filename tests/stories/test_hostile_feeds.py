"""Everything a server may do to whoever asks it, in one daemon at once, beside a feed that is well.

Each kind by itself is tested with its limits in tests/fetch and tests/run; here it is their sum that must harm nobody:
the good feed is told on time, memory stays bounded, each of the bad ones says in a line what is wrong with it, and
nothing of them is taken for seen.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from tests.memory import peak
from tests.servers import (
    Reply,
    Request,
    Server,
    bomb,
    broken_chunks,
    drip,
    endless,
    hang,
    head,
    huge_headers,
    page,
    raw,
    reset,
    status,
    truncated,
)
from tests.stories.house import House, rss, until

MIB = 2**20
SCALED = {"timeout": "3s", "per_host_pause": "0.01s", "max_wire": "2MiB", "max_decoded": "4MiB"}
PARSE = {"cpu": "0.5s", "memory": "256MiB"}
STRIKE, SECOND = ("a-1", "Strike on the harbour"), ("a-2", "Second strike on the harbour")
SEEN = "SELECT DISTINCT f.id FROM seen AS s JOIN feeds AS f ON f.pk = s.feed"
READ_ALL_THE_SAME = {"attributes", "author"}
"""They would take a reader minutes that takes them as they come."""
GROWTH = 64 * MIB
"""Bytes by which the daemon may grow; its parser's process has a limit of its own."""


def _xml(inner: bytes, root: bytes = b"<rss version='2.0'>", before: bytes = b"") -> bytes:
    return b"<?xml version='1.0'?>" + before + root + b"<channel><title>t</title>" + inner + b"</channel></rss>"


def _item(inner: bytes) -> bytes:
    return b"<item><guid>strike</guid>" + inner + b"</item>"


def _headers_that_drip(every: float = 0.05) -> Reply:
    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        for byte in head(200, {f"X-{n}": "strike" for n in range(1000)}):
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(every)

    return reply


def _hints(times: int = 200_000) -> Reply:
    return raw(b"HTTP/1.1 103 Early Hints\r\nLink: </strike>; rel=preload\r\n\r\n" * times)


def _many_headers(count: int = 200_000) -> Reply:
    return raw(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: strike\r\n" % n for n in range(count)) + b"\r\n")


def _encoded(encoding: str, body: bytes) -> Reply:
    return raw(head(200, {"Content-Encoding": encoding, "Content-Length": str(len(body))}) + body)


def _squeezed(head_: Mapping[str, str], code: int) -> Reply:
    packed = zlib.compress(bytes(64 * MIB), 9, 31)
    return raw(head(code, {**head_, "Content-Encoding": "gzip", "Content-Length": str(len(packed))}) + packed)


def _xml_page(body: bytes, content_type: str = "application/xml") -> Reply:
    return page(body, content_type=content_type, etag=False)


_STRIKE = rss([("s", "A strike that nobody made")])

OVER_THE_WIRE: Mapping[str, Callable[[], Reply]] = {
    "slow-drip": lambda: drip(_STRIKE, 0.1),
    "header-drip": _headers_that_drip,
    "hang": hang,
    "endless": endless,
    "hints": _hints,
    "headers": _many_headers,
    "large-headers": huge_headers,
    "short": lambda: truncated(_STRIKE),
    "two-lengths": lambda: raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 900\r\n\r\n" + _STRIKE),
    "negative-length": lambda: raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + _STRIKE),
    "no-last-chunk": lambda: broken_chunks(_STRIKE),
    "chunk-of-no-size": lambda: raw(head(200, {"Transfer-Encoding": "chunked"}) + b"strike\r\n" + _STRIKE),
    "gzip-bomb": lambda: bomb(256 * MIB),
    "brotli": lambda: _encoded("br", b"\x0b\x02\x80strike\x03"),
    "nested": lambda: _encoded("gzip, gzip", gzip.compress(gzip.compress(_STRIKE))),
    "bomb-in-redirect": lambda: _squeezed({"Location": "/round"}, 302),
    "bomb-in-error": lambda: _squeezed({}, 500),
    "reset": lambda: reset(head(200, {"Content-Length": "900"}) + _STRIKE[:100]),
    "no-http": lambda: raw(b"strike strike strike\r\n\r\n"),
    "blocked": lambda: status(403),
    "gone": lambda: status(410),
}
IN_THE_DOCUMENT: Mapping[str, Callable[[], bytes]] = {
    "attributes": lambda: _xml(_item(b"<a " + b" ".join(b"a%d='1'" % n for n in range(50_000)) + b"/>")),
    "attlist": lambda: _xml(
        b"",
        before=b"<!DOCTYPE rss [" + b"".join(b"<!ATTLIST rss a%d CDATA '1'>" % n for n in range(50_000)) + b"]>",
    ),
    "entities": lambda: _xml(
        _item(b"<title>&z;</title>"),
        before=b"<!DOCTYPE rss [<!ENTITY a 'strike'>"
        + b"".join(b"<!ENTITY %c '%b'>" % (n + 98, b"&%c;" % (n + 97) * 10) for n in range(25))
        + b"]>",
    ),
    "levels": lambda: _xml(_item(b"<description>" + b"<b>" * 200_000 + b"</b>" * 200_000 + b"</description>")),
    "author": lambda: _xml(_item(b"<author>" + b"strike" * (MIB // 6) + b"</author>")),
    "many-items": lambda: _xml(b"<item/>" * 500_000),
    "html": lambda: b"<!doctype html><title>Strike</title><p>No feed",
    "nothing": lambda: b"",
    "binary": lambda: b"\0strike\xff" * 1000,
    "severed": lambda: _STRIKE[:-30],
}


def test_a_daemon_stands_everything_that_servers_do_at_once(house: House) -> None:
    with _served() as (bad, good):
        _settle(house, bad, good)
        good["/feed"] = page(rss([STRIKE]))
        with house.daemon() as daemon:
            daemon.says("Strike")
            before = peak(daemon.process.pid)
            good["/feed"] = page(rss([SECOND, STRIKE]))
            daemon.says("Second")
            until(lambda: set(_polled(house)) == {*bad, "good"}, "every feed polled", 120)
            assert peak(daemon.process.pid) < before + GROWTH
    troubles = {name: words for name, words in _polled(house).items() if words}
    assert set(troubles) == {*bad} - READ_ALL_THE_SAME
    assert not [words for words in troubles.values() if "\n" in words or "internal" in words]
    assert {name for (name,) in house.asked(SEEN)} == {"good", *READ_ALL_THE_SAME}
    assert len(house.rows("alerts", "list")) == 2
    assert "nobody made" not in daemon.out
    assert "Traceback" not in daemon.err


@contextmanager
def _served() -> Iterator[tuple[dict[str, str], Server]]:
    """Addresses of the bad feeds by name, each a server of its own so that none waits for another; and the good one."""
    replies = {name: make() for name, make in OVER_THE_WIRE.items()}
    replies |= {name: _xml_page(make()) for name, make in IN_THE_DOCUMENT.items()}
    with ExitStack() as stack:
        bad = {}
        for name, reply in replies.items():
            server = stack.enter_context(Server())
            server["/feed"] = reply
            server["/round"] = status(302, location="/feed")
            bad[name] = server.url("/feed")
        bad["no-name"] = "http://nowhere.invalid/feed"
        bad["no-tls"] = f"https{bad['reset'][4:]}"
        yield bad, stack.enter_context(Server())


def _settle(house: House, bad: Mapping[str, str], good: Server) -> None:
    feeds = [{"id": name, "url": url, "baseline": "alert", "interval": "1h"} for name, url in bad.items()]
    feeds.append({"id": "good", "url": good.url("/feed"), "baseline": "alert"})
    house.settings(feeds=feeds, fetch=SCALED, parse=PARSE)


def _polled(house: House) -> dict[str, str | None]:
    """The feeds that were asked, each with what is wrong with it."""
    return dict(house.asked("SELECT id, error FROM feeds WHERE polls"))
