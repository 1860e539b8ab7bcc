"""When a channel is decided and when it is not, its pace, and what its failures bring about."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, ParamSpec, TypeVar

import pytest

from tests.fakes import CONSOLE, Desk, about, spoken, watched
from tests.lives import QUICK, once, running, twist, until
from tests.stories.house import rss
from watcher.alert import decide
from watcher.errors import SendError, StoreError
from watcher.jobs import decide as deciding
from watcher.model import AlertState, ChannelName, Fate, Hours, Quiet, Reason, Silence
from watcher.ports import Store
from watcher.run.embedded import EmbeddedRunner
from watcher.run.threads import in_thread
from watcher.store import open_store

P = ParamSpec("P")
T = TypeVar("T")
HOUR = 3600.0
NIGHT = Quiet(hours=(Hours(days=tuple(range(7)), start=11 * 60, end=13 * 60, zone="UTC"),))  # around NOON
DENIED = SendError("HTTP 401", denied=True)
STEP = 1 if os.environ.get("WATCHER_SOAK") else 3
"""Calls of the store from one that a watcher is killed at to the next."""


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


def strikes(count: int) -> bytes:
    return rss([(str(n), f"strike {n}") for n in range(count, 0, -1)])


def reasons(store: Store) -> list[Reason]:
    return [dispatch.reason for dispatch in store.waiting(100)]


def paired(desk_rules: Sequence[str] = ("desk",), **desk: Any) -> dict[str, Any]:
    """A desk of two channels: the operator's console, and one that the rule speaks on."""
    return {"rules": [about("strike", notify=desk_rules)], "channels": ("console", spoken("desk", **desk))}


# when it is decided


async def test_what_is_held_costs_nothing_until_something_bears_on_it(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=[spoken("console", quiet=NIGHT)])
    desk.publish("wires", strikes(3))
    decided, ticks = [], []

    def opened(*asked: Any) -> Any:
        decided.append(asked)
        return store.open_dispatches(*asked)

    def silences(*asked: Any) -> tuple[Silence, ...]:
        ticks.append(asked)
        return store.silences(*asked)

    twist(desk, open_dispatches=opened, silences=silences)
    async with running(desk):
        await until(lambda: reasons(store) == [Reason.QUIET_HOURS] * 3)
        before, begun = len(decided), len(ticks)
        await until(lambda: len(ticks) > begun + 20)
        assert len(decided) == before
    assert desk[CONSOLE].titles == []


async def test_what_is_held_is_told_when_its_time_has_come(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=[spoken("console", quiet=NIGHT)])
    desk.publish("wires", strikes(1))
    async with running(desk):
        await until(lambda: reasons(store) == [Reason.QUIET_HOURS])
        desk.clock.advance(HOUR)
        await until(lambda: desk[CONSOLE].titles == ["strike 1"])


async def test_a_silence_that_another_process_makes_or_ends_is_heard_of(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    silence = desk.silence("strike", 5 * HOUR)
    desk.publish("wires", strikes(1))
    async with running(desk):
        await until(lambda: reasons(store) == [Reason.SILENCED])
        desk.clock.advance(60)
        store.end_silence(silence.id, desk.clock.now())
        await until(lambda: desk[CONSOLE].titles)
    assert store.status(desk.clock.now()).dispatches[Fate.SILENCED] == 1


async def test_a_reload_decides_anew_what_is_held(store: Store) -> None:
    desk = Desk(store, watched("wires"), rules=[about("strike", digest=True)])
    desk.publish("wires", strikes(1))
    mended = asyncio.Event()

    async def look() -> bool:
        if not mended.is_set():
            return False
        mended.clear()
        desk.rule(about("strike"))
        return True

    stop = asyncio.Event()
    daemon = asyncio.create_task(EmbeddedRunner(desk.jobs, replace(QUICK, reload=0.01), look).run(stop))
    await until(lambda: reasons(store) == [Reason.FOR_DIGEST])
    mended.set()
    await until(lambda: desk[CONSOLE].titles == ["strike 1"])
    stop.set()
    await asyncio.wait_for(daemon, 60)


async def test_a_channel_that_could_not_be_decided_is_decided_again(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    failing = True

    def past(*asked: Any) -> Any:
        if failing:
            raise ValueError("a row that does not fit")
        return store.past(*asked)

    twist(desk, past=past)
    async with running(desk):
        await until(lambda: "job failed" in desk.log.events)
        failing = False
        desk.clock.advance(10)
        await until(lambda: desk[CONSOLE].titles == ["strike 1"])


async def test_many_matches_are_decided_aside_and_delay_no_other_channel(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "ASIDE", 3)
    aside, release = [], asyncio.Event()

    async def on_thread(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        if call is decide:
            aside.append(args)
            await release.wait()
        return call(*args, **kwargs)

    rules = [about("strike", notify=["a-storm"]), about("calm", notify=["b-calm"])]
    desk = Desk(store, watched("wires"), rules=rules, channels=("a-storm", "b-calm"), on_thread=on_thread)
    desk.publish("wires", rss([("0", "calm 0"), *((str(n), f"strike {n}") for n in range(1, 9))]))
    async with running(desk):
        await until(lambda: aside and desk["b-calm"].titles == ["calm 0"])
        assert desk["a-storm"].titles == []
        release.set()
        await until(lambda: len(desk["a-storm"].titles) == 8)


async def test_a_round_called_once_leaves_held_what_is_held_and_says_so(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=[spoken("console", quiet=NIGHT)])
    desk.publish("wires", strikes(2))
    assert await once(desk) == 0
    assert desk[CONSOLE].titles == []
    assert {"held": "2 quiet-hours"} in desk.log.abouts
    desk.clock.advance(2 * HOUR)
    await once(desk)
    assert len(desk[CONSOLE].titles) == 1
    assert reasons(store) == []


# pace


async def test_pace_is_kept_by_channels_of_one_target_and_over_restarts(store: Store) -> None:
    every, begun = 0.05, time.monotonic()
    shared = [replace(spoken(name, pace=every), url="fake://one") for name in ("desk", "phone")]
    desk = Desk(store, watched("wires"), channels=shared)
    for life in range(3):
        desk.publish("wires", strikes(3 * (life + 1)))
        await once(desk)
        desk.clock.advance(HOUR)
    assert sum(len(sender.titles) for sender in desk.senders.values()) == 18
    assert time.monotonic() - begun > 18 * every


async def test_a_channel_without_a_pace_waits_for_none_that_has_one(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=("console", spoken("slow", pace=60.0)))
    desk.publish("wires", strikes(5))
    async with running(desk):
        await until(lambda: len(desk[CONSOLE].titles) == 5)
        assert desk["slow"].tries == 0


async def test_what_waits_for_its_turn_goes_by_a_pace_that_was_mended_meanwhile(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=[spoken("console", pace=HOUR)])
    desk.publish("wires", strikes(2))
    async with running(desk):
        await until(lambda: store.status(desk.clock.now()).outbox[AlertState.PENDING] == 2)
        await asyncio.sleep(0)
        desk.channel(spoken("console", pace=0.01))
        await until(lambda: len(desk[CONSOLE].titles) == 2)


async def test_what_waits_for_its_turn_is_not_sent_when_its_channel_is_gone(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=("console", "desk"))
    desk.publish("wires", strikes(1))
    await desk.jobs.poll(store.claim_feeds(desk.clock.now(), 1, desk.clock.now())[0])
    await desk.jobs.alert(ChannelName("desk"))
    gone = desk["desk"]

    async def turn(_: ChannelName) -> bool:
        desk.channel("console")
        return True

    assert await desk.jobs.deliver(ChannelName("desk"), turn=turn) is None
    assert gone.tries == 0
    assert store.status(desk.clock.now()).outbox[AlertState.DEAD] == 1


# what a service answers


async def test_a_sender_that_failed_lets_go_of_its_connection_until_the_next_try(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(2))
    desk[CONSOLE].failing = SendError("SMTP 451 try again later")
    async with running(desk):
        await until(lambda: desk[CONSOLE].tries == 2)
        await until(lambda: desk[CONSOLE].rests)


async def test_only_those_who_are_owed_a_message_get_the_next_try(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    heard: list[tuple[str, ...]] = []

    def partly(message: Any) -> SendError | None:
        heard.append(message.to)
        return SendError("SMTP 452 mailbox full", owed=["b@example.org"]) if len(heard) < 3 else None

    desk[CONSOLE].refuse = partly
    for _ in range(3):
        await once(desk)
        desk.clock.advance(HOUR)
    assert heard == [(), ("b@example.org",), ("b@example.org",)]
    (sent,) = store.alerts(None, AlertState.SENT, 9)
    assert store.deliveries(sent.key)[0].detail == "SMTP 452 mailbox full (not had by b@example.org)"


async def test_a_try_that_reaches_nobody_changes_nothing_about_who_is_owed(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(1))
    many = [f"{n}@example.org" for n in range(7)]
    for error in (SendError("0@example.org is full", owed=many), SendError("no route"), None):
        desk[CONSOLE].failing = error
        await once(desk)
        desk.clock.advance(HOUR)
    (sent,) = store.alerts(None, AlertState.SENT, 9)
    assert desk[CONSOLE].accepted[0].to == tuple(many)
    assert [each.detail for each in store.deliveries(sent.key)][:2] == [
        f"0@example.org is full (not had by {', '.join(many[1:6])} and 1 more)",
        "no route",
    ]


async def test_more_of_a_group_hangs_on_what_the_service_called_the_first(store: Store) -> None:
    desk = Desk(store, watched("wires"), rules=[about("strike", group="rule")])
    for count in (1, 2):
        desk.publish("wires", strikes(count))
        await once(desk)
        desk.clock.advance(HOUR)
    first, second = desk[CONSOLE].accepted
    assert first.root is None
    assert second.root
    assert (second.root.key, second.root.reference) == (first.key, "message 1")


async def test_a_service_that_wants_to_be_left_alone_is_and_no_other(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=("busy", "free"))
    desk.publish("wires", strikes(4))
    desk["busy"].failing = SendError("HTTP 429", retry_after=600)
    await once(desk)
    desk.clock.advance(599)
    desk["busy"].failing = None
    await once(desk)
    assert (desk["busy"].tries, len(desk["free"].titles)) == (1, 4)
    desk.clock.advance(1)
    await once(desk)
    assert len(desk["busy"].titles) == 4


async def test_a_channel_that_is_refused_is_tried_again_and_told_of_once_a_spell(store: Store) -> None:
    desk = Desk(store, watched("wires"), **paired())
    desk.publish("wires", strikes(2))
    desk["desk"].failing = DENIED
    for tries in (1, 2, 3):  # each in a process of its own
        await once(desk)
        assert desk["desk"].tries == tries, "a service that refuses us is asked once a minute"
        desk.clock.advance(60)
    refused = "The channel desk refuses the watcher: its address or credentials want mending"
    assert desk[CONSOLE].titles == [refused]
    assert store.status(desk.clock.now()).outbox[AlertState.PENDING] == 2
    desk["desk"].failing = None
    desk.clock.advance(HOUR)
    await once(desk)
    await once(desk)
    assert desk[CONSOLE].titles == [refused, "The channel desk works again"]
    desk.publish("wires", strikes(3))
    desk["desk"].failing = DENIED
    desk.clock.advance(HOUR)
    await once(desk)
    assert desk[CONSOLE].titles == [refused, "The channel desk works again", refused]


async def test_a_channel_that_fails_for_an_hour_is_told_of_once_and_when_it_works_again(store: Store) -> None:
    desk = Desk(store, watched("wires"), **paired())
    desk.publish("wires", strikes(1))
    desk["desk"].failing = SendError("HTTP 503")
    for _ in range(9):
        await once(desk)
        desk.clock.advance(30 * 60)
    desk["desk"].failing = None
    desk.clock.advance(3 * HOUR)
    await once(desk)
    await once(desk)
    assert desk[CONSOLE].titles == [
        "The channel desk has accepted nothing for an hour or more",
        "The channel desk works again",
    ]


async def test_a_service_that_works_again_has_all_that_waited_for_another_try(store: Store) -> None:
    """Each waits for a time of its own, the newest for hours: nobody is to wait for them when one went through."""
    desk = Desk(store, watched("wires"), **paired())
    desk["desk"].failing = SendError("HTTP 503")
    for number in range(6):
        desk.publish("wires", strikes(number + 1))
        await once(desk)
        desk.clock.advance(2 * HOUR)
    desk["desk"].failing = None
    while not desk["desk"].titles:
        desk.clock.advance(60)
        await once(desk)
    await once(desk)
    assert store.status(desk.clock.now()).outbox[AlertState.PENDING] == 0
    assert len(desk["desk"].titles) == 6


async def test_a_short_failure_is_told_to_nobody(store: Store) -> None:
    desk = Desk(store, watched("wires"), **paired())
    desk.publish("wires", strikes(1))
    desk["desk"].failing = SendError("HTTP 503")
    await once(desk)
    desk["desk"].failing = None
    desk.clock.advance(60)
    await once(desk)
    assert (desk["desk"].titles, desk[CONSOLE].titles) == (["strike 1"], [])


async def test_what_cannot_be_delivered_goes_to_the_fallback_and_no_further(store: Store) -> None:
    channels = (
        "console",
        spoken("desk", fallback=ChannelName("phone")),
        spoken("phone", fallback=ChannelName("desk")),
    )
    desk = Desk(store, watched("wires"), rules=[about("strike", notify=["desk"])], channels=channels)
    desk["desk"].failing = SendError("HTTP 410", permanent=True)
    desk.publish("wires", strikes(1))
    assert await once(desk) == 1
    assert desk["phone"].titles == ["strike 1"]
    assert desk[CONSOLE].titles == ["An alert could not be delivered on desk"]
    (copy,) = [alert for alert in store.alerts(None, None, 9) if alert.copy_of]
    assert (copy.channel, copy.failed_on, copy.told) == ("phone", "desk", 1)
    desk["phone"].failing = desk["desk"].failing
    desk.clock.advance(HOUR)
    desk.publish("wires", strikes(2))
    await once(desk)
    await once(desk)
    states = sorted((alert.channel, alert.state.value) for alert in store.alerts(None, None, 9))
    assert states == [("console", "sent")] * 3 + [("desk", "dead")] * 2 + [("phone", "dead"), ("phone", "sent")]


@pytest.mark.parametrize(("error", "after"), [(SendError("HTTP 401", denied=True), 0), (SendError("no route"), HOUR)])
async def test_a_fallback_is_told_in_time_what_waits_for_a_channel_that_fails_for_long(
    store: Store, error: SendError, after: float
) -> None:
    channels = ("console", spoken("desk", fallback=ChannelName("phone")), "phone")
    desk = Desk(store, watched("wires"), rules=[about("strike", notify=["desk"])], channels=channels)
    desk["desk"].failing = error
    desk.publish("wires", strikes(3))
    await once(desk)
    desk.clock.advance(after)
    for _ in range(2):
        await once(desk)
        desk.clock.advance(120)
    assert desk["phone"].titles == ["strike 3", "strike 2", "strike 1"], "as they stood in the feed"
    assert "tried again, and are told on phone meanwhile; try it yourself" in desk[CONSOLE].accepted[-1].body
    desk["desk"].failing = None
    for _ in range(3):
        desk.clock.advance(HOUR)
        await once(desk)
    assert sorted(desk["desk"].titles) == ["strike 1", "strike 2", "strike 3"], "still told where it was meant for"
    assert len(desk["phone"].titles) == 3


async def test_a_recipient_refused_for_good_is_told_once_a_day(store: Store) -> None:
    desk = Desk(store, watched("wires"), **paired())
    desk["desk"].refuses = ("ann@a.example",)
    desk.publish("wires", strikes(3))
    await once(desk)
    assert len(desk["desk"].titles) == 3
    assert desk[CONSOLE].titles == ["ann@a.example is refused for good on desk"]
    desk.clock.advance(24 * HOUR)
    desk.publish("wires", strikes(4))
    await once(desk)
    assert len(desk[CONSOLE].titles) == 2


async def test_a_sender_may_rest_when_nothing_is_due(store: Store) -> None:
    desk = Desk(store, watched("wires"))
    desk.publish("wires", strikes(3))
    async with running(desk):
        await until(lambda: desk[CONSOLE].rests)
        assert len(desk[CONSOLE].titles) == 3


async def test_one_refusal_does_not_hold_up_what_else_waits(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=("console", "desk"))
    odd = SendError("too long")
    desk["desk"].refuse = lambda message: odd if message.title in {"strike 2", "strike 5"} else None
    desk.publish("wires", strikes(6))
    async with running(desk, replace(QUICK, tick=HOUR)):
        await until(lambda: len(desk["desk"].titles) == 4)


async def test_a_send_that_hangs_at_the_end_is_given_its_grace_and_no_turn_is_taken_any_more(store: Store) -> None:
    desk = Desk(store, watched("wires"), channels=[spoken("console", pace=0.3)], on_thread=in_thread)
    desk.publish("wires", strikes(3))
    async with running(desk, replace(QUICK, grace=5)):
        await until(lambda: desk[CONSOLE].tries == 1)
    assert desk[CONSOLE].tries == 1
    assert store.status(desk.clock.now()).outbox[AlertState.PENDING] == 2


# between any two calls of the store


class Killed:
    """A store that dies before its Nth call, or right after it."""

    def __init__(self, store: Store, calls: int, *, before: bool) -> None:
        self._store = store
        self._left = calls
        self._before = before

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left < 0 or (self._left == 0 and self._before):
                raise StoreError("killed")
            done = method(*args, **kwargs)
            if self._left == 0:
                raise StoreError("killed")
            return done

        return call


async def life(desk: Desk) -> bool:
    """A round; whether it came to its end."""
    try:
        await once(desk)
    except StoreError:
        return False
    return True


@pytest.mark.parametrize("before", [True, False])
async def test_killed_between_any_two_calls_of_the_store_nothing_is_lost_and_one_send_a_channel_repeats(
    *, before: bool
) -> None:
    whole, calls = False, 1
    while not whole:
        store = open_store("sqlite:///:memory:")
        try:
            whole = await _killed_after(store, calls, before=before)
        finally:
            store.close()
        calls += STEP
    assert calls > 30


async def _killed_after(store: Store, calls: int, *, before: bool) -> bool:
    channels = ("console", spoken("desk", fallback=ChannelName("phone")), "phone")
    rules = [about("strike", notify=["desk"], group="rule"), about("calm", notify=["console"])]
    desk = Desk(store, watched("wires"), rules=rules, channels=channels)
    gone = SendError("HTTP 410", permanent=True)
    desk["desk"].refuse = lambda message: gone if "strike 2" in message.title else None
    desk.jobs.store = Killed(store, calls, before=before)
    whole = True
    for count in (1, 2, 3):
        desk.publish("wires", rss([("c", "calm"), *((str(n), f"strike {n}") for n in range(count, 0, -1))]))
        whole = whole and await life(desk)
        desk.clock.advance(HOUR)
    desk.jobs.store = store
    desk.want(watched("wires"))
    await once(desk)
    await once(desk)
    said = {name: [message.key for message in sender.accepted] for name, sender in desk.senders.items()}
    assert all(f"strike {n}" in str(desk["desk"].titles + desk["phone"].titles) for n in (1, 2, 3)), calls
    assert "calm" in desk[CONSOLE].titles
    assert all(len(keys) - len(set(keys)) <= 1 for keys in said.values()), calls
    status = store.status(desk.clock.now())
    assert (status.dispatches[Fate.OPEN], status.outbox[AlertState.PENDING]) == (0, 0), calls
    assert store.audit().flaws == ()
    return whole
