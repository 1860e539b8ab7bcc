"""Killed at any moment, the daemon loses nothing, and repeats only what was seen and not yet committed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing

import pytest

from tests.servers import Reply, Request, Server, page, status
from tests.stories.house import House, rss, until

FEEDS = 3
SOAK = bool(os.environ.get("WATCHER_SOAK"))
KILLS = 500 if SOAK else 25
ITEMS_A_LIFE = 4


class Receiver:
    """A webhook that fails now and then, and keeps what it accepted."""

    def __init__(self, chance: random.Random) -> None:
        self.accepted: list[str] = []
        self.failing = True
        self._chance = chance

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if self.failing and self._chance.random() < 0.15:
            await status(503)(request, writer)
            return
        document = json.loads(request.body)
        self.accepted.append(document["title"] + " " + document["message"])
        await asyncio.sleep(self._chance.uniform(0, 0.1))  # seen, and for a while not yet known to be
        reply: Reply = page(b"ok", etag=False)
        await reply(request, writer)


@pytest.mark.timeout(7200 if SOAK else 600)
def test_nothing_is_lost_and_only_sends_in_flight_repeat_when_killed_at_random(house: House, server: Server) -> None:
    chance = random.Random(20260301)
    receiver = Receiver(chance)
    server["/hook"] = receiver
    hook = server.url("/hook").replace("http:", "json:")
    feeds = [{"id": f"f{n}", "url": server.url(f"/{n}.xml"), "baseline": "alert"} for n in range(FEEDS)]
    house.settings(feeds=feeds, channels=[{"name": "hook", "url": hook, "cap": 1000}])
    published: list[list[tuple[str, str]]] = [[] for _ in range(FEEDS)]

    def grow() -> None:
        for _ in range(ITEMS_A_LIFE):
            n = chance.randrange(FEEDS)
            number = len(published[n])
            words = "Strike reported" if number % 2 == 0 else "Calm day reported"
            published[n].insert(0, (f"f{n}-{number:05d}", f"{words} f{n}-{number:05d}"))
            server[f"/{n}.xml"] = page(rss(published[n]))

    for n in range(FEEDS):
        server[f"/{n}.xml"] = page(rss([]))
    for _ in range(KILLS):
        grow()
        with house.daemon() as daemon:
            _live(server, chance)
            daemon.process.send_signal(signal.SIGKILL)
            daemon.process.wait()
    receiver.failing = False
    guids = [guid for feed in published for guid, _ in feed]
    expected = {guid for feed in published for guid, words in feed if words.startswith("Strike")}
    with house.daemon() as daemon:
        until(lambda: _told(receiver) >= expected, f"{len(expected)} alerts delivered", 60)
        until(lambda: not house.asked("SELECT key FROM alerts WHERE state = 'pending'"), "an empty outbox", 60)
        code, _ = daemon.stop()
    assert code == 0

    with closing(sqlite3.connect(house.root / "var" / "watcher.db")) as base:
        stored = [title.split()[-1] for (title,) in base.execute("SELECT title FROM revisions")]
        sent = Counter(key for (key,) in base.execute("SELECT alert FROM deliveries WHERE state = 'sent'"))
        alerts = base.execute("SELECT count(*), sum(state = 'sent') FROM alerts WHERE kind = 'match'").fetchone()
    assert sorted(stored) == sorted(guids), "every item is stored once"
    assert alerts == (len(expected), len(expected)), "one alert for each matching item, each one sent"
    assert set(sent.values()) == {1}, "the store committed one acceptance of each alert"
    repeats = Counter(guid for text in receiver.accepted for guid in _guids(text) if guid in expected)
    extra = sum(repeats.values()) - len(expected)
    print(f"{KILLS} kills, {len(guids)} items, {len(expected)} alerts, {extra} repeated sends")
    assert extra <= KILLS, "a kill repeats at most the one send in flight on the channel"
    assert house.status()["matches"]["open"] == 0


def _live(server: Server, chance: random.Random) -> None:
    """Let a daemon live until a moment after it asked for a feed, or spoke to the receiver, or simply a while."""
    path = chance.choice(["/0.xml", "/1.xml", "/hook", "/hook", ""])
    before, end = server.count(path), time.monotonic() + 2.5
    while path and server.count(path) == before and time.monotonic() < end:
        time.sleep(0.005)
    time.sleep(chance.uniform(0, 0.15) if path else chance.uniform(0.2, 1.5))


def _guids(text: str) -> set[str]:
    return {word.strip("*.,:;()\"'") for word in text.split() if word.strip("*.,:;()\"'").startswith("f")}


def _told(receiver: Receiver) -> set[str]:
    return {guid for text in receiver.accepted for guid in _guids(text)}
