"""The benchmarks can be started, and what they serve is what they say; what they measure is not measured here."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from tests.bench import __main__ as bench
from tests.bench import _feeds
from watcher.model import Response
from watcher.parse import parse


@pytest.mark.parametrize("name", bench.names())
def test_every_benchmark_can_be_started(name: str) -> None:
    assert callable(import_module(f"tests.bench.{name}").main)


@pytest.mark.parametrize("name", bench.names())
def test_every_benchmark_says_what_it_measures_and_how_it_is_started(name: str) -> None:
    summary, *paragraphs = bench.said(name).split("\n\n")
    assert len(summary) > 40
    assert re.search(rf"^    python -m tests\.bench[ .]{name}\b", "\n\n".join(paragraphs), re.MULTILINE)


def test_a_benchmark_is_given_the_options_that_it_names() -> None:
    assert bench.command("match", ["--all", "--write"])[-2:] == ["--all", "--write"]
    assert bench.command("storm", ["--all", "--write"])[-1] == "tests.bench.storm"


def test_a_benchmark_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--write", "nothing"]) == 2
    assert "no benchmark nothing; there are: adaptive, " in capsys.readouterr().err


def test_the_next_document_of_a_feed_has_one_new_item() -> None:
    first, then = (Response(url="http://news.example/", body=_feeds.document(0, new)) for new in (0, 1))
    known = parse(first, frozenset())
    assert len(known.entries) == _feeds.ITEMS
    assert 0.8 < len(first.body) / _feeds.SIZE < 1.2
    assert len(parse(then, frozenset(known.hashes)).entries) == 1
