"""Feeds, what is remembered of them between polls, and what a fetch asks and brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.model.ids import FeedId, Hash64


class Baseline(StrEnum):
    """What the first good poll of a feed does with the items already in it."""

    QUIET = "quiet"  # known, searchable, counted, not alerted
    ALERT = "alert"  # alerted like any new item


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as its owner wants it: one entry of the configuration."""

    id: FeedId
    url: str
    interval: float | None = None  # seconds; None: the scheme's default
    tags: tuple[str, ...] = ()
    lang: str | None = None
    baseline: Baseline = Baseline.QUIET


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is remembered of a feed between polls. Everything but the feed itself changes only with a saved poll."""

    feed: Feed
    etag: str | None = None
    last_modified: str | None = None
    body_hash: Hash64 | None = None
    entry_hashes: frozenset[Hash64] = frozenset()  # of the raw entries in the last document read whole
    baselined: bool = False  # a good poll has happened; what comes now is news
    polls: int = 0
    failures: int = 0  # in a row
    error: str | None = None  # of the last failure, one line; None when the last poll was good
    next_at: datetime | None = None
    polled_at: datetime | None = None
    good_at: datetime | None = None
    new_at: datetime | None = None  # when the last new item came
    added_at: datetime | None = None  # since when it is wanted
    ttl: float | None = None  # seconds between polls that the last document read asks for
    moved_to: str | None = None  # target of permanent redirects, while they hold
    moved_polls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """What to ask for; the validators make it conditional."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a folder feed."""

    name: str  # relative to the folder, with forward slashes
    url: str  # absolute file: URL
    body: bytes
    modified: datetime
    hash: Hash64  # of name and content


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a fetch brought: a whole body, the files of a folder, or the word that nothing changed. Never a part."""

    url: str  # after redirects
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""  # inflated
    files: tuple[File, ...] | None = None  # a folder's, sorted by name; None for anything else
    etag: str | None = None
    last_modified: str | None = None
    permanent_url: str | None = None  # where the leading run of 301/308 redirects led, when there was one

    @property
    def not_modified(self) -> bool:
        return self.status == 304
