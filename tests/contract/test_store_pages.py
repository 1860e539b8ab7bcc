"""What every store promises of the pages that items link to (ports.Store)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tests.contract.nouns import DESK, FLOOD, NOW, QUAKE, WIRES, after, dispatch, feed, match, polled, revision
from watcher.model import Feed, FeedId, FeedPause, LinkedPage, Origin, PageSaved, Paging, PollSaved, Revision
from watcher.ports import Store

WANTING = replace(feed(), full_text=True)


def want(store: Store, *feeds: Feed) -> None:
    store.sync_feeds({one.id: (one, NOW) for one in feeds})
    store.sync_rules([QUAKE, FLOOD], NOW)
    store.sync_channels([DESK], NOW)


def page_of(of: Revision, *, url: str = "", at: datetime = NOW, source: Feed = WANTING) -> LinkedPage:
    return LinkedPage(
        item=of.item.id, feed=source, url=url or f"https://{of.item.id}.example/page", wanted_at=at, next_at=at
    )


def poll(store: Store, revisions: Sequence[Revision], pages: Sequence[LinkedPage], *, at: datetime = NOW) -> PollSaved:
    state = next(state for state in store.feeds() if state.feed.id == revisions[0].item.feed)
    hits = tuple((match(one), (dispatch(),)) for one in revisions)
    saved = PollSaved(state=polled(state, at), revisions=tuple(revisions), matches=hits, pages=tuple(pages))
    store.save_poll(saved)
    return saved


def with_text(of: Revision, number: int = 2, *, at: datetime = NOW) -> Revision:
    item = replace(of.item, text="The quake struck. It was strong.", origin=Origin.PAGE)
    return replace(of, item=item, number=number, seen_at=at)


def claimed(store: Store, at: datetime = NOW, limit: int = 9) -> list[str]:
    return [page.url for page in store.claim_pages(at, limit, after(99))]


def test_a_wanted_page_is_due_at_once_and_held_by_who_claims_it(store: Store) -> None:
    want(store, WANTING)
    wanted = page_of(revision())
    assert store.claim_pages(NOW, 9, after(5)) == ()
    poll(store, [revision()], [wanted])
    assert store.claim_pages(NOW, 9, after(5)) == (wanted,)
    assert store.claim_pages(after(4), 9, after(9)) == ()
    assert store.claim_pages(after(6), 9, after(9)) == (wanted,)
    store.release_leases(after(7))
    assert store.claim_pages(after(7), 9, after(9)) == (wanted,)


def test_one_page_of_a_site_is_claimed_at_a_time(store: Store) -> None:
    want(store, WANTING)
    names = ("a", "b", "c")
    of = {name: revision(name) for name in names}
    urls = {"a": "https://one.example/a", "b": "https://www.one.example/b", "c": "https://two.example/c"}
    pages = [page_of(of[name], url=urls[name], at=after(n)) for n, name in enumerate(names)]
    poll(store, list(of.values()), pages)
    assert claimed(store, after(9)) == [urls["a"], urls["c"]]
    store.save_page(PageSaved(page=replace(pages[0], next_at=None)))
    assert claimed(store, after(9)) == [urls["b"]]


def test_a_crowd_of_pages_of_one_site_hides_no_other_site(store: Store) -> None:
    want(store, WANTING)
    crowd = [revision(str(number)) for number in range(30)]
    lone = revision("lone")
    pages = [page_of(one, url=f"https://one.example/{one.item.id}") for one in crowd]
    poll(store, [*crowd, lone], [*pages, page_of(lone, url="https://two.example/", at=after(1))])
    first = claimed(store, after(1), 4) + claimed(store, after(1), 4)
    assert "https://two.example/" in first
    assert len(first) == 2


def test_the_text_of_a_page_comes_as_a_revision_with_its_matches(store: Store) -> None:
    want(store, WANTING)
    wanted = page_of(revision())
    poll(store, [revision()], [wanted])
    store.claim_pages(NOW, 9, after(5))
    came = with_text(revision(), at=after(1))
    done = replace(wanted, tries=1, next_at=None)
    saved = PageSaved(page=done, revision=came, matches=((match(came, FLOOD), (dispatch(),)),))
    for _ in range(2):
        store.save_page(saved)
        assert store.revision(came.item.id) == came
        assert [record.match for record in store.records(came.item.id)] == [match(revision()), match(came, FLOOD)]
        assert [one.revision for one in store.open_dispatches(DESK, 9)] == [1, 2]
    assert claimed(store, after(999)) == []
    (known,) = store.known(WIRES, [came.item.key]).values()
    assert (known.revision, known.fingerprint) == (2, revision().item.fingerprint)
    assert store.paging(WIRES) == Paging()


def test_what_a_failed_try_leaves_is_when_it_is_tried_again(store: Store) -> None:
    want(store, WANTING)
    wanted = page_of(revision())
    poll(store, [revision()], [wanted])
    assert store.paging(WIRES) == Paging(wanted=1)
    store.claim_pages(NOW, 9, after(5))
    failed = replace(wanted, tries=1, next_at=after(10), error="the server answered 503")
    store.save_page(PageSaved(page=failed))
    assert claimed(store, after(9)) == []
    assert store.claim_pages(after(10), 9, after(15)) == (failed,)
    store.save_page(PageSaved(page=replace(failed, tries=2, next_at=None)))
    assert claimed(store, after(9999)) == []
    assert store.paging(WIRES) == Paging(given_up=1, error="the server answered 503")
    assert store.paging(FeedId("unknown")) == Paging()


def test_a_poll_saved_twice_wants_its_pages_once(store: Store) -> None:
    want(store, WANTING)
    wanted = page_of(revision())
    saved = poll(store, [revision()], [wanted])
    store.save_page(PageSaved(page=replace(wanted, tries=1, next_at=None)))
    store.save_poll(saved)
    assert claimed(store, after(9)) == []


def test_what_is_wanted_anew_begins_anew_and_a_try_under_way_counts_for_nothing(store: Store) -> None:
    want(store, WANTING)
    wanted = page_of(revision())
    poll(store, [revision()], [wanted])
    store.claim_pages(NOW, 9, after(5))
    edit = revision(number=2, seen_at=after(1))
    anew = page_of(edit, at=after(1))
    poll(store, [edit], [anew], at=after(1))
    assert store.claim_pages(after(1), 9, after(9)) == ()
    store.save_page(PageSaved(page=replace(wanted, tries=1, next_at=None), revision=with_text(edit, 3)))
    assert store.revision(edit.item.id) == edit
    assert store.claim_pages(after(1), 9, after(9)) == (anew,)


def test_a_page_whose_item_is_forgotten_is_forgotten(store: Store) -> None:
    want(store, WANTING)
    wanted = page_of(revision())
    poll(store, [revision()], [wanted])
    store.sync_channels([], NOW)
    store.claim_pages(NOW, 9, after(5))
    while store.prune(after(5), 9):
        pass
    assert store.paging(WIRES) == Paging()
    store.save_page(PageSaved(page=replace(wanted, tries=1, next_at=None), revision=with_text(revision())))
    forgotten = store.revision(wanted.item)
    assert forgotten is not None
    assert (forgotten.forgotten, forgotten.number) == (True, 1)


def test_pages_of_a_feed_that_is_paused_wait_until_it_goes_on(store: Store) -> None:
    want(store, WANTING)
    poll(store, [revision()], [page_of(revision())])
    store.pause_feed(WIRES, FeedPause(since=NOW))
    assert claimed(store) == []
    store.resume_feed(WIRES, NOW)
    assert len(claimed(store)) == 1


def test_pages_of_a_feed_that_is_gone_or_wants_no_full_text_are_wanted_no_more(store: Store) -> None:
    for left in ((), (feed(),)):
        want(store, WANTING)
        edit = revision(number=len(left) + 1)
        poll(store, [edit], [page_of(edit, at=after(len(left)))])
        assert store.paging(WIRES).wanted == 1
        want(store, *left)
        assert store.paging(WIRES).wanted == 0
        want(store, WANTING)
        assert claimed(store, after(9)) == []


def test_a_site_that_wants_rest_has_it_from_pages_as_from_feeds(store: Store) -> None:
    want(store, WANTING)
    one, other = revision("a"), revision("b")
    site = "https://wires.example"
    pages = [page_of(one, url=f"{site}/a"), page_of(other, url=f"{site}/b", at=after(1))]
    poll(store, [one, other], pages)
    assert claimed(store, after(1)) == [f"{site}/a"]
    busy = replace(pages[0], tries=1, next_at=after(30), error="the server answered 429")
    store.save_page(PageSaved(page=busy, rest_until=after(20)))
    assert claimed(store, after(19)) == []
    assert claimed(store, after(20)) == [f"{site}/b"]
    store.release_leases(after(20))
    (state,) = store.feeds()
    store.save_poll(PollSaved(state=replace(state, failures=1, error="429"), rest_until=after(60)))
    assert claimed(store, after(59)) == []


def test_a_clock_put_back_leaves_no_page_waiting_for_a_time_that_is_far(store: Store) -> None:
    want(store, WANTING)
    of = [revision("ahead"), revision("tried ahead"), revision("soon")]
    year, far = 365 * 24 * 60, 4 * 24 * 60
    pages = [page_of(of[0], at=after(year)), page_of(of[1]), page_of(of[2])]
    poll(store, of, pages)
    store.save_page(PageSaved(page=replace(pages[1], tries=1, next_at=after(far), error="x")))
    store.save_page(PageSaved(page=replace(pages[2], tries=1, next_at=after(60), error="x")))
    store.release_leases(NOW)
    assert sorted(claimed(store)) == sorted(page.url for page in pages[:2])
