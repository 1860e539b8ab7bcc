"""No item is lost, and nobody waits, because of what its story costs or how it fails."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import cast

import pytest

from tests.fakes import CONSOLE, Desk, about, watched
from tests.lives import once, twist
from tests.paper import WORDS, document
from watcher.jobs.ground import LONG
from watcher.ports import Store
from watcher.rules.compile import CompiledRule
from watcher.rules.ruleset import Ruleset
from watcher.run.threads import in_thread
from watcher.store import open_store
from watcher.text.document import Document
from watcher.text.once import cached_property


@pytest.fixture
def store() -> Iterator[Store]:
    store = open_store("sqlite:///:memory:")
    yield store
    store.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, watched("paper"), rules=(about("quake"),))


async def test_items_whose_stories_cannot_be_looked_for_are_told_by_themselves(desk: Desk) -> None:
    def akin(*_: object) -> None:
        raise OverflowError

    twist(desk, akin=akin)
    desk.publish("paper", document(1))
    await once(desk)
    assert len(desk[CONSOLE].titles) == len(WORDS)
    assert "stories could not be looked for" in desk.log.events


class Waiting:
    """A ruleset that answers when somebody else has had a turn, and says on which thread it was asked."""

    def __init__(self) -> None:
        self.turn = threading.Event()
        self.had: list[bool] = []
        self.asked_on: list[str] = []

    def candidates(self, _: Document) -> tuple[CompiledRule, ...]:
        self.asked_on.append(threading.current_thread().name)
        if threading.current_thread() is not threading.main_thread():
            self.had.append(self.turn.wait(30))
        return ()


async def polled(store: Store, text: str, rules: int) -> Waiting:
    """One poll of one item while another task waits for its turn."""
    desk = Desk(store, watched("paper"), rules=[about(f"quake{n}") for n in range(rules)], on_thread=in_thread)
    ruleset = Waiting()
    desk.jobs.live = replace(desk.jobs.live, ruleset=cast("Ruleset", ruleset))
    words = f"<item><guid>1</guid><title>Quake</title><description>{text}</description></item>"
    desk.publish("paper", f'<rss version="2.0"><channel><title>p</title>{words}</channel></rss>'.encode())
    polling = asyncio.create_task(once(desk))
    while not ruleset.asked_on and not polling.done():
        await asyncio.sleep(0)
    ruleset.turn.set()
    await polling
    return ruleset


@pytest.mark.parametrize(("words", "rules"), [(LONG // 5, 1), (LONG // 50, 100)])
async def test_others_have_their_turn_while_rules_are_asked_about_a_long_text(
    store: Store, words: int, rules: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.jobs.tell.MANY", 10)
    asked = await polled(store, "quake " * words, rules)
    assert asked.had == [True]


async def test_a_short_text_is_matched_where_it_is(store: Store) -> None:
    asked = await polled(store, "a quake was felt", 1)
    assert asked.asked_on == [threading.main_thread().name]


async def test_a_huge_item_is_on_the_loop_at_no_stage(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stages = ("recognise._normalised", "recognise.learn", "tell._matched", "tell._sketched", "tell.linked")
    on: dict[str, set[str]] = {stage: set() for stage in stages}
    for stage in stages:
        monkeypatch.setattr(f"watcher.jobs.{stage}", noting(on[stage], f"watcher.jobs.{stage}"))
    await polled(store, "quake " * LONG, 1)
    assert all(names and threading.main_thread().name not in names for names in on.values()), on


def noting(names: set[str], where: str) -> Callable[..., object]:
    """The function that stands there, which notes the thread it is called on."""
    module, _, name = where.rpartition(".")
    call = getattr(import_module(module), name)

    def noted(*args: object, **kwargs: object) -> object:
        names.add(threading.current_thread().name)
        return call(*args, **kwargs)

    return noted


def test_what_one_thread_works_out_keeps_no_other_waiting() -> None:
    begun, go = threading.Event(), threading.Event()

    class Slow:
        def __init__(self, *, waits: bool) -> None:
            self.waits = waits

        @cached_property
        def worked_out(self) -> bool:
            begun.set()
            return go.wait(30) if self.waits else True

    thread = threading.Thread(target=lambda: Slow(waits=True).worked_out)
    thread.start()
    begun.wait(30)
    assert Slow(waits=False).worked_out
    go.set()
    thread.join()


def test_what_was_worked_out_is_kept() -> None:
    class Counted:
        times = 0

        @cached_property
        def once(self) -> int:
            """How often it was."""
            self.times += 1
            return self.times

    counted = Counted()
    assert (counted.once, counted.once) == (1, 1)
    assert Counted.once.__doc__ == "How often it was."
