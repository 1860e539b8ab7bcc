"""Polls that wait for slow servers hold up no other poll."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from tests.fakes import CONSOLE, Desk, watched
from tests.lives import QUICK, running, times, until
from tests.stories.house import rss
from watcher.model import PollSaved
from watcher.ports import Store
from watcher.run.seats import Seated
from watcher.store import open_store

POLLS = 4
SLOW = [f"slow{n:02}" for n in range(5 * POLLS)]
FEW = replace(QUICK, polls=POLLS, patience=0.01, slow=len(SLOW))


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite:///:memory:")) as store:
        yield store


def crowd(store: Store) -> tuple[Desk, asyncio.Event]:
    """More feeds that hang than may be polled at the same time, due before the one that answers."""
    desk, hung = Desk(store, *map(watched, SLOW)), asyncio.Event()
    for name in SLOW:
        desk.publish(name, hung)
    desk.publish("wires", rss([("1", "strike one")]))
    desk.clock.advance(1)
    desk.want(*map(watched, [*SLOW, "wires"]))
    desk.jobs.fetcher = Seated(desk.fetcher)
    return desk, hung


async def test_a_crowd_of_dripping_feeds_delays_no_other(store: Store) -> None:
    desk, hung = crowd(store)
    async with running(desk, FEW):
        await until(lambda: "strike one" in desk[CONSOLE].titles)
        assert len(desk.fetcher.running) == len(SLOW), "and each of them is still waited for"
        hung.set()
        await until(lambda: sum(state.failures for state in store.feeds()) == len(SLOW))


async def test_feeds_that_were_slow_before_give_way_at_once(store: Store) -> None:
    desk, hung = crowd(store)
    for state in store.feeds():
        if state.feed.id in SLOW:
            store.save_poll(PollSaved(state=replace(state, trouble="timeout")))
    async with running(desk, replace(FEW, patience=3600)):
        await until(lambda: "strike one" in desk[CONSOLE].titles)
        assert len(desk.fetcher.running) == len(SLOW)
        hung.set()


async def test_no_more_polls_than_allowed_are_waited_for(store: Store) -> None:
    desk, hung = crowd(store)
    async with running(desk, replace(FEW, slow=POLLS)):
        await until(lambda: len(desk.fetcher.running) == 2 * POLLS)
        assert not times(desk, "wires")
        hung.set()
        await until(lambda: "strike one" in desk[CONSOLE].titles)
