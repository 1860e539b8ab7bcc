"""What ports.Store promises about what waits, held against every implementation of it."""

from __future__ import annotations

from tests.contract.nouns import DESK, NOW, PHONE, after, new_alert, poll, ready, revision, sent
from watcher.model import Backlog, Decision, Reason
from watcher.ports import Store


def test_nothing_waits_where_nothing_is(store: Store) -> None:
    assert store.backlog() == {}


def test_what_waits_is_counted_by_channel_with_the_age_of_the_oldest_alert(store: Store) -> None:
    ready(store)
    poll(store, revision("1"), revision("2"), channels=[DESK, PHONE])
    opened = store.open_dispatches(DESK, 9)
    told = Decision(dispatch=opened[0].id, reason=Reason.NEW, alert=new_alert("1").key, place=0)
    store.save_alerts([new_alert("1", at=after(1)), new_alert("2", at=NOW)], [told])
    assert store.backlog() == {DESK: Backlog(open=1, pending=2, oldest=NOW), PHONE: Backlog(open=2)}


def test_what_was_sent_waits_no_more(store: Store) -> None:
    ready(store)
    store.save_alerts([new_alert("1")], ())
    store.save_delivery(sent(new_alert("1").key))
    assert store.backlog() == {}
