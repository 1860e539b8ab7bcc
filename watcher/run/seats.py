"""edge: a poll that waits for a slow server -> its seat, given to another poll until the server has answered.

Servers that send a byte a second, or nothing, hold a poll for as long as a fetch may take. What is limited is work at
the same time, and there is none in waiting: after a moment such a poll steps aside, and counts again when it goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from watcher.model import FetchRequest, Response
from watcher.ports import Fetcher
from watcher.run.rounds import Rhythm, Round


class Seats:
    """How many polls, or pages, have stepped aside; their round `polls` is woken when one does."""

    def __init__(self, rhythm: Rhythm, polls: Round) -> None:
        self.aside = 0
        self.rhythm = rhythm
        self.polls = polls

    @contextmanager
    def taken(self, *, slow: bool) -> Iterator[None]:
        """By a poll of this task; one whose server is known to be `slow` steps aside as soon as it waits."""
        token = _seat.set(Seat(self, 0.0 if slow else self.rhythm.patience))
        try:
            yield
        finally:
            _seat.reset(token)


class Seat:
    """One poll's."""

    def __init__(self, seats: Seats, patience: float) -> None:
        self._seats = seats
        self._patience = patience
        self._aside = False

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """The poll waits for a server as long as this lasts."""
        self._wait()
        try:
            yield
        finally:
            self._timer.cancel()
            self._seats.aside -= self._aside
            self._aside = False

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._patience, self._step_aside)

    def _step_aside(self) -> None:
        """Unless too many have; then look again after a while."""
        if self._seats.aside >= self._seats.rhythm.slow:
            self._patience = self._seats.rhythm.patience
            self._wait()
            return
        self._aside = True
        self._seats.aside += 1
        self._seats.polls.wake()


_seat: ContextVar[Seat | None] = ContextVar("seat", default=None)
"""That of the poll that a fetch belongs to."""


class Seated:
    """A Fetcher whose fetches let the poll they belong to step aside."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def fetch(self, request: FetchRequest) -> Response:
        seat = _seat.get()
        with seat.waiting() if seat else nullcontext():
            return await self._fetcher.fetch(request)

    async def aclose(self) -> None:
        await self._fetcher.aclose()
