"""edge: what the items of a feed are known by -> tables, in the transaction of the poll that found it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from watcher.model import FeedId, Hash64, Known
from watcher.store import rows
from watcher.store.queries import SQL

Named = Iterable[tuple[Hash64, Known]]
"""Identities, each with what is known of it."""


def keep_also_known(db: sqlite3.Connection, feed: FeedId, also: Named) -> None:
    """Identities besides those of the items that are stored."""
    db.executemany(SQL["add_also_known"], [_of_known(feed, key, known) for key, known in also])


def keep_unchanged(db: sqlite3.Connection, feed: FeedId, unchanged: Named) -> None:
    """Each by its fingerprint of now: a later version made another one of the same words."""
    for key, known in unchanged:
        row = _of_known(feed, key, known)
        db.execute(SQL["know_by"], row)
        if stored := db.execute(SQL["revision_known"], row).fetchone():
            changed = {"fingerprint": known.fingerprint}
            db.execute(SQL["mark_revision"], {**changed, "pk": stored["pk"], "hash": rows.rehashed(stored, changed)})


def _of_known(feed: FeedId, key: Hash64, known: Known) -> rows.Row:
    return {
        "feed": feed,
        "key": key,
        "item": known.item,
        "fingerprint": known.fingerprint,
        "revision": known.revision,
    }
