"""What a store keeps of how feeds are, and of what was told of that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.nouns import NOW, WIRES, after, feed, new_alert, polled, ready
from watcher.model import Condition, FeedId, FeedPause, Habits, PollSaved, Reach
from watcher.ports import Store

FAILING = Condition.FAILING


def save(store: Store, name: str, *, failures: int = 0, **state: Any) -> None:
    """A poll of a feed that left it so; it fails by `dns` where it does."""
    found = next(one for one in store.feeds() if one.feed.id == name)
    trouble: dict[str, Any] = {"trouble": "dns", "error": "no such name", "failing_since": NOW} if failures else {}
    found = replace(polled(found, after(1), new=False), failures=failures, **trouble)
    store.save_poll(PollSaved(state=replace(found, **state)))


def told(store: Store, name: str = WIRES) -> tuple[Condition, object]:
    found = next(one for one in store.feeds() if one.feed.id == name)
    return found.told, found.told_since


def test_conditions_that_changed_are_those_not_told_longest_in_them_first(store: Store) -> None:
    ready(store, WIRES, "later", "well", "away")
    save(store, "later", failures=3, condition=FAILING, condition_at=after(9))
    save(store, WIRES, failures=3, condition=FAILING, condition_at=after(5))
    save(store, "away", failures=3, condition=FAILING, condition_at=after(5))
    store.sync_feeds({FeedId(name): (feed(name), NOW) for name in (WIRES, "later", "well")})
    assert [one.feed.id for one in store.changed_conditions()] == [WIRES, "later"]
    store.tell_conditions({FeedId("later"): FAILING}, ())
    assert [one.feed.id for one in store.changed_conditions()] == [WIRES]
    assert told(store, "later") == (FAILING, NOW)


@pytest.mark.parametrize(
    ("condition", "since"),
    [
        (Condition.FAILING, after(-60)),
        (Condition.BLOCKED, after(-60)),
        (Condition.GONE, after(-60)),
        (Condition.SILENT, after(-90)),
        (Condition.OK, None),
    ],
)
def test_it_is_remembered_since_when_what_was_told_had_held(store: Store, condition: Condition, since: object) -> None:
    ready(store)
    save(store, WIRES, failures=3, failing_since=after(-60), new_at=after(-90), condition=condition)
    store.tell_conditions({FeedId(WIRES): condition}, ())
    assert told(store) == (condition, since)
    save(store, WIRES, condition=Condition.OK)
    assert told(store) == (condition, since)


def test_words_are_stored_with_what_they_tell(store: Store) -> None:
    ready(store)
    save(store, WIRES, failures=3, condition=FAILING)
    store.tell_conditions({FeedId(WIRES): FAILING}, [new_alert("7")])
    assert [alert.key for alert in store.alerts(None, None, 9)] == [new_alert("7").key]
    assert told(store)[0] is FAILING


def test_feeds_out_of_reach_are_counted_but_for_folders_and_what_is_paused(store: Store) -> None:
    names = [WIRES, "told", "read", "refused", "old", "paused", "inbox", "new"]
    ready(store, *names)
    store.sync_feeds(
        {FeedId(name): (feed(name, url="file:///inbox" if name == "inbox" else None), NOW) for name in names}
    )
    for name in (WIRES, "told", "paused", "inbox"):
        save(store, name, failures=1, good_at=after(-5))
    save(store, "told", failures=1, good_at=after(-2))
    save(store, "read")
    save(store, "refused", failures=1, trouble="status")
    save(store, "old", failures=1, polled_at=after(-20), good_at=None)
    store.tell_conditions({FeedId("told"): FAILING}, ())
    store.pause_feed(FeedId("paused"), FeedPause(since=NOW))
    assert store.reach(["dns", "connect"], after(-10), after(2)) == Reach(
        feeds=5, unreachable=3, tried=4, in_vain=2, untold=1, read_at=after(-2)
    )


def test_feeds_are_counted_by_how_they_are_and_paused_ones_as_that(store: Store) -> None:
    names: dict[str, dict[str, Any]] = {
        WIRES: {},
        "quiet": {"condition": Condition.QUIET},
        "silent": {"condition": Condition.SILENT},
        "once": {"failures": 1},
        "failing": {"failures": 9, "condition": FAILING},
        "blocked": {"failures": 2, "condition": Condition.BLOCKED},
        "gone": {"failures": 2, "condition": Condition.GONE},
        "paused": {"failures": 2, "condition": Condition.GONE},
        "over": {},
    }
    ready(store, *names)
    for name, state in names.items():
        save(store, name, **state)
    store.pause_feed(FeedId("paused"), FeedPause(since=NOW))
    store.pause_feed(FeedId("over"), FeedPause(since=NOW, until=after(5)))
    found = store.status(after(5))
    assert (found.feeds, found.ok, found.quiet, found.silent) == (9, 2, 1, 1)
    assert (found.failing, found.blocked, found.gone, found.paused) == (2, 1, 1, 1)


def test_gaps_audits_and_lies_are_summed_over_all_feeds_that_ever_were(store: Store) -> None:
    ready(store, WIRES, "other")
    save(store, WIRES, habits=Habits(gaps=2, audits=3, lies=1, distrusted_at=NOW.timestamp()))
    save(store, "other", habits=Habits(gaps=1, audits=1))
    store.sync_feeds({FeedId(WIRES): (feed(), NOW + timedelta(hours=1))})
    found = store.status(NOW)
    assert (found.gaps, found.audits, found.lies, found.distrusted) == (3, 4, 1, 1)
