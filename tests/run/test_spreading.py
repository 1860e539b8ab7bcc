"""After a start or a stop feeds that are overdue are asked one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from tests.fakes import Desk, watched
from tests.lives import running, times, until
from watcher.errors import FetchError
from watcher.ports import Store
from watcher.store import open_store

NAMES = ("one", "two", "three")


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite:///:memory:")) as store:
        yield store


def asked(desk: Desk) -> int:
    return sum(times(desk, name) for name in NAMES)


async def settled(desk: Desk, polls: int) -> None:
    """So many polls, all of them saved, and no feed due."""
    now = desk.clock.now()
    await until(lambda: asked(desk) == polls and all(s.next_at and s.next_at > now for s in desk.store.feeds()))


async def test_feeds_that_are_overdue_at_the_start_and_after_a_sleep_are_spread(store: Store) -> None:
    desk = Desk(store, *map(watched, NAMES))
    desk.jobs.intervals = replace(desk.jobs.intervals, spread_each=10.0, spread=60.0)
    for name in NAMES:
        desk.publish(name, FetchError("no", kind="dns"))
    async with running(desk):
        for number in (1, 2, 3):
            await settled(desk, number)
            desk.clock.advance(10)
        desk.clock.advance(7 * 3600)
        for number in (4, 5, 6):
            await settled(desk, number)
            desk.clock.advance(10)
    assert [times(desk, name) for name in NAMES] == [2, 2, 2]
