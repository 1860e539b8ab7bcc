"""pure: when items came -> a feed's rhythm; its rhythm, now -> how long until it is asked again, and why.

A feed gets so many requests a day, more of them in the hours in which it usually brings something. It is asked soon
again while items come close together, and less often the longer nothing has come for longer than usual. Times are
seconds since 1970. The numbers were chosen by `python -m tests.bench adaptive`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from watcher.model import Habits
from watcher.schedule.spans import DAY, HOUR, WEEK, lasting

HALF_LIFE = 28 * DAY
"""Of what is known of hours and days: a blog of three posts a week has told little in less."""
UNSURE = 1.0
"""Items that each hour is taken to have had before anything is known."""
LOWEST, HIGHEST = 0.25, 3.0
"""Times the mean that an hour of the day counts, and a day of the week."""
SPARED = 0.8
"""Share of the requests of a fixed interval that go by the hours; others are spent while items come close together."""
SLOW = 4.0
"""How much the usual silence weighs against a new one of the same length: it changes by a fifth."""
LONGEST = 30 * DAY
"""No silence teaches more than that: dates are wrong at times, and old archives are published anew."""
PATIENCE = 3.0
"""Times the usual silence until a feed is asked less often."""
STRANGER = 7 * DAY
"""The usual silence where none is known."""
CLOSE = HOUR
"""Items that came within it came close together."""
EASE = 1.2
"""Items that are waited for while they come close together."""
WATCHFUL = 2 * DAY
"""How long a feed is asked more often after items may have been missed: eight times as often at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long to wait until the next poll, and what that comes from; in seconds."""

    by_hours: float  # by the time of the week, and by how long the feed has been still
    close: float  # until more is expected of those that come close together
    slack: float  # times the usual wait, because nothing has come for long
    careful: float  # share of it, because items may have been missed
    still: float  # since something came

    @property
    def seconds(self) -> float:
        return min(self.by_hours, self.close) * self.careful


def learned(habits: Habits, fresh: Sequence[datetime], now: datetime, since: datetime | None) -> Habits:
    """The habits after items that came at `fresh`; what is new now came after `since`, whatever it says of itself."""
    end = now.timestamp()
    begin = since.timestamp() if since else -LONGEST * 1e3
    times = sorted(at if begin <= at <= end else end for at in (each.timestamp() for each in fresh))
    if not times:
        return habits
    habits = _until(habits, end)
    last = times[0] if habits.came_at is None else habits.came_at
    return replace(
        _counted(habits, times),
        came_at=max(last, times[-1]),
        every=_silence(habits.every, [last, *times]),
        pace=_pace(habits, times, end),
    )


def wait(habits: Habits, added: float, now: float, usual: float) -> Wait:
    """How long to wait were there no bounds: `usual` seconds on average, for a feed that is wanted since `added`."""
    habits = _until(habits, now)
    still = max(now - (added if habits.came_at is None else habits.came_at), 0.0)
    slack = max(still / (PATIENCE * (habits.every or STRANGER)), 1.0)
    spared = SPARED if habits.hours else 1.0
    return Wait(
        by_hours=_reached(habits, now, slack * usual / spared),
        close=max(EASE * habits.pace, still / 2) if habits.pace else LONGEST,
        slack=slack,
        careful=1.0 if habits.gap_at is None else min(max((now - habits.gap_at) / WATCHFUL, 0.125), 1.0),
        still=still,
    )


def why(habits: Habits, wait: Wait, usual: float) -> str:
    """What a wait mostly comes from, for a person."""
    if wait.careful < 1:
        return "more often for a while, since items may have been missed"
    if habits.pace and wait.close < wait.by_hours:
        return f"items come every {lasting(habits.pace)} or so"
    if wait.slack > 1:
        silence = "" if habits.every is None else f", where {lasting(habits.every)} without are usual"
        return f"nothing new for {lasting(wait.still)}{silence}"
    if habits.came_at is None:
        return "nothing is known of its habits yet"
    if wait.by_hours <= usual:
        return "it often brings something at this time of the week"
    return "it seldom brings something at this time of the week" if wait.by_hours > 2 * usual else "as usual"


def _until(habits: Habits, now: float) -> Habits:
    """Without times to come: they were learned by a clock that has been put back, and would hold until then."""
    came_at, gap_at = (at if at is None or at <= now else None for at in (habits.came_at, habits.gap_at))
    same = came_at == habits.came_at and gap_at == habits.gap_at
    return habits if same else replace(habits, came_at=came_at, gap_at=gap_at)


# what is learned


def _counted(habits: Habits, times: Sequence[float]) -> Habits:
    """Each hour in which something came counts once, however much it was."""
    last = habits.came_at
    fade = 1.0 if last is None else _faded(times[-1] - last)
    hours, days = ([each * fade for each in some] or [0.0] * n for some, n in ((habits.hours, 24), (habits.days, 7)))
    for at in times:
        if last is None or at // HOUR > last // HOUR:
            hours[_hour(at)] += _faded(times[-1] - at)
            days[_day(at)] += _faded(times[-1] - at)
            last = at
    return replace(habits, hours=_rounded(hours), days=_rounded(days))


def _silence(every: float | None, times: Sequence[float]) -> float | None:
    """The usual silence: each counts by its length, so that thirty items in an hour do not hide the days before."""
    for earlier, later in pairwise(times):
        gap = min(later - earlier, LONGEST)
        if gap > 0:
            every = gap if every is None else every + (gap - every) * gap / (gap + SLOW * every)
    return every


def _pace(habits: Habits, times: Sequence[float], end: float) -> float | None:
    """Seconds between those of the last hour, half of it from what it was; None when fewer than two came."""
    known = habits.came_at is not None and habits.came_at > end - CLOSE
    recent = [each for each in times if each > end - CLOSE]
    first = min([habits.came_at, *recent] if known and habits.came_at is not None else recent, default=end)
    gaps = len(recent) - (not known)
    if gaps < 1 or (habits.came_at is None and recent[-1] == first):  # at first what has no dates came at any time
        return None
    pace = (recent[-1] - first or CLOSE) / gaps
    return pace if habits.pace is None else (pace + habits.pace) / 2


def _faded(age: float) -> float:
    return math.exp2(-max(age, 0.0) / HALF_LIFE)


def _rounded(numbers: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(each, 3) for each in numbers)


def _hour(at: float) -> int:
    return int(at // HOUR) % 24


def _day(at: float) -> int:
    """1970 began on a Thursday."""
    return int(at // DAY + 3) % 7


# what follows from it


def _reached(habits: Habits, now: float, usual: float) -> float:
    """Seconds until `usual` ones have passed, each counting by its hour; LONGEST at most, or little more.

    Whole weeks and days are taken in one step each: hours of a day, and days of a week, count 1 in the mean.
    """
    hours, days = _shares_of_hours(habits.hours), _shares_of_days(habits.days)
    last = (now // HOUR + int(min(usual / HOUR / LOWEST**2, LONGEST / HOUR)) + 2) * HOUR
    weeks = min(usual, last - now) // WEEK * WEEK
    at, left = now + weeks, usual - weeks
    while at < last:
        day = days[_day(at)]
        if at % DAY == 0 and day * DAY < left and at + DAY <= last:
            at, left = at + DAY, left - day * DAY
            continue
        share, end = hours[_hour(at)] * day, (at // HOUR + 1) * HOUR
        if (end - at) * share >= left:
            return at + left / share - now
        at, left = end, left - (end - at) * share
    return at - now


def _shares_of_hours(hours: Sequence[float]) -> Sequence[float]:
    """What each hour of the day counts, 1 in the mean; an hour's neighbours say something of it, too."""
    if not hours:
        return (1.0,) * 24
    around = zip((hours[-1], *hours), hours, (*hours[1:], hours[0]), strict=False)
    return _shares([(before + 2 * here + after) / 4 + UNSURE for before, here, after in around])


def _shares_of_days(days: Sequence[float]) -> Sequence[float]:
    return _shares([each + 24 / 7 * UNSURE for each in days]) if days else (1.0,) * 7


def _shares(counts: Sequence[float]) -> Sequence[float]:
    mean = sum(counts) / len(counts)
    low, high = mean * LOWEST, mean * HIGHEST
    bounded = [low if each < low else min(each, high) for each in counts]
    mean = sum(bounded) / len(counts)
    return [each / mean for each in bounded]
