"""pure: terms of a document -> the numbers of the rules that have every required term among them.

Each rule is filed under the terms of its rarest requirement; the others are looked at only where one of those occurs.
What costs is memory that lies far apart, so words that no rule asks for are put aside first, and what is looked at for
a rule is one small tuple.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

from watcher.rules.anchors import Terms
from watcher.rules.compile import CompiledRule
from watcher.rules.sieve import Sieve, is_term

_FIRST = 5
"""Letters of a word by which it is decided whether any wildcard may find it."""


class Index:
    """Rules by their required terms. Nothing in it changes."""

    def __init__(self, rules: Sequence[CompiledRule]) -> None:
        terms = set(chain.from_iterable(chain.from_iterable(rule.required for rule in rules)))
        other = {term for term in terms if not term.isalnum()}
        expressions = set(filter(is_term, other))
        other -= expressions
        self.rules = rules
        self.numbers = {rule.rule.id: n for n, rule in enumerate(rules)}
        self.fields = frozenset(term.partition(":")[0] for term in other if ":" in term)
        self.sieve = Sieve(expressions)
        self._filed = _filed(rules)
        self._unfiled = [n for n, rule in enumerate(rules) if not rule.required]
        self._asked = terms
        wildcards = [term for term in other if term.endswith("*")]
        self._anchors = _Wildcards([start for start in wildcards if start in self._filed])
        self._wildcards = _Wildcards(wildcards)
        self._others: list[tuple[Terms, ...]] = [rule.required[1:] for rule in rules]
        self._begun = dict(_parted(self._others, frozenset(wildcards)) if wildcards else ())

    def company(self, compiled: CompiledRule) -> int:
        """How many of its rules are filed under the most used of a rule's anchors; unfiled ones under none."""
        if not compiled.required:
            return len(self._unfiled)
        filed = (self._filed.get(term, ()) for term in compiled.required[0])
        return max(1 if isinstance(numbers, int) else len(numbers) for numbers in filed)

    def candidates(self, terms: set[str]) -> list[int]:
        """In rule order."""
        known = (terms & self._asked) | self._anchors.answered(terms)
        disjoint = known.isdisjoint
        filed, others, probed, found = self._filed, self._others, set[int](), self._unfiled.copy()
        for term in filed.keys() & known:
            numbers = filed[term]
            if isinstance(numbers, int):
                probed.add(numbers)
            else:
                probed.update(numbers)
        for n in probed:  # a function or a generator here costs more than the question
            for wanted in others[n]:
                if disjoint(wanted):
                    break
            else:
                found.append(n)
        return sorted(self._beginning(found, terms))

    def _beginning(self, found: list[int], terms: set[str]) -> list[int]:
        """Those of the rules that have a word for each wildcard they want, too; mostly none wants one."""
        begun = self._begun
        if begun.keys().isdisjoint(found):
            return found
        disjoint = (terms | self._wildcards.answered(terms)).isdisjoint
        return [n for n in found if not any(map(disjoint, begun.get(n, ())))]


def _parted(others: list[tuple[Terms, ...]], wildcards: AbstractSet[str]) -> Iterator[tuple[int, tuple[Terms, ...]]]:
    """Each rule's sets that hold a wildcard, taken out of the others: they are looked at last."""
    for n, sets in enumerate(others):
        begun = tuple(wanted for wanted in sets if not wildcards.isdisjoint(wanted))
        if begun:
            others[n] = tuple(wanted for wanted in sets if wanted not in begun)
            yield n, begun


def _filed(rules: Sequence[CompiledRule]) -> dict[str, int | tuple[int, ...]]:
    """Of each term the number of its rule, or of several: most terms are those of one."""
    one: dict[str, int] = {}
    several: dict[str, list[int]] = {}
    for n, rule in enumerate(rules):
        for term in rule.required[0] if rule.required else ():
            first = one.setdefault(term, n)
            if first != n:
                several.setdefault(term, [first]).append(n)
    return one | {term: tuple(numbers) for term, numbers in several.items()}


class _Wildcards:
    """Those that rules ask for, as "milit*"; by their first letters, for few words begin as one of them does."""

    def __init__(self, asked: Sequence[str]) -> None:
        self._begun = defaultdict[int, dict[str, set[int]]](dict)  # letters, the first of them: lengths of the wildcard
        for wildcard in asked:
            length = len(wildcard) - 1
            first = min(length, _FIRST)
            self._begun[first].setdefault(wildcard[:first], set()).add(length)
        self._asked = frozenset(asked)

    def answered(self, terms: set[str]) -> set[str]:
        """Those that one of the terms answers."""
        found = set[str]()
        for first, lengths in self._begun.items():
            for term in [term for term in terms if term[:first] in lengths]:
                found.update(term[:length] + "*" for length in lengths[term[:first]])
        return found & self._asked
