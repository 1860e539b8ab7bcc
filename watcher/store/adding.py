"""edge: a revision, or a match, that came -> its rows, in the transaction of what brought it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from watcher.model import Match, NewDispatch, Reason, Revision
from watcher.store import rows, terms
from watcher.store.queries import SQL
from watcher.store.sketches import keep_sketch


def add_revision(db: sqlite3.Connection, revision: Revision) -> None:
    if revision.number > 1:
        revision = _where_it_was_moved(db, revision)
    row = rows.of_revision(revision)
    db.execute(SQL["add_item"], row)
    added = db.execute(SQL["add_revision"], row)
    if added.rowcount:
        item = revision.item
        keys = terms.filed(item.title, item.place, item.text, item.summary)
        db.execute(SQL["add_terms"], {"pk": added.lastrowid, "keys": keys})
    db.execute(SQL["add_seen"], row)
    keep_sketch(db, revision)


def _where_it_was_moved(db: sqlite3.Connection, revision: Revision) -> Revision:
    """In the story that a person put its item into, where that was since it was looked at."""
    moved = db.execute(SQL["moved"], {"item": revision.item.id, "story": revision.story}).fetchone()
    return replace(revision, story=moved["story"], link=rows.link(moved["link"])) if moved else revision


def add_match(db: sqlite3.Connection, match: Match, dispatches: Sequence[NewDispatch], reason: Reason) -> None:
    added = db.execute(SQL["add_match"], {**rows.of_match(match), "channelless": not dispatches})
    if not added.rowcount:
        return
    for dispatch in dispatches:
        db.execute(SQL["add_dispatch"], _of_dispatch(added.lastrowid, dispatch, reason))


def _of_dispatch(match: int | None, dispatch: NewDispatch, reason: Reason) -> rows.Row:
    return {
        "match": match,
        "channel": dispatch.channel,
        "group": dispatch.group,
        "severity": dispatch.severity.value,
        "updates": dispatch.updates.value,
        "source": dispatch.source,
        "reason": reason.value,
        "fate": reason.fate.value,
    }
