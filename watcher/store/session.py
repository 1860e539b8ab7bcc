"""edge: path -> connection, transactions, and SQLite's errors in words a person can act on.

One connection, used by one thread at a time. WAL, so that readers never wait for the writer; every commit but those
of `leasing` is synced (`synchronous=FULL`): what was told outside is never forgotten inside.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from watcher.errors import StoreError, StoreUnavailable

MEMORY = ":memory:"
BUSY_TIMEOUT = 5.0
"""Seconds to wait for another program's transaction; ours take milliseconds."""
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
READABLE = partial(str, encoding="utf-8", errors="replace")
"""Text as it is read: a letter that the disk damaged is one that cannot be read, and the rest still is told."""
WAL_KEPT = 64 * 2**20  # bytes of write-ahead log kept on disk after a checkpoint


class Session:
    """A connection with its transactions. `name` is what errors call the database."""

    def __init__(self, db: sqlite3.Connection, name: str) -> None:
        db.row_factory = sqlite3.Row
        self.db = db
        self.name = name
        self._place = _place(name)

    def in_place(self) -> None:
        """Raises StoreError where the path does not lead to the opened file any more, into which SQLite would go on
        writing what nobody finds.
        """
        place = _place(self.name)
        if place != self._place:
            raise StoreError(f"database {self.name} {_REPLACED if place else _GONE}")

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
        """Like writing, without waiting for the disk, for what may be undone when the power fails: who held a lease
        holds it no more, and a poll that found nothing is made again.
        """
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

    def dropped(self, items: Iterable[int]) -> None:
        """These items are not stored any more: for who remembers something of them."""

    def close(self) -> None:
        self.db.close()


def connect(path: str, *, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """Open for reading and writing; the file and its folder are made when they are not there. Raises StoreError."""
    with explained(path):
        if path != MEMORY:
            _refuse_folder(Path(path))
            Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(OSError):  # SQLite says it better
                Path(path).touch(mode=0o600)  # its logs get the same rights
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
        code = _code(error)
        kind = StoreUnavailable if code in _PASSING else StoreError
        said = f"{_WORDS[code]} ({error})" if code else f"failed: {error}"
        raise kind(f"database {name} {said}") from error
    except UnicodeDecodeError as error:  # in a name: of a table, of a column
        raise StoreError(f"database {name} {_WORDS['CORRUPT']}") from error
    except OSError as error:
        if (code := _OF_SYSTEM.get(error.errno or 0)) is not None:
            raise StoreUnavailable(f"database {name} {_WORDS[code]}") from error
        mend = _MENDS.get(error.errno or 0, "")
        raise StoreError(f"database {name} cannot be opened: {error.strerror or error}{mend}") from error


_FULL = "cannot grow: the disk is full; make room"
_WORDS = {
    "IOERR_SHMSIZE": _FULL,
    "FULL": _FULL,
    "NOFILE": "cannot be opened: the process has no file descriptor left; raise its limit (LimitNOFILE, ulimit -n)",
    "BUSY": "is locked by another program; close what holds it (a database browser, a backup) and try again",
    "LOCKED": "is locked by another program; close what holds it (a database browser, a backup) and try again",
    "READONLY": "is read-only; give this user the right to write the file and the folder it stands in",
    "PERM": "may not be opened; give this user the right to write the file and the folder it stands in",
    "CANTOPEN": "cannot be opened; is it a file, and may this user write it and the folder it stands in?",
    "NOTADB": "is not a SQLite database; name another file, or move this one away",
    "CORRUPT": "is damaged; stop the watcher and put back a backup, or save what can be read with sqlite3's .recover",
    "IOERR": "cannot be read or written: the disk reports an error; look at the system's log",
}

_PASSING = frozenset(("IOERR_SHMSIZE", "FULL", "NOFILE", "BUSY", "LOCKED"))
_OF_SYSTEM = {errno.ENOSPC: "FULL", errno.EDQUOT: "FULL", errno.EMFILE: "NOFILE", errno.ENFILE: "NOFILE"}
_RIGHTS = "; give this user the right to write the file and the folder it stands in"
_IN_THE_WAY = "; where its folder should be there is a file, or a link to nothing: see `data`"
_MENDS = {
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: "; mount its disk for writing, or name another folder for `data`",
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
}
_GONE = (
    "is not in its place any more: it was moved or deleted, or its disk is gone; put it back with the files beside it, "
    "or start again without what it held"
)
_REPLACED = "was replaced by another file while it was in use; start again to go by that one"


def _code(error: sqlite3.DatabaseError) -> str | None:
    """Which of _WORDS tells of it. SQLite does not say that it was a descriptor that it could not have."""
    code = next((code for code in _WORDS if _is(error, code)), None)
    return "NOFILE" if code in {"CANTOPEN", "IOERR"} and _out_of_descriptors() else code


def _out_of_descriptors() -> bool:
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return _OF_SYSTEM.get(error.errno or 0) == "NOFILE"
    return False


def _is(error: sqlite3.Error, code: str) -> bool:
    """Whether the error has this primary code; extended ones begin with it (SQLITE_READONLY_DIRECTORY)."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return f"{name}_".startswith(f"SQLITE_{code}_")


def _opened(target: str, busy_timeout: float, settings: Iterable[str]) -> sqlite3.Connection:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(f"this Python has SQLite {sqlite3.sqlite_version}; watcher needs 3.37 or newer")
    uri = target.startswith("file:///")
    db = sqlite3.connect(target, timeout=busy_timeout, isolation_level=None, check_same_thread=False, uri=uri)
    db.text_factory = READABLE
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


def _place(path: str) -> tuple[int, int] | None:
    """Which file it is; None where there is none, as in memory."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
