"""A household that uses the watcher: a folder with its configuration, its rules and its data, and the commands.

Everything goes through the command line in processes of their own, as a person's would.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.stories.forker import Child, Forker

WATCHER = [sys.executable, "-m", "watcher"]
_OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG", "TZ", "SSL_")
"""Beginnings of environment variables that are looked at as a process starts."""
SEEDS = Path(__file__).parents[2] / "seeds"
QUICK = {"interval": "1s", "min_interval": "1s", "folder_interval": "1s"}
"""Polling scaled down: every second, nothing waited for."""
EAGER = {"ladder": ["1s"], "give_up_after": "60s", "timeout": "20s"}
"""Delivery scaled down: another try each second. A try may take its time: one that was accepted late is made again."""


def rss(items: Sequence[tuple[str, str]], *, title: str = "A feed") -> bytes:
    """An RSS 2.0 feed of (guid, title) pairs, newest first."""
    date = format_datetime(datetime(2026, 3, 1, tzinfo=UTC))
    entries = "".join(
        f"<item><guid isPermaLink='false'>{escape(guid)}</guid><title>{escape(words)}</title>"
        f"<link>http://news.example/{escape(guid)}</link><pubDate>{date}</pubDate>"
        f"<description>{escape(words)}, said a spokesman.</description></item>"
        for guid, words in items
    )
    channel = f"<channel><title>{escape(title)}</title>{entries}</channel>"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'>{channel}</rss>".encode()


def until(condition: Callable[[], object], what: str, timeout: float = 60) -> None:
    """Wait for something to become true; AssertionError naming it when it does not in `timeout` seconds."""
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {timeout} s"
        time.sleep(0.02)


@cache
def commands() -> Forker:
    """For as long as the tests run."""
    forker = Forker("commands")
    atexit.register(forker.close)
    return forker


def _text(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.read()


class Daemon:
    """`watcher run` in a process of its own; its output goes to files that can be read at any time."""

    def __init__(self, process: subprocess.Popen[bytes] | Child, out: Path, err: Path) -> None:
        self.process = process
        self._out, self._err = out, err

    @property
    def out(self) -> str:
        return self._out.read_text("utf-8")

    @property
    def err(self) -> str:
        return self._err.read_text("utf-8")

    def says(self, words: str, timeout: float = 60) -> None:
        until(lambda: words in self.out or self.process.poll() is not None, f"{words!r} on stdout", timeout)
        assert words in self.out, f"the daemon ended with {self.process.returncode}: {self.err}"

    def logs(self, words: str, timeout: float = 60) -> None:
        until(lambda: words in self.err or self.process.poll() is not None, f"{words!r} in the log", timeout)
        assert words in self.err, f"the daemon ended with {self.process.returncode}: {self.err}"

    def stop(self, how: signal.Signals = signal.SIGTERM, timeout: float = 60) -> tuple[int, float]:
        """Signal it and wait; its exit code and how many seconds it took."""
        start = time.monotonic()
        self.process.send_signal(how)
        return self.process.wait(timeout), time.monotonic() - start


class House:
    """One installation under a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config = root / "config" / "watcher.yaml"
        self.rules = root / "rules"
        self.rules.mkdir(parents=True)
        self.config.parent.mkdir()
        self._runs = 0
        self.rule("strikes", "strike")

    def settings(
        self,
        *,
        feeds: Sequence[Mapping[str, object]] = (),
        channels: Sequence[Mapping[str, object]] = ({"name": "console", "url": "console://"},),
        **sections: Any,
    ) -> None:
        """Write the configuration (JSON is YAML), scaled down for tests, loopback allowed."""
        whole = {
            "schema": "watcher/1",
            "data": "../var",
            "rules": ["../rules"],
            "operator": [channels[0]["name"]],
            "allow_private": ["127.0.0.0/8"],
            "poll": QUICK,
            "delivery": EAGER,
            "fetch": {"per_host_pause": "0.01s"},
            "http": {"listen": "off"},
            "feeds": list(feeds),
            "channels": list(channels),
        }
        self.config.write_text(json.dumps(whole | sections, indent=1), "utf-8")

    def rule(self, name: str, match: str, **keys: Any) -> Path:
        """A rule file of its own with one rule."""
        path = self.rules / f"{name}.yaml"
        path.write_text(json.dumps({"schema": "watch/1", "rules": [{"id": name, "match": match} | keys]}), "utf-8")
        return path

    def watcher(
        self, *arguments: str, env: Mapping[str, str] | None = None, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return self.command(*arguments, "--config", str(self.config), env=env, timeout=timeout)

    def command(
        self, *arguments: str, env: Mapping[str, str] | None = None, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """The same with these words alone, without the configuration."""
        with self._started(arguments, env, WATCHER) as (process, out, err):
            code = process.wait(timeout)
            return subprocess.CompletedProcess([*arguments], code, _text(out), _text(err))

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command prints with --json."""
        done = self.watcher(arguments[0], *arguments[1:], "--json")
        assert done.returncode in {0, 1}, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def asked(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers to a query."""
        with closing(sqlite3.connect(self.root / "var" / "watcher.db")) as base:
            return base.execute(query).fetchall()

    def status(self) -> dict[str, Any]:
        return self.rows("status")[0]

    def knows(self, items: int) -> bool:
        """Whether so many items are stored; also while the database is still being made."""
        done = self.watcher("status", "--json")
        return done.returncode == 0 and json.loads(done.stdout)["items"] == items

    @contextmanager
    def daemon(
        self, *arguments: str, env: Mapping[str, str] | None = None, by: Sequence[str] = WATCHER
    ) -> Iterator[Daemon]:
        """`watcher run` for as long as the block lasts; killed at its end if it still runs."""
        with self._started(["run", "--config", str(self.config), *arguments], env, by) as (process, out, err):
            yield Daemon(process, out, err)

    @contextmanager
    def _started(
        self, arguments: Sequence[str], env: Mapping[str, str] | None, by: Sequence[str]
    ) -> Iterator[tuple[subprocess.Popen[bytes] | Child, Path, Path]]:
        """A process, forked off one that has loaded everything where nothing speaks against it, and its two files."""
        self._runs += 1
        out, err = self.root / f"out.{self._runs}", self.root / f"err.{self._runs}"
        process: subprocess.Popen[bytes] | Child
        if by is WATCHER and not any(name.startswith(_OF_THE_INTERPRETER) for name in env or {}):
            out.touch()
            err.touch()
            process = commands().command(arguments, self.root, self._env(env), out, err)
        else:
            with out.open("wb") as stdout, err.open("wb") as stderr:
                process = subprocess.Popen(
                    [*by, *arguments], stdout=stdout, stderr=stderr, cwd=self.root, env=self._env(env)
                )
        try:
            yield process, out, err
        finally:
            process.kill()
            process.wait()

    def _env(self, more: Mapping[str, str] | None) -> dict[str, str]:
        return {**os.environ, "NO_COLOR": "1", **(more or {})}
