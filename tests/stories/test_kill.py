"""Killed at any moment, the daemon loses nothing, and repeats only what was seen and not yet committed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import signal
import time
from collections.abc import Iterator

import pytest

from tests import nine
from tests.nine import Answer, Entry, Life, Taken, World, taken
from tests.servers import Request, Server, head, page, status
from tests.stories.forker import Forker
from tests.stories.house import House, rss, until

FEEDS = 3
SOAK = bool(os.environ.get("WATCHER_SOAK"))
KILLS = 500 if SOAK else 50
PATIENCE = 60 + 3 * KILLS
"""Seconds for what has heaped up: each life makes more than it has the time to tell."""
BY_COMMAND = 10
"""Of so many lives one begins as a person's does, with a process and its loading; the others are forked."""
ITEMS_A_LIFE = 4
STRIKE = frozenset({"strikes"})


class Receiver:
    """A webhook that fails now and then, and keeps what it took."""

    def __init__(self, chance: random.Random) -> None:
        self.taken: list[Taken] = []
        self.failing = True
        self._chance = chance

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if self.failing and self._chance.random() < 0.15:
            await status(503)(request, writer)
            return
        self.taken.append(taken(json.loads(request.body), time.time()))
        await asyncio.sleep(self._chance.uniform(0, 0.1))  # seen, and for a while not yet known to be
        await status(200, b"ok")(request, writer)


class Growing:
    """A feed to which something is added now and then; what it answered is kept."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.entries: tuple[Entry, ...] = ()
        self.answers: list[Answer] = []

    def grow(self) -> None:
        number = f"{self.name}-{len(self.entries):05d}"
        title, rules = (
            (f"Strike reported {number}", STRIKE)
            if len(self.entries) % 2 == 0
            else (f"Calm day {number}", frozenset[str]())
        )
        self.entries = (Entry(guid=number, title=title, rules=rules), *self.entries)

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        entries = self.entries
        etag = f'"{hashlib.blake2b(repr(entries).encode(), digest_size=6).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            writer.write(head(304, {"ETag": etag}))
            return
        self.answers.append(Answer(feed=self.name, at=time.time(), entries=entries, etag=etag))
        body = rss([(entry.guid, entry.title) for entry in entries])
        await page(body, etag=False, headers={"ETag": etag})(request, writer)


@pytest.fixture
def forker() -> Iterator[Forker]:
    forker = Forker()
    yield forker
    forker.close()


@pytest.mark.timeout(7200 if SOAK else 600)
def test_nothing_is_lost_and_only_sends_in_flight_repeat_when_killed_at_random(
    house: House, server: Server, forker: Forker
) -> None:
    chance = random.Random(20260301)
    server["/hook"] = receiver = Receiver(chance)
    feeds = [Growing(f"f{n}") for n in range(FEEDS)]
    for feed in feeds:
        server[f"/{feed.name}.xml"] = feed
    house.settings(
        feeds=[{"id": feed.name, "url": server.url(f"/{feed.name}.xml"), "baseline": "alert"} for feed in feeds],
        channels=[
            {"name": "hook", "url": server.url("/hook").replace("http:", "webhook:"), "pace": "0.01s", "cap": 100_000},
            {"name": "own", "url": f"file://{house.root / 'own.jsonl'}", "cap": 100_000},
        ],
        operator=["own"],
    )
    house.rule("strikes", "strike", group="item")
    lives: list[Life] = []
    for number in range(KILLS):
        for _ in range(ITEMS_A_LIFE):
            chance.choice(feeds).grow()
        if number % BY_COMMAND == 0:
            lives.append(_killed_by_command(house, server, chance))
        else:
            lives.append(_killed(house, server, chance, forker, number))
    receiver.failing = False
    expected = {entry.title for feed in feeds for entry in feed.entries if entry.rules}
    began = time.time()
    with house.daemon() as daemon:
        daemon.logs(f"watching {FEEDS} feeds")  # it may find all told, and hears nothing while it is loaded
        until(lambda: {title for each in receiver.taken for title, _ in each.tells} >= expected, "all told", PATIENCE)
        until(lambda: not house.asked("SELECT key FROM alerts WHERE state = 'pending'"), "an empty outbox", PATIENCE)
        code, _ = daemon.stop()
    lives.append(Life(began=began, ended=time.time()))
    world = World(
        database=house.root / "var" / "watcher.db",
        answers=sorted((each for feed in feeds for each in feed.answers), key=lambda each: each.at),
        taken=[
            *receiver.taken,
            *(taken(json.loads(line)) for line in (house.root / "own.jsonl").read_text("utf-8").splitlines()),
        ],
        lives=lives,
        rules={"strikes": ("hook", "own")},
        log=daemon.err,
        patience=PATIENCE,
    )
    broken, repeats = nine.broken(world), nine.repeats(world)
    items = house.status()["items"]
    print(
        f"{KILLS} kills, {items} items, {2 * len(expected)} alerts, {len(nine.lost(world))} lost, {repeats} repeated "
        f"sends; {sum(life.ended - life.began for life in lives):.0f} s of lives"
    )
    assert code == 0
    assert broken == []
    assert items == sum(len(feed.entries) for feed in feeds)
    assert repeats <= 2 * KILLS, "a kill repeats at most the one send in flight on each channel"


def _killed(house: House, server: Server, chance: random.Random, forker: Forker, number: int) -> Life:
    child = forker.daemon(house.config, house.root / f"forked.{number}", {})
    _live(server, chance)
    child.stop(signal.SIGKILL)
    return Life(began=child.began, ended=child.ended, killed=child.killed)


def _killed_by_command(house: House, server: Server, chance: random.Random) -> Life:
    began = time.time()
    with house.daemon() as daemon:
        _live(server, chance)
        daemon.process.send_signal(signal.SIGKILL)
        killed = daemon.process.wait() == -signal.SIGKILL
    return Life(began=began, ended=time.time(), killed=killed)


def _live(server: Server, chance: random.Random) -> None:
    """Let a daemon live until a moment after it asked for a feed, or spoke to the receiver, or simply a while."""
    path = chance.choice(["/f0.xml", "/f1.xml", "/hook", "/hook", ""])
    before, end = server.count(path), time.monotonic() + 2.5
    while path and server.count(path) == before and time.monotonic() < end:
        time.sleep(0.005)
    time.sleep(chance.uniform(0, 0.15) if path else chance.uniform(0, 1))
