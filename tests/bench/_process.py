"""What a process has taken up to now, as the kernel counts it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

TICK = 100
"""Of a second: what /proc/PID/stat counts in."""


def processor(pid: int) -> float:
    """Processor seconds of a process up to now, to the hundredth."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def family(pid: int) -> Iterator[int]:
    """A process and its children."""
    yield pid
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                yield int(stat.parent.name)


def of(pid: int, kind: str) -> float:
    """MB of a process's memory: Pss or Rss."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) / 1024


def switches(pid: int) -> int:
    """How often its threads have waited for something up to now."""
    states = (path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/status"))
    counts = (line.split()[1] for state in states for line in state.splitlines() if line.startswith("voluntary"))
    return sum(map(int, counts))
