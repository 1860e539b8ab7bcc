"""pure: (compiled expression, document) -> true? and by which words.

Every evaluator answers `true` and, when it is, `hits`: the words that made it so. Those that have places in the text
answer `occurrences` too. `inside` narrows all of it to a sentence or paragraph; None is the whole item.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple, Protocol

from watcher.rules.pattern import Pattern
from watcher.text.document import Document, Segment, Stream, Unit


class Hit(NamedTuple):
    """Words that answer a leaf; `start` and `end` are code points of the stream's text."""

    stream: Stream
    start: int
    end: int
    term: str


class Occurrence(NamedTuple):
    """A place in a text: the range of words from the first to the last that belong to it."""

    stream: Stream
    first: int
    last: int  # one past
    hits: frozenset[Hit]


class Fact(Protocol):
    def true(self, document: Document, inside: Segment | None = None) -> bool: ...

    def hits(self, document: Document, inside: Segment | None = None) -> set[Hit]:
        """The evidence; asked only of what is true."""
        ...


class Place(Fact, Protocol):
    def occurrences(self, document: Document, inside: Segment | None = None) -> list[Occurrence]: ...


class _Placed(ABC):
    """What is true when it occurs, by all its occurrences."""

    __slots__ = ()

    @abstractmethod
    def occurrences(self, document: Document, inside: Segment | None = None) -> list[Occurrence]: ...

    def true(self, document: Document, inside: Segment | None = None) -> bool:
        return bool(self.occurrences(document, inside))

    def hits(self, document: Document, inside: Segment | None = None) -> set[Hit]:
        return {hit for occurrence in self.occurrences(document, inside) for hit in occurrence.hits}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word or phrase in a field of words."""

    pattern: Pattern
    field: str
    term: str

    def _found(self, document: Document, inside: Segment | None) -> Iterator[tuple[Stream, int, int]]:
        for segment in document.segments(self.field):
            stream, first, last = segment
            if inside is not None:
                if stream is not inside.stream:
                    continue
                first, last = max(first, inside.first), min(last, inside.last)
            found = self.pattern.find(stream)
            for n in range(bisect_left(found, (first,)), len(found)):
                start, end = found[n]
                if start >= last:
                    break
                if end <= last:
                    yield stream, start, end

    def true(self, document: Document, inside: Segment | None = None) -> bool:
        return next(self._found(document, inside), None) is not None

    def hits(self, document: Document, inside: Segment | None = None) -> set[Hit]:
        return {self._hit(*found) for found in self._found(document, inside)}

    def occurrences(self, document: Document, inside: Segment | None = None) -> list[Occurrence]:
        return [Occurrence(*found, frozenset((self._hit(*found),))) for found in self._found(document, inside)]

    def _hit(self, stream: Stream, first: int, last: int) -> Hit:
        return Hit(stream, *stream.between(first, last - 1), self.term)


@dataclass(frozen=True, slots=True)
class NameLeaf(_Placed):
    """The name asked for by feed:, site: or lang:; it stands in no sentence."""

    value: str
    prefix: bool
    field: str
    term: str

    def occurrences(self, document: Document, inside: Segment | None = None) -> list[Occurrence]:
        names = document.names(self.field) if inside is None else ()
        return [
            Occurrence(name.stream, 0, 1, frozenset((Hit(name.stream, name.start, name.end, self.term),)))
            for name in names
            if name.value == self.value or (self.prefix and name.value.startswith(self.value))
        ]


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Fact, ...]

    def true(self, document: Document, inside: Segment | None = None) -> bool:
        return all(part.true(document, inside) for part in self.parts)

    def hits(self, document: Document, inside: Segment | None = None) -> set[Hit]:
        return set().union(*(part.hits(document, inside) for part in self.parts))


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Fact, ...]

    def true(self, document: Document, inside: Segment | None = None) -> bool:
        return any(part.true(document, inside) for part in self.parts)

    def hits(self, document: Document, inside: Segment | None = None) -> set[Hit]:
        return set().union(*(part.hits(document, inside) for part in self.parts if part.true(document, inside)))


@dataclass(frozen=True, slots=True)
class AnyPlace(_Placed):
    """An OR of things with places."""

    parts: tuple[Place, ...]

    def true(self, document: Document, inside: Segment | None = None) -> bool:
        return any(part.true(document, inside) for part in self.parts)

    def occurrences(self, document: Document, inside: Segment | None = None) -> list[Occurrence]:
        return [occurrence for part in self.parts for occurrence in part.occurrences(document, inside)]


@dataclass(frozen=True, slots=True)
class No:
    part: Fact

    def true(self, document: Document, inside: Segment | None = None) -> bool:
        return not self.part.true(document, inside)

    def hits(self, document: Document, inside: Segment | None = None) -> set[Hit]:  # noqa: ARG002
        return set()


@dataclass(frozen=True, slots=True)
class Together(_Placed):
    """True within one sentence or paragraph; each in which it is has one occurrence, from its first hit to its last."""

    part: Fact
    kind: Unit
    fields: frozenset[str]

    def _units(self, document: Document, inside: Segment | None) -> Iterator[Segment]:
        units = document.units(self.kind, self.fields, inside)
        return (unit for unit in units if self.part.true(document, unit))

    def true(self, document: Document, inside: Segment | None = None) -> bool:
        return next(self._units(document, inside), None) is not None

    def occurrences(self, document: Document, inside: Segment | None = None) -> list[Occurrence]:
        return [
            _around(unit, frozenset(hits))
            for unit in self._units(document, inside)
            if (hits := self.part.hits(document, unit))
        ]


def _around(unit: Segment, hits: frozenset[Hit]) -> Occurrence:
    places = unit.stream.places
    first = places.first_from(min(hit.start for hit in hits))
    last = places.first_from(max(hit.end for hit in hits))
    return Occurrence(unit.stream, first, last, hits)


@dataclass(frozen=True, slots=True)
class Close(_Placed):
    """Both sides with at most `distance` words strictly between."""

    left: Place
    right: Place
    distance: int
    ordered: bool

    def true(self, document: Document, inside: Segment | None = None) -> bool:
        return next(self._pairs(document, inside), None) is not None

    def hits(self, document: Document, inside: Segment | None = None) -> set[Hit]:
        return {hit for a, b in self._pairs(document, inside) for hit in a.hits | b.hits}

    def occurrences(self, document: Document, inside: Segment | None = None) -> list[Occurrence]:
        return _merged(
            Occurrence(a.stream, min(a.first, b.first), max(a.last, b.last), a.hits | b.hits)
            for a, b in self._pairs(document, inside)
        )

    def _pairs(self, document: Document, inside: Segment | None) -> Iterator[tuple[Occurrence, Occurrence]]:
        lefts, rights = (_merged(side.occurrences(document, inside)) for side in (self.left, self.right))
        yield from _followed(lefts, rights, self.distance)
        if not self.ordered:
            yield from ((a, b) for b, a in _followed(rights, lefts, self.distance))


def _followed(
    lefts: list[Occurrence], rights: list[Occurrence], distance: int
) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Each pair in which the right one starts behind the left one's end, at most `distance` words later."""
    rights = sorted(rights, key=_start)
    for left in lefts:
        earliest = (left.stream.order, left.last)
        for n in range(bisect_left(rights, earliest, key=_start), len(rights)):
            right = rights[n]
            if right.stream is not left.stream or right.first > left.last + distance:
                break
            yield left, right


def _start(occurrence: Occurrence) -> tuple[int, int]:
    return occurrence.stream.order, occurrence.first


def _merged(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Those at the same place made one: only places are asked about, and there are far fewer of them."""
    found: dict[tuple[Stream, int, int], frozenset[Hit]] = {}
    for stream, first, last, hits in occurrences:
        place = (stream, first, last)
        found[place] = found[place] | hits if place in found else hits
    return [Occurrence(*place, hits) for place, hits in found.items()]


@dataclass(frozen=True, slots=True)
class Outside(_Placed):
    """Occurrences that lie in none of the others."""

    part: Place
    but: Place

    def occurrences(self, document: Document, inside: Segment | None = None) -> list[Occurrence]:
        found = self.part.occurrences(document, inside)
        if not found:
            return []
        others: dict[Stream, list[tuple[int, int]]] = {}
        for other in self.but.occurrences(document, inside):
            others.setdefault(other.stream, []).append((other.first, other.last))
        covers = {stream: _Cover(places) for stream, places in others.items()}
        return [o for o in found if o.stream not in covers or not covers[o.stream].holds(o.first, o.last)]


class _Cover:
    """Ranges, and whether one of them holds another range."""

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        ranges.sort()
        self._starts = [first for first, _ in ranges]
        self._reach = list(accumulate((last for _, last in ranges), max))

    def holds(self, first: int, last: int) -> bool:
        before = bisect_right(self._starts, first)
        return before > 0 and self._reach[before - 1] >= last
