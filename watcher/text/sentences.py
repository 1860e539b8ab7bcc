"""pure: text -> offsets of its sentences and paragraphs.

A line end ends a sentence, a blank line a paragraph. Inside a line a sentence ends at `.`, `!`, `?` or an ellipsis with
the closing quotes and brackets behind it, where what follows can start one. Abbreviations, initials and acronyms hold
it open as far as the words around them tell; a lower-case letter always does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from watcher.text.cut import cut
from watcher.text.lexicon import ABBREVIATIONS, SENTENCE_STARTERS, TITLES

Range = tuple[int, int]
"""Start and end offset, in code points."""

_CLOSERS = "\"'”’»›)\\]}"
_END = re.compile(rf"\n|[。！？][{_CLOSERS}」』）]*|(?P<mark>[.!?…]+)[{_CLOSERS}]*")
_NEXT = re.compile(r"(?P<space>\s*)[\"'“‘«‹(\[{–—•*-]*\s*(?P<word>\w[\w.]{0,40})?")
_LAST_WORD = re.compile(r"[\w.&]+\Z")
_LAST_WORD_LENGTH = 40
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Range]:
    """Ranges of the sentences in order, without the white space around them; none is empty, none overlap.

    `start` and `end` leave out lines: each stands where a line begins or ends.
    """
    end = len(text) if end is None else end
    ends = [start, *(m.end() for m in _END.finditer(text, start, end) if _ends_sentence(text, m)), end]
    return _stripped(text, pairwise(ends))


def paragraphs(text: str) -> list[Range]:
    """Ranges of the paragraphs: what stands between blank lines."""
    start, ranges = 0, []
    for blank in _BLANK_LINE.finditer(text):
        ranges.append((start, blank.start()))
        start = blank.end()
    return _stripped(text, [*ranges, (start, len(text))])


def first_sentence(text: str, limit: int) -> str:
    """The first sentence, cut on a word to at most `limit` code points; empty for a text without any."""
    first = next(iter(sentences(text)), None)
    return cut(text[first[0] : first[1]], limit) if first else ""


def _stripped(text: str, ranges: Iterable[Range]) -> list[Range]:
    found = []
    for start, end in ranges:
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            found.append((left, right))
    return found


def _ends_sentence(text: str, end: re.Match[str]) -> bool:
    mark = end["mark"]
    if mark is None:  # a line end, or a full stop of a script without spaces
        return True
    following = _NEXT.match(text, end.end())
    if not following or not following["word"]:
        return True
    word = following["word"]
    if word[0].islower():
        return False
    before = _LAST_WORD.search(text, max(0, end.start() - _LAST_WORD_LENGTH), end.start())
    last = before[0] if before else ""
    if not following["space"] and end.end() == following.start("word"):
        return _glued(last, word)
    return mark != "." or _full_stop_ends(last, word)


def _glued(last: str, word: str) -> bool:
    """No space behind the mark: an end in "Tikrit.The", none in "5.4", "U.S", "Node.JS", "A.Smith"."""
    return last[-2:].islower() and len(last) > 1 and len(word) > 1 and word[0].isupper() and not word.isupper()


def _full_stop_ends(last: str, word: str) -> bool:
    bare = last.replace(".", "")
    if last.lower() in TITLES:
        return False
    if (last.lower() == "no" or last in ABBREVIATIONS) and word[0].isdigit():
        return False
    if "." in last or (len(bare) == 1 and bare.isupper()) or last.lower() in ABBREVIATIONS:
        return _starts_sentence(word)
    return True


def _starts_sentence(word: str) -> bool:
    initial = len(word) == 2 and word[1] == "."  # the A of "J. A. Smith"
    return not initial and word.rstrip(".").lower() in SENTENCE_STARTERS
