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


class Condition(StrEnum):
    """How a feed is, as its operator is told. A feed is never given up, whatever it is."""

    OK = "ok"
    QUIET = "quiet"  # it answers, and brings nothing new for longer than usual
    SILENT = "silent"  # the same, for much longer than usual
    FAILING = "failing"  # it cannot be read
    BLOCKED = "blocked"  # its server refuses us: credentials, a challenge, too many requests
    GONE = "gone"  # its server says that it is no more, or has not had it for long


class Identity(StrEnum):
    """By what the entries of a feed are told apart."""

    GUID = "guid"  # their id, else their link, else what they say
    CONTENT = "content"  # what they say: the ids of this feed mean nothing


class RecipeKind(StrEnum):
    JSON = "json"
    CSS = "css"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How items are found in a document that is no feed: paths into JSON, or CSS selectors into a page."""

    kind: RecipeKind
    items: str  # where the items are; the others start from one of them
    id: str | None = None
    title: str | None = None
    date: str | None = None
    text: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as its owner wants it: one entry of the configuration.

    It is stored, so no secret stands in it: what opens it is its Access.
    """

    id: FeedId
    url: str
    interval: float | None = None  # seconds; None: the scheme's default
    tags: tuple[str, ...] = ()
    lang: str | None = None
    baseline: Baseline = Baseline.QUIET
    recipe: Recipe | None = None  # None: it is a feed, or a folder
    timeout: float | None = None  # seconds for a fetch in all; None: the default
    max_size: int | None = None  # bytes of a body, inflated; None: the default
    full_text: bool = False  # its items' pages are fetched for their text


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What opens a feed, secrets resolved: never stored, never shown, sent to the feed's own origin only."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    proxy: str | None = field(default=None, repr=False)  # http://[user:password@]host:port; None: straight


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPause:
    """A person's word that a feed is not to be polled for a while."""

    since: datetime
    until: datetime | None = None  # None: until it is resumed
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What was learned of a feed from its answers. Times are seconds since 1970 here."""

    # identity: by what entries are told apart
    identity: Identity = Identity.GUID
    ids_hold: bool = False  # an entry has come again under the id it had
    renamed_at: float | None = None  # when all entries had other ids than before, and had not since they held
    linked: bool = True  # a link is of one entry alone
    # validators: whether a 304 can be believed
    unaudited: int = 0  # 304s since one was last audited
    audits: int = 0
    lies: int = 0  # audits that brought news which a 304 would have hidden
    distrusted_at: float | None = None  # since when no validators are sent
    # completeness: whether polls overlap
    gaps: int = 0  # polls that shared no item with the one before: something may have been missed
    gap_at: float | None = None  # of the last of them
    shared: float | None = None  # share of the entries of the last changed document that were known, 0..1
    # when new items come
    came_at: float | None = None  # when the newest item known of came
    every: float | None = None  # seconds that usually pass without a new item
    pace: float | None = None  # seconds between the latest of those that came close together
    hours: tuple[float, ...] = ()  # by hour of the day (UTC), in how many hours some came, old ones fading; 24 or none
    days: tuple[float, ...] = ()  # the same by day of the week, Monday first; 7 or none
    # when it asks to be left alone
    skip_hours: tuple[int, ...] = ()  # 0..23 UTC
    skip_days: tuple[int, ...] = ()  # 0..6, Monday is 0
    # how its last document was read
    scope: Hash64 | None = None  # as in Parsed


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
    found_at: str | None = None  # the feed that the page at its URL announces
    trouble: str | None = None  # the kind of the last failure (FetchError, ParseError); None: the last poll was good
    status: int | None = None  # the HTTP status of the last failure, where there was one
    strain: float = 0.0  # failures in a row, those that pass by themselves counted in part
    failing_since: datetime | None = None  # the first failure of those in a row
    condition: Condition = Condition.OK  # as the last poll left it
    condition_at: datetime | None = None  # since when
    told: Condition = Condition.OK  # the one that its operator was told of last
    told_since: datetime | None = None  # since when that one had held
    pause: FeedPause | None = None  # it is not polled
    habits: Habits = Habits()  # frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """What to ask for; the validators make it conditional. `access` goes to the origin of `url` and no other."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    access: Access = Access()
    timeout: float | None = None  # seconds in all; None: the fetcher's limit
    max_size: int | None = None  # bytes of the body, inflated; None: the fetcher's limit
    page: bool = False  # what people read is wanted, not a feed


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
