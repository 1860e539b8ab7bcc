"""The invented pages say what their truth says, and are hard enough to tell readers of pages apart."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.pagegen import LANGS, LAYOUTS, Page, generate, page
from tests.pages import reading
from tests.pages.draft import Dated
from tests.pages.scoring import Read, in_order, score, total, words

PAGES = tuple(generate(1))


def named(which: Page) -> str:
    return f"{which.layout}-{which.lang}"


def test_there_is_a_page_of_each_layout_in_each_language_and_four_layouts_are_held_out() -> None:
    assert len(PAGES) == len({named(which) for which in PAGES}) == 60
    assert sum(layout.held_out for layout in LAYOUTS.values()) == 4
    assert {which.held_out for which in generate(1, held_out=True)} == {True}


def test_the_same_seed_gives_the_same_page_and_another_another() -> None:
    assert page(1, "cms", "de", 3) == page(1, "cms", "de", 3)
    assert len({page(seed, "cms", "de", number).markup for seed in (1, 2) for number in (0, 1)}) == 4


@pytest.mark.parametrize("which", PAGES, ids=named)
def test_every_word_that_a_page_shows_is_in_its_truth_once(which: Page) -> None:
    shown = Counter(words(reading.whole(which).text))
    told = words(" ".join((*which.text, *which.lifted, *which.boilerplate)))
    assert shown == Counter(told)
    assert which.title in which.lifted


@pytest.mark.parametrize("which", PAGES, ids=named)
def test_the_article_stands_in_the_page_in_the_order_of_its_truth(which: Page) -> None:
    truth = words(" ".join(which.text))
    assert len(truth) > 150
    assert in_order(truth, words(reading.whole(which).text)) == len(truth)


def test_nothing_of_an_article_is_said_twice_in_it_nor_on_other_pages() -> None:
    lines = Counter(line for which in generate(1, each=3) for line in which.text if len(words(line)) > 30)
    assert max(lines.values()) == 1
    assert all(max(Counter(which.text).values()) == 1 for which in PAGES)


def test_pages_of_a_site_have_its_words_in_common_and_no_others_of_their_boilerplate() -> None:
    one, two, other = (page(*each) for each in ((1, "cms", "en", 0), (1, "cms", "en", 1), (2, "cms", "en", 0)))
    assert len({*one.boilerplate} & {*two.boilerplate}) > 20
    assert not {*one.text} & {*two.text}
    assert one.url.rpartition("/")[0] == two.url.rpartition("/")[0] != other.url.rpartition("/")[0]


@pytest.mark.parametrize("which", PAGES, ids=named)
def test_the_date_stands_where_the_truth_says_and_nowhere_else(which: Page) -> None:
    local = {m[0] for m in re.finditer(r"\d{4}-\d\d-\d\dT[\d:]+[+-]\d\d:\d\d", which.markup)}
    meant = {each for each in local if datetime.fromisoformat(each) == which.published}
    assert bool(meant) is which.to_the_minute
    assert which.to_the_minute is (which.dated in {Dated.META, Dated.JSONLD, Dated.TIME})
    if which.published is None:
        assert which.dated is Dated.NOWHERE
    elif not which.to_the_minute:
        assert which.published == which.published.replace(hour=0, minute=0)
        assert any(str(which.published.year) in line for line in which.lifted)


def test_every_place_for_a_date_is_found_among_the_pages_and_some_say_none() -> None:
    assert {which.dated for which in PAGES} == {*Dated}


def test_json_ld_can_be_read() -> None:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(1, "jsonld", "fr").markup)
    assert [json.loads(each)["headline"] for each in found] == [page(1, "jsonld", "fr").title]


@pytest.mark.parametrize("lang", LANGS)
def test_the_sites_words_of_a_language_have_no_gap_left(lang: str) -> None:
    for which in (page(1, layout, lang) for layout in LAYOUTS):
        assert not [line for line in (*which.text, *which.lifted, *which.boilerplate) if re.search("[{}]", line)]


# --- the score ------------------------------------------------------------------------------------


def test_words_count_in_their_places_only() -> None:
    assert in_order([*"abcd"], [*"xacyd"]) == 3
    assert in_order([*"ab"], [*"ba"]) == 1
    assert in_order([], ["a"]) == in_order(["a"], []) == 0
    assert words("Élan’s 1\u202f200 “ﬁve_six”") == ["élan", "s", "1", "200", "five", "six"]


def test_a_perfect_reading_scores_one_and_an_empty_one_nothing() -> None:
    which = PAGES[0]
    perfect = Read(
        text=" ".join(which.text),
        title=which.title,
        published=which.published,
        authors=which.authors,
        place=which.place,
    )
    right = score(which, perfect)
    assert (right.f1, right.precision, right.recall, right.kept) == (1, 1, 1, 0)
    assert (right.titles, right.dates, right.authors, right.places) == (1, 1, 1, 1)
    empty = score(which, Read(text=""))
    assert (empty.f1, empty.precision, empty.recall, empty.kept, empty.titles, empty.dates) == (0, 0, 0, 0, 0, 0)


def test_what_is_kept_of_the_site_is_counted_and_what_is_lifted_is_only_wrong() -> None:
    which = PAGES[0]
    site = score(which, Read(text=" ".join((*which.text, *which.lifted, *which.boilerplate))))
    assert site.kept == site.boilerplate
    lifted = score(which, Read(text=" ".join((*which.lifted, *which.text))))
    assert lifted.kept == 0
    assert lifted.precision < 1 == lifted.recall


def test_a_date_said_in_words_is_right_by_the_day_and_no_date_is_right_where_there_is_none() -> None:
    by_day = next(which for which in PAGES if which.dated is Dated.BYLINE)
    exact = next(which for which in PAGES if which.dated is Dated.META)
    none = next(which for which in PAGES if which.dated is Dated.NOWHERE)
    assert by_day.published is not None
    assert score(by_day, Read(text="", published=by_day.published.replace(hour=9))).dates == 1
    assert exact.published is not None
    assert score(exact, Read(text="", published=exact.published.replace(second=30))).dates == 0
    assert score(exact, Read(text="", published=exact.published, by_the_day=True)).dates == 1
    assert score(none, Read(text="")).dates == 1
    assert score(none, Read(text="", published=datetime(2026, 1, 1, tzinfo=UTC))).dates == 0


def test_the_pages_are_hard_the_whole_page_scores_far_below_what_is_asked() -> None:
    for held_out in (False, True):
        whole = total([score(which, reading.whole(which)) for which in PAGES if which.held_out is held_out])
        assert whole.recall == 1
        assert whole.f1 < 0.97 - 0.15
