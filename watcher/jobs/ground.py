"""edge: what all jobs stand on: the ports, the channels ready to send, and what the operator's files say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ParamSpec, Protocol, TypeVar
from weakref import WeakValueDictionary

from watcher.alert import notice
from watcher.errors import FetchError, ParseError
from watcher.model import (
    Access,
    Alert,
    ChannelName,
    ChannelSpec,
    FeedId,
    HeartbeatSettings,
    Keep,
    Message,
    NewAlert,
    Rule,
    RuleId,
    Severity,
)
from watcher.ports import Clock, Fetcher, Parser, Sender, Store
from watcher.rules.ruleset import Ruleset
from watcher.schedule import Intervals, Pace, Retry
from watcher.text.once import cached_property

LEASE = timedelta(minutes=5)
"""Longer than any poll or send may take: only a daemon that died leaves a lease to run out."""
BATCH = 32
"""Items that the store is asked for in one go, which others of its callers wait for."""
LONG = 20_000
"""Characters of text from which on they are worked on off the event loop: what is made of them takes milliseconds."""

_NO_ACCESS = Access()
T = TypeVar("T")
P = ParamSpec("P")


class Log(Protocol):
    """A structured logger: an event in a few words, then what it is about."""

    def debug(self, event: str, **about: object) -> object: ...
    def info(self, event: str, **about: object) -> object: ...
    def warning(self, event: str, **about: object) -> object: ...
    def error(self, event: str, **about: object) -> object: ...
    def exception(self, event: str, **about: object) -> object: ...


class Meter(Protocol):
    """Counts what the jobs did; times are seconds."""

    def polled(self, outcome: str, trouble: str | None = None) -> None:
        """A poll ended: new, unchanged or failed; by what kind of trouble, where it did."""

    def stored(self, items: int, matches: int) -> None:
        """So many new items and edits, and matches of theirs, were stored; those of a first poll too."""

    def seen(self, lag: float) -> None:
        """An item was stored so long after its source says that it was published."""

    def tried(self, channel: ChannelName, outcome: str, lag: float | None) -> None:
        """A try at an alert ended: sent, pending or dead; `lag`, where sent: how long after its first item was seen."""

    def paged(self, outcome: str) -> None:
        """A try at an item's page ended: text, nothing, wall, failed or given-up."""

    def reloaded(self, *, good: bool) -> None:
        """The operator's files were read again; `good`: without an error in them."""

    def late(self, seconds: float) -> None:
        """The event loop came to what was planned so much later."""


class Unmetered:
    """A Meter that counts nothing."""

    def polled(self, outcome: str, trouble: str | None = None) -> None: ...
    def stored(self, items: int, matches: int) -> None: ...
    def seen(self, lag: float) -> None: ...
    def tried(self, channel: ChannelName, outcome: str, lag: float | None) -> None: ...
    def paged(self, outcome: str) -> None: ...
    def reloaded(self, *, good: bool) -> None: ...
    def late(self, seconds: float) -> None: ...


class OnThread(Protocol):
    """Runs a blocking call somewhere it does not hold the event loop."""

    def __call__(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A channel as the jobs use it: how it says an alert, who sends that, and how fast."""

    spec: ChannelSpec
    render: Callable[[Alert], Message]
    sender: Sender
    seen: bool = False  # on the terminal where the log is: that it was sent needs no line
    pace: Pace | None = None  # None: as fast as it goes
    target: str = ""  # the service's end: channels that share it share its pace


@dataclass(frozen=True, kw_only=True)
class Live:
    """What the operator's files say at present. Swapped whole, never changed."""

    ruleset: Ruleset
    rules: Mapping[RuleId, Rule]
    outlets: Mapping[ChannelName, Outlet]
    operator: tuple[ChannelName, ...]
    heartbeat: HeartbeatSettings = field(default_factory=HeartbeatSettings)
    access: Mapping[FeedId, Access] = field(default_factory=dict, repr=False)  # of the feeds that need one

    @cached_property
    def absences(self) -> tuple[Rule, ...]:
        """The rules that watch for silence."""
        return tuple(rule for rule in self.rules.values() if rule.absence)

    def access_of(self, feed: FeedId) -> Access:
        """What opens a feed."""
        return self.access.get(feed, _NO_ACCESS)

    def route(self, rule: Rule) -> tuple[ChannelName, ...]:
        """The channels a rule speaks on: those it names, by name or tag; all where it names none.

        The operator's where none of those is left: such a rule stays at its last good version until it is mended.
        """
        meant = tuple(name for name, outlet in self.outlets.items() if outlet.spec.hears(rule))
        return meant or self.operator


class Ground:
    """One set of ports. `live` is replaced at a reload."""

    def __init__(
        self,
        *,
        store: Store,
        on_store: OnThread,
        on_thread: OnThread,
        fetcher: Fetcher,
        parser: Parser,
        clock: Clock,
        rand: Callable[[], float],
        log: Log,
        live: Live,
        intervals: Intervals,
        retry: Retry,
        keep: Keep = Keep(),  # noqa: B008  frozen
        meter: Meter = Unmetered(),  # noqa: B008  it keeps nothing
    ) -> None:
        self.store = store
        self.on_store = on_store
        self.on_thread = on_thread
        self.fetcher = fetcher
        self.parser = parser
        self.clock = clock
        self.rand = rand
        self.log = log
        self.live = live
        self.intervals = intervals
        self.retry = retry
        self.keep = keep
        self.meter = meter
        self.linking = asyncio.Lock()
        """Held from the look for what is like an item until that item is saved."""
        self.reading = asyncio.Lock()
        """Held while an item's page is parsed."""
        self._held: WeakValueDictionary[FeedId, asyncio.Lock] = WeakValueDictionary()

    def held(self, feed: FeedId) -> asyncio.Lock:
        """Held from the look at what is known of a feed's items until what was made of it is saved, and taken before
        `linking`: a poll and the pages of the feed number the revisions of one item.
        """
        self._held[feed] = lock = self._held.get(feed) or asyncio.Lock()
        return lock

    async def aside(self, size: int, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a call makes of so many characters; on a thread where that would hold the event loop."""
        return call(*args, **kwargs) if size < LONG else await self.on_thread(call, *args, **kwargs)

    def words(
        self, title: str, body: str, severity: Severity, about: str, *, on: Iterable[ChannelName] | None = None
    ) -> tuple[NewAlert, ...]:
        """The watcher speaking of itself, to its operator unless told where; once a channel for the same `about`."""
        now = self.clock.now()
        channels = self.live.operator if on is None else on
        return tuple(notice(channel, title, body, severity, now, about) for channel in channels)

    def trouble(self, error: Exception, event: str, **about: object) -> FetchError | ParseError:
        """What a try came to; a mistake of ours is said in the log as `event`, and is the document's trouble."""
        if isinstance(error, FetchError | ParseError):
            return error
        self.log.error(event, **about, exc_info=error)
        return ParseError(surprise(error), kind="internal")

    async def tell(self, alerts: Iterable[NewAlert]) -> None:
        """Put alerts into the outbox; those that are there already stay as they are."""
        if made := tuple(alerts):
            await self.on_store(self.store.save_alerts, made, ())


def surprise(error: Exception) -> str:
    """A mistake of ours in one line."""
    return " ".join(f"internal error: {type(error).__name__}: {error}".split())
