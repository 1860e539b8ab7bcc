"""edge: a database of any earlier shape -> one of the present shape.

A migration that was released is never edited; a change is a new one below. Each runs whole or not at all.
Times are microseconds since 1970 UTC; lists and nouns of the configuration are JSON.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlite_utils import Database, Migrations

from watcher.errors import StoreError
from watcher.store import lock
from watcher.store.refiling import begin_index
from watcher.store.session import MEMORY, explained, log_ahead
from watcher.store.stale import say_without_log

MIGRATIONS = Migrations("watcher")


@MIGRATIONS(name="001_begin")
def _begin(db: Database) -> None:
    for statement in _BEGIN.split(";\n"):
        db.execute(statement)


@MIGRATIONS(name="002_denials")
def _denials(db: Database) -> None:
    db.execute("ALTER TABLE matches ADD COLUMN denial INTEGER NOT NULL DEFAULT 0")


@MIGRATIONS(name="003_decisions")
def _decisions(db: Database) -> None:
    for statement in _DECISIONS.split(";\n"):
        db.execute(statement)


@MIGRATIONS(name="004_keeping")
def _keeping(db: Database) -> None:
    for statement in _KEEPING.split(";\n"):
        db.execute(statement)


@MIGRATIONS(name="005_feeds")
def _feeds(db: Database) -> None:
    for statement in _FEEDS.split(";\n"):
        db.execute(statement)


@MIGRATIONS(name="006_stories")
def _stories(db: Database) -> None:
    for statement in _STORIES.split(";\n"):
        db.execute(statement)


@MIGRATIONS(name="007_scale")
def _scale(db: Database) -> None:
    for statement in _SCALE.split(";\n"):
        db.execute(statement)


_SCALE = """
-- in how many of the items that were counted a term occurs; '': how many those were
CREATE TABLE frequencies (
  term TEXT PRIMARY KEY,
  items INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- what an alert tells in the words of others is counted whenever it is sent
CREATE INDEX dispatches_copies ON dispatches (alert, match) WHERE reason = 'same-text'
"""

_STORIES = """
-- what was lifted out of the text, and where that is from: JSON, what is not the default
ALTER TABLE revisions ADD COLUMN lifted TEXT NOT NULL DEFAULT '{}';
-- how it came into its story: the Link, JSON; '' where it began it
ALTER TABLE revisions ADD COLUMN link TEXT NOT NULL DEFAULT '';
-- the first item that says the same; NULL: itself
ALTER TABLE revisions ADD COLUMN root TEXT;
ALTER TABLE forgotten ADD COLUMN lifted TEXT NOT NULL DEFAULT '{}';
ALTER TABLE forgotten ADD COLUMN link TEXT NOT NULL DEFAULT '';
ALTER TABLE matches ADD COLUMN root TEXT;
-- whether the revision's text is that of its page
ALTER TABLE matches ADD COLUMN paged INTEGER NOT NULL DEFAULT 0;
CREATE INDEX revisions_story ON revisions (story) WHERE link <> '';
CREATE INDEX matches_root ON matches (root) WHERE root IS NOT NULL;

-- of each item's latest revision, to know its like by
CREATE TABLE sketches (
  item INTEGER PRIMARY KEY REFERENCES items (pk) ON DELETE CASCADE,
  sketch BLOB NOT NULL
) STRICT;

-- a person's word: an item that does not belong to a story
CREATE TABLE splits (
  item TEXT NOT NULL,
  story TEXT NOT NULL,              -- that it was taken out of
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (item, story)
) STRICT, WITHOUT ROWID;

-- of a feed: the blocks that come again and again on the pages of its sites
CREATE TABLE learned (
  feed INTEGER PRIMARY KEY REFERENCES feeds,
  version INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  blocks BLOB NOT NULL
) STRICT;

-- linked pages whose text is wanted
CREATE TABLE pages (
  item TEXT PRIMARY KEY,
  feed INTEGER NOT NULL REFERENCES feeds,
  url TEXT NOT NULL,
  lane TEXT NOT NULL,               -- what it is fetched one at a time with
  wanted_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER,                  -- NULL: no more tries
  lease_until INTEGER,
  error TEXT
) STRICT;
CREATE INDEX pages_due ON pages (next_at, lane, lease_until) WHERE next_at IS NOT NULL;
CREATE INDEX pages_held ON pages (lease_until, lane) WHERE lease_until IS NOT NULL;
CREATE INDEX pages_feed ON pages (feed, wanted_at) WHERE next_at IS NOT NULL OR error IS NOT NULL;
CREATE TRIGGER items_gone AFTER DELETE ON items BEGIN DELETE FROM pages WHERE item = old.id; END
"""

_FEEDS = """
-- the feed that the page at its address announces
ALTER TABLE feeds ADD COLUMN found_at TEXT;
-- of the last failure: its kind, and the HTTP status
ALTER TABLE feeds ADD COLUMN trouble TEXT;
ALTER TABLE feeds ADD COLUMN status INTEGER;
ALTER TABLE feeds ADD COLUMN strain REAL NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN failing_since INTEGER;
UPDATE feeds SET strain = failures, failing_since = CASE WHEN failures THEN coalesce(good_at, added_at) END;
ALTER TABLE feeds ADD COLUMN condition TEXT NOT NULL DEFAULT 'ok';
ALTER TABLE feeds ADD COLUMN condition_at INTEGER;
-- the condition that the operator knows of
ALTER TABLE feeds ADD COLUMN told TEXT NOT NULL DEFAULT 'ok';
ALTER TABLE feeds ADD COLUMN told_since INTEGER;
CREATE INDEX feeds_told ON feeds (condition_at) WHERE condition <> told;
-- a person's word: not before paused_until
ALTER TABLE feeds ADD COLUMN paused_at INTEGER;
ALTER TABLE feeds ADD COLUMN paused_until INTEGER;
ALTER TABLE feeds ADD COLUMN paused_by TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN paused_why TEXT NOT NULL DEFAULT '';
-- what was learned of it: the Habits, JSON
ALTER TABLE feeds ADD COLUMN habits TEXT NOT NULL DEFAULT '{}'
"""

_KEEPING = """
-- when the last of its revisions came
ALTER TABLE items ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
UPDATE items SET seen_at = coalesce((SELECT max(seen_at) FROM revisions WHERE item = items.pk), 0);
CREATE INDEX items_seen ON items (seen_at);

-- what is left of a revision that matched, once it is no longer kept: all but its texts; for good, as its matches are.
-- A revision is in one of three states: in `revisions`, and in `terms` under the keys of its title, text and summary
-- (under those of an earlier version too, where it was filed anew); here; or nowhere, where it never matched.
CREATE TABLE forgotten (
  item TEXT NOT NULL,
  number INTEGER NOT NULL,
  feed INTEGER NOT NULL REFERENCES feeds,
  key INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  story TEXT NOT NULL,
  url TEXT,
  canonical TEXT,
  title TEXT NOT NULL,
  title_from_text INTEGER NOT NULL,
  authors TEXT NOT NULL,
  tags TEXT NOT NULL,
  lang TEXT,
  published INTEGER,
  updated INTEGER,
  PRIMARY KEY (item, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_url ON forgotten (url) WHERE url IS NOT NULL;
CREATE INDEX forgotten_canonical ON forgotten (canonical) WHERE canonical IS NOT NULL AND canonical <> url;

-- copies of an alert, to know whether one is pending
DROP INDEX alerts_copies;
CREATE INDEX alerts_copies ON alerts (copy_of, kind, state) WHERE copy_of IS NOT NULL;

-- how many dispatches there are of each reason, kept by triggers
CREATE TABLE counts (
  reason TEXT NOT NULL,
  fate TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (reason, fate)
) STRICT, WITHOUT ROWID;
INSERT INTO counts SELECT reason, fate, count(*) FROM dispatches GROUP BY reason, fate;
CREATE TRIGGER dispatches_added AFTER INSERT ON dispatches BEGIN
  INSERT INTO counts VALUES (new.reason, new.fate, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;
CREATE TRIGGER dispatches_changed AFTER UPDATE OF reason, fate ON dispatches
WHEN (new.reason, new.fate) <> (old.reason, old.fate) BEGIN
  INSERT INTO counts VALUES (new.reason, new.fate, 1), (old.reason, old.fate, -1)
    ON CONFLICT DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER dispatches_removed AFTER DELETE ON dispatches BEGIN
  UPDATE counts SET n = n - 1 WHERE (reason, fate) = (old.reason, old.fate); END
"""

_DECISIONS = """
ALTER TABLE matches ADD COLUMN published INTEGER;
UPDATE matches SET published = (
  SELECT r.published FROM items AS i JOIN revisions AS r ON r.item = i.pk
  WHERE i.id = matches.item AND r.number = matches.revision
);
CREATE INDEX matches_rule_seen ON matches (rule, seen_at);
-- there was no channel to tell it on
ALTER TABLE matches ADD COLUMN channelless INTEGER NOT NULL DEFAULT 0;
UPDATE matches SET channelless = 1 WHERE NOT EXISTS (SELECT 1 FROM dispatches WHERE match = matches.pk);
CREATE INDEX matches_channelless ON matches (pk) WHERE channelless;

-- the outlet it came from
ALTER TABLE dispatches ADD COLUMN source TEXT NOT NULL DEFAULT '';
-- where its item is shown in its alert; NULL: it is only counted
ALTER TABLE dispatches ADD COLUMN place INTEGER;
-- how it got where it stands: a line "<time> <reason>" for each change
ALTER TABLE dispatches ADD COLUMN trail TEXT NOT NULL DEFAULT '';
-- when the alert that tells it was made; NULL: none tells it, though one may have told what it was merged into
ALTER TABLE dispatches ADD COLUMN told_at INTEGER;
UPDATE dispatches SET place = pk, told_at = (SELECT created_at FROM alerts WHERE key = dispatches.alert)
WHERE fate = 'alerted';
DROP INDEX dispatches_told;
CREATE INDEX dispatches_told ON dispatches (channel, grp, severity, told_at) WHERE told_at IS NOT NULL;
DROP INDEX dispatches_alert;
CREATE INDEX dispatches_alert ON dispatches (alert, grp, told_at) WHERE told_at IS NOT NULL;
CREATE INDEX dispatches_shown ON dispatches (alert, place) WHERE place IS NOT NULL;
CREATE INDEX dispatches_reason ON dispatches (reason, fate);

ALTER TABLE alerts ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN sources INTEGER NOT NULL DEFAULT 0;
UPDATE alerts SET (told, sources) = (
  SELECT count(DISTINCT m.item), count(DISTINCT i.feed)
  FROM dispatches AS d JOIN matches AS m ON m.pk = d.match LEFT JOIN items AS i ON i.id = m.item
  WHERE d.alert = alerts.key AND d.told_at IS NOT NULL
);
-- of a digest sent at its channel's time of day
ALTER TABLE alerts ADD COLUMN slot INTEGER;
ALTER TABLE alerts ADD COLUMN copy_of TEXT REFERENCES alerts (key);
ALTER TABLE alerts ADD COLUMN owed TEXT NOT NULL DEFAULT '[]';
DROP INDEX alerts_pending;
CREATE INDEX alerts_pending ON alerts (channel, pk, next_at, lease_until) WHERE state = 'pending';
CREATE INDEX alerts_queue ON alerts (channel, grp, pk) WHERE state = 'pending';
CREATE INDEX alerts_roots ON alerts (channel, grp, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX alerts_copies ON alerts (kind) WHERE copy_of IS NOT NULL;
CREATE INDEX alerts_state ON alerts (state, kind, sent_at);
CREATE INDEX alerts_made ON alerts (channel, created_at);
CREATE INDEX alerts_slot ON alerts (channel, slot) WHERE slot IS NOT NULL;

-- what its service calls the message it accepted
ALTER TABLE deliveries ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN channel TEXT NOT NULL DEFAULT '';
UPDATE deliveries SET channel = (SELECT channel FROM alerts WHERE key = deliveries.alert);
CREATE INDEX deliveries_channel ON deliveries (channel, started_at, state);
CREATE INDEX deliveries_state ON deliveries (state, alert);
-- its service wants nothing before that
ALTER TABLE channels ADD COLUMN rest_until INTEGER;

CREATE TABLE silences (
  pk INTEGER PRIMARY KEY,
  rule TEXT,
  grp TEXT,
  channel TEXT,                     -- NULL: on all
  by TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  why TEXT NOT NULL,
  alert TEXT,                       -- the one that was acknowledged
  CHECK ((rule IS NULL) <> (grp IS NULL))
) STRICT;
CREATE INDEX silences_until ON silences (until);

-- the times in which an absence rule's feeds brought nothing
CREATE TABLE episodes (
  rule TEXT NOT NULL,
  since INTEGER NOT NULL,
  rule_hash TEXT NOT NULL REFERENCES rule_versions,
  noticed_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (rule, since)
) STRICT, WITHOUT ROWID
"""

_BEGIN = """
CREATE TABLE feeds (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  wanted INTEGER NOT NULL,          -- 0: a tombstone, its history kept
  config TEXT NOT NULL,             -- the Feed
  lane TEXT NOT NULL,               -- what it is polled one at a time with
  added_at INTEGER NOT NULL,        -- when its first poll was due
  etag TEXT,
  last_modified TEXT,
  body_hash INTEGER,
  entry_hashes BLOB NOT NULL DEFAULT x'',   -- 64-bit integers, little endian, ascending
  baselined INTEGER NOT NULL DEFAULT 0,
  polls INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  next_at INTEGER,
  polled_at INTEGER,
  good_at INTEGER,
  new_at INTEGER,
  ttl REAL,
  moved_to TEXT,
  moved_polls INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER,
  baseline_at INTEGER,              -- when a quiet first poll was saved
  baseline_told INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX feeds_due ON feeds (next_at, lane, lease_until) WHERE wanted;
CREATE INDEX feeds_held ON feeds (lease_until, lane) WHERE lease_until IS NOT NULL;
CREATE INDEX feeds_baseline ON feeds (pk) WHERE baseline_at IS NOT NULL AND NOT baseline_told;

-- every identity ever seen in a feed: kept for good, so that nothing is new twice
CREATE TABLE seen (
  feed INTEGER NOT NULL REFERENCES feeds,
  key INTEGER NOT NULL,
  item TEXT NOT NULL,
  fingerprint INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (feed, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  feed INTEGER NOT NULL REFERENCES feeds,
  key INTEGER NOT NULL,
  latest INTEGER NOT NULL           -- number of the latest revision
) STRICT;

CREATE TABLE revisions (
  pk INTEGER PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES items,
  number INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  story TEXT NOT NULL,
  fingerprint INTEGER NOT NULL,
  url TEXT,
  canonical TEXT,
  title TEXT NOT NULL,
  title_from_text INTEGER NOT NULL,
  text TEXT NOT NULL,
  summary TEXT NOT NULL,
  raw TEXT,                         -- NULL: the same as text
  blocks TEXT NOT NULL,             -- [[start, end, role, why], ...]
  authors TEXT NOT NULL,
  tags TEXT NOT NULL,
  lang TEXT,
  published INTEGER,
  updated INTEGER,
  hash BLOB NOT NULL,               -- of the content, so that a flipped bit can be found
  UNIQUE (item, number)
) STRICT;
CREATE INDEX revisions_url ON revisions (url) WHERE url IS NOT NULL;
CREATE INDEX revisions_canonical ON revisions (canonical) WHERE canonical IS NOT NULL AND canonical <> url;
CREATE INDEX revisions_seen ON revisions (seen_at);

-- the folded keys of each revision, to find candidates: no text, no positions
CREATE VIRTUAL TABLE terms USING fts5 (keys, content = '', detail = none, columnsize = 0, tokenize = 'ascii');

CREATE TABLE rule_versions (
  hash TEXT PRIMARY KEY,
  rule TEXT NOT NULL,
  definition TEXT NOT NULL,         -- the Rule
  first_at INTEGER NOT NULL,
  live INTEGER NOT NULL
) STRICT;

CREATE TABLE channels (
  name TEXT PRIMARY KEY,
  first_at INTEGER NOT NULL,
  live INTEGER NOT NULL
) STRICT;

-- outlives its item: what a decision needs of the revision is copied here
CREATE TABLE matches (
  pk INTEGER PRIMARY KEY,
  item TEXT NOT NULL,
  rule TEXT NOT NULL,
  revision INTEGER NOT NULL,
  rule_hash TEXT NOT NULL REFERENCES rule_versions,
  evidence TEXT NOT NULL,
  matched_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  story TEXT NOT NULL,
  canonical TEXT,
  UNIQUE (item, rule, revision)
) STRICT;
CREATE INDEX matches_canonical ON matches (canonical) WHERE canonical IS NOT NULL;

CREATE TABLE alerts (
  pk INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  channel TEXT NOT NULL,
  grp TEXT NOT NULL,
  kind TEXT NOT NULL,
  severity INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER,
  lease_until INTEGER,
  touched_at INTEGER NOT NULL,      -- when it was made or last tried
  sent_at INTEGER,                  -- when it was first accepted
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  CHECK ((state = 'pending') = (next_at IS NOT NULL))
) STRICT;
CREATE INDEX alerts_created ON alerts (created_at);
CREATE INDEX alerts_pending ON alerts (channel, pk) WHERE state = 'pending';
CREATE INDEX alerts_sent ON alerts (sent_at) WHERE sent_at IS NOT NULL;

CREATE TABLE deliveries (
  alert TEXT NOT NULL REFERENCES alerts (key),
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  detail TEXT NOT NULL,
  next_at INTEGER,
  PRIMARY KEY (alert, started_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE dispatches (
  pk INTEGER PRIMARY KEY,
  match INTEGER NOT NULL REFERENCES matches,
  channel TEXT NOT NULL,
  grp TEXT NOT NULL,
  severity INTEGER NOT NULL,
  updates TEXT NOT NULL,
  reason TEXT NOT NULL,
  fate TEXT NOT NULL,               -- the reason's
  alert TEXT REFERENCES alerts (key),
  UNIQUE (match, channel)
) STRICT;
CREATE INDEX dispatches_open ON dispatches (channel, pk) WHERE fate = 'open';
CREATE INDEX dispatches_told ON dispatches (channel, grp) WHERE fate = 'alerted';
CREATE INDEX dispatches_alert ON dispatches (alert) WHERE alert IS NOT NULL;

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL               -- JSON
) STRICT
"""


def migrate(db: sqlite3.Connection, path: str, migrations: Migrations = MIGRATIONS) -> None:
    """Bring the database to the present shape, after a backup when it holds something. Raises StoreError."""
    with explained(path):
        known = checked(db, path, migrations)
        log_ahead(db, path)
        utils = _utils(db)
        pending = migrations.pending(utils)
        if pending and known and path != MEMORY:
            _refuse_beside_daemon(path)
            _back_up(db, Path(f"{path}.before-{pending[0].name}.bak"))
        try:
            db.execute("BEGIN IMMEDIATE")  # also when nothing is pending: what cannot be written is told now
            migrations.apply(utils)
            if not known:
                begin_index(db)
            db.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise


def refuse_other_shapes(db: sqlite3.Connection, path: str, migrations: Migrations = MIGRATIONS) -> None:
    """For a database opened to read: it must have the present shape. Raises StoreError."""
    with explained(path):
        if not checked(db, path, migrations):
            raise StoreError(f"nothing stored yet: database {path} is empty; run `watcher run`")
        if migrations.pending(_utils(db)):
            raise StoreError(f"database {path} is from an older version of watcher; `watcher run` brings it up to date")


def checked(db: sqlite3.Connection, path: str, migrations: Migrations = MIGRATIONS) -> bool:
    """Whether there is something in it. Raises StoreError when it is not ours, or from a newer version."""
    utils = _utils(db)
    applied = {migration.name for migration in migrations.applied(utils)}
    if not applied and utils.table_names():
        raise StoreError(f"database {path} belongs to another program; name another file")
    newer = sorted(applied - {migration.name for migration in migrations._migrations})  # noqa: SLF001
    if newer:
        raise StoreError(
            f"database {path} is from a newer version of watcher (it has {newer[0]}); install that version"
        )
    return bool(applied)


def _utils(db: sqlite3.Connection) -> Database:
    return Database(db, recursive_triggers=False, execute_plugins=False)


def _refuse_beside_daemon(path: str) -> None:
    """An older daemon must not find its tables changed below it; the daemon that migrates holds the lock itself."""
    holder = lock.holder(path)
    if holder not in {None, os.getpid()}:
        raise StoreError(
            f"database {path} must be brought up to date, but an older watcher runs (pid {holder}): stop it"
        )


def _back_up(db: sqlite3.Connection, target: Path) -> None:
    """A copy beside the database, under its final name only when it is whole. Raises StoreError."""
    part = target.with_name(f"{target.name}.part")
    try:
        with explained(str(part)):
            part.unlink(missing_ok=True)
            part.touch(mode=0o600)
            with closing(sqlite3.connect(part)) as copy:
                db.backup(copy)
            with part.open("r+b") as file:
                say_without_log(file.fileno())
            part.replace(target)
    except StoreError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        word = "an update takes a copy of the database first, which could not be made, so nothing was changed"
        raise StoreError(f"{word}: {error}") from error
