"""What says what another item said is no news, and is counted where that was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.channel import NOW, Channel, dispatch
from tests.test_alert import decided, one_round
from watcher.alert import decide
from watcher.model import (
    AlertKey,
    AlertKind,
    ChannelName,
    ChannelSpec,
    Decision,
    Dispatch,
    ItemId,
    Past,
    Reason,
    Rule,
    RuleId,
    Severity,
    Silence,
    Told,
    Updates,
    When,
)

MINUTE = timedelta(minutes=1)
SPEC = ChannelSpec(name=ChannelName("desk"), url="fake://")
QUAKE = Rule(id=RuleId("quake"), title="", expression="", expanded="", hash="h-quake")


def told_of(d: Dispatch, alert: str | None = "told") -> Told:
    key = AlertKey(alert) if alert else None
    return Told(
        group=d.group,
        rule=d.rule,
        item=d.item,
        revision=d.revision,
        canonical=d.canonical,
        root=d.root,
        alert=key,
        severity=d.severity,
        denial=d.denial,
    )


def channel(rule: Rule = QUAKE) -> Channel:
    return Channel(SPEC, {rule.id: rule})


def reasons(of: Channel) -> list[Reason]:
    return [of.dispatches[number].reason for number in sorted(of.dispatches)]


FIRST = dispatch(item="first")
COPY = dispatch(2, item="copy", root="first", source="other.example")


@pytest.mark.parametrize("first", [FIRST, replace(COPY, id=1, item=ItemId("another copy"))])
def test_a_copy_of_what_was_told_is_merged_into_the_alert_that_told_it(first: Dispatch) -> None:
    alerts, decisions = one_round([COPY], [told_of(first)])
    assert not alerts
    assert decisions[2] == Decision(dispatch=2, reason=Reason.SAME_TEXT, alert=AlertKey("told"))


def test_the_first_is_merged_where_a_copy_of_it_was_told() -> None:
    alerts, decisions = one_round([FIRST], [told_of(COPY)])
    assert not alerts
    assert decisions[1].reason is Reason.SAME_TEXT


def test_of_thirty_copies_in_one_round_the_first_is_told_and_the_others_ride() -> None:
    copies = [dispatch(n, item=f"c{n}", canonical=f"u{n}", root="first", source="first.example") for n in range(2, 31)]
    alerts, decisions = one_round([FIRST, *copies])
    (alert,) = alerts
    assert (alert.told, alert.sources) == (1, 1)
    assert decisions[1].reason is Reason.NEW
    assert {decisions[n] for n in range(2, 31)} == {
        Decision(dispatch=n, reason=Reason.SAME_TEXT, alert=alert.key) for n in range(2, 31)
    }


def test_copies_are_merged_whatever_their_groups() -> None:
    alerts, decisions = one_round([replace(FIRST, group="site:a"), replace(COPY, group="site:b")])
    assert [alert.group for alert in alerts] == ["site:a"]
    assert decisions[2].reason is Reason.SAME_TEXT


def test_another_rule_tells_a_copy_of_what_it_has_not_told() -> None:
    alerts, decisions = one_round([replace(COPY, rule=RuleId("flood"))], [told_of(FIRST)])
    assert [alert.kind for alert in alerts] == [AlertKind.UPDATE]
    assert decisions[2].reason is Reason.FOLLOWS


def test_a_copy_that_is_severer_than_what_was_told_is_told() -> None:
    alerts, decisions = one_round([replace(COPY, severity=Severity.CRITICAL)], [told_of(FIRST)])
    assert [alert.severity for alert in alerts] == [Severity.CRITICAL]
    assert decisions[2].reason is Reason.FOLLOWS


def test_of_copies_in_one_round_the_first_of_the_severest_is_told() -> None:
    loud = [replace(COPY, id=n, item=ItemId(f"c{n}"), severity=Severity.HIGH) for n in (2, 3)]
    alerts, decisions = one_round([FIRST, *loud])
    (alert,) = alerts
    assert alert.severity is Severity.HIGH
    assert [decisions[n].reason for n in (1, 2, 3)] == [Reason.SAME_TEXT, Reason.NEW, Reason.SAME_TEXT]


@pytest.mark.parametrize("denial", [False, True])
def test_an_edited_copy_that_denies_is_news_and_so_is_one_that_does_not_any_more(*, denial: bool) -> None:
    other = replace(COPY, denial=not denial)
    alerts, decisions = one_round([other], [told_of(replace(FIRST, denial=denial))])
    assert len(alerts) == 1
    assert decisions[2].reason is Reason.FOLLOWS


def test_a_denial_among_copies_of_one_round_is_told_beside_the_first() -> None:
    denials = [replace(COPY, id=n, item=ItemId(f"c{n}"), denial=True, severity=Severity.LOW) for n in (2, 3)]
    alerts, decisions = one_round([FIRST, *denials])
    (alert,) = alerts
    assert alert.told == 2
    assert [decisions[n].reason for n in (1, 2, 3)] == [Reason.NEW, Reason.SAME_STORY, Reason.SAME_TEXT]


def test_a_copy_of_what_was_baseline_is_told_since_nobody_was_told_of_that() -> None:
    alerts, decisions = one_round([COPY], [told_of(FIRST, None)])
    assert [alert.kind for alert in alerts] == [AlertKind.MATCH]
    assert decisions[2].reason is Reason.NEW


def test_an_edit_of_a_copy_that_was_not_told_is_not_told_either() -> None:
    desk = channel()
    desk.arrive([FIRST, COPY])
    desk.round(NOW)
    desk.arrive([replace(COPY, id=3, revision=2)])
    desk.round(NOW + MINUTE)
    assert reasons(desk) == [Reason.NEW, Reason.SAME_TEXT, Reason.SAME_TEXT]


def test_an_edit_of_a_copy_that_was_told_goes_on_as_edits_do() -> None:
    denial = replace(COPY, denial=True, severity=Severity.LOW)
    desk = channel()
    desk.arrive([FIRST, denial])
    desk.round(NOW)
    desk.arrive([replace(COPY, id=3, revision=2)])
    desk.round(NOW + MINUTE)
    assert reasons(desk) == [Reason.NEW, Reason.SAME_STORY, Reason.REVISED]


def test_copies_wait_with_what_they_say_and_go_where_it_goes() -> None:
    rule = replace(QUAKE, throttle=3600.0)
    desk = channel(rule)
    desk.arrive([dispatch(1, item="early")])
    desk.round(NOW)
    desk.arrive([replace(FIRST, id=2), replace(COPY, id=3)])
    desk.round(NOW + MINUTE)
    assert reasons(desk)[1:] == [Reason.THROTTLED, Reason.THROTTLED]
    desk.round(NOW + 61 * MINUTE)
    assert reasons(desk)[1:] == [Reason.FOLLOWS, Reason.SAME_TEXT]
    assert desk.dispatches[2].alert == desk.dispatches[3].alert


def test_a_copy_in_a_group_that_nobody_silenced_is_told_at_once() -> None:
    until = NOW + 60 * MINUTE
    silence = Silence(id=1, rule=None, group="site:a", channel=None, by="ann", since=NOW, until=until)
    desk = Channel(SPEC, {QUAKE.id: replace(QUAKE, group="site")}, silences=[silence])
    desk.arrive([replace(FIRST, group="site:a"), replace(COPY, group="site:b")])
    desk.round(NOW)
    assert reasons(desk) == [Reason.SILENCED, Reason.NEW]
    desk.round(NOW + 61 * MINUTE)
    assert reasons(desk) == [Reason.SAME_TEXT, Reason.NEW]


def test_copies_of_what_a_digest_lists_are_not_listed_themselves() -> None:
    desk = channel(replace(QUAKE, digest=True))
    desk.arrive([FIRST, COPY])
    desk.round(NOW)
    desk.run(NOW + timedelta(days=1))
    assert reasons(desk) == [Reason.LISTED, Reason.SAME_TEXT]


def test_a_copy_counts_as_an_item_and_not_as_a_source() -> None:
    alike = [FIRST, replace(COPY, source=FIRST.source)]
    counted = When(count=2, within=3600.0)
    for when, told in ((counted, 1), (replace(counted, distinct="source"), 0)):
        desk = channel(replace(QUAKE, when=when))
        desk.arrive(alike)
        desk.round(NOW)
        assert len(desk.alerts) == told


def test_the_text_of_its_page_is_not_told_after_the_summary() -> None:
    alerts, decisions = one_round([dispatch(2, revision=2, paged=True)], [told_of(dispatch())])
    assert not alerts
    assert decisions[2] == Decision(dispatch=2, reason=Reason.FULL_TEXT, alert=AlertKey("told"))


@pytest.mark.parametrize("updates", Updates)
def test_the_text_of_its_page_is_told_where_the_summary_did_not_match(updates: Updates) -> None:
    alerts, decisions = one_round([dispatch(2, revision=2, paged=True, updates=updates)])
    assert len(alerts) == 1
    assert decisions[2].reason is Reason.NEW


def test_a_text_of_a_page_that_comes_before_the_summary_is_told_is_told_instead() -> None:
    alerts, decisions = one_round([dispatch(1), dispatch(2, revision=2, paged=True)])
    assert len(alerts) == 1
    assert [decisions[n].reason for n in (1, 2)] == [Reason.SAME_ITEM, Reason.NEW]


def test_the_text_of_the_page_of_a_baseline_item_is_baseline() -> None:
    _, decisions = one_round([dispatch(2, revision=2, paged=True)], [told_of(dispatch(), None)])
    assert decisions[2] == Decision(dispatch=2, reason=Reason.BASELINE)


def test_a_copy_is_told_on_a_channel_that_was_not_told_the_first() -> None:
    alerts, _ = decided([replace(COPY, channel=ChannelName("phone"))], channel=ChannelName("phone"))
    assert len(alerts) == 1


def test_the_oldest_that_is_as_severe_is_named() -> None:
    told = [told_of(replace(FIRST, severity=Severity.LOW), "low"), told_of(FIRST, "first"), told_of(FIRST, "second")]
    found = decide(SPEC, [COPY], Past(told=tuple(told)), {QUAKE.id: QUAKE}, NOW)
    assert [decision.alert for decision in found.decisions] == [AlertKey("first")]
