"""What it costs to start: a healthcheck, a look at the status, and the daemon until it watches a thousand feeds.

    python -m tests.bench starting

Processor seconds of whole processes, the least of some runs, and as a ratio to a Python that does nothing.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.stories.house import WATCHER, House, until

FEEDS, RULES = 1_000, 1_000
RUNS = 7
READY = "watching 1,000 feeds with 1,000 rules"
MOST = {"healthcheck": 0.080, "run, until ready": 2.0}
"""Processor seconds."""
TICK = 100
"""Of a second: what /proc/PID/stat counts in."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = thousand(Path(folder))
        nothing = least([sys.executable, "-c", "pass"], house)
        print(f"{'':20} {'processor s':>11} {'most':>6} {'ratio':>6}")
        costs = {"python -c pass": nothing, "run, until ready": ready(house)}
        config = ("--config", str(house.config))
        costs |= {name: least([*WATCHER, name, *config], house) for name in ("healthcheck", "status", "check")}
    for name, seconds in costs.items():
        most = f"{MOST[name]:6.3f}" if name in MOST else ""
        print(f"{name:20} {seconds:11.3f} {most:>6} {seconds / nothing:6.1f}")
    sys.exit(any(costs[name] > most for name, most in MOST.items()))


def thousand(root: Path, **settings: Any) -> House:
    """A thousand feeds on a port that nobody answers on, a thousand rules, and a terminal to tell."""
    house = House(root)
    feeds = [{"id": f"f{n}", "url": f"http://127.0.0.1:9/f{n}.xml"} for n in range(FEEDS)]
    house.settings(feeds=feeds, poll={}, **settings)
    text = yaml_of(house)
    house.config.write_text(text)
    rules = [f'  - id: r{n}\n    match: (alpha{n} OR beta{n}*) AND "gamma{n} delta"\n' for n in range(RULES)]
    (house.rules / "strikes.yaml").write_text("schema: watch/1\nrules:\n" + "".join(rules))
    return house


def yaml_of(house: House) -> str:
    """The configuration as people write it: a line a key, a line an entry of a long list."""
    whole = json.loads(house.config.read_text())
    lines = []
    for key, value in whole.items():
        if key in {"feeds", "channels"}:
            lines += [f"{key}:", *(f"  - {json.dumps(entry)}" for entry in value)]
        else:
            lines.append(f"{key}: {value if isinstance(value, str) else json.dumps(value)}")
    return "\n".join([*lines, ""])


def least(command: Sequence[str], house: House) -> float:
    return min(spent(command, house) for _ in range(RUNS))


def spent(command: Sequence[str], house: House) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd=house.root, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, 1}:
        sys.exit(done.stderr.decode()[:2000])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ready(house: House) -> float:
    """Processor seconds of the daemon until it says that it watches; the first start makes the database."""
    costs = []
    for _ in range(RUNS):
        with house.daemon() as daemon:
            until(lambda: READY in daemon.err, READY)
            costs.append(processor(daemon.process.pid))
            daemon.stop()
    return min(costs)


def processor(pid: int) -> float:
    """Processor seconds of a process up to now, to the hundredth."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


if __name__ == "__main__":
    main()
