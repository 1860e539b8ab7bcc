"""pure: item -> sketch: what is kept of it to know its like by.

Runs are three words that follow one another, in title and text; what has a hyphen is one word. Of their hashes the
smallest are kept: what two items share of those, up to the lesser of their largest, tells how much of each stands in
the other, however much longer one is (bottom-k samples; Thorup 2013). Marks are the names, numbers and long words that
may tell which event it is, by how often they stand in the text, and whether in its title or beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, compress, count
from operator import itemgetter, xor
from typing import Any

from watcher.model import Item, Sketch
from watcher.story.marks import ENDS, LEFT, MARKS, NAME, NUMBER, STRONG, UNIT, WEAK, WORD, WORTHS, Piece, Unit, pieces
from watcher.text.tokens import KEYS_VERSION

__all__ = ["DENIED", "RUN", "VERSION", "across", "each_of", "named", "runs_of", "sketch_of", "told"]

VERSION = 110 + KEYS_VERSION
"""Raised with every change of what is kept of some item, and with the keys of words."""
RUN = 3  # words
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
_END = pieces("\n")
_TITLE, _LEAD, _OFTEN = 4, 2, 4


def sketch_of(item: Item) -> Sketch:
    """Of its title and text, without boilerplate; of the summary where it has no text."""
    title, text = told(item)
    runs = _runs(chain(title, text))
    return Sketch(
        runs=tuple(sorted(runs)[:RUNS]),
        size=len(runs),
        marks=_marks(title, text),
        denied=tuple(dict.fromkeys(across([*title, *text])))[:DENIED],
        version=VERSION,
    )


def named(item: Item, marks: Iterable[int]) -> tuple[str, ...]:
    """These names and numbers as the item writes them, those side by side as one; in the order of the marks."""
    wanted = list(marks)
    written = _written(item, set(wanted))
    return tuple(dict.fromkeys(written[mark] for mark in wanted if mark in written))


def _written(item: Item, wanted: set[int]) -> dict[int, str]:
    """Each that is wanted by the longest row of such that it first stands in."""
    title, text = told(item)
    found: dict[int, str] = {}
    row: list[tuple[int, str]] = []
    for _, strong, marks, _, ends, *_ in chain(text, _END, title, _END):
        if wanted.isdisjoint(strong):
            named = False
        else:
            named = True
            row += [(one, surface) for one, _, surface in marks if one in wanted]
        if row and (ends or not named):
            name = " ".join(surface for _, surface in row)
            for one, _ in row:
                found.setdefault(one, name)
            row = []
    return found


def told(item: Item) -> tuple[list[Piece], list[Piece]]:
    """The pieces of what an item says: of its title, and of its text."""
    return pieces("" if item.title_from_text else item.title), pieces(item.text or item.summary)


def runs_of(units: Sequence[Any]) -> Iterator[int]:
    """The order of the three does not count, which spares reckoning."""
    return map(xor, map(xor, units, units[1:]), units[2:])


def across(told: Sequence[Piece]) -> list[int]:
    """The runs that would stand where something says no, if it did not."""
    denying = [place for place, left in enumerate(map(itemgetter(LEFT), told)) if left is not None]
    runs: list[int] = []
    while denying:
        first = last = denying[0]
        while denying and denying[0] - last <= _AROUND:
            last = denying.pop(0)
        runs += _across(told[max(0, first - _AROUND) : last + _AROUND + 1])
    return runs


def _across(told: Sequence[Piece]) -> Iterator[int]:
    units: list[int] = []
    denied: list[int] = []
    for piece in told:
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


def each_of(unit: Unit) -> Sequence[int]:
    if isinstance(unit, tuple):
        return unit
    return (unit,) if unit else ()


def _runs(told: Iterable[Piece]) -> set[int]:
    units = list(filter(None, map(itemgetter(UNIT), told)))
    if len(units) >= RUN:
        with suppress(TypeError):  # some are several, as in scripts that put no spaces between words
            return set(runs_of(units))
    flat = list(chain.from_iterable(unit if isinstance(unit, tuple) else (unit,) for unit in units))
    return set(runs_of(flat)) or set(flat)


def _marks(title: Sequence[Piece], text: Sequence[Piece]) -> tuple[int, ...]:
    """The most telling first."""
    counts: dict[int, int] = {}
    first: dict[int, int] = {}
    doubtful = _count(text, counts, first)
    doubtful += _headline(title, counts, first)
    for name, word, place in doubtful:
        one = name if name in counts else word if place < LEAD else 0
        counts[one] = counts.get(one, 0) + 1
        first.setdefault(one, place)
    heads = [
        name if name & 3 == NUMBER or name in counts else word for piece in title for name, word, _ in piece[MARKS]
    ]
    in_title = {*heads, *chain.from_iterable(map(itemgetter(WEAK), title))}
    for mark in in_title:
        counts.setdefault(mark, 1)
        first[mark] = 0
    counts.pop(0, None)
    return _chosen(counts, first, in_title)


def _count(told: Sequence[Piece], counts: dict[int, int], first: dict[int, int]) -> list[tuple[int, int, int]]:
    """Count what is told; the words that have a capital in any case are given back, as names, as words, with places."""
    doubtful: list[tuple[int, int, int]] = []
    for place in compress(count(), map(itemgetter(STRONG), told)):
        _, strong, marks, _, _, begins, _ = told[place]
        if begins or not place or told[place - 1][ENDS]:
            name, word, _ = marks[0]
            if name & 3 == NAME:
                doubtful.append((name, word, place))
                strong = strong[1:]
        for one in strong:
            if one in counts:
                counts[one] += 1
            else:
                counts[one], first[one] = 1, place
    for place in compress(range(LEAD), map(itemgetter(WEAK), told)):
        for one in told[place][WEAK]:
            if one in counts:
                counts[one] += 1
            else:
                counts[one], first[one] = 1, place
    return doubtful


def _headline(title: Sequence[Piece], counts: dict[int, int], first: dict[int, int]) -> list[tuple[int, int, int]]:
    """Where each word has a capital it tells nothing, and where several are shouted, all capitals of those do not."""
    if not any(map(itemgetter(WEAK), title)):
        return []
    shouted = {name for piece in title for name, _, surface in piece[MARKS] if len(surface) > 1 and surface.isupper()}
    if len(shouted) < SHOUTED:
        return _count(title, counts, first)
    said = [piece for piece in title if shouted.isdisjoint(piece[STRONG])]
    return _count(said, counts, first)


def _chosen(counts: dict[int, int], first: dict[int, int], in_title: set[int]) -> tuple[int, ...]:
    worths = WORTHS
    ranked = []
    for mark, often in counts.items():
        place = first[mark]
        worth = often if often < _OFTEN else _OFTEN  # noqa: FURB136  eighty times an item
        if place < LEAD:
            worth += _LEAD
        if mark in in_title:
            worth += _TITLE
        ranked.append((-worth * worths[mark], place, mark))
    ranked.sort()
    left = dict(KEPT)
    chosen = []
    for _, _, mark in ranked:
        kind = mark & 3
        if left[kind]:
            left[kind] -= 1
            chosen.append(mark)
    return tuple(chosen)
