"""edge: URL -> Store. `sqlite:///path` (four slashes for an absolute one), a plain path, or `sqlite:///:memory:`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from watcher.errors import StoreError
from watcher.ports import Store
from watcher.store import sqlite

__all__ = ["hold_store", "open_memory_copy", "open_store"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    open: Callable[..., Store]
    copy: Callable[..., Store]
    hold: Callable[..., AbstractContextManager[None]]


_KINDS: Mapping[str, _Kind] = {
    "sqlite": _Kind(open=sqlite.open_file, copy=sqlite.open_copy, hold=sqlite.hold_file),
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


def _split(url: str) -> tuple[_Kind, str]:
    scheme, mark, place = url.partition("://")
    if not mark:
        scheme, place = "sqlite", f"/{url}"
    if scheme not in _KINDS or not place.startswith("/"):
        known = " or ".join(f"{name}:///PATH" for name in _KINDS)
        raise StoreError(f"no store is reached by {scheme}:{mark[1:]}; write {known}, or the path of a file")
    return _KINDS[scheme], place.removeprefix("/")
