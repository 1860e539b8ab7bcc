"""What people are told of an item's story, and how they say that it does not belong there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.nouns import DESK, after, item_id, new_alert, poll, ready, revision, sent, tell
from watcher.cli import outcome
from watcher.config import load_config
from watcher.model import Decision, Level, Link, Reason, Revision, StoryId
from watcher.ports import Store
from watcher.store import open_store

CONFIG = """
schema: watcher/1
data: var
rules: [rules.yaml]
feeds: [{url: seeds}]
channels: [{name: desk, url: "console://"}]
"""
STORY = StoryId("57072")


def of_story(name: str, link: Link | None = None) -> Revision:
    one = replace(revision(name), story=STORY, link=link or Link())
    return replace(one, item=replace(one.item, canonical=f"https://{name}.example/1"))


@pytest.fixture
def config(tmp_path: Path) -> str:
    """Of a house in which a story was told: its copy is merged, what tells the same event is not told yet."""
    (tmp_path / "rules.yaml").write_text("rules:\n  - {id: quake, match: quake}\n", "utf-8")
    path = tmp_path / "watcher.yaml"
    path.write_text(CONFIG, "utf-8")
    copy = Link(level=Level.COPY, of=item_id("a"), score=0.934, root=item_id("a"), source="a.example")
    event = Link(level=Level.EVENT, of=item_id("a"), score=0.4, shared=("Tikrit", "Abadi", "25"))
    with_it = Link(level=Level.FULLER, of=item_id("c"), score=0.81)
    store = stored(str(path))
    ready(store)
    poll(store, of_story("a"))
    tell(store, new_alert("1", group=f"story:{STORY}"))
    poll(store, of_story("b", copy))
    (merged,) = store.open_dispatches(DESK, 9)
    store.save_alerts([], [Decision(dispatch=merged.id, reason=Reason.SAME_TEXT, alert=new_alert().key)], at=after(1))
    poll(store, of_story("c", event), of_story("d", with_it), revision("alone"))
    store.close()
    return str(path)


def stored(config: str) -> Store:
    return open_store(load_config(config, {}, require_secrets=False).store_url)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert outcome(list(words)) == 0
    return capsys.readouterr().out.splitlines()


def why(config: str, capsys: pytest.CaptureFixture[str], name: str) -> list[str]:
    return said(capsys, "why", "--config", config, item_id(name), "quake")[2:]


# how it came there


def test_why_says_how_an_item_came_into_its_story(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    has = "  the story has 4 items, 1 of them a copy, from 3 sources by now"
    first = f"(a.example, item {item_id('a')})"
    assert why(config, capsys, "a")[:2] == [f"  story {STORY}: it began it", has]
    assert why(config, capsys, "b")[:2] == [f"  story {STORY}: it says what “Title of a” {first} says (93% alike)", has]
    assert why(config, capsys, "c")[0] == (
        f"  story {STORY}: it tells of the same event as “Title of a” {first}: both name Tikrit, Abadi, 25 (40% alike)"
    )
    assert "it says all that “Title of c” (c.example" in why(config, capsys, "d")[0]


def test_why_says_nothing_of_a_story_that_nothing_joined(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert not [line for line in why(config, capsys, "alone") if "story" in line]


def test_a_copy_is_said_to_be_merged_into_what_told_it(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = [line for line in why(config, capsys, "b") if "on desk" in line]
    assert "(merged)" in line
    assert "because it says what another item said that was already told on this channel; alert 111111111111" in line


def test_programs_are_given_the_story(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = said(capsys, "why", "--config", config, item_id("c"), "quake", "--json")
    assert json.loads(line)["story"] == {
        "id": STORY,
        "level": "event",
        "of": item_id("a"),
        "title": "Title of a",
        "url": "https://wires.example/a?utm_source=rss",
        "score": 0.4,
        "shared": ["Tikrit", "Abadi", "25"],
        "root": None,
        "items": 4,
        "sources": 3,
        "splits": [],
    }
    (line,) = said(capsys, "why", "--config", config, item_id("alone"), "quake", "--json")
    alone = json.loads(line)["story"]
    assert [alone[key] for key in ("level", "of", "items", "sources")] == ["alone", None, 1, 1]


def test_an_alert_is_shown_with_how_far_its_story_has_gone(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "alerts", "show", "--config", config, "1111")
    assert f"  story {STORY} has 4 items, 1 of them a copy, from 3 sources by now" in shown
    assert any(" · 1 copy · " in line for line in shown)
    (line,) = said(capsys, "alerts", "show", "--config", config, "1111", "--json")
    (story,) = json.loads(line)["stories"]
    assert (story["item"], story["id"], story["items"]) == (item_id("a"), STORY, 4)
    assert json.loads(line)["copies"] == 1


def test_an_alert_of_several_items_says_how_each_came_there(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    store = stored(config)
    tell(store, new_alert("2", group=f"story:{STORY}", at=after(2)), Reason.FOLLOWS)
    store.close()
    shown = said(capsys, "alerts", "show", "--config", config, "2222")
    assert [line for line in shown if "“Title of" in line][-2:] == [
        f"  “Title of {name}”: it {words} ({of}.example, item {item_id(of)}){more}"
        for name, words, of, more in (
            ("c", "tells of the same event as “Title of a”", "a", ": both name Tikrit, Abadi, 25 (40% alike)"),
            ("d", "says all that “Title of c”", "c", " says, and more (81% alike)"),
        )
    ]


def test_a_list_of_alerts_says_how_many_copies_there_are(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = said(capsys, "alerts", "--config", config)
    assert line.endswith("Title of a (1 copy)")
    header, line = said(capsys, "alerts", "--csv", "--config", config)
    assert dict(zip(header.split(","), line.split(","), strict=True))["copies"] == "1"


# taking it out


def test_an_item_is_taken_out_with_what_came_by_it(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = said(capsys, "alerts", "split", "--config", config, item_id("c")[:8])
    assert first == f"took “Title of c”, and 1 item that came by it, out of story {STORY}, which keeps 2 items"
    assert second.endswith(" begins with it: what is not told yet is told there, and what copies it joins that one")
    lines = why(config, capsys, "c")
    assert lines[0].endswith(": it began it")
    assert f" took it out of story {STORY} at 20" in lines[1]
    assert lines[2] == "  the story has 2 items from 2 sources by now"
    store = stored(config)
    groups = {d.group for d in store.open_dispatches(DESK, 9) if d.item in {item_id("c"), item_id("d")}}
    assert len(groups) == 1
    assert groups != {f"story:{STORY}"}
    store.close()


def test_a_second_split_changes_nothing_and_says_so(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "alerts", "split", "--config", config, item_id("c"))
    assert outcome(["alerts", "split", "--config", config, item_id("c")]) == 0
    found = capsys.readouterr()
    assert "“Title of c” began its story" in found.err
    assert not found.out


def test_programs_are_given_what_was_taken_out_of_what(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = said(capsys, "alerts", "split", "--config", config, "--json", "https://d.example/1")
    made = json.loads(line)
    assert made == {"item": item_id("d"), "story": made["story"], "out_of": STORY, "taken": [item_id("d")]}
    (line,) = said(capsys, "alerts", "split", "--config", config, "--json", item_id("d"))
    assert json.loads(line) == {"item": item_id("d"), "story": made["story"], "out_of": None, "taken": []}
    (line,) = said(capsys, "why", "--config", config, item_id("d"), "quake", "--json")
    assert [split["story"] for split in json.loads(line)["story"]["splits"]] == [STORY]


def test_nothing_is_taken_out_where_the_item_is_not_known_or_is_forgotten(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(["alerts", "split", "--config", config, "nothing"]) == 2
    assert "no stored item has an id that starts with nothing" in capsys.readouterr().err
    store = stored(config)
    store.save_delivery(sent(new_alert().key, started=2, ended=3))
    while store.prune(after(1_000), 1):
        pass
    store.close()
    assert outcome(["alerts", "split", "--config", config, item_id("b")]) == 2
    assert "is older than `keep.items`: nothing joins it any more" in capsys.readouterr().err


def test_doctor_finds_nothing_wrong_with_what_was_split(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    outcome(["doctor", "--config", config, "--json"])
    before = capsys.readouterr().out
    said(capsys, "alerts", "split", "--config", config, item_id("c"))
    outcome(["doctor", "--config", config, "--json"])
    assert capsys.readouterr().out == before
