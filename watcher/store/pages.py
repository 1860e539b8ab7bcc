"""edge: pages that items link to -> a table of those that are wanted, and of how the tries went."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from watcher.model import FeedId, LinkedPage, PageSaved, Paging, Reason
from watcher.schedule import lane
from watcher.store import learning, rows
from watcher.store.adding import add_match, add_revision
from watcher.store.queries import SQL
from watcher.store.removed import drop_late
from watcher.store.session import Session


class Pages(Session):
    """What stands behind links. The contract is ports.Store."""

    def claim_pages(self, now: datetime, limit: int, lease_until: datetime) -> tuple[LinkedPage, ...]:
        with self.leasing() as db:
            due = db.execute(SQL["due_pages"], {"now": rows.micros(now), "limit": limit}).fetchall()
            items = rows.dumped([row["item"] for row in due])
            db.execute(SQL["lease_pages"], {"items": items, "lease_until": rows.micros(lease_until)})
        return tuple(_page(row) for row in due)

    def save_page(self, saved: PageSaved) -> bool:
        page, revision = saved.page, saved.revision
        with self.writing() as db:
            if not db.execute(SQL["save_page"], _of_page(page)).rowcount:
                db.execute(SQL["release_page"], {"item": page.item})
                return False
            if revision:
                add_revision(db, revision)
            for match, dispatches in saved.matches:
                add_match(db, match, dispatches, Reason.WAITING)
            if saved.learned is not None:
                learning.keep(db, page.feed.id, saved.learned)
            if saved.rest_until:
                rest_pages(db, page.url, saved.rest_until)
            if revision:
                drop_late(db, (d.channel for _, dispatches in saved.matches for d in dispatches), revision.seen_at)
        return True

    def paging(self, feed: FeedId) -> Paging:
        with self.reading() as db:
            return Paging(**dict(db.execute(SQL["paging"], {"feed": feed}).fetchone()))


def want_pages(db: sqlite3.Connection, pages: Iterable[LinkedPage]) -> None:
    """What a poll wants, in its transaction."""
    db.executemany(SQL["want_page"], [_of_page(page) for page in pages])


def rest_pages(db: sqlite3.Connection, url: str, until: datetime) -> None:
    """No page of the site of this one is due before that."""
    db.execute(SQL["rest_pages"], {"lane": lane(url), "until": rows.micros(until)})


def _page(row: sqlite3.Row) -> LinkedPage:
    return LinkedPage(
        item=row["item"],
        feed=rows.feed(row["config"]),
        url=row["url"],
        wanted_at=rows.moment(row["wanted_at"]),
        tries=row["tries"],
        next_at=rows.maybe_moment(row["next_at"]),
        error=row["error"],
    )


def _of_page(page: LinkedPage) -> rows.Row:
    return {
        "item": page.item,
        "feed": page.feed.id,
        "url": page.url,
        "lane": lane(page.url),
        "wanted_at": rows.micros(page.wanted_at),
        "tries": page.tries,
        "next_at": rows.maybe_micros(page.next_at),
        "error": page.error,
    }
