"""edge: items filed under the keys of an earlier version -> filed under today's, newest first, a few at a time.

The index keeps no text, so what it was told cannot be taken back: an item gets its new terms beside the old ones. That
may find an item too many, never one too few; what is found are candidates. `meta` remembers under which version items
are filed and which are still to do. A search takes all of those for candidates.
"""

from __future__ import annotations

import json
import sqlite3

from watcher.store import rows, terms
from watcher.store.queries import SQL
from watcher.store.session import Session
from watcher.text.tokens import KEYS_VERSION

NAME = "index"
AFTER_ALL = 2**63 - 1
"""Above the number of any revision."""


class Refiling(Session):
    """The index kept in step with the words. The contract is ports.Store."""

    def refile(self, limit: int) -> int:
        with self.reading() as db:
            if not unfiled_before(db):
                return 0
        with self.writing() as db:
            due = db.execute(SQL["revisions_before"], {"before": unfiled_before(db), "limit": limit}).fetchall()
            for row in reversed(due):  # FTS5 writes out what it has at each number lower than the last
                keys = terms.filed(*rows.texts(row))
                db.execute(SQL["add_terms"], {"pk": row["pk"], "keys": keys})
            note(db, due[-1]["pk"] if due else 0)
        return len(due)


def unfiled_before(db: sqlite3.Connection) -> int:
    """Revisions below this number are not filed under today's keys; 0 when there are none."""
    row = db.execute(SQL["get_meta"], {"name": NAME}).fetchone()
    version, below = json.loads(row["value"]) if row else (None, AFTER_ALL)
    return int(below) if version == KEYS_VERSION else AFTER_ALL


def begin_index(db: sqlite3.Connection) -> None:
    """Note that all there is, which is nothing, is filed."""
    note(db, 0)


def note(db: sqlite3.Connection, below: int) -> None:
    db.execute(SQL["set_meta"], {"name": NAME, "value": rows.dumped([KEYS_VERSION, below])})
