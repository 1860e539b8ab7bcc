"""edge: (store, compiled rules) -> what each would have matched and alerted, by day, and against another version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from watcher.cli.history import hits_of_all
from watcher.model import ChannelName, ChannelSpec, Dispatch, FeedId, ItemId, Match, Revision, Rule
from watcher.ports import Store
from watcher.rehearse import dispatch_of, rehearse
from watcher.rules import query
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.story import dispatches

COLUMNS = 60
"""Bars of a sparkline at most."""
BARS = "▁▂▃▄▅▆▇█"
ANY = ChannelName("any")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A match in history, without its text: there may be many. Its dispatch is that to any channel."""

    title: str
    feed: FeedId
    denial: bool
    dispatch: Dispatch

    @property
    def item(self) -> ItemId:
        return self.dispatch.item

    @property
    def seen_at(self) -> datetime:
        return self.dispatch.seen_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a rule would have matched, newest first; `bars` count it in equal times up to now, `width` each."""

    hits: tuple[Hit, ...]
    bars: tuple[int, ...]
    width: timedelta

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
    (found,) = pasts(store, [compiled], since, now, each)
    return found


def pasts(
    store: Store,
    rules: Sequence[CompiledRule],
    since: timedelta,
    now: datetime,
    each: Callable[[Revision, Match], object] = lambda _revision, _match: None,
) -> list[Past]:
    """The same for many rules, in their order, in one pass over what is stored."""
    found: list[list[Hit]] = [[] for _ in rules]
    for revision, matches in hits_of_all(store, rules, since, now):
        for number, match in matches:
            each(revision, match)
            found[number].append(_hit(-len(found[number]), rules[number].rule, revision, match))
    return [_past(hits, since, now) for hits in found]


def _past(hits: Sequence[Hit], since: timedelta, now: datetime) -> Past:
    width = _width(since)
    bars = binned([hit.seen_at for hit in hits], ceil(since / width), width, now)
    return Past(hits=tuple(hits), bars=bars, width=width)


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


def alerts(rule: Rule, found: Past, channels: Iterable[ChannelSpec], now: datetime) -> Mapping[ChannelName, int]:
    """How many alerts these matches would have been up to now on each channel that the rule speaks on, were it the only
    rule; on any, where it speaks on none of them.
    """
    heard = [channel for channel in channels if channel.hears(rule)] or [ChannelSpec(name=ANY, url="")]
    plain = [replace(channel, name=ANY, url="", tags=(), fallback=None, pace=None) for channel in heard]
    counts = {channel: _rehearsed(rule, found, channel, now) for channel in dict.fromkeys(plain)}
    return {channel.name: counts[same] for channel, same in zip(heard, plain, strict=True)}


def _rehearsed(rule: Rule, found: Past, channel: ChannelSpec, now: datetime) -> int:
    rounds = rehearse({rule.id: rule}, channel, (hit.dispatch for hit in found.hits), now)
    return sum(len(each.decided.alerts) for each in rounds)


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


def _hit(number: int, rule: Rule, revision: Revision, match: Match) -> Hit:
    (to,) = dispatches(rule, revision, [ANY], denial=match.denial)
    return Hit(
        title=revision.item.title,
        feed=revision.item.feed,
        denial=match.denial,
        dispatch=dispatch_of(number, revision, match, to),
    )
