"""What is waited for until the disk has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.contract.nouns import DESK, NOW, feed, hash64, item_id, revision
from watcher.errors import StoreError
from watcher.model import FeedState, Known, PollSaved
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


def test_the_disk_is_waited_for_where_a_poll_found_something(tmp_path: Path) -> None:
    source, known = feed(), Known(item=item_id("a"), fingerprint=hash64("a"), revision=1)
    read = FeedState(feed=source, polls=2, polled_at=NOW)
    polls = [
        PollSaved(state=read),
        PollSaved(state=read, revisions=(revision(),)),
        PollSaved(state=read, also_known=((hash64("b"), known),)),
        PollSaved(state=read, baseline=True),
        PollSaved(state=read, rest_until=LATER),
        PollSaved(state=replace(read, failures=1, error="the server answered 500")),
        PollSaved(state=replace(read, etag='"2"', new_at=NOW)),
    ]
    with closing(open_file(str(tmp_path / "w.db"))) as store:
        store.sync_feeds({source.id: (source, NOW)})
        found = levels(store, *(partial(store.save_poll, each) for each in polls))
    assert found == [NORMAL, FULL, FULL, FULL, FULL, FULL, NORMAL]


def test_after_a_lease_that_failed_the_disk_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    with closing(open_file(str(path), busy_timeout=0.01)) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked"):
                store.claim_feeds(NOW, 1, LATER)
        assert levels(store, lambda: store.save_alerts((), ())) == [FULL]
