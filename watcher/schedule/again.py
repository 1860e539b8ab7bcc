"""pure: (tries at a page, why the last one failed, now) -> when to try again, or that it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from watcher.errors import FetchError, ParseError
from watcher.schedule.spans import DAY, HOUR, MINUTE, jittered

__all__ = ["GIVE_UP_AFTER", "page_again"]

GIVE_UP_AFTER = 3 * DAY
"""When the waits add up to more, a page is given up."""
_SOFT = (2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 1 * HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR)
"""Waits after what may pass by itself, the last one over and over."""
_HARD = (10 * MINUTE, 1 * HOUR, 6 * HOUR)
"""After what seldom does: an article may be announced a moment before its page is there."""
_PASSING = frozenset({"timeout", "connect", "reset", "dns", "tls", "protocol", "proxy", "truncated", "internal"})
_PASSING_STATUS = frozenset({408, 425, 429})
_NEVER = frozenset({"not-a-page"})
_JITTER = 0.1


def page_again(tries: int, error: FetchError | ParseError, now: datetime, rand: float) -> datetime | None:
    """`tries` are those that were made, this one included. A Retry-After is obeyed, up to a day."""
    if error.kind in _NEVER:
        return None
    ladder = _SOFT if _passes(error) else _HARD
    if tries > len(ladder) and ladder is _HARD:
        return None
    waits = [ladder[min(rung, len(ladder) - 1)] for rung in range(tries)]
    if sum(waits) > GIVE_UP_AFTER:
        return None
    asked = error.retry_after if isinstance(error, FetchError) else None
    return now + timedelta(seconds=max(jittered(waits[-1], _JITTER, rand), min(asked or 0.0, DAY)))


def _passes(error: FetchError | ParseError) -> bool:
    if isinstance(error, FetchError) and error.status is not None:
        return error.kind == "status" and (error.status in _PASSING_STATUS or 500 <= error.status <= 599)
    return error.kind in _PASSING
