"""How long a match takes from the last byte of a feed's answer to the channel, by a real daemon with a thousand rules.

    python -m tests.bench.latency

Both ends are servers of this process: a clock is read when the last byte of a new document was handed to the network,
and again when the channel's service has the alert in hand, so the time that sending itself takes is counted too. The
same daemon runs twice, with its data on a disk and in memory: the difference is what it waits for the disk to have it
safe (three commits lie between: the poll, the decision, the claim). Milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from tests.servers import Reply, Request, Server, head
from tests.stories.house import House, rss, until

RULES = 1_000
FEEDS = 20
SAMPLES = 600
OLD = 34
"""Entries of each document beside the new one."""
MOST = {50: 25.0, 99: 150.0}
"""Milliseconds that half of the alerts, and 99 of 100, may take."""
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, if there is one


def main() -> None:
    print(f"{RULES:,} rules, {FEEDS} feeds of {OLD + 1} entries, one of them new in each poll; {SAMPLES} alerts")
    print(f"{'data':8} {'p50 ms':>8} {'p90 ms':>8} {'p99 ms':>8} {'worst':>8}")
    with tempfile.TemporaryDirectory() as folder:
        on_disk = line("disk", Path(folder))
    if IN_MEMORY.is_dir():
        with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
            in_memory = line("memory", Path(folder))
        print(f"waiting for the disk: {on_disk[50] - in_memory[50]:.1f} ms of the p50")
    missed = [f"p{part} is more than {most:g} ms" for part, most in MOST.items() if on_disk[part] > most]
    if missed:
        sys.exit("; ".join(missed))


def line(where: str, folder: Path) -> dict[int, float]:
    times = measured(folder)
    cuts = quantiles(times, n=100, method="inclusive")
    found = {part: cuts[part - 1] for part in (50, 90, 99)}
    print(f"{where:8} {found[50]:8.1f} {found[90]:8.1f} {found[99]:8.1f} {max(times):8.1f}", flush=True)
    return found


def measured(folder: Path) -> Sequence[float]:
    """Milliseconds of each alert, in the order they came."""
    house = House(folder / "house")
    house.rule("many", "strike")
    for number in range(RULES - 1):
        house.rule(f"r{number}", f"word{number} AND (other{number} OR third{number})")
    with Server() as server:
        desk = Desk(server)
        feeds = [{"id": f"f{n}", "url": server.url(f"/feed/{n}"), "baseline": "alert"} for n in range(FEEDS)]
        channel = {"name": "hook", "url": f"json://127.0.0.1:{server.port}/hook", "pace": "0.001s", "cap": 100_000}
        house.settings(feeds=feeds, channels=[channel])
        with house.daemon() as daemon:
            until(lambda: len(desk.times) >= SAMPLES or daemon.process.poll() is not None, "alerts", 300)
            if daemon.process.poll() is not None:
                sys.exit(f"the daemon ended: {daemon.err}")
    return list(desk.times)[:SAMPLES]


class Desk:
    """A publisher with a new entry at each poll, and the receiver that is told of it."""

    def __init__(self, server: Server) -> None:
        self.times: list[float] = []
        self._sent: dict[str, float] = {}
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
                self._sent[mark] = time.perf_counter()

        return reply

    async def _received(self, request: Request, writer: asyncio.StreamWriter) -> None:
        now = time.perf_counter()
        text = json.dumps(json.loads(request.body))
        for mark in [mark for mark in self._sent if mark in text]:
            self.times.append((now - self._sent.pop(mark)) * 1000)
        writer.write(head(200, {"Content-Length": "2"}) + b"ok")


if __name__ == "__main__":
    main()
