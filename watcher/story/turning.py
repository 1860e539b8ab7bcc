"""pure: an item that reads like a copy, and the sketch of the other -> whether it says something else where it counts.

A copy is not told again, so it must not be one that says the opposite. Of what is edited lightly most words are in the
other, and what tells is where they are not: another name or number, a no that the other has not, or one that only the
other has. In short texts, and from the same site, which would not copy itself with care, any telling word counts.
"""

from __future__ import annotations

from watcher.model import Item
from watcher.story.likeness import BRIEF, Face
from watcher.story.marks import DENIES, LEFT, NAMES, NUMBER, STRONG, WEAK
from watcher.story.sketching import DENIED, across, told
from watcher.story.told import RUN, Told

__all__ = ["turned"]

NEAR = 4
"""Runs before and behind a place, of which one has to be in both."""
NEW = 0.05
"""Of the runs of an item, that another of its site has not: what is new on a page of several reports."""
CLOSE, FARTHER = 0.85, 4
"""Where so much is in both, so many times that counts as near as far as runs are not all kept."""
EQUAL = 0.95
"""Where so much is, all that says no in the other is known, and what says no besides is new."""


def turned(item: Item, face: Face, other: Face, score: float, *, own: bool) -> bool:
    """`face` is the item's own, `score` how alike they are; `own`: both are of one site."""
    bound = min(face.bound, other.bound)
    foreign = [run for run in face.runs - other.runs if run <= bound]
    if not foreign and other.denied == face.denied:
        return False
    if own and len(foreign) > NEW * len(face.runs):
        return True
    laid = _Laid(told(item), face, other, score)
    brief = face.sketch.size < BRIEF and score >= CLOSE
    return laid.denies() or laid.names() or ((own or brief) and laid.words(own=own))


class _Laid:
    """An item's pieces laid beside what the other says: where they are in it, and where they are surely not."""

    def __init__(self, said: Told, face: Face, other: Face, score: float) -> None:
        self.said, self.other, self.denied = said, other, face.denied
        self.foreign = face.telling - other.marks
        self.runs = said.runs
        self.both = list(map(other.runs.__contains__, self.runs))
        kept = -(-other.sketch.size // max(1, len(other.runs)))
        self.near = NEAR * (min(FARTHER, kept) if score >= CLOSE else 1)
        self.all_denied = score >= EQUAL and len(other.denied) < DENIED

    def denies(self) -> bool:
        """Whether one says no where the other does not."""
        if not (self.other.denied - self.denied).isdisjoint(self.runs):
            return True
        return any(map(self._denies, self.said.places(DENIES)))

    def _denies(self, n: int) -> bool:
        without = across(self.said, max(0, n - RUN), n + RUN + 1)
        if not self.other.denied.isdisjoint(without):
            return False
        if self.all_denied or not self.other.runs.isdisjoint(without):
            return True
        first, last = self.said.span(n)
        left = self.said.pieces[n][LEFT]
        if isinstance(left, tuple):
            return any(self._other_at(first + m, first + m + 1) for m, word in enumerate(left) if not word)
        return self._other_at(first, last)

    def names(self) -> bool:
        """Whether a name or number stands where the other has another; a number at either end of the title, too, where
        outlets put their names.
        """
        for n in self.said.places(STRONG):
            foreign = self.foreign.intersection(self.said.pieces[n][NAMES])
            if foreign and self._other(n, title=any(mark & 3 == NUMBER for mark in foreign)):
                return True
        return False

    def words(self, *, own: bool) -> bool:
        """Whether a telling word stands where the other has another: of one site any word, in a title at either end."""
        places = range(len(self.said)) if own else {*self.said.places(STRONG), *self.said.places(WEAK)}
        return any(self._other(n, title=own) for n in places)

    def _other(self, n: int, *, title: bool) -> bool:
        title = title and n < self.said.title
        return self._other_at(*self.said.span(n), start=title and n == 0, end=title and n == self.said.title - 1)

    def _other_at(self, first: int, last: int, *, start: bool = False, end: bool = False) -> bool:
        """Whether no run of these words is in the other, one is surely not, and what stands before and behind is."""
        if first == last:
            return False
        runs = slice(max(0, first - RUN + 1), last)
        if any(self.both[runs]) or all(run > self.other.bound for run in self.runs[runs]):
            return False
        before = start or any(self.both[max(0, first - RUN - self.near + 1) : max(0, first - RUN + 1)])
        return before and (end or any(self.both[last : last + self.near]))
