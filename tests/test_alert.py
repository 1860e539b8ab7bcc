"""What becomes of matches on their way to a channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channel import DESK, NOW, dispatch
from watcher.alert import STEPS, baseline_notice, decide, key_of, notice
from watcher.model import (
    AlertKey,
    AlertKind,
    BaselineSummary,
    ChannelName,
    ChannelSpec,
    Decision,
    Dispatch,
    Fate,
    FeedId,
    NewAlert,
    Past,
    Reason,
    Rule,
    Severity,
    Told,
    Updates,
)

MINUTE = timedelta(minutes=1)


def told_of(d: Dispatch, alert: str = "f" * 32) -> Told:
    return Told(
        group=d.group, rule=d.rule, item=d.item, revision=d.revision, canonical=d.canonical, alert=AlertKey(alert)
    )


def told_by(dispatches: Iterable[Dispatch], decisions: Iterable[Decision]) -> list[Told]:
    """What a store would say was told after these decisions: the alerted, not the merged."""
    by_id = {d.id: d for d in dispatches}
    alerted = [d for d in decisions if d.reason.fate is Fate.ALERTED and d.alert]
    return [told_of(by_id[d.dispatch], d.alert or "") for d in alerted]


def decided(
    opened: Sequence[Dispatch], told: Sequence[Told] = (), now: datetime = NOW, channel: ChannelName = DESK
) -> tuple[tuple[NewAlert, ...], tuple[Decision, ...]]:
    rules = {d.rule: Rule(id=d.rule, title="", expression="", expanded="", hash="") for d in opened}
    found = decide(ChannelSpec(name=channel, url="fake://"), opened, Past(told=tuple(told)), rules, now)
    return found.alerts, found.decisions


def one_round(
    opened: Sequence[Dispatch], told: Sequence[Told] = ()
) -> tuple[tuple[NewAlert, ...], dict[int, Decision]]:
    alerts, decisions = decided(opened, told)
    return alerts, {d.dispatch: d for d in decisions}


# one rule, one item


def test_a_match_is_told() -> None:
    alerts, decisions = one_round([dispatch(severity=Severity.HIGH)])
    (alert,) = alerts
    assert (alert.kind, alert.severity, alert.group, alert.created_at) == (
        AlertKind.MATCH,
        Severity.HIGH,
        "story:s",
        NOW,
    )
    assert decisions[1] == Decision(dispatch=1, reason=Reason.NEW, alert=alert.key, place=0)


def test_nothing_open_makes_no_alert() -> None:
    assert decided(()) == ((), ())


def test_a_replayed_match_is_merged_into_the_alert_that_told_it() -> None:
    alerts, decisions = one_round([dispatch()], [told_of(dispatch(), "told")])
    assert not alerts
    assert decisions[1] == Decision(dispatch=1, reason=Reason.SAME_ITEM, alert=AlertKey("told"))


def test_a_revision_older_than_the_one_told_is_merged() -> None:
    alerts, decisions = one_round([dispatch(revision=1)], [told_of(dispatch(revision=2), "told")])
    assert not alerts
    assert decisions[1] == Decision(dispatch=1, reason=Reason.SAME_ITEM, alert=AlertKey("told"))


@pytest.mark.parametrize(("updates", "kind"), [(Updates.THREAD, AlertKind.UPDATE), (Updates.ALERT, AlertKind.MATCH)])
def test_an_edit_is_told_as_the_rule_asks(updates: Updates, kind: AlertKind) -> None:
    alerts, decisions = one_round([dispatch(revision=2, updates=updates)], [told_of(dispatch())])
    assert [a.kind for a in alerts] == [kind]
    assert decisions[1] == Decision(dispatch=1, reason=Reason.REVISED, alert=alerts[0].key, place=0)


def test_an_edit_is_left_out_when_the_rule_ignores_updates() -> None:
    edit = dispatch(revision=2, updates=Updates.IGNORE)
    alerts, decisions = one_round([edit], [told_of(dispatch(), "told")])
    assert not alerts
    assert decisions[1] == Decision(dispatch=1, reason=Reason.UPDATE_IGNORED, alert=AlertKey("told"))


def test_two_revisions_waiting_together_are_told_once_by_the_later() -> None:
    alerts, decisions = one_round([dispatch(1, revision=1), dispatch(2, revision=2, at=NOW + 1 * MINUTE)])
    (alert,) = alerts
    assert decisions[2] == Decision(dispatch=2, reason=Reason.NEW, alert=alert.key, place=0)
    assert decisions[1] == Decision(dispatch=1, reason=Reason.SAME_ITEM, alert=alert.key)


# several items


def test_one_address_in_two_feeds_of_one_round_is_one_alert() -> None:
    alerts, decisions = one_round(
        [dispatch(1, item="a", canonical="u"), dispatch(2, item="b", canonical="u", at=NOW + 1 * MINUTE)]
    )
    (alert,) = alerts
    assert decisions[1] == Decision(dispatch=1, reason=Reason.NEW, alert=alert.key, place=0)
    assert decisions[2] == Decision(dispatch=2, reason=Reason.SAME_URL, alert=alert.key)


def test_one_address_in_two_feeds_is_one_alert_even_where_the_groups_differ() -> None:
    first = dispatch(1, item="a", canonical="u", group="feed:one")
    alerts, decisions = one_round([first, dispatch(2, item="b", canonical="u", group="feed:two", at=NOW + 1 * MINUTE)])
    assert [a.group for a in alerts] == ["feed:one"]
    assert decisions[2] == Decision(dispatch=2, reason=Reason.SAME_URL, alert=alerts[0].key)


def test_an_address_told_before_is_merged_when_another_feed_brings_it() -> None:
    told = told_of(dispatch(item="a", canonical="u"), "told")
    alerts, decisions = one_round([dispatch(1, item="b", canonical="u")], [told])
    assert not alerts
    assert decisions[1] == Decision(dispatch=1, reason=Reason.SAME_URL, alert=AlertKey("told"))


def test_an_edit_of_the_item_that_was_told_is_not_taken_for_another_feeds_copy() -> None:
    told = told_of(dispatch(item="a", canonical="u"))
    copy = dispatch(2, item="b", canonical="u", revision=2)
    alerts, decisions = one_round([dispatch(1, item="a", canonical="u", revision=2), copy], [told])
    assert len(alerts) == 1
    assert (decisions[1].reason, decisions[2].reason) == (Reason.REVISED, Reason.SAME_URL)


def test_revisions_of_a_copy_go_where_the_copy_goes() -> None:
    opened = [
        dispatch(1, item="a", canonical="u"),
        dispatch(2, item="b", canonical="u", revision=1, at=NOW + 1 * MINUTE),
        dispatch(3, item="b", canonical="u", revision=2, at=NOW + 2 * MINUTE),
    ]
    alerts, decisions = one_round(opened)
    (alert,) = alerts
    assert {d.alert for d in decisions.values()} == {alert.key}
    assert [decisions[n].reason for n in (1, 2, 3)] == [Reason.NEW, Reason.SAME_ITEM, Reason.SAME_URL]


def test_items_without_an_address_are_never_taken_for_each_other() -> None:
    alerts, _ = one_round([dispatch(1, item="a", group="story:a"), dispatch(2, item="b", group="story:b")])
    assert len(alerts) == 2


def test_a_group_wider_than_a_story_lists_its_items_in_one_alert() -> None:
    opened = [dispatch(n, item=f"item{n}", canonical=f"u{n}", group="rule:quake") for n in range(1, 6)]
    alerts, decisions = one_round(opened)
    assert len(alerts) == 1
    assert [d.reason for d in decisions.values()] == [Reason.NEW, *[Reason.SAME_STORY] * 4]
    assert [d.place for d in decisions.values()] == [0, 1, 2, 3, 4]


def test_more_of_a_group_already_told_is_an_update() -> None:
    told = told_of(dispatch(item="a", group="rule:quake"))
    alerts, decisions = one_round([dispatch(item="b", group="rule:quake")], [told])
    assert [a.kind for a in alerts] == [AlertKind.UPDATE]
    assert decisions[1].reason is Reason.FOLLOWS


# several rules


def test_two_rules_in_one_round_are_one_alert_with_the_higher_severity() -> None:
    opened = [dispatch(1, rule="quake"), dispatch(2, rule="rescue", severity=Severity.CRITICAL)]
    alerts, decisions = one_round(opened)
    (alert,) = alerts
    assert alert.severity is Severity.CRITICAL
    assert {d.alert for d in decisions.values()} == {alert.key}


def test_another_rule_that_comes_to_match_a_told_item_is_an_update_of_its_own() -> None:
    first, _ = one_round([dispatch(rule="quake")])
    alerts, decisions = one_round(
        [dispatch(rule="rescue", updates=Updates.IGNORE)], [told_of(dispatch(), first[0].key)]
    )
    (alert,) = alerts
    assert alert.kind is AlertKind.UPDATE
    assert alert.key != first[0].key
    assert decisions[1] == Decision(dispatch=1, reason=Reason.FOLLOWS, alert=alert.key, place=0)


def test_a_merged_match_does_not_raise_the_severity() -> None:
    copy = dispatch(2, item="b", canonical="u", severity=Severity.CRITICAL, at=NOW + 1 * MINUTE)
    alerts, _ = one_round([dispatch(1, item="a", canonical="u", severity=Severity.LOW), copy])
    assert alerts[0].severity is Severity.LOW


# keys


def test_keys_never_change() -> None:
    assert key_of(DESK, "story:s", dispatch(), again=False) == "c750e9a7ba4be3d2a65adb3183827bef"
    assert key_of(DESK, "story:s", dispatch(revision=2), again=True) == "f7c5ed21bd18494b74cb48fc7a2ecf68"


def test_a_key_depends_on_the_channel() -> None:
    keys = {decided([dispatch()], channel=ChannelName(name))[0][0].key for name in ("desk", "oncall")}
    assert len(keys) == 2


def test_a_key_does_not_depend_on_the_time_of_the_decision() -> None:
    keys = {decided([dispatch()], now=NOW + timedelta(hours=h))[0][0].key for h in range(3)}
    assert len(keys) == 1


# laws

RULES = ("quake", "rescue")
GROUPINGS = {
    "story": lambda item, canonical, rule: f"story:{canonical or item}",
    "rule": lambda item, canonical, rule: f"rule:{rule}",
    "feed": lambda item, canonical, rule: f"feed:{item[0]}",
    "item": lambda item, canonical, rule: f"item:{item}",
}


@st.composite
def histories(draw: st.DrawFn) -> list[list[Dispatch]]:
    """Rounds of dispatches: two rules with a grouping each, a few items in two feeds, some sharing an address."""
    groupings = {rule: GROUPINGS[draw(st.sampled_from(sorted(GROUPINGS)))] for rule in RULES}
    updates = {rule: draw(st.sampled_from(Updates)) for rule in RULES}
    addresses = {item: draw(st.sampled_from([None, "u1", "u2"])) for item in ("f1", "f2", "g1", "g2")}
    match = st.tuples(st.sampled_from(RULES), st.sampled_from(sorted(addresses)), st.integers(1, 3))
    matches = draw(st.lists(match, unique=True, max_size=14))
    rounds: list[list[Dispatch]] = [[] for _ in range(3)]
    for number, (rule, item, revision) in enumerate(matches, 1):
        address = addresses[item]
        rounds[draw(st.integers(0, 2))].append(
            dispatch(
                number,
                rule=rule,
                item=item,
                revision=revision,
                canonical=address,
                group=groupings[rule](item, address, rule),
                updates=updates[rule],
                severity=draw(st.sampled_from(Severity)),
                at=NOW + draw(st.integers(0, 3)) * MINUTE,
            )
        )
    return rounds


def lived(rounds: list[list[Dispatch]]) -> list[tuple[list[Dispatch], tuple[NewAlert, ...], tuple[Decision, ...]]]:
    """Each round decided with what the rounds before it told."""
    told: list[Told] = []
    life = []
    for opened in rounds:
        alerts, decisions = decided(opened, told)
        life.append((opened, alerts, decisions))
        told += told_by(opened, decisions)
    return life


@settings(max_examples=150, deadline=None)
@given(histories())
def test_every_dispatch_leaves_with_one_decision_that_names_an_alert(rounds: list[list[Dispatch]]) -> None:
    known: set[AlertKey] = set()
    for opened, alerts, decisions in lived(rounds):
        fresh = {a.key for a in alerts}
        assert [d.dispatch for d in decisions] == sorted(d.id for d in opened)
        assert {d.alert for d in decisions if d.reason.fate is Fate.ALERTED} == fresh
        assert {d.alert for d in decisions} <= fresh | known
        known |= fresh


@settings(max_examples=150, deadline=None)
@given(histories())
def test_no_two_alerts_share_a_key_and_a_round_has_one_alert_a_group(rounds: list[list[Dispatch]]) -> None:
    alerts = [a for _, made, _ in lived(rounds) for a in made]
    assert len({a.key for a in alerts}) == len(alerts)
    for _, made, _ in lived(rounds):
        assert len({a.group for a in made}) == len(made)


@settings(max_examples=150, deadline=None)
@given(histories())
def test_nothing_is_told_twice(rounds: list[list[Dispatch]]) -> None:
    told = [t for opened, _, decisions in lived(rounds) for t in told_by(opened, decisions)]
    assert max(Counter((t.rule, t.item, t.revision) for t in told).values(), default=0) <= 1
    items_of: dict[tuple[str, str], set[str]] = {}
    for t in told:
        items_of.setdefault((t.rule, t.canonical or t.item), set()).add(t.item)
    assert all(len(items) == 1 for items in items_of.values())


@settings(max_examples=150, deadline=None)
@given(histories())
def test_everything_that_matched_was_told_at_some_revision_or_by_a_copy(rounds: list[list[Dispatch]]) -> None:
    told = {(t.rule, t.canonical or t.item) for o, _, decisions in lived(rounds) for t in told_by(o, decisions)}
    assert told == {(d.rule, d.canonical or d.item) for opened in rounds for d in opened}


@settings(max_examples=150, deadline=None)
@given(histories(), st.randoms())
def test_the_order_of_the_dispatches_plays_no_part(rounds: list[list[Dispatch]], random: object) -> None:
    for opened, alerts, decisions in lived(rounds[:1]):
        shuffled = list(opened)
        getattr(random, "shuffle")(shuffled)  # noqa: B009
        assert decided(shuffled) == (alerts, decisions)


@settings(max_examples=150, deadline=None)
@given(histories())
def test_an_alert_is_as_severe_as_the_most_severe_of_what_it_tells(rounds: list[list[Dispatch]]) -> None:
    for opened, alerts, decisions in lived(rounds):
        severities = {d.id: d.severity for d in opened}
        for alert in alerts:
            own = [d.dispatch for d in decisions if d.alert == alert.key and d.reason.fate is Fate.ALERTED]
            assert alert.severity == max(severities[n] for n in own)


def test_the_last_step_leaves_nothing_open() -> None:
    assert STEPS[-1].__name__ == "tell"
    assert len(set(STEPS)) == len(STEPS)


# the watcher's own words


def summary(feeds: int, items: int, matched: int, latest: int) -> BaselineSummary:
    return BaselineSummary(
        feeds=tuple(FeedId(f"feed{n}") for n in range(feeds)),
        waiting=0,
        items=items,
        matched=matched,
        latest=tuple((f"Headline {n}", "Quakes") for n in range(latest)),
    )


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (summary(40, 1212, 37, 10), "40 feeds, 1,212 items known; your rules match 37 of them, the ten latest:"),
        (summary(1, 1, 1, 1), "1 feed, 1 item known; your rules match 1 of them:"),
        (summary(2, 30, 0, 0), "2 feeds, 30 items known; your rules match none of them"),
    ],
)
def test_the_first_polls_are_told_in_one_message(found: BaselineSummary, title: str) -> None:
    (alert,) = baseline_notice(found, [DESK], NOW)
    assert (alert.title, alert.kind, alert.severity) == (title, AlertKind.NOTICE, Severity.INFO)
    assert alert.body.count("- Headline") == len(found.latest)
    assert "from now on" in alert.body


def test_each_of_the_operators_channels_gets_the_message() -> None:
    alerts = baseline_notice(summary(1, 1, 0, 0), [DESK, ChannelName("oncall")], NOW)
    assert [a.channel for a in alerts] == ["desk", "oncall"]
    assert len({a.key for a in alerts}) == 2


def test_a_headline_cannot_add_a_line_to_the_message() -> None:
    found = BaselineSummary(feeds=(FeedId("f"),), waiting=0, items=1, matched=1, latest=(("Line\nbreak", "Rule"),))
    assert "- Line break (Rule)\n" in baseline_notice(found, [DESK], NOW)[0].body


def test_a_notice_about_the_same_thing_has_the_same_key_whenever_it_is_made() -> None:
    one = notice(DESK, "t", "b", Severity.LOW, NOW, "dead:1")
    later = notice(DESK, "t", "b", Severity.LOW, NOW + timedelta(days=1), "dead:1")
    other = notice(DESK, "t", "b", Severity.LOW, NOW, "dead:2")
    assert one.key == later.key != other.key
