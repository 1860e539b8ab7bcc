"""edge: "sqlite:///path" -> a Store in one file, or in memory.

Feeds come in through `feeds`, alerts go out through `outbox`, people look through `looking`; all three speak over
the one connection of a `session`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.model import Flaw, Tell
from watcher.store import lock
from watcher.store.feeds import Feeds
from watcher.store.frequencies import Frequencies
from watcher.store.keeping import Keeping
from watcher.store.learning import Learning
from watcher.store.looking import Looking
from watcher.store.migrations import checked, migrate, refuse_other_shapes
from watcher.store.outbox import Outbox
from watcher.store.pages import Pages
from watcher.store.people import People
from watcher.store.refiling import Refiling
from watcher.store.searching import Searching
from watcher.store.session import BUSY_TIMEOUT, MEMORY, closed_on_error, connect, connect_to_read, explained
from watcher.store.splitting import Splitting
from watcher.store.stale import refuse_stale_log
from watcher.store.stories import Stories

if TYPE_CHECKING:
    from watcher.store.backup import Copied


class SqliteStore(
    Feeds, Learning, Pages, Stories, Splitting, Outbox, People, Refiling, Frequencies, Keeping, Searching, Looking
):
    """ports.Store over one SQLite connection, used by one thread at a time."""


def open_file(path: str, *, read_only: bool = False, busy_timeout: float = BUSY_TIMEOUT) -> SqliteStore:
    """The store in this file, made or brought up to date as needed; `read_only` changes nothing. Raises StoreError."""
    refuse_stale_log(path)
    db = connect_to_read(path, busy_timeout=busy_timeout) if read_only else connect(path, busy_timeout=busy_timeout)
    with closed_on_error(db):
        (refuse_other_shapes if read_only else migrate)(db, path)
        with explained(path):  # each of thousands of decisions notes there how it would be undone
            db.execute("PRAGMA temp_store = MEMORY")
    return SqliteStore(db, path)


def open_copy(path: str) -> SqliteStore:
    """A copy in memory of what is stored, empty when there is nothing; the file stays as it is. Raises StoreError."""
    refuse_stale_log(path)
    copy = connect(MEMORY)
    with closed_on_error(copy):
        if path != MEMORY and Path(path).exists():
            with explained(path), closing(connect_to_read(path)) as source:
                checked(source, path)
                source.backup(copy)
        migrate(copy, MEMORY)
    return SqliteStore(copy, MEMORY)


def hold_file(path: str, *, wait: float = 0.0) -> AbstractContextManager[None]:
    """Be the file's only daemon while inside. Raises StoreError naming the pid of the one there is."""
    return nullcontext() if path == MEMORY else lock.hold(path, wait=wait)


def back_up(path: str, target: Path, now: datetime, tell: Tell) -> Copied:
    """Copy the file, while it is written, to one that is not there yet. Raises BackupError, StoreError."""
    from watcher.store import backup  # which the daemon does without

    refuse_stale_log(path)
    return backup.back_up(path, target, now, tell)


def examine_file(path: str, now: datetime, tell: Tell) -> Iterator[Flaw]:
    """What is wrong in the file. Raises StoreError."""
    from watcher.store import examining

    refuse_stale_log(path)
    return examining.examine_file(path, now, tell)


def mend_file(path: str, flaws: Iterable[Flaw], copies: Sequence[Path]) -> list[Flaw]:
    """Mend what can be. Raises StoreError."""
    from watcher.store import mending

    return mending.mend_file(path, flaws, copies)
