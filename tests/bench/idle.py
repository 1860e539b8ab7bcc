"""What a daemon takes that has nothing to do: a thousand feeds and a thousand rules, and none of them due.

    python -m tests.bench idle

Memory is that of the daemon and its parser's process after every feed was tried once and a document was read: PSS
shares what both have mapped, RSS counts it twice. Then a minute in which nothing is due, as a share of one core, with
the number of times that the daemon was given the processor.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.bench.starting import READY, processor, thousand
from tests.stories.house import SEEDS, House, until

MOST_MEMORY, MOST_SHARE = 110.0, 0.01
"""MB, and of a core."""
MINUTE = 60.0
TRIED = "SELECT count(*) FROM feeds WHERE polled_at IS NULL"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = thousand(Path(folder), http={"listen": "127.0.0.1:0"})
        seeds = f'  - {{"id": "seeds", "url": "{SEEDS}", "interval": "1d"}}\n'
        house.config.write_text(house.config.read_text().replace("feeds:\n", f"feeds:\n{seeds}"))
        missed = measure(house)
    sys.exit(missed)


def measure(house: House) -> bool:
    with house.daemon() as daemon:
        until(lambda: READY.replace("1,000 feeds", "1,001 feeds") in daemon.err, READY)
        pid = daemon.process.pid
        print(f"{'ready':24} {processor(pid):7.2f} processor s", flush=True)
        until(lambda: not house.asked(TRIED)[0][0], "every feed tried once", timeout=300)
        until(lambda: len(list(family(pid))) > 1, "a parser's process")
        print(f"{'every feed tried once':24} {processor(pid):7.2f} processor s", flush=True)
        time.sleep(5)  # for what the last polls have set off
        memory = {name: sum(of(one, name) for one in family(pid)) for name in ("Pss", "Rss")}
        each = ", ".join(f"{of(one, 'Rss'):.0f}" for one in family(pid))
        print(f"{'memory PSS':24} {memory['Pss']:7.1f} MB of at most {MOST_MEMORY:.0f}")
        print(f"{'memory RSS':24} {memory['Rss']:7.1f} MB ({each})", flush=True)
        began, turns = processor(pid), switches(pid)
        time.sleep(MINUTE)
        share, turns = (processor(pid) - began) / MINUTE, switches(pid) - turns
        print(f"{'idle':24} {share:7.2%} of a core, at most {MOST_SHARE:.0%}; {turns / MINUTE:.0f} times a second")
        daemon.stop()
    return memory["Pss"] > MOST_MEMORY or share > MOST_SHARE


def family(pid: int) -> Iterator[int]:
    """A process and its children."""
    yield pid
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                yield int(stat.parent.name)


def of(pid: int, kind: str) -> float:
    """MB of a process's memory, as the kernel counts them: Pss or Rss."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) / 1024


def switches(pid: int) -> int:
    """How often its threads have waited for something up to now."""
    states = (path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/status"))
    counts = (line.split()[1] for state in states for line in state.splitlines() if line.startswith("voluntary"))
    return sum(map(int, counts))


if __name__ == "__main__":
    main()
