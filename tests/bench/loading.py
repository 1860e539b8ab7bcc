"""What reading rules costs: `watcher check` from its start, and a reload of one edited rule while polls go on.

    python -m tests.bench.loading

The rules are made up, of a realistic size: about ten terms, most with vocabulary, one in five a plain list. Times are
the least of some runs, in processor seconds and beside what plain YAML reading of the same files costs; the hold is the
longest time in which the event loop did not get its turn, with its share of a machine that does nothing else.
"""

from __future__ import annotations

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
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import NoReturn

import yaml

from tests.fakes import Desk
from watcher.app.parts import make_live
from watcher.config import Settings
from watcher.config.files import Files, Plan
from watcher.jobs import Live
from watcher.run.reload import Reloader, sync
from watcher.run.threads import OneThread, in_thread
from watcher.store import open_store

RUNS = 3
MOST = {1_000: 1.2, 10_000: 6.0}
"""Processor seconds that `watcher check` of so many rules may take."""
RELOAD, HOLD = 1.0, 0.050
"""Seconds that a reload of one rule among ten thousand may take, and for which it may hold the event loop."""

WORDS = ["".join(parts) for parts in product(("bor", "tan", "kel", "mi"), ("ra", "len", "do", "si"), ("n", "th", "ka"))]
NAMES = [f"group{n}" for n in range(60)]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'rules':>7} {'files':>5} {'MB':>5} {'plain YAML s':>12} {'check s':>8} {'most':>5} {'ratio':>6}")
        for rules, most in MOST.items():
            line(Path(folder, str(rules)), rules, most)
        asyncio.run(reload(Path(folder, str(max(MOST)))))
    sys.exit(1 if missed else 0)


missed: list[str] = []


def line(root: Path, rules: int, most: float) -> None:
    write(root, rules)
    paths = sorted((root / "rules").glob("*.yaml"))
    size = sum(path.stat().st_size for path in paths) / 1e6
    plain = min(spent(lambda: [yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in paths]) for _ in range(RUNS))
    check = min(checked(root) for _ in range(RUNS))
    row = f"{rules:7,} {len(paths):5} {size:5.1f} {plain:12.2f} {check:8.2f} {most:5.1f} {check / plain:6.1f}"
    print(row, flush=True)
    if check > most:
        missed.append(f"check of {rules}")


def write(root: Path, rules: int) -> None:
    """A house with so many rules in files of a hundred, all of which use one vocabulary."""
    (root / "rules").mkdir(parents=True)
    config = {"data": "var", "rules": ["rules"], "feeds": [{"url": "https://a.example/feed"}]}
    channels = [{"name": "console", "url": "console://"}]
    (root / "watcher.yaml").write_text(json.dumps(config | {"channels": channels}))
    chance = random.Random(20260301)
    vocab = [f"  {name}: {{auto: true, match: '{' OR '.join(chance.sample(WORDS, 5))}'}}" for name in NAMES]
    (root / "rules" / "words.yaml").write_text("\n".join(["vocab:", *vocab, ""]))
    for start in range(0, rules, 100):
        text = "\n".join(["use: [words.yaml]", "rules:", *(rule(n, chance) for n in range(start, start + 100)), ""])
        (root / "rules" / f"{start:05}.yaml").write_text(text)


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


async def reload(root: Path) -> None:
    """Edits of one rule among all, each taken over by a reloader beside a loop that measures how late it is called."""
    store = open_store(f"sqlite:///{root / 'watcher.db'}")
    files = Files(root / "watcher.yaml", os.environ, learn=lambda _: None, open_outlets=lambda _: ())
    plan = files.first()
    thread = OneThread("store")
    desk = Desk(store, on_thread=in_thread)
    desk.jobs.on_store = thread
    desk.jobs.live = live(plan)
    sync(store, plan, None, desk.clock.now(), random.random)
    reloader = Reloader(desk.jobs, files, plan, make_live=live, make_fetcher=none, make_parser=none)
    await reloader.look()
    edited = max((root / "rules").glob("0*.yaml"))
    print(f"\n{'reload of 1 rule among':>22} {'seconds':>9} {'most':>5} {'hold ms':>8} {'most':>5} {'processor s':>11}")
    for number in range(RUNS):
        edited.write_text(edited.read_text() + rule(100_000 + number, random.Random(number)) + "\n")
        lag = asyncio.create_task(longest_hold())
        began, cpu = time.monotonic(), time.process_time()
        assert await reloader.look()
        took, cpu = time.monotonic() - began - 0.25, time.process_time() - cpu
        lag.cancel()
        hold = await lag
        count = len(reloader.plan.renewal.rules)
        print(f"{count:22,} {took:9.2f} {RELOAD:5.1f} {hold * 1000:8.1f} {HOLD * 1000:5.0f} {cpu:11.2f}", flush=True)
        missed.extend(["reload"] * (took > RELOAD) + ["hold"] * (hold > HOLD))
    gc.collect()
    thread.close(1)
    store.close()


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


def live(plan: Plan, before: Live | None = None) -> Live:
    return make_live(plan, before)


def none(_: Settings) -> NoReturn:
    raise AssertionError("nothing of the configuration changes here")


if __name__ == "__main__":
    main()
