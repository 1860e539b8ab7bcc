"""Dates that a text states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.normalise.dates import dateline, stated, utc, without


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
        ("By Ann Lee, 25 March 2026 10:30 GMT", day(2026, 3, 25, 10, 30)),
        ("March 25, 2026 at 10:30 a.m. EDT", day(2026, 3, 25, 14, 30)),
        ("March 25, 2026 | 10:30", day(2026, 3, 25, 10, 30)),
        ("March 25, 2026 10:30 at the bridge", day(2026, 3, 25, 10, 30)),
        ("Stand: 25.03.2026, 10:30 Uhr", day(2026, 3, 25, 10, 30)),
        ("Von Anna Berg, 25. März 2026", day(2026, 3, 25)),
        ("Publié le 25 août 2026 à 10h30", day(2026, 8, 25, 10, 30)),
        ("Publicado el 25 de marzo de 2026", day(2026, 3, 25)),
        ("Publicado em 25 de março de 2026", day(2026, 3, 25)),
        ("Pubblicato il 25 marzo 2026", day(2026, 3, 25)),
        ("Gepubliceerd op 25 maart 2026", day(2026, 3, 25)),
        ("Opublikowano 25 marca 2026", day(2026, 3, 25)),
        ("Опубликовано 25 марта 2026 года", day(2026, 3, 25)),
        ("Опубліковано 25 березня 2026", day(2026, 3, 25)),
        ("25 Ağustos 2026 Salı", day(2026, 8, 25)),
        ("نشر في ٢٥ آذار/مارس ٢٠٢٦", day(2026, 3, 25)),
        ("25 تشرين الأول 2026", day(2026, 10, 25)),
        ("۵ فروردین ۱۴۰۵", day(2026, 3, 25)),
        ("发布时间：2026年3月25日 10:30", day(2026, 3, 25, 10, 30)),
        ("2026年3月25日（水）", day(2026, 3, 25)),
        ("2026년 3월 25일", day(2026, 3, 25)),
        ("25/03/2026", day(2026, 3, 25)),
        ("03/25/2026", day(2026, 3, 25)),
        ("2026/03/25", day(2026, 3, 25)),
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
        "version 1.2.2026.4",
        "192.168.2026.1",
        "https://daily.example/2026/03/25/bridge",
        "10 people, 2026 in all",
        "10 out 2026",
        "5 of 25 Mark 2026",
        "2026-03-251",
        "in 2026 10 may 5 go",
        "25 ago 2026",
        "2026 3 25",
        "25. Kapitel 2026",
    ],
)
def test_no_date_is_made_up(text: str) -> None:
    assert stated(text) is None


@pytest.mark.parametrize(
    ("lang", "moment"), [("en-GB", day(2026, 4, 3)), ("en-US", day(2026, 3, 4)), ("de", day(2026, 4, 3)), ("en", None)]
)
def test_a_language_settles_which_number_is_the_month(lang: str, moment: datetime | None) -> None:
    assert stated("Updated 03/04/2026", lang) == moment


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Published 25 March 2026, 10:30 GMT by", "Published   by"),
        ("25. März 2026, 10:30 Uhr", ""),
        ("2026-03-25T10:00:00Z | 25 March 2026 | Ann", "|   | Ann"),
        ("25 March 2026 / 2026-03-25T10:00Z", "/"),
        ("Published 03/04/2026", "Published 03/04/2026"),
    ],
)
def test_dates_are_taken_out_with_their_times(text: str, rest: str) -> None:
    assert without(text).strip() == rest


@pytest.mark.parametrize(
    "paragraph",
    [
        "The Daily 25 March 2026 – Officials said",
        "LONDON, March 25, 2026 (Agency) - Officials said",
        "25 March 2026: Officials said",
        "Delvast | 25 March 2026 | Officials said",
        "(2026-03-25) - Officials said",
        "BERLIN, 25. März 2026 – Die Behörden",
        "PARIS, le 25 mars 2026 – Les autorités",
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
