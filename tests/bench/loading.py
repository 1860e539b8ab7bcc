"""What reading rules costs: `watcher check` from its start, and a reload of one edited rule while polls go on.

    python -m tests.bench.loading [--all] [--write]

The rules are made up, of a realistic size: about ten terms, most with vocabulary, one in five a plain list, a hundred a
file. Times are the least of some runs, in processor seconds and beside what plain YAML reading of the same files
costs. A reload is measured twice: as a whole by the clock, with the longest time in which the event loop did not get
its turn; and step by step on one thread, from the edited file as it was read to the rules that are live, and to the
store that knows of them. --all has a reload among 100,000 rules as well.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import NoReturn

import yaml

from tests.bench._report import Report, Table
from tests.fakes import Desk
from watcher.app.parts import make_live
from watcher.config import Settings
from watcher.config.files import Files
from watcher.config.rulefiles import RuleFiles, checked_rules
from watcher.ports import Store
from watcher.rules import Library
from watcher.rules.frequencies import NOTHING_COUNTED
from watcher.rules.renew import Renewal, renewed
from watcher.run.reload import Reloader, sync
from watcher.run.threads import OneThread, in_thread
from watcher.store import open_store

RUNS = 5
MOST = {1_000: 1.2, 10_000: 6.0}
"""Processor seconds that `watcher check` of so many rules may take."""
RELOAD, HOLD = 1.0, 0.050
"""Seconds that a reload of one rule among ten thousand may take, and for which it may hold the event loop."""
LIVE = 5.0
"""Milliseconds from a file that was read to its one changed rule being live."""

WORDS = ["".join(parts) for parts in product(("bor", "tan", "kel", "mi"), ("ra", "len", "do", "si"), ("n", "th", "ka"))]
NAMES = [f"group{n}" for n in range(60)]
CHECKED = {"rules": ",", "MB": ".1f", "plain YAML s": ".2f", "check s": ".2f", "times": ".1f"}
RELOADED = {"rules": ",", "start": "", "seconds": ".2f", "hold ms": ".0f", "processor s": ".2f"}
STEPS = {"rules": ",", "read ms": ".1f", "renewed ms": ".2f", "live ms": ".2f", "in all ms": ".2f", "store ms": ".2f"}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.loading")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--write", action="store_true")
    wish = parser.parse_args(arguments)
    report = Report("loading", write=wish.write)
    counts = (1_000, 10_000, *([100_000] if wish.all else []))
    with tempfile.TemporaryDirectory() as folder:
        roots = {count: Path(folder, str(count)) for count in counts}
        for count, root in roots.items():
            write(root, count)
        table = report.table("check", "`watcher check`", CHECKED, judged="check s")
        for count, most in MOST.items():
            checked_line(table, roots[count], count, most)
        table = report.table("reload", "A reload of one added rule", RELOADED)
        for count in counts[1:]:
            for start in ("cold", "kept"):
                asyncio.run(reload(report, table, roots[count], start))
        table = report.table("edit", "One edited rule, step by step", STEPS, judged="in all ms")
        for count in counts[1:]:
            stepped(table, roots[count])
    return report.end()


def checked_line(table: Table, root: Path, rules: int, most: float) -> None:
    paths = sorted((root / "rules").glob("*.yaml"))
    size = sum(path.stat().st_size for path in paths) / 1e6
    plain = min(spent(lambda: [yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in paths]) for _ in range(RUNS))
    check = min(checked(root) for _ in range(RUNS))
    table.add(rules, size, plain, check, check / plain, most=most)


def write(root: Path, rules: int) -> None:
    """A house with so many rules in files of a hundred, all of which use one vocabulary."""
    (root / "rules").mkdir(parents=True)
    write_rules(root / "rules", rules)
    config = {"data": "var", "rules": ["rules"], "feeds": [{"url": "https://a.example/feed"}]}
    channels = [{"name": "console", "url": "console://"}]
    (root / "watcher.yaml").write_text(json.dumps(config | {"channels": channels}))


def write_rules(folder: Path, rules: int) -> None:
    """The rules alone."""
    chance = random.Random(20260301)
    vocab = [f"  {name}: {{auto: true, match: '{' OR '.join(chance.sample(WORDS, 5))}'}}" for name in NAMES]
    (folder / "words.yaml").write_text("\n".join(["vocab:", *vocab, ""]))
    for start in range(0, rules, 100):
        text = "\n".join(["use: [words.yaml]", "rules:", *(rule(n, chance) for n in range(start, start + 100)), ""])
        (folder / f"{start:06}.yaml").write_text(text)


def rule(number: int, chance: random.Random) -> str:
    a, b, c, d, e, f = chance.sample(WORDS, 6)
    first, second = chance.sample(NAMES, 2)
    head = f"  - id: rule-{number}\n    title: What {a} does to {b}, number {number}\n    severity: high\n"
    if number % 5:
        lines = [f'({first} OR "{a} {b}") AND (@{second} OR {c} OR {d}*)', f"AND NOT ({e} NEAR/5 {f})"]
        return head + "\n      ".join(["    match: |", *lines])
    lines = ["all:", f"  - [{first}, {a}, {b} {c}]", f"  - [{d}, {e}]", "within: sentence", f"none: [{f}, {second}]"]
    return head + "\n".join(f"    {line}" for line in lines)


def checked(root: Path) -> float:
    """Processor seconds of `watcher check` in a process of its own, from start to end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "watcher", "check", "--config", str(root / "watcher.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stderr[:2000])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def spent(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began


@contextmanager
def stored(root: Path, name: str) -> Iterator[Store]:
    store = open_store(f"sqlite:///{root / name}.db")
    try:
        yield store
    finally:
        store.close()


async def reload(report: Report, table: Table, root: Path, start: str) -> None:
    """Rules added to one file among all, taken over by a reloader beside a loop that measures how late it is called."""
    (root / "var").mkdir(exist_ok=True)
    with stored(root, start) as store:
        files = Files(root / "watcher.yaml", os.environ, learn=lambda _: None, open_outlets=lambda _: ())
        plan = files.first()
        assert bool(files.not_kept) is (start == "cold")
        thread = OneThread("store")
        desk = Desk(store, on_thread=in_thread)
        desk.jobs.on_store = thread
        desk.jobs.live = make_live(plan)
        sync(store, plan, None, desk.clock.now(), random.random)
        reloader = Reloader(desk.jobs, files, plan, make_live=make_live, make_fetcher=none, make_parser=none)
        await reloader.look()
        edited = max((root / "rules").glob("0*.yaml"))
        as_it_was, costs = edited.read_text(), []
        for number in range(RUNS):
            edited.write_text(edited.read_text() + rule(1_000_000 + number, random.Random(number)) + "\n")
            lag = asyncio.create_task(longest_hold())
            began, cpu = time.monotonic(), time.process_time()
            assert await reloader.look()
            took, cpu = time.monotonic() - began - 0.25, time.process_time() - cpu
            lag.cancel()
            costs.append((took, await lag, cpu))
        edited.write_text(as_it_was)
        took, hold, cpu = map(min, zip(*costs, strict=True))
        count = len(plan.renewal.live)
        table.add(count, start, took, hold * 1000, cpu)
        if count <= 10_000:
            report.goal(f"reload among {count:,} after a {start} start, s", took, most=RELOAD)
            report.goal(f"its hold of the loop, the longest of {RUNS}, s", max(c[1] for c in costs), most=HOLD)
        files.keep()
        gc.collect()
        thread.close(1)


def stepped(table: Table, root: Path) -> None:
    """What a reload does after one another, without its threads; the last column is beside the goal."""
    library = Library(NOTHING_COUNTED)
    files = RuleFiles(library)
    first = Files(root / "watcher.yaml", os.environ, learn=lambda _: None, open_outlets=lambda _: ()).first()
    plan, now = replace(first, renewal=read(files, first.settings, library, None)), datetime.now(UTC)
    live = make_live(plan)
    edited = max((root / "rules").glob("0*.yaml"))
    costs = []
    with stored(root, "steps") as store:
        sync(store, plan, None, now, random.random)
        for number in range(RUNS + 2):
            edited.write_text(edited.read_text().replace("severity: high", f"throttle: {number + 1}m", 1))
            began = time.perf_counter()
            sources, _ = files.read(plan.settings.rules)
            loaded = checked_rules(sources, plan.settings, library)
            was_read = time.perf_counter()
            after = replace(plan, renewal=renewed(plan.renewal, loaded))
            was_renewed = time.perf_counter()
            live = make_live(after, live)
            was_live = time.perf_counter()
            assert len(after.renewal.changed) == len(after.renewal.touched) == 1
            sync(store, after, plan, now, random.random)
            took = (was_read - began, was_renewed - was_read, was_live - was_renewed, was_live - was_read)
            costs.append([each * 1000 for each in (*took, time.perf_counter() - was_live)])
            plan = after
            edited.write_text(edited.read_text().replace(f"throttle: {number + 1}m", "severity: high", 1))
            plan = replace(plan, renewal=read(files, plan.settings, library, plan.renewal))
            live = make_live(plan, live)
            sync(store, plan, after, now, random.random)
    table.add(len(plan.renewal.live), *map(min, zip(*costs, strict=True)), most=LIVE)


def read(files: RuleFiles, settings: Settings, library: Library, before: Renewal | None) -> Renewal:
    sources, _ = files.read(settings.rules)
    return renewed(before, checked_rules(sources, settings, library))


async def longest_hold() -> float:
    """The longest time past a millisecond between two turns of the loop, until cancelled."""
    worst = 0.0
    try:
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.001)
            worst = max(worst, time.monotonic() - began - 0.001)
    except asyncio.CancelledError:
        return worst


def none(_: Settings) -> NoReturn:
    raise AssertionError("nothing of the configuration changes here")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
