"""How the daemon is put away."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.fakes import NOON
from watcher.app.daemon import put_away
from watcher.run.threads import OneThread
from watcher.store import open_store


async def test_a_store_is_not_closed_under_a_call_that_the_disk_still_keeps(tmp_path: Path) -> None:
    store, thread, gate = open_store(str(tmp_path / "watcher.db")), OneThread("store"), threading.Event()
    kept = thread(gate.wait)
    put_away(store, thread)
    store.sync_rules((), NOON)  # it is open
    gate.set()
    assert await kept
    store.close()


async def test_a_store_is_closed_after_the_calls_that_were_made(tmp_path: Path) -> None:
    store, thread = open_store(str(tmp_path / "watcher.db")), OneThread("store")
    last = thread(store.sync_rules, (), NOON)
    put_away(store, thread)
    await last
    assert not (tmp_path / "watcher.db-wal").exists(), "the last connection to close clears the log away"
