"""pure: an item, and the sketch of another -> in how many places the two differ by a name or a number alone.

Copies differ where one outlet's boilerplate begins, and by a word here and there. Two reports made from one template
differ where it has its slots: what stands before a name is in both, and what stands behind it; the name is not. So it
is asked of each name and number that only the item has whether what stands round it is in both.
"""

from __future__ import annotations

from watcher.model import Item
from watcher.story.likeness import Face
from watcher.story.marks import NAMES, STRONG
from watcher.story.sketching import told
from watcher.story.told import RUN

__all__ = ["slots"]

NEAR = 4
"""Runs before and behind a name, of which one has to be in both."""


def slots(item: Item, face: Face, other: Face) -> int:
    """`face` is the item's own."""
    foreign = face.telling - other.marks
    if not foreign:
        return 0
    said = told(item)
    places = [said.span(place) for place in said.places(STRONG) if not foreign.isdisjoint(said.pieces[place][NAMES])]
    both = list(map(other.runs.__contains__, said.runs))
    return sum(
        any(both[max(0, first - RUN - NEAR + 1) : max(0, first - RUN + 1)]) and any(both[last : last + NEAR])
        for first, last in places
    )
