"""Datelines: what stands before the first sentence, and what only looks like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Block, Entry, Feed, FeedId, Hash64, Item, Role
from watcher.normalise import normalise
from watcher.normalise.datelines import dateline

REST = "The old bridge was closed on Monday after engineers had found cracks in it."
FEED = Feed(id=FeedId("wires"), url="https://wires.example/feed")


def told(*texts: str, outlet: str = "") -> Item:
    blocks = tuple(Block(text=text) for text in texts)
    return normalise(Entry(hash=Hash64(7), title="Bridge closes", blocks=blocks, outlet=outlet), FEED)


@pytest.mark.parametrize(
    ("head", "place", "outlet"),
    [
        ("BAGHDAD, March 25 (Reuters) - ", "Baghdad", "Reuters"),
        ("BAGHDAD (Reuters) – ", "Baghdad", "Reuters"),
        ("KYIV, Ukraine (AP) — ", "Kyiv, Ukraine", "AP"),
        ("LONDON — ", "London", ""),
        ("DELVAST — ", "Delvast", ""),
        ("London: ", "London", ""),
        ("Delvast, 25 March 2026 – ", "Delvast", ""),
        ("Delvast, 3. März (dpa) - ", "Delvast", "dpa"),
        ("Delvast (dpa) – ", "Delvast", "dpa"),
        ("MADRID, 3 mar. (EFE).- ", "Madrid", "EFE"),
        ("PARIS, 3 mars (AFP) – ", "Paris", "AFP"),
        ("МОСКВА, 25 мар — РИА Новости. ", "Москва", "РИА Новости"),
        ("МОСКВА, 25 марта. /ТАСС/. ", "Москва", "ТАСС"),
        ("بغداد (رويترز) - ", "بغداد", "رويترز"),
        ("DELVAST (Seepress) – ", "Delvast", "Seepress"),
        ("AP — ", "", "AP"),
        ("(Reuters) - ", "", "Reuters"),
        ("The Delvast Telegraph 25 March 2026 – ", "", "The Delvast Telegraph"),
        ("2026-03-25 – ", "", ""),
    ],
)
def test_a_dateline_is_lifted_into_fields(head: str, place: str, outlet: str) -> None:
    item = told(head + REST, "Lorries go round.")
    assert (item.place, item.outlet) == (place, outlet)
    assert item.text == REST + "\n\nLorries go round."
    assert [(piece.role, piece.goes_on) for piece in item.blocks[:2]] == [(Role.DATELINE, False), (Role.BODY, True)]


@pytest.mark.parametrize(
    "head",
    [
        "The WSJ report: ",
        "Obama: ",
        "Analysis: ",
        "BREAKING — ",
        "US – ",
        "On 25 March 2026 – ",
        "Islamic State (ISIS) – ",
        "The bridge (1911) – ",
        "He said: ",
        "Islamic State (ISIS) ",
        "Delvast: ",
    ],
)
def test_in_doubt_it_is_the_first_words_of_the_sentence(head: str) -> None:
    assert told(head + REST).text == head + REST


def test_a_place_that_the_article_names_again_may_stand_before_a_colon() -> None:
    assert told("Delvast: " + REST, "Nobody was hurt in Delvast that day.").place == "Delvast"


def test_a_city_that_speaks_again_is_who_speaks() -> None:
    assert told("London: " + REST, "Paris: We are closed, too.", "London: So are we, then.").place == ""


def test_what_goes_on_in_small_letters_had_no_dateline() -> None:
    assert told("Paris – the city of light – is dark, as everybody knew it would be one day.").place == ""


def test_a_dateline_s_date_is_the_article_s_and_none_without_a_year() -> None:
    assert told("LONDON, 25 March 2026 (AP) — " + REST).published == datetime(2026, 3, 25, tzinfo=UTC)
    assert told("LONDON, 25 March (AP) — " + REST).published is None


def test_a_dateline_outweighs_credits_and_what_the_source_says() -> None:
    assert told("LONDON (AP) — " + REST, "(Reuters)", outlet="Daily").outlet == "AP"


def test_a_dateline_may_stand_below_a_caption() -> None:
    assert told("The bridge on Sunday. (Photo: AP)", "LONDON (dpa) — " + REST).place == "London"


@given(st.text(alphabet="ABcd 12,.:–—-()/АР", max_size=60) | st.text(max_size=60))
def test_any_text_has_a_dateline_within_it_or_none(text: str) -> None:
    found = dateline(text, [text, "in A"])
    assert found is None or 0 < found.end <= len(text)
