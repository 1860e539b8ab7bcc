"""edge: a configuration and a wish -> a watcher that runs, over the parts it is put together from."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from watcher import observe
from watcher.app.parts import Wish, as_wished, make_fetcher, make_live, make_outlets, make_parser
from watcher.config import Settings
from watcher.config.files import Files, Plan
from watcher.errors import StoreError
from watcher.jobs import Jobs, Live, Log, Outlet
from watcher.model import AlertState, Fate, Health, HeartbeatSettings, Present, Status
from watcher.ports import Clock, Fetcher, Parser, Store
from watcher.run import failpoints
from watcher.run.clock import SystemClock
from watcher.run.embedded import EmbeddedRunner, Rhythm
from watcher.run.hangup import terminals
from watcher.run.health import health
from watcher.run.notify import Supervisor, supervised
from watcher.run.reload import Reloader, sync
from watcher.run.seats import Seated
from watcher.run.serve import Pages, served
from watcher.run.threads import OneThread, in_thread
from watcher.run.unready import minded
from watcher.run.watchdog import guarded
from watcher.store import hold_store, open_memory_copy, open_store
from watcher.text.counted import counted

CLOSING = 1.0
"""Seconds that the store's last calls get when the process ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Makers:
    """What a watcher is put together from that its files do not say."""

    rhythm: Rhythm = field(default_factory=Rhythm)
    fetcher: Callable[[Settings, Clock], Fetcher] = make_fetcher
    parser: Callable[[Settings], Parser] = make_parser


def run(config: Path, wish: Wish, environ: Mapping[str, str], makers: Makers = Makers()) -> int:
    """The daemon, or one round of it; the exit code. Raises NotStartable when it cannot start."""
    redactor, points = observe.Redactor(), failpoints.read(environ)

    def learn(settings: Settings) -> None:
        redactor.learn(settings.secrets, [channel.url for channel in settings.channels])

    def open_outlets(settings: Settings) -> tuple[Outlet, ...]:
        made = (as_wished(outlet, wish, sys.stdout) for outlet in make_outlets(settings, sys.stdout, environ))
        return tuple(points.outlet(outlet) for outlet in made)

    lines = observe.configure(sys.stderr, redactor, terminal=sys.stderr.isatty(), debug=wish.debug)
    files = Files(config, environ, learn=learn, open_outlets=open_outlets, counted=counted_terms)
    with ExitStack() as stack:
        stack.callback(observe.flush)  # before anybody says with which words it ended
        plan = files.first()
        stack.enter_context(points.at_statements())
        if wish.dry_run:
            store = open_memory_copy(plan.settings.store_url)
        else:
            stack.enter_context(hold_store(plan.settings.store_url, wait=wish.wait_lock))
            store = open_store(plan.settings.store_url)
        thread = OneThread("store")
        stack.callback(put_away, store, thread)
        made = replace(makers, fetcher=lambda settings, clock: Seated(points.fetcher(makers.fetcher(settings, clock))))
        daemon = Daemon(
            files=files,
            plan=plan,
            store=store,
            thread=thread,
            wish=wish,
            supervisor=Supervisor(environ),
            makers=made,
            lost=lambda: lines.dropped,
        )
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(daemon.serve())


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """One run of the watcher over an opened store."""

    files: Files
    plan: Plan
    store: Store
    thread: OneThread  # that the store is used on
    wish: Wish
    supervisor: Supervisor
    makers: Makers
    lost: Callable[[], int] = lambda: 0  # lines of the log
    clock: Clock = field(default_factory=SystemClock)
    log: Log = field(default_factory=lambda: observe.Events("watcher"))

    async def serve(self) -> int:
        """Until a signal, or one round; the exit code."""
        jobs = self._jobs()
        reloader = self._reloader(jobs)
        try:
            if self.wish.once:
                self._take_over()
                self._keep()
                return 1 if await EmbeddedRunner(jobs, self.makers.rhythm).once() else 0
            runner = EmbeddedRunner(jobs, self.makers.rhythm, reloader.look)

            def read_again() -> None:
                self.supervisor.reloading()
                reloader.ask()
                runner.wake_reload()

            stop = _stopped(read_again)  # before it says that it runs
            self._take_over()
            _ = jobs.on_thread(self._keep)
            async with self._beside(runner, reloader, stop):
                await runner.run(stop)
            self.log.info("stopped; what was being fetched or sent is taken up at the next start")
        finally:
            await reloader.aclose()
            await jobs.fetcher.aclose()
            await jobs.parser.aclose()
            if not self.wish.once:
                _deaf()
        return 0

    @asynccontextmanager
    async def _beside(self, runner: EmbeddedRunner, reloader: Reloader, stop: asyncio.Event) -> AsyncIterator[None]:
        """What says how the daemon is, for as long as it runs."""
        jobs = runner.jobs

        def how() -> Health:
            return health(runner.last_good(), runner.paused, reloader.plan.errors)

        def where() -> tuple[str, int] | None:
            return None if self.wish.dry_run else reloader.plan.settings.listen

        def late(seconds: float) -> None:
            jobs.meter.late(seconds)

        def answers() -> Pages:
            from watcher.observe.metrics import Metrics  # which nobody pays for who is not asked
            from watcher.run.pages import pages

            jobs.meter = metrics = Metrics()
            return pages(how, lambda: self._present(runner, reloader), metrics, jobs)

        def what() -> str:
            return watching(len(reloader.plan.settings.feeds), len(reloader.plan.renewal.live))

        async with AsyncExitStack() as stack:
            await stack.enter_async_context(served(where, answers, self.log, late))
            await stack.enter_async_context(minded(jobs, how))
            await stack.enter_async_context(guarded(self.log))
            await stack.enter_async_context(supervised(self.supervisor, how, what, stop))
            yield

    def _present(self, runner: EmbeddedRunner, reloader: Reloader) -> Present:
        renewal = reloader.plan.renewal
        return Present(
            channels=tuple(runner.jobs.live.outlets),
            rules=len(renewal.live),
            kept=len(renewal.kept),
            errors=len(reloader.plan.errors),
            paused=bool(runner.paused),
            since_good=runner.last_good(),
            lost=self.lost(),
        )

    def _take_over(self) -> None:
        """Bring the store in line with the files; what a daemon that died held is free again."""
        now, rand = self.clock.now(), (lambda: 0.0) if self.wish.once else random.random
        self.store.release_leases(now)
        dropped = sync(self.store, self.plan, None, now, rand)
        if dropped:
            self.log.warning(
                "matches and alerts for removed channels given up; `watcher alerts dead` lists the alerts",
                count=dropped,
            )
        self.log.info(greeting(self.store.status(now), len(self.plan.renewal.live)))

    def _keep(self) -> None:
        """What rules came to is there for the next start, where there is room for it."""
        if self.files.not_kept:
            self.log.debug("rules were worked out from their files", why=self.files.not_kept)
        try:
            if not self.wish.dry_run:
                self.files.keep()
        except OSError as error:
            self.log.debug("rules could not be kept for the next start", why=str(error))

    def _jobs(self) -> Jobs:
        settings = self.plan.settings
        return Jobs(
            store=self.store,
            on_store=self.thread,
            on_thread=in_thread,
            fetcher=self.makers.fetcher(settings, self.clock),
            parser=self.makers.parser(settings),
            clock=self.clock,
            rand=random.random,
            log=self.log,
            live=self._live(self.plan),
            intervals=settings.intervals,
            retry=settings.retry,
            keep=settings.keep,
        )

    def _live(self, plan: Plan, before: Live | None = None) -> Live:
        """A dry run sends nothing: no sign of life either."""
        live = make_live(plan, before)
        return replace(live, heartbeat=HeartbeatSettings()) if self.wish.dry_run else live

    def _reloader(self, jobs: Jobs) -> Reloader:
        return Reloader(
            jobs,
            self.files,
            self.plan,
            make_live=self._live,
            make_fetcher=lambda settings: self.makers.fetcher(settings, self.clock),
            make_parser=self.makers.parser,
            supervisor=self.supervisor,
        )


def watching(feeds: int, rules: int) -> str:
    return f"watching {counted(feeds, 'feed')} with {counted(rules, 'rule')}"


def greeting(status: Status, rules: int) -> str:
    """What is known at the start, in a line."""
    told = status.dispatches.get(Fate.ALERTED, 0)
    told_of = watching(status.feeds, rules)
    if not status.items:
        return f"{told_of}; nothing known yet"
    waiting = status.outbox.get(AlertState.PENDING, 0)
    known = f"{counted(status.items, 'item')} known, {counted(told, 'match', 'es')} told"
    return (
        f"{told_of}; {known}, {counted(waiting, 'alert')} to send; what was told is not told again: "
        "`watcher alerts` lists it, `watcher status` says how it stands"
    )


def counted_terms(settings: Settings) -> Mapping[str, int]:
    """What terms are common in what is stored, before the store is opened for good; nothing where there is none yet."""
    try:
        with closing(open_store(settings.store_url, read_only=True)) as store:
            return store.frequencies()
    except StoreError:
        return {}


def put_away(store: Store, thread: OneThread) -> None:
    """Close the store when nobody uses it any more. A call for which the disk takes too long is left alone instead: a
    connection that is closed under it would crash the process, and what is not committed is not there anyway.
    """
    if thread.close(CLOSING):
        store.close()


def _stopped(hung_up: Callable[[], None]) -> asyncio.Event:
    """An event that SIGINT and SIGTERM set, and SIGHUP when the terminal was closed; else that calls `hung_up`."""
    stop, at_start = asyncio.Event(), terminals()

    def on_hang_up() -> None:
        if at_start and not terminals():
            stop.set()
        elif not stop.is_set():
            hung_up()

    for number, then in ((signal.SIGINT, stop.set), (signal.SIGTERM, stop.set), (signal.SIGHUP, on_hang_up)):
        _on(number, then)
    return stop


def _on(number: signal.Signals, then: Callable[[], None]) -> None:
    """Not by a handler of the loop's own: when that is removed, the signal kills for a moment."""
    loop = asyncio.get_running_loop()
    signal.signal(number, lambda *_: loop.call_soon_threadsafe(then))


def _deaf() -> None:
    """All is put away: a signal that is sent once more is not to spoil the end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        from uvloop import new_event_loop
    except ImportError:  # not on this platform
        return asyncio.new_event_loop
    return new_event_loop
