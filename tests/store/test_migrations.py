"""Databases of earlier shapes are brought up to date, whole or not at all, and copied before."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from tests.contract.nouns import picture
from tests.store.operations import prepare
from watcher.errors import StoreError
from watcher.model import ItemId
from watcher.store.lock import hold
from watcher.store.migrations import MIGRATIONS, migrate, refuse_other_shapes
from watcher.store.session import connect
from watcher.store.sqlite import SqliteStore, open_file


class Broken(Exception):
    """The migration went wrong."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database at rest, of the present shape."""
    store = open_file(str(tmp_path / "watcher.db"))
    prepare(store)
    store.close()
    return tmp_path / "watcher.db"


def next_version(*, broken: bool = False) -> Migrations:
    """The migrations of a version to come: all of ours, and one that adds a table."""
    migrations = Migrations(MIGRATIONS.name)
    for known in MIGRATIONS._migrations:
        migrations(name=known.name)(known.fn)

    @migrations(name="999_add_labels")
    def add_labels(db: Database) -> None:
        db.execute("CREATE TABLE labels (item TEXT PRIMARY KEY) STRICT")
        db.execute("DELETE FROM feeds WHERE id = 'other'")
        if broken:
            raise Broken

    return migrations


def first_shape(path: Path) -> sqlite3.Connection:
    """A database as the first version left it, with one match."""
    first = Migrations(MIGRATIONS.name)
    begin = MIGRATIONS._migrations[0]
    first(name=begin.name)(begin.fn)
    db = connect(str(path))
    migrate(db, str(path), first)
    db.execute("INSERT INTO rule_versions VALUES ('h', 'quake', '{}', 0, 1)")
    db.execute(
        "INSERT INTO matches (item, rule, revision, rule_hash, evidence, matched_at, seen_at, story)"
        " VALUES ('a', 'quake', 1, 'h', '[]', 0, 0, 's')"
    )
    return db


def test_matches_of_the_first_version_are_no_denials(tmp_path: Path) -> None:
    first_shape(tmp_path / "old.db").close()
    store = open_file(str(tmp_path / "old.db"))
    (record,) = store.records(ItemId("a"))
    assert record.match.denial is False
    assert (tmp_path / "old.db.before-002_denials.bak").exists()
    store.close()


def test_a_migration_is_preceded_by_a_backup_that_opens_as_it_was(file: Path) -> None:
    store = open_file(str(file))
    before = picture(store)
    migrate(store.db, str(file), next_version())
    assert store.db.execute("SELECT count(*) FROM labels").fetchone()[0] == 0
    assert picture(store) != before
    store.close()
    backup = open_file(f"{file}.before-999_add_labels.bak", read_only=True)
    assert picture(backup) == before
    backup.close()


def test_a_migration_that_fails_changes_nothing_and_may_be_tried_again(file: Path) -> None:
    store = open_file(str(file))
    before = picture(store)
    with pytest.raises(Broken):
        migrate(store.db, str(file), next_version(broken=True))
    assert picture(store) == before
    assert not store.db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'labels'").fetchall()
    migrate(store.db, str(file), next_version())
    assert store.db.execute("SELECT count(*) FROM labels").fetchone()[0] == 0
    store.close()


def test_a_new_database_has_no_backup_and_an_unchanged_one_neither(file: Path) -> None:
    open_file(str(file)).close()
    assert not list(file.parent.glob("*.bak*"))


def test_a_database_of_an_older_version_is_not_read_but_told(file: Path) -> None:
    db = sqlite3.connect(file)
    with pytest.raises(StoreError, match="is from an older version of watcher; `watcher run` brings it up to date"):
        refuse_other_shapes(db, str(file), next_version())
    db.close()


def test_a_database_that_was_migrated_is_refused_by_the_version_before(file: Path) -> None:
    db = connect(str(file))
    migrate(db, str(file), next_version())
    db.close()
    with pytest.raises(StoreError, match="is from a newer version of watcher"):
        open_file(str(file))


def test_the_daemon_that_holds_the_lock_migrates_and_another_process_does_not(file: Path) -> None:
    with hold(str(file)):
        lock = Path(f"{file}.lock")
        lock.write_text("1\n")  # as if process 1 held it
        db = connect(str(file))
        with pytest.raises(StoreError, match=r"an older watcher runs \(pid 1\)"):
            migrate(db, str(file), next_version())
        lock.write_text(f"{os.getpid()}\n")
        migrate(db, str(file), next_version())
        assert picture(SqliteStore(db, str(file)))
        db.close()


def test_a_backup_left_half_made_by_a_crash_is_made_anew(file: Path) -> None:
    Path(f"{file}.before-999_add_labels.bak.part").write_text("half")
    db = connect(str(file))
    migrate(db, str(file), next_version())
    db.close()
    assert sorted(one.name for one in file.parent.iterdir()) == ["watcher.db", "watcher.db.before-999_add_labels.bak"]
