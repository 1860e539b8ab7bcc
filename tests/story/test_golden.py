"""What invented items are linked to, and what is kept of them, stays what it was, item by item.

`python -m tests.story.test_golden` writes the digests anew, where linking better was the point.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from tests.bench.stories import Life
from tests.storygen import events, stream
from watcher.model import Block, Entry, Hash64, Revision
from watcher.store import open_store

DIGESTS = Path(__file__).parents[1] / "data" / "golden" / "links.json"
_STREAM, _EVENTS = 300, 120


async def test_each_item_comes_into_the_story_it_came_into() -> None:
    stored: Mapping[str, str] = json.loads(DIGESTS.read_text("utf-8"))
    made = {name: digest async for name, digest in digests()}
    assert made.keys() == stored.keys()
    assert [name for name, digest in made.items() if digest != stored[name]] == []


async def digests() -> AsyncIterator[tuple[str, str]]:
    with closing(open_store("sqlite:///:memory:")) as store:
        async for name, revision in _linked(Life(store)):
            yield name, sha256(repr(told(revision)).encode()).hexdigest()[:8]


def told(revision: Revision) -> tuple[object, ...]:
    assert revision.sketch is not None
    return revision.story, revision.link, replace(revision.sketch, version=0)


async def _linked(life: Life) -> AsyncIterator[tuple[str, Revision]]:
    items = events(1)[:_EVENTS]
    life.want([*(f"site{n}.example" for n in range(20)), *(f"outlet{n}.example" for n in range(_EVENTS))])
    for made in stream(_STREAM, sites=20):
        yield f"stream {made.number}", await life.take(made.site, made.entry, made.at)
    for n, one in enumerate(items):
        site = f"outlet{n}.example"
        link = f"https://{site}/{one.id}"
        blocks = tuple(Block(text=text) for text in one.text.split("\n\n"))
        entry = Entry(hash=Hash64(n), guid=link, link=link, title=one.title, blocks=blocks, published=one.time)
        yield f"event {one.id}", await life.take(site, entry, one.time)


async def _written() -> None:
    made = {name: digest async for name, digest in digests()}
    DIGESTS.write_text(json.dumps(made, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(_written())
