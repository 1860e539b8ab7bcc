"""Expressions: language.yaml is their definition; the laws hold for any tree and any text."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watcher import yamldoc
from watcher.model import FindingSeverity
from watcher.rules import leaf, query
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
ROOT = Path(__file__).parent.parent.parent
EXAMPLES = 100_000 if os.environ.get("WATCHER_SOAK") else 1_000
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


def dated(text: str) -> Node:
    made = leaf.published(text, (0, 0))
    assert isinstance(made, Published)
    return made


letters = st.text("abzAZéßñق空9", min_size=3, max_size=6).filter(lambda t: t.upper() not in RESERVED)
joints = st.builds("{}{}{}".format, letters, st.sampled_from("-&/.'"), letters)
spellings = (
    letters | joints | st.sampled_from(["FIRST", "OF", "ATLEAST", "SENTENCE", "ACTUAL", "C++", ".NET", "18,000"])
)
words = st.builds(Word, letters | joints, st.booleans(), st.booleans()) | st.builds(Word, spellings, st.booleans())
forms = st.builds(Word, (letters | joints).filter(lambda t: t[-1].isalpha()), inflect=st.just(value=True))
endings = st.sampled_from(["and b", "(c)", "d: e", "OR", "strik*", "step~ down", "~50", "/x/", "2 OF (a, b)"])
phrases = st.builds(Phrase, st.builds("{} {}".format, letters, endings)) | st.builds(Phrase, letters, st.booleans())
aliases = st.builds(Alias, st.from_regex(r"[a-z0-9_-]{1,6}", fullmatch=True))
atoms = st.sampled_from(
    ["a", "é", r"\/", r"\d+", "[^a-z]", "(b|c)?", " ", '"', ",", "x*", "(?:d)", "^", r"\)", "~", "{2}"]
)
patterns = st.lists(atoms, min_size=1, max_size=6).map(lambda found: "a" + "a".join(found))
regexes = st.builds(Regex, patterns, st.sets(st.sampled_from("ims")).map(sorted).map("".join))
units = st.builds(
    lambda date, form: date.strftime(form),
    st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)),
    st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]),
)
ranges = st.tuples(units, units).map(sorted).map("..".join)
published = (units | ranges | units.map("{}..".format) | units.map("..{}".format)).map(dated)
leaves: st.SearchStrategy[Node] = words | forms | phrases | aliases | regexes | published

BARE: list[Node] = [Word(text) for text in ["a", "U.S.", "air-strike", "9/11", "18,000", "C++", "OF", "FIRST", "2"]]
BARE += [Word("US", exact=True), Word("mili", prefix=True), Word("Reg", True, True), Word("resign", inflect=True)]
BARE += [Phrase("a b"), Phrase("US", exact=True), Phrase("step~ down and (out)"), Phrase("air strik*"), Alias("us")]
REGEXES: list[Node] = [Regex(r"a\/b", "i"), Regex('CVE-\\d{4}, "x"'), Regex("(a|b) ~", "ims")]
PUBLISHED = [dated(text) for text in ["2015", "2015-03..2015-04", "..2015-03-25", "1999.."]]


@st.composite
def trees(draw: st.DrawFn, depth: int = 3, *, field: str = "", place: bool = False) -> Node:
    """A tree as the parser makes them: no And right below And, no field in a field, a `place` where one must be."""
    places = ["leaf", "or", "near", "except", "within", "reality", "first", *([] if field else ["field"])]
    facts = ["and", "not", "some", "atleast", *([] if field else ["published"])]
    kind = draw(st.sampled_from(places if place else places + facts)) if depth else "leaf"

    def below(*, place: bool = False, field: str = field) -> Node:
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
            name = draw(st.sampled_from(["title", "raw", "feed"]))
            return Field(name, below(place=place, field=name))
        case "some":
            parts = [below() for _ in range(draw(st.integers(1, 4)))]
            return Some(draw(st.integers(1, len(parts))), tuple(parts))
        case "atleast":
            return AtLeast(draw(st.integers(1, 9999)), below(place=True))
        case "first":
            return First(draw(st.integers(1, 9999)), below(place=place))
        case "reality":
            return Reality(below(place=True), draw(st.sampled_from(["asserted", "negated", "actual"])))
        case "published":
            return draw(st.sampled_from(PUBLISHED))
        case _:
            return draw(st.sampled_from(BARE if field == "feed" else BARE + REGEXES))


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
rarer = ["SENTENCE(", "2 OF (", "OF (", ",", "~", "/", "/a/", "\\", "tilte:", "and", "FIRST/5", "ATLEAST/2", "ATLEAST/"]
rarer += ["ACTUAL(", "NEGATED (", "published:", "published:2015", "2015-03..", "..", "[", "feed:", "first/5", "actual("]
scraps = st.lists(st.sampled_from(pieces + rarer), max_size=25)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees())
def test_every_tree_prints_to_text_that_reads_as_the_same_tree(tree: Node) -> None:
    reads_as_printed(tree)


@settings(max_examples=EXAMPLES // 4, deadline=None)
@given(leaves)
def test_every_leaf_prints_to_text_that_reads_as_the_same_leaf(leaf: Node) -> None:
    reads_as_printed(leaf)


def reads_as_printed(tree: Node) -> None:
    parsed = query.parse(query.to_text(tree))
    assert parsed.tree == tree
    assert not [p for p in parsed.problems if p.code != "W218"]


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(st.text(max_size=60) | scraps.map("".join) | scraps.map(" ".join))
def test_any_text_yields_either_a_tree_or_errors_with_places_inside_it(source: str) -> None:
    judged(source)


def shipped() -> list[str]:
    """Every expression of the rule files that come with it."""
    found: list[str] = []
    for file in sorted((ROOT / "rules").rglob("*.yaml")):
        node, _ = yamldoc.load(file.read_bytes(), file.name)
        assert node is not None
        waiting = [yamldoc.plain(node)]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                found += [value[key] for key in ("match", "except") if isinstance(value.get(key), str)]
                waiting += value.values()
            elif isinstance(value, list):
                waiting += value
    return found


SHIPPED = shipped()
signs = st.sampled_from(" \n\"()/-=*~@:,.'&#|!Ax9é–\u200b\0") | st.characters()


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(st.sampled_from(SHIPPED), st.data(), signs, st.integers(0, 2))
def test_one_wrong_character_is_told_with_its_place_or_has_a_meaning_that_can_be_shown(
    source: str, data: st.DataObject, sign: str, taken: int
) -> None:
    at = data.draw(st.integers(0, len(source)))
    judged(source[:at] + sign + source[at + taken :])


def test_one_missing_character_is_told_with_its_place_or_has_a_meaning_that_can_be_shown() -> None:
    assert len(SHIPPED) > 20
    for source in SHIPPED:
        for at in range(len(source)):
            judged(source[:at] + source[at + 1 :])


def judged(source: str) -> None:
    parsed = query.parse(source)
    assert (parsed.tree is None) == any(p.fatal for p in parsed.problems)
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


@pytest.mark.parametrize(
    ("source", "mend"),
    [
        ("ASSERTED(a b)", "write ASSERTED(a) AND ASSERTED(b)"),
        ("ACTUAL(a OR b c)", "leave AND and NOT outside, or put them into SENTENCE(...)"),
        ("ATLEAST/2 a NEAR/5 b", "put what is counted into parentheses: ATLEAST/2 (a NEAR ...)"),
        ("2 OF (a, b) NEAR/5 c", "join it with AND, outside of NEAR"),
        ("a NEAR/5 published:2015", "join it with AND, outside of NEAR"),
        ("2 OF (a OR b)", "a comma stands between the parts: 2 OF (a, b, c)"),
        ("3 OF (a, b)", "write a number from 1 to 2"),
        ("ATLEAST/0 a", "write ATLEAST/3, n is from 1 to 9999; or quote it as a word"),
        ("FIRST/x a", "write FIRST/50, n is from 1 to 9999; or quote it as a word"),
        ("x OF (a, b)", "write 2 OF (a, b, c)"),
        ("first/50 a", 'write FIRST/50; to search for the word itself, quote it: "first/50"'),
        ("actual(a)", 'write ACTUAL; to search for the word itself, quote it: "actual"'),
        ("FIRST/50 -a", "write - before `FIRST/50`"),
        ('"air strike"~5', "write air NEAR/5 strike"),
        ("=resign~", "write =resign or resign~"),
        ("resign*~", "write word* or word~"),
        ("a AND\u200b b", "type it anew, or take it out"),
        ("a \ufeff b", "type it anew, or take it out"),
        ("a\u200b b", ""),
        ("Ameri~1", "other spellings of a name are vocabulary: (Amerli OR Amirli)"),
        ("published:25.03.2015", "write published:2015-03-25"),
        ("title:published:2015", "write them side by side"),
        ("feed:/bbc/", "write the names: feed:(a OR b)"),
        ("2 OF (a,, b)", "take the comma out"),
        ("2 of (a, b)", "write OF in capitals: 2 OF (a, b, c)"),
        ("(a, b)", "write OR or AND, or quote the phrase"),
        ("title:US strike Tikrit", "write title:(US strike Tikrit), or AND if that is meant"),
    ],
)
def test_a_mistake_says_how_to_mend_it(source: str, mend: str) -> None:
    assert [p.help for p in query.parse(source).problems] == ([mend] if mend else [])


def test_what_has_no_place_points_at_the_operator_that_needs_one() -> None:
    found = problem("x OR ATLEAST/2 (a b)")
    assert (found.start, found.end, found.related) == (16, 19, (5, 14, "ATLEAST stands here"))
    found = problem("ACTUAL (NOT a)")
    assert (found.start, found.end, found.related) == (8, 13, (0, 6, "ACTUAL stands here"))


def test_errors_hide_warnings_which_would_guess_at_the_meaning() -> None:
    assert [p.code for p in query.parse("a OR b c AND").problems] == ["E102"]


@pytest.mark.parametrize(
    "source",
    [
        "(" * 100_000,
        "a" * 70_000,
        "NOT " * 10_000,
        "a NEAR/1 " * 5_000 + "a",
        "a NEAR/S b NEAR/P " * 3_000 + "a",
        "-" * 5_000 + "a",
        "FIRST/2 " * 5_000 + "a",
        "ACTUAL(" * 5_000 + "a" + ")" * 5_000,
        "1 OF (" * 5_000 + "a" + ")" * 5_000,
        "title:" + "FIRST/2 SENTENCE(" * 3_000 + "a",
    ],
)
def test_what_is_too_much_is_one_error(source: str) -> None:
    assert [p.code for p in query.parse(source).problems] == ["E119"]


@pytest.mark.parametrize(
    "source",
    ["x y OR {}", "ASSERTED(x {})", "ATLEAST/2 ({}) NEAR/2 b", "({} OR c d) e", "2 OF ({}, x y OR z)", "title:x y {}"],
)
@pytest.mark.parametrize("link", ["a NEAR/1 ", "a EXCEPT ", "a NEAR/S b NEAR/P "])
def test_what_is_too_deep_does_not_break_what_else_is_told(source: str, link: str) -> None:
    problems = query.parse(source.format(link * 3_000 + "a")).problems
    assert {"E119"} <= {p.code for p in problems} <= {"E119", "E108"}


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


@pytest.mark.parametrize(
    ("source", "code", "mend"),
    [
        ("'Tikrit Street' fire", "W217", 'write "Tikrit Street"'),
        ("fire ‘Tikrit Street’", "W217", 'write "Tikrit Street"'),
        ("title:'Tikrit Street'", "W217", 'write "Tikrit Street"'),
        ("+US +Tikrit", "W218", "write US"),
        ("strike; raid; fire", "W218", "write OR or AND"),
        ("US ODER Iran", "W218", 'write OR; to search for the word itself, quote it: "ODER"'),
        ("published:2015-03 TO 2015-04", "W218", "write published:2015-03..2015-04"),
        ("[strike OR raid]", "W218", "parentheses hold parts together: (a OR b)"),
        (r"\bTikrit\b", "W218", r"a regular expression stands between slashes: /\bTikrit\b/"),
        ("%Tikrit%", "W218", "a beginning is found with `*`: Tikrit*"),
        ("ATLEAST 2 strike", "W218", 'write ATLEAST/2 word; to search for the word itself, quote it: "ATLEAST"'),
        ("drone NEAR5 strike", "W218", 'write NEAR/5; to search for the word itself, quote it: "NEAR5"'),
        ("strike / raid / fire", "W218", "between alternatives write OR"),
        ("drone w/5 strike", "E103", 'write NEAR/5; to search for the text itself, quote it: "w/5"'),
        ("drone /s strike", "E103", 'write NEAR/S; to search for the text itself, quote it: "/s"'),
        ("title=Tikrit", "E110", 'write title:Tikrit; to search for the text itself, quote it: "title=Tikrit"'),
        ("(Tikrit|Mosul) fire", "E103", "write (Tikrit OR Mosul)"),
        ("fire !football", "E103", "write NOT football"),
        ("NEAR(drone strike, 5)", "E107", "write a NEAR/5 b; for one sentence SENTENCE(a b)"),
        ("'rock and roll' fire", "E103", 'a phrase stands in double quotes: "rock and roll"'),
        ("- strike\n- raid", "E102", "write OR between the words; or, in place of `match:`, the list under `any:`"),
    ],
)
def test_what_another_query_language_says_is_told_once_and_how_it_is_said_here(
    source: str, code: str, mend: str
) -> None:
    (problem,) = query.parse(source).problems
    assert (problem.code, problem.help) == (code, mend)


@pytest.mark.parametrize(
    "source", ["don't O'Brien Guards'", "rock 'n' roll", "\"'a b'\"", "/'a b'/", "Guards' 'Ndrangheta"]
)
def test_apostrophes_are_no_quotes(source: str) -> None:
    assert not query.parse(source).problems


def test_each_operator_of_another_language_is_told() -> None:
    assert [p.start for p in query.parse("US UND NICHT Iran FIRST50 NEAR5").problems] == [3, 7, 18, 26]
