"""How often a feed that lives is called silent, by the factor and the least silence that are chosen.

    python -m tests.bench.silences

Simulated publishing, a year each, what is usual learned as the daemon learns it. For each pattern the usual gap, the
silence after which one that died would be told of, and false alarms in a year.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from statistics import median

from tests.bench._publishing import DAY, HOUR, PATTERNS, Publishing
from watcher.condition.judge import LEAST_SILENT, SILENT_AFTER, UNKNOWN_SILENT
from watcher.model import Habits
from watcher.schedule import Intervals

MONDAY = datetime(2026, 1, 5, tzinfo=UTC).timestamp()
YEAR = 364.0
FACTORS = (2.0, 3.0, 4.0, 5.0, 6.0, 10.0)
LEAST = (1.0, 3.0)
SEEDS = 8
MOST = 0.5
"""False alarms of a feed in a year, on average over the patterns, that nobody minds."""


def office(days: float, random: Random) -> list[float]:
    """Twelve items a working day between nine and six; four days off in six weeks, ten once."""
    return [at for at in _worked(days, random, 12) if not _is_holiday(at)]


def press(days: float, random: Random) -> list[float]:
    """Two a working day, with the same holidays."""
    return [at for at in _worked(days, random, 2) if not _is_holiday(at)]


def _worked(days: float, random: Random, a_day: int) -> Iterator[float]:
    for day in range(-56, int(days)):
        if day % 7 < 5:
            count = sum(random.random() < a_day / 100 for _ in range(100))
            yield from sorted(day * DAY + random.uniform(9, 18) * HOUR for _ in range(count))


def _is_holiday(at: float) -> bool:
    day = int(at // DAY)
    return day % 42 in {4, 5, 6, 7} or 100 <= day < 110


def wire(days: float, random: Random) -> list[float]:
    """One in five minutes, day and night."""
    return sorted(random.uniform(-7 * DAY, days * DAY) for _ in range(int((days + 7) * 288)))


def stillness(publish: Publishing, seed: int) -> Iterator[tuple[float, float | None]]:
    """Each gap as hourly polls see it, and what was usual by then."""
    times = publish(YEAR, Random(seed))
    intervals, habits, last = Intervals(), Habits(), MONDAY
    for hour, batch in _by_hour(times):
        now = MONDAY + hour * HOUR
        if hour > 0:
            yield now - last - HOUR, habits.every
        fresh = [datetime.fromtimestamp(MONDAY + at, UTC) for at in batch]
        habits, last = intervals.learned(habits, fresh, datetime.fromtimestamp(now, UTC)), now


def _by_hour(times: Sequence[float]) -> Iterator[tuple[int, list[float]]]:
    batch: list[float] = []
    for at in times:
        if batch and at // HOUR != batch[0] // HOUR:
            yield int(batch[0] // HOUR) + 1, batch
            batch = []
        batch.append(at)
    if batch:
        yield int(batch[0] // HOUR) + 1, batch


def silent_after(every: float | None, factor: float, least: float) -> float:
    return UNKNOWN_SILENT.total_seconds() if every is None else max(factor * every, least * DAY)


def main() -> int:
    patterns = {**{name: each for name, each in PATTERNS.items() if name != "dead"}, "office": office, "press": press}
    patterns["wire"] = wire
    chosen = 0.0
    for name, publish in patterns.items():
        gaps = [gap for seed in range(SEEDS) for gap in stillness(publish, seed)]
        usual = median(every or 0.0 for _, every in gaps)
        print(f"{name}: usual gap {usual / HOUR:.1f} h; after how long silent, and false alarms a year")
        for least in LEAST:
            row = [(silent_after(usual, factor, least) / DAY, _false(gaps, factor, least)) for factor in FACTORS]
            cells = (
                f"{factor:g}x {days:.1f} d {false:.2f}" for factor, (days, false) in zip(FACTORS, row, strict=True)
            )
            print(f"   at least {least:g} d:  {'   '.join(cells)}")
        chosen += _false(gaps, SILENT_AFTER, LEAST_SILENT.total_seconds() / DAY) / len(patterns)
    taken = f"as it is ({SILENT_AFTER:g}x, {LEAST_SILENT.days} d)"
    print(f"{taken}: {chosen:.2f} false alarms a feed and year (mark {MOST:g})")
    return int(chosen > MOST)


def _false(gaps: Sequence[tuple[float, float | None]], factor: float, least: float) -> float:
    return sum(gap >= silent_after(every, factor, least) for gap, every in gaps) / SEEDS


if __name__ == "__main__":
    sys.exit(main())
