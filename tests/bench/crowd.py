"""What a daemon of 10,000 feeds takes that are polled every 15 minutes and hardly ever have anything new.

    python -m tests.bench.crowd
    python -m tests.bench.crowd --feeds 1000 --seconds 30

Each feed is a site of its own on loopback (tests.bench._feeds), was polled before and answers 304. All fall due within
the 15 minutes after the start, so there are 11 polls a second. Then the same with nothing due. Shares are of a core,
of the daemon alone, over the seconds after the first ones; memory is its RSS, at the beginning of these and at the end.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.bench import _feeds
from tests.bench._process import of, processor, switches
from tests.bench.starting import yaml_of
from tests.stories.house import House, until

EVERY = 900.0
MOST_IDLE = 0.01
"""Of a core."""
FIRST = 15.0
"""Seconds that count for nothing: what starting sets off."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.crowd")
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=90.0)
    wish = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, _feeds.serving() as (port, _):
        house = crowded(Path(folder), wish.feeds, port)
        print(
            f"{'':24}{'of a core':>10}{'polls/s':>9}{'ms a poll':>10}{'turns/s':>9}{'MB then':>9}{'now':>7}{'fds':>6}"
        )
        busy = shown("polled every 15 minutes", house, wish.seconds, first=0.0)
        idle = shown("nothing due", house, wish.seconds, first=86_400.0)
    print(f"at most {MOST_IDLE:.0%} of a core with nothing due: {'holds' if idle <= MOST_IDLE else 'missed'}")
    return int(idle > MOST_IDLE or busy > 1)


def crowded(root: Path, count: int, port: int) -> House:
    """A house whose feeds the database knows from its first start."""
    house = House(root)
    feeds = [{"id": f"f{n}", "url": _feeds.url(n, port), "interval": "15m"} for n in range(count)]
    house.settings(feeds=feeds, poll={}, fetch={})
    house.config.write_text(yaml_of(house))
    with house.daemon() as daemon:
        until(lambda: "watching" in daemon.err, "the first start", timeout=120)
        daemon.stop()
    return house


def polled_before(database: Path, first: float) -> None:
    """Each feed has been polled and falls due within EVERY, beginning in so many seconds."""
    with closing(sqlite3.connect(database)) as base, base:
        base.execute(
            "UPDATE feeds SET etag = '\"' || substr(id, 2) || '-0\"', baselined = 1, lease_until = NULL, failures = 0,"
            " error = NULL, polls = 1, polled_at = :now, good_at = :now,"
            " next_at = :now + CAST((:first + :every * (pk % 9973) / 9973.0) * 1e6 AS INTEGER)",
            {"now": time.time_ns() // 1000, "every": EVERY, "first": first},
        )


def shown(name: str, house: House, seconds: float, first: float) -> float:
    """Measure and print a line; the share of a core."""
    polled_before(house.root / "var" / "watcher.db", first)
    with house.daemon() as daemon:
        until(lambda: "watching" in daemon.err, "the daemon", timeout=120)
        time.sleep(FIRST)
        pid = daemon.process.pid
        before, turns, memory, polls = processor(pid), switches(pid), of(pid, "Rss"), _polls(house)
        time.sleep(seconds)
        spent, turns, polls = processor(pid) - before, switches(pid) - turns, _polls(house) - polls
        handles = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        print(
            f"{name:24}{spent / seconds:10.2%}{polls / seconds:9.1f}{spent * 1e3 / max(1, polls):10.2f}"
            f"{turns / seconds:9.0f}{memory:9.1f}{of(pid, 'Rss'):7.1f}{handles:6}",
            flush=True,
        )
        daemon.stop()
    return spent / seconds


def _polls(house: House) -> int:
    return int(house.asked("SELECT sum(polls) FROM feeds")[0][0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
