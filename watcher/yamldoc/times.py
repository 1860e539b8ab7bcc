"""pure: hours of the week and times of day as people write them -> Hours, minutes after midnight."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from watcher.model import Hours
from watcher.yamldoc.check import nearest

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
"""Minutes."""

_CLOCK = r"([01][0-9]|2[0-4]):([0-5][0-9])"
_HOURS = re.compile(rf"(?:([a-z,-]+) +)?{_CLOCK} *- *{_CLOCK}(?: +([A-Za-z0-9_+/-]+))?")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_LOOSE = re.compile(r"([0-9]|[01][0-9]|2[0-3])(?:[:.h]([0-5][0-9])?)? *([ap]m)?", re.IGNORECASE)


def hours(text: str, zone: str | None = None) -> Hours:
    """Hours of the week as people write them: mon-fri 07:00-22:00 Europe/London. Raises E111.

    With a `zone` these are hours by its clock, and the text names none.
    """
    found = _HOURS.fullmatch(text.strip())
    days = _days(found[1]) if found else ()
    if found is None or not days or (found[6] is None) == (zone is None):
        like = "days, hours and a time zone like mon-fri 07:00-22:00 Europe/London"
        wanted = like if zone is None else "hours like 22:00-07:00 or mon-fri 22:00-07:00, by the clock of `timezone`"
        raise PydanticCustomError("E111", f"expected {wanted}")
    start, end = (int(found[n]) * 60 + int(found[n + 1]) for n in (2, 4))
    if start == end or start >= DAY or end > DAY:
        raise PydanticCustomError("E111", "expected hours that begin and end within a day, such as 00:00-24:00")
    return Hours(days=days, start=start, end=end, zone=zone or found[6])


def always(all_hours: Iterable[Hours]) -> bool:
    """Whether these hours leave no minute of the week."""
    covered = {
        (day * DAY + each.start + minute) % (7 * DAY)
        for each in all_hours
        for day in each.days
        for minute in range((each.end - each.start) % DAY or DAY)
    }
    return len(covered) == 7 * DAY


def time_of_day(text: Any) -> int:
    """Minutes after midnight of `08:00`. Raises E111, with what was probably meant."""
    found = _TIME.fullmatch(str(text))
    if found is None:
        raise PydanticCustomError("E111", 'expected a time of day like "08:00"', _meant(str(text)))
    return int(found[1]) * 60 + int(found[2])


TimeOfDay = Annotated[int, BeforeValidator(time_of_day)]
"""Minutes after midnight."""


def unknown_zone(zone: str, known: Collection[str]) -> tuple[str, str] | None:
    """What is to be said of a time zone that is not among these, and what was probably meant."""
    if zone in known:
        return None
    near = nearest(zone, known)
    mend = f"did you mean {near}?" if near else "zones have names like Europe/London, America/New_York, UTC"
    return f"there is no time zone `{zone}`", mend


def _days(text: str | None) -> tuple[int, ...]:
    """The days of `mon-fri,sun`, `fri-mon`; all of them where none is named, none where one is not a day."""
    days: set[int] = set()
    for part in (text or "mon-sun").split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            return ()
        start, end = DAYS.index(first), DAYS.index(last or first)
        days.update(n % 7 for n in range(start, end + 1 + 7 * (end < start)))
    return tuple(sorted(days))


def _meant(text: str) -> dict[str, str]:
    """The time of `8`, `8:00`, `8am`, `8.30 pm`."""
    found = _LOOSE.fullmatch(text.strip())
    if found is None:
        return {}
    hour, half = int(found[1]), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return {}
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    return {"help": f'write "{hour:02}:{found[2] or "00"}"'}
