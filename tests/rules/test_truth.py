"""What the shape of an expression proves, held against texts."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.items import FEED
from tests.test_match_laws import FIELDS, UNITS, items, named, occurrences, published, trees
from watcher.match import explain
from watcher.model import FindingSeverity, Item
from watcher.rules import query, truth
from watcher.rules.compile import compile_tree
from watcher.rules.nodes import And, AtLeast, Except, Field, First, Near, Node, Not, Or, Reality, Within
from watcher.rules.problem import Problem

EXAMPLES = 4_000 if os.environ.get("WATCHER_SOAK") else 100


def told(text: str) -> list[tuple[str, str, str]]:
    """Code, what is pointed at, and what it stands against."""
    tree = query.parse(text).tree
    assert tree is not None
    return [(p.code, text[p.start : p.end], related(p, text)) for p in truth.check(tree)]


def related(problem: Problem, text: str) -> str:
    assert problem.related is not None
    return text[problem.related[0] : problem.related[1]]


@pytest.mark.parametrize(
    ("text", "part", "against"),
    [
        ("a b NOT a", "NOT a", "a"),
        ("a NOT (b OR a)", "NOT (b OR a", "a"),
        ("feed:bbc feed:cnn", "feed:cnn", "feed:bbc"),
        ("feed:(bbc OR ap) feed:cnn", "feed:cnn", "feed:(bbc OR ap"),
        ("lang:en lang:fr", "lang:fr", "lang:en"),
        ("site:a.example site:b.example", "site:b.example", "site:a.example"),
        ("published:2015 published:2016", "published:2016", "published:2015"),
        ("SENTENCE(title:a body:b)", "body:b", "title:a"),
        ("title:a NEAR/5 (body:b OR raw:b)", "body:b OR raw:b", "title:a"),
        ("a EXCEPT a", "a EXCEPT a", "a"),
        ("a EXCEPT (b OR a)", "a EXCEPT (b OR a", "b OR a"),
        ("ASSERTED(NEGATED(a))", "ASSERTED(NEGATED(a))", "NEGATED(a)"),
        ("x OR (b (a -a))", "-a", "a"),
    ],
)
def test_what_excludes_itself_can_never_match(text: str, part: str, against: str) -> None:
    ((code, shown, other),) = told(text)
    assert code == "W202"
    assert (shown.rstrip(")"), other.rstrip(")")) == (part.rstrip(")"), against.rstrip(")"))


@pytest.mark.parametrize(
    ("text", "part", "against"),
    [
        ("a OR NOT a", "a OR NOT a", "NOT a"),
        ("a OR b OR a", "a", "a"),
        ("a OR (a b)", "a b", "a"),
        ("(a NEAR/3 b) OR b", "a NEAR/3 b", "b"),
        ("SENTENCE(a b) OR a", "SENTENCE(a b)", "a"),
        ("ATLEAST/2 a OR a", "ATLEAST/2 a", "a"),
    ],
)
def test_what_says_nothing_more_is_told(text: str, part: str, against: str) -> None:
    assert told(text) == [("W203", part, against)]


@pytest.mark.parametrize(
    "text",
    [
        "a b -c",
        "feed:(bbc OR cnn) feed:cnn",
        "lang:en lang:en-gb",
        "site:bbc.example site:news.bbc.example",
        "published:2015.. published:2015-03",
        "published:..2016 published:2015",
        "SENTENCE(title:a lead:b)",
        "SENTENCE(a title:b -body:c)",
        "SENTENCE(title:a feed:wires)",
        "SENTENCE(title:a @us)",
        "a NEAR/3 a",
        "a OR SENTENCE(b -a)",
        "NOT b OR SENTENCE(a -b)",
        "(a OR a NEAR/3 b) NEAR/5 c",
        "title:a OR body:a",
    ],
)
def test_what_may_be_so_is_left_in_peace(text: str) -> None:
    assert not told(text)


parts = occurrences | st.builds(Field, FIELDS, occurrences)
never = (
    st.builds(Within, st.builds(And, st.lists(parts, min_size=2, max_size=3).map(tuple)), UNITS)
    | st.builds(Near, parts, parts, st.integers(0, 6))
    | st.builds(Except, parts, parts)
    | st.builds(And, st.lists(named | published, min_size=2, max_size=3).map(tuple))
)


def matches(tree: Node, article: Item) -> bool:
    return explain(compile_tree(tree), article, FEED).matched


@settings(max_examples=EXAMPLES, deadline=None)
@given(never, items())
def test_what_is_said_to_match_never_does_not(tree: Node, article: Item) -> None:
    first = next(truth.check(tree), None)
    if first and first.code == "W202" and first in truth._never(tree, "any"):
        assert not matches(tree, article)


@st.composite
def alternatives(draw: st.DrawFn) -> Or:
    """An OR with a part that asks for more than another."""
    weak, other = draw(trees), draw(parts)
    stronger: list[Node] = [
        And((weak, other)),
        And((other, weak, Not(other))),
        Within(And((weak, other)), "sentence"),
        Within(And((other, weak)), "paragraph"),
        Near(other, other, 3),
        First(5, other),
        AtLeast(2, other),
        Reality(other, "asserted"),
    ]
    strong = draw(st.sampled_from(stronger))
    return Or(tuple(draw(st.permutations([strong, weak, other]))))


@settings(max_examples=EXAMPLES, deadline=None)
@given(alternatives(), items())
def test_an_alternative_that_is_said_to_add_nothing_adds_none(tree: Or, article: Item) -> None:
    marked = replace(tree, parts=tuple(replace(part, at=(n, n + 1)) for n, part in enumerate(tree.parts)))
    for problem in truth._covered(marked, placed=False):
        assert problem.severity is FindingSeverity.NOTE
        rest = tuple(part for part in marked.parts if part.at[0] != problem.start)
        assert matches(Or(rest) if len(rest) > 1 else rest[0], article) == matches(tree, article)
