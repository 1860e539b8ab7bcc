"""Killed, or failed by its database, at any place of its life, the daemon comes back and keeps all nine promises.

Each place is a life of its own: tests/stories/life.py tells it, tests/nine.py judges it when all has been told.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import nine
from tests.servers import Server
from tests.stories.forker import Child, Forker
from tests.stories.life import Story, of_old
from watcher.run.failpoints import VARIABLE

SOAK = bool(os.environ.get("WATCHER_SOAK"))
SEED = int(os.environ.get("WATCHER_SEED", "0"))
"""Where a run that does not go through all places begins; others take others."""
STATEMENTS, COMMITS, TALKS = 1250, 210, 16
"""A life asks its database for about so many, and fetches and sends so often; of a place that is not reached nothing
comes.
"""
START, STARTING = 200, 30
"""Statements, and commits, in which a daemon may still be starting: it ends where one fails. Later on it waits."""
HEIRS = 350
"""Statements among which the next daemons are killed, too."""
AT_ONCE = 8 if SOAK else 4
KINDS = ("send:{}:before=kill", "send:{}:after=kill", "fetch:{}:before=kill", "fetch:{}:after=kill")
_PLACE = re.compile(r"(statement|commit):(\d+)=")


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a story ended in which the first daemons were armed with these failpoints."""

    points: Sequence[str]
    how: str  # of the first life: killed, stopped with an exit code
    wanted: int
    reached: int
    broken: Sequence[str]
    lost: int
    repeats: int


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    forker = Forker()
    yield forker
    forker.close()


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, forker: Forker) -> Path:
    """A database with items that are to be forgotten."""
    return of_old(tmp_path_factory.mktemp("old"), forker)


def some(places: Sequence[int], stride: int) -> Sequence[int]:
    """In a long run all, else every so many."""
    return places if SOAK else places[SEED % stride :: stride]


def story_of(points: Sequence[str], folder: Path, server: Server, forker: Forker, old: Path | None) -> End:
    """A daemon for each of the failpoints, one after the other, and then others until all is told."""
    folder.mkdir()
    story = Story(folder, server, forker, old)
    for point in points:
        if not story.done:
            story.live(60, {VARIABLE: f"count,{point}"})
    reached = sum(_reached(point, child) for point, child in zip(points, story.children, strict=False))
    for _ in range(3):
        if not story.over:
            story.live(60, {})
    first, last = story.children[0], story.children[-1]
    world = story.world()
    broken = [*nine.broken(world), *([] if story.done else ["it did not come to its end"])]
    broken += [] if last.code == 0 else [f"its last life ended with {last.code}"]
    end = End(
        points=points,
        how="killed" if first.killed else f"exit {first.code}",
        wanted=sum(point.count("=") for point in points),
        reached=reached,
        broken=broken,
        lost=len(nine.lost(world)),
        repeats=nine.repeats(world),
    )
    if not broken:
        shutil.rmtree(folder)
    return end


def _reached(point: str, child: Child) -> int:
    """At how many of the places that it was armed with a daemon failed, or died."""
    if child.killed:
        return 1
    return sum(child.passed.get(place, 0) >= int(number) for place, number in _PLACE.findall(point))


def ends_of(stories: Sequence[Sequence[str]], folder: Path, server: Server, forker: Forker, old: Path) -> list[End]:
    """Every second story begins without a database, the others with one that has something to forget."""
    began, cpu = time.monotonic(), forker.cpu
    with ThreadPoolExecutor(AT_ONCE) as several:
        started = [
            several.submit(story_of, points, folder / f"p{n}", server, forker, (old, None)[n % 2])
            for n, points in enumerate(stories)
        ]
        ends = [each.result() for each in started]
    hows = ", ".join(f"{count} {how}" for how, count in Counter(end.how for end in ends).items())
    reached, wanted = sum(end.reached for end in ends), sum(end.wanted for end in ends)
    print(
        f"{reached} of {wanted} places reached in {len(ends)} stories ({hows}): "
        f"{sum(end.lost for end in ends)} lost, {sum(end.repeats for end in ends)} repeated; "
        f"{time.monotonic() - began:.0f} s, {forker.cpu - cpu:.1f} s of the daemons' processors"
    )
    for end in ends:
        for line in end.broken:
            print(f"{' then '.join(end.points)} ({end.how}): {line}")
    return ends


def judged(ends: Sequence[End]) -> None:
    """No promise was broken, and the places are places of this life."""
    assert [end for end in ends if end.broken] == []
    assert sum(end.reached for end in ends) > 0.7 * sum(end.wanted for end in ends)


@pytest.mark.timeout(7200 if SOAK else 300)
def test_a_daemon_killed_before_any_statement_loses_nothing(
    tmp_path: Path, server: Server, forker: Forker, old: Path
) -> None:
    """And so are the next two, soon after they have taken over."""
    places = [(n, 1 + 7 * n % HEIRS, 1 + 13 * n % HEIRS) for n in some(range(1, STATEMENTS + 1), 63)]
    stories = [[f"statement:{n}=kill" for n in each] for each in places]
    judged(ends_of(stories, tmp_path, server, forker, old))


@pytest.mark.timeout(7200 if SOAK else 300)
def test_a_daemon_killed_at_any_send_or_fetch_repeats_what_was_in_a_sender_and_nothing_else(
    tmp_path: Path, server: Server, forker: Forker, old: Path
) -> None:
    places = some(range(len(KINDS) * TALKS), 9)
    ends = ends_of([[KINDS[n % 4].format(1 + n // 4)] for n in places], tmp_path, server, forker, old)
    judged(ends)
    assert all(end.repeats <= 2 for end in ends), "one on each of the two channels"
    assert any(end.repeats for end in ends), "some were killed between a service's word and the store's"


@pytest.mark.timeout(7200 if SOAK else 300)
def test_a_daemon_whose_database_fails_at_any_statement_ends_or_waits_and_loses_nothing(
    tmp_path: Path, server: Server, forker: Forker, old: Path
) -> None:
    """One that waits fails several times in a life."""
    stories = [[f"statement:{n}=ioerr"] for n in some(range(1, STATEMENTS + 1), 400)]
    for failure, starting, last, step in (
        ("statement:{}=full", START, STATEMENTS, 150),
        ("statement:{}=locked", START, STATEMENTS, 150),
        ("commit:{}=full*3", STARTING, COMMITS, 45),
    ):
        stories += [[failure.format(n)] for n in some(range(1, starting + 1), 150)]
        for first in some(range(starting + 1, starting + 1 + step), 100):
            stories.append([",".join(failure.format(n) for n in range(first, last + 1, step))])
    ends = ends_of(stories, tmp_path, server, forker, old)
    judged(ends)
    assert {end.how for end in ends} <= {"exit 0", "exit 78"}
