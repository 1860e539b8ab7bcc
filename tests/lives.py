"""Lives of a desk: rounds, the daemon for a while, and stores that behave otherwise."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from tests.fakes import Desk, page_of
from watcher.ports import Store
from watcher.run.embedded import EmbeddedRunner, Rhythm

QUICK = Rhythm(tick=0.01, beat=0.01, mind=0.01, grace=0.05)


async def once(desk: Desk) -> int:
    return await EmbeddedRunner(desk.jobs, Rhythm()).once()


@asynccontextmanager
async def running(desk: Desk, rhythm: Rhythm = QUICK) -> AsyncIterator[None]:
    """The daemon, for as long as the block lasts; it must end when it is told to."""
    stop = asyncio.Event()
    daemon = asyncio.create_task(EmbeddedRunner(desk.jobs, rhythm).run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(daemon, 60)


async def until(condition: Callable[[], object]) -> None:
    """AssertionError when it does not come true within a minute: other tests keep the machine busy."""
    with suppress(TimeoutError):
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0.002)
    assert condition()


def times(desk: Desk, name: str) -> int:
    """How often the feed was asked for."""
    return sum(request.url == page_of(name) for request in desk.fetcher.asked)


@contextmanager
def no_descriptors() -> Iterator[None]:
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (few, most))


class Twisted:
    """A store of which some methods are replaced."""

    def __init__(self, store: Store, **methods: Callable[..., Any]) -> None:
        self._store = store
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        return self._methods.get(name) or getattr(self._store, name)


def twist(desk: Desk, **methods: Callable[..., Any]) -> None:
    desk.jobs.store = Twisted(desk.store, **methods)
