"""What is rehearsed is what would have been: the store, asked in its place, says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.nouns import DESK, FLOOD, NOW, QUAKE, WIRES, after, item_id, match, polled, ready, revision
from watcher.alert import decide, windows
from watcher.model import (
    BEGINS,
    ChannelName,
    ChannelSpec,
    Decided,
    Dispatch,
    FeedId,
    Hours,
    Link,
    Match,
    NewDispatch,
    Origin,
    PollSaved,
    Quiet,
    Reason,
    Revision,
    Rule,
    Severity,
    Silence,
    Updates,
    When,
)
from watcher.ports import Store
from watcher.rehearse import Round, dispatch_of, rehearse
from watcher.store import open_store
from watcher.story import dispatches

EVERY_DAY = tuple(range(7))
Matched = tuple[Revision, Match, NewDispatch]


@dataclass(frozen=True, kw_only=True)
class History:
    """Polls at ascending moments with what each brings to a channel, and all that bears on it."""

    rules: tuple[Rule, ...]
    channel: ChannelSpec
    polls: tuple[tuple[datetime, tuple[Matched, ...]], ...]
    silences: tuple[Silence, ...]

    @property
    def until(self) -> datetime:
        return self.polls[-1][0] + timedelta(days=2)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Two rules, items in two feeds that share addresses and texts, edits, everything that people may set."""
    rules = tuple(draw(settings_of(rule)) for rule in (QUAKE, FLOOD))
    times = draw(st.lists(st.sampled_from([1, 4, 9, 25, 50, 400, 1500]), min_size=1, max_size=8))
    what = st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e"]), st.sampled_from([WIRES, FeedId("blog")]), st.integers(1, 3)
    )
    whole = st.lists(what, unique=True, min_size=1, max_size=16)
    shares = draw(st.lists(st.integers(0, len(times) - 1), min_size=16, max_size=16))
    moments = [after(sum(times[: n + 1])) for n in range(len(times))]
    polls: dict[datetime, list[Matched]] = {}
    for (name, source, number), share in zip(draw(whole), shares, strict=False):
        seen = replace(revision(name, number, source=source), seen_at=moments[share])
        published, origin = draw(st.sampled_from([None, after(-600), NOW])), draw(st.sampled_from(Origin))
        link = Link(root=item_id(draw(st.sampled_from("abcde")))) if draw(st.booleans()) else BEGINS
        seen = replace(seen, item=replace(seen.item, published=published, origin=origin), link=link)
        for rule in draw(st.sampled_from([rules, rules[:1], rules[1:]])):
            hit = replace(match(seen, rule), denial=draw(st.booleans()))
            (to,) = dispatches(rule, seen, [DESK], denial=hit.denial)
            polls.setdefault(moments[share], []).append((seen, hit, to))
    silence = st.builds(
        Silence,
        id=st.just(0),
        rule=st.sampled_from([QUAKE.id, FLOOD.id]),
        group=st.none(),
        channel=st.sampled_from([None, DESK, ChannelName("phone")]),
        by=st.just("ann"),
        since=st.just(NOW),
        until=st.sampled_from([after(30), after(500)]),
    )
    return History(
        rules=rules,
        channel=draw(channels),
        polls=tuple((at, tuple(brought)) for at, brought in sorted(polls.items(), key=lambda poll: poll[0])),
        silences=tuple(draw(st.one_of(st.just([]), st.lists(silence, max_size=2)))),
    )


HELD: tuple[dict[str, object], ...] = (
    {},
    {"throttle": 300.0},
    {"throttle": 3600.0},
    {"throttle": 3600.0, "max_age": 7200.0},
    {"digest": True},
    {"when": When(count=2, within=1800)},
    {"when": When(count=2, within=7200, distinct="source"), "throttle": 3600.0},
)


def settings_of(rule: Rule) -> st.SearchStrategy[Rule]:
    whole = st.fixed_dictionaries(
        {
            "severity": st.sampled_from([Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL]),
            "group": st.sampled_from(["story", "rule", "site", "item"]),
            "updates": st.sampled_from(Updates),
        }
    )
    return st.builds(lambda fields, held: replace(rule, **fields, **held), whole, st.sampled_from(HELD))


channels = st.builds(
    ChannelSpec,
    name=st.just(DESK),
    url=st.just(""),
    timezone=st.sampled_from(["UTC", "Asia/Tokyo"]),
    min_severity=st.sampled_from([Severity.INFO, Severity.INFO, Severity.HIGH]),
    quiet=st.sampled_from(
        [None, Quiet(hours=(Hours(days=EVERY_DAY, start=720, end=780, zone="UTC"),), below=Severity.CRITICAL)]
    ),
    digest=st.sampled_from([(), (740, 900)]),
    cap=st.sampled_from([1, 2, 60]),
)


def stored(history: History, store: Store) -> Iterator[tuple[datetime, Decided]]:
    """What the store and `decide` bring, with rounds at the same kind of moments."""
    feeds = ready(store, WIRES, "blog")
    rules = {rule.id: rule for rule in history.rules}
    coming, again = list(history.polls), None
    while moments := [at for at in (again, coming[0][0] if coming else None) if at and at <= history.until]:
        now = min(moments)
        if coming and coming[0][0] == now:
            _, brought = coming.pop(0)
            for matched in brought:
                save(store, feeds[matched[0].item.feed], now, matched)
        opened = store.open_dispatches(DESK, 10_000)
        decided = decide(history.channel, opened, store.past(DESK, opened, windows(opened, rules), now), rules, now)
        store.save_alerts(decided.alerts, decided.decisions)
        again = decided.again_at
        yield now, decided


def save(store: Store, state: object, now: datetime, matched: Matched) -> None:
    seen, hit, to = matched
    saved = PollSaved(state=polled(state, now), revisions=(seen,), matches=((hit, (to,)),))  # type: ignore[arg-type]
    store.save_poll(saved)


def rehearsed(history: History) -> tuple[Round, ...]:
    brought = [matched for _, poll in history.polls for matched in poll]
    opened = [dispatch_of(number, seen, hit, to) for number, (seen, hit, to) in enumerate(brought, 1)]
    rules = {rule.id: rule for rule in history.rules}
    return tuple(rehearse(rules, history.channel, opened, history.until, history.silences))


@settings(max_examples=150, deadline=None)
@given(histories())
def test_what_is_rehearsed_is_what_the_store_would_bring(history: History) -> None:
    """Alerts, reasons and moments; and in the end every match has the fate that the store says."""
    store = open_store("sqlite:///:memory:")
    history = replace(history, silences=tuple(store.silence(silence) for silence in history.silences))
    rounds = rehearsed(history)
    assert [(each.at, each.decided) for each in rounds] == list(stored(history, store))
    fates = {d.id: (d.reason, d.alert) for d in dispatches_of(store, history)}
    assert fates == fold(rounds)
    store.close()


def dispatches_of(store: Store, history: History) -> list[Dispatch]:
    of = dict.fromkeys(seen.item.id for _, poll in history.polls for seen, _, _ in poll)
    return [d for item in of for record in store.records(item) for d in record.dispatches]


def fold(rounds: Sequence[Round]) -> dict[int, tuple[Reason, str | None]]:
    """How each match stands in the end."""
    stands: dict[int, tuple[Reason, str | None]] = {}
    for each in rounds:
        stands |= {d.id: (d.reason, d.alert) for d in each.opened if d.id not in stands}
        stands |= {d.dispatch: (d.reason, d.alert) for d in each.decided.decisions}
    return stands
