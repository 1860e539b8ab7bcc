"""Publishers and a service on loopback, in one process, for a watcher that runs long.

`python -m tests.bench._soaking FEEDS` says its port. http://127.x.y.z:PORT/N is feed N on the address `address(N)`:
each second time it is asked it has one item more, the last dozen are in its document, and a validator it knows is
honoured. Each tenth item tells of a strike and has a mark of its own. Alerts are sent to http://127.0.0.1:PORT/hook.
/told gives as JSON the marks that were published and how often each was told; from /rest on nothing new is published.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import urllib.request
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from tests.bench._feeds import url
from tests.stories.house import rss

SHOWN, MARKED = 12, 10
MARK = re.compile(rb"mark\d+x")
WORDS = [f"{first}{last}" for first in "bcdfghjklmnpqrstvwxz" for last in range(2_000)]
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@contextmanager
def serving(feeds: int) -> Iterator[int]:
    """The server; its port."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench._soaking", str(feeds)], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.kill()


def asked(port: int, what: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{what}") as answer:
        return json.load(answer)


class Publishers:
    """All feeds, and what came back of them."""

    def __init__(self, feeds: int) -> None:
        self.shown = [deque[tuple[str, str]](maxlen=SHOWN) for _ in range(feeds)]
        self.asked, self.items = [0] * feeds, 0
        self.published: list[str] = []
        self.told: Counter[str] = Counter()
        self.resting = False

    def document(self, feed: int) -> tuple[str, bytes]:
        """A tag of what stands there, and that."""
        self.asked[feed] += 1
        if self.asked[feed] % 2 and not self.resting:
            self._publish(feed)
        shown = self.shown[feed]
        return f'"{shown[0][0] if shown else ""}"', rss(list(shown))

    def _publish(self, feed: int) -> None:
        """No two items are alike: each is a story of its own."""
        self.items += 1
        words = " ".join(Random(self.items).choices(WORDS, k=30))
        if self.items % MARKED == 0:
            mark = f"mark{self.items}x"
            self.published.append(mark)
            words = f"A strike, {mark}: {words}"
        self.shown[feed].appendleft((f"item-{self.items}", words))

    def heard(self, body: bytes) -> None:
        self.told.update(mark.decode() for mark in set(MARK.findall(body)))


class _Answering(asyncio.Protocol):
    """One connection."""

    publishers: Publishers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._came = b""

    def data_received(self, data: bytes) -> None:
        self._came += data
        while b"\r\n\r\n" in self._came:
            head, _, rest = self._came.partition(b"\r\n\r\n")
            length = int(found[1]) if (found := _LENGTH.search(head)) else 0
            if len(rest) < length:
                return
            self._came = rest[length:]
            self._transport.write(self._answer(head, rest[:length]))  # type: ignore[attr-defined]

    def _answer(self, head: bytes, body: bytes) -> bytes:
        path, own = head.split(b" ", 2)[1].decode().lstrip("/"), self.publishers
        if path == "hook":
            own.heard(body)
            return _whole(b"{}", "application/json")
        if path == "rest":
            own.resting = True
        if path in {"rest", "told"}:
            told = {"published": own.published, "told": own.told, "items": own.items}
            return _whole(json.dumps(told).encode(), "application/json")
        if not path.isdecimal():
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        tag, document = own.document(int(path))
        if tag.encode() in head:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
        return _whole(document, "application/rss+xml", f"ETag: {tag}\r\n")


def _whole(body: bytes, kind: str, more: str = "") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


async def serve(feeds: int) -> None:
    _Answering.publishers = Publishers(feeds)
    server = await asyncio.get_running_loop().create_server(_Answering, "0.0.0.0", 0, backlog=1024)  # all of 127/8
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def addresses(feeds: int, port: int) -> list[dict[str, str]]:
    """The feeds of a configuration."""
    return [{"id": f"f{number}", "url": url(number, port), "baseline": "alert"} for number in range(feeds)]


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(int(sys.argv[1])))
