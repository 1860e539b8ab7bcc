"""What sites say of themselves at the edges of articles: figures on labelled paragraphs, and single cases."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.edges.score import HALVES, load, score
from watcher.model import Block, Entry, Feed, FeedId, Hash64, Role
from watcher.normalise import normalise, voice
from watcher.normalise.edges import left_out

ARTICLE = ["The old bridge at Delvast was closed on Monday, the town hall said.", "Lorries go round by the dam."]
APPEAL = "We are a small newsroom. Sign up for our newsletter, and support us with a gift."
WEAK = "This is the valley we live in. This is the valley we cover."
FEED = Feed(id=FeedId("wires"), url="https://wires.example/feed")


@pytest.mark.parametrize(("half", "least"), [("dev", 0.95), ("heldout", 0.85)])
def test_no_labelled_paragraph_of_an_article_is_lost_and_most_of_the_site_s_are_found(half: str, least: float) -> None:
    found = score(load(half))
    assert found.precision == 1
    assert found.recall >= least


def test_the_labelled_paragraphs_are_many_in_six_languages_and_half_are_held_out() -> None:
    halves = [load(half) for half in HALVES]
    assert sum(map(len, halves)) >= 150
    assert all({case.lang for case in half} == {"en", "de", "es", "fr", "ru", "ar"} for half in halves)
    assert not {case.text for case in halves[0]} & {case.text for case in halves[1]}


def test_what_says_little_goes_with_what_surely_is_the_site_s_and_never_alone() -> None:
    assert sorted(left_out([*ARTICLE, WEAK, APPEAL])) == [2, 3]
    assert not left_out([*ARTICLE, WEAK])
    assert sorted(left_out([*ARTICLE, "We met 30 people in Delvast.", APPEAL])) == [3]


def test_the_only_paragraph_is_never_left_out() -> None:
    assert not left_out([APPEAL])
    assert not left_out([])


def test_a_name_above_what_is_told_of_it_is_the_writer_s() -> None:
    texts = [*ARTICLE, "Jane Doe", "About Jane Doe 12 Articles", "I am a gardener and writer who lives in Delvast."]
    assert [left.role for _, left in sorted(left_out(texts).items())] == [Role.BYLINE] + [Role.BOILERPLATE] * 2
    item = normalise(Entry(hash=Hash64(7), title="Bridge", blocks=tuple(Block(text=text) for text in texts)), FEED)
    assert item.authors == ("Jane Doe",)
    assert not left_out([*ARTICLE, "Jane Doe"])


@pytest.mark.parametrize("alphabet", ["Aa .?“”", "наши рассылка.", "نا نشرة.", "I am a writer "])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_text_is_too_odd_to_be_judged(alphabet: str, data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.text(max_size=60) | st.text(alphabet=alphabet, max_size=80), max_size=5))
    assert all(0 <= at < len(texts) for at in left_out(texts))


@pytest.mark.parametrize("unit", ["our newsletter ", "“", "support us. ", "a", "نا ", "Jane Doe ", "? "])
def test_points_take_no_longer_than_a_text_s_length_allows(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    for size in (300, 399, 900, 200_000):
        voice.points(text[:size].strip() or "a")
        voice.presents(text[:size])
        voice.addresses(text[:size])
        left_out([*ARTICLE, text[:size].strip() or "a", text[:size].strip() or "a"])
    assert time.process_time() - started < 10
