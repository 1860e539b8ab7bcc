"""How long a match takes from the last byte of a feed's answer to the channel, by a real daemon with a thousand rules.

    python -m tests.bench.latency

Both ends are servers of this process: a clock is read when the last byte of a new document was handed to the network,
when the daemon gives the alert to the channel's sender (handed over: that is what MOST is for), and when the channel's
service has it. The same daemon runs twice, with its data on a disk and in memory: the difference is what it waits for
the disk to have it safe (two commits lie between: the poll, the decision; a lease waits for no disk). Milliseconds.

The times hold for a machine that has nothing else to do. On a busy one read what an alert costs: the processor time of
all of the daemon, of the thread that everything meets on, and of each step, which stays the same within some percent.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from tests.servers import Reply, Request, Server, head
from tests.stories.house import House, rss, until

RULES = 1_000
FEEDS = 20
SAMPLES = 600
OLD = 34
"""Entries of each document beside the new one."""
MOST = {50: 25.0, 99: 150.0}
"""Milliseconds until half of the alerts, and 99 of 100, may be handed over."""
IN_MEMORY = Path("/dev/shm")
AFTER = {"save_delivery", "failing_since"}
"""Steps that come when the alert has been sent."""
MARK = re.compile(r"mark\d+x")
TRACED = [sys.executable, "-m", "tests.bench._traced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds of each alert, and what the daemon says of itself (tests.bench._traced)."""

    handed: Sequence[float]
    arrived: Sequence[float]
    steps: Mapping[str, tuple[int, float, float]]
    spent: tuple[float, float]
    parser: float


def main() -> None:
    print(f"{RULES:,} rules, {FEEDS} feeds of {OLD + 1} entries, one of them new in each poll; {SAMPLES} alerts")
    print(f"processors: {os.cpu_count()}, at work before: {os.getloadavg()[0]:.1f}")
    print(f"{'data':8} {'':14} {'p50 ms':>8} {'p90 ms':>8} {'p99 ms':>8} {'worst':>8}")
    with tempfile.TemporaryDirectory() as folder:
        on_disk = shown("disk", measured(Path(folder)))
    in_memory = None
    if IN_MEMORY.is_dir():
        with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
            in_memory = shown("memory", measured(Path(folder)))
    handed = cuts(on_disk.handed)
    if in_memory:
        print(f"waiting for the disk: {handed[50] - cuts(in_memory.handed)[50]:.1f} ms of the p50")
    costs(in_memory or on_disk)
    print(f"processors at work after: {os.getloadavg()[0]:.1f}")
    missed = [f"p{part} is more than {most:g} ms" for part, most in MOST.items() if handed[part] > most]
    if missed:
        sys.exit("; ".join(missed))


def shown(where: str, run: Run) -> Run:
    for what, times in (("handed over", run.handed), ("with the service", run.arrived)):
        print(f"{where:8} {what:14} " + " ".join(f"{ms:8.1f}" for ms in cuts(times).values()), flush=True)
    return run


def cuts(times: Sequence[float]) -> dict[int, float]:
    """Milliseconds that so many of a hundred took at most."""
    found = quantiles(times, n=100, method="inclusive")
    return {part: found[part - 1] * 1000 for part in (50, 90, 99)} | {100: max(times) * 1000}


def costs(run: Run) -> None:
    """What an alert costs, whatever else the machine does; a step's shares are medians."""
    alerts = len(run.handed)
    whole, on_loop = (seconds * 1000 / alerts for seconds in run.spent)
    print(f"processor time of an alert: {whole:.1f} ms, {on_loop:.1f} ms of it on the event loop's thread; ", end="")
    print(f"of the parser's process, its start too: {run.parser * 1000 / alerts:.1f} ms")
    print(f"{'step':18} {'times an alert':>14} {'ms of processor':>16} {'ms waited':>10}")
    for name, (count, wall, busy) in run.steps.items():
        said = f"{busy * 1000:16.2f}" if busy else " " * 16
        print(f"{name:18} {count / alerts:14.1f} {said} {wall * 1000:10.2f}{'  afterwards' if name in AFTER else ''}")


def measured(folder: Path) -> Run:
    house = House(folder / "house")
    house.rule("many", "strike")
    for number in range(RULES - 1):
        house.rule(f"r{number}", f"word{number} AND (other{number} OR third{number})")
    trace = folder / "trace.json"
    with Server() as server:
        desk = Desk(server)
        feeds = [{"id": f"f{n}", "url": server.url(f"/feed/{n}"), "baseline": "alert"} for n in range(FEEDS)]
        channel = {"name": "hook", "url": f"webhook://127.0.0.1:{server.port}/hook", "pace": "0.001s", "cap": 100_000}
        house.settings(feeds=feeds, channels=[channel])
        with house.daemon(by=[*TRACED, str(trace)]) as daemon:
            until(lambda: len(desk.arrived) >= SAMPLES or daemon.process.poll() is not None, "alerts", 300)
            daemon.stop()
            if not trace.exists():
                sys.exit(f"the daemon ended: {daemon.err}")
    told: dict[str, Any] = json.loads(trace.read_text("utf-8"))
    marks = [mark for mark in desk.arrived if mark in told["handed"]]
    return Run(
        handed=[told["handed"][mark] - desk.sent[mark] for mark in marks],
        arrived=[desk.arrived[mark] - desk.sent[mark] for mark in marks],
        steps=told["steps"],
        spent=told["spent"],
        parser=told["parser"],
    )


class Desk:
    """A publisher with a new entry at each poll, and the receiver that is told of it; when, by the entry's mark."""

    def __init__(self, server: Server) -> None:
        self.sent: dict[str, float] = {}
        self.arrived: dict[str, float] = {}
        self._polls = 0
        server["/hook"] = self._received
        for number in range(FEEDS):
            server[f"/feed/{number}"] = self._feed(number)

    def _feed(self, number: int) -> Reply:
        async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
            self._polls += 1
            mark = f"mark{self._polls}x"
            old = [(f"{number}-{n}", f"Nothing of note, part {n} of feed {number}") for n in range(OLD)]
            body = rss([(mark, f"A strike was reported, {mark}"), *old])
            writer.write(head(200, {"Content-Type": "application/rss+xml", "Content-Length": str(len(body))}) + body)
            await writer.drain()
            if self._polls > FEEDS:  # what comes first meets a daemon that has just started
                self.sent[mark] = time.perf_counter()

        return reply

    async def _received(self, request: Request, writer: asyncio.StreamWriter) -> None:
        now = time.perf_counter()
        self.arrived.update((mark, now) for mark in set(MARK.findall(request.body.decode())) & self.sent.keys())
        writer.write(head(200, {"Content-Length": "2"}) + b"ok")


if __name__ == "__main__":
    main()
