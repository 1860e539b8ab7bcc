"""What is filed under the keys of an earlier version is filed anew beside all else that a daemon does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.fakes import CONSOLE, Desk, watched
from tests.stories.house import rss
from watcher.run.embedded import EmbeddedRunner, Rhythm
from watcher.store.refiling import unfiled_before
from watcher.store.sqlite import SqliteStore, open_file

MANY = 1_200
DONE = "filed all items anew: words are compared in a new way"


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    opened = open_file(":memory:")
    yield opened
    opened.close()


async def lived(store: SqliteStore) -> Desk:
    """A desk with many items in its store, none of which is filed under today's keys."""
    desk = Desk(store, watched("wires"))
    desk.publish("wires", rss([(str(number), f"calm {number}") for number in range(MANY)]))
    await EmbeddedRunner(desk.jobs, Rhythm()).once()
    store.db.execute("DELETE FROM meta WHERE name = 'index'")
    return desk


async def test_the_daemon_files_all_of_it_in_small_steps_and_says_so_once(store: SqliteStore) -> None:
    desk = await lived(store)
    desk.clock.advance(3600)
    desk.publish("wires", rss([("new", "strike one")]))
    stop = asyncio.Event()
    runner = EmbeddedRunner(desk.jobs, Rhythm(tick=0.01, rest=0.001, grace=0.5))
    daemon = asyncio.create_task(runner.run(stop))
    async with asyncio.timeout(60):
        while DONE not in desk.log.events or not desk[CONSOLE].titles:
            await asyncio.sleep(0.002)
    stop.set()
    await asyncio.wait_for(daemon, 60)
    assert desk[CONSOLE].titles == ["strike one"]
    assert desk.log.events.count(DONE) == 1
    assert unfiled_before(store.db) == 0


async def test_a_round_called_once_files_a_part_and_the_next_one_goes_on(store: SqliteStore) -> None:
    desk = await lived(store)
    await EmbeddedRunner(desk.jobs, Rhythm()).once()
    assert 1 < unfiled_before(store.db) < MANY
    await EmbeddedRunner(desk.jobs, Rhythm()).once()
    assert unfiled_before(store.db) == 0
