"""pure: a date of Iran's calendar -> the day.

Its years begin in March, their first six months have 31 days, and eight years of 33 are longer by a day: the rule that
holds from 1244 to 1501 (1865 to 2122).
"""

from __future__ import annotations

from datetime import datetime, timedelta

MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()  # noqa: SIM905
_LEAP = frozenset((1, 5, 9, 13, 17, 22, 26, 30))  # remainders of 33
_FIRST, _LAST = 1244, 1501
_NEW_YEAR = datetime(1996, 3, 20)  # noqa: DTZ001 - a day, 1 Farvardin 1375


def day_of(year: int, month: int, day: int) -> datetime:
    """The day, naive; raises ValueError where the calendar has none."""
    length = 31 if month <= 6 else 30 if month < 12 or year % 33 in _LEAP else 29
    if not (_FIRST <= year <= _LAST and 1 <= month <= 12 and 1 <= day <= length):
        raise ValueError(f"no day of Iran's calendar: {year}-{month}-{day}")
    return _new_year(year) + timedelta(days=30 * (month - 1) + min(month - 1, 6) + day - 1)


def _new_year(year: int) -> datetime:
    years = range(1375, year) if year >= 1375 else range(year, 1375)
    days = 365 * len(years) + sum(one % 33 in _LEAP for one in years)
    return _NEW_YEAR + timedelta(days=days if year >= 1375 else -days)
