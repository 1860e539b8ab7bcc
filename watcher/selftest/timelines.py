"""pure: (a rule, a timeline, its items, channels) -> a verdict: whether the rule alerts when it is expected to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.absence import watches
from watcher.match import Explanation, explain
from watcher.model import (
    ChannelName,
    ChannelSpec,
    Dispatch,
    Fate,
    Feed,
    FeedId,
    Hash64,
    Item,
    Known,
    Match,
    NewAlert,
    Reason,
    Revision,
    Rule,
    RuleId,
    TimelineAlert,
    TimelineStep,
    TimelineTest,
)
from watcher.rehearse import Round, dispatch_of, rehearse, rehearse_absence
from watcher.rules.compile import CompiledRule
from watcher.selftest.articles import feed_of
from watcher.selftest.verdict import Verdict, said
from watcher.story import Lived, dispatches, revised
from watcher.text.counted import counted

SOON = 60.0
"""Seconds: what is expected at a moment comes in the minute that begins then, and before the next such moment."""
WHYS = 2  # different reasons that a message gives for what was not told
ANYWHERE = ChannelName("the channel")

Comings = Sequence[tuple[datetime, Item, Feed]]


def stage(rule: Rule, timeline: TimelineTest, configured: Collection[ChannelSpec]) -> tuple[ChannelSpec, ...]:
    """The channels that a timeline plays on: those that the rule speaks on, and plain ones for names that are not
    configured; one plain channel where that leaves none.
    """
    heard = [channel for channel in configured if channel.hears(rule)]
    names = dict.fromkeys(name for expected in timeline.expect for name in expected.to)
    known = {channel.name for channel in configured}
    heard += [ChannelSpec(name=name, url="") for name in names if name not in known]
    return tuple(heard) or (ChannelSpec(name=ANYWHERE, url=""),)


def play(
    rule: Rule,
    compiled: CompiledRule | None,
    timeline: TimelineTest,
    items: Sequence[tuple[Item, Feed]],
    channels: Sequence[ChannelSpec],
) -> Verdict:
    """The verdict of a timeline; `items` are those of its steps, in their order, each with the feed that brings it.

    A rule that watches for an absence is not compiled: to it every item is news of its feed.
    """
    steps = zip(timeline.steps, items, strict=True)
    comings = [(timeline.start + timedelta(seconds=step.at), item, feed) for step, (item, feed) in steps]
    ends = [*(step.at for step in timeline.steps), *(expected.at + SOON for expected in timeline.expect)]
    until = timeline.start + timedelta(seconds=max(ends))
    run = (
        _waited(rule, timeline.start, comings, channels, until)
        if compiled is None
        else _lived(compiled, timeline.start, comings, channels, until)
    )
    flaws = sorted(_flaws(timeline.expect, run))
    return _verdict(rule.id, timeline, flaws[0][1] if flaws else _summed(run), passed=not flaws)


def unplayed(rule: RuleId, timeline: TimelineTest, step: TimelineStep, why: str) -> Verdict:
    """The verdict of a timeline of which an item cannot be read."""
    message = f"the item at {_clock(step.at)} cannot be read: {why}"
    return _verdict(rule, timeline, message, passed=False)


def _verdict(rule: RuleId, timeline: TimelineTest, message: str, *, passed: bool) -> Verdict:
    name = f"timeline of {counted(len(timeline.steps), 'item')}"
    return Verdict(rule=rule, name=name, passed=passed, message=message, line=timeline.line, column=timeline.column)


# what happens


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """An alert that was made, seconds after the start."""

    at: float
    channel: ChannelName
    alert: NewAlert
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What a timeline brought. `lacking` says of items that do not match when they came, and why not."""

    start: datetime
    channels: tuple[ChannelName, ...]
    rounds: tuple[Round, ...]
    lacking: tuple[tuple[datetime, str], ...] = ()

    @property
    def made(self) -> Iterator[_Made]:
        for each in self.rounds:
            for alert in each.decided.alerts:
                yield _Made(at=self.after(each.at), channel=each.channel, alert=alert, because=_because(each, alert))

    def after(self, moment: datetime) -> float:
        return (moment - self.start).total_seconds()

    def stands(self, channel: ChannelName, before: float) -> Iterator[Reason]:
        """Where the matches of a channel stand that were open on its last round before a moment."""
        last = [each for each in self.rounds if each.channel == channel and self.after(each.at) < before][-1:]
        for each in last:
            changed = {decision.dispatch: decision.reason for decision in each.decided.decisions}
            yield from (changed.get(d.id, d.reason) for d in each.opened)


def _lived(
    compiled: CompiledRule, start: datetime, comings: Comings, channels: Sequence[ChannelSpec], until: datetime
) -> _Run:
    asked = list(_asked(compiled, comings))
    rule = compiled.rule
    hits = [(revision, _match(rule, revision, found)) for revision, found in asked if found.matched]
    rounds = [
        each
        for channel in channels
        for each in rehearse({rule.id: rule}, channel, _on(channel.name, rule, hits), until)
    ]
    lacking = tuple((r.seen_at, said(found).removeprefix("it ")) for r, found in asked if not found.matched)
    return _Run(start=start, channels=_names(channels), rounds=tuple(rounds), lacking=lacking)


def _asked(compiled: CompiledRule, comings: Comings) -> Iterator[tuple[Revision, Explanation]]:
    """What is new or was edited, as a poll would find it, and what the rule makes of it."""
    known: defaultdict[FeedId, dict[Hash64, Known]] = defaultdict(dict)
    lived = Lived(len(comings))
    for at, item, feed in comings:
        for revision in map(lived.linked, revised([item], known[feed.id], at)):
            known[feed.id][item.key] = Known(
                item=item.id, fingerprint=item.fingerprint, revision=revision.number, story=revision.story
            )
            yield revision, explain(compiled, item, feed)


def _match(rule: Rule, revision: Revision, found: Explanation) -> Match:
    return Match(
        rule=rule.id,
        rule_hash=rule.hash,
        item=revision.item.id,
        revision=revision.number,
        evidence=found.evidence,
        denial=found.denial,
    )


def _on(channel: ChannelName, rule: Rule, hits: Iterable[tuple[Revision, Match]]) -> Iterator[Dispatch]:
    for number, (revision, match) in enumerate(hits):
        for to in dispatches(rule, revision, [channel], denial=match.denial):
            yield dispatch_of(number, revision, match, to)


def _waited(rule: Rule, start: datetime, comings: Comings, channels: Sequence[ChannelSpec], until: datetime) -> _Run:
    assert rule.absence is not None, "a rule without an expression"
    news = [at for at, _, source in comings if watches(rule.absence, source)]
    rounds = [
        each for channel in channels for each in rehearse_absence(rule, channel, feed_of(rule), news, (start, until))
    ]
    return _Run(start=start, channels=_names(channels), rounds=tuple(rounds))


def _names(channels: Iterable[ChannelSpec]) -> tuple[ChannelName, ...]:
    return tuple(channel.name for channel in channels)


# what is expected


def _flaws(expected: Sequence[TimelineAlert], run: _Run) -> Iterator[tuple[float, str]]:
    """What is not as expected, each with its moment. What names no channel holds for each that is told something then,
    and one is to be.
    """
    moments = sorted({each.at for each in expected})
    ends = {at: min([at + SOON, *moments[n + 1 : n + 2]]) for n, at in enumerate(moments)}
    for each in expected:
        then = [made for made in run.made if each.at <= made.at < ends[each.at]]
        for channel in each.to or dict.fromkeys(made.channel for made in then) or run.channels[:1]:
            made = [one for one in then if one.channel == channel]
            if flaw := _flaw(each, made, channel, _why_not(run, channel, ends[each.at])):
                yield each.at, flaw
    for one in run.made:
        if not any(at <= one.at < end for at, end in ends.items()):
            what = f"an alert{_of_items(one.alert)} on {one.channel} at {_clock(one.at)}"
            yield one.at, f"{what}, where none is expected{one.because}"


def _flaw(expected: TimelineAlert, made: Sequence[_Made], channel: ChannelName, why_not: str) -> str | None:
    """What is wrong with the alerts of a channel at a moment; `why_not` says why there are not more of them."""
    items, where = sum(one.alert.told for one in made), f"at {_clock(expected.at)} on {channel}"
    if len(made) != expected.alerts:
        got = f"there {'were' if len(made) > 1 else 'was'} {len(made) or 'none'}"
        because = why_not if len(made) < expected.alerts else made[-1].because
        return f"expected {_alerts(expected.alerts)} {where}, but {got}{because}"
    if expected.items is not None and expected.items != items:
        verb = "was" if items == 1 else "were"
        because = why_not if items < expected.items else ""
        return f"expected {counted(expected.items, 'item')} {where}, but {items} {verb} told{because}"
    return None


def _why_not(run: _Run, channel: ChannelName, end: float) -> str:
    """Where the matches of a channel stand then; where there are none, what the last item before lacks."""
    if channel not in run.channels:
        return ": the rule does not speak there"
    standing = Counter(reason for reason in run.stands(channel, end) if reason.fate not in _TOLD).most_common(WHYS)
    if standing:
        named = [f"{reason.value} ({counted(n, 'match', 'es')}), because {reason.sentence}" for reason, n in standing]
        return f": {'; '.join(named)}"
    lacking = [(run.after(at), words) for at, words in run.lacking if run.after(at) < end][-1:]
    return "".join(f": the item at {_clock(at)} {words}" for at, words in lacking)


_TOLD = frozenset({Fate.ALERTED, Fate.DIGEST})


# in words


def _because(round_: Round, alert: NewAlert) -> str:
    """Why an alert was made: the reason of the match that leads it, or what it says itself."""
    reasons = (d.reason for d in round_.decided.decisions if d.alert == alert.key and d.reason.fate is not Fate.MERGED)
    return next((f", because {reason.sentence}" for reason in reasons), f": {alert.title}")


def _alerts(number: int) -> str:
    return counted(number, "alert") if number else "no alert"


def _of_items(alert: NewAlert) -> str:
    return f" of {counted(alert.told, 'item')}" if alert.told else ""


def _summed(run: _Run) -> str:
    """When there were alerts, channel by channel."""
    times: defaultdict[ChannelName, list[str]] = defaultdict(list)
    for made in run.made:
        times[made.channel].append(_clock(made.at))
    said = [f"{counted(len(at), 'alert')} on {channel}, at {', '.join(at)}" for channel, at in times.items()]
    return "; ".join(said) or "no alert"


def _clock(seconds: float) -> str:
    """Seconds after the start as a timeline has them: 0m, 90s, 1h30m."""
    left, parts = round(seconds), []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        number, left = divmod(left, size)
        parts += [f"{number}{unit}"] if number else []
    return "".join(parts) or "0m"
