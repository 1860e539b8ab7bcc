"""What is waited for until the disk has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.nouns import DESK, NOW
from watcher.errors import StoreError
from watcher.store.sqlite import SqliteStore, open_file

FULL, NORMAL = 2, 1
LATER = NOW + timedelta(minutes=5)


def levels(store: SqliteStore, *work: Callable[[], object]) -> list[int]:
    """How durable each commit is that the work makes."""
    found: list[int] = []
    level = store.db.execute("PRAGMA synchronous").fetchone()[0]

    def heard(statement: str) -> None:
        nonlocal level
        if statement.startswith("PRAGMA synchronous = "):
            level = {"FULL": FULL, "NORMAL": NORMAL}[statement.rsplit(maxsplit=1)[-1]]
        elif statement == "COMMIT":
            found.append(level)

    store.db.set_trace_callback(heard)
    for each in work:
        each()
    store.db.set_trace_callback(None)
    return found


def test_the_disk_is_waited_for_but_not_for_leases(tmp_path: Path) -> None:
    with closing(open_file(str(tmp_path / "w.db"))) as store:
        assert levels(
            store,
            lambda: store.sync_channels([DESK], NOW),
            lambda: store.claim_feeds(NOW, 1, LATER),
            lambda: store.claim_alert(DESK, NOW, LATER),
            lambda: store.save_alerts((), ()),
        ) == [FULL, NORMAL, NORMAL, FULL]


def test_after_a_lease_that_failed_the_disk_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    with closing(open_file(str(path), busy_timeout=0.01)) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked"):
                store.claim_feeds(NOW, 1, LATER)
        assert levels(store, lambda: store.save_alerts((), ())) == [FULL]
