"""pure: round -> round in which no more is told than the channel's cap leaves room for; rules take turns in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.alert.round import Hold, Round, aside, grouped
from watcher.model import Dispatch, Reason, RuleId, Severity

HOUR = timedelta(hours=1)
"""What a cap counts in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What may be told together."""

    name: str
    members: Sequence[Dispatch]  # in order of arrival
    top: Dispatch  # the first of the severest


def fairly(dispatches: Iterable[Dispatch]) -> list[Group]:
    """Groups in the order in which they get a place: rules take turns, each with its severest, the first to come."""
    groups = [
        Group(name=name, members=members, top=max(members, key=lambda d: d.severity))
        for name, members in grouped(dispatches).items()
    ]
    groups.sort(key=lambda group: -group.top.severity)
    turns: Counter[RuleId] = Counter()
    ranked = []
    for group in groups:
        ranked.append((turns[group.top.rule], group))
        turns[group.top.rule] += 1
    return [group for _, group in sorted(ranked, key=lambda pair: pair[0])]


def share_cap(round_: Round) -> Round:
    """What fits under the channel's cap is told. Where not all does, one message is a digest of the rest, and while
    there is no room for that one the rest is held. What is critical passes, and so does a digest that lists such, or
    whose time of day has come; they count all the same.
    """
    groups = fairly(round_.open)
    others = [group for group in groups if group.top.severity < Severity.CRITICAL]
    made = _made(round_)
    room = round_.channel.cap - len(made) - (len(groups) - len(others))
    if round_.slot or any(hold.dispatch.severity is Severity.CRITICAL for hold in round_.listed):
        return _listing(round_, others[max(room - 1, 0) :])
    if len(others) + bool(round_.listed) <= room:
        return round_
    if room > 0:
        return _listing(round_, others[room - 1 :])
    return _waiting(round_, others, _room_at(round_, (*made, *[round_.now] * (len(groups) - len(others)))))


def _listing(round_: Round, groups: Iterable[Group]) -> Round:
    return aside(round_, (_over(d, None) for group in groups for d in group.members))


def _waiting(round_: Round, groups: Iterable[Group], until: datetime) -> Round:
    waiting = tuple(replace(hold, until=until) for hold in round_.listed)
    return aside(
        replace(round_, held=round_.held + waiting, listed=()),
        (_over(d, until) for group in groups for d in group.members),
    )


def _over(d: Dispatch, until: datetime | None) -> Hold:
    """What a silence had held is known by its reason until it is told."""
    reason = Reason.SILENCED if d.reason is Reason.SILENCED else Reason.OVER_CAP
    return Hold(dispatch=d, reason=reason, until=until)


def _made(round_: Round) -> list[datetime]:
    """When messages were made that count, ascending; by a clock that was ahead, too, but not by more than an hour."""
    return sorted(at for at in round_.past.made if abs(round_.now - at) < HOUR)


def _room_at(round_: Round, made: Sequence[datetime]) -> datetime:
    """When there is room for one message, `made` being at least as many as the cap."""
    return sorted(made)[len(made) - round_.channel.cap] + HOUR
