"""Lives of feeds on sites that do everything wrong by turns: each thing that stood in a whole document is told once."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from random import Random

import pytest

from tests.fakes import CONSOLE, Desk, about, watched
from tests.lives import once
from tests.misbehaving import HOME, Site, Ways
from watcher.model import Updates
from watcher.store import open_store

LIVES = 400 if os.environ.get("WATCHER_SOAK") else 1
POLLS = 60
HOUR = 3600.0
DAY = 24 * HOUR
WAYS = {  # without edits where an edit is another item, and has an address of which was told
    "good": Ways(),
    "none": Ways(ids="none", edits=False),
    "random": Ways(ids="random", edits=False),
    "constant": Ways(ids="constant", edits=False),
    "stable, no links": Ways(links="none"),
    "stable, one link": Ways(links="constant"),
    "random, no links": Ways(ids="random", links="none", conditional=False),
    "constant, no links": Ways(ids="constant", links="none"),
    "nothing": Ways(ids="none", links="none"),
    "all random": Ways(ids="random", links="random", conditional=False),
    "bumped": Ways(bumped=True),
    "announced": Ways(announced=True),
    "announced, nothing": Ways(ids="none", links="none", announced=True),
    "mostly down": Ways(trouble=0.8),
}


@pytest.mark.parametrize("ways", WAYS)
def test_all_that_stood_in_a_whole_document_is_told_once_and_nothing_else(ways: str) -> None:
    for seed in range(LIVES):
        site = Site(seed, WAYS[ways])
        told = asyncio.run(lived(site))
        assert told == Counter(dict.fromkeys(site.stood, 1)), f"{ways}, seed {seed}"


async def lived(site: Site) -> Counter[str]:
    """How often each thing was told."""
    store = open_store("sqlite:///:memory:")
    desk = Desk(store, watched("wires", url=HOME), rules=(about("strike", updates=Updates.ALERT),))
    desk.jobs.fetcher = site
    die = Random(site.seed)
    for _ in range(POLLS):
        await once(desk)
        due = store.feeds()[0].next_at
        assert due is not None
        assert (due - desk.clock.now()).total_seconds() <= 1.1 * DAY
        hours = die.choice((0.3, 1, 1, 3, 8))
        desk.clock.advance(hours * HOUR)
        site.happens(hours)
    store.close()
    titles = [title for message in desk[CONSOLE].titles for title in message.split("; ")]
    return Counter(title.removeprefix("strike ") for title in titles if title.startswith("strike "))
