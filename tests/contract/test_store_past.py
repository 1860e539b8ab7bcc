"""What ports.Store promises of the past that decisions rest on, and of what people and feeds were silent about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.nouns import (
    DESK,
    FLOOD,
    NOW,
    PHONE,
    QUAKE,
    after,
    asking,
    dispatch,
    item_id,
    match,
    new_alert,
    poll,
    polled,
    ready,
    revision,
    tell,
    told,
)
from watcher.model import (
    AlertKey,
    AlertKind,
    Arrival,
    ChannelName,
    Decision,
    Dispatch,
    Episode,
    Fate,
    Level,
    Link,
    NewDispatch,
    Origin,
    PollSaved,
    Reason,
    Rule,
    Severity,
    Silence,
    Window,
)
from watcher.ports import Store

HOUR = timedelta(hours=1)


def come(store: Store, name: str, to: NewDispatch, at: float, *, rule: Rule = QUAKE, baseline: bool = False) -> None:
    """One item of the wires matches one rule for one channel."""
    state, one = polled(store.feeds()[0], after(at)), revision(name, seen_at=after(at))
    saved = PollSaved(state=state, revisions=(one,), matches=((match(one, rule), (to,)),), baseline=baseline)
    store.save_poll(saved)


def told_names(store: Store, *asked: Dispatch) -> list[str]:
    """The first digits of the alerts that told what bears on these."""
    return [str(one.alert)[0] for one in told(store, *asked)]


# told


def test_of_a_group_the_first_and_the_last_of_each_severity_are_told_of(store: Store) -> None:
    ready(store)
    severities = [Severity.LOW, Severity.CRITICAL, Severity.LOW, Severity.CRITICAL, Severity.LOW, Severity.LOW]
    for number, severity in enumerate(severities):
        come(store, f"i{number}", dispatch(group="g", severity=severity), number)
        tell(store, replace(new_alert(str(number), group="g", at=after(number)), severity=Severity.HIGH))
    found = told(store, asking("g"))
    assert [(one.at, one.severity) for one in found] == [(after(number), severities[number]) for number in (0, 1, 3, 5)]


def test_what_a_digest_listed_was_told_in_its_own_group(store: Store) -> None:
    ready(store)
    come(store, "a", dispatch(group="g"), 0)
    come(store, "b", dispatch(group="h"), 0)
    one, other = store.open_dispatches(DESK, 9)
    digest = replace(new_alert("d", group="digest:1"), kind=AlertKind.DIGEST)
    decisions = [
        Decision(dispatch=one.id, reason=Reason.LISTED, alert=digest.key, place=0),
        Decision(dispatch=other.id, reason=Reason.SILENCE_LISTED, alert=digest.key),
    ]
    store.save_alerts([digest], decisions)
    assert told_names(store, asking("g")) == told_names(store, asking("h")) == ["d"]
    assert told_names(store, asking("digest:1")) == []
    assert told_names(store, asking("x", "a")) == told_names(store, asking("x", "b")) == ["d"]


@pytest.mark.parametrize("reason", [r for r in Reason if r.fate in {Fate.MERGED, Fate.EXPIRED, Fate.OPEN}])
def test_what_was_merged_or_expired_or_is_held_was_not_told(store: Store, reason: Reason) -> None:
    ready(store)
    come(store, "a", dispatch(group="g"), 0)
    opened = store.open_dispatches(DESK, 9)
    pointed = new_alert("1").key if reason.fate is Fate.MERGED else None
    store.save_alerts([new_alert("1")], [Decision(dispatch=opened[0].id, reason=reason, alert=pointed)])
    assert told(store, asking("g", "a", "https://example.com/a")) == ()


def test_what_was_below_a_severity_was_not_told(store: Store) -> None:
    ready(store)
    come(store, "a", dispatch(group="g"), 0)
    store.save_alerts([], [Decision(dispatch=store.open_dispatches(DESK, 9)[0].id, reason=Reason.BELOW_SEVERITY)])
    assert told(store, asking("g", "a")) == ()


def test_what_says_the_same_is_told_of(store: Store) -> None:
    ready(store)
    copy = replace(revision("copy"), link=Link(level=Level.COPY, of=item_id("first"), root=item_id("first")))
    denied = replace(revision("denied"), link=replace(copy.link, of=item_id("copy")))
    state = polled(store.feeds()[0], NOW)
    hits = [match(revision("first")), match(copy), replace(match(denied), denial=True), match(revision("other"))]
    saved = PollSaved(
        state=state,
        revisions=(revision("first"), copy, denied, revision("other")),
        matches=tuple((hit, (dispatch(group="g"),)) for hit in hits),
    )
    store.save_poll(saved)
    opened = store.open_dispatches(DESK, 9)
    assert [(one.root, one.denial) for one in opened] == [
        (None, False),
        (item_id("first"), False),
        (item_id("first"), True),
        (None, False),
    ]
    tell(store, new_alert("1", group="g"))
    for asked in (asking("x", "new", root=item_id("first")), asking("x", "first")):
        found = told(store, asked)
        assert [(one.item, one.text, one.denial) for one in found] == [
            (item_id(name), item_id("first"), name == "denied") for name in ("first", "copy", "denied")
        ]
    assert told(store, asking("x", "new", root=item_id("nobody"))) == ()


@pytest.mark.parametrize("reason", [Reason.SAME_TEXT, Reason.BASELINE])
def test_a_copy_that_was_merged_and_one_that_was_baseline_told_nothing(store: Store, reason: Reason) -> None:
    ready(store)
    copy = replace(revision("copy"), link=Link(level=Level.COPY, of=item_id("first"), root=item_id("first")))
    poll(store, copy, baseline=reason is Reason.BASELINE)
    store.save_alerts([new_alert("1")], [])
    for one in store.open_dispatches(DESK, 9):
        store.save_alerts([], [Decision(dispatch=one.id, reason=reason, alert=new_alert("1").key)])
    assert told(store, asking("x", "new", root=item_id("first"))) == ()


def test_a_text_that_came_from_its_page_is_known_as_such(store: Store) -> None:
    ready(store)
    of_page = revision("a", 2)
    poll(store, revision("a"), replace(of_page, item=replace(of_page.item, origin=Origin.PAGE)))
    assert [(one.revision, one.paged) for one in store.open_dispatches(DESK, 9)] == [(1, False), (2, True)]


# arrivals


def window(since: float, until: float, *, rule: Rule = QUAKE, group: str = "g") -> Window:
    return Window(rule=rule.id, group=group, since=after(since), until=after(until))


def arrived(store: Store, *windows: Window, channel: ChannelName = DESK) -> list[float]:
    """Minutes after NOW."""
    arrivals = store.past(channel, (), windows, after(99)).arrivals
    return [(one.seen_at - NOW) / timedelta(minutes=1) for one in arrivals]


def test_a_window_begins_after_its_since_and_ends_with_its_until(store: Store) -> None:
    ready(store)
    for minute in range(1, 6):
        come(store, f"i{minute}", dispatch(group="g", source=f"s{minute}"), minute)
    assert arrived(store, window(2, 4)) == [3, 4]
    (one,) = store.past(DESK, (), [window(2, 3)], NOW).arrivals
    assert one == Arrival(rule=QUAKE.id, group="g", item=item_id("i3"), source="s3", seen_at=after(3))


def test_arrivals_are_of_the_rule_the_group_and_the_channel_that_a_window_names(store: Store) -> None:
    ready(store)
    come(store, "a", dispatch(group="g"), 1)
    come(store, "b", dispatch(group="other"), 2)
    come(store, "c", dispatch(group="g"), 3, rule=FLOOD)
    come(store, "d", dispatch(PHONE, group="g"), 4)
    assert arrived(store, window(0, 9)) == [1]
    assert arrived(store, window(0, 9, group="other")) == [2]
    assert arrived(store, window(0, 9, rule=FLOOD)) == [3]
    assert arrived(store, window(0, 9), channel=PHONE) == [4]


def test_arrivals_count_whatever_became_of_them_but_baseline(store: Store) -> None:
    ready(store)
    come(store, "old", dispatch(group="g"), 1, baseline=True)
    for minute, name in enumerate("abc", start=2):
        come(store, name, dispatch(group="g"), minute)
    one, two, _ = store.open_dispatches(DESK, 9)
    decisions = [
        Decision(dispatch=one.id, reason=Reason.NEW, alert=new_alert().key),
        Decision(dispatch=two.id, reason=Reason.WINDOW_PASSED),
    ]
    store.save_alerts([new_alert()], decisions)
    assert arrived(store, window(0, 9)) == [2, 3, 4]


def test_what_lies_in_several_windows_arrived_once_and_all_come_in_order(store: Store) -> None:
    ready(store)
    for minute in range(1, 8):
        rule = FLOOD if minute % 2 else QUAKE
        come(store, f"i{minute}", dispatch(group="g" if minute < 6 else "h"), minute, rule=rule)
    windows = [window(3, 5, rule=FLOOD), window(1, 4), window(0, 2), window(1, 3), window(5, 9, group="h")]
    assert arrived(store, *windows) == [2, 4, 5, 6]


# made and slot


def test_alerts_made_within_the_hour_are_counted_without_notices(store: Store) -> None:
    notice = replace(new_alert("e", at=after(-1)), kind=AlertKind.NOTICE)
    absence = replace(new_alert("b", at=after(-2)), kind=AlertKind.ABSENCE)
    other = new_alert("c", channel=PHONE, at=after(-3))
    timed = [new_alert(digit, at=after(minute)) for digit, minute in (("1", -61), ("2", -60), ("3", -59), ("4", 0))]
    later = new_alert("5", at=after(1))
    store.save_alerts([later, *timed, notice, absence, other], ())
    assert store.past(DESK, (), (), NOW).made == (after(-59), after(-2), NOW)


def test_the_slot_is_that_of_the_last_digest_of_the_channel_that_had_one(store: Store) -> None:
    assert store.past(DESK, (), (), NOW).slot is None
    slots = [("1", -30), ("2", -10), ("3", None), ("4", 10)]
    digests = [
        replace(new_alert(digit), kind=AlertKind.DIGEST, slot=None if minute is None else after(minute))
        for digit, minute in slots
    ]
    store.save_alerts([*digests, replace(new_alert("5", channel=PHONE), slot=after(-5))], ())
    assert store.past(DESK, (), (), NOW).slot == after(-10)


# silences


def silence(until: float, *, rule: Rule | None = QUAKE, group: str | None = None, since: float = 0) -> Silence:
    return Silence(
        id=0,
        rule=rule.id if rule else None,
        group=group,
        channel=DESK,
        by="ann@desk",
        since=after(since),
        until=after(until),
        why="too much of it",
        alert=AlertKey("a" * 32),
    )


def test_a_silence_is_kept_until_it_has_ended(store: Store) -> None:
    first = store.silence(silence(60))
    second = store.silence(silence(30, rule=None, group="story:x"))
    assert (first, second) == (replace(silence(60), id=first.id), replace(second, rule=None, group="story:x"))
    assert first.id != second.id
    assert store.silences(NOW) == store.past(PHONE, (), (), NOW).silences == (first, second)
    assert store.silences(after(30)) == store.past(DESK, (), (), after(30)).silences == (first,)
    assert store.silences(after(60)) == ()
    assert store.status(after(30)).silences == (first,)


def test_a_silence_that_is_ended_ends_now_and_one_that_had_ended_stays(store: Store) -> None:
    first, second = store.silence(silence(60)), store.silence(silence(10))
    store.end_silence(first.id, after(20))
    store.end_silence(second.id, after(20))
    store.end_silence(999, after(20))
    assert store.silences(after(20)) == ()
    assert store.silences(after(5)) == (replace(first, until=after(20)), second)


# episodes


def test_an_episode_is_kept_and_gets_its_end_once(store: Store) -> None:
    ready(store)
    began = Episode(rule=QUAKE.id, rule_hash=QUAKE.hash, since=after(0), noticed_at=after(60))
    later = Episode(rule=FLOOD.id, rule_hash=FLOOD.hash, since=after(1), noticed_at=after(61))
    store.save_episodes([later, began])
    store.save_episodes([replace(began, noticed_at=after(70))])
    assert store.episodes(after(99)) == (began, later)
    ended = replace(began, ended_at=after(100))
    store.save_episodes([ended])
    store.save_episodes([replace(began, ended_at=after(200)), began])
    assert store.episodes(after(99)) == (ended, later)
    assert store.episodes(after(100)) == (later,)


# what is open


def test_what_waits_on_any_channel_is_listed_oldest_first(store: Store) -> None:
    ready(store)
    poll(store, revision("a"), revision("b"), channels=[DESK, PHONE])
    tell(store, new_alert("1", channel=PHONE))
    assert [(one.channel, one.item) for one in store.waiting(9)] == [(DESK, item_id("a")), (DESK, item_id("b"))]
    assert store.waiting(1) == store.open_dispatches(DESK, 1)


def test_what_is_not_decided_comes_before_what_is_held(store: Store) -> None:
    ready(store)
    poll(store, *(revision(name) for name in "abcd"))
    first, _, third, _ = store.open_dispatches(DESK, 9)
    held = [Decision(dispatch=one.id, reason=Reason.THROTTLED) for one in (first, third)]
    store.save_alerts([], held)
    assert [one.item for one in store.open_dispatches(DESK, 9)] == [item_id(name) for name in "bdac"]
    assert store.status(NOW).reasons == dict.fromkeys(Reason, 0) | {Reason.WAITING: 2, Reason.THROTTLED: 2}
