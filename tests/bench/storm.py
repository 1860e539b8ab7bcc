"""What a storm of 10,000 matches costs with its store: decided and saved, held and looked at again, told in a digest.

    python -m tests.bench.storm

Milliseconds of processor time, and beside what it takes to make the objects alone that one round is about: a dispatch
and a decision of each match. `tests.bench.deciding` measures the decision by itself, over more kinds of rules.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from tests.channel import dispatch
from tests.contract.nouns import DESK, NOW, QUAKE, poll, ready, revision
from watcher.alert import decide, windows
from watcher.model import ChannelSpec, Decided, Decision, Hours, Quiet, Reason
from watcher.ports import Store
from watcher.store import open_store

T = TypeVar("T")
MATCHES, BATCH = 10_000, 500
HOUR = timedelta(hours=1)
MOST = 3.0
"""Seconds of processor time that any of the lines may take."""
ALWAYS = Hours(days=tuple(range(7)), start=0, end=23 * 60, zone="UTC")
OPEN = ChannelSpec(name=DESK, url="")
NIGHT = replace(OPEN, quiet=Quiet(hours=(ALWAYS,)))
MORNING = NOW.replace(hour=23, minute=1)


def main() -> None:
    _, floor = spent(_objects)
    print(f"{MATCHES:,} matches {'ms':>38} {'ratio':>6}")
    took = [line("their objects alone", floor, floor)]
    with_room, held = stormed(), stormed()
    took += [line("decided and saved, one digest of most", _round(with_room, OPEN, NOW), floor)]
    took += [line("decided and saved, all held", _round(held, NIGHT, NOW), floor)]
    took += [line("held, looked at again", _round(held, NIGHT, NOW + HOUR), floor)]
    took += [line("held till now, all in one digest", _round(held, NIGHT, MORNING), floor)]
    claimed, seconds = spent(lambda: held.claim_alert(DESK, MORNING, MORNING + HOUR))
    took += [line("that digest claimed, to be sent", seconds, floor)]
    assert claimed is not None
    print(f"the digest tells {claimed.told:,} and shows {len(claimed.items)}")
    sys.exit(1 if max(took) > MOST else 0)


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


def line(what: str, seconds: float, floor: float) -> float:
    print(f"  {what:<38} {seconds * 1000:10.1f} {seconds / floor:6.1f}", flush=True)
    return seconds


def spent(work: Callable[[], T]) -> tuple[T, float]:
    """What it comes to, and its processor time in seconds."""
    begin = time.process_time()
    done = work()
    return done, time.process_time() - begin


if __name__ == "__main__":
    main()
