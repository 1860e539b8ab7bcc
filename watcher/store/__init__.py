"""edge: URL -> Store. `sqlite:///path` (four slashes for an absolute one), a plain path, or `sqlite:///:memory:`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.errors import StoreError
from watcher.model import Flaw, Tell
from watcher.ports import Store
from watcher.store import sqlite

if TYPE_CHECKING:
    from watcher.store.backup import Copied

__all__ = ["back_up_store", "examine_store", "hold_store", "mend_store", "open_memory_copy", "open_store"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    open: Callable[..., Store]
    copy: Callable[..., Store]
    hold: Callable[..., AbstractContextManager[None]]
    back_up: Callable[..., Copied]
    examine: Callable[..., Iterator[Flaw]]
    mend: Callable[..., list[Flaw]]


_KINDS: Mapping[str, _Kind] = {
    "sqlite": _Kind(
        open=sqlite.open_file,
        copy=sqlite.open_copy,
        hold=sqlite.hold_file,
        back_up=sqlite.back_up,
        examine=sqlite.examine_file,
        mend=sqlite.mend_file,
    ),
}


def open_store(url: str, *, read_only: bool = False) -> Store:
    """What is remembered there; `read_only` for a look beside a daemon. Raises StoreError when it cannot serve."""
    kind, place = _split(url)
    return kind.open(place, read_only=read_only)


def open_memory_copy(url: str) -> Store:
    """A copy that may be written and is forgotten: for a dry run. Raises StoreError."""
    kind, place = _split(url)
    return kind.copy(place)


def hold_store(url: str, *, wait: float = 0.0) -> AbstractContextManager[None]:
    """Be the only daemon there while inside; `wait` so many seconds for another one to end. Raises StoreError."""
    kind, place = _split(url)
    return kind.hold(place, wait=wait)


def back_up_store(url: str, target: Path, now: datetime, tell: Tell) -> Copied:
    """Copy it, while it is written, to a file that is not there yet. Raises BackupError, and StoreError without it."""
    kind, place = _split(url)
    return kind.back_up(place, target, now, tell)


def examine_store(url: str, now: datetime, tell: Tell) -> Iterator[Flaw]:
    """What is wrong in it, found beside a daemon or without one, as it is found. Raises StoreError."""
    kind, place = _split(url)
    return kind.examine(place, now, tell)


def mend_store(url: str, flaws: Iterable[Flaw], copies: Sequence[Path]) -> list[Flaw]:
    """Mend what can be, with the help of backups, oldest first; what was. For who holds it. Raises StoreError."""
    kind, place = _split(url)
    return kind.mend(place, flaws, copies)


def _split(url: str) -> tuple[_Kind, str]:
    scheme, mark, place = url.partition("://")
    if not mark:
        scheme, place = "sqlite", f"/{url}"
    if scheme not in _KINDS or not place.startswith("/"):
        known = " or ".join(f"{name}:///PATH" for name in _KINDS)
        raise StoreError(f"no store is reached by {scheme}:{mark[1:]}; write {known}, or the path of a file")
    return _KINDS[scheme], place.removeprefix("/")
