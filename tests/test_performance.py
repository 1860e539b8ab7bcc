"""docs/performance.md shows what the benchmarks have kept, all of it and nothing else, and names every benchmark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench._report import FIGURES, PAGES, known, shown
from tests.bench.sizing import FORMULA

PAGE = PAGES[0].read_text("utf-8")
KEPT = sorted(path.name for path in FIGURES.iterdir())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_pages_show_the_figures_that_were_kept(page: Path) -> None:
    assert shown(page.read_text("utf-8")) == page.read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_pages_show_no_figure_that_was_not_kept(page: Path) -> None:
    text = page.read_text("utf-8")
    assert {f"{name}.txt" for name in re.findall(r"<!-- figures: (\S+) -->", text)} <= set(KEPT)
    figures = {f"{name}/{what}" for name, kept in known().items() for what in kept}
    assert set(re.findall(r"<!-- figure: ([^>]+) -->", text)) <= figures


@pytest.mark.parametrize("name", KEPT)
def test_all_that_was_kept_is_shown(name: str) -> None:
    shows = f"<!-- figures: {name.removesuffix('.txt')} -->" if name.endswith(".txt") else f"](performance/{name})"
    assert shows in PAGE


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (PAGES[0].parent / target).exists(), target


@pytest.mark.parametrize("name", bench.names())
def test_every_benchmark_is_named(name: str) -> None:
    assert f"| `{name}` |" in PAGE


def test_the_formula_of_the_sizes_stands_there() -> None:
    assert FORMULA in PAGE
