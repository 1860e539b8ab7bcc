"""edge: sketches -> a table, and an index in memory of those that something new may be like.

The index is made of the table when first asked for, and before each answer takes up what was stored since, whoever
stored it: so a restart changes nothing. What is said of an item besides its sketch is read when it is asked for.
Who asks nothing of stories, as most commands, loads nothing of them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.model import NOTHING_AKIN, Akin, Revision, Sketched
from watcher.store import rows
from watcher.store.queries import SQL
from watcher.store.session import Session
from watcher.store.sketches import unpacked

if TYPE_CHECKING:
    from watcher.story.filing import Index

_FULL = 1 << 26
"""Sketches after which an index that has lived so long is made anew: its chains count postings in 32 bits."""


class Stories(Session):
    """Which items tell one story. The contract is ports.Store."""

    _index: Index | None = None
    _read = -1
    """The last revision that the index knows of."""

    def akin(self, revisions: Sequence[Revision], since: datetime) -> tuple[Akin, ...]:
        with self.reading() as db:
            index = self._present(db, rows.micros(since))
            return tuple(_akin(db, index, revision, rows.micros(since)) for revision in revisions)

    def dropped(self, items: Iterable[int]) -> None:
        if self._index is not None:
            for item in items:
                self._index.drop(item)

    def _present(self, db: sqlite3.Connection, since: int) -> Index:
        """The index of what was seen since then."""
        from watcher.story.filing import Index
        from watcher.story.sketching import VERSION

        if self._index is None or self._index.filed > _FULL:
            self._index, self._read = Index(), -1
        for row in _unread(db, self._read, since):
            self._read = row["revision"]
            sketch = unpacked(row["sketch"])
            if sketch is not None and sketch.version == VERSION:
                self._index.add(row["item"], row["seen_at"], sketch, row["canonical"])
        self._index.expire(since)
        return self._index


def _unread(db: sqlite3.Connection, read: int, since: int) -> Iterator[sqlite3.Row]:
    from watcher.story.filing import MOST

    if read < 0:
        yield from db.execute(SQL["sketches_since"], {"since": since, "limit": MOST}).fetchall()[::-1]
    else:
        yield from db.execute(SQL["sketches_after"], {"read": read})


def _akin(db: sqlite3.Connection, index: Index, revision: Revision, since: int) -> Akin:
    """With the item itself as it is stored where the revision is an edit, however long ago that was."""
    sketch, item = revision.sketch, revision.item
    if sketch is None:
        return NOTHING_AKIN
    rows_found = (
        db.execute(SQL["sketched"], {"item": number}).fetchone() for number in index.ask(sketch, item.canonical)
    )
    found = [row for row in rows_found if row and row["seen_at"] >= since]
    if revision.number > 1 and all(row["id"] != item.id for row in found):
        found += db.execute(SQL["own_sketched"], {"id": item.id})
    items = tuple(each for each in map(_sketched, found) if each)
    return Akin(items=items, counts=index.having(sketch), stored=len(index))


def _sketched(row: sqlite3.Row) -> Sketched | None:
    """None where the disk has changed it."""
    from watcher.story import site_at

    try:
        sketch, link = unpacked(row["sketch"]), rows.link(row["link"])
    except ValueError:
        return None
    if sketch is None:
        return None
    site = site_at(row["canonical"] or row["url"])
    return Sketched(
        item=row["id"],
        feed=row["feed"],
        story=row["story"],
        sketch=sketch,
        seen_at=rows.moment(row["seen_at"]),
        published=rows.maybe_moment(row["published"]),
        canonical=row["canonical"],
        lang=row["lang"],
        site=site,
        source=link.source or site or row["feed"],
        link=link,
        apart=frozenset(json.loads(row["apart"])) if row["apart"] != "[]" else frozenset(),
    )
