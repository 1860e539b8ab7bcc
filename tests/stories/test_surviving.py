"""A machine that runs out of things under a daemon: room on the disk, file descriptors, the database itself."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Request, Server, page
from tests.stories.house import WATCHER, Daemon, House, rss, until

FEEDS = 4
ROOT = os.geteuid() == 0
STANDS_STILL = "the database takes nothing"
GOES_ON = "the database takes everything again"
ASK = """
import json, sqlite3, sys
file, query = sys.argv[1:]
print(json.dumps([one for one, in sqlite3.connect(file).execute(query)]))
"""


class Receiver:
    """A webhook that keeps what it accepted; `then` is called before it answers the next request."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.then: Callable[[], object] | None = None

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.titles.append(json.loads(request.body)["title"])
        then, self.then = self.then, None
        if then:
            then()
        await page(b"ok", etag=False)(request, writer)

    def told(self) -> Counter[str]:
        """How often each strike was told."""
        return Counter(word for title in self.titles for word in title.split() if word.startswith("s-"))


class Wires:
    """Feeds that go on publishing."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.published: list[list[tuple[str, str]]] = [[] for _ in range(FEEDS)]
        self.publish(0)

    def publish(self, count: int) -> None:
        """So many more in each feed."""
        for n, items in enumerate(self.published):
            for _ in range(count):
                guid = f"s-{n}-{len(items)}"
                items.insert(0, (guid, f"Strike reported {guid}"))
            self._server[f"/{n}.xml"] = page(rss(items), etag=False, headers={"Connection": "close"})

    @property
    def guids(self) -> set[str]:
        return {guid for items in self.published for guid, _ in items}

    def polls(self) -> int:
        return sum(self._server.count(f"/{n}.xml") for n in range(FEEDS))


class Disk:
    """A small one of the daemon's own, in its mount namespace: it goes when the daemon goes."""

    def __init__(self, house: House) -> None:
        self._folder = house.root / "var"
        self._folder.mkdir()
        self._pid = 0

    def by(self, size: str, first: str = "true") -> Sequence[str]:
        """A command line that mounts it and becomes the watcher; `first` is done in it before."""
        alone = ["unshare", "--mount"] if ROOT else ["unshare", "--map-root-user", "--mount"]
        script = f'mount -t tmpfs -o size={size} tmpfs "$0" && (cd "$0" && {first}); exec "$@"'
        return [*alone, "sh", "-c", script, str(self._folder), *WATCHER]

    def of(self, daemon: Daemon) -> None:
        self._pid = daemon.process.pid

    @property
    def _filler(self) -> Path:
        return Path(f"/proc/{self._pid}/root{self._folder}/filler")

    def fill(self) -> None:
        with self._filler.open("wb", buffering=0) as filler:
            for piece in (2**20, 2**12):
                with suppress(OSError):
                    while filler.write(b"\0" * piece) == piece:
                        pass

    def free(self) -> None:
        self._filler.unlink()

    def asked(self, query: str) -> list[Any]:
        """What the database answers to a query with one column, asked where the daemon is."""
        there = ["nsenter", f"--target={self._pid}", "--mount"]
        there += [] if ROOT else ["--user", "--preserve-credentials"]
        command = [*there, sys.executable, "-c", ASK, str(self._folder / "watcher.db"), query]
        answer: list[Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        return answer


@pytest.fixture
def wires(house: House, server: Server) -> Wires:
    wires = Wires(server)
    feeds = [{"id": f"f{n}", "url": server.url(f"/{n}.xml"), "baseline": "alert"} for n in range(FEEDS)]
    hook = server.url("/hook").replace("http:", "json:")
    house.settings(feeds=feeds, channels=[{"name": "hook", "url": hook, "cap": 1000}])
    return wires


def test_a_disk_that_fills_under_full_ingest_loses_nothing_and_repeats_nothing(
    house: House, server: Server, wires: Wires
) -> None:
    receiver, disk = Receiver(), Disk(house)
    server["/hook"] = receiver
    with house.daemon(by=disk.by("24m")) as daemon:
        wires.publish(5)
        until(lambda: receiver.told().keys() == wires.guids, "the first told")
        disk.of(daemon)
        receiver.then = disk.fill  # in the middle of a send
        wires.publish(5)
        end = time.monotonic() + 60
        while STANDS_STILL not in daemon.err and time.monotonic() < end:
            wires.publish(1)
            time.sleep(0.2)
        assert STANDS_STILL in daemon.err
        until(lambda: len(server.requests) == _after(server, 0.5), "no more polls")
        wires.publish(5)
        assert daemon.process.poll() is None
        polls, freed = wires.polls(), time.monotonic()
        disk.free()
        until(lambda: wires.polls() > polls, "polling goes on")
        took = time.monotonic() - freed
        until(lambda: receiver.told().keys() == wires.guids, "all told")
        until(lambda: not disk.asked("SELECT 1 FROM alerts WHERE state = 'pending'"), "an empty outbox")
        daemon.logs(GOES_ON)
        stored = [title.split()[-1] for title in disk.asked("SELECT title FROM revisions")]
        until(lambda: any("stood still" in title for title in receiver.titles), "the operator told")
        code, _ = daemon.stop()
    print(f"polling was back {took:.1f} s after there was room; {len(stored)} items and alerts")
    assert code == 0
    assert took < 60
    assert sorted(stored) == sorted(wires.guids), "every item is stored once"
    assert set(receiver.told().values()) == {1}, "nothing is told twice"
    assert daemon.err.count(STANDS_STILL) == daemon.err.count(GOES_ON) == 1
    assert sum("stood still" in title for title in receiver.titles) == 1
    assert "Traceback" not in daemon.err
    assert not list((house.root / "var").iterdir()), "the disk was the daemon's own"


def _after(server: Server, seconds: float) -> int:
    time.sleep(seconds)
    return len(server.requests)


def test_a_start_on_a_full_disk_says_so_and_exits_with_78(house: House, wires: Wires) -> None:
    assert wires.polls() == 0
    filled = "cat /dev/zero > filler 2> /dev/null"
    with house.daemon(by=Disk(house).by("1m", filled)) as daemon:
        assert daemon.process.wait(60) == 78
    (line,) = daemon.err.splitlines()
    assert line.endswith("watcher.db cannot grow: the disk is full; make room") or "make room (" in line


def test_a_database_that_vanishes_ends_the_daemon_with_one_line_and_78(
    house: House, server: Server, wires: Wires
) -> None:
    server["/hook"] = page(b"ok")
    wires.publish(1)
    with house.daemon() as daemon:
        server.wait("/hook", FEEDS)
        shutil.rmtree(house.root / "var")
        assert daemon.process.wait(60) == 78
    assert daemon.err.count("is not in its place any more: it was moved or deleted") == 1
    assert daemon.err.splitlines()[-1].startswith("watcher: database ")
    assert "Traceback" not in daemon.err


def test_a_daemon_without_file_descriptors_says_so_of_its_feeds_and_goes_on_when_it_has_some(
    house: House, server: Server, wires: Wires
) -> None:
    receiver = Receiver()
    server["/hook"] = receiver
    wires.publish(1)
    with house.daemon() as daemon:
        until(lambda: receiver.told().keys() == wires.guids, "the first told")
        pid = daemon.process.pid
        few, most = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, most))
        wires.publish(1)
        daemon.logs("too many open files")
        until(lambda: len(house.asked("SELECT 1 FROM feeds WHERE failures > 0")) == FEEDS, "all feeds failing")
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (few, most))
        until(lambda: receiver.told().keys() == wires.guids, "all told")
        assert daemon.stop()[0] == 0
    assert set(receiver.told().values()) == {1}
    assert "in the watcher itself" not in daemon.err
    assert "job failed" not in daemon.err


def test_a_daemon_that_was_stopped_for_a_while_goes_on_as_if_nothing_was(
    house: House, server: Server, wires: Wires
) -> None:
    receiver = Receiver()
    server["/hook"] = receiver
    wires.publish(1)
    with house.daemon() as daemon:
        until(lambda: receiver.told().keys() == wires.guids, "the first told")
        subprocess.run(["kill", "-STOP", str(daemon.process.pid)], check=True)
        wires.publish(3)
        time.sleep(1.0)
        said = daemon.err
        subprocess.run(["kill", "-CONT", str(daemon.process.pid)], check=True)
        until(lambda: receiver.told().keys() == wires.guids, "all told")
        assert daemon.stop()[0] == 0
    assert "warning" not in daemon.err.removeprefix(said)
    assert set(receiver.told().values()) == {1}
