"""What deciding costs: a storm of 10,000 matches on one channel, the same held back, and a match by itself.

    python -m tests.bench.deciding

Milliseconds of processor time, the least of some runs, and beside what it costs to sort the same matches and to write
one decision for each: less there is not to be done. A storm is to stay below MOST.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from tests.bench._report import Report, Table, least
from tests.channel import DESK, NOW, dispatch
from watcher.alert import decide
from watcher.model import ChannelSpec, Decided, Decision, Dispatch, Hours, Past, Quiet, Reason, Rule, RuleId, When

RUNS, MATCHES, RULES = 5, 10_000, 100
MOST = 150
"""Milliseconds of processor time that a storm may take."""
SPEC = ChannelSpec(name=DESK, url="")
ALWAYS = Hours(days=tuple(range(7)), start=0, end=1439, zone="UTC")
FULL = Past(made=tuple(NOW - timedelta(seconds=n) for n in range(SPEC.cap)))


def main() -> int:
    throttled, counted = rules(throttle=1800.0), rules(when=When(count=3, within=7200.0))
    storm = [dispatch(n, rule=f"r{n % RULES}", item=f"i{n}", group=f"story:{n}") for n in range(MATCHES)]
    one_group = [replace(d, group="rule:r") for d in storm]
    quiet = replace(SPEC, quiet=Quiet(hours=(ALWAYS,)))
    held = [replace(d, reason=Reason.OVER_CAP) for d in storm]
    floor = spent(lambda: plain(storm))
    report = Report("deciding")
    columns = {"case": "", "ms": ".0f", "alerts": ",", "changed": ",", "ratio": ".1f"}
    table = report.table("storm", f"{MATCHES:,} matches", columns, judged="ms")
    add(table, floor, "each of its own group", lambda: decide(SPEC, storm, Past(), throttled, NOW))
    add(table, floor, "all of one group", lambda: decide(SPEC, one_group, Past(), throttled, NOW))
    add(table, floor, "in quiet hours", lambda: decide(quiet, storm, Past(), throttled, NOW))
    add(table, floor, "waiting for more", lambda: decide(SPEC, storm, Past(), counted, NOW))
    add(table, floor, "held before, no room yet", lambda: decide(SPEC, held, FULL, throttled, NOW))
    alone = spent(lambda: [decide(SPEC, [d], Past(), throttled, NOW) for d in storm[:1000]])
    table.note(f"one match by itself: {alone:.0f} us")
    return report.end()


def rules(*, throttle: float | None = None, when: When | None = None) -> Mapping[RuleId, Rule]:
    named = (RuleId(f"r{n}") for n in range(RULES))
    rule = Rule(id=RuleId("r"), title="", expression="", expanded="", hash="", throttle=throttle, when=when)
    return {name: replace(rule, id=name) for name in named}


def add(table: Table, floor: float, case: str, work: Callable[[], Decided]) -> None:
    decided, took = work(), spent(work)
    table.add(case, took, len(decided.alerts), len(decided.decisions), took / floor, most=MOST)


def plain(opened: Sequence[Dispatch]) -> Decided:
    in_order = sorted(opened, key=lambda d: (d.seen_at, d.id))
    return Decided(decisions=tuple(Decision(dispatch=d.id, reason=Reason.NEW) for d in in_order))


def spent(work: Callable[[], object]) -> float:
    """The least milliseconds of processor time of some runs."""
    return least(work, runs=RUNS)[0] * 1e3


if __name__ == "__main__":
    sys.exit(main())
