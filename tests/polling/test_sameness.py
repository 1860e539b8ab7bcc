"""Feeds whose ids mean nothing, or whose entries come and go: each thing they say is told once, and none is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from itertools import count
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fakes import CONSOLE, NOON, Desk, about, watched
from tests.lives import once
from watcher.model import FeedId, FeedState, Habits, Hash64, Identity, Item, ItemId, Known, Updates, untold
from watcher.normalise.identity import item_id
from watcher.polling.sameness import hidden, judged, loose, shared_links
from watcher.ports import Store
from watcher.store import examine_store, open_store

HOUR = 3600.0
WIRES = FeedId("wires")
Ids = Literal["stable", "random", "constant", "none"]
Links = Literal["own", "random", "constant", "none"]


@dataclass
class Publisher:
    """Makes documents of words, one entry each, with ids and links that behave in some way."""

    ids: Ids = "stable"
    links: Links = "own"
    bumped: bool = False  # every entry has the date of the fetch

    def __post_init__(self) -> None:
        self.numbers = count(1)

    def document(self, words: Sequence[str], hour: int = 0) -> bytes:
        entries = "".join(self._entry(each, hour) for each in words)
        return f"<rss version='2.0'><channel><title>A feed</title>{entries}</channel></rss>".encode()

    def _entry(self, words: str, hour: int) -> str:
        date = format_datetime(NOON + timedelta(hours=hour if self.bumped else 0))
        id_, link = self._named(self.ids, words[0]), self._named(self.links, words[0])
        guid = f"<guid isPermaLink='false'>id-{id_}</guid>" if id_ else ""
        place = f"<link>https://news.example/{link}</link>" if link else ""
        return f"<item>{guid}<title>strike {words}</title>{place}<pubDate>{date}</pubDate></item>"

    def _named(self, how: str, letter: str) -> str:
        names = {"stable": letter, "own": letter, "random": str(next(self.numbers)), "constant": "same", "none": ""}
        return names[how]


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


def desk_of(store: Store) -> Desk:
    return Desk(store, watched("wires"), rules=(about("strike", updates=Updates.ALERT),))


async def polled(desk: Desk, *documents: bytes) -> Counter[str]:
    """How often each thing was told after these polls."""
    for document in documents:
        desk.publish("wires", document)
        await once(desk)
        desk.clock.advance(HOUR)
    titles = [title for message in desk[CONSOLE].titles for title in message.split("; ")]
    return Counter(title.removeprefix("strike ") for title in titles if title.startswith("strike "))


def flaws(desk: Desk) -> list[object]:
    return [about["flaw"] for about in desk.log.abouts if "flaw" in about]


def identity(store: Store) -> Identity:
    return store.feeds()[0].habits.identity


WORDS = st.sampled_from("abcdefgh")
DOCUMENTS = st.lists(st.lists(WORDS, unique=True, max_size=6), min_size=1, max_size=6)
EDITS = st.lists(st.sets(WORDS, max_size=2), min_size=6, max_size=6)
WAYS: list[tuple[Ids, Links]] = [
    ("stable", "own"),
    ("stable", "none"),
    ("stable", "random"),
    ("stable", "constant"),
    ("random", "own"),
    ("random", "none"),
    ("random", "random"),
    ("random", "constant"),
    ("constant", "own"),
    ("constant", "none"),
    ("constant", "constant"),
    ("none", "own"),
    ("none", "none"),
    ("none", "random"),
    ("none", "constant"),
]


@given(way=st.sampled_from(WAYS), said=DOCUMENTS, edits=EDITS, bumped=st.booleans())
@example(way=("random", "own"), said=[["a", "b", "c"], ["b"], ["c", "b", "a", "d"], [], ["a"]], edits=[], bumped=True)
@example(way=("random", "none"), said=[["a"], ["a", "b"], ["a"]], edits=[], bumped=False)
@settings(max_examples=60, deadline=None)
def test_whatever_its_ids_do_all_that_a_feed_says_is_told_once(
    way: tuple[Ids, Links], said: list[list[str]], edits: list[set[str]], *, bumped: bool
) -> None:
    ids, links = way
    if links == "own" and ids in {"random", "constant"}:  # an edit is another item at an address that has been told
        edits = []
    said = _edited(said, edits)
    if "constant" in way:  # with one entry at a time nobody can tell news from an edit
        said = [["x", "y"], *said]
    publisher = Publisher(ids=ids, links=links, bumped=bumped)
    store = open_store("sqlite:///:memory:")
    desk = desk_of(store)
    documents = [publisher.document(words, hour) for hour, words in enumerate(said)]
    told = asyncio.run(polled(desk, *documents))
    store.close()
    assert told == Counter({word for words in said for word in words})


def _edited(said: list[list[str]], edits: list[set[str]]) -> list[list[str]]:
    """The documents with the edits that happened to their entries until then: "a", "a again", "a again again"."""
    times = [sum((Counter(each) for each in edits[: number + 1]), Counter[str]()) for number in range(len(said))]
    return [[word + " again" * past[word] for word in words] for words, past in zip(said, times, strict=True)]


async def test_ids_that_change_at_each_fetch_are_told_of_once_and_given_up(store: Store) -> None:
    desk, feed = desk_of(store), Publisher(ids="random")
    told = await polled(desk, *(feed.document(words) for words in ("abc", "abcd", "dabc", "ebda")))
    assert told == Counter("abcde")
    assert identity(store) is Identity.CONTENT
    assert len(flaws(desk)) == 1
    assert "other ids at each fetch" in str(flaws(desk))


async def test_what_becomes_known_by_content_has_the_id_that_its_feed_and_its_key_make(store: Store) -> None:
    desk, feed = desk_of(store), Publisher(ids="random")
    await polled(desk, feed.document("abc"))
    desk.publish("wires", feed.document("abcd"))
    saved = await desk.jobs.poll(store.feeds()[0])
    assert len(saved.also_known) == 3
    assert [known.item for _, known in saved.also_known] == [item_id(WIRES, key) for key, _ in saved.also_known]
    keys = [key for key, _ in saved.also_known]
    assert store.known(WIRES, keys) == dict(saved.also_known)


async def test_a_database_with_a_feed_that_turned_to_content_has_no_flaw(tmp_path: Path) -> None:
    file, feed = tmp_path / "watcher.db", Publisher(ids="random")
    store = open_store(f"sqlite:///{file}")
    desk = desk_of(store)
    await polled(desk, *(feed.document(words) for words in ("abc", "abcd", "cbe")))
    store.close()
    assert list(examine_store(str(file), desk.clock.now(), untold)) == []


async def test_one_id_on_all_entries_is_seen_in_the_first_document(store: Store) -> None:
    desk, feed = desk_of(store), Publisher(ids="constant")
    assert await polled(desk, feed.document("ab")) == Counter("ab")
    assert identity(store) is Identity.CONTENT
    assert await polled(desk, feed.document("cab")) == Counter("abc")
    assert len(flaws(desk)) == 1


@pytest.mark.parametrize("grown", ["ba", "bca"])
async def test_one_id_on_all_entries_is_seen_when_old_ones_stay_beside_the_new(store: Store, grown: str) -> None:
    desk, feed = desk_of(store), Publisher(ids="constant", links="constant")
    assert await polled(desk, feed.document("a"), feed.document(grown)) == Counter(grown)
    assert identity(store) is Identity.CONTENT
    assert await polled(desk, feed.document("a"), feed.document(grown)) == Counter(grown)


async def test_a_story_told_in_edits_of_one_entry_is_known_when_its_feed_turns_to_content(store: Store) -> None:
    desk, feed = desk_of(store), Publisher(ids="constant")
    told = await polled(desk, *(feed.document(words) for words in ("a", "b", "ca")))
    assert (told, identity(store)) == (Counter("abc"), Identity.CONTENT)


async def test_an_entry_listed_before_and_after_its_edit_is_no_reason_to_give_ids_up(store: Store) -> None:
    desk, feed = desk_of(store), Publisher()
    await polled(desk, feed.document("abcdef"), feed.document("abcdef").replace(b"strike b<", b"strike b again<"))
    both = feed.document("abcdef").replace(b"strike c<", b"strike c again<").replace(b">id-b<", b">id-c<")
    assert (await polled(desk, both))["c again"] == 1
    assert (identity(store), flaws(desk)) == (Identity.GUID, [])


async def test_a_feed_that_moves_house_keeps_its_ids_and_tells_nothing_again(store: Store) -> None:
    desk, feed = desk_of(store), Publisher(links="none")
    before, after = feed.document("abcd"), feed.document("abcde").replace(b">id-", b">https://id-")
    assert await polled(desk, before, feed.document("bacd"), after) == Counter("abcde")
    assert identity(store) is Identity.GUID
    assert "other ids than before" in str(flaws(desk))
    edited = after.replace(b"strike a<", b"strike a once more<")
    assert (await polled(desk, edited))["a once more"] == 1
    assert store.feeds()[0].habits.gaps == 0


async def test_a_feed_that_moves_house_twice_in_a_month_has_no_ids(store: Store) -> None:
    desk, feed = desk_of(store), Publisher()
    houses = [feed.document("abcd").replace(b">id-", f">{n}-".encode()) for n in range(3)]
    again = [feed.document("dcba").replace(b">id-", f">{n}-".encode()) for n in range(3)]
    documents = [document for pair in zip(houses, again, strict=True) for document in pair]
    assert await polled(desk, *documents) == Counter("abcd")
    assert identity(store) is Identity.CONTENT


async def test_the_same_words_under_a_new_id_are_told_again_where_ids_have_held(store: Store) -> None:
    desk = desk_of(store)
    one = Publisher().document("a")
    documents = [one, one.replace(b"12:", b"13:"), one.replace(b">id-a<", b">id-2<").replace(b"/a<", b"/2<")]
    assert await polled(desk, *documents) == Counter("aa")


async def test_dates_that_are_of_the_fetch_make_no_edits(store: Store) -> None:
    desk, feed = desk_of(store), Publisher(bumped=True)
    assert await polled(desk, *(feed.document("abc", hour) for hour in range(6))) == Counter("abc")
    assert store.status(desk.clock.now()).items == 3
    assert flaws(desk) == []


async def test_one_link_for_all_entries_is_no_address_of_any(store: Store) -> None:
    desk, feed = desk_of(store), Publisher(links="constant")
    assert await polled(desk, feed.document("ab"), feed.document("cab")) == Counter("abc")
    assert (identity(store), store.feeds()[0].habits.linked) == (Identity.GUID, False)
    assert len(flaws(desk)) == 1


async def test_a_feed_known_by_content_is_told_of_nothing_that_it_said_under_ids_long_ago(store: Store) -> None:
    desk, feed = desk_of(store), Publisher(ids="random")
    told = await polled(desk, *(feed.document(words) for words in ("abcdef", "defgh", "gh", "abcgh")))
    assert told == Counter("abcdefgh")


# the judgements alone


def item(key: int, says: int, *, link: str | None = None) -> Item:
    return Item(id=ItemId(str(key)), feed=WIRES, key=Hash64(key), fingerprint=Hash64(says), canonical=link)


@pytest.mark.parametrize(
    ("says", "listed", "verdict"),
    [
        ([(1, 1), (2, 2)], 2, False),
        ([(1, 1), (1, 2)], 2, True),
        ([(1, 1), (1, 1)], 2, False),
        ([(1, 1), (1, 2)], 35, False),
        ([(1, 1), (1, 2), (1, 3)], 35, True),
        ([], 0, False),
    ],
)
def test_ids_are_loose_when_they_stand_on_several_different_entries(
    says: list[tuple[int, int]], listed: int, *, verdict: bool
) -> None:
    assert loose([item(key, words) for key, words in says], listed) is verdict
    assert shared_links([item(n, n, link="a") for n in range(listed)], listed) is (listed > 1)


def test_more_edits_than_entries_that_have_gone_hide_something() -> None:
    state = FeedState(feed=watched("wires"), entry_hashes=frozenset(map(Hash64, (1, 2))))
    known = {Hash64(7): Known(item=ItemId("7"), fingerprint=Hash64(1), revision=1)}
    edit = [item(7, 2)]
    assert hidden(state, list(map(Hash64, (1, 2, 3))), edit, known)
    assert not hidden(state, list(map(Hash64, (1, 3))), edit, known)
    assert not hidden(state, list(map(Hash64, (1, 2, 3))), [item(8, 2)], known)


@pytest.mark.parametrize(
    ("known", "of", "held", "verdict"),
    [
        (3, 6, False, (Identity.CONTENT, True)),
        (2, 6, False, (Identity.GUID, True)),
        (1, 1, False, (Identity.CONTENT, True)),
        (2, 2, True, (Identity.GUID, False)),
        (3, 6, True, (Identity.GUID, True)),
        (3, 7, True, (Identity.GUID, False)),
    ],
)
def test_ids_are_judged_by_how_much_of_a_document_is_known_by_its_words(
    known: int, of: int, *, held: bool, verdict: tuple[Identity, bool]
) -> None:
    items = [item(100 + n, n) for n in range(of)]
    ids = judged(Habits(ids_hold=held), items, frozenset(Hash64(n) for n in range(known)), NOON)
    assert (ids.habits.identity, ids.same) == verdict
