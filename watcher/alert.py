"""pure: (channel, open dispatches, what was told, now) -> alerts and decisions.

A round's open dispatches walk through STEPS, a chain of filters in the shape of Alertmanager's stages: each step takes
a round and gives a round, deciding some of the dispatches with a named Reason; the last one makes alerts of the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import groupby

from watcher.model import (
    AlertKey,
    AlertKind,
    BaselineSummary,
    ChannelName,
    ChannelSpec,
    Decided,
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
    Updates,
    Window,
)
from watcher.text.counted import counted


def decide(
    channel: ChannelSpec, opened: Sequence[Dispatch], past: Past, rules: Mapping[RuleId, Rule], now: datetime
) -> Decided:
    """The alerts that these dispatches make, and what changes for each dispatch, in the order of their ids.

    `rules` hold the present settings of the dispatches' rules. `past.told` holds what alerts have told of the
    dispatches' groups; what it holds of other groups counts too wherever the rule, item or address is the same. What
    was baseline counts as known of its rule and item, and as nothing else: no group was told by it. The order of
    `opened` plays no part.
    """
    opened = sorted(opened, key=_arrival)
    round_ = Round(channel=channel, rules=rules, now=now, told=History.of(past.told), open=tuple(opened))
    for step in STEPS:
        round_ = step(round_)
    return Decided(alerts=round_.alerts, decisions=tuple(sorted(round_.decisions, key=lambda d: d.dispatch)))


def windows(opened: Iterable[Dispatch], rules: Mapping[RuleId, Rule]) -> tuple[Window, ...]:
    """What must be counted to decide these dispatches."""
    del opened, rules
    return ()


def key_of(channel: ChannelName, group: str, lead: Dispatch, *, again: bool) -> AlertKey:
    """The first 32 hexadecimal digits of sha256 over channel name, group and the id of the leading item, NUL between;
    when that item had been told before (in this group, or by this rule) its revision and the rule follow, NUL between.

    A rule, item and revision are told at most once on a channel, so no two alerts share a key; and the same dispatches
    decided again, after a crash, give the same keys.
    """
    parts = [channel, group, lead.item, *((str(lead.revision), lead.rule) if again else ())]
    return _hash(*parts)


# the state that walks through the chain


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was told on the channel, by the questions the steps ask; the oldest answer where there are several."""

    exactly: dict[tuple[RuleId, ItemId, int], AlertKey | None] = field(default_factory=dict)
    latest: dict[tuple[RuleId, ItemId], Told] = field(default_factory=dict)  # the highest revision, baseline too
    by_url: dict[tuple[RuleId, str], Told] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    items: set[tuple[str, ItemId]] = field(default_factory=set)  # with their group

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
            history.groups.add(one.group)
            history.items.add((one.group, one.item))
        return history


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """A dispatch that goes with another of the same round, wherever that one goes."""

    dispatch: int
    reason: Reason
    on: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The dispatches of one channel between two steps."""

    channel: ChannelSpec
    rules: Mapping[RuleId, Rule]
    now: datetime
    told: History
    open: tuple[Dispatch, ...]  # not decided yet, in order of arrival
    rides: tuple[Ride, ...] = ()
    decisions: tuple[Decision, ...] = ()
    alerts: tuple[NewAlert, ...] = ()


# the steps


def merge_told(round_: Round) -> Round:
    """Out goes what the rule has told already: this revision of the item, or a later one."""

    def verdict(d: Dispatch) -> Verdict | None:
        last = round_.told.latest.get((d.rule, d.item))
        if last is None or d.revision > last.revision:
            return None
        return _settled(Reason.SAME_ITEM, round_.told.exactly.get((d.rule, d.item, d.revision), last.alert))

    return _decided(round_, verdict)


def ignore_updates(round_: Round) -> Round:
    """Out go edits of an item the rule has told, or that was baseline to it, where it does not want them."""

    def verdict(d: Dispatch) -> Verdict | None:
        last = round_.told.latest.get((d.rule, d.item))
        return _settled(Reason.UPDATE_IGNORED, last.alert) if last and d.updates is Updates.IGNORE else None

    return _decided(round_, verdict)


def merge_told_urls(round_: Round) -> Round:
    """Out goes an item whose address the rule has told, brought by another item."""

    def verdict(d: Dispatch) -> Verdict | None:
        first = round_.told.by_url.get((d.rule, d.canonical)) if d.canonical else None
        return (Reason.SAME_URL, first.alert) if first and first.item != d.item else None

    return _decided(round_, verdict)


def merge_revisions(round_: Round) -> Round:
    """A later revision of the item waits for the same rule: that one is told, the earlier ones go with it."""
    newest: dict[tuple[RuleId, ItemId], Dispatch] = {}
    for d in round_.open:
        best = newest.setdefault((d.rule, d.item), d)
        if d.revision > best.revision:
            newest[d.rule, d.item] = d
    return _riding(round_, Reason.SAME_ITEM, lambda d: newest[d.rule, d.item])


def merge_urls(round_: Round) -> Round:
    """Another item with the same address waits for the same rule: the one that came first is told."""
    first: dict[tuple[RuleId, str], Dispatch] = {}
    for d in round_.open:
        if d.canonical:
            first.setdefault((d.rule, d.canonical), d)
    return _riding(round_, Reason.SAME_URL, lambda d: first[d.rule, d.canonical] if d.canonical else d)


def tell(round_: Round) -> Round:
    """One alert for each group that is left; the dispatches that ride go where theirs went."""
    alerts: list[NewAlert] = []
    decisions = list(round_.decisions)
    for group, members in _grouped(round_.open):
        alert = _alert(round_, group, members)
        alerts.append(alert)
        places = {item: n for n, item in enumerate(dict.fromkeys(d.item for d in members))}
        decisions += [
            Decision(dispatch=d.id, reason=_reason(round_.told, d), alert=alert.key, place=places[d.item])
            for d in members
        ]
    gone = {d.dispatch: d.alert for d in decisions}
    for ride in reversed(round_.rides):  # what a later step put on a dispatch is decided before what an earlier did
        gone[ride.dispatch] = gone[ride.on]
        decisions.append(Decision(dispatch=ride.dispatch, reason=ride.reason, alert=gone[ride.on]))
    return replace(round_, open=(), rides=(), decisions=tuple(decisions), alerts=(*round_.alerts, *alerts))


Step = Callable[[Round], Round]
Verdict = tuple[Reason, AlertKey | None]
STEPS: tuple[Step, ...] = (merge_told, ignore_updates, merge_told_urls, merge_revisions, merge_urls, tell)


# the watcher's own words


def notice(  # noqa: PLR0917 - what it is told on, what it says, what it is
    channel: ChannelName, title: str, body: str, severity: Severity, now: datetime, about: str
) -> NewAlert:
    """The watcher speaking of itself. `about` names the event: the key is made of it, so it is told once a channel."""
    group = f"notice:{about}"
    return NewAlert(
        key=_hash(channel, group),
        channel=channel,
        group=group,
        kind=AlertKind.NOTICE,
        severity=severity,
        created_at=now,
        title=title,
        body=body,
    )


def baseline_notice(summary: BaselineSummary, channels: Sequence[ChannelName], now: datetime) -> tuple[NewAlert, ...]:
    """What first polls found, in one message to each channel."""
    about = "baseline:" + _hash(*sorted(summary.feeds))
    title, body = _baseline_words(summary)
    return tuple(notice(channel, title, body, Severity.INFO, now, about) for channel in channels)


def _baseline_words(summary: BaselineSummary) -> tuple[str, str]:
    known = f"{counted(len(summary.feeds), 'feed')}, {counted(summary.items, 'item')} known"
    latest = [f"- {_one_line(title)} ({_one_line(rule)})" for title, rule in summary.latest]
    after = "They were there before the watching began. You are alerted to what comes from now on."
    if not latest:
        return f"{known}; your rules match none of them", after
    which = ", the ten latest:" if summary.matched > len(latest) else ":"
    return f"{known}; your rules match {summary.matched:,} of them{which}", "\n".join([*latest, "", after])


def _one_line(text: str) -> str:
    return " ".join(text.split())


# between the steps


def _arrival(d: Dispatch) -> tuple[datetime, int]:
    """Ids grow in the order in which matches are stored: that of the document."""
    return d.seen_at, d.id


def _decided(round_: Round, verdict_of: Callable[[Dispatch], Verdict | None]) -> Round:
    """Decide those dispatches for which there is a verdict."""
    verdicts = {d.id: verdict_of(d) for d in round_.open}
    made = tuple(Decision(dispatch=d, reason=v[0], alert=v[1]) for d, v in verdicts.items() if v)
    left = tuple(d for d in round_.open if not verdicts[d.id])
    return replace(round_, open=left, decisions=round_.decisions + made)


def _settled(reason: Reason, alert: AlertKey | None) -> Verdict:
    """It goes where the item went before: into an alert, or to the baseline."""
    return (reason, alert) if alert else (Reason.BASELINE, None)


def _riding(round_: Round, reason: Reason, leader_of: Callable[[Dispatch], Dispatch]) -> Round:
    """Put each dispatch on its leader, where that is another one."""
    pairs = [(d, leader_of(d)) for d in round_.open]
    rides = tuple(Ride(dispatch=d.id, reason=reason, on=leader.id) for d, leader in pairs if leader is not d)
    left = tuple(d for d, leader in pairs if leader is d)
    return replace(round_, open=left, rides=round_.rides + rides)


def _grouped(dispatches: Iterable[Dispatch]) -> list[tuple[str, tuple[Dispatch, ...]]]:
    """By group, members and groups in order of arrival."""
    by_group = groupby(sorted(dispatches, key=lambda d: (d.group, _arrival(d))), key=lambda d: d.group)
    groups = [(group, tuple(members)) for group, members in by_group]
    return sorted(groups, key=lambda pair: _arrival(pair[1][0]))


def _alert(round_: Round, group: str, members: Sequence[Dispatch]) -> NewAlert:
    told, lead = round_.told, members[0]
    again = (group, lead.item) in told.items or (lead.rule, lead.item) in told.latest
    return NewAlert(
        key=key_of(round_.channel.name, group, lead, again=again),
        channel=round_.channel.name,
        group=group,
        kind=_kind(told, members),
        severity=max(d.severity for d in members),
        created_at=round_.now,
        told=len({d.item for d in members}),
        sources=len({d.source for d in members}),
    )


def _kind(told: History, members: Sequence[Dispatch]) -> AlertKind:
    """More of a group already told is an update, and so are edits alone, of the baseline too; unless a rule wants
    edits alerted like something new.
    """
    revised = [d for d in members if _reason(told, d) is Reason.REVISED]
    afresh = any(d.updates is Updates.ALERT for d in revised)
    known = members[0].group in told.groups or len(revised) == len(members)
    return AlertKind.UPDATE if known and not afresh else AlertKind.MATCH


def _reason(told: History, d: Dispatch) -> Reason:
    return Reason.REVISED if (d.rule, d.item) in told.latest else Reason.NEW


def _hash(*parts: str) -> AlertKey:
    return AlertKey(sha256("\0".join(parts).encode()).hexdigest()[:32])
