"""edge: the operator's files -> what the jobs go by, while they run.

look | settle | read what changed | check | sync the store | swap whole | tell
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from watcher.alert import notice
from watcher.config import Settings
from watcher.config.files import Files, Looked, Plan
from watcher.errors import StoreError, StoreUnavailable
from watcher.jobs import LEASE, Jobs, Live, surprise
from watcher.model import ChannelName, FeedId, NewAlert, Severity
from watcher.ports import Fetcher, Parser, Store
from watcher.run.news import MOST, News, line, news, standing
from watcher.run.notify import Supervisor

SETTLE = 0.25
"""Seconds between two looks that must agree: a file that is being written changes in between."""
LOOKS = 20
"""After so many looks that did not agree the files are read as they stand: something else may be waiting."""


class Reloader:
    """Keeps the jobs at what the files say. `look` is called now and then, by one caller at a time."""

    def __init__(
        self,
        jobs: Jobs,
        files: Files,
        plan: Plan,
        *,
        make_live: Callable[[Plan, Live], Live],
        make_fetcher: Callable[[Settings], Fetcher],
        make_parser: Callable[[Settings], Parser],
        supervisor: Supervisor | None = None,
        settle: float = SETTLE,
    ) -> None:
        self.jobs = jobs
        self.plan = plan
        self._files = files
        self._make_live = make_live
        self._make_fetcher = make_fetcher
        self._make_parser = make_parser
        self._supervisor = supervisor
        self._settle = settle
        self._known: Plan | None = plan  # what the store was brought in line with; None: nobody knows how far
        self._looked: Looked | None = None
        self._asked = False
        self._retired: list[tuple[datetime, Fetcher | Parser]] = []

    def ask(self) -> None:
        """Read everything at the next look, whether it seems to have changed or not."""
        self._asked = True

    async def look(self) -> bool:
        """Reload what has changed since the last look; whether the jobs go by anything else now. Raises StoreError."""
        await self._let_go(self.jobs.clock.now() - LEASE)
        looked = await self._look()
        if looked == self._looked and not self._asked:
            return False
        first = self._looked is None  # no news, and no reload to whoever asks how we are
        self._looked = await self._settled(looked)  # before anything can go wrong: that would go wrong again
        asked, self._asked = self._asked, False
        if self._supervisor and not first:
            self._supervisor.reloading()
        try:
            return await self._reload_or_tell(asked=asked)
        except StoreUnavailable:
            self._asked = True
            raise
        finally:
            if self._supervisor:
                self._supervisor.ready()

    async def _reload_or_tell(self, *, asked: bool) -> bool:
        try:
            return await self._reload(asked=asked)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - nothing has been swapped, and nothing is lost by a mistake of ours
            await self._went_wrong(error)
            return False

    async def _went_wrong(self, error: Exception) -> None:
        self.jobs.log.error("reading the files went wrong in the watcher itself", exc_info=error)
        self.jobs.meter.reloaded(good=False)
        title = "The watcher could not read its files again: everything stays as it was"
        told = News(title=title, body=surprise(error), severity=Severity.HIGH)
        notices = _notices(self.plan, told, self.jobs.clock.now())
        await self.jobs.on_store(self.jobs.store.save_alerts, notices, ())

    async def aclose(self) -> None:
        """Let go of what reloads replaced."""
        await self._let_go(None)

    async def _look(self) -> Looked:
        return await self.jobs.on_thread(self._files.look, self.plan)

    async def _settled(self, looked: Looked) -> Looked:
        for _ in range(LOOKS):
            await asyncio.sleep(self._settle)
            before, looked = looked, await self._look()
            if looked == before:
                break
        return looked

    async def _reload(self, *, asked: bool) -> bool:
        before = self.plan
        counted = await self.jobs.on_store(self.jobs.store.frequencies)
        plan = await self.jobs.on_thread(self._files.again, before, distrust=asked, counted=counted)
        self.jobs.meter.reloaded(good=not plan.errors)
        told = news(before, plan)
        changed = told is not None or not _same(before, plan)
        if changed:
            await self._take(before, plan, told)
            return True
        if asked:
            self.jobs.log.info("files read again, nothing has changed")
            await self.jobs.on_store(self.jobs.store.stand, standing(plan, self.jobs.clock.now()))
        self.plan = replace(before, renewal=plan.renewal)  # what changes next is told from here
        return False

    async def _take(self, before: Plan, plan: Plan, told: News | None) -> None:
        """The store first: no match is of a rule that it does not know. Then the jobs, between two of their steps. Then
        what is due at once, so that nothing is tried again with what it had before.
        """
        jobs, now = self.jobs, self.jobs.clock.now()
        live = await jobs.on_thread(self._make_live, plan, jobs.live)
        known, self._known = self._known, None
        dropped = await jobs.on_store(sync, jobs.store, plan, known, now, jobs.rand)
        notices = () if told is None else _notices(plan, told.beside(dropped), now)
        await jobs.on_store(jobs.store.save_alerts, notices, ())
        self._known = plan
        self._swap(plan, live)
        await jobs.on_store(hasten, jobs.store, plan.settings, before.settings, now)
        self._say(before, plan, told, dropped)

    def _swap(self, plan: Plan, live: Live) -> None:
        jobs, was, now = self.jobs, self.plan.settings, plan.settings
        self.plan = plan
        jobs.live, jobs.intervals, jobs.retry, jobs.keep = live, now.intervals, now.retry, now.keep
        if (was.fetch, was.allow_private, was.contact) != (now.fetch, now.allow_private, now.contact):
            self._retired.append((jobs.clock.now(), jobs.fetcher))
            jobs.fetcher = self._make_fetcher(now)
        if was.parse != now.parse:
            self._retired.append((jobs.clock.now(), jobs.parser))
            jobs.parser = self._make_parser(now)

    async def _let_go(self, since: datetime | None) -> None:
        """Close what was replaced before that, when no poll can be using it any more; without a time all of it."""
        old = [(at, port) for at, port in self._retired if since is None or at < since]
        for entry in old:
            self._retired.remove(entry)
            await entry[1].aclose()

    def _say(self, before: Plan, plan: Plan, told: News | None, dropped: int) -> None:
        log, renewal = self.jobs.log, plan.renewal
        if before.errors != plan.errors:
            for error in plan.errors[:MOST]:
                log.error("error in a file, what was live stays as it was", error=line(error))
            if len(plan.errors) > MOST:
                log.error("more errors in files; `watcher check` shows them all", count=len(plan.errors) - MOST)
        if dropped:
            log.warning(
                "matches and alerts for removed channels given up; `watcher alerts dead` lists the alerts",
                count=dropped,
            )
        about = {"added": renewal.added, "changed": renewal.changed, "removed": renewal.removed}
        log.info(
            told.title if told else "reloaded; no rule means anything else",
            rules=len(renewal.live),
            at_last_good_version=len(renewal.kept),
            **{name: rules for name, rules in about.items() if rules},
        )


def sync(store: Store, plan: Plan, before: Plan | None, now: datetime, rand: Callable[[], float]) -> int:
    """Bring the store in line with a plan; how many alerts and matches of removed channels were given up by that.

    `before` is what it was brought in line with last, and what the plan's changes count from.
    """
    settings, renewal = plan.settings, plan.renewal
    if before is None or before.settings is not settings:
        first, count = settings.intervals.first, len(settings.feeds)
        store.sync_feeds({feed.id: (feed, first(feed, count, now, rand())) for feed in settings.feeds})
    if before is None:
        store.sync_rules([each.rule for each in renewal.live.values()], now)
    elif renewal.touched:
        store.change_rules({name: each.rule if each else None for name, each in renewal.touched.items()}, now)
    store.stand(standing(plan, now))
    if before is not None and before.settings is settings:
        return 0
    return store.sync_channels([channel.name for channel in settings.channels], now)


def hasten(store: Store, settings: Settings, was: Settings, now: datetime) -> None:
    """Let feeds and channels be tried at once that something else opens now: what was refused may be let in."""
    if opened := _reopened(was, settings):
        store.reopen_feeds(opened, now)
    if renewed := _renewed(was, settings):
        store.hurry(renewed, now)


def _reopened(was: Settings, settings: Settings) -> list[FeedId]:
    """The feeds that were there, and that something else opens now."""
    known = {feed.id for feed in was.feeds}
    return [f.id for f in settings.feeds if f.id in known and was.access.get(f.id) != settings.access.get(f.id)]


def _renewed(was: Settings, settings: Settings) -> list[ChannelName]:
    """The channels that have another address than before."""
    urls = {channel.name: channel.url for channel in was.channels}
    return [channel.name for channel in settings.channels if urls.get(channel.name, channel.url) != channel.url]


def _notices(plan: Plan, told: News, now: datetime) -> tuple[NewAlert, ...]:
    about = f"reload:{now.isoformat()}"
    return tuple(notice(on, told.title, told.body, told.severity, now, about) for on in plan.settings.operator)


def _same(before: Plan, after: Plan) -> bool:
    """Whether the same objects are live: what did not change is not loaded anew."""
    return before.settings == after.settings and not after.renewal.touched
