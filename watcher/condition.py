"""pure: (what is remembered of a feed, now) -> how it is, and that in a sentence.

    failed  | gone, blocked, failing; below those, what it was before
    read    | silent, quiet, ok

Only a good poll ends a bad condition, so a feed whose failures change their face is told of once. While polls fail,
nobody knows whether something new came: what counts is the time until the last good one. A paused feed stays as it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

from watcher.model import Condition, FeedPause, FeedState, Status
from watcher.text.counted import counted, lasting

__all__ = ["BAD", "by_condition", "judged", "on", "paused", "reason"]

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


def reason(state: FeedState, now: datetime) -> str:
    """Why it is so, in one sentence: since when, what is the matter, what to do."""
    pause = paused(state, now)
    if pause:
        return _pause(pause, now)
    if state.failures and state.condition not in BAD:
        return f"{counted(state.failures, 'poll')} failed, which may pass: {_cause(state)}"
    match state.condition:
        case Condition.GONE:
            return f"{_since(state, now)}: {_cause(state)}; remove it, or give its new address"
        case Condition.BLOCKED:
            return f"{_since(state, now)}: {_cause(state)}; {_way_in(state)}"
        case Condition.FAILING:
            return f"{_since(state, now)}, {counted(state.failures, 'poll')} in a row: {_cause(state)}"
        case Condition.SILENT | Condition.QUIET:
            return f"{state.condition}: {_nothing_new(state, now)}"
        case Condition.OK:
            return f"{state.condition}: {_well(state, now)}"


def by_condition(status: Status) -> str:
    """How many feeds are what: "478 ok, 1 failing, 1 silent"; what few ever are, where there are any."""
    said = [f"{status.ok:,} ok", f"{status.failing:,} failing", f"{status.silent:,} silent"]
    others = {"quiet": status.quiet, "blocked": status.blocked, "gone": status.gone, "paused": status.paused}
    return ", ".join([*said, *(f"{number:,} {name}" for name, number in others.items() if number)])


# what it is


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


# in words


def _pause(pause: FeedPause, now: datetime) -> str:
    by = f" by {pause.by}" if pause.by else ""
    until = f" until {on(pause.until, now)}" if pause.until else ""
    why = f": {pause.why}" if pause.why else ""
    return f"paused since {on(pause.since, now)}{by}{until}{why}"


def _since(state: FeedState, now: datetime) -> str:
    at = state.failing_since or state.condition_at
    return f"{state.condition}{f' since {on(at, now)}' if at else ''}"


def _cause(state: FeedState) -> str:
    if state.status and state.trouble == "status":
        return f"the server answers {_phrase(state.status)}"
    return state.error or "no more is known"


def _way_in(state: FeedState) -> str:
    if state.status == TOO_MANY:
        return "it gets too many requests from this address: a longer `interval` may help"
    if state.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return "its `proxy` wants other credentials"
    return "its owner may require a login (`auth:`) or have banned this address"


def _nothing_new(state: FeedState, now: datetime) -> str:
    last, every = state.new_at or state.added_at, state.habits.every
    still = f"nothing new for {lasting(now - last)}" if last else "nothing new"
    return f"it answers, with {still}{f'; usual is something every {_span(every)}' if every else ''}"


def _well(state: FeedState, now: datetime) -> str:
    if state.good_at is None:
        return "not polled yet"
    every = state.habits.every
    news = f"something new {lasting(now - state.new_at)} ago" if state.new_at else "nothing new yet"
    return f"{news}{f', usually every {_span(every)}' if every else ''}"


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _span(seconds: float) -> str:
    return lasting(timedelta(seconds=min(seconds, 1e9)))


def on(at: datetime, now: datetime) -> str:
    """A moment for people: the time for today, else the day: "14:02 UTC", "12 March", "3 May 2025"."""
    if at.date() == now.date():
        return f"{at:%H:%M} UTC"
    return f"{at.day} {at:%B}{f' {at.year}' if at.year != now.year else ''}"
