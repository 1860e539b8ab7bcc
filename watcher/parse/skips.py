"""pure: the text of a feed's skipHours and skipDays -> hours and days in which it wants no polls.

RSS 2.0 has hours from 0 to 23 in GMT, RSS 0.91 and 0.92 from 1 to 24: 24 is midnight. Days have their English names.
feedparser keeps the last of each.
"""

from __future__ import annotations

import re

_MOST = 10_000  # characters that are looked at
_NUMBER = re.compile(r"(?<![\d.-])\d{1,2}(?![\d.])", re.ASCII)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def skip_hours(text: str) -> tuple[int, ...]:
    """0..23 UTC, in order. All 24 of them cannot be meant: none."""
    hours = {int(number) % 24 for number in _NUMBER.findall(text[:_MOST]) if int(number) <= 24}
    return tuple(sorted(hours)) if len(hours) < 24 else ()


def skip_days(text: str) -> tuple[int, ...]:
    """0..6 for Monday to Sunday, in order. All seven cannot be meant: none."""
    named = {word.lower() for word in _WORD.findall(text[:_MOST])}
    days = tuple(number for number, day in enumerate(_DAYS) if day in named)
    return days if len(days) < len(_DAYS) else ()
