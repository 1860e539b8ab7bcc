"""What a store forgets, and what it never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.nouns import (
    DESK,
    FLOOD,
    NOW,
    PHONE,
    QUAKE,
    WIRES,
    after,
    asking,
    hash64,
    item_id,
    new_alert,
    poll,
    ready,
    revision,
    sent,
    tell,
    told,
)
from watcher.model import AlertKey, AlertState, Decision, ItemId, Reason
from watcher.ports import Store

ALL = after(1_000)


def stored(store: Store) -> list[str]:
    """The last letter of each title, newest first."""
    return [one.item.title[-1] for one in store.search([], None, 99)]


def settle(store: Store) -> None:
    """Nothing is open any more, and nothing was told."""
    opened = [one for channel in (DESK, PHONE) for one in store.open_dispatches(channel, 99)]
    store.save_alerts([], [Decision(dispatch=one.id, reason=Reason.BELOW_SEVERITY) for one in opened])


def told_and_sent(store: Store, *names: str) -> AlertKey:
    """Items that one alert told, which was accepted."""
    poll(store, *(revision(name) for name in names))
    tell(store, new_alert())
    store.save_delivery(sent(new_alert().key))
    return new_alert().key


def test_the_oldest_items_are_forgotten_a_few_at_a_time(store: Store) -> None:
    ready(store)
    for number, name in enumerate("abcde"):
        poll(store, revision(name, seen_at=after(number)), rules=[], at=after(number))
    assert (store.prune(after(4), 3), stored(store)) == (3, ["e", "d"])
    assert (store.prune(after(4), 3), stored(store)) == (1, ["e"])
    assert (store.prune(after(4), 3), stored(store)) == (0, ["e"])
    assert store.status(NOW).items == 1
    assert store.sizes().oldest == after(4)


def test_an_item_is_as_old_as_its_latest_edit(store: Store) -> None:
    ready(store)
    poll(store, revision("a"), revision("b"), rules=[])
    poll(store, revision("a", 2, seen_at=after(9)), rules=[], at=after(9))
    assert (store.prune(after(9), 9), stored(store)) == (1, ["a"])
    assert store.revision(item_id("a"), 1) == revision("a")
    assert store.prune(after(10), 9) == 1
    assert store.revision(item_id("a")) is None


def test_an_edit_dated_before_what_it_edits_makes_an_item_no_older(store: Store) -> None:
    ready(store)
    poll(store, revision("a", seen_at=after(9)), rules=[], at=after(9))
    poll(store, revision("a", 2), rules=[])
    assert store.prune(after(9), 9) == 0


def test_what_is_to_be_told_yet_is_not_forgotten(store: Store) -> None:
    ready(store)
    poll(store, revision("a"))
    assert store.prune(ALL, 9) == 0, "it is not decided"
    (opened,) = store.open_dispatches(DESK, 9)
    store.save_alerts([], [Decision(dispatch=opened.id, reason=Reason.QUIET_HOURS)])
    assert store.prune(ALL, 9) == 0, "it is held"
    tell(store, new_alert())
    assert store.prune(ALL, 9) == 0, "its alert is pending"
    dead = replace(sent(new_alert().key), state=AlertState.DEAD)
    copy = replace(new_alert("2", channel=PHONE), copy_of=new_alert().key)
    store.save_delivery(dead, [copy])
    assert store.prune(ALL, 9) == 0, "a copy of its alert is pending"
    store.save_delivery(sent(copy.key))
    assert store.prune(ALL, 9) == 1
    assert store.prune(ALL, 9) == 0


def test_what_was_merged_into_a_pending_alert_is_not_forgotten(store: Store) -> None:
    ready(store)
    poll(store, revision("a"))
    tell(store, new_alert())
    poll(store, revision("b"))
    tell(store, new_alert(), Reason.SAME_ITEM)
    assert store.prune(ALL, 9) == 0
    store.save_delivery(sent(new_alert().key))
    assert store.prune(ALL, 9) == 2


def test_what_is_kept_does_not_hide_what_is_to_be_forgotten(store: Store) -> None:
    ready(store)
    poll(store, *(revision(name) for name in "abc"))
    poll(store, revision("d", seen_at=after(1)), rules=[], at=after(1))
    assert (store.prune(ALL, 1), stored(store)) == (1, ["c", "b", "a"])


def test_seen_stays_seen(store: Store) -> None:
    ready(store)
    poll(store, revision("a"), rules=[])
    told_and_sent(store, "b")
    poll(store, revision("b", 2), rules=[])
    keys = [hash64("a"), hash64("b")]
    before, state = store.known(WIRES, keys), store.feeds()
    assert store.prune(ALL, 9) == 2
    after_ = store.known(WIRES, keys)
    assert after_ == {**before, keys[0]: replace(before[keys[0]], story=None)}
    assert store.feeds() == state


def test_matches_and_their_ways_stay(store: Store) -> None:
    ready(store)
    poll(store, revision("a"), rules=[QUAKE, FLOOD], channels=[DESK, PHONE])
    tell(store, new_alert())
    store.save_delivery(sent(new_alert().key))
    settle(store)
    status, records, audit = store.status(NOW), store.records(item_id("a")), store.audit()
    ask = asking("story:story-a", "a", "https://example.com/a")
    past = told(store, ask)
    assert store.prune(ALL, 9) == 1
    assert store.status(NOW) == replace(status, items=0)
    assert (store.records(item_id("a")), store.audit(), told(store, ask)) == (records, audit, past)
    assert past
    assert not audit.flaws


def test_an_alert_still_says_what_it_told(store: Store) -> None:
    ready(store)
    key = told_and_sent(store, "a", "b")
    before = store.alert(key)
    assert before
    listed = store.alerts(None, None, 9)
    assert store.prune(ALL, 9) == 2
    assert store.alerts(None, None, 9) == listed
    left = [replace(one, item=replace(one.item, text="", summary="", raw="", blocks=())) for one in before.items]
    assert store.alert(key) == replace(before, items=tuple(left))


def test_a_forgotten_alert_may_be_sent_again_and_to_another_channel(store: Store) -> None:
    ready(store)
    key = told_and_sent(store, "a")
    store.prune(ALL, 9)
    copy = replace(new_alert("2", channel=PHONE), copy_of=key)
    store.save_alerts([copy], ())
    store.resend(key, ALL)
    for channel in (DESK, PHONE):
        claimed = store.claim_alert(channel, ALL, ALL)
        assert claimed
        assert [(one.item.title, one.item.url) for one in claimed.items] == [
            ("Title of a", "https://wires.example/a?utm_source=rss")
        ]


@pytest.mark.parametrize("by", ["https://wires.example/a?utm_source=rss", "https://example.com/a", item_id("a")[:9]])
def test_what_is_left_of_an_item_that_matched_is_found(store: Store, by: str) -> None:
    ready(store)
    told_and_sent(store, "a", "b")
    poll(store, revision("c"), rules=[])
    store.prune(ALL, 9)
    assert store.find_item(by) == (item_id("a"),)
    left = store.revision(item_id("a"))
    item = replace(revision("a").item, text="", summary="", raw="", blocks=())
    assert left == replace(revision("a"), item=item, forgotten=True)
    assert store.revision(item_id("a"), 2) is None
    assert store.find_item(item_id("c")) == ()
    assert store.revision(item_id("c")) is None


def test_an_edit_of_a_forgotten_item_goes_on_where_it_was(store: Store) -> None:
    ready(store)
    key = told_and_sent(store, "a")
    store.prune(ALL, 9)
    edit = revision("a", 2, seen_at=after(2_000))
    poll(store, edit, at=after(2_000))
    assert store.revision(item_id("a")) == edit
    first = store.revision(item_id("a"), 1)
    assert first
    assert first.forgotten
    assert store.known(WIRES, [hash64("a")])[hash64("a")].revision == 2
    (opened,) = store.open_dispatches(DESK, 9)
    assert [one.alert for one in told(store, opened)] == [key]
    settle(store)
    assert store.prune(after(2_001), 9) == 1
    assert store.revision(item_id("a")) == replace(
        edit, item=replace(edit.item, text="", summary="", raw="", blocks=()), forgotten=True
    )
    assert not store.audit().flaws


def test_an_item_with_much_text_takes_several_steps(store: Store) -> None:
    ready(store)
    words = "quake " * 50_000
    poll(store, *(revision("a", n, text=f"{words}{n}") for n in (1, 2, 3)), revision("b"), rules=[])
    steps = []
    while done := store.prune(ALL, 9):
        steps.append((done, stored(store)))
    assert steps == [(1, ["b", "a"]), (1, ["b", "a"]), (1, ["b"]), (1, [])]
    assert store.status(NOW).items == 0


def test_what_is_gone_is_not_found(store: Store) -> None:
    ready(store)
    poll(store, revision("a", text="Odd quake"), revision("b", text="Odd flood", seen_at=after(5)), rules=[])
    store.prune(after(5), 9)
    assert [one.item.title for one in store.search([frozenset({"odd"})], None, 9)] == ["Title of b"]
    assert store.extent(None) == (1, after(5))
    assert store.find_item(ItemId(item_id("a"))) == ()
