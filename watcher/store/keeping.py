"""edge: what is old -> forgotten, but for what matched; how much room the rest takes.

An item goes with its revisions and what they are filed under. What it was seen by stays, so that it is never new again;
and of a revision that matched all but the texts stays, for alerts and `why`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from pathlib import Path

from watcher.model import Sizes
from watcher.store import rows, terms
from watcher.store.queries import SQL
from watcher.store.refiling import unfiled_before
from watcher.store.session import MEMORY, Session

AT_ONCE = 2**18
"""Characters of text after which a step ends: its words are cut once more, to be taken out of the index."""


class Keeping(Session):
    """What goes and what stays. The contract is ports.Store."""

    def prune(self, before: datetime, limit: int) -> int:
        with self.leasing() as db:
            due = db.execute(SQL["forgettable"], {"before": rows.micros(before), "limit": limit}).fetchall()
            items, revisions = _some(db, [row["pk"] for row in due])
            filed_from = unfiled_before(db)
            for row in sorted(revisions, key=itemgetter("pk")):  # as in refiling
                _forget(db, row, is_filed=row["pk"] >= filed_from)
            db.executemany(SQL["drop_item"], [{"item": pk} for pk in items])
        self.dropped(items)
        return len(items)

    def sizes(self) -> Sizes:
        with self.reading() as db:
            left, capacity = (None, None) if self.name == MEMORY else _disk(self.name)
            page, pages, free = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS)
            oldest = db.execute(SQL["oldest"]).fetchone()[0]
        return Sizes(
            database=page * pages,
            log=_size(f"{self.name}-wal"),
            free=page * free,
            disk=left,
            capacity=capacity,
            oldest=rows.maybe_moment(oldest),
        )


def _some(db: sqlite3.Connection, items: Iterable[int]) -> tuple[list[int], list[sqlite3.Row]]:
    """Of these items as many as one step takes, and their revisions; of the last one maybe only the first."""
    taken: list[int] = []
    revisions: list[sqlite3.Row] = []
    left = AT_ONCE
    for item in items:
        taken.append(item)
        for row in db.execute(SQL["texts_of"], {"item": item}):
            revisions.append(row)
            left -= len(row["title"]) + len(row["text"]) + len(row["summary"])
            if left <= 0:
                return taken, revisions
    return taken, revisions


def _forget(db: sqlite3.Connection, row: sqlite3.Row, *, is_filed: bool) -> None:
    """Only what it was filed under can be taken back: of keys of an earlier version nobody knows what they were."""
    db.execute(SQL["keep_what_matched"], {"pk": row["pk"]})
    if is_filed:
        keys = terms.filed(*rows.texts(row))
        db.execute(SQL["drop_terms"], {"pk": row["pk"], "keys": keys})
    db.execute(SQL["drop_revision"], {"pk": row["pk"]})


_PRAGMAS = ("page_size", "page_count", "freelist_count")


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _disk(path: str) -> tuple[int, int]:
    disk = os.statvfs(Path(path).parent)
    return disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
