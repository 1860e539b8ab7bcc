"""pure: document -> the few rules that may be true of it, whatever their number.

anchors: each rule filed under its rarest required term | cheap check of its other required terms

Two layers: an index of all rules that is never changed, and a small one of what changed since. So an edit costs what
was edited, and whoever still asks the rules of before may go on doing so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from watcher.model import RuleId
from watcher.rules.compile import CompiledRule
from watcher.rules.index import Index
from watcher.text.document import Document

_FEW = 256
"""Changes that are kept apart, however few rules there are."""
_SHARE = 64
"""One in so many rules may be among the changes before all are filed anew."""


class Ruleset:
    """Compiled rules, each with an id of its own, in the order in which they first came."""

    def __init__(self, rules: Sequence[CompiledRule]) -> None:
        self._base = Index(tuple(rules))
        self._edits: Mapping[RuleId, tuple[int, CompiledRule | None]] = {}  # its place in the order; None: taken out
        self._next = len(self._base.rules)

    @property
    def rules(self) -> tuple[CompiledRule, ...]:
        """All of them, in order; put together for each who asks."""
        if not self._edits:
            return tuple(self._base.rules)
        kept = [(n, rule) for n, rule in enumerate(self._base.rules) if rule.rule.id not in self._edits]
        added = [(n, rule) for n, rule in self._edits.values() if rule is not None]
        return tuple(rule for _, rule in sorted(kept + added, key=lambda one: one[0]))

    def rule(self, id_: RuleId) -> CompiledRule | None:
        edit = self._edits.get(id_)
        if edit is not None:
            return edit[1]
        number = self._numbers.get(id_)
        return None if number is None else self._base.rules[number]

    def changed(self, changes: Mapping[RuleId, CompiledRule | None]) -> Ruleset:
        """Another set with these rules added, in the place of those of the same id, or (None) taken out."""
        edits, following = dict(self._edits), self._next
        for id_, rule in changes.items():
            place = self._place(id_)
            if place is None and rule is None:
                continue
            edits[id_] = (following if place is None else place, rule)
            following += place is None
        found = object.__new__(Ruleset)
        found._base, found._edits, found._next = self._base, edits, following
        found.__dict__["_numbers"] = self._numbers
        return Ruleset(found.rules) if len(edits) > max(_FEW, len(self._base.rules) // _SHARE) else found

    def ready(self) -> Ruleset:
        """Itself, with everything worked out that the first question would otherwise wait for."""
        self._base.ready()
        if self._edits:
            self._over.ready()
        return self

    def candidates(self, document: Document) -> list[CompiledRule]:
        """The rules that have every required term, in rule order."""
        base, edits = self._base, self._edits
        if not edits:
            terms = document.terms(base.fields, prefixes=base.prefixes) | base.sieve.terms(document)
            return [base.rules[n] for n in base.candidates(terms)]
        over = self._over
        terms = document.terms(base.fields | over.fields, prefixes=base.prefixes or over.prefixes)
        terms |= base.sieve.terms(document) | over.sieve.terms(document)
        kept = ((n, base.rules[n]) for n in base.candidates(terms))
        found = [(n, rule) for n, rule in kept if rule.rule.id not in edits]
        found += ((edits[rule.rule.id][0], rule) for n in over.candidates(terms) for rule in (over.rules[n],))
        return [rule for _, rule in sorted(found, key=lambda one: one[0])]

    @cached_property
    def _over(self) -> Index:
        return Index([rule for _, rule in self._edits.values() if rule is not None])

    @cached_property
    def _numbers(self) -> Mapping[RuleId, int]:
        return {rule.rule.id: n for n, rule in enumerate(self._base.rules)}

    def _place(self, id_: RuleId) -> int | None:
        """Where a rule stands; one that was taken out comes back at the end."""
        if id_ in self._edits:
            place, rule = self._edits[id_]
            return None if rule is None else place
        return self._numbers.get(id_)
