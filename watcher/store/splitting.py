"""edge: a story's items, and a person's word that one of them belongs to another -> tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.model import BEGINS, ItemId, Level, Link, Revision, Split, StoryId
from watcher.store import rows
from watcher.store.queries import SQL
from watcher.store.session import Session

if TYPE_CHECKING:
    from watcher.story import Splinter


class Splitting(Session):
    """What a story holds, and what does not belong to it. The contract is ports.Store."""

    def story(self, story: StoryId) -> tuple[Revision, ...]:
        with self.reading() as db:
            links = _links(db, story)
            items = {*links, *(link.of for link in links.values() if link.of)}
            found = db.execute(SQL["story"], {"story": story, "ids": rows.dumped(sorted(items))})
            return tuple(rows.revision(row) for row in found)

    def splits(self, item: ItemId) -> tuple[Split, ...]:
        with self.reading() as db:
            found = db.execute(SQL["splits"], {"item": item})
            return tuple(Split(story=row["story"], by=row["by"], at=rows.moment(row["at"])) for row in found)

    def split(self, item: ItemId, by: str, now: datetime) -> StoryId | None:
        from watcher.story import Splinter, joined_through

        with self.writing() as db:
            latest = db.execute(SQL["story_of"], {"item": item}).fetchone()
            if latest is None:
                raise KeyError(item)
            links = _links(db, latest["story"])
            link = links.get(item, BEGINS)
            if link.level in {Level.ALONE, Level.SPLIT}:
                return None
            splinter = Splinter(item=item, site=_site(latest), link=link, out_of=latest["story"])
            for each in joined_through(item, links):
                _move(db, splinter, each)
                word = {"item": each, "story": splinter.out_of, "by": by, "at": rows.micros(now)}
                db.execute(SQL["add_split"], word)
            return splinter.story


def _links(db: sqlite3.Connection, story: StoryId) -> dict[ItemId, Link]:
    """How the items that joined a story came into it, in the order they came."""
    return {row["id"]: rows.link(row["link"]) for row in db.execute(SQL["links"], {"story": story})}


def _move(db: sqlite3.Connection, splinter: Splinter, item: ItemId) -> None:
    """An item with all that is kept of it; alerts stay as they were told."""
    stored = db.execute(SQL["revisions_of"], {"item": item}).fetchall()
    db.executemany(SQL["move_revision"], _moved(splinter, stored))
    args = {
        "item": item,
        "story": splinter.story,
        "out_of": splinter.out_of,
        "said": splinter.link.root,
        "root": None if item == splinter.item else splinter.item,
        "source": splinter.link.source or None,
        "own": splinter.site,
    }
    db.execute(SQL["move_matches"], args)
    db.execute(SQL["move_dispatches"], args)


def _moved(splinter: Splinter, stored: Sequence[sqlite3.Row]) -> list[rows.Row]:
    found: list[rows.Row] = []
    for row in stored:
        link = splinter.linked(row["id"], rows.link(row["link"]), _site(row))
        changed = {"story": splinter.story, "link": rows.of_link(link), "root": link.root}
        found.append({**changed, "pk": row["pk"], "hash": rows.rehashed(row, changed)})
    return found


def _site(row: sqlite3.Row) -> str:
    """As story.site_of says of the item."""
    from watcher.story import site_at

    return site_at(row["canonical"] or row["url"]) or str(row["feed"])
