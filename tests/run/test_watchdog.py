"""A loop that stands still is told of with its place, and ends the process; a process that was stopped is not one."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from watcher.run.watchdog import EXIT, Patience, guarded, place

QUICK = Patience(look=0.02, slow=0.5, again=1000, end=1000)


class Heard:
    """A log that keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, dict[str, Any]]] = []

    def __getattr__(self, level: str) -> Any:
        return lambda event, **about: self.said.append((level, event, about))

    def has(self, count: int) -> bool:
        return len(self.said) >= count


def hang(enough: Callable[[], bool]) -> None:
    """Stand still, a minute at most; the name is looked for."""
    secret, end = "hunter2-in-a-local", time.monotonic() + 60
    while not enough() and time.monotonic() < end:
        time.sleep(0.02)
    del secret


async def test_a_loop_that_hangs_is_told_of_with_the_place_and_nothing_else() -> None:
    log = Heard()
    async with guarded(log, QUICK):
        await asyncio.sleep(0.1)
        hang(lambda: log.has(1))
        await asyncio.sleep(0.1)
    ((level, event, about),) = log.said
    assert level == "warning"
    assert event.startswith("the event loop stands still")
    assert about["seconds"] >= 0.4
    first, second = [call for call in about["at"].split(" < ") if not call.endswith(("has", "<lambda>"))][:2]
    assert first.startswith(f"{__name__}:")
    assert first.endswith(" hang")
    assert second.endswith(" test_a_loop_that_hangs_is_told_of_with_the_place_and_nothing_else")
    assert "\n" not in about["at"]
    assert "hunter2" not in str(about)


async def test_a_loop_that_moves_is_not_told_of_however_busy_it_is() -> None:
    log, end = Heard(), time.monotonic() + 1.5
    async with guarded(log, replace(QUICK, slow=1)):
        while time.monotonic() < end:
            time.sleep(0.03)
            await asyncio.sleep(0)
    assert log.said == []


async def test_it_is_told_of_again_only_after_a_while() -> None:
    log = Heard()
    async with guarded(log, replace(QUICK, slow=0.06, again=1)):
        hang(lambda: log.has(3))
    between = [later["seconds"] - sooner["seconds"] for (*_, sooner), (*_, later) in pairwise(log.said)]
    assert between
    assert min(between) >= 0.9


async def test_a_log_that_hangs_does_not_keep_the_guard_from_going_on() -> None:
    free = threading.Event()

    class Stuck(Heard):
        def warning(self, event: str, **about: object) -> None:
            super().__getattr__("warning")(event, **about)
            free.wait(60)

    log = Stuck()
    async with guarded(log, replace(QUICK, slow=0.06, again=0.1)):
        hang(lambda: log.has(2))
    free.set()
    assert log.has(2)


HANGS = """
import asyncio, sys, time
from watcher.run.watchdog import Patience, guarded

class Log:
    def __getattr__(self, level):
        return lambda event, **about: print(level, event, about["at"], flush=True)

async def main():
    async with guarded(Log(), Patience(look=0.02, slow=1, again=1000, end=2)):
        print("runs", flush=True)
        {what}
        print("still runs", flush=True)

asyncio.run(main())
"""


def hanging(what: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", HANGS.replace("{what}", what)], stdout=subprocess.PIPE, text=True)


def test_a_loop_that_hangs_for_good_ends_the_process_with_a_word() -> None:
    with hanging("time.sleep(60)") as process:
        out, _ = process.communicate(timeout=90)
    first, said, last = out.splitlines()
    assert first == "runs"
    assert said.startswith("warning the event loop stands still: nothing is polled or sent meanwhile __main__:")
    assert last.startswith(
        "error the event loop stands still: ending, so that the watcher can be started again __main__:"
    )
    assert process.returncode == EXIT


def test_a_process_that_was_stopped_for_a_while_goes_on() -> None:
    with hanging("await asyncio.sleep(0.3)") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "runs\n"
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        time.sleep(2.5)  # longer than it may stand still
        process.send_signal(signal.SIGCONT)
        out, _ = process.communicate(timeout=90)
    assert (out, process.returncode) == ("still runs\n", 0)


async def test_the_guard_goes_with_what_it_guards() -> None:
    async with guarded(Heard(), QUICK):
        assert "watchdog" in [thread.name for thread in threading.enumerate()]
    async with asyncio.timeout(60):
        while "watchdog" in [thread.name for thread in threading.enumerate()]:
            await asyncio.sleep(0.01)


def test_a_thread_that_has_gone_is_nowhere() -> None:
    assert place(0) == ""
