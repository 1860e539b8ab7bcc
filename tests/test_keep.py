"""How fast what is old is forgotten, whatever the clock says, and what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import NoReturn

import pytest

from tests.contract.nouns import WIRES, poll, ready, revision
from tests.fakes import NOON, Desk
from watcher.errors import StoreUnavailable
from watcher.jobs.ground import BATCH
from watcher.jobs.keep import AGAIN, BEHIND, FEWEST, HASTE, LOOK, SAMPLE, STEP
from watcher.model import Keep
from watcher.store import open_store

DAY = 86_400.0


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A day's watching: 12 items an hour."""
    with closing(open_store("sqlite:///:memory:")) as store:
        desk = Desk(store)
        ready(store, WIRES)
        for hour in range(24):
            at = NOON + timedelta(hours=hour)
            poll(store, *(revision(f"{hour} {n}", seen_at=at) for n in range(12)), rules=[], at=at)
        yield desk


def look(desk: Desk) -> int:
    """One look of the runner, until there is no more to it."""

    async def until_over() -> int:
        forgotten = 0
        while some := await desk.jobs.prune():
            assert some <= STEP
            forgotten += some
        return forgotten

    return asyncio.run(until_over())


def test_a_count_that_the_store_broke_off_is_begun_anew_and_none_of_it_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.store.save_frequencies({"": SAMPLE, "old": 9})
    assert learned(desk) == 0
    desk.clock.advance(AGAIN.total_seconds())
    assert asyncio.run(desk.jobs.learn()) == BATCH
    with monkeypatch.context() as busy:
        busy.setattr(desk.store, "reading", unavailable)
        with pytest.raises(StoreUnavailable):
            asyncio.run(desk.jobs.learn())
    assert learned(desk) == 0
    assert desk.store.frequencies() == {"": SAMPLE, "old": 9}
    desk.clock.advance(AGAIN.total_seconds())
    assert learned(desk) == 288


def unavailable() -> NoReturn:
    raise StoreUnavailable("for the moment")


def learned(desk: Desk) -> int:
    """One look at what is common, until there is no more to it: how many items it counted."""

    async def until_over() -> int:
        counted = 0
        while some := await desk.jobs.learn():
            assert some <= BATCH
            counted += some
        return counted

    return asyncio.run(until_over())


def test_what_is_kept_is_as_old_as_asked_for(desk: Desk) -> None:
    desk.jobs.keep = Keep(items=0.5 * DAY)
    desk.clock.advance(0.75 * DAY)
    assert [look(desk), look(desk), look(desk)] == [40, 32, 0]
    assert desk.store.status(NOON).items == 288 - 6 * 12
    assert desk.log.events == ["forgot old items"] * 2
    assert desk.log.abouts == [{"items": 40}, {"items": 32}]


def test_what_is_kept_for_longer_than_there_were_years_is_kept(desk: Desk) -> None:
    desk.jobs.keep = Keep(items=999_999_999 * DAY)
    assert look(desk) == 0


def test_a_clock_that_is_years_ahead_takes_little_in_a_look(desk: Desk) -> None:
    desk.clock.advance(5 * 365 * DAY)
    assert desk.jobs.keep.items == 180 * DAY
    assert look(desk) == STEP
    desk.jobs.keep = Keep(items=7 * DAY)
    many = desk.store.status(desk.clock.now()).items
    assert look(desk) == max(STEP, int(many * HASTE * LOOK / (7 * DAY)))


def test_after_six_hours_of_it_the_clock_is_doubted() -> None:
    with closing(open_store("sqlite:///:memory:")) as store:
        desk = Desk(store)
        ready(store, WIRES)
        poll(store, *(revision(str(n), seen_at=NOON) for n in range(STEP * (BEHIND + 5))), rules=[], at=NOON)
        desk.clock.advance(5 * 365 * DAY)
        for _ in range(BEHIND - 1):
            look(desk)
        assert not any("is the clock right?" in event for event in desk.log.events)
        for _ in range(3):
            look(desk)
        assert sum("is the clock right?" in event for event in desk.log.events) == 1


# --- what is common ---------------------------------------------------------------------------------


def test_what_is_common_is_counted_when_there_is_enough_of_it_and_again_when_that_has_doubled() -> None:
    with closing(open_store("sqlite:///:memory:")) as store:
        desk = Desk(store)
        ready(store, WIRES)
        looks = []
        for items in (FEWEST - 1, 1, FEWEST - 1, 1):
            before = store.status(NOON).items
            poll(store, *(revision(str(before + n)) for n in range(items)), rules=[], at=NOON)
            looks += [learned(desk), learned(desk)]
        assert looks == [0, 0, FEWEST, 0, 0, 0, 2 * FEWEST, 0]
        counted = store.frequencies()
        assert counted[""] == counted[f"feed:{WIRES}"] == 2 * FEWEST


def test_what_is_common_is_counted_anew_after_a_day_of_the_newest_items(desk: Desk) -> None:
    desk.store.save_frequencies({"": SAMPLE, "old": 9})
    assert learned(desk) == 0
    desk.clock.advance(AGAIN.total_seconds())
    assert learned(desk) == 288
    assert "old" not in desk.store.frequencies()
    assert learned(desk) == 0
