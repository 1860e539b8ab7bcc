"""What is read with known entries cut out is what feedparser.parse reads of the whole document: always."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

import pytest

from tests.feedgen import Generated, generate, soup
from tests.parse.feedparser_documents import documents
from tests.parse.truth import feedparse
from tests.pollgen import Poll, Story, polls
from watcher.errors import ParseError
from watcher.model import Hash64, Parsed, Response
from watcher.parse import parse
from watcher.parse.convert import document
from watcher.parse.entry import entry_of
from watcher.parse.feed import divided, read_new, read_whole
from watcher.parse.limits import MAX_ENTRIES, hash64

SOAK = "WATCHER_SOAK" in os.environ
POLLS = 10_000 if SOAK else 300
GENERATED = 10_000 if SOAK else 200
SOUPS = 20_000 if SOAK else 200
SUBSETS = 2 if SOAK else 1
NOTHING: frozenset[Hash64] = frozenset()

pytestmark = pytest.mark.timeout(3600 if SOAK else 120)


def test_polls_of_feeds_as_they_go_on_read_the_same_cut_and_whole() -> None:
    seen: Counter[str] = Counter()
    seed = 0
    while seen.total() < POLLS:
        seen.update(followed(polls(seed), f"polls({seed})"))
        seed += 1
    assert seen["cut"] > POLLS * 0.8, seen


def test_generated_feeds_read_the_same_cut_and_whole() -> None:
    seen: Counter[str] = Counter()
    for seed in range(GENERATED):
        made = generate(seed)
        seen[sampled(of(made), Random(seed), f"generate({seed}) with {made.tricks}")] += 1
    assert seen["cut"] > GENERATED / 3, seen
    assert seen["whole"] > GENERATED / 10, seen


def test_soups_of_all_elements_read_the_same_cut_and_whole() -> None:
    seen = Counter(sampled(of(soup(seed)), Random(seed), f"soup({seed})") for seed in range(SOUPS))
    assert seen["cut"] > SOUPS / 20


def test_the_test_documents_of_feedparser_read_the_same_cut_and_whole() -> None:
    seen = Counter(sampled(response, Random(name), name) for name, response in documents())
    assert seen["cut"] > 1500
    assert seen["whole"] > 150


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_comparison_itself_tells_a_difference(seed: int) -> None:
    response = of(generate(seed, flavour="rss20", entries=6, wild=False))
    truth = feedparse(response)
    compare(response, NOTHING, truth, "good")
    truth["entries"][3]["title"] = "another"
    with pytest.raises(AssertionError):
        compare(response, NOTHING, truth, "spoilt")


def of(made: Generated | Poll) -> Response:
    return Response(url=made.url, headers=made.headers, body=made.body)


def followed(feed: Iterable[Poll], name: str) -> Iterator[str]:
    """Read one poll after the other, all that came before known."""
    known, told = NOTHING, set[Story]()
    for number, made in enumerate(feed):
        response = of(made)
        parsed, how = compare(response, known, feedparse(response), f"{name}, poll {number}, {made.software}")
        new = {entry.guid for entry in parsed.entries}
        assert new == {story.guid for story in made.stories if story not in told} or made.software == "papers", name
        assert {entry.title for entry in parsed.entries} == {story.title for story in made.stories if story not in told}
        told.update(made.stories)
        known |= frozenset(parsed.hashes)
        yield how


def sampled(response: Response, rng: Random, name: str) -> str:
    """Read the document with nothing and then random entries known; says how it was read."""
    try:
        first = parse(response, NOTHING)
    except ParseError as error:
        if error.kind == "unreadable":
            with pytest.raises((ValueError, TypeError, LookupError, AttributeError, AssertionError)):
                feedparse(response)
        return error.kind
    truth = feedparse(response)
    how = ""
    for known in [0, *(rng.randint(0, len(first.hashes)) for _ in range(SUBSETS))]:
        _, how = compare(response, frozenset(rng.sample(first.hashes, known)), truth, name)
    return how


def compare(response: Response, known: frozenset[Hash64], truth: Any, name: str) -> tuple[Parsed, str]:
    """Feedparser's own dictionaries are the same, down to the order of their keys, and so is what is made of them."""
    body, parts = divided(document(response))
    assert divided(document(response), known, parts.scope) == (body, parts), name
    reading = read_new(body, parts, known)
    assert reading or parts.doubt or not body.sound or not response.url.startswith("http"), f"{name}: not cut"
    how = "cut" if reading else "whole"
    reading = reading or read_whole(body, known)
    keys = [raw.hash for raw in parts.entries] if how == "cut" else [hashed(entry) for entry in truth["entries"]]
    first: dict[Hash64, dict[str, Any]] = {}
    for key, entry in [*zip(keys, truth["entries"], strict=True)][:MAX_ENTRIES]:
        first.setdefault(key, entry)
    assert reading.hashes == tuple(first), name
    wanted = [(key, entry) for key, entry in first.items() if key not in known]
    assert [(key, repr(entry)) for key, entry in reading.entries] == [(key, repr(entry)) for key, entry in wanted], name
    version = (body.mended and body.version) or truth["version"]
    assert (repr(reading.feed), reading.version) == (repr(truth["feed"]), version), name
    parsed = parse(response, known)
    assert parsed.hashes == reading.hashes, name
    assert parsed.entries == tuple(entry_of(key, entry, truth["feed"], version) for key, entry in wanted), name
    return parsed, how


def hashed(entry: dict[str, Any]) -> Hash64:
    return hash64(json.dumps(entry, sort_keys=True, default=str).encode())
