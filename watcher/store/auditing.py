"""edge: tables -> what in them does not add up.

Two sums are struck: of matches by what became of them on their channels, and of alerts by their state. What is told,
sent or dead must have what proves it. The sums of all there is are compared, which indexes answer; one by one only the
newest rows are looked at, and all of them when the sums differ.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence

from watcher.model import AlertState, Audit, Fate, Reason
from watcher.store import rows
from watcher.store.queries import SQL
from watcher.text.counted import counted

NEWEST = 5_000
ALL = 2**62
TELLING = tuple(r for r in Reason if r.fate in {Fate.ALERTED, Fate.DIGEST} or r is Reason.SILENCE_LISTED)
"""The reasons of what an alert tells."""

_PROOFS = (
    ("matches", "matches_lost", "match", "without a trace on any channel, though there was one to tell it on"),
    ("told", "told_by_none", "match", "told on a channel without an alert that tells it"),
    ("told", "told_uncounted", "match", "told by an alert, but not counted as told"),
    ("told", "merged_into_none", "match", "merged into an alert that is not there"),
    ("telling", "telling_nothing", "alert", "with nothing to tell"),
    ("accepted", "sent_unproved", "alert", "sent without a try that was accepted"),
    ("accepted", "accepted_uncounted", "alert", "accepted, but not counted as sent"),
    ("dead", "dead_unproved", "alert", "given up without a try that says why"),
    ("pending", "pending_undue", "alert", "pending without a time to try it, or with one but not pending"),
)
"""The sum that shows it, the query that finds the rows, what they are, and what is wrong with them."""
_PLURALS = {"match": "es", "alert": "s"}


def audited(db: sqlite3.Connection) -> Audit:
    """Both sums and their proofs."""
    dispatches = db.execute(SQL["count_dispatches"]).fetchall()
    alerts = db.execute(SQL["count_alerts"]).fetchall()
    sums = db.execute(SQL["sums"]).fetchone()
    differing = _differing(sums, dispatches, alerts)
    return Audit(
        matches=sums["matches"],
        alerts=sum(row["n"] for row in alerts),
        flaws=(*_of_reasons(db, dispatches), *_of_states(db, alerts), *_of_proofs(db, differing)),
    )


def _differing(sums: sqlite3.Row, dispatches: Sequence[sqlite3.Row], alerts: Sequence[sqlite3.Row]) -> set[str]:
    """The sums that come out otherwise by the other way there is to them."""
    others = {
        "matches": sums["dispatched"] + sums["channelless"],
        "told": sum(row["n"] for row in dispatches if row["reason"] in TELLING),
        "telling": sum(row["n"] for row in alerts if row["tells"]) - sums["copies"],
        "accepted": sum(row["accepted"] for row in alerts),
    }
    unsent = {"accepted" for row in alerts if row["state"] == AlertState.SENT and row["accepted"] < row["n"]}
    return unsent | {name for name, other in others.items() if sums[name] != other}


def _of_reasons(db: sqlite3.Connection, dispatches: Sequence[sqlite3.Row]) -> Iterator[str]:
    fates = {reason.value: reason.fate.value for reason in Reason}
    for row in dispatches:
        if fates.get(row["reason"]) != row["fate"]:
            example = db.execute(SQL["one_with_reason"], {"reason": row["reason"], "fate": row["fate"]}).fetchone()[0]
            yield _flaw(row["n"], "match", f"{row['fate']} on a channel for the reason {row['reason']}", example)


def _of_states(db: sqlite3.Connection, alerts: Sequence[sqlite3.Row]) -> Iterator[str]:
    for state in dict.fromkeys(row["state"] for row in alerts):
        if state not in {known.value for known in AlertState}:
            number = sum(row["n"] for row in alerts if row["state"] == state)
            example = db.execute(SQL["one_in_state"], {"state": state}).fetchone()[0]
            yield _flaw(number, "alert", f"in the state {state}, which there is not", example)


def _of_proofs(db: sqlite3.Connection, differing: Collection[str]) -> Iterator[str]:
    for name, query, noun, wrong in _PROOFS:
        args = {"newest": ALL if name in differing else NEWEST, "telling": rows.dumped(TELLING)}
        found = db.execute(SQL[query], args).fetchone()
        if found["n"]:
            yield _flaw(found["n"], noun, wrong, found["example"])


def _flaw(number: int, noun: str, wrong: str, example: str) -> str:
    return f"{counted(number, noun, _PLURALS[noun])} {wrong}: {example}" + (" is one of them" if number > 1 else "")
