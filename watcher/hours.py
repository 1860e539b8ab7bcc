"""pure: (hours of the week or a time of day, an IANA zone, a moment) -> moments. Minutes as named.

Moments are aware UTC. A local time that the clock skips is the moment at which it skips it, one that the clock shows
twice is the first of the two: so each local time is one moment a day, and later ones never come earlier.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from watcher.model import Hours

_DAY = 24 * 60
_DAYS = tuple(timedelta(days=n) for n in (0, -1, 1, 2))
"""Around a moment's local date: what is on began on one of these, and a time of day was on one and will be on one."""
_WEEK = timedelta(days=8)
_NOTHING = timedelta()


def within(hours: Hours, moment: datetime) -> bool:
    """Whether a moment lies in the hours, their start included and their end not."""
    return _stretch(hours, moment) is not None


def ends(hours: Hours, moment: datetime) -> datetime | None:
    """When the hours that a moment lies in end, days that join counted as one; None when it lies in none, or when they
    never end.
    """
    end, last = None, moment + _WEEK
    while (stretch := _stretch(hours, end or moment)) is not None:
        end = stretch[1]
        if end > last:
            return None
    return end


def last_time_of_day(minutes: int, zone: str, now: datetime) -> datetime:
    """The latest moment at or before now at which it was so many minutes after midnight."""
    return max(moment for moment in _times_of_day(minutes, zone, now) if moment <= now)


def next_time_of_day(minutes: int, zone: str, now: datetime) -> datetime:
    """The first moment after now at which it is so many minutes after midnight."""
    return min(moment for moment in _times_of_day(minutes, zone, now) if moment > now)


def overlap(hours: Hours, since: datetime, until: datetime) -> timedelta:
    """How much of a span lies in the hours."""
    zone = ZoneInfo(hours.zone)
    first, last = (moment.astimezone(zone).date() for moment in (since, until))
    days = (first + timedelta(days=n) for n in range(-1, (last - first).days + 2))
    stretches = (_on(hours, day) for day in days if day.weekday() in hours.days)
    return sum((max(min(end, until) - max(start, since), _NOTHING) for start, end in stretches), _NOTHING)


def _stretch(hours: Hours, moment: datetime) -> tuple[datetime, datetime] | None:
    """Start and end of the hours that a moment lies in."""
    stretches = (_on(hours, day) for day in _around(hours.zone, moment) if day.weekday() in hours.days)
    return next(((start, end) for start, end in stretches if start <= moment < end), None)


def _on(hours: Hours, day: date) -> tuple[datetime, datetime]:
    """Start and end of the hours that start on a day."""
    end = hours.end if hours.end > hours.start else hours.end + _DAY
    return _moment(day, hours.start, hours.zone), _moment(day, end, hours.zone)


def _times_of_day(minutes: int, zone: str, now: datetime) -> Iterator[datetime]:
    return (_moment(day, minutes, zone) for day in _around(zone, now))


def _around(zone: str, moment: datetime) -> Iterator[date]:
    today = moment.astimezone(ZoneInfo(zone)).date()
    return (today + days for days in _DAYS)


def _moment(day: date, minutes: int, zone: str) -> datetime:
    """When it is so many minutes after midnight of a day by the clock of a zone."""
    local = datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(minutes=minutes)
    later = local.replace(fold=1)
    before, after = local.utcoffset(), later.utcoffset()
    if before is None or after is None or before >= after:
        return local.astimezone(UTC)
    return _skip(later.astimezone(UTC), local.astimezone(UTC), ZoneInfo(zone))


def _skip(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two, to the second, at which the clock of a zone is put forward."""
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
    return high
