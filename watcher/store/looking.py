"""edge: tables -> what a person asks to see."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from watcher.model import (
    Alert,
    AlertKey,
    AlertState,
    Audit,
    Backlog,
    ChannelName,
    Delivery,
    Dispatch,
    Fate,
    FeedId,
    Heartbeat,
    ItemId,
    MatchRecord,
    Reach,
    Reason,
    Revision,
    RuleId,
    Standing,
    Status,
)
from watcher.store import rows
from watcher.store.auditing import audited
from watcher.store.queries import SQL
from watcher.store.searching import since_when
from watcher.store.session import Session
from watcher.store.telling import TITLES, content, whole

STATES = ("failing", "silent", "quiet", "blocked", "gone", "paused")


class Looking(Session):
    """What is shown. The contract is ports.Store."""

    def find_alert(self, prefix: str) -> tuple[AlertKey, ...]:
        with self.reading() as db:
            return tuple(row["key"] for row in db.execute(SQL["find_alert"], {"prefix": prefix.lower()}))

    def alert(self, key: AlertKey) -> Alert | None:
        with self.reading() as db:
            row = db.execute(SQL["alert"], {"key": key}).fetchone()
            return whole(db, row) if row else None

    def alerts(self, since: datetime | None, state: AlertState | None, limit: int) -> tuple[Alert, ...]:
        args = {"since": since_when(since), "state": state and state.value, "limit": limit}
        query = SQL["alerts" if state in {None, AlertState.SENT} else "alerts_unsent"]
        with self.reading() as db:
            return tuple(whole(db, row, TITLES) for row in db.execute(query, args).fetchall())

    def deliveries(self, key: AlertKey) -> tuple[Delivery, ...]:
        with self.reading() as db:
            return tuple(rows.delivery(row) for row in db.execute(SQL["deliveries"], {"alert": key}))

    def find_item(self, prefix: str) -> tuple[ItemId, ...]:
        args = {"prefix": prefix.lower(), "url": prefix}
        with self.reading() as db:
            return tuple(row["id"] for row in db.execute(SQL["find_item"], args))

    def revision(self, item: ItemId, number: int | None = None) -> Revision | None:
        with self.reading() as db:
            return content(db, item, number)

    def records(self, item: ItemId, rule: RuleId | None = None) -> tuple[MatchRecord, ...]:
        with self.reading() as db:
            matches = db.execute(SQL["matches_of"], {"item": item, "rule": rule}).fetchall()
            return tuple(
                MatchRecord(
                    match=rows.match(row),
                    matched_at=rows.moment(row["matched_at"]),
                    dispatches=tuple(rows.followed(d) for d in db.execute(SQL["dispatches_of"], {"match": row["pk"]})),
                )
                for row in matches
            )

    def extent(self, since: datetime | None) -> tuple[int, datetime | None]:
        with self.reading() as db:
            row = db.execute(SQL["extent"], {"since": since_when(since)}).fetchone()
        return row["items"], rows.maybe_moment(row["first"])

    def waiting(self, limit: int) -> tuple[Dispatch, ...]:
        with self.reading() as db:
            return tuple(rows.dispatch(row) for row in db.execute(SQL["waiting"], {"limit": limit}))

    def audit(self) -> Audit:
        with self.reading() as db:
            return audited(db)

    def status(self, now: datetime) -> Status:
        at = {"now": rows.micros(now)}
        with self.reading() as db:
            feeds = dict(db.execute(SQL["count_feeds"], at).fetchall())
            habits = db.execute(SQL["count_habits"]).fetchone()
            dispatches = db.execute(SQL["counts"]).fetchall()
            outbox = db.execute(SQL["outbox"]).fetchone()
            return Status(
                feeds=sum(feeds.values()),
                **{state: feeds.get(state, 0) for state in STATES},
                **dict(habits),
                items=db.execute(SQL["count_items"]).fetchone()[0],
                matches=db.execute(SQL["count_matches"]).fetchone()[0],
                dispatches={fate: _sum(dispatches, "fate", fate) for fate in Fate},
                outbox={
                    AlertState.PENDING: outbox["pending"],
                    AlertState.SENT: outbox["alerts"] - outbox["pending"] - outbox["dead"],
                    AlertState.DEAD: outbox["dead"],
                },
                lag=tuple(sorted(lag / 1e6 for (lag,) in db.execute(SQL["lags"]))),
                reasons={reason: _sum(dispatches, "reason", reason) for reason in Reason},
                silences=tuple(map(rows.silence, db.execute(SQL["silences"], at))),
                resting={name: rows.moment(until) for name, until in db.execute(SQL["resting"], at)},
            )

    def reach(self, kinds: Collection[str], since: datetime, now: datetime) -> Reach:
        args = {"kinds": rows.dumped(sorted(kinds)), "since": rows.micros(since), "now": rows.micros(now)}
        with self.reading() as db:
            row = dict(db.execute(SQL["reach"], args).fetchone())
        return Reach(**{**row, "read_at": rows.maybe_moment(row["read_at"])})

    def brought(self, since: datetime) -> Mapping[FeedId, int]:
        with self.reading() as db:
            found = db.execute(SQL["brought"], {"since": rows.micros(since)})
            return {row["feed"]: row["n"] for row in found}

    def backlog(self) -> Mapping[ChannelName, Backlog]:
        with self.reading() as db:
            opened = {row["channel"]: row["n"] for row in db.execute(SQL["backlog_open"])}
            pending = {row["channel"]: row for row in db.execute(SQL["backlog_pending"])}
        found = {name: Backlog(open=opened.get(name, 0)) for name in opened.keys() | pending.keys()}
        for name, row in pending.items():
            found[name] = replace(found[name], pending=row["n"], oldest=rows.moment(row["oldest"]))
        return found

    def beat(self, heartbeat: Heartbeat) -> None:
        self.in_place()
        times = [rows.micros(heartbeat.started_at), rows.micros(heartbeat.beat_at)]
        value = rows.dumped([heartbeat.pid, *times, heartbeat.stopped])
        with self.writing() as db:
            db.execute(SQL["set_meta"], {"name": "heartbeat", "value": value})

    def heartbeat(self) -> Heartbeat | None:
        with self.reading() as db:
            row = db.execute(SQL["get_meta"], {"name": "heartbeat"}).fetchone()
        if row is None:
            return None
        pid, started_at, beat_at, stopped = json.loads(row["value"])
        return Heartbeat(pid=pid, started_at=rows.moment(started_at), beat_at=rows.moment(beat_at), stopped=stopped)

    def stand(self, standing: Standing) -> None:
        value = rows.STANDING.dump_json(standing).decode()
        with self.writing() as db:
            db.execute(SQL["set_meta"], {"name": "standing", "value": value})

    def standing(self) -> Standing | None:
        with self.reading() as db:
            row = db.execute(SQL["get_meta"], {"name": "standing"}).fetchone()
        return rows.STANDING.validate_json(row["value"]) if row else None


def _sum(counted: Iterable[sqlite3.Row], column: str, value: str) -> int:
    return sum(row["n"] for row in counted if row[column] == value)
