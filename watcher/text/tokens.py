"""pure: text -> its words, as spans (offsets) or as keys (text.fold).

A word is a run of letters and digits with the marks on them. Hyphens, `& / . _` and apostrophes end one, but: dotted
acronyms are one word (U.S.), n't stays (don't), a possessive 's is left out, thousands are joined (18,000), the signs
of C++, C# and .NET are kept. Each CJK character is a word. White space is never inside a word, which lets `keys` work
on the pieces between spaces and remember them: most of a day's text it has seen before.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate, chain

from watcher.text.fold import folded, key
from watcher.text.lexicon import IRREGULAR

Range = tuple[int, int]
"""Start and end offset, in code points."""

HEAD = 3
"""Letters or digits that a wildcard needs before it."""

_MARK_BLOCKS = (range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFB1E, 0xFB1F), range(0xFE00, 0xFE30))
_MARKS = "".join(chr(c) for block in _MARK_BLOCKS for c in block if unicodedata.category(chr(c))[0] == "M")
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, zero widths
_M = f"[{_MARKS}{_UNSEEN}]"
_CJK = (
    "\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_L = rf"[^\W_{_CJK}]"  # a letter or digit
_LETTER = rf"[^\W\d_{_CJK}]"
_W = rf"{_L}+(?:{_M}{_L}*)*"
_Q = "['’ʼ‘＇]"
_STOP = rf"(?!{_L}|{_M}{_L})"

_TOKEN = re.compile(
    rf"""(
        {_LETTER}(?:\.{_LETTER})+{_STOP}\.?               # U.S.
      | \d{{1,3}}(?:,\d{{3}})+(?!\d)(?:{_W})?             # 18,000
      | {_W}(?:(?<=[nN]){_Q}[tT]{_STOP}|(?:\+\+|\#){_STOP})?
      | [{_CJK}]{_M}*
      | (?<![^\s("'“‘\[])\.(?:[A-Z]{{2,4}}|[a-z]{{2,4}}){_STOP}  # .NET
    )(?:{_Q}[sS]{_STOP})?""",
    re.VERBOSE,
)


def spans(text: str) -> list[Range]:
    """Where the words stand, in order; `text[start:end]` is a word's surface."""
    return [m.span(1) for m in _TOKEN.finditer(text)]


def keys(text: str) -> list[str]:
    """The key of each word, aligned with `spans`."""
    return list(chain.from_iterable(map(_KEYS.__getitem__, _pieces(text))))


def folds(text: str) -> list[str]:
    """Each word folded, its number kept, aligned with `spans`."""
    return list(chain.from_iterable(map(_FOLDS.__getitem__, _pieces(text))))


@lru_cache(1 << 16)
def head(word_key: str) -> str:
    """What a wildcard finds a word by in an index: the key's first letters, as "mil*"."""
    return word_key[:HEAD].lower() + "*"


def heads(prefix: str) -> frozenset[str]:
    """The heads of all words that start so; `prefix` is folded and has HEAD letters or more."""
    plurals = (one for many, one in IRREGULAR.items() if many.startswith(prefix))  # mice* finds mouse by its key
    shorter = {"i": [prefix[:2] + "y"], "e": [prefix[:2]]}.get(prefix[2], [])  # flies, fly; goes, go
    return frozenset(map(head, (prefix, *plurals, *shorter)))


class Places:
    """Where the words of a text stand, worked out for those that are asked for: cheaper than `spans` of all."""

    def __init__(self, text: str) -> None:
        pieces = _pieces(text)
        self._text = text
        self._cut: dict[int, list[Range]] = {}
        self._letters = [0, *accumulate(map(len, pieces))]  # before each piece, the spaces not counted
        self._words = [0, *accumulate(map(len, map(_KEYS.__getitem__, pieces)))]

    def span(self, index: int) -> Range:
        """Of the word with this number, counting from 0. IndexError past the last."""
        piece = bisect_right(self._words, index) - 1
        return self._in_piece(piece)[index - self._words[piece]]

    def first_from(self, offset: int) -> int:
        """The number of the first word that starts at `offset` or later."""
        piece = bisect_right(range(len(self._letters) - 1), offset, key=self._start) - 1
        return self._words[piece] + bisect_left(self._in_piece(piece), (offset,))

    def _start(self, piece: int) -> int:
        return self._letters[piece] + piece

    def _in_piece(self, piece: int) -> list[Range]:
        found = self._cut.get(piece)
        if found is None:
            words = _TOKEN.finditer(self._text, self._start(piece), self._start(piece + 1))
            found = self._cut[piece] = [m.span(1) for m in words]
        return found


def _pieces(text: str) -> list[str]:
    """What stands between single spaces or line ends: no word reaches from one into the next."""
    return text.replace("\n", " ").split(" ")


class _Pieces(dict[str, tuple[str, ...]]):
    """What each piece of text met between spaces comes to; bounded, and forgotten whole when full."""

    def __init__(self, form: Callable[[str], str]) -> None:
        self._form = form

    def __missing__(self, piece: str) -> tuple[str, ...]:
        found = tuple(self._form(surface) for surface in _TOKEN.findall(piece))
        if len(piece) <= _PIECE_LENGTH:
            if len(self) >= _PIECES:
                self.clear()
            self[piece] = found
        return found


_PIECES = 1 << 16
_PIECE_LENGTH = 40  # code points; longer ones (addresses, lines of Chinese) do not come again
_KEYS = _Pieces(key)
_FOLDS = _Pieces(folded)
