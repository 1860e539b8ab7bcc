"""pure: an item that reads like a copy, and the sketch of the other -> whether it says something else where it counts.

A copy is not told again, so it must not be one that says the opposite. Of what is edited lightly most words are in the
other, and what tells is where they are not: another name or number, a no that the other has not, or one that only the
other has. In short texts, and from the same site, which would not copy itself with care, any telling word counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from watcher.model import Item
from watcher.story.likeness import BRIEF, Face
from watcher.story.marks import LEFT, NUMBER, STRONG, UNIT, WEAK, Piece
from watcher.story.sketching import DENIED, RUN, across, each_of, runs_of, told

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
    title, text = told(item)
    laid = _Laid(title, text, face, other, score)
    brief = face.sketch.size < BRIEF and score >= CLOSE
    return laid.denies() or laid.names() or ((own or brief) and laid.words(own=own))


class _Laid:
    """An item's pieces laid beside what the other says: where they are in it, and where they are surely not."""

    def __init__(self, title: Sequence[Piece], text: Sequence[Piece], face: Face, other: Face, score: float) -> None:
        self.other, self.denied = other, face.denied
        self.foreign = face.telling - other.marks
        self.pieces = [*title, *text]
        self.title = len(title)
        units: list[int] = []
        self.places: list[tuple[int, int]] = []
        for piece in self.pieces:
            first = len(units)
            units += each_of(piece[UNIT])
            self.places.append((first, len(units)))
        self.runs = list(runs_of(units))
        self.both = [run in other.runs for run in self.runs]
        kept = -(-other.sketch.size // max(1, len(other.runs)))
        self.near = NEAR * (min(FARTHER, kept) if score >= CLOSE else 1)
        self.all_denied = score >= EQUAL and len(other.denied) < DENIED

    def denies(self) -> bool:
        """Whether one says no where the other does not."""
        if not (self.other.denied - self.denied).isdisjoint(self.runs):
            return True
        return any(self._denies(n) for n, piece in enumerate(self.pieces) if piece[LEFT] is not None)

    def _denies(self, n: int) -> bool:
        without = across(self.pieces[max(0, n - RUN) : n + RUN + 1])
        if not self.other.denied.isdisjoint(without):
            return False
        if self.all_denied or not self.other.runs.isdisjoint(without):
            return True
        first, last = self.places[n]
        left = self.pieces[n][LEFT]
        if isinstance(left, tuple):
            return any(self._other_at(first + m, first + m + 1) for m, word in enumerate(left) if not word)
        return self._other_at(first, last)

    def names(self) -> bool:
        """Whether a name or number stands where the other has another; a number at either end of the title, too, where
        outlets put their names.
        """
        for n, piece in enumerate(self.pieces):
            foreign = self.foreign.intersection(piece[STRONG])
            if foreign and self._other(n, title=any(mark & 3 == NUMBER for mark in foreign)):
                return True
        return False

    def words(self, *, own: bool) -> bool:
        """Whether a telling word stands where the other has another: of one site any word, in a title at either end."""
        return any(
            self._other(n, title=own) for n, piece in enumerate(self.pieces) if own or piece[STRONG] or piece[WEAK]
        )

    def _other(self, n: int, *, title: bool) -> bool:
        ends = title and n < self.title
        return self._other_at(*self.places[n], start=ends and n == 0, end=ends and n == self.title - 1)

    def _other_at(self, first: int, last: int, *, start: bool = False, end: bool = False) -> bool:
        """Whether no run of these words is in the other, one is surely not, and what stands before and behind is."""
        if first == last:
            return False
        runs = slice(max(0, first - RUN + 1), last)
        if any(self.both[runs]) or all(run > self.other.bound for run in self.runs[runs]):
            return False
        before = start or any(self.both[max(0, first - RUN - self.near + 1) : max(0, first - RUN + 1)])
        return before and (end or any(self.both[last : last + self.near]))
