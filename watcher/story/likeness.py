"""pure: two sketches -> whether one says what the other says, and how much of each is in the other.

How much of each stands in the other is told by their runs of words, and whether they speak of the same by their names
and numbers: reports of two earthquakes may share most of their words, and differ in where and how strong (see also
differing).
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from watcher.model import Level, Sketch
from watcher.story.marks import WORD
from watcher.text.once import cached_property

__all__ = ["Face", "Likeness", "leads", "likeness"]

SHORT = 10  # runs: twelve words, which are alike only when they are equal
BRIEF = 60  # runs: where each name and number counts
EVER = 1 << 32

MUCH, OWN_MUCH = 0.42, 0.7
"""Of the runs of one in the other: what is lightly edited, or stands among other boilerplate, still has so much. Two
items of one site have their boilerplate in common, as far as it was not recognised: there it takes more.
"""
LITTLE = 0.3
"""Enough in the one that has less in common, which is the longer."""
WHOLE = 0.7
"""Of the runs of an excerpt in what it is from."""
SAME, OWN_SAME = 0.4, 0.75
"""Of the names and numbers of the one that has fewer: another site's boilerplate has names of its own."""

FIRST, FOREMOST = 5, 20
"""Names and numbers that tell what an excerpt is about; marks that tell what the other is about."""


class Likeness(NamedTuple):
    """How one item stands to another."""

    level: Level  # COPY, EXCERPT or FULLER
    score: float


class Face:
    """A sketch to be compared, which is made ready as far as it is asked for: most are soon found to be unlike."""

    def __init__(self, sketch: Sketch) -> None:
        self.sketch = sketch
        self.bound = sketch.runs[-1] if len(sketch.runs) < sketch.size else EVER

    @cached_property
    def runs(self) -> frozenset[int]:
        return frozenset(self.sketch.runs)

    @cached_property
    def marks(self) -> frozenset[int]:
        return frozenset(self.sketch.marks)

    @cached_property
    def denied(self) -> frozenset[int]:
        return frozenset(self.sketch.denied)

    @cached_property
    def telling(self) -> frozenset[int]:
        """Its names and numbers."""
        return frozenset([mark for mark in self.sketch.marks if mark & 3 != WORD])


def likeness(one: Face, other: Face, *, own: bool = False) -> Likeness | None:
    """How the first stands to the second; None where neither says what the other says. `own`: both are of one site."""
    if one.sketch.version != other.sketch.version:
        return None
    if min(one.sketch.size, other.sketch.size) < SHORT:
        equal = one.sketch == other.sketch and one.sketch.size >= SHORT // 2
        return Likeness(Level.COPY, 1.0) if equal else None
    bound = min(one.bound, other.bound)
    common = len(one.runs.intersection(other.sketch.runs))
    if common < 3:
        return None
    in_other = common / bisect_right(one.sketch.runs, bound)
    in_one = common / bisect_right(other.sketch.runs, bound)
    most, same = (OWN_MUCH, OWN_SAME) if own else (MUCH, SAME)
    if max(in_other, in_one) < most or not _agree(one, other, same):
        return None
    return _judged(in_other, in_one)


def leads(excerpt: Face, other: Face) -> bool:
    """Whether what an excerpt tells of is what the other tells of, and not one of many things."""
    telling = [mark for mark in excerpt.sketch.marks if mark & 3 != WORD][:FIRST]
    foremost = frozenset(other.sketch.marks[:FOREMOST])
    return sum(mark in foremost for mark in telling) * 2 >= len(telling)


def _judged(in_other: float, in_one: float) -> Likeness | None:
    """By how much of each stands in the other: what they are to each other."""
    most, least = max(in_other, in_one), min(in_other, in_one)
    if most >= WHOLE and least * 2 < most:
        return Likeness(Level.EXCERPT if in_other > in_one else Level.FULLER, round(most, 3))
    return Likeness(Level.COPY, round((in_other + in_one) / 2, 3)) if least >= LITTLE else None


def _agree(one: Face, other: Face, same: float) -> bool:
    """Whether both tell mostly the same names and numbers."""
    return _share(one.telling, other.telling) >= same


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    """Of those of the one that has fewer; all where it has none."""
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else 1.0
