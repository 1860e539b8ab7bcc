"""The rules and vocabulary that ship: they load, and each finds what its words promise among the seeds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from watcher import rules
from watcher.match import explain, match
from watcher.model import Feed, FeedId, Hash64, Item, ItemId, Match, Severity
from watcher.rules.compile import compile_rule, compile_tree
from watcher.rules.ruleset import Ruleset
from watcher.selftest import item_of, play, setting, stage

ROOT = Path(__file__).parent.parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
FILES = {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted((ROOT / "rules").rglob("*.yaml"))}
FEED = Feed(id=FeedId("seeds"), url="seeds")


def seed(path: Path) -> Item:
    """The article as labelled by hand: title and body, without what is printed there that is no text of it."""
    labels = json.loads((ROOT / "tests" / "data" / "seeds" / f"{path.stem}.json").read_text("utf-8"))
    lines = [" ".join(line.split()) for line in path.read_text("utf-8").splitlines()]
    article = "\n".join(line for first, last in labels["article_lines"] for line in lines[first - 1 : last])
    for said, _ in labels["printed_but_not_text"]:
        assert said in article
        article = article.replace(said, "", 1)
    body = [" ".join(line.split()) for line in article.split("\n")]
    return Item(
        id=ItemId(path.stem[:16].ljust(16, "0")),
        feed=FEED.id,
        key=Hash64(1),
        fingerprint=Hash64(1),
        title=labels["title"] or "",
        text="\n\n".join(filter(None, body)),
        raw="\n\n".join(filter(None, lines)),
    )


def loaded() -> rules.Loaded:
    return rules.load(FILES, channels=[], feeds=["seeds"])


def matches(path: Path) -> tuple[Match, ...]:
    ruleset = Ruleset([compile_rule(each.rule, each.tree) for each in loaded().rules if each.tree])
    return match(ruleset, seed(path), FEED, 1).matches


def test_the_shipped_files_load_without_a_finding() -> None:
    found = loaded()
    assert not found.findings
    assert [each.rule.id for each in found.rules if each.rule.file == "rules/world-news.yaml"] == [
        "us-airstrikes-tikrit",
        "us-air-strikes-in-tikrit",
        "soleimani",
        "siege-of-amerli",
        "iran-in-iraq",
        "ceasefire-confirmed",
    ]


def test_each_shipped_file_has_a_timeline_and_all_of_them_play_as_written() -> None:
    with_one = set()
    for each in loaded().rules:
        for timeline in each.timelines:
            assert each.tree is not None
            feeds = [setting(step, each.rule, {}) for step in timeline.steps]
            items = [(item_of(step, None, feed), feed) for step, feed in zip(timeline.steps, feeds, strict=True)]
            compiled = compile_rule(each.rule, each.tree)
            verdict = play(each.rule, compiled, timeline, items, stage(each.rule, timeline, ()))
            assert verdict.passed, verdict.message
            with_one.add(each.rule.file)
    assert with_one == {each.rule.file for each in loaded().rules}


def test_the_users_own_rule_stands_as_typed() -> None:
    (rule,) = [each.rule for each in loaded().rules if each.rule.id == "us-airstrikes-tikrit"]
    assert rule.expression == "US airstrikes AND Tikrit"
    assert rule.severity is Severity.HIGH
    assert "United States" in rule.expanded


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("000", {"us-airstrikes-tikrit", "us-air-strikes-in-tikrit", "soleimani"}),
        ("001", {"us-airstrikes-tikrit", "soleimani", "iran-in-iraq"}),
        ("002", {"siege-of-amerli", "iran-in-iraq"}),
        ("003", {"us-airstrikes-tikrit", "us-air-strikes-in-tikrit", "soleimani", "iran-in-iraq"}),
        ("004", {"us-airstrikes-tikrit", "soleimani"}),
    ],
)
def test_each_seed_is_found_by_the_rules_that_are_about_it(name: str, expected: set[str]) -> None:
    (path,) = [path for path in SEEDS if path.name.startswith(name)]
    assert {found.rule for found in matches(path)} == expected


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_evidence_is_never_the_small_word_us(path: Path) -> None:
    assert "us" not in {span.text for found in matches(path) for span in found.evidence}


def test_evidence_names_the_words_as_they_stand() -> None:
    (hit,) = [hit for hit in matches(SEEDS[0]) if hit.rule == "us-airstrikes-tikrit"]
    found = {span.text for span in hit.evidence}
    assert {"air strikes", "U.S.", "United States", "Tikrit"} <= found


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("UK", "The United Kingdom said"),
        ("EU", "the European Union agreed"),
        ("UN", "A U.N. envoy arrived"),
        ("NATO", "Nato ministers met"),
        ("UAE", "an Emirati official"),
        ("ISIS", "fighters of Daesh"),
        ("ceasefire", "a cease-fire held, then a truce"),
        ("warplanes", "two fighter jets"),
        ("air strikes", "the air strike"),
        ("airstrike", "aerial bombardment went on"),
        ("US", "an American official"),
    ],
)
def test_a_bare_word_stands_for_its_other_spellings(words: str, text: str) -> None:
    assert says(words, text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("US", "it is one of us, all of us"),
        ("US", "CONTACT US"),
        ("UN", "un ministre"),
        ("UK", "in British Columbia"),
        ("US", "Ask the usher"),
    ],
)
def test_a_bare_word_does_not_stand_for_other_words(words: str, text: str) -> None:
    assert not says(words, text)


def says(words: str, text: str) -> bool:
    tree, problems = rules.expression(words, loaded().vocabulary)
    assert tree is not None
    assert not problems
    item = Item(id=ItemId("1" * 16), feed=FEED.id, key=Hash64(1), fingerprint=Hash64(1), text=text, raw=text)
    return explain(compile_tree(tree), item, FEED).matched


def test_the_packaged_vocabulary_is_the_shipped_one() -> None:
    packaged = ROOT / "watcher" / "data" / "core-en.yaml"
    assert packaged.is_symlink()
    assert packaged.read_bytes() == FILES["rules/vocab/core-en.yaml"]
    assert rules.load({"core-en.yaml": packaged.read_bytes()}).vocabulary.entries.keys() >= {"us", "airstrike"}
