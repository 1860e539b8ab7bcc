"""What a store finds that something new may be like."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.nouns import WIRES, feed, polled
from tests.story.told import FERRY, NOON, edited, quake, told
from watcher.model import Feed, FeedId, Level, Link, PollSaved, Revision
from watcher.ports import Store
from watcher.store import open_store, stories
from watcher.story import SPAN, linked, sketch_of


def want(store: Store) -> None:
    wanted: list[Feed] = [feed(name) for name in (WIRES, "one", "two", "three")]
    store.sync_feeds({each.id: (each, NOON) for each in wanted})


def sketched(revision: Revision) -> Revision:
    return replace(revision, sketch=sketch_of(revision.item))


def save(store: Store, *revisions: Revision) -> None:
    for revision in revisions:
        state = next(state for state in store.feeds() if state.feed.id == revision.item.feed)
        store.save_poll(PollSaved(state=polled(state), revisions=(revision,)))


def test_a_copy_finds_its_original_as_it_is_stored(store: Store) -> None:
    want(store)
    link = Link(level=Level.EVENT, score=0.5, shared=("Port Maren",))
    first = replace(sketched(told("a", FERRY, lang="en", published=NOON)), link=link)
    save(store, first, sketched(told("q", quake("Ostby", "4.6", 12, "Hesk"), site="two")))
    copy = sketched(told("b", edited(FERRY), site="two", minutes=5))
    (akin,) = store.akin([copy], NOON - SPAN)
    (found,) = akin.items
    assert (found.item, found.feed, found.story) == (first.item.id, FeedId("one"), first.story)
    assert (found.sketch, found.seen_at, found.published) == (first.sketch, NOON, NOON)
    assert (found.canonical, found.lang) == (first.item.canonical, "en")
    assert (found.site, found.source, found.link, found.root) == ("one.example", "one.example", link, first.item.id)
    assert akin.stored == 2
    assert set(akin.counts.values()) == {0, 1, 2}


def test_what_was_seen_before_is_left_out(store: Store) -> None:
    want(store)
    save(store, sketched(told("a", FERRY)))
    (akin,) = store.akin([sketched(told("b", FERRY, site="two"))], NOON + timedelta(minutes=1))
    assert akin.items == ()


def test_the_same_address_is_found_whatever_it_says(store: Store) -> None:
    want(store)
    first = sketched(told("a", FERRY))
    save(store, first)
    other = sketched(told("b", "Something else.", site="two", canonical=first.item.canonical))
    (akin,) = store.akin([other], NOON - SPAN)
    assert [each.item for each in akin.items] == [first.item.id]


def test_an_edit_is_found_in_the_place_of_what_it_edits(store: Store) -> None:
    want(store)
    first = sketched(told("a", FERRY))
    save(store, first)
    edit = sketched(replace(first, number=2, item=replace(first.item, text=quake("Ostby", "4.6", 12, "Hesk"))))
    (akin,) = store.akin([edit], NOON + timedelta(days=1))
    assert [each.sketch for each in akin.items] == [first.sketch]
    save(store, edit)
    (none,) = store.akin([sketched(told("b", FERRY, site="two"))], NOON - SPAN)
    (some,) = store.akin([sketched(told("c", edit.item.text, site="two"))], NOON - SPAN)
    assert [each.item for each in none.items] == []
    assert [each.sketch for each in some.items] == [edit.sketch]


def test_a_revision_without_a_sketch_finds_nothing(store: Store) -> None:
    want(store)
    save(store, sketched(told("a", FERRY)))
    (akin,) = store.akin([told("b", FERRY, site="two")], NOON - SPAN)
    assert (akin.items, akin.stored) == ((), 0)


def test_what_is_forgotten_is_found_no_more(store: Store) -> None:
    want(store)
    save(store, sketched(told("a", FERRY)))
    copy = sketched(told("b", FERRY, site="two"))
    assert store.akin([copy], NOON - SPAN)[0].items
    assert store.prune(NOON + timedelta(days=1), 10) == 1
    assert (store.akin([copy], NOON - SPAN)[0].items, store.akin([copy], NOON - SPAN)[0].stored) == ((), 0)


def test_a_restart_changes_nothing(tmp_path: Path) -> None:
    texts = [FERRY, edited(FERRY), quake("Ostby", "4.6", 12, "Hesk"), FERRY[:300], edited(FERRY, 11)]
    given = [told(f"{n}", text, site=("one", "two", "three")[n % 3], minutes=n) for n, text in enumerate(texts)]
    stories = []
    for restarted in (False, True):
        url = f"sqlite:///{tmp_path / f'{restarted}.db'}"
        store = open_store(url)
        want(store)
        found = []
        for revision in map(sketched, given):
            placed = next(iter(linked([revision], store.akin([revision], NOON - SPAN))))
            save(store, placed)
            found.append((placed.story, placed.link))
            if restarted:
                store.close()
                store = open_store(url)
        store.close()
        stories.append(found)
    assert stories[0] == stories[1]
    assert len({story for story, _ in stories[0]}) == 2


def test_what_is_stored_is_looked_at_in_steps_after_a_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "STEP", 2)
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with closing(open_store(url)) as store:
        want(store)
        save(store, *(sketched(told(f"q{n}", quake("Ostby", "4.6", n, "Hesk"), minutes=n)) for n in range(5)))
    with closing(open_store(url)) as store:
        new = [sketched(told("b", quake("Ostby", "4.6", 4, "Hesk"), site="two"))]
        answers = [store.akin(new, NOON - SPAN) for _ in range(3)]
    assert [len(each) for each in answers] == [0, 0, 1]
    assert answers[-1][0].stored == 5


def test_of_what_was_seen_before_nothing_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "STEP", 2)
    with closing(open_store(f"sqlite:///{tmp_path / 'a.db'}")) as store:
        want(store)
        save(store, *(sketched(told(f"q{n}", quake("Ostby", "4.6", n, "Hesk"), minutes=n)) for n in range(5)))
        (akin,) = store.akin([sketched(told("b", FERRY, site="two"))], NOON + timedelta(days=1))
    assert (akin.items, akin.stored) == ((), 0)
