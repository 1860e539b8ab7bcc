"""What ports.Fetcher promises, held against every implementation of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from tests.servers import Server, page, truncated
from watcher.errors import FetchError
from watcher.fetch import Limits, open_fetcher
from watcher.model import FetchRequest, Response
from watcher.ports import Fetcher

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
SMALL = Limits(total=30, connect=10, pause=0, wire=1 << 16, decoded=1 << 16, file=1 << 16, folder=1 << 16, settle=0.05)


class NoonClock:
    def now(self) -> datetime:
        return NOW


class Source(Protocol):
    """A thing that can be fetched, and changed meanwhile."""

    @property
    def url(self) -> str: ...
    def put(self, body: bytes) -> None: ...
    def spoil(self) -> None:
        """Be there in part only."""

    def remove(self) -> None: ...


@dataclass
class Web:
    server: Server

    @property
    def url(self) -> str:
        return self.server.url("/feed")

    def put(self, body: bytes) -> None:
        self.server["/feed"] = page(body)

    def spoil(self) -> None:
        self.server["/feed"] = truncated(b"half")

    def remove(self) -> None:
        self.server.stop()


@dataclass
class OneFile:
    path: Path
    writes: int = 0

    @property
    def url(self) -> str:
        return self.path.as_uri()

    def put(self, body: bytes) -> None:
        self.writes += 1
        self._write(body, NOW - timedelta(hours=1) + timedelta(seconds=self.writes))

    def spoil(self) -> None:
        self._write(b"half", NOW)

    def remove(self) -> None:
        self.path.unlink()

    def _write(self, body: bytes, at: datetime) -> None:
        self.path.write_bytes(body)
        os.utime(self.path, (at.timestamp(), at.timestamp()))


@dataclass
class Folder(OneFile):
    @property
    def url(self) -> str:
        return str(self.path.parent)

    def spoil(self) -> None:
        (self.path.parent / "large.txt").write_bytes(b"x" * (1 << 15))
        self._write(b"x" * (1 << 16), NOW - timedelta(hours=1))

    def remove(self) -> None:
        for path in self.path.parent.iterdir():
            path.unlink()
        self.path.parent.rmdir()


@pytest.fixture(params=["http", "folder", "text file", "document"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Source]:
    folder = tmp_path / "feed"
    folder.mkdir()
    match request.param:
        case "http":
            with Server() as server:
                yield Web(server)
        case "folder":
            yield Folder(folder / "a.txt")
        case "text file":
            yield OneFile(folder / "a.txt")
        case _:
            yield OneFile(folder / "a.xml")


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    fetcher = open_fetcher(clock=NoonClock(), limits=SMALL, allow_private=["localhost"])
    yield fetcher
    await fetcher.aclose()


def content(response: Response) -> bytes:
    return response.body if response.files is None else b"".join(file.body for file in response.files)


async def test_a_response_is_whole(source: Source, fetcher: Fetcher) -> None:
    body = os.urandom(20_000)
    source.put(body)
    response = await fetcher.fetch(FetchRequest(url=source.url))
    assert content(response) == body
    assert not response.not_modified
    assert response.url


async def test_what_did_not_change_is_not_brought_again(source: Source, fetcher: Fetcher) -> None:
    source.put(b"one")
    first = await fetcher.fetch(FetchRequest(url=source.url))
    again = await fetcher.fetch(FetchRequest(url=source.url, etag=first.etag))
    assert first.etag
    assert again.not_modified
    assert again.etag == first.etag
    assert content(again) == b""
    assert not again.files


async def test_what_changed_is_brought_again(source: Source, fetcher: Fetcher) -> None:
    source.put(b"one")
    first = await fetcher.fetch(FetchRequest(url=source.url))
    source.put(b"two")
    second = await fetcher.fetch(FetchRequest(url=source.url, etag=first.etag))
    assert content(second) == b"two"
    assert second.etag != first.etag


async def test_an_unconditional_fetch_always_brings_everything(source: Source, fetcher: Fetcher) -> None:
    source.put(b"one")
    for _ in range(2):
        assert content(await fetcher.fetch(FetchRequest(url=source.url))) == b"one"


async def test_a_part_is_an_error(source: Source, fetcher: Fetcher) -> None:
    source.put(b"one")
    first = await fetcher.fetch(FetchRequest(url=source.url))
    source.spoil()
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url=source.url, etag=first.etag))
    assert caught.value.kind in {"truncated", "too-large", "folder"}
    assert str(caught.value).isprintable()


async def test_what_is_gone_is_an_error(source: Source, fetcher: Fetcher) -> None:
    source.put(b"one")
    first = await fetcher.fetch(FetchRequest(url=source.url))
    source.remove()
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url=source.url, etag=first.etag))
    assert caught.value.kind in {"connect", "folder"}


async def test_it_works_again_after_an_error(source: Source, fetcher: Fetcher) -> None:
    source.put(b"one")
    with pytest.raises(FetchError):
        await fetcher.fetch(FetchRequest(url=source.url + "/not/there"))
    assert content(await fetcher.fetch(FetchRequest(url=source.url))) == b"one"


async def test_many_may_fetch_at_a_time(source: Source, fetcher: Fetcher) -> None:
    source.put(b"one")
    responses = await asyncio.gather(*(fetcher.fetch(FetchRequest(url=source.url)) for _ in range(20)))
    assert {content(response) for response in responses} == {b"one"}


async def test_a_fetch_can_be_given_up(source: Source, fetcher: Fetcher) -> None:
    source.put(b"one")
    task = asyncio.create_task(fetcher.fetch(FetchRequest(url=source.url)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert content(await fetcher.fetch(FetchRequest(url=source.url))) == b"one"


@pytest.mark.parametrize(
    "url", ["", "http://", "file://elsewhere/", "gopher://example.org/", "\0", "http://[", "//x/y"]
)
async def test_nonsense_is_a_fetch_error_too(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url=url))
    assert str(caught.value)


async def test_closing_twice_is_allowed(source: Source) -> None:
    fetcher = open_fetcher(clock=NoonClock(), limits=SMALL, allow_private=["localhost"])
    source.put(b"one")
    await fetcher.fetch(FetchRequest(url=source.url))
    await fetcher.aclose()
    await fetcher.aclose()


async def test_closing_what_was_never_used_is_allowed() -> None:
    await open_fetcher(clock=NoonClock()).aclose()
