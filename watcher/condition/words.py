"""pure: (what is remembered of a feed, now) -> in a sentence why it is as it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

from watcher.condition.judge import BAD, TOO_MANY, paused
from watcher.model import Condition, FeedPause, FeedState, Status
from watcher.text.counted import counted, lasting

__all__ = ["by_condition", "on", "plainly", "reason"]


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
            return f"{_since(state, now)}: {_cause(state)}{_way_in(state)}"
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


def on(at: datetime, now: datetime) -> str:
    """A moment for people: the time for today, else the day: "14:02 UTC", "12 March", "3 May 2025"."""
    if at.date() == now.date():
        return f"{at:%H:%M} UTC"
    return f"{at.day} {at:%B}{f' {at.year}' if at.year != now.year else ''}"


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
    return plainly(state) or "no more is known"


def plainly(state: FeedState) -> str:
    """The last error without the feed's own address; errors name it without its query."""
    return (state.error or "").removeprefix(f"{state.feed.url.partition('?')[0]}: ")


def _way_in(state: FeedState) -> str:
    """What may help, where the cause was not something else since, or says it: as a wall against programs does."""
    if state.status == TOO_MANY:
        return "; it gets too many requests from this address: a longer `interval` may help"
    if state.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return "; its `proxy` wants other credentials"
    if state.status == HTTPStatus.UNAUTHORIZED:
        return "; it wants a login (`auth:`), or another one than it was given"
    if bool(state.status) == (state.trouble == "challenge"):
        return ""
    return "; its owner may require a login (`auth:`) or have banned this address"


def _nothing_new(state: FeedState, now: datetime) -> str:
    last, every = state.new_at or state.added_at, state.habits.every
    still = f"nothing new for {lasting(now - last)}" if last else "nothing new"
    return f"it answers, with {still}{f'; usual is something every {_span(every)}' if every else ''}"


def _well(state: FeedState, now: datetime) -> str:
    if state.good_at is None:
        return "not polled yet"
    every = state.habits.every
    ago = lasting(now - state.new_at) if state.new_at and now - state.new_at >= timedelta(minutes=1) else "a moment"
    news = f"something new {ago} ago" if state.new_at else "nothing new yet"
    return f"{news}{f', usually every {_span(every)}' if every else ''}"


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _span(seconds: float) -> str:
    return lasting(timedelta(seconds=min(seconds, 1e9)))
