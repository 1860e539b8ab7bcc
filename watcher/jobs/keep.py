"""edge: what is old -> forgotten, a little at a time.

prune                 | prune
"""

from __future__ import annotations

from datetime import timedelta

from watcher.jobs.ground import BATCH, Ground


class Keeping(Ground):
    """What goes when it is old."""

    async def prune(self) -> int:
        """Forget some of the items that are older than what is kept; how many, 0 when none is left."""
        before = self.clock.now() - timedelta(seconds=self.keep.items)
        return await self.on_store(self.store.prune, before, BATCH)
