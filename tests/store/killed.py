"""Run one operation on copies of a database, killed before its 1st, 2nd ... statement: killed.py NAME DATABASE FOLDER.

NAME is one of OPERATIONS, or "migrate": bringing a database of a past version up to date.

Copy N is left in FOLDER as N.db with whatever the kill left beside it; the last one was not killed any more.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path

from tests.store.operations import OPERATIONS
from watcher.store.migrations import migrate
from watcher.store.session import connect
from watcher.store.sqlite import SqliteStore, open_file


def main(name: str, database: str, folder: str) -> None:
    for number in count(1):
        target = Path(folder) / f"{number}.db"
        shutil.copy(database, target)
        child = os.fork()
        if not child:
            run_and_die(name, target, number)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0, f"{name} failed by itself at {number}"
            return


def run_and_die(name: str, target: Path, number: int) -> None:
    """SIGKILL before statement `number` of the operation, every step of an executemany counted."""
    try:
        migrating = name == "migrate"
        store = SqliteStore(connect(str(target)), str(target)) if migrating else open_file(str(target))
        statements = count(1)
        store.db.set_trace_callback(lambda sql: None if is_aside(sql) else die_at(next(statements), number))
        if migrating:
            migrate(store.db, str(target))
        else:
            OPERATIONS[name](store)
        store.close()
    except Exception as error:  # noqa: BLE001 — a forked child must end here, whatever happens
        print(f"{name}: {error!r}", file=sys.stderr)
        os._exit(1)
    os._exit(0)


def is_aside(sql: str) -> bool:
    """A setting, which changes nothing by itself, or a step of a trigger, which is part of its statement."""
    return sql.startswith(("PRAGMA", "--"))


def die_at(statement: int, number: int) -> None:
    if statement == number:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
