"""An OPML file, by its path or address -> the feeds it subscribes to, and a line for each that cannot be had."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from watcher import opml
from watcher.cli.common import clean, note
from watcher.config import Settings
from watcher.errors import FetchError, ParseError, UsageError
from watcher.guard import allowed_networks
from watcher.model import FetchRequest
from watcher.sources import FeedEntry, parted

SHOWN = 20
"""Feeds that are named when they are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was asked for, and what of it cannot be had: a line for each."""

    entries: tuple[FeedEntry, ...] = ()
    left_out: tuple[str, ...] = ()
    repeated: int = 0


def of_file(path: Path, allow_private: Sequence[str] = ()) -> Found:
    """Raises UsageError for what cannot be read."""
    shown = clean(str(path))
    try:
        return _found(_content(path), shown, allow_private)
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {(error.strerror or str(error)).lower()}") from error


def of_address(url: str, settings: Settings) -> Found:
    """Through the fetcher that feeds go through, and with its limits. Raises UsageError."""
    shown = clean(parted(url)[0])
    with asyncio.Runner() as runner:
        try:
            return _found(runner.run(_fetched(url, settings)), shown, settings.allow_private)
        except FetchError as error:
            raise UsageError(f"{shown} cannot be read: {clean(str(error))}") from error


async def _fetched(url: str, settings: Settings) -> bytes:
    from watcher.app.parts import make_fetcher
    from watcher.run.clock import SystemClock

    fetcher = make_fetcher(settings, SystemClock())
    try:
        return (await fetcher.fetch(FetchRequest(url=url, max_size=opml.MAX_BYTES))).body
    finally:
        await fetcher.aclose()


def _found(source: bytes, shown: str, allow_private: Sequence[str]) -> Found:
    """Raises UsageError for what is no OPML, and where nothing of it can be watched."""
    try:
        found = opml.read(source, allowed_networks(allow_private))
    except ParseError as error:
        raise UsageError(f"{shown} cannot be used: {error}") from error
    left_out = tuple(f"{shown}:{one.line}: left out{_titled(one.title)}: {one.why}" for one in found.left_out)
    if not found.entries:
        raise UsageError(left_out[0] if left_out else f"{shown} names no feed")
    return Found(entries=found.entries, left_out=left_out, repeated=found.repeated)


def tell_left_out(lines: Sequence[str]) -> None:
    """The first of them, on stderr."""
    for line in _listed(lines):
        note(line)


def _listed(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"and {len(lines) - SHOWN:,} more"


def _titled(title: str) -> str:
    return f" “{title}”" if title else ""


def _content(path: Path) -> bytes:
    """At most a byte more than is read. Raises OSError; what is no file is not waited for."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "it is no file")
    with path.open("rb") as file:
        return file.read(opml.MAX_BYTES + 1)
