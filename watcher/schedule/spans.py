"""pure: the spans of time that all of this counts in, in seconds."""

from __future__ import annotations

from datetime import timedelta

from watcher.text import counted

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY


def jittered(wait: float, jitter: float, rand: float) -> float:
    """A wait made up to `jitter` (a share of it) shorter or longer."""
    return wait * (1 + jitter * (2 * rand - 1))


def lasting(seconds: float) -> str:
    """A span for a person: "30 s", "15 min", "3 days 4 h"."""
    return counted.lasting(timedelta(seconds=seconds)) if seconds >= MINUTE else f"{seconds:.3g} s"
