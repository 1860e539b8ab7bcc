"""pure: (word, phrase, regex or name, document) -> where it stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from watcher.rules.evaluate import Hit, Occurrence, Placed
from watcher.rules.pattern import Pattern
from watcher.rules.regex_hits import Expression, Found
from watcher.text.document import PROSE, Document, Region, Stream


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word or phrase in a field of words."""

    pattern: Pattern
    field: str
    term: str

    def _found(self, document: Document, inside: Region | None) -> Iterator[tuple[Stream, int, int]]:
        for stream, first, last in document.within(self.field, inside):
            found = self.pattern.find(stream)
            for n in range(bisect_left(found, (first,)), len(found)):
                start, end = found[n]
                if start >= last:
                    break
                if end <= last:
                    yield stream, start, end

    def true(self, document: Document, inside: Region | None = None) -> bool:
        if self.field in PROSE:
            for needed in self.pattern.needs:
                if needed.isdisjoint(document.prose):
                    return False
        if inside is None and self.pattern.keys:
            return self._stands(document, self.pattern.keys)
        return next(self._found(document, inside), None) is not None

    def _stands(self, document: Document, keys: frozenset[str]) -> bool:
        """The same of one word: where a field is all of a stream, nobody needs to know its place."""
        held = [segment for segment in document.segments(self.field) if not keys.isdisjoint(segment.stream.known)]
        if any(stream.count == last - first for stream, first, last in held):
            return True
        return bool(held) and next(self._found(document, None), None) is not None

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:
        return {self._hit(*found) for found in self._found(document, inside)}

    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]:
        return [Occurrence(*found, self.term) for found in self._found(document, inside)]

    def _hit(self, stream: Stream, first: int, last: int) -> Hit:
        return Hit(stream, *stream.between(first, last - 1), self.term, first, last)


@dataclass(frozen=True, slots=True)
class NameLeaf(Placed):
    """The name asked for by feed:, site: or lang:; it stands in no sentence."""

    value: str
    prefix: bool
    field: str
    term: str

    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]:
        names = document.names(self.field) if inside is None else ()
        return [
            Occurrence(name.stream, 0, 1, Hit(name.stream, name.start, name.end, self.term, 0, 1))
            for name in names
            if name.value == self.value or (self.prefix and name.value.startswith(self.value))
        ]


@dataclass(frozen=True, slots=True)
class RegexLeaf(Placed):
    """A regular expression in a field of words; a hit has to stand wholly in the field."""

    expression: Expression
    field: str
    term: str

    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]:
        return [
            Occurrence(stream, first, last, Hit(stream, start, end, self.term, first, last))
            for stream, low, high in document.within(self.field, inside)
            for first, last, start, end in _between(self.expression.find(stream), low, high)
        ]


def _between(found: list[Found], low: int, high: int) -> Iterator[Found]:
    """The hits whose words all lie there."""
    for n in range(bisect_left(found, (low,)), len(found)):
        first, last, *_ = found[n]
        if first >= high:
            break
        if last <= high:
            yield found[n]
