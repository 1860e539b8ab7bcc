"""pure: (regular expression, text) -> its hits, as RE2 finds them in what was written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from watcher.text.document import Stream
from watcher.text.sentences import Range

if TYPE_CHECKING:
    import re2  # type: ignore[import-untyped]

MEMORY = 8 << 20
"""Bytes that one expression may take, program and automaton together; RE2's own default."""
HITS = 10_000
"""Of one expression in one value: more is read by nobody."""
SCANNED = 1 << 27
"""Code points that all hits together may look at: each may look at all the rest of the text (`x.*y|x`)."""
_EXPRESSIONS = 1 << 14


Found = tuple[int, int, int, int]
"""A hit: the words it touches (last: one past), then its code points."""


@dataclass(frozen=True, eq=False)
class Expression:
    """A regular expression made ready, the same object for all rules: streams remember what it found."""

    compiled: re2._Regexp

    def spans(self, text: str) -> list[Range]:
        """Where it is found, in order, none overlapping. An empty hit is none: nothing was found there."""
        limit = min(HITS, SCANNED // max(1, len(text)))
        return [m.span() for m in islice(self.compiled.finditer(text), limit) if m.start() < m.end()]

    def find(self, stream: Stream) -> list[Found]:
        """By their words: a sign may belong to the word before that of a sign before it."""
        found = stream.regex_hits.get(self)
        if found is None:
            spans = self.spans(stream.text) if stream.written else []
            found = stream.regex_hits[self] = sorted((*_touched(stream, *span), *span) for span in spans)
        return found


def _touched(stream: Stream, start: int, end: int) -> Range:
    """The words it touches; for signs between words the one behind which they stand, else the next."""
    places, many = stream.places, len(stream.written)
    first, last = places.first_from(start), places.first_from(end)
    if first and places.span(first - 1)[1] > start:
        first -= 1
    if first == last:
        behind = first == many or (first > 0 and not stream.text[start - 1].isspace())
        first, last = (first - 1, first) if behind else (first, first + 1)
    return first, last


@lru_cache(_EXPRESSIONS)
def expression(text: str, flags: str = "") -> Expression:
    """Made once for all rules that say the same. ValueError for what RE2 does not read."""
    import re2  # most rules have no regular expression

    try:
        return Expression(re2.compile(source(text, flags), options()))
    except re2.error as error:
        raise ValueError(str(error)) from error


def source(text: str, flags: str) -> str:
    """The expression as RE2 reads it."""
    return f"(?{flags}){text}" if flags else text


def options() -> re2.Options:
    """How RE2 is to read it."""
    import re2

    found = re2.Options()
    found.log_errors, found.never_capture, found.max_mem = False, True, MEMORY
    return found
