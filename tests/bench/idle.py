"""What a daemon takes that has nothing to do: feeds and rules by the thousand, and none of them due.

    python -m tests.bench.idle [--write]

Memory is that of the daemon and its parser's process after a hundred feeds were tried and a document was read: PSS
shares what both have mapped, RSS counts it twice. Started without what was kept of the rules, which takes more, and
with it. Then a minute in which nothing is due, as a share of one core, with the number of times that the daemon was
given the processor.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.bench._process import family, of, processor, switches
from tests.bench._report import Report, Table
from tests.bench.crowd import polled_before
from tests.bench.starting import housed, watching
from tests.stories.house import SEEDS, WATCHER, House, until

MEMORY = {1_000: 110.0, 10_000: 200.0}
"""MB at most, by feeds and rules."""
SHARE = 0.01
"""Of a core, at most."""
MINUTE, DAY = 60.0, 86_400.0
TRIED = "SELECT count(*) FROM feeds WHERE polled_at IS NULL"
COLUMNS = {"feeds": ",", "rules": ",", "started": "", "PSS MB": ".0f", "RSS MB": ".0f", "% of a core": ".2f"}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.idle")
    parser.add_argument("--write", action="store_true")
    report = Report("idle", write=parser.parse_args(arguments).write)
    table = report.table("daemon", "A daemon with nothing due, and its parser", {**COLUMNS, "turns/s": ".0f"})
    for count in MEMORY:
        with tempfile.TemporaryDirectory() as folder:
            house = housed(Path(folder), count, count, written=True, http={"listen": "127.0.0.1:0"})
            seeds = f'  - {{"id": "seeds", "url": "{SEEDS}", "interval": "1d"}}\n'
            house.config.write_text(house.config.read_text().replace("feeds:\n", f"feeds:\n{seeds}"))
            for started in ("cold", "kept"):
                measure(report, table, house, count, started)
    return report.end()


def prepare(house: House, count: int) -> None:
    """A database that knows all feeds, none of them due but a hundred and the one that is a folder."""
    database = house.root / "var" / "watcher.db"
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()
    with house.daemon() as daemon:
        until(lambda: watching(count + 1, count) in daemon.err, "the first start", timeout=120)
        daemon.stop()
    polled_before(database, DAY)
    with closing(sqlite3.connect(database)) as base, base:
        base.execute("UPDATE feeds SET polled_at = NULL, next_at = 0 WHERE id = 'seeds' OR pk % ? = 0", [count // 100])


def measure(report: Report, table: Table, house: House, count: int, started: str) -> None:
    cache = house.root / "var" / "rules.cache"
    prepare(house, count)
    if started == "cold":
        cache.unlink(missing_ok=True)
    with house.daemon(by=[*WATCHER]) as daemon:
        until(lambda: watching(count + 1, count) in daemon.err, "ready", timeout=120)
        pid = daemon.process.pid
        until(lambda: not house.asked(TRIED)[0][0], "the feeds tried", timeout=300)
        until(lambda: len(list(family(pid))) > 1, "a parser's process")
        time.sleep(10)  # for what the last polls have set off
        memory = {name: sum(of(one, name) for one in family(pid)) for name in ("Pss", "Rss")}
        began, turns = processor(pid), switches(pid)
        time.sleep(MINUTE)
        share, turns = (processor(pid) - began) / MINUTE, switches(pid) - turns
        daemon.stop()
    table.add(count + 1, count, started, memory["Pss"], memory["Rss"], share * 100, turns / MINUTE)
    what = f"{count:,} feeds and rules, started {started}"
    report.goal(f"{what}: PSS MB", memory["Pss"], most=MEMORY[count])
    report.goal(f"{what}: of a core", share, most=SHARE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
