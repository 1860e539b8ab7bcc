"""Dates of `published:`: whole units in UTC, and what was probably meant by what is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.rules.dates import FORMS, BadDate, span

days = st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31))


def refused(text: str) -> BadDate:
    with pytest.raises(BadDate) as caught:
        span(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2015", (2015, 1, 1), (2016, 1, 1)),
        ("2015-03", (2015, 3, 1), (2015, 4, 1)),
        ("2015-12", (2015, 12, 1), (2016, 1, 1)),
        ("2016-02-29", (2016, 2, 29), (2016, 3, 1)),
        ("2999", (2999, 1, 1), (3000, 1, 1)),
        ("2015-03..2015-04", (2015, 3, 1), (2015, 5, 1)),
        ("2015-03-25..2015", (2015, 3, 25), (2016, 1, 1)),
        ("2015..", (2015, 1, 1), None),
        ("..2015-03", None, (2015, 4, 1)),
    ],
)
def test_a_date_is_its_whole_unit(
    text: str, start: tuple[int, int, int] | None, end: tuple[int, int, int] | None
) -> None:
    assert span(text) == (start and datetime(*start, tzinfo=UTC), end and datetime(*end, tzinfo=UTC))


@settings(max_examples=100, deadline=None)
@given(days, days)
def test_both_ends_of_a_range_are_in(one: date, other: date) -> None:
    first, last = sorted((one, other))
    start, end = span(f"{first}..{last}")
    assert (start, end) == (midnight(first), midnight(last) + timedelta(days=1))
    assert span(str(one)) == (midnight(one), midnight(one) + timedelta(days=1))


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("25.03.2015", "2015-03-25"),
        ("5.3.2015", "2015-03-05"),
        ("25/03/2015", "2015-03-25"),
        ("03/25/2015", "2015-03-25"),
        ("03.2015", "2015-03"),
        ("3/2015", "2015-03"),
        ("2015/03/25", "2015-03-25"),
        ("2015.3", "2015-03"),
        ("2015-3-5", "2015-03-05"),
        ("20150325", "2015-03-25"),
        ("201503", "2015-03"),
        ("2015-25-03", "2015-03-25"),
        ("2015-03-25T12:00Z", "2015-03-25"),
        ("2015-2016", "2015..2016"),
        ("2015-03–2015-04", "2015-03..2015-04"),
        ("2015...2016", "2015..2016"),
        ("2015-3..2015-4", "2015-03..2015-04"),
        ("25.03.2015..", "2015-03-25.."),
        ("..1.4.2015", "..2015-04-01"),
        (">=2015-03", "2015-03.."),
        ("<=2015", "..2015"),
        ("2016..2015", "2015..2016"),
        ("2015-04-02..2015-04-01", "2015-04-01..2015-04-02"),
        ("3/5/2015", None),
        (">2015", None),
        ("2015-13", None),
        ("2015-00", None),
        ("2015-02-30", None),
        ("31.04.2015", None),
        ("15", None),
        ("March", None),
        ("..", None),
        ("2015..x", None),
    ],
)
def test_a_date_written_in_another_way_is_told_as_it_should_be_where_that_is_plain(
    text: str, meant: str | None
) -> None:
    mend = refused(text).mend
    assert mend == (f"write published:{meant}" if meant else FORMS)
    if meant:
        span(meant)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2015-13", "`2015-13`: there is no month 13"),
        ("2015-02-29", "`2015-02-29`: February 2015 has 28 days"),
        ("2015..0999", "`0999`: the year 999 is not from 1000 to 2999"),
        ("soon", "`soon` is not a date"),
        ("2016..2015", "`2016` is after `2015`"),
        ("..", "`..` has a date on neither side"),
        ("٢٠١٥", "`٢٠١٥` is not a date"),
    ],
)
def test_what_is_wrong_with_a_date_is_said(text: str, message: str) -> None:
    assert refused(text).message == message


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789-./T:<>=", max_size=24) | st.text(max_size=12))
def test_any_text_is_a_span_of_time_or_refused_with_help(text: str) -> None:
    try:
        start, end = span(text)
        good = start is None or end is None or start < end
    except BadDate as bad:
        good = bool(bad.message and bad.mend)
    assert good
