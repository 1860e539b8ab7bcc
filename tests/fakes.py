"""Fakes at the seams, and the jobs put together over them and a real store: time stands still unless it is moved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from tests.contract.nouns import feed
from watcher.errors import FetchError
from watcher.jobs import Jobs, Live, OnThread, Outlet
from watcher.model import (
    Alert,
    Baseline,
    ChannelName,
    ChannelSpec,
    Feed,
    FeedId,
    FetchRequest,
    HeartbeatSettings,
    Message,
    Receipt,
    Response,
    Rule,
    RuleId,
    Silence,
    Updates,
)
from watcher.ports import Store
from watcher.rules.compile import compile_rule
from watcher.rules.nodes import Word
from watcher.rules.ruleset import Ruleset
from watcher.run.worker import InProcessParser
from watcher.schedule import Intervals, Pace, Retry

T = TypeVar("T")
P = ParamSpec("P")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONSOLE = ChannelName("console")


class FakeClock:
    """ports.Clock that is moved by hand, either way."""

    def __init__(self, now: datetime = NOON) -> None:
        self.present = now

    def now(self) -> datetime:
        return self.present

    def advance(self, seconds: float) -> None:
        self.present += timedelta(seconds=seconds)


@dataclass
class FakeFetcher:
    """ports.Fetcher over a dictionary: a page's bytes, a whole response, an error, or an event to hang on."""

    pages: dict[str, bytes | Response | Exception | asyncio.Event] = field(default_factory=dict)
    asked: list[FetchRequest] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)  # URLs asked for while they were being fetched

    async def fetch(self, request: FetchRequest) -> Response:
        self.asked.append(request)
        if request.url in self.running:
            self.twice.append(request.url)
        self.running.append(request.url)
        try:
            return await self._answer(request.url)
        finally:
            self.running.remove(request.url)

    async def _answer(self, url: str) -> Response:
        page = self.pages.get(url, FetchError(f"{url}: no route", kind="connect"))
        if isinstance(page, asyncio.Event):
            await page.wait()
            page = FetchError(f"{url}: no whole answer within 60 s", kind="timeout")
        if isinstance(page, Exception):
            raise page
        return page if isinstance(page, Response) else Response(url=url, body=page)

    async def aclose(self) -> None:
        pass


@dataclass
class FakeSender:
    """ports.Sender that keeps what it accepted; `failing`, or what `refuse` gives for a message, is raised instead."""

    accepted: list[Message] = field(default_factory=list)
    tries: int = 0
    rests: int = 0
    failing: Exception | None = None
    refuse: Callable[[Message], Exception | None] = lambda _: None
    refuses: tuple[str, ...] = ()  # recipients for good, while the others have it
    before: Callable[[], object] = lambda: None  # what happens while the service thinks

    def send(self, message: Message) -> Receipt:
        self.tries += 1
        self.before()
        error = self.failing or self.refuse(message)
        if error:
            raise error
        self.accepted.append(message)
        return Receipt(detail="taken", reference=f"message {len(self.accepted)}", refused=self.refuses)

    def rest(self) -> None:
        self.rests += 1

    def shown(self, message: Message) -> str:
        return message.body

    @property
    def titles(self) -> list[str]:
        return [message.title for message in self.accepted]


@dataclass
class FakeLog:
    """jobs.Log that keeps the events, and what they were about."""

    events: list[str] = field(default_factory=list)
    abouts: list[Mapping[str, object]] = field(default_factory=list)

    def debug(self, event: str, **about: object) -> None:
        self.events.append(event)
        self.abouts.append(about)

    info = warning = error = exception = debug


def plain(alert: Alert) -> Message:
    """The titles of an alert's items, or a notice's own."""
    title = alert.title or "; ".join(told.item.title for told in alert.items)
    return Message(key=alert.key, title=title, body=alert.body, severity=alert.severity)


async def at_once(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """A jobs.OnThread without a thread."""
    return call(*args, **kwargs)


def watched(name: str, *, baseline: Baseline = Baseline.ALERT, url: str | None = None) -> Feed:
    return replace(feed(name, url=url), baseline=baseline)


def page_of(name: str) -> str:
    """Where `watched(name)` is fetched."""
    return f"https://{name}.example/feed"


def about(word: str, *, updates: Updates = Updates.THREAD, notify: Sequence[str] = (), **settings: Any) -> Rule:
    """A rule that matches a word."""
    return Rule(
        id=RuleId(word),
        title=f"About {word}",
        expression=word,
        expanded=word,
        hash="-".join(["h", word, updates, *(f"{name}-{value}" for name, value in settings.items())]),
        updates=updates,
        notify=tuple(notify),
        **settings,
    )


def spoken(name: str, **settings: Any) -> ChannelSpec:
    """A channel."""
    return ChannelSpec(name=ChannelName(name), url=f"fake://{name}", **settings)


def random_numbers() -> Iterator[float]:
    """0, .1, .2 ... .9 and again: random enough, and the same each time."""
    number = 0
    while True:
        yield number / 10
        number = (number + 1) % 10


class Desk:
    """The jobs over a real store, which whoever made it closes, with everything outside faked."""

    def __init__(
        self,
        store: Store,
        *feeds: Feed,
        rules: Sequence[Rule] = (),
        channels: Sequence[str | ChannelSpec] = (CONSOLE,),
        on_store: OnThread = at_once,
        on_thread: OnThread = at_once,
    ) -> None:
        self.store = store
        self.clock = FakeClock()
        self.log = FakeLog()
        self.fetcher = FakeFetcher()
        self.heartbeat = HeartbeatSettings()
        self.specs = _specs(channels)
        self.senders = {name: FakeSender() for name in self.specs}
        self.rules = tuple(rules) or (about("strike"),)
        numbers = random_numbers()
        self.jobs = Jobs(
            store=store,
            on_store=on_store,
            on_thread=on_thread,
            fetcher=self.fetcher,
            parser=InProcessParser(),
            clock=self.clock,
            rand=lambda: next(numbers),
            log=self.log,
            live=self._live(),
            intervals=Intervals(default=900.0, spread_each=0.0),
            retry=Retry(),
        )
        self.want(*feeds)

    def want(self, *feeds: Feed) -> None:
        """What `watcher run` does when it starts: the files' word is law, everything new is due."""
        now = self.clock.now()
        self.store.release_leases(now)
        self.store.sync_feeds({FeedId(one.id): (one, now) for one in feeds})
        self.store.sync_rules(self.rules, now)
        self.store.sync_channels(list(self.senders), now)

    def rule(self, *rules: Rule) -> None:
        """Replace the rules."""
        self.rules = rules
        self.store.sync_rules(rules, self.clock.now())
        self.jobs.live = self._live()

    def channel(self, *channels: str | ChannelSpec) -> None:
        """Replace the channels; those that stay keep their sender."""
        self.specs = _specs(channels)
        self.senders = {name: self.senders.get(name, FakeSender()) for name in self.specs}
        self.store.sync_channels(list(self.senders), self.clock.now())
        self.jobs.live = self._live()

    def live_by(self, heartbeat: HeartbeatSettings) -> None:
        """Replace the signs of life that are asked for."""
        self.heartbeat = heartbeat
        self.jobs.live = self._live()

    def silence(self, rule: str, seconds: float, channel: str | None = None) -> Silence:
        """A person's word, as the command line would put it into the store."""
        now = self.clock.now()
        on = ChannelName(channel) if channel else None
        silence = Silence(
            id=0, rule=RuleId(rule), group=None, channel=on, by="ann", since=now, until=now + timedelta(seconds=seconds)
        )
        return self.store.silence(silence)

    def __getitem__(self, channel: str) -> FakeSender:
        return self.senders[ChannelName(channel)]

    def publish(self, name: str, document: bytes | Response | Exception | asyncio.Event) -> None:
        self.fetcher.pages[page_of(name)] = document

    def _live(self) -> Live:
        return Live(
            ruleset=Ruleset([compile_rule(rule, Word(rule.expression)) for rule in self.rules if rule.expression]),
            rules={rule.id: rule for rule in self.rules},
            outlets={name: self._outlet(name) for name in self.senders},
            operator=tuple(self.senders)[:1],
            heartbeat=self.heartbeat,
        )

    def _outlet(self, name: ChannelName) -> Outlet:
        spec = self.specs[name]
        pace = Pace(every=spec.pace) if spec.pace else None
        return Outlet(spec=spec, render=plain, sender=self.senders[name], pace=pace, target=spec.url)


def _specs(channels: Sequence[str | ChannelSpec]) -> dict[ChannelName, ChannelSpec]:
    specs = [spoken(channel) if isinstance(channel, str) else channel for channel in channels]
    return {spec.name: spec for spec in specs}
