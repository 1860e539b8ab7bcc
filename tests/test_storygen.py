"""The invented truth about stories is what it says it is."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import islice, pairwise
from pathlib import Path

import pytest

from tests.bench.stories import b_cubed, labelled
from tests.storygen import KINDS, Made, events, stream


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return list(stream(3000))


def test_the_same_seed_brings_the_same_stream_and_another_another(made: list[Made]) -> None:
    assert made[:300] == list(islice(stream(3000), 300))
    assert made[:300] != list(islice(stream(3000, seed=2), 300))


def test_each_kind_has_its_part_of_the_stream(made: list[Made]) -> None:
    kinds = Counter(one.kind for one in made)
    for kind, share in KINDS.items():
        assert 0.75 * share < kinds[kind] / len(made) < 1.25 * share


def test_a_copy_comes_after_its_original_from_another_site(made: list[Made]) -> None:
    first: dict[int, Made] = {}
    for one in made:
        if one.kind in {"original", "look-alike"}:
            assert one.story not in first
            first[one.story] = one
        else:
            assert first[one.story].at < one.at
            assert first[one.story].site != one.site


def test_look_alikes_are_alike_and_say_other_things(made: list[Made]) -> None:
    by_site: defaultdict[str, list[str]] = defaultdict(list)
    for one in made:
        if one.kind == "look-alike":
            by_site[one.site].append(" ".join(block.text for block in one.entry.blocks))
    several = [texts for texts in by_site.values() if len(texts) > 3]
    assert several
    for texts in several:
        assert len(set(texts)) == len(texts)
        assert any(len(set(a.split()) & set(b.split())) > 0.5 * len(set(a.split())) for a, b in pairwise(texts))


def test_events_come_in_order_told_by_several_in_other_words() -> None:
    items = events()
    assert items == sorted(items, key=lambda one: (one.time, one.id))
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for one in items:
        assert "{" not in one.title + one.text
        texts[one.story].add(one.text)
    assert len(texts) == 120
    assert sum(len(each) for each in texts.values()) == len(items)


def test_b_cubed_rewards_neither_all_in_one_nor_each_alone() -> None:
    truth = {"a": "x", "b": "x", "c": "y", "d": "y"}
    assert b_cubed(truth, truth) == (1.0, 1.0, 1.0)
    assert b_cubed(dict.fromkeys(truth, "one"), truth)[:2] == (0.5, 1.0)
    assert b_cubed({one: one for one in truth}, truth)[:2] == (1.0, 0.5)


def test_a_labelled_set_is_read_from_json_lines(tmp_path: Path) -> None:
    one = {"id": 7, "time": "2026-03-01T10:00:00Z", "title": "T", "text": "One.\n\nTwo.", "story": 3}
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(one) + "\n", "utf-8")
    (read,) = labelled(path)
    assert (read.id, read.story, read.time.year) == ("7", "3", 2026)
