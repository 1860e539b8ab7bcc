"""pure: (Ruleset, Item) -> Matches with evidence spans.

cut once | ruleset: which rules may be true | scope | evaluate the few
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from watcher.model import Denials, Feed, Item, ItemId, Match, Missing, RuleId, Scope, Span
from watcher.rules.compile import Compiled, CompiledRule
from watcher.rules.evaluate import Hit
from watcher.rules.missing import missing
from watcher.rules.ruleset import Ruleset
from watcher.text.document import Document
from watcher.text.reality import Unreal


class Failure(NamedTuple):
    """A rule that could not be asked: a mistake of ours, not of its author."""

    rule: RuleId
    error: Exception


class Found(NamedTuple):
    """What the rules said of one revision, both in rule order."""

    matches: tuple[Match, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Whether a rule matches an item, by what, and if not what it lacks. `scope_note` says why it does not look.

    `denial` is what the match would say; `denied_by` are the cues of the negations its evidence lies in.
    """

    matched: bool
    evidence: tuple[Span, ...] = ()
    missing: tuple[Missing, ...] = ()
    scope_note: str | None = None
    denial: bool = False
    denied_by: tuple[Span, ...] = ()


def match(ruleset: Ruleset, item: Item, feed: Feed, number: int) -> Found:
    """The matches of one revision of an item, `number` counting from 1. A rule that fails takes no other with it."""
    document = Document(item, feed)
    matches: list[Match] = []
    failures: list[Failure] = []
    for compiled in ruleset.candidates(document):
        try:
            if _scope_note(compiled.scope, item, feed, document) is None and compiled.root.true(document):
                matches.append(_match(compiled, document, item.id, number))
        except Exception as error:  # noqa: BLE001  handed back
            failures.append(Failure(compiled.rule.id, error))
    return Found(tuple(matches), tuple(failures))


def _match(compiled: CompiledRule, document: Document, item: ItemId, number: int) -> Match:
    hits = compiled.root.hits(document)
    return Match(
        rule=compiled.rule.id,
        rule_hash=compiled.rule.hash,
        item=item,
        revision=number,
        evidence=_spans(_outermost(hits)),
        denial=_denies(compiled, document, hits),
    )


def explain(compiled: Compiled, item: Item, feed: Feed) -> Explanation:
    """What `match` decides for one expression, and why. Evidence is given even where the scope keeps a rule out."""
    document = Document(item, feed)
    note = _scope_note(compiled.scope, item, feed, document)
    if not compiled.root.true(document):
        return Explanation(matched=False, missing=missing(compiled.tree, document), scope_note=note)
    hits = compiled.root.hits(document)
    denial = _denies(compiled, document, hits)
    return Explanation(
        matched=note is None,
        evidence=_spans(_outermost(hits)),
        scope_note=note,
        denial=denial,
        denied_by=_cues(hits) if denial else (),
    )


def _denies(compiled: Compiled, document: Document, hits: Collection[Hit]) -> bool:
    """Of a true expression: whether it would not be, with every negated occurrence struck out.

    Where nothing in its evidence is negated there is nothing to strike out; the dearest question comes last.
    """
    marks = not isinstance(compiled, CompiledRule) or compiled.rule.denials is Denials.MARK
    return (
        marks
        and any(hit.stream.may_deny(hit.start, hit.end) for hit in hits)
        and not compiled.asserted.true(document)
        and any(map(_negations, hits))
    )


def _negations(hit: Hit) -> list[Unreal]:
    return hit.stream.denials(hit.start, hit.end)


def _cues(hits: Iterable[Hit]) -> tuple[Span, ...]:
    found = {Hit(hit.stream, *scope.cue, "negation", 0, 0) for hit in hits for scope in _negations(hit)}
    return _spans(sorted(found, key=lambda hit: (hit.stream.order, hit.start, hit.end)))


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


def _spans(hits: Iterable[Hit]) -> tuple[Span, ...]:
    """Each once: two authors of one name are two streams of one field."""
    spans = (
        Span(field=stream.field, start=start, end=end, text=stream.text[start:end], term=term)
        for stream, start, end, term, *_ in hits
    )
    return tuple(dict.fromkeys(spans))


def _outermost(hits: Iterable[Hit]) -> list[Hit]:
    """In reading order, without those that lie within another."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.stream.order, hit.start, -hit.end, hit.term)):
        if not kept or kept[-1].stream.order != hit.stream.order or hit.end > kept[-1].end:
            kept.append(hit)
    return kept
