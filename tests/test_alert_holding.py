"""What holds a match back on its way to a channel, and how it comes out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.channel import DESK, HOUR, NOW, Channel, dispatch
from watcher.alert import windows
from watcher.model import (
    AlertKey,
    AlertKind,
    ChannelName,
    ChannelSpec,
    Decided,
    Dispatch,
    Fate,
    Hours,
    Quiet,
    Reason,
    Rule,
    RuleId,
    Severity,
    Silence,
    When,
    Window,
)

MINUTE = timedelta(minutes=1)
DAY = 24 * HOUR
CALM = ChannelSpec(name=DESK, url="fake://", cap=1000)
NIGHT = Hours(days=tuple(range(7)), start=22 * 60, end=7 * 60, zone="UTC")
QUAKE = Rule(id=RuleId("quake"), title="", expression="", expanded="", hash="h-quake")


def channel(spec: ChannelSpec = CALM, *rules: Rule, silences: Sequence[Silence] = ()) -> Channel:
    return Channel(spec, {rule.id: rule for rule in rules or (QUAKE,)}, silences=silences)


def story(number: int, *, at: datetime = NOW, **said: object) -> Dispatch:
    """A match of its own item and group."""
    d = dispatch(number, item=f"i{number}", group=f"item:i{number}", at=at)
    return replace(d, **said)  # type: ignore[arg-type]


def brought(to: Channel, *dispatches: Dispatch, now: datetime | None = None) -> Decided:
    """What a round makes of these."""
    to.arrive(dispatches)
    return to.round(now or max(d.seen_at for d in dispatches))


def reasons(of: Channel) -> list[Reason]:
    return [d.reason for d in of.dispatches.values()]


def kinds(of: Channel) -> list[AlertKind]:
    return [alert.kind for alert in of.alerts.values()]


# the channel's least severity


def test_what_is_below_the_channels_severity_is_closed_untold() -> None:
    desk = channel(replace(CALM, min_severity=Severity.HIGH))
    brought(desk, story(1), story(2, severity=Severity.HIGH))
    assert reasons(desk) == [Reason.BELOW_SEVERITY, Reason.NEW]
    assert len(desk.alerts) == 1
    assert desk.again_at is None


# when

TWICE = replace(QUAKE, when=When(count=2, within=7200.0))


def in_group(number: int, at: datetime = NOW, **said: object) -> Dispatch:
    return story(number, at=at, group="rule:quake", **said)


def test_one_of_two_wanted_waits_and_expires_when_none_can_come_any_more() -> None:
    desk = channel(CALM, TWICE)
    brought(desk, in_group(1))
    assert reasons(desk) == [Reason.IN_WINDOW]
    assert desk.again_at == NOW + 2 * HOUR + MINUTE
    desk.round(NOW + 2 * HOUR)
    assert reasons(desk) == [Reason.IN_WINDOW]
    desk.run(NOW + 3 * HOUR)
    assert reasons(desk) == [Reason.WINDOW_PASSED]
    assert not desk.alerts


def test_what_came_in_time_counts_though_it_is_saved_when_the_window_is_over() -> None:
    for late, expected in ((59, [Reason.NEW, Reason.SAME_STORY]), (60, [Reason.WINDOW_PASSED, Reason.NEW])):
        desk = channel(CALM, TWICE)
        brought(desk, in_group(1))
        desk.run(NOW + 2 * HOUR + timedelta(seconds=late))
        brought(desk, in_group(2, NOW + 2 * HOUR), now=NOW + 2 * HOUR + timedelta(seconds=late))
        assert reasons(desk) == expected


def test_the_second_brings_the_first_and_each_further_one_is_told_at_once() -> None:
    desk = channel(CALM, TWICE)
    brought(desk, in_group(1))
    brought(desk, in_group(2, NOW + HOUR))
    assert reasons(desk) == [Reason.NEW, Reason.SAME_STORY]
    assert [alert.told for alert in desk.alerts.values()] == [2]
    brought(desk, in_group(3, NOW + 2 * HOUR))
    assert reasons(desk)[2] is Reason.FOLLOWS
    brought(desk, in_group(4, NOW + 5 * HOUR))
    assert reasons(desk)[3] is Reason.IN_WINDOW


@pytest.mark.parametrize(("distinct", "reason"), [("item", Reason.SAME_STORY), ("source", Reason.IN_WINDOW)])
def test_what_is_counted_is_distinct(distinct: str, reason: Reason) -> None:
    when = When(count=2, within=7200.0, distinct="source" if distinct == "source" else "item")
    desk = channel(CALM, replace(QUAKE, when=when))
    brought(desk, in_group(1), in_group(2))
    assert reasons(desk)[1] is reason
    again = channel(CALM, TWICE)
    brought(again, in_group(1), replace(in_group(2), item=in_group(1).item, revision=2))
    assert reasons(again) == [Reason.IN_WINDOW, Reason.IN_WINDOW]


def test_each_group_is_counted_by_itself() -> None:
    desk = channel(CALM, TWICE)
    brought(desk, story(1), story(2))
    assert reasons(desk) == [Reason.IN_WINDOW, Reason.IN_WINDOW]


def test_a_first_revision_that_was_enough_is_told_though_a_later_one_is_not() -> None:
    """The later one came after a pause: it lies in no full window, and does not keep the first from being told."""
    desk = channel(CALM, TWICE)
    first, second = in_group(1), in_group(2)
    later = replace(first, id=3, revision=2, seen_at=NOW + 3 * HOUR)
    brought(desk, first, second, later)
    assert reasons(desk) == [Reason.NEW, Reason.SAME_STORY, Reason.IN_WINDOW]


def test_what_must_be_counted_lies_round_what_is_open() -> None:
    opened = [in_group(1), in_group(2, NOW + HOUR), story(3, rule=RuleId("other"))]
    (window,) = windows(opened, {RuleId("quake"): TWICE, RuleId("other"): QUAKE})
    since = NOW - 2 * HOUR - timedelta(microseconds=1)
    assert window == Window(rule=RuleId("quake"), group="rule:quake", since=since, until=NOW + 3 * HOUR)


# silences


def silence(*, rule: str | None = "quake", group: str | None = None, on: str | None = None) -> Silence:
    return Silence(
        id=1,
        rule=RuleId(rule) if rule else None,
        group=group,
        channel=ChannelName(on) if on else None,
        by="ada",
        since=NOW - HOUR,
        until=NOW + HOUR,
    )


def test_what_is_silenced_is_listed_when_the_silence_ends() -> None:
    desk = channel(silences=[silence()])
    brought(desk, story(1), story(2, severity=Severity.CRITICAL))
    assert reasons(desk) == [Reason.SILENCED, Reason.SILENCED]
    assert desk.again_at == NOW + HOUR
    desk.run(NOW + HOUR)
    assert reasons(desk) == [Reason.SILENCE_LISTED, Reason.SILENCE_LISTED]
    assert [(alert.kind, alert.severity) for alert in desk.alerts.values()] == [(AlertKind.DIGEST, Severity.CRITICAL)]


def test_one_group_that_was_silenced_is_told_as_an_alert() -> None:
    desk = channel(silences=[silence()])
    brought(desk, story(1))
    desk.run(NOW + HOUR)
    assert kinds(desk) == [AlertKind.MATCH]
    assert reasons(desk) == [Reason.SILENCE_LISTED]


@pytest.mark.parametrize(
    ("word", "held"),
    [
        (silence(on="desk"), True),
        (silence(on="oncall"), False),
        (silence(rule="rescue"), False),
        (silence(rule=None, group="item:i1"), True),
        (silence(rule=None, group="item:i2"), False),
    ],
)
def test_a_silence_is_of_a_rule_or_group_on_one_channel_or_all(word: Silence, held: bool) -> None:  # noqa: FBT001
    desk = channel(silences=[word])
    brought(desk, story(1))
    assert (reasons(desk) == [Reason.SILENCED]) is held


def test_what_was_silenced_waits_for_quiet_hours_to_end() -> None:
    desk = channel(replace(CALM, quiet=Quiet(hours=(NIGHT,))), silences=[replace(silence(), until=NOW + 11 * HOUR)])
    brought(desk, story(1), story(2))
    desk.run(NOW + 11 * HOUR)
    assert reasons(desk) == [Reason.SILENCED, Reason.SILENCED]
    desk.run(NOW + 19 * HOUR)
    assert reasons(desk) == [Reason.SILENCE_LISTED, Reason.SILENCE_LISTED]


# max_age and digests

RECENT = replace(QUAKE, max_age=86400.0)
LISTED_ONLY = replace(QUAKE, digest=True)


def test_what_is_too_old_is_listed_in_one_catch_up_digest() -> None:
    desk = channel(CALM, RECENT)
    brought(desk, story(1, published=NOW - 2 * DAY), story(2, published=NOW - HOUR), story(3))
    assert reasons(desk) == [Reason.TOO_OLD, Reason.NEW, Reason.NEW]
    brought(desk, story(4, at=NOW + 9 * MINUTE, published=NOW - 2 * DAY))
    assert desk.again_at == NOW + 10 * MINUTE
    desk.run(NOW + HOUR)
    assert reasons(desk) == [Reason.LISTED, Reason.NEW, Reason.NEW, Reason.LISTED]
    assert list(desk.alerts.values())[-1].told == 2


def test_what_was_published_just_as_long_ago_as_it_may_be_is_told() -> None:
    desk = channel(CALM, RECENT)
    moment = timedelta(microseconds=1)
    brought(desk, story(1, published=NOW - DAY), story(2, published=NOW - DAY - moment))
    assert reasons(desk) == [Reason.NEW, Reason.TOO_OLD]


def test_a_single_old_item_is_listed_and_not_alerted() -> None:
    desk = channel(CALM, RECENT)
    brought(desk, story(1, published=NOW - 2 * DAY))
    desk.run(NOW + HOUR)
    assert kinds(desk) == [AlertKind.DIGEST]


def test_what_is_too_old_waits_for_the_digest_times_that_a_channel_names() -> None:
    desk = channel(replace(CALM, digest=(18 * 60,)), RECENT)
    brought(desk, story(1, published=NOW - 2 * DAY))
    assert desk.again_at == NOW + 6 * HOUR
    desk.run(NOW + DAY)
    assert [alert.slot for alert in desk.alerts.values()] == [NOW + 6 * HOUR]


def test_a_rule_for_digests_is_told_at_the_channels_times_by_its_clock() -> None:
    desk = channel(replace(CALM, timezone="Asia/Kathmandu", digest=(8 * 60, 18 * 60)), LISTED_ONLY)
    brought(desk, story(1, severity=Severity.CRITICAL))
    assert reasons(desk) == [Reason.FOR_DIGEST]
    due = datetime(2026, 3, 1, 12, 15, tzinfo=UTC)  # 18:00 in Kathmandu
    assert desk.again_at == due
    desk.run(due)
    (alert,) = desk.alerts.values()
    assert (alert.kind, alert.slot, alert.created_at) == (AlertKind.DIGEST, due, due)
    assert reasons(desk) == [Reason.LISTED]


def test_a_channel_without_digest_times_has_its_digest_at_eight() -> None:
    desk = channel(CALM, LISTED_ONLY)
    brought(desk, story(1))
    assert desk.again_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_after_a_long_stop_there_is_one_digest_and_the_next_is_on_time() -> None:
    desk = channel(CALM, LISTED_ONLY)
    brought(desk, story(1))
    desk.round(NOW + 5 * DAY)
    brought(desk, story(2, at=NOW + 5 * DAY))
    assert [alert.slot for alert in desk.alerts.values()] == [datetime(2026, 3, 6, 8, tzinfo=UTC)]
    assert desk.again_at == datetime(2026, 3, 7, 8, tzinfo=UTC)


def test_what_comes_to_light_after_the_digest_was_made_waits_for_the_next() -> None:
    eight = datetime(2026, 3, 2, 8, tzinfo=UTC)
    desk = channel(CALM, LISTED_ONLY)
    brought(desk, story(1))
    desk.round(eight)
    brought(desk, story(2, at=eight - MINUTE), now=eight + MINUTE)
    assert reasons(desk) == [Reason.LISTED, Reason.FOR_DIGEST]
    assert desk.again_at == eight + DAY


def test_a_digest_shows_ten_groups_in_turns_and_counts_the_others() -> None:
    rules = [replace(LISTED_ONLY, id=RuleId(name)) for name in ("flood", "quake")]
    desk = channel(CALM, *rules)
    floods = [story(n, rule=RuleId("flood")) for n in range(1, 41)]
    quakes = [story(n, rule=RuleId("quake"), severity=Severity.HIGH) for n in range(41, 44)]
    brought(desk, *floods, *quakes)
    desk.run(NOW + DAY)
    (alert,) = desk.alerts.values()
    assert (alert.told, alert.severity, alert.sources) == (43, Severity.HIGH, 1)
    shown = sorted((place, n) for n, place in desk.places.items() if place is not None)
    assert [n for _, n in shown] == [41, 1, 42, 2, 43, 3, 4, 5, 6, 7]
    assert [place for place, _ in shown] == list(range(10))


def test_a_group_is_shown_in_a_digest_by_the_severest_of_its_items() -> None:
    desk = channel(CALM, LISTED_ONLY)
    brought(desk, in_group(1), in_group(2, severity=Severity.HIGH), in_group(3))
    desk.run(NOW + DAY)
    assert desk.places == {1: None, 2: 0, 3: None}


# quiet hours

AT_NIGHT = replace(CALM, quiet=Quiet(hours=(NIGHT,), below=Severity.CRITICAL))
MIDNIGHT = NOW + 12 * HOUR


def test_what_came_in_quiet_hours_comes_in_one_digest_when_they_end() -> None:
    desk = channel(AT_NIGHT)
    brought(desk, story(1, at=MIDNIGHT), story(2, at=MIDNIGHT))
    assert reasons(desk) == [Reason.QUIET_HOURS, Reason.QUIET_HOURS]
    assert desk.again_at == MIDNIGHT + 7 * HOUR
    desk.run(MIDNIGHT + DAY)
    assert kinds(desk) == [AlertKind.DIGEST]
    assert reasons(desk) == [Reason.LISTED, Reason.LISTED]


def test_one_group_that_came_in_quiet_hours_is_an_alert_when_they_end() -> None:
    desk = channel(AT_NIGHT)
    brought(desk, in_group(1, MIDNIGHT), in_group(2, MIDNIGHT))
    desk.run(MIDNIGHT + DAY)
    assert kinds(desk) == [AlertKind.MATCH]
    assert reasons(desk) == [Reason.NEW, Reason.SAME_STORY]


def test_what_breaks_through_takes_its_group_along() -> None:
    desk = channel(AT_NIGHT)
    brought(desk, in_group(1, MIDNIGHT), story(2, at=MIDNIGHT))
    brought(desk, in_group(3, MIDNIGHT + MINUTE, severity=Severity.CRITICAL))
    assert reasons(desk) == [Reason.NEW, Reason.QUIET_HOURS, Reason.SAME_STORY]


def test_nothing_breaks_through_where_nothing_may() -> None:
    desk = channel(replace(CALM, quiet=Quiet(hours=(NIGHT,))))
    brought(desk, story(1, at=MIDNIGHT, severity=Severity.CRITICAL))
    assert reasons(desk) == [Reason.QUIET_HOURS]


def test_a_digest_waits_for_quiet_hours_to_end_and_keeps_its_time_of_day() -> None:
    desk = channel(replace(AT_NIGHT, digest=(5 * 60, 6 * 60)), LISTED_ONLY)
    brought(desk, story(1, at=MIDNIGHT, severity=Severity.CRITICAL))
    desk.run(MIDNIGHT + DAY)
    (alert,) = desk.alerts.values()
    assert (alert.created_at, alert.slot) == (MIDNIGHT + 7 * HOUR, MIDNIGHT + 6 * HOUR)


def test_what_breaks_through_beyond_the_cap_is_no_digest_of_a_time_of_day() -> None:
    spec = replace(TIGHT, quiet=Quiet(hours=(NIGHT,), below=Severity.HIGH), digest=(5 * 60,))
    desk = channel(spec, QUAKE, replace(LISTED_ONLY, id=RuleId("rescue")))
    brought(desk, story(1, at=MIDNIGHT, rule=RuleId("rescue")))
    brought(desk, *(story(n, at=MIDNIGHT + 6 * HOUR, severity=Severity.HIGH) for n in range(2, 7)))
    assert kinds(desk) == [AlertKind.MATCH, AlertKind.MATCH, AlertKind.DIGEST]
    assert reasons(desk)[0] is Reason.FOR_DIGEST
    desk.run(MIDNIGHT + 7 * HOUR)
    assert reasons(desk)[0] is Reason.LISTED
    assert [alert.slot for alert in desk.alerts.values()] == [None, None, None, MIDNIGHT + 5 * HOUR]


def test_quiet_hours_that_join_are_one() -> None:
    noon = replace(NIGHT, start=7 * 60, end=12 * 60)
    desk = channel(replace(CALM, quiet=Quiet(hours=(noon, NIGHT))))
    brought(desk, story(1, at=MIDNIGHT))
    assert desk.again_at == MIDNIGHT + 12 * HOUR


def test_quiet_hours_without_an_end_wait_for_nothing() -> None:
    desk = channel(replace(CALM, quiet=Quiet(hours=(replace(NIGHT, start=0, end=1440),))))
    brought(desk, story(1))
    assert reasons(desk) == [Reason.QUIET_HOURS]
    assert desk.again_at is None


# throttle

SELDOM = replace(QUAKE, throttle=1800.0)


def test_the_first_is_told_at_once_and_the_rest_when_the_throttle_lets_it() -> None:
    desk = channel(CALM, SELDOM)
    brought(desk, in_group(1))
    brought(desk, in_group(2, NOW + MINUTE))
    brought(desk, in_group(3, NOW + 2 * MINUTE))
    assert reasons(desk) == [Reason.NEW, Reason.THROTTLED, Reason.THROTTLED]
    assert desk.again_at == NOW + 30 * MINUTE
    desk.run(NOW + HOUR)
    assert reasons(desk) == [Reason.NEW, Reason.FOLLOWS, Reason.FOLLOWS]
    assert [alert.created_at for alert in desk.alerts.values()] == [NOW, NOW + 30 * MINUTE]
    assert kinds(desk) == [AlertKind.MATCH, AlertKind.UPDATE]


def test_what_is_throttled_rides_on_what_another_rule_tells_of_the_group() -> None:
    desk = channel(CALM, SELDOM, replace(QUAKE, id=RuleId("rescue")))
    brought(desk, in_group(1))
    brought(desk, in_group(2, NOW + MINUTE))
    brought(desk, in_group(3, NOW + 2 * MINUTE, rule=RuleId("rescue")))
    assert reasons(desk) == [Reason.NEW, Reason.FOLLOWS, Reason.FOLLOWS]
    assert len(desk.alerts) == 2


def test_the_critical_passes_a_throttle_once() -> None:
    desk = channel(CALM, SELDOM)
    brought(desk, in_group(1))
    brought(desk, in_group(2, NOW + MINUTE, severity=Severity.CRITICAL))
    brought(desk, in_group(3, NOW + 2 * MINUTE, severity=Severity.CRITICAL))
    assert reasons(desk) == [Reason.NEW, Reason.FOLLOWS, Reason.THROTTLED]
    assert desk.again_at == NOW + 31 * MINUTE


def test_a_shorter_throttle_holds_from_the_next_round_on() -> None:
    desk = channel(CALM, SELDOM)
    brought(desk, in_group(1))
    brought(desk, in_group(2, NOW + MINUTE))
    desk.rules = {QUAKE.id: replace(SELDOM, throttle=120.0)}
    desk.round(NOW + 2 * MINUTE)
    assert reasons(desk) == [Reason.NEW, Reason.FOLLOWS]


def test_a_throttle_does_not_wait_for_a_clock_that_was_far_ahead() -> None:
    desk = channel(CALM, SELDOM)
    brought(desk, in_group(1, NOW + 300 * DAY))
    brought(desk, in_group(2, NOW))
    assert reasons(desk) == [Reason.NEW, Reason.FOLLOWS]


# the cap

TIGHT = replace(CALM, cap=3)


def test_beyond_the_cap_the_last_message_is_a_digest_of_the_rest() -> None:
    desk = channel(TIGHT)
    brought(desk, *(story(n) for n in range(1, 11)))
    assert kinds(desk) == [AlertKind.MATCH, AlertKind.MATCH, AlertKind.DIGEST]
    assert reasons(desk) == [Reason.NEW, Reason.NEW, *[Reason.LISTED] * 8]


def test_without_room_it_is_held_and_listed_as_soon_as_there_is_some() -> None:
    desk = channel(TIGHT)
    for n in range(1, 6):
        brought(desk, story(n, at=NOW + n * MINUTE))
    assert reasons(desk) == [Reason.NEW, Reason.NEW, Reason.NEW, Reason.OVER_CAP, Reason.OVER_CAP]
    assert desk.again_at == NOW + HOUR + MINUTE
    desk.run(NOW + 2 * HOUR)
    assert reasons(desk)[3:] == [Reason.LISTED, Reason.LISTED]
    assert list(desk.alerts.values())[-1].created_at == NOW + HOUR + MINUTE


def test_the_critical_passes_the_cap_and_counts() -> None:
    desk = channel(TIGHT)
    brought(desk, *(story(n, severity=Severity.CRITICAL) for n in range(1, 6)), story(6))
    assert kinds(desk) == [AlertKind.MATCH] * 5
    assert reasons(desk)[5] is Reason.OVER_CAP
    desk.run(NOW + 2 * HOUR)
    assert not desk.open


def test_a_digest_at_its_time_of_day_passes_the_cap_and_takes_the_rest_along() -> None:
    desk = channel(replace(TIGHT, digest=(12 * 60 + 30,)), QUAKE, replace(LISTED_ONLY, id=RuleId("rescue")))
    brought(desk, *(story(n) for n in range(1, 5)), story(5, rule=RuleId("rescue")))
    brought(desk, story(6, at=NOW + MINUTE))
    assert reasons(desk)[4:] == [Reason.FOR_DIGEST, Reason.OVER_CAP]
    desk.run(NOW + 30 * MINUTE)
    assert reasons(desk)[4:] == [Reason.LISTED, Reason.LISTED]
    assert kinds(desk)[-1] is AlertKind.DIGEST


def test_what_was_beyond_the_cap_comes_in_one_digest_though_there_is_room_for_more() -> None:
    desk = channel(TIGHT)
    brought(desk, *(story(n) for n in range(1, 4)))
    brought(desk, story(4, at=NOW + MINUTE), story(5, at=NOW + MINUTE))
    desk.run(NOW + HOUR)
    assert kinds(desk) == [*[AlertKind.MATCH] * 3, AlertKind.DIGEST]


def test_a_digest_takes_one_of_the_messages_that_there_is_room_for() -> None:
    desk = channel(replace(TIGHT, digest=(13 * 60,)), QUAKE, replace(LISTED_ONLY, id=RuleId("rescue")))
    brought(desk, story(1, rule=RuleId("rescue")))
    brought(desk, *(story(n, at=NOW + HOUR) for n in range(2, 7)))
    assert kinds(desk) == [AlertKind.MATCH, AlertKind.MATCH, AlertKind.DIGEST]


def test_a_digest_of_something_critical_passes_the_cap_and_another_waits_as_what_it_is() -> None:
    for severity, reason in ((Severity.CRITICAL, Reason.SILENCE_LISTED), (Severity.HIGH, Reason.SILENCED)):
        desk = channel(replace(TIGHT, cap=1), silences=[silence(rule=None, group="item:i1")])
        brought(desk, story(1, severity=severity), story(2, at=NOW + 59 * MINUTE), now=NOW + 59 * MINUTE)
        desk.run(NOW + HOUR)
        assert reasons(desk) == [reason, Reason.NEW]


def test_what_was_silenced_and_waits_for_room_with_its_group_is_told_as_what_it_was() -> None:
    desk = channel(replace(TIGHT, cap=1), silences=[silence(rule=None, group="item:i1")])
    brought(desk, story(1), story(2, at=NOW + 59 * MINUTE), now=NOW + 59 * MINUTE)
    brought(desk, story(3, at=NOW + HOUR, group="item:i1"))
    assert reasons(desk) == [Reason.SILENCED, Reason.NEW, Reason.OVER_CAP]
    desk.run(NOW + 2 * HOUR)
    assert reasons(desk) == [Reason.SILENCE_LISTED, Reason.NEW, Reason.SAME_STORY]


def test_the_cap_does_not_count_what_a_clock_that_was_far_ahead_has_made() -> None:
    desk = channel(replace(TIGHT, cap=1))
    brought(desk, story(1, at=NOW + DAY))
    brought(desk, story(2))
    assert reasons(desk) == [Reason.NEW, Reason.NEW]


def test_a_digest_does_not_wait_for_a_clock_that_was_far_ahead() -> None:
    desk = channel(CALM, LISTED_ONLY)
    brought(desk, story(1, at=NOW + 300 * DAY))
    desk.round(NOW + 301 * DAY)
    brought(desk, story(2, at=NOW + 300 * DAY), story(3), now=NOW)
    desk.round(NOW + DAY)
    assert reasons(desk) == [Reason.LISTED] * 3


def test_what_comes_at_a_digest_time_waits_for_the_next() -> None:
    eight = datetime(2026, 3, 2, 8, tzinfo=UTC)
    desk = channel(CALM, LISTED_ONLY)
    brought(desk, story(1, at=eight))
    assert reasons(desk) == [Reason.FOR_DIGEST]
    assert desk.again_at == eight + DAY


def test_a_storm_is_at_most_the_caps_number_of_messages_and_all_of_it_is_in_one() -> None:
    desk = channel(replace(CALM, cap=60))
    brought(desk, *(story(n) for n in range(1, 10_001)))
    assert len(desk.alerts) == 60
    assert sum(alert.told for alert in desk.alerts.values()) == 10_000
    assert not desk.open


def test_what_is_held_makes_no_decision_again() -> None:
    desk = channel(TIGHT)
    brought(desk, *(story(n) for n in range(1, 4)))
    assert len(brought(desk, story(4)).decisions) == 1
    assert not desk.round(NOW + MINUTE).decisions


# who goes with whom


def test_what_rides_on_a_held_one_is_held_for_the_same_reason_and_merged_with_it() -> None:
    desk = channel(AT_NIGHT)
    first = story(1, at=MIDNIGHT, canonical="u")
    brought(desk, first, replace(first, id=2, revision=2), story(3, at=MIDNIGHT + MINUTE, canonical="u"))
    assert reasons(desk) == [Reason.QUIET_HOURS] * 3
    desk.run(MIDNIGHT + DAY)
    assert reasons(desk) == [Reason.SAME_ITEM, Reason.NEW, Reason.SAME_URL]
    assert {d.alert for d in desk.dispatches.values()} == set(desk.alerts)


def test_an_item_that_a_digest_listed_is_known_when_another_feed_brings_it() -> None:
    desk = channel(CALM, LISTED_ONLY)
    brought(desk, story(1, canonical="u"))
    desk.run(NOW + DAY)
    brought(desk, story(2, at=NOW + DAY, canonical="u"))
    assert reasons(desk) == [Reason.LISTED, Reason.SAME_URL]


def test_an_alert_shows_twenty_items_and_counts_the_others() -> None:
    desk = channel()
    brought(desk, *(in_group(n) for n in range(1, 31)))
    (alert,) = desk.alerts.values()
    assert alert.told == 30
    assert [place for place in desk.places.values() if place is not None] == list(range(20))


def test_a_removed_rule_is_told_as_if_it_asked_for_nothing() -> None:
    desk = channel(CALM, replace(QUAKE, id=RuleId("other")))
    brought(desk, story(1))
    assert reasons(desk) == [Reason.NEW]


def test_the_key_of_a_digest_never_changes() -> None:
    desk = channel(TIGHT)
    brought(desk, *(story(n) for n in range(1, 6)))
    assert list(desk.alerts)[-1] == AlertKey("9001b64fed1a8219b145af997fac458e")
    assert all(d.reason.fate is not Fate.OPEN for d in desk.dispatches.values())
