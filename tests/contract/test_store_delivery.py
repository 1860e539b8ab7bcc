"""What ports.Store promises of alerts on their way: their order, rests, threads and copies, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.nouns import (
    DESK,
    FLOOD,
    NOW,
    PHONE,
    QUAKE,
    WIRES,
    after,
    dispatch,
    failed,
    item_id,
    match,
    new_alert,
    polled,
    ready,
    revision,
    sent,
    tell,
)
from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    ChannelName,
    Decision,
    NewDispatch,
    PollSaved,
    Reason,
    Revision,
    Root,
    Rule,
    Severity,
    Template,
)
from watcher.ports import Store

LEASE = timedelta(minutes=5)


def key(digit: str) -> AlertKey:
    return new_alert(digit).key


def claimed(store: Store, at: float = 0, channel: ChannelName = DESK) -> str | None:
    """The first digit of the key of what is claimed, for five minutes."""
    alert = store.claim_alert(channel, after(at), after(at) + LEASE)
    return alert.key[0] if alert else None


def stored(store: Store, digit: str) -> Alert:
    alert = store.alert(key(digit))
    assert alert
    return alert


def match_all(
    store: Store, *found: tuple[Revision, NewDispatch], rules: Sequence[Rule] = (QUAKE,), at: float = 0
) -> None:
    """Save a poll in which each revision matches every rule and goes where it is said."""
    state = polled(next(iter(store.feeds())), after(at))
    matches = tuple((match(of, rule), (to,)) for of, to in found for rule in rules)
    store.save_poll(PollSaved(state=state, revisions=tuple(dict.fromkeys(of for of, _ in found)), matches=matches))


# order


def test_an_alert_waits_for_an_earlier_one_of_its_group_that_is_pending(store: Store) -> None:
    store.save_alerts([new_alert("1"), new_alert("2"), new_alert("3", group="story:other")], ())
    assert [claimed(store) for _ in range(3)] == ["1", "3", None]
    store.save_delivery(failed(key("1"), again=10))
    assert (claimed(store, 9), claimed(store, 10)) == ("3", "1")
    store.save_delivery(sent(key("1"), started=11))
    assert claimed(store, 12) == "2"


def test_an_alert_does_not_wait_for_another_channels_or_for_a_dead_one(store: Store) -> None:
    store.save_alerts([new_alert("1"), new_alert("2", channel=PHONE), new_alert("3")], ())
    assert claimed(store, channel=PHONE) == "2"
    store.save_delivery(replace(sent(key("1")), state=AlertState.DEAD))
    assert claimed(store) == "3"


def test_a_channel_whose_alerts_all_wait_is_not_due(store: Store) -> None:
    store.save_alerts([new_alert("1"), new_alert("2")], ())
    store.save_delivery(failed(key("1"), again=10))
    assert store.channels_due(after(9)) == ()
    assert store.next_due() == after(10)
    assert store.channels_due(after(10)) == (DESK,)


def test_what_waits_for_an_alert_that_is_held_is_not_due_either(store: Store) -> None:
    store.save_alerts([new_alert("1"), new_alert("2")], ())
    assert claimed(store) == "1"
    assert (store.channels_due(NOW), store.next_due()) == ((), None)


# rest


def test_nothing_of_a_channel_that_rests_is_due_before_the_rest_ends(store: Store) -> None:
    ready(store)
    store.sync_feeds({})
    store.save_alerts([new_alert("1"), new_alert("2", group="story:other"), new_alert("3", channel=PHONE)], ())
    assert claimed(store) == "1"
    store.save_delivery(replace(failed(key("1"), again=2), rest_until=after(30)))
    assert store.channels_due(after(29)) == (PHONE,)
    assert (claimed(store, 29), claimed(store, 29, PHONE)) == (None, "3")
    assert store.next_due() == after(30)
    assert store.channels_due(after(30)) == (DESK,)
    assert claimed(store, 30) == "1"


def test_what_waits_for_another_try_is_due_when_its_channel_has_recovered(store: Store) -> None:
    ready(store, WIRES)
    for digit, channel in (("1", DESK), ("2", DESK), ("3", PHONE)):
        store.save_alerts([new_alert(digit, channel=channel, group=f"item:{digit}")], ())
        store.save_delivery(failed(new_alert(digit).key, started=10, again=5000))
    assert store.channels_due(after(60)) == ()
    store.save_delivery(replace(sent(new_alert("1").key, started=50, ended=51), recovered=True))
    assert store.channels_due(after(60)) == (DESK,)


def test_what_waits_for_a_channel_with_another_address_is_due(store: Store) -> None:
    ready(store, WIRES)
    for digit, channel in (("1", DESK), ("2", PHONE)):
        store.save_alerts([new_alert(digit, channel=channel, group=f"item:{digit}")], ())
        refused = failed(new_alert(digit).key, started=10, again=5000)
        store.save_delivery(replace(refused, rest_until=after(4000)))
    store.hurry([DESK], after(60))
    assert store.channels_due(after(60)) == (DESK,)
    assert store.status(after(60)).resting == {PHONE: after(4000)}


def test_of_two_rests_the_longer_counts_and_a_send_that_names_none_ends_none(store: Store) -> None:
    ready(store)
    store.save_alerts([new_alert(digit, group=digit) for digit in "1234"], ())
    store.save_delivery(replace(sent(key("1")), rest_until=after(30)))
    store.save_delivery(replace(sent(key("2")), rest_until=after(20)))
    store.save_delivery(sent(key("3")))
    assert store.status(after(29)).resting == {DESK: after(30)}
    assert store.status(after(30)).resting == {}
    assert (claimed(store, 29), claimed(store, 30)) == (None, "4")


def test_a_rest_that_a_clock_ahead_of_its_time_has_set_ends_when_it_was_put_back(store: Store) -> None:
    ready(store)
    later = 60 * 24 * 365
    store.save_alerts([new_alert("1"), new_alert("2", channel=PHONE)], ())
    store.save_delivery(replace(failed(key("1"), started=later, again=later), rest_until=after(later + 9)))
    store.save_delivery(replace(failed(key("2"), started=1, again=1), rest_until=after(9)))
    store.release_leases(after(2))
    assert store.channels_due(after(2)) == (DESK,)
    assert store.channels_due(after(9)) == (DESK, PHONE)


# who is owed it


def test_the_recipients_who_have_not_had_it_are_kept_until_it_is_settled(store: Store) -> None:
    store.save_alerts([new_alert("1")], ())
    store.save_delivery(replace(failed(key("1")), owed=("a@example.com", "b@example.com")))
    assert stored(store, "1").owed == ("a@example.com", "b@example.com")
    store.save_delivery(replace(failed(key("1"), started=11, again=20), owed=("b@example.com",)))
    assert stored(store, "1").owed == ("b@example.com",)
    store.save_delivery(sent(key("1"), started=21))
    assert stored(store, "1").owed == ()


def test_what_is_sent_again_is_owed_to_all(store: Store) -> None:
    store.save_alerts([new_alert("1")], ())
    store.save_delivery(replace(failed(key("1")), owed=("b@example.com",)))
    store.save_delivery(replace(sent(key("1"), started=11), state=AlertState.DEAD, owed=("b@example.com",)))
    assert stored(store, "1").owed == ("b@example.com",), "whom a dead one did not reach is shown"
    store.resend(key("1"), after(20))
    assert stored(store, "1").owed == ()


# threads


def test_a_later_alert_of_a_group_hangs_on_the_first_that_the_channel_accepted(store: Store) -> None:
    store.save_alerts([new_alert("1")], ())
    assert stored(store, "1").root is None
    store.save_delivery(replace(sent(key("1")), reference="1700000000.000100"))
    store.save_alerts([new_alert("2"), new_alert("3", group="story:other"), new_alert("4", channel=PHONE)], ())
    root = Root(key=key("1"), reference="1700000000.000100")
    assert [stored(store, digit).root for digit in "1234"] == [None, root, None, None]
    store.save_delivery(replace(sent(key("2"), started=3), reference="1700000000.000200"))
    store.save_alerts([new_alert("5")], ())
    assert [stored(store, digit).root for digit in "125"] == [None, root, root]
    alert = store.claim_alert(DESK, after(5), after(6))
    assert alert
    assert (alert.key, alert.root) == (key("3"), None)


def test_the_first_to_be_accepted_is_the_root_though_an_earlier_one_was_revived_after_it(store: Store) -> None:
    store.save_alerts([new_alert("1"), new_alert("2"), new_alert("3")], ())
    store.save_delivery(replace(sent(key("1")), state=AlertState.DEAD))
    store.save_delivery(replace(sent(key("2"), started=3, ended=4), reference="second"))
    store.resend(key("1"), after(5))
    store.save_delivery(replace(sent(key("1"), started=6, ended=7), reference="first"))
    second = Root(key=key("2"), reference="second")
    assert [stored(store, digit).root for digit in "123"] == [second, None, second]


def test_a_root_keeps_the_reference_of_the_message_that_was_first_accepted(store: Store) -> None:
    store.save_alerts([new_alert("1"), new_alert("2")], ())
    store.save_delivery(replace(sent(key("1"), started=1), reference="first"))
    store.resend(key("1"), after(5))
    store.save_delivery(replace(sent(key("1"), started=6), reference="again"))
    assert stored(store, "2").root == Root(key=key("1"), reference="first")


# copies


def test_a_copy_tells_what_the_original_tells_and_names_the_channel_that_did_not(store: Store) -> None:
    ready(store)
    match_all(store, (revision("a"), dispatch(group="story:story-a")))
    tell(store, new_alert("1"))
    copy = replace(new_alert("2", channel=PHONE), copy_of=key("1"), told=1)
    store.save_delivery(replace(sent(key("1")), state=AlertState.DEAD), [copy])
    alert = store.claim_alert(PHONE, after(2), after(7))
    assert alert
    assert (alert.copy_of, alert.failed_on) == (key("1"), DESK)
    assert alert.items == stored(store, "1").items != ()
    again = replace(new_alert("3"), copy_of=key("2"))
    store.save_delivery(replace(sent(key("2")), state=AlertState.DEAD), [again])
    assert (stored(store, "3").copy_of, stored(store, "3").items) == (key("1"), alert.items)


# what it says


def test_an_alert_shows_what_has_a_place_in_that_order_and_counts_the_others_of_each_group(store: Store) -> None:
    ready(store)
    of = {name: revision(name) for name in "abcdef"}
    wheres = {"a": "one", "b": "two", "c": "one", "d": "one", "e": "two", "f": "three"}
    sources = {"a": "x.com", "b": "y.com", "c": "x.com", "d": "z.com", "e": "y.com", "f": "w.com"}
    found = [(one, dispatch(group=wheres[name], source=sources[name])) for name, one in of.items()]
    match_all(store, *found, rules=[QUAKE, FLOOD])
    places = {item_id("e"): 0, item_id("a"): 1, item_id("c"): 2}
    digest = replace(new_alert("1", group="digest:1"), told=6, sources=4, slot=after(-1))
    opened = store.open_dispatches(DESK, 99)
    decisions = [
        Decision(dispatch=one.id, reason=Reason.LISTED, alert=digest.key, place=places.get(one.item)) for one in opened
    ]
    store.save_alerts([digest], decisions)
    alert = stored(store, "1")
    assert [(told.item.id, told.group, told.others, told.sources) for told in alert.items] == [
        (item_id("e"), "two", 1, 1),
        (item_id("a"), "one", 1, 2),
        (item_id("c"), "one", 1, 2),
    ]
    assert [told.hashes for told in alert.items] == [(QUAKE.hash, FLOOD.hash)] * 3
    assert (alert.told, alert.sources, alert.slot) == (6, 4, after(-1))


def test_what_was_merged_into_an_alert_counts_for_none_of_its_groups(store: Store) -> None:
    ready(store)
    match_all(store, (revision("a"), dispatch(group="g", source="x.com")), (revision("b"), dispatch(group="g")))
    first, second = store.open_dispatches(DESK, 9)
    decisions = [
        Decision(dispatch=first.id, reason=Reason.NEW, alert=key("1"), place=0),
        Decision(dispatch=second.id, reason=Reason.SAME_URL, alert=key("1")),
    ]
    store.save_alerts([new_alert("1")], decisions)
    (told,) = stored(store, "1").items
    assert (told.others, told.sources) == (0, 1)


def test_copies_are_counted_with_what_they_say_as_they_come(store: Store) -> None:
    """An item that one rule tells and another merges is told, and no copy."""
    ready(store)
    told_, *copies = (revision(name) for name in "abcd")
    match_all(store, (told_, dispatch(group="g")))
    (first,) = store.open_dispatches(DESK, 9)
    store.save_alerts(
        [new_alert("1", group="g")], [Decision(dispatch=first.id, reason=Reason.NEW, alert=key("1"), place=0)]
    )
    for number, copy in enumerate(copies):
        assert (stored(store, "1").copies, stored(store, "1").items[0].copies) == (number, number)
        match_all(store, (copy, dispatch(group=f"other {number}")), rules=[QUAKE, FLOOD])
        opened = store.open_dispatches(DESK, 9)
        store.save_alerts([], [Decision(dispatch=one.id, reason=Reason.SAME_TEXT, alert=key("1")) for one in opened])
    match_all(store, (revision("e"), dispatch(group="g")), rules=[QUAKE, FLOOD])
    both = zip(store.open_dispatches(DESK, 9), (Reason.SAME_STORY, Reason.SAME_TEXT), strict=True)
    store.save_alerts([], [Decision(dispatch=one.id, reason=reason, alert=key("1")) for one, reason in both])
    assert stored(store, "1").copies == 3


def test_copies_in_a_digest_are_counted_with_their_own_group(store: Store) -> None:
    ready(store)
    match_all(store, *((revision(name), dispatch(group=group)) for name, group in zip("abcd", "ghgg", strict=True)))
    opened = store.open_dispatches(DESK, 9)
    decisions = [
        Decision(dispatch=one.id, reason=Reason.LISTED if n < 2 else Reason.SAME_TEXT, alert=key("1"), place=n)
        for n, one in enumerate(opened)
    ]
    decisions[2:] = [replace(decision, place=None) for decision in decisions[2:]]
    store.save_alerts([replace(new_alert("1", group="digest:1"), kind=AlertKind.DIGEST)], decisions)
    assert [(told.group, told.copies) for told in stored(store, "1").items] == [("g", 2), ("h", 0)]
    assert stored(store, "1").copies == 2


def test_an_item_has_the_highest_severity_of_its_rules(store: Store) -> None:
    state, one = ready(store)[WIRES], revision("a")
    matches = (
        (match(one, QUAKE), (dispatch(severity=Severity.LOW),)),
        (match(one, FLOOD), (dispatch(severity=Severity.CRITICAL),)),
    )
    store.save_poll(PollSaved(state=polled(state), revisions=(one,), matches=matches))
    tell(store, new_alert("1"))
    assert [told.severity for told in stored(store, "1").items] == [Severity.CRITICAL]


@pytest.mark.parametrize("template", [Template(title="{rule.title}!"), Template(body="{item.text}"), Template()])
def test_an_alert_has_the_words_of_its_first_rule_that_has_some(store: Store, template: Template) -> None:
    ready(store)
    plain, worded = QUAKE, replace(FLOOD, hash="h-worded", template=template)
    store.sync_rules([plain, worded, replace(worded, hash="h-later", template=Template(title="later"))], NOW)
    match_all(store, (revision("a"), dispatch()), rules=[plain, worded])
    tell(store, new_alert("1"))
    store.sync_rules([], after(1))
    assert stored(store, "1").template == (template if template != Template() else None)


def test_a_list_of_alerts_leaves_texts_out(store: Store) -> None:
    ready(store)
    match_all(store, (revision("a"), dispatch()))
    tell(store, new_alert("1"))
    whole = stored(store, "1")
    light = replace(whole.items[0].item, text="", summary="", raw="", blocks=())
    assert store.alerts(None, None, 9) == (replace(whole, items=(replace(whole.items[0], item=light),)),)


# tries


def test_a_channel_fails_since_the_first_try_that_failed_in_passing_after_one_was_accepted(store: Store) -> None:
    store.save_alerts([new_alert(digit) for digit in "123"] + [new_alert("4", channel=PHONE)], ())
    assert store.failing_since(DESK) is None
    for started in (1, 3):
        store.save_delivery(failed(key("1"), started=started))
    store.save_delivery(sent(key("4"), started=4))
    assert (store.failing_since(DESK), store.failing_since(PHONE)) == (after(1), None)
    store.save_delivery(sent(key("2"), started=5))
    store.save_delivery(replace(failed(key("3"), started=6), state=AlertState.DEAD, next_at=None))
    assert store.failing_since(DESK) is None
    for started in (7, 8):
        store.save_delivery(failed(key("1"), started=started))
    assert store.failing_since(DESK) == after(7)
