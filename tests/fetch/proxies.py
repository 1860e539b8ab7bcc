"""A small real proxy on loopback that opens tunnels, or does not.

with Proxy() as proxy:                                 # Proxy(code=407) refuses; Proxy(answer=b"...") says just that
    fetch(Access(proxy=proxy.url))
    assert proxy.heads[0].startswith("CONNECT 127.0.0.1:")
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from concurrent.futures import Future
from types import TracebackType
from typing import Self


class Proxy:
    """A context manager; `heads` are the requests as they came."""

    def __init__(self, *, code: int = 200, answer: bytes | None = None) -> None:
        self.heads: list[str] = []
        self.port = 0
        self._code = code
        self._answer = answer
        self._listening: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="loopback-proxy", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.result(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        loop, stop = self._listening.result(10)
        loop.call_soon_threadsafe(stop.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        stop, talks = asyncio.Event(), set[asyncio.Task[None]]()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            talks.add(asyncio.create_task(self._talk(reader, writer)))

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set_result((asyncio.get_running_loop(), stop))
        await stop.wait()
        server.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, EOFError):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                self.heads.append(head)
                to = re.match(r"CONNECT \[?([0-9a-f.:]+?)\]?:(\d+) HTTP/1\.1\r\n", head)
                if self._answer is not None or self._code != 200 or not to:
                    writer.write(self._answer or b"HTTP/1.1 %d No\r\nContent-Length: 2\r\n\r\nno" % self._code)
                    await writer.drain()
                    return
                await self._pipe(to[1], int(to[2]), reader, writer)
        finally:
            writer.transport.abort()

    async def _pipe(self, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(host, port)
        except OSError:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 loopback\r\n\r\n")
        try:
            out = asyncio.create_task(_copy(reader, far_writer))
            await _copy(far_reader, writer)
            out.cancel()
        finally:
            far_writer.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()
        await writer.wait_closed()
