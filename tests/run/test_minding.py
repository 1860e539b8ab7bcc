"""What people are told of the watcher and its feeds: silent feeds, sums that do not add up, signs of life."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import CONSOLE, NOON, Desk, about, spoken, watched
from tests.lives import QUICK, once, running, twist, until
from tests.stories.house import rss
from watcher.errors import FetchError, Forbidden
from watcher.jobs import Minder
from watcher.jobs.mind import how_it_stands, last_slot
from watcher.model import (
    Absence,
    AlertKind,
    Audit,
    ChannelName,
    Condition,
    FeedId,
    HeartbeatSettings,
    Hours,
    PollSaved,
    Quiet,
    Response,
    Rule,
)
from watcher.ports import Store
from watcher.schedule import Intervals
from watcher.store import open_store

HOUR = 3600.0
EIGHT, NINE = 8 * 60, 9 * 60
DEAD_MAN = "https://life.example/s3cret"


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


# silent feeds

SILENT: Rule = replace(about("silent"), expression="", absence=Absence(feeds=("wires",), silent=6 * HOUR))
NIGHT = Quiet(hours=(Hours(days=tuple(range(7)), start=18 * 60, end=20 * 60, zone="UTC"),))


async def hours(desk: Desk, number: int) -> None:
    """So many hours with a round in each quarter."""
    for _ in range(4 * number):
        desk.clock.advance(HOUR / 4)
        await once(desk)


async def test_feeds_that_fall_silent_are_told_once_and_when_they_speak_again(store: Store) -> None:
    desk = Desk(store, watched("wires"), watched("other"), rules=[SILENT], channels=("console", "desk"))
    desk.publish("wires", rss([("1", "calm one")]))
    desk.publish("other", rss([]))
    await once(desk)
    await hours(desk, 5)
    assert desk[CONSOLE].titles == []
    await hours(desk, 5)
    assert [title.split(" from ")[0] for title in desk[CONSOLE].titles] == ["Nothing new"]
    desk.publish("wires", rss([("2", "calm two"), ("1", "calm one")]))
    await hours(desk, 2)
    assert [title.split(" from ")[0] for title in desk[CONSOLE].titles] == ["Nothing new", "Something new"]
    assert desk["desk"].titles == desk[CONSOLE].titles
    assert {alert.kind for alert in store.alerts(None, None, 9)} == {AlertKind.ABSENCE}
    begin, end = desk[CONSOLE].accepted
    assert end.root
    assert end.root.key == begin.key


async def test_a_feed_whose_silence_is_told_is_asked_often_enough_for_that_however_slow_its_rhythm(
    store: Store,
) -> None:
    desk = Desk(store, *(replace(watched(name), interval=None) for name in ("wires", "other")), rules=[SILENT])
    desk.jobs.intervals = Intervals(jitter=0.0)
    for name in ("wires", "other"):
        desk.publish(name, rss([("1", "calm one")]))
    await once(desk)
    desk.clock.advance(300 * 24 * HOUR)
    await once(desk)
    waits = {state.feed.id: state.next_at - desk.clock.now() for state in store.feeds() if state.next_at}
    assert waits[FeedId("wires")] == timedelta(hours=1.5) < waits[FeedId("other")]


async def test_a_silence_of_feeds_within_quiet_hours_is_one_message_after_them(store: Store) -> None:
    desk = Desk(store, watched("wires"), rules=[SILENT], channels=[spoken("console", quiet=NIGHT)])
    desk.publish("wires", rss([("1", "calm one")]))
    await once(desk)
    await hours(desk, 7)
    desk.publish("wires", rss([("2", "calm two"), ("1", "calm one")]))
    await hours(desk, 2)
    (title,) = desk[CONSOLE].titles
    assert title.startswith("Nothing new from wires for 7 h 15 min")
    assert title.endswith("then something came")


async def test_feeds_are_not_silent_while_nobody_looks(store: Store) -> None:
    desk = Desk(store, watched("wires"), rules=[SILENT])
    desk.publish("wires", rss([("1", "calm one")]))
    await once(desk)
    desk.clock.advance(10 * HOUR)
    await Minder(desk.jobs).absences()
    assert store.alerts(None, None, 9) == ()


async def test_feeds_that_cannot_be_read_are_named_where_the_others_are_silent(store: Store) -> None:
    names = ("wires", "second", "third", "gone")
    desk = Desk(store, *map(watched, names), rules=[replace(SILENT, absence=Absence(feeds=names, silent=6 * HOUR))])
    for name in names:
        desk.publish(name, rss([("1", "calm one")]))
    await once(desk)
    gone = next(state for state in store.feeds() if state.feed.id == "gone")
    gone = replace(gone, failures=9, condition=Condition.GONE, next_at=NOON + timedelta(days=9))
    store.save_poll(PollSaved(state=gone))
    await hours(desk, 7)
    (word,) = [alert for alert in store.alerts(None, None, 9) if alert.kind is AlertKind.ABSENCE]
    assert "and the feeds answer, but for gone.\n" in word.body


async def test_the_feeds_are_read_only_when_a_silence_could_begin(store: Store) -> None:
    desk, asked = Desk(store, watched("wires"), rules=[SILENT]), []
    desk.publish("wires", rss([("1", "calm one")]))
    await once(desk)

    def feeds() -> object:
        asked.append(desk.clock.now())
        return store.feeds()

    twist(desk, feeds=feeds)
    minder = Minder(desk.jobs)
    for _ in range(12 * 60):
        await minder.absences()
        desk.clock.advance(30)
    assert asked == [NOON]
    desk.rule(replace(SILENT, absence=Absence(feeds=("wires",), silent=HOUR)))
    await minder.absences()
    await minder.absences()
    assert asked == [NOON, NOON + timedelta(hours=6)], "what the files say has changed"


# sums


async def test_sums_that_do_not_add_up_are_an_error_and_told_once_also_over_restarts(store: Store) -> None:
    desk = Desk(store)
    flaws: tuple[str, ...] = ("3 dispatches of alerts that are not there",)
    twist(desk, audit=lambda: Audit(matches=3, alerts=1, flaws=flaws))
    for _ in range(2):
        minder = Minder(desk.jobs)
        await minder.audit()
        await minder.audit()
    flaws = (*flaws, *(f"flaw {n}" for n in range(20)))
    await minder.audit()
    first, second = [alert.body for alert in reversed(store.alerts(None, None, 9))]
    assert first == "3 dispatches of alerts that are not there"
    assert second.splitlines()[::10] == ["flaw 0", "and 10 more"]
    assert desk.log.events.count("the store does not add up") == 22


async def test_sums_are_looked_at_when_the_daemon_starts(store: Store) -> None:
    desk = Desk(store)
    twist(desk, audit=lambda: Audit(matches=0, alerts=0, flaws=("odd",)))
    async with running(desk, replace(QUICK, audit=HOUR)):
        await until(lambda: desk[CONSOLE].titles)
    assert desk[CONSOLE].titles == ["What the watcher has stored does not add up"]


# signs of life

LONDON = HeartbeatSettings(at=(EIGHT,), timezone="Europe/London", to=(ChannelName("desk"),))


async def test_still_watching_is_told_once_at_each_time_and_restarts_change_nothing(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=("console", "desk"))
    desk.live_by(LONDON)
    desk.clock.present = datetime(2026, 3, 27, 0, tzinfo=UTC)
    told = []
    for _ in range(96 * 3):  # over the night in which the clocks go forward
        minder = Minder(desk.jobs)
        await minder.still_watching()
        await minder.still_watching()
        told += [desk.clock.now() for alert in store.alerts(desk.clock.now(), None, 9)]
        desk.clock.advance(HOUR / 4)
    assert [at.strftime("%d %H:%M") for at in told] == ["27 08:00", "28 08:00", "29 07:00"]
    await once(desk)
    assert desk["desk"].titles == ["Still watching"] * 3
    assert desk[CONSOLE].titles == []


async def test_still_watching_says_in_two_lines_how_it_stands(store: Store) -> None:
    desk = Desk(store, watched("wires"), watched("away"), channels=[spoken("console", quiet=NIGHT)])
    desk.live_by(HeartbeatSettings(at=(EIGHT, 18 * 60)))
    desk.publish("wires", rss([("1", "strike one"), ("2", "calm")]))
    await once(desk)
    desk.clock.advance(6 * HOUR)
    desk.publish("wires", rss([("3", "strike three"), ("1", "strike one"), ("2", "calm")]))
    await once(desk)
    await Minder(desk.jobs).still_watching()
    (word,) = [alert for alert in store.alerts(None, None, 9) if alert.kind is AlertKind.NOTICE]
    assert word.body.splitlines() == [
        "2 feeds: 1 ok, 1 failing, 0 silent; 3 items known",
        "1 alert since 2026-03-01 08:00 UTC; 1 match held, 0 alerts to be sent",
    ]


async def test_still_watching_is_left_out_when_it_is_long_past(store: Store) -> None:
    desk = Desk(store)
    desk.live_by(replace(LONDON, to=()))
    desk.clock.present = NOON.replace(hour=9, minute=1)
    await Minder(desk.jobs).still_watching()
    assert store.alerts(None, None, 9) == ()


def test_alerts_beyond_counting_are_said_to_be_so(store: Store) -> None:
    assert "1,000 alerts or more since" in how_it_stands(store.status(NOON), 1_000, NOON)


@given(st.lists(st.integers(0, 24 * 60 - 1), unique=True, max_size=4).map(sorted), st.integers(0, 10**6))
def test_the_last_time_of_day_is_not_in_the_future_and_within_a_day_or_so(at: list[int], minutes: int) -> None:
    now = NOON + timedelta(minutes=minutes)
    slot = last_slot(replace(LONDON, at=tuple(at)), now)
    assert (slot is None) == (not at)
    if slot:
        assert timedelta(0) <= now - slot <= timedelta(hours=25)


async def test_the_url_is_called_while_all_is_well(store: Store) -> None:
    desk = Desk(store)
    desk.live_by(HeartbeatSettings(url=DEAD_MAN, every=0.02))
    desk.fetcher.pages[DEAD_MAN] = Response(url=DEAD_MAN, body=b"OK")
    async with running(desk):
        await until(lambda: len(desk.fetcher.asked) > 2)
    assert {request.url for request in desk.fetcher.asked} == {DEAD_MAN}
    assert store.alerts(None, None, 9) == ()


async def test_the_url_is_not_called_when_a_round_goes_wrong(store: Store) -> None:
    desk = Desk(store)
    desk.live_by(HeartbeatSettings(url=DEAD_MAN, every=0.001))
    looks = []

    def broken(*asked: object) -> None:
        looks.append(asked)
        raise ValueError("a row that does not fit")

    twist(desk, claim_feeds=broken)
    async with running(desk):
        await until(lambda: len(looks) > 10)
    assert desk.fetcher.asked == []


async def test_a_call_that_fails_is_told_once_and_not_with_the_url(store: Store) -> None:
    desk = Desk(store)
    desk.live_by(HeartbeatSettings(url=DEAD_MAN, every=0.001))
    desk.fetcher.pages[DEAD_MAN] = FetchError(f"{DEAD_MAN}: HTTP 404", kind="status", status=404)
    async with running(desk):
        await until(lambda: len(desk.fetcher.asked) > 5 and desk[CONSOLE].titles)
        desk.fetcher.pages[DEAD_MAN] = Response(url=DEAD_MAN, body=b"OK")
        before = len(desk.fetcher.asked)
        await until(lambda: len(desk.fetcher.asked) > before + 2)
    assert desk[CONSOLE].titles == ["The heartbeat's URL could not be called"]
    assert desk[CONSOLE].accepted[0].body.startswith("HTTP 404\n")
    assert "s3cret" not in str(desk.log.abouts) + str(desk[CONSOLE].accepted)


async def test_an_address_that_must_not_be_called_says_what_would_allow_it(store: Store) -> None:
    desk = Desk(store)
    desk.live_by(HeartbeatSettings(url=DEAD_MAN, every=60))
    desk.fetcher.pages[DEAD_MAN] = Forbidden(f"{DEAD_MAN}: 10.0.0.1 is private use, RFC 1918")
    async with running(desk):
        await until(lambda: desk[CONSOLE].titles)
    assert "`allow_private` names networks that may be called\n" in desk[CONSOLE].accepted[0].body
