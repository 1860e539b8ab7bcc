"""How late feeds are polled beside a crowd of feeds that come a byte a second.

    python -m tests.bench dripping
    python -m tests.bench.dripping --healthy 80 --dripping 20 --seconds 50

Each feed is a site of its own on loopback, wanted every 10 seconds; a fetch may take 60, as it does by default. All are
due at the start, where none is known to drip yet. Seconds from when a poll was due to its begin and to its end, of all
that were due half a minute after the start or later; then the same without any feed that drips.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench import _feeds
from tests.bench.polling import ROOT
from tests.stories.house import House

MOST = 2.0
"""Seconds after which 99 of 100 polls of healthy feeds have begun."""
EVERY = "10s"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.dripping")
    parser.add_argument("--healthy", type=int, default=800)
    parser.add_argument("--dripping", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=100.0, help="how long the daemon runs")
    wish = parser.parse_args(arguments)
    print(f"{'healthy':>8} {'dripping':>8} {'polls':>7} {'begin p50':>10} {'p99':>7} {'worst':>7} {'end p99':>9}")
    worst = shown(wish.healthy, wish.dripping, wish.seconds)
    shown(wish.healthy, 0, min(wish.seconds, 60.0))
    if worst > MOST:
        print(f"beside feeds that drip a poll in 100 begins more than {MOST:g} s late")
    return 1 if worst > MOST else 0


def shown(healthy: int, dripping: int, seconds: float) -> float:
    """Measure and print a line; the p99 of how late polls of healthy feeds begin."""
    with tempfile.TemporaryDirectory() as folder:
        late = measured(Path(folder), healthy, dripping, seconds)
    begun, ended = (sorted(times) for times in zip(*late, strict=True))
    print(
        f"{healthy:8} {dripping:8} {len(late):7} {_part(begun, 0.5):10.2f} {_part(begun, 0.99):7.2f} {begun[-1]:7.2f}"
        f" {_part(ended, 0.99):9.2f}",
        flush=True,
    )
    return _part(begun, 0.99)


def measured(folder: Path, healthy: int, dripping: int, seconds: float) -> list[tuple[float, float]]:
    """How late each poll of a healthy feed began and ended."""
    house, told = House(folder / "house"), folder / "told.json"
    processors = sorted(os.sched_getaffinity(0))
    with _feeds.serving(processors[-1] if len(processors) > 1 else None) as (port, _):
        slow = [
            {"id": f"d{n}", "url": f"http://{_feeds.address(healthy + n)}:{port}/drip-{n}"} for n in range(dripping)
        ]
        quick = [{"id": f"f{n}", "url": f"http://{_feeds.address(n)}:{port}/small-{n}"} for n in range(healthy)]
        feeds = [{**feed, "interval": EVERY} for feed in slow + quick]
        house.settings(feeds=feeds, poll={"min_interval": EVERY}, fetch={})
        command = [sys.executable, "-m", "tests.bench._late", str(told), str(seconds)]
        command += ["run", "--config", str(house.config)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds + 60, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    polls = [(begun, ended) for feed, begun, ended in json.loads(told.read_text("utf-8")) if feed.startswith("f")]
    return polls or sys.exit("no feed was polled after the first half minute")


def _part(ordered: Sequence[float], share: float) -> float:
    return ordered[int(share * (len(ordered) - 1))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
