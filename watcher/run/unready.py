"""edge: how the daemon stands, looked at now and then -> a line where that changes, a word to the operator if it lasts.

The files' errors are told by who reads them, the database's troubles by who waits for it: here it is what is left,
rounds that go no more though the rest does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from watcher.jobs import Jobs
from watcher.model import Check, Health, Severity

LOOK = 5.0
"""Seconds from look to look."""
LONG = 300.0
"""Seconds after which the operator is told."""


@asynccontextmanager
async def minded(
    jobs: Jobs, health: Callable[[], Health], look: float = LOOK, long: float = LONG
) -> AsyncIterator[None]:
    """Mind how it stands for as long as the block lasts."""
    minding = asyncio.create_task(_mind(_Minder(jobs, health, long), look))
    try:
        yield
    finally:
        minding.cancel()


async def _mind(minder: _Minder, look: float) -> None:
    while True:
        await asyncio.sleep(look)
        try:
            await minder.look()
        except Exception as error:  # it is tried again
            minder.jobs.log.debug("the operator could not be told", exc_info=error)


class _Minder:
    def __init__(self, jobs: Jobs, health: Callable[[], Health], long: float) -> None:
        self.jobs = jobs
        self._health = health
        self._long = long
        self._ills: tuple[str, ...] = ()
        self._late: datetime | None = None  # since when rounds are
        self._told = False

    async def look(self) -> None:
        checks = self._health().checks
        self._say(tuple(check.name for check in checks if not check.ok), checks)
        await self._tell(next(check for check in checks if check.name == "ticks"))

    def _say(self, ills: tuple[str, ...], checks: tuple[Check, ...]) -> None:
        """What has changed since the last look."""
        if ills == self._ills:
            return
        self._ills = ills
        said = {check.name: check.said for check in checks if not check.ok}
        if said:
            self.jobs.log.warning("not ready", **said)
        else:
            self.jobs.log.info("ready again")

    async def _tell(self, ticks: Check) -> None:
        """Once for each such time, and again when it is over."""
        now, jobs = self.jobs.clock.now(), self.jobs
        self._late = None if ticks.ok and not self._told else self._late or now
        if self._late is None:
            return
        about = self._late.isoformat()
        if not ticks.ok and not self._told and (now - self._late).total_seconds() >= self._long:
            title = "The watcher does not do all its work"
            body = f"Rounds are {ticks.said}. The log says why; when that does not help, start it anew."
            await jobs.tell(jobs.words(title, body, Severity.HIGH, f"late:{about}"))
            self._told = True
        elif ticks.ok and self._told:
            await jobs.tell(jobs.words("The watcher does all its work again", "", Severity.INFO, f"on time:{about}"))
            self._told, self._late = False, None
