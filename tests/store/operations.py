"""A store in the middle of its life, and the writes whose interruption is tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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
    feed,
    item_id,
    match,
    new_alert,
    poll,
    polled,
    ready,
    revision,
    sent,
)
from watcher.model import (
    AlertState,
    Condition,
    Decision,
    FeedId,
    Learned,
    Level,
    Link,
    LinkedPage,
    Origin,
    PageSaved,
    PollSaved,
    Reason,
)
from watcher.ports import Store

PAGE = LinkedPage(item=item_id("a"), feed=feed(), url="https://a.example/", wanted_at=after(16), next_at=after(16))
"""One that is wanted."""


def prepare(store: Store) -> None:
    """Two feeds; an item told on one channel, pending; two more of one story open on both; a third alert sent."""
    ready(store, WIRES, "other")
    poll(store, revision("a"))
    _tell_first_open(store)
    joined = replace(revision("c"), story=revision("b").story, link=Link(level=Level.EVENT, of=item_id("b")))
    poll(store, revision("b"), joined, channels=[DESK, PHONE], at=after(15))
    store.save_alerts([new_alert("5", channel=PHONE)], ())
    store.save_delivery(sent(new_alert("5").key))
    (state,) = (state for state in store.feeds() if state.feed.id == WIRES)
    store.save_poll(PollSaved(state=polled(state, after(16)), pages=(PAGE,)))


def grow_old(store: Store) -> None:
    """Two items to be forgotten, one of which matched."""
    poll(store, revision("told", seen_at=after(-60)), channels=[])
    poll(store, revision("x", seen_at=after(-60)), revision("told", 2, seen_at=after(-60)), rules=[])


def save_poll(store: Store) -> None:
    """New items and an edited one, two rules, two channels."""
    state = next(state for state in store.feeds() if state.feed.id == WIRES)
    revisions = (revision("d", seen_at=after(30)), revision("a", 2, seen_at=after(30)))
    matches = tuple(
        (match(one, rule), (dispatch(DESK, f"story:{one.story}"), dispatch(PHONE, f"rule:{rule.id}")))
        for one in revisions
        for rule in (QUAKE, FLOOD)
    )
    store.save_poll(PollSaved(state=polled(state, after(30)), revisions=revisions, matches=matches))


def save_page(store: Store) -> None:
    """The text of an item's page, matched by two rules."""
    came = revision("a", 2, seen_at=after(30))
    came = replace(came, item=replace(came.item, origin=Origin.PAGE))
    matches = tuple((match(came, rule), (dispatch(DESK, f"story:{came.story}"),)) for rule in (QUAKE, FLOOD))
    learned = Learned(version=1, pages=1, blocks={1: 2})
    done = replace(PAGE, tries=1, next_at=None)
    store.save_page(PageSaved(page=done, revision=came, matches=matches, learned=learned, rest_until=after(99)))


def save_baseline(store: Store) -> None:
    state = next(state for state in store.feeds() if state.feed.id == "other")
    one = revision("e", source="other", seen_at=after(30))
    matches = ((match(one), (dispatch(DESK),)),)
    store.save_poll(
        PollSaved(state=polled(state, after(30)), revisions=(one,), matches=matches, baseline=True),
    )


def save_alerts(store: Store) -> None:
    """An alert for each of two open dispatches, and the baseline told."""
    opened = store.open_dispatches(DESK, 9)
    alerts = [new_alert(digit, group=one.group, at=after(20)) for digit, one in zip("67", opened, strict=False)]
    decisions = [
        Decision(dispatch=one.id, reason=Reason.NEW, alert=alert.key)
        for one, alert in zip(opened, alerts, strict=False)
    ]
    store.save_alerts(alerts, decisions, [WIRES])


def save_delivery(store: Store) -> None:
    store.save_delivery(sent(new_alert("1").key, started=40, ended=41))


def save_failure(store: Store) -> None:
    failed = replace(sent(new_alert("1").key, started=40, ended=41), state=AlertState.PENDING, next_at=after(50))
    store.save_delivery(failed)


def save_rest(store: Store) -> None:
    """A service wants nothing for a while; one of two recipients had it; another channel gets a copy."""
    tried = replace(failed(new_alert("1").key, started=40, again=50), owed=("b@example.com",), rest_until=after(60))
    store.save_delivery(tried, [replace(new_alert("8", channel=PHONE), copy_of=new_alert("1").key)])


def tell_conditions(store: Store) -> None:
    """What is told of feeds is stored with the words: killed anywhere, each is told once."""
    told = {FeedId(WIRES): Condition.FAILING, FeedId("other"): Condition.GONE}
    store.tell_conditions(told, [new_alert("9"), new_alert("a", channel=PHONE)])


def sync_feeds(store: Store) -> None:
    wanted = [feed("new"), feed(WIRES, url="https://moved.example/feed")]
    store.sync_feeds({FeedId(one.id): (one, NOW) for one in wanted})


def sync_channels(store: Store) -> None:
    store.sync_channels([PHONE], after(60))


def split(store: Store) -> None:
    """An item with its match and two open dispatches goes into a story of its own."""
    store.split(item_id("c"), "ann", after(60))


def prune(store: Store) -> None:
    store.prune(after(-1), 9)


OPERATIONS: dict[str, Callable[[Store], None]] = {
    operation.__name__: operation
    for operation in (
        save_poll,
        save_page,
        save_baseline,
        save_alerts,
        save_delivery,
        save_failure,
        save_rest,
        tell_conditions,
        sync_feeds,
        sync_channels,
        split,
        prune,
    )
}


def _tell_first_open(store: Store) -> None:
    opened = store.open_dispatches(DESK, 1)[0]
    store.save_alerts(
        [new_alert("1", group=opened.group)],
        [Decision(dispatch=opened.id, reason=Reason.NEW, alert=new_alert("1").key)],
    )
