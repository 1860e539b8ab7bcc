"""pure: tree -> sets of terms of which each must have one in a document, or the tree is false of it.

Terms are what `Document.terms` gives: plain keys of title, place, text and summary, "field:key" for other fields,
"mil*" for wildcards. A set that is no help (a common word) is still sound; what cannot be said in terms is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from watcher.rules.nodes import (
    Alias,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Published,
    Reality,
    Regex,
    Some,
    Within,
    Word,
)
from watcher.rules.pattern import Wanted, pattern
from watcher.text.document import NAMED
from watcher.text.fold import folded
from watcher.text.lexicon import COMMON
from watcher.text.tokens import HEAD, heads

Terms = frozenset[str]

PROSE = frozenset({"any", "title", "lead", "body", "summary"})
"""Fields whose words stand in title, place, text or summary."""


def required(node: Node, frequencies: Mapping[str, int], field: str = "any") -> tuple[Terms, ...]:
    """The sets, rarest first; none for a tree that can be true of a document whatever its words are."""
    match node:
        case Word() | Phrase():
            found = _of_leaf(node, field, frequencies)
        case Or(parts):
            found = _some_of(1, [required(part, frequencies, field) for part in parts], frequencies)
        case Some(count, parts):
            found = _some_of(count, [required(part, frequencies, field) for part in parts], frequencies)
        case And(parts):
            found = [terms for part in parts for terms in required(part, frequencies, field)]
        case Near(left, right):
            found = [terms for part in (left, right) for terms in required(part, frequencies, field)]
        case Field(name, part):
            found = list(required(part, frequencies, name))
        case Alias(_, part) if part is not None:
            found = list(required(part, frequencies, field))
        case Within(part) | Except(part) | Reality(part) | AtLeast(part=part) | First(part=part):
            found = list(required(part, frequencies, field))
        case Not() | Alias() | Regex() | Published():
            found = []
    return tuple(sorted(dict.fromkeys(found), key=lambda terms: (weight(terms, frequencies), sorted(terms))))


def weight(terms: Terms, frequencies: Mapping[str, int]) -> float:
    """How often one of the terms is to be expected: what was counted, and for the uncounted a guess by length."""
    return sum(frequencies.get(term, 0) + _guess(term) for term in terms)


def _guess(term: str) -> float:
    """Ordinal, not a measurement: names of languages, then common words and feeds, then short words, then long ones."""
    if term.startswith("lang:"):
        return 10_000
    if term in COMMON or term.startswith(("feed:", "site:", "tag:")):
        return 1_000
    return 300 if term.endswith("*") else 120 / len(term)


def _some_of(count: int, branches: list[tuple[Terms, ...]], frequencies: Mapping[str, int]) -> list[Terms]:
    """What so many of the branches require together: of as many as may be false and one more, one is true.

    A branch that requires nothing may be the true one, as far as anybody knows.
    """
    saying = sorted((branch for branch in branches if branch), key=lambda branch: weight(branch[0], frequencies))
    spare = len(branches) - count
    common = frozenset[str]().union(*(branch[0] for branch in saying[:spare]))
    found = [common | branch[0] for branch in saying[spare:]]
    if count == 1 and found:  # "border closed" OR checkpoint: what is in all news does not make it a candidate
        found.append(frozenset[str]().union(*(branch[:2][-1] for branch in saying)))
    return found


def _of_leaf(leaf: Word | Phrase, field: str, frequencies: Mapping[str, int]) -> list[Terms]:
    if field in NAMED:
        prefix = isinstance(leaf, Word) and leaf.prefix
        return [] if prefix else [frozenset((f"{field}:{leaf.text.casefold()}",))]
    found = []
    for slot in pattern(leaf).slots:
        spellings = [[t for wanted in spelling if (t := _terms(wanted, field))] for spelling in slot]
        branches = [tuple(sorted(sets, key=lambda terms: weight(terms, frequencies))) for sets in spellings]
        found += list(branches[0]) if len(branches) == 1 else _some_of(1, branches, frequencies)
    return found


def _terms(wanted: Wanted, field: str) -> Terms | None:
    """None where a wildcard cannot be said."""
    if not wanted.prefix:
        keys = wanted.terms
        return keys if field in PROSE else frozenset(f"{field}:{key}" for key in keys)
    start = folded(wanted.surface)
    return heads(start) if field in PROSE and len(start) >= HEAD else None
