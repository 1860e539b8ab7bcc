"""pure: what stands after `published:` -> the first moment of it and the first after it.

`2015`, `2015-03` and `2015-03-25` are whole units in UTC; in `a..b` both ends are in, and one of them may be left out.
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import UTC, datetime, timedelta

Span = tuple[datetime | None, datetime | None]

FORMS = "a date is 2015, 2015-03 or 2015-03-25; a range is 2015-03..2015-04, 2015.. or ..2015"
_UNIT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_YEARS = range(1000, 3000)
_YEAR_FIRST = re.compile(r"([0-9]{4})[-./]?([0-9]{1,2})(?:[-./]?([0-9]{1,2}))?(?:T.*)?")
_YEAR_LAST = re.compile(r"(?:([0-9]{1,2})([-./]))?([0-9]{1,2})[-./]([0-9]{4})")
_RANGE = re.compile(r"([0-9]{4}[-0-9]*?)(?:-|–|—|…|\.{3,}|:)([0-9]{4}.*)")
_COMPARED = re.compile(r"([<>])=(.+)")


class BadDate(ValueError):
    """No date; `mend` says what was probably meant."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


def span(text: str) -> Span:
    """Start (in) and end (out), aware UTC. Raises BadDate."""
    first, dots, last = text.partition("..")
    if dots and not (first or last):
        raise BadDate("`..` has a date on neither side", FORMS)
    try:
        if not dots:
            return _unit(text)
        start = _unit(first)[0] if first else None
        end = _unit(last)[1] if last else None
    except BadDate as bad:
        meant = _meant(text)
        raise BadDate(bad.message, f"write published:{meant}" if meant else FORMS) from None
    if start and end and start >= end:
        raise BadDate(f"`{first}` is after `{last}`", f"write published:{last}..{first}")
    return start, end


def _unit(text: str) -> tuple[datetime, datetime]:
    found = _UNIT.fullmatch(text)
    if not found:
        raise BadDate(f"`{text}` is not a date", FORMS)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if year not in _YEARS:
        raise BadDate(f"`{text}`: the year {year} is not from {_YEARS[0]} to {_YEARS[-1]}", FORMS)
    if found[2] and not 1 <= month <= 12:
        raise BadDate(f"`{text}`: there is no month {month}", FORMS)
    if found[3] and not 1 <= day <= (days := monthrange(year, month)[1]):
        raise BadDate(f"`{text}`: {month_name[month]} {year} has {days} days", FORMS)
    start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    if day:
        return start, start + timedelta(days=1)
    return start, datetime(year + (month in {0, 12}), month % 12 + 1 if month else 1, 1, tzinfo=UTC)


def _meant(text: str) -> str | None:
    """What a date written in another way means, where that is plain."""
    ends = _RANGE.fullmatch(text)
    compared = _COMPARED.fullmatch(text)
    if ends:
        parts = [ends[1], ends[2]]
    elif compared:
        parts = ["", compared[2]] if compared[1] == "<" else [compared[2], ""]
    else:
        parts = text.split("..")
    meant = [_meant_unit(part) if part else "" for part in parts]
    return "..".join(part or "" for part in meant) if any(meant) and None not in meant else None


def _meant_unit(text: str) -> str | None:
    year_first, year_last = _YEAR_FIRST.fullmatch(text), _YEAR_LAST.fullmatch(text)
    if year_first:
        year, month, day, sure = year_first[1], int(year_first[2]), int(year_first[3] or 0), True
    elif year_last:
        day, month, year = int(year_last[1] or 0), int(year_last[3]), year_last[4]
        sure = year_last[2] != "/" or max(day, month) > 12
    else:
        return text if _is_unit(text) else None
    if month > 12 >= day > 0:
        month, day = day, month
    found = f"{year}-{month:02}" + (f"-{day:02}" if day else "")
    return found if sure and _is_unit(found) else None


def _is_unit(text: str) -> bool:
    try:
        _unit(text)
    except BadDate:
        return False
    return True
