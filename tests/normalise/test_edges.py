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
MORE = "It was built by the men of the mill, and has never been closed for so long in all the years since."
APPEAL = "We are a small newsroom. Sign up for our newsletter, and support us with a gift."
WEAK = "This is the valley we live in. This is the valley we cover."
FEED = Feed(id=FeedId("wires"), url="https://wires.example/feed")


@pytest.mark.parametrize(("half", "least"), [("dev", 0.95), ("heldout", 0.88)])
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


@pytest.mark.parametrize(
    "text",
    [
        "This story was first published in 1911 and has been read by millions since.",
        "This article was amended on 3 May: the bridge was built in 1921, not in 1911.",
        "Ana Silva, who was in the second car, is in hospital.",
        "Kolb United are top with 31 points.",
        "Ana Silva, 19, was the youngest.",
        "Opinions on the bridge differ. Views expressed at the meeting ranged from anger to relief.",
        "Reproduction rates among herons fell by half, the study found.",
        "All rights to the song belong to his sister.",
        "Free tickets are at the door. Please bring a coat.",
        "Listen to the river: it tells you when to leave.",
        "Listen carefully: you will hear the frogs.",
        "Anyone with information should call the police on 555 0101.",
        "Contact the police if you have seen the car.",
        "Register by Friday at the town hall or by e-mail.",
        "Our picture shows the bridge in 1911.",
        "I am a doctor, and I was afraid.",
        "I am a teacher. I write this at night, when my pupils sleep.",
        "I live in Tarn.",
        "Photographs by Ada Hill can be seen in the town hall until June.",
        "Reporting this story took two years and cost three people their jobs.",
        "Additional trains will run on Sunday.",
        "Editing the film took a year.",
        "Das Gericht folgt nicht unbedingt der Meinung der Ärzte, sagte die Richterin.",
        "Dieser Text erschien 1911 und machte ihn berühmt.",
        "Dieser Artikel des Gesetzes wurde nie angewandt.",
        "Este artículo de la ley nunca se aplicó.",
        "Cet article de la loi n'a jamais été appliqué.",
        "Cet article est paru au Journal officiel.",
    ],
)
def test_a_last_paragraph_that_only_begins_like_small_print_is_the_article_s(text: str) -> None:
    assert not left_out([*ARTICLE, text])


@pytest.mark.parametrize(
    "text",
    [
        "Ada Hill covers the valley for the Courier. She has reported from Kolb since 2011.",
        "Ada Hill is the Courier’s science editor.",
        "Tom Roe is a former ambassador and a fellow at the Institute for River Studies.",
        "The opinions expressed here are the author’s own.",
        "No part of this site may be reproduced without written permission.",
        "This article was first published by the Delvast Daily and appears here with permission.",
        "This story has been updated.",
        "Click here to read more stories from the valley.",
        "Thank you for reading the Courier.",
        "Alle Rechte vorbehalten.",
        "Die Kommentarfunktion ist geschlossen.",
        "Dieser Artikel erschien zuerst im Kurier.",
        "Todos los derechos reservados.",
        "Tous droits réservés.",
        "Все права защищены.",
        "جميع الحقوق محفوظة.",
        "Anne Roy est journaliste au Courrier.",
    ],
)
def test_rights_terms_and_who_wrote_are_known_in_a_line(text: str) -> None:
    item = normalise(
        Entry(hash=Hash64(7), title="Bridge", blocks=tuple(Block(text=t) for t in (*ARTICLE, MORE, text))), FEED
    )
    assert item.text.split("\n\n") == [*ARTICLE, MORE]


def test_whom_the_article_tells_of_is_not_its_writer() -> None:
    life = "Ada Hill is a writer and teacher. She lives in Delvast and has written three books."
    assert sorted(left_out([*ARTICLE, life], "Bridge")) == [2]
    assert not left_out([*ARTICLE, life], "Ada Hill and the bridge")
    assert not left_out([*ARTICLE, "Hill crossed it every day.", life])
    assert sorted(left_out([*ARTICLE, "Ada Hill", life])) == [2, 3]


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
