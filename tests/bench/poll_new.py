"""What parsing a poll with one new entry of 35 costs against feedparser reading the whole body with the same options.

    python -m tests.bench.poll_new

Processor milliseconds, the least of several runs, each way in turn. "cut" is everything from a body and the known
hashes to our entries; "whole" is feedparser alone. The result is checked to be the same before it is timed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from tests.feedgen import FLAVOURS, sized
from tests.parse.truth import feedparse_bytes
from watcher.model import Response
from watcher.parse import parse
from watcher.parse.convert import headers

ENTRIES = 35
WORDS = {"short": 40, "usual": 250, "long": 1000}
RUNS = 15
TIMES_LESS = 4.0
"""What the project promises."""


def main() -> None:
    print(f"{'flavour':16} {'size':6} {'KB':>5} {'cut ms':>8} {'whole ms':>9} {'ratio':>6}")
    worst = min(line(flavour, size) for flavour in FLAVOURS for size in WORDS)
    print(f"1 new of {ENTRIES}: at least {worst:.1f} times less processor time")
    if worst < TIMES_LESS:
        sys.exit(f"that is less than the {TIMES_LESS:g} times promised")


def line(flavour: str, size: str) -> float:
    made = sized(flavour, ENTRIES, WORDS[size])
    response = Response(url=made.url, headers=made.headers, body=made.body)
    first = parse(response, frozenset())
    known = frozenset(first.hashes[1:])
    then = parse(response, known)
    if then.entries != first.entries[:1] or not then.cut:
        sys.exit(f"{flavour} {size}: the new entry is not what the whole document gives")
    cut, whole = least(lambda: parse(response, known), lambda: feedparse_bytes(response.body, headers(response)))
    print(f"{flavour:16} {size:6} {len(made.body) // 1000:5} {cut:8.2f} {whole:9.2f} {whole / cut:6.1f}", flush=True)
    return whole / cut


def least(*ways: Callable[[], object]) -> list[float]:
    best = [float("inf")] * len(ways)
    for _ in range(RUNS):
        for number, way in enumerate(ways):
            began = time.process_time()
            way()
            best[number] = min(best[number], (time.process_time() - began) * 1000)
    return best


if __name__ == "__main__":
    main()
