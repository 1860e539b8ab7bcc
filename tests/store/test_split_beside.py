"""What a person splits beside a running daemon, or the disk damages, holds for what the daemon stores next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.nouns import after, item_id, poll, ready, revision
from watcher.model import Level, Revision, untold
from watcher.ports import Store
from watcher.store import examine_store, open_store
from watcher.story import SPAN, linked, sketch_of

TEXT = (
    "Iraqi forces entered the centre of Tikrit on Wednesday, officials in Baghdad said. General Abdul-Wahab al-Saadi "
    "told reporters that his men would advance on the presidential palace within two days. The governor of Salahuddin, "
    "Raed al-Jabouri, said that 240 families had fled the city since Monday, most of them to Samarra."
)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """The daemon's, and that of a command."""
    both = tuple(open_store(f"sqlite:///{tmp_path}/watcher.db") for _ in range(2))
    ready(both[0])
    yield both[0], both[1]
    for store in both:
        store.close()


def come(store: Store, name: str, minute: float) -> Revision:
    """An item that says TEXT, from a site of its own: in the story that it belongs to."""
    one = revision(name, seen_at=after(minute))
    address = f"https://{name}.example/news"
    item = replace(one.item, url=address, canonical=address, title=f"News of {name}", text=TEXT, raw=TEXT)
    one = replace(one, item=item, sketch=sketch_of(item))
    (placed,) = linked([one], store.akin([one], after(minute) - SPAN))
    poll(store, placed, at=after(minute))
    return placed


def test_a_copy_of_what_was_split_joins_it_and_never_what_it_was_taken_out_of(stores: tuple[Store, Store]) -> None:
    daemon, command = stores
    first, copy = come(daemon, "first", 0), come(daemon, "copy", 1)
    assert (copy.story, copy.link.level, copy.link.root) == (first.story, Level.COPY, item_id("first"))
    story = command.split(item_id("copy"), "ann", after(2))
    third = come(daemon, "third", 3)
    assert (third.story, third.link.root) == (story, item_id("copy"))
    assert [each.item.id for each in daemon.story(story or first.story)] == [item_id("copy"), item_id("third")]


def test_an_edit_that_was_under_way_at_a_split_goes_where_its_item_went(stores: tuple[Store, Store]) -> None:
    daemon, command = stores
    come(daemon, "first", 0)
    copy = come(daemon, "copy", 1)
    edit = replace(copy, number=2, item=replace(copy.item, text=f"{TEXT} More."))
    story = command.split(item_id("copy"), "ann", after(2))
    poll(daemon, edit, at=after(2))
    stored = daemon.revision(item_id("copy"))
    assert stored
    assert (stored.number, stored.story, stored.link.level) == (2, story, Level.SPLIT)


def test_what_the_disk_made_of_how_an_item_came_into_its_story_stops_nothing(
    stores: tuple[Store, Store], tmp_path: Path
) -> None:
    daemon, _ = stores
    come(daemon, "first", 0)
    come(daemon, "copy", 1)
    with closing(sqlite3.connect(tmp_path / "watcher.db")) as db, db:
        db.execute("UPDATE revisions SET link = '{' WHERE link <> ''")
    assert come(daemon, "third", 2).link.root == item_id("first")


def test_what_the_disk_damaged_is_found_after_a_split_as_well(stores: tuple[Store, Store], tmp_path: Path) -> None:
    daemon, command = stores
    come(daemon, "first", 0)
    come(daemon, "copy", 1)
    with closing(sqlite3.connect(tmp_path / "watcher.db")) as db, db:
        db.execute("UPDATE revisions SET title = title || '!' WHERE link <> ''")
    command.split(item_id("copy"), "ann", after(2))
    damaged = examine_store(f"{tmp_path}/watcher.db", after(3), untold)
    assert [flaw.where for flaw in damaged if flaw.code == "item-damaged"] == [f"item {item_id('copy')}, revision 1"]
