"""edge: one process that calls the jobs: APScheduler's ticks as the safety net, wakes for everything in between.

poll -> full texts -> alert -> deliver wake one another as they commit work. A wake during a round makes one more round.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from watcher.errors import StoreError, StoreUnavailable
from watcher.jobs import LEASE, Jobs, Minder
from watcher.model import AlertState, ChannelName, Fate, FeedState, Heartbeat
from watcher.run.channels import Channels, stopped_within
from watcher.run.clock import Tidemark
from watcher.run.fulltext import FullTexts
from watcher.run.pause import Pause, Room
from watcher.run.rounds import Every, Rhythm, Round
from watcher.run.seats import Seats

__all__ = ["EmbeddedRunner", "Rhythm"]

T = TypeVar("T")
REFILED_ONCE = 32
"""Batches of old items filed anew by a round that is called once: about two seconds of work."""
STOPPED = 60.0
"""Seconds without a look at what is due: the machine slept, or nothing could be polled. What waits then is spread."""
AT_ONCE = 4
"""So great a part of all places is free when feeds are claimed again before the next tick: a claim is a transaction."""
HEALTHY = 3
"""Ticks that any of the rounds may miss while the watcher still counts as well."""


class EmbeddedRunner:
    """Implements ports.Runner."""

    def __init__(self, jobs: Jobs, rhythm: Rhythm, reload: Callable[[], Awaitable[bool]] | None = None) -> None:
        """`reload` looks at the operator's files and brings the jobs in line with them; whether there was anything."""
        self.jobs = jobs
        self.rhythm = rhythm
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._fatal: BaseException | None = None
        self._stop = asyncio.Event()
        self._started = jobs.clock.now()
        self._announced = False
        self._called_at: float | None = None
        self._pause = Pause(jobs, rhythm.beat)
        self._room = Room(jobs)
        self._patient = False
        self._channels = Channels(jobs, rhythm, self._failed, self._held)
        self._minder = Minder(jobs)
        self._poll = Round(self._poll_due, self._failed, self._nothing_polled)
        self._seats = Seats(rhythm, self._poll)
        self._pages = FullTexts(
            jobs,
            rhythm,
            self._tried,
            failed=self._failed,
            held=self._nothing_polled,
            decide=self._channels.decide,
        )
        self._alert = Round(self._alert_open, self._failed, self._held)
        self._deliver = Round(self._channels.deliver_due, self._failed, self._held)
        self._beat = Round(self._beat_now, self._failed)
        self._mind = Round(self._look_around, self._failed, self._held)
        self._audit = Round(self._minder.audit, self._failed, self._held)
        self._call = Round(self._minder.call_home, self._failed, self._held)
        self._refile = Round(self._refile_all, self._failed, self._held)
        self._prune = Round(self._prune_all, self._failed, self._held)
        polling = (self._poll, self._pages.round)
        self._work = (*polling, self._alert, self._deliver, self._mind, self._audit, self._refile, self._prune)
        self._begun_at = 0.0
        self._looked_at: datetime | None = None
        self._reload = Round(lambda: self._look(reload), self._failed, self._held) if reload else None

    @property
    def paused(self) -> str:
        """Why nothing is polled, and maybe nothing is sent, for the moment; else empty."""
        return self._pause.why or self._room.short

    def _held(self) -> bool:
        return self._pause.held

    def _nothing_polled(self) -> object:
        return self._held() or self._room.short

    def last_good(self) -> Mapping[str, float]:
        """Seconds since each of the rounds that must not be late went well last, or since the beginning."""
        now = asyncio.get_running_loop().time()
        rounds = {"poll": self._poll, "alert": self._alert, "deliver": self._deliver, "beat": self._beat}
        return {name: now - (each.good_at or self._begun_at) for name, each in rounds.items()}

    # forever

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set or the store fails (StoreError)."""
        self._stop = self._channels.stop = stop
        self._patient = True
        defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 9}
        scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=defaults)
        rhythm = self.rhythm
        rounds = [(self._poll, rhythm.tick), (self._alert, rhythm.tick), (self._deliver, rhythm.tick)]
        rounds += [(self._beat, rhythm.beat), (self._mind, rhythm.mind), (self._audit, rhythm.audit)]
        rounds += [(self._prune, rhythm.prune), (self._pages.round, rhythm.tick)]
        rounds += [(self._reload, rhythm.reload)] if self._reload else []
        self._begun_at = asyncio.get_running_loop().time()
        for each, seconds in rounds:
            scheduler.add_job(each.tick, Every(seconds))
        scheduler.start()
        self._refile.wake()
        try:
            await self._until_stopped(scheduler)
        finally:
            scheduler.shutdown(wait=False)
            await self._settle()
        try:
            if self._fatal is not None:
                raise self._fatal
            with suppress(TimeoutError, StoreUnavailable):
                await asyncio.wait_for(self._farewell(), self.rhythm.farewell)
        finally:
            self._say_what_is_unsaved()

    async def _until_stopped(self, scheduler: AsyncIOScheduler) -> None:
        """Look at the clock now and then: where it was put back, all that was planned would wait for the old time."""
        self.jobs.clock = clock = Tidemark(self.jobs.clock)
        while not self._stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), self.rhythm.beat)
            now = clock.now()
            if now < clock.latest:
                clock.latest = now
                for job in scheduler.get_jobs():
                    job.modify(next_run_time=now)
                await self._tried(self.jobs.on_store(self.jobs.store.release_leases, now))
                self._channels.decide_all()

    async def _settle(self) -> None:
        """Drop what is being fetched (it is polled again), give what is being sent its grace."""
        fetching = [*self._polls.values(), *self._pages.tasks, *([self._call.task] if self._call.task else [])]
        for task in fetching:
            task.cancel()
        rounds = [*self._work, self._beat, *([self._reload] if self._reload else [])]
        sending = [each.task for each in rounds if each.task and not each.task.done()] + self._channels.tasks
        if fetching or sending:
            _, late = await asyncio.wait([*fetching, *sending], timeout=self.rhythm.grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _failed(self, error: BaseException) -> None:
        """A store that fails stops the daemon, which waits for one that may not fail the next time; anything else is
        said, and the next tick tries again.
        """
        if isinstance(error, StoreUnavailable) and self._patient:
            self._pause.begin(error)
        elif isinstance(error, StoreError):
            self._fatal = self._fatal or error
            self._stop.set()
        else:
            self.jobs.log.error("job failed", error=f"{type(error).__name__}: {error}", exc_info=error)

    async def _tried(self, work: Awaitable[T]) -> T | None:
        """What the work comes to; None when it failed: that stops neither the rest of a round nor the next one."""
        try:
            return await work
        except Exception as error:  # noqa: BLE001 - the runner decides what a failure means
            self._failed(error)
            return None

    def wake_reload(self) -> None:
        """Look at the operator's files now."""
        if self._reload:
            self._reload.wake()

    async def _look(self, reload: Callable[[], Awaitable[bool]]) -> None:
        if await reload():
            self._channels.decide_all()
            for each in (self._poll, self._pages.round, self._alert, self._deliver, self._mind):
                each.wake()

    # polls

    async def _poll_due(self) -> None:
        """A poll that outlives its lease is claimed again, which prolongs the lease, and goes on alone."""
        await self._spread_overdue()
        while (free := self._free) > 0:
            states = await self._claim(self.jobs.clock.now(), free)
            if not states or self._stop.is_set():
                return
            for state in states:
                if state.feed.id not in self._polls:
                    task = asyncio.get_running_loop().create_task(self._watched(state))
                    self._polls[state.feed.id] = task

    @property
    def _free(self) -> int:
        """How many polls may begin."""
        return self.rhythm.polls + self._seats.aside - len(self._polls)

    async def _spread_overdue(self) -> None:
        """After a start or a stop not all that is overdue is asked at once."""
        now, before = self.jobs.clock.now(), self._looked_at
        if before is None or (now - before).total_seconds() > STOPPED:
            each, most = self.jobs.intervals.spread_each, self.jobs.intervals.spread
            await self.jobs.on_store(self.jobs.store.spread_overdue, now, each, most)
        self._looked_at = now

    async def _claim(self, due: datetime, limit: int) -> tuple[FeedState, ...]:
        return await self.jobs.on_store(self.jobs.store.claim_feeds, due, limit, due + LEASE)

    async def _watched(self, state: FeedState) -> None:
        """A poll whose end wakes what can go on."""
        try:
            with self._seats.taken(slow=state.trouble == "timeout"):
                saved = await self._tried(self.jobs.poll(state))
        finally:
            del self._polls[state.feed.id]
            if self._free >= self.rhythm.polls // AT_ONCE:
                self._poll.wake()
        if saved and saved.baseline:
            self._announced = False
        if saved and not saved.baseline:
            self._channels.decide({new.channel for _, dispatches in saved.matches for new in dispatches})
        if saved and saved.pages:
            self._pages.round.wake()

    # alerts

    async def _alert_open(self) -> None:
        await self._announce()
        await self._channels.look()

    async def _announce(self) -> None:
        if not self._announced:
            self._announced = bool(await self._tried(self.jobs.announce()))

    # what no feed calls for

    async def _look_around(self) -> None:
        for work in (self._minder.conditions, self._minder.absences, self._minder.still_watching):
            await self._tried(work())
        self._deliver.wake()
        heartbeat, now = self.jobs.live.heartbeat, asyncio.get_running_loop().time()
        due = self._called_at is None or now >= self._called_at + heartbeat.every
        if heartbeat.url and due and self._is_well(now):
            self._called_at = now
            self._call.wake()

    def _is_well(self, now: float) -> bool:
        """Whether every round that the alerts need went well a moment ago, the one that writes to the store too."""
        most = HEALTHY * max(self.rhythm.beat, self.rhythm.tick)
        rounds = (self._poll, self._alert, self._deliver, self._beat)
        return not self.paused and all(each.good_at is not None and now - each.good_at <= most for each in rounds)

    # once

    async def once(self) -> int:
        """Poll what is due, fetch pages, alert, deliver; how many alerts could not be delivered. Raises StoreError."""
        try:
            return await self._one_round()
        finally:
            self._say_what_is_unsaved()

    async def _one_round(self) -> int:
        due = self.jobs.clock.now()
        await self._room.look()
        if self._room.short:
            self.jobs.log.warning("nothing is polled for want of room", why=self._room.short)
        else:
            await asyncio.gather(*(self._poll_all(due) for _ in range(self.rhythm.polls)))
            await self._pages.once()
        await self._announce()
        await self._tried(self._minder.conditions())
        await self._tried(self._minder.absences())
        await self._channels.decide_once()
        ends = await self._channels.send_once(await self._channels.due())
        if self._fatal is None:
            await self._channels.send_once(self._to_be_told(ends))
        await self._say_what_is_held()
        await self._tried(self._refile_some(REFILED_ONCE))
        await self._tried(self._prune_all())
        if self._fatal is not None:
            raise self._fatal
        return sum(end is not AlertState.SENT for each in ends.values() for end in each)

    def _to_be_told(self, ends: Mapping[ChannelName, Sequence[AlertState]]) -> set[ChannelName]:
        """The channels on which there may be a word of how that went, or a copy."""
        failed = {channel for channel, each in ends.items() if set(each) - {AlertState.SENT}}
        outlets = self.jobs.live.outlets
        fallbacks = {outlets[channel].spec.fallback for channel in failed if channel in outlets}
        return {name for name in (*self.jobs.live.operator, *fallbacks) if name} - failed

    async def _say_what_is_held(self) -> None:
        status = await self.jobs.on_store(self.jobs.store.status, self.jobs.clock.now())
        held = [f"{n:,} {reason.value}" for reason, n in status.reasons.items() if reason.fate is Fate.OPEN and n]
        if held:
            self.jobs.log.info(
                "some matches are held until a later round; `watcher why` says why", held=", ".join(held)
            )

    async def _poll_all(self, due: datetime) -> None:
        """Poll what was due then, one feed after the other; what comes due meanwhile is another round's."""
        while states := await self._claim(due, 1):
            await self._tried(self.jobs.poll(states[0]))

    # the index

    async def _refile_all(self) -> None:
        """Nothing waits for it: searches are complete before it is done, and slower."""
        filed = 0
        while some := await self._refile_some(1):
            filed += some
            await asyncio.sleep(self.rhythm.rest)
        if filed and not self._stop.is_set():
            self.jobs.log.info("filed all items anew: words are compared in a new way", items=filed)

    async def _prune_all(self) -> None:
        for job in (self.jobs.prune, self.jobs.learn):
            while await job():
                if await stopped_within(self._stop, self.rhythm.rest):
                    return

    async def _refile_some(self, batches: int) -> int:
        filed = 0
        for _ in range(batches):
            some = 0 if self._stop.is_set() else await self.jobs.refile()
            if not some:
                break
            filed += some
        return filed

    # signs of life

    async def _beat_now(self) -> None:
        """The sign of life tells whether the store takes anything again, and the disk has room."""
        if not self._pause.due:
            return
        try:
            await self._sign()
            await self._room.look()
            await self._room.tell()
            if self._pause.held and not self._room.full:
                await self._try_all()
            elif self._pause.why and not self._pause.held:
                await self._pause.end()
        except StoreUnavailable as error:
            self._pause.begin(error)

    async def _try_all(self) -> None:
        """First what was sent, which is not to be sent again; then what had been claimed is free."""
        await self._settle_all()
        await self.jobs.on_store(self.jobs.store.release_leases, self.jobs.clock.now())
        self._pause.try_all()
        self._channels.decide_all()
        for each in self._work:
            each.wake()

    async def _settle_all(self) -> None:
        for channel in tuple(self.jobs.unsaved):
            await self.jobs.settle(channel)

    async def _farewell(self) -> None:
        await self._settle_all()
        await self._sign(stopped=True)

    def _say_what_is_unsaved(self) -> None:
        for channel, tried in self.jobs.unsaved.items():
            if tried.delivery.state is AlertState.SENT:
                event = "accepted by its channel, which could not be stored: it is sent again at the next start"
                self.jobs.log.warning(event, channel=channel, alert=tried.alert.key)

    async def _sign(self, *, stopped: bool = False) -> None:
        now: datetime = self.jobs.clock.now()
        beat = Heartbeat(pid=os.getpid(), started_at=self._started, beat_at=now, stopped=stopped)
        await self.jobs.on_store(self.jobs.store.beat, beat)
