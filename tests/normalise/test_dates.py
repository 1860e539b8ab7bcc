"""Dates that a text states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.normalise.dates import dateline, stated, utc


def day(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("By | 2014-09-01T05:48:21+00:00 September 1st, 2014|World", day(2014, 9, 1, 5, 48, 21)),
        ("2026-03-25T10:00:00+05:30", day(2026, 3, 25, 4, 30)),
        ("2026-03-25T10:00:00.123-0200", day(2026, 3, 25, 12)),
        ("2026-03-25 10:00 UTC", day(2026, 3, 25, 10)),
        ("2026-03-25T10:00Z", day(2026, 3, 25, 10)),
        ("2026-03-25", day(2026, 3, 25)),
        ("Published on 25 March 2026", day(2026, 3, 25)),
        ("25th of March, 2026", day(2026, 3, 25)),
        ("Wednesday, March 25th, 2026", day(2026, 3, 25)),
        ("Sept. 3, 2026", day(2026, 9, 3)),
        ("3-Sep-2026", day(2026, 9, 3)),
        ("MAY 3 2026", day(2026, 5, 3)),
        ("31 February 2026 or 2 March 2026", day(2026, 3, 2)),
    ],
)
def test_a_date_written_out_is_read(text: str, moment: datetime) -> None:
    assert stated(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "03/04/2026",
        "yesterday (Monday)",
        "March 2026",
        "25 March",
        "in 2026",
        "99 March 2026",
        "2026-13-01",
        "1-2-2026",
        "May 3, 1066",
    ],
)
def test_no_date_is_made_up(text: str) -> None:
    assert stated(text) is None


@pytest.mark.parametrize(
    "paragraph",
    [
        "The Daily 25 March 2026 – Officials said",
        "LONDON, March 25, 2026 (Agency) - Officials said",
        "25 March 2026: Officials said",
        "Delvast | 25 March 2026 | Officials said",
        "(2026-03-25) - Officials said",
    ],
)
def test_a_dateline_is_read_at_the_head_of_a_paragraph(paragraph: str) -> None:
    assert dateline(paragraph) == day(2026, 3, 25)


@pytest.mark.parametrize(
    "paragraph",
    [
        "On 25 March 2026 – a Wednesday – the bridge fell.",
        "The flood of 25 March 2026 - the worst - took it.",
        "The bridge fell. 25 March 2026 - remember it.",
        "25 March 2026 was a Wednesday.",
        "The bridge that stood for four hundred years over the river at Delvast fell in 25 March 2026 - a day.",
        "25 March – Officials said",
    ],
)
def test_the_date_of_an_event_is_no_dateline(paragraph: str) -> None:
    assert dateline(paragraph) is None


@given(st.text(max_size=60))
def test_any_text_can_be_asked(text: str) -> None:
    for found in (stated(text), dateline(text)):
        assert found is None or found.utcoffset() == timedelta(0)


def test_moments_become_utc() -> None:
    assert utc(None) is None
    assert utc(datetime(2026, 3, 25, 10)) == day(2026, 3, 25, 10)  # noqa: DTZ001
    assert utc(datetime(2026, 3, 25, 10, tzinfo=timezone(timedelta(hours=2)))) == day(2026, 3, 25, 8)
    assert utc(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))) is None
