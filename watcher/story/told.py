"""pure: a title and a text -> what stands between their spaces: hashes of the words, and signs of what else is there.

There are hundreds of pieces in an item, most of them one word in small letters; each was met before. So all is asked of
the signs of all pieces at once, and only of those that have one what there is of names, numbers and what says no.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, chain, compress, count
from operator import itemgetter, xor
from typing import Any

from watcher.story.marks import DENIES, SIGNS, STRONG, UNIT, WEAK, Piece, Unit, piece_of

__all__ = ["RUN", "Told", "each_of", "having", "runs_of", "told_of"]

RUN = 3  # words
_HAVING = {sign: bytes(bool(signs & sign) for signs in range(256)) for sign in (STRONG, WEAK, DENIES)}
_MOST = 1 << 16
_PIECE_LENGTH = 40  # code points; longer ones do not come again
_REMEMBERED, _TEXT = 4, 20_000  # items told last, of which the same is asked again soon, and code points of one


class Told:
    """The pieces of a title and a text, one after the other. `title`: how many of them are the title's."""

    __slots__ = ("_runs", "_starts", "pieces", "signs", "title")

    def __init__(self, title: str, text: str) -> None:
        pieces = _split(title)
        self.title = len(pieces)
        pieces += _split(text)
        self.pieces: list[Piece] = list(map(_PIECES.__getitem__, pieces))
        self.signs = bytes(map(_SIGNS, self.pieces))
        self._runs: list[int] | None = None
        self._starts: list[int] | None = None

    def __len__(self) -> int:
        return len(self.pieces)

    def places(self, sign: int, first: int = 0, last: int | None = None) -> list[int]:
        """Of the pieces that have a sign."""
        return having(self.signs[first:last], sign, first)

    @property
    def runs(self) -> list[int]:
        """Of three words that follow one another, in their order; of the title's last and the text's first, too."""
        if self._runs is None:
            self._runs = list(runs_of(self.flat()))
        return self._runs

    def flat(self) -> list[int]:
        """The hashes of the words; one of several words that no space parts, as in "well-known"."""
        units = list(filter(None, map(_UNIT, self.pieces)))
        if tuple in set(map(type, units)):  # as in scripts that put no spaces between words
            return list(chain.from_iterable(map(each_of, units)))
        return units

    def span(self, place: int) -> tuple[int, int]:
        """Which of the words it is."""
        if self._starts is None:
            self._starts = list(accumulate(map(len, map(each_of, map(_UNIT, self.pieces))), initial=0))
        return self._starts[place], self._starts[place + 1]


_UNIT, _SIGNS = itemgetter(UNIT), itemgetter(SIGNS)


def having(signs: bytes, sign: int, first: int = 0) -> list[int]:
    """The places of those signs that have this one, counted from `first`."""
    return list(compress(count(first), signs.translate(_HAVING[sign])))


def each_of(unit: Unit) -> Sequence[int]:
    if isinstance(unit, tuple):
        return unit
    return (unit,) if unit else ()


def runs_of(units: Sequence[Any]) -> Iterator[int]:
    """The order of the three does not count, which spares reckoning."""
    return map(xor, map(xor, units, units[1:]), units[2:])


def told_of(title: str, text: str) -> Told:
    """The same for the same, soon after."""
    return _told(title, text) if len(text) <= _TEXT else Told(title, text)


@lru_cache(_REMEMBERED)
def _told(title: str, text: str) -> Told:
    return Told(title, text)


def _split(text: str) -> list[str]:
    """Line ends end a sentence and stand by themselves."""
    return text.replace("\n", " \n ").split(" ")


class _Pieces(dict[str, Piece]):
    """What each piece met comes to; bounded, and forgotten whole when full."""

    def __missing__(self, text: str) -> Piece:
        found = piece_of(text)
        if len(text) <= _PIECE_LENGTH:
            if len(self) >= _MOST:
                self.clear()
            self[text] = found
        return found


_PIECES = _Pieces()
