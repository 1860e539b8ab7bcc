"""What a backup costs the daemon beside which it is made: 50 at full ingest, each restored and examined.

    python -m tests.bench.backup [FOLDER [BACKUPS]]

A process stores polls of five new items as fast as it can, another makes backups with pauses in between: latencies of
the transactions with one under way and without, how long the log gets, and the same by `VACUUM INTO`, in one run. Each
fifth of them is of a database of its own: one that is stored into as fast as can be has no end.
FOLDER is where that happens; a disk that others write to, too, makes both columns worse.
"""

from __future__ import annotations

import multiprocessing
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random
from typing import Any

from tests.contract.nouns import NOW, poll, ready
from tests.store.test_examining import true
from watcher.model import Revision, untold
from watcher.store import back_up_store, examine_store
from watcher.store.sqlite import open_file

FILLED, BACKUPS, ROUNDS = 2_000, 50, 5
PAUSE = 0.3  # seconds
AFTER = NOW + timedelta(hours=1)
SPAWNED = multiprocessing.get_context("spawn")
WORDS = [f"word{n}" for n in range(5_000)]


def main(folder: Path, backups: int) -> int:
    tries: list[tuple[float, float]] = []
    own: list[Span] = []
    vacuum: list[Span] = []
    bad = 0
    for number in range(ROUNDS):
        place = folder / str(number)
        place.mkdir()
        bad += in_round(place, backups // ROUNDS, tries, own, vacuum)
        shutil.rmtree(place)
    report("without", [took for begun, took in tries if not during(begun, took, [*own, *vacuum])])
    report("backup", [took for begun, took in tries if during(begun, took, own)], own)
    report("VACUUM INTO", [took for begun, took in tries if during(begun, took, vacuum)], vacuum)
    print(f"{len(own) - bad} of {len(own)} restored and sound")
    return 1 if bad else 0


def in_round(folder: Path, backups: int, tries: list[tuple[float, float]], own: list[Span], vacuum: list[Span]) -> int:
    """A new database, stored into from beginning to end; how many of its backups are not sound."""
    path = folder / "watcher.db"
    with closing(open_file(str(path))) as store:
        ready(store)
        for first in range(0, FILLED, 100):
            poll(store, *revisions(f"f{first}", 100))
    stop, heard, told = SPAWNED.Event(), *SPAWNED.Pipe(duplex=False)
    writer = SPAWNED.Process(target=ingest, args=(str(path), stop, told))
    writer.start()
    time.sleep(2)
    own += [once(folder / f"own-{n}.db", lambda to: by_api(path, to)) for n in range(backups)]
    vacuum += [once(folder / f"vacuum-{n}.db", lambda to: by_vacuum(path, to)) for n in range(max(1, backups // 5))]
    log = Path(f"{path}-wal").stat().st_size
    stop.set()
    tries += (stored := heard.recv())
    writer.join()
    print(f"{path.stat().st_size / 2**20:.0f} MiB at the end, log {log / 2**20:.0f} MiB; {len(stored)} transactions")
    return sum(not restorable(folder / f"own-{n}.db") for n in range(backups))


def revisions(name: str, number: int) -> Iterator[Revision]:
    chance = Random(name)
    for n in range(number):
        one = true(f"{name}-{n}")
        text = " ".join(chance.choices(WORDS, k=100))
        yield replace(one, item=replace(one.item, text=text, raw=f"{text}\n\nSubscribe!"))


def ingest(path: str, stop: Event, told: Any) -> None:
    tries: list[tuple[float, float]] = []
    with closing(open_file(path)) as store:
        for number in count():
            if stop.is_set():
                break
            new = tuple(revisions(f"n{number}", 5))
            begun = time.monotonic()
            poll(store, *new)
            tries.append((begun, time.monotonic() - begun))
    told.send(tries)


Span = tuple[float, float, float]
"""When it began and ended, and its processor time."""


def once(to: Path, make: Callable[[Path], object]) -> Span:
    time.sleep(PAUSE)
    begun, spent = time.monotonic(), time.process_time()
    make(to)
    return begun, time.monotonic(), time.process_time() - spent


def by_api(path: Path, to: Path) -> None:
    back_up_store(str(path), to, AFTER, untold)


def by_vacuum(path: Path, to: Path) -> None:
    """Without reading it back."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as db:
        db.execute("VACUUM INTO ?", (str(to),))


def during(begun: float, took: float, spans: Sequence[Span]) -> bool:
    return any(start <= begun + took and begun <= end for start, end, _ in spans)


def report(name: str, took: Sequence[float], spans: Sequence[Span] = ()) -> None:
    in_order = sorted(took)
    p50, p99, most = (in_order[min(int(len(took) * p), len(took) - 1)] * 1000 for p in (0.5, 0.99, 1))
    wall = sum(end - start for start, end, _ in spans) / (len(spans) or 1)
    spent = sum(cpu for *_, cpu in spans) / (len(spans) or 1)
    beside = f"; {wall:.1f} s each, {spent:.1f} s CPU" if spans else ""
    print(f"{name:<12} {len(took):>6} transactions: p50 {p50:5.1f} ms, p99 {p99:6.1f} ms, max {most:6.1f} ms{beside}")


def restorable(copy: Path) -> bool:
    """Put in the place of a database, opened to write, written, and examined."""
    restored = Path(shutil.copy(copy, copy.with_name("restored.db")))
    with closing(open_file(str(restored))) as store:
        poll(store, true("after"))
    sound = list(examine_store(str(restored), AFTER, untold)) == []
    for path in (copy, restored):
        path.unlink()
    return sound


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        sys.exit(main(Path(name), int(sys.argv[2]) if len(sys.argv) > 2 else BACKUPS))
