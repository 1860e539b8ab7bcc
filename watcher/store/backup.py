"""edge: a database in use -> a copy of it in a file of its own, read back whole before it gets its name.

The pages are copied by SQLite as they stand at one moment, whatever is written meanwhile. The copy has no write-ahead
log, and says so: one that lies beside it is another database's (`stale`).
"""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watcher.errors import BackupError
from watcher.model import Flaw, Tell
from watcher.store.examining import LATER, SUMS, examine, interruptible
from watcher.store.migrations import refuse_other_shapes
from watcher.store.session import connect_to_read, explained
from watcher.store.stale import say_without_log
from watcher.text.counted import size

PAGES = 2_560
"""Copied and made safe between two words about how far it is: others wait for 10 MiB of the disk at most."""
SPARE = 2**20
"""Bytes that stay free on the disk beside the copy."""
PART = ".watcher-part"
"""Behind the name of a copy that is being written; nobody else ends a file's name so."""
_OWN = re.compile(r"watcher-\d{8}T\d{6}Z\.db")
_BESIDE = frozenset({SUMS, LATER})
"""What may be wrong in a copy that is as good as its original."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A copy that is in its place; `flaws` are its original's own."""

    path: Path
    size: int  # bytes
    items: int
    alerts: int
    flaws: tuple[Flaw, ...] = ()


def own_name(now: datetime) -> str:
    """What a copy in a folder is called."""
    return f"watcher-{now:%Y%m%dT%H%M%SZ}.db"


def copies(folder: Path) -> list[Path]:
    """The copies in a folder that have such a name, oldest first."""
    return sorted(path for path in folder.iterdir() if _OWN.fullmatch(path.name) and _is_file(path))


def back_up(path: str, target: Path, now: datetime, tell: Tell) -> Copied:
    """Copy the database to a file that is not there yet. Raises BackupError, and StoreError without a database."""
    with explained(path), closing(connect_to_read(path)) as source:
        refuse_other_shapes(source, path)
        with _written(target), _part(target) as (part, handle):
            _refuse_without_room(source, target)
            _copy(source, part, handle, tell)
            flaws = tuple(_read_back(part, now, tell))
            if any(flaw.code not in _BESIDE for flaw in flaws):
                raise BackupError(f"no backup made: {_said(flaws)}; `watcher doctor` says more")
            copied = _counted(part, target, flaws)
            part.rename(target)
            _settle(target.parent)
    return copied


def drop_all_but(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest of the copies in a folder; those that went."""
    gone = copies(folder)[:-keep]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def sweep(folder: Path) -> None:
    """Delete what copies that were killed have left in a folder."""
    for part in parts(folder):
        part.unlink(missing_ok=True)


def parts(folder: Path) -> Iterator[Path]:
    """What copies that were killed have left."""
    for part in sorted(folder.glob(f"watcher-*.db{PART}")):
        if _OWN.fullmatch(part.name.removesuffix(PART)) and _is_file(part) and not _held(part):
            yield part


def _copy(source: sqlite3.Connection, part: Path, handle: int, tell: Tell) -> None:
    def progress(_: int, remaining: int, total: int) -> None:
        os.fdatasync(handle)
        tell("copying", total - remaining, total)

    with closing(sqlite3.connect(part)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # it is made safe here
        copy.execute("PRAGMA journal_mode = OFF")
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # from here on it stands still
        source.backup(copy, pages=PAGES, progress=progress)
        source.execute("ROLLBACK")
    say_without_log(handle)
    os.fsync(handle)


def _read_back(part: Path, now: datetime, tell: Tell) -> Iterator[Flaw]:
    with closing(_opened(part)) as db:
        refuse_other_shapes(db, str(part))
        yield from examine(db, str(part), now, tell)


def _counted(part: Path, target: Path, flaws: tuple[Flaw, ...]) -> Copied:
    with closing(_opened(part)) as db, interruptible(db):
        items, alerts = db.execute("SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM alerts)").fetchone()
    return Copied(path=target, size=part.stat().st_size, items=items, alerts=alerts, flaws=flaws)


def _opened(part: Path) -> sqlite3.Connection:
    """To read alone, and without a look for logs and locks: nobody else has it."""
    db = sqlite3.connect(f"{part.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    db.row_factory = sqlite3.Row
    return db


def _refuse_without_room(source: sqlite3.Connection, target: Path) -> None:
    """Nobody is helped by a copy that fills the disk on which the watcher stores."""
    page, pages = (source.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count"))
    disk = os.statvfs(target.parent)
    free, needed = disk.f_bavail * disk.f_frsize, page * pages + SPARE
    if free < needed:
        raise BackupError(
            f"no room for a backup in {target.parent}: {size(needed)} are needed, {size(free)} "
            "are free; make room, or name another place"
        )


@contextmanager
def _part(target: Path) -> Iterator[tuple[Path, int]]:
    """The file that is written before it has its name, this process's alone; gone afterwards, whatever happens."""
    if os.path.lexists(target):
        raise BackupError(f"{target} is there already; name another file, or a folder")
    part = target.with_name(f"{target.name}{PART}")
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        if not _locked(handle):
            raise BackupError(f"another backup is being written to {target}")
        os.fchmod(handle, 0o600)
        os.truncate(handle, 0)
        try:
            yield part, handle
        finally:
            part.unlink(missing_ok=True)
    finally:
        os.close(handle)


@contextmanager
def _written(target: Path) -> Iterator[None]:
    """Say what went wrong with the copy as what it is: not the database's fault."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"no backup can be written to {target}: {(error.strerror or str(error)).lower()}") from error
    except sqlite3.OperationalError as error:
        raise BackupError(f"no backup can be written to {target}: {error}") from error


def _said(flaws: Iterable[Flaw]) -> str:
    first, *more = flaws
    return f"{first.where}: {first.message}" + (f" (and {len(more)} more findings)" if more else "")


def _held(part: Path) -> bool:
    with suppress(OSError):
        handle = os.open(part, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            return not _locked(handle)
        finally:
            os.close(handle)
    return True  # not ours to look at


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _settle(folder: Path) -> None:
    """Make the name of a file safe."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
