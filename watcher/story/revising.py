"""pure: items, and what is known of them -> revisions: what is new, and what says something else than before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256

from watcher.model import Hash64, Item, Known, Revision, StoryId

__all__ = ["MAX_REVISIONS", "revised", "story_of"]

MAX_REVISIONS = 24
"""Edits of one item that are kept and matched; a page that changes at each poll tells nothing more after that."""


def revised(items: Iterable[Item], known: Mapping[Hash64, Known], now: datetime) -> Iterator[Revision]:
    """Items not known, and known ones that say something else than before, each with its revision number.

    Entries of one document that share an identity are revisions of one item in document order: nothing is dropped.
    """
    latest = dict(known)
    for item in items:
        before = latest.get(item.key)
        number = before.revision + 1 if before else 1
        if number > MAX_REVISIONS or (before and before.fingerprint == item.fingerprint):
            continue
        story = (before and before.story) or story_of(item)  # an edit that moves the item stays in its thread
        latest[item.key] = Known(item=item.id, fingerprint=item.fingerprint, revision=number, story=story)
        yield Revision(item=item, number=number, seen_at=now, story=story)


def story_of(item: Item) -> StoryId:
    """16 hexadecimal digits: a hash of the canonical URL, or of the item's id where there is none."""
    identity = f"url\0{item.canonical}" if item.canonical else f"item\0{item.id}"
    return StoryId(sha256(identity.encode()).hexdigest()[:16])
