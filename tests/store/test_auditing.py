"""What a database is told to be wrong with when it was broken by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.contract.nouns import DESK, FLOOD, PHONE, QUAKE, after, failed, new_alert, poll, ready, revision, sent, tell
from watcher.model import AlertState, Audit, Decision, Reason
from watcher.store import auditing
from watcher.store.sqlite import SqliteStore, open_file

SENT, PENDING, DEAD, COPY = (new_alert(digit).key for digit in "1234")


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    """A little of everything, all in order: a baseline, alerts sent, dead and pending, a copy, a notice, merged, held,
    listed after a silence, below a severity, removed, and a match that found no channel.
    """
    store = open_file(":memory:")
    ready(store)
    poll(store, revision("baseline"), rules=[FLOOD], baseline=True)
    poll(store, revision("lost"), rules=[QUAKE], channels=[])
    poll(store, revision("sent"))
    tell(store, new_alert("1"))
    store.save_delivery(failed(SENT))
    store.save_delivery(sent(SENT, started=3))
    poll(store, revision("pending"))
    tell(store, new_alert("2"), Reason.SILENCE_LISTED)
    poll(store, revision("dead"), rules=[QUAKE, FLOOD])
    tell(store, new_alert("3"))
    notice = replace(new_alert("e", channel=PHONE), kind=new_alert().kind.NOTICE)
    copy = replace(new_alert("4", channel=PHONE), copy_of=DEAD)
    store.save_delivery(replace(sent(DEAD), state=AlertState.DEAD), [notice, copy])
    poll(store, *(revision(f"more {n}") for n in range(4)))
    merged, baseline, low, held = store.open_dispatches(DESK, 9)
    store.save_alerts(
        [],
        [
            Decision(dispatch=merged.id, reason=Reason.SAME_ITEM, alert=SENT),
            Decision(dispatch=baseline.id, reason=Reason.SAME_ITEM),
            Decision(dispatch=low.id, reason=Reason.BELOW_SEVERITY),
            Decision(dispatch=held.id, reason=Reason.QUIET_HOURS),
        ],
    )
    store.db.executescript("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
    yield store
    store.close()


def item(store: SqliteStore, name: str) -> str:
    return str(revision(name).item.id)


def test_nothing_is_wrong_with_what_the_store_made(store: SqliteStore) -> None:
    assert store.audit() == Audit(matches=10, alerts=5)
    store.resend(SENT, after(9))
    store.resend(DEAD, after(9))
    store.sync_channels([], after(10))
    assert store.audit() == Audit(matches=10, alerts=5)


def test_nothing_is_wrong_with_an_empty_store() -> None:
    store = open_file(":memory:")
    assert store.audit() == Audit(matches=0, alerts=0)
    store.close()


SENT_MATCH = "match = (SELECT pk FROM matches WHERE item = '{sent}')"
BROKEN = {
    f"DELETE FROM dispatches WHERE {SENT_MATCH}": [
        "1 match without a trace on any channel, though there was one to tell it on: item {sent}",
        f"1 alert with nothing to tell: alert {SENT}",
    ],
    f"UPDATE dispatches SET reason = 'whim' WHERE {SENT_MATCH}": [
        "1 match alerted on a channel for the reason whim: item {sent}",
        "1 match told by an alert, but not counted as told: item {sent}",
    ],
    f"UPDATE dispatches SET fate = 'merged' WHERE {SENT_MATCH}": [
        "1 match merged on a channel for the reason new: item {sent}",
    ],
    f"UPDATE dispatches SET alert = NULL WHERE {SENT_MATCH}": [
        "1 match told on a channel without an alert that tells it: item {sent}",
        f"1 alert with nothing to tell: alert {SENT}",
    ],
    f"UPDATE dispatches SET told_at = NULL WHERE {SENT_MATCH}": [
        "1 match told on a channel without an alert that tells it: item {sent}",
        f"1 alert with nothing to tell: alert {SENT}",
    ],
    f"DELETE FROM dispatches WHERE alert = '{DEAD}'": [
        "2 matches without a trace on any channel, though there was one to tell it on: item {dead} is one of them",
        f"1 alert with nothing to tell: alert {DEAD}",
    ],
    f"DELETE FROM deliveries WHERE alert = '{SENT}'": [f"1 alert sent without a try that was accepted: alert {SENT}"],
    f"UPDATE alerts SET sent_at = NULL WHERE key = '{SENT}'": [
        f"1 alert accepted, but not counted as sent: alert {SENT}"
    ],
    f"UPDATE deliveries SET state = 'sent' WHERE alert = '{DEAD}'": [
        f"1 alert accepted, but not counted as sent: alert {DEAD}",
        f"1 alert given up without a try that says why: alert {DEAD}",
    ],
    f"UPDATE alerts SET state = 'sent', next_at = NULL WHERE key = '{PENDING}'": [
        f"1 alert sent without a try that was accepted: alert {PENDING}",
        f"1 alert accepted, but not counted as sent: alert {PENDING}",
    ],
    f"DELETE FROM deliveries WHERE alert = '{DEAD}'": [f"1 alert given up without a try that says why: alert {DEAD}"],
    f"UPDATE alerts SET state = 'lost', next_at = NULL WHERE key = '{PENDING}'": [
        f"1 alert in the state lost, which there is not: alert {PENDING}"
    ],
}


REFUSED = {
    f"UPDATE dispatches SET alert = 'none' WHERE {SENT_MATCH}": [
        "1 match told on a channel without an alert that tells it: item {sent}",
        f"1 alert with nothing to tell: alert {SENT}",
    ],
    "UPDATE dispatches SET alert = 'none' WHERE reason = 'same-item' AND alert IS NOT NULL": [
        "1 match merged into an alert that is not there: item {merged}",
    ],
    f"UPDATE alerts SET next_at = NULL WHERE key = '{PENDING}'": [
        f"1 alert pending without a time to try it, or with one but not pending: alert {PENDING}"
    ],
    f"UPDATE alerts SET next_at = 1 WHERE key IN ('{SENT}', '{DEAD}')": [
        f"2 alerts pending without a time to try it, or with one but not pending: alert {SENT} is one of them"
    ],
}
"""What SQLite itself lets nobody do who does not switch its checks off."""


@pytest.mark.parametrize("newest", [auditing.NEWEST, 0], ids=["new", "old"])
@pytest.mark.parametrize(("statement", "wrong"), BROKEN.items(), ids=range(len(BROKEN)))
def test_what_a_hand_broke_is_told(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, statement: str, wrong: list[str], newest: int
) -> None:
    """Among the newest rows each flaw is found by looking, among old ones by the sum that it changes."""
    monkeypatch.setattr(auditing, "NEWEST", newest)
    check(store, statement, wrong)


@pytest.mark.parametrize(("statement", "wrong"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_the_database_refuses_is_told_of_new_rows(store: SqliteStore, statement: str, wrong: list[str]) -> None:
    check(store, statement, wrong)


def check(store: SqliteStore, statement: str, wrong: list[str]) -> None:
    names = {name: item(store, name) for name in ("sent", "dead")} | {"merged": item(store, "more 0")}
    assert store.db.execute(statement.format(**names)).rowcount
    assert list(store.audit().flaws) == [one.format(**names) for one in wrong]
