"""edge: pages that items link to -> fetched when they are due, one of a site at a time, some sites at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection

from watcher.jobs import LEASE, Jobs
from watcher.model import ChannelName, LinkedPage, PageSaved
from watcher.run.rounds import Rhythm, Round
from watcher.run.seats import Seats

Tried = Callable[[Awaitable[PageSaved | None]], Awaitable[PageSaved | None]]
"""What the work comes to; None when it failed."""


class FullTexts:
    """A round for pages. Their fetches have places of their own, as polls have, and wait for a turn of their site among
    those of polls: at most one of a site waits at any time, so that a thousand pages delay a feed by no more than one.
    """

    def __init__(
        self,
        jobs: Jobs,
        rhythm: Rhythm,
        tried: Tried,
        *,
        failed: Callable[[BaseException], None],
        held: Callable[[], object],
        decide: Callable[[Collection[ChannelName]], object],
    ) -> None:
        self._jobs = jobs
        self._rhythm = rhythm
        self._tried = tried
        self._decide = decide
        self._fetching: dict[str, asyncio.Task[None]] = {}
        self.round = Round(self._fetch_due, failed, held)
        self._seats = Seats(rhythm, self.round)

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """The pages that are being fetched."""
        return [*self._fetching.values()]

    async def once(self) -> None:
        """Fetch what is due, and what has come due meanwhile."""
        await asyncio.gather(*(self._one_after_the_other() for _ in range(self._rhythm.pages)))

    async def _one_after_the_other(self) -> None:
        while pages := await self._claim(1):
            await self._tried(self._jobs.fulltext(pages[0]))

    async def _fetch_due(self) -> None:
        """A page that outlives its lease is claimed again, which prolongs the lease, and goes on alone."""
        while (free := self._rhythm.pages + self._seats.aside - len(self._fetching)) > 0:
            pages = await self._claim(free)
            if not pages:
                return
            for page in pages:
                if page.item not in self._fetching:
                    self._fetching[page.item] = asyncio.get_running_loop().create_task(self._fetch(page))

    async def _claim(self, limit: int) -> tuple[LinkedPage, ...]:
        now = self._jobs.clock.now()
        return await self._jobs.on_store(self._jobs.store.claim_pages, now, limit, now + LEASE)

    async def _fetch(self, page: LinkedPage) -> None:
        """One page, whose end lets the next of its site begin."""
        saved = None
        try:
            with self._seats.taken(slow=False):
                saved = await self._tried(self._jobs.fulltext(page))
        finally:
            del self._fetching[page.item]
        self.round.wake()
        if saved:
            self._decide({new.channel for _, dispatches in saved.matches for new in dispatches})
