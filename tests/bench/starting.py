"""What it costs to start: a healthcheck, a look at the status, and the daemon until it watches by thousands of rules.

    python -m tests.bench.starting [--write]

Processor seconds of whole processes, the least of some runs, and as a ratio to a Python that does nothing. Rules of
three terms, and such as people write (tests.bench.loading): ten terms, most with vocabulary, a hundred a file. Cold is
without what the last start has kept of the rules. Memory is that of the daemon as it is ready (PSS).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench import loading
from tests.bench._process import of, processor
from tests.bench._report import Report
from tests.stories.house import WATCHER, House, until

RUNS = 5
COUNTS = (1_000, 10_000)
COLD, KEPT, HEALTHCHECK = 5.0, 2.0, 0.080
"""Processor seconds, of the daemon with as many feeds and rules as here at most."""
TIMES = {"cold s": ".2f", "kept s": ".2f", "cold MB": ".0f", "kept MB": ".0f"}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.starting")
    parser.add_argument("--write", action="store_true")
    report = Report("starting", write=parser.parse_args(arguments).write)
    table = report.table("daemon", "The daemon until it is ready", {"feeds": ",", "rules": ",", "terms": "", **TIMES})
    for count in COUNTS:
        for terms in ("three", "ten"):
            with tempfile.TemporaryDirectory() as folder:
                house = housed(Path(folder), count, count, written=terms == "ten")
                cold, cold_memory = ready(house, count, kept=False)
                kept, kept_memory = ready(house, count, kept=True)
            table.add(count, count, terms, cold, kept, cold_memory, kept_memory)
            if count == max(COUNTS):
                report.goal(f"cold, rules of {terms} terms, s", cold, most=COLD)
                report.goal(f"kept, rules of {terms} terms, s", kept, most=KEPT)
    with tempfile.TemporaryDirectory() as folder:
        house = housed(Path(folder), 1_000, 1_000)
        ready(house, 1_000, kept=True)
        commands(report, house)
    return report.end()


def commands(report: Report, house: House) -> None:
    nothing = least([sys.executable, "-c", "pass"], house)
    table = report.table("commands", "Commands with 1,000 feeds and rules", {"command": "", "s": ".3f", "ratio": ".1f"})
    table.add("python -c pass", nothing, 1.0)
    for name in ("healthcheck", "status", "check"):
        seconds = least([*WATCHER, name, "--config", str(house.config)], house)
        table.add(name, seconds, seconds / nothing)
        if name == "healthcheck":
            report.goal("healthcheck, s", seconds, most=HEALTHCHECK)


def housed(root: Path, feeds: int = 1_000, rules: int = 1_000, *, written: bool = False, **settings: Any) -> House:
    """So many feeds on a port that nobody answers on, so many rules, and a terminal to tell; `written` as people do."""
    house = House(root)
    entries = [{"id": f"f{n}", "url": f"http://127.0.0.1:9/f{n}.xml"} for n in range(feeds)]
    house.settings(feeds=entries, poll={}, **settings)
    text = yaml_of(house)
    house.config.write_text(text)
    (house.rules / "strikes.yaml").unlink()
    if written:
        loading.write_rules(house.rules, rules)
        return house
    for start in range(0, rules, 100):
        three = [
            f'  - id: r{n}\n    match: (alpha{n} OR beta{n}*) AND "gamma{n} delta"\n'
            for n in range(start, min(start + 100, rules))
        ]
        (house.rules / f"{start:06}.yaml").write_text("schema: watch/1\nrules:\n" + "".join(three))
    return house


def watching(feeds: int, rules: int) -> str:
    """What the daemon says when it is ready."""
    return f"watching {feeds:,} feeds with {rules:,} rules"


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


def ready(house: House, count: int, *, kept: bool) -> tuple[float, float]:
    """Processor seconds of the daemon until it says that it watches, and MB; the first start makes the database."""
    said, cache = watching(count, count), house.root / "var" / "rules.cache"
    costs = []
    for _ in range(RUNS):
        if not kept:
            cache.unlink(missing_ok=True)
        with house.daemon(by=[*WATCHER]) as daemon:  # not forked off one that has loaded everything
            until(lambda: said in daemon.err, said)
            costs.append((processor(daemon.process.pid), of(daemon.process.pid, "Pss")))
            until(cache.exists, "the rules kept")
            daemon.stop()
    return min(seconds for seconds, _ in costs), min(memory for _, memory in costs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
