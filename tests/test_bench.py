"""The benchmarks can be started, and what they serve is what they say; what they measure is not measured here."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.bench import __main__ as bench
from tests.bench import _feeds
from watcher.model import Response
from watcher.parse import parse


@pytest.mark.parametrize("name", bench.names())
def test_every_benchmark_can_be_started(name: str) -> None:
    assert callable(import_module(f"tests.bench.{name}").main)


def test_the_next_document_of_a_feed_has_one_new_item() -> None:
    first, then = (Response(url="http://news.example/", body=_feeds.document(0, new)) for new in (0, 1))
    known = parse(first, frozenset())
    assert len(known.entries) == _feeds.ITEMS
    assert 0.8 < len(first.body) / _feeds.SIZE < 1.2
    assert len(parse(then, frozenset(known.hashes)).entries) == 1
