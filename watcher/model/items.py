"""Entries as their source says them, and the items and revisions that normalising makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.model.ids import FeedId, Hash64, ItemId, StoryId
from watcher.model.stories import BEGINS, Link, Sketch

AHEAD = timedelta(minutes=5)
"""How much later than it was seen an item may say that it was published: clocks differ."""


class BlockKind(StrEnum):
    """What the markup, or the layout of a plain text, says a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    CAPTION = "caption"
    CODE = "code"


class Section(StrEnum):
    """Which part of a page the markup says a block stands in; a plain text has none but the main one."""

    MAIN = "main"
    HEADER = "header"
    NAV = "nav"
    ASIDE = "aside"
    FOOTER = "footer"
    FORM = "form"
    COMMENTS = "comments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of text that stands by itself in its source: no line break inside, white space folded."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    links: float = 0.0  # share of its characters that are link text, 0..1
    section: Section = Section.MAIN


class Role(StrEnum):
    """What a block is to its article, as normalising decided; with BODY in reading order they make the text."""

    TITLE = "title"
    BODY = "body"
    BYLINE = "byline"
    DATELINE = "dateline"
    CREDIT = "credit"
    REPEAT = "repeat"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBlock:
    """A block, or a piece of one, with its role and why; `raw[start:end]` of its item is its text.

    Pieces are cut where a block is several things: a dateline before a first sentence, a sentence that was printed
    twice. What else the source said of the block is kept, so that it can be judged again.
    """

    start: int
    end: int
    role: Role
    why: str = ""
    kind: BlockKind = BlockKind.PARAGRAPH
    links: float = 0.0
    section: Section = Section.MAIN
    goes_on: bool = False  # it is of the same block as the piece before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned of the pages of a feed's sites: which blocks come again and again, whatever the article.

    An argument of normalising like any other: the same entry and the same Learned make the same item.
    """

    version: int = 0  # raised when a block begins or ceases to count as the site's
    pages: int = 0  # entries learned from
    blocks: Mapping[int, int] = field(default_factory=dict)  # hash of site and folded block -> on which pages it stood


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One entry's bytes within a document, and their hash: what is known of it before it is parsed."""

    start: int
    end: int
    hash: Hash64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as its source says it, parsed and nothing decided. Strings are plain text, markup removed."""

    hash: Hash64
    guid: str | None = None
    link: str | None = None  # absolute
    title: str = ""
    blocks: tuple[Block, ...] = ()  # the content, or the summary where there is no content
    summary: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lang: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    said: str = ""  # the date of publication as its source wrote it
    outlet: str = ""  # who the source says it is from
    wall: str = ""  # of a page: what stands before its text, as in Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A document parsed: the entries whose hash was not among the known, in document order, and all hashes."""

    format: str  # feedparser's version string, or "folder", "text"
    hashes: tuple[Hash64, ...]
    entries: tuple[Entry, ...]
    title: str = ""
    link: str | None = None
    lang: str | None = None
    ttl: float | None = None  # seconds between polls the feed asks for (ttl, sy:update*)
    cut: bool = False  # known entries were cut out before parsing
    warning: str | None = None  # one line: what was wrong with a document that could be read all the same
    skip_hours: tuple[int, ...] = ()  # 0..23 UTC in which the feed wants no polls (RSS skipHours)
    skip_days: tuple[int, ...] = ()  # 0..6, Monday is 0 (RSS skipDays)
    scope: Hash64 | None = None  # the namespaces that its entries stand in, where their hashes are of their bytes


class Origin(StrEnum):
    """Where an item's text is from."""

    FEED = "feed"
    PAGE = "page"  # the page the item links to


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry normalised. `key` is its identity within the feed, `fingerprint` what it says: stable hashes."""

    id: ItemId
    feed: FeedId
    key: Hash64
    fingerprint: Hash64
    url: str | None = None
    canonical: str | None = None  # the URL in canonical form: equal for the same page in two feeds
    title: str = ""
    title_from_text: bool = False  # the source had no title: it is the first sentence, cut on a word
    text: str = ""  # main text: paragraphs joined by a blank line; no title, boilerplate or repeats
    summary: str = ""
    raw: str = ""  # all of it, blocks joined by a blank line
    blocks: tuple[PlacedBlock, ...] = ()
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lang: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    said: str = ""  # the date of publication as its source wrote it
    outlet: str = ""  # who it is from: a wire's credit, else what the source says
    place: str = ""  # of its dateline
    origin: Origin = Origin.FEED
    wall: str = ""  # what the page showed instead of its text: "paywall", "cookies"; "": nothing in the way
    learned: int = 0  # the version of what was learned of its site when its blocks were judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of an identity in a feed, kept after the item itself is gone."""

    item: ItemId
    fingerprint: Hash64
    revision: int
    story: StoryId | None = None  # None once the item itself is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An item's content as it stood from `seen_at` on; number 1 is the first."""

    item: Item
    number: int
    seen_at: datetime
    story: StoryId
    forgotten: bool = False  # it has no texts any more
    link: Link = BEGINS  # how it came into its story
    sketch: Sketch | None = None  # to know its like by, where it is to be stored; None for what was read from the store

    @property
    def ordered_at(self) -> datetime:
        """Where it stands among others in time: as published, but never later than it was seen."""
        return min(self.item.published or self.seen_at, self.seen_at)

    @property
    def is_ahead(self) -> bool:
        """Whether it says that it was published later than it was seen, by more than clocks differ."""
        return self.item.published is not None and self.item.published - self.seen_at > AHEAD
