"""pure: terms of a document -> the numbers of the rules that have every required term among them.

Each rule is filed under the terms of its rarest requirement; the others are looked at only where one of those occurs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from watcher.model import RuleId
from watcher.rules.compile import CompiledRule
from watcher.rules.sieve import Sieve, is_term

_MEMO = 1 << 15


class Index:
    """Rules by their required terms. Nothing in it changes but what it remembers of words it has met."""

    def __init__(self, rules: Sequence[CompiledRule]) -> None:
        self.rules = rules

    @cached_property
    def numbers(self) -> dict[RuleId, int]:
        """Where each rule stands."""
        return {rule.rule.id: n for n, rule in enumerate(self.rules)}

    @cached_property
    def _terms(self) -> _Terms:
        terms = set(chain.from_iterable(chain.from_iterable(rule.required for rule in self.rules)))
        other = {term for term in terms if not term.isalnum()}
        expressions = set(filter(is_term, other))
        other -= expressions
        fields = frozenset(term.partition(":")[0] for term in other if ":" in term)
        return _Terms(fields, Sieve(expressions), _Begun(term for term in other if term.endswith("*")))

    @property
    def fields(self) -> frozenset[str]:
        """Fields that have terms of their own and are asked for."""
        return self._terms.fields

    @property
    def sieve(self) -> Sieve:
        """Of the regular expressions that rules are filed under."""
        return self._terms.sieve

    @cached_property
    def unfiled(self) -> tuple[int, ...]:
        """Rules that can be true of any item, whatever its words are."""
        return tuple(n for n, rule in enumerate(self.rules) if not rule.required)

    @cached_property
    def _filed(self) -> dict[str, int | tuple[int, ...]]:
        """One number or several, for most terms are those of one rule."""
        one: dict[str, int] = {}
        several: dict[str, list[int]] = {}
        for n, rule in enumerate(self.rules):
            for term in rule.required[0] if rule.required else ():
                first = one.setdefault(term, n)
                if first != n:
                    several.setdefault(term, [first]).append(n)
        return one | {term: tuple(numbers) for term, numbers in several.items()}

    def ready(self) -> None:
        """Work out what the first question would otherwise wait for."""
        _ = self.numbers, self._terms, self.unfiled, self._filed

    def candidates(self, terms: set[str]) -> list[int]:
        """In rule order."""
        begun = self._terms.begun
        if begun.wanted:
            terms = terms.union(*map(begun.__getitem__, terms))
        filed, rules, probed = self._filed, self.rules, set[int]()
        for term in filed.keys() & terms:
            numbers = filed[term]
            if isinstance(numbers, int):
                probed.add(numbers)
            else:
                probed.update(numbers)
        found = list(self.unfiled)
        disjoint = terms.isdisjoint
        for n in probed:  # a function or a generator here costs more than the question
            for wanted in rules[n].required:
                if disjoint(wanted):
                    break
            else:
                found.append(n)
        return sorted(found)


class _Terms(NamedTuple):
    """What is asked of a document beside its words."""

    fields: frozenset[str]
    sieve: Sieve
    begun: _Begun


class _Begun(dict[str, tuple[str, ...]]):
    """The wildcards that a term answers, as "milit*", for each term met; bounded, and forgotten whole when full."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self.wanted = frozenset(wanted)
        self._lengths = sorted({len(start) - 1 for start in self.wanted})

    def __missing__(self, term: str) -> tuple[str, ...]:
        starts = (term[:length] + "*" for length in self._lengths if length <= len(term))
        if len(self) >= _MEMO:
            self.clear()
        found = self[term] = tuple(start for start in starts if start in self.wanted)
        return found
