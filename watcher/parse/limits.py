"""pure: what holds of every document: how many entries are read, how they are hashed, what tells of an early end."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from xml.parsers import expat

from watcher.model import Hash64

MAX_ENTRIES = 5000
"""Entries read of one document; the others are left alone."""
EARLY_END = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
"""Expat's errors where XML stops in the middle."""

T = TypeVar("T")


def hash64(data: bytes) -> Hash64:
    """BLAKE2b of 8 bytes as a signed integer."""
    return Hash64(int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big", signed=True))


def newest(entries: Sequence[T], moments: Iterable[datetime | None]) -> Sequence[T]:
    """MAX_ENTRIES of them at most, in their order: those of the latest moments, else those that come first."""
    if len(entries) <= MAX_ENTRIES:
        return entries
    ages = ((-moment.timestamp() if moment else 0.0, number) for number, moment in enumerate(moments))
    return [entries[number] for number in sorted(number for _, number in heapq.nsmallest(MAX_ENTRIES, ages))]


def too_many(count: int, kept: str = "first") -> str:
    return f"{count:,} entries, only the {kept} {MAX_ENTRIES:,} read"
