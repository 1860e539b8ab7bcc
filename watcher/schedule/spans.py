"""pure: the spans of time that all of this counts in, in seconds."""

from __future__ import annotations

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def jittered(wait: float, jitter: float, rand: float) -> float:
    """A wait made up to `jitter` (a share of it) shorter or longer."""
    return wait * (1 + jitter * (2 * rand - 1))
