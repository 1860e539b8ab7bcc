"""A copy is made beside a daemon that writes, and has its name only when it is whole."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from tests.contract.nouns import NOW, picture, poll, ready
from tests.store.test_examining import DAMAGE, changed, lived, true
from watcher.errors import BackupError, StoreError
from watcher.model import untold
from watcher.store import back_up_store, examine_store, open_memory_copy, open_store
from watcher.store.backup import PART, copies, drop_all_but, own_name, sweep
from watcher.store.sqlite import open_file

SOAK = bool(os.environ.get("WATCHER_SOAK"))
BACKUPS = 200 if SOAK else 5
AFTER = NOW + timedelta(hours=1)
SPAWNED = multiprocessing.get_context("spawn")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database at rest."""
    (tmp_path / "data").mkdir()
    store = open_file(str(tmp_path / "data" / "watcher.db"))
    lived(store)
    store.close()
    return tmp_path / "data" / "watcher.db"


def back_up(file: Path, target: Path) -> Path:
    return back_up_store(str(file), target, AFTER, untold).path


def store_for_ever(path: str, begun: Event, stop: Event) -> None:
    """A daemon at full speed."""
    store = open_file(path)
    number = 0
    while not stop.is_set():
        poll(store, *(true(f"new {number} {n}") for n in range(5)))
        number += 1
        begun.set()
    store.close()


@contextmanager
def at_full_speed(file: Path) -> Iterator[None]:
    begun, stop = SPAWNED.Event(), SPAWNED.Event()
    writer = SPAWNED.Process(target=store_for_ever, args=(str(file), begun, stop))
    writer.start()
    try:
        assert begun.wait(60)
        yield
    finally:
        stop.set()
        writer.join()
    assert writer.exitcode == 0


@pytest.mark.timeout(3600 if SOAK else 120)
def test_each_backup_of_a_database_that_is_written_at_full_speed_is_whole_and_can_be_restored(
    file: Path, tmp_path: Path
) -> None:
    with at_full_speed(file):
        made = [back_up_store(str(file), tmp_path / f"{n}.db", AFTER, untold) for n in range(BACKUPS)]
    for copied in made:
        restored = Path(shutil.copy(copied.path, tmp_path / "restored.db"))
        with closing(open_file(str(restored))) as store:
            status = store.status(AFTER)
            assert (status.items, sum(status.outbox.values())) == (copied.items, copied.alerts)
            poll(store, true("after"))
        assert list(examine_store(str(restored), AFTER, untold)) == []
    assert made[0].items < made[-1].items


def test_a_backup_holds_all_there_is_and_belongs_to_its_owner(file: Path, tmp_path: Path) -> None:
    copied = back_up_store(str(file), tmp_path / "copy.db", AFTER, untold)
    assert (copied.path, copied.items, copied.alerts) == (tmp_path / "copy.db", 4, 1)
    assert copied.size == copied.path.stat().st_size
    assert stat.S_IMODE(copied.path.stat().st_mode) == 0o600
    pictures = []
    for path in (file, copied.path):
        with closing(open_file(str(path))) as store:
            pictures.append(picture(store))
    assert pictures[0] == pictures[1]


def test_what_is_stored_is_its_owners_alone(tmp_path: Path) -> None:
    store = open_file(str(tmp_path / "new" / "watcher.db"))
    ready(store)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").glob("watcher.db*")} == {0o600}
    store.close()


def test_it_is_told_how_far_it_is(file: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    back_up_store(str(file), tmp_path / "copy.db", AFTER, lambda *said: told.append(said))
    assert ("items", 0, 5) in told
    (pages,) = {of for what, _, of in told if what == "copying"}
    assert ("copying", pages, pages) in told


# what goes wrong


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "data")


def test_a_damaged_database_makes_no_backup(file: Path, tmp_path: Path) -> None:
    changed(file, DAMAGE)
    with pytest.raises(BackupError, match=r"no backup made: item .*, revision 2: its content is not what was stored"):
        back_up(file, tmp_path / "copy.db")
    assert left(tmp_path) == []


def test_sums_that_differ_are_told_of_a_backup_that_is_made_all_the_same(file: Path, tmp_path: Path) -> None:
    changed(file, "DELETE FROM deliveries")
    copied = back_up_store(str(file), tmp_path / "copy.db", AFTER, untold)
    assert [flaw.code for flaw in copied.flaws] == ["sums-differ"]
    assert left(tmp_path) == ["copy.db"]


def test_a_file_that_is_there_is_left_alone(file: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("something else")
    with pytest.raises(BackupError, match="is there already"):
        back_up(file, tmp_path / "copy.db")
    (tmp_path / "link.db").symlink_to(tmp_path / "nowhere")
    with pytest.raises(BackupError, match="is there already"):
        back_up(file, tmp_path / "link.db")
    assert (tmp_path / "copy.db").read_text() == "something else"


def test_a_folder_that_is_not_there_is_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"no backup can be written to .*: no such file or directory"):
        back_up(file, tmp_path / "nowhere" / "copy.db")


def test_without_a_database_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no database"):
        back_up(tmp_path / "watcher.db", tmp_path / "copy.db")
    assert left(tmp_path) == []


LIMITED = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from watcher.errors import BackupError
from watcher.model import untold
from watcher.store import back_up_store
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
try:
    back_up_store(sys.argv[1], Path(sys.argv[2]), datetime(2026, 3, 2, tzinfo=UTC), untold)
except BackupError as error:
    print(error)
"""


def test_a_file_beside_the_target_is_nobody_s_but_its_owner_s(file: Path, tmp_path: Path) -> None:
    mine = tmp_path / "copy.db.part"
    mine.write_text("mine")
    back_up(file, tmp_path / "copy.db")
    assert mine.read_text() == "mine"


def test_a_disk_that_takes_no_more_leaves_no_part(file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", LIMITED, str(file), str(tmp_path / "copy.db")]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith(f"no backup can be written to {tmp_path / 'copy.db'}: ")
    assert len(done.stdout.splitlines()) == 1
    assert left(tmp_path) == []


@pytest.mark.parametrize("when", ["copying", "items", "sums"])
def test_an_interrupted_backup_leaves_no_part(file: Path, tmp_path: Path, when: str) -> None:
    def interrupt(what: str, *_: int) -> None:
        if what == when:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up_store(str(file), tmp_path / "copy.db", AFTER, interrupt)
    assert left(tmp_path) == []


def test_two_backups_never_write_the_same_file(file: Path, tmp_path: Path) -> None:
    def meanwhile(what: str, *_: int) -> None:
        if what == "copying":
            with pytest.raises(BackupError, match="another backup is being written"):
                back_up(file, tmp_path / "copy.db")
            refused.append(what)

    refused: list[str] = []
    back_up_store(str(file), tmp_path / "copy.db", AFTER, meanwhile)
    assert refused
    assert left(tmp_path) == ["copy.db"]


# older ones


def test_only_its_own_older_backups_are_deleted(tmp_path: Path) -> None:
    own = [own_name(NOW + timedelta(days=n)) for n in range(4)]
    others = ["watcher-2026.db", "watcher-20260301T120000Z.db.gz", "watcher.db", f"my-{own[0]}"]
    for name in (*own, *others):
        (tmp_path / name).touch()
    link = tmp_path / "watcher-20260401T000000Z.db"
    link.symlink_to(tmp_path / own[0])
    assert [path.name for path in copies(tmp_path)] == own
    assert [path.name for path in drop_all_but(tmp_path, 2)] == own[:2]
    assert left(tmp_path) == sorted([*own[2:], *others, link.name])
    assert drop_all_but(tmp_path, 2) == []


def test_what_a_killed_backup_left_goes_with_the_next_but_not_what_is_being_written(file: Path, tmp_path: Path) -> None:
    (tmp_path / f"{own_name(NOW)}{PART}").write_text("half")
    (tmp_path / f"watcher-notes.db{PART}").write_text("mine")

    def meanwhile(what: str, *_: int) -> None:
        if what == "items":
            sweep(tmp_path)

    back_up_store(str(file), tmp_path / own_name(AFTER), AFTER, meanwhile)
    assert left(tmp_path) == sorted([own_name(AFTER), f"watcher-notes.db{PART}"])


# a log of another database


def beside_its_log(file: Path) -> Path:
    """A database as it lies when its daemon was killed: what came last is in its log."""
    copy = file.with_name("killed.db")
    with closing(open_file(str(file))) as store:
        poll(store, true("last"))
        for name in ("", "-wal"):
            shutil.copy(f"{file}{name}", f"{copy}{name}")
    return copy


def test_a_backup_is_not_opened_beside_the_log_of_the_database_before_it(file: Path, tmp_path: Path) -> None:
    backup = back_up(file, tmp_path / "copy.db")
    killed = beside_its_log(file)
    shutil.copy(backup, killed)  # and the log is forgotten
    restored = killed.read_bytes()
    for look in (
        lambda: open_store(str(killed)),
        lambda: open_store(str(killed), read_only=True),
        lambda: open_memory_copy(str(killed)),
        lambda: list(examine_store(str(killed), AFTER, untold)),
        lambda: back_up(killed, tmp_path / "another.db"),
    ):
        with pytest.raises(StoreError, match="is of the database that was here before") as caught:
            look()
        assert f"`mv {killed}-wal {killed}-wal.old`" in str(caught.value)
    assert killed.read_bytes() == restored
    Path(f"{killed}-wal").rename(f"{killed}-wal.old")
    assert list(examine_store(str(killed), AFTER, untold)) == []


def test_the_log_of_a_daemon_that_was_killed_is_its_own(file: Path) -> None:
    with closing(open_file(str(beside_its_log(file)))) as store:
        assert store.revision(true("last").item.id)


def test_the_log_would_have_destroyed_the_backup(file: Path, tmp_path: Path) -> None:
    """What the refusal is for: SQLite itself takes the log."""
    backup = back_up(file, tmp_path / "copy.db")
    killed = beside_its_log(file)
    with closing(sqlite3.connect(killed)) as db:
        before = db.execute("SELECT count(*) FROM items").fetchone()
    killed = beside_its_log(file)
    shutil.copy(backup, killed)
    with closing(sqlite3.connect(killed)) as db:
        assert db.execute("SELECT count(*) FROM items").fetchone() == before
    with closing(sqlite3.connect(backup)) as db:
        assert db.execute("SELECT count(*) FROM items").fetchone() != before
