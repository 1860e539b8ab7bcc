"""How a feed is, judged from what is remembered of its polls, and said in a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.nouns import feed
from tests.fakes import NOON
from watcher.condition import BAD, judged, reason
from watcher.model import Condition, FeedPause, FeedState, Habits

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WELL = FeedState(feed=feed("wires"), good_at=NOON, new_at=NOON, added_at=NOON - 90 * DAY, baselined=True, polls=9)


def failed(times: int = 1, *, trouble: str = "status", lasting: timedelta = HOUR, **others: object) -> FeedState:
    """After so many failures in a row, the first so long ago."""
    made = replace(WELL, failures=times, strain=float(times), trouble=trouble, failing_since=NOON - lasting)
    return replace(made, error="https://wires.example/feed: no answer", polled_at=NOON, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (WELL, Condition.OK),
        (failed(1, status=403), Condition.OK),
        (failed(2, status=403), Condition.BLOCKED),
        (failed(2, status=401), Condition.BLOCKED),
        (failed(2, trouble="challenge"), Condition.BLOCKED),
        (failed(2, trouble="challenge", status=503), Condition.BLOCKED),
        (failed(1, status=410), Condition.OK),
        (failed(2, status=410), Condition.GONE),
        (failed(2, status=404), Condition.OK),
        (failed(3, status=404), Condition.FAILING),
        (failed(9, status=404, lasting=3 * DAY), Condition.GONE),
        (failed(2, status=500), Condition.OK),
        (failed(5, status=500, strain=2.5), Condition.OK),
        (failed(6, status=500, strain=3.0), Condition.FAILING),
        (failed(2, status=500, strain=1.0, lasting=DAY), Condition.FAILING),
        (failed(6, status=429, strain=3.0), Condition.BLOCKED),
        (failed(3, trouble="forbidden"), Condition.FAILING),
        (failed(3, status=503, condition=Condition.BLOCKED), Condition.BLOCKED),
        (failed(1, trouble="timeout", condition=Condition.FAILING), Condition.FAILING),
        (failed(3, status=410, condition=Condition.BLOCKED), Condition.GONE),
        (failed(3, status=403, condition=Condition.FAILING), Condition.BLOCKED),
    ],
)
def test_a_feed_is_judged_by_its_polls(state: FeedState, expected: Condition) -> None:
    assert judged(state, NOON) is expected


@pytest.mark.parametrize(
    ("every", "still", "expected"),
    [
        (HOUR, 2 * HOUR, Condition.OK),
        (HOUR, 4 * HOUR, Condition.QUIET),
        (HOUR, 23 * HOUR, Condition.QUIET),
        (HOUR, DAY, Condition.SILENT),
        (7 * DAY, 6 * DAY, Condition.OK),
        (7 * DAY, 22 * DAY, Condition.QUIET),
        (7 * DAY, 42 * DAY, Condition.SILENT),
        (None, 29 * DAY, Condition.OK),
        (None, 30 * DAY, Condition.SILENT),
    ],
)
def test_a_feed_that_brings_nothing_for_long_is_quiet_and_then_silent(
    every: timedelta | None, still: timedelta, expected: Condition
) -> None:
    habits = Habits(every=every.total_seconds() if every else None)
    assert judged(replace(WELL, habits=habits, new_at=NOON - still), NOON) is expected


def test_a_feed_that_never_brought_anything_is_silent_from_when_it_was_wanted() -> None:
    never = replace(WELL, new_at=None, added_at=NOON - 31 * DAY)
    assert judged(never, NOON) is Condition.SILENT
    assert judged(replace(never, good_at=None), NOON) is Condition.OK


def test_what_is_usual_is_not_learned_away_from_a_silence() -> None:
    silent = replace(WELL, new_at=NOON - 40 * DAY, condition=Condition.SILENT, condition_at=NOON - DAY)
    assert judged(replace(silent, habits=Habits(every=30 * DAY.total_seconds())), NOON) is Condition.SILENT
    assert judged(replace(silent, new_at=NOON), NOON) is Condition.OK


def test_silence_is_not_counted_while_polls_fail() -> None:
    asked = replace(failed(1, condition=Condition.OK), good_at=NOON - 20 * DAY, new_at=NOON - 40 * DAY)
    assert judged(asked, NOON) is Condition.OK


# laws

moments = st.integers(-(10**7), 10**7).map(lambda seconds: NOON + timedelta(seconds=seconds))
maybe = st.none() | moments
pauses = st.none() | st.builds(FeedPause, since=moments, until=maybe)
states = st.builds(
    FeedState,
    feed=st.just(feed("wires")),
    failures=st.integers(0, 9),
    error=st.none() | st.just("no answer"),
    good_at=maybe,
    new_at=maybe,
    added_at=maybe,
    trouble=st.none() | st.sampled_from(["status", "dns", "challenge", "error-page"]),
    status=st.none() | st.sampled_from([200, 401, 404, 407, 410, 429, 451, 500, 599, 999]),
    strain=st.floats(0, 99),
    failing_since=maybe,
    condition=st.sampled_from(Condition),
    condition_at=maybe,
    pause=pauses,
    habits=st.builds(Habits, every=st.none() | st.floats(0, 1e12)),
)


@given(states, moments)
def test_every_feed_has_a_condition_and_a_reason_in_one_line(state: FeedState, now: datetime) -> None:
    after = replace(state, condition=judged(state, now))
    assert after.condition in Condition
    said = reason(after, now)
    assert said
    assert "\n" not in said


@given(states, moments)
def test_a_good_poll_with_something_new_makes_any_feed_well(state: FeedState, now: datetime) -> None:
    read = replace(state, failures=0, strain=0.0, trouble=None, status=None, failing_since=None, pause=None)
    assert judged(replace(read, good_at=now, new_at=now), now) is Condition.OK
    assert judged(replace(read, good_at=now), now) not in BAD


@given(states, moments)
def test_only_a_good_poll_ends_a_bad_condition(state: FeedState, now: datetime) -> None:
    if state.failures and state.condition in BAD:
        assert judged(state, now) in BAD


@given(states, moments)
def test_a_paused_feed_stays_what_it_is(state: FeedState, now: datetime) -> None:
    paused = replace(state, pause=FeedPause(since=NOON, until=now + MINUTE))
    assert judged(paused, now) is state.condition
    over = replace(state, pause=FeedPause(since=NOON, until=now))
    assert judged(over, now) is judged(replace(state, pause=None), now)


# in words


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (
            failed(2, status=403, condition=Condition.BLOCKED, failing_since=NOON - 10 * DAY),
            (
                "blocked since 19 February: the server answers 403 Forbidden; its owner may require a login (`auth:`) "
                "or have banned this address"
            ),
        ),
        (
            failed(2, status=401, condition=Condition.BLOCKED),
            (
                "blocked since 11:00 UTC: the server answers 401 Unauthorized; it wants a login (`auth:`), "
                "or another one than it was given"
            ),
        ),
        (
            failed(3, trouble="connect", condition=Condition.BLOCKED),
            "blocked since 11:00 UTC: no answer",
        ),
        (
            failed(2, status=403, trouble="challenge", condition=Condition.BLOCKED),
            "blocked since 11:00 UTC: no answer",
        ),
        (
            failed(2, status=410, condition=Condition.GONE),
            "gone since 11:00 UTC: the server answers 410 Gone; remove it, or give its new address",
        ),
        (
            failed(9, status=429, condition=Condition.BLOCKED, failing_since=NOON - 70 * DAY),
            (
                "blocked since 21 December 2025: the server answers 429 Too Many Requests; it gets too many requests "
                "from this address: a longer `interval` may help"
            ),
        ),
        (
            failed(3, status=407, condition=Condition.BLOCKED),
            (
                "blocked since 11:00 UTC: the server answers 407 Proxy Authentication Required; its `proxy` wants "
                "other credentials"
            ),
        ),
        (
            failed(3, status=799, condition=Condition.FAILING),
            "failing since 11:00 UTC, 3 polls in a row: the server answers 799",
        ),
        (
            failed(4, trouble="timeout", condition=Condition.FAILING),
            "failing since 11:00 UTC, 4 polls in a row: no answer",
        ),
        (
            failed(1, trouble="timeout", condition=Condition.SILENT),
            "1 poll failed, which may pass: no answer",
        ),
        (
            replace(
                WELL, condition=Condition.SILENT, new_at=NOON - 41 * DAY, habits=Habits(every=3 * HOUR.total_seconds())
            ),
            "silent: it answers, with nothing new for 41 days; usual is something every 3 h",
        ),
        (
            replace(WELL, condition=Condition.SILENT, new_at=None),
            "silent: it answers, with nothing new for 90 days",
        ),
        (
            replace(WELL, new_at=NOON - 5 * MINUTE, habits=Habits(every=720.0)),
            "ok: something new 5 min ago, usually every 12 min",
        ),
        (replace(WELL, new_at=NOON), "ok: something new a moment ago"),
        (replace(WELL, new_at=None), "ok: nothing new yet"),
        (replace(WELL, good_at=None), "ok: not polled yet"),
        (
            replace(WELL, pause=FeedPause(since=NOON - DAY, until=NOON + DAY, by="anna", why="they move")),
            "paused since 28 February by anna until 2 March: they move",
        ),
        (replace(WELL, pause=FeedPause(since=NOON - HOUR)), "paused since 11:00 UTC"),
    ],
)
def test_a_reason_says_since_when_what_and_what_to_do(state: FeedState, expected: str) -> None:
    assert reason(state, NOON) == expected


def test_a_cause_does_not_repeat_the_address_of_the_feed() -> None:
    feed = replace(WELL.feed, url="https://bridge.example/?format=Atom")
    state = replace(WELL, feed=feed, failures=1, trouble="connect", error="https://bridge.example/: no connection")
    assert reason(state, NOON) == "1 poll failed, which may pass: no connection"
    elsewhere = replace(state, error="https://new.example/feed: no connection")
    assert reason(elsewhere, NOON) == "1 poll failed, which may pass: https://new.example/feed: no connection"
