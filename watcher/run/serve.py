"""edge: an address -> HTTP for whoever asks how the daemon is, for as long as it runs.

A port that another program has is tried again by itself, and an address that changes at a reload is moved to. What is
only needed where somebody may ask is imported then.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from watcher.jobs import Log

if TYPE_CHECKING:
    from watcher.run.visitors import Visitors

Address = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much is borne; seconds."""

    look: float = 1.0  # from one look at where to listen to the next
    patience: float = 5.0  # for a request to be whole, and for an answer to be taken
    idle: float = 120.0  # until the next request on a connection: longer than any program waits from look to look
    connections: int = 64


Page = Callable[[str], Awaitable[Answer]]
"""What an Accept header gets."""
Pages = Mapping[str, Page]
"""By path."""


@asynccontextmanager
async def served(
    address: Callable[[], Address | None],
    pages: Callable[[], Pages],
    log: Log,
    late: Callable[[float], None] = lambda _: None,
    bounds: Bounds = Bounds(),
) -> AsyncIterator[None]:
    """Answer at the present address for as long as the block lasts; nothing is served without one.

    `pages` is called when there is something to serve for the first time; `late` by how many seconds a look was late.
    """
    door = _Door(address, pages, log, bounds)
    await door.look()
    keeping = asyncio.create_task(door.keep(late))
    try:
        yield
    finally:
        keeping.cancel()
        await door.close()


class _Door:
    def __init__(
        self, address: Callable[[], Address | None], pages: Callable[[], Pages], log: Log, bounds: Bounds
    ) -> None:
        self._wanted = address
        self._make = pages
        self.log = log
        self._bounds = bounds
        self._pages: Pages | None = None
        self._at: Address | None = None
        self._refused: Address | None = None
        self._server: asyncio.Server | None = None
        self._visitors: Visitors | None = None

    async def keep(self, late: Callable[[float], None]) -> None:
        clock, look = asyncio.get_running_loop().time, self._bounds.look
        while True:
            at = clock() + look
            await asyncio.sleep(look)
            late(clock() - at)
            try:
                await self.look()
            except Exception:
                self.log.exception("listening for who asks how it is went wrong in the watcher itself")

    async def look(self) -> None:
        """Be where it is wanted; a port that is taken is said once."""
        wanted = self._wanted()
        if wanted == self._at:
            return
        moved, self._at = self._at is not None, None
        await self.close()
        if wanted is None:
            self.log.info("nobody is answered any more: http.listen is off")
            return
        try:
            await self._open(wanted)
        except OSError as error:
            self._refuse(wanted, error)
            return
        self._at = wanted
        said = self.log.info if moved or self._refused or not wanted[1] else self.log.debug
        said("answers who asks how it is: /healthz, /readyz, /metrics", at=self._place())
        self._refused = None

    async def close(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        if self._visitors:
            await self._visitors.see_out()

    async def _open(self, wanted: Address) -> None:
        from watcher.run.visitors import HEAD, Visitors

        self._pages = self._pages or self._make()
        local = ip_address(wanted[0]).is_loopback
        self._visitors = Visitors(self._pages, self.log, self._bounds, local=local)
        self._server = await asyncio.start_server(self._visitors.welcome, *wanted, limit=HEAD)

    def _refuse(self, wanted: Address, error: OSError) -> None:
        if self._refused != wanted:
            event = "cannot listen: /healthz, /readyz and /metrics are not answered; tried again each second"
            mend = "stop what has the port, or set http.listen to another one, or to off"
            self.log.warning(event, at=_told(wanted), error=error.strerror or str(error), help=mend)
        self._refused = wanted

    def _place(self) -> str:
        """Where it is, with the port that was given where any would do."""
        assert self._server
        return _told(self._server.sockets[0].getsockname()[:2])


def _told(address: Address) -> str:
    host, port = address
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
