"""What the supervisor hears, on a real datagram socket."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest

from watcher.model import Check, Health
from watcher.run.notify import Supervisor, supervised

WELL = Health(alive=True, checks=(Check(name="database", ok=True, said="good"),))
STUCK = Health(alive=False, checks=(Check(name="ticks", ok=False, said="late: poll for 31 s"),))


class Ear:
    """A supervisor's socket, and every datagram it got."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self._socket.setblocking(False)

    def listen(self) -> list[str]:
        """All that has come."""
        try:
            while True:
                self.heard.append(self._socket.recv(4096).decode())
        except BlockingIOError:
            return self.heard

    @property
    def lines(self) -> list[str]:
        return [line for message in self.listen() for line in message.splitlines()]

    async def hears(self, line: str, times: int = 1) -> None:
        async with asyncio.timeout(60):
            while self.lines.count(line) < times:
                await asyncio.sleep(0.01)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def ear(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ear]:
    ear = Ear(str(tmp_path / "notify") if request.param == "path" else f"@watcher-test-{os.getpid()}-{id(request)}")
    yield ear
    ear.close()


class Daemon:
    def __init__(self, ear: Ear, **more: str) -> None:
        self.health = WELL
        self.about = "watching 2 feeds with 3 rules"
        self.stop = asyncio.Event()
        self.supervisor = Supervisor({"NOTIFY_SOCKET": ear.address, **more})

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with supervised(self.supervisor, lambda: self.health, lambda: self.about, self.stop):
            yield


async def test_ready_is_said_once_the_rounds_go_and_stopping_as_soon_as_that_is_asked_for(ear: Ear) -> None:
    daemon = Daemon(ear)
    daemon.health = STUCK
    async with daemon.running():
        daemon.supervisor.reloading()
        daemon.supervisor.ready()
        await asyncio.sleep(0.2)
        assert ear.lines == [], "nothing, also of a reload, before it serves"
        daemon.health = WELL
        await ear.hears("STATUS=watching 2 feeds with 3 rules")
        assert ear.lines.index("READY=1") < ear.lines.index("STATUS=watching 2 feeds with 3 rules")
        daemon.stop.set()
        await ear.hears("STOPPING=1")
        daemon.supervisor.ready()
    assert ear.lines.count("READY=1") == 1, "a reload that ends now makes nothing ready again"
    assert "WATCHDOG=1" in ear.lines, "harmless to a supervisor that did not ask for it"


async def test_a_reload_is_told_from_its_beginning_to_its_end(ear: Ear) -> None:
    daemon = Daemon(ear)
    async with daemon.running():
        await ear.hears("READY=1")
        before = time.monotonic_ns() // 1000
        daemon.supervisor.ready()  # of what nobody heard that it began
        daemon.supervisor.reloading()
        daemon.supervisor.reloading()
        daemon.supervisor.ready()
        await ear.hears("READY=1", times=2)
        assert ear.lines.count("READY=1") == 2
        (told,) = (message for message in ear.heard if message.startswith("RELOADING=1\n"))
        assert before <= int(told.partition("MONOTONIC_USEC=")[2]) <= time.monotonic_ns() // 1000


async def test_signs_of_life_come_twice_in_the_time_asked_for_and_only_from_the_living(ear: Ear) -> None:
    daemon = Daemon(ear, WATCHDOG_USEC="200000", WATCHDOG_PID=str(os.getpid()))
    assert daemon.supervisor.pause == pytest.approx(0.1)
    async with daemon.running():
        await ear.hears("WATCHDOG=1", times=3)
        daemon.health = STUCK
        await ear.hears("STATUS=watching 2 feeds with 3 rules; ticks: late: poll for 31 s")
        known = ear.lines.count("WATCHDOG=1")
        await asyncio.sleep(0.3)
        assert ear.lines.count("WATCHDOG=1") == known
        daemon.health = WELL
        await ear.hears("WATCHDOG=1", times=known + 2)


async def test_no_sign_of_life_comes_from_a_loop_that_hangs(ear: Ear) -> None:
    daemon = Daemon(ear, WATCHDOG_USEC="100000")
    async with daemon.running():
        await ear.hears("WATCHDOG=1")
        known = ear.lines.count("WATCHDOG=1")
        time.sleep(0.4)  # hangs
        assert ear.lines.count("WATCHDOG=1") <= known + 1


async def test_a_status_is_one_line_and_said_when_it_changes(ear: Ear) -> None:
    daemon = Daemon(ear, WATCHDOG_USEC="100000")
    daemon.about = "watching\nREADY=1\nMAINPID=1"
    async with daemon.running():
        await ear.hears("WATCHDOG=1", times=4)
        daemon.about = "x" * 100_000
        await ear.hears(f"STATUS={'x' * 500}")
    statuses = [line for line in ear.lines if line.startswith("STATUS=") and "x" not in line]
    assert statuses[0] == r"STATUS=watching\nREADY=1\nMAINPID=1"
    assert len(statuses) == 2, "this one and that it stops"
    assert "MAINPID=1" not in ear.lines


@pytest.mark.parametrize(
    "address", ["", "relative", "vsock:2:1", "/nowhere/at/all", "/" + "x" * 300, "@", "/zero\0byte", "/dev/null"]
)
async def test_nobody_who_hears_is_no_reason_to_fail(address: str) -> None:
    supervisor = Supervisor({"NOTIFY_SOCKET": address})
    async with supervised(supervisor, lambda: WELL, lambda: "watching", asyncio.Event()):
        supervisor.reloading()
        supervisor.ready()
        await asyncio.sleep(0.06)


async def test_a_supervisor_whose_queue_is_full_holds_nobody_up_for_long(tmp_path: Path) -> None:
    ear = Ear(str(tmp_path / "notify"))
    supervisor = Supervisor({"NOTIFY_SOCKET": ear.address})
    with ExitStack() as stack:
        while flooded(stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)), ear.address):
            pass
        start = time.monotonic()
        supervisor.stopping()
        assert 0.5 < time.monotonic() - start < 20
    ear.close()


def flooded(sender: socket.socket, address: str) -> int:
    """How many messages one more sender can leave there."""
    sender.setblocking(False)
    left = 0
    with suppress(BlockingIOError):
        while sender.sendto(b"x", address):
            left += 1
    return left


@pytest.mark.parametrize(
    ("environ", "pause"),
    [
        ({}, 5.0),
        ({"WATCHDOG_USEC": "120000000"}, 5.0),
        ({"WATCHDOG_USEC": "4000000"}, 2.0),
        ({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "1"}, 5.0),
        ({"WATCHDOG_USEC": "soon"}, 5.0),
        ({"WATCHDOG_USEC": "0"}, 0.05),
    ],
)
def test_the_supervisor_says_how_often_it_wants_a_sign_of_life(environ: dict[str, str], pause: float) -> None:
    assert Supervisor(environ).pause == pytest.approx(pause)
