"""pure: a feed's bytes and headers, the hashes already known -> Parsed, read by feedparser.

Three steps: the bytes as UTF-8, converted by feedparser's own rules; the entries found in them (split.py); feedparser's
reading of the document with only the new entries in it. Where split.py has a doubt, or the reading does not have as
many entries as were put in, feedparser reads the whole, and an entry's hash is of what was read instead of its bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from watcher.errors import ParseError
from watcher.model import Entry, Hash64, Parsed, Response
from watcher.parse.convert import Document, cleaned, document, unreadable
from watcher.parse.entry import entry_of, feed_lang, feed_link, feed_title, feed_ttl
from watcher.parse.failed import MOST, failed_feed
from watcher.parse.familiar import split_known
from watcher.parse.limits import MAX_ENTRIES, hash64, too_many
from watcher.parse.reader import Read, loose, strict
from watcher.parse.sniff import refuse, version_of
from watcher.parse.split import Split, cut, split

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What feedparser read. `entries` are the new ones, with their hashes; `hashes` are of all."""

    feed: dict[str, Any]
    version: str
    hashes: tuple[Hash64, ...]
    entries: Sequence[tuple[Hash64, dict[str, Any]]]
    listed: int  # entries in the document, those beyond MAX_ENTRIES too
    cut: bool = False
    scope: Hash64 | None = None


def read(response: Response, known: frozenset[Hash64], scope: Hash64 | None = None) -> Parsed:
    """Raises ParseError: empty, not-a-feed, truncated, unreadable, error-item."""
    body = document(response)
    refuse(response, body.data)
    body, parts = divided(body, known, scope)
    broken = parts.broken and (_broken_place(response.body) or parts.broken)
    if parts.severed:
        raise ParseError(f"the feed ends in the middle ({broken}); nothing of it is used", kind="truncated")
    reading = read_new(body, parts, known) or read_whole(body, known)
    reading = replace(reading, version=reading.version or version_of(body.data, reading.listed))
    parsed = _parsed(reading, parts, body.problems, broken)
    _refuse_failed(parsed, reading, body, parts)
    return parsed


def divided(
    body: Document, known: frozenset[Hash64] = frozenset(), scope: Hash64 | None = None
) -> tuple[Document, Split]:
    """The document and its entries; without its control characters, where these are what is wrong with it."""
    parts = split_known(body.data, known, scope) or split(body.data)
    clean = cleaned(body) if parts.broken else None
    return (clean, split(clean.data)) if clean else (body, parts)


def read_new(body: Document, parts: Split, known: frozenset[Hash64]) -> Reading | None:
    """Have only entries parsed that are not known; None when that is not certain to give what the whole would."""
    if parts.doubt or not body.sound or not body.base.startswith(("http://", "https://", "file://")):
        return None
    entries = parts.entries[:MAX_ENTRIES]
    new: dict[Hash64, int] = {}
    for number, entry in enumerate(entries):
        if entry.hash not in known:
            new.setdefault(entry.hash, number)
    part = cut(body.data, parts, frozenset(new.values()))
    result = _asked(lambda: strict(part.body, body.base, merge=True))
    if result is None or len(result.entries) != len(part.slots):
        return None
    read_entries = zip(part.slots, result.entries, strict=True)
    return Reading(
        feed=result.feed,
        version=body.version or result.version,
        hashes=tuple(dict.fromkeys(entry.hash for entry in entries)),
        entries=[(entries[number].hash, entry) for number, entry in read_entries if number is not None],
        listed=len(parts.entries),
        cut=len(new) < len(parts.entries),
        scope=parts.scope,
    )


def read_whole(body: Document, known: frozenset[Hash64]) -> Reading:
    """Have everything parsed, and drop what is known afterwards."""
    result = whole(body)
    entries: dict[Hash64, dict[str, Any]] = {}
    for entry in result.entries[:MAX_ENTRIES]:
        entries.setdefault(hash64(json.dumps(entry, sort_keys=True, default=str).encode()), entry)
    return Reading(
        feed=result.feed,
        version=body.version or result.version,
        hashes=tuple(entries),
        entries=[(key, entry) for key, entry in entries.items() if key not in known],
        listed=len(result.entries),
    )


def whole(body: Document) -> Read:
    """As feedparser goes about it: strictly, and what cannot be read so loosely."""
    result = _asked(lambda: strict(body.data, body.base, merge=False)) if body.decoded else None
    return result or _asked(lambda: loose(body.data, body.base, body.entities))


def _asked(reading: Callable[[], _T]) -> _T:
    try:
        return reading()
    except MemoryError:
        raise
    except Exception as error:  # feedparser's handlers raise what they like on odd input
        raise unreadable(error) from error


def _parsed(reading: Reading, parts: Split, encoding: Sequence[str], broken: str | None) -> Parsed:
    feed = reading.feed
    problems = (
        *encoding,
        broken and f"not well-formed ({broken}), read as far as it could be",
        too_many(reading.listed) if reading.listed > MAX_ENTRIES else None,
    )
    return Parsed(
        format=reading.version,
        hashes=reading.hashes,
        entries=_entries(reading),
        title=feed_title(feed),
        link=feed_link(feed),
        lang=feed_lang(feed),
        ttl=feed_ttl(feed),
        cut=reading.cut,
        warning="; ".join(problem for problem in problems if problem) or None,
        skip_hours=parts.skip_hours,
        skip_days=parts.skip_days,
        scope=reading.scope,
    )


def _entries(reading: Reading) -> tuple[Entry, ...]:
    return tuple(entry_of(key, entry, reading.feed, reading.version) for key, entry in reading.entries)


def _refuse_failed(parsed: Parsed, reading: Reading, body: Document, parts: Split) -> None:
    """Raise ParseError for a feed of nothing but its own trouble. Few entries: those that are known are read again."""
    if reading.listed > MOST:
        return
    entries = parsed.entries
    if len(entries) < len(parsed.hashes):
        entries = _entries(read_new(body, parts, frozenset()) or read_whole(body, frozenset()))
    if trouble := failed_feed(parsed.title, entries):
        raise ParseError(trouble, kind="error-item")


def _broken_place(body: bytes) -> str | None:
    """Line and column as the publisher counts them: converting may have moved them. Expat knows few encodings."""
    try:
        return split(body).broken
    except (ValueError, LookupError):
        return None
