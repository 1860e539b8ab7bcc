"""What ports.Store promises of the items of a story, and of one that a person takes out of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.nouns import (
    DESK,
    NOW,
    after,
    asking,
    item_id,
    match,
    new_alert,
    poll,
    polled,
    ready,
    revision,
    tell,
    told,
)
from watcher.model import ItemId, Level, Link, NewDispatch, PollSaved, Revision, Severity, Split, StoryId, Updates
from watcher.ports import Store

STORY = StoryId("a-story")


def of_story(name: str, link: Link | None = None, number: int = 1) -> Revision:
    return replace(revision(name, number), story=STORY, link=link or Link())


def joined(name: str, to: str, level: Level = Level.EVENT, **fields: object) -> Revision:
    return of_story(name, replace(Link(level=level, of=item_id(to), score=0.5, shared=("Tikrit",)), **fields))  # type: ignore[arg-type]


def copy(name: str, to: str, root: str, source: str = "example.com") -> Revision:
    return joined(name, to, Level.COPY, root=item_id(root), source=source)


def come(store: Store, *revisions: Revision, source: str = "example.com") -> None:
    """Each matches, to be told in the group of its story."""
    to = [
        NewDispatch(
            channel=DESK,
            group=f"story:{one.story}",
            severity=Severity.HIGH,
            updates=Updates.THREAD,
            source=one.link.source or source,
        )
        for one in revisions
    ]
    matches = tuple((match(one), (goes,)) for one, goes in zip(revisions, to, strict=True))
    store.save_poll(PollSaved(state=polled(store.feeds()[0], NOW), revisions=revisions, matches=matches))


def names(revisions: tuple[Revision, ...]) -> list[ItemId]:
    return [each.item.id for each in revisions]


def link_of(store: Store, name: str, number: int | None = None) -> Link:
    found = store.revision(item_id(name), number)
    assert found
    return found.link


# what a story holds


def test_a_story_holds_what_began_it_and_what_joined_it_in_the_order_they_came(store: Store) -> None:
    ready(store)
    come(store, of_story("a"), joined("b", "a"), joined("c", "b"), revision("other"))
    come(store, joined("d", "a"))
    found = store.story(STORY)
    assert names(found) == [item_id(name) for name in "abcd"]
    assert [each.link for each in found] == [of_story("a").link, *(joined(n, t).link for n, t in ("ba", "cb", "da"))]
    assert not any(each.item.text or each.item.raw for each in found)


def test_of_an_edited_item_the_latest_revision_is_shown_once(store: Store) -> None:
    ready(store)
    link = joined("b", "a").link
    come(store, of_story("a"), of_story("b", link), of_story("b", link, number=2))
    assert [(each.item.id, each.number) for each in store.story(STORY)] == [(item_id("a"), 1), (item_id("b"), 2)]


def test_a_story_that_nothing_has_joined_shows_nothing(store: Store) -> None:
    ready(store)
    come(store, of_story("a"))
    assert store.story(STORY) == store.story(StoryId("unknown")) == ()


# taking an item out


def test_an_item_that_is_split_from_its_story_has_one_of_its_own(store: Store) -> None:
    ready(store)
    come(store, of_story("a"), joined("b", "a"), joined("c", "a"))
    story = store.split(item_id("b"), "ann", after(5))
    assert story not in {None, STORY, revision("b").story}
    assert names(store.story(STORY)) == [item_id("a"), item_id("c")]
    assert names(store.story(story or STORY)) == [item_id("b")]
    assert link_of(store, "b") == Link(level=Level.SPLIT, of=item_id("a"))
    assert store.splits(item_id("b")) == (Split(story=STORY, by="ann", at=after(5)),)
    assert store.splits(item_id("a")) == store.splits(item_id("c")) == ()


def test_what_joined_through_it_goes_with_it(store: Store) -> None:
    ready(store)
    come(store, of_story("a"), joined("b", "a"), joined("c", "b"), joined("d", "c"), joined("e", "a"))
    story = store.split(item_id("b"), "ann", NOW)
    assert story
    assert names(store.story(STORY)) == [item_id("a"), item_id("e")]
    assert names(store.story(story)) == [item_id(name) for name in "bcd"]
    assert link_of(store, "c") == joined("c", "b").link
    assert [len(store.splits(item_id(name))) for name in "abcde"] == [0, 1, 1, 1, 0]


@pytest.mark.parametrize("name", ["a", "b"])
def test_what_began_its_story_stays_in_it_and_so_does_what_was_split(store: Store, name: str) -> None:
    ready(store)
    come(store, of_story("a"), joined("b", "a"), joined("c", "a"))
    first = store.split(item_id("b"), "ann", NOW)
    assert store.split(item_id(name), "bob", after(1)) is None
    assert names(store.story(STORY)) == [item_id("a"), item_id("c")]
    assert names(store.story(first or STORY)) == [item_id("b")]
    assert [split.by for split in store.splits(item_id(name))] == ["ann"] * (name == "b")


def test_an_item_that_is_not_known_cannot_be_split(store: Store) -> None:
    ready(store)
    with pytest.raises(KeyError):
        store.split(item_id("nobody"), "ann", NOW)


def test_edits_of_it_go_with_it_and_later_ones_stay_with_it(store: Store) -> None:
    ready(store)
    link = joined("b", "a").link
    come(store, of_story("a"), of_story("b", link), of_story("b", link, number=2))
    story = store.split(item_id("b"), "ann", NOW)
    assert {
        (found.story, found.link.level) for number in (1, 2) if (found := store.revision(item_id("b"), number))
    } == {(story, Level.SPLIT)}
    (known,) = store.known(revision("b").item.feed, [revision("b").item.key]).values()
    assert known.story == story


def test_what_says_the_same_says_it_after_the_item_that_was_split(store: Store) -> None:
    ready(store)
    come(
        store, of_story("a"), copy("b", "a", "a", "wire.example"), copy("c", "b", "a", "wire.example"),
        joined("d", "b", Level.FULLER), copy("e", "d", "d", "elsewhere.example"), copy("f", "a", "a"),
    )  # fmt: skip
    assert store.split(item_id("b"), "ann", NOW)
    links = [link_of(store, name) for name in "bcdef"]
    assert [link.root for link in links] == [None, item_id("b"), None, item_id("d"), item_id("a")]
    assert [link.source for link in links] == ["", "", "", "elsewhere.example", "example.com"]


# what becomes of its alerts


def test_what_is_open_of_it_is_told_in_the_new_storys_group(store: Store) -> None:
    ready(store)
    come(store, of_story("a"), copy("b", "a", "a", "wire.example"), copy("c", "b", "a", "wire.example"))
    story = store.split(item_id("b"), "ann", NOW)
    found = [(one.group, one.story, one.root, one.source) for one in store.open_dispatches(DESK, 9)]
    assert found == [
        (f"story:{STORY}", STORY, None, "example.com"),
        (f"story:{story}", story, None, "example.com"),
        (f"story:{story}", story, item_id("b"), "example.com"),
    ]


def test_a_group_that_is_not_the_story_stays_as_it_is(store: Store) -> None:
    ready(store)
    one = joined("b", "a")
    to = NewDispatch(channel=DESK, group="rule:quake", severity=Severity.HIGH, updates=Updates.THREAD, source="x")
    come(store, of_story("a"))
    store.save_poll(PollSaved(state=polled(store.feeds()[0]), revisions=(one,), matches=((match(one), (to,)),)))
    story = store.split(item_id("b"), "ann", NOW)
    assert [(d.group, d.story) for d in store.open_dispatches(DESK, 9)][1] == ("rule:quake", story)


def test_what_was_told_stays_where_it_was_told(store: Store) -> None:
    ready(store)
    come(store, of_story("a"), joined("b", "a"))
    alert = new_alert("1", group=f"story:{STORY}")
    tell(store, alert)
    story = store.split(item_id("b"), "ann", NOW)
    assert [one.group for one in told(store, asking("x", "b"))] == [alert.group]
    assert [one.item for one in told(store, asking(f"story:{story}"))] == []
    whole = store.alert(alert.key)
    assert whole
    assert [(one.item.id, one.group) for one in whole.items] == [
        (item_id("a"), alert.group), (item_id("b"), alert.group)
    ]  # fmt: skip


def test_both_sums_add_up_after_a_split(store: Store) -> None:
    ready(store)
    come(store, of_story("a"), joined("b", "a"), joined("c", "b"))
    tell(store, new_alert("1", group=f"story:{STORY}"))
    come(store, joined("d", "c"))
    store.split(item_id("c"), "ann", NOW)
    assert not store.audit().flaws


def test_what_is_split_twice_was_taken_out_of_both(store: Store) -> None:
    ready(store)
    come(store, of_story("a"), joined("b", "a"), joined("c", "b"))
    first = store.split(item_id("b"), "ann", NOW)
    second = store.split(item_id("c"), "bob", after(1))
    assert first
    assert second
    assert [split.story for split in store.splits(item_id("c"))] == [STORY, first]
    assert names(store.story(first)) == [item_id("b")]


def test_a_poll_that_brings_the_same_again_changes_nothing(store: Store) -> None:
    ready(store)
    saved = poll(store, of_story("a"), joined("b", "a"))
    story = store.split(item_id("b"), "ann", NOW)
    store.save_poll(saved)
    assert names(store.story(story or STORY)) == [item_id("b")]
