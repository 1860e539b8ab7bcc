"""What a storm of 10,000 matches costs with its store: decided and saved, held and looked at again, told in a digest.

    python -m tests.bench.storm

Milliseconds of processor time, and beside what it takes to make the objects alone that one round is about: a dispatch
and a decision of each match. `tests.bench.deciding` measures the decision by itself, over more kinds of rules.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime, timedelta

from tests.bench._report import Report, spent
from tests.channel import dispatch
from tests.contract.nouns import DESK, NOW, QUAKE, poll, ready, revision
from watcher.alert import decide, windows
from watcher.model import ChannelSpec, Decided, Decision, Hours, Quiet, Reason
from watcher.ports import Store
from watcher.store import open_store

MATCHES, BATCH = 10_000, 500
HOUR = timedelta(hours=1)
MOST = 3_000
"""Milliseconds of processor time that any of the lines may take."""
ALWAYS = Hours(days=tuple(range(7)), start=0, end=23 * 60, zone="UTC")
OPEN = ChannelSpec(name=DESK, url="")
NIGHT = replace(OPEN, quiet=Quiet(hours=(ALWAYS,)))
MORNING = NOW.replace(hour=23, minute=1)


def main() -> int:
    _, floor = spent(_objects)
    with_room, held = stormed(), stormed()
    report = Report("storm")
    table = report.table("matches", f"{MATCHES:,} matches", {"round": "", "ms": ",.0f", "ratio": ".1f"}, judged="ms")
    table.add("their objects alone", floor * 1e3, 1.0)
    rounds = {
        "decided and saved, one digest of most": (with_room, OPEN, NOW),
        "decided and saved, all held": (held, NIGHT, NOW),
        "held, looked at again": (held, NIGHT, NOW + HOUR),
        "held till now, all in one digest": (held, NIGHT, MORNING),
    }
    for name, given in rounds.items():
        seconds = _round(*given)
        table.add(name, seconds * 1e3, seconds / floor, most=MOST)
    claimed, seconds = spent(lambda: held.claim_alert(DESK, MORNING, MORNING + HOUR))
    table.add("that digest claimed, to be sent", seconds * 1e3, seconds / floor, most=MOST)
    assert claimed is not None
    table.note(f"the digest tells {claimed.told:,} and shows {len(claimed.items)}")
    return report.end()


def stormed() -> Store:
    """All matches stored and none decided."""
    store = open_store("sqlite:///:memory:")
    ready(store)
    for first in range(0, MATCHES, BATCH):
        poll(store, *(revision(f"n{number}") for number in range(first, first + BATCH)))
    return store


def _round(store: Store, channel: ChannelSpec, now: datetime) -> float:
    """Seconds of what a job does; the store's part is in the same process."""

    def work() -> Decided:
        opened, rules = store.open_dispatches(DESK, 50_000), {QUAKE.id: QUAKE}
        decided = decide(channel, opened, store.past(DESK, opened, windows(opened, rules), now), rules, now)
        if decided.decisions:
            store.save_alerts(decided.alerts, decided.decisions)
        return decided

    return spent(work)[1]


def _objects() -> object:
    made = [dispatch(n, item=f"i{n}", group=f"story:{n}") for n in range(MATCHES)]
    return made, [Decision(dispatch=d.id, reason=Reason.NEW) for d in made]


if __name__ == "__main__":
    sys.exit(main())
