"""pure: (a leaf of the tree, a stream of words) -> where it stands.

A leaf is a row of slots, each with alternatives: `air-strike` is one slot, air followed by strike or airstrike;
"air-strike campaign" is that slot and campaign's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product

from watcher.rules.nodes import Phrase, Word
from watcher.text.document import Stream
from watcher.text.fold import cased, folded, is_stemmed, key, lookups, plain
from watcher.text.inflect import inflections
from watcher.text.lexicon import SMART_CASE
from watcher.text.once import cached_property
from watcher.text.sentences import Range
from watcher.text.tokens import HEAD, spans

_JOINT = re.compile("[-‐‑‒–−&/.'’]")
_JOINTS = 4
_PATTERNS = 1 << 16


@dataclass(frozen=True)
class Wanted:
    """One word of a leaf. `sign` is the # or @ that must stand before it, `forms` are what word~ stands for.

    `close` says that nothing may stand between it and the word before, as in 北京, where each character is a word.
    """

    surface: str
    keys: frozenset[str]
    exact: bool = False
    prefix: bool = False
    sign: str = ""
    forms: tuple[str, ...] = ()
    close: bool = False

    @cached_property
    def terms(self) -> frozenset[str]:
        """The keys of all it can find as `Document.terms` has them, before a line of capitals fades them."""
        return frozenset(k for form in self.forms or (self.surface,) for k in cased(form)) | self.keys

    @cached_property
    def _shared(self) -> frozenset[str]:
        """Keys that words have which are none of the forms: lives has the key of life, which `live~` does not mean."""
        return self.keys - set(self.forms) - lookups(self.surface) if self.forms else frozenset()

    @cached_property
    def is_more(self) -> bool:
        """Whether keys do not tell all."""
        return bool(self.exact or self.sign or self.close or self._shared)

    def places(self, stream: Stream) -> list[int]:
        """Where it stands in a stream, each place once."""
        found = self._prefixed(stream) if self.prefix else self._keyed(stream)
        return [n for n in found if self._fits(stream, n)] if self.is_more else found

    def stands_at(self, stream: Stream, index: int) -> bool:
        if index >= len(stream.keys):
            return False
        if self.prefix:
            found = stream.folded[index].startswith(folded(self.surface))
        else:
            found = stream.keys[index] in self.keys
        return found and (not self.is_more or self._fits(stream, index))

    def _keyed(self, stream: Stream) -> list[int]:
        return [n for k in self.keys for n in stream.where(k)]

    def _prefixed(self, stream: Stream) -> list[int]:
        return stream.beginning(folded(self.surface))

    def _fits(self, stream: Stream, index: int) -> bool:
        """What keys do not say: what stands before it, and for an exact word its case, accents and number."""
        start = stream.places.span(index)[0]
        if self.close and (not index or stream.places.span(index - 1)[1] != start):
            return False
        if self.sign and stream.text[max(0, start - 1) : start] != self.sign:
            return False
        if stream.keys[index] in self._shared and folded(stream.surface(index)) not in self.forms:
            return False
        return not self.exact or self._is_exact(plain(stream.surface(index)), stream, index)

    def _is_exact(self, word: str, stream: Stream, index: int) -> bool:
        wanted = plain(self.surface)
        one, other = word.casefold(), wanted.casefold()
        if self.prefix:
            return word.startswith(wanted) or (one.startswith(other) and stream.is_loud(index))
        return word == wanted or (one == other and not SMART_CASE.get(word, False) and stream.is_loud(index))


Spelling = tuple[Wanted, ...]
Slot = tuple[Spelling, ...]
"""Its alternatives."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """A leaf made ready. One object for the same leaf in all rules: streams remember what it found by it."""

    slots: tuple[Slot, ...]

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Sets of keys of which each has one wherever it stands; as `Wanted.terms` has them."""
        told = [slot for slot in self.slots if not any(spelling[0].prefix for spelling in slot)]
        return tuple(frozenset[str]().union(*(spelling[0].terms for spelling in slot)) for slot in told)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Of one word, of which keys tell all, those it has; none for other patterns."""
        words = [spelling[0] for slot in self.slots for spelling in slot]
        alone = len(self.slots) == 1 and all(len(spelling) == 1 for spelling in self.slots[0])
        if not alone or any(word.prefix or word.is_more for word in words):
            return frozenset()
        return frozenset[str]().union(*(word.keys for word in words))

    def find(self, stream: Stream) -> list[Range]:
        """Ranges of words, sorted."""
        found = stream.found.get(self)
        if found is None:
            lacking = any(map(stream.places.terms.isdisjoint, self.needs))
            found = stream.found[self] = [] if lacking or not self.slots else sorted(set(self._find(stream)))
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
    signs = isinstance(leaf, Phrase)
    return Pattern(tuple(slot for chunk in _chunks(leaf) for slot in _slots(chunk, exact=leaf.exact, signs=signs)))


def forms(leaf: Word | Phrase) -> tuple[str, ...]:
    """What the ~ in a leaf stands for, to be shown: resign, resigns, resigned, resigning; empty without one."""
    return tuple(dict.fromkeys(form for chunk in _chunks(leaf) for form in _shown(chunk)))


def stemmed(leaf: Word | Phrase) -> tuple[str, ...]:
    """The words of a leaf that are compared by their stems, as written: Москва also finds Москвы."""
    if leaf.exact:
        return ()
    words = [(chunk[a:b], chunk[b:] == "*") for chunk in _chunks(leaf) for a, b in spans(chunk)]
    return tuple(word for word, prefix in words if not prefix and is_stemmed(word))


def _shown(chunk: str) -> list[str]:
    places = spans(chunk)
    if _mark(chunk, places) != "~":
        return []
    start, end = places[-1]
    return [chunk[places[0][0] : start].lower() + form for form in inflections(chunk[start:end])]


def _chunks(leaf: Word | Phrase) -> list[str]:
    """What stands between white space in it, each with its * or ~."""
    mark = "*" * leaf.prefix + "~" * leaf.inflect if isinstance(leaf, Word) else ""
    return (leaf.text + mark).split()


def _mark(chunk: str, places: list[Range]) -> str:
    """The * or ~ behind the last word."""
    return chunk[-1] if places and places[-1][1] == len(chunk) - 1 and chunk[-1] in "*~" else ""


def _slots(chunk: str, *, exact: bool, signs: bool) -> Iterator[Slot]:
    """The slots of what stands between white space: words with a joint between them share one."""
    places = spans(chunk)
    mark = _mark(chunk, places)
    prefix = mark == "*" and sum(map(str.isalnum, chunk)) >= HEAD
    sign = chunk[0] if signs and places and places[0][0] == 1 and chunk[0] in "#@" else ""
    start = 0
    for n in range(1, len(places) + 1):
        if n < len(places) and _JOINT.fullmatch(chunk[places[n - 1][1] : places[n][0]]):
            continue
        words = [chunk[a:b] for a, b in places[start:n]]
        last = n == len(places)
        bare = words[-1] if mark == "~" and last and not exact else ""
        close = start > 0 and places[start - 1][1] == places[start][0]
        slot = tuple(_spelling(parts, exact=exact, prefix=prefix and last, bare=bare) for parts in _joined(words))
        yield _standing(slot, "" if start else sign, close=close)
        start = n


def _spelling(parts: tuple[str, ...], *, exact: bool, prefix: bool, bare: str) -> Spelling:
    """`bare` is the word that the last part ends in when it stands for all its forms: strike in airstrike~."""
    *before, last = parts
    found = [Wanted(part, frozenset((key(part),)) if exact else lookups(part), exact) for part in before]
    if bare:
        return (*found, _inflected(last, last.removesuffix(bare), bare))
    return (*found, Wanted(last, frozenset((key(last),)) if exact else lookups(last), exact, prefix))


def _standing(slot: Slot, sign: str, *, close: bool) -> Slot:
    """The same with what must stand before it."""
    if not sign and not close:
        return slot
    return tuple((replace(first, sign=sign, close=close), *rest) for first, *rest in slot)


def _inflected(surface: str, head: str, bare: str) -> Wanted:
    """A word in all its forms; capitals that are another word (US) have none."""
    keys = lookups(surface)
    if key(surface) in SMART_CASE:
        return Wanted(surface, keys)
    found = tuple(folded(head) + form for form in inflections(bare))
    return Wanted(surface, keys.union(map(key, found)), forms=found)


def _joined(words: list[str]) -> Iterator[tuple[str, ...]]:
    """The words with each joint open or closed; in long rows all or none. Two digits never meet: 9/11 is not 911."""
    joints = [not (a[-1].isdigit() and b[0].isdigit()) for a, b in pairwise(words)]
    choices = product(*((False, True) if joint else (False,) for joint in joints))
    for closed in choices if len(joints) <= _JOINTS else ([False] * len(joints), joints):
        parts = words[:1]
        for join, word in zip(closed, words[1:], strict=True):
            parts[-1:] = [parts[-1] + word] if join else [parts[-1], word]
        yield tuple(parts)
