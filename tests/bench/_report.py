"""Rows of figures -> an aligned table with goals; with --write the same as text, and a plot, under docs/performance.

    report = Report("match", write=wish.write)
    table = report.table("rules", "Matching by rules", {"rules": ",", "f ms": ".2f", "in f": ".1f"}, judged="in f")
    table.add(1_000, 0.41, 3.2, most=5)            # printed at once; said whether it was met
    table.growth("rules", "in f")                  # the exponent: 0 does not grow, 1 grows with it
    table.plot("rules", ["in f"], "times f")       # docs/performance/match-rules.svg
    sys.exit(report.end())                         # processor time and memory; 1 where a goal was missed

The documents have each table in the block behind the line `<!-- figures: match-rules -->`, and what `figure` was told
between `<!-- figure: match/NAME -->` and `<!-- end -->`; --write puts both there as well, so that no figure is typed.
"""

from __future__ import annotations

import json
import re
import resource
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from math import log
from pathlib import Path
from statistics import fmean
from typing import TypeVar

from tests.bench._plot import drawn

T = TypeVar("T")
Value = float | str | None

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "docs" / "performance"
PAGES = (ROOT / "docs" / "performance.md", ROOT / "README.md")


class Report:
    """What one benchmark tells. `write`: it is to be kept too."""

    def __init__(
        self, name: str, *, write: bool = False, folder: Path = FIGURES, pages: Sequence[Path] = PAGES
    ) -> None:
        self.name, self.missed = name, list[str]()
        self._write, self._folder, self._pages = write, folder, pages
        self._tables: list[Table] = []
        self._figures: dict[str, float] = {}

    def table(self, name: str, heading: str, columns: Mapping[str, str], *, judged: str = "") -> Table:
        """`columns` have their formats; the goal of a row is for what is in the column `judged`."""
        made = Table(self, f"{self.name}-{name}", heading, columns, judged)
        self._tables.append(made)
        return made

    def figure(self, name: str, value: float) -> None:
        """One that other benchmarks reckon with (tests.bench.sizing)."""
        self._figures[name] = value

    def goal(self, what: str, value: float, *, most: float | None = None, least: float | None = None) -> None:
        """One that belongs to no table."""
        print(f"{what}: {value:,.3g}, {self.judge(what, value, most, least)}", flush=True)

    def judge(self, what: str, value: float, most: float | None, least: float | None) -> str:
        """What is said of it; a goal that was missed is remembered."""
        if most is None and least is None:
            return ""
        met = (most is None or value <= most) and (least is None or value >= least)
        said = f"at most {most:g}" if most is not None else f"at least {least:g}"
        self.missed += [] if met else [f"{what}: {value:,.3g}, not {said}"]
        return f"{said}: {'met' if met else 'MISSED'}"

    def end(self) -> int:
        """What the process took; everything written; 1 where a goal was missed."""
        print(f"\n{self.name}: {processor():,.1f} s of processor time, {memory():,.0f} MB of memory at most")
        print("\n".join(self.missed) or "every goal is met")
        if self._write:
            self._save()
        return 1 if self.missed else 0

    def _save(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for table in self._tables:
            (self._folder / f"{table.name}.txt").write_text(table.text(), "utf-8")
            if table.picture:
                (self._folder / f"{table.name}.svg").write_text(table.picture, "utf-8")
        if self._figures:
            kept = known(self._folder) | {self.name: self._figures}
            (self._folder / "figures.json").write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
        for page in self._pages:
            page.write_text(shown(page.read_text("utf-8"), self._folder), "utf-8")


class Table:
    """Rows of one kind, printed as they come."""

    def __init__(self, report: Report, name: str, heading: str, columns: Mapping[str, str], judged: str) -> None:
        self.name, self.picture = name, ""
        self._report, self._heading, self._columns, self._judged = report, heading, columns, judged
        self._rows: list[dict[str, Value]] = []
        self._lines: list[list[str]] = [[*columns, *(["goal"] if judged else [])]]
        self._notes: list[str] = []
        print(f"\n{heading}\n{self._laid(self._lines[0], self._wide())}", flush=True)

    def add(self, *values: Value, most: float | None = None, least: float | None = None) -> None:
        """A row; None where there is nothing to tell."""
        row = dict(zip(self._columns, values, strict=True))
        self._rows.append(row)
        cells = [_cell(value, form) for value, form in zip(values, self._columns.values(), strict=True)]
        if self._judged:
            value = row[self._judged]
            what = f"{self.name} {cells[0]}, {self._judged}"
            cells.append(self._report.judge(what, value, most, least) if isinstance(value, (int, float)) else "")
        self._lines.append(cells)
        print(self._laid(cells, self._wide()), flush=True)

    def note(self, text: str) -> None:
        """A line below the table."""
        self._notes.append(text)
        print(text, flush=True)

    def goal(self, what: str, value: float, *, most: float | None = None, least: float | None = None) -> None:
        """One that is no row's, said below the table."""
        self.note(f"{what}: {value:,.3g}, {self._report.judge(f'{self.name}, {what}', value, most, least)}")

    def growth(self, across: str, up: str, *, beginning: float = 0) -> float:
        """The exponent by which `up` grows with `across` (from `beginning` on), said below the table."""
        found = exponent([point for point in self.points(across, up) if point[0] >= beginning])
        since = f" from {beginning:,.0f} on" if beginning else ""
        self.note(f"{up} grows with {across}{since} to the power of {found:.2f}")
        return found

    def plot(
        self, across: str, up: Sequence[str], unit: str, goals: Mapping[str, Sequence[tuple[float, float]]] = {}
    ) -> None:
        """A line for each of the columns `up`."""
        lines = {name: points for name in up if len(points := self.points(across, name)) > 1}
        self.picture = drawn(self._heading, across, unit, lines, goals) if lines else ""

    def points(self, across: str, up: str) -> list[tuple[float, float]]:
        pairs = [(row[across], row[up]) for row in self._rows]
        return [
            (x, y) for x, y in pairs if isinstance(x, (int, float)) and isinstance(y, (int, float)) and x > 0 and y > 0
        ]

    def text(self) -> str:
        wide = [max(map(len, column)) for column in zip(*self._lines, strict=True)]
        rows = [self._laid(line, wide) for line in self._lines]
        return "\n".join([self._heading, "", *rows, *([""] if self._notes else []), *self._notes, ""])

    def _laid(self, cells: Sequence[str], wide: Sequence[int]) -> str:
        """Words to the left, figures to the right."""
        forms = [*self._columns.values(), ">"]
        laid = (f"{cell:{'>' if form else '<'}{n}}" for cell, form, n in zip(cells, forms, wide, strict=False))
        return "  ".join(laid).rstrip()

    def _wide(self) -> list[int]:
        """As wide as what is still to come may be."""
        return [max(len(name), 10 if self._columns.get(name, ">") else 38) for name in self._lines[0]]


def _cell(value: Value, form: str) -> str:
    return "" if value is None else format(value, "" if isinstance(value, str) else form)


def shown(page: str, folder: Path = FIGURES) -> str:
    """A document with every table and figure as they were kept last."""
    figures = {f"{name}/{what}": value for name, kept in known(folder).items() for what, value in kept.items()}

    def table(found: re.Match[str]) -> str:
        kept = folder / f"{found[2]}.txt"
        return found[1] + (kept.read_text("utf-8") if kept.exists() else found[3]) + found[4]

    def figure(found: re.Match[str]) -> str:
        return found[1] + (_rounded(figures[found[2]]) if found[2] in figures else found[3]) + found[4]

    page = re.sub(r"(<!-- figures: (\S+) -->\n```text\n)(.*?)(```)", table, page, flags=re.DOTALL)
    return re.sub(r"(<!-- figure: ([^>]+) -->)([^<]*)(<!-- end -->)", figure, page)


def _rounded(value: float) -> str:
    """To two digits: what stands in a sentence is no table."""
    return f"{float(f'{value:.1e}'):,.0f}" if value >= 10 else f"{value:.2g}"


def known(folder: Path = FIGURES) -> dict[str, dict[str, float]]:
    """What the benchmarks have left for others, by the benchmark's name."""
    path = folder / "figures.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Of the power law that fits best: least squares where both axes are logarithmic."""
    across, up = ([log(point[side]) for point in points] for side in (0, 1))
    middle, height = fmean(across), fmean(up)
    spread = sum((x - middle) ** 2 for x in across)
    return sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True)) / spread


# --- processor time and memory --------------------------------------------------------------------


def least(*ways: Callable[[], object], runs: int = 3) -> list[float]:
    """Processor seconds of each, the least of several runs, each in turn: what disturbs one disturbs the next."""
    best = [float("inf")] * len(ways)
    for _ in range(runs):
        for number, way in enumerate(ways):
            best[number] = min(best[number], spent(way)[1])
    return best


def spent(work: Callable[[], T]) -> tuple[T, float]:
    """What it comes to, and its processor time in seconds."""
    begun = time.process_time()
    done = work()
    return done, time.process_time() - begun


def processor() -> float:
    """Seconds of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def memory() -> float:
    """MB that this process, or the largest of those it has waited for, has had at most."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def traced(work: Callable[[], T]) -> tuple[T, float]:
    """What it comes to, and the MB of Python's objects that are there for it afterwards; slows it down a few times."""
    tracemalloc.start()
    try:
        done = work()
        return done, tracemalloc.get_traced_memory()[0] / 1e6
    finally:
        tracemalloc.stop()
