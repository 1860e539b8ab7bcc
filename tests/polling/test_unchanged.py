"""What is read otherwise than it was, by a later version of the watcher, was not edited for that."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import CONSOLE, Desk, about, watched
from tests.lives import once
from tests.paper import WORDS, document
from watcher.model import Block, Entry, FeedId, Flaw, Hash64, Item, Origin, PollSaved, Updates
from watcher.normalise import normalise
from watcher.polling.sameness import is_unchanged
from watcher.store import examine_store, open_store, rows

PAPER = FeedId("paper")
LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = 3600.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "watcher.db"


@pytest.fixture
def desk(file: Path) -> Iterator[Desk]:
    opened = open_store(str(file))
    yield Desk(opened, watched("paper"), rules=(about("quake", updates=Updates.ALERT),))
    opened.close()


async def told(desk: Desk, page: bytes) -> list[str]:
    """What an hour later is told of a document."""
    before = len(desk[CONSOLE].titles)
    desk.publish("paper", page)
    desk.clock.advance(HOUR)
    await once(desk)
    return desk[CONSOLE].titles[before:]


def read_otherwise(file: Path) -> None:
    """As if another version had found no text in what is stored."""
    with closing(sqlite3.connect(file)) as db, db:
        db.row_factory = sqlite3.Row
        db.execute("UPDATE seen SET fingerprint = fingerprint - 1")
        db.execute("UPDATE revisions SET raw = coalesce(raw, text)")
        db.execute("UPDATE revisions SET summary = '' WHERE summary = replace(text, char(10, 10), ' ')")
        db.execute("UPDATE revisions SET fingerprint = fingerprint - 1, text = ''")
        for row in db.execute("SELECT i.id, r.* FROM items AS i JOIN revisions AS r ON r.item = i.pk").fetchall():
            db.execute("UPDATE revisions SET hash = ? WHERE pk = ?", (rows.content_hash(rows.content(row)), row["pk"]))


async def test_an_update_of_the_watcher_is_no_edit_of_what_a_feed_brings_in_other_bytes(file: Path) -> None:
    stored = Path(__file__).parents[1] / "data" / "var-005.db.gz"
    file.write_bytes(gzip.decompress(stored.read_bytes()))
    with closing(open_store(str(file))) as store:
        desk = Desk(store, watched("paper"), rules=(about("quake", updates=Updates.ALERT),))
        desk.clock.present = LATER
        assert await told(desk, document(2)) == []
        assert await told(desk, document(3)) == []
        assert await told(desk, document(4, c="<p>The road is closed.</p>")) == [WORDS["c"][0]]
        assert {"item-damaged", "entry-damaged"}.isdisjoint(flaw.code for flaw in flaws(file))


async def test_what_is_unchanged_is_known_by_its_fingerprint_of_now(desk: Desk, file: Path) -> None:
    assert len(await told(desk, document(1))) == 3
    known = desk.store.known(PAPER, keys(file))
    read_otherwise(file)
    assert await told(desk, document(2)) == []
    assert desk.store.known(PAPER, keys(file)) == known
    assert flaws(file) == []


async def test_what_a_feed_says_is_held_against_what_it_said_and_not_against_its_page(desk: Desk, file: Path) -> None:
    await told(desk, document(1))
    for key in keys(file):
        known = desk.store.known(PAPER, [key])[key]
        stored = desk.store.revision(known.item)
        assert stored
        page = replace(stored.item, text="The page says more.", raw="The page says more.", origin=Origin.PAGE)
        brought = replace(stored, item=page, number=2)
        desk.store.save_poll(PollSaved(state=desk.store.feeds()[0], revisions=(brought,)))
    read_otherwise(file)
    assert await told(desk, document(2)) == []
    assert await told(desk, document(3, c="<p>One more.</p>")) == [WORDS["c"][0]]


async def test_an_edit_is_one_in_whatever_version(desk: Desk, file: Path) -> None:
    await told(desk, document(1))
    read_otherwise(file)
    assert await told(desk, document(2, a="<p>One more.</p>")) == [WORDS["a"][0]]


async def test_what_the_disk_damaged_is_to_be_found_still(desk: Desk, file: Path) -> None:
    await told(desk, document(1))
    read_otherwise(file)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE revisions SET text = text || '!'")
    assert await told(desk, document(2)) == []
    assert {flaw.code for flaw in flaws(file)} == {"item-damaged"}


def flaws(file: Path) -> list[Flaw]:
    return list(examine_store(str(file), LATER, lambda *_: None))


def keys(file: Path) -> list[Hash64]:
    with closing(sqlite3.connect(file)) as db:
        return [key for (key,) in db.execute("SELECT key FROM seen ORDER BY key")]


def made(entry: Entry) -> Item:
    return normalise(entry, watched("paper"))


WORD = st.text("abcé&;<’ ", min_size=1, max_size=8)
ENTRIES = st.builds(
    Entry,
    hash=st.just(Hash64(1)),
    guid=st.just("one"),
    title=WORD | st.just(""),
    summary=WORD | st.just(""),
    blocks=st.lists(st.builds(Block, text=WORD), max_size=4).map(tuple),
)


@given(entry=ENTRIES)
def test_the_same_words_are_unchanged_however_they_are_judged(entry: Entry) -> None:
    item = made(entry)
    before = replace(item, text=item.raw[:3], fingerprint=Hash64(0))
    assert is_unchanged(entry, item, before)


@given(entry=ENTRIES, other=ENTRIES)
def test_other_words_are_an_edit(entry: Entry, other: Entry) -> None:
    item, before = made(entry), made(other)
    same = is_unchanged(entry, item, before)
    assert not same or "".join(item.raw.split()) == "".join(before.raw.split())
    assert is_unchanged(entry, item, item)
