"""pure: terms of a document -> the numbers of the rules that have every required term among them.

Each rule is filed under the terms of its rarest requirement; the others are looked at only where one of those occurs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from watcher.rules.anchors import Terms
from watcher.rules.compile import CompiledRule
from watcher.rules.sieve import Sieve, is_term


@dataclass(frozen=True)
class Index:
    """Rules by their required terms. Nothing in it changes."""

    rules: Sequence[CompiledRule]

    @cached_property
    def _filed(self) -> dict[str, list[int]]:
        filed: dict[str, list[int]] = {}
        for n, rule in enumerate(self.rules):
            for term in rule.required[0] if rule.required else ():
                filed.setdefault(term, []).append(n)
        return filed

    @cached_property
    def _unfiled(self) -> tuple[int, ...]:
        """Rules that can be true of any item, whatever its words are."""
        return tuple(n for n, rule in enumerate(self.rules) if not rule.required)

    @cached_property
    def _terms(self) -> frozenset[str]:
        return frozenset(term for rule in self.rules for terms in rule.required for term in terms)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Fields that have terms of their own and are asked for."""
        return frozenset(term.partition(":")[0] for term in self._terms if ":" in term and not is_term(term))

    @cached_property
    def sieve(self) -> Sieve:
        """Of the regular expressions that rules are filed under."""
        return Sieve(self._terms)

    @cached_property
    def prefixes(self) -> bool:
        return any(term.endswith("*") for term in self._terms)

    @cached_property
    def _others(self) -> tuple[tuple[Terms, ...], ...]:
        return tuple(rule.required[1:] for rule in self.rules)

    def ready(self) -> None:
        """Work out what the first question would otherwise wait for."""
        _ = self._filed, self._unfiled, self.fields, self.prefixes, self.sieve, self._others

    def candidates(self, terms: set[str]) -> list[int]:
        """In rule order."""
        filed, others = self._filed, self._others
        probed = set(self._unfiled).union(*[filed[term] for term in terms if term in filed])
        found = []
        for n in sorted(probed):  # hundreds an item: a function or a generator here costs more than the question
            for wanted in others[n]:
                if wanted.isdisjoint(terms):
                    break
            else:
                found.append(n)
        return found
