"""pure: (evaluator, document) -> true? and by which words.

Every evaluator answers `true` and, when it is, `hits`: the words that made it so. Those that have places in the text
answer `occurrences` too. `inside` narrows all of it to a region, such as a sentence; None is the whole item.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, chain, islice
from operator import attrgetter
from typing import Literal, NamedTuple, Protocol

from watcher.text.document import Document, Region, Segment, Stream, Unit


class Hit(NamedTuple):
    """What answers a leaf: code points of the stream's text, and the words (last: one past) in which it stands."""

    stream: Stream
    start: int
    end: int
    term: str
    first: int
    last: int


class Occurrence(NamedTuple):
    """A place in a text: the range of words from the first to the last that belong to it.

    `by` is what stands there: a word, by its term; a hit; the hits of a sentence; or occurrences, which others may be
    made of as well. Hits are made of it when they are asked for.
    """

    stream: Stream
    first: int
    last: int  # one past
    by: str | Hit | frozenset[Hit] | tuple[Occurrence, ...]


def gathered(occurrences: Iterable[Occurrence]) -> set[Hit]:
    """All their hits; what several are made of is looked at once."""
    kept = list(occurrences)  # as long as they live no other has their id
    waiting, seen, found = list(kept), set[int](), set[Hit]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one.by, str):
            found.add(Hit(one.stream, *one.stream.between(one.first, one.last - 1), one.by, one.first, one.last))
        elif isinstance(one.by, Hit):
            found.add(one.by)
        elif isinstance(one.by, frozenset):
            found |= one.by
        else:
            waiting += one.by
    return found


class Fact(Protocol):
    def true(self, document: Document, inside: Region | None = None) -> bool: ...

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:
        """The evidence; asked only of what is true."""
        ...


class Place(Fact, Protocol):
    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]: ...


class Placed(ABC):
    """What is true when it occurs, by all its occurrences."""

    __slots__ = ()

    @abstractmethod
    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]: ...

    def true(self, document: Document, inside: Region | None = None) -> bool:
        return bool(self.occurrences(document, inside))

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:
        return gathered(self.occurrences(document, inside))


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Fact, ...]

    def true(self, document: Document, inside: Region | None = None) -> bool:
        for part in self.parts:  # noqa: SIM110  a generator costs as much as the questions
            if not part.true(document, inside):
                return False
        return True

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:
        return set().union(*(part.hits(document, inside) for part in self.parts))


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Fact, ...]

    def true(self, document: Document, inside: Region | None = None) -> bool:
        for part in self.parts:  # noqa: SIM110
            if part.true(document, inside):
                return True
        return False

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:
        return set().union(*(part.hits(document, inside) for part in self.parts if part.true(document, inside)))


@dataclass(frozen=True, slots=True)
class AnyPlace(Placed):
    """An OR of things with places."""

    parts: tuple[Place, ...]

    def true(self, document: Document, inside: Region | None = None) -> bool:
        for part in self.parts:  # noqa: SIM110
            if part.true(document, inside):
                return True
        return False

    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]:
        return [occurrence for part in self.parts for occurrence in part.occurrences(document, inside)]


@dataclass(frozen=True, slots=True)
class No:
    part: Fact

    def true(self, document: Document, inside: Region | None = None) -> bool:
        return not self.part.true(document, inside)

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:  # noqa: ARG002
        return set()


@dataclass(frozen=True, slots=True)
class Several:
    """At least `count` of the parts."""

    parts: tuple[Fact, ...]
    count: int

    def true(self, document: Document, inside: Region | None = None) -> bool:
        left, spare = self.count, len(self.parts) - self.count
        for part in self.parts:
            if part.true(document, inside):
                left -= 1
            else:
                spare -= 1
            if left <= 0 or spare < 0:
                break
        return left <= 0

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:
        return set().union(*(part.hits(document, inside) for part in self.parts if part.true(document, inside)))


@dataclass(frozen=True, slots=True)
class Repeated:
    """At least `count` occurrences of which no two share a word."""

    part: Place
    count: int

    def true(self, document: Document, inside: Region | None = None) -> bool:
        return self.separate(document, inside) >= self.count

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:
        return self.part.hits(document, inside)

    def separate(self, document: Document, inside: Region | None = None) -> int:
        """As many as can be had: always the one that ends first (interval scheduling)."""
        found, reached = 0, dict[Stream, int]()
        for occurrence in sorted(self.part.occurrences(document, inside), key=_last):
            if occurrence.first >= reached.get(occurrence.stream, 0):
                reached[occurrence.stream] = occurrence.last
                found += 1
        return found


@dataclass(frozen=True, slots=True)
class Dated:
    """Published from `start` on and before `end`; what has no date is not."""

    start: datetime | None
    end: datetime | None

    def true(self, document: Document, inside: Region | None = None) -> bool:  # noqa: ARG002
        at = document.published
        return at is not None and (self.start is None or self.start <= at) and (self.end is None or at < self.end)

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:  # noqa: ARG002
        return set()


@dataclass(frozen=True, slots=True)
class Opening:
    """True within the first so many words of title, place, then main text."""

    part: Fact
    words: int

    def true(self, document: Document, inside: Region | None = None) -> bool:
        return self.part.true(document, document.opening(self.words, inside))

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:
        return self.part.hits(document, document.opening(self.words, inside))


@dataclass(frozen=True, slots=True)
class OpeningPlace(Opening):
    """The same of what has places."""

    part: Place

    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]:
        return self.part.occurrences(document, document.opening(self.words, inside))


@dataclass(frozen=True, slots=True)
class Judged(Placed):
    """Occurrences by what the text says of them; one word that is denied, or not real, is enough."""

    part: Place
    kind: Literal["asserted", "negated", "actual"]

    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]:
        wanted = self.kind == "negated"
        return [o for o in self.part.occurrences(document, inside) if any(map(self._touched, gathered((o,)))) == wanted]

    def true(self, document: Document, inside: Region | None = None) -> bool:
        """What stands where no word may say no is not denied: that is seen at once, and mostly enough."""
        if self.kind != "asserted":
            return bool(self.occurrences(document, inside))
        found = self.part.occurrences(document, inside)
        return any(not any(map(ask, gathered((o,)))) for ask in (_may_be_denied, self._touched) for o in found)

    def _touched(self, hit: Hit) -> bool:
        of = hit.stream.scopes if self.kind == "actual" else hit.stream.denials
        return bool(of(hit.start, hit.end))


def _may_be_denied(hit: Hit) -> bool:
    return hit.stream.may_deny(hit.start, hit.end)


@dataclass(frozen=True, slots=True, eq=False)
class Together(Placed):
    """True within one sentence or paragraph; each in which it is has one occurrence, from its first hit to its last."""

    part: Fact
    kind: Unit
    fields: frozenset[str]
    grows: bool  # what is true in a sentence is true in all of the text: where it is not, no sentence is looked for

    def _units(self, document: Document, inside: Region | None) -> Iterator[Segment]:
        units = document.units(self.kind, self.fields, inside)
        return (unit for unit in units if self.part.true(document, _alone(unit)))

    def true(self, document: Document, inside: Region | None = None) -> bool:
        if self.grows and not self.part.true(document, inside):
            return False
        if inside is None or len(inside) != 1:
            return next(self._units(document, inside), None) is not None
        ((stream, words),) = inside.items()  # asked again at each level of one within the other
        held = stream.held.get((self, words))
        if held is None:
            held = stream.held[self, words] = next(self._units(document, inside), None) is not None
        return held

    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]:
        return [
            _around(unit.stream, frozenset(hits))
            for unit in self._units(document, inside)
            if (hits := self.part.hits(document, _alone(unit)))
        ]


def _around(stream: Stream, hits: frozenset[Hit]) -> Occurrence:
    return Occurrence(stream, min(hit.first for hit in hits), max(hit.last for hit in hits), hits)


def _alone(unit: Segment) -> Region:
    return {unit.stream: (unit.first, unit.last)}


MAX_PAIRS = 20_000
"""Pairs whose place is asked for by what stands round a NEAR. News has dozens, a long text of few words millions."""


@dataclass(frozen=True, slots=True)
class Close(Placed):
    """Both sides with at most `distance` words strictly between."""

    left: Place
    right: Place
    distance: int
    ordered: bool

    def true(self, document: Document, inside: Region | None = None) -> bool:
        return next(self._pairs(document, inside), None) is not None

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:
        """Without looking at each pair: far apart and in a long text there are a hundred million."""
        lefts, rights = self._sides(document, inside)
        found = _met(lefts, rights, self.distance)
        return gathered(found if self.ordered else chain(found, _met(rights, lefts, self.distance)))

    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]:
        return _merged(
            Occurrence(a.stream, min(a.first, b.first), max(a.last, b.last), (a, b))
            for a, b in islice(self._pairs(document, inside), MAX_PAIRS)
        )

    def _pairs(self, document: Document, inside: Region | None) -> Iterator[tuple[Occurrence, Occurrence]]:
        lefts, rights = self._sides(document, inside)
        yield from _followed(lefts, rights, self.distance)
        if not self.ordered:
            yield from ((a, b) for b, a in _followed(rights, lefts, self.distance))

    def _sides(self, document: Document, inside: Region | None) -> tuple[list[Occurrence], list[Occurrence]]:
        left, right = (_merged(side.occurrences(document, inside)) for side in (self.left, self.right))
        return left, right


def _followed(
    lefts: list[Occurrence], rights: list[Occurrence], distance: int
) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Each pair in which the right one starts behind the left one's end, at most `distance` words later."""
    rows = _rows(rights)
    for left in lefts:
        row = rows.get(left.stream, [])
        for n in range(bisect_left(row, left.last, key=_first), len(row)):
            if row[n].first > left.last + distance:
                break
            yield left, row[n]


def _met(lefts: list[Occurrence], rights: list[Occurrence], distance: int) -> Iterator[Occurrence]:
    """All that are in a pair of `_followed`."""
    rows = _rows(rights)
    changes = {stream: [0] * (len(row) + 1) for stream, row in rows.items()}  # in how many lefts' reach each is
    for left in lefts:
        row = rows.get(left.stream, [])
        begin, end = bisect_left(row, left.last, key=_first), bisect_right(row, left.last + distance, key=_first)
        if begin < end:
            yield left
            changes[left.stream][begin] += 1
            changes[left.stream][end] -= 1
    for stream, row in rows.items():
        reached = zip(row, accumulate(changes[stream]), strict=False)
        yield from (right for right, lefts_near in reached if lefts_near)


def _rows(places: list[Occurrence]) -> dict[Stream, list[Occurrence]]:
    rows: dict[Stream, list[Occurrence]] = {}
    for place in sorted(places, key=_first):
        rows.setdefault(place.stream, []).append(place)
    return rows


_first = attrgetter("first")
_last = attrgetter("last")


def _merged(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Those at the same place made one: only places are asked about, and there are far fewer of them."""
    found: dict[tuple[Stream, int, int], Occurrence] = {}
    for one in occurrences:
        place = one[:3]
        known = found.get(place)
        found[place] = one if known is None else Occurrence(*place, (known, one))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Outside(Placed):
    """Occurrences that lie in none of the others."""

    part: Place
    but: Place

    def occurrences(self, document: Document, inside: Region | None = None) -> list[Occurrence]:
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
