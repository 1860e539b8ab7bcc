"""Decisions rest on what the store says: it says what a channel that remembers everything would."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from hypothesis import given, settings

from tests.channel import DESK
from tests.contract.nouns import WIRES, feed, item_id, polled, revision
from tests.test_alert_laws import Case, cases
from watcher.alert import decide, windows
from watcher.model import BEGINS, Decided, Dispatch, Fate, FeedId, Link, Match, MatchRecord, NewDispatch, PollSaved
from watcher.ports import Store
from watcher.store import open_store


def prepared(case: Case) -> Store:
    store = open_store("sqlite:///:memory:")
    started = case.dispatches[0].seen_at
    store.sync_feeds({FeedId(WIRES): (feed(), started)})
    store.sync_rules(list(case.rules.values()), started)
    store.sync_channels([DESK], started)
    for silence in case.silences:
        store.silence(silence)
    return store


def brought(store: Store, d: Dispatch) -> tuple[Dispatch, ...]:
    """Save it as a poll would; what the store makes of it."""
    known = {one.id for one in store.open_dispatches(DESK, 1000)}
    found = revision(d.item, d.revision, seen_at=d.seen_at)
    found = replace(found, item=replace(found.item, canonical=d.canonical, published=d.published), story=d.story)
    found = replace(found, link=Link(root=item_id(d.root)) if d.root else BEGINS)
    match = Match(rule=d.rule, rule_hash=d.rule, item=found.item.id, revision=d.revision, evidence=(), denial=d.denial)
    to = NewDispatch(channel=DESK, group=d.group, severity=d.severity, updates=d.updates, source=d.source)
    (state,) = store.feeds()
    store.save_poll(PollSaved(state=polled(state, d.seen_at), revisions=(found,), matches=((match, (to,)),)))
    return tuple(one for one in store.open_dispatches(DESK, 1000) if one.id not in known)


def decided(store: Store, case: Case, now: datetime) -> Decided:
    opened = store.open_dispatches(DESK, 1000)
    past = store.past(DESK, opened, windows(opened, case.rules), now)
    made = decide(case.spec, opened, past, case.rules, now)
    store.save_alerts(made.alerts, made.decisions, at=now)
    return made


@settings(max_examples=40, deadline=None)
@given(cases().filter(lambda case: bool(case.dispatches)))
def test_the_store_remembers_what_decisions_rest_on(case: Case) -> None:
    store, channel = prepared(case), case.channel()
    for d in case.dispatches:
        while channel.again_at and channel.again_at <= d.seen_at:
            now = channel.again_at
            assert decided(store, case, now) == channel.round(now)
        channel.arrive(brought(store, d))
        assert decided(store, case, d.seen_at) == channel.round(d.seen_at)
    while channel.again_at:
        now = channel.again_at
        assert decided(store, case, now) == channel.round(now)
    assert not store.open_dispatches(DESK, 1000)
    assert not store.audit().flaws
    for record in (
        record for item in {d.item for d in case.dispatches} for record in store.records(revision(item).item.id)
    ):
        follows_its_trail(record)
    store.close()


def follows_its_trail(record: MatchRecord) -> None:
    """Its steps are in order, no two that follow one another alike, and the last one is where it stands."""
    for dispatch in record.dispatches:
        times, reasons = zip(*dispatch.trail, strict=True)
        assert list(times) == sorted(times)
        assert record.matched_at <= times[0]
        assert all(reason.fate is Fate.OPEN for reason in reasons[:-1])
        assert all(one is not other for one, other in pairwise(reasons))
        assert reasons[-1] is dispatch.reason
