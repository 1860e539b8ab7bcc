"""What commands beside the daemon look at: a configuration and its store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.cli.common import clean, meant, wanted
from watcher.config import Settings, load_config, load_rules
from watcher.errors import UsageError
from watcher.model import ChannelSpec, Feed, FeedId, Revision
from watcher.ports import Store
from watcher.store import open_store

if TYPE_CHECKING:
    from watcher.cli.rulebook import Rulebook


@dataclass(frozen=True)
class Desk:
    """A configuration and its store."""

    settings: Settings
    store: Store

    @cached_property
    def rules(self) -> Rulebook:
        """Loaded when a command asks for them: most do not."""
        from watcher.cli.rulebook import Rulebook

        return Rulebook(load_rules(self.settings))

    def feed(self, feed: FeedId) -> Feed:
        return feed_of(self.settings, feed)

    def channel(self, name: str) -> ChannelSpec:
        """A configured channel. Raises UsageError with the nearest for one that is not."""
        found = next((spec for spec in self.settings.channels if spec.name == name), None)
        if found is None:
            names = (spec.name for spec in self.settings.channels)
            raise UsageError(f"no channel is named {clean(name)}; {meant(name, names)}")
        return found

    def zone(self, channel: str | None) -> str:
        """By whose clock people on a channel live; UTC of one that is gone, and of all together."""
        return next((spec.timezone for spec in self.settings.channels if spec.name == channel), "UTC")

    def item(self, prefix: str) -> Revision:
        """The one stored item an id, a shortened id or a URL means. Raises UsageError for none or several."""
        return stored_item(self.store, prefix)

    def known_item(self, prefix: str) -> Revision:
        """The same, or what is left of one that is forgotten."""
        return _known_item(self.store, prefix)


@contextmanager
def open_desk(config: Path, *, write: bool = False) -> Iterator[Desk]:
    """Look at what is stored, beside a daemon or without one. Raises NotStartable."""
    settings = load_config(config, os.environ, require_secrets=False)
    store = open_store(settings.store_url, read_only=not write)
    try:
        yield Desk(settings, store)
    finally:
        store.close()


def stored_item(store: Store, prefix: str) -> Revision:
    """The latest revision of the one item meant, with its text. Raises UsageError."""
    revision = _known_item(store, prefix)
    if revision.forgotten:
        raise UsageError(
            f"item {revision.item.id} is older than `keep.items`, so its text is forgotten; "
            f"`watcher why {revision.item.id} RULE` still tells what became of it"
        )
    return revision


def _known_item(store: Store, prefix: str) -> Revision:
    ids = store.find_item(wanted(prefix, "item"))
    if len(ids) != 1:
        what = f"{'the address' if '://' in prefix else 'an id that starts with'} {clean(prefix)}"
        if ids:
            raise UsageError(f"{len(ids)} stored items have {what}: {', '.join(ids)}; name one of them")
        raise UsageError(f"no stored item has {what}; `watcher search` finds items")
    revision = store.revision(ids[0])
    assert revision is not None, "found a moment ago in the same store"
    return revision


def feed_of(settings: Settings | None, feed: FeedId) -> Feed:
    """A configured feed, or one that has nothing but its id: of a stored item whose feed is gone, or a file."""
    known = {f.id: f for f in settings.feeds} if settings else {}
    return known.get(feed) or Feed(id=feed, url=feed)
