"""A crash between any two statements leaves all of a write or none of it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.nouns import picture
from tests.store.operations import OPERATIONS, grow_old, prepare
from watcher.store.session import connect
from watcher.store.sqlite import SqliteStore, open_file

ROOT = Path(__file__).parents[2]


class Dropped(Exception):
    """The connection broke."""


class Breaking(sqlite3.Connection):
    """A connection that breaks right after its Nth statement, whatever that was."""

    left = sys.maxsize

    def execute(self, *args: Any) -> sqlite3.Cursor:
        return self._counted(super().execute(*args))

    def executemany(self, *args: Any) -> sqlite3.Cursor:
        return self._counted(super().executemany(*args))

    def _counted(self, cursor: sqlite3.Cursor) -> sqlite3.Cursor:
        self.left -= 1
        if not self.left:
            raise Dropped
        return cursor


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A database at rest."""
    file = tmp_path / "prepared.db"
    store = open_file(str(file))
    prepare(store)
    grow_old(store)
    store.close()
    return file


def copied(file: Path, name: str) -> Path:
    return Path(shutil.copy(file, file.with_name(name)))


def seen(file: Path) -> object:
    store = open_file(str(file))
    try:
        assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert not store.db.execute("PRAGMA foreign_key_check").fetchall()
        return picture(store)
    finally:
        store.close()


def done(name: str, file: Path) -> object:
    """What is there once the operation has run (again)."""
    store = open_file(str(file))
    OPERATIONS[name](store)
    store.close()
    return seen(file)


def breaking(file: Path, statements: int) -> SqliteStore:
    connect(str(file)).close()
    db = sqlite3.connect(file, isolation_level=None, factory=Breaking)
    db.execute("PRAGMA foreign_keys = ON")
    db.left = statements
    return SqliteStore(db, str(file))


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_connection_that_breaks_after_any_statement_leaves_all_or_nothing(name: str, prepared: Path) -> None:
    before = seen(prepared)
    after = done(name, copied(prepared, "whole.db"))
    assert before != after
    pictures = []
    for statements in range(1, 200):
        target = copied(prepared, f"{statements}.db")
        store = breaking(target, statements)
        try:
            OPERATIONS[name](store)
        except Dropped:
            pictures.append(picture(SqliteStore(store.db, "the same connection")))
            store.close()
            assert seen(target) == pictures[-1]
        else:
            store.close()
            break
    assert len(pictures) >= 3
    assert all(one in (before, after) for one in pictures)
    assert pictures[0] == before
    assert seen(target) == after


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_process_killed_before_any_statement_leaves_all_or_nothing(name: str, prepared: Path, tmp_path: Path) -> None:
    before = seen(prepared)
    after = done(name, copied(prepared, "whole.db"))
    folder = tmp_path / "killed"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.store.killed", name, str(prepared), str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=100)
    files = sorted(folder.glob("*.db"), key=lambda file: int(file.stem))
    assert len(files) >= 4
    for file in files[:-1]:
        assert seen(file) == before  # the last statement is COMMIT: killed before it, nothing is there
        assert done(name, file) == after
    assert seen(files[-1]) == after
