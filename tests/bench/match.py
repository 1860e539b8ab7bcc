"""What matching costs by the number of rules and by an article's length, beside other ways to do the same.

    python -m tests.bench.match [--all] [--write]

Costs are in f, the processor time of finding all words of the same articles by a regular expression in the same run.
Rules and articles are those of tests/rulegen.py, whose two laws say what more rules are: "held", hits an article stay
what they are; "growing", they grow with the rules. "words" is what folding and cutting an article costs, "candidates"
that with the index asked, "match" all: which rules match, by what words, denied or not. Every article is fresh, its
words met before or not as in any stream; "again" is the same with all its words met before. Each line is measured in a
process of its own (tests.bench._matching); with --all also a million rules, which takes minutes and gigabytes, and
100,000 in the other ways.

The other ways (tests.bench._rivals) find candidates as they can, and our evaluator decides about them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from statistics import median
from typing import Any

from tests.bench._report import FIGURES, Report

RULES, MILLION = (10, 100, 1_000, 10_000, 100_000), 1_000_000
IN_F = {10_000: 5.0, 100_000: 15.0}
"""What folding, cutting and matching an article may cost."""
GROWN = 1.25
"""What it may cost with a million rules, hits held, in what it costs with ten thousand."""
SECONDS, MB, EDIT_MS = 3.0, 60.0, 5.0
"""Of the index of 100,000 rules, and of an edit among them."""
FASTER = 3.0
"""Than the best of the other ways, with ten thousand rules."""
LAWS = {"held": "hits an article held", "growing": "hits growing with the rules"}
BY_RULES = {
    "rules": ",",
    "f µs": ".0f",
    "words": ".1f",
    "candidates": ".1f",
    "match": ".1f",
    "again": ".1f",
    "asked": ",.1f",
    "hits": ".1f",
}
INDEX = {"rules": ",", "index s": ".2f", "index MB": ".1f", "trees MB": ".1f", "edit ms": ".2f", "first µs": ".0f"}
OTHERS = ("naive loop", "ahocorasick_rs", "SQLite FTS5", "tantivy")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.match")
    parser.add_argument("--all", action="store_true", help="a million rules too")
    parser.add_argument("--write", action="store_true", help=f"keep tables and plots in {FIGURES.name}")
    wish = parser.parse_args(arguments)
    report = Report("match", write=wish.write)
    sizes = (*RULES, MILLION) if wish.all else RULES
    rows = {law: by_rules(report, law, sizes) for law in LAWS}
    index(report, rows["held"])
    lengths(report)
    others(report, RULES[1:] if wish.all else RULES[1:-1])
    f = median(row["f"] for row in rows["held"].values())
    for number, row in rows["held"].items():
        report.figure(f"ms at {number:,} rules", f * row["match"] * 1e3)
    return report.end()


def by_rules(report: Report, law: str, sizes: Sequence[int]) -> dict[int, dict[str, float]]:
    """What was measured, by the number of rules."""
    judged = "match" if law == "held" else ""
    heading = f"Matching an article, in f, by the number of rules: {LAWS[law]}"
    table = report.table(law, heading, BY_RULES, judged=judged)
    rows = {}
    for number in sizes:
        row = rows[number] = measured("_matching", "rules", law, number)
        costs = [row[name] for name in ("words", "candidates", "match", "again", "asked", "hits")]
        table.add(number, row["f"] * 1e6, *costs, most=IN_F.get(number) if law == "held" else None)
    table.growth("rules", "match", beginning=1_000)
    if law == "held" and MILLION in rows:
        ratio = rows[MILLION]["match"] / rows[10_000]["match"]
        table.goal("a million rules, in what ten thousand cost", ratio, most=GROWN)
    goals = {"goal": list(IN_F.items())} if law == "held" else {}
    table.plot("rules", ["words", "candidates", "match", "again"], "f", goals)
    return rows


def index(report: Report, rows: dict[int, dict[str, float]]) -> None:
    """What the index takes; its memory is counted in a run of its own, which is slower."""
    table = report.table("index", "The index of the rules, once they are parsed", INDEX)
    for number, row in rows.items():
        size = {} if number == MILLION else measured("_matching", "memory", "held", number)
        seconds, edit, first = row["index"], row["edit"] * 1e3, row["first"] * 1e6
        table.add(number, seconds, size.get("index"), size.get("trees"), edit, first)
        if number == 100_000:
            table.goal("100,000 rules, seconds", seconds, most=SECONDS)
            table.goal("100,000 rules, MB", size["index"], most=MB)
            table.goal("one of 100,000 rules edited, ms", edit, most=EDIT_MS)
    table.growth("rules", "index s", beginning=1_000)
    table.plot("rules", ["index s"], "seconds")


def lengths(report: Report) -> None:
    columns = {"length": ",", "f µs": ",.0f", "words": ".1f", "match": ".1f", "again": ".1f", "match ms": ",.2f"}
    table = report.table("length", "Matching an article against 10,000 rules by its words, costs in f", columns)
    for row in measured("_matching", "length", "held", 10_000):
        costs = [row[name] for name in ("words", "match", "again")]
        table.add(row["length"], row["f"] * 1e6, *costs, row["f"] * row["match"] * 1e3)
    table.growth("length", "match ms", beginning=200)
    table.plot("length", ["match ms"], "ms")


def others(report: Report, sizes: Sequence[int]) -> None:
    columns = {"rules": ",", "watcher": ".1f", **dict.fromkeys(OTHERS, ",.1f"), "faster": ".1f"}
    table = report.table("others", "Matching an article in other ways, in f", columns, judged="faster")
    told: dict[str, dict[str, float]] = {}
    for number in sizes:
        row = measured("_rivals", "held", number)
        costs = [row[way]["cost"] for way in OTHERS]
        faster = min(costs) / row["watcher"]["cost"]
        table.add(number, row["watcher"]["cost"], *costs, faster, least=FASTER if number == 10_000 else None)
        told = row if number == 10_000 else told
    table.plot("rules", ["watcher", *OTHERS], "f")
    ways = {"way": "", "f": ",.1f", "times ours": ".1f", "finding f": ",.1f", "candidates": ",.1f", "hits": ".2f"}
    table = report.table("ways", "10,000 rules in other ways, an article", {**ways, "lost": ",", "prepared s": ".2f"})
    for way, row in told.items():
        figures = [row[name] for name in ("finding", "asked", "hits", "lost", "prepared")]
        table.add(way, row["cost"], row["cost"] / told["watcher"]["cost"], *figures)


def measured(module: str, *arguments: object) -> Any:
    """What a process of its own has measured."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[2:])} ended with {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
