"""pure: (revisions, what is stored that may be like each) -> revisions in their stories, and how they came there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from watcher.model import Akin, Item, ItemId, Level, Link, Revision, Sketch, Sketched, StoryId
from watcher.story.differing import slots
from watcher.story.grouping import site_at, site_of
from watcher.story.happening import Rarity, event
from watcher.story.likeness import BRIEF, Face, Likeness, leads, likeness
from watcher.story.marks import WORD
from watcher.story.remembering import Remembered
from watcher.story.sketching import named, sketch_of
from watcher.story.turning import turned

__all__ = ["SPAN", "Lived", "linked"]

SPAN = timedelta(days=7)
"""What came longer ago than this begins no story that something new could join."""
NEAR = timedelta(days=3)
"""Items that tell of one event are published, or where that is not known seen, within it."""
AGAIN = timedelta(days=1)
"""A short text that its own feed brings again later than this is a new notice in the same words."""
PER_SLOT = 8
"""Names and numbers that both tell, for each that stands where the other has another: a toll that was corrected. Of
more than that two are reports made from one template.
"""
MANY = 2
"""Others in their places, and something else: two such reports even where much is in common. A full name is two."""
NAMED, SHARED = 12, 6  # marks looked for in the text, and names told of two items


def linked(revisions: Sequence[Revision], akin: Sequence[Akin]) -> Iterator[Revision]:
    """The revisions, in order, each with its story and how it came into it.

    What is new joins the story of what it is most like, stored or earlier among these, or begins one; an edit stays in
    its story. Stories are never made one.
    """
    if len(revisions) == 1:
        yield _placed(revisions[0], akin[0])
        return
    batch = Remembered(len(revisions))
    for revision, stored in zip(revisions, akin, strict=True):
        placed = _placed(revision, _both(stored, batch.akin(revision)))
        batch.add(placed)
        yield placed


class Lived:
    """Revisions that come one after the other, linked in memory as polls and the store link them."""

    def __init__(self, size: int) -> None:
        self._before = Remembered(size)

    def linked(self, revision: Revision) -> Revision:
        """The revision in its story, from now on one of those that the next may be like."""
        revision = replace(revision, sketch=sketch_of(revision.item))
        placed = _placed(revision, self._before.akin(revision, revision.seen_at - SPAN))
        self._before.add(placed)
        return placed


def _both(stored: Akin, batch: Akin) -> Akin:
    """What is stored and what came just before; of an item that is in both, what came last."""
    newer = {each.item for each in batch.items}
    items = (*batch.items, *(each for each in stored.items if each.item not in newer))
    marks = stored.counts.keys() | batch.counts.keys()
    counts = {mark: stored.counts.get(mark, 0) + batch.counts.get(mark, 0) for mark in marks}
    return Akin(items=items, counts=counts, stored=stored.stored + batch.stored)


def _placed(revision: Revision, akin: Akin) -> Revision:
    if revision.sketch is None or not akin.items:
        return revision
    own = next((each for each in akin.items if each.item == revision.item.id), None)
    if revision.number > 1:
        return _edited(revision, revision.sketch, own) if own else revision
    others = [each for each in akin.items if each.item != revision.item.id]
    found = _Finding(revision, revision.sketch, others, akin)
    to = found.by_address() or found.by_text() or found.by_event()
    return replace(revision, story=to.sketched.story, link=_link(revision, to)) if to else revision


def _edited(revision: Revision, sketch: Sketch, own: Sketched) -> Revision:
    """It stays in its story; what it said of another's words holds as long as it says them still."""
    same = own.link.level is Level.ADDRESS or _says_still(revision.item, Face(sketch), Face(own.sketch))
    link = own.link if same else replace(own.link, root=None, source="")
    return replace(revision, story=own.story, link=link)


def _says_still(item: Item, face: Face, before: Face) -> bool:
    alike = likeness(face, before)
    return alike is not None and not turned(item, face, before, alike.score, own=False)


class _To(NamedTuple):
    """What an item is to be linked to, and by what."""

    sketched: Sketched
    level: Level
    score: float
    marks: tuple[int, ...]


_TELLS_NO_MORE = frozenset({Level.ADDRESS, Level.COPY, Level.EXCERPT})


def _link(revision: Revision, to: _To) -> Link:
    own = to.level is Level.EVENT
    return Link(
        level=to.level,
        of=to.sketched.item,
        score=to.score,
        shared=named(revision.item, to.marks)[:SHARED],
        root=to.sketched.root if to.level in _TELLS_NO_MORE else None,
        source="" if own or to.sketched.source == site_of(revision.item) else to.sketched.source,
    )


class _Finding:
    """Of what may be like an item: what it is linked to."""

    def __init__(self, revision: Revision, sketch: Sketch, others: Sequence[Sketched], akin: Akin) -> None:
        self.revision = revision
        self.face = Face(sketch)
        self.others = others
        self.akin = akin
        self.site = site_at(revision.item.canonical or revision.item.url)
        self.barred: frozenset[StoryId] = frozenset()
        self.unlike: list[tuple[Sketched, Face]] = []

    def by_address(self) -> _To | None:
        """The same page; the first of it, where several are known."""
        canonical = self.revision.item.canonical
        same = [each for each in self.others if canonical and each.canonical == canonical]
        first = min(same, key=lambda each: (each.seen_at, each.item), default=None)
        return _To(first, Level.ADDRESS, 1.0, ()) if first else None

    def by_text(self) -> _To | None:
        """What says the same, or a part of it: a copy before an excerpt, then the most alike, then the first."""
        found: list[tuple[tuple[int, float, datetime, ItemId], Likeness, Sketched, Face]] = []
        for each in self.others:
            face = Face(each.sketch)
            alike = self._alike(each, face)
            if alike is None:
                self.unlike.append((each, face))
                continue
            self.barred |= each.apart
            rank = _ORDER[alike.level], -round(alike.score, 1), each.seen_at, each.item
            found.append((rank, alike, each, face))
        changed: _To | None = None
        for _, alike, each, face in sorted(found, key=itemgetter(0)):
            differing = slots(self.revision.item, self.face, face)
            if each.story in self.barred or differing > len(self.face.telling & face.telling) // PER_SLOT:
                continue
            to = _To(each, alike.level, alike.score, self._shared(face))
            if alike.level is Level.FULLER:
                return changed or to
            if not self._turned(each, face, alike):
                return to
            if differing < MANY:
                changed = changed or to._replace(level=Level.CHANGED)
        return changed

    def _turned(self, each: Sketched, face: Face, alike: Likeness) -> bool:
        """Whether it says something else than what it reads like, or that is about something else for the most part."""
        if alike.level is Level.EXCERPT and not leads(self.face, face):
            return True
        return turned(self.revision.item, self.face, face, alike.score, own=each.site == self.site != "")

    def _alike(self, each: Sketched, face: Face) -> Likeness | None:
        alike = likeness(self.face, face, own=each.site == self.site != "")
        again = each.feed == self.revision.item.feed and self.face.sketch.size < BRIEF
        return None if again and alike and _apart(self.revision, each) > AGAIN else alike

    def _shared(self, face: Face) -> tuple[int, ...]:
        return tuple(mark for mark in self.face.sketch.marks if mark in face.marks and mark & 3 != WORD)[:NAMED]

    def by_event(self) -> _To | None:
        """The story of which most items tell of the same event; where it has several, more than one has to."""
        rarity = Rarity(self.akin.counts, self.akin.stored)
        told: dict[StoryId, dict[ItemId, float]] = {}
        best: dict[StoryId, tuple[float, Sketched, Face]] = {}
        for each, face in self.unlike:
            if each.story in self.barred or not self._may_be(each):
                continue
            score = event(self.face, face, rarity)
            told.setdefault(each.story, {})[each.root] = score
            if score > best.get(each.story, (0.0,))[0]:
                best[each.story] = score, each, face
        agreed = [best[story] for story, scores in told.items() if story in best and _agreed(scores.values())]
        if not agreed:
            return None
        score, each, face = max(agreed, key=lambda one: (one[0], one[1].item))
        shared = sorted(self._shared(face), key=rarity, reverse=True)
        return _To(each, Level.EVENT, score, tuple(shared))

    def _may_be(self, each: Sketched) -> bool:
        """Two items of one site share what stands on all its pages; one of another has to tell of the event as well."""
        ours, theirs = self.revision.item.lang, each.lang
        same = not ours or not theirs or ours[:2].lower() == theirs[:2].lower()
        return same and (each.site != self.site or not self.site) and _apart(self.revision, each) <= NEAR


_ORDER = {Level.COPY: 0, Level.EXCERPT: 1, Level.FULLER: 2}


def _agreed(scores: Iterable[float]) -> bool:
    """Of three or more that share something half have to tell of the same event."""
    each = list(scores)
    return sum(score > 0 for score in each) * 2 >= len(each)


def _apart(revision: Revision, each: Sketched) -> timedelta:
    """Between two items: as published where both say it, as seen otherwise."""
    published = revision.item.published
    if published and each.published:
        return abs(published - each.published)
    return abs(revision.seen_at - each.seen_at)
