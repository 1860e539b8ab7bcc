"""What a supervisor hears of a real daemon: that it serves, how it stands, reloads, hangs and ends."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.house import Daemon, House, until

HANGS = "import signal, sys, time; signal.signal(signal.SIGUSR1, lambda *_: time.sleep(100)); "
"""A watcher in which a signal makes the main thread stand still."""
HANGING = [sys.executable, "-c", HANGS + "from watcher.cli import main; main()"]


class Supervisor:
    """A socket as systemd has one, and the lines that came."""

    def __init__(self, path: Path) -> None:
        self.lines: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)
        self.env = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "1000000"}

    def listen(self) -> list[str]:
        try:
            while True:
                self.lines += self._socket.recv(4096).decode().splitlines()
        except BlockingIOError:
            return self.lines

    def hears(self, line: str, daemon: Daemon, *, times: int = 1) -> None:
        ended = daemon.process.poll
        until(lambda: self.listen().count(line) >= times or ended() is not None, f"{line!r} heard {times} times")
        assert self.lines.count(line) >= times, f"the daemon ended with {ended()}: {daemon.err}"

    def forget(self) -> None:
        self.listen()
        self.lines.clear()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "notify")
    yield supervisor
    supervisor.close()


def opened(house: House) -> None:
    (house.root / "in").mkdir()
    house.settings(feeds=[{"id": "in", "url": "../in"}])


def test_a_supervisor_hears_of_the_start_a_reload_trouble_and_the_end(house: House, supervisor: Supervisor) -> None:
    opened(house)
    with house.daemon(env=supervisor.env) as daemon:
        supervisor.hears("READY=1", daemon)
        daemon.logs("watching 1 feed with 1 rule")  # written by a thread of its own
        supervisor.hears("STATUS=watching 1 feed with 1 rule", daemon)
        supervisor.hears("WATCHDOG=1", daemon, times=3)
        assert "RELOADING=1" not in supervisor.lines, "nothing was read again yet"

        supervisor.forget()
        daemon.process.send_signal(signal.SIGHUP)
        supervisor.hears("READY=1", daemon)
        assert supervisor.lines.index("RELOADING=1") < supervisor.lines.index("READY=1")
        daemon.logs("files read again, nothing has changed")

        supervisor.forget()
        house.rule("floods", "(flood OR")
        until(
            lambda: any("; configuration: 2 errors" in line for line in supervisor.listen()), "the error in the status"
        )
        house.rule("floods", "flood")
        supervisor.hears("STATUS=watching 1 feed with 2 rules", daemon)

        supervisor.forget()
        code, _ = daemon.stop()
        assert (code, supervisor.listen()[-2]) == (0, "STOPPING=1")


def test_a_watcher_that_hangs_gives_no_sign_of_life_and_says_where_it_hangs(
    house: House, supervisor: Supervisor
) -> None:
    opened(house)
    with house.daemon(env=supervisor.env, by=HANGING) as daemon:
        supervisor.hears("WATCHDOG=1", daemon, times=2)
        daemon.process.send_signal(signal.SIGUSR1)
        daemon.logs("the event loop stands still")
        supervisor.forget()
        time.sleep(1.5)  # in which three signs would come
        assert supervisor.listen() == []
        (line,) = [line for line in daemon.err.splitlines() if "stands still" in line]
        assert "__main__:1 <lambda>" in line


def test_a_start_that_fails_is_never_called_ready(house: House, supervisor: Supervisor) -> None:
    opened(house)
    house.rule("floods", "(flood OR")
    with house.daemon(env=supervisor.env) as daemon:
        assert daemon.process.wait(60) == 78
    assert supervisor.listen() == []
