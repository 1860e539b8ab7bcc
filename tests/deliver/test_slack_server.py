"""The server that stands for Slack, held to what Slack documents."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.deliver.slack_server import HOOK, TOKEN, Slack, in_turn, slack_server, sometimes


@pytest.fixture
def slack() -> Iterator[Slack]:
    with slack_server() as one:
        yield one


def message(key: str = "k1", **more: Any) -> dict[str, Any]:
    block = {"type": "divider", "block_id": f"alert-{key}"}
    return {"text": "quake", "blocks": [block], **more}


def by_bot(slack: Slack, payload: dict[str, Any], token: str = TOKEN) -> httpx.Response:
    url = f"{slack.base}/api/chat.postMessage"
    return httpx.post(url, json=payload, headers={"Authorization": f"Bearer {token}"}, verify=False)


def by_hook(slack: Slack, payload: dict[str, Any], path: str = HOOK, timeout: float = 5) -> httpx.Response:
    return httpx.post(f"{slack.base}/services/{path}", json=payload, timeout=timeout, verify=False)


def test_what_was_accepted_is_found_by_its_key(slack: Slack) -> None:
    assert by_hook(slack, message("a")).text == "ok"
    answer = by_bot(slack, message("b", channel="#news")).json()
    assert answer["ok"]
    (posted,) = slack.by_key()["b"]
    assert (posted.channel, posted.ts) == ("C0NEWS", answer["ts"])
    assert [one.key for one in slack.accepted] == ["a", "b"]


def test_a_message_without_blocks_is_found_by_the_beginning_of_its_key(slack: Slack) -> None:
    by_hook(slack, {"text": "quake\n\nalert 0123456789ab"})
    assert [one.key for one in slack.accepted] == ["0123456789ab"]


def test_a_bot_is_told_what_was_wrong_with_a_200(slack: Slack) -> None:
    slack.archived.add("C0OPS")
    said = [
        by_bot(slack, message(channel="#news"), token="xoxb-0"),
        by_bot(slack, message(channel="#nowhere")),
        by_bot(slack, message(channel="#ops")),
        by_bot(slack, message(channel="#news", text="x" * 5000)),
        by_bot(slack, message(channel="#news", blocks=[{"type": "video"}])),
        by_bot(slack, message(channel="#news", thread_ts="1.2")),
    ]
    assert [(answer.status_code, answer.json()["error"]) for answer in said] == [
        (200, "invalid_auth"),
        (200, "channel_not_found"),
        (200, "is_archived"),
        (200, "msg_too_long"),
        (200, "invalid_blocks"),
        (200, "thread_not_found"),
    ]
    assert [problem.error for problem in slack.broken] == ["msg_too_long", "invalid_blocks"]
    assert slack.accepted == []


def test_a_webhook_is_told_in_a_word(slack: Slack) -> None:
    slack.hooks.add("T1/B2/x")
    slack.archived.add("T1/B2/x")
    said = [
        by_hook(slack, message(), "T0/B0/x"),
        by_hook(slack, message(), "T1/B2/x"),
        by_hook(slack, message(text="")),
    ]
    assert [(answer.status_code, answer.text) for answer in said] == [
        (404, "no_service"),
        (410, "channel_is_archived"),
        (400, "no_text"),
    ]


def test_a_reply_stands_in_its_thread(slack: Slack) -> None:
    ts = by_bot(slack, message("a", channel="#news")).json()["ts"]
    assert by_bot(slack, message("b", channel="C0NEWS", thread_ts=ts)).json()["ok"]
    assert slack.accepted[1].thread == ts


def test_more_messages_than_the_rate_allows_are_refused_until_there_is_room(slack: Slack) -> None:
    slack.rate, slack.burst = 2, 2
    said = [by_bot(slack, message(str(n), channel="#news")) for n in range(3)]
    assert [answer.status_code for answer in said] == [200, 200, 429]
    assert (said[2].headers["Retry-After"], said[2].json()["error"]) == ("1", "ratelimited")
    assert by_bot(slack, message(channel="#ops")).json()["ok"]
    assert slack.too_fast == 1
    end = time.monotonic() + 5
    while by_bot(slack, message("again", channel="#news")).status_code == 429:
        assert time.monotonic() < end


def test_faults_come_in_turn(slack: Slack) -> None:
    slack.faults = in_turn(429, 302, 404, "invalid_auth", None, "reset", "late")
    said = [by_hook(slack, message()) for _ in range(5)]
    assert [answer.status_code for answer in said] == [429, 302, 404, 200, 200]
    assert said[3].json()["error"] == "invalid_auth"
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            by_hook(slack, message())
    assert len(slack.accepted) == 2  # the one that was left alone, and the one whose answer was lost
    assert by_hook(slack, message()).text == "ok"


def test_silence_lasts(slack: Slack) -> None:
    slack.faults = in_turn("hang")
    with pytest.raises(httpx.ReadTimeout):
        by_hook(slack, message(), timeout=0.3)


def test_a_share_of_messages_fails(slack: Slack) -> None:
    slack.faults = sometimes(0.1, seed=1, kinds=(500,))
    said = [by_hook(slack, message(str(n))).status_code for n in range(200)]
    assert 10 <= said.count(500) <= 32
    assert len(slack.accepted) == said.count(200)
    assert json.loads(json.dumps(slack.accepted[0].payload)) == message(slack.accepted[0].key)
