"""A channel as a store would remember it: what came, what was decided, and what the next decision rests on."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from watcher.alert import decide, windows
from watcher.model import (
    AlertKey,
    AlertKind,
    Arrival,
    ChannelName,
    ChannelSpec,
    Decided,
    Dispatch,
    Fate,
    ItemId,
    NewAlert,
    Past,
    Reason,
    Rule,
    RuleId,
    Severity,
    Silence,
    StoryId,
    Told,
    Updates,
    Window,
)

DESK = ChannelName("desk")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def dispatch(
    number: int = 1,
    *,
    rule: str = "quake",
    item: str = "a",
    revision: int = 1,
    canonical: str | None = None,
    root: str | None = None,
    paged: bool = False,
    denial: bool = False,
    group: str = "story:s",
    source: str = "example.com",
    updates: Updates = Updates.THREAD,
    severity: Severity = Severity.MEDIUM,
    at: datetime = NOW,
    published: datetime | None = None,
    reason: Reason = Reason.WAITING,
) -> Dispatch:
    return Dispatch(
        id=number,
        match_id=number,
        channel=DESK,
        group=group,
        rule=RuleId(rule),
        item=ItemId(item),
        rule_hash=f"h-{rule}",
        revision=revision,
        story=StoryId("s"),
        canonical=canonical,
        root=ItemId(root) if root else None,
        paged=paged,
        denial=denial,
        source=source,
        seen_at=at,
        published=published,
        severity=severity,
        updates=updates,
        reason=reason,
    )


class Channel:
    """Every round starts from what is written down here: each is a restart."""

    def __init__(self, spec: ChannelSpec, rules: Mapping[RuleId, Rule], *, silences: Sequence[Silence] = ()) -> None:
        self.spec = spec
        self.rules = rules
        self.silences = silences
        self.dispatches: dict[int, Dispatch] = {}
        self.places: dict[int, int | None] = {}
        self.alerts: dict[AlertKey, NewAlert] = {}
        self.rounds: list[tuple[NewAlert, ...]] = []
        self.again_at: datetime | None = None
        self._made: list[datetime] = []
        self._slot: datetime | None = None
        self._open: dict[int, Dispatch] = {}
        self._told: defaultdict[str, list[Told]] = defaultdict(list)

    def arrive(self, dispatches: Iterable[Dispatch]) -> None:
        for d in dispatches:
            self.dispatches[d.id] = self._open[d.id] = d

    @property
    def open(self) -> tuple[Dispatch, ...]:
        return tuple(self._open.values())

    def of(self, alert: NewAlert) -> list[Dispatch]:
        """What an alert tells, without what was merged into it."""
        return [d for d in self.dispatches.values() if d.alert == alert.key and d.reason.fate is not Fate.MERGED]

    def past(self, opened: Sequence[Dispatch], now: datetime) -> Past:
        """What a store says: of groups the first and the last of each severity, of items, addresses and texts all."""
        near: dict[Told, None] = {}
        for group in {d.group for d in opened}:
            of_group = [told for told in self._told[group] if told.group == group]
            for severity in {told.severity for told in of_group}:
                alike = [told for told in of_group if told.severity is severity]
                near |= dict.fromkeys([alike[0], alike[-1]])
        for key in {key for d in opened for key in (d.item, d.canonical, f"text:{d.text}") if key}:
            near |= dict.fromkeys(self._told[key])
        return Past(
            told=tuple(sorted(near, key=lambda told: told.at or now)),
            arrivals=tuple(self._arrivals(windows(opened, self.rules))),
            made=tuple(self._made[bisect_right(self._made, now - HOUR) :]),
            slot=self._slot,
            silences=tuple(s for s in self.silences if s.until > now),
        )

    def round(self, now: datetime) -> Decided:
        """Decide what is open, and write it down."""
        opened = self.open
        decided = decide(self.spec, opened, self.past(opened, now), self.rules, now)
        self.rounds.append(decided.alerts)
        for alert in decided.alerts:
            self.alerts[alert.key] = alert
            insort(self._made, alert.created_at)
            self._slot = max(filter(None, [self._slot, alert.slot]), default=None)
        for decision in decided.decisions:
            d = replace(self._open[decision.dispatch], reason=decision.reason, alert=decision.alert)
            self.dispatches[d.id] = self._open[d.id] = d
            self.places[d.id] = decision.place
            if d.reason.fate is not Fate.OPEN:
                self._close(d, now)
        self.again_at = decided.again_at
        return decided

    def run(self, until: datetime) -> None:
        """Decide whenever time alone changes more, up to then."""
        while self.again_at is not None and self.again_at <= until:
            self.round(self.again_at)

    def _close(self, d: Dispatch, now: datetime) -> None:
        del self._open[d.id]
        if d.alert is None or d.reason.fate is Fate.MERGED:
            return
        told = Told(
            group=d.group,
            rule=d.rule,
            item=d.item,
            revision=d.revision,
            canonical=d.canonical,
            root=d.root,
            denial=d.denial,
            alert=d.alert,
            at=now,
            severity=d.severity,
        )
        for key in {d.group, d.item, d.canonical, f"text:{d.text}"} - {None}:
            self._told[str(key)].append(told)

    def _arrivals(self, asked: Sequence[Window]) -> Iterable[Arrival]:
        for d in sorted(self.dispatches.values(), key=lambda d: (d.seen_at, d.id)) if asked else ():
            if any(_holds(window, d) for window in asked):
                yield Arrival(rule=d.rule, group=d.group, item=d.item, source=d.source, seen_at=d.seen_at)


def _holds(window: Window, d: Dispatch) -> bool:
    return (window.rule, window.group) == (d.rule, d.group) and window.since < d.seen_at <= window.until


def lone(alert: NewAlert) -> bool:
    """Whether it tells one group, rather than listing some."""
    return alert.kind is not AlertKind.DIGEST
