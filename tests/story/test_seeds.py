"""The five seeds, polled as a folder: four tell of the Tikrit offensive of March 2015, one of Amerli in 2014."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.nouns import hash64
from tests.fakes import NOON, Desk
from watcher.model import Feed, FeedId, File, Level, Response, Revision
from watcher.ports import Store
from watcher.store import open_store

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


@pytest.fixture(params=["together", "one by one", "the other way round"])
def stored(request: pytest.FixtureRequest) -> Iterator[tuple[Store, str]]:
    store = open_store("sqlite:///:memory:")
    yield store, request.param
    store.close()


def test_four_of_the_seeds_tell_of_one_event_and_one_of_another(stored: tuple[Store, str]) -> None:
    store, order = stored
    files = [of(path) for path in SEEDS]
    files = files[::-1] if order == "the other way round" else files
    found = asyncio.run(polled(store, [files] if order == "together" else [[each] for each in files]))
    stories = {revision.item.url: revision.story for revision in found}
    tikrit, amerli = stories[files[0].url], stories[next(each.url for each in files if each.name.startswith("002"))]
    assert [each.story for each in found].count(tikrit) == 4
    assert [each.story for each in found].count(amerli) == 1
    levels = sorted(revision.link.level for revision in found)
    assert levels == [Level.ALONE] * 2 + [Level.EVENT] * 3
    assert all(revision.link.shared for revision in found if revision.link.level is Level.EVENT)


async def polled(store: Store, polls: list[list[File]]) -> list[Revision]:
    """What came of documents with these files, each with those of the polls before."""
    feed = Feed(id=FeedId("seeds"), url="file:///seeds/", lang="en")
    desk = Desk(store, feed)
    files: list[File] = []
    found: list[Revision] = []
    for new in polls:
        files = sorted([*files, *new], key=lambda file: file.name)
        desk.fetcher.pages[feed.url] = Response(url=feed.url, files=tuple(files))
        found += (await desk.jobs.poll(store.feeds()[0])).revisions
        desk.clock.advance(60)
    return found


def of(path: Path) -> File:
    return File(
        name=path.name, url=f"file:///seeds/{path.name}", body=path.read_bytes(), modified=NOON, hash=hash64(path.name)
    )
