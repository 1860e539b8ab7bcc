"""Local time: hours of the week and times of day, where the clock is put forward and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from watcher.hours import ends, last_time_of_day, next_time_of_day, overlap, within
from watcher.model import Hours

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
ODD_ZONES = ("America/Havana", "Asia/Beirut", "Africa/Cairo", "America/St_Johns", "Pacific/Apia", "Pacific/Chatham")
DAILY = tuple(range(7))
DAY = timedelta(days=1)
STEP = timedelta(minutes=5)  # divides every offset here


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(start: str, end: str, zone: str = "Europe/London", days: tuple[int, ...] = DAILY) -> Hours:
    return Hours(days=days, start=minutes(start), end=minutes(end), zone=zone)


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


NIGHT = hours("22:00", "07:00")


# hours of the week


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-01-05T21:59", False),
        ("2026-01-05T22:00", True),
        ("2026-01-06T00:00", True),
        ("2026-01-06T06:59", True),
        ("2026-01-06T07:00", False),
        ("2026-07-05T20:59", False),
        ("2026-07-05T21:00", True),  # 22:00 in London's summer
        ("2026-07-06T05:59", True),
        ("2026-07-06T06:00", False),
    ],
)
def test_a_night_lies_across_midnight_by_the_clock_of_its_zone(at: str, inside: bool) -> None:  # noqa: FBT001
    assert within(NIGHT, utc(at)) is inside


def test_days_are_those_on_which_the_hours_start() -> None:
    weekend = hours("22:00", "07:00", "UTC", days=(5,))
    assert not within(weekend, utc("2026-01-03T06:59"))  # a Saturday
    assert within(weekend, utc("2026-01-03T22:00"))
    assert within(weekend, utc("2026-01-04T06:59"))
    assert not within(weekend, utc("2026-01-04T22:00"))


def test_a_day_may_end_at_24() -> None:
    evening = hours("18:00", "24:00", "UTC")
    assert within(evening, utc("2026-01-03T23:59"))
    assert not within(evening, utc("2026-01-04T00:00"))
    assert ends(evening, utc("2026-01-03T19:00")) == utc("2026-01-04T00:00")


def test_hours_end_when_their_last_joining_day_does() -> None:
    workdays = hours("00:00", "24:00", "UTC", days=(0, 1, 2, 3, 4))
    assert ends(workdays, utc("2026-01-05T12:00")) == utc("2026-01-10T00:00")
    assert ends(workdays, utc("2026-01-10T00:00")) is None
    assert ends(hours("00:00", "24:00"), utc("2026-01-05T12:00")) is None


def test_a_night_is_an_hour_shorter_when_the_clock_is_put_forward_and_longer_when_back() -> None:
    assert overlap(NIGHT, utc("2026-03-28T12:00"), utc("2026-03-29T12:00")) == timedelta(hours=8)
    assert overlap(NIGHT, utc("2026-10-24T12:00"), utc("2026-10-25T12:00")) == timedelta(hours=10)


def test_hours_that_the_clock_skips_are_none() -> None:
    assert overlap(hours("01:10", "01:50"), utc("2026-03-28T12:00"), utc("2026-03-29T12:00")) == timedelta()


def test_hours_that_the_clock_shows_twice_are_its_first() -> None:
    twice = hours("01:10", "01:50")
    assert overlap(twice, utc("2026-10-24T12:00"), utc("2026-10-25T12:00")) == timedelta(minutes=40)
    assert within(twice, utc("2026-10-25T00:20"))
    assert not within(twice, utc("2026-10-25T01:20"))


def test_a_span_that_ends_before_it_starts_lies_in_nothing() -> None:
    assert overlap(NIGHT, utc("2026-01-06T00:00"), utc("2026-01-05T00:00")) == timedelta()


# times of day


@pytest.mark.parametrize(
    ("clock", "zone", "moment"),
    [
        ("08:00", "Europe/London", "2026-01-05T08:00"),
        ("08:00", "Europe/London", "2026-07-05T07:00"),
        ("01:30", "Europe/London", "2026-03-29T01:00"),  # skipped: 01:00 to 02:00
        ("01:30", "Europe/London", "2026-10-25T00:30"),  # shown twice
        ("02:30", "America/New_York", "2026-03-08T07:00"),
        ("02:10", "Australia/Lord_Howe", "2026-10-03T15:30"),  # skipped: 02:00 to 02:30
        ("01:45", "Australia/Lord_Howe", "2026-04-04T14:45"),  # shown twice, half an hour apart
        ("08:00", "Asia/Kathmandu", "2026-01-05T02:15"),
        ("00:00", "America/Havana", "2026-03-08T05:00"),  # midnight itself is skipped
        ("08:00", "Pacific/Apia", "2011-12-30T10:00"),  # a day that never was
    ],
)
def test_a_time_of_day_is_one_moment_a_day(clock: str, zone: str, moment: str) -> None:
    assert last_time_of_day(minutes(clock), zone, utc(moment)) == utc(moment)
    assert next_time_of_day(minutes(clock), zone, utc(moment) - timedelta(microseconds=1)) == utc(moment)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(ZONES + ODD_ZONES),
    st.integers(0, 1439),
    st.datetimes(datetime(2009, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
@example("Pacific/Apia", 480, utc("2011-12-31T09:00"))
def test_the_last_time_of_day_is_within_a_day_or_so_and_the_next_follows_it(
    zone: str, clock: int, now: datetime
) -> None:
    last, later = last_time_of_day(clock, zone, now), next_time_of_day(clock, zone, now)
    assert last <= now < later
    assert later - last <= DAY + timedelta(hours=1)
    assert last_time_of_day(clock, zone, later) == later
    assert next_time_of_day(clock, zone, last) == later


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("clock", ["00:00", "01:30", "02:10", "02:30", "08:00", "23:59"])
def test_two_years_have_a_time_of_day_for_each_of_their_days(zone: str, clock: str) -> None:
    now, end = utc("2025-12-31T12:00"), utc("2027-12-31T12:00")
    days = []
    while (now := next_time_of_day(minutes(clock), zone, now)) < end:
        days.append((now.astimezone(ZoneInfo(zone)) + timedelta(minutes=1)).date())
    assert len(set(days)) == len(days) == 730
    assert days == sorted(days)


# against the naive: walk through time and write down what the clock shows


def put_forward_or_back(zone: str) -> list[datetime]:
    """The days of 2026 and 2027 in which the offset changes; one of summer where it never does."""
    moments = [utc("2026-01-01T00:00") + n * DAY for n in range(730)]
    offsets = [moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in moments]
    changing = [moment for moment, (a, b) in zip(moments, pairwise(offsets), strict=False) if a != b]
    return changing or [utc("2026-06-01T12:00")]


CHANGES = {zone: put_forward_or_back(zone) for zone in ZONES + ODD_ZONES[:4]}


def walked(zone: str, around: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Each moment of four days with the furthest that the clock had shown by then."""
    now = around - 2 * DAY
    furthest = datetime.min  # noqa: DTZ901
    while now < around + 2 * DAY:
        furthest = max(furthest, now.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
        yield now, furthest
        now += STEP


def shown_within(wanted: Hours, clock: datetime) -> bool:
    """Whether the time that a clock shows is in the hours, by plain arithmetic."""
    for back in (0, 1):
        day = (clock - back * DAY).replace(hour=0, minute=0)
        length = (wanted.end - wanted.start) % 1440 or 1440
        start = day + timedelta(minutes=wanted.start)
        if day.weekday() in wanted.days and start <= clock < start + timedelta(minutes=length):
            return True
    return False


@st.composite
def places(draw: st.DrawFn) -> tuple[Hours, datetime]:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    clock = st.integers(0, 143).map(lambda n: n * 10)
    start, end = draw(st.tuples(clock, clock.map(lambda n: n or 1440)).filter(lambda pair: pair[0] != pair[1]))
    days = draw(st.one_of(st.just(DAILY), st.sets(st.integers(0, 6), min_size=1).map(lambda d: tuple(sorted(d)))))
    return Hours(days=days, start=start, end=end, zone=zone), draw(st.sampled_from(CHANGES[zone]))


@settings(max_examples=30, deadline=None)
@given(places())
def test_hours_are_those_in_which_the_clock_has_reached_their_start_and_not_their_end(
    place: tuple[Hours, datetime],
) -> None:
    wanted, around = place
    seen = [(now, within(wanted, now), shown_within(wanted, clock)) for now, clock in walked(wanted.zone, around)]
    assert [(now, here) for now, here, _ in seen] == [(now, there) for now, _, there in seen]


@settings(max_examples=30, deadline=None)
@given(places())
def test_hours_end_where_within_does_and_overlap_counts_what_is_within(place: tuple[Hours, datetime]) -> None:
    wanted, around = place
    seen = [(now, within(wanted, now)) for now, _ in walked(wanted.zone, around)]
    assert overlap(wanted, seen[0][0], seen[-1][0] + STEP) == STEP * sum(inside for _, inside in seen)
    for (now, inside), (later, still) in pairwise(seen):
        if inside and not still:
            assert ends(wanted, now) == later
        if not inside:
            assert ends(wanted, now) is None
