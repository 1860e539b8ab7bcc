"""pure: what an answer says of freshness and quiet hours -> seconds of peace; a time outside of the quiet ones."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from watcher.model import Response
from watcher.text.waits import retry_after

_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NOT_FRESH = re.compile(r"(?:^|,)\s*no-(?:cache|store)\b", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,12}")
_HOUR = timedelta(hours=1)


def asked(response: Response, now: datetime, most: float) -> float:
    """Seconds for which a good answer asks to be left alone, within 0 and `most`: what is left of its freshness
    (RFC 9111 section 4.2), or its Retry-After where that is longer.
    """
    fresh = _lifetime(response, now) - _age(response)
    return min(max(fresh, retry_after(response.headers.get("retry-after"), now, most) or 0.0, 0.0), most)


def outside(at: datetime, hours: Collection[int], days: Collection[int], latest: datetime) -> datetime:
    """The first moment from `at` on that is in none of these hours (UTC) and days (Monday is 0), `latest` at most; a
    feed that asks never to be polled is taken at no word.
    """
    if len(set(hours)) >= 24 or len(set(days)) >= 7:
        return at
    moved = at
    while (moved.hour in hours or moved.weekday() in days) and moved < latest:
        moved = moved.replace(minute=0, second=0, microsecond=0) + _HOUR
    return max(at, min(moved, latest))


def _lifetime(response: Response, now: datetime) -> float:
    """Of max-age, else of Expires by the server's own clock; s-maxage is for shared caches, and we are none."""
    control = response.headers.get("cache-control", "")
    if _NOT_FRESH.search(control):
        return 0.0
    if found := _MAX_AGE.search(control):
        return float(found[1])
    expires = _date(response.headers.get("expires"))
    if expires is None:
        return 0.0
    return (expires - (_date(response.headers.get("date")) or now)).total_seconds()


def _age(response: Response) -> float:
    """For how long the answer has lain in caches on its way (RFC 9111 section 5.1)."""
    said = response.headers.get("age", "").strip()
    return float(said) if _SECONDS.fullmatch(said) else 0.0


def _date(value: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(value[:100]) if value else None
        return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
