"""edge: decisions, alerts and deliveries -> tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from watcher.model import (
    Alert,
    AlertKey,
    Arrival,
    BaselineSummary,
    ChannelName,
    Decision,
    Delivery,
    Dispatch,
    FeedId,
    NewAlert,
    Past,
    Severity,
    Told,
    Window,
)
from watcher.store import rows
from watcher.store.queries import SQL
from watcher.store.removed import drop_late
from watcher.store.session import Session

HOUR = timedelta(hours=1)


class Outbox(Session):
    """What goes out. The contract is ports.Store."""

    def channels_with_open(self) -> tuple[ChannelName, ...]:
        with self.reading() as db:
            return tuple(row["channel"] for row in db.execute(SQL["channels_with_open"]))

    def open_dispatches(self, channel: ChannelName, limit: int) -> tuple[Dispatch, ...]:
        with self.reading() as db:
            found = db.execute(SQL["open_dispatches"], {"channel": channel, "limit": limit})
            return tuple(rows.dispatch(row) for row in found)

    def past(
        self, channel: ChannelName, dispatches: Sequence[Dispatch], windows: Sequence[Window], now: datetime
    ) -> Past:
        args = {
            "channel": channel,
            "groups": rows.dumped(sorted({d.group for d in dispatches})),
            "items": rows.dumped(sorted({d.item for d in dispatches})),
            "canonicals": rows.dumped(sorted({d.canonical for d in dispatches if d.canonical})),
            "windows": rows.dumped([(w.rule, w.group, rows.micros(w.since), rows.micros(w.until)) for w in windows]),
            "since": rows.micros(now - HOUR),
            "now": rows.micros(now),
        }
        with self.reading() as db:
            return Past(
                told=tuple(_told(row) for row in db.execute(SQL["told"], args)),
                arrivals=tuple(_arrival(row) for row in db.execute(SQL["arrivals"], args)) if windows else (),
                made=tuple(rows.moment(row["created_at"]) for row in db.execute(SQL["made"], args)),
                slot=rows.maybe_moment(db.execute(SQL["slot"], args).fetchone()[0]),
                silences=tuple(rows.silence(row) for row in db.execute(SQL["silences"], args)),
            )

    def save_alerts(
        self, alerts: Sequence[NewAlert], decisions: Sequence[Decision], baseline_told: Sequence[FeedId] = ()
    ) -> None:
        with self.writing() as db:
            db.executemany(SQL["add_alert"], [_of_alert(alert) for alert in alerts])
            db.executemany(SQL["decide"], [_of_decision(decision) for decision in decisions])
            for alert in alerts[-1:]:
                drop_late(db, (alert.channel for alert in alerts), alert.created_at)
            if baseline_told:
                db.execute(SQL["tell_baseline"], {"feeds": rows.dumped(baseline_told)})

    def baseline_summary(self) -> BaselineSummary:
        with self.reading() as db:
            feeds = tuple(row["id"] for row in db.execute(SQL["baseline_feeds"]))
            waiting = db.execute(SQL["baseline_waiting"]).fetchone()[0]
            args = {"feeds": rows.dumped(feeds)}
            items, matched = db.execute(SQL["baseline_items"], args).fetchone() if feeds else (0, 0)
            latest = db.execute(SQL["baseline_latest"], args).fetchall() if matched else ()
        titles = tuple((row["title"], rows.RULE.validate_json(row["definition"]).title) for row in latest)
        return BaselineSummary(feeds=feeds, waiting=waiting, items=items, matched=matched, latest=titles)

    def channels_due(self, now: datetime) -> tuple[ChannelName, ...]:
        with self.reading() as db:
            return tuple(row["channel"] for row in db.execute(SQL["channels_due"], {"now": rows.micros(now)}))

    def claim_alert(self, channel: ChannelName, now: datetime, lease_until: datetime) -> Alert | None:
        with self.writing() as db:
            row = db.execute(SQL["due_alert"], {"channel": channel, "now": rows.micros(now)}).fetchone()
            if row is None:
                return None
            db.execute(SQL["lease_alert"], {"pk": row["pk"], "lease_until": rows.micros(lease_until)})
            return whole(db, row)

    def save_delivery(self, delivery: Delivery, words: Sequence[NewAlert] = ()) -> None:
        row = rows.of_delivery(delivery)
        with self.writing() as db:
            if db.execute(SQL["add_delivery"], row).rowcount:
                db.execute(SQL["after_delivery"], row)
                db.executemany(SQL["add_alert"], [_of_alert(word) for word in words])

    def last_tries(self, channel: ChannelName, limit: int) -> tuple[datetime, ...]:
        with self.reading() as db:
            found = db.execute(SQL["last_tries"], {"channel": channel, "limit": limit}).fetchall()
        return tuple(rows.moment(row["started_at"]) for row in reversed(found))

    def release_leases(self, now: datetime) -> None:
        with self.writing() as db:
            db.execute(SQL["release_feeds"])
            db.execute(SQL["release_alerts"])
            for query in ("hurry_feeds", "hurry_alerts"):
                db.execute(SQL[query], {"now": rows.micros(now)})

    def resend(self, key: AlertKey, now: datetime) -> None:
        with self.writing() as db:
            db.execute(SQL["resend"], {"key": key, "now": rows.micros(now)})


def whole(db: sqlite3.Connection, row: sqlite3.Row) -> Alert:
    """An alert's row with all it tells."""
    return rows.alert(row, db.execute(SQL["told_by"], {"alert": row["key"]}))


def _told(row: sqlite3.Row) -> Told:
    return Told(
        group=row["grp"],
        rule=row["rule"],
        item=row["item"],
        revision=row["revision"],
        canonical=row["canonical"],
        alert=row["alert"],
        at=rows.maybe_moment(row["created_at"]),
        severity=Severity(row["severity"] or Severity.INFO),
    )


def _arrival(row: sqlite3.Row) -> Arrival:
    return Arrival(
        rule=row["rule"],
        group=row["grp"],
        item=row["item"],
        source=row["source"],
        seen_at=rows.moment(row["seen_at"]),
    )


def _of_alert(alert: NewAlert) -> rows.Row:
    return {
        "key": alert.key,
        "channel": alert.channel,
        "group": alert.group,
        "kind": alert.kind.value,
        "severity": alert.severity.value,
        "created_at": rows.micros(alert.created_at),
        "title": alert.title,
        "body": alert.body,
        "told": alert.told,
        "sources": alert.sources,
        "slot": rows.maybe_micros(alert.slot),
        "copy_of": alert.copy_of,
    }


def _of_decision(decision: Decision) -> rows.Row:
    return {
        "dispatch": decision.dispatch,
        "reason": decision.reason.value,
        "fate": decision.reason.fate.value,
        "alert": decision.alert,
        "place": decision.place,
    }
