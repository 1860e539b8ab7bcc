"""edge: database file -> one daemon: an flock on `<database>.lock`, which holds the daemon's pid.

The kernel gives the lock back however the daemon ends, so a pid left in the file means nothing by itself.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watcher.errors import StoreError
from watcher.store.session import explained

LOOK_AGAIN = 0.1  # seconds between two looks while waiting


@contextmanager
def hold(path: str, *, wait: float = 0.0) -> Iterator[None]:
    """Be the only daemon of this database while inside; wait so many seconds for another to end. Raises StoreError."""
    with explained(path):
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(_file(path), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(handle, path, time.monotonic() + wait)
        with explained(path):
            os.truncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def holder(path: str) -> int | None:
    """The pid of the daemon that holds the database; None when nobody does."""
    try:
        handle = os.open(_file(path), os.O_RDONLY)
    except OSError:
        return None
    try:
        return None if _taken(handle, fcntl.LOCK_SH) else _pid(handle)
    finally:
        os.close(handle)


def _take(handle: int, path: str, deadline: float) -> None:
    while not _taken(handle, fcntl.LOCK_EX):
        if time.monotonic() >= deadline:
            raise StoreError(
                f"database {path} is held by another watcher (pid {_pid(handle)}); stop it, or wait with --wait-lock"
            )
        time.sleep(LOOK_AGAIN)


def _taken(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid(handle: int) -> int:
    """0 in the moment between taking the lock and writing the pid."""
    return int(os.pread(handle, 32, 0) or b"0")


def _file(path: str) -> str:
    """By the name that the file has itself: a link to it is the same database."""
    return f"{os.path.realpath(path)}.lock"
