"""edge: WATCHER_FAILPOINT -> a process that dies, or whose store fails, at the place it names: for tests.

    statement:17=kill       before the 17th statement that the process asks its database
    commit:3=full*2         the 3rd and the 4th COMMIT fail as on a full disk; a bare `*` means from then on
    send:2:after=kill       when the 2nd message was accepted, before anybody has noted it
    fetch:4=kill            before the 4th question to a feed
    count                   nothing happens; how often each place was passed is said at the end

Several are separated by commas. Statements and commits can be killed at, or fail as `full`, `ioerr` or `locked`; sends
and fetches, which have means of their own to fail, `before` (which goes without saying) and `after`, can be killed at.
Without the variable nothing is armed: connections, senders and fetchers are what they are anywhere else.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from watcher.errors import UsageError
from watcher.jobs import Outlet
from watcher.model import FetchRequest, Message, Receipt, Response
from watcher.ports import Fetcher, Sender

VARIABLE = "WATCHER_FAILPOINT"
PLACES = ("statement", "commit", "send:before", "send:after", "fetch:before", "fetch:after")
_POINT = re.compile(
    r"(?P<store>statement|commit):(?P<at>[1-9]\d*)=(?P<do>kill|full|ioerr|locked)(?P<more>\*(?P<times>[1-9]\d*)?)?"
    r"|(?P<talk>send|fetch):(?P<nth>[1-9]\d*)(?::(?P<when>before|after))?=kill",
    re.ASCII,
)
_ERRORS = {
    "full": ("SQLITE_FULL", "database or disk is full"),
    "ioerr": ("SQLITE_IOERR_WRITE", "disk I/O error"),
    "locked": ("SQLITE_BUSY", "database is locked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failpoint:
    """What happens when a place is passed for the `first` time and on, until the `last` (None: for good)."""

    place: str
    first: int
    last: int | None
    do: str

    def meets(self, place: str, number: int) -> bool:
        """Whether it is meant by the Nth time that a place is passed."""
        return place == self.place and self.first <= number and (self.last is None or number <= self.last)


class Failpoints:
    """What is to happen where. Unarmed it gives back whatever it is given."""

    def __init__(self, points: Iterable[Failpoint] = (), *, counting: bool = False) -> None:
        self._points = tuple(points)
        self._counting = counting
        self._lock = threading.Lock()
        self.passed = dict.fromkeys(PLACES, 0)
        """How often each place was passed."""

    @property
    def armed(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._points) or self._counting

    @contextmanager
    def at_statements(self) -> Iterator[None]:
        """Every connection to a database that is opened meanwhile passes through here, whoever opens it."""
        if not self.armed:
            yield
            return
        plain = sqlite3.connect
        sqlite3.connect = partial(plain, factory=partial(_Connection, self))  # type: ignore[assignment]
        try:
            yield
        finally:
            sqlite3.connect = plain
            if self._counting:
                sys.stderr.write(f"passed: {' '.join(f'{place}={n}' for place, n in self.passed.items())}\n")

    def outlet(self, outlet: Outlet) -> Outlet:
        """A channel whose sends pass through here."""
        return replace(outlet, sender=_Sender(outlet.sender, self)) if self.armed else outlet

    def fetcher(self, fetcher: Fetcher) -> Fetcher:
        """A fetcher whose fetches pass through here."""
        return _Fetcher(fetcher, self) if self.armed else fetcher

    def at(self, place: str) -> None:
        """A place is passed: dies here, or raises what SQLite would raise, where that is to be."""
        with self._lock:
            self.passed[place] += 1
            number = self.passed[place]
        for point in self._points:
            if point.meets(place, number):
                _happens(point.do)


def read(environ: Mapping[str, str]) -> Failpoints:
    """What the environment wants. Raises UsageError where that cannot be understood."""
    wanted = [part.strip() for part in environ.get(VARIABLE, "").split(",") if part.strip()]
    points = [_point(part) for part in wanted if part != "count"]
    return Failpoints(points, counting="count" in wanted)


def _point(text: str) -> Failpoint:
    found = _POINT.fullmatch(text)
    if found is None:
        raise UsageError(
            f"{VARIABLE}: `{text}` is no failpoint; write statement:17=kill, commit:3=full*2, send:2:after=kill, "
            "fetch:4=kill or count, or take the variable away: it is for tests"
        )
    if found["talk"]:
        at = int(found["nth"])
        return Failpoint(place=f"{found['talk']}:{found['when'] or 'before'}", first=at, last=at, do="kill")
    first, times = int(found["at"]), int(found["times"] or 1)
    last = None if found["more"] == "*" else first + times - 1
    return Failpoint(place=found["store"], first=first, last=last, do=found["do"])


def _happens(do: str) -> None:
    if do == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    name, words = _ERRORS[do]
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode, error.sqlite_errorname = getattr(sqlite3, name), name
    raise error


class _Connection(sqlite3.Connection):
    """A connection that says so before each statement; each row of an executemany is one."""

    def __init__(self, points: Failpoints, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._points = points

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        self._pass(sql)
        return super().execute(sql, *args)

    def executemany(self, sql: str, rows: Iterable[Any]) -> sqlite3.Cursor:
        return super().executemany(sql, _each(rows, partial(self._pass, sql)))

    def executescript(self, script: str) -> sqlite3.Cursor:
        self._pass(script)
        return super().executescript(script)

    def _pass(self, sql: str) -> None:
        self._points.at("statement")
        if sql == "COMMIT":
            self._points.at("commit")


def _each(rows: Iterable[Any], before: Callable[[], None]) -> Iterator[Any]:
    for row in rows:
        before()
        yield row


@dataclass(frozen=True, slots=True)
class _Sender:
    """A sender that says so before each send, and after each that was accepted."""

    sender: Sender
    points: Failpoints

    def send(self, message: Message) -> Receipt:
        self.points.at("send:before")
        receipt = self.sender.send(message)
        self.points.at("send:after")
        return receipt

    def rest(self) -> None:
        self.sender.rest()

    def shown(self, message: Message) -> str:
        return self.sender.shown(message)


@dataclass(frozen=True, slots=True)
class _Fetcher:
    """A fetcher that says so before each fetch, and after each that brought something."""

    fetcher: Fetcher
    points: Failpoints

    async def fetch(self, request: FetchRequest) -> Response:
        self.points.at("fetch:before")
        response = await self.fetcher.fetch(request)
        self.points.at("fetch:after")
        return response

    async def aclose(self) -> None:
        await self.fetcher.aclose()
