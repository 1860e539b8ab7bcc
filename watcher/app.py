"""edge: Settings -> everything put together. The only module that knows every implementation."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

import structlog

from watcher import deliver, observe, yamldoc
from watcher.config import Settings, load_config, load_rules
from watcher.deliver import open_sender
from watcher.deliver.console import ConsoleSender
from watcher.errors import ConfigError, SendError
from watcher.fetch import Limits, open_fetcher
from watcher.jobs import Jobs, Live, Log, Outlet
from watcher.match import Ruleset
from watcher.model import (
    Alert,
    AlertState,
    ChannelSpec,
    Fate,
    Finding,
    FindingSeverity,
    Message,
    Receipt,
    Status,
)
from watcher.ports import Clock, Fetcher, Parser, Runner, Store
from watcher.render import Terminal, render
from watcher.render.row import row, title
from watcher.rules import Loaded
from watcher.rules.compile import compile_rule
from watcher.run.clock import SystemClock
from watcher.run.embedded import EmbeddedRunner, Pace
from watcher.run.threads import OneThread, in_thread
from watcher.run.worker import Limits as WorkerLimits
from watcher.run.worker import ProcessParser
from watcher.store import hold_store, open_memory_copy, open_store

CLOSING = 1.0
"""Seconds that the store's last calls get when the process ends."""

RUNNERS: Mapping[str, Callable[[Jobs, Pace], Runner]] = {"embedded": EmbeddedRunner}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What `watcher run` was asked for."""

    once: bool = False
    dry_run: bool = False
    as_json: bool = False  # console channels write JSON Lines
    wait_lock: float = 0.0  # seconds
    debug: bool = False


def channel_findings(settings: Settings) -> tuple[Finding, ...]:
    """Channels whose URL their service does not know, in its own words."""
    known = [(n, spec) for n, spec in enumerate(settings.channels) if "${" not in spec.url]  # else a secret is unset
    found = [(n, spec, deliver.check(spec)) for n, spec in known]
    bad = [(n, spec, why) for n, spec, why in found if why]
    if not bad:
        return ()
    node, _ = yamldoc.load(Path(settings.path).read_bytes(), settings.path)
    return tuple(_channel_finding(settings.path, node, n, spec, why) for n, spec, why in bad)


def _channel_finding(path: str, root: yamldoc.Node | None, number: int, spec: ChannelSpec, why: str) -> Finding:
    where = yamldoc.at(root, ("channels", number, "url")) if root else None
    return Finding(
        code="E033",
        severity=FindingSeverity.ERROR,
        file=path,
        line=where.line if where else 1,
        column=where.column if where else 1,
        message=f"the channel `{spec.name}` cannot be used: {why}",
        help="try it with `watcher notify test`",
    )


def make_fetcher(settings: Settings | None, clock: Clock) -> Fetcher:
    """The fetcher as configured, or with the defaults where there is no configuration."""
    if settings is None:
        return open_fetcher(clock=clock)
    limits = Limits(**settings.fetch)  # type: ignore[arg-type]  # the schema has checked them
    return open_fetcher(clock=clock, limits=limits, allow_private=settings.allow_private, contact=settings.contact)


def make_parser(settings: Settings | None) -> Parser:
    """The parser in processes of its own, as configured: a second one while a document keeps the first busy."""
    return ProcessParser(WorkerLimits(**(settings.parse if settings else {})), workers=2)


def make_outlets(settings: Settings, stream: TextIO, environ: Mapping[str, str]) -> tuple[Outlet, ...]:
    """The channels, ready to send. Raises ConfigError when one cannot be used."""
    try:
        return tuple(_outlet(spec, settings, stream, environ) for spec in settings.channels)
    except SendError:
        raise ConfigError(channel_findings(settings)) from None


def _outlet(spec: ChannelSpec, settings: Settings, stream: TextIO, environ: Mapping[str, str]) -> Outlet:
    sender = open_sender(spec, stream=stream, environ=environ, timeout=settings.send_timeout)
    seen = isinstance(sender.medium, Terminal) and stream.isatty()
    return Outlet(spec=spec, render=lambda alert: render(alert, sender.medium), sender=sender, seen=seen)


class DrySender:
    """Says what would have been sent, and where."""

    def __init__(self, outlet: Outlet, stream: TextIO, *, as_json: bool) -> None:
        self._channel = outlet.spec.name
        self._stream = stream
        self._as_json = as_json

    def send(self, message: Message) -> Receipt:
        words = message.body if self._as_json else f"would send on {self._channel}: {message.title}"
        self._stream.write(f"{words}\n")
        self._stream.flush()
        return Receipt(detail="dry run")


def as_wished(outlet: Outlet, wish: Wish, stream: TextIO) -> Outlet:
    """A channel as it is, or with its sender or its words replaced by what `run` was asked for."""
    if wish.as_json and (wish.dry_run or isinstance(outlet.sender, ConsoleSender)):
        outlet = replace(outlet, render=_json_message)
    return replace(outlet, sender=DrySender(outlet, stream, as_json=wish.as_json)) if wish.dry_run else outlet


def _json_message(alert: Alert) -> Message:
    line = json.dumps(row(alert), ensure_ascii=False)
    return Message(key=alert.key, title=title(alert), body=line, severity=alert.severity)


def make_live(settings: Settings, loaded: Loaded, outlets: Sequence[Outlet]) -> Live:
    """What the jobs go by."""
    compiled = tuple(compile_rule(each.rule, each.tree) for each in loaded.rules if each.tree)
    return Live(
        ruleset=Ruleset(compiled),
        rules={each.rule.id: each.rule for each in loaded.rules},
        outlets={outlet.spec.name: outlet for outlet in outlets},
        operator=settings.operator,
    )


def run(config: Path, wish: Wish, environ: Mapping[str, str]) -> int:
    """The daemon, or one round of it; the exit code. Raises NotStartable when it cannot start."""
    settings = load_config(config, environ, require_secrets=True)
    redactor = observe.Redactor(settings.secrets, [channel.url for channel in settings.channels])
    observe.configure(sys.stderr, redactor, terminal=sys.stderr.isatty(), debug=wish.debug)
    loaded = load_rules(settings)
    if any(f.severity is FindingSeverity.ERROR for f in loaded.findings):
        raise ConfigError(loaded.findings)
    outlets = tuple(as_wished(outlet, wish, sys.stdout) for outlet in make_outlets(settings, sys.stdout, environ))
    with ExitStack() as stack:
        if wish.dry_run:
            store = open_memory_copy(settings.store_url)
        else:
            stack.enter_context(hold_store(settings.store_url, wait=wish.wait_lock))
            store = open_store(settings.store_url)
        stack.callback(store.close)
        daemon = Daemon(settings=settings, loaded=loaded, outlets=outlets, store=store, wish=wish)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(daemon.serve())


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """One run of the watcher over an opened store."""

    settings: Settings
    loaded: Loaded
    outlets: Sequence[Outlet]
    store: Store
    wish: Wish
    clock: Clock = field(default_factory=SystemClock)
    log: Log = field(default_factory=lambda: structlog.get_logger("watcher"))

    def take_over(self) -> None:
        """Bring the store in line with the files; what a daemon that died held is free again."""
        now, settings = self.clock.now(), self.settings
        count = len(settings.feeds)
        spread = 0.0 if self.wish.once else 1.0
        first = {
            feed.id: (feed, settings.intervals.first(feed, count, now, random.random() * spread))
            for feed in settings.feeds
        }
        self.store.release_leases(now)
        self.store.sync_feeds(first)
        self.store.sync_rules([each.rule for each in self.loaded.rules], now)
        dropped = self.store.sync_channels([channel.name for channel in settings.channels], now)
        if dropped:
            self.log.warning("alerts of removed channels given up; see `watcher alerts dead`", alerts=dropped)
        self.log.info(greeting(self.store.status(now), len(self.loaded.rules)))

    async def serve(self) -> int:
        """Until a signal, or one round; the exit code."""
        stop = asyncio.Event() if self.wish.once else _stopped()  # before it says that it runs
        self.take_over()
        thread = OneThread("store")
        fetcher, parser = make_fetcher(self.settings, self.clock), make_parser(self.settings)
        jobs = Jobs(
            store=self.store,
            on_store=thread,
            on_thread=in_thread,
            fetcher=fetcher,
            parser=parser,
            clock=self.clock,
            rand=random.random,
            log=self.log,
            live=make_live(self.settings, self.loaded, self.outlets),
            intervals=self.settings.intervals,
            retry=self.settings.retry,
        )
        runner = RUNNERS["embedded"](jobs, Pace())
        try:
            if self.wish.once:
                return 1 if await runner.once() else 0
            await runner.run(stop)
            self.log.info("stopped; what was being fetched or sent is taken up at the next start")
        finally:
            await fetcher.aclose()
            await parser.aclose()
            thread.close(CLOSING)
        return 0


def greeting(status: Status, rules: int) -> str:
    """What is known at the start, in a line."""
    told = status.dispatches.get(Fate.ALERTED, 0)
    watching = f"watching {_count(status.feeds, 'feed')} with {_count(rules, 'rule')}"
    if not status.items:
        return f"{watching}; nothing known yet"
    waiting = status.outbox.get(AlertState.PENDING, 0)
    known = f"{_count(status.items, 'item')} known, {_count(told, 'match', 'es')} told"
    return (
        f"{watching}; {known}, {_count(waiting, 'alert')} to send; what was told is not told again: "
        "`watcher alerts` lists it, `watcher status` says how it stands"
    )


def _count(number: int, noun: str, plural: str = "s") -> str:
    return f"{number:,} {noun}{'' if number == 1 else plural}"


def _stopped() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        from uvloop import new_event_loop
    except ImportError:  # not on this platform
        return asyncio.new_event_loop
    return new_event_loop
