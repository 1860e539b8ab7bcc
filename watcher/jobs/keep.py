"""edge: what is old -> forgotten, and what is new -> counted, a little at a time.

prune                 | prune
learn                 | search | count | save_frequencies

A clock that is years ahead makes everything old. So a look forgets no more than a part: time may seem to run ten times
as fast as it does, and whoever looks after the machine has days to set the clock right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from watcher.jobs.ground import BATCH, Ground
from watcher.model import Feed, Revision
from watcher.rules.frequencies import ITEMS, Counting
from watcher.text.document import Document

STEP = 8
"""Items that are forgotten in one transaction: polls and sends wait for it."""
LOOK = 600.0
"""Seconds from one look to the next."""
FOR_GOOD = timedelta(days=36_500)
"""What is kept for longer is kept for so long: there is no date before the year 1."""
HASTE = 10
"""How many times as fast as items came they are forgotten at most."""
BEHIND = 36
"""Looks in a row that left something, after which that is told: six hours."""
SAMPLE = 3_000
"""Of so many items, the newest, the terms are counted."""
FEWEST = 100
"""Items of which nothing can be told yet."""
AGAIN = timedelta(days=1)
"""From one count to the next: what is common changes slowly."""


class Keeping(Ground):
    """What goes when it is old, and what is learned of the rest."""

    _left: int | None = None  # items that this look may still forget; None: it has not begun
    _gone = 0
    _behind = 0
    _counting: tuple[Counting, Iterator[Revision]] | None = None
    _count_at: datetime | None = None  # when the next count is due, however many were counted

    async def prune(self) -> int:
        """Forget some of the items that are older than what is kept; how many, 0 when this look is over."""
        before = self.clock.now() - min(timedelta(seconds=self.keep.items), FOR_GOOD)
        if self._left is None:
            self._left = await self._most()
        some = await self.on_store(self.store.prune, before, min(STEP, self._left)) if self._left else 0
        self._left, self._gone = self._left - some, self._gone + some
        if not some:
            self._tell(self._gone, all_of_it=self._left > 0)
            self._left, self._gone = None, 0
        return some

    async def _most(self) -> int:
        status = await self.on_store(self.store.status, self.clock.now())
        return max(STEP, int(status.items * min(1.0, HASTE * LOOK / self.keep.items)))

    def _tell(self, gone: int, *, all_of_it: bool) -> None:
        """What went; and that there is still more, when it does not come to an end."""
        if gone:
            self.log.info("forgot old items", items=gone)
        self._behind = 0 if all_of_it else self._behind + 1
        if self._behind == BEHIND:
            event = "much is older than `keep.items`: it is forgotten little by little; is the clock right?"
            self.log.warning(event, now=self.clock.now().isoformat())

    async def learn(self) -> int:
        """Count the terms of some more of the newest items; how many those were, 0 when the count is over, or not due.

        Rules are filed by what is rare (rules.frequencies): those that are compiled after that, and all at the next
        start.
        """
        if self._counting is None:
            self._counting = await self._count()
        if self._counting is None:
            return 0
        counting, items = self._counting
        self._counting = None  # what goes wrong here is begun anew: a reading that was broken off brings nothing more
        some = await self.on_store(lambda: list(islice(items, BATCH)))
        await self.on_thread(_add, counting, some)
        if some:
            self._counting = counting, items
        else:
            await self.on_store(self.store.save_frequencies, counting.common())
        return len(some)

    async def _count(self) -> tuple[Counting, Iterator[Revision]] | None:
        """A new count, where one is due."""
        now = self.clock.now()
        self._count_at = self._count_at or now + AGAIN
        if now < self._count_at and not await self._has_grown(now):
            return None
        self._count_at = now + AGAIN
        return Counting(), await self.on_store(self.store.search, (), None, SAMPLE)

    async def _has_grown(self, now: datetime) -> bool:
        """Whether few items were counted, and there are twice as many by now."""
        counted = (await self.on_store(self.store.frequencies)).get(ITEMS, 0)
        if counted >= SAMPLE // 2:
            return False
        return (await self.on_store(self.store.status, now)).items >= max(FEWEST, 2 * counted)


def _add(counting: Counting, some: Sequence[Revision]) -> None:
    for revision in some:
        counting.add(Document(revision.item, Feed(id=revision.item.feed, url="")))
