"""Ways to read a page: as the watcher does, as it does once it knows the site, and without any of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

from tests.pagegen import Page, page
from tests.pages.scoring import Read
from watcher.model import Entry, Feed, FeedId, File, Item, Learned
from watcher.normalise import normalise
from watcher.normalise.identity import hash64
from watcher.normalise.learning import learn
from watcher.parse.text import entry_from_file

OTHERS = 8
"""Pages of the same site that were read before, where it is known."""
_FEED = Feed(id=FeedId("pages"), url="https://pages.example/")
_NEVER = datetime(2026, 11, 22, tzinfo=UTC)


def entry_of(which: Page) -> Entry:
    """The page as `watcher fetch FILE.html` parses it, at its address."""
    body = which.markup.encode()
    name = f"{which.layout}-{which.lang}-{which.number}.html"
    return entry_from_file(File(name=name, url=which.url, body=body, modified=_NEVER, hash=hash64(name, which.markup)))


def ours(which: Page) -> Read:
    """Nothing is known of its site."""
    return _read(normalise(entry_of(which), _FEED))


def ours_learned(which: Page, seed: int) -> Read:
    """After OTHERS pages of its site and itself, as a poll learns from what it brings before it judges it."""
    entry = entry_of(which)
    return _read(normalise(entry, _FEED, learned=learned_of([*others(which, seed), entry])))


def others(which: Page, seed: int) -> list[Entry]:
    numbers = range(which.number + 1, which.number + 1 + OTHERS)
    return [entry_of(page(seed, which.layout, which.lang, number)) for number in numbers]


def learned_of(entries: Iterable[Entry]) -> Learned:
    """What is known after these have come one by one."""
    known = Learned()
    for entry in entries:
        known = learn(known, (entry,))
    return known


def _read(item: Item) -> Read:
    title = "" if item.title_from_text else item.title
    return Read(text=item.text, title=title, published=item.published, authors=item.authors, place=item.place)


def whole(which: Page) -> Read:
    """All text of the page's body but scripts and styles; no title, no date."""
    body = LexborHTMLParser(which.markup).body
    assert body is not None
    for node in body.css("script, style, noscript, template"):
        node.decompose()
    return Read(text=body.text(separator=" "))


def trafilatura_alone(which: Page) -> Read:
    """Another extractor: trafilatura, on the same markup, comments left out; it knows days and no times."""
    import trafilatura

    said = trafilatura.extract(
        which.markup, url=which.url, output_format="json", with_metadata=True, include_comments=False
    )
    told = json.loads(said) if said else {}
    date = told.get("date")
    return Read(
        text=told.get("text") or "",
        title=told.get("title"),
        published=datetime.fromisoformat(date).replace(tzinfo=UTC) if date else None,
        authors=tuple((told.get("author") or "").split("; ")) if told.get("author") else (),
        by_the_day=True,
    )
