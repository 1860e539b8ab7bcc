"""What ports.Store promises, held against every implementation of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

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
    dispatch,
    feed,
    hash64,
    item_id,
    match,
    new_alert,
    picture,
    poll,
    polled,
    ready,
    revision,
    sent,
    tell,
    told,
)
from watcher.errors import StoreError
from watcher.model import (
    AlertKey,
    AlertKind,
    AlertState,
    ChannelName,
    Condition,
    Decision,
    Delivery,
    Fate,
    Feed,
    FeedId,
    FeedState,
    Hash64,
    Heartbeat,
    ItemId,
    Known,
    NewAlert,
    PollSaved,
    Reason,
    RuleId,
    Severity,
    Standing,
    StoryId,
    Told,
    Updates,
)
from watcher.ports import Store
from watcher.store import open_store

LEASE = timedelta(minutes=5)


def names(states: tuple[FeedState, ...]) -> list[str]:
    return [state.feed.id for state in states]


# feeds


def test_wanted_feeds_come_back_as_they_were_given_ordered_by_id(store: Store) -> None:
    given = [feed("b"), replace(feed("a"), interval=None, lang=None, tags=())]
    store.sync_feeds({one.id: (one, NOW) for one in given})
    assert store.feeds() == tuple(FeedState(feed=each, next_at=NOW, added_at=NOW) for each in reversed(given))


def test_a_feed_that_is_no_longer_wanted_is_neither_listed_nor_claimed(store: Store) -> None:
    ready(store, "a", "b")
    store.sync_feeds({FeedId("b"): (feed("b"), NOW)})
    assert names(store.feeds()) == ["b"]
    assert names(store.claim_feeds(NOW, 9, NOW + LEASE)) == ["b"]


def test_a_removed_feed_that_returns_keeps_its_history_and_is_due_again(store: Store) -> None:
    ready(store)
    saved = poll(store, revision())
    store.sync_feeds({})
    store.sync_feeds({WIRES: (feed(), after(1))})
    assert store.feeds() == (replace(saved.state, next_at=after(1)),)
    assert store.known(WIRES, [hash64("a")])


def test_wanting_the_same_feeds_again_changes_nothing(store: Store) -> None:
    ready(store)
    poll(store, revision())
    before = store.feeds()
    store.sync_feeds({WIRES: (feed(), after(1))})
    assert store.feeds() == before


def test_a_shorter_interval_brings_the_due_time_forward_and_a_longer_one_leaves_it(store: Store) -> None:
    ready(store)
    poll(store, revision())  # due in 15 minutes
    store.sync_feeds({WIRES: (feed(interval=1800.0), after(1))})
    assert store.feeds()[0].next_at == after(15)
    store.sync_feeds({WIRES: (feed(interval=60.0), after(1))})
    assert store.feeds()[0].next_at == after(1)


def test_a_due_time_is_never_put_off_by_wanting_a_feed(store: Store) -> None:
    ready(store)
    poll(store, revision())
    store.sync_feeds({WIRES: (feed(interval=60.0), after(99))})
    assert store.feeds()[0].next_at == after(15)


def test_a_feed_that_moved_keeps_its_history_but_not_what_the_old_server_said(store: Store) -> None:
    ready(store)
    saved = poll(store, revision())
    moved = feed(url="https://elsewhere.example/feed")
    store.sync_feeds({WIRES: (moved, after(1))})
    expected = replace(saved.state, feed=moved, etag=None, last_modified=None, body_hash=None, next_at=after(1))
    assert store.feeds() == (expected,)


def test_due_feeds_are_claimed_longest_due_first_up_to_the_limit(store: Store) -> None:
    times = {"late": after(-1), "later": after(-9), "latest": after(-30), "early": after(1)}
    store.sync_feeds({FeedId(name): (feed(name), due) for name, due in times.items()})
    assert names(store.claim_feeds(NOW, 2, NOW + LEASE)) == ["latest", "later"]
    assert names(store.claim_feeds(NOW, 2, NOW + LEASE)) == ["late"]


def test_overdue_feeds_are_spread_longest_due_first_each_by_its_part_of_the_time(store: Store) -> None:
    times = {"late": after(-1), "later": after(-9), "latest": after(-30), "early": after(1), "held": after(-60)}
    store.sync_feeds({FeedId(name): (feed(name), due) for name, due in times.items()})
    store.claim_feeds(NOW, 1, NOW + LEASE)
    store.sync_feeds({**{state.feed.id: (state.feed, NOW) for state in store.feeds()}, **_folder(after(-90))})
    assert store.spread_overdue(NOW, 0.5, 60.0) == 3
    due = {state.feed.id: state.next_at - NOW for state in store.feeds() if state.next_at}
    spread = {name: due[FeedId(name)] / timedelta(seconds=1) for name in ("latest", "later", "late")}
    assert spread == {"latest": 0, "later": 0.5, "late": 1.0}
    assert [due[FeedId(name)] for name in ("early", "held", "folder")] == [
        timedelta(minutes=minutes) for minutes in (1, -60, -90)
    ]
    assert store.spread_overdue(after(1), 100.0, 9.0) == 4
    due = {state.feed.id: state.next_at - after(1) for state in store.feeds() if state.next_at}
    assert sorted(due[FeedId(name)].total_seconds() for name in times if name != "held") == [0, 2.25, 4.5, 6.75]


def _folder(due: datetime) -> dict[FeedId, tuple[Feed, datetime]]:
    return {FeedId("folder"): (Feed(id=FeedId("folder"), url="file:///srv/seeds"), due)}


def test_a_claimed_feed_is_held_until_its_lease_runs_out(store: Store) -> None:
    ready(store)
    assert store.claim_feeds(NOW, 1, NOW + LEASE)
    assert not store.claim_feeds(NOW + LEASE / 2, 1, NOW + LEASE)
    assert store.claim_feeds(NOW + LEASE, 1, NOW + LEASE * 2)


def test_one_feed_of_a_site_is_claimed_at_a_time_however_many_are_due(store: Store) -> None:
    crowd = [feed(f"blog{n}", url=f"https://blog{n}.crowd.example/feed") for n in range(9)]
    store.sync_feeds({one.id: (one, after(n - 30)) for n, one in enumerate([*crowd, feed("other")])})
    claims = [names(store.claim_feeds(NOW, 5, NOW + LEASE)) for _ in range(3)]
    assert claims == [["blog0"], ["other"], []]
    store.save_poll(PollSaved(state=polled(store.feeds()[0])))
    assert names(store.claim_feeds(NOW, 5, NOW + LEASE)) == ["blog1"]


def test_folders_do_not_wait_for_each_other(store: Store) -> None:
    store.sync_feeds({FeedId(name): (feed(name, url=f"file:///news/{name}"), NOW) for name in ("in", "out")})
    assert names(store.claim_feeds(NOW, 5, NOW + LEASE)) == ["in", "out"]


def test_saving_a_poll_gives_the_lease_back(store: Store) -> None:
    ready(store)
    state = store.claim_feeds(NOW, 1, NOW + LEASE)[0]
    store.save_poll(PollSaved(state=replace(state, next_at=NOW)))
    assert store.claim_feeds(NOW, 1, NOW + LEASE)


def test_releasing_leases_frees_feeds_and_alerts(store: Store) -> None:
    ready(store)
    store.save_alerts([new_alert()], ())
    store.claim_feeds(NOW, 1, NOW + LEASE)
    store.claim_alert(DESK, NOW, NOW + LEASE)
    store.release_leases(NOW)
    assert store.claim_feeds(NOW, 1, NOW + LEASE)
    assert store.claim_alert(DESK, NOW, NOW + LEASE)


def test_what_a_clock_ahead_of_its_time_planned_is_due_when_it_was_put_back(store: Store) -> None:
    states = ready(store, "polled", "waiting")
    later = after(60 * 24 * 365)
    store.save_poll(PollSaved(state=polled(states[FeedId("polled")], later)))
    store.save_poll(PollSaved(state=replace(polled(states[FeedId("waiting")], NOW), next_at=after(30))))
    tries = {"1": later, "2": NOW}
    for key, at in tries.items():
        store.save_alerts([new_alert(key)], ())
        late = replace(sent(new_alert(key).key), started_at=at, state=AlertState.PENDING, next_at=at + LEASE)
        store.save_delivery(late)
    store.release_leases(after(1))
    assert names(store.claim_feeds(after(1), 9, after(6))) == ["polled"]
    claimed = store.claim_alert(DESK, after(1), after(6))
    assert claimed
    assert claimed.key == new_alert("1").key
    assert store.claim_alert(DESK, after(1), after(6)) is None


def test_next_due_is_the_earliest_of_feeds_and_pending_alerts_that_nobody_holds(store: Store) -> None:
    assert store.next_due() is None
    store.sync_feeds({WIRES: (feed(), after(5))})
    assert store.next_due() == after(5)
    store.save_alerts([new_alert(at=after(2))], ())
    assert store.next_due() == after(2)
    store.claim_alert(DESK, after(2), after(7))
    assert store.next_due() == after(5)
    store.claim_feeds(after(5), 1, after(9))
    assert store.next_due() is None


def test_a_failed_poll_changes_what_it_says_and_nothing_else(store: Store) -> None:
    ready(store)
    poll(store, revision())
    before = store.feeds()[0]
    failed = replace(before, polls=2, failures=1, error="no route", next_at=after(30), polled_at=after(15))
    store.save_poll(PollSaved(state=failed))
    assert store.feeds() == (failed,)


def test_every_field_of_a_feeds_state_is_kept(store: Store) -> None:
    state = polled(ready(store)[WIRES])
    full = replace(state, failures=3, error="gone", moved_to="https://new.example/feed", moved_polls=2)
    store.save_poll(PollSaved(state=full))
    assert store.feeds() == (full,)
    assert store.claim_feeds(after(15), 1, after(20)) == (full,)


def test_a_poll_does_not_change_how_its_owner_wants_the_feed(store: Store) -> None:
    state = ready(store)[WIRES]
    wanted = feed(interval=60.0)
    store.sync_feeds({WIRES: (wanted, NOW)})
    store.save_poll(PollSaved(state=polled(state)))
    assert store.feeds()[0].feed == wanted


def test_a_feed_that_changed_while_it_was_polled_is_due_again_at_once(store: Store) -> None:
    state = ready(store)[WIRES]
    store.sync_feeds({WIRES: (feed(interval=60.0), NOW)})
    store.save_poll(PollSaved(state=polled(state, after(1))))
    stored = store.feeds()[0]
    assert (stored.next_at, stored.etag) == (after(1), '"tag"')


def test_what_the_old_server_said_while_a_feed_moved_is_not_taken_for_the_new_ones_word(store: Store) -> None:
    state = ready(store)[WIRES]
    store.sync_feeds({WIRES: (feed(url="https://elsewhere.example/feed"), NOW)})
    store.save_poll(PollSaved(state=polled(state, after(1)), revisions=(revision(),)))
    stored = store.feeds()[0]
    assert (stored.next_at, stored.etag, stored.last_modified, stored.body_hash) == (after(1), None, None, None)
    assert stored.entry_hashes == polled(state).entry_hashes
    assert store.revision(revision().item.id) == revision()


# items and revisions


def test_a_revision_comes_back_as_it_was_saved(store: Store) -> None:
    ready(store)
    one = revision()
    poll(store, one)
    assert store.revision(one.item.id) == one
    assert store.revision(one.item.id, 1) == one


def test_text_without_anything_around_it_comes_back_as_it_was_saved(store: Store) -> None:
    ready(store)
    full = revision()
    bare = replace(
        full,
        item=replace(
            full.item,
            raw=full.item.text,
            url=None,
            canonical=None,
            blocks=(),
            authors=(),
            tags=(),
            lang=None,
            published=None,
            updated=None,
        ),
    )
    poll(store, bare)
    assert store.revision(bare.item.id) == bare


def test_the_latest_revision_is_given_unless_one_is_named(store: Store) -> None:
    ready(store)
    first, second = revision(number=1), revision(number=2, seen_at=after(15))
    poll(store, first)
    poll(store, second, at=after(15))
    assert store.revision(first.item.id) == second
    assert store.revision(first.item.id, 1) == first
    assert store.revision(first.item.id, 3) is None
    assert store.revision(ItemId("0" * 16)) is None


def test_known_tells_the_latest_revision_of_what_was_seen_in_that_feed(store: Store) -> None:
    ready(store, WIRES, "other")
    poll(store, revision("a"), revision("b"))
    poll(store, revision("a", 2), at=after(15))
    keys = [hash64("a"), hash64("b"), hash64("c")]
    assert store.known(WIRES, keys) == {
        hash64("a"): Known(item=item_id("a"), fingerprint=hash64("a2"), revision=2, story=StoryId("story-a")),
        hash64("b"): Known(item=item_id("b"), fingerprint=hash64("b1"), revision=1, story=StoryId("story-b")),
    }
    assert store.known(FeedId("other"), keys) == {}
    assert store.known(WIRES, []) == {}


def test_two_revisions_of_an_item_may_come_in_one_poll(store: Store) -> None:
    ready(store)
    poll(store, revision(number=1), revision(number=2))
    assert [record.match.revision for record in store.records(item_id("a"))] == [1, 2]
    assert store.known(WIRES, [hash64("a")])[hash64("a")].revision == 2


def test_saving_a_poll_twice_changes_nothing_more(store: Store) -> None:
    ready(store)
    saved = poll(store, revision("a"), revision("b"), rules=[QUAKE, FLOOD], channels=[DESK, PHONE])
    before = picture(store)
    store.save_poll(saved)
    assert picture(store) == before


def test_saving_a_decided_poll_again_opens_nothing(store: Store) -> None:
    ready(store)
    saved = poll(store, revision())
    tell(store, new_alert())
    store.save_poll(saved)
    assert store.open_dispatches(DESK, 9) == ()


def test_saving_an_older_poll_again_does_not_turn_an_item_back(store: Store) -> None:
    ready(store)
    old = poll(store, revision(number=1))
    poll(store, revision(number=2), at=after(15))
    store.save_poll(old)
    assert store.revision(item_id("a")) == revision(number=2)
    assert store.known(WIRES, [hash64("a")])[hash64("a")].revision == 2


def test_a_poll_of_a_feed_that_was_never_wanted_is_refused_whole(store: Store) -> None:
    ready(store)
    stray = revision(source="stray")
    with pytest.raises(KeyError, match="stray"):
        store.save_poll(PollSaved(state=FeedState(feed=feed("stray")), revisions=(stray,)))
    assert store.revision(stray.item.id) is None


def test_a_match_of_a_revision_that_is_not_there_is_refused_whole(store: Store) -> None:
    state = ready(store)[WIRES]
    one, absent = revision("a"), revision("b")
    with pytest.raises(Exception, match=r"(?i)null"):
        store.save_poll(PollSaved(state=state, revisions=(one,), matches=((match(absent), (dispatch(),)),)))
    assert store.revision(one.item.id) is None


# rules and channels


def test_a_rule_version_is_kept_for_good(store: Store) -> None:
    full = replace(QUAKE, severity=Severity.CRITICAL, notify=("desk",), updates=Updates.IGNORE, file="a.yaml", line=7)
    store.sync_rules([full], NOW)
    store.sync_rules([replace(full, hash="h-edited", expression="quakes")], after(1))
    assert store.rule_version("h-quake") == full
    assert store.rule_version("h-edited") == replace(full, hash="h-edited", expression="quakes")
    assert store.rule_version("never") is None


def test_the_live_version_of_a_rule_is_the_one_last_synced(store: Store) -> None:
    assert store.live_rule(QUAKE.id) is None
    store.sync_rules([QUAKE, FLOOD], NOW)
    assert store.live_rule(QUAKE.id) == QUAKE
    edited = replace(QUAKE, hash="h-edited", expression="quakes")
    store.sync_rules([edited], after(1))
    assert store.live_rule(QUAKE.id) == edited
    assert store.live_rule(FLOOD.id) is None


def test_a_rule_version_is_kept_with_the_words_it_was_last_given(store: Store) -> None:
    renamed = replace(QUAKE, title="Quakes", line=9)
    for rules in ([QUAKE, FLOOD], [renamed, FLOOD], [], [renamed], [QUAKE]):
        store.sync_rules(rules, NOW)
        for rule in rules:
            assert store.rule_version(rule.hash) == rule


def test_a_removed_channel_has_its_dispatches_closed_and_its_alerts_buried_with_a_word(store: Store) -> None:
    ready(store)
    poll(store, revision("a"), channels=[PHONE])
    tell(store, new_alert("1", channel=PHONE))
    poll(store, revision("b"), channels=[DESK, PHONE], at=after(15))
    assert store.sync_channels([DESK], after(20)) == 2
    closed = [d for record in store.records(item_id("b")) for d in record.dispatches if d.channel == PHONE]
    assert [d.reason for d in closed] == [Reason.CHANNEL_REMOVED]
    dead = store.alert(AlertKey("1" * 32))
    assert dead
    assert dead.state is AlertState.DEAD
    assert store.deliveries(dead.key) == (
        Delivery(
            alert=dead.key,
            started_at=after(20),
            ended_at=after(20),
            state=AlertState.DEAD,
            detail=Reason.CHANNEL_REMOVED.sentence,
        ),
    )
    assert store.channels_with_open() == (DESK,)


def test_what_work_under_way_brings_to_a_removed_channel_is_closed_and_buried_too(store: Store) -> None:
    ready(store)
    poll(store, revision("1"), channels=[DESK, PHONE])
    late = store.open_dispatches(PHONE, 9)
    store.sync_channels([DESK], after(1))
    poll(store, revision("2"), channels=[DESK, PHONE], at=after(2))
    store.save_alerts([new_alert("1", channel=PHONE)], [Decision(dispatch=late[0].id, reason=Reason.NEW)])
    assert (store.channels_with_open(), store.channels_due(after(9))) == ((DESK,), ())
    assert store.status(after(9)).outbox[AlertState.DEAD] == 1
    assert store.status(after(9)).dispatches[Reason.CHANNEL_REMOVED.fate] == 2


def test_words_that_a_delivery_brings_to_a_removed_channel_are_buried_too(store: Store) -> None:
    ready(store)
    store.save_alerts([new_alert("1")], ())
    store.sync_channels([DESK], after(1))
    store.save_delivery(sent(new_alert("1").key), [new_alert("2", channel=PHONE)])
    assert store.channels_due(after(9)) == ()
    assert store.status(after(9)).outbox[AlertState.DEAD] == 1


def test_naming_the_same_channels_again_changes_nothing(store: Store) -> None:
    ready(store)
    poll(store, revision(), channels=[DESK, PHONE])
    store.sync_channels([DESK], NOW)
    before = picture(store)
    assert store.sync_channels([DESK], after(1)) == 0
    assert picture(store) == before


def test_an_alert_sent_while_its_channel_was_removed_counts_as_sent(store: Store) -> None:
    ready(store)
    store.save_alerts([new_alert()], ())
    store.claim_alert(DESK, NOW, NOW + LEASE)
    store.sync_channels([], after(1))
    store.save_delivery(sent(new_alert().key, started=0, ended=2))
    alert = store.alert(new_alert().key)
    assert alert
    assert alert.state is AlertState.SENT


# matches to alerts


def test_open_dispatches_come_oldest_first_with_all_that_a_decision_needs(store: Store) -> None:
    ready(store)
    first, second = revision("a"), revision("b")
    poll(store, first, second, channels=[DESK, PHONE])
    opened = store.open_dispatches(DESK, 9)
    assert [one.item for one in opened] == [first.item.id, second.item.id]
    one = opened[0]
    assert (one.channel, one.group, one.rule, one.revision) == (DESK, "story:story-a", QUAKE.id, 1)
    assert (one.story, one.canonical, one.seen_at) == (first.story, first.item.canonical, first.seen_at)
    assert (one.severity, one.updates) == (Severity.HIGH, Updates.ALERT)
    assert (one.reason, one.alert) == (Reason.WAITING, None)
    assert store.open_dispatches(DESK, 1) == opened[:1]
    assert store.channels_with_open() == (DESK, PHONE)


def test_a_decided_dispatch_is_closed_and_points_at_its_alert(store: Store) -> None:
    ready(store)
    poll(store, revision())
    tell(store, new_alert())
    assert store.open_dispatches(DESK, 9) == ()
    assert store.channels_with_open() == ()
    decided = store.records(item_id("a"))[0].dispatches[0]
    assert (decided.reason, decided.alert) == (Reason.NEW, new_alert().key)


def test_a_decision_once_made_stays(store: Store) -> None:
    ready(store)
    poll(store, revision())
    decided = tell(store, new_alert())[0]
    store.save_alerts([], [replace(decided, reason=Reason.SAME_ITEM)])
    assert store.records(item_id("a"))[0].dispatches[0].reason is Reason.NEW


def test_a_dispatch_keeps_each_change_of_its_reason_with_its_time(store: Store) -> None:
    ready(store)
    poll(store, revision())
    opened = store.open_dispatches(DESK, 9)
    for minute, reason in enumerate([Reason.QUIET_HOURS, Reason.QUIET_HOURS, Reason.OVER_CAP]):
        store.save_alerts([], [Decision(dispatch=opened[0].id, reason=reason)], at=after(minute))
    assert store.open_dispatches(DESK, 9)[0].trail == ()
    listed = Decision(dispatch=opened[0].id, reason=Reason.LISTED, alert=new_alert().key)
    store.save_alerts([new_alert(at=after(3))], [listed], at=after(3))
    store.save_alerts([new_alert(at=after(3))], [listed], at=after(4))
    found = store.records(item_id("a"))[0].dispatches[0]
    assert found.trail == (
        (after(0), Reason.QUIET_HOURS),
        (after(2), Reason.OVER_CAP),
        (after(3), Reason.LISTED),
    )


def test_what_was_decided_without_a_time_has_no_trail(store: Store) -> None:
    ready(store)
    poll(store, revision())
    tell(store, new_alert())
    assert store.records(item_id("a"))[0].dispatches[0].trail == ()


def test_the_trail_of_what_waited_on_a_removed_channel_ends_with_that(store: Store) -> None:
    ready(store)
    poll(store, revision(), channels=[PHONE])
    (held,) = store.open_dispatches(PHONE, 9)
    store.save_alerts([], [Decision(dispatch=held.id, reason=Reason.THROTTLED)], at=after(1))
    store.sync_channels([DESK], after(2))
    found = store.records(item_id("a"))[0].dispatches[0]
    assert found.trail == ((after(1), Reason.THROTTLED), (after(2), Reason.CHANNEL_REMOVED))


def test_saving_alerts_twice_changes_nothing_more(store: Store) -> None:
    ready(store)
    poll(store, revision())
    decisions = tell(store, new_alert())
    store.save_delivery(sent(new_alert().key))
    before = picture(store)
    store.save_alerts([replace(new_alert(), title="other words")], decisions)
    assert picture(store) == before


def test_a_decision_that_names_no_stored_alert_is_refused_whole(store: Store) -> None:
    ready(store)
    poll(store, revision())
    opened = store.open_dispatches(DESK, 9)
    decision = Decision(dispatch=opened[0].id, reason=Reason.NEW, alert=AlertKey("f" * 32))
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        store.save_alerts([new_alert()], [decision])
    assert store.open_dispatches(DESK, 9) == opened
    assert store.alert(new_alert().key) is None


def test_told_lists_what_alerts_have_told_of_these_groups_on_this_channel(store: Store) -> None:
    ready(store)
    poll(store, revision("a"), channels=[DESK, PHONE])
    tell(store, new_alert("1"))
    tell(store, new_alert("2", channel=PHONE))
    poll(store, revision("b"), at=after(15))
    tell(store, new_alert("3", group="story:story-b"))
    known = Told(
        group="story:story-a",
        rule=QUAKE.id,
        item=item_id("a"),
        revision=1,
        canonical="https://example.com/a",
        alert=AlertKey("1" * 32),
        at=NOW,
        severity=Severity.HIGH,
    )
    assert told(store, asking("story:story-a"), asking("story:none")) == (known,)
    assert [str(one.alert)[0] for one in told(store, asking("story:story-b"), asking("story:story-a"))] == [
        "1",
        "3",
    ]


def test_told_also_finds_the_same_item_and_the_same_address_in_another_group(store: Store) -> None:
    ready(store)
    poll(store, revision("a"))
    tell(store, new_alert("1"))
    (by_item,) = told(store, asking("feed:elsewhere", "a"))
    (by_address,) = told(store, asking("feed:elsewhere", canonical="https://example.com/a"))
    assert by_item == by_address
    assert told(store, asking("feed:elsewhere", canonical="https://example.com/b")) == ()


def test_what_was_merged_into_an_alert_is_not_told_by_it(store: Store) -> None:
    ready(store)
    poll(store, revision("a"))
    tell(store, new_alert("1"))
    poll(store, revision("a", 2), at=after(15))
    opened = store.open_dispatches(DESK, 9)
    store.save_alerts([], [Decision(dispatch=opened[0].id, reason=Reason.UPDATE_IGNORED, alert=new_alert("1").key)])
    assert [one.revision for one in told(store, asking("story:story-a", "a"))] == [1]
    alert = store.alert(new_alert("1").key)
    assert alert
    assert [one.revision for one in alert.items] == [1]


def test_what_a_dead_alert_told_counts_as_told(store: Store) -> None:
    ready(store)
    poll(store, revision("a"))
    tell(store, new_alert("1"))
    store.save_delivery(replace(sent(new_alert("1").key), state=AlertState.DEAD))
    assert len(told(store, asking("story:story-a", "a"))) == 1


def test_what_was_baseline_is_known_of_its_item_and_told_by_no_alert(store: Store) -> None:
    ready(store)
    poll(store, revision("a"), baseline=True)
    (known,) = told(store, asking("story:elsewhere", "a"))
    assert (known.item, known.revision, known.alert) == (item_id("a"), 1, None)
    assert told(store, asking("story:story-a", "b", canonical="https://example.com/a")) == ()


def test_matches_of_a_baseline_wait_for_nothing(store: Store) -> None:
    ready(store)
    poll(store, revision("a"), baseline=True)
    assert store.open_dispatches(DESK, 9) == ()
    assert store.records(item_id("a"))[0].dispatches[0].reason is Reason.BASELINE


def test_matches_that_are_saved_by_themselves_are_open_and_so_is_what_was_baseline(store: Store) -> None:
    ready(store)
    old, late, told_of = revision("a"), revision("b", seen_at=after(1)), revision("c", seen_at=after(2))
    poll(store, old, baseline=True)
    poll(store, late, rules=[], at=after(1))
    poll(store, told_of, at=after(2))
    tell(store, new_alert())
    matches = [(match(seen), (dispatch(DESK), dispatch(PHONE))) for seen in (old, late, told_of)]
    for _ in range(2):
        store.save_matches(matches)
        assert [(d.item, d.reason) for d in store.open_dispatches(DESK, 9)] == [
            (item_id("a"), Reason.WAITING),
            (item_id("b"), Reason.WAITING),
        ]
    (opened,) = store.open_dispatches(PHONE, 9)
    assert (opened.item, opened.seen_at, opened.group) == (item_id("b"), after(1), "story:a")
    assert [d.reason for d in store.records(item_id("c"))[0].dispatches] == [Reason.NEW]
    assert not store.audit().flaws


def test_the_baseline_summary_counts_feeds_items_and_matches_until_it_is_told(store: Store) -> None:
    ready(store, WIRES, "other", "slow")
    poll(store, revision("a"), revision("b"), rules=[QUAKE, FLOOD], baseline=True)
    poll(store, revision("c", source="other"), rules=[], baseline=True)
    summary = store.baseline_summary()
    assert (summary.feeds, summary.waiting, summary.items, summary.matched) == ((FeedId("other"), WIRES), 1, 3, 2)
    assert summary.latest == (("Title of b", "Earthquakes"), ("Title of a", "Earthquakes"))
    store.save_alerts([new_alert()], (), summary.feeds)
    left = store.baseline_summary()
    assert (left.feeds, left.waiting, left.items, left.matched, left.latest) == ((), 1, 0, 0, ())


def test_the_baseline_summary_shows_the_ten_newest_by_publication(store: Store) -> None:
    ready(store)
    aged = [revision(f"n{n:02}") for n in range(12)]
    dated = [replace(one, item=replace(one.item, published=after(-n))) for n, one in enumerate(aged)]
    poll(store, *dated, baseline=True)
    assert [title for title, _ in store.baseline_summary().latest] == [f"Title of n{n:02}" for n in range(10)]


def test_a_feed_that_failed_is_not_waited_for(store: Store) -> None:
    state = ready(store)[WIRES]
    assert store.baseline_summary().waiting == 1
    store.save_poll(PollSaved(state=replace(state, failures=1, error="refused")))
    assert store.baseline_summary().waiting == 0


def test_a_baseline_told_is_not_told_again_by_a_repeated_poll(store: Store) -> None:
    ready(store)
    saved = poll(store, revision("a"), baseline=True)
    store.save_alerts([], (), [WIRES])
    store.save_poll(saved)
    assert store.baseline_summary().feeds == ()


# outbox


def test_the_oldest_due_alert_of_the_channel_is_claimed_and_held(store: Store) -> None:
    others = [new_alert("2", group="story:story-b"), new_alert("3", channel=PHONE)]
    store.save_alerts([new_alert("1"), *others], ())
    assert store.channels_due(after(-1)) == ()
    assert store.channels_due(NOW) == (DESK, PHONE)
    claimed = [store.claim_alert(DESK, NOW, NOW + LEASE) for _ in range(3)]
    assert [alert and alert.key[0] for alert in claimed] == ["1", "2", None]
    assert store.channels_due(NOW) == (PHONE,)
    again = store.claim_alert(DESK, NOW + LEASE, NOW + LEASE * 2)
    assert again
    assert again.key[0] == "1"


def test_a_claimed_alert_says_all_there_is_to_say(store: Store) -> None:
    ready(store)
    one, two = revision("a"), revision("b")
    poll(store, one, two, rules=[QUAKE, FLOOD])
    tell(store, new_alert())
    alert = store.claim_alert(DESK, NOW, NOW + LEASE)
    assert alert
    assert (alert.channel, alert.group, alert.kind) == (DESK, "story:story-a", AlertKind.MATCH)
    assert (alert.severity, alert.created_at, alert.next_at) == (Severity.HIGH, NOW, NOW)
    assert (alert.state, alert.attempts, alert.sent_at) == (AlertState.PENDING, 0, None)
    assert [told.item for told in alert.items] == [one.item, two.item]
    told = alert.items[0]
    assert (told.revision, told.seen_at) == (1, one.seen_at)
    assert told.rules == ((QUAKE.id, "Earthquakes"), (FLOOD.id, "Floods"))
    assert told.evidence == (*match(one, QUAKE).evidence, *match(one, FLOOD).evidence)
    assert store.alert(alert.key) == alert


def test_an_item_is_told_as_a_denial_where_it_is_one_to_every_rule_that_tells_it(store: Store) -> None:
    state = ready(store)[WIRES]
    one, two = revision("a"), revision("b")
    found = [(one, QUAKE, True), (two, QUAKE, True), (two, FLOOD, False)]
    matches = tuple((replace(match(of, rule), denial=denial), (dispatch(),)) for of, rule, denial in found)
    store.save_poll(PollSaved(state=polled(state), revisions=(one, two), matches=matches))
    tell(store, new_alert())
    alert = store.alert(new_alert().key)
    assert alert
    assert [told.denial for told in alert.items] == [True, False]
    assert [told.denied for told in alert.items] == [(QUAKE.id,), (QUAKE.id,)]
    assert [record.match.denial for record in store.records(two.item.id)] == [True, False]


def test_an_alert_tells_the_revision_that_matched_not_the_latest(store: Store) -> None:
    ready(store)
    first = revision(number=1)
    poll(store, first)
    tell(store, new_alert())
    poll(store, revision(number=2), rules=[], at=after(15))
    alert = store.alert(new_alert().key)
    assert alert
    assert [(told.item, told.revision) for told in alert.items] == [(first.item, 1)]


def test_a_notice_has_its_own_words(store: Store) -> None:
    notice = NewAlert(
        key=AlertKey("e" * 32),
        channel=DESK,
        group="notice:start",
        kind=AlertKind.NOTICE,
        severity=Severity.INFO,
        created_at=NOW,
        title="40 feeds",
        body="and what follows",
    )
    store.save_alerts([notice], ())
    alert = store.claim_alert(DESK, NOW, NOW + LEASE)
    assert alert
    assert (alert.kind, alert.title, alert.body, alert.items) == (AlertKind.NOTICE, "40 feeds", "and what follows", ())


def test_an_alert_is_sent_once_the_channel_accepted_it(store: Store) -> None:
    store.save_alerts([new_alert()], ())
    store.claim_alert(DESK, NOW, NOW + LEASE)
    store.save_delivery(sent(new_alert().key))
    alert = store.alert(new_alert().key)
    assert alert
    assert (alert.state, alert.attempts, alert.sent_at, alert.next_at) == (AlertState.SENT, 1, after(2), None)
    assert store.claim_alert(DESK, after(99), after(100)) is None
    assert store.deliveries(alert.key) == (sent(alert.key),)


def test_an_alert_that_was_not_accepted_is_due_again_when_its_delivery_says(store: Store) -> None:
    store.save_alerts([new_alert()], ())
    store.claim_alert(DESK, NOW, NOW + LEASE)
    failed = replace(sent(new_alert().key), state=AlertState.PENDING, detail="503", next_at=after(10))
    store.save_delivery(failed)
    assert store.claim_alert(DESK, after(9), after(20)) is None
    alert = store.claim_alert(DESK, after(10), after(20))
    assert alert
    assert (alert.state, alert.attempts, alert.sent_at) == (AlertState.PENDING, 1, None)
    assert store.deliveries(alert.key) == (failed,)


def test_saving_a_delivery_twice_changes_nothing_more(store: Store) -> None:
    store.save_alerts([new_alert()], ())
    delivery = replace(sent(new_alert().key), state=AlertState.PENDING, next_at=after(10))
    store.save_delivery(delivery)
    before = picture(store)
    store.save_delivery(delivery)
    assert picture(store) == before


def test_the_words_about_a_delivery_come_with_it_or_not_at_all(store: Store) -> None:
    ready(store)
    store.save_alerts([new_alert()], ())
    dead = replace(sent(new_alert().key), state=AlertState.DEAD)
    store.save_delivery(dead, [new_alert("2", channel=PHONE)])
    store.save_delivery(dead, [new_alert("3", channel=PHONE)])  # the same try, recorded before
    assert [one.key for one in store.alerts(None, AlertState.PENDING, 9)] == [new_alert("2").key]


def test_a_dead_alert_is_sent_again_only_when_asked(store: Store) -> None:
    store.save_alerts([new_alert()], ())
    store.save_delivery(replace(sent(new_alert().key), state=AlertState.DEAD, detail="404"))
    assert store.channels_due(after(99)) == ()
    store.resend(new_alert().key, after(99))
    alert = store.claim_alert(DESK, after(99), after(100))
    assert alert
    assert (alert.state, alert.attempts, alert.next_at) == (AlertState.PENDING, 0, after(99))


def test_an_alert_sent_again_keeps_the_time_it_was_first_accepted(store: Store) -> None:
    store.save_alerts([new_alert()], ())
    store.save_delivery(sent(new_alert().key))
    store.resend(new_alert().key, after(99))
    store.save_delivery(sent(new_alert().key, started=100, ended=101))
    alert = store.alert(new_alert().key)
    assert alert
    assert (alert.state, alert.sent_at) == (AlertState.SENT, after(2))
    assert len(store.deliveries(alert.key)) == 2


def test_asking_to_send_a_pending_alert_again_leaves_it_with_whoever_holds_it(store: Store) -> None:
    store.save_alerts([new_alert()], ())
    store.claim_alert(DESK, NOW, NOW + LEASE)
    store.resend(new_alert().key, NOW)
    assert store.claim_alert(DESK, NOW, NOW + LEASE) is None


# looking


def test_alerts_are_listed_newest_first_by_time_and_state(store: Store) -> None:
    store.save_alerts([new_alert("1", at=after(1)), new_alert("2", at=after(2)), new_alert("3", at=after(3))], ())
    store.save_delivery(sent(AlertKey("2" * 32)))
    assert [alert.key[0] for alert in store.alerts(None, None, 9)] == ["3", "2", "1"]
    assert [alert.key[0] for alert in store.alerts(None, None, 2)] == ["3", "2"]
    assert [alert.key[0] for alert in store.alerts(after(2), None, 9)] == ["3", "2"]
    assert [alert.key[0] for alert in store.alerts(None, AlertState.SENT, 9)] == ["2"]


def test_alerts_are_found_by_the_beginning_of_their_key(store: Store) -> None:
    store.save_alerts([replace(new_alert(), key=AlertKey(f"ab{n:030x}")) for n in range(12)], ())
    store.save_alerts([new_alert("c")], ())
    assert store.find_alert("C") == (AlertKey("c" * 32),)
    assert store.find_alert("ab0") == tuple(AlertKey(f"ab{n:030x}") for n in range(10))
    assert store.find_alert("%") == ()


def test_items_are_found_by_the_beginning_of_their_id_and_by_their_addresses(store: Store) -> None:
    ready(store)
    one = revision("a")
    poll(store, one, revision("b"))
    assert store.find_item(one.item.id) == (one.item.id,)
    assert store.find_item(one.item.id[:9].upper()) == (one.item.id,)
    assert one.item.url
    assert one.item.canonical
    assert store.find_item(one.item.url) == (one.item.id,)
    assert store.find_item(one.item.canonical) == (one.item.id,)
    assert store.find_item("https://example.com/") == ()
    assert len(store.find_item("")) == 2


def test_an_item_without_tracking_in_its_address_is_found_by_it(store: Store) -> None:
    ready(store)
    one = revision("a")
    clean = replace(one, item=replace(one.item, url=one.item.canonical))
    poll(store, clean)
    assert store.find_item("https://example.com/a") == (clean.item.id,)


def test_records_list_an_items_matches_in_the_order_they_came(store: Store) -> None:
    ready(store)
    one = revision("a")
    poll(store, one, rules=[QUAKE, FLOOD], channels=[DESK, PHONE])
    records = store.records(one.item.id)
    assert [record.match for record in records] == [match(one, QUAKE), match(one, FLOOD)]
    assert [record.matched_at for record in records] == [one.seen_at] * 2
    assert [[d.channel for d in record.dispatches] for record in records] == [[DESK, PHONE]] * 2
    assert store.records(one.item.id, FLOOD.id) == records[1:]
    assert store.records(one.item.id, RuleId("none")) == ()


def found(store: Store, *any_of: set[str], since: float | None = None, limit: int = 99) -> list[str]:
    moment = None if since is None else after(since)
    revisions = store.search([frozenset(terms) for terms in any_of], moment, limit)
    return [f"{one.item.title[-1]}{one.number}" for one in revisions]


@pytest.fixture
def library(store: Store) -> Store:
    """Three items, the first of them edited."""
    ready(store)
    poll(store, revision("a", text="The flood reached Delvast"), at=NOW)
    poll(store, revision("b", text="A quake shook Delvast", seen_at=after(1)), at=after(1))
    poll(store, revision("c", text="Nothing to report", seen_at=after(2)), at=after(2))
    poll(store, revision("a", 2, text="The storm left Delvast", seen_at=after(3)), at=after(3))
    return store


def test_search_without_terms_gives_latest_revisions_newest_first(library: Store) -> None:
    assert found(library) == ["a2", "c1", "b1"]
    assert found(library, limit=2) == ["a2", "c1"]
    assert found(library, since=2) == ["a2", "c1"]
    assert found(library, since=4) == []


def test_search_wants_a_term_of_each_set_in_the_latest_revision(library: Store) -> None:
    assert found(library, {"delvast"}) == ["a2", "b1"]
    assert found(library, {"delvast"}, {"quake", "storm"}) == ["a2", "b1"]
    assert found(library, {"delvast"}, {"quake"}) == ["b1"]
    assert found(library, {"delvast"}, since=2) == ["a2"]
    assert found(library, {"delvast"}, limit=1) == ["a2"]
    assert found(library, {"flood"}) == []
    assert found(library, {"delvast"}, set()) == []


def any_of(store: Store, *asked: list[set[str]], since: float | None = None) -> list[str]:
    moment = None if since is None else after(since)
    questions = [[frozenset(terms) for terms in sets] for sets in asked]
    return [f"{one.item.title[-1]}{one.number}" for one in store.search_any(questions, moment)]


def test_a_search_for_any_of_many_gives_each_latest_revision_once_newest_first(library: Store) -> None:
    assert any_of(library, [{"delvast"}], [{"quake"}], [{"quake", "storm"}, {"delvast"}]) == ["a2", "b1"]
    assert any_of(library, [{"quake"}], [{"flood"}]) == ["b1"]
    assert any_of(library, [{"quake"}], []) == ["a2", "c1", "b1"]
    assert any_of(library, [{"quake"}], [], since=2) == ["a2", "c1"]
    assert any_of(library, [{"delvast"}], since=4) == []
    assert any_of(library, [set()], [{"delvast"}, set()]) == []
    assert any_of(library) == []


def test_a_search_since_a_time_finds_what_comes_after_it_was_asked_first(library: Store) -> None:
    assert any_of(library, [{"quake"}], since=4) == []
    poll(library, revision("d", text="A quake", seen_at=after(5)), at=after(5))
    assert any_of(library, [{"quake"}], since=4) == found(library, {"quake"}, since=4) == ["d1"]


def test_a_search_for_any_reads_on_through_all_there_is(store: Store) -> None:
    ready(store)
    poll(store, *(revision(f"{n}", text="A quake" if n % 3 else "A flood") for n in range(90)))
    assert len(any_of(store, [{"quake"}], [{"storm"}])) == 60


def test_a_search_for_any_loses_no_item_that_is_edited_meanwhile(store: Store) -> None:
    ready(store)
    poll(store, *(revision(f"{n}", text="A quake") for n in range(90)))
    found = store.search_any([[frozenset({"quake"})]], None)
    seen = [next(found).item.id]
    poll(store, *(revision(f"{n}", 2, text="A quake, edited") for n in range(90)))
    assert len({*seen, *(one.item.id for one in found)}) == 90


def test_the_extent_of_a_search_is_how_many_items_it_may_find_and_since_when(library: Store) -> None:
    assert library.extent(None) == (3, after(1)), "the edit took the place of what came first"
    assert library.extent(after(2)) == (2, after(2))
    assert library.extent(after(9)) == (0, None)


def test_search_looks_at_titles_places_and_summaries_too(store: Store) -> None:
    ready(store)
    one = revision("a")
    poll(store, replace(one, item=replace(one.item, title="Comet a", place="Delvast", summary="Meteor")))
    assert found(store, {"comet"}) == ["a1"]
    assert found(store, {"delvast"}) == ["a1"]
    assert found(store, {"meteor"}) == ["a1"]


def test_search_takes_thousands_of_terms(library: Store) -> None:
    many = {f"word{n}" for n in range(5_000)}
    assert found(library, many | {"quake"}) == ["b1"]
    assert found(library, *[{"delvast", f"word{n}"} for n in range(200)]) == ["a2", "b1"]


def test_a_search_half_read_stands_in_nobodys_way(library: Store) -> None:
    results = library.search([], None, 99)
    assert next(results).number == 2
    poll(library, revision("d", seen_at=after(4)), at=after(4))
    assert [one.item.title for one in results] == ["Title of c", "Title of b"]


def test_status_adds_up(store: Store) -> None:
    ready(store, WIRES, "failing", "silent", "gone")
    poll(store, revision("a"), revision("b"), revision("c"), channels=[DESK, PHONE])
    state = {one.feed.id: one for one in store.feeds()}
    store.save_poll(PollSaved(state=replace(state[FeedId("failing")], failures=2, error="no")))
    quiet = polled(state[FeedId("silent")], NOW, new=False)
    store.save_poll(PollSaved(state=replace(quiet, condition=Condition.SILENT)))
    store.sync_feeds({FeedId(name): (feed(name), NOW) for name in (WIRES, "failing", "silent")})
    first, second, _ = store.open_dispatches(DESK, 9)
    decisions = [
        Decision(dispatch=first.id, reason=Reason.NEW, alert=new_alert("1").key),
        Decision(dispatch=second.id, reason=Reason.SAME_URL, alert=new_alert("1").key),
    ]
    store.save_alerts([new_alert("1"), new_alert("2", channel=PHONE)], decisions)
    store.save_delivery(sent(new_alert("1").key))
    status = store.status(NOW)
    assert (status.feeds, status.failing, status.silent) == (3, 1, 1)
    assert (status.items, status.matches) == (3, 3)
    assert status.dispatches == dict.fromkeys(Fate, 0) | {Fate.OPEN: 4, Fate.ALERTED: 1, Fate.MERGED: 1}
    assert status.outbox == {AlertState.PENDING: 1, AlertState.SENT: 1, AlertState.DEAD: 0}
    assert status.lag == (120.0,)


def test_the_last_heartbeat_is_remembered(store: Store) -> None:
    assert store.heartbeat() is None
    for beat in (1, 2):
        heartbeat = Heartbeat(pid=4711, started_at=NOW, beat_at=after(beat))
        store.beat(heartbeat)
        assert store.heartbeat() == heartbeat


def test_what_the_daemon_goes_by_is_remembered(store: Store) -> None:
    assert store.standing() is None
    kept = ((QUAKE.id, "rules/a.yaml:3:5: `(` is never closed"),)
    for standing in (Standing(loaded_at=NOW, rules=2, kept=kept, errors=("é",)), Standing(loaded_at=after(1), rules=3)):
        store.stand(standing)
        assert store.standing() == standing


def test_an_empty_store_answers_everything(store: Store) -> None:
    assert store.feeds() == ()
    assert store.alerts(None, None, 9) == ()
    assert store.alert(AlertKey("0" * 32)) is None
    assert store.deliveries(AlertKey("0" * 32)) == ()
    assert store.channels_due(NOW) == ()
    assert store.claim_alert(ChannelName("none"), NOW, NOW) is None
    assert store.known(WIRES, [Hash64(1)]) == {}
    assert store.status(NOW).lag == ()
    assert found(store, {"word"}) == []
    assert found(store, since=0) == []
    store.save_alerts([], [])
    store.release_leases(NOW)


def test_closing_twice_is_fine(store: Store) -> None:
    store.close()
    store.close()


def test_an_unknown_kind_of_store_is_refused_without_repeating_its_secrets() -> None:
    with pytest.raises(StoreError, match="no store is reached by nowhere") as caught:
        open_store("nowhere://user:secret@host/db")
    assert "secret" not in str(caught.value)
