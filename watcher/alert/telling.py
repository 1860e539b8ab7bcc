"""pure: round -> round with alerts: which groups have one of their own, and which are listed in a digest.

In one round a channel gets an alert for each group that may go, and one digest of all that is to be listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from watcher.alert.keys import digest_key, key_of
from watcher.alert.round import History, Hold, Round, arrival, grouped
from watcher.alert.sharing import fairly
from watcher.model import AlertKey, AlertKind, Decision, Dispatch, NewAlert, Reason, Updates

SHOWN = 20
"""Items of one group that its alert shows; the others are only counted."""
LISTED = 10
"""Groups that a digest shows, by one item each."""
LISTS_ONLY = {Reason.FOR_DIGEST, Reason.TOO_OLD}
"""What is told in digests and nowhere else."""
RIDERS = {Reason.THROTTLED, Reason.QUIET_HOURS}
"""What goes along when its group goes."""


def join_alerts(round_: Round) -> Round:
    """What is to be listed goes with the alert of its group, where there is to be one."""
    groups = {d.group for d in round_.open}
    return _told_alone(round_, lambda hold: hold.reason not in LISTS_ONLY and hold.dispatch.group in groups)


def ride_along(round_: Round) -> Round:
    """What throttle and quiet hours hold of a group goes with the rest of it."""
    alone = {d.group for d in round_.open}
    listed = {hold.dispatch.group for hold in round_.listed} - alone
    riders = [hold for hold in round_.held if hold.reason in RIDERS and hold.dispatch.group in alone | listed]
    if not riders:
        return round_
    going = {hold.dispatch.id for hold in riders}
    return replace(
        round_,
        held=tuple(hold for hold in round_.held if hold.dispatch.id not in going),
        open=_in_order(round_.open, (hold for hold in riders if hold.dispatch.group in alone)),
        listed=round_.listed + tuple(hold for hold in riders if hold.dispatch.group in listed),
    )


def tell_lone(round_: Round) -> Round:
    """A list of one group is an alert like any other, unless lists are where it belongs."""
    groups = {hold.dispatch.group for hold in round_.listed}
    if len(groups) != 1 or any(hold.reason in LISTS_ONLY for hold in round_.listed):
        return round_
    return _told_alone(round_, lambda _: True)


def tell(round_: Round) -> Round:
    """The alerts, the digest last; what rides goes where theirs went, and what is held stays open with its reason."""
    made = [_alert(round_, group, members) for group, members in grouped(round_.open).items()]
    if round_.listed:
        made.append(_digest(round_))
    told = [decision for _, decisions in made for decision in decisions]
    return replace(
        round_,
        open=(),
        listed=(),
        rides=(),
        alerts=tuple(alert for alert, _ in made),
        decisions=(*round_.decisions, *told, *_rest(round_, told)),
    )


def _alert(round_: Round, group: str, members: Sequence[Dispatch]) -> tuple[NewAlert, list[Decision]]:
    told, lead = round_.told, members[0]
    again = (group, lead.item) in told.items or (lead.rule, lead.item) in told.latest
    key = key_of(round_.channel.name, group, lead, again=again)
    items = list(dict.fromkeys(d.item for d in members))
    places = {item: n for n, item in enumerate(items[:SHOWN])}
    decisions = [
        Decision(dispatch=d.id, reason=_reason(told, d, lead), alert=key, place=places.get(d.item)) for d in members
    ]
    return _new(round_, key, group, _kind(told, members), members), decisions


def _digest(round_: Round) -> tuple[NewAlert, list[Decision]]:
    """It is led by the severest of its groups, and each group by the severest of its dispatches, the first to come."""
    listed = _in_order((), round_.listed)
    groups = fairly(listed)
    key = digest_key(round_.channel.name, groups[0].top)
    places = {(group.name, group.top.item): n for n, group in enumerate(groups[:LISTED])}
    decisions = [
        Decision(dispatch=d.id, reason=_listed(d), alert=key, place=places.get((d.group, d.item))) for d in listed
    ]
    alert = _new(round_, key, f"digest:{key}", AlertKind.DIGEST, listed)
    return replace(alert, slot=round_.slot), decisions


def _new(round_: Round, key: AlertKey, group: str, kind: AlertKind, members: Sequence[Dispatch]) -> NewAlert:
    return NewAlert(
        key=key,
        channel=round_.channel.name,
        group=group,
        kind=kind,
        severity=max(d.severity for d in members),
        created_at=round_.now,
        told=len({d.item for d in members}),
        sources=len({d.source for d in members}),
    )


def _kind(told: History, members: Sequence[Dispatch]) -> AlertKind:
    """More of a group already told is an update, and so are edits alone, of the baseline too; unless a rule wants
    edits alerted like something new.
    """
    revised = [d for d in members if (d.rule, d.item) in told.latest]
    afresh = any(d.updates is Updates.ALERT for d in revised)
    known = members[0].group in told.groups or len(revised) == len(members)
    return AlertKind.UPDATE if known and not afresh else AlertKind.MATCH


def _reason(told: History, d: Dispatch, lead: Dispatch) -> Reason:
    if d.reason is Reason.SILENCED:
        return Reason.SILENCE_LISTED
    if (d.rule, d.item) in told.latest:
        return Reason.REVISED
    if d.group in told.groups:
        return Reason.FOLLOWS
    return Reason.NEW if d.item == lead.item else Reason.SAME_STORY


def _listed(d: Dispatch) -> Reason:
    return Reason.SILENCE_LISTED if d.reason is Reason.SILENCED else Reason.LISTED


def _rest(round_: Round, told: Sequence[Decision]) -> list[Decision]:
    """What becomes of those that are not told themselves, where that is something new."""
    gone = {decision.dispatch: decision.alert for decision in told}
    kept = {hold.dispatch.id: hold.reason for hold in round_.held}
    rest = [_stays(hold.dispatch, hold.reason) for hold in round_.held]
    for ride in reversed(round_.rides):  # what a later step put on a dispatch is decided before what an earlier did
        d = ride.dispatch
        if ride.on in kept:
            kept[d.id] = kept[ride.on]
            rest.append(_stays(d, kept[ride.on]))
        else:
            gone[d.id] = gone[ride.on]
            rest.append(Decision(dispatch=d.id, reason=ride.reason, alert=gone[ride.on]))
    return [decision for decision in rest if decision]


def _stays(d: Dispatch, reason: Reason) -> Decision | None:
    return None if d.reason is reason else Decision(dispatch=d.id, reason=reason)


def _told_alone(round_: Round, which: Callable[[Hold], bool]) -> Round:
    """Take these from the list back to the open ones."""
    chosen = [hold for hold in round_.listed if which(hold)]
    if not chosen:
        return round_
    left = tuple(hold for hold in round_.listed if not which(hold))
    return replace(round_, listed=left, open=_in_order(round_.open, chosen))


def _in_order(dispatches: Sequence[Dispatch], more: Iterable[Hold]) -> tuple[Dispatch, ...]:
    return tuple(sorted((*dispatches, *(hold.dispatch for hold in more)), key=arrival))
