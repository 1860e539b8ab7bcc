"""A database that cannot serve is told in one line: what, which file, what to do."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.nouns import NOW, WIRES, feed, picture, poll, ready, revision
from tests.lives import no_descriptors
from tests.store.operations import prepare
from watcher.errors import StoreError, StoreUnavailable
from watcher.model import Heartbeat, Revision
from watcher.store import hold_store, open_memory_copy, open_store
from watcher.store.sqlite import SqliteStore, open_file

ROOT = Path(__file__).parents[2]
SOON = 0.05  # seconds of patience with a locked database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database at rest with something in it."""
    store = open_file(str(tmp_path / "watcher.db"))
    prepare(store)
    store.close()
    return tmp_path / "watcher.db"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that others may enter, as the test runner's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="watcher-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def refused(path: Path | str, *, read_only: bool = False) -> str:
    """The one line that tells why this cannot be opened."""
    with pytest.raises(StoreError) as caught:
        open_file(str(path), read_only=read_only, busy_timeout=SOON)
    line = str(caught.value)
    assert caught.value.exit_code == 78
    assert str(path) in line
    assert "\n" not in line
    return line


def as_somebody_else(way: str, path: Path) -> tuple[int, str]:
    """Exit code and words of a process that may do no more than file modes allow."""
    command = [sys.executable, "-m", "tests.store.unprivileged", way, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.strip() + done.stderr.strip()


# locked


def test_a_database_locked_by_another_program_is_told_at_opening(file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "is locked by another program; close what holds it" in refused(file)
    other.close()


def test_a_database_that_gets_locked_later_is_told_and_serves_again_afterwards(file: Path) -> None:
    store = open_file(str(file), busy_timeout=SOON)
    before = picture(store)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="is locked by another program"):
        store.sync_feeds({})
    assert picture(store) == before
    other.execute("ROLLBACK")
    store.sync_feeds({})
    assert not store.feeds()
    other.close()
    store.close()


# for a while


def test_a_lock_and_a_full_disk_pass_and_damage_does_not(file: Path) -> None:
    store = open_file(str(file), busy_timeout=SOON)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        store.sync_feeds({})
    other.execute("ROLLBACK")
    other.close()
    with filled(store), pytest.raises(StoreUnavailable, match="cannot grow: the disk is full; make room"):
        poll(store, large())
    store.close()
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(StoreError) as caught:
        open_file(str(file))
    assert not isinstance(caught.value, StoreUnavailable)


def test_what_a_full_disk_refuses_is_refused_whole_and_taken_when_there_is_room(file: Path) -> None:
    store = open_file(str(file))
    before = picture(store)
    with filled(store):
        for _ in range(3):
            with pytest.raises(StoreUnavailable):
                poll(store, revision("small"), large())
            assert picture(store) == before
    poll(store, revision("small"), large())
    assert store.status(NOW).items == 5
    store.close()


def test_a_process_without_descriptors_has_not_a_broken_database(file: Path) -> None:
    store = open_file(str(file))
    with no_descriptors():
        poll(store, revision("z"))
        store.beat(HEARTBEAT)
        for opened in (lambda: open_file(str(file)), lambda: hold_store(str(file)).__enter__()):
            with pytest.raises(StoreUnavailable, match="has no file descriptor left; raise its limit"):
                opened()
    store.close()
    open_file(str(file)).close()


HEARTBEAT = Heartbeat(pid=1, started_at=NOW, beat_at=NOW)


def large() -> Revision:
    """More than the pages that are free."""
    return revision("large", text="strike " * 30_000)


@contextmanager
def filled(store: SqliteStore) -> Iterator[None]:
    """No page more."""
    pages = store.db.execute("PRAGMA page_count").fetchone()[0]
    store.db.execute(f"PRAGMA max_page_count = {pages}")
    yield
    store.db.execute("PRAGMA max_page_count = 1073741823")


# not in its place


def moved(file: Path) -> None:
    file.rename(file.with_name("elsewhere.db"))


def replaced(file: Path) -> None:
    Path(shutil.copy(file, file.with_name("copy.db"))).replace(file)


def folder_gone(file: Path) -> None:
    shutil.rmtree(file.parent)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (Path.unlink, "is not in its place any more: it was moved or deleted"),
        (moved, "is not in its place any more: it was moved or deleted"),
        (folder_gone, "is not in its place any more: it was moved or deleted"),
        (replaced, "was replaced by another file while it was in use; start again"),
    ],
)
def test_a_daemon_does_not_go_on_writing_into_a_file_that_nobody_finds(
    tmp_path: Path, what: Callable[[Path], None], told: str
) -> None:
    file = tmp_path / "var" / "watcher.db"
    store = open_file(str(file))
    store.beat(HEARTBEAT)
    what(file)
    with pytest.raises(StoreError, match=told) as caught:
        store.beat(HEARTBEAT)
    assert not isinstance(caught.value, StoreUnavailable)
    assert str(file) in str(caught.value)
    store.close()


# not writable, not readable


def test_a_read_only_file_cannot_be_written_and_can_be_read(folder: Path, file: Path) -> None:
    target = Path(shutil.copy(file, folder / "watcher.db"))
    target.chmod(0o444)
    folder.chmod(0o555)
    code, words = as_somebody_else("write", target)
    assert (code, "is read-only; give this user the right to write" in words) == (78, True), words
    assert as_somebody_else("read", target) == (0, "3")
    assert [one.name for one in folder.iterdir()] == ["watcher.db"]


def test_somebody_who_may_only_read_sees_what_a_live_daemon_has_just_written(folder: Path, file: Path) -> None:
    target = Path(shutil.copy(file, folder / "watcher.db"))
    target.chmod(0o644)
    daemon = open_store(str(target))
    poll(daemon, revision("fresh"))
    assert as_somebody_else("read", target) == (0, "4")
    daemon.close()


def test_a_folder_that_may_not_be_written_is_told(folder: Path) -> None:
    folder.chmod(0o555)
    code, words = as_somebody_else("write", folder / "watcher.db")
    assert (code, "may this user write it and the folder it stands in?" in words) == (78, True), words
    code, words = as_somebody_else("write", folder / "deeper" / "watcher.db")
    assert (code, "cannot be opened: Permission denied" in words) == (78, True), words


def test_a_file_that_may_not_be_read_is_told(folder: Path, file: Path) -> None:
    target = Path(shutil.copy(file, folder / "watcher.db"))
    target.chmod(0)
    code, words = as_somebody_else("read", target)
    assert (code, "cannot be opened" in words) == (78, True), words
    target.chmod(stat.S_IRUSR | stat.S_IWUSR)


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    assert "is a folder; name a file in it" in refused(tmp_path)
    assert "is a folder; name a file in it" in refused(tmp_path, read_only=True)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a folder")
    assert "cannot be opened: " in refused(tmp_path / "var" / "watcher.db")


# not ours, or not whole


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path, *, read_only: bool) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("these are my notes\n" * 100)
    assert "is not a SQLite database; name another file, or move this one away" in refused(file, read_only=read_only)
    assert file.read_text() == "these are my notes\n" * 100


@pytest.mark.parametrize("read_only", [True, False])
def test_a_database_of_another_program_is_told_and_left_alone(tmp_path: Path, *, read_only: bool) -> None:
    file = tmp_path / "other.db"
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE feeds (name)")
    other.close()
    before = file.read_bytes()
    assert "belongs to another program; name another file" in refused(file, read_only=read_only)
    assert file.read_bytes() == before


@pytest.mark.parametrize("read_only", [True, False])
def test_a_database_of_a_newer_version_is_refused(file: Path, *, read_only: bool) -> None:
    db = sqlite3.connect(file)
    db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('watcher', '999_later', '')")
    db.commit()
    db.close()
    assert "is from a newer version of watcher (it has 999_later)" in refused(file, read_only=read_only)


def test_a_truncated_database_is_told(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    assert "is damaged; stop the watcher and put back a backup" in refused(file)


def test_damage_found_later_is_told_and_names_the_file(file: Path) -> None:
    db = sqlite3.connect(file)
    page = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'feeds'").fetchone()[0]
    size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    data = bytearray(file.read_bytes())
    data[(page - 1) * size : page * size] = b"\xa5" * size
    file.write_bytes(data)
    store = open_file(str(file))
    with pytest.raises(StoreError, match="is damaged; stop the watcher and put back a backup") as caught:
        store.feeds()
    assert str(file) in str(caught.value)
    store.close()


# reading beside a daemon


@pytest.mark.parametrize("name", ["watcher.db", "var/watcher.db"])
def test_reading_what_was_never_stored_says_so_and_makes_nothing(tmp_path: Path, name: str) -> None:
    assert "nothing stored yet" in refused(tmp_path / name, read_only=True)
    assert "run `watcher run`" in refused(tmp_path / name, read_only=True)
    assert not list(tmp_path.iterdir())


def test_reading_an_empty_file_says_that_nothing_is_stored(tmp_path: Path) -> None:
    (tmp_path / "watcher.db").touch()
    assert "nothing stored yet" in refused(tmp_path / "watcher.db", read_only=True)


def test_a_reader_sees_each_poll_of_a_live_daemon_and_is_in_nobodys_way(tmp_path: Path) -> None:
    daemon = open_file(str(tmp_path / "watcher.db"), busy_timeout=SOON)
    ready(daemon)
    reader = open_store(str(tmp_path / "watcher.db"), read_only=True)
    results = reader.search([], None, 99)
    assert not list(results)
    poll(daemon, revision("a"), revision("b"))
    results = reader.search([], None, 99)
    assert next(results) == revision("b")
    poll(daemon, revision("c"))
    assert list(results) == [revision("a")]
    assert reader.status(NOW).items == 3
    reader.close()
    daemon.close()


def test_a_reader_cannot_write(file: Path) -> None:
    reader = open_store(str(file), read_only=True)
    before = picture(reader)
    with pytest.raises(StoreError, match="is read-only"):
        reader.sync_feeds({})
    assert picture(reader) == before
    reader.close()


def test_a_reader_leaves_the_folder_as_it_was(file: Path) -> None:
    before = sorted(file.parent.iterdir()), file.read_bytes()
    reader = open_store(str(file), read_only=True)
    picture(reader)
    reader.close()
    assert (sorted(file.parent.iterdir()), file.read_bytes()) == before


# places


def test_a_plain_path_and_a_url_name_the_same_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    pictures = []
    for url in (str(file), f"sqlite:///{file}", "sqlite:///watcher.db", "watcher.db"):
        store = open_store(url, read_only=True)
        pictures.append(picture(store))
        store.close()
    assert all(one == pictures[0] for one in pictures)


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    open_store(str(tmp_path / "var" / "lib" / "watcher.db")).close()
    assert (tmp_path / "var" / "lib" / "watcher.db").exists()


def test_names_with_odd_letters_are_names(tmp_path: Path) -> None:
    odd = tmp_path / "50% of #it? yes & ü.db"
    store = open_store(str(odd))
    ready(store)
    store.close()
    reader = open_store(str(odd), read_only=True)
    assert [state.feed.id for state in reader.feeds()] == [WIRES]
    reader.close()
    assert [one.name for one in tmp_path.iterdir()] == [odd.name]


# a copy in memory


def test_a_copy_in_memory_has_everything_and_changes_nothing(file: Path) -> None:
    daemon = open_store(str(file))
    copy = open_memory_copy(f"sqlite:///{file}")
    assert picture(copy) == picture(daemon)
    before = picture(daemon)
    copy.sync_feeds({feed().id: (feed(), NOW)})
    poll(copy, revision("z"))
    assert picture(daemon) == before
    copy.close()
    daemon.close()


def test_a_copy_of_what_is_not_there_is_empty_and_makes_nothing(tmp_path: Path) -> None:
    copy = open_memory_copy(str(tmp_path / "watcher.db"))
    assert copy.feeds() == ()
    copy.close()
    assert not list(tmp_path.iterdir())


def test_a_copy_of_a_damaged_database_is_told(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(StoreError, match=f"{file} is damaged"):
        open_memory_copy(str(file))


def test_a_copy_of_what_another_program_stored_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE feeds (name)")
    other.close()
    with pytest.raises(StoreError, match=f"{file} belongs to another program"):
        open_memory_copy(str(file))


def test_a_store_in_memory_needs_no_lock() -> None:
    with hold_store("sqlite:///:memory:"), hold_store("sqlite:///:memory:"):
        pass
