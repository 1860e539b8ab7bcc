"""Which items go with one that is taken out of its story, and how they are linked then."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watcher.model import ItemId, Level, Link, StoryId
from watcher.story import Splinter, joined_through

STORY = StoryId("story")
A, B, C, D = (ItemId(name) for name in "abcd")


def splinter(link: Link, site: str = "b.example") -> Splinter:
    return Splinter(item=B, site=site, link=link, out_of=STORY)


def test_what_joined_through_an_item_goes_with_it_and_nothing_else() -> None:
    links = {B: Link(of=A), C: Link(of=B), D: Link(of=A), ItemId("e"): Link(of=C)}
    assert joined_through(B, links) == (B, C, "e")
    assert joined_through(D, links) == (D,)


def test_links_that_lead_in_a_circle_are_followed_once() -> None:
    assert set(joined_through(A, {A: Link(of=B), B: Link(of=A)})) == {A, B}


@given(st.lists(st.integers(0, 30), max_size=30))
def test_each_item_stays_or_goes_with_what_it_joined_through(parents: list[int]) -> None:
    """Whatever the order: item n + 1 joined through an earlier one."""
    names = [ItemId(f"i{n}") for n in range(len(parents) + 1)]
    links = {names[n + 1]: Link(of=names[min(to, n)]) for n, to in enumerate(parents)}
    for item in names:
        gone = set(joined_through(item, links))
        assert item in gone
        assert all((link.of in gone) == (each in gone) for each, link in links.items() if each != item)


def test_a_story_of_its_own_is_always_the_same_of_an_item_and_the_one_it_is_taken_out_of() -> None:
    one = splinter(Link(level=Level.EVENT, of=A))
    assert one.story == splinter(Link(level=Level.COPY, of=C)).story
    assert one.story != Splinter(item=B, site="b.example", link=Link(), out_of=StoryId("other")).story
    assert len(one.story) == 16


def test_the_item_begins_it_and_says_out_of_whose_story_it_is() -> None:
    link = Link(level=Level.COPY, of=A, root=A, score=0.9, source="a.example", shared=("Tikrit",))
    assert splinter(link).linked(B, link, "b.example") == Link(level=Level.SPLIT, of=A)


def test_what_says_what_it_says_says_it_after_it() -> None:
    own = splinter(Link(level=Level.COPY, of=A, root=A, source="a.example"))
    copy = Link(level=Level.COPY, of=B, root=A, source="a.example", score=0.9)
    assert own.linked(C, copy, "c.example") == Link(level=Level.COPY, of=B, root=B, source="b.example", score=0.9)
    assert own.linked(C, copy, "b.example").source == ""


def test_what_says_something_else_keeps_its_link() -> None:
    own = splinter(Link(level=Level.EVENT, of=A))
    for link in (Link(level=Level.EVENT, of=B), Link(level=Level.COPY, of=D, root=D, source="d.example")):
        assert own.linked(C, link, "c.example") == link
