"""What must always hold, whatever happens: the nine promises, and which tests would catch a broken one.

The jobs and the embedded runner are the real ones, over a real store; fetchers, senders and the clock are fakes
(tests/fakes.py). Stories (tests/stories) go through the command line and real servers.

    1 one transaction a poll    here: test_a_poll_*; store/test_crashes (between any two statements)
                                stories: test_nothing_is_lost_and_only_sends_in_flight_repeat_when_killed_at_random,
                test_a_daemon_killed_before_any_statement_loses_nothing (each in turn),
                test_a_daemon_whose_database_fails_at_any_statement_ends_or_waits_and_loses_nothing
    2 half an answer is none    here: test_half_an_answer_*
                                stories: test_a_truncated_answer_marks_nothing_seen_and_the_whole_one_alerts
    3 both sums add up          here: TestAnyLife, test_a_removed_*; contract: test_status_adds_up
                                stories: test_status_counts_what_there_is..., test_why_tells_the_way_of_a_match...
    4 alerts are an outbox      here: test_an_alert_*, TestAnyLife (order); contract/test_store_delivery; the kill story
                                of 1; run/test_channels (killed between any two calls of the store, pace, spells)
                stories: test_a_daemon_killed_at_any_send_or_fetch_repeats_what_was_in_a_sender_and_nothing_else
                                stories: test_a_hanging_receiver_does_not_hold_up_the_end
    5 bad rules stand alone     rules/test_renew, run/test_reload (at every point of half a file, told once)
                                stories: test_every_mistake_in_every_rule_file_is_shown_with_its_place,
                                test_a_rule_is_edited_broken_mended_and_deleted_while_the_watcher_runs
    6 nothing foreign is code   here: test_a_hostile_item_*; tests of render, deliver, observe, guard
    7 no feed is given up       here: test_a_feed_that_*; test_schedule (back-off); run/test_minding (silent feeds)
    8 nobody delays the others  here: test_a_hanging_*, test_a_channel_that_*; run/test_channels (a storm);
                                stories: test_one_bad_feed_of_each..., test_a_dead_channel_delays_no_other
    9 no flood at first         here: test_the_baseline_*, test_an_edit_*, test_a_new_*, test_a_renamed_*
                                stories: test_the_first_poll_of_a_feed_is_baseline_and_told_in_one_message

All nine at once are judged from outside by tests/nine.py, after each life that ended badly; test_nine.py breaks each of
them and wants it seen.

And that the same input, clock and randomness decide the same: test_two_lives_alike_decide_the_same.
"""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.contract.nouns import picture
from tests.fakes import CONSOLE, Desk, about, page_of, spoken, watched
from tests.lives import QUICK, once, running, times, twist, until
from tests.stories.house import rss
from watcher.deliver.console import ConsoleSender
from watcher.errors import FetchError, SendError, StoreError
from watcher.jobs import LEASE
from watcher.model import (
    AlertKind,
    AlertState,
    Baseline,
    ChannelName,
    Fate,
    FeedState,
    Hours,
    Quiet,
    Reason,
    Response,
    Severity,
    Updates,
    When,
)
from watcher.ports import Store
from watcher.render import render
from watcher.run.embedded import Rhythm
from watcher.run.threads import OneThread, in_thread
from watcher.store import open_store

QUIET = Baseline.QUIET
HOUR = 3600.0


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


def items(store: Store) -> list[str]:
    return sorted(revision.item.title for revision in store.search([], None, 1000))


# 1: items, matches and validators are one transaction


async def test_a_poll_that_was_not_saved_is_simply_made_again(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", Response(url=page_of("wires"), body=rss([("1", "strike one")]), etag='"1"'))

    def broken(*_: object) -> None:
        raise StoreError("the disk is full")

    before = store.feeds()
    twist(desk, save_poll=broken)
    with pytest.raises(StoreError):
        await once(desk)
    assert (store.feeds(), items(store)) == (before, [])
    desk.want(watched("wires"))
    desk.jobs.store = store
    assert await once(desk) == 0
    assert desk.fetcher.asked[-1].etag is None
    assert desk[CONSOLE].titles == ["strike one"]


async def test_a_poll_being_saved_when_the_daemon_is_stopped_is_saved_whole(store: Store) -> None:
    thread, gate, saving = OneThread("store"), threading.Event(), threading.Event()
    desk = Desk(store, watched("wires"), on_store=thread)
    desk.publish("wires", rss([("1", "strike one")]))

    def slowly(*saved: Any) -> None:
        saving.set()
        gate.wait(60)
        store.save_poll(*saved)

    twist(desk, save_poll=slowly)
    rhythm = replace(QUICK, farewell=0.05)
    async with running(desk, rhythm):
        await until(saving.is_set)
    gate.set()
    assert thread.close(10)
    assert items(store) == ["strike one"]
    assert store.feeds()[0].entry_hashes
    (opened,) = store.open_dispatches(CONSOLE, 9)
    assert opened.reason is Reason.WAITING


async def test_a_poll_cut_off_by_the_end_leaves_the_feed_as_it_was_and_due(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", asyncio.Event())
    before = store.feeds()
    async with running(desk):
        await until(lambda: desk.fetcher.running)
    assert store.feeds() == before
    desk.want(watched("wires"))
    assert store.claim_feeds(desk.clock.now(), 1, desk.clock.now() + LEASE)


async def test_a_poll_that_ends_as_the_daemon_does_starts_nothing_new(store: Store) -> None:
    thread, gate, claiming = OneThread("store"), threading.Event(), threading.Event()
    desk = Desk(store, watched("wires"), on_store=thread)

    def slowly(*asked: Any) -> tuple[FeedState, ...]:
        claiming.set()
        gate.wait(60)
        return store.claim_feeds(*asked)

    twist(desk, claim_feeds=slowly)
    async with running(desk, replace(QUICK, grace=5)):
        await until(claiming.is_set)
        asyncio.get_running_loop().call_later(0.02, gate.set)
    assert desk.fetcher.asked == []
    assert thread.close(10)


# 2: a partial, truncated or failed answer changes the failure count and the next due time

WHOLE = rss([("1", "strike one"), ("2", "calm two")])
BAD: dict[str, bytes | Exception] = {
    "refused": FetchError("no route", kind="connect"),
    "busy": FetchError("429", kind="status", status=429, retry_after=60),
    "empty": b"",
    "a page": b"<!doctype html><html><body><p>Log in</p></body></html>",
    "our own mistake": ValueError("a surprise\nof two lines"),
    **{f"cut at {at}": WHOLE[:at] for at in range(40, len(WHOLE) - len("</rss>"), 23)},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
async def test_half_an_answer_changes_only_the_failures_and_the_next_time(store: Store, bad: bytes | Exception) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", Response(url=page_of("wires"), body=rss([("0", "strike zero")]), etag='"0"'))
    await once(desk)
    before, known = store.feeds()[0], items(store)
    desk.clock.advance(HOUR)
    answer = bad if isinstance(bad, Exception) else Response(url=page_of("wires"), body=bad, etag='"1"')
    desk.publish("wires", answer)
    await once(desk)
    after = store.feeds()[0]
    assert (after.failures, after.polls, after.polled_at) == (1, 2, desk.clock.now())
    assert after.error
    assert "\n" not in after.error
    assert after.next_at
    assert after.next_at > desk.clock.now()
    assert after.trouble
    assert after.failing_since == desk.clock.now()
    changed = ("failures", "polls", "error", "polled_at", "next_at", "trouble", "status", "strain", "failing_since")
    assert replace(after, **{name: getattr(before, name) for name in changed}) == before
    assert items(store) == known
    desk.publish("wires", WHOLE)
    desk.clock.advance(HOUR)
    await once(desk)
    assert desk[CONSOLE].titles == ["strike zero", "strike one"]


async def test_half_an_answer_at_first_is_not_the_baseline(store: Store) -> None:
    desk = Desk(store, watched("wires", baseline=QUIET))
    desk.publish("wires", WHOLE[:-20])
    await once(desk)
    desk.publish("wires", WHOLE)
    desk.clock.advance(HOUR)
    await once(desk)
    assert desk[CONSOLE].titles == ["1 feed, 2 items known; your rules match 1 of them:"]


async def test_a_poll_that_cannot_be_saved_is_that_feeds_failure(store: Store) -> None:
    desk = Desk(store, watched("good"), watched("odd"))
    desk.publish("odd", rss([("1", "strike odd")]))
    desk.publish("good", rss([("1", "strike good")]))

    def picky(saved: Any) -> None:
        if saved.revisions and saved.state.feed.id == "odd":
            raise ValueError("a row that does not fit")
        store.save_poll(saved)

    twist(desk, save_poll=picky)
    await once(desk)
    good, odd = store.feeds()
    assert (good.failures, odd.failures) == (0, 1)
    assert "does not fit" in str(odd.error)
    assert desk[CONSOLE].titles == ["strike good"]


# 3: a match is open or closed, an alert pending, sent or dead; both sums add up

FEEDS = ("alpha", "beta")
CHANNELS = ("console", "desk", "phone")


WORDS = ("strike", "flood", "quake", "storm", "strike and flood", "quake and storm", "calm")
WATCH = (
    about("strike", group="rule", throttle=HOUR / 2),
    about("flood", updates=Updates.IGNORE, severity=Severity.CRITICAL),
    about("quake", digest=True),
    about("storm", when=When(count=2, within=HOUR), group="feed"),
)
NIGHT = Quiet(hours=(Hours(days=tuple(range(7)), start=13 * 60, end=16 * 60, zone="UTC"),), below=Severity.CRITICAL)
PEOPLE = {
    "console": spoken("console"),
    "desk": spoken("desk", quiet=NIGHT, cap=3, fallback=ChannelName("phone")),
    "phone": spoken("phone", digest=(14 * 60,), timezone="Asia/Tokyo", fallback=ChannelName("desk")),
}
ANSWERS = {
    "well": None,
    "passing": SendError("busy"),
    "permanent": SendError("gone", permanent=True),
    "denied": SendError("who are you", denied=True),
    "later": SendError("slow down", retry_after=2 * HOUR),
    "partly": SendError("full", owed=["b@example.org"]),
    "surprise": RuntimeError("boom"),
}


class AnyLife(RuleBasedStateMachine):
    """Feeds that grow, are edited, fail, go and return; channels that fail, go and return; people who want silence;
    restarts: in any order.
    """

    @initialize()
    def begin(self) -> None:
        self.store = open_store("sqlite:///:memory:")
        self.desk = Desk(self.store, *self._feeds(FEEDS), rules=WATCH, channels=tuple(PEOPLE.values()))
        self.published: dict[str, list[tuple[str, str]]] = {name: [] for name in FEEDS}
        self.numbers = 0
        self.wanted: tuple[str, ...] = FEEDS
        self.resent: set[str] = set()

    def teardown(self) -> None:
        """In the end everything that was open has been told or has expired, and everything that was to be sent was."""
        for sender in self.desk.senders.values():
            sender.failing = None
        for _ in range(5):
            self.desk.clock.advance(25 * HOUR)
            asyncio.run(once(self.desk))
        status = self.store.status(self.desk.clock.now())
        assert (status.dispatches[Fate.OPEN], status.outbox[AlertState.PENDING]) == (0, 0), status.reasons
        self.store.close()

    @rule(name=st.sampled_from(FEEDS), words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
    def something_happens(self, name: str, words: list[str]) -> None:
        for word in words:
            self.numbers += 1
            self.published[name].insert(0, (f"{name}-{self.numbers}", f"{word} {self.numbers}"))
        self.a_round((), 16)

    @rule(name=st.sampled_from(FEEDS), words=st.sampled_from(["strike", "flood", "calm"]))
    def the_latest_is_edited(self, name: str, words: str) -> None:
        if self.published[name]:
            self.numbers += 1
            guid, _ = self.published[name][0]
            self.published[name][0] = (guid, f"{words} edited {self.numbers}")

    @rule(failing=st.sampled_from([(), FEEDS[:1], FEEDS]), minutes=st.sampled_from([1, 16, 61, 400]))
    def a_round(self, failing: tuple[str, ...], minutes: int) -> None:
        for name in FEEDS:
            document = rss(self.published[name])
            self.desk.publish(name, FetchError("no route", kind="connect") if name in failing else document)
        self.desk.clock.advance(minutes * 60)
        asyncio.run(once(self.desk))

    @rule(channel=st.sampled_from(CHANNELS), how=st.sampled_from(list(ANSWERS)))
    def a_channel_changes(self, channel: str, how: str) -> None:
        if channel in self.desk.senders:
            self.desk[channel].failing = ANSWERS[how]

    @rule(names=st.sampled_from([CHANNELS, CHANNELS, CHANNELS[1:], CHANNELS[:1]]))
    def channels_are_reconfigured(self, names: tuple[str, ...]) -> None:
        self.desk.channel(*(PEOPLE[name] for name in names))

    @rule(word=st.sampled_from(["strike", "flood", "quake"]), minutes=st.sampled_from([5, 90]))
    def somebody_wants_silence(self, word: str, minutes: int) -> None:
        self.desk.silence(word, minutes * 60)

    @precondition(lambda self: self.store.silences(self.desk.clock.now()))
    @rule()
    def the_silence_is_over(self) -> None:
        now = self.desk.clock.now()
        self.store.end_silence(self.store.silences(now)[0].id, now)

    @rule(names=st.sampled_from([FEEDS, FEEDS, FEEDS[:1], ()]))
    def the_daemon_starts_again(self, names: tuple[str, ...]) -> None:
        self.wanted = names
        self.desk.want(*self._feeds(self.wanted))

    @precondition(lambda self: self.store.alerts(None, AlertState.DEAD, 1))
    @rule()
    def the_dead_are_sent_again(self) -> None:
        for alert in self.store.alerts(None, AlertState.DEAD, 100):
            if alert.channel in self.desk.senders:
                self.resent.add(alert.key)
                self.store.resend(alert.key, self.desk.clock.now())

    @invariant()
    def both_sums_add_up(self) -> None:
        status, alerts = self.store.status(self.desk.clock.now()), self.store.alerts(None, None, 10_000)
        known = self.store.search([], None, 10_000)
        records = [record for revision in known for record in self.store.records(revision.item.id)]
        dispatches = [dispatch for record in records for dispatch in record.dispatches]
        assert status.matches == len(records)
        assert sum(status.dispatches.values()) == len(dispatches)
        assert all(status.dispatches[fate] == sum(d.reason.fate is fate for d in dispatches) for fate in Fate)
        assert sum(status.outbox.values()) == len(alerts)
        assert all(status.outbox[state] == sum(a.state is state for a in alerts) for state in AlertState)
        keys = {alert.key for alert in alerts}
        for d in dispatches:
            tells = d.reason.fate in {Fate.ALERTED, Fate.DIGEST} or d.reason is Reason.SILENCE_LISTED
            assert (d.alert in keys) == (tells or d.reason.fate is Fate.MERGED), d
            assert status.reasons[d.reason]
        shown = {Reason.NEW, Reason.FOLLOWS, Reason.SAME_STORY, Reason.REVISED, Reason.LISTED, Reason.SILENCE_LISTED}
        told = {d.alert for d in dispatches if d.reason in shown}
        assert told == {alert.key for alert in alerts if alert.kind is not AlertKind.NOTICE and not alert.copy_of}
        assert self.store.audit().flaws == ()

    @invariant()
    def what_was_sent_was_accepted_once_and_nothing_else_was(self) -> None:
        sent = {alert.key for alert in self.store.alerts(None, None, 10_000) if alert.sent_at}
        accepted = [message.key for sender in self.desk.senders.values() for message in sender.accepted]
        again = [d for key in set(accepted) for d in self.store.deliveries(key) if d.state is AlertState.SENT]
        assert set(accepted) <= sent
        assert len(accepted) == len(again), "a message went out that no committed delivery knows of"

    @invariant()
    def a_group_was_told_in_the_order_in_which_it_came(self) -> None:
        for sender in self.desk.senders.values():
            alerts = [self.store.alert(message.key) for message in sender.accepted if message.key not in self.resent]
            latest: dict[str, Any] = {}
            for alert in alerts:
                assert alert
                assert latest.get(alert.group, alert.created_at) <= alert.created_at
                latest[alert.group] = alert.created_at

    @invariant()
    def the_dead_have_a_word(self) -> None:
        for alert in self.store.alerts(None, AlertState.DEAD, 10_000):
            assert self.store.deliveries(alert.key)[-1].detail

    @staticmethod
    def _feeds(names: tuple[str, ...]) -> list[Any]:
        kinds = {"alpha": Baseline.ALERT, "beta": QUIET}
        return [watched(name, baseline=kinds[name]) for name in names]


TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)


async def test_a_removed_channels_matches_are_closed_and_its_alerts_buried_with_a_word(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=("console", "desk"))
    desk["desk"].failing = SendError("busy")
    desk.publish("wires", rss([("1", "strike one")]))
    await once(desk)
    desk.channel("console")
    (dead,) = store.alerts(None, AlertState.DEAD, 9)
    assert (dead.channel, store.deliveries(dead.key)[-1].detail) == ("desk", Reason.CHANNEL_REMOVED.sentence)
    desk.channel("console", "desk")
    desk.clock.advance(HOUR)
    await once(desk)
    assert desk["desk"].titles == []
    assert store.status(desk.clock.now()).outbox == {AlertState.PENDING: 0, AlertState.SENT: 1, AlertState.DEAD: 1}


async def test_a_removed_feeds_matches_and_alerts_are_told_all_the_same(store: Store) -> None:
    desk = Desk(store, watched("wires"), watched("other"))
    desk[CONSOLE].failing = SendError("busy")
    desk.publish("wires", rss([("1", "strike one")]))
    await once(desk)
    await desk.jobs.poll(replace(store.feeds()[1], feed=watched("wires")))
    desk.want(watched("other"))
    desk[CONSOLE].failing = None
    desk.clock.advance(HOUR)
    await once(desk)
    assert desk[CONSOLE].titles == ["strike one"]
    assert store.status(desk.clock.now()).dispatches[Fate.OPEN] == 0


async def test_a_removed_feed_that_returns_tells_nothing_old(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", rss([("1", "strike one")]))
    await once(desk)
    desk.want()
    desk.want(watched("wires"))
    desk.clock.advance(HOUR)
    await once(desk)
    assert desk[CONSOLE].titles == ["strike one"]


# 4: alerts are an outbox


async def test_an_alert_the_service_took_and_the_store_did_not_is_sent_again_and_once_more_only(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", rss([("1", "strike one"), ("2", "strike two")]))

    def killed(*_: object) -> None:
        raise StoreError("killed")

    twist(desk, save_delivery=killed)
    with pytest.raises(StoreError):
        await once(desk)
    desk.jobs.store = store
    desk.jobs.unsaved.clear()  # as the next process does not know of it
    desk.want(watched("wires"))
    await once(desk)
    await once(desk)
    assert sorted(desk[CONSOLE].titles) == ["strike one", "strike one", "strike two"]
    assert len({message.key for message in desk[CONSOLE].accepted}) == 2


@pytest.mark.parametrize("error", [RuntimeError("boom"), OSError(5, "gone"), KeyError("x")])
async def test_an_alert_on_which_a_sender_stumbles_is_tried_on_the_ladder_and_given_up_with_a_word(
    store: Store, error: Exception
) -> None:
    desk = Desk(store, watched("wires"), rules=[about("strike", notify=["desk"])], channels=("console", "desk"))
    desk.publish("wires", rss([("1", "strike one")]))
    desk["desk"].failing = error
    for _ in range(40):
        await once(desk)
        desk.clock.advance(7 * HOUR)
    (dead,) = store.alerts(None, AlertState.DEAD, 9)
    assert dead.attempts == desk["desk"].tries
    assert type(error).__name__ in store.deliveries(dead.key)[-1].detail
    assert desk[CONSOLE].titles == [
        "The channel desk has accepted nothing for an hour or more",
        "An alert could not be delivered on desk",
    ]


async def test_an_alert_is_tried_once_in_a_round_however_slow_its_service_is(store: Store) -> None:
    desk = Desk(store, watched("wires"), rules=[about("strike", notify=["desk"])], channels=("console", "desk"))
    desk.publish("wires", rss([(str(n), f"strike {n}") for n in range(4)]))
    desk["desk"].failing = SendError("slow")
    desk["desk"].before = lambda: desk.clock.advance(60)
    assert await once(desk) == 4
    assert desk["desk"].tries == 4


async def test_an_alert_given_up_in_a_round_is_told_to_the_operator_in_the_same(store: Store) -> None:
    desk = Desk(store, watched("wires"), rules=[about("strike", notify=["desk"])], channels=("console", "desk"))
    desk.publish("wires", rss([("1", "strike one")]))
    desk["desk"].failing = SendError("gone", permanent=True)
    assert await once(desk) == 1
    assert desk[CONSOLE].titles == ["An alert could not be delivered on desk"]


async def test_an_alert_given_up_again_after_it_was_sent_again_is_told_again(store: Store) -> None:
    desk = Desk(store, watched("wires"), rules=[about("strike", notify=["desk"])], channels=("console", "desk"))
    desk.publish("wires", rss([("1", "strike one")]))
    desk["desk"].failing = SendError("gone", permanent=True)
    await once(desk)
    desk.clock.advance(60)
    store.resend(store.alerts(None, AlertState.DEAD, 1)[0].key, desk.clock.now())
    await once(desk)
    assert len(desk[CONSOLE].titles) == 2


async def test_an_alert_waits_for_no_time_that_a_wrong_clock_has_set(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", rss([("1", "strike one")]))
    desk.clock.advance(365 * 24 * HOUR)
    desk[CONSOLE].failing = SendError("busy")
    await once(desk)
    desk.clock.advance(-365 * 24 * HOUR)
    desk[CONSOLE].failing = None
    desk.want(watched("wires"))
    desk.publish("wires", rss([("2", "strike two"), ("1", "strike one")]))
    await once(desk)
    assert desk[CONSOLE].titles == ["strike one", "strike two"]


# 6: nothing from outside is code, markup or a second line


async def test_a_hostile_item_is_shown_as_text_and_moves_no_cursor(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    title = "strike \x9b31m {alert.channel.url} %s `id` \u202egnp.exe ${env:HOME} <b>&lt;!here&gt;</b>"
    desk.publish("wires", rss([("1", title)]))
    stream = io.StringIO()
    sender = ConsoleSender(stream, {})
    outlet = desk.jobs.live.outlets[CONSOLE]
    shown = replace(outlet, sender=sender, render=lambda alert: render(alert, sender.medium, outlet.spec))
    desk.jobs.live = replace(desk.jobs.live, outlets={CONSOLE: shown})
    assert await once(desk) == 0
    out = stream.getvalue()
    assert "{alert.channel.url} %s `id`" in out
    assert "${env:HOME}" in out
    assert not [c for c in out if not c.isprintable() and c != "\n"]


# 7: a feed is never given up


async def test_a_feed_that_fails_for_months_is_still_asked_and_comes_back(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    for failures in range(1, 400):
        await once(desk)
        state = store.feeds()[0]
        assert state.failures == failures
        assert state.next_at
        wait = state.next_at - desk.clock.now()
        assert timedelta(0) < wait < timedelta(hours=7)
        desk.clock.advance(wait.total_seconds())
    desk.publish("wires", rss([("1", "strike one")]))
    await once(desk)
    assert "strike one" in desk[CONSOLE].titles
    assert (store.feeds()[0].failures, store.feeds()[0].failing_since) == (0, None)


async def test_a_feed_that_was_polled_by_a_wrong_clock_is_polled_by_the_right_one(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", rss([]))
    async with running(desk, replace(QUICK, tick=HOUR)):
        await until(lambda: len(desk.fetcher.asked) == 1 and not desk.fetcher.running)
        await until(lambda: store.feeds()[0].polls == 1)
        desk.clock.advance(-2 * HOUR)
        await until(lambda: len(desk.fetcher.asked) == 2)


async def test_a_feed_that_gives_all_its_entries_one_id_is_told_of(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", rss([("same", f"strike {n}") for n in range(40)]))
    await once(desk)
    assert desk.log.events.count("feed has a flaw") == 1


async def test_a_feed_that_asks_for_peace_has_it_also_when_nothing_changed(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    document = rss([]).replace(b"</channel>", b"<ttl>600</ttl></channel>")
    for answer in (document, document, Response(url=page_of("wires"), status=304)):
        desk.publish("wires", answer)
        await once(desk)
        assert store.feeds()[0].next_at == desk.clock.now() + timedelta(minutes=600)
        desk.clock.advance(10 * HOUR)


# 8: one that misbehaves delays no other


async def test_a_hanging_site_holds_one_place_however_many_feeds_it_has(store: Store) -> None:
    hung = asyncio.Event()
    crowd = [watched(f"blog{n}", url=f"https://blog{n}.crowd.example/feed") for n in range(3 * Rhythm().polls)]
    desk = Desk(store, *crowd, watched("wires"))
    desk.fetcher.pages |= {feed.url: hung for feed in crowd}
    desk.publish("wires", rss([("1", "strike one")]))
    async with running(desk):
        await until(lambda: desk[CONSOLE].titles == ["strike one"])
        assert len(desk.fetcher.running) == 1


async def test_a_hanging_feed_is_not_polled_twice_when_it_outlives_its_lease(store: Store) -> None:
    hung = asyncio.Event()
    desk = Desk(store, watched("slow"), watched("wires"))
    desk.publish("slow", hung)
    desk.publish("wires", rss([]))
    async with running(desk):
        for asked in (1, 2, 3):
            await until(partial(lambda asked: times(desk, "wires") == asked, asked))
            desk.clock.advance(LEASE.total_seconds() + 1000)
        assert desk.fetcher.running == [page_of("slow")]
        hung.set()
        await until(lambda: store.feeds()[0].failures)
    assert desk.fetcher.twice == []


async def test_a_hanging_feed_holds_up_one_place_of_a_round_and_no_batch(store: Store) -> None:
    hung = asyncio.Event()
    names = [f"f{n:02}" for n in range(2 * Rhythm().polls)]
    desk = Desk(store, watched("a-slow"), *map(watched, names))
    desk.fetcher.pages |= {page_of(name): rss([]) for name in names}
    desk.publish("a-slow", hung)
    round_ = asyncio.create_task(once(desk))
    await until(lambda: len(desk.fetcher.asked) == len(names) + 1)
    assert desk.fetcher.running == [page_of("a-slow")]
    hung.set()
    assert await round_ == 0


async def test_a_hanging_round_of_short_intervals_comes_to_an_end(store: Store) -> None:
    desk = Desk(store, *map(watched, ("a", "b", "c")))
    fetch = desk.fetcher.fetch

    async def slowly(request: Any) -> Response:
        desk.clock.advance(HOUR)
        return await fetch(request)

    desk.fetcher.fetch = slowly  # type: ignore[method-assign]
    await once(desk)
    assert len(desk.fetcher.asked) == 3


async def test_a_hanging_sender_delays_no_other_channel_and_not_the_end(store: Store) -> None:
    gate = threading.Event()
    desk = Desk(store, watched("wires"), channels=("a-hung", "b-good"), on_thread=in_thread)
    desk["a-hung"].before = lambda: gate.wait(30)
    desk.publish("wires", rss([("1", "strike one")]))
    try:
        async with running(desk):
            await until(lambda: desk["b-good"].titles == ["strike one"])
            desk.publish("wires", rss([("2", "strike two"), ("1", "strike one")]))
            desk.clock.advance(HOUR)
            await until(lambda: desk["b-good"].titles == ["strike one", "strike two"])
            assert desk["a-hung"].tries == 1
    finally:
        gate.set()


async def test_a_channel_that_cannot_be_decided_delays_no_other(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=("a-odd", "b-good"))
    desk.publish("wires", rss([("1", "strike one")]))

    def picky(channel: ChannelName, limit: int) -> Any:
        if channel == "a-odd":
            raise ValueError("a row that does not fit")
        return store.open_dispatches(channel, limit)

    twist(desk, open_dispatches=picky)
    async with running(desk):
        await until(lambda: desk["b-good"].titles == ["strike one"])


async def test_a_channel_that_stumbles_in_a_round_delays_no_other(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=("a-odd", "b-good"))
    desk.publish("wires", rss([("1", "strike one")]))
    desk["a-odd"].failing = RuntimeError("boom")
    assert await once(desk) == 1
    assert desk["b-good"].titles == ["strike one"]


# 9: the first poll of a feed does not flood, and one message says so


async def test_the_baseline_is_told_once(store: Store) -> None:
    desk = Desk(store, *(watched(name, baseline=QUIET) for name in ("one", "two")), channels=("console", "desk"))
    desk.publish("one", rss([("1", "strike one"), ("2", "calm")]))
    desk.publish("two", rss([("3", "strike three")]))
    for _ in range(3):
        await once(desk)
        desk.clock.advance(HOUR)
        desk.want(*(watched(name, baseline=QUIET) for name in ("one", "two")))
    assert desk[CONSOLE].titles == ["2 feeds, 3 items known; your rules match 2 of them:"]
    assert desk["desk"].titles == []


async def test_the_baseline_of_a_feed_that_failed_first_is_told_when_it_comes(store: Store) -> None:
    desk = Desk(store, *(watched(name, baseline=QUIET) for name in ("late", "wires")))
    desk.publish("wires", rss([("1", "strike one")]))
    async with running(desk):
        await until(lambda: len(desk[CONSOLE].titles) == 1)
        desk.publish("late", rss([("1", "strike late"), ("2", "calm")]))
        desk.clock.advance(HOUR)
        await until(lambda: len(desk[CONSOLE].titles) == 2)
    assert desk[CONSOLE].titles[1] == "1 feed, 2 items known; your rules match 1 of them:"


async def test_the_baseline_is_told_while_other_feeds_are_busy(store: Store) -> None:
    desk = Desk(store, watched("slow"), watched("wires", baseline=QUIET))
    desk.publish("slow", FetchError("no route", kind="connect"))
    desk.publish("wires", FetchError("no route", kind="connect"))
    await once(desk)
    desk.publish("slow", asyncio.Event())
    desk.publish("wires", rss([("1", "strike one")]))
    desk.clock.advance(HOUR)
    async with running(desk):
        await until(lambda: len(desk[CONSOLE].titles) == 1)
        assert desk.fetcher.running == [page_of("slow")]


@pytest.mark.parametrize(
    ("updates", "kinds"),
    [(Updates.IGNORE, []), (Updates.THREAD, [AlertKind.UPDATE]), (Updates.ALERT, [AlertKind.MATCH])],
)
async def test_an_edit_of_the_baseline_is_told_as_its_rule_wants_edits(
    store: Store, updates: Updates, kinds: list[AlertKind]
) -> None:
    desk = Desk(store, watched("wires", baseline=QUIET), rules=[about("strike", updates=updates)])
    desk.publish("wires", rss([("1", "strike one")]))
    await once(desk)
    desk.publish("wires", rss([("1", "strike one, edited")]))
    desk.clock.advance(HOUR)
    await once(desk)
    assert [alert.kind for alert in store.alerts(None, None, 9) if alert.kind is not AlertKind.NOTICE] == kinds
    assert store.status(desk.clock.now()).dispatches[Fate.BASELINE] == 2 - len(kinds)


async def test_an_edit_of_the_baseline_that_comes_to_match_is_news(store: Store) -> None:
    desk = Desk(store, watched("wires", baseline=QUIET), rules=[about("strike", updates=Updates.IGNORE)])
    desk.publish("wires", rss([("1", "an explosion")]))
    await once(desk)
    desk.publish("wires", rss([("1", "the explosion was a strike")]))
    desk.clock.advance(HOUR)
    await once(desk)
    assert desk[CONSOLE].titles[1:] == ["the explosion was a strike"]


async def test_an_edit_that_moves_an_item_stays_in_its_thread(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", rss([("1", "strike one")]))
    await once(desk)
    desk.publish("wires", rss([("1", "strike one, edited")]).replace(b"example/1", b"example/strike-one"))
    desk.clock.advance(HOUR)
    await once(desk)
    update, first = store.alerts(None, None, 9)
    assert (update.kind, update.group) == (AlertKind.UPDATE, first.group)


async def test_a_new_rule_and_a_new_channel_tell_nothing_old(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", rss([("1", "strike and flood one")]))
    await once(desk)
    desk.rule(about("strike"), about("flood"))
    desk.channel("console", "desk")
    desk.clock.advance(HOUR)
    desk.publish("wires", rss([("2", "flood two"), ("1", "strike and flood one")]))
    await once(desk)
    assert desk[CONSOLE].titles == ["strike and flood one", "flood two"]
    assert desk["desk"].titles == ["flood two"]


async def test_a_renamed_rule_tells_nothing_old(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", rss([("1", "strike one")]))
    await once(desk)
    desk.rule(about("one"))
    desk.clock.advance(HOUR)
    await once(desk)
    assert desk[CONSOLE].titles == ["strike one"]


# and the same input, clock and randomness decide the same


async def test_two_lives_alike_decide_the_same() -> None:
    pictures = []
    for _ in range(2):
        store = open_store("sqlite:///:memory:")
        desk = Desk(store, *map(watched, FEEDS), rules=[about("strike"), about("flood")], channels=CHANNELS)
        for day in range(4):
            desk["phone"].failing = SendError("busy") if day % 2 else None
            new = [(f"{n}", f"strike {n} flood" if n % 3 else f"calm {n}") for n in range(day * 5, -1, -1)]
            desk.publish("alpha", rss(new))
            desk.publish("beta", FetchError("no route", kind="connect") if day == 2 else rss(new[::2]))
            await once(desk)
            desk.clock.advance(HOUR)
        pictures.append((picture(store), {name: sender.accepted for name, sender in desk.senders.items()}))
        store.close()
    assert pictures[0] == pictures[1]
