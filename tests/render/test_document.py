"""The JSON document that programs are given for an alert."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.alerts import alert, notice, told
from watcher.model import Alert, AlertKey, AlertKind, ChannelName, ChannelSpec, Root, RuleId, Span
from watcher.render import Document, render

DESK = ChannelSpec(name=ChannelName("desk"), url="webhooks://hooks.example/", timezone="Asia/Kathmandu")


def parts(shown: Alert) -> dict[str, Any]:
    document = json.loads(render(shown, Document(), DESK).payload)
    assert isinstance(document, dict)
    return document


def test_a_document_says_all_of_an_alert() -> None:
    assert parts(alert(replace(told(), hashes=("c0ffee",)))) == {
        "schema": "watcher/alert/1",
        "key": "0123456789abcdef" * 2,
        "channel": "desk",
        "group": "story:s",
        "story": "s",
        "kind": "match",
        "severity": "high",
        "created_at": "2026-03-01T11:32:00Z",
        "root": None,
        "copy_of": None,
        "failed_on": None,
        "told": 1,
        "sources": 0,
        "copies": 0,
        "rules": [{"id": "quakes", "title": "Quakes nearby", "hash": "c0ffee"}],
        "items": [
            {
                "id": "a",
                "revision": 1,
                "url": "https://wire.example/a",
                "canonical": None,
                "title": "Quake near the harbour",
                "feed": "wire",
                "source": "wire.example",
                "published": "2026-03-01T09:05:00Z",
                "seen_at": "2026-03-01T11:32:00Z",
                "group": "",
                "severity": "medium",
                "rules": ["quakes"],
                "denial": False,
                "denied": [],
                "others": 0,
                "sources": 1,
                "copies": 0,
                "snippet": "At night a quake came.",
                "evidence": [{"field": "text", "text": "quake", "term": "quake"}],
            }
        ],
        "title": "[high] Quakes nearby: Quake near the harbour",
        "body": render(alert(told()), Document(), DESK).body,
    }


def test_a_rule_of_several_items_is_named_once_as_it_was_first() -> None:
    rules = ((RuleId("quakes"), "Quakes nearby"), (RuleId("sea"), "The sea"))
    one = replace(told(), hashes=("h1",))
    both = alert(one, replace(told("b"), rules=rules, hashes=("h1", "h2")))
    assert [(rule["id"], rule["hash"]) for rule in parts(both)["rules"]] == [("quakes", "h1"), ("sea", "h2")]
    assert [item["rules"] for item in parts(both)["items"]] == [["quakes"], ["quakes", "sea"]]


def test_what_leads_back_is_named_by_its_key() -> None:
    first = Root(key=AlertKey("f" * 32), reference="17.4")
    copy = replace(
        alert(told(), kind=AlertKind.UPDATE), root=first, copy_of=AlertKey("e" * 32), failed_on=ChannelName("mail")
    )
    said = parts(copy)
    assert (said["root"], said["copy_of"], said["failed_on"]) == ("f" * 32, "e" * 32, "mail")
    assert "17.4" not in json.dumps(said)


def test_a_notice_has_no_items_and_no_story() -> None:
    said = parts(notice())
    assert (said["kind"], said["story"], said["items"], said["rules"]) == ("notice", None, [], [])
    assert said["title"] == "[high] watcher: A word"


def test_moments_are_utc_whatever_the_channels_clock() -> None:
    said = parts(replace(alert(told()), created_at=datetime(2026, 7, 1, 12, tzinfo=UTC)))
    assert said["created_at"] == "2026-07-01T12:00:00Z"


def test_evidence_is_each_word_once_and_bounded() -> None:
    spans = [Span(field="text", start=n, end=n + 5, text="quake", term="quake") for n in range(100)]
    many = [Span(field="text", start=n, end=n + 500, text=f"w{n} " + "x" * 500, term="/w.*/") for n in range(100)]
    said = parts(alert(replace(told(), evidence=(*spans, *many))))["items"][0]["evidence"]
    assert len(said) == 50
    assert said[0] == {"field": "text", "text": "quake", "term": "quake"}
    assert max(len(span["text"]) for span in said) <= 300


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_an_item_says_the_document_is_one_line_of_json(title: str, text: str) -> None:
    payload = render(alert(told(title=title, text=f"{text} quake {text}")), Document(), DESK).payload
    assert "\n" not in payload
    assert "\r" not in payload
    assert json.loads(payload)["items"][0]["id"] == "a"
    payload.encode("utf-8")


def paths(value: Any, path: str = "") -> set[str]:
    if isinstance(value, dict):
        return set().union(*(paths(below, f"{path}.{key}" if path else key) for key, below in value.items()))
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return set().union(*(paths(one, f"{path}[]") for one in value))
    return {path}


def test_the_reference_names_every_key_and_no_other() -> None:
    reference = (Path(__file__).parents[2] / "docs" / "reference.md").read_text("utf-8")
    section = reference.partition("### The document for programs\n")[2].partition("\n## ")[0]
    assert paths(parts(alert(told()))) == set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
