"""Timelines beside rules: when an alert is expected, when one comes, and in which words the difference is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from tests import items
from watcher.model import (
    Absence,
    ChannelName,
    ChannelSpec,
    Entry,
    FeedId,
    Hash64,
    Hours,
    Quiet,
    Rule,
    Severity,
    TimelineAlert,
    TimelineStep,
    TimelineTest,
    Updates,
    When,
)
from watcher.rules import expression, load
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.selftest import Verdict, item_of, play, setting, stage

START = datetime(2026, 3, 2, 6, tzinfo=UTC)  # a Monday
MINUTE, HOUR = 60.0, 3600.0
DESK = ChannelSpec(name=ChannelName("desk"), url="", tags=("analysts",))
PHONE = ChannelSpec(name=ChannelName("phone"), url="", min_severity=Severity.HIGH)


def rule(text: str = "fire", **keys: Any) -> CompiledRule:
    tree, problems = expression(text, load({}).vocabulary)
    assert tree is not None, problems
    return compile_rule(items.rule("fires", **keys), tree)


def step(minutes: float, title: str = "", *, url: str | None = None, feed: str | None = None) -> TimelineStep:
    entry = Entry(hash=Hash64(hash((title, url))), link=url, title=title or f"A fire at {minutes}")
    return TimelineStep(at=minutes * MINUTE, entry=entry, feed=FeedId(feed) if feed else None)


def expected(minutes: float, alerts: int = 1, told: int | None = None, *to: str) -> TimelineAlert:
    return TimelineAlert(at=minutes * MINUTE, alerts=alerts, items=told, to=tuple(map(ChannelName, to)))


def played(
    of: CompiledRule | Rule,
    steps: Iterable[TimelineStep],
    expect: Iterable[TimelineAlert],
    *channels: ChannelSpec,
) -> Verdict:
    test = TimelineTest(start=START, steps=tuple(steps), expect=tuple(expect), line=7, column=9)
    rule, compiled = (of.rule, of) if isinstance(of, CompiledRule) else (of, None)
    feeds = [setting(each, rule, {}) for each in test.steps]
    found = [(item_of(each, None, feed), feed) for each, feed in zip(test.steps, feeds, strict=True)]
    return play(rule, compiled, test, found, channels or stage(rule, test, ()))


def passes(*args: Any) -> str:
    verdict = played(*args)
    assert verdict.passed, verdict.message
    return verdict.message


def fails(*args: Any) -> str:
    verdict = played(*args)
    assert not verdict.passed
    return verdict.message


TWICE = [step(0), step(10)]


def test_an_alert_that_comes_when_it_is_expected_passes() -> None:
    verdict = played(rule(), TWICE, [expected(0, 1, 1, "desk"), expected(10)])
    assert verdict == Verdict(
        rule=items.rule("fires").id,
        name="timeline of 2 items",
        passed=True,
        message="2 alerts on desk, at 0m, 10m",
        line=7,
        column=9,
    )
    assert passes(rule("flood"), TWICE, [expected(10, 0)]) == "no alert"


def test_what_the_throttle_holds_rides_on_the_next_alert() -> None:
    slow = rule(group="rule", throttle=30 * MINUTE)
    assert passes(slow, TWICE, [expected(0, 1, 1), expected(30, 1, 1)])
    assert passes(slow, [*TWICE, step(20)], [expected(0), expected(30, 1, 2)])
    assert fails(slow, TWICE, [expected(0), expected(10)]) == (
        "expected 1 alert at 10m on the channel, but there was none: throttled (1 match), because its group was told a "
        "short while ago and the rule's `throttle` lets it ride on the next alert"
    )


def test_an_alert_that_is_not_expected_fails_and_says_when_and_why() -> None:
    assert fails(rule(), TWICE, [expected(0)]) == (
        "an alert of 1 item on the channel at 10m, where none is expected, because this rule had told neither the item "
        "nor its address on this channel"
    )
    assert fails(rule(), TWICE, [expected(0), expected(10, 0)]) == (
        "expected no alert at 10m on the channel, but there was 1, because this rule had told neither the item nor its "
        "address on this channel"
    )


def test_an_alert_counts_in_the_minute_it_is_expected_in_and_before_the_next_expectation() -> None:
    late = [step(0.9)]
    assert passes(rule(), late, [expected(0)]) == "1 alert on the channel, at 54s"
    assert fails(rule(), [step(1)], [expected(0)]).startswith(
        "expected 1 alert at 0m on the channel, but there was none"
    )
    assert passes(rule(), late, [expected(0, 0), expected(0.5)])


def test_the_earliest_difference_is_told() -> None:
    assert fails(rule(), [step(0), step(5)], [expected(10)]).startswith("an alert of 1 item on the channel at 0m")


def test_items_of_the_alerts_of_a_moment_are_counted_together() -> None:
    assert passes(rule(), [step(0), step(0, "Fire two")], [expected(0, 2, 2)])
    assert passes(rule(group="rule"), [step(0), step(0, "Fire two")], [expected(0, 1, 2)])
    grouped = rule(group="rule")
    assert fails(grouped, [step(0)], [expected(0, 1, 2)]) == "expected 2 items at 0m on the channel, but 1 was told"
    three = [step(0), step(0, "Fire two"), step(0, "Fire three")]
    assert fails(grouped, three, [expected(0, 1, 1)]) == "expected 1 item at 0m on the channel, but 3 were told"
    assert fails(rule(), three, [expected(0, 1)]).startswith("expected 1 alert at 0m on the channel, but there were 3,")


def test_an_item_that_does_not_match_is_named_with_what_it_lacks() -> None:
    assert fails(rule("fire AND depot"), [step(0, "Fire at the deport")], [expected(0)]) == (
        "expected 1 alert at 0m on the channel, but there was none: the item at 0m does not match: missing depot "
        "(nearest “deport”)"
    )
    assert fails(rule(), [step(9)], [expected(0), expected(9)]).endswith("there was none"), "nothing had come"


def test_the_same_address_and_the_same_item_are_alerted_once() -> None:
    same = "https://news.example/fire"
    there = [step(0, "Fire", url=same, feed="a"), step(5, "Fire again", url=same, feed="b")]
    assert passes(rule(), there, [expected(0, 1, 1)])
    assert fails(rule(), there, [expected(0), expected(5)]).endswith(
        "but there was none: same-url (1 match), because another feed brought the same address and it was already told "
        "on this channel"
    )
    assert passes(rule(), [step(0, "Fire", url=same), step(5, "Fire", url=same)], [expected(0)])


def test_an_edit_is_an_alert_where_the_rule_wants_updates() -> None:
    edited = [step(0, "Fire", url="https://news.example/1"), step(5, "Fire, 2 hurt", url="https://news.example/1")]
    assert passes(rule(), edited, [expected(0), expected(5)])
    assert passes(rule(updates=Updates.IGNORE), edited, [expected(0)])


def test_a_rule_that_waits_for_a_second_source_tells_both() -> None:
    waits = rule(group="rule", when=When(count=2, within=HOUR, distinct="source"))
    one, same, other = (f"https://{host}.example/{n}" for n, host in enumerate(["a", "a", "b"]))
    steps = [step(0, "Fire", url=one), step(10, "Big fire", url=same), step(20, "Fire there", url=other)]
    assert passes(waits, steps, [expected(0, 0), expected(10, 0), expected(20, 1, 3)])
    assert "in-window (2 matches), because" in fails(waits, steps, [expected(10)])
    assert passes(waits, [steps[0], step(61, "Fire there", url=other)], [expected(61, 0), expected(200, 0)])


# channels


def test_what_names_no_channel_holds_for_each_that_is_told_something() -> None:
    assert passes(rule(), [step(0)], [expected(0)], DESK, PHONE) == "1 alert on desk, at 0m"
    loud = rule(severity=Severity.HIGH)
    assert passes(loud, [step(0)], [expected(0)], DESK, PHONE) == "1 alert on desk, at 0m; 1 alert on phone, at 0m"
    assert passes(rule(), [step(0)], [expected(0, 0, None, "phone")], DESK, PHONE), "of the desk nothing is said"
    assert fails(rule(), [step(0)], [expected(0, 1, None, "desk", "phone")], DESK, PHONE) == (
        "expected 1 alert at 0m on phone, but there was none: below-severity (1 match), because its severity is below "
        "the channel's `min_severity`"
    )


def test_the_stage_is_the_channels_the_rule_speaks_on() -> None:
    def names(of: CompiledRule, expect: Sequence[TimelineAlert], *channels: ChannelSpec) -> list[str]:
        test = TimelineTest(start=START, steps=(), expect=tuple(expect))
        return [channel.name for channel in stage(of.rule, test, channels)]

    assert names(rule(), [expected(0)], DESK, PHONE) == ["desk", "phone"]
    assert names(rule(notify=("analysts",)), [expected(0)], DESK, PHONE) == ["desk"]
    assert names(rule(notify=("phone",)), [expected(0)], DESK, PHONE) == ["phone"]
    assert names(rule(notify=("phone",)), [expected(0, 1, None, "desk")], DESK, PHONE) == ["phone"]
    assert names(rule(), [expected(0, 1, None, "pager", "desk")], DESK) == ["desk", "pager"]
    assert names(rule(), [expected(0, 1, None, "pager")]) == ["pager"]
    assert names(rule(), [expected(0)]) == ["the channel"]


def test_a_channel_the_rule_does_not_speak_on_is_told_nothing() -> None:
    assert fails(rule(notify=("phone",)), [step(0)], [expected(0, 1, None, "desk")], PHONE) == (
        "expected 1 alert at 0m on desk, but there was none: the rule does not speak there"
    )


def test_a_channels_own_settings_count() -> None:
    night = Quiet(hours=(Hours(days=tuple(range(7)), start=22 * 60, end=7 * 60, zone="UTC"),))
    quiet = ChannelSpec(name=ChannelName("desk"), url="", quiet=night)
    assert passes(rule(), [step(0)], [expected(60)], quiet) == "1 alert on desk, at 1h"
    assert "quiet-hours (1 match), because the channel has its quiet hours" in fails(
        rule(), [step(0)], [expected(0)], quiet
    )


def test_a_digest_comes_at_its_channels_time() -> None:
    morning = ChannelSpec(name=ChannelName("desk"), url="", digest=(8 * 60,), timezone="UTC")
    steps = [step(0), step(30), step(121)]
    assert passes(rule(digest=True), steps, [expected(120, 1, 2)], morning)
    assert passes(rule(digest=True), steps, [expected(120, 1, 2), expected(26 * 60, 1, 1)], morning)


# rules that watch for an absence


def silent(**keys: Any) -> Rule:
    return items.rule("wires-silent", absence=Absence(feeds=("wires", "tag:blogs"), silent=6 * HOUR, **keys))


def test_nothing_for_so_long_is_an_alert_and_so_is_its_end() -> None:
    assert passes(silent(), [], [expected(359, 0), expected(360)]) == "1 alert on the channel, at 6h"
    news = [step(60, feed="wires"), step(500, feed="wires")]
    assert passes(silent(), news, [expected(420), expected(500)])
    assert fails(silent(), news, [expected(420)]) == (
        "an alert on the channel at 8h20m, where none is expected: Something new from wires and blogs after 7 h 20 min"
    )


def test_only_news_of_its_feeds_end_a_silence() -> None:
    assert passes(silent(), [step(60, feed="other")], [expected(360)])
    assert passes(silent(), [step(60)], [expected(420)]), "a step that names no feed is of one of the rule's"


def test_silence_counts_within_its_hours() -> None:
    office = Hours(days=(0, 1, 2, 3, 4), start=7 * 60, end=22 * 60, zone="UTC")
    assert passes(silent(during=office), [], [expected(360, 0), expected(420)])
    assert fails(silent(during=office), [], [expected(360)]).endswith("on the channel, but there was none")


def test_a_key_of_another_kind_of_test_is_told_as_such() -> None:
    timeline = "{title: Two fires, start: 2031-03-03, timeline: [], expect: [{at: 1m, alert: 0}]}"
    loaded = load({"a.yaml": f"rules: [{{title: A, match: fire, tests: [{timeline}]}}]".encode()})
    assert [(f.code, f.message) for f in loaded.findings] == [("E003", "`title` does not go with the keys beside it")]
