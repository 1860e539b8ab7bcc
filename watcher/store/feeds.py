"""edge: feeds, polls, rules and channels -> tables."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from watcher.model import (
    ChannelName,
    Feed,
    FeedId,
    FeedPause,
    FeedState,
    Hash64,
    Known,
    Match,
    NewDispatch,
    PollSaved,
    Reason,
    Recipe,
    Rule,
    RuleId,
)
from watcher.schedule import lane
from watcher.store import learning, rows
from watcher.store.adding import add_match, add_revision
from watcher.store.knowing import keep_also_known, keep_unchanged
from watcher.store.pages import rest_pages, want_pages
from watcher.store.queries import SQL
from watcher.store.removed import drop_all_but, drop_late
from watcher.store.session import Session


class Feeds(Session):
    """What comes in. The contract is ports.Store."""

    @cached_property
    def _live(self) -> dict[RuleId, str]:
        """The rules that are live here, with their hashes: the thousands that a reload leaves alone are not read."""
        return {}

    @cached_property
    def _sharing(self) -> Counter[str]:
        """How many rules have a hash: two that mean the same have one."""
        return Counter()

    def sync_feeds(self, feeds: Mapping[FeedId, tuple[Feed, datetime]]) -> None:
        with self.writing() as db:
            stored = {row["id"]: row for row in db.execute(SQL["all_feeds"])}
            for feed, due in feeds.values():
                _sync_feed(db, stored.get(feed.id), feed, rows.micros(due))
            db.execute(SQL["tombstone_feeds"], {"ids": rows.dumped(list(feeds))})
            db.execute(SQL["drop_pages"])

    def feeds(self) -> tuple[FeedState, ...]:
        with self.reading() as db:
            return tuple(rows.feed_state(row) for row in db.execute(SQL["wanted_feeds"]))

    def claim_feeds(self, now: datetime, limit: int, lease_until: datetime) -> tuple[FeedState, ...]:
        with self.leasing() as db:
            due = db.execute(SQL["due_feeds"], {"now": rows.micros(now), "limit": limit}).fetchall()
            pks = rows.dumped([row["pk"] for row in due])
            db.execute(SQL["lease_feeds"], {"pks": pks, "lease_until": rows.micros(lease_until)})
        return tuple(rows.feed_state(row) for row in due)

    def spread_overdue(self, now: datetime, each: float, most: float) -> int:
        given = {"now": rows.micros(now), "each": int(each * 1e6), "most": int(most * 1e6)}
        with self.writing() as db:
            return db.execute(SQL["spread_overdue"], given).rowcount

    def next_due(self) -> datetime | None:
        with self.reading() as db:
            return rows.maybe_moment(db.execute(SQL["next_due"]).fetchone()[0])

    def known(self, feed: FeedId, keys: Sequence[Hash64]) -> Mapping[Hash64, Known]:
        with self.reading() as db:
            found = db.execute(SQL["known"], {"feed": feed, "keys": rows.dumped(keys)})
            return {
                row["key"]: Known(
                    item=row["item"], fingerprint=row["fingerprint"], revision=row["revision"], story=row["story"]
                )
                for row in found
            }

    def known_content(self, feed: FeedId, fingerprints: Sequence[Hash64]) -> Mapping[Hash64, Known]:
        with self.reading() as db:
            found = db.execute(SQL["known_content"], {"feed": feed, "fingerprints": rows.dumped(fingerprints)})
            return {
                row["fingerprint"]: Known(item=row["item"], fingerprint=row["fingerprint"], revision=row["revision"])
                for row in found
            }

    def save_poll(self, saved: PollSaved) -> None:
        feed = saved.state.feed.id
        with self.leasing() if saved.idle else self.writing() as db:
            if not db.execute(SQL["save_feed"], rows.of_feed_state(saved.state)).rowcount:
                raise KeyError(feed)
            _mind_change(db, saved.state.feed)
            if saved.baseline:
                db.execute(SQL["mark_baseline"], {"id": feed})
            keep_unchanged(db, feed, saved.unchanged)
            for revision in saved.revisions:
                add_revision(db, revision)
            reason = Reason.BASELINE if saved.baseline else Reason.WAITING
            for match, dispatches in saved.matches:
                add_match(db, match, dispatches, reason)
            keep_also_known(db, feed, saved.also_known)
            want_pages(db, saved.pages)
            if saved.learned is not None:
                learning.keep(db, feed, saved.learned)
            if saved.rest_until:
                db.execute(SQL["rest_lane"], {"id": feed, "until": rows.micros(saved.rest_until)})
                rest_pages(db, saved.state.feed.url, saved.rest_until)
            if saved.state.polled_at:
                drop_late(db, (d.channel for _, dispatches in saved.matches for d in dispatches), saved.state.polled_at)

    def pause_feed(self, feed: FeedId, pause: FeedPause) -> None:
        with self.writing() as db:
            if not db.execute(SQL["pause_feed"], rows.of_feed_pause(feed, pause)).rowcount:
                raise KeyError(feed)

    def resume_feed(self, feed: FeedId, now: datetime) -> None:
        with self.writing() as db:
            if not db.execute(SQL["resume_feed"], {"id": feed, "now": rows.micros(now)}).rowcount:
                raise KeyError(feed)

    def reopen_feeds(self, feeds: Collection[FeedId], now: datetime) -> None:
        with self.writing() as db:
            db.execute(SQL["reopen_feeds"], {"ids": rows.dumped(sorted(feeds)), "now": rows.micros(now)})

    def changed_conditions(self) -> tuple[FeedState, ...]:
        with self.reading() as db:
            return tuple(rows.feed_state(row) for row in db.execute(SQL["changed_conditions"]))

    def save_matches(self, matches: Sequence[tuple[Match, tuple[NewDispatch, ...]]]) -> None:
        with self.writing() as db:
            for match, dispatches in matches:
                db.execute(SQL["open_baseline"], rows.of_match(match))
                add_match(db, match, dispatches, Reason.WAITING)

    def sync_rules(self, rules: Sequence[Rule], now: datetime) -> None:
        with self.writing() as db:
            gone = {row["hash"] for row in db.execute(SQL["live_rules"])} - {rule.hash for rule in rules}
            _set_live(db, gone, rules, now)
        self._live = {rule.id: rule.hash for rule in rules}
        self._sharing = Counter(self._live.values())

    def change_rules(self, changes: Mapping[RuleId, Rule | None], now: datetime) -> None:
        live, sharing = self._live, self._sharing
        were = Counter(live[name] for name in changes if name in live)
        come = [rule for rule in changes.values() if rule]
        gone = {each for each, count in were.items() if sharing[each] == count} - {rule.hash for rule in come}
        with self.writing() as db:
            _set_live(db, gone, come, now)
        sharing.subtract(were)
        for name, rule in changes.items():
            live.pop(name, None)
            if rule:
                live[name] = rule.hash
                sharing[rule.hash] += 1

    def rule_version(self, rule_hash: str) -> Rule | None:
        with self.reading() as db:
            row = db.execute(SQL["rule_version"], {"hash": rule_hash}).fetchone()
        return rows.RULE.validate_json(row["definition"]) if row else None

    def live_rule(self, rule: RuleId) -> Rule | None:
        with self.reading() as db:
            row = db.execute(SQL["live_rule"], {"rule": rule}).fetchone()
        return rows.RULE.validate_json(row["definition"]) if row else None

    def sync_channels(self, names: Sequence[ChannelName], now: datetime) -> int:
        with self.writing() as db:
            db.execute(SQL["retire_channels"], {"names": rows.dumped(names)})
            db.executemany(SQL["keep_channel"], [{"name": name, "now": rows.micros(now)} for name in names])
            return drop_all_but(db, names, now)


def _sync_feed(db: sqlite3.Connection, stored: sqlite3.Row | None, feed: Feed, due: int) -> None:
    config = rows.FEED.dump_json(feed).decode()
    wish = {"id": feed.id, "config": config, "lane": lane(feed.url)}
    if stored is None:
        db.execute(SQL["add_feed"], {**wish, "due": due})
        return
    if stored["wanted"] and stored["config"] == config:
        if stored["lane"] != wish["lane"]:
            db.execute(SQL["change_lane"], {"id": feed.id, "lane": wish["lane"]})
        return
    before = _readable(stored["config"])
    moved = before is None or _document(before) != _document(feed)
    if moved:  # what was said of one document means nothing of another
        db.execute(SQL["forget_validators"], {"id": feed.id})
    sooner = before is None or moved or not stored["wanted"] or _shorter(feed.interval, before.interval)
    next_at = due if stored["next_at"] is None else min(due, stored["next_at"]) if sooner else stored["next_at"]
    db.execute(SQL["change_feed"], {**wish, "next_at": next_at})


def _document(feed: Feed) -> tuple[str, Recipe | None]:
    """What is read: another recipe finds other items in what has not changed."""
    return feed.url, feed.recipe


def _readable(config: str) -> Feed | None:
    """A feed as it is stored; None where the disk has changed it, and what the files say holds."""
    try:
        return rows.FEED.validate_json(config)
    except ValueError:
        return None


def _mind_change(db: sqlite3.Connection, polled: Feed) -> None:
    """A poll that was under way while its feed changed knew nothing of it."""
    config = db.execute(SQL["config_of_feed"], {"id": polled.id}).fetchone()["config"]
    if rows.feed(config) is polled or config == rows.FEED.dump_json(polled).decode():
        return
    db.execute(SQL["due_at_once"], {"id": polled.id})
    if _document(rows.feed(config)) != _document(polled):
        db.execute(SQL["forget_validators"], {"id": polled.id})


def _shorter(interval: float | None, before: float | None) -> bool:
    """Without one the scheme's default holds, which is not known here: setting one counts as shorter."""
    return interval is not None and (before is None or interval < before)


def _set_live(db: sqlite3.Connection, gone: Collection[str], rules: Sequence[Rule], now: datetime) -> None:
    if gone:
        db.execute(SQL["retire_rules"], {"hashes": rows.dumped(sorted(gone))})
    db.executemany(SQL["keep_rule"], [_of_rule(rule, now) for rule in rules])


def _of_rule(rule: Rule, now: datetime) -> rows.Row:
    definition = rows.RULE.dump_json(rule).decode()
    return {"hash": rule.hash, "rule": rule.id, "definition": definition, "now": rows.micros(now)}
