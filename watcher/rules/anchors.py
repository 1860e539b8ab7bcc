"""pure: tree -> sets of terms of which each must have one in a document, or the tree is false of it.

Terms are what `Document.terms` gives: plain keys of title, place, text and summary, "field:key" for other fields; and
"milit*" for the keys that begin so. A set that is no help (a common word) is still sound; what cannot be said in terms
is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from sys import intern
from typing import TypeVar

from watcher.rules.frequencies import EXPRESSION, Frequencies
from watcher.rules.nodes import (
    Alias,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Or,
    Phrase,
    Reality,
    Regex,
    Some,
    Within,
    Word,
)
from watcher.rules.pattern import Wanted, pattern
from watcher.rules.sieve import is_term, term_of
from watcher.text.beginnings import otherwise
from watcher.text.document import NAMED, PROSE
from watcher.text.fold import cased, folded
from watcher.text.tokens import HEAD

K = TypeVar("K")
V = TypeVar("V")

Terms = Collection[str]
"""Each once: a tuple, which takes less room, or a set where there are many."""

_Weighed = tuple[float, Terms]

_OVER = (Within, Except, Reality, AtLeast, First)
"""Whatever they are true of their part is true of."""

_MOST = 6
"""Sets that are kept of an expression: few documents have a term of each of so many and not of the others."""
MANY = 32
"""Terms of one set that are kept as a set."""
_MEMO = 1 << 14

_pattern = pattern.__wrapped__  # a leaf's terms are remembered here; patterns of those that no item asks take room
_rarest = itemgetter(0)
_terms_of = itemgetter(1)


def required(tree: Node, frequencies: Frequencies) -> tuple[Terms, ...]:
    """The sets, rarest first; none for a tree that can be true of a document whatever its words are."""
    return _anchors(frequencies).required(tree)


@lru_cache(2)
def _anchors(frequencies: Frequencies) -> _Anchors:
    return _Anchors(frequencies)


class _Anchors:
    """By one account of what is common. Remembers the leaves it has met, and the names of vocabularies."""

    def __init__(self, frequencies: Frequencies) -> None:
        self._weight = frequencies.of_any
        self._words: dict[str, list[_Weighed]] = {}
        self._leaves: dict[object, list[_Weighed]] = {}
        self._names: dict[tuple[str, str], tuple[Node, list[_Weighed]]] = {}
        self._ways: dict[type, Callable[..., list[_Weighed]]] = {
            Word: self._word,
            Phrase: self._leaf,
            Or: lambda node, field: self._either([self._of(part, field) for part in node.parts]),
            And: lambda node, field: self._all(node.parts, field),
            Some: lambda node, field: self._some(node.count, [self._of(part, field) for part in node.parts]),
            Near: lambda node, field: self._all((node.left, node.right), field),
            Field: lambda node, _: self._of(node.part, node.name),
            Alias: self._name,
            Regex: self._regex,
        }
        self._ways.update(dict.fromkeys(_OVER, lambda node, field: self._of(node.part, field)))

    def required(self, tree: Node) -> tuple[Terms, ...]:
        return tuple(map(_terms_of, _telling(self._of(tree, "any"))[:_MOST]))

    def _of(self, node: Node, field: str) -> list[_Weighed]:
        """Rarest first."""
        way = self._ways.get(type(node))
        return way(node, field) if way else []  # Not, Published

    def _all(self, parts: Iterable[Node], field: str) -> list[_Weighed]:
        found: list[_Weighed] = []
        for part in parts:
            found += self._of(part, field)
        found.sort(key=_rarest)
        return found

    def _name(self, node: Alias, field: str) -> list[_Weighed]:
        """Every rule that says @name holds the same part, until a vocabulary says something else."""
        part = node.part
        if part is None:
            return []
        key = node.name, field
        found = self._names.get(key)
        if found is None or found[0] is not part:
            found = _keep(self._names, key, (part, self._of(part, field)))
        return found[1]

    def _either(self, branches: Sequence[list[_Weighed]]) -> list[_Weighed]:
        """What one or another of the branches requires; nothing where one of them may be true of anything.

        "border closed" OR checkpoint: what is in all news does not make it a candidate, so there is a second set.
        """
        if not all(branches):
            return []
        first = self._union([branch[0] for branch in branches])
        if max(map(len, branches)) == 1:
            return [first]
        return sorted((first, self._union([branch[:2][-1] for branch in branches])), key=_rarest)

    def _some(self, count: int, branches: Sequence[list[_Weighed]]) -> list[_Weighed]:
        """What so many of the branches require together: of as many as may be false and one more, one is true.

        A branch that requires nothing may be the true one, as far as anybody knows.
        """
        if count == 1:
            return self._either(branches)
        saying = sorted(filter(None, branches), key=lambda branch: branch[0][0])
        spare = max(0, len(branches) - count)
        common = [branch[0] for branch in saying[:spare]]
        return sorted((self._union([*common, one]) for branch in saying[spare:] for one in branch), key=_rarest)

    def _union(self, sets: list[_Weighed]) -> _Weighed:
        if len(sets) == 1:
            return sets[0]
        terms = dict.fromkeys(chain.from_iterable(map(_terms_of, sets)))
        return self._weight(terms), tuple(terms) if len(terms) < MANY else frozenset(terms)

    def _word(self, word: Word, field: str) -> list[_Weighed]:
        """Most leaves by far are plain words, and found again by their text alone."""
        if field not in PROSE or word.exact or word.prefix or word.inflect:
            return self._leaf(word, field)
        found = self._words.get(word.text)
        return _keep(self._words, word.text, self._leaf(word, "any")) if found is None else found

    def _leaf(self, leaf: Word | Phrase, field: str) -> list[_Weighed]:
        key = leaf, "any" if field in PROSE else field
        found = self._leaves.get(key)
        return _keep(self._leaves, key, sorted(self._slots(*key), key=_rarest)) if found is None else found

    def _regex(self, node: Regex, field: str) -> list[_Weighed]:
        term = term_of(node.text, node.flags, field)
        return [(self._weight((term,)), (term,))] if term else []

    def _slots(self, leaf: Word | Phrase, field: str) -> list[_Weighed]:
        if field in NAMED:
            return [self._weighed({leaf.text.casefold() + "*" * _is_prefix(leaf)}, field)]
        if not _is_prefix(leaf) and all(map(_is_plain, words := leaf.text.split())) and not _is_inflected(leaf):
            return [self._weighed(cased(word), field) for word in words]  # the same as below, at a tenth of the time
        found: list[_Weighed] = []
        for slot in _pattern(leaf).slots:
            found += self._either([self._spelling(spelling, field) for spelling in slot])
        return found

    def _spelling(self, spelling: Iterable[Wanted], field: str) -> list[_Weighed]:
        return sorted((self._weighed(terms, field) for wanted in spelling if (terms := _terms(wanted))), key=_rarest)

    def _weighed(self, terms: Iterable[str], field: str) -> _Weighed:
        before = "" if field == "any" else f"{field}:"
        found = tuple([intern(before + term) for term in sorted(terms)])
        return self._weight(found), found


def _is_prefix(leaf: Word | Phrase) -> bool:
    return isinstance(leaf, Word) and leaf.prefix


def _is_inflected(leaf: Word | Phrase) -> bool:
    return isinstance(leaf, Word) and leaf.inflect


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _terms(wanted: Wanted) -> Iterable[str]:
    """None where a wildcard cannot be said: a letter or two behind a joint."""
    if not wanted.prefix:
        return wanted.terms
    start = folded(wanted.surface)
    return (start + "*", *otherwise(start)) if len(start) >= HEAD else ()


def _telling(found: list[_Weighed]) -> list[_Weighed]:
    """Without those that hold all of a rarer one: where that has a term they have one too.

    Regular expressions are passed through the text for rules that are filed under them, and for no others.
    """
    kept = found[:1]
    for one in found[1:]:
        terms = set(one[1])
        if one[0] >= EXPRESSION and any(map(is_term, terms)):
            continue
        if not any(terms.issuperset(rarer) for _, rarer in kept):
            kept.append(one)
    return kept


def _keep(memo: dict[K, V], key: K, value: V) -> V:
    if len(memo) >= _MEMO:
        memo.clear()
    memo[key] = value
    return value
