"""pure: one word as it stands -> its letters alone: typography off it (`plain`), then case and accents (`folded`)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

__all__ = ["folded", "plain", "remembered"]

MEMO = 1 << 14
_LONG = 40  # code points; longer ones (addresses, lines of Chinese) do not come again
_PLAIN = str.maketrans(
    dict.fromkeys("\u00ad\u034f\u061c\u0640\u180e\u200b\u200c\u200d\u200e\u200f\ufeff,")
    | dict.fromkeys((*range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)))
    | dict.fromkeys("’ʼ‘＇‛′´`", "'")
)
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
    | dict.fromkeys("ىی", "ي")
    | dict.fromkeys("ةۃہە", "ه")
    | {"ک": "ك", "ٱ": "ا"}
)
_LETTERS = frozenset("йїў")  # no accented и, і, у


def remembered(size: int) -> Callable[[Callable[[str], str]], Callable[[str], str]]:
    """What is made of each of so many words, as long as they are words: so it stays small whatever comes."""

    def remembering(form: Callable[[str], str]) -> Callable[[str], str]:
        memo = lru_cache(size)(form)
        return lambda word: memo(word) if len(word) <= _LONG else form(word)

    return remembering


def plain(surface: str) -> str:
    """The word with case, accents and number kept, everything that is only spelling or typography gone."""
    return surface if surface.isascii() and surface.isalnum() else _plain(surface)


def folded(surface: str) -> str:
    """Case and accents taken off `plain`."""
    return surface.lower() if surface.isascii() and surface.isalnum() else _folded(surface)


@remembered(MEMO)
def _plain(surface: str) -> str:
    word = unicodedata.normalize("NFKC", surface.translate(_PLAIN))
    return word[:1] + word[1:].replace(".", "")


@remembered(MEMO)
def _folded(surface: str) -> str:
    word = _plain(surface).casefold()
    if word.isascii():
        return word
    bare = "".join(c if c in _LETTERS else _bare(c) for c in word)
    return unicodedata.normalize("NFKC", bare).translate(_STROKES)


def _bare(letter: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", letter) if not _is_accent(c))


def _is_accent(letter: str) -> bool:
    """Whether a mark is an accent (Unicode canonical combining class): Hebrew and Arabic points, general diacritics.

    The marks of Indic, Thai and Japanese writing are letters to their readers and stay.
    """
    return 10 <= unicodedata.combining(letter) <= 36 or unicodedata.combining(letter) >= 200
