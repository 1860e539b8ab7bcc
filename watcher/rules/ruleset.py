"""pure: document -> the few rules that may be true of it, whatever their number.

anchors: each rule filed under its rarest required term | cheap check of its other required terms

Two layers: an index of all rules that is never changed, and a small one of what changed since. So an edit costs what
was edited, and whoever still asks the rules of before may go on doing so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

from watcher.model import RuleId
from watcher.rules.compile import CompiledRule
from watcher.rules.index import Index
from watcher.text.document import Document
from watcher.text.once import cached_property

_Edit = tuple[int, CompiledRule | None]
"""Its place in the order, and the rule; None for one that was taken out."""

_FEW = 256
"""Changes that are kept apart, however few rules there are."""
_SHARE = 64
"""One in so many rules may be among the changes before all are filed anew."""

_place = itemgetter(0)


class Ruleset:
    """Compiled rules, each with an id of its own, in the order in which they first came."""

    def __init__(
        self, rules: Sequence[CompiledRule] | Index, edits: Mapping[RuleId, _Edit] | None = None, following: int = 0
    ) -> None:
        """Of rules alone; `changed` makes those with edits. `following` is the place of the next rule that comes."""
        self._base = rules if isinstance(rules, Index) else Index(rules)
        self._edits, self._next = edits or {}, following or len(self._base.rules)

    @property
    def rules(self) -> tuple[CompiledRule, ...]:
        """All of them, in order; put together for each who asks."""
        edits = self._edits
        kept = ((n, rule) for n, rule in enumerate(self._base.rules) if rule.rule.id not in edits)
        added = ((n, rule) for n, rule in edits.values() if rule is not None)
        return tuple(rule for _, rule in sorted([*kept, *added], key=_place))

    def rule(self, id_: RuleId) -> CompiledRule | None:
        if id_ in self._edits:
            return self._edits[id_][1]
        number = self._base.numbers.get(id_)
        return None if number is None else self._base.rules[number]

    def changed(self, changes: Mapping[RuleId, CompiledRule | None]) -> Ruleset:
        """Another set with these rules added, in the place of those of the same id, or (None) taken out."""
        edits, following = dict(self._edits), self._next
        for id_, rule in changes.items():
            place, before = edits.get(id_, (self._base.numbers.get(id_), None))
            if place is None or (before is None and id_ in edits):  # one that was taken out comes back at the end
                if rule is None:
                    continue
                place, following = following, following + 1
            edits[id_] = place, rule
        found = Ruleset(self._base, edits, following)
        return found if len(edits) <= max(_FEW, len(self._base.rules) // _SHARE) else Ruleset(found.rules)

    def company(self, compiled: CompiledRule) -> int:
        """How many rules are looked at in an item that has the commonest of the terms by which this one is filed
        (`required[0]`), itself among them; where nothing anchors it, how many such there are.
        """
        return self._base.company(compiled) + (self._changed.company(compiled) if self._edits else 0)

    def ready(self) -> Ruleset:
        """Itself, with the changes filed, which the first question would otherwise wait for."""
        _ = self._changed
        return self

    def candidates(self, document: Document) -> list[CompiledRule]:
        """The rules that have every required term, in rule order."""
        base, edits = self._base, self._edits
        if not edits:
            terms = document.terms(base.fields)
            terms |= base.sieve.terms(document)
            return [base.rules[n] for n in base.candidates(terms)]
        over = self._changed
        terms = document.terms(base.fields | over.fields)
        terms |= base.sieve.terms(document) | over.sieve.terms(document)
        found = [(n, rule) for n in base.candidates(terms) if (rule := base.rules[n]).rule.id not in edits]
        changed = (over.rules[n] for n in over.candidates(terms))
        found += ((edits[rule.rule.id][0], rule) for rule in changed)
        return [rule for _, rule in sorted(found, key=_place)]

    @cached_property
    def _changed(self) -> Index:
        return Index([rule for _, rule in self._edits.values() if rule is not None])
