"""pure: what stands between two spaces -> stable hashes of its words, and its marks: names, numbers, telling words.

A mark is a hash of 32 bits whose lowest two say what it is. A name is a word with a capital inside a sentence; at a
sentence's beginning, or in a headline where every word has one, a capital tells nothing, and such a word is a name only
where it is one elsewhere in the text. Case is what tells in most scripts; in those without it each longer word may be a
name, and how rare it is decides what it is worth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, reduce
from typing import Final
from zlib import crc32

from watcher.story.denying import denying
from watcher.story.wide import STEMS, WIDE
from watcher.text.fold import key
from watcher.text.lexicon import TITLES
from watcher.text.tokens import spans

__all__ = [
    "DENIES", "ENDS", "LEFT", "MARKS", "NAME", "NAMES", "NUMBER", "OF_WIDE", "OPENS", "SIGNS", "STRONG", "UNIT", "WEAK",
    "WHOLE", "WORD", "WORDS", "WORTH", "Mark", "Piece", "Unit", "is_wide", "kind_of", "piece_of", "wide",
]  # fmt: skip

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
_INITIAL = re.compile(r"^\W*(?:[A-Z]|(?:[A-Z]\.)+[A-Z]?)\.$")  # J. U.S.: a name goes on
_OPENS = frozenset("\"'“‘«([¿¡")
_BEFORE, _BEHIND = '"“(', '.,;:!?…"”)'  # what may stand round a word and is no part of it


def hashed(word: str) -> int:
    """The same on every machine: CRC-32, whose neighbours a multiplication parts."""
    return crc32(word.encode("utf-8", "surrogatepass")) * 0x9E3779B1 >> 2 & WHOLE


def marked(word: str, kind: int) -> int:
    return hashed(word) << 2 | kind


def kind_of(mark: int) -> int:
    return mark & 3


Mark = tuple[int, int, str]
"""A name or number: its hash as such, as a mere word (0: it tells nothing as one), and as it is written."""

Unit = int | tuple[int, ...]
"""A hash of the words between two spaces, or of each where they are many."""

Piece = tuple[Unit, int, tuple[int, ...], tuple[Mark, ...], tuple[int, ...], Unit | None]
"""What stands between two spaces: a hash of its words, or of each where they are many; signs; its names and numbers,
and the same with all that is known of them; its words without a capital; what is left of its words without those that
say no, with a 0 for each of many, and None where none does. A plain tuple, of which the garbage collector soon needs to
know nothing: there are tens of thousands.
"""
UNIT: Final = 0
SIGNS: Final = 1
NAMES: Final = 2
MARKS: Final = 3
WORDS: Final = 4
LEFT: Final = 5

ENDS: Final = 1
"""A sign: it ends a sentence, so that the next word has a capital in any case."""
OPENS: Final = 2
"""It opens a quotation, where the first word may have a capital."""
STRONG: Final = 4
"""There are names or numbers in it."""
WEAK: Final = 8
"""There are words without a capital in it that may tell something."""
DENIES: Final = 16
"""Something in it says no."""

_BREAK: Piece = (0, ENDS, (), (), (), None)
_FEW = 6  # words that count as one, where spaces part words at all


def piece_of(text: str) -> Piece:
    """A line end ends a sentence and stands by itself."""
    bare = text.lstrip(_BEFORE).rstrip(_BEHIND)
    if bare.isascii() and bare.isalpha():
        return _plain(text, bare)
    if text == "\n":
        return _BREAK
    surfaces = [(start, text[start:end]) for start, end in spans(text)]
    folded = [key(surface) for _, surface in surfaces]
    words = [hashed(word) for word in folded]
    said = denying([word.lower() for word in folded])
    left = None if said is None else _unit([hashed(word) if word else 0 for word in said])
    strong: list[Mark] = []
    weak: list[int] = []
    for name, word, surface in _numbered(text, surfaces) if _NUMBER.search(text) else map(_of_word, surfaces):
        if name:
            strong.append((name, word, surface))
        elif word:
            weak.append(word)
    signs = _around(text) | STRONG * bool(strong) | WEAK * bool(weak) | DENIES * (left is not None)
    names = tuple([name for name, _, _ in strong])
    return _unit(words), signs, names, tuple(strong), tuple(weak), left


def _plain(text: str, word: str) -> Piece:
    """The same, quicker, of one word in plain letters among signs: most are."""
    name, weak, _ = mark = _of_word((0, word))
    folded = key(word)
    said = denying([folded.lower()])
    left = None if said is None else 0
    signs = _around(text) | DENIES * (left is not None)
    if name:
        return hashed(folded), signs | STRONG, (name,), (mark,), (), left
    return hashed(folded), signs | WEAK * bool(weak), (), (), (weak,) if weak else (), left


def _around(text: str) -> int:
    """The signs of what stands round the words."""
    if text.isalnum():
        return 0
    ends = text.rstrip(_CLOSING)[-1:] in _ENDS and not (text[-1:] == "." and _goes_on(text))
    return ENDS * ends | OPENS * (text[:1] in _OPENS)


def _goes_on(text: str) -> bool:
    """Whether the full stop is an abbreviation's, behind which a name may follow or go on."""
    return bool(_INITIAL.match(text)) or text.strip("(\"'“‘.").lower() in TITLES


def _unit(words: list[int]) -> Unit:
    """Of these words, of which some may be 0."""
    if len(words) > _FEW:
        return tuple(words)
    return reduce(lambda one, word: one * 3 + word & WHOLE, filter(None, words), 0)


def _numbered(text: str, surfaces: Iterable[tuple[int, str]]) -> Iterator[Mark]:
    """Where some of it is a number, which may be several words: 7.2."""
    numbers = [m.span() for m in _NUMBER.finditer(text)]
    for start, end in numbers:
        yield marked(_plain_number(text[start:end]), NUMBER), 0, text[start:end]
    for each in surfaces:
        if not any(first <= each[0] < last for first, last in numbers):
            yield _of_word(each)


def _of_word(placed: tuple[int, str]) -> Mark:
    _, surface = placed
    folded = key(surface).lower()
    caseless = surface[0].lower() == surface[0].upper()
    long = len(folded) >= LONG or (caseless and len(folded) > 2)
    name = 0 if surface[0].islower() or caseless or len(folded) < 2 else marked(folded, NAME)
    return name, marked(folded, WORD) if long else 0, surface


def _plain_number(text: str) -> str:
    return _GROUPED.sub("", text).replace(",", ".")


WORTH = (1.0, 0.8, 0.6)
"""What marks are worth beside others that are as foremost, by what they are, whatever is stored."""
OF_WIDE = 0.25
"""How much of that the wide ones are."""


@cache
def wide() -> frozenset[int]:
    """The marks that many events have, whatever is stored."""
    return frozenset(_wide_marks())


def is_wide(mark: int) -> bool:
    return mark in wide()


def _wide_marks() -> Iterator[int]:
    for word in WIDE:
        yield from (marked(form, kind) for form in {key(word).lower(), word} for kind in (NAME, WORD))
    yield from (marked(stem, kind) for stem in STEMS for kind in (NAME, WORD))
    yield from (marked(str(number), NUMBER) for number in (*range(SMALL + 1), *YEARS))
    yield from (marked(f"{number:02}", NUMBER) for number in range(10))
