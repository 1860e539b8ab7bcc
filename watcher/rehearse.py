"""pure: (rules, a channel, dispatches as they come) -> the rounds of decisions they bring, by the clock they came by.

What is decided of stored matches is played here in memory, by the same `decide`: for tests of rules, and for what
history would have been alerted. A round is held when something comes, and when time alone changes something.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from watcher import absence
from watcher.alert import decide, windows
from watcher.model import (
    AlertKey,
    Arrival,
    ChannelName,
    ChannelSpec,
    Decided,
    Dispatch,
    Episode,
    Fate,
    Feed,
    FeedState,
    Match,
    NewDispatch,
    Origin,
    Past,
    Revision,
    Rule,
    RuleId,
    Severity,
    Silence,
    Told,
    Window,
)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What was decided on a channel at a moment, of what was open there."""

    at: datetime
    channel: ChannelName
    opened: tuple[Dispatch, ...]  # as they stood before
    decided: Decided


def dispatch_of(number: int, revision: Revision, match: Match, to: NewDispatch) -> Dispatch:
    """A dispatch as the store would give it back; `number` is its id."""
    return Dispatch(
        id=number,
        match_id=number,
        channel=to.channel,
        group=to.group,
        rule=match.rule,
        rule_hash=match.rule_hash,
        item=match.item,
        revision=match.revision,
        story=revision.story,
        canonical=revision.item.canonical,
        root=revision.link.root,
        paged=revision.item.origin is Origin.PAGE,
        denial=match.denial,
        source=to.source,
        seen_at=revision.seen_at,
        published=revision.item.published,
        severity=to.severity,
        updates=to.updates,
    )


def rehearse(
    rules: Mapping[RuleId, Rule],
    channel: ChannelSpec,
    dispatches: Iterable[Dispatch],
    until: datetime,
    silences: Sequence[Silence] = (),
) -> Iterator[Round]:
    """The rounds of a channel up to `until`, in order. Each dispatch comes when it was seen, lower ids first."""
    ledger = _Ledger(silences)
    polls = groupby(sorted(dispatches, key=lambda d: (d.seen_at, d.id)), key=lambda d: d.seen_at)
    coming = next(polls, None)
    again: datetime | None = None
    while moments := [at for at in (again, coming and coming[0]) if at and at <= until]:
        now = min(moments)
        if coming and coming[0] == now:
            ledger.add(coming[1])
            coming = next(polls, None)
        opened = ledger.opened
        decided = decide(channel, opened, ledger.past(opened, windows(opened, rules), now), rules, now)
        ledger.keep(decided, now)
        again = decided.again_at
        yield Round(at=now, channel=channel.name, opened=opened, decided=decided)


def rehearse_absence(
    rule: Rule, channel: ChannelSpec, feed: Feed, news: Iterable[datetime], span: tuple[datetime, datetime]
) -> Iterator[Round]:
    """The same of a rule that watches for an absence, looked at each minute of a span; only rounds that tell something.

    `feed` is one of the rule's, wanted since the span begins; it is asked all the time, answers, and has news then.
    """
    start, until = span
    coming = sorted(news)
    minutes = (start + n * MINUTE for n in range((until - start) // MINUTE + 1))
    state = FeedState(feed=feed, added_at=start)
    episodes: list[Episode] = []
    told: set[AlertKey] = set()
    for now in sorted({*minutes, *coming}):
        state = replace(state, good_at=now, next_at=now, new_at=now if now in coming else state.new_at)
        opened = episodes.pop() if episodes and episodes[-1].ended_at is None else None
        episodes += [found for found in [absence.noticed(rule, [state], now, opened) or opened] if found]
        alerts = absence.alerts_of(rule, episodes, channel, told, (), now)
        told.update(alert.key for alert in alerts)
        if alerts:
            yield Round(at=now, channel=channel.name, opened=(), decided=Decided(alerts=alerts))


class _Ledger:
    """What the store would hold of a channel, found by what is asked."""

    def __init__(self, silences: Sequence[Silence]) -> None:
        self._silences = silences
        self._open: dict[int, Dispatch] = {}
        self._arrivals: dict[tuple[RuleId, str], list[_Arrived]] = {}
        self._told: dict[str, list[_Numbered]] = {}  # by item, by address and by text, which never look alike
        self._groups: dict[str, dict[Severity, list[_Numbered]]] = {}  # the first of each severity and the last
        self._made: list[datetime] = []
        self._slot: datetime | None = None

    @property
    def opened(self) -> tuple[Dispatch, ...]:
        return tuple(self._open.values())

    def add(self, dispatches: Iterable[Dispatch]) -> None:
        for d in dispatches:
            self._open[d.id] = d
            arrival = Arrival(rule=d.rule, group=d.group, item=d.item, source=d.source, seen_at=d.seen_at)
            self._arrivals.setdefault((d.rule, d.group), []).append((d.seen_at, d.id, arrival))

    def past(self, opened: Iterable[Dispatch], asked: Iterable[Window], now: datetime) -> Past:
        """What Store.past would say."""
        told = {one[:2]: one[-1] for d in opened for one in self._bearing_on(d)}
        arrived = {one[:2]: one[-1] for window in asked for one in self._within(window)}
        return Past(
            told=tuple(told[at] for at in sorted(told)),
            arrivals=tuple(arrived[at] for at in sorted(arrived)),
            made=tuple(self._made[bisect_right(self._made, now - HOUR) :]),
            slot=self._slot,
            silences=tuple(silence for silence in self._silences if silence.until > now),
        )

    def keep(self, decided: Decided, now: datetime) -> None:
        """What Store.save_alerts would do."""
        self._made += [now] * len(decided.alerts)
        self._slot = max((alert.slot for alert in decided.alerts if alert.slot), default=self._slot)
        for decision in decided.decisions:
            d = self._open[decision.dispatch]
            if decision.reason.fate is Fate.OPEN:
                self._open[d.id] = replace(d, reason=decision.reason)
                continue
            del self._open[d.id]
            if decision.alert and decision.reason.fate is not Fate.MERGED:
                self._tell(d, decision.alert, now)

    def _tell(self, d: Dispatch, alert: AlertKey, now: datetime) -> None:
        one = Told(
            group=d.group,
            rule=d.rule,
            item=d.item,
            revision=d.revision,
            canonical=d.canonical,
            root=d.root,
            denial=d.denial,
            alert=alert,
            at=now,
            severity=d.severity,
        )
        numbered = now, d.id, one
        for found_by in filter(None, (d.item, d.canonical, f"text:{d.text}")):
            self._told.setdefault(found_by, []).append(numbered)
        self._groups.setdefault(d.group, {}).setdefault(d.severity, [])[1:] = [numbered]

    def _bearing_on(self, d: Dispatch) -> Iterator[_Numbered]:
        yield from self._told.get(d.item, ())
        yield from self._told.get(d.canonical or "", ())
        yield from self._told.get(f"text:{d.text}", ())
        for both in self._groups.get(d.group, {}).values():
            yield from both

    def _within(self, window: Window) -> Sequence[_Arrived]:
        arrived = self._arrivals.get((window.rule, window.group), [])
        first, last = (bisect_right(arrived, at, key=itemgetter(0)) for at in (window.since, window.until))
        return arrived[first:last]


_Numbered = tuple[datetime, int, Told]
_Arrived = tuple[datetime, int, Arrival]
