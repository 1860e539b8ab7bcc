"""`watcher why`: the whole way of a match, told from what is stored."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.nouns import DESK, PHONE, after, item_id, new_alert, poll, ready, revision, sent
from watcher.alert.copying import copied
from watcher.cli import outcome
from watcher.config import load_config
from watcher.model import AlertKind, Decision, Reason
from watcher.ports import Store
from watcher.store import open_store

CONFIG = """
schema: watcher/1
data: var
rules: [rules.yaml]
feeds: [{url: seeds}]
channels: [{name: desk, url: "console://"}, {name: phone, url: "console://"}]
"""
RULES = "rules:\n  - {id: quake, match: quake}\n"


@pytest.fixture
def config(tmp_path: Path) -> str:
    """Of a house in which three matches were held by quiet hours, and the cap, and are listed in one digest."""
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    path = tmp_path / "watcher.yaml"
    path.write_text(CONFIG, "utf-8")
    store = open_store(load_config(path, {}, require_secrets=False).store_url)
    ready(store)
    poll(store, revision("a"), revision("b"), revision("c"))
    decide(store, Reason.QUIET_HOURS, 1)
    decide(store, Reason.OVER_CAP, 60)
    decide(store, Reason.LISTED, 90)
    store.save_delivery(sent(new_alert().key, started=91, ended=92))
    store.close()
    return str(path)


def decide(store: Store, reason: Reason, minute: float) -> None:
    listed = reason is Reason.LISTED
    digest = replace(new_alert(at=after(minute)), kind=AlertKind.DIGEST, told=3)
    decisions = [
        Decision(dispatch=one.id, reason=reason, alert=digest.key if listed else None, place=n if listed else None)
        for n, one in enumerate(store.open_dispatches(DESK, 9))
    ]
    store.save_alerts([digest] if listed else [], decisions, at=after(minute))


def test_the_way_of_what_was_held_is_told_in_order(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["why", "--config", config, item_id("b"), "quake"]) == 0
    said = capsys.readouterr().out
    assert (
        "on desk: held since 2026-03-01T12:01:00Z because the channel has its quiet hours; since 2026-03-01T13:00:00Z "
        "because the channel has had as many messages as its hourly cap allows; listed in a digest with 2 others at "
        "2026-03-01T13:30:00Z, because it was held and is listed in a digest; alert 111111111111 was accepted at "
        "2026-03-01T13:32:00Z after 1 try"
    ) in said


def test_a_copy_for_another_channel_is_named(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(load_config(config, {}, require_secrets=False).store_url)
    alert = store.alert(new_alert().key)
    assert alert is not None
    store.save_alerts([copied(alert, PHONE, after(95))], [])
    store.close()
    assert outcome(["why", "--config", config, item_id("b"), "quake"]) == 0
    copy = copied(alert, PHONE, after(95)).key[:12]
    assert f"      a copy for phone: alert {copy} waits to be sent\n" in capsys.readouterr().out


def test_programs_are_given_each_step(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["why", "--config", config, item_id("b"), "quake", "--json"]) == 0
    (channel,) = json.loads(capsys.readouterr().out)["matches"][0]["channels"]
    assert [step["reason"] for step in channel["trail"]] == ["quiet-hours", "over-cap", "listed"]
    assert channel["reason"] == channel["trail"][-1]["reason"]


@pytest.fixture
def forgotten(config: str) -> str:
    """The same house half a year later."""
    store = open_store(load_config(config, {}, require_secrets=False).store_url)
    while store.prune(after(1_000), 1):
        pass
    store.close()
    return config


def test_what_became_of_a_forgotten_item_is_told_as_before(
    config: str, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    told = []
    for _ in range(2):
        assert outcome(["why", "--config", config, item_id("b")[:8], "quake"]) == 0
        told.append(capsys.readouterr().out.splitlines())
        request.getfixturevalue("forgotten")
    note = "  its text is forgotten; it stood at https://wires.example/b?utm_source=rss"
    assert told[1] == [*told[0][:2], note, *told[0][2:]]
    assert outcome(["why", "--config", config, "https://example.com/b", "quake", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["title"], found["url"]) == ("Title of b", "https://wires.example/b?utm_source=rss")
    assert (found["forgotten"], found["now"]) == (True, None)


def test_of_a_rule_that_did_not_match_a_forgotten_item_nothing_is_made_up(
    forgotten: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rules.yaml").write_text(f"{RULES}  - {{id: flood, match: flood OR title}}\n", "utf-8")
    assert outcome(["why", "--config", forgotten, item_id("b"), "flood"]) == 0
    assert "  flood did not match it, as far as is known: what it says can no longer be looked at" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize("command", [["explain", item_id("b")], ["alerts", "preview", item_id("b"), "quake"]])
def test_what_needs_the_text_of_a_forgotten_item_says_that_it_has_none(
    forgotten: str, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    more = ["--channel", "desk"] if "preview" in command else []
    assert outcome([*command, *more, "--config", forgotten])
    assert "is older than `keep.items`, so its text is forgotten; `watcher why" in capsys.readouterr().err


def test_alerts_of_forgotten_items_are_listed_as_before(
    config: str, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    told = []
    for _ in range(2):
        assert outcome(["alerts", "list", "--json", "--config", config]) == 0
        assert outcome(["alerts", "list", "--csv", "--config", config]) == 0
        told.append(capsys.readouterr().out)
        request.getfixturevalue("forgotten")
    assert told[0] == told[1]
    assert "Title of b" in told[0]
    assert outcome(["alerts", "show", new_alert().key, "--config", config]) == 0
    shown = capsys.readouterr().out
    assert "Title of b" in shown
    assert "https://wires.example/b" in shown
