"""pure: what a publisher calls a date -> the moment in UTC, or None.

ISO 8601 with its weeks, days of the year and basic forms; RFC 822 and 5322 however broken; seconds or milliseconds
since 1970; and dates written out, in the languages of text/months.py. All of it is a date: more is guessed here
than in a text (text/dates.py), two-digit years and misspelt months among it. What no article is dated is no date: from
before 1970 or after 2099, and what programs write where they have none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from watcher.text import clock
from watcher.text.dates import dates_in, ordered
from watcher.text.months import COMPOUND, month

__all__ = ["moment", "of_feed"]

_LONGEST = 200  # characters; longer ones are no dates
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)  # outside, a date is absurd
_DEFAULTS = frozenset((datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC),))  # the last second of 32 bits
_KNOWN = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" [012]\d:[0-5]\d:[0-5]\d (?:GMT|UT|Z|[ECMP][SD]T|[+-]\d{4})"
    r"|\d{4}-[01]\d-[0-3]\dT[012]\d:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)|\d{4}(?:-[01]\d)?",
    re.ASCII,
)
_MILLISECONDS = 10**11  # as seconds: the year 5138
_MICROSECONDS = 10**14
_NUMBER = re.compile(r"@?((?!(?:19|20)\d{12}$)\d{9,19}(?:\.\d{1,9})?)|/Date\((\d{9,16})(?:[+-]\d{4})?\)/")
_ISO = re.compile(r"\d{4}-\d\d-\d\d|(?:19|20)\d{6}(?=T|$)")
_DATED = re.compile(
    r"[+]?(?P<year>(?:19|20)\d\d)(?:"
    r"-?W(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?(?![\d])"
    r"|-(?P<ordinal>\d{3})(?!\d)|(?P<ordinal_basic>\d{3})(?=T|$)"
    r"|(?P<month>\d\d)(?P<day>\d\d)(?=[T ]|\d{4}|$))",
    re.IGNORECASE,
)
_BASIC_TIME = re.compile(r"T?\s?(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?(?=\s*(?:Z|UTC|GMT|[+-]\d|$))", re.IGNORECASE)
_NAME = rf"(?P<month>{COMPOUND}\s[^\W\d_]{{4,7}}|[^\W\d_]{{3,12}})(?![^\W\d_])(?:\s?/\s?[^\W\d_]{{3,12}})?"
_GAP = r"[\s\-/.,،]{0,4}"
_OF = r"(?:(?:of|de|del|di|d['’])\s?|ב)?"
_DAY = r"(?<![\d:+])(?P<day>\d{1,2})(?:st|nd|rd|th|er|[oa]\b)?"
_YEAR = r"['’]?(?P<year>\d{4}|\d{2,3})(?!\d|\s?[:：h]\s?\d)"
_TIME = r"\d{1,2}:\d{1,2}(?::\d{1,2})?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d)(?P<year>\d{{4}}){_GAP}{_NAME}{_GAP}(?P<day>\d{{1,2}})(?!\d|:\d)",
        rf"{_DAY}{_GAP}{_OF}{_NAME}{_GAP}{_OF}{_YEAR}",
        rf"{_NAME}{_GAP}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]{{1,4}}{_YEAR}",
        rf"{_NAME}\s(?P<day>\d{{1,2}}),?\s{_TIME}.{{0,12}}?\s(?P<year>\d{{4}})(?!\d)",
        rf"{_DAY}{_GAP}{_NAME},?\s{_TIME}.{{0,12}}?\s(?P<year>\d{{4}})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})(?P<sep>[-/.])\s?(?P<month>\d{1,2})(?P=sep)\s?(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d\d)(?![\d.])",
        r"(?<!\d)(?P<one>\d{1,2})(?P<sep>[-/])(?P<two>\d{1,2})(?P=sep)(?P<year>\d{4}|\d\d)(?!\d)",
    )
)


def moment(said: Any, lang: str | None = None) -> datetime | None:
    """To the second. A time without a zone, or with one nobody knows, is taken as UTC, and a date without a time as its
    midnight. `lang`, a tag of BCP 47, settles what 03/04/2026 is.
    """
    if isinstance(said, bool):
        return None
    if isinstance(said, int | float):
        return _since_1970(said)
    text = _tidied(said) if isinstance(said, str) and len(said) <= _LONGEST else ""
    if not text:
        return None
    if number := _NUMBER.fullmatch(text):
        return _since_1970(float(number[1] or number[2]))
    try:
        return _sane(_iso(text) or _dated(text) or _written(text, lang) or _stated(text, lang))
    except (ValueError, OverflowError):
        return None


def of_feed(said: Any, parts: Any, lang: str | None = None) -> datetime | None:
    """What feedparser read (nine numbers, in UTC) of a form that it knows well, a year with or without its month among
    them; of any other what is read here. It takes zones that it does not know as UTC, `10:30` as a time of today, and a
    month 13 as the next January.
    """
    if isinstance(parts, tuple) and isinstance(said, str) and _KNOWN.fullmatch(said.strip()):
        return _of_parts(parts)
    return moment(said, lang)


def _of_parts(parts: tuple[int, ...]) -> datetime | None:
    """A leap second is the second before."""
    year, month_, day, hour, minute, second = parts[:6]
    try:
        return _sane(datetime(year, month_, day, hour, minute, min(second, 59), tzinfo=UTC))
    except ValueError:
        return None


def _sane(said: datetime | None) -> datetime | None:
    """The moment to the second, unless no article can be dated so."""
    if said is None or not _FIRST <= said < _LAST:
        return None
    whole = said.replace(microsecond=0)
    return None if whole in _DEFAULTS else whole


def _tidied(text: str) -> str:
    """One line in plain characters: digits of any script are ours, nothing changes direction."""
    if not text.isascii():
        text = "".join(_plain(c) for c in unicodedata.normalize("NFKC", text))
    return " ".join(text.split())


def _plain(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    kind = unicodedata.category(character)
    return "" if kind == "Cf" else "-" if kind == "Pd" or character == "\u2212" else character


def _since_1970(number: float) -> datetime | None:
    scale = 10**6 if number >= _MICROSECONDS else 1000 if number >= _MILLISECONDS else 1
    try:
        return _sane(_EPOCH + timedelta(seconds=number // scale))
    except (OverflowError, ValueError):
        return None


def _iso(text: str) -> datetime | None:
    """What Python's reader takes of ISO 8601: most of what feeds have."""
    if not _ISO.match(text):
        return None
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _dated(text: str) -> datetime | None:
    """A date in digits alone: 2026-W13-3, 2026-084, 20260325 10:00."""
    found = _DATED.match(text)
    if not found:
        return None
    said = {name: int(number) for name, number in found.groupdict().items() if number}
    year, days = said["year"], said.get("ordinal") or said.get("ordinal_basic")
    if "week" in said:
        day = date.fromisocalendar(year, said["week"], said.get("weekday", 1))
    elif days:
        day = date(year, 1, 1) + timedelta(days=days - 1)
        if day.year != year:
            return None
    else:
        day = date(year, said["month"], said["day"])
    return _at(datetime(day.year, day.month, day.day), text[found.end() :])  # noqa: DTZ001


def _written(text: str, lang: str | None) -> datetime | None:
    for form in _FORMS:
        for found in form.finditer(text):
            if day := _day(found, lang):
                return _at(day, _rest(text, found))
    return None


def _stated(text: str, lang: str | None) -> datetime | None:
    """As a text has it: what only text/dates.py knows, such as 2026年3月25日."""
    for found in dates_in(text, lang):
        return _at(found.day, text[: found.start] + " " + text[found.after :])
    return None


def _rest(text: str, found: re.Match[str]) -> str:
    """The text without its date: numbers that are no part of a time."""
    taken = {place for name in found.groupdict() for place in range(*found.span(name))}
    return "".join(" " if place in taken else character for place, character in enumerate(text))


def _at(day: datetime, rest: str) -> datetime:
    """The day with the time that stands somewhere beside it."""
    basic = _BASIC_TIME.match(rest)
    if basic:
        rest = f" {basic[1]}:{basic[2]}:{basic[3] or '00'}{rest[basic.end() :]}"
    time = clock.anywhere(rest)
    return clock.utc(day, time)


def _day(found: re.Match[str], lang: str | None) -> datetime | None:
    said = found.groupdict()
    numbers = list(_numbers(said, lang))
    if not numbers:
        return None
    try:
        return datetime(_year(said["year"]), numbers[1], numbers[0])  # noqa: DTZ001
    except ValueError:
        return None


def _numbers(said: dict[str, str], lang: str | None) -> Iterator[int]:
    """Day and month."""
    if "one" in said:
        yield from ordered(int(said["one"]), int(said["two"]), lang) or ()
        return
    yield int(said["day"])
    yield int(said["month"]) if said["month"].isdigit() else month(said["month"], guess=True) or 0


def _year(said: str) -> int:
    """Two digits before 50 are of this century, three are years since 1900 (RFC 5322, 4.3)."""
    year = int(said)
    return year if len(said) == 4 else year + (2000 if year < 50 else 1900)
