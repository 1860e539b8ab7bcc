"""A small real HTTP server on loopback, in a thread of its own, that answers as badly as it is told to.

    from tests.servers import Server, page, redirect, status, turns

    with Server() as server:
        server["/feed.xml"] = page(b"<rss/>")                  # 200 with an ETag, 304 when asked with it
        server["/old.xml"] = redirect("/feed.xml", 301)
        server["/busy.xml"] = turns(status(429, retry_after="5"), page(b"<rss/>"))  # the last one stays
        fetch(server.url("/feed.xml"))
        server["/feed.xml"] = page(b"<rss>new</rss>")           # may change at any time
        assert server.count("/feed.xml") == 1
        assert server.requests[0].headers["user-agent"].startswith("watcher/")
        server.wait("/hook", 3)                                 # until the path was asked for three times

A path that was not set answers 404. Requests of any method are kept with headers (names in lower case) and body,
so a webhook's receiver is `server["/hook"] = page(b"ok")`. `Server(tls=context)` speaks HTTPS; `Server(port=n)`
takes the same port again after a stop. `free_port()` is a port where nobody listens.

The good replies: page, status, redirect, turns. The bad ones: truncated, broken_chunks, endless, drip, hang, reset,
bomb, huge_headers, raw (any bytes at all). A reply is a coroutine function of (Request, StreamWriter): write your own.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came in."""

    method: str
    path: str  # with its query
    headers: Mapping[str, str]  # names in lower case
    body: bytes


Reply = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A context manager; started when it is entered, gone with all its connections when it is left."""

    def __init__(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self.connections = 0
        self.requests: list[Request] = []
        self._tls = tls
        self._replies: dict[str, Reply] = {}
        self._asked = threading.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listening: Future[Callable[[], object]] = Future()
        self._thread = threading.Thread(target=self._run, name="loopback-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.result(60)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def __setitem__(self, path: str, reply: Reply) -> None:
        self._replies[path] = reply

    def stop(self) -> None:
        """Close the port and every connection. May be called twice."""
        if self._thread.is_alive():
            self._listening.result(60)()
            self._thread.join(60)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        """The requests for a path, in order."""
        return [r for r in list(self.requests) if r.path == path]

    def count(self, path: str) -> int:
        return len(self.asked(path))

    def wait(self, path: str, count: int = 1, timeout: float = 60) -> list[Request]:
        """Wait until a path was asked for this often; AssertionError when it is not within `timeout` seconds."""
        with self._asked:
            enough = self._asked.wait_for(lambda: self.count(path) >= count, timeout)
        assert enough, f"{path} was asked for {self.count(path)} times in {timeout} s, not {count}"
        return self.asked(path)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:
            self._listening.set_exception(error)

    async def _serve(self) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, ssl=self._tls, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set_result(lambda: loop.call_soon_threadsafe(stop.set))
        await stop.wait()
        server.close()
        for _ in range(9):  # steps in which a connection that came at the last moment is taken
            await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._talk(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(lambda _: writer.transport.abort())  # also where it was cancelled before it began
        task.add_done_callback(self._tasks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, EOFError):
                while not writer.is_closing():
                    request = await _read_request(reader)
                    with self._asked:
                        self.requests.append(request)
                        self._asked.notify_all()
                    reply = self._replies.get(request.path) or self._replies.get(request.path.partition("?")[0])
                    await (reply or status(404))(request, writer)
                    await writer.drain()
                writer.close()
                await writer.wait_closed()
        except ValueError:
            writer.write(head(400, {"Content-Length": "0"}))
            writer.close()
            await writer.wait_closed()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    begin = await reader.readexactly(1)
    if not begin.isalpha():
        raise ValueError(begin)  # a TLS handshake, for one
    whole = begin + await reader.readuntil(b"\r\n\r\n")
    first, *lines = whole.decode("latin-1").split("\r\n")[:-2]
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    method, path, _ = first.split(" ", 2)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method=method, path=path, headers=headers, body=body)


def free_port() -> int:
    """A port of loopback where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def head(code: int, headers: Mapping[str, str]) -> bytes:
    """A status line and headers, ready to send."""
    lines = [f"HTTP/1.1 {code} {HTTPStatus(code).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


# --- good replies ---------------------------------------------------------------------------------


def page(
    body: bytes,
    *,
    code: int = 200,
    content_type: str = "application/rss+xml; charset=utf-8",
    etag: bool = True,
    last_modified: str | None = None,
    compress: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """The body with its validators; 304 to a request that names the ETag or, without one, the date."""
    sent = gzip.compress(body) if compress else body
    fixed = {"Content-Type": content_type, **(headers or {})}
    tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    validators = ({"ETag": tag} if etag else {}) | ({"Last-Modified": last_modified} if last_modified else {})
    encoding = {"Content-Encoding": "gzip"} if compress else {}

    async def reply(request: Request, writer: asyncio.StreamWriter) -> None:
        if _unchanged(request, validators):
            writer.write(head(304, validators))
            return
        length = {"Content-Length": str(len(sent))}
        writer.write(head(code, fixed | validators | encoding | length))
        if request.method != "HEAD":
            writer.write(sent)

    return reply


def _unchanged(request: Request, validators: Mapping[str, str]) -> bool:
    asked = request.headers.get("if-none-match")
    if asked is not None:
        return validators.get("ETag") == asked
    since = request.headers.get("if-modified-since")
    return since is not None and validators.get("Last-Modified") == since


def status(code: int, body: bytes = b"", *, retry_after: str | None = None, **headers: str) -> Reply:
    """A bare status; keyword headers are written with hyphens: `status(401, www_authenticate="Basic")`."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    wait = {"Retry-After": retry_after} if retry_after is not None else {}

    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(code, named | wait | {"Content-Length": str(len(body))}) + body)

    return reply


def redirect(to: str, code: int = 302) -> Reply:
    """A redirect to a path of this server or to a whole URL."""
    return status(code, b"moved", location=to)


def turns(*replies: Reply) -> Reply:
    """One reply after the other; the last one stays."""
    left = list(replies)

    async def reply(request: Request, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(request, writer)

    return reply


# --- bad replies ----------------------------------------------------------------------------------


def raw(data: bytes) -> Reply:
    """These bytes and the end of the connection."""

    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return reply


def truncated(body: bytes, *, missing: int = 100, **headers: str) -> Reply:
    """A Content-Length larger than what is sent."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return raw(head(200, named | {"Content-Length": str(len(body) + missing)}) + body)


def broken_chunks(body: bytes) -> Reply:
    """A chunked body without its last chunk."""
    return raw(head(200, {"Transfer-Encoding": "chunked"}) + b"%x\r\n%b\r\n" % (len(body), body))


def endless(chunk: bytes = b"x" * 65536) -> Reply:
    """A chunked body that goes on for as long as somebody listens."""

    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, {"Transfer-Encoding": "chunked"}))
        while True:
            writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            await writer.drain()

    return reply


def drip(body: bytes, every: float = 0.05) -> Reply:
    """The body a byte at a time, with a wait of `every` seconds before each."""

    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, {"Content-Length": str(len(body))}))
        for byte in body:
            await asyncio.sleep(every)
            writer.write(bytes((byte,)))
            await writer.drain()

    return reply


def hang() -> Reply:
    """No answer at all; the connection stays open."""

    async def reply(_: Request, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    return reply


def reset(after: bytes = b"") -> Reply:
    """The connection reset, after these bytes."""

    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(after)
        await writer.drain()
        linger_off = struct.pack("ii", 1, 0)  # closing with a linger of 0 sends RST
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_off)
        writer.transport.abort()

    return reply


def bomb(size: int = 1 << 30, *, encoding: str = "gzip") -> Reply:
    """Zeros that inflate to `size` bytes, about a thousandth of it on the wire."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    packed = b"".join(squeeze.compress(block) for _ in range(size >> 20)) + squeeze.flush()
    return raw(head(200, {"Content-Encoding": encoding, "Content-Length": str(len(packed))}) + packed)


def huge_headers(size: int = 1 << 20) -> Reply:
    """Headers of `size` bytes in all, a thousand a line."""
    lines = {f"X-Filler-{n}": "x" * 1000 for n in range(size // 1000)}
    return raw(head(200, lines | {"Content-Length": "0"}))
