"""edge: work that is called when it is due, or when other work calls for it; once at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often to look and how much at once; seconds."""

    tick: float = 1.0
    beat: float = 5.0
    mind: float = 10.0  # feeds that fell silent, times of day
    audit: float = 600.0
    prune: float = 600.0  # a look at what is older than what is kept
    all: float = 30.0  # the longest that an open match is not looked at, whatever is thought to hold it
    rest: float = 0.05  # between two batches of old items filed anew
    reload: float = 0.5  # a look at a hundred files takes a thousandth of a second
    polls: int = 32  # feeds polled at the same time, without those whose servers are waited for
    patience: float = 0.5  # that a poll waits for its server before another may begin in its place
    pages: int = 8  # pages of items fetched at the same time, counted like polls
    slow: int = 256  # polls in whose place others have begun
    grace: float = 3.0  # for sends in flight when asked to stop; with the rest under the 5 s a stop may take
    farewell: float = 0.5  # for the last sign of life: a store that hangs must not hold up the end


class Round:
    """Work that runs once at a time. A wake while it runs makes it run once more; one while it is `held`, nothing."""

    def __init__(
        self,
        work: Callable[[], Awaitable[None]],
        failed: Callable[[BaseException], None],
        held: Callable[[], object] = lambda: False,
    ) -> None:
        self._work = work
        self._failed = failed
        self._held = held
        self._again = False
        self.task: asyncio.Task[None] | None = None
        self.good_at: float | None = None  # when it last went well, or was held, by the loop's clock

    def wake(self) -> None:
        self._again = True
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._run())

    async def tick(self) -> None:
        """A wake for a scheduler, which runs plain functions off the event loop."""
        self.wake()

    async def _run(self) -> None:
        while self._again:
            self._again = False
            try:
                if not self._held():
                    await self._work()
            except Exception as error:  # noqa: BLE001  the runner decides what a failure means
                self._failed(error)
                return
            self.good_at = asyncio.get_running_loop().time()


class Every(BaseTrigger):  # type: ignore[misc]  # apscheduler is untyped
    """At once, then so many seconds after the last time. APScheduler's own interval lists every time that was missed
    before it coalesces them: a clock put right from 1970 would be 1.8 thousand million of them.
    """

    def __init__(self, seconds: float) -> None:
        self._pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now if previous is None else now + self._pause
