"""The five seeds, every block labelled by hand, from bytes to item."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from watcher.model import Feed, FeedId, File, Hash64, Item, Role
from watcher.normalise import normalise
from watcher.parse.text import entry_from_file

ROOT = Path(__file__).parents[2]
GOLDEN = sorted((ROOT / "tests" / "data" / "seeds").glob("*.json"))


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem[:3])
def seed(request: pytest.FixtureRequest) -> tuple[Item, dict[str, Any]]:
    golden: Path = request.param
    name = golden.stem + ".txt"
    body = (ROOT / "seeds" / name).read_bytes()
    modified = datetime(2026, 1, 2, tzinfo=UTC)
    entry = entry_from_file(File(name=name, url=f"file:///seeds/{name}", body=body, modified=modified, hash=Hash64(7)))
    return normalise(entry, Feed(id=FeedId("seeds"), url="../seeds", lang="en")), json.loads(golden.read_text("utf-8"))


def test_there_is_a_golden_file_for_each_seed() -> None:
    assert [path.stem for path in GOLDEN] == sorted(path.stem for path in (ROOT / "seeds").glob("*.txt"))


def test_title_and_date_are_what_the_page_states(seed: tuple[Item, dict[str, Any]]) -> None:
    item, golden = seed
    assert (item.title, item.title_from_text) == (golden["title"], golden["title_from_text"])
    assert (item.published.isoformat() if item.published else None) == golden["published"]


def test_the_text_begins_and_ends_with_the_article(seed: tuple[Item, dict[str, Any]]) -> None:
    item, golden = seed
    assert item.text.startswith(golden["text_starts"])
    assert item.text.endswith(golden["text_ends"])


def test_each_block_has_the_role_a_reader_gave_it(seed: tuple[Item, dict[str, Any]]) -> None:
    """Where a "gap" is noted, the block is still what the gap says: whoever closes it takes the note out."""
    item, golden = seed
    found = [(item.raw[placed.start : placed.end][:60], placed.role) for placed in item.blocks]
    assert found == [(block["starts"], Role(block.get("gap", block["role"]))) for block in golden["blocks"]]


def test_no_sentence_of_the_article_is_lost(seed: tuple[Item, dict[str, Any]]) -> None:
    item, golden = seed
    paragraphs = item.text.split("\n\n")
    for block in golden["blocks"]:
        if block["role"] == "body":
            assert any(paragraph.startswith(block["starts"]) for paragraph in paragraphs)
