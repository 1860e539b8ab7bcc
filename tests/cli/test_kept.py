"""A labelled item is kept as a text that reads back to it, or it is spelled out."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.items import item
from watcher.cli.kept import as_file, spelled_out
from watcher.model import Feed, FeedId, File, Hash64, Item
from watcher.normalise import normalise
from watcher.parse.text import entry_from_file
from watcher.run.clock import SystemClock
from watcher.yamldoc import edit, load, plain

EXAMPLES = 2_000 if os.environ.get("WATCHER_SOAK") else 100
SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


def read(body: bytes) -> Item:
    file = File(name="a.txt", url="file:///a.txt", body=body, modified=SystemClock().now(), hash=Hash64(1))
    return normalise(entry_from_file(file), Feed(id=FeedId("test"), url="test"))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name[:3])
def test_an_article_reads_back_to_the_same_title_and_text(seed: Path) -> None:
    before = read(seed.read_bytes())
    kept = as_file(before, "a.txt")
    assert kept is not None
    after = read(kept)
    assert (after.title, after.text) == (before.title, before.text)


def test_what_is_kept_has_its_dateline() -> None:
    before = read(b"Army leaves\n\nBAGHDAD (Reuters) - Troops left the city on Monday.\n\nIt was quiet, people said.\n")
    assert (before.place, before.text[:6]) == ("Baghdad", "Troops")
    kept = as_file(before, "a.txt")
    assert kept is not None
    assert (read(kept).place, read(kept).text) == (before.place, before.text)
    assert str(spelled_out(before)["text"]).startswith("BAGHDAD (Reuters) - Troops")


paragraphs = st.lists(
    st.sampled_from(
        [
            "A strike hit Tikrit, said a spokesman.",
            "By Anna Smith",
            "- one",
            "# two",
            "Share",
            "A B",
            "x" * 300,
            "2 March",
        ]
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(title=st.sampled_from(["", "Strikes hit Tikrit", "- odd", "# odd", "Share"]), text=paragraphs)
def test_what_is_kept_reads_back_or_is_spelled_out(title: str, text: list[str]) -> None:
    before = replace(item("\n\n".join(text)), title=title)
    kept = as_file(before, "a.txt")
    if kept is not None:
        after = read(kept)
        assert (after.title, after.text) == (title, before.text)
    source = edit(b"tests: []\n", ("tests", 0), {**spelled_out(before), "expect": "match"})
    node, _ = load(source, "a.yaml")
    assert node is not None
    (test,) = plain(node)["tests"]
    assert test.get("title", "") == title
    assert test["text"].strip() == before.text
