"""How long polls and sends wait while old items are forgotten, with their texts of 256 words.

    python -m tests.bench.pruning [ITEMS [FILE]]

A step of the daemon's forgetting beside a poll that brings as many items, by turns, in a database of so many items
(10,000), a quarter of which matched: milliseconds, of processor time and by the clock, and how often the one takes the
other. It grows no larger, and its log stays short. With FILE the database is made there and kept for another run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from tests.contract.nouns import NOW, match, polled, ready, revision
from watcher.jobs.keep import STEP
from watcher.model import PollSaved, Revision
from watcher.ports import Store
from watcher.store import open_store

AT_ONCE, TURNS = 500, 400
RANDOM = Random(1)
SYLLABLES = ("ka", "re", "mo", "ti", "sun", "der", "fla", "ous", "ing", "ber", "ton", "ra", "vi", "cel")
WORDS = ["".join(RANDOM.choices(SYLLABLES, k=RANDOM.randint(1, 4))) for _ in range(60_000)]
COMMON = list(accumulate(1 / n for n in range(1, len(WORDS) + 1)))


def main(items: str = "10000", file: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(file or f"{folder}/watcher.db")
        with closing(open_store(str(path))) as store:
            ready(store)
            for number in range(store.status(NOW).items, int(items), AT_ONCE):
                bring(store, number, AT_ONCE)
            compare(store, path)


def compare(store: Store, path: Path) -> None:
    total, before = store.status(NOW).items, store.sizes().database
    wall: dict[str, list[float]] = {"forget": [], "poll": []}
    cpu: dict[str, list[float]] = {"forget": [], "poll": []}
    log = 0
    for turn in range(TURNS):
        number = total + turn * STEP
        for name, work in (("forget", lambda: store.prune(NOW, STEP)), ("poll", lambda: bring(store, number, STEP))):  # noqa: B023  called at once
            spent = timed(work)
            wall[name].append(spent[0])
            cpu[name].append(spent[1])
        log = max(log, path.with_name(f"{path.name}-wal").stat().st_size)
    for name, times in wall.items():
        print(f"{name:<7} {STEP} of {total:,}: cpu {shown(cpu[name])}, clock {shown(times)}")
    print(f"forgetting takes {sum(cpu['forget']) / sum(cpu['poll']):.2f} times the processor time of such a poll")
    grown = store.sizes().database / before
    print(
        f"{TURNS * STEP:,} forgotten and as many come: the file is {grown:.3f} times as large, its log {log >> 20} MiB"
    )


def bring(store: Store, first: int, many: int) -> None:
    """A poll of new items, of which every fourth matches and is told at once on no channel."""
    at = NOW - timedelta(days=400) + timedelta(seconds=first)
    revisions = tuple(article(n, at) for n in range(first, first + many))
    state = polled(store.feeds()[0], at)
    matches = tuple((match(one), ()) for one in revisions[::4])
    store.save_poll(PollSaved(state=state, revisions=revisions, matches=matches))


def article(number: int, at: datetime) -> Revision:
    text = " ".join(RANDOM.choices(WORDS, cum_weights=COMMON, k=256))
    one = revision(str(number), text=text, seen_at=at)
    title = " ".join(RANDOM.choices(WORDS, cum_weights=COMMON, k=9))
    return replace(one, item=replace(one.item, title=title, raw=text, summary=text[:200]))


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor."""
    begun, busy = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - begun) * 1000, (time.process_time() - busy) * 1000


def shown(times: list[float]) -> str:
    ordered = sorted(times)
    half, most = (ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99))
    return f"{half:.1f} ms ({most:.1f} ms at most for 99 %)"


if __name__ == "__main__":
    main(*sys.argv[1:])
