"""edge: database file -> whether the write-ahead log that lies beside it is its own.

A database in use has its log beside it and says in its header that it has one. A backup says that it has none; put in
the place of a database whose log was left there, it would be overwritten from that log by whoever opens it first.
"""

from __future__ import annotations

import os
from pathlib import Path

from watcher.errors import StoreError

_HEADER, _MODE, _WITHOUT = 100, slice(18, 20), b"\1\1"
"""Of SQLite's file format: the header's bytes, where it says whether there is a log, and that there is none."""


def refuse_stale_log(path: str) -> None:
    """Raises StoreError when the log beside the database is that of another one."""
    if log := stale_log(path):
        raise StoreError(
            f"database {path} is a backup, and {log} is of the database that was here before, and would be written "
            f"over it: stop the watcher, then `mv {log} {log}.old`"
        )


def stale_log(path: str) -> Path | None:
    """The log beside a database that says it has none."""
    log = Path(f"{path}-wal")
    try:
        with Path(path).open("rb") as file:
            header = file.read(_HEADER)
        return log if len(header) == _HEADER and header[_MODE] == _WITHOUT and log.stat().st_size else None
    except OSError:
        return None


def say_without_log(handle: int) -> None:
    """Let a file that is a whole database say so."""
    os.pwrite(handle, _WITHOUT, _MODE.start)
