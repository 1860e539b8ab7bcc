"""A clock that stands, and fetchers scaled down for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from watcher.errors import FetchError
from watcher.fetch import Limits, open_fetcher
from watcher.model import FetchRequest, Response
from watcher.ports import Fetcher

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SMALL = Limits(total=30, connect=10, pause=0, wire=1 << 20, decoded=2 << 20, settle=0.05)


@dataclass
class StandingClock:
    """Says the time it was set to."""

    time: datetime = field(default=NOON)

    def now(self) -> datetime:
        return self.time


@asynccontextmanager
async def fetching(
    clock: StandingClock | None = None, *, allow: tuple[str, ...] = ("127.0.0.1",), contact: str = "", **limits: Any
) -> AsyncIterator[Fetcher]:
    """A Fetcher with SMALL limits, changed by keyword."""
    numbers = replace(SMALL, **limits)
    fetcher = open_fetcher(clock=clock or StandingClock(), limits=numbers, allow_private=allow, contact=contact)
    try:
        yield fetcher
    finally:
        await fetcher.aclose()


async def get(url: str, etag: str | None = None, allow: tuple[str, ...] = ("127.0.0.1",), **limits: Any) -> Response:
    """One fetch by a fetcher of its own."""
    async with fetching(allow=allow, **limits) as fetcher:
        return await fetcher.fetch(FetchRequest(url=url, etag=etag))


async def failure(url: str, allow: tuple[str, ...] = ("127.0.0.1",), **limits: Any) -> FetchError:
    """The error of a fetch that must fail, held to what every such error promises: one printable line."""
    with pytest.raises(FetchError) as caught:
        await get(url, allow=allow, **limits)
    assert str(caught.value).isprintable()
    assert caught.value.kind
    return caught.value
