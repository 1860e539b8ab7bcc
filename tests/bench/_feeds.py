"""A server of thousands of feeds on loopback, an address each, that costs too little to be what is measured.

`python -m tests.bench._feeds` says its port and serves http://127.x.y.z:PORT/N, feed N on the address `address(N)`.
What it answers is set at http://127.0.0.1:PORT/set?NEW&HONOURED: how many items are newer than the first ones, and
whether the validators that a client sends are honoured (1) or not (0). /asked tells how many feeds were asked for.
/small-N is a feed of a tenth of the size, /drip-N one that comes a byte a second.
Feeds are invented from a seed: their words, their markup, and how long each item is.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from random import Random

ITEMS, SIZE = 35, 120_000
"""Items a document, and its bytes, about."""
KINDS = 40
"""Different documents; feeds of one kind differ in their links, ids and bylines."""
VOCABULARY = 12_000
RARE = (("tanker", "strait"), ("airstrike", "convoy"), ("earthquake", "magnitude"), ("ransomware", "hospital"))
"""What rules ask for: one of these words is in 2 of 100 items, both are in 1."""
_HERE = b"@@@@@@"  # where a feed's number stands
_START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
_SOUNDS = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xa yo zu bra che dri flo gru sha tri vle ston"
_SYLLABLES = _SOUNDS.split()
_FREQUENT = (
    "the of and to in a is that for on with as was by at from it his an were are which this be or has had its not but "
    "they have their one would all when who will more out up said government minister talks city police people report "
    "week country border region court officials city council market water strike vote power party new first two years"
)
_COMMON = _FREQUENT.split()


def address(number: int) -> str:
    """The loopback address of a feed: each is a site of its own."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def url(number: int, port: int) -> str:
    return f"http://{address(number)}:{port}/{number}"


@contextmanager
def serving(processor: int | None = None) -> Iterator[tuple[int, Callable[[int, int], None]]]:
    """The server in a process of its own, on that processor; its port, and what sets its answers (NEW, HONOURED)."""
    command = [sys.executable, "-m", "tests.bench._feeds", *([] if processor is None else [str(processor)])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            yield port, lambda new, honoured: print(end=asked(port, f"set?{new}&{honoured}"))
        finally:
            process.kill()


def asked(port: int, what: str) -> str:
    """What the server says on one of its own paths."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{what}", timeout=60) as answer:
        return str(answer.read().decode())


# --- documents ------------------------------------------------------------------------------------


@cache
def document(kind: int, new: int, items: int = ITEMS) -> bytes:
    """One kind's document when so many items have come since the first: the newest, newest first."""
    entries = "\n".join(item(kind, number) for number in range(new + ITEMS - 1, new + ITEMS - 1 - items, -1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>Gazette {_HERE.decode()}</title>\n<link>https://gazette-{_HERE.decode()}.example/</link>\n"
        "<description>News of the region &amp; the world</description>\n<language>en</language>\n"
        f"<lastBuildDate>{_date(new + ITEMS)}</lastBuildDate>\n"
        f"{entries}\n</channel>\n</rss>\n"
    ).encode()


@cache
def item(kind: int, number: int) -> str:
    """One item, the same in each document that has it."""
    rng = Random(f"{kind}/{number}")
    here, title = _HERE.decode(), _words(rng, rng.randint(5, 11)).title()
    link = f"https://gazette-{here}.example/{2026 + number % 3}/{number}-{rng.randrange(10**6)}"
    paragraphs, room = "", int(SIZE / ITEMS * rng.uniform(0.75, 1.2)) - 800
    while len(paragraphs) < room:
        paragraphs += _paragraph(rng)
    lead = _words(rng, 30)
    if (drawn := rng.random()) < 0.02:
        lead += f" {' '.join(rng.choice(RARE)[: 2 if drawn < 0.01 else 1])} reported"
    return (
        f"<item>\n<title>{title} &amp; {rng.choice(_COMMON)}</title>\n<link>{link}?utm_source=rss</link>\n"
        f'<guid isPermaLink="false">{here}-{number}</guid>\n<pubDate>{_date(number)}</pubDate>\n'
        f"<dc:creator>Reporter {here}</dc:creator>\n<category>{rng.choice(_COMMON)}</category>\n"
        f"<category>{_word(rng)}</category>\n<description>&lt;p&gt;{lead}.&lt;/p&gt;</description>\n"
        f'<content:encoded><![CDATA[<p><img src="{link}/lead.jpg" alt="{_words(rng, 5)}" /></p>'
        f"{paragraphs}]]></content:encoded>\n</item>"
    )


def _paragraph(rng: Random) -> str:
    first, second, third = (_words(rng, rng.randint(6, 25)) for _ in range(3))
    link = f'<a href="https://other.example/{rng.randrange(10**6)}">{_words(rng, 3)}</a>'
    if rng.random() < 0.1:
        return f"<blockquote><p>“{first}”, <em>{_words(rng, 2)}</em> said.</p></blockquote>\n"
    if rng.random() < 0.1:
        return f"<ul><li>{first}</li><li>{link} {second}</li></ul>\n"
    return f"<p>{first.capitalize()}, {link} {second}; <strong>{_words(rng, 2)}</strong> {third}.</p>\n"


def _words(rng: Random, many: int) -> str:
    return " ".join(_word(rng) if rng.random() < 0.5 else rng.choice(_COMMON) for _ in range(many))


def _word(rng: Random) -> str:
    """The few often, the many seldom, as in any text."""
    return _vocabulary()[int(VOCABULARY * rng.random() ** 2.5)]


@cache
def _vocabulary() -> list[str]:
    rng = Random(0)
    return ["".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(VOCABULARY)]


def _date(number: int) -> str:
    return format_datetime(_START + timedelta(minutes=17 * number))


# --- server ---------------------------------------------------------------------------------------


class _Answering(asyncio.Protocol):
    """One connection. What is set holds for all of them."""

    new, honoured, feeds = 0, 1, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._came = b""

    def data_received(self, data: bytes) -> None:
        self._came += data
        while b"\r\n\r\n" in self._came:
            request, _, self._came = self._came.partition(b"\r\n\r\n")
            answer = self._answer(request)
            self._transport.write(answer)  # type: ignore[attr-defined]
            if b"\r\nconnection: close" in request.lower():
                self._transport.close()

    def _answer(self, request: bytes) -> bytes:
        path = request.split(b" ", 2)[1].lstrip(b"/").decode()
        own = _Answering
        if path.startswith("set?"):
            own.new, own.honoured = map(int, path.removeprefix("set?").split("&"))
            own.feeds = 0
            return _whole(b"", "text/plain", "")
        if path == "asked":
            return _whole(str(own.feeds).encode(), "text/plain", "")
        own.feeds += 1
        if path.startswith("drip"):
            asyncio.get_running_loop().call_later(1, self._drip)
            return b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 120000\r\n\r\n"
        tag = f'"{path}-{own.new}"'
        if own.honoured and tag.encode() in request:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
        small, _, number = path.rpartition("-")
        body = document(int(number) % KINDS, own.new, 3 if small else ITEMS).replace(_HERE, b"%06d" % int(number))
        return _whole(body, "application/rss+xml; charset=utf-8", f"ETag: {tag}\r\n")

    def _drip(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(b" ")  # type: ignore[attr-defined]
            asyncio.get_running_loop().call_later(1, self._drip)


def _whole(body: bytes, kind: str, more: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


async def serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Answering, "0.0.0.0", 0, backlog=1024)  # all of 127/8
    for kind in range(KINDS):
        for new in (0, 1):
            document(kind, new)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    if len(sys.argv) > 1:
        os.sched_setaffinity(0, {int(sys.argv[1])})
    uvloop.run(serve())
