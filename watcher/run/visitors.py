"""edge: connections -> requests -> answers, within bounds of size, time and number.

Of many connections the oldest give way: who holds them all open keeps no probe from being answered.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from ipaddress import ip_address

import h11

from watcher.jobs import Log
from watcher.run.serve import Answer, Bounds, Pages

HEAD = 16 * 2**10
"""Bytes of a request's line and headers."""
_LINGER = 1.0  # seconds in which a refused visitor may go on sending, so that the answer reaches it
_PLAIN = "text/plain; charset=utf-8"


class Visitors:
    """Everybody who is connected. `local`: they are on this machine, so a name that is not its own was made up."""

    def __init__(self, pages: Pages, log: Log, bounds: Bounds, *, local: bool) -> None:
        self._pages = pages
        self.log = log
        self._bounds = bounds
        self._local = local
        self._inside: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer all that one connection asks. Never raises."""
        self._inside[writer] = asyncio.current_task()
        for oldest in list(self._inside)[: -self._bounds.connections]:
            del self._inside[oldest]
            oldest.transport.abort()
        try:
            writer.transport.set_write_buffer_limits(0)  # what is drained has left
            await self._talk(reader, writer)
        except (OSError, TimeoutError, h11.RemoteProtocolError):
            pass  # gone, too slow, or nothing that can be answered
        except Exception:
            if not writer.transport.is_closing():  # uvloop complains of a connection that is gone in a way of its own
                self.log.exception("answering who asks how it is went wrong in the watcher itself")
        finally:
            self._inside.pop(writer, None)
            writer.transport.abort()

    async def see_out(self) -> None:
        """End what is still being asked."""
        tasks = [task for task in self._inside.values() if task]
        for writer in list(self._inside):
            writer.transport.abort()
        if tasks:
            await asyncio.wait(tasks, timeout=_LINGER)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD)
        idle = self._bounds.patience
        while True:
            try:
                request = await self._request(connection, reader, idle)
            except h11.RemoteProtocolError as error:
                await self._refuse(connection, reader, writer, error.error_status_hint)
                return
            if request is None:
                return
            await self._send(connection, writer, await self._answer(request), bare=request.method == b"HEAD")
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                await _linger(reader, writer)
                return
            connection.start_next_cycle()
            idle = self._bounds.idle

    async def _answer(self, request: h11.Request) -> Answer:
        headers = dict(request.headers)
        path = request.target.partition(b"?")[0].decode("ascii", "replace")
        page = self._pages.get(path)
        if request.method not in {b"GET", b"HEAD"}:
            return Answer(status=405, type=_PLAIN, body=b"only GET and HEAD\n")
        if self._local and not _is_ours(headers.get(b"host", b"").decode("ascii", "replace")):
            return Answer(status=421, type=_PLAIN, body=b"ask by address, or by the name localhost\n")
        if page is None:
            return Answer(status=404, type=_PLAIN, body=f"there are {', '.join(self._pages)}\n".encode())
        try:
            return await page(headers.get(b"accept", b"").decode("ascii", "replace"))
        except Exception:
            self.log.exception("saying how it is went wrong in the watcher itself", path=path)
            return Answer(status=500, type=_PLAIN, body=b"internal error; the log says more\n")

    async def _request(
        self, connection: h11.Connection, reader: asyncio.StreamReader, idle: float
    ) -> h11.Request | None:
        """The next one, whole; None: there is none any more. Raises h11.RemoteProtocolError, TimeoutError, OSError."""
        request = None
        begun = False
        async with asyncio.timeout(idle) as limit:
            while True:
                event = connection.next_event()
                if event is h11.NEED_DATA:
                    piece = await reader.read(HEAD)
                    if piece and not begun:
                        begun = True
                        limit.reschedule(asyncio.get_running_loop().time() + self._bounds.patience)
                    connection.receive_data(piece)
                elif isinstance(event, h11.Request):
                    request = event
                    if request.method not in {b"GET", b"HEAD"}:
                        return request  # whatever it brings is not read
                elif isinstance(event, h11.EndOfMessage):
                    return request
                elif isinstance(event, h11.Data):
                    raise h11.RemoteProtocolError("a question has no body", error_status_hint=413)
                else:
                    return None

    async def _send(
        self, connection: h11.Connection, writer: asyncio.StreamWriter, answer: Answer, *, bare: bool
    ) -> None:
        headers = [
            ("Date", formatdate(usegmt=True)),
            ("Content-Type", answer.type),
            ("Content-Length", str(len(answer.body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        if answer.status == 405:
            headers += [("Allow", "GET, HEAD"), ("Connection", "close")]
        events: list[h11.Event] = [
            h11.Response(status_code=answer.status, headers=headers, reason=HTTPStatus(answer.status).phrase)
        ]
        events += [h11.EndOfMessage()] if bare else [h11.Data(data=answer.body), h11.EndOfMessage()]
        writer.write(b"".join(connection.send(event) or b"" for event in events))
        async with asyncio.timeout(self._bounds.patience):
            await writer.drain()

    async def _refuse(
        self, connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: int
    ) -> None:
        if connection.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            answer = Answer(status=status, type=_PLAIN, body=b"this is no question that can be answered\n")
            await self._send(connection, writer, answer, bare=False)
            await _linger(reader, writer)


def _is_ours(host: str) -> bool:
    """Whether whoever asks knows that it asks this machine. A page in a browser can have its own name lead here."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if not name or name.lower() == "localhost":
        return True
    with suppress(ValueError):
        return bool(ip_address(name.strip("[]")))
    return False


async def _linger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until the visitor has heard: a connection that is closed while it sends takes the answer with it."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_LINGER):
            writer.write_eof()
            while await reader.read(HEAD):
                pass
