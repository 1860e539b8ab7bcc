"""A storm by the daemon: thousands of matches on one channel, while another goes on."""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections import Counter
from functools import partial
from statistics import median

import pytest

from tests.deliver.slack_server import slack_server
from tests.memory import peak, resident
from tests.servers import Request, Server, head, page
from tests.stories.house import House, rss, until

SOAK = bool(os.environ.get("WATCHER_SOAK"))
MATCHES = 10_000 if SOAK else 1_000
FEEDS = 10
CAP = 30
BEATS = 5
"""Alerts of the other channel before the storm."""
QUIET = tuple(f"quiet{n}" for n in range(9))
MOST_MEMORY = 300
"""Megabytes that a storm may add to the daemon."""


class Beat:
    """A publisher with one more entry at each poll, and the receiver that is told of it: how long that takes."""

    def __init__(self, server: Server) -> None:
        self.seconds: list[float] = []
        self.titles: list[str] = []
        self._published: dict[str, float] = {}
        server["/beat.xml"] = self._feed
        server["/beat"] = self._received

    def goes_on(self, beats: int) -> bool:
        """Whether there are more than so many."""
        return len(self.seconds) > beats

    async def _feed(self, _: Request, writer: asyncio.StreamWriter) -> None:
        self._published[f"beat {len(self._published):04}"] = time.monotonic()
        body = rss([(title, title) for title in reversed(self._published)])
        writer.write(head(200, {"Content-Type": "application/rss+xml", "Content-Length": str(len(body))}) + body)

    async def _received(self, request: Request, writer: asyncio.StreamWriter) -> None:
        found = re.findall(r"beat \d{4}", json.loads(request.body)["items"][0]["title"])
        self.titles += found
        self.seconds += [time.monotonic() - self._published[title] for title in found]
        writer.write(head(200, {"Content-Length": "2"}) + b"ok")


@pytest.mark.timeout(900)
def test_a_storm_floods_nobody_loses_nothing_and_holds_up_no_other_channel(house: House, server: Server) -> None:
    beat, titles = Beat(server), [f"n{n:05}" for n in range(MATCHES)]
    calm = page(rss([]))
    for feed in range(FEEDS):
        server[f"/{feed}.xml"] = calm
    with slack_server() as slack:
        channels: list[dict[str, object]] = [
            {"name": "desk", "url": slack.bot("news"), "cap": CAP, "pace": "0.001s"},
            {"name": "beat", "url": f"webhook://127.0.0.1:{server.port}/beat", "cap": 100_000, "pace": "0.001s"},
        ]
        paths = [*(f"/{n}.xml" for n in range(FEEDS)), "/beat.xml"]
        feeds = [{"id": path[1:-4], "url": server.url(path), "baseline": "alert"} for path in paths]
        house.settings(feeds=feeds, channels=channels)
        for word in ("strike", *QUIET):
            house.rule(word, word, notify=["desk"], group="item")
        (house.rules / "strikes.yaml").unlink()
        house.rule("beat", "beat", notify=["beat"], group="item")
        with house.daemon() as daemon:
            until(lambda: len(beat.seconds) >= BEATS, "the first beats", 120)
            before, used = list(beat.seconds), resident(daemon.process.pid) / 2**20
            for feed in range(FEEDS):  # after each of them a beat
                beats = len(beat.seconds)
                server[f"/{feed}.xml"] = page(rss([_story(n, titles) for n in range(feed, MATCHES, FEEDS)]))
                until(partial(beat.goes_on, beats), "a beat in the storm", 120)
            until(lambda: _dispatches(house) >= MATCHES, "the storm read and decided", 600)
            during = beat.seconds[len(before) :]
            most = peak(daemon.process.pid) / 2**20
            until(lambda: house.status()["outbox"]["pending"] == 0, "an empty outbox")
            in_storm = [posted.payload for posted in slack.accepted]
            held = {row["reason"] for row in house.rows("alerts", "waiting")}
            channels[0]["cap"] = 100_000
            house.settings(feeds=feeds, channels=channels)
            until(lambda: house.status()["reasons"].get("over-cap", 0) == 0, "all of it told")
            until(lambda: house.status()["outbox"]["pending"] == 0, "an empty outbox")
            code, _ = daemon.stop()
        accepted, broken = list(slack.accepted), list(slack.broken)
    print(
        f"{MATCHES:,} matches: {len(in_storm)} messages, {len(accepted)} in the end; the other channel "
        f"{median(before) * 1000:.0f} ms before, {median(during or before) * 1000:.0f} ms (at most "
        f"{max(during or before) * 1000:.0f}) during: {median(during or before) / median(before):.1f} times; "
        f"{used:.0f} MB before, {most:.0f} at most"
    )
    assert (code, broken) == (0, [])
    assert len(in_storm) == CAP
    assert held <= {"over-cap"}
    assert beat.titles == [f"beat {n:04}" for n in range(len(beat.titles))], "each once, in order, by itself"
    assert most - used < MOST_MEMORY
    assert max(Counter(posted.key for posted in accepted).values()) == 1
    fates = dict(house.asked("SELECT fate, count(*) FROM dispatches WHERE channel = 'desk' GROUP BY fate"))
    assert set(fates) == {"alerted", "digest"}
    assert sum(fates.values()) == MATCHES
    assert dict(house.asked("SELECT state, sum(told) FROM alerts WHERE channel = 'desk' GROUP BY state")) == {
        "sent": MATCHES
    }
    shown = Counter(title for posted in accepted for title in set(re.findall(r"n\d{5}", json.dumps(posted.payload))))
    assert max(shown.values()) == 1, "no story stands in two messages"
    assert house.status()["audit"]["flaws"] == []


def _story(number: int, titles: list[str]) -> tuple[str, str]:
    """One in a hundred is for the quiet rules."""
    word = QUIET[number // 100 % len(QUIET)] if number % 100 == 0 else "strike"
    return titles[number], f"{word} {titles[number]}"


def _dispatches(house: House) -> int:
    """Those of the channel with the storm that have been decided."""
    query = "SELECT count(*) FROM dispatches WHERE channel = 'desk' AND reason <> 'waiting'"
    return int(house.asked(query)[0][0])
