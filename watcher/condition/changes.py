"""pure: (feeds whose condition has changed, how many are in reach, now) -> what the operator is told of them.

A feed that is quiet is none that anybody is told of. One that was told to fail is read again with its next good poll.
When next to nothing can be reached, that is one thing to tell, and not so many feeds: they count as told to fail, until
they are read again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.condition.judge import BAD, paused
from watcher.condition.words import on, reason
from watcher.model import Condition, FeedId, FeedState, Reach, Severity
from watcher.text.counted import counted, lasting

__all__ = [
    "LATELY",
    "OUT_OF_REACH",
    "UNSTEADY",
    "Telling",
    "is_outage",
    "is_recovering",
    "of_changes",
    "of_outage",
    "unreachable",
]

OUT_OF_REACH = frozenset({"dns", "connect", "timeout"})
"""Troubles of a way that may be closed for all feeds at once."""
LATELY = timedelta(minutes=10)
"""An outage that is told has lasted about so long: what a router's restart takes is none."""
FEWEST = 3
"""Feeds; of fewer, each is told by itself."""
NEARLY_ALL = 0.9
"""Share of the feeds polled lately. Those of the own network can often be reached in an outage."""
RECOVERING = 0.1
"""Share of all feeds. While more are out of reach, the others are likely to be read again soon."""
NAMED = 20
"""Feeds that a message names."""
UNSTEADY = timedelta(days=1)
"""A feed that fails again so soon after it was told to be well comes and goes."""
SETTLED = timedelta(hours=6)
"""For so long such a feed must be read before that is told once more."""
PROMISE = "They are tried again and again. You are told when they are read."
_WELL = frozenset({Condition.OK, Condition.QUIET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is told, and what is known to be told with it; without a title nothing needs words."""

    title: str = ""
    body: str = ""
    severity: Severity = Severity.INFO
    told: Mapping[FeedId, Condition] = field(default_factory=dict)
    unsteady: frozenset[FeedId] = frozenset()  # told to be read again, each by itself, or not for that


def is_outage(reach: Reach) -> bool:
    """Whether next to nothing that was polled lately could be reached."""
    return reach.in_vain >= FEWEST and reach.in_vain >= NEARLY_ALL * reach.tried


def is_recovering(reach: Reach) -> bool:
    """Whether feeds are out of reach of which many will soon be read again."""
    return reach.unreachable >= FEWEST and reach.unreachable > RECOVERING * reach.feeds


def unreachable(state: FeedState, now: datetime) -> bool:
    """Whether a feed on the network could not be reached when it was polled last."""
    is_local = state.feed.url.startswith("file:")
    return bool(state.failures) and state.trouble in OUT_OF_REACH and not is_local and not paused(state, now)


def of_outage(feeds: Sequence[FeedState], reach: Reach, now: datetime) -> Telling:
    """That nothing can be fetched; no word where most of that was told, as to who starts anew in an outage."""
    out = [state for state in feeds if unreachable(state, now)]
    told = {state.feed.id: state.condition if state.condition in BAD else Condition.FAILING for state in out}
    if not out or reach.untold * 2 <= reach.in_vain:
        return Telling(told=told)
    since = f" since {on(reach.read_at, now)}" if reach.read_at else ""
    latest = max(out, key=lambda state: (state.polled_at or now, state.feed.id))
    fail = f"{reach.in_vain:,} of {counted(reach.tried, 'feed')} polled lately fail ({latest.error or 'no route'})"
    return Telling(
        title=f"Nothing can be fetched{since}",
        body=f"{fail}; is this machine's network up?\n{PROMISE}",
        severity=Severity.HIGH,
        told=told,
    )


def of_changes(
    changed: Sequence[FeedState], now: datetime, *, hold: bool, unsteady: Collection[FeedId] = frozenset()
) -> Telling:
    """What is to be told of these, all in one message; those out of reach and those read again not yet with `hold`.

    That one of the `unsteady` is read again waits until it has been for a while, else a feed that fails each other
    hour would be told of all day.

    `changed` are feeds whose condition is another than the one told. Who is told to fail and has not been read since
    is left as told.
    """
    loud = [state for state in changed if not paused(state, now) and not _is_waiting(state)]
    worse = [state for state in loud if state.condition not in _WELL and not (hold and unreachable(state, now))]
    back = [state for state in loud if state.condition in _WELL and state.told not in _WELL and not hold]
    waiting = [state for state in back if state.feed.id in unsteady and not _settled(state, now)]
    back = [state for state in back if state not in waiting]
    still = [state for state in loud if state.condition in _WELL and state.told in _WELL]
    named = [*worse, *back]
    return Telling(
        title=_title(worse, back),
        body="\n".join(_lines(worse, back, now)),
        severity=Severity.MEDIUM if worse else Severity.INFO,
        told={state.feed.id: state.condition for state in [*named, *still]},
        unsteady=frozenset(state.feed.id for state in [*waiting, *(back if len(back) < FEWEST else ())]),
    )


def _settled(state: FeedState, now: datetime) -> bool:
    return state.told not in BAD or state.condition_at is None or now - state.condition_at >= SETTLED


def _is_waiting(state: FeedState) -> bool:
    """Told to fail in an outage, and not yet tried often enough to say so of it alone."""
    return state.told in BAD and state.condition not in BAD and bool(state.failures)


def _title(worse: Sequence[FeedState], back: Sequence[FeedState]) -> str:
    if len(worse) + len(back) == 1:
        (state,) = [*worse, *back]
        return f"Feed {state.feed.id} {_is(state)}"
    counts = [(kind, sum(state.condition is kind for state in worse)) for kind in Condition]
    said = [f"{number:,} {kind}" for kind, number in counts if number]
    said += [f"{len(back):,} well again"] if back else []
    if len(said) == 1:
        number, how = said[0].split(" ", 1)
        return f"{number} feeds are {how}"
    return f"{counted(len(worse) + len(back), 'feed')}: {', '.join(said)}" if said else ""


def _is(state: FeedState) -> str:
    if state.condition not in _WELL:
        return f"is {state.condition}"
    return "brings something again" if state.told is Condition.SILENT else "is read again"


def _lines(worse: Sequence[FeedState], back: Sequence[FeedState], now: datetime) -> list[str]:
    lines = [f"{state.feed.id}: {reason(state, now)}" for state in worse]
    lines += [f"{state.feed.id}: {_back(state, now)}" for state in back]
    more = len(lines) - NAMED
    return [*lines[:NAMED], f"and {more:,} more; `watcher feeds list` shows all"] if more > 0 else lines


def _back(state: FeedState, now: datetime) -> str:
    at = (state.new_at if state.told is Condition.SILENT else state.good_at) or now
    after = f" after {lasting(at - state.told_since)}" if state.told_since else ""
    if state.told is Condition.SILENT:
        return f"something new{after}"
    return f"read again{after}{' of failures' if after else ''}"
