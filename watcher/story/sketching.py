"""pure: item -> sketch: what is kept of it to know its like by.

Runs are three words that follow one another, in title and text. Of their hashes the smallest are kept: what two items
share of those, up to the lesser of their largest, tells how much of each stands in the other, however much longer one
is (bottom-k samples; Thorup 2013). Marks are the names, numbers and long words that may tell which event it is, by
how often they stand in the text, and whether in its title or beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, compress, count
from operator import attrgetter, itemgetter, xor

from watcher.model import Item, Sketch
from watcher.story.marks import NAME, NUMBER, WHOLE, WORD, WORTHS, Mark, Piece, pieces
from watcher.text.tokens import KEYS_VERSION

__all__ = ["VERSION", "named", "sketch_of", "told"]

VERSION = 100 + KEYS_VERSION
"""Raised with every change of what is kept of some item, and with the keys of words."""
RUNS = 128
"""Hashes kept of an item. Most news are shorter than that many runs, or not much longer."""
KEPT = {NAME: 40, NUMBER: 32, WORD: 16}
"""Marks kept of each kind."""
LEAD = 60
"""Words in which a text mostly says what happened."""
_END = pieces("\n")
_TITLE, _LEAD, _OFTEN = 4.0, 2.0, 4


def sketch_of(item: Item) -> Sketch:
    """Of its title and text, without boilerplate; of the summary where it has no text."""
    title, text = told(item)
    runs = _runs(chain(title, text))
    return Sketch(runs=tuple(sorted(runs)[:RUNS]), size=len(runs), marks=_marks(title, text), version=VERSION)


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
    for piece in chain(text, _END, title, _END):
        marks = [(one, mark.surface) for mark in piece.strong if (one := mark.name or mark.number) in wanted]
        row += marks
        if row and (not marks or piece.ends):
            name = " ".join(surface for _, surface in row)
            for one, _ in row:
                found.setdefault(one, name)
            row = []
    return found


def told(item: Item) -> tuple[list[Piece], list[Piece]]:
    """The pieces of what an item says: of its title, and of its text."""
    return pieces("" if item.title_from_text else item.title), pieces(item.text or item.summary)


def _runs(told: Iterable[Piece]) -> set[int]:
    """The order of the three words does not count, which spares reckoning."""
    words = list(chain.from_iterable(map(itemgetter(0), told)))
    if len(words) < 3:
        return {sum(words) & WHOLE} if words else set()
    return set(map(xor, map(xor, words, words[1:]), words[2:]))


def _marks(title: Sequence[Piece], text: Sequence[Piece]) -> tuple[int, ...]:
    """The most telling first."""
    counts: dict[int, int] = {}
    first: dict[int, int] = {}
    doubtful = _count(text, counts, first)
    heads = [mark for piece in title for mark in (*piece.strong, *piece.weak)]
    if any(mark.word and not mark.name for mark in heads):  # where each word has a capital, it tells nothing
        doubtful += _count(title, counts, first)
    for mark, place in doubtful:
        one = mark.name if mark.name in counts else mark.word if place < LEAD else 0
        counts[one] = counts.get(one, 0) + 1
        first.setdefault(one, place)
    in_title = {mark.number or (mark.name if mark.name in counts else mark.word) for mark in heads}
    for mark_in_title in in_title:
        counts.setdefault(mark_in_title, 1)
        first[mark_in_title] = 0
    counts.pop(0, None)
    return _chosen(counts, first, in_title)


def _count(told: Sequence[Piece], counts: dict[int, int], first: dict[int, int]) -> list[tuple[Mark, int]]:
    """Count what is told; the words that have a capital in any case are given back, with their places."""
    doubtful: list[tuple[Mark, int]] = []
    for place in compress(count(), map(_STRONG, told)):
        piece = told[place]
        begins = piece.opens or not place or told[place - 1].ends
        for mark in piece.strong:
            one = mark.name or mark.number
            if begins and mark.name:
                doubtful.append((mark, place))
            elif one in counts:
                counts[one] += 1
            else:
                counts[one], first[one] = 1, place
            begins = False
    for place, piece in enumerate(told[:LEAD]):
        for mark in piece.weak:
            one = mark.word
            if one in counts:
                counts[one] += 1
            else:
                counts[one], first[one] = 1, place
    return doubtful


_STRONG = attrgetter("strong")


def _chosen(counts: dict[int, int], first: dict[int, int], in_title: set[int]) -> tuple[int, ...]:
    worths = WORTHS
    ranked = [
        (
            ((min(_OFTEN, often)) + (_LEAD if first[mark] < LEAD else 0.0) + (_TITLE if mark in in_title else 0.0))
            * -worths[mark],
            first[mark],
            mark,
        )
        for mark, often in counts.items()
    ]
    ranked.sort()
    left = dict(KEPT)
    chosen = []
    for _, _, mark in ranked:
        kind = mark & 3
        if left[kind]:
            left[kind] -= 1
            chosen.append(mark)
    return tuple(chosen)
