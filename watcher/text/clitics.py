"""pure: a folded query word -> the words of a text that are it with something short written on to it.

Arabic writes and, so, with, for, like and the article together with the word behind them; Korean writes particles on to
the word before. A text's word is not taken apart, for it may begin so by itself; the query word is put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ARABIC = re.compile("[\u0621-\u064a]{3,}")
_AND = ("", "و", "ف")
_BEFORE = ("", "ب", "ل", "ك")
_ARTICLE = "ال"

_KOREAN = re.compile("[가-힣]{2,}")
_PARTICLES = "의 에 도 만 에서 에게 까지 부터 보다 처럼 에는 에도 에서는 에서도"
_AFTER_CONSONANT = f"{_PARTICLES} 은 이 을 과 으로 이나 이라는".split()
_AFTER_VOWEL = f"{_PARTICLES} 는 가 를 와 로 나 라는".split()
_FINALS = 28  # of a syllable's code point modulo this: 0 for none, 8 for the l that is followed by 로
_FINAL_L = 8


def joined(word: str) -> Iterator[str]:
    """Every word that is this one and more; none in other scripts, or for one so short that many words end in it."""
    if _ARABIC.fullmatch(word):
        yield from (conjunction + form for form in _arabic(word) for conjunction in _AND)
    elif _KOREAN.fullmatch(word):
        yield from (word + particle for particle in _korean(word[-1]))


def _arabic(word: str) -> Iterator[str]:
    bare = word.removeprefix(_ARTICLE)
    if bare == word:
        yield from (before + word for before in _BEFORE)
    yield from (before + _ARTICLE + bare for before in _BEFORE if before != "ل")
    yield "ل" * (not bare.startswith("ل")) + "ل" + bare  # for the: the article loses its alef


def _korean(last: str) -> list[str]:
    final = (ord(last) - ord("가")) % _FINALS
    if final == _FINAL_L:
        return [*_AFTER_CONSONANT, "로"]
    return _AFTER_CONSONANT if final else _AFTER_VOWEL
