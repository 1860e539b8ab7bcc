"""edge: one process's channels: each decides and sends on its own, so one with a storm, or that hangs, holds up nobody.

A channel is decided when matches for it were saved, when the files were read again, when a silence was made or ended,
and when the last decision said that time alone would change something; else only now and then, to be safe. What is held
costs nothing meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from watcher.jobs import Jobs, Outlet
from watcher.model import AlertState, ChannelName, Silence
from watcher.run.rounds import Rhythm, Round

BUSY = 0.1
"""Seconds; a channel that takes longer to decide then rests for as long: a storm is not decided match by match."""
TRIES = 2
"""Failures in a row after which a channel's other alerts wait for the next tick: its service may be down."""
AFTER_FAILURE = timedelta(seconds=10)
"""Until a channel is decided again that could not be."""
LOOK = 0.5
"""Seconds; so often what waits for its turn looks whether its channel has changed."""


class Channels:
    """What goes out, channel by channel. `stop` is set when the watcher is to end; nothing goes out while `held`."""

    def __init__(
        self,
        jobs: Jobs,
        rhythm: Rhythm,
        failed: Callable[[BaseException], None],
        held: Callable[[], bool] = lambda: False,
    ) -> None:
        self.stop = asyncio.Event()
        self._jobs = jobs
        self._rhythm = rhythm
        self._failed = failed
        self._held = held
        self._buckets = Buckets(self._outlet)
        self._decisions: dict[ChannelName, Round] = {}
        self._deliveries: dict[ChannelName, Round] = {}
        self._again: dict[ChannelName, datetime] = {}
        self._silences: tuple[Silence, ...] = ()
        self._all_at: float | None = None

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """What is under way."""
        rounds = [*self._decisions.values(), *self._deliveries.values()]
        return [each.task for each in rounds if each.task and not each.task.done()]

    # decisions

    def decide(self, channels: Iterable[ChannelName]) -> None:
        """There is something new to decide on these."""
        for channel in channels:
            self._round(self._decisions, channel, self._decide).wake()

    def decide_all(self) -> None:
        """Whatever is held may be held for no reason any more: at the next look all is decided."""
        self._all_at = None

    async def look(self) -> None:
        """Decide what is due by now."""
        now, elapsed = self._jobs.clock.now(), asyncio.get_running_loop().time()
        silences = await self._jobs.on_store(self._jobs.store.silences, now)
        if self._all_at is None or elapsed >= self._all_at or silences != self._silences:
            self._silences, self._all_at = silences, elapsed + self._rhythm.all
            self.decide(await self._jobs.on_store(self._jobs.store.channels_with_open))
        else:
            self.decide([channel for channel, at in self._again.items() if at <= now])

    async def _decide(self, channel: ChannelName) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        self._again[channel] = self._jobs.clock.now() + AFTER_FAILURE
        again_at = await self._jobs.alert(channel)
        del self._again[channel]
        if again_at is not None:
            self._again[channel] = again_at
        self._send(channel)
        took = loop.time() - begun
        if took > BUSY:
            await stopped_within(self.stop, took)

    async def decide_once(self) -> None:
        """Decide everything, each channel for itself, and wait for it."""
        opened = await self._jobs.on_store(self._jobs.store.channels_with_open)
        await asyncio.gather(*(self._tried(self._jobs.alert(channel)) for channel in opened))

    async def _tried(self, work: Awaitable[object]) -> None:
        """What fails stops no other channel's."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the runner decides what a failure means
            self._failed(error)

    # delivery

    async def deliver_due(self) -> None:
        """Send what is due by now."""
        for channel in await self.due():
            self._send(channel)

    async def due(self) -> tuple[ChannelName, ...]:
        """The channels that have something to send."""
        return await self._jobs.on_store(self._jobs.store.channels_due, self._jobs.clock.now())

    def _send(self, channel: ChannelName) -> None:
        self._round(self._deliveries, channel, self._drain).wake()

    async def _drain(self, channel: ChannelName) -> None:
        """Send until nothing is due, or the service may be down."""
        failures = 0
        while failures < TRIES and not self.stop.is_set() and not self._held():
            delivery = await self._jobs.deliver(channel, turn=self._turn)
            if delivery is None:
                break
            failures = 0 if delivery.state is AlertState.SENT else failures + 1
        await self._jobs.rest(channel)

    async def send_once(self, channels: Iterable[ChannelName]) -> dict[ChannelName, list[AlertState]]:
        """Try every alert of the channels that is due now once; how each ended."""
        due = self._jobs.clock.now()
        ends: dict[ChannelName, list[AlertState]] = {channel: [] for channel in channels}
        await asyncio.gather(*(self._tried(self._send_all(channel, due, ends[channel])) for channel in channels))
        return ends

    async def _send_all(self, channel: ChannelName, due: datetime, ends: list[AlertState]) -> None:
        while delivery := await self._jobs.deliver(channel, due, self._turn):
            ends.append(delivery.state)
        await self._jobs.rest(channel)

    def _outlet(self, channel: ChannelName) -> Outlet | None:
        return self._jobs.live.outlets.get(channel)

    async def _turn(self, channel: ChannelName) -> bool:
        return await self._buckets.take(channel, self.stop) and not self._held()

    def _round(
        self,
        rounds: dict[ChannelName, Round],
        channel: ChannelName,
        work: Callable[[ChannelName], Coroutine[Any, Any, None]],
    ) -> Round:
        if channel not in rounds:
            rounds[channel] = Round(lambda: work(channel), self._failed, self._held)
        return rounds[channel]


class Buckets:
    """What is left of each target's pace, by the loop's clock. All are empty when the process begins."""

    def __init__(self, outlet_of: Callable[[ChannelName], Outlet | None]) -> None:
        """`outlet_of` gives a channel as it is at present; None when there is none of that name any more."""
        self._outlet_of = outlet_of
        self._begun = asyncio.get_running_loop().time()
        self._full_at: dict[str, float] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    async def take(self, channel: ChannelName, stop: asyncio.Event) -> bool:
        """Wait until a message may go to the channel's target; False: it is not to go any more, and none was taken."""
        outlet = self._outlet_of(channel)
        if outlet is None or outlet.pace is None:
            return outlet is not None and not stop.is_set()
        async with self._turns.setdefault(outlet.target, asyncio.Lock()):
            return await self._waited(channel, stop)

    async def _waited(self, channel: ChannelName, stop: asyncio.Event) -> bool:
        """The channel is looked at again meanwhile: a pace that was mended holds nothing up."""
        clock = asyncio.get_running_loop().time
        while (outlet := self._outlet_of(channel)) and outlet.pace:
            full_at = self._full_at.get(outlet.target, outlet.pace.emptied(self._begun))
            at, after = outlet.pace.take(full_at, clock())
            if at <= clock():
                self._full_at[outlet.target] = after
                return not stop.is_set()
            if await stopped_within(stop, min(at - clock(), LOOK)):
                return False
        return outlet is not None


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until `stop` is set; whether it is."""
    if seconds > 0:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
