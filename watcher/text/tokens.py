"""pure: text -> its words, as spans (offsets) or as keys (text.fold).

A word is a run of letters and digits with the marks on them. Hyphens, `& / . _` and apostrophes end one, but: dotted
acronyms are one word (U.S.), n't stays (don't), a possessive 's is left out, thousands are joined (18,000), the signs
of C++, C# and .NET are kept. Each CJK character is a word. White space is never inside a word, which lets `keys` work
on the pieces between white space and remember them: most of a day's text it has seen before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import chain

from watcher.text.fold import folded, key

Range = tuple[int, int]
"""Start and end offset, in code points."""

_MARK_BLOCKS = (range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFB1E, 0xFB1F), range(0xFE00, 0xFE30))
_MARKS = "".join(chr(c) for block in _MARK_BLOCKS for c in block if unicodedata.category(chr(c))[0] == "M")
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, zero widths
_M = f"[{_MARKS}{_UNSEEN}]"
_CJK = (
    "\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_L = rf"[^\W_{_CJK}]"  # a letter or digit
_LETTER = rf"[^\W\d_{_CJK}]"
_W = rf"{_L}+(?:{_M}+{_L}*)*"
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
    return list(chain.from_iterable(map(_KEYS.__getitem__, text.split())))


def heads(text: str) -> set[str]:
    """The first letters of each word, folded, as "mil*": what a wildcard is filed under."""
    return set(chain.from_iterable(map(_HEADS.__getitem__, set(text.split()))))


def head(word: str) -> str:
    """What a folded word, or what stands before a wildcard, is filed under; it needs HEAD letters."""
    return word[:HEAD] + "*"


HEAD = 3


class _Pieces(dict[str, tuple[str, ...]]):
    """What each piece of text met between white space comes to; bounded, and forgotten whole when full."""

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
_HEADS = _Pieces(lambda surface: head(folded(surface)))
