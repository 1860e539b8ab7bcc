"""Stories: what is kept of an item to know its like by, and how it came into its story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.model.ids import FeedId, ItemId, StoryId


class Level(StrEnum):
    """How an item came into its story."""

    ALONE = "alone"  # it began it
    ADDRESS = "address"  # it has the same canonical URL as an item in it
    COPY = "copy"  # it says what an item in it says
    EXCERPT = "excerpt"  # it says a part of that, and nothing else
    FULLER = "fuller"  # it says all of that, and more
    CHANGED = "changed"  # it says what an item in it says, but for a no, a name, a number or a word that may count
    EVENT = "event"  # it tells of the same event in other words
    SPLIT = "split"  # a person took it out of another story


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Why an item is in its story: which item of it, at which level, how alike and by what."""

    level: Level = Level.ALONE
    of: ItemId | None = None  # the item of the story that it is most like; None: it began the story
    score: float = 0.0  # how alike, 0..1
    shared: tuple[str, ...] = ()  # names, places and numbers of both, as this one writes them, the most telling first
    root: ItemId | None = None  # the first item that says the same (address, copy, excerpt); None: itself
    source: str = ""  # the outlet that what it says comes from, where that is another's; "": its own


BEGINS = Link()
"""That of an item that began its story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A person's word that an item does not belong to a story."""

    story: StoryId
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What is kept of an item to know its like by. Hashes are of 32 bits, the same on every machine."""

    runs: tuple[int, ...] = ()  # the smallest hashes of its runs of words, ascending
    size: int = 0  # how many different runs of words there are
    marks: tuple[int, ...] = ()  # hashes of its names, numbers and telling words, the most telling first
    denied: tuple[int, ...] = ()  # hashes of the runs that would stand where it says no, if it did not
    version: int = 0  # of how it is made: those of different versions are not compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketched:
    """A stored item that shares something with one that came."""

    item: ItemId
    feed: FeedId
    story: StoryId
    sketch: Sketch
    seen_at: datetime
    published: datetime | None
    canonical: str | None
    lang: str | None
    site: str  # the host it is from; "" where it has none
    source: str  # the outlet that what it says comes from
    link: Link = BEGINS  # how it came into its story
    apart: frozenset[StoryId] = frozenset()  # the stories that a person took it out of

    @property
    def root(self) -> ItemId:
        """The first item that says the same, itself where there is none."""
        return self.link.root or self.item


@dataclass(frozen=True, slots=True, kw_only=True)
class Akin:
    """What is stored that may be like an item, and how common its marks are: what linking goes by."""

    items: tuple[Sketched, ...] = ()  # those that share most first
    counts: Mapping[int, int] = field(default_factory=dict)  # of its most telling marks: how many stored items have it
    stored: int = 0  # how many were counted


NOTHING_AKIN = Akin()
