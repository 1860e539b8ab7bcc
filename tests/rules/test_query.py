"""Expressions: language.yaml is their definition; the laws hold for any tree and any text."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher import yamldoc
from watcher.model import FindingSeverity
from watcher.rules import query
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
from watcher.rules.shape import joined

LANGUAGE = Path(__file__).parent.parent / "data" / "language.yaml"
EXAMPLES = 5_000 if os.environ.get("WATCHER_SOAK") else 300
RESERVED = {"AND", "OR", "NOT", "EXCEPT", "NEAR", "ONEAR"}


def outline(node: Node) -> str:
    """The tree with every grouping shown, made without the printer."""
    match node:
        case Word():
            return "=" * node.exact + node.text + "*" * node.prefix + "~" * node.inflect
        case Phrase():
            return "=" * node.exact + f'"{node.text}"'
        case Regex():
            return f"/{node.text}/{node.flags}"
        case Alias():
            return f"@{node.name}"
        case And() | Or():
            return f"({type(node).__name__.upper()} {' '.join(map(outline, node.parts))})"
        case Not():
            return f"(NOT {outline(node.part)})"
        case Near():
            return f"({'O' * node.ordered}NEAR/{node.distance} {outline(node.left)} {outline(node.right)})"
        case Within():
            return f"({node.unit.upper()} {outline(node.part)})"
        case Except():
            return f"(EXCEPT {outline(node.part)} {outline(node.but)})"
        case Field():
            return f"({node.name}: {outline(node.part)})"
        case Some():
            return f"({node.count} OF {' '.join(map(outline, node.parts))})"
        case AtLeast():
            return f"(ATLEAST/{node.count} {outline(node.part)})"
        case First():
            return f"(FIRST/{node.words} {outline(node.part)})"
        case Reality():
            return f"({node.kind.upper()} {outline(node.part)})"
        case Published():
            return f"(published: {day(node.start)}..{day(node.end)})"


def day(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %Z").removesuffix(" UTC") if moment else ""


def cases() -> list[Any]:
    node, findings = yamldoc.load(LANGUAGE.read_bytes(), "language.yaml")
    assert node is not None
    assert not findings
    data = yamldoc.plain(node)
    found = [(section, case) for section, listed in data.items() for case in listed]
    return [pytest.param(case, id=f"{section}-{n}-{case['match']!r}") for n, (section, case) in enumerate(found)]


def told(problems: tuple[query.Problem, ...], severity: FindingSeverity) -> list[str]:
    return sorted(f"{p.code}@{p.start}" for p in problems if p.severity is severity)


@pytest.mark.parametrize("case", cases())
def test_an_expression_means_what_the_definition_says(case: dict[str, Any]) -> None:
    assert case.keys() <= {"match", "tree", "errors", "warns"}
    parsed = query.parse(str(case["match"]))
    assert told(parsed.problems, FindingSeverity.ERROR) == sorted(case.get("errors", []))
    assert told(parsed.problems, FindingSeverity.WARNING) == sorted(case.get("warns", []))
    assert (outline(parsed.tree) if parsed.tree else None) == (str(case["tree"]) if "tree" in case else None)


# --- laws -----------------------------------------------------------------------------------------

letters = st.text("abzAZéßñق空9", min_size=3, max_size=6).filter(lambda t: t.upper() not in RESERVED)
joints = st.builds("{}{}{}".format, letters, st.sampled_from("-&/.'"), letters)
words = st.builds(Word, letters | joints, st.booleans(), st.booleans())
phrases = st.builds(Phrase, st.builds("{} {}".format, letters, st.sampled_from(["and b", "(c)", "d: e", "OR"])))
aliases = st.builds(Alias, st.from_regex(r"[a-z0-9_-]{1,6}", fullmatch=True))
leaves: st.SearchStrategy[Node] = words | phrases | aliases


@st.composite
def trees(draw: st.DrawFn, depth: int = 4, *, field: bool = True, place: bool = False) -> Node:
    """A tree as the parser makes them: no And right below And, no field in a field, a `place` where one must be."""
    factless = ["leaf", "or", "near", "except", "within", *(["field"] if field else [])]
    kind = draw(st.sampled_from(factless if place else [*factless, "and", "not"])) if depth else "leaf"

    def below(*, place: bool = False, field: bool = field) -> Node:
        return draw(trees(depth - 1, field=field, place=place))

    match kind:
        case "and" | "or":
            parts = [below(place=place) for _ in range(draw(st.integers(2, 4)))]
            return joined(And if kind == "and" else Or, parts) or parts[0]
        case "not":
            return Not(below())
        case "near":
            return Near(below(place=True), below(place=True), draw(st.integers(0, 9999)), draw(st.booleans()))
        case "except":
            return Except(below(place=True), below(place=True))
        case "within":
            return Within(below(), draw(st.sampled_from(["sentence", "paragraph"])))
        case "field":
            return Field(draw(st.sampled_from(["title", "raw", "feed"])), below(place=place, field=False))
        case _:
            return draw(leaves)


pieces = [
    "a",
    "US",
    '"',
    "(",
    ")",
    " ",
    "\n",
    "-",
    "AND",
    "OR",
    "NOT",
    "NEAR/5",
    "NEAR/S",
    "EXCEPT",
    "title:",
    "@x",
    "=",
    "*",
]
scraps = st.lists(st.sampled_from([*pieces, "SENTENCE(", "2 OF (", ",", "~", "/", "tilte:", "and"]), max_size=25)


@settings(max_examples=EXAMPLES, deadline=None)
@given(trees())
def test_every_tree_prints_to_text_that_reads_as_the_same_tree(tree: Node) -> None:
    parsed = query.parse(query.to_text(tree))
    assert parsed.tree == tree
    assert not parsed.problems


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=60) | scraps.map("".join) | scraps.map(" ".join))
def test_any_text_yields_either_a_tree_or_errors_with_places_inside_it(source: str) -> None:
    parsed = query.parse(source)
    errors = [p for p in parsed.problems if p.fatal]
    assert (parsed.tree is None) == bool(errors)
    assert all(0 <= p.start <= p.end <= max(len(source), 1) for p in parsed.problems)
    if parsed.tree:
        assert query.parse(query.to_text(parsed.tree)).tree == parsed.tree


@settings(max_examples=100, deadline=None)
@given(st.lists(letters, min_size=1, max_size=6))
def test_nodes_know_their_place_in_the_source(found: list[str]) -> None:
    source = "  ".join(found)
    tree = query.parse(source).tree
    parts = tree.parts if isinstance(tree, And) else (tree,)
    assert [source[part.at[0] : part.at[1]] for part in parts if part] == found


# --- what is said ---------------------------------------------------------------------------------


def problem(source: str) -> query.Problem:
    (only,) = query.parse(source).problems
    return only


def test_mixed_operators_are_told_with_both_readings() -> None:
    assert problem("US OR airstrikes AND Tikrit").help == (
        "read as US OR (airstrikes AND Tikrit); for the other reading write (US OR airstrikes) AND Tikrit"
    )
    assert (
        problem("a b OR c d").help == "read as (a AND b) OR (c AND d); for the other reading write a AND (b OR c) AND d"
    )


def test_an_unclosed_parenthesis_is_mended_where_it_most_likely_belongs() -> None:
    found = problem("(airstrike OR bombing AND Tikrit")
    assert found.help == "add `)`: (airstrike OR bombing) AND Tikrit"
    assert found.related == (32, 32, "expected `)` here")
    assert problem("US AND (a OR b").help == "add `)`: US AND (a OR b)"
    assert problem("a\nAND (b OR c AND d").help == "add `)`: AND (b OR c) AND d"


def test_an_unknown_field_names_the_nearest_one() -> None:
    assert problem("tilte:x").message == (
        "unknown field `tilte:`; did you mean `title:`?  (a web address or a time must be quoted)"
    )
    assert problem("http://example.org/a").help.startswith('quote it: "http://example.org/a"; fields are any, title,')


def test_a_fact_under_near_points_at_the_operator_too() -> None:
    found = problem("a NEAR/5 (b c)")
    assert (found.start, found.end, found.related) == (10, 13, (2, 8, "NEAR stands here"))


def test_a_lower_case_operator_says_how_to_write_both_meanings() -> None:
    assert problem("a and b").help == 'write AND; to search for the word itself, quote it: "and"'


def test_errors_hide_warnings_which_would_guess_at_the_meaning() -> None:
    assert [p.code for p in query.parse("a OR b c AND").problems] == ["E102"]


@pytest.mark.parametrize(
    "source", ["(" * 100_000, "a" * 70_000, "NOT " * 10_000, "a NEAR/1 " * 5_000 + "a", "-" * 5_000 + "a"]
)
def test_what_is_too_much_is_one_error(source: str) -> None:
    assert [p.code for p in query.parse(source).problems] == ["E119"]


def test_what_is_long_but_flat_is_read() -> None:
    tree = query.parse(" OR ".join(f"word{n}" for n in range(5_000))).tree
    assert isinstance(tree, Or)
    assert len(tree.parts) == 5_000


def test_forty_levels_are_read() -> None:
    source = "(a OR " * 19 + "b" + " c)" * 19
    assert query.parse(source).tree is not None


def test_the_vocabulary_can_be_spelled_out() -> None:
    tree = And((Alias("x", Or((Word("a"), Word("b")))), Word("c")))
    assert query.to_text(tree) == "@x AND c"
    assert query.spelled(tree) == "(a OR b) AND c"
