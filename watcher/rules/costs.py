"""pure: (rules, how often terms were counted) -> by what each is found among the words of an item, the dearest first.

A rule is asked of the items that have one of the terms it is filed under (rules.index), and of no others. What asks
much of the watcher is a rule that is filed under nothing, and one whose terms are in most items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from watcher.model import RuleId
from watcher.rules.anchors import required
from watcher.rules.frequencies import ALL, ITEMS, Frequencies
from watcher.rules.nodes import And, Field, Node, Not, Or, Published, Regex, Some, Word
from watcher.rules.printer import to_text
from watcher.rules.shape import children
from watcher.rules.sieve import is_term
from watcher.text.document import NAMED


class Found(StrEnum):
    """By what a rule is found, the dearest first."""

    EVERY = "every item"
    REGEX = "regex"
    NAME = "name"
    BEGINNING = "beginning"
    WORD = "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a rule is filed under, and with how many others.

    `share` is the part of all items that it is asked of, at most; None where nothing was counted, and for a regex, of
    which nobody knows. `why` and `help` are for a rule that is asked of every item.
    """

    rule: RuleId
    found: Found
    terms: tuple[str, ...] = ()
    shared: int = 0
    share: float | None = None
    weight: float = ALL
    why: str = ""
    help: str = ""


def costs(rules: Iterable[tuple[RuleId, Node]], counted: Mapping[str, int]) -> tuple[Cost, ...]:
    """`counted` is what a store has learned, and may be empty: how often terms occur is guessed then."""
    frequencies = Frequencies(counted)
    filed = [(rule, tree, tuple((required(tree, frequencies) or ((),))[0])) for rule, tree in rules]
    sharing = Counter(term for _, _, terms in filed for term in terms)
    known = bool(counted.get(ITEMS))
    found = [
        _filed(rule, terms, sharing, frequencies, known=known) if terms else _loose(rule, tree, frequencies)
        for rule, tree, terms in filed
    ]
    order = list(Found)
    return tuple(sorted(found, key=lambda cost: (cost.found is not Found.EVERY, -cost.weight, order.index(cost.found))))


def summary(found: Sequence[Cost]) -> Mapping[Found, int]:
    """How many rules are found by what; only what there is."""
    counts = Counter(cost.found for cost in found)
    return {kind: counts[kind] for kind in Found if counts[kind]}


def _filed(
    rule: RuleId, terms: tuple[str, ...], sharing: Mapping[str, int], frequencies: Frequencies, *, known: bool
) -> Cost:
    weight, by = frequencies.of_any(terms), min((_by(term) for term in terms), key=list(Found).index)
    share = min(1.0, weight / ALL) if known and by is not Found.REGEX else None
    shared = max(sharing[term] for term in terms) - 1
    return Cost(rule=rule, found=by, terms=terms, shared=shared, share=share, weight=weight)


def _by(term: str) -> Found:
    if is_term(term):
        return Found.REGEX
    if term.partition(":")[0] in NAMED and ":" in term:
        return Found.NAME
    return Found.BEGINNING if term.endswith("*") else Found.WORD


def _loose(rule: RuleId, tree: Node, frequencies: Frequencies) -> Cost:
    part = _requiring_nothing(tree, "any", frequencies)
    why, mend = _REASONS.get(type(part), ("requires no word", _BESIDE))
    return Cost(rule=rule, found=Found.EVERY, share=1.0, why=f"`{to_text(part)}` {why}", help=mend)


def _requiring_nothing(node: Node, field: str, frequencies: Frequencies) -> Node:
    """The smallest part for which a tree is asked of every item."""
    inside = node.name if isinstance(node, Field) else field
    parts = () if isinstance(node, Not) else children(node)
    if isinstance(node, And):
        parts = tuple(part for part in parts if not isinstance(part, Not)) or parts
    for part in parts:
        whole = part if inside == "any" or isinstance(part, Field) else Field(inside, part)
        if not required(whole, frequencies):
            return _requiring_nothing(part, inside, frequencies)
    return node


_BESIDE = "say with AND which word must stand there"
_REASONS: Mapping[type, tuple[str, str]] = {
    Regex: ("has no three letters in a row that all it finds must have", f"give it some, or {_BESIDE}"),
    Not: ("says only what may not be there", _BESIDE),
    Published: ("says only when", _BESIDE),
    Word: ("has no term of its own", _BESIDE),
    Some: ("is true of too many things", "ask for more of them, or say with AND which word must stand there"),
    Or: ("is true of too many things", _BESIDE),
}
