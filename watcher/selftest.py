"""pure: (a rule, its tests, their items) -> verdicts, and the branches of its ORs that no test reaches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.match import Explanation, explain
from watcher.model import Feed, FeedId, Item, RuleId, RuleTest, Scope, Span, TimelineTest
from watcher.normalise import normalise
from watcher.rules.compile import CompiledRule, compile_tree
from watcher.rules.nodes import Alias, Except, Node, Not, Or
from watcher.rules.shape import children, with_child
from watcher.text.cut import cut
from watcher.text.document import Document

NAMED = 60  # code points of a title that names a test
SAID = 5  # pieces of evidence, or missing parts, that a message names


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a test went, in one line; `passed` is None for one that was not run. `name` is the item's path or title."""

    rule: RuleId
    name: str
    passed: bool | None
    message: str
    line: int = 0
    column: int = 0


def setting(test: RuleTest, scope: Scope, feeds: Mapping[FeedId, Feed]) -> Feed:
    """The feed a test's item is of; where it names none, one that the rule looks at."""
    if test.feed is not None:
        return feeds.get(test.feed) or Feed(id=test.feed, url=test.feed)
    ids = [feed for feed in scope.feeds if not feed.startswith("tag:")]
    tags = tuple(feed.removeprefix("tag:") for feed in scope.feeds if feed.startswith("tag:"))
    return Feed(id=FeedId(ids[0] if ids else "test"), url="test", tags=tags, lang=next(iter(scope.lang), None))


def item_of(test: RuleTest, read: Item | None, feed: Feed) -> Item:
    """The item that is asked about: the entry spelled out, as a feed would bring it, or what was read of the file."""
    if test.entry is not None:
        return normalise(test.entry, feed)
    assert read is not None, "a test has an entry or a file"
    return replace(read, feed=feed.id, lang=read.lang or feed.lang)


def judge(compiled: CompiledRule, test: RuleTest, item: Item, feed: Feed) -> Verdict:
    """One test of one rule."""
    found = explain(compiled, item, feed)
    verdict = Verdict(
        rule=compiled.rule.id, name=named(test), passed=True, message=said(found), line=test.line, column=test.column
    )
    if test.expect != _kind(found):
        return replace(verdict, passed=False, message=f"expected {_EXPECTED[test.expect]}, but {said(found)}")
    wrong = next((w for w in (_unlit(words, found.evidence, item) for words in test.highlight) if w), None)
    return replace(verdict, passed=False, message=f"{said(found)}; {wrong}") if wrong else verdict


def unread(rule: RuleId, test: RuleTest, why: str) -> Verdict:
    """The verdict of a test whose file cannot be read."""
    message = f"the item of this test cannot be read: {why}"
    return Verdict(rule=rule, name=named(test), passed=False, message=message, line=test.line, column=test.column)


def not_run(rule: RuleId, test: TimelineTest) -> Verdict:
    """Of a timeline: what it tests, when alerts are sent, is not acted on by this version."""
    name = f"timeline of {len(test.steps)} items"
    message = "not run: this version does not play timelines"
    return Verdict(rule=rule, name=name, passed=None, message=message, line=test.line, column=test.column)


def unreached(tree: Node, documents: Sequence[Document]) -> tuple[Node, ...]:
    """The branches of ORs that stand in the rule itself by which, were they alone, it would match none of these.

    What is only refused (NOT, EXCEPT) and what stands in the vocabulary does not count.
    """
    alone = ((branch, compile_tree(narrowed).root) for branch, narrowed in _branches(tree, lambda node: node))
    return tuple(branch for branch, root in alone if not any(root.true(document) for document in documents))


def named(test: RuleTest) -> str:
    """What people know a test by."""
    if test.path is not None:
        return test.path
    entry = test.entry
    words = (entry.title or next((block.text for block in entry.blocks), "") or entry.summary) if entry else ""
    return f"“{cut(' '.join(words.split()), NAMED)}”"


def said(found: Explanation) -> str:
    """What was found, in a few words."""
    if found.matched:
        because = _quoted(span.text for span in found.evidence)
        denied = f"it is a denial, by {_quoted(span.text for span in found.denied_by)}"
        return f"{denied}: {because}" if found.denial else f"it matches by {because}"
    if found.scope_note:
        return f"it does not match: {found.scope_note}"
    lacks = [f"{m.term} (nearest “{m.nearest}”)" if m.nearest else m.term for m in found.missing[:SAID]]
    return f"it does not match: missing {', '.join(lacks)}"


_EXPECTED = {"match": "a match", "denial": "a denial", "no match": "no match"}


def _kind(found: Explanation) -> str:
    """What a test calls it."""
    return ("denial" if found.denial else "match") if found.matched else "no match"


def _unlit(words: str, evidence: Iterable[Span], item: Item) -> str | None:
    """What is wrong with a highlight: it stands nowhere, or no evidence lies in it or covers it."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    places = [(f, m) for f in ("title", "text", "summary", "raw") for m in pattern.finditer(getattr(item, f))]
    if not places:
        return f"but “{words}” stands nowhere in the item"
    for span in evidence:
        for field, place in places:
            if span.field == field and _nested((span.start, span.end), place.span()):
                return None
    return f"but not by “{words}”"


def _nested(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return (one[0] <= other[0] and other[1] <= one[1]) or (other[0] <= one[0] and one[1] <= other[1])


def _quoted(texts: Iterable[str]) -> str:
    different = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    more = f" and {len(different) - SAID} more" if len(different) > SAID else ""
    return ", ".join(f"“{text}”" for text in different[:SAID]) + more


def _branches(node: Node, whole: Callable[[Node], Node]) -> Iterator[tuple[Node, Node]]:
    """Each branch with the whole tree as it is when of the ORs round the branch, and of its own, only that is left."""
    if isinstance(node, Or):
        for part in node.parts:
            yield part, whole(part)
            yield from _branches(part, whole)
    elif not isinstance(node, Not | Alias):
        parts = children(node)[:1] if isinstance(node, Except) else children(node)
        for n, part in enumerate(parts):
            yield from _branches(part, _around(whole, node, n))


def _around(whole: Callable[[Node], Node], node: Node, n: int) -> Callable[[Node], Node]:
    """The whole tree by what stands in one place of a node of it."""
    return lambda child: whole(with_child(node, n, child))
