"""edge: how the daemon stands -> whoever started it and waits for its word (the datagrams of sd_notify(3)).

A supervisor that does not hear is no reason to fail: nothing here raises.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from watcher.model import Health
from watcher.observe import escape
from watcher.run.channels import stopped_within

_LOOK = 0.05  # seconds between two looks at whether the rounds have begun
_PAUSE = 5.0  # the longest time between two looks at how it stands
_SEND = 1.0  # seconds that a supervisor with a full queue may hold us up
_LONGEST = 500  # characters of a status


class Supervisor:
    """Whoever set $NOTIFY_SOCKET, else nobody. It hears of no reload before it heard that the daemon serves."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        self._status = ""
        self._served = False
        self._reading = False
        self.pause = min(_PAUSE, _watchdog(environ) / 2)
        """Seconds from one sign of life to the next."""

    def __bool__(self) -> bool:
        return self._address.startswith(("/", "@"))

    def reloading(self) -> None:
        """The files are being read again."""
        if self._served and not self._reading:
            self._reading = True
            self._say("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def ready(self) -> None:
        """They were; all is as it should be."""
        if self._reading:
            self._reading = False
            self._say("READY=1")

    def serves(self) -> None:
        """The daemon does what it is there for."""
        self._served = True
        self._say("READY=1")

    def stands(self, health: Health, about: str) -> None:
        """A sign of life, if there is life; how it stands, if that has changed."""
        ills = (f"{check.name}: {check.said}" for check in health.checks if not check.ok)
        status, before = escape("; ".join((about, *ills)))[:_LONGEST], self._status
        self._status = status
        self._say(*["WATCHDOG=1"] * health.alive, *[f"STATUS={status}"] * (status != before))

    def stopping(self) -> None:
        self._served = self._reading = False
        self._say("STOPPING=1", "STATUS=stopping: what is being sent gets a few seconds")

    def _say(self, *words: str) -> None:
        if not (self and words):
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with suppress(OSError, ValueError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaking:
            speaking.settimeout(_SEND)
            speaking.sendto("\n".join(words).encode(errors="replace"), address)


@asynccontextmanager
async def supervised(
    supervisor: Supervisor, health: Callable[[], Health], about: Callable[[], str], stop: asyncio.Event
) -> AsyncIterator[None]:
    """Say that it serves once the rounds go, that it lives for as long as `health` says so, and that `stop` is set."""
    if not supervisor:
        yield
        return
    telling = asyncio.create_task(_tell(supervisor, health, about, stop))
    try:
        yield
    finally:
        telling.cancel()
        supervisor.stopping()


async def _tell(
    supervisor: Supervisor, health: Callable[[], Health], about: Callable[[], str], stop: asyncio.Event
) -> None:
    while not (stop.is_set() or health().alive):
        await stopped_within(stop, _LOOK)
    if not stop.is_set():
        supervisor.serves()
    while not stop.is_set():
        supervisor.stands(health(), about())
        await stopped_within(stop, supervisor.pause)
    supervisor.stopping()


def _watchdog(environ: Mapping[str, str]) -> float:
    """Seconds in which the supervisor wants a sign of life; endless where it wants none, or from another process."""
    if environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return float("inf")
    with suppress(ValueError):
        return max(int(environ.get("WATCHDOG_USEC", "")) / 1e6, 2 * _LOOK)
    return float("inf")
