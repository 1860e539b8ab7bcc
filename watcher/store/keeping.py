"""edge: what is old -> forgotten; how much room the rest takes."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from watcher.model import Sizes
from watcher.store import rows
from watcher.store.session import MEMORY, Session


class Keeping(Session):
    """What goes and what stays. The contract is ports.Store."""

    def prune(self, before: datetime, limit: int) -> int:  # noqa: ARG002
        return 0

    def sizes(self) -> Sizes:
        with self.reading() as db:
            left, capacity = (None, None) if self.name == MEMORY else _disk(self.name)
            page, pages, free = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS)
            oldest = db.execute("SELECT min(seen_at) FROM revisions").fetchone()[0]
        return Sizes(
            database=page * pages,
            log=_size(f"{self.name}-wal"),
            free=page * free,
            disk=left,
            capacity=capacity,
            oldest=rows.maybe_moment(oldest),
        )


_PRAGMAS = ("page_size", "page_count", "freelist_count")


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _disk(path: str) -> tuple[int, int]:
    disk = os.statvfs(Path(path).parent)
    return disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
