"""Pages that items link to, fetched for the text that a feed's summaries leave out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from watcher.model.dispatches import NewDispatch
from watcher.model.ids import FeedId, ItemId
from watcher.model.items import Revision
from watcher.model.rules import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedPage:
    """A page whose text is wanted for an item, and how the tries to have it went."""

    item: ItemId
    feed: FeedId
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
