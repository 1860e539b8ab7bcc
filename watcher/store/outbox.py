"""edge: decisions, alerts and deliveries -> tables."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from watcher.model import (
    Alert,
    AlertKey,
    Arrival,
    BaselineSummary,
    ChannelName,
    Condition,
    Decision,
    Delivery,
    Dispatch,
    FeedId,
    NewAlert,
    Past,
    RuleId,
    Severity,
    Told,
    Window,
)
from watcher.store import rows
from watcher.store.queries import SQL
from watcher.store.removed import drop_late
from watcher.store.session import Session
from watcher.store.telling import whole

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
            "roots": rows.dumped(sorted({d.root for d in dispatches if d.root})),
            "said": rows.dumped(sorted({d.root or d.item for d in dispatches})),
            "severities": rows.dumped([severity.value for severity in Severity]),
            "since": rows.micros(now - HOUR),
            "now": rows.micros(now),
        }
        with self.reading() as db:
            return Past(
                told=tuple(_told(row) for row in db.execute(SQL["told"], args)),
                arrivals=_arrivals(db, channel, windows),
                made=tuple(rows.moment(row["created_at"]) for row in db.execute(SQL["made"], args)),
                slot=rows.maybe_moment(db.execute(SQL["slot"], args).fetchone()[0]),
                silences=tuple(rows.silence(row) for row in db.execute(SQL["silences"], args)),
            )

    def save_alerts(
        self,
        alerts: Sequence[NewAlert],
        decisions: Sequence[Decision],
        baseline_told: Sequence[FeedId] = (),
        at: datetime | None = None,
    ) -> None:
        with self.writing() as db:
            decided_at = rows.maybe_micros(at)
            db.executemany(SQL["add_alert"], [_of_alert(alert) for alert in alerts])
            db.executemany(SQL["decide"], [_of_decision(decision, decided_at) for decision in decisions])
            _drop_late(db, alerts)
            if baseline_told:
                db.execute(SQL["tell_baseline"], {"feeds": rows.dumped(baseline_told)})

    def tell_conditions(self, told: Mapping[FeedId, Condition], words: Sequence[NewAlert]) -> None:
        with self.writing() as db:
            db.executemany(SQL["tell_condition"], [{"id": feed, "told": each.value} for feed, each in told.items()])
            db.executemany(SQL["add_alert"], [_of_alert(word) for word in words])
            _drop_late(db, words)

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
        with self.leasing() as db:
            due = db.execute(SQL["due_alert"], {"channel": channel, "now": rows.micros(now)}).fetchone()
            if due is None:
                return None
            db.execute(SQL["lease_alert"], {"pk": due["pk"], "lease_until": rows.micros(lease_until)})
            return whole(db, db.execute(SQL["alert"], {"key": due["key"]}).fetchone())

    def save_delivery(self, delivery: Delivery, words: Sequence[NewAlert] = ()) -> None:
        row = rows.of_delivery(delivery)
        with self.writing() as db:
            if db.execute(SQL["add_delivery"], row).rowcount:
                db.execute(SQL["after_delivery"], row)
                if delivery.rest_until:
                    db.execute(SQL["rest_channel"], row)
                if delivery.recovered:
                    db.execute(SQL["hurry_channel"], row)
                db.executemany(SQL["add_alert"], [_of_alert(word) for word in words])
                _drop_late(db, words)

    def failing_since(self, channel: ChannelName) -> datetime | None:
        with self.reading() as db:
            return rows.maybe_moment(db.execute(SQL["failing_since"], {"channel": channel}).fetchone()[0])

    def release_leases(self, now: datetime) -> None:
        with self.writing() as db:
            db.execute(SQL["release_feeds"])
            db.execute(SQL["release_alerts"])
            db.execute(SQL["release_pages"])
            for query in ("hurry_feeds", "hurry_alerts", "hurry_channels", "hurry_pages"):
                db.execute(SQL[query], {"now": rows.micros(now)})

    def hurry(self, channels: Sequence[ChannelName], now: datetime) -> None:
        names = {"names": rows.dumped(channels), "now": rows.micros(now)}
        with self.writing() as db:
            db.execute(SQL["hurry_renewed"], names)
            db.execute(SQL["end_rests"], names)

    def resend(self, key: AlertKey, now: datetime) -> None:
        with self.writing() as db:
            db.execute(SQL["resend"], {"key": key, "now": rows.micros(now)})


def _drop_late(db: sqlite3.Connection, alerts: Sequence[NewAlert]) -> None:
    """Bury those for channels that were removed while they were made."""
    for last in alerts[-1:]:
        drop_late(db, (alert.channel for alert in alerts), last.created_at)


def _told(row: sqlite3.Row) -> Told:
    return Told(
        group=row["grp"],
        rule=row["rule"],
        item=row["item"],
        revision=row["revision"],
        canonical=row["canonical"],
        root=row["root"],
        denial=bool(row["denial"]),
        alert=row["alert"],
        at=rows.maybe_moment(row["told_at"]),
        severity=Severity(row["severity"]),
    )


def _arrivals(db: sqlite3.Connection, channel: ChannelName, windows: Iterable[Window]) -> tuple[Arrival, ...]:
    """In one go for each rule: it may have thousands of groups, each with windows of its own."""
    by_rule: defaultdict[RuleId, list[Window]] = defaultdict(list)
    for window in windows:
        by_rule[window.rule].append(window)
    found = [row for rule, its in by_rule.items() for row in _within(db, channel, rule, its)]
    return tuple(_arrival(row) for row in sorted(found, key=lambda row: (row["seen_at"], row["pk"])))


def _within(
    db: sqlite3.Connection, channel: ChannelName, rule: RuleId, windows: Sequence[Window]
) -> Iterator[sqlite3.Row]:
    """Rows of one rule's matches in these windows, each once."""
    spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for window in windows:
        spans[window.group].append((rows.micros(window.since), rows.micros(window.until)))
    merged = {group: _merged(of_group) for group, of_group in spans.items()}
    args = {
        "channel": channel,
        "rule": rule,
        "since": min(of_group[0][0] for of_group in merged.values()),
        "until": max(of_group[-1][1] for of_group in merged.values()),
    }
    for row in db.execute(SQL["arrivals"], args):
        if any(since < row["seen_at"] <= until for since, until in merged.get(row["grp"], ())):
            yield row


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same times in spans that do not overlap."""
    merged: list[tuple[int, int]] = []
    for since, until in sorted(spans):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until))
        else:
            merged.append((since, until))
    return merged


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


def _of_decision(decision: Decision, at: int | None) -> rows.Row:
    return {
        "step": "" if at is None else f"{at} {decision.reason.value}\n",
        "dispatch": decision.dispatch,
        "reason": decision.reason.value,
        "fate": decision.reason.fate.value,
        "alert": decision.alert,
        "place": decision.place,
    }
