"""Whoever is not at a screen hears of a watcher that does not do its work, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import Desk
from tests.lives import until
from watcher.model import Check, Finding, FindingSeverity, Health
from watcher.ports import Store
from watcher.run.health import LATE, health
from watcher.run.unready import minded
from watcher.store import open_store

WELL = {"poll": 1.0, "beat": 0.2}
STUCK = {"poll": 400.0, "beat": 0.2}
ERROR = Finding(code="E104", severity=FindingSeverity.ERROR, file="a.yaml", line=3, column=1, message="no such thing")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened: Store = open_store(f"sqlite:///{tmp_path / 'watcher.db'}")
    yield Desk(opened)
    opened.close()


def notices(desk: Desk) -> list[str]:
    return [alert.title or "" for alert in reversed(desk.store.alerts(None, None, 99))]


async def test_rounds_that_stand_still_for_long_are_told_once_and_so_is_their_end(desk: Desk) -> None:
    rounds = dict(WELL)
    async with minded(desk.jobs, lambda: health(rounds, "", ()), look=0.002):
        rounds.update(STUCK)
        await until(lambda: "not ready" in desk.log.events)
        assert notices(desk) == []
        desk.clock.advance(301)
        await until(lambda: notices(desk))
        desk.clock.advance(3_000)
        rounds.update(WELL)
        await until(lambda: len(notices(desk)) == 2)
    assert notices(desk) == ["The watcher does not do all its work", "The watcher does all its work again"]
    assert desk.log.events == ["not ready", "ready again"]
    assert desk.log.abouts[0] == {"ticks": "late: poll for 400 s"}


async def test_a_hiccup_is_a_line_in_the_log_and_nothing_more(desk: Desk) -> None:
    rounds = dict(STUCK)
    async with minded(desk.jobs, lambda: health(rounds, "", ()), look=0.002):
        await until(lambda: desk.log.events == ["not ready"])
        desk.clock.advance(200)
        rounds.update(WELL)
        await until(lambda: desk.log.events[-1] == "ready again")
        rounds.update(STUCK)
        await until(lambda: desk.log.events[-1] == "not ready")
        desk.clock.advance(200)
        rounds.update(WELL)
        await until(lambda: desk.log.events[-1] == "ready again")
    assert notices(desk) == []


async def test_what_others_tell_is_told_by_them(desk: Desk) -> None:
    async with minded(desk.jobs, lambda: health(WELL, "the disk is full", (ERROR,)), look=0.002, long=0.0):
        await until(lambda: desk.log.events)
    assert notices(desk) == []


def test_it_is_alive_while_its_rounds_go_and_ready_while_nothing_is_ill() -> None:
    assert health(WELL, "", ()) == Health(
        alive=True,
        checks=(
            Check(name="configuration", ok=True, said="good"),
            Check(name="database", ok=True, said="good"),
            Check(name="ticks", ok=True, said="on time"),
        ),
    )
    for ill in (health(WELL, "full", ()), health(WELL, "", (ERROR,))):
        assert ill.alive
        assert not ill.ready
    assert not health({"poll": LATE + 1}, "", ()).alive
    assert health(WELL, "", (ERROR, ERROR)).checks[0].said == (
        "2 errors, the first at a.yaml:3:1; `watcher check` shows them with their places"
    )
