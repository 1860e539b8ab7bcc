"""No item is lost, and nobody waits, because of what its story costs or how it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.fakes import CONSOLE, Desk, about, watched
from tests.lives import once, twist
from tests.paper import WORDS, document
from watcher.jobs.recognise import in_batches
from watcher.store import open_store


@pytest.fixture
def desk() -> Iterator[Desk]:
    store = open_store("sqlite:///:memory:")
    yield Desk(store, watched("paper"), rules=(about("quake"),))
    store.close()


async def test_items_whose_stories_cannot_be_looked_for_are_told_by_themselves(desk: Desk) -> None:
    def akin(*_: object) -> None:
        raise OverflowError

    twist(desk, akin=akin)
    desk.publish("paper", document(1))
    await once(desk)
    assert len(desk[CONSOLE].titles) == len(WORDS)
    assert "stories could not be looked for" in desk.log.events


async def test_others_have_their_turn_between_two_values_that_take_long() -> None:
    said: list[str] = []
    loop = asyncio.get_running_loop()

    def slow() -> Iterator[None]:
        for value in "ab":
            said.append(value)
            until = loop.time() + 0.05
            while loop.time() < until:
                pass
            yield

    loop.call_soon(said.append, "another")
    assert len([each async for each in in_batches(slow())]) == 2
    assert said == ["a", "another", "b"]
