"""What was learned of a feed's sites is kept with the poll that learned it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.nouns import WIRES, after, feed, poll, polled, ready, revision
from watcher.model import FeedId, Learned, PollSaved
from watcher.ports import Store

LEARNED = Learned(version=3, pages=41, blocks={2**64 - 1: 2**63 + 5, 7: 1, 0: 0})


def save(store: Store, learned: Learned | None, *, name: str = WIRES) -> None:
    state = next(state for state in store.feeds() if state.feed.id == name)
    store.save_poll(PollSaved(state=polled(state), learned=learned))


def test_nothing_is_learned_of_a_feed_that_brought_nothing_or_is_not_known(store: Store) -> None:
    ready(store)
    assert store.learned(WIRES) == store.learned(FeedId("nowhere")) == Learned()


def test_what_was_learned_comes_back_as_it_was_in_its_order(store: Store) -> None:
    ready(store)
    save(store, LEARNED)
    assert store.learned(WIRES) == LEARNED
    assert list(store.learned(WIRES).blocks) == list(LEARNED.blocks), "what was seen last stands last"


def test_what_is_learned_later_takes_its_place_and_a_poll_that_learned_nothing_leaves_it(store: Store) -> None:
    ready(store)
    save(store, LEARNED)
    save(store, None)
    assert store.learned(WIRES) == LEARNED
    later = replace(LEARNED, pages=42, blocks={9: 3})
    for _ in range(2):
        save(store, later)
    assert store.learned(WIRES) == later


def test_feeds_learn_each_by_itself(store: Store) -> None:
    ready(store, WIRES, "other")
    save(store, LEARNED, name="other")
    assert (store.learned(WIRES), store.learned(FeedId("other"))) == (Learned(), LEARNED)


def test_it_is_committed_with_the_poll_or_not_at_all(store: Store) -> None:
    ready(store)
    state = replace(polled(store.feeds()[0]), feed=feed("never-wanted"))
    with pytest.raises(KeyError):
        store.save_poll(PollSaved(state=state, learned=LEARNED))
    assert store.learned(FeedId("never-wanted")) == Learned()


def test_a_feed_that_returns_knows_its_sites(store: Store) -> None:
    ready(store)
    poll(store, revision())
    save(store, LEARNED)
    store.sync_feeds({})
    store.sync_feeds({WIRES: (feed(), after(1))})
    assert store.learned(WIRES) == LEARNED
