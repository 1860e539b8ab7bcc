"""pure: two sketches, and how common their marks are -> how surely they tell of the same event.

What tells an event is who, where and how many: names and numbers that few others have. Two items tell of one event when
several such marks are foremost in both, and most of what is foremost in each is told by the other. One name alone,
however rare, is a person or a place to whom more than one thing happens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from math import log, sqrt

from watcher.story.likeness import Face
from watcher.story.marks import NAME, NUMBER, WORD, is_wide, kind_of

__all__ = ["FOREMOST", "Rarity", "event"]

FOREMOST = 14
"""Marks by which an item is asked what it is about."""
BACKGROUND, WIDE, USUAL = 1000, 120, 2
"""Imagined items, before any is stored: how many there are, have a wide name, have any other mark."""
FOREMOST_IN_BOTH = 3
"""Names and numbers."""
NAMES = 5
"""That both tell where they have no number in common: a full name is two or three."""
MANY_NAMES, NARROW_NAMES, LEADING = 9, 4, 2
"""That long articles share, wide ones and others; and names that may lead an article."""
WEIGHT = 4.0
"""What all that both tell is worth together, a mark that nothing else has being worth 1."""
ENOUGH = 0.42
"""How much of what is foremost in each the other has."""

_WORTH = {NAME: 1.0, NUMBER: 0.8, WORD: 0.5}


class Rarity:
    """What a mark is worth, by how many of the stored items have it: 0..1."""

    def __init__(self, counts: Mapping[int, int], stored: int) -> None:
        self._counts = counts
        self._most = log(stored + BACKGROUND)
        self._worth: dict[int, float] = {}

    def __call__(self, mark: int) -> float:
        found = self._worth.get(mark)
        if found is None:
            having = self._counts.get(mark, 0) + (WIDE if is_wide(mark) else USUAL)
            found = self._worth[mark] = max(0.0, 1 - log(having) / self._most)
        return found


def event(one: Face, other: Face, rarity: Callable[[int], float]) -> float:
    """0..1; 0 where they do not tell of the same event."""
    if one.sketch.version != other.sketch.version:
        return 0.0
    shared = one.marks.intersection(other.sketch.marks)
    names = sum([mark & 3 == NAME for mark in shared])
    if not (_of_one_event(one, other, shared, names) or _of_one_name(one, other, shared, names)):
        return 0.0
    if sum(map(rarity, shared)) < WEIGHT:
        return 0.0
    score = sqrt(_told(one.sketch.marks, other.marks, rarity) * _told(other.sketch.marks, one.marks, rarity))
    if score < ENOUGH and not _of_one_name(one, other, shared, names):
        return 0.0
    return round(score, 3)


def _of_one_event(one: Face, other: Face, shared: frozenset[int], names: int) -> bool:
    """Several of the same names and numbers are foremost in both."""
    second = other.sketch.marks[:FOREMOST]
    foremost = sum(mark in second and mark & 3 != WORD for mark in one.sketch.marks[:FOREMOST])
    return foremost >= FOREMOST_IN_BOTH and (names >= NAMES or any(mark & 3 == NUMBER for mark in shared))


def _of_one_name(one: Face, other: Face, shared: frozenset[int], names: int) -> bool:
    """Long articles, of which each says much else: one name leads both, and many more are in both."""
    if names < MANY_NAMES:
        return False
    narrow = sum(mark & 3 == NAME and not is_wide(mark) for mark in shared)
    return narrow >= NARROW_NAMES and not _leading(one).isdisjoint(_leading(other))


def _leading(face: Face) -> frozenset[int]:
    """The names that lead it."""
    names = (mark for mark in face.sketch.marks[:FOREMOST] if mark & 3 == NAME and not is_wide(mark))
    return frozenset(islice(names, LEADING))


def _told(telling: Sequence[int], marks: frozenset[int], rarity: Callable[[int], float]) -> float:
    """How much of what is foremost in one the other has."""
    worth = [(rarity(mark) * _WORTH[kind_of(mark)], mark in marks) for mark in telling[:FOREMOST]]
    whole = sum(each for each, _ in worth)
    return sum(each for each, has in worth if has) / whole if whole else 0.0
