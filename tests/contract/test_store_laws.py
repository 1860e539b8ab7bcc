"""Whatever happened, a store says of the past what a plain list of it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.nouns import DESK, FLOOD, PHONE, QUAKE, after, asking, match, polled, ready, revision, sent
from tests.contract.stores import STORES
from watcher.model import (
    AlertKey,
    AlertKind,
    AlertState,
    Arrival,
    ChannelName,
    Decision,
    Dispatch,
    NewAlert,
    NewDispatch,
    Past,
    PollSaved,
    Reason,
    Severity,
    Told,
    Updates,
    Window,
)
from watcher.ports import Store
from watcher.store import open_store

GROUPS = ("g", "h")
ITEMS = ("a", "b", "c", "d")
RULES = (QUAKE, FLOOD)
KINDS = (AlertKind.MATCH, AlertKind.DIGEST, AlertKind.NOTICE)
TELLING = {Reason.NEW, Reason.FOLLOWS, Reason.LISTED, Reason.SILENCE_LISTED}
DECIDED = (*TELLING, Reason.SAME_ITEM, Reason.BELOW_SEVERITY, Reason.WINDOW_PASSED, Reason.THROTTLED)

Minutes = float


@dataclass(frozen=True, kw_only=True)
class Comes:
    """A poll that brings the next revision of an item, matched by a rule for a channel."""

    wait: Minutes
    item: str
    rule: int
    channel: ChannelName
    group: str
    severity: Severity
    baseline: bool


@dataclass(frozen=True, kw_only=True)
class Decides:
    """A round of a channel: each reason is that of the next open dispatch; all point at one alert."""

    wait: Minutes
    channel: ChannelName
    reasons: tuple[Reason, ...]
    kind: AlertKind
    slot: bool
    ends: AlertState


@dataclass
class History:
    """A list of all that came, with the alert that told it."""

    known: list[tuple[Dispatch, NewAlert | None]] = field(default_factory=list)
    alerts: list[NewAlert] = field(default_factory=list)

    def past(self, channel: ChannelName, asked: Iterable[Dispatch], windows: Sequence[Window], now: datetime) -> Past:
        mine = [(d, alert) for d, alert in self.known if d.channel == channel]
        spoken = sorted(((d, alert) for d, alert in mine if alert), key=_order)
        bearing: dict[int, tuple[Dispatch, NewAlert | None]] = {}
        for ask in asked:
            of_group = {s: [x for x in spoken if (x[0].group, x[0].severity) == (ask.group, s)] for s in Severity}
            near = [x for x in mine if x[0].item == ask.item and (x[1] or x[0].reason is Reason.BASELINE)]
            near += [x for x in spoken if ask.canonical and x[0].canonical == ask.canonical]
            near += [x for found in of_group.values() for x in (*found[:1], *found[-1:])]
            bearing |= {x[0].id: x for x in near}
        made = [alert for alert in self.alerts if alert.channel == channel and alert.created_at <= now]
        return Past(
            told=tuple(_told(d, alert) for d, alert in sorted(bearing.values(), key=_order)),
            arrivals=tuple(
                Arrival(rule=d.rule, group=d.group, item=d.item, source=d.source, seen_at=d.seen_at)
                for d, _ in mine
                if d.reason is not Reason.BASELINE
                and any((w.rule, w.group) == (d.rule, d.group) and w.since < d.seen_at <= w.until for w in windows)
            ),
            made=tuple(
                alert.created_at
                for alert in made
                if alert.kind is not AlertKind.NOTICE and alert.created_at > now - timedelta(hours=1)
            ),
            slot=max((alert.slot for alert in made if alert.slot), default=None),
        )


def _order(one: tuple[Dispatch, NewAlert | None]) -> tuple[datetime, int]:
    """What nothing told comes first."""
    d, alert = one
    return (alert.created_at if alert else datetime.min.replace(tzinfo=UTC), d.id)


def _told(d: Dispatch, alert: NewAlert | None) -> Told:
    return Told(
        group=d.group,
        rule=d.rule,
        item=d.item,
        revision=d.revision,
        canonical=d.canonical,
        alert=alert.key if alert else None,
        at=alert.created_at if alert else None,
        severity=d.severity,
    )


waits = st.sampled_from((1, 20, 59, 61))
channels = st.sampled_from((DESK, PHONE))
comes = st.builds(
    Comes,
    wait=waits,
    item=st.sampled_from(ITEMS),
    rule=st.integers(0, 1),
    channel=channels,
    group=st.sampled_from(GROUPS),
    severity=st.sampled_from((Severity.LOW, Severity.CRITICAL)),
    baseline=st.booleans(),
)
decides = st.builds(
    Decides,
    wait=waits,
    channel=channels,
    reasons=st.lists(st.sampled_from(DECIDED), min_size=1, max_size=3).map(tuple),
    kind=st.sampled_from(KINDS),
    slot=st.booleans(),
    ends=st.sampled_from(AlertState),
)


@pytest.mark.parametrize("url", STORES.values(), ids=list(STORES))
@settings(max_examples=40, deadline=None)
@given(steps=st.lists(comes | decides, max_size=25), since=waits, until=waits)
def test_the_past_is_what_a_list_of_it_says(
    url: Callable[[Path], str],
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[Comes | Decides],
    since: float,
    until: float,
) -> None:
    with closing(open_store(url(tmp_path_factory.mktemp("law")))) as store:
        ready(store)
        history, minute = History(), 0.0
        for number, step in enumerate(steps):
            minute += step.wait
            if isinstance(step, Comes):
                come(store, history, step, minute)
            else:
                decide(store, history, step, minute, number)
        windows = [
            Window(rule=rule.id, group=group, since=after(minute - since * 9), until=after(minute - until))
            for rule in RULES
            for group in GROUPS
        ]
        for channel in (DESK, PHONE):
            for ask in ([asking("g", "a"), asking("h", "x", "https://example.com/b")], [asking("x", "c")], []):
                expected = history.past(channel, ask, windows, after(minute))
                assert store.past(channel, ask, windows, after(minute)) == expected
        assert store.audit().flaws == ()


def come(store: Store, history: History, step: Comes, minute: float) -> None:
    rule, earlier = RULES[step.rule], {d.revision for d, _ in history.known if d.item == revision(step.item).item.id}
    one = revision(step.item, max(earlier, default=0) + 1, seen_at=after(minute))
    source = f"{step.item}.com"
    to = NewDispatch(
        channel=step.channel, group=step.group, severity=step.severity, updates=Updates.THREAD, source=source
    )
    saved = PollSaved(
        state=polled(store.feeds()[0], after(minute)),
        revisions=(one,),
        matches=((match(one, rule), (to,)),),
        baseline=step.baseline,
    )
    store.save_poll(saved)
    (stored,) = store.records(one.item.id)[-1].dispatches
    assert stored.source == source
    history.known.append((stored, None))


def decide(store: Store, history: History, step: Decides, minute: float, number: int) -> None:
    opened = store.open_dispatches(step.channel, len(step.reasons))
    alert = NewAlert(
        key=AlertKey(f"{number:032x}"),
        channel=step.channel,
        group="digest:1" if step.kind is AlertKind.DIGEST else "g",
        kind=step.kind if any(reason in TELLING for reason in step.reasons[: len(opened)]) else AlertKind.NOTICE,
        severity=Severity.HIGH,
        created_at=after(minute),
        slot=after(minute - 3) if step.slot else None,
    )
    settled = {d.id: reason for d, reason in zip(opened, step.reasons, strict=False)}
    decisions = [
        Decision(dispatch=one, reason=reason, alert=alert.key if reason in TELLING | {Reason.SAME_ITEM} else None)
        for one, reason in settled.items()
    ]
    store.save_alerts([alert], decisions)
    if step.ends is not AlertState.PENDING:
        store.save_delivery(replace(sent(alert.key, started=minute, ended=minute), state=step.ends))
    history.alerts.append(alert)
    history.known = [(d, alert if settled.get(d.id) in TELLING else by) for d, by in history.known]
