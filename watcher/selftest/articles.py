"""pure: (a rule, a test of it, its item) -> a verdict; the branches of its ORs that no test reaches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from watcher.match import Explanation, explain
from watcher.model import Feed, FeedId, Item, Rule, RuleId, RuleTest, Span, TimelineStep
from watcher.normalise import normalise
from watcher.rules.compile import CompiledRule, compile_tree
from watcher.rules.nodes import Alias, Except, Node, Not, Or
from watcher.rules.shape import children, with_child
from watcher.selftest.verdict import Verdict, said
from watcher.text.cut import cut
from watcher.text.document import Document

NAMED = 60  # code points of a title that names a test


def setting(test: RuleTest | TimelineStep, rule: Rule, feeds: Mapping[FeedId, Feed]) -> Feed:
    """The feed a test's item is of; where it names none, one that the rule looks at."""
    if test.feed is not None:
        return feeds.get(test.feed) or Feed(id=test.feed, url=test.feed)
    return feed_of(rule)


def feed_of(rule: Rule) -> Feed:
    """A feed that the rule looks at."""
    looked_at = rule.absence.feeds if rule.absence else rule.scope.feeds
    ids = [feed for feed in looked_at if not feed.startswith("tag:")]
    tags = tuple(feed.removeprefix("tag:") for feed in looked_at if feed.startswith("tag:"))
    return Feed(id=FeedId(ids[0] if ids else "test"), url="test", tags=tags, lang=next(iter(rule.scope.lang), None))


def item_of(test: RuleTest | TimelineStep, read: Item | None, feed: Feed) -> Item:
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


_EXPECTED = {"match": "a match", "denial": "a denial", "no match": "no match"}


def _kind(found: Explanation) -> str:
    """What a test calls it."""
    return ("denial" if found.denial else "match") if found.matched else "no match"


def _unlit(words: str, evidence: Iterable[Span], item: Item) -> str | None:
    """What is wrong with a highlight: it stands nowhere, or no evidence lies in it or covers it."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    places = [(f, m) for f in ("title", "place", "text", "summary", "raw") for m in pattern.finditer(getattr(item, f))]
    if not places:
        return f"but “{words}” stands nowhere in the item"
    for span in evidence:
        for field, place in places:
            if span.field == field and _nested((span.start, span.end), place.span()):
                return None
    return f"but not by “{words}”"


def _nested(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return (one[0] <= other[0] and other[1] <= one[1]) or (other[0] <= one[0] and one[1] <= other[1])


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
