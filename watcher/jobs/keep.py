"""edge: what is old -> forgotten, a little at a time.

prune                 | prune

A clock that is years ahead makes everything old. So a look forgets no more than a part: time may seem to run ten times
as fast as it does, and whoever looks after the machine has days to set the clock right.
"""

from __future__ import annotations

from datetime import timedelta

from watcher.jobs.ground import Ground

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


class Keeping(Ground):
    """What goes when it is old."""

    _left: int | None = None  # items that this look may still forget; None: it has not begun
    _gone = 0
    _behind = 0

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
