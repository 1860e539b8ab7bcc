"""pure: (a leaf of the tree, a stream of words) -> where it stands.

A leaf is a row of slots, each with alternatives: `air-strike` is one slot, air followed by strike or airstrike;
"air-strike campaign" is that slot and campaign's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from watcher.rules.nodes import Phrase, Word
from watcher.text.document import Stream
from watcher.text.fold import folded, key, lookups, plain
from watcher.text.lexicon import SMART_CASE
from watcher.text.sentences import Range
from watcher.text.tokens import HEAD, spans

_JOINT = re.compile("[-‐‑&/.'’]")
_JOINTS = 4
_PATTERNS = 1 << 16


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a leaf. `sign` is the # or @ that must stand before it."""

    surface: str
    keys: frozenset[str]
    exact: bool = False
    prefix: bool = False
    sign: str = ""

    def places(self, stream: Stream) -> list[int]:
        """Where it stands in a stream, each place once."""
        found = self._prefixed(stream) if self.prefix else self._keyed(stream)
        return [n for n in found if self._fits(stream, n)] if self.exact or self.sign else found

    def stands_at(self, stream: Stream, index: int) -> bool:
        if index >= len(stream.keys):
            return False
        if self.prefix:
            found = stream.folded[index].startswith(folded(self.surface))
        else:
            found = stream.keys[index] in self.keys
        return found and self._fits(stream, index)

    def _keyed(self, stream: Stream) -> list[int]:
        return [n for k in self.keys for n in stream.positions.get(k, ())]

    def _prefixed(self, stream: Stream) -> list[int]:
        start = folded(self.surface)
        if f"\n{start}" not in stream.spellings:
            return []
        return [n for n, word in enumerate(stream.folded) if word.startswith(start)]

    def _fits(self, stream: Stream, index: int) -> bool:
        """What keys do not say: the sign before it, and for an exact word its case, accents and number."""
        start = stream.places.span(index)[0]
        if self.sign and stream.text[max(0, start - 1) : start] != self.sign:
            return False
        return not self.exact or self._is_exact(plain(stream.surface(index)), capitals=index in stream.capitals)

    def _is_exact(self, word: str, *, capitals: bool) -> bool:
        wanted = plain(self.surface)
        if self.prefix:
            return word.startswith(wanted) or (capitals and word.casefold().startswith(wanted.casefold()))
        if not capitals or SMART_CASE.get(word, False):
            return word == wanted
        return word.casefold() == wanted.casefold()


Spelling = tuple[Wanted, ...]
Slot = tuple[Spelling, ...]
"""Its alternatives."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """A leaf made ready. One object for the same leaf in all rules: streams remember what it found by it."""

    slots: tuple[Slot, ...]

    def find(self, stream: Stream) -> list[Range]:
        """Ranges of words, sorted."""
        found = stream.found.get(self)
        if found is None:
            found = stream.found[self] = sorted(set(self._find(stream))) if self.slots else []
        return found

    def _find(self, stream: Stream) -> Iterator[Range]:
        first, *rest = self.slots
        for spelling in first:
            for start in spelling[0].places(stream):
                ends = _after(stream, start, (spelling,))
                for slot in rest:
                    ends = {end for begin in ends for end in _after(stream, begin, slot)}
                yield from ((start, end) for end in ends)


def _after(stream: Stream, start: int, slot: Slot) -> set[int]:
    """Where the alternatives that stand at `start` end."""
    return {
        start + len(spelling)
        for spelling in slot
        if all(wanted.stands_at(stream, start + n) for n, wanted in enumerate(spelling))
    }


@lru_cache(_PATTERNS)
def pattern(leaf: Word | Phrase) -> Pattern:
    """The pattern of a word or a phrase; one that finds nothing for a leaf without letters or digits."""
    text = leaf.text + "*" if isinstance(leaf, Word) and leaf.prefix else leaf.text
    signs = isinstance(leaf, Phrase)
    return Pattern(tuple(slot for chunk in text.split() for slot in _slots(chunk, exact=leaf.exact, signs=signs)))


def _slots(chunk: str, *, exact: bool, signs: bool) -> Iterator[Slot]:
    """The slots of what stands between white space: words with a joint between them share one."""
    places = spans(chunk)
    prefix = chunk.endswith("*") and bool(places) and places[-1][1] == len(chunk) - 1
    prefix = prefix and sum(map(str.isalnum, chunk)) >= HEAD
    sign = chunk[0] if signs and places and places[0][0] == 1 and chunk[0] in "#@" else ""
    start = 0
    for n in range(1, len(places) + 1):
        if n < len(places) and _JOINT.fullmatch(chunk[places[n - 1][1] : places[n][0]]):
            continue
        words = [chunk[a:b] for a, b in places[start:n]]
        yield tuple(
            _spelling(parts, exact=exact, prefix=prefix and n == len(places), sign="" if start else sign)
            for parts in _joined(words)
        )
        start = n


def _spelling(parts: tuple[str, ...], *, exact: bool, prefix: bool, sign: str) -> Spelling:
    last = len(parts) - 1
    return tuple(
        Wanted(
            surface=part,
            keys=frozenset((key(part),)) if exact else lookups(part),
            exact=exact,
            prefix=prefix and n == last,
            sign="" if n else sign,
        )
        for n, part in enumerate(parts)
    )


def _joined(words: list[str]) -> Iterator[tuple[str, ...]]:
    """The words with each joint open or closed; in long rows all or none. Two digits never meet: 9/11 is not 911."""
    joints = [not (a[-1].isdigit() and b[0].isdigit()) for a, b in pairwise(words)]
    choices = product(*((False, True) if joint else (False,) for joint in joints))
    for closed in choices if len(joints) <= _JOINTS else ([False] * len(joints), joints):
        parts = words[:1]
        for join, word in zip(closed, words[1:], strict=True):
            parts[-1:] = [parts[-1] + word] if join else [parts[-1], word]
        yield tuple(parts)
