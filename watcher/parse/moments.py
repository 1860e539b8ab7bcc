"""pure: what a publisher calls a date -> the moment in UTC, or None.

ISO 8601, RFC 822 and 2822, seconds or milliseconds since 1970 (as a number or its digits), and dates written out.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from typing import Any

_LONGEST = 200  # characters; longer ones are no dates
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)  # outside, a date is absurd
_MILLISECONDS = 10**11  # as seconds: the year 5138
_MICROSECONDS = 10**14
_NUMBER = re.compile(r"\d{9,19}(?:\.\d{1,9})?", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\d|(?:19|20)\d{6}(?=T|$)")
_FRACTION = re.compile(r"(?<=[T ]\d\d:\d\d:\d\d)[.,](\d+)")
_ZONE = re.compile(r"\s*(?:Z|UTC|GMT)$|\s+(?=[+-]\d\d:?\d\d$)", re.IGNORECASE)


def moment(said: Any) -> datetime | None:
    """To the second. A time without a zone is taken as UTC, and a date without a time as its midnight."""
    if isinstance(said, bool):
        return None
    if isinstance(said, int | float):
        return _since_1970(said)
    text = " ".join(said.split()) if isinstance(said, str) and len(said) <= _LONGEST else ""
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        return _since_1970(float(text))
    return _sane(_iso(text) or _rfc822(text) or _written(text))


def _since_1970(number: float) -> datetime | None:
    scale = 10**6 if number >= _MICROSECONDS else 1000 if number >= _MILLISECONDS else 1
    try:
        return _sane(_EPOCH + timedelta(seconds=number // scale))
    except (OverflowError, ValueError):
        return None


def _iso(text: str) -> datetime | None:
    if not _ISO.match(text):
        return None
    return _plain_iso(text) or _plain_iso(_ZONE.sub(_zone, _FRACTION.sub("", text)))


def _plain_iso(text: str) -> datetime | None:
    try:
        return _utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _zone(found: re.Match[str]) -> str:
    return "" if found[0].isspace() else "+00:00"


def _rfc822(text: str) -> datetime | None:
    parts = parsedate_tz(text)
    try:
        if parts is None or not any(character.isalpha() for character in text):
            return None
        year, month, day, hour, minute, second = parts[:6]
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        return local - timedelta(seconds=parts[9] or 0)
    except (ValueError, OverflowError, TypeError):
        return None


def _written(text: str) -> datetime | None:
    from watcher.text.dates import stated

    return stated(text)


def _utc(said: datetime) -> datetime:
    return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)


def _sane(said: datetime | None) -> datetime | None:
    return said.replace(microsecond=0) if said and _FIRST <= said < _LAST else None
