"""What ports.Store promises of feeds that a person has paused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.nouns import NOW, WIRES, after, feed, polled, ready
from watcher.model import FeedId, FeedPause, FeedState, PollSaved
from watcher.ports import Store

LEASE = timedelta(minutes=5)
WORD = FeedPause(since=NOW, until=after(60), by="anna", why="it is rebuilt")
FOR_GOOD = replace(WORD, until=None)


def only(store: Store) -> FeedState:
    (state,) = store.feeds()
    return state


def claimed(store: Store, minutes: float) -> list[str]:
    return [state.feed.id for state in store.claim_feeds(after(minutes), 9, after(minutes) + LEASE)]


def test_a_pause_is_remembered_with_who_and_why(store: Store) -> None:
    ready(store)
    before = only(store)
    store.pause_feed(WIRES, WORD)
    assert only(store) == replace(before, pause=WORD)
    store.pause_feed(WIRES, FOR_GOOD)
    assert only(store) == replace(before, pause=FOR_GOOD)


def test_a_paused_feed_is_not_claimed_before_its_pause_ends(store: Store) -> None:
    ready(store, "a", "b")
    store.pause_feed(FeedId("a"), WORD)
    assert claimed(store, 59) == ["b"]
    assert claimed(store, 60) == ["a"]


def test_a_feed_that_is_paused_without_an_end_is_claimed_once_it_is_resumed(store: Store) -> None:
    ready(store)
    store.pause_feed(WIRES, FOR_GOOD)
    assert claimed(store, 10_000) == []
    store.resume_feed(WIRES, after(10_000))
    assert only(store).pause is None
    assert claimed(store, 10_000) == [WIRES]


def test_a_resumed_feed_is_due_now_and_one_that_was_not_paused_when_it_was(store: Store) -> None:
    ready(store, "a", "b")
    for name in ("a", "b"):
        state = next(each for each in store.feeds() if each.feed.id == name)
        store.save_poll(PollSaved(state=replace(polled(state), next_at=after(30))))
    store.pause_feed(FeedId("a"), WORD)
    for name in ("a", "b"):
        store.resume_feed(FeedId(name), after(1))
    assert [state.next_at for state in store.feeds()] == [after(1), after(30)]
    store.resume_feed(FeedId("a"), after(2))
    assert store.feeds()[0].next_at == after(1)


def test_a_poll_under_way_does_not_undo_a_pause(store: Store) -> None:
    ready(store)
    (state,) = store.claim_feeds(NOW, 1, NOW + LEASE)
    store.pause_feed(WIRES, WORD)
    store.save_poll(PollSaved(state=replace(polled(state), next_at=after(1))))
    assert only(store).pause == WORD
    assert claimed(store, 2) == []


def test_a_pause_outlives_an_edit_of_the_feed_and_its_return(store: Store) -> None:
    ready(store)
    store.pause_feed(WIRES, WORD)
    store.sync_feeds({WIRES: (replace(feed(), url="https://moved.example/feed"), NOW)})
    assert only(store).pause == WORD
    store.sync_feeds({})
    store.sync_feeds({WIRES: (feed(), NOW)})
    assert only(store).pause == WORD


def test_nothing_is_due_because_of_a_paused_feed_before_its_pause_ends(store: Store) -> None:
    ready(store)
    store.pause_feed(WIRES, WORD)
    assert store.next_due() == WORD.until


def test_a_feed_that_was_never_wanted_is_neither_paused_nor_resumed(store: Store) -> None:
    with pytest.raises(KeyError):
        store.pause_feed(FeedId("gone"), WORD)
    with pytest.raises(KeyError):
        store.resume_feed(FeedId("gone"), NOW)
