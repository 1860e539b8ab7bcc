"""Laws: the engine and the plain evaluator say the same of every tree and text."""

import os
from datetime import UTC, datetime
from typing import Literal

from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.items import FEED, item, rule
from tests.reference import denied, evaluate
from watcher.match import explain, match
from watcher.model import Item
from watcher.rules.compile import compile_rule, compile_tree, required_terms
from watcher.rules.nodes import (
    Alias,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Published,
    Reality,
    Regex,
    Some,
    Within,
    Word,
)
from watcher.rules.printer import to_text
from watcher.rules.ruleset import Ruleset
from watcher.rules.shape import children, with_child
from watcher.text.tokens import keys

EXAMPLES = 30_000 if os.environ.get("WATCHER_SOAK") else 240

FREQUENT = ["us", "US", "air", "strike", "Tikrit"]
WORDS = ["us", "US", "U.S.", "who", "WHO", "air", "strike", "strikes", "airstrike", "Tikrit", "tikrit", "Café", "cafe"]
JOINTS = ["air-strike", "air-strikes", "AT&T", "9/11", "US-led", "all-out-war", "O'Brien"]
FORMS = ["struck", "striking", "leads", "lives"]
TEXT_WORDS = [
    *FORMS,
    *WORDS,
    *JOINTS,
    "Iraq's",
    "#strike",
    "led",
    "all",
    "war",
    "allout",
    "911",
    "don't",
    "Tikrit.Air",
    "AIDS",
]
CUES = ["did not", "denied that", "denied", "no", "never", "may", "if", "plans to", "threatened to", "but", "said that"]
REGEXES = [
    Regex("US"),
    Regex("u\\.?s", "i"),
    Regex("[0-9]+"),
    Regex("air.strikes?", "is"),
    Regex("^[A-Z][a-z]*"),
    Regex("^[A-Za-z]+", "m"),
    Regex("[a-z]+$", "m"),
    Regex("[.!]$"),
    Regex("Tik"),
    Regex("[!.,]"),
    Regex("[ \n]+"),
    Regex("-"),
    Regex("x*"),
    Regex("us .*air", "i"),
    Regex("us.*tikrit", "is"),
    Regex("\\bwho\\b", "i"),
    Regex("(strike|air) ?"),
    Regex("#\\w+"),
]
DAYS = [datetime(2015, 3, day, tzinfo=UTC) for day in range(23, 28)]
SITES = ["https://www.news.example.co.uk/us/air-strike", "https://example.org/", "file:///seeds/one.txt", None]

SEPARATORS = [*[" "] * 8, ", ", ". ", "! ", ".\n", "\n\n", "-", ""]
SPOKEN = [*FREQUENT * 12, *TEXT_WORDS * 2, *CUES * 3]
pieces = st.sampled_from([word + separator for word in SPOKEN for separator in SEPARATORS])
lines = st.lists(pieces, min_size=3, max_size=12).map("".join)
stretches = st.builds(lambda line, loud: line.upper() if loud else line, lines, st.booleans())
texts = st.lists(stretches, min_size=1, max_size=4).map("\n\n".join)


@st.composite
def items(draw: st.DrawFn) -> Item:
    text = draw(texts)
    again = st.sampled_from([*filter(None, text.split("\n\n")), ""])
    return item(
        text,
        title=draw(stretches | st.just("")),
        title_from_text=draw(st.booleans()),
        summary=". ".join(draw(st.lists(again | lines, max_size=3))),
        place=draw(st.just("") | lines),
        outlet=draw(st.just("") | lines),
        raw=draw(stretches),
        url=draw(st.sampled_from(SITES)),
        authors=tuple(draw(st.lists(lines, max_size=2))),
        tags=tuple(draw(st.lists(st.sampled_from(["us", "Air strikes", "iraq"]), max_size=2, unique=True))),
        lang=draw(st.sampled_from([None, "en", "en-GB", "de"])),
        published=draw(st.sampled_from([None, *DAYS])),
    )


rarely = st.sampled_from([False] * 4 + [True])
words = st.builds(Word, st.sampled_from(FREQUENT) | st.sampled_from(WORDS + JOINTS), exact=rarely)
prefixes = st.builds(
    Word, st.sampled_from(["str", "air", "Tik", "air-str", "caf", "all-o"]), exact=rarely, prefix=st.just(True)
)
forms = st.builds(Word, st.sampled_from(["strike", "air-strike", "lead", "live", "us"]), inflect=st.just(value=True))
phrases = st.builds(
    Phrase,
    st.lists(st.sampled_from([*FREQUENT, "air-strike", "#strike", "str*", "strike~"]), min_size=1, max_size=3).map(
        " ".join
    ),
    exact=rarely,
)
regexes = st.sampled_from(REGEXES)
leaves = st.one_of(words, words, words, phrases, prefixes, forms, regexes)
names = st.sampled_from(["wires", "WIRES", "example.co.uk", "www.news.example.co.uk", "en", "en-gb", "de", "wi"])
named = st.builds(
    Field,
    st.sampled_from(["feed", "site", "lang"]),
    st.builds(Word, names, prefix=st.booleans()) | names.map(Phrase),
)
FIELDS = st.sampled_from(["any", "title", "lead", "summary", "body"] * 3 + ["author", "url", "tag", "raw"])
UNITS = st.sampled_from(["sentence", "paragraph"])
KINDS: st.SearchStrategy[Literal["asserted", "negated", "actual"]] = st.sampled_from(["asserted", "negated", "actual"])
published = st.builds(
    Published, st.just("days"), st.sampled_from([None, *DAYS[:3]]), st.sampled_from([None, *DAYS[2:]])
)


def places(parts: st.SearchStrategy[Node], inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Nodes with places over parts with places; only Within takes anything inside."""
    return (
        st.builds(Or, st.lists(parts, min_size=2, max_size=3).map(tuple))
        | st.builds(Near, parts, parts, st.integers(0, 6), rarely)
        | st.builds(Near, parts, parts, st.integers(0, 6), rarely)
        | st.builds(Except, parts, parts)
        | st.builds(Field, FIELDS, parts)
        | st.builds(Alias, st.just("name"), parts)
        | st.builds(Within, inner, UNITS)
        | st.builds(First, st.integers(1, 20), parts)
        | st.builds(Reality, parts, KINDS)
        | st.builds(Reality, parts, KINDS)
    )


@st.composite
def some(draw: st.DrawFn, parts: st.SearchStrategy[Node]) -> Node:
    held = draw(st.lists(parts, min_size=2, max_size=4))
    return Some(draw(st.integers(1, len(held))), tuple(held))


def facts(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(And, several)
        | st.builds(Or, several)
        | st.builds(Not, parts)
        | st.builds(Field, FIELDS, parts)
        | st.builds(Alias, st.just("name"), parts)
        | st.builds(Within, parts, UNITS)
        | st.builds(First, st.integers(1, 20), parts)
        | some(parts)
    )


shallow: st.SearchStrategy[Node] = (
    leaves | st.builds(And, st.tuples(leaves, leaves)) | st.builds(Not, leaves) | some(leaves) | published
)
occurrences: st.SearchStrategy[Node] = st.recursive(leaves, lambda parts: places(parts, parts | shallow), max_leaves=6)
repeated = st.builds(AtLeast, st.integers(1, 4), occurrences)
anything: st.SearchStrategy[Node] = occurrences | st.recursive(
    st.one_of(occurrences, leaves, named, repeated, st.builds(Reality, occurrences | named, KINDS), published),
    facts,
    max_leaves=4,
)


def legal(node: Node, *, inside: bool = False) -> Node:
    """The tree with no field in a field, which the parser refuses."""
    if inside and isinstance(node, Field):
        return legal(node.part, inside=True)
    within = inside or isinstance(node, Field)
    for n, child in enumerate(children(node)):
        node = with_child(node, n, legal(child, inside=within))
    return node


trees = anything.map(legal)


@settings(max_examples=EXAMPLES, deadline=None)
@given(trees, items())
def test_the_engine_agrees_with_the_plain_evaluator(tree: Node, article: Item) -> None:
    note(to_text(tree))
    true, evidence = evaluate(tree, article, FEED)
    found = explain(compile_tree(tree), article, FEED)
    assert found.matched == true
    assert {(s.field, s.start, s.end, s.text, s.term) for s in found.evidence} == evidence
    assert len(found.evidence) == len(set(found.evidence))
    assert found.denial == denied(tree, article, FEED)
    assert bool(found.denied_by) == found.denial


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(trees, min_size=1, max_size=5), items())
def test_no_true_rule_is_passed_over_by_the_index_or_a_search(expressions: list[Node], article: Item) -> None:
    compiled = [compile_rule(rule(f"r{n}"), tree) for n, tree in enumerate(expressions)]
    true = [c for c in compiled if evaluate(c.tree, article, FEED)[0]]
    matches, failures = match(Ruleset(compiled), article, FEED, 1)
    assert not failures
    assert [m.rule for m in matches] == [c.rule.id for c in true]
    assert [m.denial for m in matches] == [denied(c.tree, article, FEED) for c in true]
    filed = keys(f"{article.title} {article.place} {article.text} {article.summary}")
    assert all(not terms.isdisjoint(filed) for c in true for terms in required_terms(c))


@settings(max_examples=EXAMPLES // 3, deadline=None)
@given(trees, items())
def test_a_false_tree_lacks_something_and_a_true_one_nothing(tree: Node, article: Item) -> None:
    found = explain(compile_tree(tree), article, FEED)
    assert bool(found.missing) != found.matched
