"""Servers that mean harm: each ends in one line within its time, takes little, and leaves the fetcher as it was."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from tests.fetch.helpers import SMALL, StandingClock
from tests.fetch.names import Answers
from tests.memory import forget_peak, peak, resident
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
    page,
    raw,
    redirect,
    reset,
    truncated,
)
from watcher.errors import FetchError
from watcher.fetch.http import HttpFetcher
from watcher.fetch.limits import Limits
from watcher.guard import allowed_networks
from watcher.model import FetchRequest

DATA = Path(__file__).parents[1] / "data"
FEED = b"<rss><channel><title>Invented</title></channel></rss>"
QUICK = replace(SMALL, total=0.5)
CHUNKED = head(200, {"Transfer-Encoding": "chunked"})
MOST = 64 << 20  # bytes of memory
LONGEST = 5.0  # seconds of processor time


def forever(piece: bytes, before: bytes = b"", every: float | None = None) -> Reply:
    """The same again for as long as somebody listens: at once, or each so many seconds."""

    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(before)
        block = piece if every is not None else piece * (1 + 65536 // len(piece))
        while True:
            writer.write(block)
            await writer.drain()
            await asyncio.sleep(every or 0)

    return reply


def both(one: bytes, other: bytes) -> Reply:
    """Two answers to one request; the connection stays open."""

    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(one + other)

    return reply


def later(first: bytes, rest: bytes) -> Reply:
    """The rest in a packet of its own, as far as the network lets it; the connection stays open."""

    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(rest)
        await writer.drain()
        await asyncio.Event().wait()

    return reply


def squeezed(size: int) -> bytes:
    """Zeros that inflate to so many bytes."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(size >> 20)) + squeeze.flush()


BOMB = squeezed(1 << 28)  # a quarter of a gibibyte in a quarter of a mebibyte
LENGTH = b"Content-Length: %d\r\n\r\n" % len(BOMB)


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


HOSTILE: dict[str, tuple[Reply, str, str]] = {
    # slow
    "a body that drips": (drip(b"x" * 10_000), "timeout", "no whole answer within 0.5 s"),
    "headers that drip": (
        forever(b"X-Drip: x\r\n", b"HTTP/1.1 200 OK\r\n", every=0.02),
        "timeout",
        "no whole answer within 0.5 s",
    ),
    "a status line that drips": (forever(b"x", b"HTTP/1.1 200 ", every=0.02), "timeout", "within 0.5 s"),
    "chunks that drip": (forever(b"1\r\nx\r\n", CHUNKED, every=0.02), "timeout", "within 0.5 s"),
    "103s that drip": (forever(b"HTTP/1.1 103 Early Hints\r\n\r\n", every=0.05), "timeout", "within 0.5 s"),
    "no answer at all": (hang(), "timeout", "within 0.5 s"),
    # without end
    "a body without end": (endless(), "too-large", "the body is larger than 1 MiB"),
    "a body without end or length": (forever(b"x" * 99, head(200, {})), "too-large", "larger than 1 MiB"),
    "headers without end": (
        forever(b"X-More: " + b"x" * 90 + b"\r\n", b"HTTP/1.1 200 OK\r\n"),
        "too-large",
        "more than 256 headers",
    ),
    "one header without end": (forever(b"x" * 999, b"HTTP/1.1 200 OK\r\nX-Long: "), "too-large", "a header is larger"),
    "a status line without end": (forever(b"x" * 999, b"HTTP/1.1 200 "), "too-large", "header"),
    "two hundred thousand headers": (
        raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200_000 + b"\r\n"),
        "too-large",
        "more than 256 headers",
    ),
    "a storm of 103s": (
        forever(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"),
        "too-large",
        "more than 20 interim answers",
    ),
    "a storm of 100s": (forever(b"HTTP/1.1 100 Continue\r\n\r\n"), "too-large", "more than 20 interim answers"),
    # lengths
    "a length longer than the body": (truncated(FEED, missing=7), "truncated", "the body ends before its end"),
    "a length shorter than the body": (raw(head(200, {"Content-Length": "5"}) + FEED), "protocol", "not HTTP as we"),
    "two lengths that differ": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        "protocol",
        "not HTTP as we know it",
    ),
    "a negative length": (raw(head(200, {"Content-Length": "-5"}) + FEED), "protocol", "not HTTP as we know it"),
    "a length of words": (raw(head(200, {"Content-Length": "many"}) + FEED), "protocol", "not HTTP as we know it"),
    "a length of thirty digits": (raw(head(200, {"Content-Length": "9" * 30}) + FEED), "protocol", "not HTTP"),
    "a length beyond the limit": (raw(head(200, {"Content-Length": "99999999"}) + FEED), "too-large", "1 MiB"),
    "a length and chunks": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(FEED)),
        "protocol",
        "not HTTP as we know it",
    ),
    # chunks
    "a chunk of a bad size": (raw(CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n"), "protocol", "not HTTP as we know it"),
    "a chunk of a negative size": (raw(CHUNKED + b"-1\r\nabc\r\n0\r\n\r\n"), "protocol", "not HTTP as"),
    "a chunk of a huge size": (raw(CHUNKED + b"fffffffffffffffff\r\nabc"), "protocol", "not HTTP as"),
    "a chunk longer than its size": (raw(CHUNKED + b"2\r\nabcdef\r\n0\r\n\r\n"), "protocol", "not HTTP as"),
    "a bad chunk after a good one": (later(CHUNKED + chunk(FEED), b"zz\r\nabc\r\n"), "protocol", "not HTTP as we know"),
    "a huge chunk after a good one": (later(CHUNKED + chunk(FEED), b"f" * 17 + b"\r\nx"), "protocol", "not HTTP as we"),
    "a bad trailer after good chunks": (
        later(CHUNKED + chunk(FEED) + b"0\r\n", b"X-T: " + b"x" * 100_000),
        "too-large",
        "a header is larger than 64 KiB",
    ),
    "chunks without an end": (broken_chunks(FEED), "truncated", "before its end"),
    "a flood of chunk extensions": (forever(b";a=" + b"x" * 500, CHUNKED + b"1"), "too-large", "larger than 1 MiB"),
    "chunks that are all extension": (
        forever(b"1;a=" + b"x" * 900 + b"\r\nx\r\n", CHUNKED),
        "too-large",
        "larger than 1 MiB",
    ),
    "a flood of tiny chunks": (forever(b"1\r\nx\r\n", CHUNKED), "too-large", "larger than 1 MiB"),
    "a flood of trailers": (forever(b"X-T: b\r\n", CHUNKED + chunk(FEED) + b"0\r\n"), "too-large", "header"),
    "a trailer without end": (forever(b"x" * 99, CHUNKED + chunk(FEED) + b"0\r\nX-T: "), "too-large", "header"),
    # bombs
    "a gzip bomb": (bomb(1 << 28), "too-large", "larger than 2 MiB when decoded"),
    "a deflate bomb": (
        raw(head(200, {"Content-Encoding": "deflate"}) + zlib.compress(bytes(1 << 24))),
        "too-large",
        "larger than 2 MiB when decoded",
    ),
    "brotli that nobody asked for": (bomb(1 << 24, encoding="br"), "encoding", "encoded as `br`"),
    "zstd that nobody asked for": (bomb(1 << 24, encoding="zstd"), "encoding", "encoded as `zstd`"),
    "gzip within gzip": (
        page(gzip.compress(BOMB), headers={"Content-Encoding": "gzip, gzip"}),
        "encoding",
        "encoded as `gzip, gzip`",
    ),
    "gzip within chunked gzip": (
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + chunk(BOMB) + b"0\r\n\r\n"),
        "encoding",
        "transferred as `gzip, chunked`",
    ),
    "a thousand members of nothing": (
        page(gzip.compress(b"") * 1001, headers={"Content-Encoding": "gzip"}),
        "too-large",
        "more than 1000 gzip members",
    ),
    "a bomb in an error": (raw(b"HTTP/1.1 500 No\r\nContent-Encoding: gzip\r\n" + LENGTH + BOMB), "status", "500"),
    "a bomb in a refusal": (raw(b"HTTP/1.1 403 No\r\nContent-Encoding: gzip\r\n" + LENGTH + BOMB), "status", "403"),
    "a refusal that drips": (
        forever(b"x", b"HTTP/1.1 403 No\r\nContent-Length: 9999\r\n\r\n", every=0.05),
        "status",
        "403 Forbidden",
    ),
    "an error without end": (forever(b"x" * 99, b"HTTP/1.1 503 No\r\n\r\n"), "status", "503"),
    # resets
    "a reset before a word": (reset(), "reset", "closed the connection without an answer"),
    "a reset in the status line": (reset(b"HTTP/1.1 2"), "reset", "closed the connection without an answer"),
    "a reset in the headers": (reset(b"HTTP/1.1 200 OK\r\nContent-Le"), "reset", "without an answer"),
    "a reset in the body": (reset(head(200, {"Content-Length": "99"}) + b"x"), "truncated", "before its end"),
    "a reset between chunks": (reset(CHUNKED + chunk(FEED)), "truncated", "before its end"),
    "a reset within gzip": (
        reset(head(200, {"Content-Encoding": "gzip", "Content-Length": "999"}) + gzip.compress(FEED)[:20]),
        "truncated",
        "before its end",
    ),
    "the end before a word": (raw(b""), "reset", "closed the connection without an answer"),
    "an upgrade that nobody asked for": (
        raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n" + b"x" * 999),
        "status",
        "101 Switching Protocols",
    ),
}


@asynccontextmanager
async def fetcher(limits: Limits, names: Answers | None = None) -> AsyncIterator[HttpFetcher]:
    fetcher = HttpFetcher(limits=limits, allowed=allowed_networks(["localhost"]), clock=StandingClock(), resolver=names)
    try:
        yield fetcher
    finally:
        await fetcher.aclose()


async def failure(fetcher: HttpFetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url=url))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500
    return caught.value


@contextmanager
def at_most(memory: int, seconds: float) -> Iterator[None]:
    """The block makes the process grow by at most so much, and this thread takes so much processor time."""
    forget_peak()
    before, began = resident(), time.thread_time()
    yield
    assert peak() - before < memory
    assert time.thread_time() - began < seconds


@pytest.mark.parametrize("case", HOSTILE)
async def test_a_hostile_answer_ends_in_one_line_and_the_next_fetch_works(server: Server, case: str) -> None:
    server["/hostile"], kind, words = HOSTILE[case]
    server["/feed"] = page(FEED)
    async with fetcher(QUICK if kind == "timeout" else SMALL) as asked:
        await asked.fetch(FetchRequest(url=server.url("/feed")))
        with at_most(MOST, LONGEST):
            error = await failure(asked, server.url("/hostile"))
        assert (error.kind, words in str(error)) == (kind, True), str(error)
        assert str(error).startswith(server.url("/hostile"))
        assert (await asked.fetch(FetchRequest(url=server.url("/feed")))).body == FEED


async def test_an_answer_that_nobody_asked_for_is_no_other_feeds_answer(server: Server) -> None:
    server["/two"] = both(head(200, {"Content-Length": "5"}) + b"first", head(200, {"Content-Length": "4"}) + b"evil")
    server["/feed"] = page(FEED)
    async with fetcher(SMALL) as asked:
        fetches = [asked.fetch(FetchRequest(url=server.url(path))) for path in ("/two", "/feed", "/feed")]
        first, *others = await asyncio.gather(*fetches)
    assert first.body == b"first"
    assert [other.body for other in others] == [FEED, FEED]


async def test_a_bomb_in_a_redirect_is_not_opened(server: Server) -> None:
    server["/a"] = raw(b"HTTP/1.1 302 Found\r\nLocation: /feed\r\nContent-Encoding: gzip\r\n" + LENGTH + BOMB)
    server["/feed"] = page(FEED)
    async with fetcher(SMALL) as asked:
        with at_most(MOST, LONGEST):
            assert (await asked.fetch(FetchRequest(url=server.url("/a")))).body == FEED


async def test_a_redirect_with_a_body_without_end_is_followed_at_once(server: Server) -> None:
    server["/a"] = forever(b"x" * 99, b"HTTP/1.1 302 Found\r\nLocation: /feed\r\n\r\n")
    server["/feed"] = page(FEED)
    async with fetcher(SMALL) as asked:
        assert (await asked.fetch(FetchRequest(url=server.url("/a")))).body == FEED


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("/circle", "in a circle"),
        ("/long/0", "more than 5 redirects"),
        ("/login", "a URL with credentials"),
        ("/grow", "more than 5 redirects"),
    ],
)
async def test_redirects_that_lead_nowhere_end_soon(server: Server, first: str, words: str) -> None:
    server["/circle"], server["/back"] = redirect("/back"), redirect("/circle")
    for n in range(9):
        server[f"/long/{n}"] = redirect(f"/long/{n + 1}")
    server["/login"] = redirect(server.url("/feed").replace("//", "//me:hidden@"))
    server["/grow"] = elsewhere()
    async with fetcher(SMALL) as asked:
        error = await failure(asked, server.url(first))
    assert error.kind == "redirect"
    assert words in str(error)
    assert "hidden" not in str(error)
    assert len(server.requests) <= 6


def elsewhere() -> Reply:
    """A redirect to another URL each time."""
    numbers = count()

    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(302, {"Location": f"/grow?{next(numbers)}{'x' * 1000}", "Content-Length": "0"}))

    return reply


# --- TLS ------------------------------------------------------------------------------------------


def tls(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / certificate)
    return context


@pytest.mark.parametrize(
    ("certificate", "trusted", "host", "words"),
    [
        ("expired.pem", "expired.pem", "localhost", "certificate has expired"),
        ("loopback.pem", "loopback.pem", "other.example", "not valid for 'other.example'"),
        ("loopback.pem", "expired.pem", "localhost", "self-signed certificate"),
    ],
    ids=["expired", "another name", "self-signed"],
)
async def test_a_bad_certificate_is_told_in_words(
    certificate: str, trusted: str, host: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(DATA / trusted))
    with Server(tls=tls(certificate)) as secure:
        async with fetcher(SMALL, Answers(["127.0.0.1"])) as asked:
            error = await failure(asked, secure.url("/feed", host=host))
        assert secure.requests == []
    assert error.kind == "tls"
    assert "the certificate is not accepted" in str(error)
    assert words in str(error)


async def test_plain_http_on_the_port_of_tls_is_told_in_words(server: Server) -> None:
    async with fetcher(SMALL) as asked:
        error = await failure(asked, server.url("/feed").replace("http:", "https:"))
    assert (error.kind, "no TLS with this server" in str(error)) == ("tls", True)


def slammed(after: int) -> Callable[[socket.socket], None]:
    """Read so many bytes, then reset."""

    def talk(connection: socket.socket) -> None:
        if after:
            connection.recv(after)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    return talk


@pytest.mark.parametrize("after", [0, 20, 4096], ids=["at once", "in the hello", "after the hello"])
async def test_a_reset_within_the_handshake_is_told(after: int) -> None:
    with rough(slammed(after)) as port:
        async with fetcher(SMALL) as asked:
            error = await failure(asked, f"https://127.0.0.1:{port}/")
    assert error.kind in {"connect", "reset", "tls"}  # by the moment it comes
    assert "127.0.0.1" in str(error)


async def test_a_handshake_with_garbage_is_told() -> None:
    with rough(lambda connection: connection.sendall(b"\x16\x03\x01\xff\xff" + b"\0" * 70_000)) as port:
        async with fetcher(SMALL) as asked:
            error = await failure(asked, f"https://127.0.0.1:{port}/")
    assert error.kind in {"connect", "reset", "tls"}


@contextmanager
def rough(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port where each connection is talked to like this and closed."""
    listening = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
                with connection:
                    talk(connection)
            except OSError:
                if listening.fileno() < 0:
                    return

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


# --- names ----------------------------------------------------------------------------------------


def no_such_name(code: int, words: str) -> OSError:
    return socket.gaierror(code, words)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (no_such_name(socket.EAI_NONAME, "Name or service not known"), "dns", "does not resolve (name or service not"),
        (no_such_name(socket.EAI_AGAIN, "Temporary failure in name resolution"), "dns", "(temporary failure in name"),
        (None, "timeout", "no connection within 0.3 s"),
    ],
    ids=["unknown", "failing", "slow"],
)
async def test_a_name_server_that_fails_is_told(answer: list[str] | OSError | None, kind: str, words: str) -> None:
    async with fetcher(replace(SMALL, connect=0.3), Answers(answer)) as asked:
        error = await failure(asked, "http://feeds.example/rss")
    assert (error.kind, words in str(error)) == (kind, True), str(error)


async def test_a_name_server_that_flaps_spoils_only_the_fetches_it_fails(server: Server) -> None:
    server["/feed"] = page(FEED, headers={"Connection": "close"})
    fails = no_such_name(socket.EAI_AGAIN, "Temporary failure in name resolution")
    names = Answers(["127.0.0.1"], fails, ["127.0.0.1"], fails, ["127.0.0.1"])
    request = FetchRequest(url=server.url("/feed", host="flaps.example"))
    async with fetcher(SMALL, names) as asked:
        kinds = [await outcome(asked.fetch(request)) for _ in range(5)]
    assert kinds == ["good", "dns", "good", "dns", "good"]


async def test_a_slow_name_server_holds_up_no_other_name(server: Server) -> None:
    server["/feed"] = page(FEED)
    async with fetcher(replace(SMALL, total=60, connect=60), Answers(None)) as asked:
        slow = [asyncio.create_task(outcome(asked.fetch(FetchRequest(url=f"http://s{n}.example/")))) for n in range(30)]
        await asyncio.sleep(0)
        assert (await asked.fetch(FetchRequest(url=server.url("/feed")))).body == FEED
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)


async def outcome(fetch: Awaitable[object]) -> str:
    try:
        await fetch
    except FetchError as error:
        return error.kind
    return "good"
