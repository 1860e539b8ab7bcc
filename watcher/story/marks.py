"""pure: a text's pieces between spaces -> stable hashes of its words, and its marks: names, numbers, telling words.

A mark is a hash of 32 bits whose lowest two say what it is. A name is a word with a capital inside a sentence; at a
sentence's beginning, or in a headline where every word has one, a capital tells nothing, and such a word is a name only
where it is one elsewhere in the text. Case is what tells in most scripts; in those without it each longer word may be a
name, and how rare it is decides what it is worth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zlib import crc32

from watcher.story.wide import STEMS, WIDE
from watcher.text.fold import key
from watcher.text.tokens import spans

__all__ = ["NAME", "NUMBER", "WHOLE", "WORD", "WORTHS", "Mark", "Piece", "is_wide", "kind_of", "pieces"]

WHOLE = (1 << 30) - 1
"""A hash of a word has 30 bits: one digit of Python's, which are quick to reckon with."""
NAME, NUMBER, WORD = 0, 1, 2
"""What a mark is."""
LONG = 5  # letters that a word without a capital has at least, to tell anything
SMALL = 31
"""Numbers up to this are days, goals and the like."""
YEARS = range(1900, 2100)

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_GROUPED = re.compile(r"[.,](?=\d{3}(?!\d))")
_ENDS, _CLOSING = frozenset(".!?:;…。！？"), "\"'”’»)]"
_INITIAL = re.compile(r"^\W*(?:[A-Z]|[A-Z][a-z]{0,3}|(?:[A-Z]\.)+[A-Z]?)\.$")  # J. Gen. U.S.: a name goes on
_OPENS = frozenset("\"'“‘«([¿¡")


def hashed(word: str) -> int:
    """The same on every machine: CRC-32, whose neighbours a multiplication parts."""
    return crc32(word.encode("utf-8", "surrogatepass")) * 0x9E3779B1 >> 2 & WHOLE


def marked(word: str, kind: int) -> int:
    return hashed(word) << 2 | kind


def kind_of(mark: int) -> int:
    return mark & 3


class Mark(NamedTuple):
    """A word that may tell which event it is, by what it is where it stands."""

    name: int  # its hash as a name; 0: it is none
    word: int  # as a word; 0: it tells nothing as such
    number: int  # as a number; 0: it is none
    surface: str


class Piece(NamedTuple):
    """What stands between two spaces."""

    words: tuple[int, ...]  # hashes, of each word
    strong: tuple[Mark, ...]  # names and numbers
    weak: tuple[Mark, ...]  # words without a capital
    ends: bool  # a sentence: the next word has a capital in any case
    opens: bool  # a quotation, where the first word may have one


_BREAK = Piece((), (), (), ends=True, opens=False)


class _Pieces(dict[str, Piece]):
    """What each piece met comes to; bounded, and forgotten whole when full."""

    def __missing__(self, text: str) -> Piece:
        found = _piece(text)
        if len(text) <= _PIECE_LENGTH:
            if len(self) >= _MOST:
                self.clear()
            self[text] = found
        return found


_MOST = 1 << 16
_PIECE_LENGTH = 40  # code points; longer ones do not come again
_PIECES = _Pieces({"\n": _BREAK})


def pieces(text: str) -> list[Piece]:
    """Line ends end a sentence and stand by themselves."""
    return list(map(_PIECES.__getitem__, text.replace("\n", " \n ").split(" ")))


def _piece(text: str) -> Piece:
    if text == "\n":
        return _BREAK
    surfaces = [(start, text[start:end]) for start, end in spans(text)]
    words = tuple([hashed(key(surface)) for _, surface in surfaces])
    strong: list[Mark] = []
    weak: list[Mark] = []
    for mark in _numbered(text, surfaces) if _NUMBER.search(text) else _marks(surfaces):
        (strong if mark.name or mark.number else weak).append(mark)
    ends = text.rstrip(_CLOSING)[-1:] in _ENDS and not (text[-1:] == "." and _INITIAL.match(text))
    return Piece(words, tuple(strong), tuple(weak), bool(text) and ends, text[:1] in _OPENS and bool(text))


def _numbered(text: str, surfaces: Iterable[tuple[int, str]]) -> Iterator[Mark]:
    """Where some of it is a number, which may be several words: 7.2."""
    numbers = [m.span() for m in _NUMBER.finditer(text)]
    for start, end in numbers:
        yield Mark(0, 0, marked(_plain_number(text[start:end]), NUMBER), text[start:end])
    yield from _marks((at, word) for at, word in surfaces if not any(first <= at < last for first, last in numbers))


def _marks(surfaces: Iterable[tuple[int, str]]) -> Iterator[Mark]:
    for _, surface in surfaces:
        yield from _of_word(surface)


def _of_word(surface: str) -> Iterator[Mark]:
    folded = key(surface).lower()
    caseless = surface[0].lower() == surface[0].upper()
    long = len(folded) >= LONG or (caseless and len(folded) > 2)
    name = 0 if surface[0].islower() or caseless or len(folded) < 2 else marked(folded, NAME)
    word = marked(folded, WORD) if long else 0
    if name or word:
        yield Mark(name, word, 0, surface)


def _plain_number(text: str) -> str:
    return _GROUPED.sub("", text).replace(",", ".")


class _Worths(dict[int, float]):
    """What each mark is worth beside others that are as foremost, whatever is stored; filled with the wide ones."""

    def __missing__(self, mark: int) -> float:
        if not self:
            self.update((wide, _WORTH[kind_of(wide)] * _OF_WIDE) for wide in _wide_marks())
            return self[mark]
        return self.setdefault(mark, _WORTH[kind_of(mark)]) if len(self) < _MOST else _WORTH[kind_of(mark)]


_WORTH = {NAME: 1.0, NUMBER: 0.8, WORD: 0.6}
_OF_WIDE = 0.25
WORTHS = _Worths()


def is_wide(mark: int) -> bool:
    """Whether many events have this name or number, whatever is stored."""
    return WORTHS[mark] <= _OF_WIDE


def _wide_marks() -> Iterator[int]:
    for word in WIDE:
        yield from (marked(form, kind) for form in {key(word).lower(), word} for kind in (NAME, WORD))
    yield from (marked(stem, kind) for stem in STEMS for kind in (NAME, WORD))
    yield from (marked(str(number), NUMBER) for number in (*range(SMALL + 1), *YEARS))
    yield from (marked(f"{number:02}", NUMBER) for number in range(10))
