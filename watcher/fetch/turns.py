"""edge: a host -> its turn: so many fetches in all, fewer to one domain, and a pause between those."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Lane:
    """The queue of one domain."""

    seats: asyncio.Semaphore
    wanted: int = 0  # fetches running or waiting
    free_at: float = field(default=0.0)  # on the loop's clock

    @property
    def busy(self) -> bool:
        """Another fetch to this domain waits, so that an open connection will be of use."""
        return self.wanted > 1


PATIENCE = 0.5
"""Seconds after which a fetch is slow: what is limited is work at the same time, and waiting is none."""

KNOWN_SLOW = 10_000
"""Domains that are known to be slow; of pages that items link to there are ever more."""


class Turns:
    """Waits in a lane hold no seat of the whole, so a slow domain delays nobody else; nor does one that answers slowly,
    which gives its seat back, and the next time takes none.
    """

    def __init__(self, *, concurrency: int, per_host: int, pause: float) -> None:
        self._all = asyncio.Semaphore(concurrency)
        self._slow: dict[str, None] = {}  # the latest last
        self._per_host = per_host
        self._pause = pause
        self._lanes: dict[str, Lane] = {}

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[Lane]:
        lane = self._lanes.setdefault(key, Lane(asyncio.Semaphore(self._per_host)))
        lane.wanted += 1
        try:
            async with lane.seats:
                await asyncio.sleep(lane.free_at - _now())
                async with self._seat(key):
                    try:
                        yield lane
                    finally:
                        lane.free_at = _now() + self._pause
        finally:
            lane.wanted -= 1
            if not lane.wanted:
                asyncio.get_running_loop().call_at(lane.free_at, self._forget, key, lane)

    @asynccontextmanager
    async def _seat(self, key: str) -> AsyncIterator[None]:
        """One of the whole, until the fetch is slow; whoever calls limits how many are under way in all."""
        held = [] if key in self._slow else [self._all]
        for seat in held:
            await seat.acquire()

        def give_back() -> None:
            while held:
                held.pop().release()

        begun, timer = _now(), asyncio.get_running_loop().call_later(PATIENCE, give_back)
        try:
            yield
        finally:
            self._slow.pop(key, None)
            if _now() - begun >= PATIENCE:
                self._slow[key] = None
            if len(self._slow) > KNOWN_SLOW:
                del self._slow[next(iter(self._slow))]
            timer.cancel()
            give_back()

    def _forget(self, key: str, lane: Lane) -> None:
        if not lane.wanted and lane.free_at <= _now() and self._lanes.get(key) is lane:
            del self._lanes[key]


def _now() -> float:
    return asyncio.get_running_loop().time()
