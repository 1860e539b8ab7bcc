"""What publishers write as a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.parse.moments import moment
from watcher.text.dates import dates_in

TEN = datetime(2026, 3, 25, 10, tzinfo=UTC)
DAY = datetime(2026, 3, 25, tzinfo=UTC)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
BOUNDS = (datetime(1980, 1, 1), datetime(2099, 1, 1))  # noqa: DTZ001 - the strategy adds the zone
MOMENTS = st.datetimes(*BOUNDS, timezones=ZONES).map(lambda said: said.replace(microsecond=0))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-03-25T10:00:00Z", TEN),
        ("2026-03-25T10:00:00.1234567Z", TEN),
        ("2026-03-25T12:00:00+0200", TEN),
        ("2026-03-25 12:00:00 +02:00", TEN),
        ("2026-03-25T10:00", TEN),
        ("2026-03-25 10:00:00 UTC", TEN),
        (" 2026-03-25 ", DAY),
        ("20260325", DAY),
        ("20260325T100000Z", TEN),
        ("Wed, 25 Mar 2026 10:00:00 GMT", TEN),
        ("Wed, 25 Mar 2026 06:00:00 EDT", TEN),
        ("25 Mar 26 10:00 UT", TEN),
        ("Wed Mar 25 10:00:00 2026", TEN),
        ("25 March 2026", DAY),
        ("Published on March 25th, 2026", DAY),
        (1774432800, TEN),
        (1774432800.9, TEN),
        (1774432800000, TEN),
        ("1774432800", TEN),
        ("1774432800000", TEN),
        ("1774432800000000", TEN),
        ("", None),
        ("yesterday", None),
        ("5 minutes ago", None),
        ("2026-02-31", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2526-01-01", None),
        ("12:30", None),
        ("2026-03-25 " * 100, None),
        (0, None),
        (-1, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        (True, None),
        (None, None),
        ([TEN], None),
    ],
)
def test_a_date_is_read_however_it_is_written(said: object, expected: datetime | None) -> None:
    assert moment(said) == expected


@given(MOMENTS)
def test_a_moment_is_the_same_in_every_form(written: datetime) -> None:
    seconds = int(written.timestamp())
    forms = (written.isoformat(), format_datetime(written), seconds, seconds * 1000, str(seconds))
    assert {moment(form) for form in forms if seconds >= 10**9 or form == written.isoformat()} == {
        written.astimezone(UTC)
    }


@given(st.one_of(st.text(), st.integers(), st.floats(), st.from_regex(r"\d{4}-\d\d-\d\d[T ][\d:+Z.-]{0,12}")))
def test_whatever_is_said_is_a_moment_in_utc_or_none(said: object) -> None:
    read = moment(said)
    assert read is None or read.tzinfo is UTC


WRITTEN = """25 3 03 2026 26 126 Mar März марта آذار 年 月 日 下午 10:30 10:30:00 24:00 10h30 GMT +0100 -25:99 +14:59
CET ET Europe/Berlin Etc/../x UTC+99 a.m. PM , . - / T Z W13 -W53-7 366 令和 元 ۱۴۰۵ فروردین 31 9999 0001 १ ² ' 1er"""
PIECES = st.sampled_from(WRITTEN.split())


@given(st.lists(PIECES, max_size=7), st.sampled_from(["", " "]), st.sampled_from([None, "en-US", "de"]))
def test_whatever_parts_of_dates_are_put_together_a_moment_is_sane(
    parts: list[str], gap: str, lang: str | None
) -> None:
    said = gap.join(parts)
    read = moment(said, lang)
    assert read is None or 1970 <= read.year < 2100
    for found in dates_in(said, lang):
        assert 0 <= found.start < found.after <= found.end <= len(said)
