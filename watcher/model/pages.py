"""Pages that items link to, fetched for the text that a feed's summaries leave out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from watcher.model.dispatches import NewDispatch
from watcher.model.feeds import Feed
from watcher.model.ids import ItemId
from watcher.model.items import Learned, Revision
from watcher.model.rules import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedPage:
    """A page whose text is wanted for an item, and how the tries to have it went."""

    item: ItemId
    feed: Feed  # the item's, as it is wanted
    url: str
    wanted_at: datetime
    tries: int = 0
    next_at: datetime | None = None  # of the next try; None: no more are made
    error: str | None = None  # of the last try, one line


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSaved:
    """What one try at a page changes, committed in one transaction or not at all."""

    page: LinkedPage  # as it is after the try
    revision: Revision | None = None  # of its item, with the page's text
    matches: tuple[tuple[Match, tuple[NewDispatch, ...]], ...] = ()
    learned: Learned | None = None  # what is known of the feed's sites from now on, where that is another than before
    rest_until: datetime | None = None  # its site wants nothing before that: no page of it is fetched sooner


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How a feed's pages stand. Those whose items are forgotten are in neither number."""

    wanted: int = 0
    given_up: int = 0
    error: str | None = None  # the latest of a page that is wanted still, or was given up
