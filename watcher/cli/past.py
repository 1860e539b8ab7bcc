"""edge: (store, compiled rule) -> what it would have matched and alerted, day by day, and against another version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil

from watcher import model
from watcher.alert import decide
from watcher.cli.history import hits
from watcher.model import (
    AlertKey,
    ChannelName,
    ChannelSpec,
    Dispatch,
    FeedId,
    ItemId,
    Match,
    Revision,
    Rule,
    StoryId,
    Told,
)
from watcher.ports import Store
from watcher.rules import query
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.story import group_of, site_of

COLUMNS = 60
"""Bars of a sparkline at most."""
BARS = "▁▂▃▄▅▆▇█"
CHANNEL = ChannelSpec(name=ChannelName("any"), url="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A match in history, without its text: there may be many."""

    item: ItemId
    title: str
    feed: FeedId
    canonical: str | None
    story: StoryId
    group: str
    source: str
    published: datetime | None
    revision: int
    seen_at: datetime
    denial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a rule would have matched, newest first; `bars` count it in equal times up to now, `width` each."""

    hits: tuple[Hit, ...]
    bars: tuple[int, ...]
    width: timedelta
    alerts: int  # on one channel

    @property
    def denials(self) -> int:
        return sum(hit.denial for hit in self.hits)


def past(
    store: Store,
    compiled: CompiledRule,
    since: timedelta,
    now: datetime,
    each: Callable[[Revision, Match], object] = lambda _revision, _match: None,
) -> Past:
    """The past of one rule; `each` is told every match as it is found, newest first. Raises StoreError."""
    found: list[Hit] = []
    for revision, match in hits(store, compiled, since, now):
        each(revision, match)
        found.append(_hit(compiled.rule, revision, match))
    width = _width(since)
    bars = binned([hit.seen_at for hit in found], ceil(since / width), width, now)
    return Past(hits=tuple(found), bars=bars, width=width, alerts=alerts(compiled.rule, found))


def saved(rule: Rule) -> CompiledRule | None:
    """A version of a rule as the store has it; None for one that an older grammar wrote, or that has no expression."""
    tree = query.parse(rule.expanded).tree
    return compile_rule(rule, tree) if tree else None


def changes(found: Past, before: Past) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """What is new and what is lost against another version, newest first."""
    now, then = ({hit.item for hit in each.hits} for each in (found, before))
    return (
        tuple(hit for hit in found.hits if hit.item not in then),
        tuple(hit for hit in before.hits if hit.item not in now),
    )


def alerts(rule: Rule, found: Iterable[Hit]) -> int:
    """How many alerts these matches would have been on one channel: each poll's are decided by what was told before."""
    told: dict[str, list[Told]] = {}
    made = 0
    in_order = sorted(enumerate(found), key=lambda pair: (pair[1].seen_at, -pair[0]))
    for _, polled in groupby(in_order, key=lambda pair: pair[1].seen_at):
        opened = [_dispatch(rule, number, hit) for number, hit in polled]
        keys = dict.fromkeys(key for d in opened for key in _keys(d))
        before = dict.fromkeys(one for key in keys for one in told.get(key, ()))
        decided = decide(CHANNEL, opened, model.Past(told=tuple(before)), {rule.id: rule}, opened[0].seen_at)
        made += len(decided.alerts)
        by_id = {d.id: d for d in opened}
        for decision in decided.decisions:
            _tell(told, by_id[decision.dispatch], decision.alert)
    return made


def binned(moments: Sequence[datetime], number: int, width: timedelta, now: datetime) -> tuple[int, ...]:
    """How many moments lie in each of so many equal times, the last of which ends now."""
    counts = [0] * number
    for moment in moments:
        back = int((now - moment) / width)
        counts[max(number - 1 - max(back, 0), 0)] += 1
    return tuple(counts)


def sparkline(counts: Sequence[int]) -> str:
    """A bar for each count, the highest for the largest; a blank for none."""
    most = max(counts, default=0)
    return "".join(BARS[ceil(n * len(BARS) / most) - 1] if n else " " for n in counts)


def _width(since: timedelta) -> timedelta:
    """Days, or as many of them as COLUMNS ask for; hours for a look back of less than two days."""
    unit = timedelta(days=1) if since >= timedelta(days=2) else timedelta(hours=1)
    return unit * max(ceil(since / unit / COLUMNS), 1)


def _hit(rule: Rule, revision: Revision, match: Match) -> Hit:
    item = revision.item
    return Hit(
        item=item.id,
        title=item.title,
        feed=item.feed,
        canonical=item.canonical,
        story=revision.story,
        group=group_of(rule, revision),
        source=site_of(item),
        published=item.published,
        revision=revision.number,
        seen_at=revision.seen_at,
        denial=match.denial,
    )


def _dispatch(rule: Rule, number: int, hit: Hit) -> Dispatch:
    return Dispatch(
        id=number,
        match_id=number,
        channel=CHANNEL.name,
        group=hit.group,
        rule=rule.id,
        rule_hash=rule.hash,
        item=hit.item,
        revision=hit.revision,
        story=hit.story,
        canonical=hit.canonical,
        source=hit.source,
        seen_at=hit.seen_at,
        published=hit.published,
        severity=rule.severity,
        updates=rule.updates,
    )


def _keys(dispatch: Dispatch) -> tuple[str, ...]:
    """By what an alert is found that bears on it; an item's id and a group never look alike."""
    return (dispatch.group, f"item {dispatch.item}", *([f"url {dispatch.canonical}"] if dispatch.canonical else []))


def _tell(told: dict[str, list[Told]], d: Dispatch, alert: AlertKey | None) -> None:
    """Remember what was told of a dispatch; of a group the first is enough."""
    one = Told(group=d.group, rule=d.rule, item=d.item, revision=d.revision, canonical=d.canonical, alert=alert)
    group, *others = _keys(d)
    told.setdefault(group, [one])
    for key in others:
        told.setdefault(key, []).append(one)
