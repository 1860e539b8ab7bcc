"""Articles are read out of whole pages as well as they were: a floor, a little below what the benchmark tells."""

from __future__ import annotations

import pytest

from tests.pagegen import LANGS, LAYOUTS, Page, page
from tests.pages import reading
from tests.pages.scoring import Score, score, total

SEED = 4


@pytest.fixture(scope="module")
def pages() -> tuple[Page, ...]:
    """Of each layout one, each in another language than the one before."""
    langs = [*LANGS]
    return tuple(page(SEED, layout, langs[at % len(langs)]) for at, layout in enumerate(LAYOUTS))


def held(scores: Score, f1: float, kept: float) -> None:
    assert scores.f1 >= f1
    assert scores.kept <= kept * scores.boilerplate
    assert scores.titles == scores.pages
    assert scores.dates >= scores.pages - 1


def test_articles_are_read_well_where_nothing_is_known_of_the_site(pages: tuple[Page, ...]) -> None:
    read = total([score(each, reading.ours(each)) for each in pages])
    held(read, 0.97, 0.05)
    assert read.recall >= 0.998


def test_articles_are_read_better_where_the_site_is_known(pages: tuple[Page, ...]) -> None:
    held(total([score(each, reading.ours_learned(each, SEED)) for each in pages]), 0.985, 0.02)
