"""Hours and times of day as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from watcher.model import Hours
from watcher.yamldoc.times import DAY, always, hours, time_of_day, unknown_zone

ALL = (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("during", "days"),
    [
        ("07:00-22:00 UTC", ALL),
        ("fri-mon 22:00-06:00 Asia/Tokyo", (0, 4, 5, 6)),
        ("wed 00:00-24:00 Etc/GMT+5", (2,)),
        ("mon,wed-thu 9:00-17:00 UTC".replace(" 9", " 09"), (0, 2, 3)),
    ],
)
def test_hours_of_the_week_are_read_as_people_write_them(during: str, days: tuple[int, ...]) -> None:
    assert hours(during).days == days


def test_hours_name_their_zone_where_nobody_else_does_and_only_there() -> None:
    assert hours("22:00-07:00", "Asia/Tokyo") == Hours(days=ALL, start=1320, end=420, zone="Asia/Tokyo")
    for text, zone in (("22:00-07:00", None), ("22:00-07:00 UTC", "UTC")):
        with pytest.raises(PydanticCustomError, match="expected"):
            hours(text, zone)


@given(st.integers(0, DAY - 1))
def test_a_time_of_day_is_read_as_it_is_written(minutes: int) -> None:
    assert time_of_day(f"{minutes // 60:02}:{minutes % 60:02}") == minutes


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("8:00", "08:00"),
        ("8", "08:00"),
        ("8am", "08:00"),
        ("12 am", "00:00"),
        ("12:30 PM", "12:30"),
        ("5.45pm", "17:45"),
        ("17h30", "17:30"),
        ("13 pm", None),
        ("24:00", None),
        ("08:60", None),
        ("noon", None),
    ],
)
def test_a_time_that_is_none_comes_with_what_was_probably_meant(text: str, meant: str | None) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        time_of_day(text)
    assert (caught.value.context or {}).get("help") == (f'write "{meant}"' if meant else None)


@given(st.integers(0, DAY - 1), st.integers(1, DAY), st.sets(st.sampled_from(ALL), min_size=1))
def test_hours_and_those_between_them_leave_no_minute(start: int, end: int, days: set[int]) -> None:
    if start == end:
        return
    some = Hours(days=tuple(sorted(days)), start=start, end=end, zone="UTC")
    others = Hours(days=tuple(sorted(set(ALL) - days)), start=start, end=end, zone="UTC")
    between = Hours(days=ALL, start=end % DAY, end=start, zone="UTC")
    assert always([some, others, between])
    assert always([some]) == (days == set(ALL) and start == 0 and end == DAY)


def test_a_zone_that_there_is_not_comes_with_the_nearest() -> None:
    assert unknown_zone("UTC", ["UTC"]) is None
    assert unknown_zone("utc", ["UTC"]) == ("there is no time zone `utc`", "did you mean UTC?")
