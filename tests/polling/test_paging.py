"""Which pages are wanted, and what an item is once its page was read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.nouns import NOW, feed, revision
from watcher.model import Block, Entry, Hash64, Item, Learned, Origin
from watcher.polling.paging import WHOLE, is_whole, wanted_pages, with_page

WANTING = replace(feed(), full_text=True)
NOTHING = Learned()
SUMMARY = replace(
    revision().item, text="A quake struck.", raw="A quake struck.", summary="A quake struck.", title_from_text=False
)


def said(words: int) -> str:
    return " ".join(f"Word {n} came." for n in range(words // 3))


def holding(text: str) -> Item:
    return replace(SUMMARY, text=text, raw=text)


def page(*paragraphs: str, **told: object) -> Entry:
    blocks = tuple(Block(text=text) for text in paragraphs)
    return replace(Entry(hash=Hash64(0), guid="", title="A quake", blocks=blocks), **told)  # type: ignore[arg-type]


LONG = ("A quake struck the north at noon on Monday, the council said.", "Nobody was hurt, and the roads are open.")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (said(WHOLE + 3), True),
        (said(WHOLE - 30), False),
        (said(WHOLE + 3) + " And then …", False),
        (said(WHOLE + 3) + " And then [...]", False),
        (said(WHOLE + 3) + "\n\nRead more", False),
        (said(WHOLE + 3) + "\n\nWeiterlesen auf daily.example", False),
        (said(WHOLE + 3) + "\n\n阅读全文", False),
        (said(WHOLE + 3) + "\n\nHe wants to read more books, and " + said(60), True),
        ("地震が北部を襲った。" * WHOLE, True),
        ("", False),
    ],
)
def test_a_long_text_that_does_not_break_off_is_the_whole_article(text: str, whole: bool) -> None:  # noqa: FBT001
    assert is_whole(holding(text)) is whole


def test_pages_are_wanted_of_items_with_a_link_of_their_own_to_the_web() -> None:
    one = replace(revision(), item=SUMMARY)
    without = [
        replace(one.item, url=None, canonical=None),
        replace(one.item, url="file:///a.txt"),
        replace(one.item, canonical=None),  # others of the feed have the same link
        holding(said(WHOLE + 3)),
    ]
    (wanted,) = wanted_pages(WANTING, [one], NOW)
    assert (wanted.item, wanted.url, wanted.feed, wanted.next_at) == (one.item.id, one.item.url, WANTING, NOW)
    assert wanted_pages(WANTING, [replace(one, item=item) for item in without], NOW) == ()
    assert wanted_pages(feed(), [one], NOW) == ()


def test_of_an_item_that_comes_twice_in_a_document_the_last_word_counts() -> None:
    first, last = replace(revision(), item=SUMMARY), replace(revision(number=2), item=holding(said(WHOLE + 3)))
    assert wanted_pages(WANTING, [first, last], NOW) == ()
    assert len(wanted_pages(WANTING, [last, first], NOW)) == 1


def test_a_page_that_says_no_more_than_the_feed_changes_nothing() -> None:
    assert with_page(SUMMARY, page("A quake."), NOTHING, WANTING) is None
    assert with_page(SUMMARY, page(), NOTHING, WANTING) is None
    whole = with_page(SUMMARY, page(*LONG), NOTHING, WANTING)
    assert whole is not None
    assert with_page(whole, page(*LONG), NOTHING, WANTING) is None
    shorter = with_page(whole, page(LONG[0]), NOTHING, WANTING)
    assert shorter is not None, "what a page says now is its text, also where it said more before"


def test_a_wall_is_noted_once() -> None:
    walled = with_page(SUMMARY, page(wall="cookies"), NOTHING, WANTING)
    assert walled == replace(SUMMARY, wall="cookies")
    assert with_page(walled, page("Much longer words about cookies.", wall="cookies"), NOTHING, WANTING) is None
    teased = with_page(SUMMARY, page(*LONG, wall="paywall"), NOTHING, WANTING)
    assert teased is not None
    assert (teased.wall, teased.origin) == ("paywall", Origin.PAGE)


def test_what_the_feed_said_of_an_item_without_a_summary_is_its_summary_from_then_on() -> None:
    came = with_page(replace(SUMMARY, summary=""), page(*LONG), NOTHING, WANTING)
    assert came is not None
    assert came.summary == SUMMARY.text


def test_a_title_made_of_the_summary_gives_way_to_the_pages() -> None:
    came = with_page(replace(SUMMARY, title_from_text=True), page(*LONG, title="The north shook"), NOTHING, WANTING)
    assert came is not None
    assert (came.title, came.title_from_text) == ("The north shook", False)


@given(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=4), st.sampled_from(["", "paywall", "cookies"]))
def test_whatever_a_page_says_the_item_is_known_by_what_it_was(title: str, said: list[str], wall: str) -> None:
    came = with_page(SUMMARY, page(*said, title=title, wall=wall), NOTHING, WANTING)
    if came is not None:
        for name in ("id", "feed", "key", "fingerprint", "url", "canonical", "title", "summary", "published"):
            assert getattr(came, name) == getattr(SUMMARY, name)
