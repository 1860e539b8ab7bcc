"""pure: revisions as they come -> for a new one, those before it that may be like it: as the store, in memory."""

from __future__ import annotations

from datetime import datetime

from watcher.model import NOTHING_AKIN, Akin, Revision, Sketched
from watcher.story.filing import Index
from watcher.story.grouping import site_at

__all__ = ["Remembered"]


class Remembered:
    """`size`: about how many there will be."""

    def __init__(self, size: int) -> None:
        self._index = Index(1 << max(8, (size * 32).bit_length()))
        self._items: dict[int, Sketched] = {}
        self._numbers: dict[str, int] = {}

    def akin(self, revision: Revision, since: datetime | None = None) -> Akin:
        """What was added that may be like it, seen since then; itself as it was before among it."""
        if revision.sketch is None:
            return NOTHING_AKIN
        if since:
            self._index.expire(_time(since))
        numbers = self._index.ask(revision.sketch, revision.item.canonical)
        own = self._numbers.get(revision.item.id)
        if own is not None and own not in numbers:
            numbers.append(own)
        items = tuple(self._items[number] for number in numbers)
        return Akin(items=items, counts=self._index.having(revision.sketch), stored=len(self._index))

    def add(self, revision: Revision) -> None:
        if revision.sketch is None:
            return
        number = self._numbers.setdefault(revision.item.id, len(self._numbers))
        self._items[number] = _sketched(revision)
        self._index.add(number, _time(revision.seen_at), revision.sketch, revision.item.canonical)


def _time(moment: datetime) -> int:
    return int(moment.timestamp())


def _sketched(revision: Revision) -> Sketched:
    """A revision as the store would give it back."""
    assert revision.sketch is not None, "it has one, as what is new does"
    item = revision.item
    site = site_at(item.canonical or item.url)
    return Sketched(
        item=item.id,
        feed=item.feed,
        story=revision.story,
        sketch=revision.sketch,
        seen_at=revision.seen_at,
        published=item.published,
        canonical=item.canonical,
        lang=item.lang,
        site=site,
        source=revision.link.source or site or item.feed,
        link=revision.link,
    )
