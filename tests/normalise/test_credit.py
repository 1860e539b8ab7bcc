"""Credits and bylines: whose an article is, and who wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Block, Entry, Feed, FeedId, Hash64, Item, Role
from watcher.normalise import bylines, credit, normalise

BODY = "The old bridge at Delvast was closed on Monday, the town hall said."
MORE = "Lorries have to go round by the dam until the summer."
FEED = Feed(id=FeedId("wires"), url="https://wires.example/feed")


def told(*texts: str, outlet: str = "", authors: tuple[str, ...] = ()) -> Item:
    blocks = tuple(Block(text=text) for text in texts)
    entry = Entry(hash=Hash64(7), title="Bridge closes", blocks=blocks, outlet=outlet, authors=authors)
    return normalise(entry, FEED)


@pytest.mark.parametrize(
    ("said", "outlet"),
    [
        ("(Reuters)", "Reuters"),
        ("(AP)", "AP"),
        ("(dpa)", "dpa"),
        ("— AP", "AP"),
        ("– Reuters, AFP", "Reuters"),
        ("(Photo: AP)", ""),
        ("(Source: Delvast Daily)", "Delvast Daily"),
        ("[Foto: dpa]", ""),
    ],
)
def test_a_credit_behind_the_last_sentence_is_lifted(said: str, outlet: str) -> None:
    item = told(BODY, f"{MORE} {said}")
    assert (item.text, item.outlet) == (f"{BODY}\n\n{MORE}", outlet)
    assert item.blocks[-1].role is Role.CREDIT
    assert item.blocks[-1].goes_on


@pytest.mark.parametrize(
    ("said", "outlet"),
    [
        ("Source: Reuters", "Reuters"),
        ("Quelle: dpa", "dpa"),
        ("Fuente: EFE", "EFE"),
        ("Source : AFP", "AFP"),
        ("Источник: ТАСС", "ТАСС"),
        ("المصدر: رويترز", "رويترز"),
        ("(Reuters)", "Reuters"),
        ("AP Photo/Jane Doe", ""),
        ("(Reporting by Jane Doe in Delvast; editing by John Roe)", ""),
        ("(Bericht: Jane Doe; Redaktion: John Roe)", ""),
    ],
)
def test_a_credit_may_stand_alone(said: str, outlet: str) -> None:
    item = told(BODY, MORE, said)
    assert (item.text, item.outlet, item.blocks[-1].role) == (f"{BODY}\n\n{MORE}", outlet, Role.CREDIT)


@pytest.mark.parametrize(
    "said",
    [
        "He spoke to Human Rights Watch (HRW)",
        "He told The Associated Press (AP).",
        "The city fell. (It rose again.)",
        "They left – for good",
        "The map",
        "Sources: nobody said a word about it, and nobody ever will, he was told by them at night.",
    ],
)
def test_in_doubt_it_is_the_article_s(said: str) -> None:
    assert told(BODY, said).text == f"{BODY}\n\n{said}"


def test_the_first_credit_of_the_text_counts_and_that_of_a_picture_says_nothing() -> None:
    assert told(f"{BODY} (Photo: AFP)", f"{MORE} (Reuters)", "Source: AP", outlet="Daily").outlet == "Reuters"
    assert told(f"{BODY} (Photo: AFP)", outlet="Daily").outlet == "Daily"
    assert told(f"{BODY} (Photo: AFP)").outlet == ""


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("BY JANE DOE AND JOHN VAN DER BERG", ("JANE DOE", "JOHN VAN DER BERG")),
        ("By Jane Doe · Published on 3 July 2023", ("Jane Doe",)),
        ("Written by Jane Doe | The Delvast Daily", ("Jane Doe",)),
        ("Von Jane Doe und John Roe", ("Jane Doe", "John Roe")),
        ("Por Jane Doe", ("Jane Doe",)),
        ("Par Jane Doe, 3 juillet 2023", ("Jane Doe",)),
        ("Автор: Марта Квилл", ("Марта Квилл",)),
        ("Fact checked by The Daily's Own Desk", ()),
        ("Photos by Jane Doe", ()),
        ("By Reuters Staff", ()),
        ("By | 2014-09-01T05:48:21+00:00 September 1st, 2014|World|0 Comments", ()),
    ],
)
def test_who_wrote_is_read_from_bylines(byline: str, names: tuple[str, ...]) -> None:
    item = told(byline, BODY)
    assert (item.authors, item.blocks[0].role) == (names, Role.BYLINE)


def test_authors_that_the_source_names_outweigh_bylines() -> None:
    assert told("By Jane Doe", BODY, authors=("John Roe",)).authors == ("John Roe",)


def test_a_name_beside_the_date_is_the_writer_s() -> None:
    assert told("Jane Doe", "25 March 2026", BODY).authors == ("Jane Doe",)
    assert told("Jane Doe", BODY).authors == ()


@given(st.text(alphabet="AP ().–—:/by Reuters", max_size=60) | st.text(max_size=60))
def test_any_text_has_a_credit_within_it_or_none(text: str) -> None:
    found = credit.begins(text)
    assert found is None or 0 < found < len(text)
    assert isinstance(credit.outlet(text), str)
    assert all(map(bylines.is_name, bylines.names(text)))
    assert not text or isinstance(credit.is_credit(text), bool)
