"""What a machine holds: what polls, items, feeds and rules take, and from that cores, memory and disk for a household.

    python -m tests.bench.sizing [--write]

Measured here, on a real daemon: processor time of an unchanged poll and of one with a new item (as `polling` does, with
fewer feeds), memory with few and with many feeds and rules, the database with few and with many items. What matching
costs more with more rules is what `match --write` has kept. The formula is FORMULA below; the rest is arithmetic.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from tests.bench import _feeds, polling
from tests.bench._process import family, of
from tests.bench._report import FIGURES, Report, Table, known
from tests.rulegen import START, articles, rules
from tests.stories.house import SEEDS, House, until
from watcher.model import FeedState, PollSaved, Revision
from watcher.store import open_store
from watcher.story import sketch_of, story_of

FORMULA = """
daemon cores   feeds x (polls a day x UNCHANGED + items a day x (NEW - UNCHANGED + MATCH(rules) - MATCH(10))) / 86,400
parser cores   the same with the parser's share of UNCHANGED and NEW, without MATCH
memory         BASE + feeds x FEED + rules x RULE
disk           feeds x items a day x ITEM, for each of the days that texts are kept
""".strip()
ITEMS_A_DAY, DAY = 20, 86_400
"""Of a feed, each with about 620 words, one new at a time; every second publisher answers 304."""
POLLED = 200
FEW, MANY = 100, 10_000
STORED = (500, 2_500)
HOUSES = (
    (100, 15, 100),
    (1_000, 15, 1_000),
    (1_000, 1, 1_000),
    (10_000, 15, 10_000),
    (10_000, 5, 10_000),
    (10_000, 15, 100_000),
    (30_000, 15, 10_000),
    (30_000, 30, 100_000),
)
"""Feeds, minutes between polls, rules."""
KEPT = 180
"""Days that texts are kept."""
CORE, MEMORY, DISK = 0.7, 4_000, 1_000
"""What a machine is taken to have: of a core for the daemon, so that bursts find room, and of another for its parser;
MB of memory; GB of disk."""
COLUMNS = {
    "feeds": ",",
    "minutes": ",",
    "rules": ",",
    "items a day": ",",
    "daemon, cores": ".3f",
    "parser, cores": ".3f",
    "MB": ",.0f",
    "GB a month": ",.1f",
    "GB in all": ",.0f",
    "of a machine": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Seconds (daemon, parser), MB and bytes."""

    unchanged: tuple[float, float]
    new: tuple[float, float]
    match: dict[int, float]
    base: float
    feed: float
    rule: float
    item: float


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sizing")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {FIGURES.name}")
    wish = parser.parse_args(arguments)
    matching = known().get("match", {})
    if not matching:
        sys.exit("what matching costs is not known: python -m tests.bench.match --write")
    report = Report("sizing", write=wish.write)
    costs = measured(
        {int(name.split()[2].replace(",", "")): ms / 1e3 for name, ms in matching.items() if "ms at" in name}
    )
    told(report, costs)
    table = report.table("houses", f"What it takes, each feed bringing {ITEMS_A_DAY} items a day", COLUMNS)
    for each in HOUSES:
        add(table, costs, *each)
    most = max(feeds for feeds in range(1_000, 1_000_000, 1_000) if full(costs, feeds, 15, 10_000)[0] <= 1)
    _, what = full(costs, most, 15, 10_000)
    table.note(f"a machine: {CORE:.0%} of a core, as much for the parser, {MEMORY:,} MB of memory, {DISK:,} GB of disk")
    table.note(f"with 10,000 rules and polls each 15 minutes it holds {most:,} feeds; first to be full is its {what}")
    report.figure("feeds", most)
    return report.end()


def add(table: Table, costs: Costs, feeds: int, minutes: int, number: int) -> None:
    daemon, child = (cores(costs, feeds, minutes, number, side) for side in (0, 1))
    share, what = full(costs, feeds, minutes, number)
    disk = gigabytes(costs, feeds)
    took = (daemon, child, memory_of(costs, feeds, number), disk * 30 / KEPT, disk)
    table.add(feeds, minutes, number, feeds * ITEMS_A_DAY, *took, f"{share:.0%} of its {what}")


def full(costs: Costs, feeds: int, minutes: int, number: int) -> tuple[float, str]:
    """The share taken of what a machine has least of, and what that is."""
    return max(
        (cores(costs, feeds, minutes, number, 0) / CORE, "core"),
        (cores(costs, feeds, minutes, number, 1) / CORE, "other core"),
        (memory_of(costs, feeds, number) / MEMORY, "memory"),
        (gigabytes(costs, feeds) / DISK, "disk"),
    )


def memory_of(costs: Costs, feeds: int, number: int) -> float:
    return costs.base + feeds * costs.feed + number * costs.rule


def gigabytes(costs: Costs, feeds: int) -> float:
    return feeds * ITEMS_A_DAY * KEPT * costs.item / 1e9


def cores(costs: Costs, feeds: int, minutes: int, number: int, side: int) -> float:
    """Of the daemon (0) or its parser's process (1)."""
    more = costs.match[number] - costs.match[10] if side == 0 else 0.0
    polls = DAY / 60 / minutes * costs.unchanged[side]
    return feeds * (polls + ITEMS_A_DAY * (costs.new[side] - costs.unchanged[side] + more)) / DAY


def told(report: Report, costs: Costs) -> None:
    table = report.table(
        "costs", "What the formula reckons with", {"what": "", "daemon": ".2f", "parser": ".2f", "unit": ""}
    )
    table.add("UNCHANGED: a poll with nothing new", *(each * 1e3 for each in costs.unchanged), "ms")
    table.add("NEW: a poll with one new item of 35", *(each * 1e3 for each in costs.new), "ms")
    for number, seconds in sorted(costs.match.items()):
        table.add(f"MATCH({number:,}): an item of about 620 words", seconds * 1e3, None, "ms")
    table.add("BASE: memory of both processes", costs.base, None, "MB")
    table.add("FEED: memory of a feed", costs.feed * 1e3, None, "kB")
    table.add("RULE: memory of a rule", costs.rule * 1e3, None, "kB")
    table.add("ITEM: of the database", costs.item / 1e3, None, "kB")
    for line in FORMULA.splitlines():
        table.note(line)


# --- what is measured -----------------------------------------------------------------------------


def measured(match: dict[int, float]) -> Costs:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        polls = polled(root / "polls")
        few, feeds, many = (
            memory(root / f"m{n}", *each) for n, each in enumerate(((FEW, FEW), (MANY, FEW), (FEW, MANY)))
        )
        feed, each_rule = ((more - few) / (MANY - FEW) for more in (feeds, many))
        kept = [stored(root / f"s{number}.db", number) for number in STORED]
    answers = polls["unchanged, 304"], polls["unchanged, 200"]
    return Costs(
        unchanged=((answers[0][0] + answers[1][0]) / 2, (answers[0][1] + answers[1][1]) / 2),
        new=polls["1 new of 35"],
        match=match,
        base=few - FEW * (feed + each_rule),
        feed=feed,
        rule=each_rule,
        item=(kept[1] - kept[0]) / (STORED[1] - STORED[0]),
    )


def polled(folder: Path) -> dict[str, tuple[float, float]]:
    """Seconds of the daemon and of its parser's process for a poll, in each of the cases of `polling`."""
    processors, found = sorted(os.sched_getaffinity(0)), {}
    folder.mkdir()
    with _feeds.serving(processors[-1]) as (port, answer):
        house = polling._house(folder / "house", POLLED, port)
        place = polling.Place(port=port, house=house, folder=folder, processor=processors[0])
        for case in polling.CASES:
            answer(case.new, case.honoured)
            found[case.name] = polling.watcher(place, POLLED)
    return found


def memory(root: Path, feeds: int, number: int) -> float:
    """MB of a daemon with its parser's process, what both have mapped counted once."""
    house = House(root)
    rows = [f'  - {{"id": "seeds", "url": "{SEEDS}", "interval": "1d"}}']
    rows += [f'  - {{"id": "wire-{n}", "url": "http://127.0.0.1:9/{n}.xml", "interval": "1d"}}' for n in range(feeds)]
    house.settings(feeds=[])
    house.config.write_text(_with(house.config.read_text(), rows))
    texts = (f"  - id: r{n}\n    match: {json.dumps(text)}\n" for n, text in enumerate(rules(number)))
    (house.rules / "strikes.yaml").write_text("schema: watch/1\nrules:\n" + "".join(texts))
    ready = f"watching {feeds + 1:,} feeds with {number:,} rules"
    with house.daemon() as daemon:
        until(lambda: ready in daemon.err, ready, timeout=300)
        until(lambda: len(list(family(daemon.process.pid))) > 1, "a parser's process", timeout=300)
        until(lambda: house.asked("SELECT count(*) FROM items")[0][0], "items", timeout=300)
        found = sum(of(one, "Pss") for one in family(daemon.process.pid))
        daemon.stop()
    return found


def _with(config: str, feeds: Sequence[str]) -> str:
    """The configuration as people write it, a line a feed: read much faster than one long line."""
    whole = json.loads(config) | {"feeds": None}
    lines = [f"{key}: {json.dumps(value)}" for key, value in whole.items() if value is not None]
    return "\n".join([*lines, "feeds:", *feeds, ""])


def stored(path: Path, number: int) -> float:
    """Bytes of a database with so many items."""
    source = articles(number, MANY, seed=4)
    store = open_store(f"sqlite:///{path}")
    while batch := list(islice(source, 100)):
        feeds = {feed.id: feed for _, feed in batch}
        store.sync_feeds({id_: (feed, START) for id_, feed in feeds.items()})
        revisions = (Revision(item=item, number=1, seen_at=START, story=story_of(item)) for item, _ in batch)
        sketched = tuple(replace(one, sketch=sketch_of(one.item)) for one in revisions)
        state = FeedState(feed=batch[0][1], polled_at=START, good_at=START, next_at=START + timedelta(days=1))
        store.save_poll(PollSaved(state=state, revisions=sketched))
    store.close()
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
