"""An item's story: how it came into it, how far that has gone; and a person's word that it does not belong there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from watcher.cli.common import clean, config_path, local, note, options, row, say
from watcher.cli.desk import open_desk
from watcher.cli.joined import joined, joined_row
from watcher.cli.spoken import ROOM, who
from watcher.errors import UsageError
from watcher.model import Level, Link, Revision, Split
from watcher.ports import Store
from watcher.run.clock import SystemClock
from watcher.story import site_of
from watcher.text.counted import counted
from watcher.text.cut import cut
from watcher.text.rfc3339 import rfc3339

SHOWN = 60
"""Code points of a title in a line of words."""
MEASURED = {Level.COPY, Level.EXCERPT, Level.FULLER, Level.CHANGED, Level.EVENT}
"""How items come into a story by being alike."""


def story_lines(store: Store, revision: Revision, zone: str) -> Iterator[str]:
    """How an item came into its story and how far that has gone by now; nothing of one that is alone in it."""
    held, splits = store.story(revision.story), store.splits(revision.item.id)
    if revision.link.level is not Level.ALONE and not (splits and revision.link.level is Level.SPLIT):
        yield f"story {revision.story}: {came(store, revision)}"
    elif held:
        yield f"story {revision.story}: it began it"
    for split in splits:
        yield f"{clean(split.by)} took it out of story {split.story} at {local(split.at, zone)}"
    if len(held) > 1:
        yield f"the story has {reach(held)} by now"


def told_lines(store: Store, told: Sequence[Revision]) -> Iterator[str]:
    """Of items that were told: how far their stories have gone, each once, and how those came into it that did not
    begin it.
    """
    for story in dict.fromkeys(each.story for each in told):
        if held := store.story(story):
            yield f"story {story} has {reach(held)} by now"
    for each in told:
        if each.link.level is not Level.ALONE:
            yield f"{_named(each)}: {came(store, each)}"


def came(store: Store, revision: Revision) -> str:
    """How it came into its story, in words, and how alike it is to the one that it came by."""
    link = revision.link
    alike = f" ({link.score:.0%} alike)" if link.level in MEASURED else ""
    return f"{joined(revision, _other(store, link))}{alike}"


def reach(held: Sequence[Revision]) -> str:
    """How many items tell it, how many of them are copies, and from how many independent outlets."""
    copies = sum(each.link.root is not None for each in held)
    same = f", {copies:,} of them {'a copy' if copies == 1 else 'copies'}," if copies else ""
    return f"{counted(len(held), 'item')}{same} from {counted(_sources(held), 'source')}"


def story_row(store: Store, revision: Revision) -> dict[str, Any]:
    """The same for programs."""
    held = store.story(revision.story)
    return {
        **joined_row(revision, _other(store, revision.link)),
        "items": max(len(held), 1),
        "sources": max(_sources(held), 1),
        "splits": [_split_row(split) for split in store.splits(revision.item.id)],
    }


@click.command("split")
@click.argument("item")
@options
def split(config: Path | None, item: str, *, as_json: bool) -> int:
    """Take ITEM, and what joined through it, out of its story. What is not told yet is told by itself then."""
    now = SystemClock().now()
    with open_desk(config_path(config), write=True) as desk:
        revision = desk.known_item(item)
        if revision.forgotten:
            raise UsageError(f"item {revision.item.id} is older than `keep.items`: nothing joins it any more")
        by = who()[:ROOM].encode(errors="replace").decode()
        story = desk.store.split(revision.item.id, by, now)
        taken = desk.store.story(story) if story else ()
        left = desk.store.story(revision.story) if story else ()
    if as_json:
        said = {"item": revision.item.id, "story": story or revision.story, "out_of": revision.story if story else None}
        row({**said, "taken": [each.item.id for each in taken]})
    elif story is None:
        note(f"{_named(revision)} began its story {revision.story}: there is none to take it out of")
    else:
        _tell(revision, taken, left)
    return 0


def _tell(revision: Revision, taken: Sequence[Revision], left: Sequence[Revision]) -> None:
    others = len(taken) - 1
    by_it = f", and {counted(others, 'item')} that came by it," if others else ""
    rest = f", which keeps {counted(max(len(left), 1), 'item')}"
    say(f"took {_named(revision)}{by_it} out of story {revision.story}{rest}")
    say(f"story {taken[0].story} begins with it: what is not told yet is told there, and what copies it joins that one")


def _other(store: Store, link: Link) -> Revision | None:
    return store.revision(link.of) if link.of else None


def _sources(held: Iterable[Revision]) -> int:
    return len({each.link.source or site_of(each.item) for each in held})


def _split_row(split: Split) -> dict[str, Any]:
    return {"story": split.story, "by": split.by, "at": rfc3339(split.at)}


def _named(revision: Revision) -> str:
    return f"“{cut(clean(revision.item.title), SHOWN)}”"
