"""edge: a store that takes nothing for a while, a disk that has little room -> what waits, and what is said of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from watcher.errors import StoreUnavailable
from watcher.model import Severity, Sizes
from watcher.text.counted import size

if TYPE_CHECKING:  # `status`, which asks for a word from here, has no use for all that runs
    from watcher.jobs import Jobs

LONGEST = 20.0
"""Seconds between two tries at a store that took a sign of life and then nothing else."""
FULL = 2**20
"""Bytes left on a disk that was full, below which it still is."""
SHARE = 4
"""A disk of which so great a part is free has room: else a small one would never be used."""


class Pause:
    """The time in which the store takes nothing. `why` is empty in all other time.

    While it is `held` only a sign of life is tried. When that goes well the others are, and when they have gone well
    until the next sign of life the time is over: there may be room for that sign and not for a poll.
    """

    def __init__(self, jobs: Jobs, beat: float) -> None:
        self.why = ""
        self.held = False
        self._jobs = jobs
        self._beat = beat
        self._since = jobs.clock.now()
        self._begun_at = self._again_at = self._wait = 0.0

    def begin(self, error: StoreUnavailable) -> None:
        """Hold, or go on holding."""
        now = asyncio.get_running_loop().time()
        if not self.why:
            self._since, self._begun_at, self._wait = self._jobs.clock.now(), now, self._beat
            event = "the database takes nothing: polling, deciding and sending wait, and go on by themselves"
            self._jobs.log.error(event, error=str(error))
        elif not self.held:
            self._wait = min(2 * self._wait, max(LONGEST, self._beat))
        if not self.held:
            self._again_at = now + self._wait
        self.why, self.held = str(error), True

    @property
    def due(self) -> bool:
        """Whether a sign of life is to be tried."""
        return not self.held or asyncio.get_running_loop().time() >= self._again_at

    def try_all(self) -> None:
        self.held = False

    async def end(self) -> None:
        """Tell of it. Raises StoreUnavailable, and then it is not over."""
        jobs, now = self._jobs, self._jobs.clock.now()
        title = "The watcher stood still: its database took nothing"
        body = (
            f"From {_told(self._since)} to {_told(now)} nothing was polled, decided or sent: {self.why}.\n"
            "Nothing that was known is lost: the feeds are polled now, and what waited is sent."
        )
        await jobs.tell(jobs.words(title, body, Severity.HIGH, f"paused:{self._since.isoformat()}"))
        lasted = round(asyncio.get_running_loop().time() - self._begun_at, 1)
        jobs.log.info("the database takes everything again", seconds=lasted)
        self.why = ""


class Room:
    """Whether the disk has room for what would be polled. `short` says why not; `full`: for nothing at all."""

    def __init__(self, jobs: Jobs) -> None:
        self.short = ""
        self.full = False
        self._jobs = jobs
        self._since: datetime | None = None

    async def look(self) -> None:
        """See how much is left."""
        sizes = await self._jobs.on_store(self._jobs.store.sizes)
        self.full = sizes.disk is not None and sizes.disk < FULL
        self.short = shortage(sizes, self._jobs.keep.min_free, already=bool(self.short))

    async def tell(self) -> None:
        """Say when it begins to be short of room, and when that is over."""
        jobs, now = self._jobs, self._jobs.clock.now()
        if self.short and self._since is None:
            body = f"{self.short}.\nWhat is known is still told. Make room, or change keep.min_free."
            title = "The disk is short of room: nothing is polled"
            await jobs.tell(jobs.words(title, body, Severity.HIGH, f"short:{now.isoformat()}"))
            jobs.log.warning("nothing is polled until there is more room on the disk", why=self.short)
            self._since = now
        elif not self.short and self._since:
            about = f"room:{self._since.isoformat()}"
            body = f"Nothing was polled from {_told(self._since)} to {_told(now)}; the feeds are polled now."
            await jobs.tell(jobs.words("The disk has room again", body, Severity.INFO, about))
            jobs.log.info("the disk has room again: the feeds are polled")
            self._since = None


def shortage(sizes: Sizes, least: int, *, already: bool = False) -> str:
    """Why nothing is polled; empty where `least` bytes are left, or 0 are wanted.

    Where it is so `already` it takes a quarter more to end it, so that it does not come and go.
    """
    if sizes.disk is None or not least:
        return ""
    wanted = least if sizes.capacity is None else min(least, sizes.capacity // SHARE)
    if sizes.disk >= (wanted * 5 // 4 if already else wanted):
        return ""
    return f"the disk has {size(sizes.disk)} left, less than the {size(wanted)} below which nothing is polled"


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
