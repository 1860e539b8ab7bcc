"""What is told to be a copy, an excerpt or of the same event, and what only looks like it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.items import seed
from tests.story.told import FERRY, LONGER, NOON, OTHERS_ON_FERRY, edited, lived, quake, told
from watcher.model import NOTHING_AKIN, Hash64, ItemId, Level, Revision, StoryId
from watcher.story import linked, sketch_of
from watcher.story.linking import _placed
from watcher.story.remembering import Remembered

BOILERPLATE = "Sign up for our letter of the morning. Follow the Hesk Courier on all channels. Printed in Vorland."


def test_an_edited_copy_is_in_the_story_of_its_original() -> None:
    first, copy = lived([told("a", FERRY), told("b", edited(FERRY), site="two")])
    assert (copy.story, copy.link.level, copy.link.of) == (first.story, Level.COPY, first.item.id)
    assert (copy.link.root, copy.link.source) == (first.item.id, "one.example")
    assert "Port Maren" in copy.link.shared


def test_other_boilerplate_round_it_makes_a_copy_no_less_one() -> None:
    ours, theirs = f"{FERRY}\n\n{BOILERPLATE}", f"Weather: rain in Ostby.\n\n{FERRY}\n\nSponsored by Kron Bank."
    _, copy = lived([told("a", ours), told("b", theirs, site="two")])
    assert copy.link.level is Level.COPY


def test_a_copy_of_a_copy_names_the_first_as_its_root_and_its_source() -> None:
    first, _, last = lived(
        [
            told("a", FERRY),
            told("b", edited(FERRY, 23), site="two"),
            told("c", edited(edited(FERRY, 23), 19), site="three"),
        ]
    )
    assert (last.link.root, last.link.source) == (first.item.id, "one.example")


def test_the_beginning_of_an_article_is_an_excerpt_of_it() -> None:
    first, stub = lived([told("a", FERRY), told("b", FERRY[:300], site="two")])
    assert (stub.link.level, stub.link.root) == (Level.EXCERPT, first.item.id)


def test_what_says_all_of_it_and_more_is_the_fuller_one_and_tells_something_new() -> None:
    stub, fuller = lived([told("a", FERRY[:300]), told("b", f"{FERRY}\n\n{LONGER}", site="two")])
    assert (fuller.link.level, fuller.link.root, fuller.story) == (Level.FULLER, None, stub.story)


def test_reports_from_one_template_are_stories_of_their_own() -> None:
    places = [("Ostby", "4.6", 12, "Kaldvik"), ("Lodden", "5.1", 33, "Marstrand"), ("Vorland", "4.2", 8, "Hesk")]
    for site in ("one", "two", "three"):
        found = lived(told(place[0], quake(*place), site=site) for place in places)
        assert [each.link.level for each in found] == [Level.ALONE] * 3
    across = lived(told(place[0], quake(*place), site=f"site{n}") for n, place in enumerate(places))
    assert len({each.story for each in across}) == 3


def test_other_words_about_the_same_event_are_in_its_story_and_tell_something_new() -> None:
    first, other = lived([told("a", FERRY), told("b", OTHERS_ON_FERRY, site="two")])
    assert (other.story, other.link.level) == (first.story, Level.EVENT)
    assert (other.link.root, other.link.source) == (None, "")
    assert {"Port Maren", "Magnus Brandvik", "Ilse Torvald"} & set(other.link.shared)


def test_what_was_published_a_week_apart_is_not_one_event() -> None:
    early = told("a", FERRY, published=NOON - timedelta(days=7))
    late = told("b", OTHERS_ON_FERRY, site="two", published=NOON)
    assert lived([early, late])[1].link.level is Level.ALONE


def test_what_is_in_another_language_is_not_compared_as_an_event() -> None:
    _, other = lived([told("a", FERRY, lang="en-GB"), told("b", OTHERS_ON_FERRY, site="two", lang="de")])
    assert other.link.level is Level.ALONE


def test_short_texts_are_copies_only_when_they_are_equal() -> None:
    same, other = "Ferry Albatross aground off Port Maren, 17 hurt", "Ferry Albatross aground off Port Lodden, 17 hurt"
    found = lived([told("a", same), told("b", same, site="two"), told("c", other, site="three")])
    assert [each.link.level for each in found] == [Level.ALONE, Level.COPY, Level.ALONE]


def test_a_notice_that_its_feed_repeats_on_another_day_is_another_notice() -> None:
    notice = "Backup of the archive in Port Maren failed: the disk of the second machine was full"
    found = lived([told("a", notice), told("b", notice, minutes=2_000), told("c", notice, minutes=2_001, site="two")])
    assert [each.link.level for each in found] == [Level.ALONE, Level.ALONE, Level.COPY]


def test_the_same_address_in_another_feed_is_the_same_story_whatever_it_says() -> None:
    first = told("a", FERRY)
    other = told("b", LONGER, site="two", canonical=first.item.canonical)
    _, same = lived([first, other])
    assert (same.story, same.link.level, same.link.root) == (first.story, Level.ADDRESS, first.item.id)


def test_an_edit_stays_in_its_story_and_says_what_it_said_of_itself() -> None:
    copy = told("b", edited(FERRY), site="two")
    rewritten = replace(copy, number=2, item=replace(copy.item, text=f"{edited(FERRY)} {LONGER}"))
    _, before, after = lived([told("a", FERRY), copy, rewritten])
    assert (after.story, after.link) == (before.story, before.link)


def test_an_edit_that_says_something_else_is_no_copy_any_more() -> None:
    copy = told("b", edited(FERRY), site="two")
    other = replace(copy, number=2, item=replace(copy.item, text=quake("Ostby", "4.6", 12, "Kaldvik")))
    first, _, after = lived([told("a", FERRY), copy, other])
    assert (after.story, after.link.root, after.link.source) == (first.story, None, "")


def test_a_copy_of_what_was_split_from_a_story_does_not_join_that_story() -> None:
    memory = Remembered(4)
    one = replace(told("a", FERRY), sketch=sketch_of(told("a", FERRY).item))
    apart = replace(told("b", edited(FERRY), site="two"), story=StoryId("apart"))
    apart = replace(apart, sketch=sketch_of(apart.item))
    memory.add(one)
    memory.add(apart)
    new = told("c", FERRY, site="three")
    new = replace(new, sketch=sketch_of(new.item))
    akin = memory.akin(new)
    split = tuple(
        replace(each, apart=frozenset({one.story})) if each.item == apart.item.id else each for each in akin.items
    )
    assert _placed(new, akin).story == one.story
    assert _placed(new, replace(akin, items=split)).story == "apart"


def test_items_of_one_poll_are_linked_to_one_another_as_if_they_came_one_by_one() -> None:
    given = [told("a", FERRY), told("b", edited(FERRY), site="two"), told("c", OTHERS_ON_FERRY, site="three")]
    sketched = [replace(each, sketch=sketch_of(each.item)) for each in given]
    assert list(linked(sketched, [NOTHING_AKIN] * 3)) == lived(given)


def test_a_revision_without_a_sketch_is_left_as_it_is() -> None:
    one = told("a", FERRY)
    assert list(linked([one], [NOTHING_AKIN])) == [one]


def test_the_seeds_tell_of_two_stories() -> None:
    seeds = [replace(seed(n), id=ItemId(f"{n:016x}"), key=Hash64(n)) for n in range(5)]
    found = lived(Revision(item=item, number=1, seen_at=NOON, story=StoryId(item.id)) for item in seeds)
    assert [each.story == found[0].story for each in found] == [True, True, False, True, True]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", "a", "日本語の文章です。", "\ud800", "'" * 500, "A " * 5000])
def test_whatever_a_text_is_made_of_has_a_sketch(text: str) -> None:
    one, other = lived([told("a", text), told("b", text, site="two")])
    assert one.sketch == other.sketch
