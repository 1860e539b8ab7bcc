"""What a poll leaves in a feed's state when it fails, what good ones reset, and what whole sites ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from tests.fakes import CONSOLE, NOON, Desk, page_of, watched
from tests.lives import once
from tests.stories.house import rss
from watcher.errors import FetchError, ParseError
from watcher.model import Baseline, Condition, FeedState, Response
from watcher.polling.outcome import after_failure, rest_until
from watcher.ports import Store
from watcher.schedule import DAY, HOUR, Intervals
from watcher.store import open_store

GOOD = rss([("1", "strike one")])


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


async def rounds(desk: Desk, *answers: bytes | Response | Exception, hours: float = 25) -> FeedState:
    for answer in answers:
        desk.publish("wires", answer)
        await once(desk)
        desk.clock.advance(hours * HOUR)
    return desk.store.feeds()[0]


async def test_failures_in_a_row_are_kept_with_their_kind_and_weight(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    began = desk.clock.now()
    soft = FetchError("503", kind="status", status=503)
    after = await rounds(desk, soft, soft, ParseError("a page", kind="challenge"))
    assert (after.failures, after.strain, after.failing_since) == (3, 2.0, began)
    assert (after.trouble, after.status, after.error) == ("challenge", None, "a page")
    after = await rounds(desk, FetchError("410", kind="status", status=410))
    assert (after.trouble, after.status) == ("status", 410)


async def test_a_good_poll_resets_what_failures_have_left(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    await rounds(desk, *[FetchError("404", kind="status", status=404)] * 5)
    failing = store.feeds()[0]
    assert failing.condition is Condition.GONE
    assert failing.condition_at
    after = await rounds(desk, GOOD)
    assert (after.failures, after.strain, after.failing_since, after.trouble, after.status) == (
        0,
        0.0,
        None,
        None,
        None,
    )
    assert after.condition is Condition.OK
    assert after.condition_at == after.good_at


async def test_a_condition_that_stays_keeps_its_time(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    first = await rounds(desk, *[FetchError("no name", kind="tls")] * 3)
    later = await rounds(desk, FetchError("no name", kind="tls"))
    assert (first.condition, later.condition) == (Condition.FAILING, Condition.FAILING)
    assert later.condition_at == first.condition_at


@pytest.mark.parametrize(
    "bad",
    [
        ParseError("says that it failed", kind="error-item"),
        ParseError("wants a human", kind="challenge"),
        ParseError("an error page", kind="error-page"),
        FetchError("403", kind="challenge", status=403),
        rss([("1", "strike one"), ("2", "strike two")])[:-30],
        b"",
    ],
    ids=str,
)
async def test_a_bad_answer_changes_what_is_said_of_failures_and_nothing_else(
    store: Store, bad: bytes | Exception
) -> None:
    desk = Desk(store, watched("wires"))
    await rounds(desk, Response(url=page_of("wires"), body=GOOD, etag='"1"', last_modified="x"))
    before = store.feeds()[0]
    after = await rounds(desk, bad)
    changed = {field.name for field in fields(after) if getattr(after, field.name) != getattr(before, field.name)}
    of_failures = {"failures", "error", "trouble", "status", "strain", "failing_since", "condition", "condition_at"}
    assert changed <= of_failures | {"polls", "polled_at", "next_at"}
    assert (after.etag, after.entry_hashes) == ('"1"', before.entry_hashes)


# when a feed is empty at first


async def test_what_comes_into_an_empty_feed_is_news(store: Store) -> None:
    desk = Desk(store, watched("wires", baseline=Baseline.QUIET))
    await rounds(desk, rss([]), GOOD)
    assert "strike one" in desk[CONSOLE].titles


async def test_entries_that_come_back_after_an_empty_document_are_not_news(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    await rounds(desk, GOOD, rss([]), GOOD)
    assert desk[CONSOLE].titles.count("strike one") == 1


# a site's wish for rest


async def test_a_site_that_wants_rest_has_it_from_all_its_feeds(store: Store) -> None:
    one, two, other = (watched(name, url=f"https://{name}.example/feed") for name in ("a.site", "b.site", "other"))
    desk = Desk(store, one, two, other)
    desk.fetcher.pages |= {feed.url: GOOD for feed in (one, two, other)}
    desk.fetcher.pages[one.url] = FetchError("429", kind="status", status=429, retry_after=3 * HOUR)
    state = next(each for each in store.feeds() if each.feed.id == "a.site")
    saved = await desk.jobs.poll(state)
    until = desk.clock.now() + timedelta(hours=3)
    assert saved.rest_until == until
    assert [each.next_at for each in store.feeds()] == [until, until, desk.clock.now()]


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (FetchError("429", kind="status", status=429, retry_after=60), 60),
        (FetchError("503", kind="status", status=503, retry_after=60), 60),
        (FetchError("429", kind="challenge", status=429, retry_after=60), 60),
        (FetchError("503", kind="status", status=503, retry_after=1e12), DAY),
        (FetchError("503", kind="status", status=503, retry_after=0), None),
        (FetchError("503", kind="status", status=503), None),
        (FetchError("500", kind="status", status=500, retry_after=60), None),
        (ParseError("a page", kind="not-a-feed"), None),
    ],
)
def test_rest_is_what_a_busy_site_asks_for(error: FetchError | ParseError, seconds: float | None) -> None:
    state = FeedState(feed=watched("wires"))
    assert rest_until(state, error, Intervals(), NOON) == (
        None if seconds is None else NOON + timedelta(seconds=seconds)
    )


@pytest.mark.parametrize(("place", "rests"), [("https://cdn.wires.example/feed", True), ("https://host.test/w", False)])
def test_a_site_that_a_feed_has_moved_to_asks_for_no_rest_of_the_old_one(place: str, *, rests: bool) -> None:
    state = FeedState(feed=watched("wires"), moved_to=place, moved_polls=3)
    error = FetchError("429", kind="status", status=429, retry_after=60)
    assert bool(rest_until(state, error, Intervals(), NOON)) == rests


def test_a_failure_counts_up_from_what_was_there() -> None:
    state = FeedState(feed=watched("wires"), failures=4, strain=2.5, failing_since=NOON, polls=9)
    later = NOON + timedelta(hours=1)
    after = after_failure(state, FetchError("no name", kind="dns"), Intervals(), later, 0.5)
    assert (after.failures, after.strain, after.failing_since, after.polls) == (5, 3.0, NOON, 10)
    assert replace(after, next_at=None).polled_at == later
