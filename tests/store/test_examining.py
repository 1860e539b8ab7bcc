"""Whatever bit of a stored item flips is found; what is found is mended, or its mend is named."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.nouns import DESK, NOW, PHONE, WIRES, after, match, new_alert, poll, ready, revision, sent, tell
from watcher.errors import StoreError
from watcher.model import FeedId, FindingSeverity, Flaw, Learned, PollSaved, Revision, untold
from watcher.normalise.identity import item_id
from watcher.store import back_up_store, examine_store, mend_store
from watcher.store.examining import one_picture
from watcher.store.sqlite import SqliteStore, open_file

SOAK = bool(os.environ.get("WATCHER_SOAK"))
FLIPS = 100 if SOAK else 2
"""Bits of each column."""
PLACES = 3_000 if SOAK else 60
"""Bits of the file."""
WORDS = ("quake", "coast", "Lima", "вокзал", "dead", "港", "U.S.", "“ash”", "é", "100")


def true(name: str, number: int = 1, source: str = WIRES, *, seen_at: float = 0) -> Revision:
    """A revision whose item has the id that its feed and its key make, as all that is polled has."""
    chance = random.Random(f"{name}{number}")
    one = revision(name, number, source=source, text=" ".join(chance.choices(WORDS, k=60)), seen_at=after(seen_at))
    return replace(one, item=replace(one.item, id=item_id(FeedId(source), one.item.key)))


def lived(store: SqliteStore) -> None:
    """Items of two feeds, one edited, one without a word; one is told, one is open."""
    ready(store, WIRES, "other")
    poll(store, true("a"))
    tell(store, new_alert("1"))
    store.save_delivery(sent(new_alert("1").key))
    wordless = true("n")
    nothing = replace(wordless.item, title="…", text="", summary="", raw="")
    poll(store, true("a", 2, seen_at=5), true("b", seen_at=5), replace(wordless, item=nothing), channels=[PHONE])
    poll(store, true("c", source="other", seen_at=9), rules=[])
    other = next(state for state in store.feeds() if state.feed.id == "other")
    store.save_poll(PollSaved(state=other, learned=Learned(version=1, pages=9, blocks={1: 2, 3: 4})))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "watcher.db"
    store = open_file(str(path))
    lived(store)
    store.close()
    return path


@pytest.fixture
def file(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "watcher.db"))


def found(path: Path) -> list[Flaw]:
    return list(examine_store(str(path), after(60), untold))


def codes(path: Path) -> set[str]:
    return {flaw.code for flaw in found(path)}


def mended(path: Path, *copies: Path) -> list[Flaw]:
    return mend_store(str(path), found(path), copies)


def changed(path: Path, statement: str, *values: object) -> None:
    """Done behind the watcher's back."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute(statement, values)


def test_a_sound_database_has_no_flaw(file: Path) -> None:
    assert found(file) == []


def columns(made: Path) -> Iterator[tuple[str, str]]:
    """All but the number of a revision's row, by which nothing but the index for searches knows it."""
    with closing(sqlite3.connect(made)) as db:
        for table in ("items", "revisions", "seen"):
            for row in db.execute(f"PRAGMA table_info({table})"):
                if (table, row[1]) != ("revisions", "pk"):
                    yield table, row[1]


@pytest.mark.timeout(3600 if SOAK else 120)
def test_one_flipped_bit_in_any_column_of_an_item_is_found(made: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    tried = 0
    for table, column in columns(made):
        for _ in range(FLIPS):
            path = Path(shutil.copy(made, tmp_path / "watcher.db"))
            if flip(path, table, column, chance):
                tried += 1
                assert found(path), f"{table}.{column}"
    assert tried >= 31 * FLIPS - 10


def flip(path: Path, table: str, column: str, chance: random.Random) -> bool:
    """Flip one bit of one value; whether there was one, and the tables took it."""
    with closing(sqlite3.connect(path)) as db, db:
        db.text_factory = bytes
        place = "rowid" if table != "seen" else "key"
        rows = db.execute(f"SELECT {place}, {column} FROM {table} WHERE length({column}) > 0").fetchall()
        if not rows:  # nothing of these items was stored there
            return False
        key, value = chance.choice(rows)
        given = "?" if isinstance(value, int) else "CAST(? AS TEXT)" if column != "hash" else "?"
        try:
            db.execute(f"UPDATE {table} SET {column} = {given} WHERE {place} = ?", (flipped(value, chance), key))
        except sqlite3.IntegrityError:  # it became the identity of another
            return False
    return True


def flipped(value: int | bytes, chance: random.Random) -> int | bytes:
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(62))
    bits = bytearray(value)
    bits[chance.randrange(len(bits))] ^= 1 << chance.randrange(8)
    return bytes(bits)


ASKED = (
    "SELECT i.*, r.* FROM revisions AS r LEFT JOIN items AS i ON i.pk = r.item ORDER BY r.pk",
    "SELECT * FROM items ORDER BY pk",
    "SELECT * FROM seen ORDER BY feed, key",
)


def content(path: Path) -> object:
    """What is read of items; the error where that fails."""
    with closing(sqlite3.connect(path)) as db:
        db.text_factory = bytes
        try:
            return [db.execute(query).fetchall() for query in ASKED]
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            return str(error)


@pytest.mark.timeout(3600 if SOAK else 120)
def test_one_flipped_bit_anywhere_in_the_file_is_found_when_it_is_read_in_an_item(made: Path, tmp_path: Path) -> None:
    chance = random.Random(8)
    sound, whole = content(made), made.read_bytes()
    path, read_otherwise = tmp_path / "watcher.db", 0
    for _ in range(PLACES):
        damaged = bytearray(whole)
        damaged[chance.randrange(100, len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        if content(path) != sound:
            read_otherwise += 1
            assert seen_as_damaged(path)
    assert read_otherwise


def seen_as_damaged(path: Path) -> bool:
    try:
        return bool(found(path))
    except StoreError:  # it is so damaged that nothing opens it
        return True


BROKEN: dict[str, tuple[str, str]] = {
    "a revision without its item": ("DELETE FROM items WHERE id = (SELECT max(id) FROM items)", "link-broken"),
    "a dispatch without its match": ("DELETE FROM matches WHERE pk = 1", "link-broken"),
    "an item that was never seen": ("DELETE FROM seen WHERE revision = 2", "entry-damaged"),
    "an item that ends before its last revision": ("UPDATE items SET latest = 1", "entry-damaged"),
    "a feed of which nothing can be read": ("UPDATE feeds SET config = '{' WHERE id = 'other'", "feed-damaged"),
    "a feed in a condition that there is not": (
        "UPDATE feeds SET condition = 'odd' WHERE id = 'other'",
        "feed-damaged",
    ),
    "a feed told to be what there is not": ("UPDATE feeds SET told = 'odd' WHERE id = 'other'", "feed-damaged"),
    "habits that are none": ("UPDATE feeds SET habits = '{\"every\": []}' WHERE id = 'other'", "feed-damaged"),
    "a day of three hours": ("UPDATE feeds SET habits = '{\"hours\": [1, 2, 3]}' WHERE id = 'other'", "feed-damaged"),
    "half of a feed's habits": ("UPDATE feeds SET habits = '{\"gaps\": 1' WHERE id = 'other'", "feed-damaged"),
    "a pause from beyond time": ("UPDATE feeds SET paused_at = 1 << 62 WHERE id = 'other'", "feed-damaged"),
    "hashes of half a feed": ("UPDATE feeds SET entry_hashes = x'00' WHERE id = 'other'", "feed-damaged"),
    "what was learned of a site, but for a bit": ("UPDATE learned SET pages = pages + 4", "learned-damaged"),
    "what was learned of a site, cut short": ("UPDATE learned SET blocks = x'0102'", "learned-damaged"),
    "what was learned of no feed": ("UPDATE learned SET feed = 99", "link-broken"),
    "a sketch of no item": ("INSERT INTO sketches VALUES (99, x'00')", "link-broken"),
    "words that nobody can read": ("UPDATE matches SET evidence = '[{' WHERE pk = 1", "match-damaged"),
    "words that are none": ("UPDATE matches SET evidence = CAST(x'5bff' AS TEXT)", "match-damaged"),
    "counts that were lost": ("DELETE FROM counts", "counts-differ"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_does_not_belong_together_is_found_and_mended(file: Path, broken: str) -> None:
    statement, code = BROKEN[broken]
    changed(file, statement)
    assert code in codes(file)
    for _ in range(2):  # with what hung on it
        mended(file)
    assert codes(file) <= {"sums-differ"}, "a match that was lost stays lost"


def test_a_feed_whose_knowledge_of_its_sites_is_damaged_has_learned_nothing(file: Path) -> None:
    changed(file, "UPDATE learned SET blocks = zeroblob(20)")
    store = open_file(str(file))
    assert store.learned(FeedId("other")) == Learned()
    store.close()


def test_sums_that_do_not_add_up_are_told(file: Path) -> None:
    changed(file, "DELETE FROM deliveries")
    (flaw,) = found(file)
    assert (flaw.code, flaw.mendable) == ("sums-differ", False)


def test_a_rule_that_cannot_be_read_is_told(file: Path) -> None:
    changed(file, "UPDATE rule_versions SET definition = '{' WHERE rule = 'quake'")
    (flaw,) = found(file)
    assert flaw.code == "rule-damaged"
    assert flaw.mend.startswith("start the watcher")


def test_rows_of_a_time_to_come_are_told(file: Path) -> None:
    assert {one.code for one in examine_store(str(file), NOW - timedelta(hours=3), untold)} == {"clock-behind"}


def test_a_revision_that_no_search_finds_is_told_and_filed_again(file: Path) -> None:
    changed(file, "INSERT INTO terms(terms) VALUES ('delete-all')")
    assert codes(file) == {"search-damaged"}
    assert mended(file)
    assert found(file) == []
    store = open_file(str(file))
    assert len(list(store.search([frozenset({"quake"})], None, 9))) == 4, "until it is filed, all is read"
    while store.refile(2):
        pass
    assert len(list(store.search([frozenset({"quake"})], None, 9))) == 3
    store.close()
    assert found(file) == []


def test_entries_of_an_index_that_lead_nowhere_are_a_note(file: Path) -> None:
    changed(file, "INSERT INTO terms (rowid, keys) VALUES (999, 'quake')")
    (flaw,) = found(file)
    assert (flaw.code, flaw.severity) == ("search-stray", FindingSeverity.NOTE)
    mended(file)
    assert found(file) == []


def test_an_index_of_sqlite_that_misses_a_row_is_told_and_made_anew(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        (sql,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'revisions_seen'").fetchone()
        db.execute("UPDATE sqlite_schema SET sql = sql || ' WHERE pk < 0' WHERE name = 'revisions_seen'")
    with closing(sqlite3.connect(file)) as db:
        db.execute("REINDEX revisions_seen")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'revisions_seen'", (sql,))
        db.commit()
    assert codes(file) == {"index-damaged"}
    assert mended(file)
    assert found(file) == []


def test_two_rows_that_say_they_are_one_are_not_said_to_be_mended(file: Path) -> None:
    """What a damaged number makes of an index that takes each but once."""
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE UNIQUE INDEX narrow ON revisions (hash)")
        db.execute("PRAGMA writable_schema = ON")
        db.execute(
            "UPDATE sqlite_schema SET sql = 'CREATE UNIQUE INDEX narrow ON revisions (title)' WHERE name = 'narrow'"
        )
        db.execute("PRAGMA writable_schema = RESET")
    assert "index-damaged" in codes(file)
    assert mended(file) == []


# a damaged item

DAMAGE = "UPDATE revisions SET text = replace(text, 'quake', 'quakf') WHERE number = 2"


def test_a_damaged_revision_is_put_back_from_the_newest_backup_that_has_it(file: Path, tmp_path: Path) -> None:
    before = content(file)
    copies = [tmp_path / "old.db", tmp_path / "new.db", tmp_path / "none.db"]
    for copy in copies[:2]:
        back_up_store(str(file), copy, NOW, untold)
    changed(copies[1], DAMAGE)  # which makes it no backup to use
    copies[2].write_bytes(b"no database at all")
    changed(file, DAMAGE)
    (flaw,) = found(file)
    assert flaw.code == "item-damaged"
    assert flaw.where == f"item {true('a').item.id}, revision 2"
    assert mended(file, *copies) == [flaw]
    assert content(file) == before
    assert found(file) == []


def test_a_damaged_revision_is_put_back_from_the_copy_that_was_made_before_an_update(tmp_path: Path) -> None:
    file = tmp_path / "watcher.db"
    file.write_bytes(gzip.decompress((Path(__file__).parents[1] / "data" / "var-005.db.gz").read_bytes()))
    open_file(str(file)).close()
    before = content(file)
    changed(file, "UPDATE revisions SET text = text || '!' WHERE pk = 2")
    damaged = [flaw for flaw in found(file) if flaw.code == "item-damaged"]
    assert mend_store(str(file), damaged, list(tmp_path.glob("*.bak"))) == damaged
    assert content(file) == before


def forgotten(file: Path) -> SqliteStore:
    """Damaged where there is no backup, and mended."""
    changed(file, "UPDATE dispatches SET fate = 'alerted' WHERE fate = 'open'")
    changed(file, "UPDATE counts SET n = 0")
    changed(file, DAMAGE)
    mended(file)
    return open_file(str(file))


def test_a_damaged_revision_without_a_backup_is_forgotten_and_comes_again_untold(file: Path) -> None:
    store = forgotten(file)
    state = next(state for state in store.feeds() if state.feed.id == WIRES)
    assert (state.etag, state.body_hash, state.entry_hashes) == (None, None, frozenset()), "its feed is read afresh"
    assert state.next_at == state.polled_at
    edited = true("a", 2)
    (known,) = store.known(WIRES, [edited.item.key]).values()
    assert (known.revision, known.fingerprint) == (1, true("a").item.fingerprint)
    dispatches = len(store.records(edited.item.id)[-1].dispatches)
    poll(store, edited, channels=[DESK, PHONE], at=after(20))
    (again,) = (one for one in store.records(edited.item.id) if one.match.revision == 2)
    assert again.match == match(edited)
    assert len(again.dispatches) == dispatches, "what was told is not told again"
    store.close()
    assert codes(file) <= {"sums-differ"}


def test_an_item_of_which_nothing_is_left_is_new_to_its_feed(file: Path) -> None:
    changed(file, "UPDATE revisions SET title = 'Something else' WHERE url LIKE '%/c?%'")
    assert mended(file)
    store = open_file(str(file))
    assert not store.known(FeedId("other"), [true("c", source="other").item.key])
    state = next(state for state in store.feeds() if state.feed.id == "other")
    assert (state.etag, state.entry_hashes) == (None, frozenset()), "its feed is read afresh"
    store.close()
    assert codes(file) == set()


def test_what_waits_is_told_with_a_letter_that_cannot_be_read(file: Path) -> None:
    """One byte of one item ends neither the daemon, which has others to tell of, nor a search."""
    changed(file, "UPDATE revisions SET title = CAST(x'ff' AS TEXT) || title")
    store = open_file(str(file))
    titles = [one.item.title for one in store.search([frozenset({"quake"})], None, 9)]
    assert titles
    assert all(title.startswith("\N{REPLACEMENT CHARACTER}") for title in titles)
    store.close()


def test_a_damaged_revision_is_kept_while_something_that_waits_would_show_it(file: Path) -> None:
    changed(file, DAMAGE)
    assert mended(file) == []
    assert codes(file) == {"item-damaged"}


def test_a_damaged_revision_is_kept_while_a_channel_that_stands_in_would_show_it(file: Path) -> None:
    with closing(open_file(str(file))) as store:
        store.save_alerts([replace(new_alert("copy"), copy_of=new_alert("1").key)], ())
    changed(file, "UPDATE dispatches SET fate = 'alerted', reason = 'alerted' WHERE fate = 'open'")
    changed(file, DAMAGE)
    assert mended(file) == []
    assert "item-damaged" in codes(file)


LOST = ("id = 'z' || substr(id, 2)", "id = CAST(x'e6' AS TEXT) || substr(id, 2)", "key = key + 1")


@pytest.mark.parametrize("lost", LOST, ids=["another letter", "no letter at all", "its key"])
def test_an_item_that_lost_its_name_gets_it_back(file: Path, lost: str) -> None:
    """Also while something that waits is to show it: what was seen knows how it was called."""
    before = content(file), rows_of(file, "items")
    changed(file, f"UPDATE items SET {lost} WHERE latest = 2")
    assert "entry-damaged" in codes(file)
    mended(file)
    assert found(file) == []
    assert (content(file), rows_of(file, "items")) == before


def rows_of(file: Path, table: str) -> list[object]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute(f"SELECT * FROM {table}").fetchall()


def test_an_alert_that_lost_its_key_is_not_said_to_be_mended(file: Path) -> None:
    changed(file, "UPDATE alerts SET key = 'z' || substr(key, 2)")
    links = [flaw for flaw in found(file) if flaw.code == "link-broken"]
    assert {flaw.where: flaw.mendable for flaw in links} == {"table dispatches": False, "table deliveries": True}
    mended(file)
    assert [flaw.where for flaw in found(file) if flaw.code == "link-broken"] == ["table dispatches"]


@pytest.mark.parametrize("made_by", [lived], ids=["a database at work"])
def test_it_is_examined_beside_a_daemon_that_writes(tmp_path: Path, made_by: Callable[[SqliteStore], None]) -> None:
    store = open_file(str(tmp_path / "watcher.db"))
    made_by(store)
    flaws = examine_store(str(tmp_path / "watcher.db"), after(60), untold)
    poll(store, true("later", seen_at=12), at=after(12))
    assert list(flaws) == []
    store.close()


def test_ctrl_c_ends_a_statement_that_takes_long(file: Path) -> None:
    """It is heard while SQLite works, and is what the caller hears of it."""
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n"
    threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()
    with closing(sqlite3.connect(file)) as db, pytest.raises(KeyboardInterrupt), one_picture(db, str(file)):
        db.execute(endless).fetchone()
