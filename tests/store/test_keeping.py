"""Forgetting what is old changes nothing that is told, leaves nothing behind, and is done whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channel import DESK
from tests.contract.nouns import after, poll, ready, revision
from tests.fakes import Desk, about, watched
from tests.store.test_deciding import brought, decided, prepared
from tests.test_alert_laws import Case, cases
from watcher.model import AlertState, Delivery, Dispatch, ItemId, Updates
from watcher.ports import Store
from watcher.store import open_store, terms
from watcher.store.sqlite import SqliteStore, open_file

ALL = after(10**6)


# what is told


def accept_all(store: Store, now: datetime) -> None:
    """Every alert is accepted at once."""
    for channel in store.channels_due(now):
        while alert := store.claim_alert(channel, now, now + timedelta(minutes=5)):
            store.save_delivery(Delivery(alert=alert.key, started_at=now, ended_at=now, state=AlertState.SENT))


@settings(max_examples=20, deadline=None)
@given(case=cases().filter(lambda case: bool(case.dispatches)), often=st.integers(1, 3))
def test_what_is_decided_is_the_same_whatever_was_forgotten(case: Case, often: int) -> None:
    with closing(prepared(case)) as keeping, closing(prepared(case)) as forgetting:
        again_at = None
        for number, d in enumerate(once_each(case)):
            for store in (keeping, forgetting):
                brought(store, d)
            again_at = both_decided(keeping, forgetting, case, d.seen_at)
            if number % often == 0:
                forget(forgetting, d.seen_at)
        while again_at:
            now, again_at = again_at, both_decided(keeping, forgetting, case, again_at)
            forget(forgetting, now)
        assert not forgetting.open_dispatches(DESK, 1)
        assert remembered(keeping) == remembered(forgetting)
        assert exact(forgetting)


def both_decided(keeping: Store, forgetting: Store, case: Case, now: datetime) -> datetime | None:
    made, same = (decided(store, case, now) for store in (keeping, forgetting))
    assert made == same
    for store in (keeping, forgetting):
        accept_all(store, now)
    return made.again_at


def forget(store: Store, now: datetime) -> None:
    """All that may be forgotten."""
    while store.prune(now + timedelta(seconds=1), 2):
        pass


def once_each(case: Case) -> list[Dispatch]:
    """Of each revision what came first: no poll brings one that is known."""
    firsts: dict[tuple[ItemId, int], Dispatch] = {}
    for d in case.dispatches:
        firsts.setdefault((d.item, d.revision), d)
    return list(firsts.values())


def remembered(store: Store) -> object:
    """All that is told of the past, but for texts."""
    alerts = store.alerts(None, None, 10_000)
    status = replace(store.status(ALL), items=0)
    items = sorted({told.item.id for alert in alerts for told in alert.items})
    assert not store.audit().flaws
    return alerts, status, [store.records(item) for item in items], [store.deliveries(alert.key) for alert in alerts]


@dataclass(frozen=True, kw_only=True)
class Puts:
    """An entry comes, or is edited, or comes again."""

    guid: str
    word: str


@dataclass(frozen=True, kw_only=True)
class Drops:
    """An entry leaves its feed."""

    guid: str


steps = st.lists(
    st.builds(Puts, guid=st.sampled_from("abc"), word=st.sampled_from(("strike one", "strike two", "calm")))
    | st.builds(Drops, guid=st.sampled_from("abc"))
    | st.integers(1, 300),
    max_size=15,
)


@settings(max_examples=25, deadline=None)
@given(steps=steps, updates=st.sampled_from(Updates))
def test_a_feed_is_told_the_same_whatever_was_forgotten(steps: Sequence[Puts | Drops | int], updates: Updates) -> None:
    asyncio.run(lived(steps, updates))


async def lived(steps: Sequence[Puts | Drops | int], updates: Updates) -> None:
    """Two houses, of which one keeps items for 180 days."""
    with closing(open_store("sqlite:///:memory:")) as one, closing(open_store("sqlite:///:memory:")) as other:
        keeping, forgetting = (
            Desk(store, watched("wires"), rules=[about("strike", updates=updates)]) for store in (one, other)
        )
        feed: dict[str, str] = {}
        for step in (*steps, 1):
            if isinstance(step, Puts):
                feed[step.guid] = step.word
            elif isinstance(step, Drops):
                feed.pop(step.guid, None)
            for desk in (keeping, forgetting):
                desk.clock.advance(step * 86_400.0 if isinstance(step, int) else 3_600.0)
                desk.publish("wires", rss(feed))
                await around(desk)
            while await forgetting.jobs.prune():
                pass
            assert keeping["console"].titles == forgetting["console"].titles
        assert remembered(one) == remembered(other)


async def around(desk: Desk) -> None:
    now = desk.clock.now()
    for state in desk.store.claim_feeds(now, 9, now + timedelta(minutes=5)):
        await desk.jobs.poll(state)
    for channel in desk.store.channels_with_open():
        await desk.jobs.alert(channel)
    for channel in desk.store.channels_due(desk.clock.now()):
        while await desk.jobs.deliver(channel) is not None:
            pass


def rss(feed: dict[str, str]) -> bytes:
    entries = "".join(
        f"<item><guid>{guid}</guid><link>https://wires.example/{guid}</link><title>{escape(word)}</title>"
        f"<description>Of {guid}: {escape(word)}.</description></item>"
        for guid, word in feed.items()
    )
    return f"<rss version='2.0'><channel><title>Wires</title>{entries}</channel></rss>".encode()


# what is left


def exact(store: Store) -> bool:
    """Whether the index has the keys of each revision that is kept, and nothing else."""
    assert isinstance(store, SqliteStore)
    store.db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.filed USING fts5vocab (main, terms, instance)")
    filed = {(pk, term) for pk, term in store.db.execute("SELECT doc, term FROM temp.filed")}
    texts = store.db.execute("SELECT pk, title, lifted ->> 'place', text, summary FROM revisions").fetchall()
    store.db.execute("INSERT INTO terms (terms) VALUES ('integrity-check')")
    return filed == {(pk, term) for pk, *parts in texts for term in terms.filed(*filter(None, parts)).split()}


def test_the_index_keeps_nothing_of_what_is_forgotten(tmp_path: Path) -> None:
    with closing(open_file(str(tmp_path / "watcher.db"))) as store:
        ready(store)
        for number in range(40):
            poll(store, revision(str(number), text=f"Word{number} C++ quake ünder", seen_at=after(number)), rules=[])
        poll(store, revision("3", 2, text="Edited", seen_at=after(50)), rules=[])
        placed = revision("4", 2, text="Edited", seen_at=after(60))
        poll(store, replace(placed, item=replace(placed.item, place="Karsholm")), rules=[])
        assert list(store.search([frozenset({"karsholm"})], None, 9))
        for minute in (1, 17, 39, 100):
            while store.prune(after(minute), 3):
                pass
            assert exact(store)
        assert not store.db.execute("SELECT 1 FROM revisions").fetchall()
        poll(store, revision("new", seen_at=after(200)), rules=[])
        assert exact(store)


def test_what_is_not_filed_anew_yet_is_forgotten_without_touching_what_is(tmp_path: Path) -> None:
    with closing(open_file(str(tmp_path / "watcher.db"))) as store:
        ready(store)
        for number in range(6):
            poll(store, revision(str(number), seen_at=after(number)), rules=[])
        store.db.execute("INSERT INTO terms (terms) VALUES ('delete-all')")
        for pk in range(1, 7):
            store.db.execute("INSERT INTO terms (rowid, keys) VALUES (?, 'old')", [pk])
        store.db.execute("DELETE FROM meta WHERE name = 'index'")
        store.refile(3)
        assert store.prune(after(5), 9) == 5
        assert [one.item.title for one in store.search([frozenset({"quake"})], None, 9)] == ["Title of 5"]
        assert store.refile(9) == 0
        assert store.prune(ALL, 9) == 1
        store.db.execute("INSERT INTO terms (terms) VALUES ('integrity-check')")
        assert not list(store.search([frozenset({"old"})], None, 9))


def test_the_room_of_what_is_forgotten_is_used_again(tmp_path: Path) -> None:
    with closing(open_file(str(tmp_path / "watcher.db"))) as store:
        ready(store)
        sizes = []
        for batch in range(6):
            at = after(batch)
            poll(store, *(revision(f"{batch} {n}", text="word " * 400, seen_at=at) for n in range(40)), rules=[], at=at)
            while store.prune(at, 8):
                pass
            sizes.append(store.sizes())
        assert sizes[-1].database <= 1.2 * sizes[1].database
        assert max(size.log for size in sizes) < 8 * 2**20
