"""What the operator is told of feeds that fail, fall silent and come back: each change once, an outage as one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import CONSOLE, NOON, Desk, watched
from tests.lives import once, twist
from tests.stories.house import rss
from watcher.errors import FetchError, StoreUnavailable
from watcher.jobs import Minder
from watcher.model import Alert, Condition, FeedId, FeedPause, FeedState, PollSaved, Reach
from watcher.ports import Store
from watcher.store import open_store

MINUTE = 60.0
OUTAGE: dict[str, Any] = {
    "trouble": "dns",
    "error": "https://x.example/feed: the name x.example does not resolve (not known)",
}


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, *(watched(f"feed{n:02}") for n in range(30)))


def state_of(desk: Desk, name: str) -> FeedState:
    return next(state for state in desk.store.feeds() if state.feed.id == name)


def good(desk: Desk, name: str, condition: Condition = Condition.OK, **others: Any) -> None:
    """A good poll now."""
    now, before = desk.clock.now(), state_of(desk, name)
    since = now if before.condition is not condition else before.condition_at
    read = replace(before, failures=0, error=None, trouble=None, status=None, failing_since=None, strain=0.0)
    read = replace(read, condition=condition, condition_at=since, good_at=now, polled_at=now, **others)
    desk.store.save_poll(PollSaved(state=read))


def bad(desk: Desk, name: str, condition: Condition = Condition.FAILING, **others: Any) -> None:
    """A failed poll now, of a server that answers 500 where nothing else is said."""
    now, before = desk.clock.now(), state_of(desk, name)
    failed = replace(before, failures=before.failures + 1, polled_at=now, failing_since=before.failing_since or now)
    since = now if before.condition is not condition else before.condition_at
    failed = replace(failed, trouble="status", status=500, error="the server answered 500", condition_at=since)
    desk.store.save_poll(PollSaved(state=replace(failed, condition=condition, **others)))


def told(desk: Desk) -> list[Alert]:
    """Oldest first."""
    return list(reversed(desk.store.alerts(None, None, 999)))


def titles(desk: Desk) -> list[str]:
    return [alert.title for alert in told(desk)]


async def minded(desk: Desk, *minders: Minder, minutes: float = 0.0) -> None:
    """So many minutes with a look in each, by a minder that has no memory where none is given."""
    for minder in minders or (Minder(desk.jobs),):
        await minder.conditions()
    for _ in range(int(minutes)):
        desk.clock.advance(MINUTE)
        for minder in minders or (Minder(desk.jobs),):
            await minder.conditions()


async def test_each_change_of_a_feed_is_told_once_also_over_restarts(desk: Desk) -> None:
    bad(desk, "feed03", Condition.BLOCKED, status=403)
    await minded(desk, minutes=3)
    bad(desk, "feed03", Condition.GONE, status=410)
    await minded(desk, minutes=3)
    good(desk, "feed03")
    await minded(desk, minutes=3)
    assert titles(desk) == ["Feed feed03 is blocked", "Feed feed03 is gone", "Feed feed03 is read again"]
    assert [alert.body for alert in told(desk)] == [
        (
            "feed03: blocked since 12:00 UTC: the server answers 403 Forbidden; "
            "its owner may require a login (`auth:`) or have banned this address"
        ),
        "feed03: gone since 12:00 UTC: the server answers 410 Gone; remove it, or give its new address",
        "feed03: read again after 6 min of failures",
    ]


async def test_what_comes_after_a_message_is_told_together_ten_minutes_later(desk: Desk) -> None:
    minder = Minder(desk.jobs)
    bad(desk, "feed00")
    await minded(desk, minder, minutes=1)
    for n in range(1, 26):
        bad(desk, f"feed{n:02}", Condition.FAILING if n % 2 else Condition.SILENT, failures=n % 2)
    await minded(desk, minder, minutes=8)
    assert len(told(desk)) == 1
    good(desk, "feed00")
    await minded(desk, minder, minutes=2)
    assert titles(desk) == ["Feed feed00 is failing", "26 feeds: 12 silent, 13 failing, 1 well again"]
    assert told(desk)[1].body.splitlines()[-1] == "and 6 more; `watcher feeds list` shows all"
    assert len(told(desk)[1].body.splitlines()) == 21


async def test_a_feed_that_is_well_again_before_it_was_told_is_never_told(desk: Desk) -> None:
    minder = Minder(desk.jobs)
    bad(desk, "feed00")
    await minded(desk, minder, minutes=1)
    bad(desk, "feed01")
    await minded(desk, minder, minutes=1)
    good(desk, "feed01")
    await minded(desk, minder, minutes=20)
    assert titles(desk) == ["Feed feed00 is failing"]


async def test_a_quiet_feed_is_nothing_to_tell_of(desk: Desk) -> None:
    good(desk, "feed00", Condition.QUIET)
    await minded(desk, minutes=2)
    assert desk.store.changed_conditions() == ()
    good(desk, "feed00")
    await minded(desk, minutes=2)
    assert told(desk) == []
    assert desk.store.changed_conditions() == ()


async def test_a_silent_feed_brings_something_again(desk: Desk) -> None:
    good(desk, "feed00", Condition.SILENT, new_at=NOON - timedelta(days=41))
    await minded(desk, minutes=11)
    good(desk, "feed00", new_at=desk.clock.now())
    await minded(desk)
    assert titles(desk) == ["Feed feed00 is silent", "Feed feed00 brings something again"]
    assert told(desk)[1].body == "feed00: something new after 41 days"


async def test_a_paused_feed_is_not_told_of_until_its_pause_is_over(desk: Desk) -> None:
    bad(desk, "feed00")
    desk.store.pause_feed(FeedId("feed00"), FeedPause(since=NOON, until=NOON + timedelta(minutes=5)))
    await minded(desk, minutes=4)
    assert told(desk) == []
    await minded(desk, minutes=1)
    assert titles(desk) == ["Feed feed00 is failing"]


async def test_an_outage_of_everything_is_one_message_and_its_end_another(desk: Desk) -> None:
    minder = Minder(desk.jobs)
    for n in range(30):
        good(desk, f"feed{n:02}")
    for minute in range(1, 121):  # each feed is polled once in a quarter of an hour, and is failing from the third on
        desk.clock.advance(MINUTE)
        for n in range(30):
            if n % 15 == minute % 15:
                bad(desk, f"feed{n:02}", Condition.FAILING if minute > 30 else Condition.OK, **OUTAGE)
        await minded(desk, minder, Minder(desk.jobs))
    assert titles(desk) == ["Nothing can be fetched since 12:00 UTC"]
    assert told(desk)[0].body == (
        "22 of 22 feeds polled lately fail (https://x.example/feed: the name x.example does not resolve (not known"
        ")); is this machine's network up?\nThey are tried again and again. You are told when they are read."
    )
    for _ in range(15):
        desk.clock.advance(MINUTE)
        for n in range(30):
            if n % 15 == desk.clock.now().minute % 15:
                good(desk, f"feed{n:02}")
        await minded(desk, minder)
    await minded(desk, minder, minutes=30)
    assert titles(desk)[1:] == ["28 feeds are well again", "2 feeds are well again"]
    assert desk.store.changed_conditions() == ()


async def test_feeds_that_stay_away_after_an_outage_do_not_hold_back_the_word_of_the_others(desk: Desk) -> None:
    minder = Minder(desk.jobs)
    for n in range(30):
        bad(desk, f"feed{n:02}", Condition.OK, **OUTAGE)
    await minded(desk, minder)
    desk.clock.advance(60 * MINUTE)
    for n in range(15):
        good(desk, f"feed{n:02}")
    await minded(desk, minder, minutes=29)
    assert len(told(desk)) == 1
    await minded(desk, minder, minutes=2)
    assert titles(desk) == ["Nothing can be fetched", "15 feeds are well again"]


async def test_one_site_that_is_away_is_no_outage(desk: Desk) -> None:
    for n in range(30):
        good(desk, f"feed{n:02}")
    bad(desk, "feed00", **OUTAGE)
    bad(desk, "feed01", **OUTAGE)
    bad(desk, "feed02", Condition.BLOCKED, status=403)
    await minded(desk)
    assert titles(desk) == ["3 feeds: 2 failing, 1 blocked"]


async def test_all_feeds_are_counted_once_a_minute_and_when_anything_has_changed(desk: Desk) -> None:
    minder, reach, counted = Minder(desk.jobs), desk.store.reach, []

    def counting(*asked: Any) -> Reach:
        counted.append(desk.clock.now())
        return reach(*asked)

    twist(desk, reach=counting)
    for _ in range(12):
        await minder.conditions()
        desk.clock.advance(10)
    assert counted == [NOON, NOON + timedelta(minutes=1)]
    bad(desk, "feed00")
    await minder.conditions()
    assert titles(desk) == ["Feed feed00 is failing"]
    bad(desk, "feed01")
    counted.clear()
    for _ in range(12):
        await minder.conditions()
        desk.clock.advance(10)
    assert len(counted) == 2, "what waits for a while is no change"


async def test_what_could_not_be_stored_is_told_later(desk: Desk) -> None:
    minder = Minder(desk.jobs)
    bad(desk, "feed00")

    def full(*_: object) -> None:
        raise StoreUnavailable("the disk is full")

    kept = desk.jobs.store
    twist(desk, tell_conditions=full)
    with pytest.raises(StoreUnavailable):
        await minder.conditions()
    desk.jobs.store = kept
    await minder.conditions()
    assert titles(desk) == ["Feed feed00 is failing"]


# by real polls


async def lived(desk: Desk, hours: float) -> None:
    """So many hours with a round in each ten minutes, by a daemon that starts anew each time."""
    for _ in range(int(hours * 6)):
        desk.clock.advance(10 * MINUTE)
        await once(desk)


async def test_a_feed_that_is_refused_then_gone_then_back_is_told_three_times(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", rss([("1", "calm one")]))
    await once(desk)
    for status in (403, 410):
        url = "https://wires.example/feed"
        desk.publish("wires", FetchError(f"{url}: the server answered {status}", kind="status", status=status))
        await lived(desk, 12)
    desk.publish("wires", rss([("2", "calm two"), ("1", "calm one")]))
    await lived(desk, 12)
    assert desk[CONSOLE].titles == ["Feed wires is blocked", "Feed wires is gone", "Feed wires is read again"]
    assert "read again after " in desk[CONSOLE].accepted[2].body


async def test_a_network_that_is_down_for_an_afternoon_is_one_message_and_its_return_few(store: Store) -> None:
    feeds = [replace(watched(f"feed{n:02}"), interval=None) for n in range(30)]
    desk = Desk(store, *feeds)
    for one in feeds:
        desk.publish(one.id, rss([("1", "calm one")]))
    await once(desk)
    await lived(desk, 3)
    down = desk.fetcher.pages
    desk.fetcher.pages = {url: FetchError(f"{url}: the name does not resolve", kind="dns") for url in down}
    await lived(desk, 8)
    (title,) = desk[CONSOLE].titles
    assert title.startswith("Nothing can be fetched since ")
    desk.fetcher.pages = down
    await lived(desk, 12)
    assert 2 <= len(desk[CONSOLE].titles) <= 5
    assert store.changed_conditions() == ()


def test_a_feed_that_comes_and_goes_is_told_of_a_few_times_a_day() -> None:
    store = open_store("sqlite:///:memory:")
    desk = Desk(store, watched("feed00"))
    look = Minder(desk.jobs)
    for _ in range(7 * 24):
        for turn in (bad, good):
            turn(desk, "feed00", Condition.FAILING if turn is bad else Condition.OK)
            _run(look.conditions())
            desk.clock.advance(30 * MINUTE)
    assert len(_lines(desk)) == 3  # failing, read again, failing
    for _ in range(2):
        desk.clock.advance(180 * MINUTE)
        _run(look.conditions())
    assert "read again" in _lines(desk)[0]
    assert (len(_lines(desk)), store.changed_conditions()) == (4, ())
    store.close()


conditions = st.sampled_from(Condition)
NAMES = ("feed00", "feed01", "feed02")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NAMES), conditions, st.integers(0, 15)), max_size=12))
def test_in_the_end_the_operator_knows_how_each_feed_is(polls: list[tuple[str, Condition, int]]) -> None:
    """Whatever happened, and with a restart at each look: what was told last of a feed is what it is."""
    store = open_store("sqlite:///:memory:")
    desk = Desk(store, *map(watched, NAMES))
    look = Minder(desk.jobs)
    for name, condition, minutes in polls:
        (bad if condition in {Condition.FAILING, Condition.BLOCKED, Condition.GONE} else good)(desk, name, condition)
        _run(look.conditions())
        desk.clock.advance(minutes * MINUTE)
    for minutes in (61, 360):  # an outage is over, and who comes and goes has stayed
        desk.clock.advance(minutes * MINUTE)
        _run(look.conditions())
    assert store.changed_conditions() == ()
    last = {name: next((line for line in _lines(desk) if line.startswith(f"{name}: ")), "") for name in NAMES}
    for name, line in last.items():
        condition = state_of(desk, name).condition
        if condition in {Condition.OK, Condition.QUIET}:
            assert line == "" or "read again" in line or "something new" in line
        else:
            assert line.startswith(f"{name}: {condition}")
    store.close()


def _run(work: Any) -> None:
    with pytest.raises(StopIteration):
        work.send(None)


def _lines(desk: Desk) -> list[str]:
    """What was said, the latest first."""
    return [line for alert in reversed(told(desk)) for line in alert.body.splitlines()]
