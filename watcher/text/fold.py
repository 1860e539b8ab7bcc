"""pure: one word as it stands -> the key it is compared by.

Query words and text words go through the same functions, so a mistake in one is made in the other too. Three forms of
a word, each from the one before:

    plain     Türkiye's "MILITIAS" as written, without soft hyphens, widths and the dots of U.S.
    folded    turkiye, militias: without case and accents
    key       turkiye, militia: the singular; the stem of a Russian or Ukrainian word; or the capitals themselves
              where case makes another word (US, WHO)
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from watcher.text.clitics import joined
from watcher.text.lexicon import IRREGULAR, SMART_CASE, UNCHANGED
from watcher.text.stems import declined, stem

_MEMO = 1 << 16  # words; a day of English news has about half as many
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
_ES = ("sses", "shes", "ches", "xes", "zzes", "oes")


@lru_cache(_MEMO)
def plain(surface: str) -> str:
    """The word with case, accents and number kept, everything that is only spelling or typography gone."""
    word = unicodedata.normalize("NFKC", surface.translate(_PLAIN))
    return word[:1] + word[1:].replace(".", "")


@lru_cache(_MEMO)
def folded(surface: str) -> str:
    """Case and accents taken off `plain`."""
    word = plain(surface).casefold()
    if word.isascii():
        return word
    bare = "".join(c if c in _LETTERS else _bare(c) for c in word)
    return unicodedata.normalize("NFKC", bare).translate(_STROKES)


def _bare(letter: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", letter) if not _is_accent(c))


@lru_cache(_MEMO)
def key(surface: str) -> str:
    """What the index and the matcher compare: "US" for US and U.S., "us" for us, "militia" for Militias."""
    word = plain(surface)
    if word in SMART_CASE:
        return word
    bare = folded(surface)
    return (None if bare.isascii() else stem(bare)) or singular(bare)


def is_stemmed(surface: str) -> bool:
    """Whether a word is compared by its stem: Москва finds Москвы."""
    return stem(folded(surface)) is not None


def faded(word_key: str) -> str:
    """The key of the same word where case tells nothing: WHO is "who" in a line of capitals, US stays "US"."""
    return word_key if SMART_CASE.get(word_key, True) else word_key.lower()


def lookups(surface: str) -> frozenset[str]:
    """Keys that a query word finds: with what Arabic and Korean write on to a word, and its cases in Russian."""
    word = folded(surface)
    return cased(surface).union(joined(word), declined(word))


def cased(surface: str) -> frozenset[str]:
    """The keys of a word in capitals or not: `US` only itself, `us` both."""
    own = key(surface)
    if own in SMART_CASE:
        return frozenset((own,))
    capitals = {folded(surface).upper(), own.upper()}
    return frozenset((own, *(capitals & SMART_CASE.keys())))


def singular(word: str) -> str:
    """The singular of a folded English word; of an unknown one what its ending suggests, always the same."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 4 or word in UNCHANGED:
        return word
    if word.endswith("men") and word[-4].isalpha() and len(word) > 4:
        return word[:-2] + "an"
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or not word[-2].isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_ES) else word[:-1]


def _is_accent(letter: str) -> bool:
    """Whether a mark is an accent (Unicode canonical combining class): Hebrew and Arabic points, general diacritics.

    The marks of Indic, Thai and Japanese writing are letters to their readers and stay.
    """
    return 10 <= unicodedata.combining(letter) <= 36 or unicodedata.combining(letter) >= 200
