"""The site of a feed as it is stored."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.contract.nouns import NOW, WIRES, feed
from watcher.store import open_store


def test_a_site_that_is_told_apart_anew_is_stored_with_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    wanted = {WIRES: (feed(url="https://one.github.io/feed"), NOW)}
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.sync_feeds(wanted)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE feeds SET lane = 'github.io'")
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.sync_feeds(wanted)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT lane FROM feeds").fetchone() == ("one.github.io",)
