"""edge: tables -> what in them is not as it was written, each with what mends it.

SQLite itself notices that a page makes no sense, not that a letter in it is another one. So an item's content is held
against the hash stored with it, its id against the feed and key that it is made of, and what is told of it elsewhere
against that. Rows are read one after the other; what is large is sorted on disk.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

from watcher.model import FindingSeverity, Flaw, Habits, Tell
from watcher.normalise.identity import item_id
from watcher.store import rows, terms
from watcher.store.auditing import audited
from watcher.store.learning import readable
from watcher.store.migrations import refuse_other_shapes
from watcher.store.refiling import unfiled_before
from watcher.store.session import Session, connect_to_read, explained

MOST = 20
"""Complaints of SQLite that are passed on."""
EVERY = 1_000
"""Rows between two words about how far it is."""
AHEAD = timedelta(minutes=5)
"""How much later than now a row may be dated: two machines never quite agree."""
_LOOK = 100_000  # steps of a statement between two looks whether Ctrl-C was pressed
_OF_INDEX = ("missing from index", "wrong # of entries in index", "non-unique entry in index")
_RESTORE = "put back a backup (docs/how-to-backup.md)"
_MEND = "`watcher doctor --mend`"


def examine_file(path: str, now: datetime, tell: Tell) -> Iterator[Flaw]:
    """All that is wrong in the database, beside a daemon or without one. Raises StoreError when it cannot be read."""
    with explained(path), closing(connect_to_read(path)) as db:
        refuse_other_shapes(db, path)
        yield from examine(db, path, now, tell)


def examine(db: sqlite3.Connection, name: str, now: datetime, tell: Tell) -> Iterator[Flaw]:
    """The same of an open connection, which is of no other use afterwards: it reads text that is none, too."""
    db.text_factory = lenient
    db.execute("PRAGMA query_only = OFF")  # for what is noted in temporary tables
    db.execute("PRAGMA temp_store = FILE")
    try:
        with one_picture(db, name):
            yield from _flaws(db, name, now, tell)
    except (LookupError, UnicodeError) as error:  # names of columns are not what they were
        message = f"what it says of its own tables makes no sense ({type(error).__name__})"
        yield Flaw(code="database-damaged", where=name, message=message, mend=_RESTORE)


def _flaws(db: sqlite3.Connection, name: str, now: datetime, tell: Tell) -> Iterator[Flaw]:
    found = False
    for flaw in _structure(db, name, tell):
        found = True
        yield flaw
    if found:
        return  # a broken tree makes all that hangs on it look wrong
    for check in (_links, _contents, _identities, _definitions, _evidence, _index, _sums):
        yield from check(db, tell)
    yield from _later(db, now)


@contextmanager
def one_picture(db: sqlite3.Connection, name: str) -> Iterator[None]:
    """Read as of one moment, for as long as it takes or until Ctrl-C."""
    with Session(db, name).reading(), interruptible(db):
        yield


@contextmanager
def interruptible(db: sqlite3.Connection) -> Iterator[None]:
    """Let Ctrl-C end a statement that takes long."""
    db.set_progress_handler(lambda: 0, _LOOK)  # in which Python looks for signals
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname == "SQLITE_INTERRUPT":
            raise KeyboardInterrupt from None
        raise
    finally:
        db.set_progress_handler(None, 0)


def lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _structure(db: sqlite3.Connection, name: str, tell: Tell) -> Iterator[Flaw]:
    """SQLite's own view: pages, trees, indexes, types."""
    tell("pages", 0, 1)
    try:
        said = [row[0] for row in db.execute(f"PRAGMA integrity_check({MOST})") if row[0] != "ok"]
    except sqlite3.DatabaseError as error:
        if _interrupted(error):
            raise
        said = [str(error)]
    only_indexes = all(any(words in line for words in _OF_INDEX) for line in said)
    for line in said:
        if only_indexes:
            yield Flaw(code="index-damaged", where=name, message=_line(line), mend=_MEND, mendable=True)
        else:
            yield Flaw(code="database-damaged", where=name, message=_line(line), mend=_RESTORE)


def _links(db: sqlite3.Connection, tell: Tell) -> Iterator[Flaw]:
    """Rows that belong to one that is not there."""
    tell("links", 0, 1)
    lost: dict[tuple[str, str], list[int]] = {}
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        lost.setdefault((table, parent), []).append(row)
    for (table, parent), numbers in lost.items():
        mendable = (table, parent) in DROPPED
        yield Flaw(
            code="link-broken",
            where=f"table {table}",
            message=f"{len(numbers):,} of its rows belong to {parent} that are not there",
            mend=_MEND if mendable else _RESTORE,
            mendable=mendable,
        )


DROPPED = {
    ("revisions", "items"): "DELETE FROM revisions WHERE item NOT IN (SELECT pk FROM items)",
    ("dispatches", "matches"): "DELETE FROM dispatches WHERE match NOT IN (SELECT pk FROM matches)",
    ("deliveries", "alerts"): "DELETE FROM deliveries WHERE alert NOT IN (SELECT key FROM alerts)",
    ("pages", "feeds"): "DELETE FROM pages WHERE feed NOT IN (SELECT pk FROM feeds)",
    ("sketches", "items"): "DELETE FROM sketches WHERE item NOT IN (SELECT pk FROM items)",
    ("seen", "feeds"): "DELETE FROM seen WHERE feed NOT IN (SELECT pk FROM feeds)",
    ("learned", "feeds"): "DELETE FROM learned WHERE feed NOT IN (SELECT pk FROM feeds)",
}
"""What takes rows away that nothing can lead to any more."""

REVISIONS = """
SELECT r.*, i.id, f.id AS feed FROM revisions AS r
LEFT JOIN items AS i ON i.pk = r.item LEFT JOIN feeds AS f ON f.pk = i.feed
"""


def _contents(db: sqlite3.Connection, tell: Tell) -> Iterator[Flaw]:
    """Each revision against its hash."""
    of = _count(db, "revisions")
    for done, row in enumerate(db.execute(f"{REVISIONS} ORDER BY r.pk")):
        if done % EVERY == 0:
            tell("items", done, of)
        if not rows.intact(row):
            yield Flaw(
                code="item-damaged",
                where=f"item {_line(str(row['id']))}, revision {row['number']}",
                message="its content is not what was stored",
                mend=_MEND,
                mendable=True,
                at=(row["pk"],),
            )


_DISAGREEING = """
SELECT i.pk, i.id FROM items AS i
LEFT JOIN seen AS s ON s.feed = i.feed AND s.key = i.key
LEFT JOIN revisions AS r ON r.item = i.pk AND r.number = i.latest
WHERE s.item IS NOT i.id OR s.revision IS NOT i.latest OR (r.pk IS NOT NULL AND s.fingerprint IS NOT r.fingerprint)
  OR (r.pk IS NULL AND EXISTS (SELECT 1 FROM revisions WHERE item = i.pk))
  OR EXISTS (SELECT 1 FROM revisions WHERE item = i.pk AND number > i.latest)
  OR i.seen_at <> (SELECT max(seen_at) FROM revisions WHERE item = i.pk)
"""


def _identities(db: sqlite3.Connection, tell: Tell) -> Iterator[Flaw]:
    """Each item's id is made of its feed and its key, and what was seen says the same of it."""
    of = _count(db, "seen")
    seen = db.execute("SELECT f.id AS id, s.feed, s.key, s.item FROM seen AS s JOIN feeds AS f ON f.pk = s.feed")
    for done, row in enumerate(seen):
        if done % EVERY == 0:
            tell("identities", done, of)
        if row["item"] != item_id(row["id"], row["key"]):
            where = f"seen in feed {_line(row['id'])}: item {_line(row['item'])}"
            message = "it is not what its feed and its key make"
            at = (row["feed"], row["key"])
            yield Flaw(code="seen-damaged", where=where, message=message, mend=_MEND, mendable=True, at=at)
    for pk, id_ in db.execute(_DISAGREEING):
        where, message = f"item {_line(id_)}", "its entry and what was seen of it disagree"
        yield Flaw(code="entry-damaged", where=where, message=message, mend=_MEND, mendable=True, at=(pk,))


def _definitions(db: sqlite3.Connection, tell: Tell) -> Iterator[Flaw]:
    """What is kept of feeds and rules can be read."""
    tell("feeds and rules", 0, 1)
    for row in db.execute("SELECT * FROM feeds"):
        try:
            state = rows.feed_state(row)
            good = state.feed.id == row["id"] and _is_sensible(state.habits)
        except (TypeError, ValueError, OverflowError, struct.error):
            good = False
        if not good:
            where, message = f"feed {_line(row['id'])}", "what is kept of it cannot be read"
            yield Flaw(code="feed-damaged", where=where, message=message, mend=_MEND, mendable=True, at=(row["pk"],))
    for row in db.execute("SELECT l.*, f.id FROM learned AS l JOIN feeds AS f ON f.pk = l.feed"):
        if readable(row) is None:
            where, message = f"feed {_line(row['id'])}", "what was learned of its sites cannot be read"
            at = (row["feed"],)
            yield Flaw(code="learned-damaged", where=where, message=message, mend=_MEND, mendable=True, at=at)
    for row in db.execute("SELECT * FROM rule_versions"):
        try:
            good = rows.RULE.validate_json(row["definition"]).hash == row["hash"]
        except (TypeError, ValueError):
            good = False
        if not good:
            where, message = f"rule {_line(row['rule'])}", "a version of it cannot be read"
            mend = "start the watcher, which writes what is live anew" if row["live"] else _RESTORE
            yield Flaw(code="rule-damaged", where=where, message=message, mend=mend)


def _is_sensible(habits: Habits) -> bool:
    """Whether they are such as polls learn."""
    rhythm = (*habits.hours, *habits.days, habits.every or 0.0, habits.pace or 0.0, habits.gaps, habits.lies)
    skipped = set(habits.skip_hours) <= set(range(24)) and set(habits.skip_days) <= set(range(7))
    whole = len(habits.hours) in {0, 24} and len(habits.days) in {0, 7}
    return skipped and whole and all(0 <= each < float("inf") for each in rhythm)


def _evidence(db: sqlite3.Connection, tell: Tell) -> Iterator[Flaw]:
    """Which words it was that matched can be read."""
    of = _count(db, "matches")
    for done, row in enumerate(db.execute("SELECT pk, item, rule, evidence FROM matches")):
        if done % EVERY == 0:
            tell("matches", done, of)
        try:
            rows.EVIDENCE.validate_json(row["evidence"])
        except ValueError:
            where, message = f"rule {_line(row['rule'])}, item {_line(row['item'])}", "its words cannot be read"
            yield Flaw(code="match-damaged", where=where, message=message, mend=_MEND, mendable=True, at=(row["pk"],))


_FILED = """
CREATE VIRTUAL TABLE temp.places USING fts5vocab('main', 'terms', 'instance');
CREATE TABLE temp.filed (pk INTEGER PRIMARY KEY)
"""
_UNFILED = """
SELECT r.pk, r.title, r.text, r.summary, r.lifted FROM revisions AS r
WHERE r.pk >= ? AND NOT EXISTS (SELECT 1 FROM temp.filed WHERE pk = r.pk)
"""
_STRAY = "SELECT count(*) FROM temp.filed AS f WHERE NOT EXISTS (SELECT 1 FROM revisions WHERE pk = f.pk)"


def _index(db: sqlite3.Connection, tell: Tell) -> Iterator[Flaw]:
    """The index for searches files every revision that has a word, and nothing else."""
    tell("search index", 0, 1)
    for statement in _FILED.split(";\n"):
        db.execute(statement)
    try:
        db.execute("INSERT OR IGNORE INTO temp.filed SELECT doc FROM temp.places")
    except sqlite3.DatabaseError as error:
        if _interrupted(error):
            raise
        yield _of_index(f"it cannot be read: {_line(str(error))}")
        return
    unfiled = db.execute(_UNFILED, (unfiled_before(db),))
    missing = sum(bool(terms.filed(*rows.texts(row))) for row in unfiled)
    if missing:
        yield _of_index(f"{missing:,} revisions are missing in it: searches do not find them")
    if stray := db.execute(_STRAY).fetchone()[0]:
        yield _of_index(f"{stray:,} of its entries lead nowhere, which costs room alone", FindingSeverity.NOTE)


def _of_index(message: str, severity: FindingSeverity = FindingSeverity.ERROR) -> Flaw:
    code = "search-stray" if severity is FindingSeverity.NOTE else "search-damaged"
    where = "the index for searches"
    return Flaw(code=code, where=where, message=message, mend=_MEND, severity=severity, mendable=True)


_MISCOUNTED = """
SELECT count(*) FROM (
  SELECT reason, fate, n FROM counts WHERE n <> 0 EXCEPT SELECT reason, fate, count(*) FROM dispatches GROUP BY 1, 2
  UNION ALL
  SELECT * FROM (
    SELECT reason, fate, count(*) FROM dispatches GROUP BY 1, 2 EXCEPT SELECT reason, fate, n FROM counts WHERE n <> 0
  )
)
"""


def _sums(db: sqlite3.Connection, tell: Tell) -> Iterator[Flaw]:
    tell("sums", 0, 1)
    for line in audited(db).flaws:
        yield Flaw(code=SUMS, where="the sums of matches and alerts", message=line, mend=_RESTORE)
    if db.execute(_MISCOUNTED).fetchone()[0]:
        where, message = "the counts of matches", "they are not what there is"
        yield Flaw(code="counts-differ", where=where, message=message, mend=_MEND, mendable=True)


SUMS = "sums-differ"
LATER = "clock-behind"
_DATED = (
    ("items", "SELECT max(seen_at) FROM revisions"),
    ("alerts", "SELECT max(touched_at) FROM alerts"),
    ("feeds", "SELECT max(polled_at) FROM feeds"),
)


def _later(db: sqlite3.Connection, now: datetime) -> Iterator[Flaw]:
    """Rows of a time to come: the clock was ahead, or is behind."""
    for table, query in _DATED:
        latest = rows.maybe_micros(now + AHEAD) or 0
        at = db.execute(query).fetchone()[0]
        if at is not None and at > latest:
            message = f"one is dated {(at - rows.micros(now)) / 3.6e9:,.1f} h later than this machine's clock"
            yield Flaw(code=LATER, where=table, message=message, mend="set the clock right, then start the watcher")


def _count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  a name of ours


def _interrupted(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT"


def _line(text: str) -> str:
    """Words of SQLite, or of a row that may hold anything, as one line."""
    return " ".join("".join(c if c.isprintable() else "?" for c in text).split())
