"""What reads like a copy and says something else is in the story of what it reads like, and is no copy of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.story.told import FERRY, LONGER, OTHERS_ON_FERRY, edited, lived, told
from watcher.model import Level
from watcher.store.sketches import packed, unpacked
from watcher.story import sketch_of

LONG = "\n\n".join(
    [FERRY, OTHERS_ON_FERRY.replace("17", "seventeen").replace("40", "forty"), LONGER, edited(OTHERS_ON_FERRY, 2)]
)
TURNED = {
    "a no": ("had failed", "had not failed"),
    "a contracted no": ("had failed", "hadn't failed"),
    "another verb with its no": ("crosses the Sound", "does not cross the Sound"),
    "another number": ("214 people", "21 people"),
    "another amount": ("40 tonnes of oil", "400 tonnes of oil"),
    "another surname": ("said Magnus Brandvik", "said Magnus Torvik"),
}
STRIKES = {
    "de": (
        (
            "Der für Montag angekündigte Streik der Lokführer findet statt, teilte die Gewerkschaft am Abend mit. "
            "Reisende müssen sich auf Ausfälle einstellen, und auch im Güterverkehr wird mit Verspätungen gerechnet. "
            "Verhandelt wird seit dem Herbst."
        ),
        "findet statt",
        "findet nicht statt",
    ),
    "fr": (
        (
            "Le maire a démissionné dimanche après la publication d'un rapport sur les comptes de la ville, a annoncé "
            "le conseil municipal. L'opposition demande des élections anticipées."
        ),
        "Le maire a démissionné",
        "Le maire n'a pas démissionné",
    ),
    "ru": (
        (
            "Сообщается, что мост через реку открыт для движения, работы продолжались более двух лет и обошлись в "
            "сорок миллионов крон. Движение грузовиков ограничено до конца месяца."
        ),
        "открыт для",
        "не открыт для",
    ),
    "zh": (
        "市长因港口合同问题于周日宣布辞职，市议会表示。审计署发现，在任何工程开始之前已经支付了一千二百四十万。副市长将领导该市。",
        "宣布辞职",
        "没有宣布辞职",
    ),
    "ja": (
        "市長は港湾契約をめぐり日曜日に辞任すると発表した。監査当局は工事の前に千二百四十万が支払われていたことを明らかにした。",
        "辞任すると",
        "辞任しないと",
    ),
}


def levels(first: str, second: str, *, site: str = "two", title: str = "") -> list[Level]:
    found = lived([told("a", first, title=title), told("b", second, site=site, title=title)])
    if found[1].link.level is not Level.ALONE:
        assert found[1].story == found[0].story
    return [each.link.level for each in found]


@pytest.mark.parametrize("words", TURNED.values(), ids=TURNED)
@pytest.mark.parametrize("text", [FERRY, LONG], ids=["short", "long"])
def test_what_reads_like_a_copy_but_says_otherwise_is_told(words: tuple[str, str], text: str) -> None:
    assert words[0] in text
    first, other = lived([told("a", text), told("b", text.replace(*words, 1), site="two")])
    assert (other.link.level, other.link.root, other.story) == (Level.CHANGED, None, first.story)
    assert other.link.source == "one.example"


@pytest.mark.parametrize("text", [FERRY, LONG], ids=["short", "long"])
def test_a_report_with_another_full_name_is_another_report_as_of_one_template(text: str) -> None:
    words = ("said Magnus Brandvik", "said Rolf Torvik")
    assert words[0] in text
    assert levels(text, text.replace(*words, 1)) == [Level.ALONE, Level.ALONE]


@pytest.mark.parametrize("denied", ["had not failed", "hadn't failed", "had never failed"])
def test_what_takes_a_no_back_is_told(denied: str) -> None:
    assert levels(FERRY.replace("had failed", denied), FERRY)[1] is Level.CHANGED


@pytest.mark.parametrize("told_in", STRIKES.values(), ids=STRIKES)
def test_a_no_is_seen_in_other_languages(told_in: tuple[str, str, str]) -> None:
    text, words, denied = told_in
    assert words in text
    assert levels(text, text.replace(words, denied))[1] is Level.CHANGED
    assert levels(text.replace(words, denied), text.replace(words, denied))[1] is Level.COPY


def test_a_copy_of_a_denial_is_a_copy_of_that_and_not_of_what_it_denies() -> None:
    denied = FERRY.replace("had failed", "had not failed")
    given = [told("a", FERRY), told("b", denied, site="two"), told("c", edited(denied, 29), site="three")]
    _, second, third = lived(given)
    assert (third.link.level, third.link.root) == (Level.COPY, second.item.id)


def test_what_one_outlet_leaves_out_or_says_in_its_own_small_words_is_a_copy() -> None:
    shorter = FERRY.replace(" in the morning", "").replace("the harbour office said", "officials at the harbour stated")
    assert levels(FERRY, shorter)[1] is Level.COPY


def test_one_telling_word_counts_in_a_short_text() -> None:
    fire = (
        "A fire broke out at the biscuit factory of Lodden in the night. Forty workers were killed when the roof of "
        "the main hall came down, the fire service said. Smoke could be seen for miles, and its cause is not known."
    )
    assert levels(fire, fire.replace("killed", "unhurt"))[1] is Level.CHANGED
    assert levels(fire, fire.replace("Forty", "Four"))[1] is Level.CHANGED
    assert levels(fire, fire)[1] is Level.COPY


def test_a_site_that_brings_its_notice_with_another_word_tells_something_new() -> None:
    notice = f"The harbour office warns of a storm. {FERRY}"
    assert levels(notice, notice.replace("storm", "calm"), site="one")[1] is Level.CHANGED
    assert levels(notice, notice, site="one", title="Warning")[1] is Level.COPY


def test_a_part_of_a_page_of_many_reports_is_no_excerpt_that_was_told() -> None:
    bridge = (
        "A bridge over the Sorne in Sarvik came down at noon, and at least 30 people are missing, said the governor of "
        "Upper Arvend, Lena Okafor. Divers of the Kirrin brigade are searching for two buses of Orbis Travel. "
        "Fog had made it hard to see, a driver who stopped in time told them, and the road was closed an hour later. "
        "The bridge was built sixty years ago and had been inspected in the spring, when nothing was found to be wrong."
    )
    day = f"{FERRY}\n\n{OTHERS_ON_FERRY}\n\n{bridge}"
    first, part, stub = lived([told("a", day), told("b", bridge, site="two"), told("c", FERRY[:400], site="three")])
    assert (part.link.level, part.link.root) == (Level.CHANGED, None)
    assert (stub.link.level, stub.link.root) == (Level.EXCERPT, first.item.id)


def test_an_edit_that_denies_what_it_copied_is_no_copy_any_more() -> None:
    copy = told("b", edited(FERRY, 29), site="two")
    denied = replace(
        copy, number=2, item=replace(copy.item, text=copy.item.text.replace("had failed", "had not failed"))
    )
    first, before, after = lived([told("a", FERRY), copy, denied])
    assert before.link.root == first.item.id
    assert (after.story, after.link.root, after.link.source) == (first.story, None, "")


def test_what_says_no_is_kept_with_a_sketch() -> None:
    sketch = sketch_of(told("a", FERRY.replace("had failed", "had not failed")).item)
    assert sketch.denied
    assert unpacked(packed(sketch)) == sketch
    assert len(sketch_of(told("b", "It is not so, it never was. " * 900).item).denied) <= 32
