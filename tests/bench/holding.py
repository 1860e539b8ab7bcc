"""For how long a poll holds the event loop, which everything else waits for meanwhile.

    python -m tests.bench.holding

Each case is one poll with a real store, from a document that was parsed to items that are saved: huge items, many
rules, many hits, many items. Milliseconds of processor time, of all threads, that passed at most between two turns of
the loop, the least of several polls; and what the whole poll took.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from tests import rulegen
from tests.fakes import Desk, about, watched
from watcher.jobs import Live
from watcher.model import Block, Entry, Hash64, Parsed, Response, Rule
from watcher.ports import Parser
from watcher.rules.compile import compile_rule
from watcher.rules.query import parse
from watcher.rules.ruleset import Ruleset
from watcher.run.threads import OneThread, in_thread
from watcher.store import open_store

GOAL = 50.0
RUNS = 3
HUGE = 256 * 1024
"""Characters that are stored of an item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    name: str
    expressions: Sequence[str]
    entries: Sequence[Entry]


def main() -> int:
    print(f"{'':40}{'held ms':>8} {'poll ms':>8}")
    late = [case.name for case in cases() if shown(case) > GOAL]
    print(*(f"{name}: held for more than {GOAL:g} ms" for name in late) if late else ["all that is promised holds"])
    return 1 if late else 0


def cases() -> Iterator[Case]:
    many = [*rulegen.rules(10_000)]
    common = [f"{word} OR nobodysays{n}" for n, word in enumerate(rulegen.lexicon()[0][:2_000])]
    words = articles(40, 620)
    yield Case(name="1 item of 256 KiB, 10,000 rules", expressions=many, entries=huge(1))
    yield Case(name="5 items of 256 KiB, 10,000 rules", expressions=many, entries=huge(5))
    yield Case(name="1 item of 256 KiB, 2,000 rules that hit", expressions=common, entries=huge(1))
    yield Case(name="40 items of 620 words, 10,000 rules", expressions=many, entries=words)
    yield Case(name="40 items of 620 words, 2,000 that hit", expressions=common, entries=words)
    yield Case(name="3,000 items of 60 words, 10 rules", expressions=many[:10], entries=articles(3_000, 60))


def articles(number: int, words: int) -> list[Entry]:
    return [
        entry(n, item.title, item.text) for n, (item, _) in enumerate(rulegen.articles(number, 10_000, words=words))
    ]


def huge(number: int) -> list[Entry]:
    texts = [item.text for item, _ in rulegen.articles(70 * number, 10_000, words=620)]
    return [entry(n, f"A long report {n}", "\n\n".join(texts[70 * n : 70 * n + 70])[:HUGE]) for n in range(number)]


def entry(number: int, title: str, text: str) -> Entry:
    return Entry(
        hash=Hash64(number + 1),
        guid=f"id-{number}",
        link=f"https://wire.example/{number}",
        title=title,
        blocks=tuple(Block(text=part) for part in text.split("\n\n")),
    )


def shown(case: Case) -> float:
    held, took = zip(*(asyncio.run(measured(case)) for _ in range(RUNS)), strict=True)
    print(f"{case.name:40}{min(held):8.0f} {min(took):8.0f}", flush=True)
    return float(min(held))


class Read:
    """A parser that has parsed."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.parsed = Parsed(format="rss20", hashes=tuple(each.hash for each in entries), entries=tuple(entries))

    async def parse(self, *_: object) -> Parsed:
        return self.parsed


async def measured(case: Case) -> tuple[float, float]:
    """Milliseconds that the loop was held at most, and of the poll."""
    with tempfile.TemporaryDirectory() as folder:
        on_store = OneThread("store")
        store = await on_store(open_store, f"sqlite:///{Path(folder) / 'watcher.db'}")
        feed = watched("wire")
        rules = [about(f"r{n}") for n in range(len(case.expressions))]
        desk = await on_store(lambda: Desk(store, feed, rules=rules, on_store=on_store, on_thread=in_thread))
        desk.jobs.live = live(desk, case, rules)
        gc.collect()
        gc.freeze()  # as the daemon has it, whose rules the collector does not look through again and again
        desk.jobs.parser = cast("Parser", Read(case.entries))
        desk.publish("wire", Response(url=feed.url, body=b"news"))
        (state,) = await on_store(store.claim_feeds, desk.clock.now(), 1, desk.clock.now())
        gaps: list[float] = []
        ticking = asyncio.create_task(tick(gaps))
        await asyncio.sleep(0.05)
        gaps.clear()
        begun = time.process_time()
        saved = await desk.jobs.poll(state)
        took = time.process_time() - begun
        await asyncio.sleep(0)
        ticking.cancel()
        assert not saved.state.error, saved.state.error
        assert len(saved.revisions) == len(case.entries)
        await on_store(store.close)
        on_store.close(10)
        gc.unfreeze()
        return max(gaps) * 1000, took * 1000


def live(desk: Desk, case: Case, rules: Sequence[Rule]) -> Live:
    trees = [parse(told).tree for told in case.expressions]
    made = [compile_rule(rule, tree) for rule, tree in zip(rules, trees, strict=True) if tree]
    return replace(desk.jobs.live, ruleset=Ruleset(made).ready(), rules={rule.id: rule for rule in rules})


async def tick(gaps: list[float]) -> None:
    last = time.process_time()
    while True:
        await asyncio.sleep(0)
        now = time.process_time()
        gaps.append(now - last)
        last = now


if __name__ == "__main__":
    sys.exit(main())
