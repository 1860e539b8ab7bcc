"""pure: tree -> sets of terms of which each must have one in a document, or the tree is false of it.

Terms are what `Document.terms` gives: plain keys of title, text and summary, "field:key" for other fields, "mil*" for
wildcards. A set that is no help (a common word) is still sound; what cannot be said in terms is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from watcher.rules.nodes import Alias, And, Except, Field, Near, Node, Not, Or, Phrase, Within, Word
from watcher.rules.pattern import Wanted, pattern
from watcher.text.document import NAMED
from watcher.text.fold import folded, lookups
from watcher.text.lexicon import COMMON
from watcher.text.tokens import HEAD, heads

Terms = frozenset[str]

PROSE = frozenset({"any", "title", "lead", "body", "summary"})
"""Fields whose words stand in title, text or summary."""


def required(node: Node, frequencies: Mapping[str, int], field: str = "any") -> tuple[Terms, ...]:
    """The sets, rarest first; none for a tree that can be true of a document whatever its words are."""
    match node:
        case Word() | Phrase():
            found = _of_leaf(node, field, frequencies)
        case Or(parts):
            found = _one_of([required(part, frequencies, field) for part in parts])
        case And(parts):
            found = [terms for part in parts for terms in required(part, frequencies, field)]
        case Near(left, right):
            found = [terms for part in (left, right) for terms in required(part, frequencies, field)]
        case Field(name, part):
            found = list(required(part, frequencies, name))
        case Alias(_, part) if part is not None:
            found = list(required(part, frequencies, field))
        case Within(part) | Except(part):
            found = list(required(part, frequencies, field))
        case Not() | Alias():
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


def _one_of(branches: list[tuple[Terms, ...]]) -> list[Terms]:
    """The rarest of each branch together; nothing when a branch requires nothing."""
    if not all(branches):
        return []
    return [frozenset[str]().union(*(branch[0] for branch in branches))]


def _of_leaf(leaf: Word | Phrase, field: str, frequencies: Mapping[str, int]) -> list[Terms]:
    if field in NAMED:
        prefix = isinstance(leaf, Word) and leaf.prefix
        return [] if prefix else [frozenset((f"{field}:{leaf.text.casefold()}",))]
    found = []
    for slot in pattern(leaf).slots:
        spellings = [[t for wanted in spelling if (t := _terms(wanted, field))] for spelling in slot]
        branches = [tuple(sorted(sets, key=lambda terms: weight(terms, frequencies))) for sets in spellings]
        found += list(branches[0]) if len(branches) == 1 else _one_of(branches)
    return found


def _terms(wanted: Wanted, field: str) -> Terms | None:
    """None where a wildcard cannot be said."""
    if not wanted.prefix:
        keys = lookups(wanted.surface)  # of an exact word too: in a line of capitals its key may stand as capitals
        return keys if field in PROSE else frozenset(f"{field}:{key}" for key in keys)
    start = folded(wanted.surface)
    return heads(start) if field in PROSE and len(start) >= HEAD else None
