"""pure: a line of text -> the moment it states.

Only what is written out counts: an ISO 8601 date; day, month by name and year in whichever order; 2026年3月25日; and of
dates in numbers those that can be read in one way. 25.03.2026 is one: with full stops, no country puts the month first.
25/03/2026 is one, since there is no 25th month; 03/04/2026 is another day in London than in New York, and is read only
where the language settles it. Weekdays say nothing without a calendar. A time behind the date counts with it, and is
UTC where no zone stands behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from watcher.text import clock, jalali
from watcher.text.months import COMPOUND, month

__all__ = ["Stated", "dates_in", "day_first", "ordered", "stated", "without"]

_ANY = re.compile(r"\d{4}|[年년]")
_NAME = rf"(?P<month>{COMPOUND}\s[^\W\d_]{{4,7}}\b|[^\W\d_]{{2,12}}\b)\.?(?:\s?/\s?[^\W\d_]{{2,12}})?"
_DAY = r"(?<![\d.,:/-])(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?"
_BETWEEN = r"(?:of|de|del|di)\s"
_DAY_FIRST = rf"{_DAY}[\s-]+(?:{_BETWEEN}|ב)?{_NAME}[,،]?[\s-]+(?:{_BETWEEN})?(?P<year>\d{{4}})(?!\d|:\d)"
_MONTH_FIRST = rf"\b{_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[,،]?\s+(?P<year>\d{{4}})(?!\d|:\d)"
_YEAR_FIRST = (
    rf"(?<![\d.,/-])(?P<year>\d{{4}})[.,]?[\s-]+{_NAME}[\s-]+(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?!\d|[:.,]\d)"
)
_CJK = (
    r"(?:(?P<era>令和|平成|昭和|民國|民国)\s?)?(?P<year>\d{4}|(?<=[和成國国])\s?\d{1,3}|(?<=[和成])元)\s?[年년]"
    r"\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日号號일]?"
)
_PERSIAN = (
    rf"(?<![\d.,/])(?P<day>\d{{1,2}})\s(?P<persian>{'|'.join(jalali.MONTHS).replace('ی', '[یي]')})(?:\sماه)?\s"
    r"(?P<year>\d{4})(?!\d)"
)
_ISO = r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)"
_YEAR_NUMBERS = (
    r"(?<![\w./-])(?P<year>(?:19|20)\d\d)(?P<sep>[-/.])\s?(?P<month>\d{1,2})(?P=sep)\s?(?P<day>\d{1,2})(?!\d|[/.-]\d)"
)
_DOTTED = r"(?<![\w./-])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>(?:19|20)\d\d)(?!\d|[/.-]\d)"
_SLASHED = r"(?<![\w./-])(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>(?:19|20)\d\d)(?!\d|[/.-]\d)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (_ISO, _DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST, _CJK, _PERSIAN, _YEAR_NUMBERS, _DOTTED, _SLASHED)
)
"""What a date is written in, those first that leave nothing to guess."""
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_YEAR_BEFORE = frozenset(("zh", "ja", "ko", "hu", "lt", "mn"))  # who writes a year last says nothing of the order
_MONTH_BEFORE = frozenset(("en-us", "en-ph"))
_EITHER = frozenset(("en", "en-ca"))


class Stated(NamedTuple):
    """A date and where it stands, with the time behind it."""

    start: int
    end: int
    moment: datetime
    after: int  # where the date ends, and its time begins
    day: datetime  # naive


def stated(text: str, lang: str | None = None) -> datetime | None:
    """The first moment the text states, in UTC: ISO 8601 before written-out dates; midnight where it gives no time."""
    return next((date.moment for date in dates_in(text, lang)), None)


def without(text: str, lang: str | None = None) -> str:
    """The text with the dates taken out that can be read."""
    kept, done = [], 0
    for start, end, *_ in sorted(dates_in(text, lang)):
        if start >= done:
            kept.append(text[done:start])
            done = end
    return " ".join([*kept, text[done:]]) if kept else text


def dates_in(text: str, lang: str | None = None, end: int | None = None) -> Iterator[Stated]:
    """Every date that starts and stops before `end`, by form, then as they stand. `lang` is a tag of BCP 47."""
    end = len(text) if end is None else end
    if not _ANY.search(text, 0, end):
        return
    for form in _FORMS:
        for found in form.finditer(text, 0, end):
            day = _day(found, lang)
            if day is not None and (date := _with_time(text, found, day)):
                yield date


def ordered(one: int, two: int, lang: str | None) -> tuple[int, int] | None:
    """Which of two numbers is the day, which the month; None where it may be either."""
    first = True if one > 12 else False if two > 12 else True if one == two else day_first(lang)
    return None if first is None else (one, two) if first else (two, one)


def day_first(lang: str | None) -> bool | None:
    """Whether who writes that language puts the day before the month; None for nobody knows."""
    tag = (lang or "").strip().lower().replace("_", "-")
    if not tag or tag in _EITHER or tag.partition("-")[0] in _YEAR_BEFORE:
        return None
    return tag not in _MONTH_BEFORE


def _day(found: re.Match[str], lang: str | None) -> datetime | None:
    """The day that a match states; None where no calendar has it."""
    said = found.groupdict()
    try:
        if name := said.get("persian"):
            number = jalali.MONTHS.index(name.replace("ي", "ی")) + 1
            return jalali.day_of(int(said["year"]), number, int(said["day"]))
        if "one" in said:
            day, number = ordered(int(said["one"]), int(said["two"]), lang) or (0, 0)
        else:
            day, number = int(said["day"]), _month(said["month"])
        return datetime(_year(said), number, day)  # noqa: DTZ001 - its zone stands behind its time
    except ValueError:
        return None


def _month(said: str) -> int:
    return int(said) if said.isdigit() else month(said) or 0


def _year(said: dict[str, str | None]) -> int:
    written = (said["year"] or "").strip()
    year = 1 if written == "元" else int(written)
    if era := said.get("era"):
        year += _ERAS[era]
    return year if 1900 <= year < 2100 else 0  # which no calendar has


def _with_time(text: str, found: re.Match[str], day: datetime) -> Stated | None:
    time = clock.behind(text, found.end())
    try:
        return Stated(found.start(), time.end if time else found.end(), clock.utc(day, time), found.end(), day)
    except OverflowError:
        return None
