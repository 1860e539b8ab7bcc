"""The judge is judged: a world in which all went well is good, and each way to break one is seen for what it is."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.nine import Life, Taken, World, broken, lost, repeats
from tests.servers import Server
from tests.stories.forker import Forker
from tests.stories.life import CITY, DAWN, EDITED, HALF, Story

Break = Callable[[World], World]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A story that was lived through without a fault."""
    folder = tmp_path_factory.mktemp("good")
    forker = Forker()
    with Server() as server:
        story = Story(folder, server, forker)
        assert story.live(60, {}).code == 0
    forker.close()
    with closing(sqlite3.connect(folder / "var" / "watcher.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return story.world()


def stored(*statements: str) -> Break:
    """Something else stands in the database."""

    def break_(world: World) -> World:
        with closing(sqlite3.connect(world.database, isolation_level=None)) as db:
            for statement in statements:
                assert db.execute(statement).rowcount, "nothing was broken by this"
        return world

    return break_


def happened(**otherwise: Callable[[World], Any]) -> Break:
    """Those outside tell another story."""
    return lambda world: replace(world, **{name: tell(world) for name, tell in otherwise.items()})


def telling(world: World, title: str, channel: str = "desk") -> Taken:
    """The first message that told it there."""
    return next(each for each in world.taken if each.channel == channel and any(title == one for one, _ in each.tells))


def again(world: World, **otherwise: Any) -> list[Taken]:
    """The last message of the desk once more."""
    last = [each for each in world.taken if each.channel == "desk"][-1]
    return [*world.taken, replace(last, **{"at": (last.at or 0) + 0.1, **otherwise})]


def later(world: World) -> list[Taken]:
    return [replace(each, at=each.at + 100 if each.at else None) for each in world.taken]


EDIT = f"SELECT r.pk FROM revisions AS r WHERE title = '{EDITED.title}'"
CITY_MATCH = "SELECT m.pk FROM matches AS m JOIN items AS i ON i.id = m.item JOIN revisions AS r ON r.item = i.pk "
OF_CITY = f"{CITY_MATCH} WHERE r.title = '{CITY.title}'"
OF_DAWN = f"{CITY_MATCH} WHERE r.title = '{DAWN.title}'"

BREAKS: dict[str, tuple[int, str, Break]] = {
    "an item is not there": (1, "is not stored", stored(f"DELETE FROM revisions WHERE pk IN ({EDIT})")),
    "an item is not seen": (1, "has seen 4", stored("DELETE FROM seen WHERE key = (SELECT min(key) FROM seen)")),
    "entries are known that are not": (1, "knows 0 entries", stored("UPDATE feeds SET entry_hashes = x''")),
    "a match is missing": (
        1,
        "without its match of strikes",
        stored(f"DELETE FROM dispatches WHERE match IN ({OF_CITY})", f"DELETE FROM matches WHERE pk IN ({OF_CITY})"),
    ),
    "half an answer is stored": (
        2,
        f"{HALF.title!r} of wires was never served whole",
        stored(f"UPDATE revisions SET title = '{HALF.title}' WHERE pk IN ({EDIT})"),
    ),
    "half an answer's validators are kept": (
        2,
        "validators that no whole answer had",
        lambda world: stored(
            f"UPDATE feeds SET etag = '{next(each.etag for each in world.answers if not each.whole)}' WHERE id = 'town'"
        )(world),
    ),
    "a match is on no channel": (3, "without a trace", stored(f"DELETE FROM dispatches WHERE match IN ({OF_CITY})")),
    "a match went another way": (
        3,
        "it is on its way to",
        stored(f"DELETE FROM dispatches WHERE channel = 'own' AND match IN ({OF_CITY})"),
    ),
    "a match is forgotten": (
        3,
        "it is still open (waiting)",
        stored(f"UPDATE dispatches SET reason = 'waiting', fate = 'open', trail = '' WHERE match IN ({OF_CITY})"),
    ),
    "a trail ends elsewhere": (
        3,
        "its trail ends in throttled",
        stored(f"UPDATE dispatches SET trail = trail || '1 throttled' || char(10) WHERE match IN ({OF_CITY})"),
    ),
    "an alert is forgotten": (
        3,
        "is still pending",
        stored("UPDATE alerts SET state = 'pending', next_at = 1 WHERE pk = (SELECT max(pk) FROM alerts)"),
    ),
    "an alert is lost": (
        4,
        "was not told on desk for strikes",
        happened(taken=lambda world: [each for each in world.taken if each != telling(world, CITY.title)]),
    ),
    "an alert is marked sent that nobody took": (
        4,
        "is marked sent on own, which took nothing then",
        happened(taken=lambda world: [each for each in world.taken if each.kind != "notice"]),
    ),
    "an alert was taken and is not marked": (
        4,
        "was taken on desk and never committed",
        stored("DELETE FROM deliveries WHERE channel = 'desk' AND state = 'sent'"),
    ),
    "an alert that was marked is sent again": (
        4,
        "was sent on desk again when that had been committed",
        stored(
            "INSERT INTO deliveries (alert, channel, started_at, ended_at, state, detail) SELECT alert, channel, "
            "started_at - 1, ended_at, state, detail FROM deliveries WHERE state = 'sent' AND channel = 'desk' LIMIT 1"
        ),
    ),
    "an alert is repeated without a kill": (
        4,
        "messages that were not committed, with 0 kills",
        happened(taken=again),
    ),
    "an alert is repeated that was committed before the kill": (
        4,
        "though nothing was in its sender",
        happened(
            taken=lambda world: [*again(world), *again(world, key="later", at=world.lives[0].ended)[-1:]],
            lives=lambda world: [replace(world.lives[0], killed=True), Life(began=0, ended=1, killed=True)],
        ),
    ),
    "a file is written twice without a kill": (
        4,
        "own took 1 messages that were not committed",
        happened(taken=lambda world: [*world.taken, telling(world, CITY.title, "own")]),
    ),
    "an item is told by two alerts": (4, "was told by 2 alerts on desk", happened(taken=lambda w: again(w, key="x"))),
    "a key stands on two messages": (
        4,
        "stands on 2 different messages",
        happened(taken=lambda world: again(world, tells=frozenset({(CITY.title, "strikes")}))),
    ),
    "a group is told the other way round": (
        4,
        "after a later one of its group",
        lambda world: replace(stored("UPDATE alerts SET grp = 'one'")(world), taken=world.taken[::-1]),
    ),
    "a rule was taken down": (
        5,
        "floods is not live",
        stored("UPDATE rule_versions SET live = 0 WHERE rule = 'floods'"),
    ),
    "the operator is told twice": (
        5,
        "the operator was told 2 times on own",
        happened(
            taken=lambda world: [
                *world.taken,
                *(replace(each, key="again") for each in world.taken if each.kind == "notice"),
            ]
        ),
    ),
    "a title is a second line of the log": (
        6,
        "not one of ours: 'Strike c0",
        happened(log=lambda world: f"{world.log}{CITY.title}\n"),
    ),
    "an event has control characters": (
        6,
        "not in one line",
        happened(log=lambda world: world.log + '{"event": "a\\nb"}\n'),
    ),
    "a message has control characters": (6, "control characters", happened(taken=lambda w: again(w, text="\x1b[31m"))),
    "a feed is given up": (
        7,
        "wires is not polled again",
        stored("UPDATE feeds SET next_at = NULL WHERE id = 'wires'"),
    ),
    "a feed is put off for a day": (
        7,
        "town is not polled again soon",
        stored("UPDATE feeds SET next_at = polled_at + 86400000000 WHERE id = 'town'"),
    ),
    "a feed fails and says nothing": (7, "has failed 3 times", stored("UPDATE feeds SET failures = 3")),
    "an alert comes late": (
        8,
        "s of a living daemon",
        happened(taken=later, lives=lambda world: [replace(world.lives[0], ended=world.lives[0].ended + 200)]),
    ),
    "the baseline is told": (
        9,
        f"{DAWN.title!r} was there at first and was told on desk",
        happened(taken=lambda world: again(world, tells=frozenset({(DAWN.title, "strikes")}))),
    ),
    "the baseline is told to nobody": (
        9,
        "nobody was told of the baseline",
        stored("UPDATE feeds SET baseline_told = 0"),
    ),
    "the baseline was decided": (
        9,
        "was there at first and is merged",
        stored(f"UPDATE dispatches SET fate = 'merged', reason = 'same-item' WHERE match IN ({OF_DAWN})"),
    ),
}


def test_a_world_in_which_all_went_well_is_good(good: World) -> None:
    assert broken(good) == []
    assert (lost(good), repeats(good)) == ([], 0)


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_world_is_seen_for_what_it_is(name: str, good: World, tmp_path: Path) -> None:
    number, words, break_ = BREAKS[name]
    copy = Path(shutil.copy(good.database, tmp_path / "watcher.db"))
    found = broken(break_(replace(good, database=copy)))
    assert [line for line in found if line.startswith(f"{number}: ") and words in line], found


def test_what_was_in_a_sender_at_a_kill_may_come_again(good: World) -> None:
    (life,) = good.lives
    last = [each for each in good.taken if each.channel == "desk"][-1]
    killed = Life(began=life.ended + 1, ended=life.ended + 3, killed=True)
    world = replace(good, taken=[*good.taken, replace(last, at=life.ended + 2)], lives=[life, killed])
    assert broken(world) == []
    assert repeats(world) == 1


def test_what_is_lost_is_counted(good: World) -> None:
    world = replace(good, taken=[each for each in good.taken if each != telling(good, CITY.title)])
    assert lost(world) == [f"4: {CITY.title!r} was not told on desk for strikes"]
