"""pure: text -> its words (text.spans) as keys (text.fold), all of them at once.

Nearly every word of a text is plain: ASCII letters or digits, parted from others by what is never in a word. Those are
cut by one translation of the whole text and one split, which costs less than looking each of them up would. The odd
ones (US, Iraq's, 18,000, naïve) are few, and stand out by a character and the one behind it; what stands around such a
word between two spaces is cut by itself, and remembered.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from watcher.text.fold import bare, reduced, singular
from watcher.text.lexicon import IRREGULAR, SMART_CASE
from watcher.text.once import cached_property
from watcher.text.spans import Range, spans

__all__ = ["HEAD", "KEYS_VERSION", "Cut", "Range", "keys", "spans"]

KEYS_VERSION = 3
"""Raised with every change of a key that some word has: what is stored was filed under the keys of its day."""

HEAD = 3
"""Letters or digits that a wildcard needs before it."""

_SMALL = bytes(c + 32 if 65 <= c <= 90 else c if chr(c).isalnum() and c < 128 else 32 for c in range(256))
"""Capitals made small, and a space for all that stands in no plain word."""
_ODD = re.compile(  # a capital beside another, an apostrophe or full stop before a letter, whatever is not ASCII
    rb"[A-Z'`.,#+\x80-\xff](?:[^ \")\]](?<![A-Z][a-z])|(?<=[#+]))[^ ]*"
)
_FOREIGN = 1.05
"""Bytes of UTF-8 a character from which on so many words are odd that all are looked up."""
_PLAIN = re.compile(r"[\"“‘'(\[]*+([A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+)(?:['’][sS])?+[.,;:!?\"”’')\]…–—]*+")
_PLAIN_WORD = re.compile("[A-Za-z0-9]+")
_ODD_PLURALS = frozenset(word for word in IRREGULAR if not word.endswith(("s", "men")))
_CAPITALS = {word: word.lower() for word in SMART_CASE}


def keys(text: str) -> list[str]:
    """The key of each word, aligned with `spans`."""
    return Cut(text).keys


class Cut:
    """A text cut into words. `bare` are they (fold.bare), `terms` their keys, each once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts, self._ends = _parts(text)
        joined = b" ".join((*self._parts, b"")).decode("utf-8", "surrogatepass")
        self.bare = _read(joined.split()) if _SIGN in joined else joined.split()
        self.terms = set(self.bare)
        self._changed = _changed_in(self.terms, joined)
        self.terms.difference_update(self._changed)
        self.terms.update(self._changed.values())

    @cached_property
    def keys(self) -> list[str]:
        """The key of each word."""
        return list(map(self._changed.get, self.bare, self.bare))

    @property
    def folds(self) -> list[str]:
        """Each word folded, its number kept."""
        return list(map(_CAPITALS.get, self.bare, self.bare))

    def span(self, index: int) -> Range:
        """Where the word with this number stands, counting from 0. IndexError past the last."""
        part = bisect_right(self._before, index) - 1
        return self._in_part(part)[index - self._before[part]]

    def first_from(self, offset: int) -> int:
        """The number of the first word that starts at `offset` or later."""
        part = bisect_right(self._starts, offset, hi=len(self._parts)) - 1
        return self._before[part] + bisect_left(self._in_part(part), (offset,))

    @cached_property
    def _spans(self) -> dict[int, list[Range]]:
        """Of the parts that were asked about."""
        return {}

    def _in_part(self, part: int) -> list[Range]:
        found = self._spans.get(part)
        if found is None:
            cut = spans if part % 2 else _plain_spans
            found = self._spans[part] = cut(self._text, self._starts[part], self._starts[part + 1])
        return found

    @cached_property
    def _before(self) -> list[int]:
        """How many words stand before each part."""
        return [0, *accumulate(len(part.split()) for part in self._parts)]

    @cached_property
    def _starts(self) -> list[int]:
        """Where each part starts, in code points, and the last one ends."""
        if self._ends[-1] == len(self._text):
            return [0, *self._ends]
        written, starts, end = _written(self._text), [0], 0
        for n, last in enumerate(self._ends):
            length = len(written[end:last].decode("utf-8", "surrogatepass")) if n % 2 else last - end
            starts.append(starts[-1] + length)
            end = last
        return starts


def _plain_spans(text: str, start: int, end: int) -> list[Range]:
    return [m.span() for m in _PLAIN_WORD.finditer(text, start, end)]


def _written(text: str) -> bytes:
    """In UTF-8, line ends as spaces: no word reaches from one line into the next."""
    return text.encode("utf-8", "surrogatepass").replace(b"\n", b" ")


def _parts(text: str) -> tuple[list[bytes], list[int]]:
    """The bare words by parts, plain and odd by turns, and where each part ends in what is written."""
    written = _written(text)
    if len(written) > _FOREIGN * len(text):
        return _foreign(written)
    small = written.translate(_SMALL)
    parts: list[bytes] = []
    ends: list[int] = []
    end = 0
    for odd in _ODD.finditer(written):
        start, last = odd.span()
        start = written.rfind(b" ", 0, start) + 1
        parts += small[end:start], _BARE[written[start:last]]
        ends += start, last
        end = last
    return [*parts, small[end:]], [*ends, len(written)]


def _foreign(written: bytes) -> tuple[list[bytes], list[int]]:
    """The same where all is taken for odd."""
    pieces = written.split(b" ")
    parts, ends = [b""] * (2 * len(pieces)), [0] * (2 * len(pieces))
    parts[1::2] = map(_BARE.__getitem__, pieces)
    ends[1::2] = accumulate(map(len, pieces), lambda end, length: end + 1 + length)
    ends[2::2] = ends[1:-1:2]
    return parts, ends


def _changed_in(words: set[str], joined: str) -> dict[str, str]:
    """The keys of those of the words that are not their own; `joined` has a space behind each."""
    found = {word: singular(word) for word in (words if _SIGN in joined else _ending(words, joined))}
    if not joined.isascii():
        found.update((word, reduced(word)) for word in words if not word.isascii())
    return found


def _ending(words: set[str], joined: str) -> list[str]:
    """Those that end as plurals do."""
    found = [word for word in words if word[-1] == "s"]
    found += _ODD_PLURALS & words
    for before in joined.split("men ")[:-1]:
        found.append(before[before.rfind(" ") + 1 :] + "men")
    return found


class _Bare(dict[bytes, bytes]):
    """The bare words in each odd piece met; when full, those are forgotten that were not met since it last was."""

    def __init__(self) -> None:
        self._older: dict[bytes, bytes] = {}

    def __missing__(self, piece: bytes) -> bytes:
        found = self._older.get(piece)
        if found is None:
            found = _bare_words(piece.decode("utf-8", "surrogatepass")).encode("utf-8", "surrogatepass")
            if len(piece) > _PIECE_LENGTH:
                return found
        if len(self) >= _PIECES:
            self._older = dict(self)
            self.clear()
        self[piece] = found
        return found


_PIECES = 1 << 15
_PIECE_LENGTH = 80  # bytes; longer ones (addresses, lines of Chinese) do not come again
_BARE = _Bare()


def _bare_words(piece: str) -> str:
    """With spaces between them."""
    plain = _PLAIN.fullmatch(piece)
    if plain:
        return " ".join(map(bare, plain[1].split("-")))
    return " ".join(_signed(bare(piece[start:end])) for start, end in spans(piece))


_SIGN = "\0"


def _signed(word: str) -> str:
    """As it can be told from its neighbours where it is empty, or one letter that is several words."""
    return word if word and " " not in word else _SIGN + word.replace(" ", _SIGN)


def _read(words: Sequence[str]) -> list[str]:
    return [word[1:].replace(_SIGN, " ") if word[0] == _SIGN else word for word in words]
