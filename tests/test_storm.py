"""Storms, clocks that jump and people who change everything meanwhile: what came is told in the end, and once."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from tests.channel import Channel, dispatch
from tests.fakes import CONSOLE, NOON, Desk, about, spoken, watched
from tests.lives import once
from tests.stories.house import rss
from watcher.errors import SendError
from watcher.model import (
    ChannelName,
    ChannelSpec,
    Fate,
    Hours,
    Quiet,
    Reason,
    Rule,
    Severity,
    When,
)
from watcher.ports import Store
from watcher.run.threads import OneThread, in_thread
from watcher.store import open_store

SOAK = bool(os.environ.get("WATCHER_SOAK"))
LIVES = 300 if SOAK else 8
MATCHES = 10_000 if SOAK else 1_000
HOUR = 3600.0
DAY = 24 * HOUR
WORDS = ("strike", "flood", "quake")
JUMPS = (-HOUR, -DAY, DAY, 40 * DAY, 5 * 365 * DAY)
EPOCH = datetime(1970, 1, 2, tzinfo=UTC)
PASSING, FINAL = SendError("HTTP 503"), SendError("HTTP 400", permanent=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "watcher.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{path}")
    yield opened
    opened.close()


def asked(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute(query).fetchall()


# whatever happens meanwhile


class Life:
    """A desk to which anything may happen between two rounds, and what it was brought."""

    def __init__(self, store: Store, seed: int) -> None:
        self.chance = random.Random(seed)
        self.desk = Desk(
            store, watched("wires"), rules=[about(word, group="item") for word in WORDS], channels=("console", "desk")
        )
        self.brought: set[tuple[str, str]] = set()  # channel and title
        self.latest = self.desk.clock.now()
        self._titles: list[str] = []
        self._silences: list[int] = []
        self._hash = count()

    async def step(self) -> None:
        """Something happens, something may come, and a new process has a round."""
        happening = self.chance.choice(
            [self.jump, self.set_rules, self.set_channels, self.say, self.unsay, self.fail, self.recover, self.wait]
        )
        happening()
        self.desk.clock.advance(self.chance.random())  # no two moments are the same
        await self.round(self.chance.choice([0, 0, 1, 3, 12]))

    async def round(self, new: int) -> None:
        desk = self.desk
        fresh = [f"{self.chance.choice(WORDS)} n{len(self._titles) + n:04}" for n in range(new)]
        self._titles += fresh
        desk.publish("wires", rss([(title, title) for title in reversed(self._titles)]))
        polls = len(desk.fetcher.asked)
        desk.store.release_leases(desk.clock.now())
        await once(desk)
        if fresh:
            while len(desk.fetcher.asked) == polls:
                desk.clock.advance(HOUR)
                await once(desk)
        live = {rule.id for rule in desk.rules}
        self.brought |= {(name, title) for title in fresh if title.split()[0] in live for name in desk.senders}
        self.latest = max(self.latest, desk.clock.now())

    def wait(self) -> None:
        self.desk.clock.advance(self.chance.choice([60, HOUR, 9 * HOUR]))

    def jump(self) -> None:
        self.desk.clock.advance(self.chance.choice(JUMPS))
        if self.chance.random() < 0.2:
            self.desk.clock.present = EPOCH + timedelta(seconds=self.chance.random() * DAY)
        elif self.chance.random() < 0.5:
            self.desk.clock.present = self.latest = NOON + timedelta(seconds=self.chance.randrange(int(20 * DAY)))

    def set_rules(self) -> None:
        """Any of them may be removed, or another, and all their settings may be others."""
        chosen = [word for word in WORDS if self.chance.random() < 0.8] or ["strike"]
        self.desk.rule(*(self._rule(word) for word in chosen))

    def _rule(self, word: str) -> Rule:
        pick = self.chance.choice
        changed = replace(
            about(word),
            throttle=pick([None, None, 1800.0, 5 * HOUR]),
            digest=pick([False, False, True]),
            max_age=pick([None, None, HOUR]),
            when=pick([None, None, When(count=2, within=2 * HOUR)]),
            group=pick(["item", "rule", "feed"]),
            severity=pick(list(Severity)),
        )
        return replace(changed, hash=f"{word}{next(self._hash)}")

    def set_channels(self) -> None:
        """One of them may be removed, or come back."""
        names = ["console", *(name for name in ("desk", "phone") if self.chance.random() < 0.7)]
        self.desk.channel(*(self._channel(name) for name in names))

    def _channel(self, name: str) -> ChannelSpec:
        pick = self.chance.choice
        zone = pick(["UTC", "Europe/London", "Pacific/Chatham", "America/St_Johns", "Africa/Casablanca"])
        start, end = pick([(1320, 420), (0, 60), (720, 1440), (120, 1260)])
        quiet = Quiet(
            hours=(Hours(days=tuple(range(7)), start=start, end=end, zone=zone),), below=pick([None, Severity.CRITICAL])
        )
        return spoken(
            name,
            timezone=zone,
            quiet=pick([None, quiet]),
            digest=pick([(), (480,), (95, 1080)]),
            cap=pick([1, 2, 5, 60]),
            fallback=pick([None, *(ChannelName(other) for other in ("console", "desk", "phone") if other != name)]),
        )

    def say(self) -> None:
        on = self.chance.choice([None, *self.desk.senders])
        span = self.chance.choice([HOUR, DAY])
        self._silences.append(self.desk.silence(self.chance.choice(WORDS), span, on).id)

    def unsay(self) -> None:
        if self._silences:
            self.desk.store.end_silence(self.chance.choice(self._silences), self.desk.clock.now())

    def fail(self) -> None:
        self.desk.senders[self.chance.choice(list(self.desk.senders))].failing = self.chance.choice([PASSING, FINAL])

    def recover(self) -> None:
        for sender in self.desk.senders.values():
            sender.failing = None

    async def end(self) -> None:
        """The services work, the clock goes on, and nothing more comes."""
        self.recover()
        self.desk.clock.present = max(self.latest, self.desk.clock.now())
        for _ in range(80):
            self.desk.clock.advance(9 * HOUR)
            await self.round(0)


@pytest.mark.parametrize("seed", range(LIVES))
async def test_what_came_is_told_once_whatever_is_changed_meanwhile(store: Store, path: Path, seed: int) -> None:
    life = Life(store, seed)
    senders = dict(life.desk.senders)
    for _ in range(life.chance.randrange(10, 60)):
        await life.step()
        senders |= life.desk.senders
    await life.end()
    assert store.waiting(10) == ()
    assert store.audit().flaws == ()
    found = {
        (str(channel), str(title)): Reason(str(reason))
        for channel, title, reason in asked(
            path,
            "SELECT d.channel, t.title, d.reason FROM dispatches d JOIN matches m ON m.pk = d.match JOIN"
            " (SELECT i.id AS item, r.number, r.title FROM items i JOIN revisions r ON r.item = i.pk"
            " UNION SELECT item, number, title FROM forgotten) AS t ON t.item = m.item AND t.number = m.revision",
        )
    }
    assert found.keys() == life.brought
    states = Counter(str(state) for (state,) in asked(path, "SELECT state FROM alerts"))
    assert states.keys() <= {"sent", "dead"}
    dead = {str(key) for (key,) in asked(path, "SELECT key FROM alerts WHERE state = 'dead'")}
    copies = {str(key) for (key,) in asked(path, "SELECT key FROM alerts WHERE copy_of IS NOT NULL")}
    for name, sender in senders.items():
        keys = Counter(message.key for message in sender.accepted)
        assert max(keys.values(), default=0) <= 1
        shown = Counter(title for m in sender.accepted if m.key not in copies for title in m.title.split("; "))
        assert [title for title, times in shown.items() if times > 1 and (name, title) in found] == []
    untold = {reason for reason in found.values() if reason.fate not in {Fate.ALERTED, Fate.DIGEST, Fate.SILENCED}}
    assert untold <= {Reason.WINDOW_PASSED, Reason.CHANNEL_REMOVED}
    assert not dead & {message.key for sender in senders.values() for message in sender.accepted}


async def test_a_feed_that_a_clock_far_ahead_brought_in_is_polled_by_the_right_one(store: Store) -> None:
    desk = Desk(store)
    desk.clock.present = NOON + timedelta(days=3650)
    desk.want(watched("wires"))
    desk.publish("wires", rss([("a", "strike a")]))
    desk.clock.present = NOON
    store.release_leases(NOON)
    await once(desk)
    assert desk[CONSOLE].titles == ["strike a"]


def test_what_came_by_a_clock_far_ahead_waits_for_no_more_of_its_kind() -> None:
    rule = replace(about("quake"), when=When(count=2, within=HOUR))
    channel = Channel(spoken("desk"), {rule.id: rule})
    channel.arrive([dispatch(at=NOON + timedelta(days=3650))])
    channel.round(NOON)
    assert channel.dispatches[1].reason is Reason.WINDOW_PASSED


# a storm

RULES = ("strike", *(f"quiet{n}" for n in range(9)))
CAP = 20
FEEDS = 6


def stormy(desk: Desk, wave: int, size: int) -> list[str]:
    """A feed of its own with so many stories, of which the quiet rules have one each and the chatty one all others."""
    titles = [f"{RULES[n] if 0 < n < len(RULES) else RULES[0]} w{wave}n{n:05}" for n in range(size)]
    desk.publish(f"wave{wave}", rss([(title, title) for title in titles]))
    desk.want(*(watched(f"wave{n}") for n in range(wave + 1)))
    return titles


async def test_a_storm_is_told_within_the_cap_and_fairly_and_all_of_it(store: Store, path: Path) -> None:
    thread = OneThread("store")
    rules = [about(word, group="item") for word in RULES]
    desk = Desk(store, rules=rules, channels=[spoken("console", cap=CAP)], on_store=thread, on_thread=in_thread)
    times: list[float] = []
    desk[CONSOLE].before = lambda: times.append((desk.clock.now() - NOON).total_seconds())
    titles: list[str] = []
    for wave in range(FEEDS):  # within a minute
        titles += stormy(desk, wave, MATCHES // FEEDS)
        await once(desk)
        desk.clock.advance(10)
    assert len(times) <= CAP
    first = [title for title in desk[CONSOLE].titles if "; " not in title]
    assert {title.split()[0] for title in first} == set(RULES)
    assert Counter(title.split()[0] for title in first)["strike"] == CAP - len(RULES)
    for _ in range(4):
        await once(desk)
        desk.clock.advance(HOUR / 2)
    assert thread.close(10)
    assert store.waiting(1) == ()
    assert all(sum(at - HOUR < other <= at for other in times) <= CAP for at in times)
    told = asked(path, "SELECT told, state FROM alerts")
    assert {state for _, state in told} == {"sent"}
    assert sum(int(str(items)) for items, _ in told) == len(titles)
    shown = Counter(title for message in desk[CONSOLE].titles for title in message.split("; "))
    assert max(shown.values()) == 1
    untold = asked(path, "SELECT count(*) FROM dispatches WHERE alert IS NULL OR fate NOT IN ('alerted', 'digest')")
    assert untold == [(0,)]


async def test_while_a_storm_is_decided_the_event_loop_goes_on(store: Store) -> None:
    """How long the loop's own thread works between two looks, whoever else has the processor."""
    thread = OneThread("store")
    desk = Desk(store, rules=[about("strike", group="item")], on_store=thread, on_thread=in_thread)
    stormy(desk, 0, MATCHES)
    (state,) = store.feeds()
    await desk.jobs.poll(state)
    worked, deciding = [0.0], asyncio.create_task(desk.jobs.alert(CONSOLE))
    while not deciding.done():
        began = time.thread_time()
        await asyncio.sleep(0)
        worked.append(time.thread_time() - began)
    await deciding
    assert thread.close(10)
    assert store.waiting(1) == ()
    print(f"{MATCHES:,} matches: the loop is held {max(worked) * 1000:.1f} ms, looked {len(worked):,} times")
    assert max(worked) < 0.1
