"""What holds of decisions whatever comes, and whenever it is decided."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channel import DESK, NOW, Channel, dispatch, lone
from watcher.alert import decide
from watcher.hours import within
from watcher.model import (
    ChannelSpec,
    Dispatch,
    Fate,
    Hours,
    NewAlert,
    Quiet,
    Reason,
    Rule,
    RuleId,
    Severity,
    Silence,
    Updates,
    When,
)

START = datetime(2026, 3, 28, tzinfo=UTC)  # the night after, London's clock is put forward
MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LENGTH = 3 * DAY
"""In which things come; what is held then goes out afterwards."""
IDS = ("quake", "rescue", "flood")
ITEMS = tuple("abcdefgh")
GROUPS = {"story": lambda rule, item: f"story:{item}", "rule": lambda rule, item: f"rule:{rule}"}
ROOTS = {"u1": "x", "u2": "y"}
"""What stands at one address is one text."""
LOUD = Severity.CRITICAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    spec: ChannelSpec
    rules: dict[RuleId, Rule]
    silences: tuple[Silence, ...]
    dispatches: tuple[Dispatch, ...]  # in order of arrival

    def channel(self) -> Channel:
        return Channel(self.spec, self.rules, silences=self.silences)


# what may come


@st.composite
def rule_settings(draw: st.DrawFn, name: str) -> Rule:
    seldom = st.sampled_from([False, False, True])
    count = When(count=draw(st.integers(2, 3)), within=3600.0, distinct=draw(st.sampled_from(["item", "source"])))
    return Rule(
        id=RuleId(name),
        title="",
        expression="",
        expanded="",
        hash=name,
        throttle=draw(st.sampled_from([None, None, 1800.0, 20000.0])),
        digest=draw(seldom),
        when=count if draw(seldom) else None,
        max_age=3600.0 if draw(seldom) else None,
    )


@st.composite
def channels(draw: st.DrawFn) -> ChannelSpec:
    zone = draw(st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu"]))
    start, end = draw(st.sampled_from([(1320, 420), (0, 60), (720, 1440), (90, 60)]))
    days = draw(st.sampled_from([(0, 1, 2, 3, 4, 5, 6), (5, 6)]))
    quiet = Quiet(
        hours=(Hours(days=days, start=start, end=end, zone=zone),), below=draw(st.sampled_from([None, Severity.HIGH]))
    )
    return ChannelSpec(
        name=DESK,
        url="fake://",
        timezone=zone,
        min_severity=draw(st.sampled_from([Severity.INFO, Severity.MEDIUM])),
        quiet=draw(st.sampled_from([None, quiet])),
        digest=draw(st.sampled_from([(), (480,), (90, 1080)])),
        cap=draw(st.integers(1, 5)),
    )


@st.composite
def words(draw: st.DrawFn) -> Silence:
    since = START + draw(st.integers(0, 3 * 1440)) * MINUTE
    rule = draw(st.sampled_from([*IDS, None]))
    return Silence(
        id=1,
        rule=RuleId(rule) if rule else None,
        group=None if rule else f"story:{draw(st.sampled_from(ITEMS))}",
        channel=draw(st.sampled_from([DESK, None])),
        by="ada",
        since=since,
        until=since + draw(st.integers(1, 1440)) * MINUTE,
    )


@st.composite
def cases(draw: st.DrawFn, *, loudest: Severity = Severity.CRITICAL, plain: bool = False) -> Case:
    """Three days of matches on a channel. Plain: of rules that ask for nothing, on a channel without quiet hours."""
    rules = {RuleId(name): draw(rule_settings(name)) for name in IDS}
    spec, silences = draw(channels()), draw(st.lists(words(), max_size=2))
    if plain:
        rules = {name: Rule(id=name, title="", expression="", expanded="", hash=name) for name in rules}
        spec, silences = replace(spec, quiet=None, min_severity=Severity.INFO), []
    seldom = st.sampled_from([False, False, True])
    grouping = {name: GROUPS[draw(st.sampled_from(sorted(GROUPS)))] for name in IDS}
    updates = {name: draw(st.sampled_from(Updates)) for name in IDS}
    urls = {item: draw(st.sampled_from([None, None, "u1", "u2"])) for item in ITEMS}
    roots = {item: ROOTS.get(urls[item] or "") or draw(st.sampled_from([None, None, "x", "z"])) for item in ITEMS}
    matches = draw(
        st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(ITEMS), st.integers(1, 2)), unique=True, max_size=25)
    )
    seen = sorted(draw(st.sampled_from([0, 1, 2, 30, 600, 1500, 4000])) + draw(st.integers(0, 90)) for _ in matches)
    dispatches = tuple(
        dispatch(
            number,
            rule=name,
            item=item,
            revision=revision,
            canonical=urls[item],
            root=roots[item],
            denial=draw(seldom),
            group=grouping[name](name, item),
            source=draw(st.sampled_from(["one.example", "two.example"])),
            updates=updates[name],
            severity=Severity(draw(st.integers(Severity.LOW, loudest))),
            at=START + minute * MINUTE,
            published=START + draw(st.sampled_from([minute, minute - 90])) * MINUTE,
        )
        for number, ((name, item, revision), minute) in enumerate(zip(matches, seen, strict=True), 1)
    )
    return Case(spec=spec, rules=rules, silences=tuple(silences), dispatches=dispatches)


# how it may be decided


def prompt(case: Case) -> Channel:
    """At each arrival, and whenever time alone changes something."""
    channel = case.channel()
    for d in case.dispatches:
        channel.run(d.seen_at)
        channel.arrive([d])
        channel.round(d.seen_at)
    return finished(channel)


def lazily(case: Case, at: Sequence[datetime]) -> Channel:
    """At some moments only."""
    channel, came = case.channel(), 0
    seen = [d.seen_at for d in case.dispatches]
    for now in sorted(at):
        upto = bisect_right(seen, now)
        channel.arrive(case.dispatches[came:upto])
        came = max(came, upto)
        channel.round(now)
    channel.arrive(case.dispatches[came:])
    channel.round(max([START + LENGTH, *at]))
    return finished(channel)


def finished(channel: Channel) -> Channel:
    """Until nothing is left to wait for."""
    for _ in range(200):
        if channel.again_at is None:
            break
        channel.round(channel.again_at)
    assert not channel.open
    return channel


def told_by(channel: Channel) -> set[tuple[str, str]]:
    """What was told of it: rules with texts."""
    return {(d.rule, d.text) for d in channel.dispatches.values() if d.alert}


# laws


@settings(max_examples=120, deadline=None)
@given(cases(), st.lists(st.integers(0, 5 * 1440), max_size=12))
def test_the_same_is_told_whenever_it_is_decided(case: Case, minutes: list[int]) -> None:
    naive = {(d.rule, d.text) for d in case.dispatches if wanted(case, d)}
    assert told_by(prompt(case)) == naive
    assert told_by(lazily(case, [START + minute * MINUTE for minute in minutes])) == naive


def wanted(case: Case, d: Dispatch) -> bool:
    """Loud enough for the channel, and often enough for the rule: by looking at every window round it."""
    when = case.rules[d.rule].when
    if d.severity < case.spec.min_severity or when is None:
        return d.severity >= case.spec.min_severity
    alike = [one for one in case.dispatches if (one.rule, one.group) == (d.rule, d.group)]
    span = timedelta(seconds=when.within)
    inside = (
        {
            o.source if when.distinct == "source" else o.item
            for o in alike
            if first.seen_at <= o.seen_at <= first.seen_at + span
        }
        for first in alike
        if first.seen_at <= d.seen_at <= first.seen_at + span
    )
    return any(len(found) >= when.count for found in inside)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_every_dispatch_is_closed_once_and_both_sums_add_up(case: Case) -> None:
    channel = prompt(case)
    assert set(channel.dispatches) == {d.id for d in case.dispatches}
    assert not any(d.reason.fate is Fate.OPEN for d in channel.dispatches.values())
    for alert in channel.alerts.values():
        told = channel.of(alert)
        assert told
        assert alert.told == len({d.item for d in told})
        assert alert.severity == max(d.severity for d in told)
        assert lone(alert) == ({d.group for d in told} == {alert.group})
    assert {d.alert for d in channel.dispatches.values() if d.alert} == set(channel.alerts)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_a_rule_tells_an_item_at_a_revision_once(case: Case) -> None:
    channel = prompt(case)
    told = [d for alert in channel.alerts.values() for d in channel.of(alert)]
    assert max(Counter((d.rule, d.item, d.revision) for d in told).values(), default=0) <= 1
    by_address: dict[tuple[str, str], set[str]] = {}
    for d in told:
        by_address.setdefault((d.rule, d.canonical or d.item), set()).add(d.item)
    assert all(len(items) == 1 for items in by_address.values())


@settings(max_examples=80, deadline=None)
@given(cases())
def test_what_says_the_same_is_told_once_by_one_item_and_again_only_where_it_is_severer(case: Case) -> None:
    channel = prompt(case)
    said: dict[tuple[str, str, bool], list[Dispatch]] = {}
    for alert in channel.alerts.values():
        for d in channel.of(alert):
            said.setdefault((d.rule, d.text, d.denial), []).append(d)
    for alike in said.values():
        firsts = list({d.item: d for d in reversed(alike) if not known_before(channel, d)}.values())[::-1]
        assert all(one.severity < other.severity for one, other in pairwise(firsts))


def known_before(channel: Channel, d: Dispatch) -> bool:
    """Whether the rule had told the item itself: by another revision, or with another sense."""
    told = (one for alert in channel.alerts.values() for one in channel.of(alert))
    return any((one.rule, one.item) == (d.rule, d.item) and one.id < d.id for one in told)


@settings(max_examples=60, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_a_round_decided_again_after_a_crash_gives_the_same_in_whatever_order_it_is_read(
    case: Case, random: object
) -> None:
    channel = case.channel()
    for d in case.dispatches:
        channel.arrive([d])
        opened = list(channel.open)
        past = channel.past(opened, d.seen_at)
        getattr(random, "shuffle")(opened)  # noqa: B009
        again = decide(case.spec, opened, past, case.rules, d.seen_at)
        assert again == channel.round(d.seen_at)
        assert len({alert.key for alert in again.alerts}) == len(again.alerts)
        assert max(Counter(alert.group for alert in again.alerts).values(), default=0) <= 1
    assert len(channel.alerts) == len({d.alert for d in channel.dispatches.values() if d.alert})


@settings(max_examples=60, deadline=None)
@given(cases())
def test_time_alone_tells_nothing_before_it_is_said_to(case: Case) -> None:
    channel = case.channel()
    for d in case.dispatches:
        channel.arrive([d])
        channel.round(d.seen_at)
        soon = min(channel.again_at or d.seen_at + DAY, d.seen_at + DAY) - timedelta(microseconds=1)
        for now in (d.seen_at, d.seen_at + (soon - d.seen_at) / 2, soon):
            opened = channel.open
            decided = decide(case.spec, opened, channel.past(opened, now), case.rules, now)
            assert not decided.alerts
            assert {decision.reason.fate for decision in decided.decisions} <= {Fate.OPEN, Fate.MERGED}
        assert channel.again_at is None or channel.again_at > d.seen_at


@settings(max_examples=80, deadline=None)
@given(cases())
def test_quiet_hours_are_broken_only_by_what_may(case: Case) -> None:
    quiet = case.spec.quiet or Quiet(hours=())
    for alert in prompt(case).alerts.values():
        if any(within(hours, alert.created_at) for hours in quiet.hours):
            assert lone(alert)
            assert quiet.below is not None
            assert alert.severity >= quiet.below


@settings(max_examples=80, deadline=None)
@given(cases())
def test_what_is_silenced_is_not_told(case: Case) -> None:
    channel = prompt(case)
    for alert in channel.alerts.values():
        for d in channel.of(alert):
            assert not any(silence.covers(d, alert.created_at) for silence in case.silences)
    listed = {d.id for d in channel.dispatches.values() if d.reason is Reason.SILENCE_LISTED}
    assert listed <= {d.id for d in case.dispatches if any(_was_silenced(silence, d) for silence in case.silences)}


def _was_silenced(silence: Silence, d: Dispatch) -> bool:
    return silence.covers(d, silence.since) and silence.until > d.seen_at


@settings(max_examples=80, deadline=None)
@given(cases())
def test_what_is_too_old_or_for_digests_is_told_in_digests_only(case: Case) -> None:
    channel = prompt(case)
    for alert in channel.alerts.values():
        if lone(alert):
            rules = [(case.rules[d.rule], d) for d in channel.of(alert)]
            assert not any(rule.digest for rule, _ in rules)
            assert not any(rule.max_age and d.published != d.seen_at for rule, d in rules)


@settings(max_examples=80, deadline=None)
@given(cases(plain=True, loudest=Severity.HIGH))
def test_no_hour_has_more_messages_than_the_cap(case: Case) -> None:
    made = sorted(alert.created_at for alert in prompt(case).alerts.values())
    assert all(sum(at - HOUR < other <= at for other in made) <= case.spec.cap for at in made)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_beyond_the_cap_comes_only_what_is_critical_or_due_at_its_time_of_day(case: Case) -> None:
    alerts: list[NewAlert] = []
    for made in prompt(case).rounds:  # some are of the same moment
        alerts.extend(made)
        for alert in made:
            if alert.severity < LOUD and alert.slot is None:
                hour = [a for a in alerts if alert.created_at - HOUR < a.created_at <= alert.created_at]
                assert len(hour) <= case.spec.cap


@settings(max_examples=80, deadline=None)
@given(cases())
def test_a_time_of_day_has_one_digest_and_each_round_at_most_one(case: Case) -> None:
    digests = [alert for alert in prompt(case).alerts.values() if not lone(alert)]
    assert len({alert.created_at for alert in digests}) == len(digests)
    slots = [alert.slot for alert in digests if alert.slot]
    assert len(set(slots)) == len(slots)


@settings(max_examples=80, deadline=None)
@given(cases(plain=True, loudest=Severity.HIGH), st.sampled_from([1800.0, 7200.0]))
def test_a_group_is_told_no_more_often_than_its_throttle_says(case: Case, seconds: float) -> None:
    rules = {name: replace(rule, throttle=seconds) for name, rule in case.rules.items()}
    channel = prompt(replace(case, rules=rules, spec=replace(case.spec, cap=100)))
    by_group: dict[str, list[NewAlert]] = {}
    for alert in channel.alerts.values():
        by_group.setdefault(alert.group, []).append(alert)
    for alerts in by_group.values():
        moments = sorted(alert.created_at for alert in alerts)
        assert all(b - a >= timedelta(seconds=seconds) for a, b in pairwise(moments))


@settings(max_examples=60, deadline=None)
@given(cases(), st.lists(st.tuples(st.integers(0, 4 * 1440), st.integers(1, 3 * 1440)), min_size=1, max_size=3))
def test_a_clock_that_is_put_back_loses_nothing_and_repeats_nothing(case: Case, jumps: list[tuple[int, int]]) -> None:
    """It goes forward at each arrival, and back at some; what comes is dated by it. (What a rule counts within a time
    depends on the clock, of course.)
    """
    case = replace(case, rules={name: replace(rule, when=None) for name, rule in case.rules.items()})
    channel, now = case.channel(), START
    back = {minute % max(len(case.dispatches), 1): jump for minute, jump in jumps}
    came = []
    for n, d in enumerate(case.dispatches):
        now += 20 * MINUTE - back.get(n, 0) * MINUTE
        came.append(replace(d, seen_at=now, published=now))
        channel.arrive(came[-1:])
        channel.round(now)
    finished(channel)
    seen = replace(case, dispatches=tuple(sorted(came, key=lambda d: d.seen_at)))
    assert told_by(channel) == {(d.rule, d.text) for d in seen.dispatches if wanted(seen, d)}
    told = [d for alert in channel.alerts.values() for d in channel.of(alert)]
    assert max(Counter((d.rule, d.item, d.revision) for d in told).values(), default=0) <= 1


@settings(max_examples=60, deadline=None)
@given(cases(), cases(), st.integers(0, 25))
def test_settings_that_change_lose_nothing(case: Case, other: Case, upto: int) -> None:
    """What neither the old nor the new settings leave out is told."""
    channel = case.channel()
    for d in case.dispatches[:upto]:
        channel.arrive([d])
        channel.round(d.seen_at)
    channel.spec, channel.rules, channel.silences = other.spec, other.rules, other.silences
    for d in case.dispatches[upto:]:
        channel.arrive([d])
        channel.round(d.seen_at)
    channel.round(START + LENGTH)
    finished(channel)
    changed = replace(case, spec=other.spec, rules=other.rules)
    either = {(d.rule, d.text) for d in case.dispatches if wanted(case, d) and wanted(changed, d)}
    assert either <= told_by(channel)


# taking turns


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(IDS), st.integers(Severity.LOW, Severity.HIGH)), min_size=2, max_size=40),
    st.integers(1, 12),
)
def test_rules_take_turns_with_their_severest_where_not_all_fits(matches: list[tuple[str, int]], cap: int) -> None:
    case = Case(spec=ChannelSpec(name=DESK, url="fake://", cap=cap), rules={}, silences=(), dispatches=())
    channel = case.channel()
    channel.arrive(
        dispatch(number, rule=name, item=str(number), group=f"item:{number}", severity=Severity(severity))
        for number, (name, severity) in enumerate(matches, 1)
    )
    alerts = channel.round(NOW).alerts
    assert len(alerts) == min(len(matches), cap)
    told = [d for alert in alerts if lone(alert) for d in channel.of(alert)]
    alone = Counter(d.rule for d in told)
    waiting = [d for alert in alerts if not lone(alert) for d in channel.of(alert)]
    for left in waiting:
        assert alone[left.rule] >= max(alone.values(), default=0) - 1
        assert all(d.severity >= left.severity for d in told if d.rule == left.rule)
