"""pure: item -> sketch: what is kept of it to know its like by.

Runs are three words that follow one another, in title and text; what has a hyphen is one word. Of their hashes the
smallest are kept: what two items share of those, up to the lesser of their largest, tells how much of each stands in
the other, however much longer one is (bottom-k samples; Thorup 2013). Marks are the names, numbers and long words that
may tell which event it is, by how often they stand in the text, and whether in its title or beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from watcher.model import Item, Sketch
from watcher.story.marks import (
    DENIES,
    ENDS,
    LEFT,
    MARKS,
    NAME,
    NAMES,
    NUMBER,
    OF_WIDE,
    OPENS,
    SIGNS,
    STRONG,
    UNIT,
    WEAK,
    WORD,
    WORDS,
    WORTH,
    Piece,
    wide,
)
from watcher.story.told import RUN, Told, each_of, having, runs_of, told_of
from watcher.text.tokens import KEYS_VERSION

__all__ = ["DENIED", "VERSION", "across", "named", "sketch_of", "told"]

VERSION = 110 + KEYS_VERSION
"""Raised with every change of what is kept of some item, and with the keys of words."""
RUNS = 128
"""Hashes kept of an item. Most news are shorter than that many runs, or not much longer."""
KEPT = {NAME: 40, NUMBER: 32, WORD: 16}
"""Marks kept of each kind."""
LEAD = 60
"""Words in which a text mostly says what happened."""
SHOUTED = 3  # words of a headline in capitals: fewer are acronyms
DENIED = 32
"""Runs kept of an item that something which says no stands in."""
_AROUND = 8  # pieces, signs among them, of which a run that says no without its no is made
_TITLE, _LEAD, _OFTEN = 4, 2, 4


def sketch_of(item: Item) -> Sketch:
    """Of its title and text, without boilerplate; of the summary where it has no text."""
    said = told(item)
    runs = set(said.runs) or set(said.flat())
    return Sketch(
        runs=tuple(sorted(runs)[:RUNS]),
        size=len(runs),
        marks=_marks(said),
        denied=tuple(dict.fromkeys(across(said)))[:DENIED],
        version=VERSION,
    )


def named(item: Item, marks: Iterable[int]) -> tuple[str, ...]:
    """These names and numbers as the item writes them, those side by side as one; in the order of the marks."""
    wanted = list(marks)
    written = _written(item, set(wanted))
    return tuple(dict.fromkeys(written[mark] for mark in wanted if mark in written))


def _written(item: Item, wanted: set[int]) -> dict[int, str]:
    """Each that is wanted by the longest row of such that it first stands in."""
    said = told(item)
    found: dict[int, str] = {}
    for first, last in ((said.title, len(said)), (0, said.title)):
        row: list[tuple[int, str]] = []
        behind = first
        for place in said.places(STRONG, first, last):
            if place != behind or (place > first and said.signs[place - 1] & ENDS):
                _name(row, found)
                row = []
            row += [(one, surface) for one, _, surface in said.pieces[place][MARKS] if one in wanted]
            behind = place + (not wanted.isdisjoint(said.pieces[place][NAMES]))
        _name(row, found)
    return found


def _name(row: Sequence[tuple[int, str]], found: dict[int, str]) -> None:
    name = " ".join(surface for _, surface in row)
    for one, _ in row:
        found.setdefault(one, name)


def told(item: Item) -> Told:
    """What an item says, in pieces."""
    return told_of("" if item.title_from_text else item.title, item.text or item.summary)


def across(said: Told, first: int = 0, last: int | None = None) -> list[int]:
    """The runs that would stand where something says no, if it did not; of all pieces, or of some."""
    denying = said.places(DENIES, first, last)
    end = len(said) if last is None else min(last, len(said))
    runs: list[int] = []
    while denying:
        begins = ends = denying[0]
        while denying and denying[0] - ends <= _AROUND:
            ends = denying.pop(0)
        runs += _across(said.pieces[max(first, begins - _AROUND) : min(end, ends + _AROUND + 1)])
    return runs


def _across(pieces: Iterable[Piece]) -> Iterator[int]:
    units: list[int] = []
    denied: list[int] = []
    for piece in pieces:
        left = piece[LEFT]
        if isinstance(left, int):
            denied.append(len(units))
        for one in each_of(piece[UNIT] if left is None else left):
            if one:
                units.append(one)
            else:
                denied.append(len(units))
    runs = list(runs_of(units))
    for place in dict.fromkeys(denied):
        yield from runs[max(0, place - RUN + 1) : place]


def _marks(said: Told) -> tuple[int, ...]:
    """The most telling first."""
    counts: dict[int, int] = {}
    first: dict[int, int] = {}
    doubtful = _count(said.pieces[said.title :], said.signs[said.title :], counts, first)
    doubtful += _headline(said, counts, first)
    for name, word, place in doubtful:
        one = name if name in counts else word if place < LEAD else 0
        counts[one] = counts.get(one, 0) + 1
        first.setdefault(one, place)
    in_title = {
        name if name & 3 == NUMBER or name in counts else word
        for place in said.places(STRONG, 0, said.title)
        for name, word, _ in said.pieces[place][MARKS]
    }
    in_title.update(chain.from_iterable([piece[WORDS] for piece in said.pieces[: said.title]]))
    for mark in in_title:
        counts.setdefault(mark, 1)
        first[mark] = 0
    counts.pop(0, None)
    return _chosen(counts, first, in_title)


def _count(
    pieces: Sequence[Piece], signs: bytes, counts: dict[int, int], first: dict[int, int]
) -> list[tuple[int, int, int]]:
    """Count what is told; the words that have a capital in any case are given back, as names, as words, with places."""
    doubtful: list[tuple[int, int, int]] = []
    for place in having(signs, STRONG):
        strong = pieces[place][NAMES]
        if signs[place] & OPENS or not place or signs[place - 1] & ENDS:
            name, word, _ = pieces[place][MARKS][0]
            if name & 3 == NAME:
                doubtful.append((name, word, place))
                strong = strong[1:]
        for one in strong:
            if one in counts:
                counts[one] += 1
            else:
                counts[one], first[one] = 1, place
    for place in having(signs[:LEAD], WEAK):
        for one in pieces[place][WORDS]:
            if one in counts:
                counts[one] += 1
            else:
                counts[one], first[one] = 1, place
    return doubtful


def _headline(said: Told, counts: dict[int, int], first: dict[int, int]) -> list[tuple[int, int, int]]:
    """Where each word has a capital it tells nothing, and where several are shouted, all capitals of those do not."""
    if not said.places(WEAK, 0, said.title):
        return []
    title = said.pieces[: said.title]
    marks = chain.from_iterable([piece[MARKS] for piece in title])
    shouted = {name for name, _, surface in marks if len(surface) > 1 and surface.isupper()}
    if len(shouted) >= SHOUTED:
        title = [piece for piece in title if shouted.isdisjoint(piece[NAMES])]
    return _count(title, bytes([piece[SIGNS] for piece in title]), counts, first)


def _chosen(counts: dict[int, int], first: dict[int, int], in_title: set[int]) -> tuple[int, ...]:
    worths = [*WORTH, *(OF_WIDE * worth for worth in WORTH)]
    wide_ones = wide()
    ranked = []
    for mark, often in counts.items():
        place = first[mark]
        worth = often if often < _OFTEN else _OFTEN  # noqa: FURB136  eighty times an item
        if place < LEAD:
            worth += _LEAD
        if mark in in_title:
            worth += _TITLE
        ranked.append((-worth * worths[mark & 3 if mark not in wide_ones else 3 + (mark & 3)], place, mark))
    ranked.sort()
    left = dict(KEPT)
    chosen = []
    for _, _, mark in ranked:
        kind = mark & 3
        if left[kind]:
            left[kind] -= 1
            chosen.append(mark)
    return tuple(chosen)
