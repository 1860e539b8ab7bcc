"""A feed without an interval of its own is polled by its rhythm: sooner when something comes, else less often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import FetchError
from watcher.model import Feed, FeedId, FeedState, Habits, Response
from watcher.schedule import DAY, HOUR, MINUTE, Intervals, rhythm

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEB = Feed(id=FeedId("example.org"), url="https://example.org/feed.xml")
FOLDER = Feed(id=FeedId("seeds"), url="file:///srv/seeds")
NUMBERS = Intervals()
NOTHING = Response(url=WEB.url)


def at(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


def known(*came: float, now: float, since: float | None = None) -> Habits:
    """Habits after a poll that brought items of these moments, in seconds since the Monday."""
    last = None if since is None else at(since)
    return NUMBERS.learned(Habits(), [at(each) for each in came], at(now), last)


def interval(habits: Habits, now: float, feed: Feed = WEB, intervals: Intervals = NUMBERS) -> float:
    return intervals.interval(FeedState(feed=feed, habits=habits, added_at=at(-DAY)), at(now))


def each(every: float, until: float, since: float = 0.0) -> list[float]:
    return [since + number * every for number in range(1 + int((until - since) // every))]


OFFICE = [day * DAY + hour * HOUR for day in range(-28, 0) if day % 7 < 5 for hour in (9, 12, 15)]
BLOG = known(*OFFICE, now=0.0)
"""Three posts each working day, between nine and four."""


# --- what is learned ----------------------------------------------------------------------------------------


def test_nothing_new_teaches_nothing() -> None:
    assert NUMBERS.learned(BLOG, [], at(DAY), at(0)) is BLOG


def test_the_usual_silence_is_not_hidden_by_many_items_at_once() -> None:
    storms = [start + minute * MINUTE for start in each(4 * DAY, 28 * DAY) for minute in range(30)]
    every = known(*storms, now=28 * DAY + HOUR).every
    assert every is not None
    assert 3 * DAY < every < 4 * DAY


def test_each_hour_counts_once_however_much_came_in_it() -> None:
    habits = known(*each(MINUTE, HOUR - 1), 5 * HOUR, now=6 * HOUR)
    assert [hour for hour, count in enumerate(habits.hours) if count] == [0, 5]
    assert habits.hours[0] == pytest.approx(1, abs=0.01)
    assert [day for day, count in enumerate(habits.days) if count] == [0]


def test_what_an_hour_had_fades() -> None:
    later = NUMBERS.learned(BLOG, [at(28 * DAY + 20 * HOUR)], at(29 * DAY), at(0))
    months = (28 * DAY + 20 * HOUR - OFFICE[-1]) / (28 * DAY)
    assert later.hours[9] == pytest.approx(BLOG.hours[9] / 2**months, rel=0.01)
    assert later.hours[20] == 1


def test_dates_that_cannot_be_are_taken_for_now() -> None:
    wrong = known(-400 * DAY, 9 * DAY, now=12 * HOUR, since=11 * HOUR)
    assert wrong.came_at == at(12 * HOUR).timestamp()
    assert [hour for hour, count in enumerate(wrong.hours) if count] == [12]


moments = st.lists(st.floats(-400 * DAY, 400 * DAY), max_size=30)
lives = st.lists(st.tuples(st.floats(1, 30 * DAY), moments), min_size=1, max_size=8)


def lived(polls: Sequence[tuple[float, list[float]]]) -> tuple[Habits, float]:
    """The habits after polls, each so long after the one before, that brought items with such dates."""
    habits, now, since = Habits(), 0.0, None
    for after, came in polls:
        now += after
        habits = NUMBERS.learned(habits, [at(moment) for moment in came], at(now), since)
        since = at(now)
    return habits, now


@settings(deadline=None)
@given(lives)
def test_whatever_came_the_habits_are_such_as_can_be(polls: list[tuple[float, list[float]]]) -> None:
    habits, now = lived(polls)
    assert habits == lived(polls)[0]
    assert habits.came_at is None or habits.came_at <= at(now).timestamp()
    assert habits.every is None or 0 < habits.every <= 30 * DAY
    assert habits.pace is None or 0 <= habits.pace <= HOUR
    assert (len(habits.hours), len(habits.days)) in {(0, 0), (24, 7)}
    assert all(count >= 0 for count in (*habits.hours, *habits.days))


# --- what follows from it -----------------------------------------------------------------------------------


def test_a_feed_of_which_nothing_is_known_is_polled_every_quarter_of_an_hour() -> None:
    assert interval(Habits(), 0) == 900


def test_a_feed_is_asked_more_often_when_it_usually_brings_something() -> None:
    morning, night, sunday = (interval(BLOG, day * DAY + hour * HOUR) for day, hour in ((1, 9), (1, 2), (-1, 9)))
    assert morning < 10 * MINUTE
    assert night > 30 * MINUTE
    assert sunday > 2 * morning


def test_a_wait_ends_soon_after_a_busy_hour_begins() -> None:
    assert interval(BLOG, DAY + 7.9 * HOUR) < HOUR


def test_while_items_come_close_together_a_feed_is_asked_as_soon_as_more_is_expected() -> None:
    storm = NUMBERS.learned(BLOG, [at(DAY + minute * MINUTE) for minute in range(0, 10, 2)], at(DAY + 540), at(DAY))
    waits = [interval(storm, DAY + 540 + idle * MINUTE) for idle in (0, 5, 10, 30)]
    assert waits[0] == pytest.approx(1.2 * 120)
    assert waits == sorted(waits)
    assert interval(storm, 2 * DAY) == interval(replace(storm, pace=None), 2 * DAY)


def test_items_without_dates_that_come_close_together_are_seen_as_such() -> None:
    first = NUMBERS.learned(BLOG, [at(DAY)], at(DAY), at(0))
    assert interval(NUMBERS.learned(first, [at(DAY + 600)] * 5, at(DAY + 600), at(DAY)), DAY + 600) < 3 * MINUTE


def test_what_has_no_dates_at_the_first_poll_did_not_come_close_together() -> None:
    assert interval(known(*[0.0] * 35, now=0.0), 0) > 10 * MINUTE
    assert interval(known(*each(120, 3000), now=3000), 3000) < 3 * MINUTE


def test_a_feed_that_is_still_for_longer_than_usual_is_asked_less_often_and_never_less_than_each_six_hours() -> None:
    waits = [interval(BLOG, days * DAY) for days in (7, 30, 90, 365, 3650)]
    assert waits == sorted(waits)
    assert waits[-1] == 6 * HOUR
    assert interval(BLOG, 3650 * DAY, intervals=replace(NUMBERS, most=HOUR)) == HOUR


def test_after_items_may_have_been_missed_a_feed_is_asked_more_often_for_two_days() -> None:
    missed = replace(BLOG, gap_at=at(DAY).timestamp())
    shares = [interval(missed, DAY + hours * HOUR) / interval(BLOG, DAY + hours * HOUR) for hours in (0, 6, 12, 24, 48)]
    assert shares == pytest.approx([0.125, 0.125, 0.25, 0.5, 1.0])


def test_an_interval_that_somebody_gave_is_kept_whatever_the_rhythm() -> None:
    missed = replace(BLOG, gap_at=at(DAY).timestamp())
    assert interval(missed, DAY, replace(WEB, interval=300.0)) == 300
    assert interval(missed, DAY, intervals=replace(NUMBERS, default=1200.0)) == 1200
    assert interval(missed, DAY, FOLDER) == 10


@settings(deadline=None)
@given(lives, st.floats(0, 4000 * DAY), st.none() | st.floats(0, 4000 * DAY), st.floats(1, DAY), st.floats(1, 30 * DAY))
def test_a_rhythm_stays_within_its_owner_s_bounds(
    polls: list[tuple[float, list[float]]], idle: float, gap: float | None, least: float, span: float
) -> None:
    habits, now = lived(polls)
    habits = replace(habits, gap_at=None if gap is None else at(gap).timestamp())
    bounds = Intervals(least=least, most=least + span)
    wait = interval(habits, now + idle, intervals=bounds)
    assert least <= wait <= max(min(least + span, 6 * HOUR), least)
    assert wait == interval(habits, now + idle, intervals=bounds)


@settings(deadline=None)
@given(lives, st.floats(0, 365 * DAY), st.integers(1, 104))
def test_a_feed_whose_items_stop_is_never_asked_more_often_at_the_same_time_of_a_later_week(
    polls: list[tuple[float, list[float]]], idle: float, weeks: int
) -> None:
    habits, now = lived(polls)
    sooner, later = (interval(habits, now + idle + more * 7 * DAY) for more in (0, weeks))
    assert later >= sooner - 0.01


def walked(habits: Habits, now: float, usual: float) -> float:
    """Seconds until `usual` ones have passed, hour by hour."""
    hours, days = rhythm._shares_of_hours(habits.hours), rhythm._shares_of_days(habits.days)
    at, left = now, usual
    for hour in range(1, int(min(usual / HOUR * 16, 720)) + 3):
        end = (now // HOUR + hour) * HOUR
        moment = datetime.fromtimestamp(at, UTC)
        share = hours[moment.hour] * days[moment.weekday()]
        if (end - at) * share >= left:
            return at + left / share - now
        at, left = end, left - (end - at) * share
    return at - now


@settings(deadline=None)
@given(lives, st.floats(0, 365 * DAY), st.floats(1, DAY))
def test_whole_days_and_weeks_of_a_wait_come_to_what_their_hours_do(
    polls: list[tuple[float, list[float]]], idle: float, usual: float
) -> None:
    habits, now = lived(polls)
    now = at(now + idle).timestamp()
    wait = rhythm.wait(habits, now, now, usual)
    spared = 0.8 if habits.hours else 1.0
    assert wait.by_hours == pytest.approx(walked(habits, now, wait.slack * usual / spared), abs=0.01)


@settings(deadline=None, max_examples=30)
@given(lives)
def test_a_week_of_polls_by_rhythm_alone_is_no_more_than_a_week_of_fixed_ones(
    polls: list[tuple[float, list[float]]],
) -> None:
    habits, now = lived(polls)
    asked, end = 0, now + 7 * DAY
    quiet = replace(habits, pace=None, gap_at=None)
    while now < end:
        now += interval(quiet, now)
        asked += 1
    assert asked <= 7 * 96 + 1


def test_what_failed_is_tried_again_soon_where_a_rhythm_is_slow() -> None:
    state = FeedState(feed=WEB, habits=BLOG, failures=1, strain=0.5)
    error = FetchError("no", kind="dns")
    assert NUMBERS.after_failure(state, error, at(3650 * DAY), 0.5) == at(3650 * DAY + 900)


def test_what_a_clock_taught_that_has_been_put_back_is_forgotten() -> None:
    future = at(3650 * DAY)
    storm = NUMBERS.learned(BLOG, [future - timedelta(seconds=60), future], future, future - timedelta(hours=1))
    wrong = replace(storm, gap_at=future.timestamp())
    now = DAY * 30
    assert interval(wrong, now) == interval(replace(wrong, came_at=None, gap_at=None, pace=None), now)
    assert NUMBERS.learned(wrong, [at(now)], at(now), at(now - DAY)).came_at == at(now).timestamp()


# --- why ----------------------------------------------------------------------------------------------------


def said(habits: Habits, now: float, feed: Feed = WEB, **state: object) -> str:
    due = FeedState(feed=feed, habits=habits, polled_at=at(now), **state)  # type: ignore[arg-type]
    next_at = due.next_at or NUMBERS.after_success(due, NOTHING, None, at(now), 0.5)
    return NUMBERS.why(replace(due, next_at=next_at), at(now))


def test_an_interval_is_said_with_its_reason() -> None:
    assert said(BLOG, DAY, replace(WEB, interval=300.0)) == "each 5 min, by its `interval`"
    assert said(BLOG, DAY, FOLDER) == "each 10 s, by `poll.folder_interval`"
    assert said(Habits(), 0) == "about each 15 min: nothing is known of its habits yet"
    assert said(BLOG, 9 * HOUR).endswith("min: it often brings something at this time of the week")
    assert said(BLOG, 2 * HOUR).endswith("min: it seldom brings something at this time of the week")
    assert said(replace(BLOG, gap_at=at(DAY).timestamp()), DAY).endswith("since items may have been missed")
    assert "nothing new for 302 days 9 h, where 1 day 3 h without are usual" in said(BLOG, 300 * DAY)
    storm = NUMBERS.learned(BLOG, [at(DAY), at(DAY + 120)], at(DAY + 120), at(DAY - 1))
    assert said(storm, DAY + 120) == "about each 2 min: items come every 2 min or so"


def test_a_wait_that_is_another_than_the_interval_is_said_too() -> None:
    asked = said(Habits(), 0, next_at=at(2 * HOUR))
    assert asked == "about each 15 min: nothing is known of its habits yet; it asks to be left alone for 2 h"
    sooner = said(Habits(), 0, next_at=at(700))
    assert sooner.endswith("; sooner, after 11 min: a rule tells its silence, or something about it was changed")
    failed = said(BLOG, 0, failures=4, next_at=at(2 * HOUR))
    assert failed == "again 2 h after 4 failures in a row"
