"""pure: (regular expressions, document) -> those that may be true of it, in one pass whatever their number.

RE2 takes out of each expression the letters that all it finds must have, and looks for those of a thousand expressions
at once (`re2.Filter`). What it lets through is asked in earnest; what it holds back is false. An expression stands
here by its term (`term_of`), which an index files rules under as it does words.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from watcher.rules.regex_hits import options, source
from watcher.text.document import Document, Stream
from watcher.text.lexicon import COMMON

TOGETHER = 1_000
"""Expressions of one pass: of many more RE2 makes nothing, of fewer it passes over a text more often."""

_APART = frozenset({"raw", "url", "author", "tag"})
"""Fields whose words do not stand in title, place, text or summary."""
_BEFORE = frozenset({"", *(f"{field}:" for field in _APART)})
_SEEN = b"\x02seen\x03"
"""Put behind each text and looked for: where it is not found RE2 gave up, and what it says of the others is nothing."""
_ORDINARY = " ".join((*string.printable, *sorted(COMMON))).encode()
"""An expression that wants no more than what stands here is found everywhere."""
_KNOWN = 1 << 14


@lru_cache(_KNOWN)
def term_of(text: str, flags: str, field: str) -> str | None:
    """What a document must have for an expression to be true: "/flags/text", or "url:/flags/text" for other fields.

    None for one that tells no text from another, such as `[0-9]+`, and for one that RE2 does not sift.
    """
    try:
        ordinary = _Pass((source(text, flags),)).found(_ORDINARY)
    except ValueError:
        return None
    return None if ordinary else f"{f'{field}:' if field in _APART else ''}/{flags}/{text}"


def is_term(term: str) -> bool:
    """Whether a term stands for an expression: those of words and names have no slash there."""
    return term.partition("/")[0] in _BEFORE and "/" in term


class Sieve:
    """Tells of many expressions which may be true of a document."""

    def __init__(self, terms: Iterable[str]) -> None:
        by_field: dict[str, dict[str, str]] = {}
        for term in sorted(filter(is_term, terms)):
            field, flags, text = term.split("/", 2)
            by_field.setdefault(field.removesuffix(":"), {})[term] = source(text, flags)
        self._by_field = {field: tuple(_passes(sources)) for field, sources in by_field.items()}

    def terms(self, document: Document) -> set[str]:
        """The terms of those that may be true."""
        found = set[str]()
        for field, passes in self._by_field.items():
            text = "\n".join(stream.text for stream in _streams(document, field)).encode("utf-8", "surrogatepass")
            found.update(terms[n] for terms, one in passes for n in one.found(text))
        return found


class _Pass:
    """Expressions that are looked for together."""

    def __init__(self, sources: Sequence[str]) -> None:
        """ValueError for what RE2 does not read, or for too much at once."""
        import re2  # type: ignore[import-untyped]  # most rules have no regular expression

        self._all = range(len(sources))
        self._filter = re2.Filter()
        try:
            for pattern in (*sources, _SEEN.decode()):
                self._filter.Add(pattern, options())
            self._filter.Compile()
        except re2.error as error:
            raise ValueError(str(error)) from error

    def found(self, text: bytes) -> Sequence[int]:
        """The numbers of those that may be true of it."""
        found: list[int] = self._filter.Match(text + _SEEN, potential=True) or [-1]
        return found[:-1] if found[-1] == len(self._all) else self._all


def _passes(sources: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], _Pass]]:
    terms = tuple(sources)
    for n in range(0, len(terms), TOGETHER):
        yield from _halved(terms[n : n + TOGETHER], sources)


def _halved(terms: tuple[str, ...], sources: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], _Pass]]:
    """As few passes as RE2 takes for them."""
    try:
        yield terms, _Pass([sources[term] for term in terms])
    except ValueError:
        if len(terms) == 1:
            raise
        half = len(terms) // 2
        yield from _halved(terms[:half], sources)
        yield from _halved(terms[half:], sources)


def _streams(document: Document, field: str) -> tuple[Stream, ...]:
    match field:
        case "raw":
            return (document.raw,)
        case "url":
            return (document.url,)
        case "author":
            return (*document.authors, document.outlet)
        case "tag":
            return document.tags
        case _:
            return document.title, document.place, document.text, document.summary
