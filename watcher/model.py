"""The nouns of the pipeline, frozen; times are aware UTC, durations seconds, sizes bytes, offsets code points.

A feed is polled; its response holds entries; an entry normalised is an item; an item's content at one
time is a revision; a rule that is true of a revision is a match; a match on its way to one channel is a
dispatch; dispatches of one group are told in one alert; a channel's way of saying an alert is a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Literal, NewType

FeedId = NewType("FeedId", str)
ItemId = NewType("ItemId", str)
"""16 hexadecimal digits, a hash of the feed's id and the entry's identity: the same wherever it is computed."""
RuleId = NewType("RuleId", str)
ChannelName = NewType("ChannelName", str)
AlertKey = NewType("AlertKey", str)
"""32 hexadecimal digits, a hash of channel name, group and first item (or window): stored once, sent with each try."""
StoryId = NewType("StoryId", str)
Hash64 = NewType("Hash64", int)
"""A signed 64-bit hash, as SQLite stores integers."""


class Severity(IntEnum):
    INFO = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5

    @property
    def word(self) -> str:
        return self.name.lower()

    @property
    def lower(self) -> Severity:
        """One below; of the lowest itself."""
        return Severity(max(self - 1, Severity.INFO))


class Baseline(StrEnum):
    """What the first good poll of a feed does with the items already in it."""

    QUIET = "quiet"  # known, searchable, counted, not alerted
    ALERT = "alert"  # alerted like any new item


class Updates(StrEnum):
    """What a new revision of an item does when the rule had already matched an earlier one."""

    IGNORE = "ignore"
    THREAD = "thread"
    ALERT = "alert"


class Denials(StrEnum):
    """What a rule does with an item that matches only by what it denies."""

    MARK = "mark"  # the alert says [denial] and is one severity lower
    SKIP = "skip"  # it is no match
    INCLUDE = "include"  # it is a match like any other


class Fate(StrEnum):
    """Where a dispatch stands: open, or one way of being closed. `status` counts them and they add up."""

    OPEN = "open"
    ALERTED = "alerted"
    MERGED = "merged"
    DIGEST = "digest"
    SILENCED = "silenced"
    EXPIRED = "expired"
    BASELINE = "baseline"


class Reason(StrEnum):
    """Why a dispatch is where it is; each belongs to one fate. `why`, logs and metrics show the value."""

    WAITING = "waiting"
    NEW = "new"
    REVISED = "revised"
    SAME_ITEM = "same-item"
    SAME_URL = "same-url"
    UPDATE_IGNORED = "update-ignored"
    BASELINE = "baseline"
    CHANNEL_REMOVED = "channel-removed"

    @property
    def fate(self) -> Fate:
        return _FATES[self]

    @property
    def sentence(self) -> str:
        """The reason in plain words, to stand behind "because"."""
        return _SENTENCES[self]


_FATES = {
    Reason.WAITING: Fate.OPEN,
    Reason.NEW: Fate.ALERTED,
    Reason.REVISED: Fate.ALERTED,
    Reason.SAME_ITEM: Fate.MERGED,
    Reason.SAME_URL: Fate.MERGED,
    Reason.UPDATE_IGNORED: Fate.MERGED,
    Reason.BASELINE: Fate.BASELINE,
    Reason.CHANNEL_REMOVED: Fate.EXPIRED,
}
_SENTENCES = {
    Reason.WAITING: "it has just matched and is not decided yet",
    Reason.NEW: "this rule had told neither the item nor its address on this channel",
    Reason.REVISED: "the item was edited and the rule threads or alerts updates",
    Reason.SAME_ITEM: "the same item was already told on this channel",
    Reason.SAME_URL: "another feed brought the same address and it was already told on this channel",
    Reason.UPDATE_IGNORED: "the rule ignores updates of an item it has told",
    Reason.BASELINE: "it was already in the feed when the feed was first polled",
    Reason.CHANNEL_REMOVED: "the channel was removed while it waited",
}


class AlertState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


class AlertKind(StrEnum):
    MATCH = "match"  # a group told for the first time
    UPDATE = "update"  # more of a group already told; threaded where the channel can
    NOTICE = "notice"  # the watcher speaking of itself to its operator


# --- feeds ----------------------------------------------------------------------------------------


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


# --- entries and items ----------------------------------------------------------------------------


class BlockKind(StrEnum):
    """What the markup, or the layout of a plain text, says a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    CAPTION = "caption"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of text that stands by itself in its source: no line break inside, white space folded."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    links: float = 0.0  # share of its characters that are link text, 0..1


class Role(StrEnum):
    """What a block is to its article, as normalising decided; with BODY in reading order they make the text."""

    TITLE = "title"
    BODY = "body"
    BYLINE = "byline"
    REPEAT = "repeat"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBlock:
    """A block with its role and why; `raw[start:end]` of its item is the block's text."""

    start: int
    end: int
    role: Role
    why: str = ""


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


# --- rules and matches ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which items a rule looks at; empty means all."""

    feeds: tuple[str, ...] = ()  # feed ids and "tag:name"
    lang: tuple[str, ...] = ()
    min_words: int = 0  # of the main text


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A rule tells only what comes `count` times `within` so many seconds, counted by `distinct`."""

    count: int
    within: float
    distinct: Literal["item", "source"] = "item"  # source: independent outlets


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Words of an alert with `{name.field}` in them; None: the watcher's own."""

    title: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours of the week by the clock of `zone` (IANA). An `end` before the `start` lies on the next day."""

    days: tuple[int, ...]  # on which they start, 0 for Monday, ascending
    start: int  # minutes after midnight
    end: int
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What a rule tells that waits for nothing to come: these feeds silent for so many seconds, within hours."""

    feeds: tuple[str, ...]  # feed ids and "tag:name"
    silent: float
    during: Hours | None = None  # None: always


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A watch rule as loaded. `hash` is over everything that changes its meaning, vocabulary included."""

    id: RuleId
    title: str
    expression: str  # as written, or as the plain list compiles
    expanded: str  # with vocabulary and joints spelled out
    hash: str
    severity: Severity = Severity.MEDIUM
    notify: tuple[str, ...] = ()  # channel names or tags; empty: every channel
    updates: Updates = Updates.THREAD
    denials: Denials = Denials.MARK
    group: str = "story"  # or rule, feed, site, item, "text:/regex/flags"
    scope: Scope = Scope()
    throttle: float | None = None  # seconds
    digest: bool = False
    when: When | None = None
    max_age: float | None = None  # seconds
    template: Template = Template()
    absence: Absence | None = None  # then it has no expression
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Evidence: `getattr(item, field)[start:end] == text`; for list fields (authors, tags) the text alone counts."""

    field: str
    start: int
    end: int
    text: str
    term: str  # the part of the rule it answers, as printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    rule: RuleId
    rule_hash: str
    item: ItemId
    revision: int
    evidence: tuple[Span, ...]
    denial: bool = False  # with all that is negated struck out it would be none


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """A test written beside a rule: an item, as a file or spelled out, and what the rule is to make of it."""

    expect: Literal["match", "denial", "no match"]
    path: str | None = None  # of an article, as found from the folder the command runs in
    entry: Entry | None = None
    feed: FeedId | None = None
    highlight: tuple[str, ...] = ()  # each is to be covered by evidence, or to hold some
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """An item that comes so many seconds after the start."""

    at: float
    path: str | None = None
    entry: Entry | None = None
    feed: FeedId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineAlert:
    """What is to be alerted so many seconds after the start: how many alerts, of how many items, on which channels."""

    at: float
    alerts: int
    items: int | None = None  # None: however many
    to: tuple[ChannelName, ...] = ()  # empty: wherever


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineTest:
    """A test of when a rule alerts: items as they come, and the alerts they are to bring."""

    start: datetime
    steps: tuple[TimelineStep, ...]
    expect: tuple[TimelineAlert, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A part of a rule that is false of an item, and the nearest thing in its text, if any comes near."""

    term: str
    nearest: str | None = None


# --- channels and alerts --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """A channel as configured. The URL holds secrets: it is kept out of every repr."""

    name: ChannelName
    url: str = field(repr=False)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """A match on its way to one channel, and where it stands."""

    id: int
    match_id: int
    channel: ChannelName
    group: str
    rule: RuleId
    item: ItemId
    revision: int
    story: StoryId
    canonical: str | None
    seen_at: datetime
    severity: Severity
    updates: Updates
    reason: Reason = Reason.WAITING
    alert: AlertKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDispatch:
    """Where a new match goes: one channel, in which group, with the rule's severity and updates as they are now."""

    channel: ChannelName
    group: str
    severity: Severity
    updates: Updates


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A rule and item that was settled before within a group on a channel: told by an alert, or baseline, by none."""

    group: str
    rule: RuleId
    item: ItemId
    revision: int
    canonical: str | None
    alert: AlertKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a dispatch: its reason, and the alert that tells it or told it before."""

    dispatch: int
    reason: Reason
    alert: AlertKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """An alert to be stored as pending. A notice has its words in `title` and `body`, others from the store."""

    key: AlertKey
    channel: ChannelName
    group: str
    kind: AlertKind
    severity: Severity
    created_at: datetime
    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldItem:
    """An item within an alert: its content at the revision that matched, and each rule's evidence in it."""

    item: Item
    revision: int
    seen_at: datetime
    rules: tuple[tuple[RuleId, str], ...]  # id and title, in the order they matched
    evidence: tuple[Span, ...]
    denial: bool = False  # to every one of these rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert with all it says, as the store holds it."""

    key: AlertKey
    channel: ChannelName
    group: str
    kind: AlertKind
    severity: Severity
    created_at: datetime
    state: AlertState
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    items: tuple[ToldItem, ...] = ()
    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is handed to a sender: rendered for its channel, within its limits, nothing left to decide."""

    key: AlertKey
    title: str  # one line
    body: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the service answered when it accepted a message; kept as evidence."""

    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try at sending an alert: when, and how it ended. `state` is what the alert becomes by it."""

    alert: AlertKey
    started_at: datetime
    ended_at: datetime
    state: AlertState
    detail: str = ""
    next_at: datetime | None = None  # when pending: the next try


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSaved:
    """Everything one good poll changes, committed in one transaction or not at all."""

    state: FeedState  # as it is after the poll
    revisions: tuple[Revision, ...] = ()  # new items and edits, in document order
    matches: tuple[tuple[Match, tuple[NewDispatch, ...]], ...] = ()  # each with the channels it goes to
    baseline: bool = False  # close every dispatch of these matches as baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineSummary:
    """What first polls found and nobody has been told of yet."""

    feeds: tuple[FeedId, ...]  # polled for the first time since the last such message
    waiting: int  # feeds that have not had a good first poll and did not fail either
    items: int  # items of these feeds
    matched: int  # items among them that a rule matches
    latest: tuple[tuple[str, str], ...]  # title and rule title of the ten newest of those


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """The running daemon's sign of life."""

    pid: int
    started_at: datetime
    beat_at: datetime
    stopped: bool = False  # the last one of a daemon that was asked to end


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of the operator's files the daemon goes by. `kept` are rules at their last good version, each with why."""

    loaded_at: datetime  # when the files were last read
    rules: int  # that are live, `kept` included
    kept: tuple[tuple[RuleId, str], ...] = ()
    errors: tuple[str, ...] = ()  # all there are in the files: file:line:column and what is wrong, a line each


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The store in numbers. `dispatches` adds up to all of them, `outbox` to all alerts."""

    feeds: int
    failing: int
    silent: int
    items: int
    matches: int
    dispatches: Mapping[Fate, int]
    outbox: Mapping[AlertState, int]
    lag: tuple[float, ...]  # seconds from an item's arrival to its alert's acceptance, newest thousand, sorted


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRecord:
    """A stored match with its dispatches: what `why` tells of one."""

    match: Match
    matched_at: datetime
    dispatches: tuple[Dispatch, ...]


class FindingSeverity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong in a file of the operator's: what, where, and what to do. Lines and columns count from 1."""

    code: str
    severity: FindingSeverity
    file: str
    line: int
    column: int
    message: str
    help: str = ""
    width: int = 1  # how many characters the caret underlines
    related: tuple[int, int, str] | None = None  # line, column and a few words
    related_file: str = ""  # where that is another one
