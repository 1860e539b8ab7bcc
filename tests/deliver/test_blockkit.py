"""The check of Slack's messages, checked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.deliver.blockkit import bold, calls, drawn, links, problems


def rich(*elements: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def context(*words: str) -> dict[str, Any]:
    return {"type": "context", "elements": [plain(one) for one in words]}


def listed(*elements: dict[str, Any]) -> dict[str, Any]:
    sections = [{"type": "rich_text_section", "elements": [one]} for one in elements]
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": sections}]}


def message(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"text": "fallback", **({"blocks": list(blocks)} if blocks else {}), **more}


LINK = {"type": "link", "url": "https://wire.example/a", "text": "Quake"}
GOOD = message(
    {"type": "header", "text": plain("x" * 150)},
    {"type": "section", "text": {"type": "mrkdwn", "text": "a &amp; *b* <https://wire.example|Wire>"}},
    rich(text("At night a "), text("quake", style={"bold": True}), text(" came."), kind="rich_text_quote"),
    rich(LINK),
    listed(text("one"), text("two\nlines")),
    {"type": "divider"},
    context(*"0123456789"),
)


def test_a_good_message_has_no_problems() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (message(text=""), "no_text"),
        (message(text="x" * 4001), "msg_too_long"),
        (message(text="a & b"), "invalid_arguments"),
        (message(extra=1), "invalid_arguments"),
        (message(*[{"type": "divider"}] * 51), "invalid_blocks"),
        (message(*[rich(text("x" * 2000))] * 7), "msg_blocks_too_long"),
        (message({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}), "invalid_blocks"),
        (message({"type": "divider", "block_id": "a" * 256}), "invalid_blocks"),
        (message({"type": "divider", "colour": "red"}), "invalid_blocks"),
        (message({"type": "video"}), "invalid_blocks"),
        (message({"type": "header", "text": plain("x" * 151)}), "invalid_blocks"),
        (message({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}), "invalid_blocks"),
        (message({"type": "section"}), "invalid_blocks"),
        (message({"type": "section", "text": plain("x" * 3001)}), "invalid_blocks"),
        (message({"type": "section", "text": {"type": "mrkdwn", "text": "a & b"}}), "invalid_blocks"),
        (message({"type": "section", "fields": [plain("x")] * 11}), "invalid_blocks"),
        (message({"type": "section", "fields": [plain("x" * 2001)]}), "invalid_blocks"),
        (message(context(*"0123456789a")), "invalid_blocks"),
        (message(context()), "invalid_blocks"),
        (message(context("")), "invalid_blocks"),
        (message(rich()), "invalid_blocks"),
        (message(rich(text(""))), "invalid_blocks"),
        (message(rich(text("x", style={"blink": True}))), "invalid_blocks"),
        (message(rich({"type": "button"})), "invalid_blocks"),
        (message(rich({**LINK, "url": "javascript:alert(1)"})), "invalid_blocks"),
        (message(rich({**LINK, "url": "https://wire.example/" + "x" * 3000})), "invalid_blocks"),
        (message(rich(text("x"), kind="rich_text_poem")), "invalid_blocks"),
        (message({"type": "rich_text", "elements": []}), "invalid_blocks"),
        (message(listed()), "invalid_blocks"),
        (message({"type": "rich_text"}), "invalid_blocks"),
    ],
)
def test_what_slack_refuses_is_found_by_its_name(bad: dict[str, Any], error: str) -> None:
    assert {problem.error for problem in problems(bad)} == {error}


def test_calls_and_links_are_found_wherever_slack_would_see_them() -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "<@U1> <https://evil.example|bank>"}}
    said = message(section, rich({"type": "broadcast", "range": "here"}, text("<@U2>"), LINK), text="<!here> quake")
    assert calls(said) == ["broadcast", "!here", "@U1"]
    assert links(said) == [("https://wire.example/a", "Quake"), ("https://evil.example", "bank")]


def test_a_message_can_be_looked_at() -> None:
    assert drawn(GOOD).split("\n")[1:] == [
        "a &amp; *b* <https://wire.example|Wire>",
        "> At night a *quake* came.",
        "[Quake](https://wire.example/a)",
        "• one",
        "• two",
        "  lines",
        "---",
        "(0  1  2  3  4  5  6  7  8  9)",
    ]
    assert bold(GOOD) == ["quake"]
