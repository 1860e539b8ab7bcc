"""What deciding costs: a storm of 10,000 matches on one channel, the same held back, and a match by itself.

    python -m tests.bench.deciding

Milliseconds of processor time, the least of some runs, and beside what it costs to sort the same matches and to write
one decision for each: less there is not to be done. A storm is to stay below MOST.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from tests.channel import DESK, NOW, dispatch
from watcher.alert import decide
from watcher.model import ChannelSpec, Decided, Decision, Dispatch, Hours, Past, Quiet, Reason, Rule, RuleId, When

RUNS, MATCHES, RULES = 5, 10_000, 100
MOST = 0.150
"""Seconds of processor time that a storm may take."""
SPEC = ChannelSpec(name=DESK, url="")
ALWAYS = Hours(days=tuple(range(7)), start=0, end=1439, zone="UTC")
FULL = Past(made=tuple(NOW - timedelta(seconds=n) for n in range(SPEC.cap)))


def main() -> None:
    throttled, counted = rules(throttle=1800.0), rules(when=When(count=3, within=7200.0))
    storm = [dispatch(n, rule=f"r{n % RULES}", item=f"i{n}", group=f"story:{n}") for n in range(MATCHES)]
    one_group = [replace(d, group="rule:r") for d in storm]
    quiet = replace(SPEC, quiet=Quiet(hours=(ALWAYS,)))
    held = [replace(d, reason=Reason.OVER_CAP) for d in storm]
    least = spent(lambda: plain(storm))
    print(f"{MATCHES:,} matches {'ms':>25} {'alerts':>7} {'changed':>8} {'ratio':>6}")
    took = [
        line("each of its own group", least, lambda: decide(SPEC, storm, Past(), throttled, NOW)),
        line("all of one group", least, lambda: decide(SPEC, one_group, Past(), throttled, NOW)),
        line("in quiet hours", least, lambda: decide(quiet, storm, Past(), throttled, NOW)),
        line("waiting for more", least, lambda: decide(SPEC, storm, Past(), counted, NOW)),
        line("held before, no room yet", least, lambda: decide(SPEC, held, FULL, throttled, NOW)),
    ]
    alone = spent(lambda: [decide(SPEC, [d], Past(), throttled, NOW) for d in storm[:1000]])
    print(f"one match by itself: {alone * 1000:.0f} us")
    sys.exit(1 if max(took) > MOST else 0)


def rules(*, throttle: float | None = None, when: When | None = None) -> Mapping[RuleId, Rule]:
    named = (RuleId(f"r{n}") for n in range(RULES))
    rule = Rule(id=RuleId("r"), title="", expression="", expanded="", hash="", throttle=throttle, when=when)
    return {name: replace(rule, id=name) for name in named}


def line(what: str, least: float, work: Callable[[], Decided]) -> float:
    decided, took = work(), spent(work)
    changed, alerts = len(decided.decisions), len(decided.alerts)
    print(f"  {what:<30} {took * 1000:7.0f} {alerts:7} {changed:8,} {took / least:6.1f}", flush=True)
    return took


def plain(opened: Sequence[Dispatch]) -> Decided:
    in_order = sorted(opened, key=lambda d: (d.seen_at, d.id))
    return Decided(decisions=tuple(Decision(dispatch=d.id, reason=Reason.NEW) for d in in_order))


def spent(work: Callable[[], object]) -> float:
    """The least processor time of some runs."""
    times = []
    for _ in range(RUNS):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


if __name__ == "__main__":
    main()
