"""pure: the state that walks through the chain, and how a step takes dispatches out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from watcher.model import (
    AlertKey,
    ChannelSpec,
    Decision,
    Dispatch,
    ItemId,
    NewAlert,
    Past,
    Reason,
    Rule,
    RuleId,
    Severity,
    Told,
)

DAY = timedelta(days=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was told on the channel, by the questions the steps ask; the oldest answer where there are several."""

    exactly: dict[tuple[RuleId, ItemId, int], AlertKey | None] = field(default_factory=dict)
    latest: dict[tuple[RuleId, ItemId], Told] = field(default_factory=dict)  # the highest revision, baseline too
    by_url: dict[tuple[RuleId, str], Told] = field(default_factory=dict)
    by_text: dict[tuple[RuleId, ItemId, bool], list[Told]] = field(default_factory=dict)  # that it is a denial, or none
    items: set[tuple[str, ItemId]] = field(default_factory=set)  # with their group
    groups: dict[str, list[tuple[datetime, Severity]]] = field(default_factory=dict)  # when, and how severe

    @classmethod
    def of(cls, told: Iterable[Told]) -> History:
        history = cls()
        for one in told:
            history.exactly.setdefault((one.rule, one.item, one.revision), one.alert)
            before = history.latest.setdefault((one.rule, one.item), one)
            if one.revision > before.revision:
                history.latest[one.rule, one.item] = one
            if one.alert is None:
                continue
            if one.canonical:
                history.by_url.setdefault((one.rule, one.canonical), one)
            history.by_text.setdefault((one.rule, one.text, one.denial), []).append(one)
            history.items.add((one.group, one.item))
            history.groups.setdefault(one.group, []).append((one.at or LONG_AGO, one.severity))
        return history


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """A dispatch that goes with another of the same round, wherever that one goes."""

    dispatch: Dispatch
    reason: Reason
    on: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A dispatch that is not told by itself: why, and what it waits for."""

    dispatch: Dispatch
    reason: Reason
    until: datetime | None  # None: it is to be listed in this round


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The dispatches of one channel between two steps. Each is in one of the first five."""

    open: tuple[Dispatch, ...]  # may be told, in order of arrival
    rides: tuple[Ride, ...] = ()
    held: tuple[Hold, ...] = ()  # stay open
    listed: tuple[Hold, ...] = ()  # wait for nothing but a digest
    decisions: tuple[Decision, ...] = ()  # closed
    alerts: tuple[NewAlert, ...] = ()
    slot: datetime | None = None  # the time of day for which there is to be a digest
    channel: ChannelSpec
    rules: Mapping[RuleId, Rule]
    past: Past
    told: History
    now: datetime

    def rule(self, dispatch: Dispatch) -> Rule | None:
        return self.rules.get(dispatch.rule)


Step = Callable[[Round], Round]
Verdict = tuple[Reason, AlertKey | None]


def closed(round_: Round, verdict_of: Callable[[Dispatch], Verdict | None]) -> Round:
    """Close those dispatches for which there is a verdict."""
    verdicts = {d.id: verdict for d in round_.open if (verdict := verdict_of(d))}
    if not verdicts:
        return round_
    made = tuple(Decision(dispatch=d, reason=reason, alert=alert) for d, (reason, alert) in verdicts.items())
    return replace(round_, open=_without(round_.open, verdicts), decisions=round_.decisions + made)


def riding(round_: Round, reason: Reason, leader_of: Callable[[Dispatch], Dispatch]) -> Round:
    """Put each dispatch on its leader, where that is another one."""
    pairs = [(d, leader_of(d)) for d in round_.open]
    rides = tuple(Ride(dispatch=d, reason=reason, on=leader.id) for d, leader in pairs if leader is not d)
    if not rides:
        return round_
    left = tuple(d for d, leader in pairs if leader is d)
    return replace(round_, open=left, rides=round_.rides + rides)


def aside(round_: Round, holds: Iterable[Hold]) -> Round:
    """Take these out of the open ones."""
    chosen = tuple(holds)
    if not chosen:
        return round_
    return replace(
        round_,
        open=_without(round_.open, {hold.dispatch.id for hold in chosen}),
        held=round_.held + tuple(hold for hold in chosen if hold.until is not None),
        listed=round_.listed + tuple(hold for hold in chosen if hold.until is None),
    )


def arrival(d: Dispatch) -> tuple[datetime, int]:
    """Ids grow in the order in which matches are stored: that of the document."""
    return d.seen_at, d.id


def came(d: Dispatch, now: datetime) -> datetime:
    """When a dispatch came; one that came by a clock more than a day ahead waits for nothing that is counted from it,
    for that would be to wait for that clock.
    """
    return d.seen_at if d.seen_at <= now + DAY else LONG_AGO


def grouped(dispatches: Iterable[Dispatch]) -> dict[str, list[Dispatch]]:
    """By group, members and groups in the order given."""
    by_group: dict[str, list[Dispatch]] = {}
    for d in dispatches:
        by_group.setdefault(d.group, []).append(d)
    return by_group


def _without(dispatches: tuple[Dispatch, ...], gone: Mapping[int, object] | set[int]) -> tuple[Dispatch, ...]:
    return tuple(d for d in dispatches if d.id not in gone)
