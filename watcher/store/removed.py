"""edge: channels that are no more -> their dispatches closed and their alerts buried, each with a word."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime

from watcher.model import ChannelName, Reason
from watcher.store import rows
from watcher.store.queries import SQL


def drop_all_but(db: sqlite3.Connection, names: Collection[ChannelName], now: datetime) -> int:
    """Close what is open and bury what is pending on any other channel; how many of both."""
    gone = Reason.CHANNEL_REMOVED
    args = {
        "names": rows.dumped(list(names)),
        "now": rows.micros(now),
        "reason": gone.value,
        "fate": gone.fate.value,
        "word": gone.sentence,
    }
    closed = db.execute(SQL["close_removed"], args).rowcount
    db.execute(SQL["bury_removed"], args)
    return closed + db.execute(SQL["kill_removed"], args).rowcount


def drop_late(db: sqlite3.Connection, used: Iterable[ChannelName], now: datetime) -> None:
    """The same for what work under way has just brought to channels that were removed meanwhile."""
    if wanted := set(used):
        known = {ChannelName(row["name"]): row["live"] for row in db.execute(SQL["known_channels"])}
        if any(known.get(name) == 0 for name in wanted):
            drop_all_but(db, [name for name, live in known.items() if live], now)
