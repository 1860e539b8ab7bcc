"""Many alerts over Slack and mail that fail now and then, with the daemon killed in between: each arrives or is told.

What is published is made here, so what must arrive is known without asking the watcher: each story, and each edit.
"""

from __future__ import annotations

import os
import random
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack

import pytest

from tests.deliver.receivers import Mailbox, mail_server
from tests.deliver.slack_server import slack_server, sometimes
from tests.servers import Server, page
from tests.stories.house import House, rss, until

SOAK = bool(os.environ.get("WATCHER_SOAK"))
ALERTS = 2_000 if SOAK else 120
FEEDS = 4
KILLS = 3
RATE = 50.0
"""Messages a second that the Slack-like server lets through; Slack's own limit is one."""
BURST = 3
"""Slack lets short bursts pass."""
FAILING = 0.1
SLACK_FAULTS = (429, 500, 404, 302, "reset", "invalid_blocks")
MAIL_FAULTS = ("451 4.3.0 come back later", "421 4.3.2 closing down", "552 5.2.2 too big")
PEOPLE = ("ann@b.example", "bob@b.example")


class Fickle(dict[str, str]):
    """The replies of a mail server that now and then does not want what it is asked for."""

    def __init__(self, share: float, replies: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._chance = random.Random(20260301)
        self._share = share
        self._faults = replies

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        if name in self._faults and self._chance.random() < self._share:
            return self._chance.choice(self._faults[name])
        return default


def publish(server: Server, stories: int, *, edited: bool) -> None:
    """All stories, over the feeds in turn; every second one edited."""
    for feed in range(FEEDS):
        numbers = range(stories - 1 - (stories - 1 - feed) % FEEDS, -1, -FEEDS)
        items = [
            (f"s{n:05}", f"Strike s{n:05} {'confirmed' if edited and n % 2 == 0 else 'reported'}") for n in numbers
        ]
        server[f"/{feed}.xml"] = page(rss(items))


@pytest.mark.timeout(3600 if SOAK else 300)
def test_every_alert_arrives_once_or_is_told_though_services_fail_and_the_watcher_is_killed(
    house: House, server: Server
) -> None:
    stories = ALERTS // 3  # on two channels, and every second one with an edit
    with ExitStack() as stack:
        slack, mail = stack.enter_context(slack_server()), stack.enter_context(mail_server())
        slack.rate, slack.burst, slack.faults = RATE, BURST, sometimes(FAILING, 7, SLACK_FAULTS)
        mail.replies = Fickle(FAILING, {"DATA": MAIL_FAULTS})
        mail.recipient_replies = Fickle(FAILING / 2, {PEOPLE[1]: ("450 4.2.0 busy",)})
        to = ",".join(PEOPLE)
        channels: list[dict[str, object]] = [
            {"name": "desk", "url": slack.bot("news"), "pace": f"{1.2 / RATE}s", "cap": 100_000},
            {"name": "post", "url": f"mailto://{mail.host}?from=w@a.example&to={to}", "pace": "0.001s", "cap": 100_000},
            {"name": "own", "url": f"file://{house.root / 'own.jsonl'}"},
        ]
        feeds = [{"id": f"f{n}", "url": server.url(f"/{n}.xml"), "baseline": "alert"} for n in range(FEEDS)]
        patience = {"ladder": ["1s"], "give_up_after": "300s", "timeout": "20s"}
        house.settings(feeds=feeds, channels=channels, operator=["own"], delivery=patience)
        house.rule("strikes", "strike", notify=["desk", "post"])

        def arrived() -> int:
            return len(slack.accepted) + len(mail.mails)

        for life in range(KILLS):
            publish(server, stories, edited=life > 0)
            enough = arrived() + ALERTS // (KILLS + 1)
            with house.daemon() as daemon:
                daemon.logs("watching")
                until(lambda: _made(house) >= 2 * stories, "an alert of each story on each channel", 120)
                _await(arrived, enough)
                daemon.process.send_signal(signal.SIGKILL)
                daemon.process.wait()
        with house.daemon() as daemon:
            edits = (stories + 1) // 2
            until(lambda: _made(house) >= 2 * (stories + edits), "an alert of each edit on each channel", 120)
            until(lambda: not house.asked("SELECT key FROM alerts WHERE state = 'pending'"), "an empty outbox", 900)
            code, _ = daemon.stop()
        posted = [(one.key, str(one.payload)) for one in slack.accepted]
        mailed = {who: [*_mailed(mail, who)] for who in PEOPLE}
        assert code == 0
        assert (slack.broken, slack.too_fast) == ([], 0), "no limit of Slack was broken"

    states = Counter(state for (state,) in house.asked("SELECT state FROM alerts"))
    assert states.keys() <= {"sent", "dead"}
    dead = house.rows("alerts", "dead")
    assert len(dead) == states["dead"]
    own = (house.root / "own.jsonl").read_text("utf-8")
    assert all(row["key"] in own for row in dead), "each alert that was given up is told with a word"
    _check(posted, _titles(dead, "desk"), stories)
    for who in PEOPLE:
        _check(mailed[who], _titles(dead, "post"), stories)
    repeats = [_repeats(posted), *(_repeats(mails) for mails in mailed.values())]
    print(f"{states.total()} alerts, {len(dead)} dead, repeated on Slack {repeats[0]}, in the mailboxes {repeats[1:]}")
    assert all(count <= KILLS for count in repeats), "a kill repeats at most the one send in flight of a channel"
    assert house.status()["audit"]["flaws"] == []


def _await(count: Callable[[], int], enough: int) -> None:
    until(lambda: count() >= enough, f"{enough} messages", 900)


def _made(house: House) -> int:
    """Alerts made, the watcher's own words left out."""
    return sum(count for (count,) in house.asked("SELECT count(*) FROM alerts WHERE kind <> 'notice'"))


def _mailed(mail: Mailbox, who: str) -> Iterator[tuple[str, str]]:
    """Key and subject of what came for one of the recipients, in order."""
    for each, (_, to) in zip(mail.mails, mail.envelopes, strict=True):
        if who in to:
            yield str(each["X-Watcher-Alert"]), str(each["Subject"])


def _titles(dead: Iterable[Mapping[str, object]], channel: str) -> str:
    return "\n".join(str(row["title"]) for row in dead if row["channel"] == channel)


def _check(messages: Iterable[tuple[str, str]], given_up: str, stories: int) -> None:
    """Each story, and the edit of every second one, is among what arrived, in that order, or was given up."""
    first: dict[str, int] = {}
    for place, (_, text) in enumerate(messages):
        for version in re.findall(r"s\d{5} (?:reported|confirmed)", text):
            first.setdefault(version, place)
    for number in range(stories):
        versions = [f"s{number:05} {how}" for how in ("reported", "confirmed")[: 2 - number % 2]]
        missing = [version for version in versions if version not in first and version not in given_up]
        assert not missing, "neither arrived nor given up"
        places = [first[version] for version in versions if version in first]
        assert places == sorted(places), f"out of order: {versions}"


def _repeats(messages: Iterable[tuple[str, str]]) -> int:
    """How many messages came more than once."""
    return sum(count - 1 for count in Counter(key for key, _ in messages).values())
