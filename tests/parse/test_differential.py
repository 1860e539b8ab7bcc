"""The entries read out of a cut document are the entries of the whole document, as feedparser reads it: always."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

import pytest

from tests.feedgen import generate, soup
from tests.parse.feedparser_documents import documents
from watcher.errors import ParseError
from watcher.model import Hash64, Response
from watcher.parse import feed, parse
from watcher.parse.entry import entry_of
from watcher.parse.split import split

SOAK = "WATCHER_SOAK" in os.environ
GENERATED = 10_000 if SOAK else 250
SOUPS = 20_000 if SOAK else 250
SUBSETS = 4 if SOAK else 1


def test_generated_feeds_read_the_same_cut_and_whole() -> None:
    seen: Counter[str] = Counter()
    for seed in range(GENERATED):
        made = generate(seed)
        response = Response(url=made.url, headers=made.headers, body=made.body)
        seen[compare(response, Random(seed), f"generate({seed}) with {made.tricks}")] += 1
    assert seen["cut"] > GENERATED / 3
    assert seen["whole"] > GENERATED / 10


def test_soups_of_all_elements_read_the_same_cut_and_whole() -> None:
    seen = Counter(compare(soup_response(seed), Random(seed), f"soup({seed})") for seed in range(SOUPS))
    assert seen["cut"] > SOUPS / 20


def test_the_test_documents_of_feedparser_read_the_same_cut_and_whole() -> None:
    seen = Counter(compare(response, Random(name), name) for name, response in documents())
    assert seen["cut"] > 1500
    assert seen["whole"] > 150


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_comparison_itself_tells_a_difference(seed: int) -> None:
    made = generate(seed, flavour="rss20", entries=6, wild=False)
    response = Response(url=made.url, headers=made.headers, body=made.body)
    reading = whole(response)
    spoilt = {key: {**entry, "title": "another"} for key, entry in reading.entries.items()}
    with pytest.raises(AssertionError):
        compare_dictionaries(response, frozenset(), reading._replace(entries=spoilt), "spoilt")


def soup_response(seed: int) -> Response:
    made = soup(seed)
    return Response(url=made.url, headers=made.headers, body=made.body)


def compare(response: Response, rng: Random, name: str) -> str:
    """Read the document with random entries known; says how it was read."""
    try:
        first = parse(response, frozenset())
    except ParseError as error:
        return error.kind
    reading = None if split(feed.document(response).data).doubt else whole(response)
    if reading:
        assert {key: entry_of(key, entry, reading.feed, reading.version) for key, entry in reading.entries.items()} == {
            entry.hash: entry for entry in first.entries
        }, name
    for _ in range(SUBSETS):
        known = frozenset(rng.sample(first.hashes, rng.randint(0, len(first.hashes))))
        then = parse(response, known)
        left = tuple(entry for entry in first.entries if entry.hash not in known)
        assert then == replace(first, entries=left, cut=then.cut), name
        if reading:
            compare_dictionaries(response, known, reading, name)
    return "cut" if reading else "whole"


def compare_dictionaries(response: Response, known: frozenset[Hash64], reading: Whole, name: str) -> None:
    """Feedparser's own dictionaries are the same, down to the order of their keys."""
    document = feed.document(response)
    read = feed.read_new(response, document, split(document.data), known)
    if read is None:
        assert not response.url.startswith("http"), f"{name}: no doubt, and yet not cut"
        return
    assert read.hashes == tuple(reading.entries), name
    told = [(key, repr(entry)) for key, entry in read.entries]
    assert told == [(key, repr(entry)) for key, entry in reading.entries.items() if key not in known], name
    assert (repr(read.feed), read.version) == (repr(reading.feed), reading.version), name


class Whole(NamedTuple):
    feed: dict[str, Any]
    version: str
    entries: dict[Hash64, dict[str, Any]]


def whole(response: Response) -> Whole:
    """Feedparser's reading of the body as it came, with our options; entries of equal bytes once."""
    result = feed.feedparse(response.body, feed.headers(response))
    entries: dict[Hash64, dict[str, Any]] = {}
    for raw, entry in zip(split(feed.document(response).data).entries, result["entries"], strict=True):
        entries.setdefault(raw.hash, entry)
    return Whole(feed=result["feed"], version=result["version"], entries=entries)
