from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from watcher.fetch.turns import Turns
from watcher.schedule import registrable


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.org", "example.org"),
        ("www.Example.org.", "example.org"),
        ("feeds.news.example.org", "example.org"),
        ("feeds.bbc.co.uk", "bbc.co.uk"),
        ("bbc.co.uk", "bbc.co.uk"),
        ("www.abc.net.au", "abc.net.au"),
        ("a.b.io", "b.io"),
        ("localhost", "localhost:80"),
        ("127.0.0.1", "127.0.0.1:80"),
        ("2001:db8::1", "2001:db8::1:80"),
    ],
)
def test_hosts_of_one_owner_share_a_lane(host: str, domain: str) -> None:
    assert registrable(host, 80) == domain


async def visits(turns: Turns, keys: list[str], stay: float = 0.01) -> tuple[list[tuple[str, float, float]], int]:
    """When each visit began and ended, and the most there were at a time."""
    clock = asyncio.get_running_loop().time
    seen: list[tuple[str, float, float]] = []
    inside = most = 0

    async def visit(key: str) -> None:
        nonlocal inside, most
        async with turns.turn(key):
            inside, began = inside + 1, clock()
            most = max(most, inside)
            await asyncio.sleep(stay)
            inside -= 1
            seen.append((key, began, clock()))

    await asyncio.gather(*map(visit, keys))
    return seen, most


async def test_one_domain_is_asked_once_at_a_time_with_a_pause_between() -> None:
    seen, most = await visits(Turns(concurrency=10, per_host=1, pause=0.05), ["a"] * 4)
    assert most == 1
    gaps = [later[1] - earlier[2] for earlier, later in pairwise(seen)]
    assert min(gaps) >= 0.045


async def test_domains_do_not_wait_for_each_other() -> None:
    seen, most = await visits(Turns(concurrency=10, per_host=1, pause=10), list("abcdefgh"))
    assert (len(seen), most) == (8, 8)


async def test_no_more_run_at_a_time_than_allowed_in_all() -> None:
    _, most = await visits(Turns(concurrency=3, per_host=1, pause=0), [str(n) for n in range(12)])
    assert most == 3


async def test_a_crowd_for_one_domain_holds_no_seat_of_the_others() -> None:
    turns = Turns(concurrency=2, per_host=1, pause=0)
    stay = asyncio.Event()

    async def slow() -> None:
        async with turns.turn("slow"):
            await stay.wait()

    crowd = [asyncio.create_task(slow()) for _ in range(20)]
    await asyncio.sleep(0)
    async with asyncio.timeout(60):
        await visits(turns, ["quick"] * 3)
    stay.set()
    await asyncio.gather(*crowd)


async def test_slow_domains_give_their_seats_back_and_take_none_the_next_time() -> None:
    turns = Turns(concurrency=2, per_host=1, pause=0)
    keys = [f"slow{n}" for n in range(8)]
    for _ in range(2):
        hung = asyncio.Event()

        async def slow(key: str, hung: asyncio.Event = hung) -> None:
            async with turns.turn(key):
                await hung.wait()

        crowd = [asyncio.create_task(slow(key)) for key in keys]
        async with asyncio.timeout(60):
            await visits(turns, ["quick", "swift"])
            while set(turns._slow) != set(keys) and turns._all.locked():
                await asyncio.sleep(0.01)
        hung.set()
        await asyncio.gather(*crowd)
        assert not turns._all.locked()
    assert (await visits(turns, list("abcdef")))[1] == 2, "each seat was given back once"


async def test_of_slow_domains_only_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.fetch.turns.PATIENCE", 0.0)
    monkeypatch.setattr("watcher.fetch.turns.KNOWN_SLOW", 3)
    turns = Turns(concurrency=1, per_host=1, pause=0.0)
    for key in "abcdb":
        async with turns.turn(key):
            pass
    assert list(turns._slow) == ["c", "d", "b"]


async def test_a_connection_is_worth_keeping_only_while_somebody_waits_for_it() -> None:
    turns = Turns(concurrency=2, per_host=1, pause=0)

    async def visit() -> None:
        async with turns.turn("a"):
            pass

    async with turns.turn("a") as lane:
        alone = lane.busy
        other = asyncio.create_task(visit())
        await asyncio.sleep(0)
        crowded = lane.busy
    await other
    assert (alone, crowded) == (False, True)


async def test_a_failure_gives_the_turn_back() -> None:
    turns = Turns(concurrency=1, per_host=1, pause=0)
    for _ in range(3):
        with pytest.raises(ValueError, match="mine"):
            async with asyncio.timeout(60), turns.turn("a"):
                raise ValueError("mine")


async def test_lanes_are_forgotten_after_their_pause() -> None:
    turns = Turns(concurrency=10, per_host=1, pause=0.02)
    await visits(turns, [str(n) for n in range(50)], stay=0)
    await asyncio.sleep(0.1)
    assert turns._lanes == {}
