"""pure: a line of text -> the moment it states.

Only what is written out counts: an ISO 8601 date, or day, English month and year in either order. Numbers alone
("03/04/2015") say different things in different countries, and weekdays nothing without a calendar.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_ISO = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)"
    r"(?:[T ](?P<hour>[0-2]\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)?"
    r"\s?(?P<zone>Z\b|UTC\b|GMT\b|[+-][01]\d:?[0-5]\d\b)?)?",
    re.ASCII,
)
_DAY_FIRST = re.compile(rf"\b{_DAY}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}", re.ASCII | re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}", re.ASCII | re.IGNORECASE)
FORMS = (_ISO, _DAY_FIRST, _MONTH_FIRST)
"""What a date is written in, those first that leave nothing to guess."""


def stated(text: str) -> datetime | None:
    """The first moment the text states, in UTC: ISO 8601 before written-out dates; midnight where it gives no time."""
    return next((moment for form in FORMS for found in form.finditer(text) if (moment := moment_of(found))), None)


def without(text: str) -> str:
    """The text with what `stated` reads taken out."""
    for form in FORMS:
        text = form.sub(" ", text)
    return text


def moment_of(found: re.Match[str]) -> datetime | None:
    """The moment that a match of one of FORMS states, in UTC; None where no calendar has it."""
    said = found.groupdict()
    month = said["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    hour, minute, second = (int(said.get(part) or 0) for part in ("hour", "minute", "second"))
    zone = _zone(said.get("zone"))
    try:
        local = datetime(int(said["year"]), number, int(said["day"]), hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return local.astimezone(UTC)


def _zone(said: str | None) -> timezone:
    if not said or said[0] not in "+-":
        return UTC
    digits = said[1:].replace(":", "")
    return timezone((-1 if said[0] == "-" else 1) * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
