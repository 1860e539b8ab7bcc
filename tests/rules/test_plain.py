"""Plain word lists become the tree of an expression, which is shown here as that expression."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.rules import plain, query
from watcher.rules.nodes import And, Phrase, Word
from watcher.rules.plain import Lists


def shown(lists: Lists) -> str:
    parsed = plain.parse(lists)
    assert parsed.tree is not None
    return query.to_text(parsed.tree)


def told(lists: Lists) -> list[str]:
    parsed = plain.parse(lists)
    assert parsed.tree is None
    return [f"{p.code}@{p.start}-{p.end}" for p in parsed.problems]


def one(entry: str) -> Lists:
    return Lists(groups=((entry,),))


def test_something_of_every_group_must_be_found() -> None:
    assert shown(Lists(groups=(("US", "coalition"), ("Tikrit",)))) == "(US OR coalition~) AND Tikrit"


def test_a_single_entry_is_itself() -> None:
    assert shown(one("Tikrit")) == "Tikrit"


@pytest.mark.parametrize(
    ("entry", "expression"),
    [
        ("Tikrit", "Tikrit"),
        ("air-strike", "air-strike~"),
        ("U.S.", "U.S."),
        ("AT&T", "AT&T"),
        ("bomb*", "bomb*"),
        ("2014", "2014"),
        ("air strike", '"air~ strike~"'),
        ("air strik*", '"air~ strik*"'),
        ("title:Iraq", '"title:Iraq"'),
        ("12:30", '"12:30"'),
        ("-football", '"-football"'),
        ("=US", '"=US"'),
        ("@us", '"@us"'),
        ("#tag", '"#tag"'),
        ("strike~", '"strike~"'),
        ("strike", "strike~"),
        ("café", "café~"),
        ("Strike", "Strike"),
        ("STRIKE", "STRIKE"),
        ("iPhone", "iPhone"),
        ("us", "us"),
        ("out", "out"),
        ("x", "x"),
        ("удар", "удар"),
        ("don't", "don't"),
        ("covid19", "covid19"),
        ("24-hour", "24-hour"),
        ("build-up", "build-up"),
        ("Anti-war", "Anti-war"),
        ("prime minister", '"prime~ minister~"'),
        ("state of emergency", '"state~ of emergency~"'),
        ("out of control", '"out of control~"'),
        ("Islamic state", '"Islamic state~"'),
        ("Tikrit air-strike", '"Tikrit air-strike~"'),
        ("has been killed", '"has~ been~ killed~"'),
        ("9/11 attack", '"9/11 attack~"'),
        ("strike, raid", '"strike~ raid~"'),
        ("~50 dead", '"50 dead~"'),
        ("re~sign", '"re~ sign~"'),
        ("sentence (a)", '"sentence~ (a)"'),
        ("first/50", '"first/50"'),
        ("5 OF them", '"5 OF them"'),
        ("FIRST aid", '"FIRST aid~"'),
        ("/path/", '"/path/"'),
        ("(Iraq)", '"(Iraq)"'),
        ("Tikrit, Iraq", '"Tikrit, Iraq"'),
        ("and", '"and"'),
        ("search and rescue", '"search~ and rescue~"'),
        ("NEAR", '"NEAR"'),
        ('"air strike"', '"air~ strike~"'),
        ('say "no" now', '"say~ no now~"'),
        ("*bomb", '"bomb~"'),
        ("M*A*S*H", '"M A S H"'),
        (" Tikrit ", "Tikrit"),
    ],
)
def test_an_entry_is_plain_text(entry: str, expression: str) -> None:
    assert shown(one(entry)) == expression


@pytest.mark.parametrize(
    ("within", "expression"),
    [
        ("article", "a AND (b OR c)"),
        ("title", "title:(a AND (b OR c))"),
        ("sentence", "SENTENCE(a AND (b OR c))"),
        ("paragraph", "PARAGRAPH(a AND (b OR c))"),
        ("15 words", "a NEAR/15 (b OR c)"),
        ("1 word", "a NEAR/1 (b OR c)"),
    ],
)
def test_within_says_where_the_groups_stand_together(within: str, expression: str) -> None:
    assert shown(Lists(groups=(("a",), ("b", "c")), within=within)) == expression


def test_three_groups_within_words_are_a_chain() -> None:
    assert shown(Lists(groups=(("a",), ("b",), ("c",)), within="5 words")) == "a NEAR/5 b NEAR/5 c"


def test_unless_stands_in_the_stretch_and_none_in_the_whole_article() -> None:
    lists = Lists(groups=(("a",),), within="sentence", unless=("b", "c"), none=("d",))
    assert shown(lists) == "SENTENCE(a AND NOT (b OR c)) AND NOT d"
    lists = Lists(groups=(("a",), ("x",)), within="title", unless=("b",), none=("d", "e"))
    assert shown(lists) == "title:(a AND x AND NOT b) AND NOT (d OR e)"
    assert shown(Lists(groups=(("a",),), unless=("b",), none=("c",))) == "a AND NOT b AND NOT c"
    assert shown(Lists(groups=(("a",), ("b",)), within="3 words", none=("c",))) == "a NEAR/3 b AND NOT c"


def test_unless_cannot_look_into_a_number_of_words() -> None:
    assert told(Lists(groups=(("a",), ("b",)), within="15 words", unless=("cc",))) == ["E025@4-6"]


@pytest.mark.parametrize(
    "entry",
    ["US AND Iran", "US OR Iran", "NOT Iran", "AND", "Iran NEAR/5 US", "a EXCEPT b", "ATLEAST/2 dead", "FIRST/50 US"],
)
def test_an_operator_is_an_error_that_names_match(entry: str) -> None:
    (problem,) = plain.parse(one(entry)).problems
    assert problem.code == "E114"
    assert "match:" in problem.help


@pytest.mark.parametrize(("entry", "code"), [("...", "E101"), ("", "E101"), ("ab*", "E113"), ("air s*", "E113")])
def test_an_entry_without_words_is_an_error(entry: str, code: str) -> None:
    assert told(one(entry)) == [f"{code}@0-{len(entry)}"]


def test_a_chain_of_too_many_groups_is_an_error_and_many_in_one_article_are_not() -> None:
    groups = tuple((f"Word{n}",) for n in range(100))
    assert told(Lists(groups=groups, within="9 words")) == ["E119@0-1"]
    assert plain.parse(Lists(groups=groups)).tree is not None


def test_offsets_count_in_the_entries_laid_end_to_end() -> None:
    lists = Lists(groups=(("one", "a OR b"), ("three",)), unless=("x AND y",), none=("...",))
    assert told(lists) == ["E114@4-10", "E114@17-24", "E101@25-28"]
    assert lists.entries == ("one", "a OR b", "three", "x AND y", "...")


def test_nodes_know_their_entry() -> None:
    tree = plain.parse(Lists(groups=(("one",), ("two words",)))).tree
    assert isinstance(tree, And)
    assert [part.at for part in tree.parts] == [(0, 3), (4, 13)]


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_any_entry_is_one_word_or_phrase_that_prints_and_reads_the_same_or_an_error(entry: str) -> None:
    parsed = plain.parse(one(entry))
    if parsed.tree is None:
        assert parsed.problems
        return
    assert isinstance(parsed.tree, Word | Phrase)
    again = query.parse(query.to_text(parsed.tree))
    assert again.tree == parsed.tree


@pytest.mark.parametrize(
    ("entry", "mend"),
    [
        ("US, coalition", "for any of them make them entries of their own: [US, coalition]"),
        ("strike or raid", "for any of them make them entries of their own: [strike, raid]"),
        ("strike / raid", "for any of them make them entries of their own: [strike, raid]"),
        ("strike/raid", "for any of them make them entries of their own: [strike, raid]"),
        ("-football", "write football under `none:`, which holds what must not be there"),
        ("@us", "write us; the sign in front is dropped"),
        ("title:strike", "write `match: title:strike`, or `within: title`"),
        ("/strike/", "write  match: /strike/"),
        ("'Tikrit Street'", "write Tikrit Street: several words are a phrase"),
        ("str?ke", "write both spellings: (grey OR gray)"),
    ],
)
def test_an_entry_written_as_an_expression_is_told(entry: str, mend: str) -> None:
    parsed = plain.parse(plain.Lists(groups=(("Mosul", entry),)))
    assert parsed.tree is not None
    (problem,) = parsed.problems
    assert (problem.code, problem.start, problem.end, problem.help) == ("W218", 6, 6 + len(entry), mend)


@pytest.mark.parametrize("entry", ["1,000", "12:30", "100%", "$5", "C++", "AT&T", "9/11", "#tag", "don't", "Guards'"])
def test_signs_that_belong_to_a_word_are_not_told(entry: str) -> None:
    assert not plain.parse(plain.Lists(groups=((entry,),))).problems
