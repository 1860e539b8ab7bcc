"""Where the time goes: what each stage of a poll costs, and what comes of a match afterwards.

    python -m tests.bench.life [--write]

The jobs as they are, over a store on a disk, with 10,000 rules of tests/rulegen.py and one that every item matches; the
feeds are those of tests/bench/_feeds.py, 35 items of 3 KB. The parser runs in this process and the documents come from
memory: what the network and the parser's process add is seen in `polling`. Milliseconds of processor time a poll; an
item that is told is decided about and sent on a channel that costs nothing: `channels` has those that do.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from tests.bench import _feeds
from tests.bench._report import FIGURES, Report
from tests.fakes import Desk, about, watched
from tests.items import rule
from tests.rulegen import rules
from watcher.model import ChannelName
from watcher.rules import query
from watcher.rules.compile import compile_rule
from watcher.rules.ruleset import Ruleset
from watcher.store import open_store

FEEDS, RULES = 30, 10_000
CHANNEL = ChannelName("console")
STAGES = {
    "fetch": "fetch",
    "parse": "parse",
    "normalise, known?": "recognise",
    "match": "hits",
    "sketches": "sketched",
    "stories": "in_stories",
    "save": "save_poll",
}


@dataclass(slots=True)
class Clocks:
    """Processor seconds of calls by their names, each without those within it."""

    spent: dict[str, float] = field(default_factory=dict)
    _within: list[float] = field(default_factory=lambda: [0.0])

    def around(self, owner: Any, name: str) -> None:
        """Put a clock around a method of an object."""
        call = getattr(owner, name)

        async def waited(*arguments: Any, **more: Any) -> Any:
            begun = self._begin()
            try:
                return await call(*arguments, **more)
            finally:
                self._end(name, begun)

        def called(*arguments: Any, **more: Any) -> Any:
            begun = self._begin()
            try:
                return call(*arguments, **more)
            finally:
                self._end(name, begun)

        object.__setattr__(owner, name, waited if iscoroutinefunction(call) else called)

    def _begin(self) -> float:
        self._within.append(0.0)
        return time.process_time()

    def _end(self, name: str, begun: float) -> None:
        whole = time.process_time() - begun
        self.spent[name] = self.spent.get(name, 0.0) + whole - self._within.pop()
        self._within[-1] += whole


async def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.life")
    parser.add_argument("--write", action="store_true", help=f"keep the table in {FIGURES.name}")
    report = Report("life", write=parser.parse_args(arguments).write)
    with tempfile.TemporaryDirectory() as folder:
        desk, clocks = house(Path(folder) / "watcher.db")
        await polled(desk, clocks, 0)  # caches fill
        columns = {
            "first poll": await polled(desk, clocks, 0, fresh=True),
            "nothing new": await polled(desk, clocks, 0),
            "1 new of 35": await polled(desk, clocks, 1),
        }
        table = report.table(
            "poll", "A poll by stages, ms", {"stage": "", **dict.fromkeys(columns, ".2f"), "share": ".0%"}
        )
        whole = sum(columns["1 new of 35"].values())
        for stage, name in {**STAGES, "the rest": ""}.items():
            new = columns["1 new of 35"].get(name, 0.0)
            table.add(stage, *(column.get(name, 0.0) for column in columns.values()), new / whole)
        table.add("all", *(sum(column.values()) for column in columns.values()), 1.0)
        told = report.table("told", "What comes of a match, ms of an alert", {"stage": "", "ms": ".2f"})
        for stage, seconds in (await afterwards(desk)).items():
            told.add(stage, seconds)
        desk.store.close()
    return report.end()


def house(path: Path) -> tuple[Desk, Clocks]:
    """Twice the feeds: one half is polled before anything is measured."""
    feeds = [watched(f"feed{n}") for n in range(2 * FEEDS)]
    desk, clocks = Desk(open_store(f"sqlite:///{path}"), *feeds, rules=[about("water")]), Clocks()
    parsed = (query.parse(text).tree for text in rules(RULES))
    many = [compile_rule(rule(f"r{n}"), tree) for n, tree in enumerate(parsed) if tree is not None]
    live = desk.jobs.live
    desk.jobs.live = replace(live, ruleset=Ruleset([*live.ruleset.rules, *many]).ready())
    jobs = desk.jobs
    for owner, names in (
        (jobs, ("recognise", "hits", "sketched", "in_stories")),
        (jobs.fetcher, ("fetch",)),
        (jobs.parser, ("parse",)),
        (jobs.store, ("save_poll",)),
    ):
        for name in names:
            clocks.around(owner, name)
    return desk, clocks


async def polled(desk: Desk, clocks: Clocks, new: int, *, fresh: bool = False) -> dict[str, float]:
    """Milliseconds of a poll by the methods that took them; `fresh`: of the other half of the feeds."""
    half = range(FEEDS, 2 * FEEDS) if fresh else range(FEEDS)
    for n in half:
        desk.publish(f"feed{n}", _feeds.document(n, new).replace(b"@@@@@@", b"%06d" % n))
    desk.clock.advance(24 * 3600)
    states = {state.feed.id: state for state in desk.store.feeds()}
    clocks.spent.clear()
    begun = time.process_time()
    for n in half:
        await desk.jobs.poll(states[watched(f"feed{n}").id])
    spent = {name: seconds * 1e3 / FEEDS for name, seconds in clocks.spent.items()}
    whole = (time.process_time() - begun) * 1e3 / FEEDS
    return {**spent, "": whole - sum(spent.values())}


async def afterwards(desk: Desk) -> dict[str, float]:
    """Milliseconds of an alert."""
    decided = await spent(lambda: desk.jobs.alert(CHANNEL))
    before, sending = len(desk[CHANNEL].accepted), time.process_time()
    while await desk.jobs.deliver(CHANNEL):
        pass
    alerts = len(desk[CHANNEL].accepted) - before
    return {"decide": decided * 1e3 / alerts, "send": (time.process_time() - sending) * 1e3 / alerts}


async def spent(work: Callable[[], Awaitable[object]]) -> float:
    begun = time.process_time()
    await work()
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
