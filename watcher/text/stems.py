"""pure: a folded word of a language that inflects much -> its stem, by which it is compared.

Russian by Snowball's stemmer. Ukrainian has none there: words with one of its own letters or an apostrophe lose the
commonest endings of nouns and adjectives, so that they meet the stems that Russian's rules give to their other forms
(ударів, ударами).
Other languages in Cyrillic letters stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

_RUSSIAN_LETTERS = re.compile("[а-я]+")
_UKRAINIAN_LETTERS = re.compile("(?=.*[іїєґ'])[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя']+")
_CONSONANTS = frozenset("бвгджзклмнпрстфхцчшщ")
_LETTERS = 3
"""What a stem has at least: shorter ones are too much alike."""

ALTERNATING = {"київ": "києв", "львів": "львов", "харків": "харков", "чернігів": "чернігов", "миколаїв": "миколаєв"}
"""Names of places that change a vowel when they get an ending, by the stem of their other forms."""

_ENDING = re.compile(
    r"(?:ість|істю|ості|ями|ами|ого|ому|ими|іми|ої|ій|ий|им|ім|их|іх|ою|ею|єю|ом|ем|єм|ам|ям|ах|ях|ів|їв|ей"
    r"|[аяуюиіїоеєь])"
)
_DWELLER = re.compile(r"(?<=...)ець\Z")  # українець, українця


def stem(word: str) -> str | None:
    """The stem of a Russian or Ukrainian word, of three letters or more; None for a word that is compared as it is."""
    if _RUSSIAN_LETTERS.fullmatch(word):
        found = _russian().stemWord(word)
    elif _UKRAINIAN_LETTERS.fullmatch(word):
        found = _ukrainian(word)
    else:
        return None
    return found if len(found) >= _LETTERS else word


def declined(word: str) -> Iterator[str]:
    """The stems of a Russian noun's other cases: Snowball takes the end of Тикрит for a verb's, that of Тикрита not."""
    if _RUSSIAN_LETTERS.fullmatch(word) and word[-1] in _CONSONANTS:
        yield from (found for ending in ("а", "у", "ом", "е") if (found := stem(word + ending)))


@cache
def _russian() -> Any:
    """Loaded for the first Russian word: most watchers never see one."""
    import Stemmer  # type: ignore[import-not-found]

    return Stemmer.Stemmer("russian")


def _ukrainian(word: str) -> str:
    if word in ALTERNATING:
        return ALTERNATING[word]
    dweller = _DWELLER.sub("ц", word)
    if dweller != word:
        return dweller
    for start in range(_LETTERS, len(word)):
        if _ENDING.fullmatch(word, start):
            return word[:start].rstrip("ь")
    return word
