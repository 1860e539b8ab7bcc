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
from watcher.text.sentences import sentences

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


def test_writer_place_and_outlet_are_lifted_from_where_they_are_printed(seed: tuple[Item, dict[str, Any]]) -> None:
    item, golden = seed
    assert (list(item.authors), item.place, item.outlet) == (golden["authors"], golden["place"], golden["outlet"])


def test_each_piece_has_the_role_a_reader_gave_it(seed: tuple[Item, dict[str, Any]]) -> None:
    item, golden = seed
    found = [(item.raw[placed.start : placed.end][:60], placed.role, placed.goes_on) for placed in item.blocks]
    labelled = [(block["starts"], Role(block["role"]), block.get("goes_on", False)) for block in golden["blocks"]]
    assert found == labelled


def test_the_text_is_the_article_and_nothing_else(seed: tuple[Item, dict[str, Any]]) -> None:
    """The lines of the file that are the article, without what is printed in them that is no text of it."""
    item, golden = seed
    article = "\n".join(_article(item, golden))
    for said, _ in golden["printed_but_not_text"]:
        assert said in article
        article = article.replace(said, "", 1)
    assert item.text.split("\n\n") == [" ".join(line.split()) for line in article.splitlines()]


def test_no_sentence_of_the_article_is_lost(seed: tuple[Item, dict[str, Any]]) -> None:
    """Each is whole in the title, the text, or what was lifted out of a line as it was printed."""
    item, golden = seed
    kept = [item.raw[each.start : each.end] for each in item.blocks if each.role is not Role.BOILERPLATE]
    said = " ".join([item.title, " ".join(kept)])
    lines = _article(item, golden)
    assert all(line[start:end] in said for line in lines for start, end in sentences(line))
    named = [item.raw[each.start : each.end] for each in item.blocks if each.role is Role.CREDIT]
    fields = {"dateline": (item.place, item.outlet), "credit": named, "repeat": (item.text,)}
    for text, role in golden["printed_but_not_text"]:
        assert any(field and (field in text or text in field) for field in fields[role])


def test_every_piece_but_the_text_says_why(seed: tuple[Item, dict[str, Any]]) -> None:
    item, _ = seed
    assert all(bool(placed.why) == (placed.role is not Role.BODY) for placed in item.blocks)


def _article(item: Item, golden: dict[str, Any]) -> list[str]:
    assert item.url is not None
    lines = (ROOT / "seeds" / item.url.rpartition("/")[2]).read_text("utf-8").splitlines()
    chosen = (lines[at - 1] for first, last in golden["article_lines"] for at in range(first, last + 1))
    return [" ".join(line.split()) for line in chosen if line.strip()]
