"""edge: path -> connection, transactions, and SQLite's errors in words a person can act on.

One connection, used by one thread at a time. WAL, so that readers never wait for the writer; every commit but that of
a lease is synced (`synchronous=FULL`): what was told outside is never forgotten inside.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from watcher.errors import StoreError, StoreUnavailable

MEMORY = ":memory:"
BUSY_TIMEOUT = 5.0
"""Seconds to wait for another program's transaction; ours take milliseconds."""
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
WAL_KEPT = 64 * 2**20  # bytes of write-ahead log kept on disk after a checkpoint


class Session:
    """A connection with its transactions. `name` is what errors call the database."""

    def __init__(self, db: sqlite3.Connection, name: str) -> None:
        db.row_factory = sqlite3.Row
        self.db = db
        self.name = name

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A consistent picture: everything read inside is of one moment. Raises StoreError."""
        with self._transaction("BEGIN") as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of what is done inside, or nothing. Raises StoreError."""
        with self._transaction("BEGIN IMMEDIATE") as db:
            yield db

    @contextmanager
    def leasing(self) -> Iterator[sqlite3.Connection]:
        """Like writing, without waiting for the disk: who held a lease when the power failed holds it no more."""
        with explained(self.name):
            self.db.execute("PRAGMA synchronous = NORMAL")
            try:
                with self.writing() as db:
                    yield db
            finally:
                self.db.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with explained(self.name):
            try:
                self.db.execute(begin)
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                self.db.rollback()
                raise

    def close(self) -> None:
        self.db.close()


def connect(path: str, *, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """Open for reading and writing; the file and its folder are made when they are not there. Raises StoreError."""
    with explained(path):
        if path != MEMORY:
            _refuse_folder(Path(path))
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        settings = ("foreign_keys = ON", "synchronous = FULL", f"journal_size_limit = {WAL_KEPT}")
        return _opened(path, busy_timeout, settings)


def log_ahead(db: sqlite3.Connection, path: str) -> None:
    """Switch the file to write-ahead logging, for good: not before it is known to be ours. Raises StoreError."""
    if path != MEMORY and db.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise StoreError(f"database {path}: its file system cannot do write-ahead logging; put it on a local disk")


def connect_to_read(path: str, *, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """Open an existing file for reading only, beside a daemon that writes. Raises StoreError."""
    file = Path(path)
    with explained(path):
        if not file.exists():
            raise StoreError(f"nothing stored yet: there is no database {path}; run `watcher run`")
        _refuse_folder(file)
        return _opened(f"{file.absolute().as_uri()}?mode={_way_in(file)}", busy_timeout, ["query_only = ON"])


def _way_in(file: Path) -> str:
    """Who may write opens so, because only such a connection clears away the log files it had to make; who may not
    reads beside the log of a daemon; and where there is none nobody writes, and SQLite need not look for one.
    """
    if os.access(file, os.W_OK) and os.access(file.parent, os.W_OK):
        return "rw"
    return "ro" if file.with_name(f"{file.name}-wal").exists() else "ro&immutable=1"


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn SQLite's complaints about the database into a StoreError of one line; our own mistakes pass as they are."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.NotSupportedError):
        raise
    except sqlite3.DatabaseError as error:
        kind = StoreUnavailable if any(_is(error, code) for code in _PASSING) else StoreError
        raise kind(f"database {name} {_words(error)}") from error
    except OSError as error:
        raise StoreError(f"database {name} cannot be opened: {error.strerror or error}") from error


_WORDS = {
    "BUSY": "is locked by another program; close what holds it (a database browser, a backup) and try again",
    "LOCKED": "is locked by another program; close what holds it (a database browser, a backup) and try again",
    "READONLY": "is read-only; give this user the right to write the file and the folder it stands in",
    "PERM": "may not be opened; give this user the right to write the file and the folder it stands in",
    "CANTOPEN": "cannot be opened; is it a file, and may this user write it and the folder it stands in?",
    "NOTADB": "is not a SQLite database; name another file, or move this one away",
    "CORRUPT": "is damaged; stop the watcher and put back a backup, or save what can be read with sqlite3's .recover",
    "FULL": "cannot grow: the disk is full; make room",
    "IOERR": "cannot be read or written: the disk reports an error; look at the system's log",
}

_PASSING = ("BUSY", "LOCKED", "FULL")


def _words(error: sqlite3.DatabaseError) -> str:
    said = next((words for code, words in _WORDS.items() if _is(error, code)), None)
    return f"{said} ({error})" if said else f"failed: {error}"


def _is(error: sqlite3.Error, code: str) -> bool:
    """Whether the error has this primary code; extended ones begin with it (SQLITE_READONLY_DIRECTORY)."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return f"{name}_".startswith(f"SQLITE_{code}_")


def _opened(target: str, busy_timeout: float, settings: Iterable[str]) -> sqlite3.Connection:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(f"this Python has SQLite {sqlite3.sqlite_version}; watcher needs 3.37 or newer")
    uri = target.startswith("file:///")
    db = sqlite3.connect(target, timeout=busy_timeout, isolation_level=None, check_same_thread=False, uri=uri)
    with closed_on_error(db):
        for setting in settings:
            db.execute(f"PRAGMA {setting}")
    return db


@contextmanager
def closed_on_error(db: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        db.close()
        raise


def _refuse_folder(file: Path) -> None:
    if file.is_dir():
        raise StoreError(f"database {file} is a folder; name a file in it")
