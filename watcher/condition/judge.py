"""pure: (what is remembered of a feed, now) -> how it is.

    failed  | gone, blocked, failing; below those, what it was before
    read    | silent, quiet, ok

Only a good poll ends a bad condition, so a feed whose failures change their face is told of once. While polls fail,
nobody knows whether something new came: what counts is the time until the last good one. A paused feed stays as it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from watcher.model import Condition, FeedPause, FeedState

__all__ = ["BAD", "judged", "paused"]

DAY = timedelta(days=1)
STRAINED = 3.0
"""Strain from which a feed is failing: three hard failures in a row, or six that mostly pass by themselves."""
FAILING_AFTER = DAY
"""A feed that fails for so long is failing whatever its strain, as one that is polled once a day."""
TWICE = 2
"""A refusal counts from the second in a row on: firewalls and deployments answer one request wrongly."""
BLOCKING = frozenset({401, 402, 403, 407, 451})
TOO_MANY = 429
MISSING = 404
GONE = 410
MISSING_FOR = timedelta(days=3)
"""A 404 that holds over a weekend is no mistake of a deployment."""
QUIET_AFTER = 3.0
"""Times the usual gap between new items, which nights and weekends are part of (`Habits.every`)."""
SILENT_AFTER = 6.0
"""Times the usual gap: a false alarm in ten years of a feed (`python -m tests.bench silences`)."""
LEAST_QUIET = timedelta(hours=1)
LEAST_SILENT = DAY
"""However often a feed brings something, a bad night is no silence."""
UNKNOWN_SILENT = timedelta(days=30)
"""Silence of a feed whose usual gap is not known."""
BAD = frozenset({Condition.FAILING, Condition.BLOCKED, Condition.GONE})
"""A feed in one of these is not read."""
_SPECIFIC = frozenset({Condition.BLOCKED, Condition.GONE})


def judged(state: FeedState, now: datetime) -> Condition:
    """How a feed is after a poll that left it so; `state.condition` is what it was before."""
    if paused(state, now):
        return state.condition
    if not state.failures:
        return _stillness(state, now)
    found = _failure(state, now)
    if found is None or (found is Condition.FAILING and state.condition in _SPECIFIC):
        return state.condition if state.condition in BAD else _stillness(state, state.good_at)
    return found


def paused(state: FeedState, now: datetime) -> FeedPause | None:
    """The pause that holds now."""
    pause = state.pause
    return pause if pause and (pause.until is None or now < pause.until) else None


def _failure(state: FeedState, now: datetime) -> Condition | None:
    """What the failures in a row come to; None while they are too few."""
    lasted = now - state.failing_since if state.failing_since else timedelta()
    if state.failures >= TWICE and (state.status in BLOCKING or state.trouble == "challenge"):
        return Condition.BLOCKED
    if state.failures >= TWICE and (state.status == GONE or (state.status == MISSING and lasted >= MISSING_FOR)):
        return Condition.GONE
    if state.strain >= STRAINED or lasted >= FAILING_AFTER:
        return Condition.BLOCKED if state.status == TOO_MANY else Condition.FAILING
    return None


def _stillness(state: FeedState, until: datetime | None) -> Condition:
    """What the time without anything new comes to, as known at `until`."""
    last = state.new_at or state.added_at
    if last is None or until is None or state.good_at is None:
        return Condition.OK
    still = (until - last).total_seconds()
    stays = state.condition is Condition.SILENT and still >= DAY.total_seconds()  # what is usual may be learned anew
    if stays or still >= _silent_after(state):
        return Condition.SILENT
    return Condition.QUIET if still >= _quiet_after(state) else Condition.OK


def _silent_after(state: FeedState) -> float:
    every = state.habits.every
    return UNKNOWN_SILENT.total_seconds() if every is None else max(SILENT_AFTER * every, LEAST_SILENT.total_seconds())


def _quiet_after(state: FeedState) -> float:
    every = state.habits.every
    return UNKNOWN_SILENT.total_seconds() if every is None else max(QUIET_AFTER * every, LEAST_QUIET.total_seconds())
