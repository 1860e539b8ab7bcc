"""The watcher for a long time: hundreds of thousands of polls, an item in every second one, ended and killed between.

    python -m tests.bench soak
    python -m tests.bench.soak 200000

The real daemon, its database on a disk, against publishers and a service on loopback (tests.bench._soaking), every
feed polled each second. In the first half of the polls (2,000 without a number) it is ended and killed (kill -9) by
turns; through the second half one daemon lives, and what it takes is told at each tenth of all polls and must stay
flat: memory of the daemon and of its parser's process, file descriptors, threads, and the write-ahead log; and it
takes little more than one that is then started in its place. In a short run memory is told, not judged: a daemon is not
warm before some thousands of items. At the end each item that a rule matches was told, and told once but for what was
under way at a kill.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from tests.bench._process import family, of, processor
from tests.bench._report import Report, Table
from tests.bench._soaking import addresses, asked, serving
from tests.stories.house import Daemon, House, until

POLLS, STAGES = 2_000, 10
FEEDS, FEW = 200, 50
"""Of a long run, and of a short one: after a start they are spread over a tenth of a second each."""
MOST_MEMORY = 1.0
"""MB of the daemon that a thousand further items may take once it is warm: what finds stories knows a week of them."""
MOST_OF_YOUNG = 1.15
"""Times the memory of a daemon that is started with the same items: what only a long life brings."""
MOST_LOG = 64 << 20
WARM = 5_000
"""Items after which a daemon that lives long has all it keeps at hand."""
SETTLED = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a daemon and its parser's process have at a moment."""

    polls: int
    items: int
    rss: float  # MB, of the daemon
    pss: float
    parser: float  # MB
    files: int
    threads: int
    seconds: float  # of processor time, both


def main(polls: str = str(POLLS)) -> int:
    number = int(polls)
    feeds = FEEDS if number > 20_000 else FEW
    report = Report("soak")
    with tempfile.TemporaryDirectory() as folder, serving(feeds) as port:
        house = House(Path(folder) / "house")
        settle(house, feeds, port)
        table = report.table("stages", f"{number:,} polls of {feeds} feeds", COLUMNS)
        half = [number * stage // STAGES for stage in range(1, STAGES // 2 + 1)]
        for stage, end in enumerate(half):
            with house.daemon() as daemon:
                told(table, house, reached(house, daemon, end), port)
                daemon.stop(signal.SIGKILL if stage % 2 else signal.SIGTERM)
        with house.daemon() as daemon:
            lived = list(long_life(table, house, daemon, number, port))
            counts = rest(house, daemon, port)
            last = taken(house, daemon.process.pid)
            code, _ = daemon.stop()
        with house.daemon() as daemon:
            young = reached(house, daemon, last.polls + 3 * feeds)
        judge(table, lived, counts, killed=len(half) // 2)
        table.goal("exit code of the daemon that lived long", code, most=0)
        table.goal(
            "times the memory of one that has just been started", last.pss / young.pss, most=warm(lived, MOST_OF_YOUNG)
        )
    return report.end()


def settle(house: House, feeds: int, port: int) -> None:
    hook = {"name": "hook", "url": f"webhook://127.0.0.1:{port}/hook", "pace": "0.001s", "cap": 100_000}
    house.settings(
        feeds=addresses(feeds, port),
        channels=[hook],
        poll={"interval": "1s", "min_interval": "1s", "max_interval": "1s"},
        fetch={"per_host_pause": "0.01s"},
    )
    for number in range(200):
        house.rule(f"r{number}", f"word{number} AND (other{number} OR third{number})")


# --- the run --------------------------------------------------------------------------------------


def long_life(table: Table, house: House, daemon: Daemon, number: int, port: int) -> Iterator[Taken]:
    """One daemon through the second half."""
    for stage in range(STAGES // 2 + 1, STAGES + 1):
        yield (now := reached(house, daemon, number * stage // STAGES))
        told(table, house, now, port)


def reached(house: House, daemon: Daemon, polls: int) -> Taken:
    """When so many polls are stored; on a machine that is busy that takes its time."""
    until(lambda: polled(house) >= polls or daemon.process.poll() is not None, f"{polls:,} polls", timeout=3_600)
    if daemon.process.poll() is not None:
        sys.exit(f"the daemon ended: {daemon.err[-2000:]}")
    return taken(house, daemon.process.pid)


def polled(house: House) -> int:
    """Asked seldom: who asks takes time of the machine, too."""
    time.sleep(0.3)
    with suppress(Exception):  # while the database is being made
        return int(house.asked("SELECT coalesce(sum(polls), 0) FROM feeds")[0][0])
    return 0


def taken(house: House, pid: int) -> Taken:
    daemon, *children = family(pid)
    tasks = Path(f"/proc/{pid}")
    return Taken(
        polls=polled(house),
        items=house.asked("SELECT count(*) FROM items")[0][0],
        rss=of(daemon, "Rss"),
        pss=of(daemon, "Pss"),
        parser=sum(map(present, children)),
        files=len(list((tasks / "fd").iterdir())),
        threads=len(list((tasks / "task").iterdir())),
        seconds=sum(map(processor, family(pid))),
    )


def present(child: int) -> float:
    """MB; a parser's process that has just been replaced has none."""
    with suppress(OSError):
        return of(child, "Pss")
    return 0.0


COLUMNS = {
    "polls": ",",
    "items": ",",
    "told": ",",
    "RSS MB": ".1f",
    "PSS MB": ".1f",
    "parser MB": ".1f",
    "files": "d",
    "threads": "d",
    "CPU s": ".1f",
    "database MB": ".1f",
    "log MB": ".1f",
}


def told(table: Table, house: House, now: Taken, port: int) -> None:
    alerts = len(asked(port, "told")["told"])
    data = house.root / "var" / "watcher.db"
    sizes = [path.stat().st_size / 1e6 for path in (data, data.with_name("watcher.db-wal"))]
    memory = (now.rss, now.pss, now.parser)
    table.add(now.polls, now.items, alerts, *memory, now.files, now.threads, now.seconds, *sizes)


def rest(house: House, daemon: Daemon, port: int) -> dict[str, int]:
    """Nothing new is published any more; what became of all that was, once all is told that will be."""
    counts = asked(port, "rest")
    until(lambda: house.asked("SELECT count(*) FROM items")[0][0] >= counts["items"], "all items", timeout=120)
    until(lambda: not any(house.asked(_WAITING)[0]), "all alerts", timeout=120)
    time.sleep(SETTLED)
    counts = asked(port, "told")
    published, heard = counts["published"], counts["told"]
    lost = sum(mark not in heard for mark in published)
    again = sum(times - 1 for times in heard.values())
    stored = house.asked("SELECT count(*) FROM items")[0][0]
    log = house.root / "var" / "watcher.db-wal"
    print(f"{len(published):,} items matched: {lost} lost, {again} told again; {daemon.err.count('WARNING')} warnings")
    return {"lost": lost, "again": again, "missing": counts["items"] - stored, "log": log.stat().st_size}


_WAITING = """
SELECT (SELECT count(*) FROM dispatches WHERE fate = 'open'), (SELECT count(*) FROM alerts WHERE state = 'pending')
"""


def judge(table: Table, lived: list[Taken], counts: dict[str, int], killed: int) -> None:
    first, last = lived[0], lived[-1]
    polls = last.polls - first.polls
    table.goal("items that were published and are not stored", counts["missing"], most=0)
    table.goal("alerts lost", counts["lost"], most=0)
    table.goal("alerts told again", counts["again"], most=2 * killed)
    table.goal("milliseconds of processor time a poll", 1000 * (last.seconds - first.seconds) / polls)
    grown = slope([(each.items, each.pss) for each in lived[1:]]) * 1000
    table.goal("MB of the daemon for a thousand items more, once warm", grown, most=warm(lived, MOST_MEMORY))
    table.goal("MB of the parser for a thousand items more", slope([(one.items, one.parser) for one in lived]) * 1000)
    table.goal("file descriptors more at the end", last.files - first.files, most=20)
    table.goal("threads more at the end", last.threads - first.threads, most=2)
    table.goal("bytes of the log", counts["log"], most=MOST_LOG)


def warm(lived: list[Taken], most: float) -> float | None:
    """The goal, where it can be asked for."""
    return most if lived[0].items >= WARM else None


def slope(points: list[tuple[int, float]]) -> float:
    """By least squares."""
    middle, height = fmean(x for x, _ in points), fmean(y for _, y in points)
    spread = sum((x - middle) ** 2 for x, _ in points)
    return sum((x - middle) * (y - height) for x, y in points) / spread if spread else 0.0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
