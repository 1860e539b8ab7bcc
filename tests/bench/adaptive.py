"""When to poll: how soon items are found, and with how many requests, on simulated publishing patterns.

    python -m tests.bench adaptive

Half a year of each pattern, several times over, polled at fixed intervals and as the schedule says. The first poll
brings what the feed's document held then, with its dates; no request takes time or fails. To be: sooner (in the middle)
and with fewer requests than each 15 minutes where something is published, with fewer requests where nothing is.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median, quantiles

from tests.bench._publishing import DAY, HOUR, MINUTE, PATTERNS, Publishing
from watcher.model import Feed, FeedId, FeedState, Response
from watcher.schedule import Intervals

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DAYS, SEEDS, HELD = 182.0, 4, 35
ANSWER = Response(url="https://feed.example/")
FIXED = {"each 5 min": 5 * MINUTE, "each 15 min": 15 * MINUTE, "each hour": HOUR}
NAIVE, OURS = "each 15 min", "as scheduled"
BETTER, FEWER = ("newsroom", "blog", "burst"), ("dead",)


@dataclass(frozen=True)
class Way:
    """A way to poll a feed: at an interval of its own, or as the schedule says; with or without dates in it."""

    name: str
    interval: float | None = None
    dated: bool = True


WAYS = (*(Way(name, interval) for name, interval in FIXED.items()), Way(OURS), Way("without dates", dated=False))


@dataclass(frozen=True)
class Outcome:
    delays: Sequence[float]
    requests: float  # a day

    @property
    def median(self) -> float:
        return median(self.delays)

    @property
    def late(self) -> float:
        return quantiles(self.delays, n=10)[-1] if len(self.delays) > 1 else self.delays[0]


def main() -> int:
    intervals = Intervals()
    print(f"{DAYS:.0f} days, {SEEDS} times over; delays in minutes: in the middle, and of the latest tenth")
    print(f"{'':12}" + "".join(f"{way.name:>27}" for way in WAYS))
    print(f"{'':12}" + f"{'delay':>11}{'p90':>8}{'a day':>8}" * len(WAYS))
    missed, by_way = [], dict[str, list[Outcome]]()
    for name, publishing in PATTERNS.items():
        outcomes = {way.name: lived(publishing, way, intervals) for way in WAYS}
        print(f"{name:12}" + "".join(shown(outcome) for outcome in outcomes.values()), flush=True)
        for way, outcome in outcomes.items():
            by_way.setdefault(way, []).append(outcome)
        if why := worse(name, outcomes[NAIVE], outcomes[OURS]):
            missed.append(f"{name}: {why}")
    print(f"{'all alike':12}" + "".join(shown(together(outcomes)) for outcomes in by_way.values()))
    print("\n".join(missed))
    return 1 if missed else 0


def lived(publishing: Publishing, way: Way, intervals: Intervals) -> Outcome:
    delays, requests = list[float](), 0
    for seed in range(SEEDS):
        random = Random(f"{publishing.__name__} {seed}")
        found = list(polled(publishing(DAYS, random), way, intervals, random))
        requests += len(found)
        delays += [delay for each in found for delay in each]
    return Outcome(delays, requests / SEEDS / DAYS)


def polled(published: Sequence[float], way: Way, intervals: Intervals, random: Random) -> Iterator[Sequence[float]]:
    """Of each poll how late it found what it found, until the last item is found. The first poll's was there before."""
    state = FeedState(feed=Feed(id=FeedId("x"), url=ANSWER.url, interval=way.interval), added_at=MONDAY)
    at, seen = random.uniform(0, HOUR), 0
    while at < DAYS * DAY or seen < len(published):
        now, here = MONDAY + timedelta(seconds=at), bisect_right(published, at)
        new = published[max(seen, here - HELD) : here]
        fresh = [MONDAY + timedelta(seconds=each) if way.dated else now for each in new]
        habits = intervals.learned(state.habits, fresh, now, state.good_at)
        state = replace(state, habits=habits, good_at=now, new_at=now if new else state.new_at, polls=state.polls + 1)
        due = intervals.after_success(state, ANSWER, None, now, random.random())
        yield [at - each for each in new] if state.polls > 1 else ()
        at, seen = (due - MONDAY).total_seconds(), here


def worse(name: str, naive: Outcome, ours: Outcome) -> str:
    if name in BETTER and ours.median >= naive.median:
        return "not found sooner"
    if name in BETTER + FEWER and ours.requests >= naive.requests:
        return "no fewer requests"
    return ""


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Over all patterns, each counting the same."""
    return Outcome(_alike([each.delays for each in outcomes]), sum(each.requests for each in outcomes) / len(outcomes))


def _alike(delays: Sequence[Sequence[float]]) -> Sequence[float]:
    """A hundred of each, evenly over its range."""
    return [sorted(each)[len(each) * hundredth // 100] for each in delays for hundredth in range(100)]


def shown(outcome: Outcome) -> str:
    return f"{outcome.median / MINUTE:11.1f}{outcome.late / MINUTE:8.1f}{outcome.requests:8.1f}"


if __name__ == "__main__":
    sys.exit(main())
