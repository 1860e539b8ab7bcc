"""edge: sketches -> a table, and an index in memory of those that something new may be like.

The index is made of the table when first asked for, in steps between which other work is done, and before each answer
takes up what was stored since, whoever stored it: so a restart changes nothing. What is said of an item besides its
sketch is read when it is asked for. Who asks nothing of stories, as most commands, loads nothing of them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.model import NOTHING_AKIN, Akin, Revision, Sketched
from watcher.store import rows
from watcher.store.queries import SQL
from watcher.store.session import Session
from watcher.store.sketches import foremost, unpacked

if TYPE_CHECKING:
    from watcher.story.filing import Index

STEP = 1000
"""Stored sketches that are taken up in one go, while nothing else is done in the store."""
_FULL = 1 << 26
"""Sketches after which an index that has lived so long is made anew: its chains count postings in 32 bits."""


class Stories(Session):
    """Which items tell one story. The contract is ports.Store."""

    _index: Index | None = None
    _read = 0
    """The last revision that the index knows of."""

    def akin(self, revisions: Sequence[Revision], since: datetime) -> tuple[Akin, ...]:
        with self.reading() as db:
            index = self._taken_up(db, rows.micros(since))
            if index is None:
                return ()
            return tuple(_akin(db, index, revision, rows.micros(since)) for revision in revisions)

    def dropped(self, items: Iterable[int]) -> None:
        if self._index is not None:
            for item in items:
                self._index.drop(item)

    def _taken_up(self, db: sqlite3.Connection, since: int) -> Index | None:
        """The index of what was seen since then, with STEP more of what was stored; None where that was not all."""
        from watcher.story.filing import MARKS, RUNS, Index
        from watcher.story.sketching import VERSION

        if self._index is None or self._index.filed > _FULL:
            self._index = Index()
            self._read = db.execute(SQL["sketches_begin"], {"since": since}).fetchone()[0]
        index = self._index
        found = db.execute(SQL["sketches_after"], {"read": self._read, "limit": STEP}).fetchall()
        for self._read, item, seen_at, canonical, stored in found:
            sketch = foremost(stored, VERSION, RUNS, MARKS)
            if sketch is not None:
                index.add(item, seen_at, sketch, canonical)
        index.expire(since)
        return index if len(found) < STEP else None


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

    item, feed, story, seen_at, published, url, canonical, lang, linked, stored, apart = row
    try:
        sketch, link = unpacked(stored), rows.link(linked)
    except ValueError:
        return None
    if sketch is None:
        return None
    site = site_at(canonical or url)
    return Sketched(
        item=item,
        feed=feed,
        story=story,
        sketch=sketch,
        seen_at=rows.moment(seen_at),
        published=rows.maybe_moment(published),
        canonical=canonical,
        lang=lang,
        site=site,
        source=link.source or site or feed,
        link=link,
        apart=frozenset(json.loads(apart)) if apart != "[]" else frozenset(),
    )
