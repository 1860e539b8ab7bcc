"""What people are told of an item that matches, denies or misses."""

from __future__ import annotations

import pytest

from tests.items import FEED, item, rule
from watcher.cli.answers import answer, difference, lines, where
from watcher.model import Item
from watcher.rules import Vocabulary, expression
from watcher.rules.compile import CompiledRule, compile_rule

REPORT = item(
    "The ministry denied that a drone struck Delvast.\n\nAir strikes hit\nthe harbour.", title="Fire at the harbour"
)


def compiled(text: str) -> CompiledRule:
    tree, problems = expression(text, Vocabulary())
    assert tree is not None, problems
    return compile_rule(rule("r", expanded=text), tree)


def told(text: str, of: Item = REPORT) -> list[str]:
    return list(lines(answer(compiled(text), of, FEED), of))


def test_a_denial_shows_the_words_that_deny() -> None:
    found = answer(compiled("drone AND Delvast"), REPORT, FEED)
    assert (found["matched"], found["denial"]) == (True, True)
    assert [span["text"] for span in found["denied_by"]] == ["denied"]
    assert found["suggestion"] is None
    assert "  denied The ministry denied that a drone struck Delvast. Air strikes hit the harbour." in told("drone")


def test_a_missing_part_is_told_with_the_nearest_thing_where_it_stands_and_the_mend() -> None:
    assert told("airstrikes AND Delvast")[1:] == [
        "  missing airstrikes; nearest: “Air strikes” (spelled apart, paragraph 2)",
        "  it would match with Air-strikes for airstrikes:  Air-strikes AND Delvast",
    ]
    assert told("volcano")[1:] == ["  missing volcano; nothing like it"]


def test_every_form_of_a_word_is_shown_and_stems_are_said() -> None:
    found = answer(compiled("resign~ OR удар"), REPORT, FEED)
    assert found["forms"] == [{"term": "resign~", "finds": ["resign", "resigns", "resigned", "resigning"]}]
    assert found["stemmed"] == ["удар"]
    shown = told("resign~ OR удар")
    assert "         resign~ finds resign, resigns, resigned, resigning" in shown
    assert "         удар: found in every form, by the stem" in shown


def test_much_evidence_is_cut_short_for_people_and_whole_for_programs() -> None:
    often = item(" ".join(["drone"] * 30))
    assert len(answer(compiled("drone"), often, FEED)["evidence"]) == 30
    assert told("drone", often)[-1] == "  … and 10 more"


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Fire", "title"),
        ("drone struck", "paragraph 1"),
        ("hit the harbour", "paragraph 2"),
        ("denied that…", "paragraph 1"),
        ("nowhere", None),
    ],
)
def test_a_place_is_the_title_or_a_paragraph(words: str, place: str | None) -> None:
    assert where(words, REPORT, None) == place


def test_a_place_in_a_file_is_its_line() -> None:
    source = "Fire at the harbour\n\nA drone\nstruck Delvast.\n"
    assert where("Fire", REPORT, source) == "line 1"
    assert where("drone struck", REPORT, source) == "line 3"
    assert where("Air strikes", REPORT, source) == "paragraph 2", "the file has it in other characters"


@pytest.mark.parametrize(
    ("term", "nearest", "said"),
    [
        ("airstrikes", "air strike", "spelled apart"),
        ('"air strikes"', "airstrike", "spelled as one word"),
        ("=US", "us", "written otherwise"),
        ("harbor", "harbour", "spelled otherwise"),
        ('"drone struck"', "drone that struck", "not side by side"),
        ("drone NEAR/3 harbour", "drone struck the harbour", None),
        ("a OR b", "a", None),
        ("@us", "us", None),
    ],
)
def test_the_difference_is_said_of_plain_words(term: str, nearest: str, said: str | None) -> None:
    assert difference(term, nearest) == said
