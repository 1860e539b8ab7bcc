"""Killed, or failed by its database, at any place of its life, the daemon comes back and keeps all nine promises.

Each place is a life of its own: tests/stories/life.py tells it, tests/nine.py judges it when all has been told.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import nine
from tests.servers import Server
from tests.stories.forker import Forker
from tests.stories.life import Story, of_old
from watcher.run.failpoints import VARIABLE

SOAK = bool(os.environ.get("WATCHER_SOAK"))
STATEMENTS = 1300
"""A life asks its database for about 1,200; of a place that is not reached nothing comes."""
TALKS = 16
"""It fetches and sends a dozen times each."""
DYING_AT, TALKING_AT, FAILING_AT = (1, 1, 1) if SOAK else (130, TALKS, 700)
"""Of so many places one: here a few, in a long run all."""
AT_ONCE = 8 if SOAK else 4
DYING = ("statement:{n}=kill",)
TALKING = ("send:{n}:before=kill", "send:{n}:after=kill", "fetch:{n}:before=kill", "fetch:{n}:after=kill")
FAILING = ("statement:{n}=full", "statement:{n}=ioerr", "statement:{n}=locked", "commit:{n}=full*3")


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How the story of a failpoint ended."""

    point: str
    how: str  # of the life that it was armed in: killed, stopped with an exit code
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


def places(kinds: Sequence[str], last: int, stride: int = 1) -> list[str]:
    """Failpoints of each kind, every so many places."""
    return [kind.format(n=n) for number, kind in enumerate(kinds) for n in range(1 + number, last + 1, stride)]


def story_of(point: str, folder: Path, server: Server, forker: Forker, old: Path | None) -> End:
    """A daemon with this failpoint, and others without until all is told."""
    folder.mkdir()
    story = Story(folder, server, forker, old)
    first = story.live(10, {VARIABLE: point})
    for _ in range(3):
        if not story.done:
            story.live(60, {})
    last = story.children[-1]
    world = story.world()
    broken = [*nine.broken(world), *([] if story.done else ["it did not come to its end"])]
    broken += [] if last.code == 0 else [f"its last life ended with {last.status}"]
    how = "killed" if first.killed else f"exit {first.code}"
    end = End(point=point, how=how, broken=broken, lost=len(nine.lost(world)), repeats=nine.repeats(world))
    if not broken:
        shutil.rmtree(folder)
    return end


def ends_of(points: Sequence[str], folder: Path, server: Server, forker: Forker, old: Path) -> list[End]:
    """Every second story begins without a database, the others with one that has something to forget."""
    with ThreadPoolExecutor(AT_ONCE) as several:
        started = [
            several.submit(story_of, point, folder / f"p{n}", server, forker, (old, None)[n % 2])
            for n, point in enumerate(points)
        ]
        ends = [each.result() for each in started]
    hows = ", ".join(f"{count} {how}" for how, count in Counter(end.how for end in ends).items())
    print(
        f"{len(ends)} places ({hows}): {sum(end.lost for end in ends)} lost, {sum(end.repeats for end in ends)} "
        f"repeated; {forker.cpu:.1f} s of the daemons' processors so far"
    )
    for end in ends:
        for line in end.broken:
            print(f"{end.point} ({end.how}): {line}")
    return ends


@pytest.mark.timeout(7200 if SOAK else 300)
def test_a_daemon_killed_before_any_statement_loses_nothing(
    tmp_path: Path, server: Server, forker: Forker, old: Path
) -> None:
    ends = ends_of(places(DYING, STATEMENTS, DYING_AT), tmp_path, server, forker, old)
    assert [end for end in ends if end.broken] == []
    assert sum(end.how == "killed" for end in ends) > 0.8 * len(ends), "the places are places of this life"


@pytest.mark.timeout(7200 if SOAK else 300)
def test_a_daemon_killed_at_any_send_or_fetch_repeats_what_was_in_a_sender_and_nothing_else(
    tmp_path: Path, server: Server, forker: Forker, old: Path
) -> None:
    ends = ends_of(places(TALKING, TALKS, TALKING_AT), tmp_path, server, forker, old)
    assert [end for end in ends if end.broken] == []
    assert all(end.repeats <= 2 for end in ends), "one on each of the two channels"
    assert any(end.repeats for end in ends), "some were killed between a service's word and the store's"


@pytest.mark.timeout(7200 if SOAK else 300)
def test_a_daemon_whose_database_fails_at_any_statement_ends_or_waits_and_loses_nothing(
    tmp_path: Path, server: Server, forker: Forker, old: Path
) -> None:
    ends = ends_of(places(FAILING, STATEMENTS, FAILING_AT), tmp_path, server, forker, old)
    assert [end for end in ends if end.broken] == []
    assert {end.how for end in ends} <= {"exit 0", "exit 78"}
