"""Some hundred forms of dates: what is read of each, and how many feedparser alone would read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from feedparser.datetimes import _parse_date

from watcher.model import Entry, Response
from watcher.parse import parse
from watcher.parse.moments import moment

FORMS = Path(__file__).parents[1] / "data" / "dates" / "forms.txt"


def _forms() -> Iterator[tuple[str, str, str | None]]:
    """Moment, text and language of each line."""
    for line in FORMS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            expected, text, *lang = line.split(" | ")
            yield expected, text, lang[0] if lang else None


TABLE = list(_forms())


def shown(read: datetime | None) -> str:
    return f"{read:%Y-%m-%d %H:%M:%S}" if read else "none"


def of_feedparser(text: str) -> str:
    try:
        parts = _parse_date(text)
    except (ValueError, OverflowError):
        return "none"
    return "{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*parts[:6]) if parts else "none"


@pytest.mark.parametrize(("expected", "text", "lang"), TABLE)
def test_a_form_is_read_as_meant(expected: str, text: str, lang: str | None) -> None:
    assert shown(moment(text, lang)) == expected


def test_the_list_has_many_forms_and_feedparser_reads_a_third_of_them() -> None:
    read = sum(of_feedparser(text) == expected for expected, text, _ in TABLE)
    print(f"of {len(TABLE)} forms feedparser alone reads {read} as meant")
    assert len(TABLE) >= 300
    assert read < len(TABLE) / 2


def test_no_form_stands_there_twice() -> None:
    told = [(re.sub(r"\s+", " ", text), lang) for _, text, lang in TABLE]
    assert len(told) == len(set(told)) + 1  # one is another's with more spaces


def entry(markup: str, language: str = "") -> Entry:
    """The one entry of a feed that says this in it."""
    head = f"<language>{language}</language>"
    body = f"<rss version='2.0'><channel>{head}<item><title>x</title>{markup}</item></channel></rss>"
    return parse(Response(url="https://daily.example/feed", headers={}, body=body.encode()), frozenset()).entries[0]


@pytest.mark.parametrize(
    ("said", "lang", "expected"),
    [
        ("Wed, 25 Mar 2026 10:00:00 GMT", "", "2026-03-25 10:00:00"),
        ("Wed, 25 Mar 2026 12:00:00 CEST", "", "2026-03-25 10:00:00"),  # feedparser: 12:00
        ("25. März 2026, 10:00 Uhr", "de", "2026-03-25 10:00:00"),  # feedparser: nothing
        ("03/04/2026", "en-US", "2026-03-04 00:00:00"),
        ("10:30", "", "none"),  # feedparser: today
        ("2026-13-01", "", "none"),  # feedparser: January
        ("2026-02-31", "", "none"),  # feedparser: March
        ("2026-03", "", "2026-03-01 00:00:00"),  # as W3C has it
        ("Thu, 01 Jan 1970 00:00:00 +0000", "", "none"),
        ("yesterday", "", "none"),
    ],
)
def test_of_a_feed_s_date_what_feedparser_knows_well_is_its_reading(said: str, lang: str, expected: str) -> None:
    read = entry(f"<pubDate>{said}</pubDate>", lang)
    assert (shown(read.published), read.said) == (expected, said)
    assert shown(entry(f"<lastBuildDate>{said}</lastBuildDate>", lang).updated) == expected


def test_an_entry_without_a_date_says_none() -> None:
    assert (entry("").published, entry("").said) == (None, "")
