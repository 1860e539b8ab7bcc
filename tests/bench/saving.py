"""What it costs that each match notes its way: 10,000 decisions saved, with a time and without.

    python -m tests.bench.saving

Milliseconds of processor time, the least of some runs: all are held, then all listed in one digest.
"""

from __future__ import annotations

import time
from datetime import datetime

from tests.contract.nouns import DESK, NOW, new_alert, poll, ready, revision
from watcher.model import Decision, Reason
from watcher.store import open_store

RUNS, MATCHES = 3, 10_000


def main() -> None:
    for what, at in (("without its way", None), ("with its way", NOW)):
        held, listed = (min(times) for times in zip(*(spent(at) for _ in range(RUNS)), strict=True))
        print(f"{what:<16} held {held * 1000:5.0f} ms, listed {listed * 1000:5.0f} ms", flush=True)


def spent(at: datetime | None) -> tuple[float, float]:
    """Seconds to save that all are held, and that all are listed."""
    store = open_store("sqlite:///:memory:")
    ready(store)
    poll(store, *(revision(str(n), text="quake") for n in range(MATCHES)))
    ids = [one.id for one in store.open_dispatches(DESK, MATCHES)]
    begun = time.process_time()
    store.save_alerts([], [Decision(dispatch=id_, reason=Reason.OVER_CAP) for id_ in ids], at=at)
    between = time.process_time()
    listed = [Decision(dispatch=id_, reason=Reason.LISTED, alert=new_alert().key) for id_ in ids]
    store.save_alerts([new_alert()], listed, at=at)
    ended = time.process_time()
    store.close()
    return between - begun, ended - between


if __name__ == "__main__":
    main()
