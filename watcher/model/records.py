"""What the store saves and shows whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from watcher.model.alerts import AlertState
from watcher.model.dispatches import Dispatch, Fate, NewDispatch, Reason, Silence
from watcher.model.feeds import FeedState
from watcher.model.ids import ChannelName, FeedId, Hash64, RuleId
from watcher.model.items import Known, Learned, Revision
from watcher.model.pages import LinkedPage
from watcher.model.rules import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSaved:
    """Everything one good poll changes, committed in one transaction or not at all."""

    state: FeedState  # as it is after the poll
    revisions: tuple[Revision, ...] = ()  # new items and edits, in document order
    matches: tuple[tuple[Match, tuple[NewDispatch, ...]], ...] = ()  # each with the channels it goes to
    baseline: bool = False  # close every dispatch of these matches as baseline
    also_known: tuple[
        tuple[Hash64, Known], ...
    ] = ()  # identities to be known in this feed from now on, besides those of the revisions
    unchanged: tuple[
        tuple[Hash64, Known], ...
    ] = ()  # identities whose items say what they said: each with the fingerprint that this has from now on
    rest_until: datetime | None = None  # its site wants nothing before that: no feed of its lane is polled sooner
    learned: Learned | None = None  # what is known of its sites from now on, where that is another than before
    pages: tuple[LinkedPage, ...] = ()  # that its items link to and whose text is wanted

    @property
    def idle(self) -> bool:
        """It was good and brought nothing: another poll in its place would learn the same."""
        brought = self.revisions or self.matches or self.also_known or self.unchanged or self.baseline
        return not (brought or self.state.error or self.rest_until)


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
class HeartbeatSettings:
    """How the watcher shows the world that it is alive. Whoever waits for the URL's call raises the alarm without."""

    at: tuple[int, ...] = ()  # minutes after midnight at which "still watching" is told; (): never
    timezone: str = "UTC"  # IANA, of `at`
    to: tuple[ChannelName, ...] = ()  # channels it is told on; (): the operator's
    url: str = field(default="", repr=False)  # called while all is well; "": none. It is a secret
    every: float = 300.0  # seconds between two calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What is kept, and for how long."""

    items: float = 180 * 86_400.0  # seconds
    min_free: int = 64 * 2**20  # bytes left on the disk below which nothing is polled; 0: that is not looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of the operator's files the daemon goes by. `kept` are rules at their last good version, each with why."""

    loaded_at: datetime  # when the files were last read
    rules: int  # that are live, `kept` included
    kept: tuple[tuple[RuleId, str], ...] = ()
    errors: tuple[str, ...] = ()  # all there are in the files: file:line:column and what is wrong, a line each
    version: str = ""  # of the watcher that goes by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A time in which the feeds of an absence rule brought nothing, as noticed."""

    rule: RuleId
    rule_hash: str
    since: datetime  # when the last new item had come, or the watching began
    noticed_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What of the two sums does not add up, a line each; empty when both do. `matches` and `alerts` were looked at."""

    matches: int
    alerts: int
    flaws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The store in numbers. `dispatches` adds up to all of them, `outbox` to all alerts."""

    feeds: int
    failing: int  # the last poll failed, whether that may pass or not
    silent: int
    items: int
    matches: int
    dispatches: Mapping[Fate, int]
    outbox: Mapping[AlertState, int]
    lag: tuple[float, ...]  # seconds from an item's arrival to its alert's acceptance, newest thousand, sorted
    reasons: Mapping[Reason, int] = field(default_factory=dict)  # of the dispatches, the same sum by reason
    silences: tuple[Silence, ...] = ()  # that hold now
    resting: Mapping[ChannelName, datetime] = field(default_factory=dict)  # until when a service wants nothing
    quiet: int = 0
    blocked: int = 0
    gone: int = 0
    paused: int = 0  # and whatever else they are: the others are not paused
    gaps: int = 0  # polls ever that shared no item with the one before
    audits: int = 0  # polls ever that asked whether a server's word that nothing has changed is true
    lies: int = 0  # of those it was not
    distrusted: int = 0  # feeds that are asked without validators, for such a lie

    @property
    def ok(self) -> int:
        return self.feeds - sum((self.failing, self.silent, self.quiet, self.blocked, self.gone, self.paused))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How many of the feeds on the network can be reached, those paused left out, by their last polls."""

    feeds: int  # that were ever polled
    unreachable: int  # of them, no connection came about
    tried: int  # polled lately
    in_vain: int  # of those, unreachable
    untold: int  # of those, not told to fail
    read_at: datetime | None = None  # when the last of the unreachable ones was read


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """What the store takes, in bytes."""

    database: int
    log: int  # the write-ahead log beside it
    free: int  # in the database's file, to be used again
    disk: int | None  # left on its disk for this user; None where there is no disk
    capacity: int | None = None  # of that disk, full or not
    oldest: datetime | None = None  # when the first revision came that is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits on a channel."""

    open: int = 0  # matches that are held, or not decided yet
    pending: int = 0  # alerts
    oldest: datetime | None = None  # when the first of those alerts was made


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRecord:
    """A stored match with its dispatches: what `why` tells of one."""

    match: Match
    matched_at: datetime
    dispatches: tuple[Dispatch, ...]
