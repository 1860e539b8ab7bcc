"""pure: text -> its words, as spans (offsets) or as keys (text.fold).

A word is a run of letters and digits with the marks on them. Hyphens, `& / . _` and apostrophes end one, but: dotted
acronyms are one word (U.S.), n't stays (don't), a possessive 's is left out, thousands are joined (18,000), the signs
of C++, C# and .NET are kept; a Turkish ending behind a name's apostrophe is left out (Ankara'da), a Ukrainian
apostrophe stays (п'ять). Each character of a script without spaces is a word, so that a query word of several is a run
of them. White space is never inside a word, which lets `keys` work
on the pieces between spaces and remember them: most of a day's text it has seen before.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain

from watcher.text.fold import folded, key
from watcher.text.lexicon import IRREGULAR
from watcher.text.stems import ALTERNATING

Range = tuple[int, int]
"""Start and end offset, in code points."""

KEYS_VERSION = 3
"""Raised with every change of a key that some word has: what is stored was filed under the keys of its day."""

HEAD = 3
"""Letters or digits that a wildcard needs before it."""

_MARK_BLOCKS = (range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFB1E, 0xFB1F), range(0xFE00, 0xFE30))
_MARKS = "".join(chr(c) for block in _MARK_BLOCKS for c in block if unicodedata.category(chr(c))[0] == "M")
_UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Soft hyphen, zero widths, and what says in which direction to write."""
_HALF_MARKS = "\uff9e\uff9f"  # of voice, behind half-width kana
_M = f"[{_MARKS}{_HALF_MARKS}{_UNSEEN}]"
_UNSPACED = (  # letters of Thai, Lao, Myanmar and Khmer; Chinese and Japanese
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd\u0ec0-\u0ec6\u0edc-\u0edf"
    "\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-\u1070\u1075-\u1081\u108e\u1780-\u17b3\u17d7"
    "\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_L = rf"[^\W_ʼ{_HALF_MARKS}{_UNSPACED}]"  # a letter or digit
_LETTER = rf"[^\W\d_ʼ{_HALF_MARKS}{_UNSPACED}]"
_W = rf"{_L}+(?:{_M}{_L}*)*"
_Q = "['’ʼ‘＇‛′´`]"
_STOP = rf"(?!{_L}|{_M}{_L})"
_JOINED = f"(?<=[\u0400-\u04ff]){_Q}(?=[яюєїіеёЯЮЄЇІЕЁ])"
_CAPITAL = "[A-ZÇĞİÖŞÜ]"
_BARE_ENDING = rf"(?<![aeıioöuüAEIİOÖUÜ]){_Q}[aeıiuü]"
_ENDING = (
    "[yn][aeıiuü]|[yn]?[ıiuü]n|[dt][ae](?:n|ki)?|nd[ae]n?|y?l[ae]|[ls][ıiuü]|c[ae]|ki|[dt][ıiuü]r|y[dt][ıiuü]"
    "|l[ae]r(?:[ıiuü]n?|[ae]|d[ae]n?)?"
)
_TURKISH = (  # the endings of nouns, as one is written behind a name, a number or capitals
    rf"(?:(?<={_L}{{3}})|(?<=\d)|(?<={_CAPITAL}{{2}}))"
    rf"(?:(?:{_BARE_ENDING}|{_Q}(?:{_ENDING}))|(?<={_CAPITAL}{{2}})(?i:{_BARE_ENDING}|{_Q}(?:{_ENDING}))){_STOP}"
)

_TOKEN = rf"""(
    {_LETTER}(?:\.{_LETTER})+{_STOP}\.?               # U.S.
  | \d{{1,3}}(?:,\d{{3}})+(?!\d)(?:{_W})?             # 18,000
  | (?:(?P<name>{_CAPITAL}|\d)|{_L}){_L}*(?:{_M}{_L}*)*(?:{_JOINED}{_W})*
    (?:(?<=[nN]){_Q}[tT]{_STOP}|(?:\+\+|\#){_STOP})?
  | [{_UNSPACED}]{_M}*
  | (?<![^\s("'“‘\[])\.(?:[A-Z]{{2,4}}|[a-z]{{2,4}}){_STOP}  # .NET
)(?:(?={_Q})(?:{_Q}[sS]{_STOP}|(?(name){_TURKISH}|(?!))))?"""


@cache
def _token() -> re.Pattern[str]:
    """Made when the first text is cut: most commands cut none, and it takes 50 ms."""
    return re.compile(_TOKEN, re.VERBOSE)


def spans(text: str) -> list[Range]:
    """Where the words stand, in order; `text[start:end]` is a word's surface."""
    return [m.span(1) for m in _token().finditer(text)]


def keys(text: str) -> list[str]:
    """The key of each word, aligned with `spans`."""
    return list(chain.from_iterable(cut(text)))


def cut(text: str) -> list[tuple[str, ...]]:
    """The keys of the words in each piece between spaces."""
    return list(map(_KEYS.__getitem__, _pieces(text)))


def folds(text: str) -> list[str]:
    """Each word folded, its number kept, aligned with `spans`."""
    return list(chain.from_iterable(map(_FOLDS.__getitem__, _pieces(text))))


@lru_cache(1 << 16)
def head(word_key: str) -> str:
    """What a wildcard finds a word by in an index: the key's first letters, as "mil*"."""
    return word_key[:HEAD].lower() + "*"


def heads(prefix: str) -> frozenset[str]:
    """The heads of all words that start so; `prefix` is folded and has HEAD letters or more."""
    # mice* finds mouse by its key, Киї* Києв
    others = (one for word, one in _changed().get(prefix[:HEAD], ()) if word.startswith(prefix))
    shorter = {"i": [prefix[:2] + "y"], "e": [prefix[:2]]}.get(prefix[2], [])  # flies, fly; goes, go
    return frozenset(map(head, (prefix, *others, *shorter)))


@cache
def _changed() -> Mapping[str, Sequence[tuple[str, str]]]:
    """The words whose keys begin otherwise than they do, with what these come from, by their first letters."""
    found = defaultdict[str, list[tuple[str, str]]](list)
    for word, one in (IRREGULAR | ALTERNATING).items():
        found[word[:HEAD]].append((word, one))
    return found


class Places:
    """Where the words of a text stand, worked out for those that are asked for: cheaper than `spans` of all."""

    def __init__(self, text: str, pieces: Sequence[tuple[str, ...]]) -> None:
        """Of a text that was `cut` into these."""
        self._text = text
        self._cut: dict[int, list[Range]] = {}
        self._letters = [0, *accumulate(map(len, _pieces(text)))]  # before each piece, the spaces not counted
        self._words = [0, *accumulate(map(len, pieces))]

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
            words = _token().finditer(self._text, self._start(piece), self._start(piece + 1))
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
        found = tuple(self._form(surface) for surface, _ in _token().findall(piece))
        if len(piece) <= _PIECE_LENGTH:
            if len(self) >= _PIECES:
                self.clear()
            self[piece] = found
        return found


_PIECES = 1 << 16
_PIECE_LENGTH = 40  # code points; longer ones (addresses, lines of Chinese) do not come again
_KEYS = _Pieces(key)
_FOLDS = _Pieces(folded)
