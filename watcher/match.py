"""pure: (Ruleset, Item) -> Matches with evidence spans.

cut once | anchors: which rules may be true | cheap check of their other required terms | scope | evaluate the few
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from watcher.model import Feed, Item, Match, Missing, Scope, Span
from watcher.rules.anchors import Terms
from watcher.rules.compile import Compiled, CompiledRule
from watcher.rules.evaluate import Hit
from watcher.rules.missing import missing
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Whether a rule matches an item, by what, and if not what it lacks. `scope_note` says why it does not look."""

    matched: bool
    evidence: tuple[Span, ...] = ()
    missing: tuple[Missing, ...] = ()
    scope_note: str | None = None


def match(ruleset: Ruleset, item: Item, feed: Feed, number: int) -> tuple[Match, ...]:
    """The matches of one revision of an item, `number` counting from 1, in rule order."""
    document = Document(item, feed)
    return tuple(
        Match(
            rule=compiled.rule.id,
            rule_hash=compiled.rule.hash,
            item=item.id,
            revision=number,
            evidence=_evidence(compiled, document),
        )
        for compiled in ruleset.candidates(document)
        if _scope_note(compiled.scope, item, feed, document) is None and compiled.root.true(document)
    )


def explain(compiled: Compiled, item: Item, feed: Feed) -> Explanation:
    """What `match` decides for one expression, and why. Evidence is given even where the scope keeps a rule out."""
    document = Document(item, feed)
    note = _scope_note(compiled.scope, item, feed, document)
    if not compiled.root.true(document):
        return Explanation(matched=False, missing=missing(compiled.tree, document), scope_note=note)
    return Explanation(matched=note is None, evidence=_evidence(compiled, document), scope_note=note)


def _scope_note(scope: Scope, item: Item, feed: Feed, document: Document) -> str | None:
    """Why the scope leaves an item out, in a few words; None when it does not."""
    if scope.feeds and feed.id not in scope.feeds and not any(f"tag:{tag}" in scope.feeds for tag in feed.tags):
        return f"the rule looks only at {', '.join(scope.feeds)}; this item is from {feed.id}"
    if scope.lang and not any(_speaks(item, lang) for lang in scope.lang):
        return f"the rule looks only at {', '.join(scope.lang)}; this item's language is {item.lang or 'unknown'}"
    if scope.min_words and (words := len(document.text.written)) < scope.min_words:
        return f"the rule looks only at texts of {scope.min_words} words or more; this one has {words}"
    return None


def _speaks(item: Item, lang: str) -> bool:
    own = (item.lang or "").casefold()
    return own == lang.casefold() or own.startswith((f"{lang.casefold()}-", f"{lang.casefold()}_"))


def _evidence(compiled: Compiled, document: Document) -> tuple[Span, ...]:
    return tuple(
        Span(
            field=hit.stream.field,
            start=hit.start,
            end=hit.end,
            text=hit.stream.text[hit.start : hit.end],
            term=hit.term,
        )
        for hit in _outermost(compiled.root.hits(document))
    )


def _outermost(hits: Iterable[Hit]) -> list[Hit]:
    """In reading order, without those that lie within another."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.stream.order, hit.start, -hit.end, hit.term)):
        if not kept or kept[-1].stream.order != hit.stream.order or hit.end > kept[-1].end:
            kept.append(hit)
    return kept
