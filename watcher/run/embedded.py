"""edge: one process that calls the jobs: APScheduler's ticks as the safety net, wakes for everything in between.

poll -> alert -> deliver wake one another as they commit work. A wake during a round makes one more round.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from watcher.errors import StoreError
from watcher.jobs import LEASE, Jobs
from watcher.model import AlertState, ChannelName, FeedState, Heartbeat

T = TypeVar("T")
REFILED_ONCE = 32
"""Batches of old items filed anew by a round that is called once: about two seconds of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often to look and how much at once; seconds."""

    tick: float = 1.0
    beat: float = 5.0
    rest: float = 0.05  # between two batches of old items filed anew
    reload: float = 0.5  # a look at a hundred files takes a thousandth of a second
    polls: int = 32  # feeds polled at the same time
    grace: float = 3.0  # for sends in flight when asked to stop; with the rest under the 5 s a stop may take
    farewell: float = 0.5  # for the last sign of life: a store that hangs must not hold up the end


class Round:
    """Work that runs once at a time. A wake while it runs makes it run once more."""

    def __init__(self, work: Callable[[], Awaitable[None]], failed: Callable[[BaseException], None]) -> None:
        self._work = work
        self._failed = failed
        self._again = False
        self.task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        self._again = True
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._run())

    async def tick(self) -> None:
        """A wake for a scheduler, which runs plain functions off the event loop."""
        self.wake()

    async def _run(self) -> None:
        while self._again:
            self._again = False
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001  the runner decides what a failure means
                self._failed(error)
                return


class Every(BaseTrigger):  # type: ignore[misc]  # apscheduler is untyped
    """At once, then so many seconds after the last time. APScheduler's own interval lists every time that was missed
    before it coalesces them: a clock put right from 1970 would be 1.8 thousand million of them.
    """

    def __init__(self, seconds: float) -> None:
        self._pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now if previous is None else now + self._pause


class EmbeddedRunner:
    """Implements ports.Runner."""

    def __init__(self, jobs: Jobs, pace: Pace, reload: Callable[[], Awaitable[bool]] | None = None) -> None:
        """`reload` looks at the operator's files and brings the jobs in line with them; whether there was anything."""
        self.jobs = jobs
        self.pace = pace
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._deliveries: dict[ChannelName, Round] = {}
        self._fatal: BaseException | None = None
        self._stop = asyncio.Event()
        self._started = jobs.clock.now()
        self._announced = False
        self._poll = Round(self._poll_due, self._failed)
        self._alert = Round(self._alert_open, self._failed)
        self._deliver = Round(self._deliver_due, self._failed)
        self._beat = Round(self._beat_now, self._failed)
        self._refile = Round(self._refile_all, self._failed)
        self._reload = Round(lambda: self._look(reload), self._failed) if reload else None

    # forever

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set or the store fails (StoreError)."""
        self._stop = stop
        scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None})
        rounds = [(self._poll, self.pace.tick), (self._alert, self.pace.tick), (self._deliver, self.pace.tick)]
        rounds += [(self._beat, self.pace.beat), *([(self._reload, self.pace.reload)] if self._reload else [])]
        for each, seconds in rounds:
            scheduler.add_job(each.tick, Every(seconds))
        scheduler.start()
        self._refile.wake()
        try:
            await self._until_stopped(scheduler)
        finally:
            scheduler.shutdown(wait=False)
            await self._settle()
        if self._fatal is not None:
            raise self._fatal
        with suppress(TimeoutError):
            await asyncio.wait_for(self._beat_now(stopped=True), self.pace.farewell)

    async def _until_stopped(self, scheduler: AsyncIOScheduler) -> None:
        """Look at the clock now and then: where it was put back, all that was planned would wait for the old time."""
        latest = self.jobs.clock.now()
        while not self._stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), self.pace.beat)
            now = self.jobs.clock.now()
            if now < latest:
                for job in scheduler.get_jobs():
                    job.modify(next_run_time=now)
                await self._tried(self.jobs.on_store(self.jobs.store.release_leases, now))
            latest = now

    async def _settle(self) -> None:
        """Drop what is being fetched (it is polled again), give what is being sent its grace."""
        fetching = list(self._polls.values())
        for task in fetching:
            task.cancel()
        ours = [self._poll, self._alert, self._deliver, self._beat, self._refile, self._reload]
        rounds = [*ours, *self._deliveries.values()]
        sending = [r.task for r in rounds if r and r.task and not r.task.done()]
        if fetching or sending:
            _, late = await asyncio.wait([*fetching, *sending], timeout=self.pace.grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _failed(self, error: BaseException) -> None:
        """A store that fails stops the daemon; anything else is said, and the next tick tries again."""
        self.jobs.log.error("job failed", error=f"{type(error).__name__}: {error}", exc_info=error)
        if isinstance(error, StoreError):
            self._fatal = error
            self._stop.set()

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
            self._poll.wake()
            self._deliver.wake()

    # polls

    async def _poll_due(self) -> None:
        """A poll that outlives its lease is claimed again, which prolongs the lease, and goes on alone."""
        while (free := self.pace.polls - len(self._polls)) > 0:
            states = await self._claim(self.jobs.clock.now(), free)
            if not states or self._stop.is_set():
                return
            for state in states:
                if state.feed.id not in self._polls:
                    task = asyncio.get_running_loop().create_task(self._watched(state))
                    self._polls[state.feed.id] = task

    async def _claim(self, due: datetime, limit: int) -> tuple[FeedState, ...]:
        return await self.jobs.on_store(self.jobs.store.claim_feeds, due, limit, due + LEASE)

    async def _watched(self, state: FeedState) -> None:
        """A poll whose end wakes what can go on."""
        try:
            saved = await self._tried(self.jobs.poll(state))
        finally:
            del self._polls[state.feed.id]
        if saved and saved.baseline:
            self._announced = False
        if saved and saved.matches:
            self._alert.wake()
        self._poll.wake()

    # alerts

    async def _alert_open(self) -> None:
        await self._decide_open()
        self._deliver.wake()

    async def _decide_open(self) -> None:
        if not self._announced:
            self._announced = bool(await self._tried(self.jobs.announce()))
        for channel in await self.jobs.on_store(self.jobs.store.channels_with_open):
            while await self._tried(self.jobs.alert(channel)):
                pass

    # delivery

    async def _deliver_due(self) -> None:
        for channel in await self._channels_due():
            self._delivery(channel).wake()

    def _delivery(self, channel: ChannelName) -> Round:
        """Each channel sends on its own: one that hangs holds up nobody else."""
        if channel not in self._deliveries:
            self._deliveries[channel] = Round(lambda: self._drain(channel), self._failed)
        return self._deliveries[channel]

    async def _drain(self, channel: ChannelName) -> None:
        """Send until nothing is due. After a failure the rest waits for the next tick: the service may be down."""
        while not self._stop.is_set():
            delivery = await self.jobs.deliver(channel)
            if delivery is None or delivery.state is not AlertState.SENT:
                return

    # once

    async def once(self) -> int:
        """One round: poll all that is due, alert, deliver; how many alerts could not be delivered."""
        due = self.jobs.clock.now()
        await asyncio.gather(*(self._poll_all(due) for _ in range(self.pace.polls)))
        await self._decide_open()
        ends = await self._send_all(await self._channels_due())
        if AlertState.DEAD in ends:  # of which the operator has a word to get
            await self._send_all(self.jobs.live.operator)
        await self._tried(self._refile_some(REFILED_ONCE))
        if self._fatal is not None:
            raise self._fatal
        return sum(end is not AlertState.SENT for end in ends)

    async def _poll_all(self, due: datetime) -> None:
        """Poll what was due then, one feed after the other; what comes due meanwhile is another round's."""
        while states := await self._claim(due, 1):
            await self._tried(self.jobs.poll(states[0]))

    async def _channels_due(self) -> tuple[ChannelName, ...]:
        return await self.jobs.on_store(self.jobs.store.channels_due, self.jobs.clock.now())

    async def _send_all(self, channels: Sequence[ChannelName]) -> list[AlertState]:
        """Try every alert of the channels that is due now once; how each ended."""
        due = self.jobs.clock.now()
        ends = await asyncio.gather(*(self._send_channel(channel, due) for channel in channels))
        return [end for channel in ends for end in channel]

    async def _send_channel(self, channel: ChannelName, due: datetime) -> list[AlertState]:
        ends: list[AlertState] = []
        while delivery := await self._tried(self.jobs.deliver(channel, due)):
            ends.append(delivery.state)
        return ends

    # the index

    async def _refile_all(self) -> None:
        """Nothing waits for it: searches are complete before it is done, and slower."""
        filed = 0
        while some := await self._refile_some(1):
            filed += some
            await asyncio.sleep(self.pace.rest)
        if filed and not self._stop.is_set():
            self.jobs.log.info("filed all items anew: words are compared in a new way", items=filed)

    async def _refile_some(self, batches: int) -> int:
        filed = 0
        for _ in range(batches):
            some = 0 if self._stop.is_set() else await self.jobs.refile()
            if not some:
                break
            filed += some
        return filed

    # signs of life

    async def _beat_now(self, *, stopped: bool = False) -> None:
        now: datetime = self.jobs.clock.now()
        beat = Heartbeat(pid=os.getpid(), started_at=self._started, beat_at=now, stopped=stopped)
        await self.jobs.on_store(self.jobs.store.beat, beat)
