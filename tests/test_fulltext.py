"""Full texts: an item is told by its summary at once and matched again with its page, told once whatever comes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import CONSOLE, NOON, Desk, about, page_of, watched
from tests.lives import once, running, times, twist, until
from tests.stories.house import rss
from watcher.errors import FetchError, StoreError
from watcher.jobs import LEASE
from watcher.model import (
    Access,
    Baseline,
    Feed,
    FeedId,
    FetchRequest,
    LinkedPage,
    Origin,
    Paging,
    Reason,
    Response,
    Revision,
    RuleId,
    Updates,
)
from watcher.polling.paging import WHOLE
from watcher.ports import Store
from watcher.run.threads import OneThread
from watcher.store import open_store

WIRES = replace(watched("wires"), full_text=True)
ID = FeedId("wires")
HOUR = 3600.0


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


def link(guid: str) -> str:
    return f"http://news.example/{guid}"


def paragraphs(*said: str) -> str:
    return "".join(f"<p>{each}</p>" for each in said)


ROAD = "The road along the northern shore was closed for most of the day, the council said on Monday evening."
HARBOUR = "Workers at the harbour had left their posts an hour before, and the ferries stayed where they were."
MORNING = "By morning the boats were out again, and the fishermen said that they had seen nothing of it at all."


def html(title: str, *said: str, head: str = "") -> bytes:
    body = f"<article><h1>{title}</h1>{paragraphs(*said, ROAD, HARBOUR, MORNING)}</article>"
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()
    )


def served(page: bytes, guid: str) -> Response:
    return Response(url=link(guid), headers={"content-type": "text/html; charset=utf-8"}, body=page)


def wires(store: Store, *items: tuple[str, str], words: Sequence[str] = ("strike",), feed: Feed = WIRES) -> Desk:
    desk = Desk(store, feed, rules=[about(word) for word in words])
    desk.publish("wires", rss(items))
    return desk


def latest(store: Store, number: int | None = None) -> Revision:
    (first, *_) = [found.item.id for found in store.search([], None, 9)]
    found = store.revision(first, number)
    assert found is not None
    return found


def reasons(store: Store, rule: str) -> list[tuple[int, Reason]]:
    records = store.records(latest(store).item.id, RuleId(rule))
    return [(record.match.revision, one.reason) for record in records for one in record.dispatches]


async def later(desk: Desk, seconds: float) -> int:
    desk.clock.advance(seconds)
    return await once(desk)


# --- the text comes ---------------------------------------------------------------------------------------


async def test_a_rule_that_only_the_page_matches_tells_it(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"))
    desk.fetcher.pages[link("1")] = served(html("Harbour news", "A strike began at noon."), "1")
    assert await once(desk) == 0
    assert desk[CONSOLE].titles == ["Harbour news"]
    came = latest(store)
    assert (came.number, came.item.origin) == (2, Origin.PAGE)
    assert came.item.text.startswith("A strike began at noon.")
    assert came.item.summary == "Harbour news, said a spokesman."
    assert latest(store, 1).item.origin is Origin.FEED
    assert reasons(store, "strike") == [(2, Reason.NEW)]
    assert store.paging(ID) == Paging()


@pytest.mark.parametrize("updates", list(Updates))
async def test_who_was_told_by_the_summary_is_not_told_again_whatever_the_rule_says_of_updates(
    store: Store, updates: Updates
) -> None:
    desk = Desk(store, WIRES, rules=[about("strike", updates=updates)])
    desk.publish("wires", rss([("1", "A strike")]))
    desk.fetcher.pages[link("1")] = FetchError("it timed out", kind="timeout")
    await once(desk)
    assert desk[CONSOLE].titles == ["A strike"]
    desk.fetcher.pages[link("1")] = served(html("A strike", "The strike began at noon."), "1")
    await later(desk, 200)
    assert latest(store).item.origin is Origin.PAGE
    assert desk[CONSOLE].titles == ["A strike"]
    assert reasons(store, "strike") == [(1, Reason.NEW), (2, Reason.FULL_TEXT)]


async def test_what_is_not_told_yet_is_told_once_with_the_text(store: Store) -> None:
    desk = wires(store, ("1", "A strike"))
    desk.fetcher.pages[link("1")] = served(html("A strike", "The strike began at noon."), "1")
    await once(desk)
    assert desk[CONSOLE].titles == ["A strike"]
    assert reasons(store, "strike") == [(1, Reason.SAME_ITEM), (2, Reason.NEW)]


async def test_what_the_feed_says_of_an_item_stays_and_what_it_lacks_comes_from_the_page(store: Store) -> None:
    head = (
        "<meta name='author' content='Ann Author'><meta property='og:site_name' content='The Harbour Post'>"
        "<meta property='article:published_time' content='2019-01-01T00:00:00Z'>"
    )
    desk = wires(store, ("1", "Harbour news"))
    desk.fetcher.pages[link("1")] = served(html("Another headline", "A strike began.", head=head), "1")
    await once(desk)
    first, came = latest(store, 1).item, latest(store).item
    for name in ("id", "key", "fingerprint", "url", "canonical", "title", "published", "summary"):
        assert getattr(came, name) == getattr(first, name), name
    assert came.authors == ("Ann Author",)
    assert came.outlet == "The Harbour Post"
    assert "Another headline" not in came.text


async def test_an_edit_in_the_feed_is_a_revision_like_any_other_and_its_page_is_fetched_again(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"))
    desk.fetcher.pages[link("1")] = served(html("Harbour news", "A strike began."), "1")
    await once(desk)
    desk.publish("wires", rss([("1", "Harbour news, updated")]))
    desk.fetcher.pages[link("1")] = served(html("Harbour news", "A strike began.", "It ended at dusk."), "1")
    await later(desk, 2 * HOUR)
    assert [latest(store, n).item.origin for n in (1, 2, 3, 4)] == [Origin.FEED, Origin.PAGE, Origin.FEED, Origin.PAGE]
    assert latest(store, 4).item.title == "Harbour news, updated"
    assert "It ended at dusk." in latest(store, 4).item.text
    assert desk[CONSOLE].titles == ["Harbour news"]
    assert reasons(store, "strike") == [(2, Reason.NEW), (4, Reason.FULL_TEXT)]
    desk.publish("wires", rss([("1", "Harbour news, updated")], title="Another title of the feed"))
    await later(desk, 2 * HOUR)
    assert latest(store).number == 4, "the feed says what it said: nothing is new"


async def test_a_page_that_says_no_more_than_the_feed_leaves_the_item_as_it_is(store: Store) -> None:
    desk = wires(store, ("1", "A strike"))
    page = b"<html><title>A strike</title><body><p>A strike, said a spokesman.</p></body></html>"
    desk.fetcher.pages[link("1")] = served(page, "1")
    await once(desk)
    assert latest(store).number == 1
    assert store.paging(ID) == Paging()
    await later(desk, HOUR)
    assert sum(request.url == link("1") for request in desk.fetcher.asked) == 1


# --- which pages are fetched ------------------------------------------------------------------------------


async def test_no_page_is_fetched_for_what_was_there_already(store: Store) -> None:
    desk = wires(store, ("1", "A strike"), feed=replace(WIRES, baseline=Baseline.QUIET))
    await once(desk)
    desk.publish("wires", rss([("2", "Harbour news"), ("1", "A strike")]))
    await later(desk, HOUR)
    assert [request.url for request in desk.fetcher.asked if "news.example" in request.url] == [link("2")]


async def test_no_page_is_fetched_for_a_feed_that_did_not_ask_or_asks_no_more(store: Store) -> None:
    desk = wires(store, ("1", "A strike"), feed=watched("wires"))
    await once(desk)
    desk.want(WIRES)
    desk.publish("wires", rss([("2", "More news"), ("1", "A strike")]))
    desk.fetcher.pages[link("2")] = FetchError("it timed out", kind="timeout")
    await later(desk, HOUR)
    desk.want(watched("wires"))
    await later(desk, HOUR)
    assert [request.url for request in desk.fetcher.asked if "news.example" in request.url] == [link("2")]


async def test_a_text_that_is_all_there_is_not_fetched_again(store: Store) -> None:
    long = " ".join(f"Word number {n} is here." for n in range(WHOLE // 4))
    for guid, end, fetched in (("whole", "", 0), ("cut", " And then …", 1), ("more", "</p><p>Read more", 1)):
        text = f"<p>{long}{end}</p>".replace("<", "&lt;")
        item = f"<item><guid>{guid}</guid><title>News {guid}</title><link>{link(guid)}</link>"
        document = f"<rss version='2.0'><channel>{item}<description>{text}</description></item></channel></rss>"
        desk = Desk(store, replace(WIRES, id=FeedId(guid), url=page_of(guid)))
        desk.publish(guid, document.encode())
        await once(desk)
        assert sum(request.url == link(guid) for request in desk.fetcher.asked) == fetched, guid


async def test_what_opens_the_feed_goes_to_pages_of_its_own_origin_only(store: Store) -> None:
    own, other = "https://wires.example/a", "https://other.example/b"
    items = "".join(f"<item><title>{url}</title><link>{url}</link></item>" for url in (own, other))
    desk = Desk(store, WIRES)
    desk.publish("wires", f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    access = Access(headers=(("X-Key", "sesame"),), proxy="http://proxy.example:3128")
    desk.jobs.live = replace(desk.jobs.live, access={ID: access})
    await once(desk)
    asked = {request.url: request for request in desk.fetcher.asked}
    assert asked[own].access == access
    assert asked[other].access == Access(proxy=access.proxy)
    assert (asked[own].page, asked[page_of("wires")].page) == (True, False)


# --- what goes wrong --------------------------------------------------------------------------------------


async def test_a_page_that_cannot_be_had_is_tried_for_three_days_and_then_given_up_with_a_word(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"))
    desk.fetcher.pages[link("1")] = FetchError("the server answered 503", kind="status", status=503)
    await once(desk)
    assert store.paging(ID) == Paging(wanted=1, error="the server answered 503")
    for _ in range(24 * 5):
        await later(desk, HOUR)
    tries = sum(request.url == link("1") for request in desk.fetcher.asked)
    assert 9 <= tries <= 15
    assert store.paging(ID) == Paging(given_up=1, error="the server answered 503")
    assert sum("page given up" in event for event in desk.log.events) == 1
    assert latest(store).number == 1


async def test_a_page_that_is_not_there_is_tried_a_few_times(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"))
    desk.fetcher.pages[link("1")] = FetchError("the server answered 404", kind="status", status=404)
    for _ in range(24):
        await later(desk, HOUR)
    assert sum(request.url == link("1") for request in desk.fetcher.asked) == 4
    assert store.paging(ID).given_up == 1


async def test_a_link_to_no_page_is_given_up_at_once(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"))
    pdf = Response(url=link("1"), headers={"content-type": "application/pdf"}, body=b"%PDF-1.7 \0")
    desk.fetcher.pages[link("1")] = pdf
    await once(desk)
    said = "the link leads to application/pdf, not to a page"
    assert store.paging(ID) == Paging(given_up=1, error=said)


async def test_a_check_for_bots_is_a_failed_try(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"))
    wall = b"<html><title>Just a moment...</title><body>Enable JavaScript and cookies to continue</body></html>"
    desk.fetcher.pages[link("1")] = served(wall, "1")
    await once(desk)
    paging = store.paging(ID)
    assert (paging.wanted, "a check for bots" in (paging.error or "")) == (1, True)
    assert latest(store).item.wall == ""


async def test_a_site_that_asks_for_rest_has_it(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"), ("2", "More news"))
    busy = FetchError("the server answered 429", kind="status", status=429, retry_after=1800.0)
    desk.fetcher.pages |= {link("1"): busy, link("2"): busy}
    await once(desk)
    await later(desk, 1700)
    assert sum("news.example" in request.url for request in desk.fetcher.asked) == 1
    await later(desk, 200)
    assert sum("news.example" in request.url for request in desk.fetcher.asked) >= 2


async def test_a_mistake_of_ours_is_that_pages_failure(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"))
    desk.fetcher.pages[link("1")] = RuntimeError("what\never")
    await once(desk)
    assert store.paging(ID) == Paging(wanted=1, error="internal error: RuntimeError: what ever")


async def test_the_text_of_an_item_that_was_edited_meanwhile_counts_for_nothing_and_comes_again(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"))
    desk.fetcher.pages[link("1")] = FetchError("it timed out", kind="timeout")
    await once(desk)
    desk.clock.advance(HOUR)
    (page,) = store.claim_pages(desk.clock.now(), 9, desk.clock.now() + LEASE)
    desk.publish("wires", rss([("1", "Harbour news, again")]))
    (state,) = store.claim_feeds(desk.clock.now(), 9, desk.clock.now() + LEASE)
    await desk.jobs.poll(state)
    desk.fetcher.pages[link("1")] = served(html("Harbour news", "A strike began."), "1")
    assert await desk.jobs.fulltext(page) is None
    assert (latest(store).number, latest(store).item.origin) == (2, Origin.FEED)
    await once(desk)
    assert (latest(store).number, latest(store).item.origin) == (3, Origin.PAGE)
    assert desk[CONSOLE].titles == ["Harbour news, again"]


async def test_an_edit_that_comes_while_a_page_is_saved_takes_the_number_after_it(store: Store) -> None:
    gate, reached = asyncio.Event(), asyncio.Event()

    async def slowly(call: Any, /, *args: Any) -> Any:
        if getattr(call, "__name__", "") == "save_page" and not gate.is_set():
            reached.set()
            await gate.wait()
        return call(*args)

    desk = wires(store, ("1", "Harbour news"))
    desk.fetcher.pages[link("1")] = FetchError("it timed out", kind="timeout")
    await once(desk)
    desk.clock.advance(HOUR)
    now = desk.clock.now()
    (page,), (state,) = store.claim_pages(now, 9, now + LEASE), store.claim_feeds(now, 9, now + LEASE)
    desk.fetcher.pages[link("1")] = served(html("Harbour news", "A strike began."), "1")
    desk.publish("wires", rss([("1", "Harbour news, again")]))
    desk.jobs.on_store = slowly  # type: ignore[assignment]
    fetching = asyncio.create_task(desk.jobs.fulltext(page))
    await reached.wait()
    polling = asyncio.create_task(desk.jobs.poll(state))
    await until(lambda: times(desk, "wires") == 2)
    gate.set()
    await asyncio.gather(fetching, polling)
    assert [latest(store, n).item.origin for n in (1, 2, 3)] == [Origin.FEED, Origin.PAGE, Origin.FEED]
    assert latest(store).item.title == "Harbour news, again"


async def test_a_forgotten_items_page_comes_to_nothing(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"))
    desk.fetcher.pages[link("1")] = FetchError("it timed out", kind="timeout")
    await once(desk)
    desk.clock.advance(HOUR)
    (page,) = store.claim_pages(desk.clock.now(), 9, desk.clock.now() + LEASE)
    while store.prune(desk.clock.now() + timedelta(hours=1), 9):
        pass
    desk.fetcher.pages[link("1")] = served(html("Harbour news", "A strike began."), "1")
    assert await desk.jobs.fulltext(page) is None
    assert store.revision(page.item) is None


# --- walls ------------------------------------------------------------------------------------------------

CALL = "<p>Subscribe to continue reading.</p>"


def behind(*said: str) -> bytes:
    """A page that shows a beginning, and then a call to subscribe."""
    body = f"<article><h1>Harbour news</h1>{paragraphs(*said)}{CALL}</article>"
    return f"<html lang='en'><title>Harbour news</title><body>{body}</body></html>".encode()


async def test_a_teaser_that_is_longer_than_the_summary_takes_its_place_without_the_call(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"), words=("strike", "subscribe"))
    desk.fetcher.pages[link("1")] = served(behind("A strike began at noon in the harbour.", ROAD), "1")
    await once(desk)
    came = latest(store).item
    assert (came.wall, came.origin) == ("paywall", Origin.PAGE)
    assert came.text.startswith("A strike began at noon")
    assert "Subscribe" not in came.text
    assert "Subscribe" in came.raw
    assert reasons(store, "subscribe") == []
    assert desk[CONSOLE].titles == ["Harbour news"]
    assert store.paging(ID) == Paging(given_up=1, error="its page is for subscribers only")


async def test_a_teaser_that_is_shorter_is_noted_and_nothing_else(store: Store) -> None:
    desk = wires(store, ("1", f"A strike. {ROAD} {HARBOUR}"))
    desk.fetcher.pages[link("1")] = served(behind("A strike began."), "1")
    await once(desk)
    noted, first = latest(store), latest(store, 1)
    assert (noted.number, noted.item.wall, noted.item.origin) == (2, "paywall", Origin.FEED)
    assert noted.item == replace(first.item, wall="paywall")
    assert reasons(store, "strike") == [(1, Reason.NEW)]


async def test_a_question_about_cookies_is_not_matched(store: Store) -> None:
    desk = wires(store, ("1", "Harbour news"), words=("cookies",))
    asking = (
        "<html><title>Harbour news</title><body><h2>Your privacy</h2><p>We and our 812 partners use cookies to store"
        " information on your device.</p><button>Accept all</button><button>Reject all</button></body></html>"
    )
    desk.fetcher.pages[link("1")] = served(asking.encode(), "1")
    await once(desk)
    assert (latest(store).item.wall, latest(store).item.text) == ("cookies", latest(store, 1).item.text)
    assert desk[CONSOLE].titles == []


# --- the daemon -------------------------------------------------------------------------------------------


async def test_many_pages_of_a_site_are_fetched_one_at_a_time_and_its_feed_is_polled_between(store: Store) -> None:
    items = [(str(n), f"News number {n}") for n in range(40)]
    url = "http://www.news.example/feed"
    desk = Desk(store, replace(WIRES, url=url))
    desk.fetcher.pages = {link(guid): served(html(title, f"Told, {guid}."), guid) for guid, title in items}
    desk.fetcher.pages[url] = rss(items)
    fetch, beside, again = desk.fetcher.fetch, [0], asyncio.Event()

    async def slowly(request: FetchRequest) -> Response:
        """The tenth page waits until the feed, which is due then, has been asked again."""
        asked = [each.url for each in desk.fetcher.asked]
        if request.url == url and url in asked:
            again.set()
        if len(asked) == 10:
            desk.clock.advance(HOUR)
            await again.wait()
        beside.append(sum(each != url for each in desk.fetcher.running))
        await asyncio.sleep(0)
        return await fetch(request)

    desk.fetcher.fetch = slowly  # type: ignore[method-assign]
    async with running(desk):
        await until(lambda: len({each.url for each in desk.fetcher.asked}) == 41 and store.paging(ID) == Paging())
    assert max(beside) == 0
    assert desk.fetcher.twice == []


async def test_a_site_that_hangs_holds_up_no_page_of_another(store: Store) -> None:
    items = [("1", "Harbour news"), ("2", "More news")]
    desk = Desk(store, WIRES)
    document = rss(items).replace(b"news.example/2", b"other.example/2")
    desk.publish("wires", document)
    desk.fetcher.pages |= {link("1"): asyncio.Event(), "http://other.example/2": html("More news", "A strike began.")}
    async with running(desk):
        await until(lambda: desk[CONSOLE].titles == ["More news"])
    assert store.paging(ID).wanted == 1
    desk.want(WIRES)
    assert len(store.claim_pages(desk.clock.now(), 9, desk.clock.now() + LEASE)) == 1


@pytest.mark.parametrize("name", ["save_poll", "claim_pages", "revision", "akin", "save_page"])
async def test_a_wanted_page_survives_a_store_that_fails_at_any_call(store: Store, name: str) -> None:
    """The next life ends where one that was never disturbed does."""
    desk = wires(store, ("1", "Harbour news"))
    desk.fetcher.pages[link("1")] = served(html("Harbour news", "A strike began."), "1")

    def broken(*_: object) -> None:
        raise StoreError("the disk is full")

    twist(desk, **{name: broken})
    with pytest.raises(StoreError):
        await once(desk)
    desk.jobs.store = store
    desk.want(WIRES)
    await once(desk)
    assert latest(store).item.origin is Origin.PAGE
    assert desk[CONSOLE].titles == ["Harbour news"]


async def test_a_page_being_saved_when_the_daemon_is_stopped_is_saved_whole_or_due_again(store: Store) -> None:
    thread = OneThread("store")
    desk = Desk(store, WIRES, on_store=thread)
    desk.publish("wires", rss([("1", "Harbour news")]))
    desk.fetcher.pages[link("1")] = asyncio.Event()
    async with running(desk):
        await until(lambda: any(request.url == link("1") for request in desk.fetcher.asked))
    assert thread.close(10)
    desk.want(WIRES)
    page = LinkedPage(item=latest(store).item.id, feed=WIRES, url=link("1"), wanted_at=NOON, next_at=NOON)
    assert store.claim_pages(NOON, 9, NOON + LEASE) == (page,)
