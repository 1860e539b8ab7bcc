"""pure: document -> the few rules that may be true of it, whatever their number.

anchors: each rule filed under its rarest required term | cheap check of its other required terms
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from watcher.rules.anchors import Terms
from watcher.rules.compile import CompiledRule
from watcher.text.document import Document


@dataclass(frozen=True)
class Ruleset:
    """Compiled rules, each filed under the terms of its rarest requirement."""

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
    def _fields(self) -> frozenset[str]:
        """Fields that have terms of their own and are asked for."""
        return frozenset(term.partition(":")[0] for term in self._terms if ":" in term)

    @cached_property
    def _prefixes(self) -> bool:
        return any(term.endswith("*") for term in self._terms)

    @cached_property
    def _others(self) -> tuple[tuple[Terms, ...], ...]:
        return tuple(rule.required[1:] for rule in self.rules)

    def ready(self) -> Ruleset:
        """Itself, with everything worked out that the first question would otherwise wait for."""
        _ = self._filed, self._unfiled, self._fields, self._prefixes, self._others
        return self

    def candidates(self, document: Document) -> list[CompiledRule]:
        """The rules that have every required term, in rule order."""
        terms = document.terms(self._fields, prefixes=self._prefixes)
        filed, others = self._filed, self._others
        probed = set(self._unfiled).union(*[filed[term] for term in terms if term in filed])
        found = []
        for n in sorted(probed):  # hundreds an item: a function or a generator here costs more than the question
            for wanted in others[n]:
                if wanted.isdisjoint(terms):
                    break
            else:
                found.append(self.rules[n])
        return found
