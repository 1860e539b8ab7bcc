"""Tests in rule files: what passes, what fails and with which words, and which branches nothing reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests import items
from tests.contract.nouns import NOW
from tests.items import FEED, item
from watcher.config import core_vocabulary
from watcher.model import Block, Denials, Entry, FeedId, Hash64, Item, RuleTest, Scope, TimelineStep, TimelineTest
from watcher.rules import expression, load
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.rules.nodes import Node
from watcher.rules.printer import to_text
from watcher.selftest import item_of, judge, named, setting, unplayed, unreached, unread
from watcher.text.document import Document

VOCABULARY = load({"core-en.yaml": core_vocabulary()}).vocabulary
REPORT = item("A drone struck the depot at Delvast.\n\nNobody was hurt.", title="Fire at Delvast depot")


def tree_of(text: str) -> Node:
    tree, problems = expression(text, VOCABULARY)
    assert tree is not None, problems
    return tree


def rule(text: str, **keys: Any) -> CompiledRule:
    return compile_rule(items.rule("watched", **keys), tree_of(text))


def expecting(expect: Any, **keys: Any) -> RuleTest:
    return RuleTest(expect=expect, entry=Entry(hash=Hash64(1), title="Fire"), line=7, column=9, **keys)


def test_a_match_passes_and_says_by_what() -> None:
    verdict = judge(rule("drone AND Delvast"), expecting("match"), REPORT, FEED)
    assert verdict.passed
    assert verdict.message == "it matches by “Delvast”, “drone”"
    assert (verdict.rule, verdict.name, verdict.line, verdict.column) == ("watched", "“Fire”", 7, 9)


def test_a_missed_match_fails_and_names_what_is_missing_and_what_comes_near() -> None:
    verdict = judge(rule("drone AND Delvest AND flood"), expecting("match"), REPORT, FEED)
    assert verdict.passed is False
    assert verdict.message == (
        "expected a match, but it does not match: missing Delvest (nearest “Delvast”), flood"
    )  # fmt: skip


def test_a_match_that_should_be_none_fails_and_names_the_evidence() -> None:
    verdict = judge(rule("drone"), expecting("no match"), REPORT, FEED)
    assert verdict.passed is False
    assert verdict.message == "expected no match, but it matches by “drone”"
    assert judge(rule("flood"), expecting("no match"), REPORT, FEED).passed


def test_a_highlight_holds_evidence_or_is_covered_by_it() -> None:
    drone = rule('"drone struck"')
    for words in ("drone struck", "struck", "A drone   struck the depot"):
        assert judge(drone, expecting("match", highlight=(words,)), REPORT, FEED).passed, words
    verdict = judge(drone, expecting("match", highlight=("drone", "Nobody was hurt")), REPORT, FEED)
    assert (verdict.passed, verdict.message) == (False, "it matches by “drone struck”; but not by “Nobody was hurt”")
    placed = replace(REPORT, place="Karsholm")
    assert judge(rule("Karsholm"), expecting("match", highlight=("Karsholm",)), placed, FEED).passed
    verdict = judge(drone, expecting("match", highlight=("a flood",)), REPORT, FEED)
    assert verdict.message.endswith("but “a flood” stands nowhere in the item")


def test_an_item_spelled_out_is_normalised_like_a_feeds() -> None:
    entry = Entry(hash=Hash64(1), title=" The  title ", blocks=(Block(text="The body, said Ann."),), tags=("War",))
    made = item_of(RuleTest(expect="match", entry=entry), None, FEED)
    assert (made.title, made.text, made.tags, made.feed) == (
        "The title",
        "The body, said Ann.",
        ("War", "iraq"),
        "wires",
    )


def test_a_test_that_names_no_feed_is_of_one_the_rule_looks_at() -> None:
    scope = Scope(feeds=("blogs", "tag:iraq"), lang=("en",))
    scoped = rule("drone", scope=scope)
    test = expecting("match")
    feed = setting(test, scoped.rule, {})
    assert judge(scoped, test, item_of(RuleTest(expect="match", path="x"), REPORT, feed), feed).passed
    assert setting(test, items.rule("a", scope=Scope(feeds=("tag:iraq",))), {}).tags == ("iraq",)
    elsewhere = expecting("match", feed=FeedId("sports"))
    feed = setting(elsewhere, scoped.rule, {})
    verdict = judge(scoped, elsewhere, item_of(RuleTest(expect="match", path="x"), REPORT, feed), feed)
    assert verdict.passed is False
    assert "this item is from sports" in verdict.message


def test_a_test_that_names_a_known_feed_has_its_tags() -> None:
    test = expecting("match", feed=FEED.id)
    assert setting(test, items.rule("a"), {FEED.id: FEED}) is FEED


def test_a_test_is_called_by_its_path_or_its_first_words() -> None:
    assert named(RuleTest(expect="match", path="seeds/a.txt")) == "seeds/a.txt"
    long = Entry(hash=Hash64(1), blocks=(Block(text="word " * 40),))
    assert named(RuleTest(expect="match", entry=long)) == f"“{' '.join(['word'] * 12)}…”"


def test_what_cannot_be_read_is_not_passed() -> None:
    failed = unread(items.rule("a").id, RuleTest(expect="match", path="a.txt"), "there is no such file")
    assert failed.passed is False
    assert "there is no such file" in failed.message
    step = TimelineStep(at=90.0, path="a.txt")
    failed = unplayed(items.rule("a").id, TimelineTest(start=NOW, steps=(step,), expect=()), step, "it is a folder")
    assert (failed.passed, failed.name) == (False, "timeline of 1 item")
    assert failed.message == "the item at 1m30s cannot be read: it is a folder"


def branches(text: str, *of: Item) -> list[str]:
    return [to_text(branch) for branch in unreached(tree_of(text), [Document(each, FEED) for each in of])]


def test_a_branch_is_reached_when_the_rule_would_match_by_it_alone() -> None:
    assert branches("(drone OR flood OR missile) AND Delvast", REPORT) == ["flood", "missile"]
    assert branches("(drone OR Delvast) AND (drone OR flood)", REPORT) == ["flood"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("title:(drone OR fire)", ["drone"]),
        ("SENTENCE((drone OR hurt) AND depot)", ["hurt"]),
        ("(struck OR hurt) NEAR/2 depot", ["hurt"]),
        ("drone OR (flood AND (hurt OR quake))", ["flood AND (hurt OR quake)", "hurt", "quake"]),
        ("drone AND NOT (flood OR quake)", []),
        ("(drone OR flood) EXCEPT (quake OR storm)", ["flood"]),
        ("drone AND (us OR @uk OR Delvast)", ["us", "@uk"]),
    ],
)
def test_branches_count_where_they_stand(text: str, left: list[str]) -> None:
    assert branches(text, REPORT) == left


def test_branches_that_different_tests_reach_are_all_reached() -> None:
    assert branches("drone OR flood", REPORT, item("A flood")) == []


STRIKE = rule("drone AND Delvast AND struck")
DENIED = item("The ministry denied that a drone struck Delvast.")


def test_a_denial_is_told_from_a_match() -> None:
    verdict = judge(STRIKE, expecting("denial"), DENIED, FEED)
    assert verdict.passed, verdict.message
    assert verdict.message == "it is a denial, by “denied”: “drone”, “struck”, “Delvast”"
    verdict = judge(STRIKE, expecting("match"), DENIED, FEED)
    assert verdict.passed is False
    assert verdict.message.startswith("expected a match, but it is a denial, by “denied”")
    verdict = judge(STRIKE, expecting("denial"), REPORT, FEED)
    assert verdict.passed is False
    assert verdict.message.startswith("expected a denial, but it matches by ")


def test_a_rule_that_includes_denials_matches_them() -> None:
    including = rule("drone AND Delvast AND struck", denials=Denials.INCLUDE)
    assert judge(including, expecting("match"), DENIED, FEED).passed
