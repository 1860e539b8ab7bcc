"""What machines do to a daemon: disks without room, stores that take nothing for a while, clocks that jump."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fakes import CONSOLE, NOON, Desk, about, spoken, watched
from tests.lives import QUICK, no_descriptors, once, twist, until
from tests.stories.house import rss
from watcher.errors import ParseError, SendError, StoreError, StoreUnavailable
from watcher.model import AlertState, ChannelName, FetchRequest, Keep, Response, Sizes
from watcher.ports import Store
from watcher.run.embedded import EmbeddedRunner, Rhythm
from watcher.run.health import LATE, health
from watcher.run.pause import shortage
from watcher.run.threads import OneThread, in_thread
from watcher.run.worker import ProcessParser
from watcher.store import open_store

MIB = 2**20
HOUR = 3600.0
YEAR = 365 * 24 * HOUR
STANDS_STILL = "the database takes nothing: polling, deciding and sending wait, and go on by themselves"
GOES_ON = "the database takes everything again"
AGAIN = "accepted by its channel, which could not be stored: it is sent again at the next start"
TOLD = "The watcher stood still: its database took nothing"
SHORT, ROOM = "The disk is short of room: nothing is polled", "The disk has room again"
WRITES = frozenset(
    (
        "beat",
        "claim_alert",
        "claim_feeds",
        "prune",
        "refile",
        "release_leases",
        "save_alerts",
        "save_delivery",
        "save_episodes",
        "save_matches",
        "save_poll",
        "stand",
        "sync_channels",
        "sync_feeds",
        "sync_rules",
    )
)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


class Full:
    """A store that takes nothing while it is `full`, but for what still `fits`."""

    def __init__(self, desk: Desk, *fits: str) -> None:
        self.full = False
        self.fits = fits
        self._store = desk.store
        desk.jobs.store = self

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            if self.full and name in WRITES and name not in self.fits:
                raise StoreUnavailable("database watcher.db cannot grow: the disk is full; make room")
            return method(*args, **kwargs)

        return call


@asynccontextmanager
async def running(desk: Desk, rhythm: Rhythm = QUICK) -> AsyncIterator[EmbeddedRunner]:
    stop, runner = asyncio.Event(), EmbeddedRunner(desk.jobs, rhythm)
    life = asyncio.create_task(runner.run(stop))
    try:
        yield runner
    finally:
        stop.set()
        await asyncio.wait_for(life, 60)


def strikes(count: int) -> bytes:
    return rss([(str(n), f"strike {n}") for n in range(count, 0, -1)])


def sent(desk: Desk) -> list[str]:
    """The titles of items that were told, each as often as it was."""
    own = {TOLD, SHORT, ROOM}
    said = [titles for titles in desk[CONSOLE].titles if titles not in own and not titles.startswith("Feed ")]
    return sorted(title for titles in said for title in titles.split("; "))


# a store that takes nothing for a while


async def test_a_full_disk_stops_everything_and_nothing_is_lost(store: Store) -> None:
    desk = Desk(store, watched("wires"), watched("post"))
    desk.publish("wires", strikes(2))
    desk.publish("post", strikes(0))
    disk = Full(desk)
    async with running(desk) as runner:
        await until(lambda: sent(desk) == ["strike 1", "strike 2"])
        disk.full = True
        await until(lambda: runner.paused)
        assert "the disk is full; make room" in runner.paused
        desk.publish("post", rss([("9", "strike 9")]))
        desk.clock.advance(HOUR)
        asked = len(desk.fetcher.asked)
        await asyncio.sleep(0.1)
        assert len(desk.fetcher.asked) == asked, "nothing is polled that could not be saved"
        assert health(runner.last_good(), runner.paused, ()).alive
        disk.full = False
        await until(lambda: TOLD in desk[CONSOLE].titles)
        await until(lambda: sent(desk) == ["strike 1", "strike 2", "strike 9"])
        await until(lambda: not runner.paused)
    assert desk.log.events.count(STANDS_STILL) == 1
    assert desk.log.events.count(GOES_ON) == 1
    assert desk[CONSOLE].titles.count(TOLD) == 1
    assert "job failed" not in desk.log.events


async def test_a_poll_that_could_not_be_saved_is_made_again_when_it_can_however_long_its_lease_is(
    store: Store,
) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    disk, fetch = Full(desk), desk.fetcher.fetch

    async def fetched_as_it_fills(request: FetchRequest) -> Response:
        disk.full = not desk.fetcher.asked
        return await fetch(request)

    desk.jobs.fetcher = SimpleNamespace(fetch=fetched_as_it_fills)
    async with running(desk):
        await until(lambda: STANDS_STILL in desk.log.events)
        assert len(desk.fetcher.asked) == 1
        disk.full = False
        await until(lambda: sent(desk) == ["strike 1"])
    assert desk.clock.now() == NOON


@pytest.mark.parametrize("answer", [None, SendError("HTTP 503"), SendError("HTTP 400", permanent=True)])
async def test_what_was_sent_as_the_disk_became_full_is_noted_later_and_not_sent_again(
    store: Store, answer: Exception | None
) -> None:
    desk = Desk(store, watched("wires"), rules=[about("strike", notify=["desk"])], channels=("console", spoken("desk")))
    desk.publish("wires", strikes(1))
    disk = Full(desk, "beat")

    def fill() -> None:
        disk.full = True

    desk["desk"].before, desk["desk"].failing = fill, answer
    async with running(desk) as runner:
        await until(lambda: runner.paused)
        await asyncio.sleep(0.05)
        assert desk["desk"].tries == 1
        desk["desk"].before = lambda: None
        disk.full = False
        await until(lambda: store.alerts(None, None, 9)[0].attempts == 1 or TOLD in desk[CONSOLE].titles)
        await until(lambda: not runner.paused)
        assert desk["desk"].tries == 1
    of_it = next(alert for alert in store.alerts(None, None, 9) if alert.channel == "desk")
    wanted = {"None": AlertState.SENT, "HTTP 503": AlertState.PENDING, "HTTP 400": AlertState.DEAD}
    assert of_it.state is wanted[str(answer)]
    assert len(store.deliveries(of_it.key)) == 1


async def test_what_waits_for_its_turn_as_the_disk_becomes_full_is_not_sent(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=[spoken("console", pace=0.5, cap=1000)])
    desk.publish("wires", strikes(3))
    disk = Full(desk)
    async with running(desk) as runner:
        await until(lambda: len(sent(desk)) == 1)
        disk.full = True
        await until(lambda: runner.paused)
        await asyncio.sleep(0.7)
        assert desk[CONSOLE].tries == 1
        disk.full = False
        await until(lambda: len(sent(desk)) == 3)
    assert sent(desk) == ["strike 1", "strike 2", "strike 3"]


async def test_room_for_a_sign_of_life_alone_is_one_pause_and_no_storm_of_polls(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    disk = Full(desk, *(WRITES - {"save_poll"}))
    disk.full = True
    async with running(desk) as runner:
        await until(lambda: len(desk.fetcher.asked) > 4)
        await asyncio.sleep(0.2)
        assert len(desk.fetcher.asked) < 9, "it waits twice as long each time"
        assert runner.paused
        disk.full = False
        await until(lambda: sent(desk) == ["strike 1"])
        await until(lambda: TOLD in desk[CONSOLE].titles)
    assert desk.log.events.count(STANDS_STILL) == 1
    assert desk[CONSOLE].titles.count(TOLD) == 1


async def test_a_daemon_that_waits_for_its_store_ends_when_it_is_told_to(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    disk = Full(desk, "beat", "claim_feeds", "save_poll", "save_alerts", "claim_alert")
    desk[CONSOLE].before = lambda: setattr(disk, "full", True)
    async with running(desk) as runner:
        await until(lambda: runner.paused)
    assert AGAIN in desk.log.events


@pytest.mark.parametrize("way", [once, lambda desk: EmbeddedRunner(desk.jobs, QUICK).run(asyncio.Event())])
async def test_what_was_accepted_as_the_store_failed_for_good_is_said_at_the_end(
    store: Store, way: Callable[[Desk], Awaitable[object]]
) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))

    def torn(*_: object) -> None:
        raise StoreError("database watcher.db cannot be read or written: the disk reports an error")

    desk[CONSOLE].before = lambda: twist(desk, failing_since=torn, status=torn)
    with pytest.raises(StoreError):
        await asyncio.wait_for(way(desk), 60)
    assert AGAIN in desk.log.events


async def test_what_was_sent_is_noted_however_the_end_cuts_in(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    thread, slow, save = OneThread("store"), threading.Event(), threading.Event()

    def failing_since(channel: ChannelName) -> datetime | None:
        slow.set()
        save.wait(60)
        return store.failing_since(channel)

    desk.jobs.on_store = thread
    twist(desk, failing_since=failing_since)
    async with running(desk, replace(QUICK, farewell=5)):
        await until(slow.is_set)
        asyncio.get_running_loop().call_later(0.2, save.set)
    thread.close(1)
    (alert,) = store.alerts(None, AlertState.SENT, 9)
    assert alert.attempts == 1


async def test_one_round_does_not_wait_for_a_full_disk(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    Full(desk).full = True
    with pytest.raises(StoreUnavailable):
        await once(desk)


async def test_a_store_that_fails_for_good_ends_the_daemon_with_one_line(store: Store) -> None:
    desk = Desk(store, watched("wires"), watched("post"))
    desk.publish("wires", strikes(1))

    def gone(*_: object) -> None:
        raise StoreError("database watcher.db is not in its place any more")

    twist(desk, beat=gone, save_poll=gone)
    with pytest.raises(StoreError, match="is not in its place any more"):
        await asyncio.wait_for(EmbeddedRunner(desk.jobs, QUICK).run(asyncio.Event()), 60)
    assert desk.log.events == [], "the error that ends it is the line"


async def test_files_that_changed_while_the_store_took_nothing_are_taken_over_then(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    disk, looks = Full(desk), []

    async def look() -> bool:
        looks.append(disk.full)
        return False

    stop, runner = asyncio.Event(), EmbeddedRunner(desk.jobs, replace(QUICK, reload=0.01), look)
    life = asyncio.create_task(runner.run(stop))
    await until(lambda: looks)
    disk.full = True
    await until(lambda: runner.paused)
    before = len(looks)
    await asyncio.sleep(0.05)
    assert len(looks) <= before + 1
    disk.full = False
    await until(lambda: len(looks) > before + 1)
    stop.set()
    await asyncio.wait_for(life, 60)


async def test_a_store_that_hangs_while_it_is_left_alone_is_told_from_one_that_refuses(store: Store) -> None:
    hangs, hung = threading.Event(), threading.Event()
    thread = OneThread("store")
    desk = Desk(store, watched("wires"), on_store=thread)

    def beat(*_: object) -> None:
        if hangs.is_set():
            hung.wait(60)
        raise StoreUnavailable("database watcher.db is locked")

    twist(desk, beat=beat)
    async with running(desk) as runner:
        await until(lambda: runner.paused)
        await until(lambda: runner.last_good()["beat"] < 0.2)
        hangs.set()
        await until(lambda: runner.last_good()["beat"] > 0.5 > runner.last_good()["poll"])
        late = {name: seconds + LATE for name, seconds in runner.last_good().items()}
        assert not health(late, runner.paused, ()).alive
        hung.set()
    thread.close(1)


# a disk that is short of room


@pytest.mark.parametrize(
    ("disk", "capacity", "least", "already", "short"),
    [
        (None, None, 64 * MIB, False, False),
        (63 * MIB, 1000 * MIB, 64 * MIB, False, True),
        (64 * MIB, 1000 * MIB, 64 * MIB, False, False),
        (64 * MIB, 1000 * MIB, 64 * MIB, True, True),
        (80 * MIB, 1000 * MIB, 64 * MIB, True, False),
        (0, 1000 * MIB, 0, False, False),
        (5 * MIB, 20 * MIB, 64 * MIB, False, False),
        (4 * MIB, 20 * MIB, 64 * MIB, False, True),
        (63 * MIB, None, 64 * MIB, False, True),
    ],
)
def test_room_is_judged_by_what_is_wanted_and_what_a_small_disk_can_have(
    disk: int | None,
    capacity: int | None,
    least: int,
    already: bool,  # noqa: FBT001
    short: bool,  # noqa: FBT001
) -> None:
    sizes = Sizes(database=0, log=0, free=0, disk=disk, capacity=capacity)
    assert bool(shortage(sizes, least, already=already)) == short


class Disk:
    """What `Store.sizes` says of it."""

    def __init__(self, desk: Desk) -> None:
        self.left = 1000 * MIB
        desk.jobs.keep = Keep(min_free=64 * MIB)
        twist(desk, sizes=self.sizes)

    def sizes(self) -> Sizes:
        return Sizes(database=0, log=0, free=0, disk=self.left, capacity=10_000 * MIB)


async def test_a_disk_short_of_room_stops_the_polls_and_nothing_else_and_is_told_once(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    desk[CONSOLE].failing = SendError("HTTP 503")
    disk = Disk(desk)
    async with running(desk) as runner:
        await until(lambda: desk[CONSOLE].tries)
        disk.left = 60 * MIB
        await until(lambda: "60 MiB left, less than the 64 MiB" in runner.paused)
        asked = len(desk.fetcher.asked)
        desk[CONSOLE].failing = None
        desk.publish("wires", strikes(2))
        desk.clock.advance(HOUR)
        await until(lambda: sent(desk) == ["strike 1"])
        await until(lambda: SHORT in desk[CONSOLE].titles)
        for left in (70, 60, 79):
            disk.left = left * MIB
            await asyncio.sleep(0.05)
        assert len(desk.fetcher.asked) == asked
        assert health(runner.last_good(), runner.paused, ()).alive
        disk.left = 80 * MIB
        await until(lambda: sent(desk) == ["strike 1", "strike 2"])
        await until(lambda: ROOM in desk[CONSOLE].titles)
        assert not runner.paused
    assert (desk[CONSOLE].titles.count(SHORT), desk[CONSOLE].titles.count(ROOM)) == (1, 1)


async def test_one_round_on_a_disk_short_of_room_sends_and_does_not_poll(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    desk[CONSOLE].failing = SendError("HTTP 503")
    await once(desk)
    desk[CONSOLE].failing = None
    Disk(desk).left = MIB
    desk.clock.advance(HOUR)
    asked = len(desk.fetcher.asked)
    assert await once(desk) == 0
    assert (len(desk.fetcher.asked), desk[CONSOLE].titles) == (asked, ["strike 1"])


# clocks


EPOCH = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "jumps",
    [(-HOUR, HOUR), (HOUR, -HOUR), (-30 * YEAR, 30 * YEAR), (5 * YEAR, -5 * YEAR), (EPOCH, NOON), (8 * HOUR,)],
)
async def test_nothing_waits_for_a_clock_that_jumps_and_nothing_is_told_twice(
    store: Store, jumps: tuple[float | datetime, ...]
) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    async with running(desk) as runner:
        await until(lambda: sent(desk) == ["strike 1"])
        for number, jump in enumerate(jumps, 2):
            desk.clock.present = jump if isinstance(jump, datetime) else desk.clock.now() + timedelta(seconds=jump)
            desk.publish("wires", strikes(number))
            desk[CONSOLE].refuse, tries = once_each(), desk[CONSOLE].tries
            await until(lambda: desk[CONSOLE].tries > tries)  # noqa: B023
            desk.clock.advance(HOUR)
            await until(lambda: len(sent(desk)) == number)  # noqa: B023
            await until(lambda: store.feeds()[0].polled_at == desk.clock.now())
        asked = len(desk.fetcher.asked)
        await asyncio.sleep(0.1)
        assert len(desk.fetcher.asked) <= asked + 1, "no busy loop"
        assert max(runner.last_good().values()) < LATE
    assert sent(desk) == [f"strike {n}" for n in range(1, len(jumps) + 2)]
    assert "job failed" not in desk.log.events


def once_each() -> Callable[[Any], Exception | None]:
    """Refuse the next message, and none after it."""
    left = [SendError("HTTP 503")]
    return lambda _: left.pop() if left else None


async def test_a_send_under_way_as_the_clock_jumps_is_not_made_twice(store: Store) -> None:
    desk = Desk(store, watched("wires"), on_thread=in_thread, on_store=OneThread("store"))
    desk.publish("wires", strikes(1))
    gate, sending = threading.Event(), threading.Event()

    def slow() -> None:
        sending.set()
        gate.wait(60)

    desk[CONSOLE].before = slow
    async with running(desk):
        await until(sending.is_set)
        for jump in (YEAR, -2 * YEAR, YEAR):
            desk.clock.advance(jump)
            await asyncio.sleep(0.05)
        gate.set()
        await until(lambda: sent(desk) == ["strike 1"])
        await asyncio.sleep(0.05)
    assert sent(desk) == ["strike 1"]


# no descriptor, no process


async def test_a_parser_that_cannot_be_started_is_this_feeds_failure_and_the_next_call_works() -> None:
    parser = ProcessParser()
    response = Response(url="https://a.example/feed", body=strikes(1))
    with no_descriptors(), pytest.raises(ParseError, match=r"could not be started \(too many open files\)") as caught:
        await parser.parse(response, frozenset())
    assert caught.value.kind == "worker-died"
    parsed = await parser.parse(response, frozenset())
    assert len(parsed.entries) == 1
    await parser.aclose()
