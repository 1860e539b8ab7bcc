"""Feeds that are found on the page that their owner named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import CONSOLE, Desk, page_of, watched
from tests.lives import once
from tests.stories.house import rss
from watcher.errors import FetchError, ParseError
from watcher.model import Access, FeedId, FeedState, Response
from watcher.polling.request import announced, request_for
from watcher.ports import Store
from watcher.schedule import Intervals
from watcher.store import open_store

HOUR = 3600.0
PAGE = page_of("wires")
FOUND = "https://wires.example/news.xml"
OTHER = "https://elsewhere.example/news.xml"
SECRET = (("Authorization", "Bearer s3cret"),)


def page(*announced: str) -> bytes:
    links = "".join(f"<link rel='alternate' type='application/rss+xml' href='{url}'>" for url in announced)
    return f"<!doctype html><html><head><title>News</title>{links}</head><body><p>Hello</p></body></html>".encode()


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", page(FOUND))
    desk.fetcher.pages[FOUND] = Response(url=FOUND, body=rss([("1", "strike one")]), etag='"1"')
    return desk


async def asked(desk: Desk, *, hours: float = 25) -> list[str]:
    """The URLs that a round asks for."""
    desk.fetcher.asked.clear()
    await once(desk)
    desk.clock.advance(hours * HOUR)
    return [request.url for request in desk.fetcher.asked]


def state_of(desk: Desk) -> FeedState:
    return desk.store.feeds()[0]


async def test_the_feed_that_a_page_announces_is_polled_in_its_place(desk: Desk) -> None:
    assert await asked(desk) == [PAGE, FOUND]
    assert desk[CONSOLE].titles == ["strike one"]
    assert state_of(desk).found_at == FOUND
    desk.fetcher.pages[FOUND] = rss([("2", "strike two"), ("1", "strike one")])
    assert await asked(desk) == [FOUND]
    assert desk[CONSOLE].titles == ["strike one", "strike two"]
    assert desk.log.events.count("feed was found on its page") == 1


async def test_validators_are_of_the_feed_that_was_found(desk: Desk) -> None:
    await asked(desk)
    await asked(desk)
    assert desk.fetcher.asked[-1].etag == '"1"'
    desk.fetcher.pages[FOUND] = FetchError("no route", kind="connect")
    await asked(desk)
    assert await asked(desk) == [PAGE, FOUND]
    assert [request.etag for request in desk.fetcher.asked] == [None, None]
    assert state_of(desk).etag == '"1"'


async def test_a_page_that_announces_another_feed_is_followed_once_the_old_one_fails(desk: Desk) -> None:
    await asked(desk)
    desk.publish("wires", page(OTHER))
    desk.fetcher.pages |= {FOUND: FetchError("404", kind="status", status=404), OTHER: rss([("3", "strike three")])}
    assert await asked(desk) == [FOUND]
    assert await asked(desk) == [PAGE, OTHER]
    assert (state_of(desk).found_at, state_of(desk).failures) == (OTHER, 0)
    assert await asked(desk) == [OTHER]
    assert "strike three" in desk[CONSOLE].titles


async def test_a_page_that_announces_nothing_any_more_leaves_the_feed_where_it_was(desk: Desk) -> None:
    await asked(desk)
    known = state_of(desk).entry_hashes
    desk.publish("wires", page())
    desk.fetcher.pages[FOUND] = FetchError("404", kind="status", status=404)
    assert [await asked(desk) for _ in range(4)] == [[FOUND], [PAGE], [FOUND], [PAGE]]
    after = state_of(desk)
    assert (after.found_at, after.failures, after.trouble, after.entry_hashes) == (FOUND, 4, "not-a-feed", known)


async def test_an_address_that_is_a_feed_again_is_polled_itself(desk: Desk) -> None:
    await asked(desk)
    desk.fetcher.pages[FOUND] = FetchError("404", kind="status", status=404)
    desk.publish("wires", rss([("1", "strike one")]))
    assert [await asked(desk) for _ in range(3)] == [[FOUND], [PAGE], [PAGE]]
    assert state_of(desk).found_at is None


async def test_one_hop_is_made_and_no_more(desk: Desk) -> None:
    desk.fetcher.pages[FOUND] = page(OTHER)
    assert await asked(desk) == [PAGE, FOUND]
    after = state_of(desk)
    assert (after.failures, after.trouble, after.found_at, after.baselined) == (1, "not-a-feed", None, False)


@pytest.mark.parametrize(("at", "opened"), [(FOUND, SECRET), (OTHER, ()), ("http://wires.example/news.xml", ())])
async def test_what_opens_a_feed_is_not_for_where_its_page_leads(
    desk: Desk, at: str, opened: tuple[tuple[str, str], ...]
) -> None:
    access = Access(headers=SECRET, proxy="http://proxy.example:3128")
    desk.jobs.live = replace(desk.jobs.live, access={FeedId("wires"): access})
    desk.publish("wires", page(at))
    desk.fetcher.pages[at] = rss([("1", "strike one")])
    assert await asked(desk) == [PAGE, at]
    assert [request.access.headers for request in desk.fetcher.asked] == [SECRET, opened]
    assert await asked(desk) == [at]
    assert [request.access.headers for request in desk.fetcher.asked] == [opened]
    assert {request.access.proxy for request in desk.fetcher.asked} == {"http://proxy.example:3128"}


@pytest.mark.parametrize(
    ("feeds", "found"),
    [
        ((FOUND, OTHER), FOUND),
        ((), None),
        ((PAGE,), None),
        (("file:///etc/",), None),
        (("/etc",), None),
    ],
)
def test_a_page_leads_to_the_network_and_not_to_itself(feeds: tuple[str, ...], found: str | None) -> None:
    assert announced(ParseError("a page", kind="not-a-feed", feeds=feeds), PAGE) == found


@pytest.mark.parametrize(
    ("said", "url", "held"),
    [
        ({}, PAGE, True),
        ({"failures": 1}, PAGE, True),
        ({"found_at": FOUND}, FOUND, True),
        ({"found_at": FOUND, "failures": 1}, PAGE, False),
        ({"found_at": FOUND, "failures": 2}, FOUND, True),
        ({"moved_to": OTHER, "moved_polls": 3}, OTHER, True),
        ({"moved_to": OTHER, "moved_polls": 3, "failures": 1}, PAGE, False),
    ],
)
def test_validators_go_where_they_came_from(said: dict[str, Any], url: str, *, held: bool) -> None:
    state = replace(FeedState(feed=watched("wires"), etag='"1"', last_modified="x"), **said)
    request = request_for(state, Intervals(), Access(headers=SECRET))
    assert (request.url, request.etag, request.last_modified) == (url, '"1"' if held else None, "x" if held else None)
    assert request.access.headers == (SECRET if url != OTHER else ())
