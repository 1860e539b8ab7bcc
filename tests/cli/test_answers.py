"""What people are told of an item that matches, denies or misses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.items import FEED, item, rule
from watcher.cli.answers import answer, difference, lines, where
from watcher.model import Item
from watcher.rules import Vocabulary, expression
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.rules.nodes import Except, Phrase, Word
from watcher.rules.vocab import entry_of, merged

REPORT = item(
    "The ministry denied that a drone struck Delvast.\n\nAir strikes hit\nthe harbour.", title="Fire at the harbour"
)


EXCHANGE = Except(Word("exchange", False, False, False), Phrase("stock exchange", False))
NAMED = merged([entry_of("exchange", EXCHANGE, Vocabulary(), auto=False, override=False, place="a.yaml:1:1")])


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


def test_of_many_words_only_the_forms_that_nobody_would_guess_are_spelled_out() -> None:
    shown = told("strike~ OR bomb~ OR resign~ OR attack~ OR soldier~ OR fight~ OR wound~")[1:4]
    assert [line.split()[0] for line in shown] == ["strike~", "fight~", "the"]
    assert shown[2].strip() == "the 5 others with ~ are found with the usual endings (-s, -ed, -ing)"


def test_the_nearest_thing_to_a_phrase_may_have_a_word_spelled_apart() -> None:
    near = item("The US led the air strikes. In the end it rained.")
    assert told('"US airstrikes"', near)[1] == (
        '  missing "US airstrikes"; nearest: “US led the air strikes” (not side by side, paragraph 1)'
    )
    assert told('"in the wild"', near)[1] == '  missing "in the wild"; nothing like it'


def test_a_vocabulary_entry_with_exceptions_is_told_by_its_name() -> None:
    tree, _ = expression("@exchange AND rain", NAMED)
    assert tree is not None
    found = answer(compile_rule(rule("r"), tree), item("A stock exchange in the rain."), FEED)
    assert [(part["term"], part["nearest"]) for part in found["missing"]] == [("@exchange", "exchange")]


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


def test_what_stands_in_the_dateline_alone_is_in_the_place() -> None:
    assert where("Karsholm", replace(REPORT, place="Karsholm"), None) == "place"


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
