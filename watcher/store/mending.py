"""edge: flaws of a database -> those of them mended that can be, by whoever holds its lock.

A damaged revision is taken from the newest backup that has it whole. Where none has, it is forgotten, and its feed is
read afresh: what still stands there comes again. What it told is not told again, for its matches stay.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from watcher.model import Feed, Flaw
from watcher.normalise.identity import item_id
from watcher.store import rows
from watcher.store.examining import DROPPED, REVISIONS, lenient
from watcher.store.migrations import checked
from watcher.store.queries import SQL
from watcher.store.refiling import AFTER_ALL, note
from watcher.store.session import Session, connect, explained


def mend_file(path: str, flaws: Iterable[Flaw], copies: Sequence[Path]) -> list[Flaw]:
    """Those that were mended; all of them, or none when the database cannot take it. Raises StoreError."""
    with explained(path), closing(connect(path)) as db:
        checked(db, path)
        db.text_factory = lenient
        with Session(db, path).writing():
            return [flaw for flaw in flaws if flaw.mendable and _MENDS[flaw.code](db, flaw.at, copies)]


def _mend_index(db: sqlite3.Connection, at: Sequence[int], copies: Sequence[Path]) -> bool:  # noqa: ARG001
    """Where two rows say that they are one, it is not the index that is damaged."""
    try:
        db.execute("REINDEX")
    except sqlite3.IntegrityError:
        return False
    return True


def _mend_links(db: sqlite3.Connection, at: Sequence[int], copies: Sequence[Path]) -> bool:  # noqa: ARG001
    for statement in DROPPED.values():
        db.execute(statement)
    return True


def _mend_search(db: sqlite3.Connection, at: Sequence[int] = (), copies: Sequence[Path] = ()) -> bool:  # noqa: ARG001
    """All is to be filed anew, which the daemon does beside its work; until then searches read it all."""
    db.execute("INSERT INTO terms(terms) VALUES ('delete-all')")
    note(db, AFTER_ALL)
    return True


def _mend_counts(db: sqlite3.Connection, at: Sequence[int], copies: Sequence[Path]) -> bool:  # noqa: ARG001
    db.execute("DELETE FROM counts")
    db.execute("INSERT INTO counts SELECT reason, fate, count(*) FROM dispatches GROUP BY reason, fate")
    return True


_UNLEARNED = """
UPDATE feeds SET habits = '{}', strain = 0, failing_since = NULL, trouble = NULL, status = NULL,
  condition = 'ok', condition_at = NULL, told = 'ok', told_since = NULL,
  paused_at = NULL, paused_until = NULL, paused_by = '', paused_why = ''
WHERE pk = ?
"""
"""What the next polls find out again. A pause that cannot be read is over: a feed is rather polled than forgotten."""


def _mend_feed(db: sqlite3.Connection, at: Sequence[int], copies: Sequence[Path]) -> bool:  # noqa: ARG001
    """The daemon writes down at its start what the files say of it."""
    (pk,) = at
    id_ = db.execute("SELECT id FROM feeds WHERE pk = ?", (pk,)).fetchone()[0]
    config = rows.FEED.dump_json(Feed(id=id_, url=id_)).decode()
    db.execute("UPDATE feeds SET config = ? WHERE pk = ?", (config, pk))
    db.execute(_UNLEARNED, (pk,))
    _read_afresh(db, pk)
    return True


def _mend_match(db: sqlite3.Connection, at: Sequence[int], copies: Sequence[Path]) -> bool:  # noqa: ARG001
    db.execute("UPDATE matches SET evidence = '[]' WHERE pk = ?", at)
    return True


def _mend_seen(db: sqlite3.Connection, at: Sequence[int], copies: Sequence[Path]) -> bool:  # noqa: ARG001
    db.execute("DELETE FROM seen WHERE feed = ? AND key = ?", at)
    return True


def _mend_learned(db: sqlite3.Connection, at: Sequence[int], copies: Sequence[Path]) -> bool:  # noqa: ARG001
    db.execute("DELETE FROM learned WHERE feed = ?", at)
    return True


def _mend_entry(db: sqlite3.Connection, at: Sequence[int], copies: Sequence[Path]) -> bool:  # noqa: ARG001
    """What its revisions say is written down anew; an item of which one does not know what it is, is forgotten."""
    (pk,) = at
    item = _named(db, pk)
    if item is None:
        return True
    if item["of"] is not None and item["id"] == item_id(item["of"], item["key"]) and _noted(db, item):
        return True
    if _waits(db, item["id"]):
        return False
    db.execute("DELETE FROM revisions WHERE item = ?", (pk,))
    _forget(db, item)
    return True


def _named(db: sqlite3.Connection, pk: int) -> sqlite3.Row | None:
    """An item, by the id that its feed and its key make: where they differ, what was seen knows the damaged one."""
    query = "SELECT i.*, f.id AS of FROM items AS i LEFT JOIN feeds AS f ON f.pk = i.feed WHERE i.pk = ?"
    item: sqlite3.Row | None = db.execute(query, (pk,)).fetchone()
    if item is None or item["of"] is None or item["id"] == item_id(item["of"], item["key"]):
        return item
    seen = "SELECT item, key FROM seen WHERE feed = ? AND (key = ? OR item = CAST(? AS TEXT))"
    for row in db.execute(seen, (item["feed"], item["key"], _raw(item["id"]))).fetchall():
        if row["item"] == item_id(item["of"], row["key"]):
            db.execute("UPDATE OR IGNORE items SET id = ?, key = ? WHERE pk = ?", (*row, pk))
    named: sqlite3.Row = db.execute(query, (pk,)).fetchone()
    return named


def _raw(text: str) -> bytes:
    """What stands in the file, which a damaged letter may have made no text at all."""
    return text.encode("utf-8", "surrogateescape")


def _noted(db: sqlite3.Connection, item: sqlite3.Row) -> bool:
    """Write down what its last revision says of an item; whether there is one."""
    query = "SELECT number, fingerprint FROM revisions WHERE item = ? ORDER BY number DESC LIMIT 1"
    last = db.execute(query, (item["pk"],)).fetchone()
    if last is None:
        return False
    values = {**dict(last), "pk": item["pk"], "id": _raw(item["id"]), "feed": item["feed"], "key": item["key"]}
    seen_at = "(SELECT max(seen_at) FROM revisions WHERE item = :pk)"
    db.execute(f"UPDATE items SET latest = :number, seen_at = {seen_at} WHERE pk = :pk", values)  # noqa: S608  ours
    db.execute("INSERT OR REPLACE INTO seen VALUES (:feed, :key, CAST(:id AS TEXT), :fingerprint, :number)", values)
    return True


def _mend_item(db: sqlite3.Connection, at: Sequence[int], copies: Sequence[Path]) -> bool:
    (pk,) = at
    row = db.execute("SELECT item FROM revisions WHERE pk = ?", at).fetchone()
    item = _named(db, row["item"]) if row else None
    if item is None or _is_intact(db, pk) or _put_back(db, pk, item, copies):
        return True
    if _waits(db, item["id"]):
        return False
    if _can_be_shown(db, pk):
        db.execute(SQL["keep_what_matched"], {"pk": pk})
    db.execute("DELETE FROM revisions WHERE pk = ?", at)
    if _noted(db, item):
        _read_afresh(db, item["feed"])
        _mend_search(db)
    else:
        _forget(db, item)
    return True


def _is_intact(db: sqlite3.Connection, pk: int) -> bool:
    """Whether it is what it was, now that its item has its id."""
    return rows.intact(db.execute(f"{REVISIONS} WHERE r.pk = ?", (pk,)).fetchone())


def _can_be_shown(db: sqlite3.Connection, pk: int) -> bool:
    """Whether what was damaged is not what alerts read."""
    (row,) = db.execute(SQL["revisions_at"], {"pks": rows.dumped([pk])})
    try:
        rows.revision(row)
        "".join(str(value) for value in row).encode()
    except (TypeError, ValueError, OverflowError):
        return False
    return True


_SET = ", ".join(f"{name} = :{name}" for name in (*rows.CONTENT[1:], "hash"))
_PUT_BACK = f"UPDATE revisions SET {_SET} WHERE pk = :pk"  # noqa: S608  names of ours


def _put_back(db: sqlite3.Connection, pk: int, item: sqlite3.Row, copies: Sequence[Path]) -> bool:
    """Write the revision as the newest backup has it; whether one has."""
    for row in _in_copies(item["id"], pk, copies):
        if rows.intact(row):
            db.execute(_PUT_BACK, {**rows.content(row), "hash": row["hash"], "pk": pk})
            return True
    return False


def _in_copies(id_: str, pk: int, copies: Sequence[Path]) -> Iterator[sqlite3.Row]:
    """By its row, of which the item must be the same: its number may be what is damaged."""
    items = "SELECT i.id, r.* FROM revisions AS r JOIN items AS i ON i.pk = r.item"
    query = f"{items} WHERE i.id = CAST(? AS TEXT) AND r.pk = ?"
    for copy in reversed(copies):
        try:
            with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
                db.row_factory = sqlite3.Row
                yield from db.execute(query, (_raw(id_), pk)).fetchall()
        except sqlite3.DatabaseError:
            continue  # a copy of an older shape, or damaged itself


_WAITS = """
SELECT 1 FROM matches AS m JOIN dispatches AS d ON d.match = m.pk
WHERE m.item = CAST(? AS TEXT) AND (
  d.fate = 'open' OR EXISTS (SELECT 1 FROM alerts WHERE key = d.alert AND state = 'pending')
  OR EXISTS (SELECT 1 FROM alerts WHERE copy_of = d.alert AND state = 'pending')
)
"""


def _waits(db: sqlite3.Connection, item: str) -> bool:
    """Whether something that is to be told yet would have nothing to show."""
    return db.execute(_WAITS, (_raw(item),)).fetchone() is not None


def _forget(db: sqlite3.Connection, item: sqlite3.Row) -> None:
    """An item without revisions, and that it was ever seen."""
    db.execute("DELETE FROM items WHERE pk = ?", (item["pk"],))
    seen = "DELETE FROM seen WHERE feed = ? AND key = ? OR item = CAST(? AS TEXT)"
    db.execute(seen, (item["feed"], item["key"], _raw(item["id"])))
    _read_afresh(db, item["feed"])
    _mend_search(db)


def _read_afresh(db: sqlite3.Connection, feed: int) -> None:
    """At once, and whatever its server says of having no news."""
    db.execute(
        "UPDATE feeds SET etag = NULL, last_modified = NULL, body_hash = NULL, entry_hashes = x'', next_at = polled_at "
        "WHERE pk = ?",
        (feed,),
    )


_MENDS: Mapping[str, Callable[[sqlite3.Connection, Sequence[int], Sequence[Path]], bool]] = {
    "index-damaged": _mend_index,
    "link-broken": _mend_links,
    "search-damaged": _mend_search,
    "search-stray": _mend_search,
    "counts-differ": _mend_counts,
    "feed-damaged": _mend_feed,
    "match-damaged": _mend_match,
    "seen-damaged": _mend_seen,
    "learned-damaged": _mend_learned,
    "entry-damaged": _mend_entry,
    "item-damaged": _mend_item,
}
