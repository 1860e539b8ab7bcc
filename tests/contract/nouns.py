"""Nouns for tests of a store, each with everything but what the test is about filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from watcher.model import (
    AlertKey,
    AlertKind,
    AlertState,
    Baseline,
    ChannelName,
    Decision,
    Delivery,
    Dispatch,
    Feed,
    FeedId,
    FeedState,
    Hash64,
    Item,
    ItemId,
    Match,
    NewAlert,
    NewDispatch,
    PlacedBlock,
    PollSaved,
    Reason,
    Revision,
    Role,
    Rule,
    RuleId,
    Severity,
    Span,
    StoryId,
    Told,
    Updates,
)
from watcher.ports import Store

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
DESK = ChannelName("desk")
PHONE = ChannelName("phone")
WIRES = FeedId("wires")
QUAKE = Rule(id=RuleId("quake"), title="Earthquakes", expression="quake", expanded="quake", hash="h-quake")
FLOOD = Rule(id=RuleId("flood"), title="Floods", expression="flood", expanded="flood", hash="h-flood")


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def feed(name: str = WIRES, *, interval: float | None = 900.0, url: str | None = None) -> Feed:
    return Feed(
        id=FeedId(name),
        url=url or f"https://{name}.example/feed",
        interval=interval,
        tags=("a tag", "ü"),
        lang="en",
        baseline=Baseline.QUIET,
    )


def hash64(text: str) -> Hash64:
    return Hash64(int.from_bytes(sha256(text.encode()).digest()[:8], "big", signed=True))


def item_id(name: str, source: str = WIRES) -> ItemId:
    return ItemId(sha256(f"{source}\0{name}".encode()).hexdigest()[:16])


def revision(
    name: str = "a", number: int = 1, *, text: str = "", source: str = WIRES, seen_at: datetime = NOW
) -> Revision:
    """An item of which every field says something; the last block of `raw` is boilerplate."""
    text = text or f"The quake struck {name} (edit {number})."
    item = Item(
        id=item_id(name, source),
        feed=FeedId(source),
        key=hash64(name),
        fingerprint=hash64(f"{name}{number}"),
        url=f"https://{source}.example/{name}?utm_source=rss",
        canonical=f"https://example.com/{name}",
        title=f"Title of {name}",
        title_from_text=True,
        text=text,
        summary=f"Summary of {name}",
        raw=f"{text}\n\nSubscribe!",
        blocks=(
            PlacedBlock(start=0, end=len(text), role=Role.BODY),
            PlacedBlock(start=len(text) + 2, end=len(text) + 12, role=Role.BOILERPLATE, why="an appeal"),
        ),
        authors=("Ann Author", "Bo “Bee” Writer"),
        tags=("World",),
        lang="en",
        published=after(-60),
        updated=after(-30),
    )
    return Revision(item=item, number=number, seen_at=seen_at, story=StoryId(f"story-{name}"))


def match(of: Revision, rule: Rule = QUAKE) -> Match:
    words = of.item.text[4:9]
    return Match(
        rule=rule.id,
        rule_hash=rule.hash,
        item=of.item.id,
        revision=of.number,
        evidence=(Span(field="text", start=4, end=9, text=words, term=rule.expression),),
    )


def dispatch(
    channel: ChannelName = DESK,
    group: str = "story:a",
    *,
    severity: Severity = Severity.HIGH,
    source: str = "example.com",
) -> NewDispatch:
    return NewDispatch(channel=channel, group=group, severity=severity, updates=Updates.ALERT, source=source)


def polled(state: FeedState, at: datetime = NOW, *, new: bool = True) -> FeedState:
    """The state after a good poll."""
    return replace(
        state,
        etag='"tag"',
        last_modified="Sun, 01 Mar 2026 12:00:00 GMT",
        body_hash=hash64(f"body {at}"),
        entry_hashes=frozenset({hash64("one"), hash64("two"), Hash64(-(2**63)), Hash64(2**63 - 1)}),
        baselined=True,
        polls=state.polls + 1,
        next_at=at + timedelta(minutes=15),
        polled_at=at,
        good_at=at,
        new_at=at if new else state.new_at,
        ttl=1800.0,
    )


def ready(store: Store, *names: str) -> dict[FeedId, FeedState]:
    """Wanted feeds (WIRES without names), the two rules and the two channels; everything is due now."""
    feeds = [feed(name) for name in names or (WIRES,)]
    store.sync_feeds({one.id: (one, NOW) for one in feeds})
    store.sync_rules([QUAKE, FLOOD], NOW)
    store.sync_channels([DESK, PHONE], NOW)
    return {state.feed.id: state for state in store.feeds()}


def poll(
    store: Store,
    *revisions: Revision,
    rules: Sequence[Rule] = (QUAKE,),
    channels: Sequence[ChannelName] = (DESK,),
    baseline: bool = False,
    at: datetime = NOW,
) -> PollSaved:
    """Save a poll of the first revision's feed in which every rule matches every revision."""
    source = revisions[0].item.feed
    state = next(state for state in store.feeds() if state.feed.id == source)
    saved = PollSaved(
        state=polled(state, at),
        revisions=revisions,
        matches=tuple(
            (match(one, rule), tuple(dispatch(channel, f"story:{one.story}") for channel in channels))
            for one in revisions
            for rule in rules
        ),
        baseline=baseline,
    )
    store.save_poll(saved)
    return saved


def new_alert(
    key: str = "1", *, channel: ChannelName = DESK, group: str = "story:story-a", at: datetime = NOW
) -> NewAlert:
    return NewAlert(
        key=AlertKey(key * 32),
        channel=channel,
        group=group,
        kind=AlertKind.MATCH,
        severity=Severity.HIGH,
        created_at=at,
    )


def tell(store: Store, alert: NewAlert, reason: Reason = Reason.NEW) -> tuple[Decision, ...]:
    """Decide all open dispatches of the alert's channel by this alert."""
    opened = store.open_dispatches(alert.channel, 1000)
    decisions = tuple(
        Decision(dispatch=one.id, reason=reason, alert=alert.key, place=n) for n, one in enumerate(opened)
    )
    store.save_alerts([alert], decisions)
    return decisions


def told(store: Store, *dispatches: Dispatch) -> tuple[Told, ...]:
    """What bears on these, of the desk."""
    return store.past(DESK, dispatches, (), NOW).told


def asking(group: str, item: str = "another", canonical: str | None = None, root: ItemId | None = None) -> Dispatch:
    """An open dispatch that asks what was told of its group, item, address and text."""
    return Dispatch(
        id=1,
        match_id=1,
        channel=DESK,
        group=group,
        rule=QUAKE.id,
        item=item_id(item),
        rule_hash=QUAKE.hash,
        revision=9,
        story=StoryId("story"),
        canonical=canonical,
        root=root,
        source="example.com",
        seen_at=NOW,
        published=None,
        severity=Severity.MEDIUM,
        updates=Updates.THREAD,
    )


def sent(key: AlertKey, *, started: float = 1, ended: float = 2) -> Delivery:
    """A try that the channel accepted; times in minutes after NOW."""
    return Delivery(
        alert=key, started_at=after(started), ended_at=after(ended), state=AlertState.SENT, detail="200 accepted"
    )


def failed(key: AlertKey, *, started: float = 1, again: float = 10) -> Delivery:
    """A try that the channel did not accept, and when the next one is due; times in minutes after NOW."""
    return Delivery(
        alert=key,
        started_at=after(started),
        ended_at=after(started),
        state=AlertState.PENDING,
        detail="503",
        next_at=after(again),
    )


def picture(store: Store) -> object:
    """All that can be asked for, to be compared."""
    items = [one.item for one in store.search([], None, 1000)]
    alerts = store.alerts(None, None, 1000)
    feeds = store.feeds()
    keys = [item.key for item in items]
    return (
        feeds,
        [store.known(state.feed.id, keys) for state in feeds],
        [store.paging(state.feed.id) for state in feeds],
        [store.revision(item.id, number) for item in items for number in (1, 2, 3)],
        [store.records(item.id) for item in items],
        [list(store.search([frozenset({word})], None, 1000)) for word in ("quake", "title", "summary")],
        [store.open_dispatches(channel, 1000) for channel in store.channels_with_open()],
        [store.past(alert.channel, [asking(alert.group)], (), NOW) for alert in alerts],
        alerts,
        [store.deliveries(alert.key) for alert in alerts],
        store.channels_due(after(10_000)),
        store.baseline_summary(),
        store.next_due(),
        store.status(NOW),
    )
