"""When sites publish, simulated: (days, a random generator) -> seconds since a Monday's midnight UTC, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
WEEK = 7 * DAY
NEWSROOM = (1, 1, 1, 1, 2, 4, 8, 10, 10, 10, 10, 10, 9, 9, 9, 9, 9, 8, 7, 6, 5, 4, 3, 2)
"""What is published in each hour of a day, as shares."""

Publishing = Callable[[float, Random], list[float]]


def newsroom(days: float, random: Random, a_day: float = 100.0) -> list[float]:
    """About a hundred items a working day, most of them by day; half as many on Saturdays and Sundays."""
    share = a_day / sum(NEWSROOM) / HOUR
    return _poisson(days, random, lambda at: share * NEWSROOM[_hour(at)] * (0.5 if _weekend(at) else 1.0))


def blog(days: float, random: Random) -> list[float]:
    """Three posts in a week, in office hours."""
    rate = 3 / (5 * 8 * HOUR)
    return _poisson(days, random, lambda at: 0.0 if _weekend(at) or not 9 <= _hour(at) < 17 else rate)


def burst(days: float, random: Random) -> list[float]:
    """Nothing for four days or so, then thirty items within an hour, at any time of the day."""
    starts = _poisson(days, random, lambda _: 1 / (4 * DAY))
    return sorted(start + random.uniform(0, HOUR) for start in starts for _ in range(30))


def dead(days: float, random: Random) -> list[float]:
    """Two a day until the day before the first poll; a single item at the end of the time says that it lives."""
    end = days * DAY - random.uniform(0, DAY)
    return [*_poisson(-1, random, lambda _: 2 / DAY, since=-180 * DAY), end][-36:]


def statuspage(days: float, random: Random) -> list[float]:
    """An incident in ten days, at any time, told in five updates over three hours."""
    starts = _poisson(days, random, lambda _: 1 / (10 * DAY))
    return sorted(start + each for start in starts for each in (0.0, *(random.uniform(0, 3 * HOUR) for _ in range(4))))


def weekly(days: float, random: Random) -> list[float]:
    """Each Tuesday at ten, twenty minutes sooner or later."""
    return [week * WEEK + 34 * HOUR + random.uniform(-20, 20) * MINUTE for week in range(-8, int(days / 7))]


def hourly(days: float, random: Random) -> list[float]:
    """On the hour."""
    return [hour * HOUR for hour in range(-8 * 24, int(days * 24))]


def irregular(days: float, random: Random) -> list[float]:
    """Four a day at any time."""
    return _poisson(days, random, lambda _: 4 / DAY)


PATTERNS: dict[str, Publishing] = {
    "newsroom": newsroom,
    "blog": blog,
    "burst": burst,
    "dead": dead,
    "statuspage": statuspage,
    "weekly": weekly,
    "hourly": hourly,
    "irregular": irregular,
}


def _poisson(days: float, random: Random, rate: Callable[[float], float], since: float = -56 * DAY) -> list[float]:
    """Moments as they come by chance at so many a second, from before the beginning, which the first poll brings."""
    return list(_thinned(since, days * DAY, random, rate))


def _thinned(since: float, until: float, random: Random, rate: Callable[[float], float]) -> Iterator[float]:
    most = max(rate(quarter * HOUR / 4) for quarter in range(7 * 24 * 4))
    at = since + random.expovariate(most)
    while at < until:
        if random.random() * most < rate(at):
            yield at
        at += random.expovariate(most)


def _hour(at: float) -> int:
    return int(at % DAY // HOUR)


def _weekend(at: float) -> bool:
    return at % WEEK >= 5 * DAY
