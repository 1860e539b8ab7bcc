"""The watcher as it is, with a count of its polls: `python -m tests.bench._polled FILE POLLS PROFILE run --config ...`.

Every feed is due when it starts. It ends after so many polls and writes to FILE what they took: processor seconds of
its process and of the parser's, without those up to the end of the first `WARM` polls, and how many were counted.
With a PROFILE other than - what its main thread and its store's did is written there, one file each, for pstats.
"""

from __future__ import annotations

import cProfile
import functools
import json
import os
import resource
import signal
import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench._process import family, processor
from watcher.cli import main
from watcher.jobs import Jobs
from watcher.model import Feed, FeedState, PollSaved
from watcher.run.threads import OneThread
from watcher.schedule import Intervals
from watcher.store.sqlite import SqliteStore

WARM = 0.05
"""Of all polls: caches fill, and the parser's process is started."""


def unspread() -> None:
    """Let all that is due be polled at once, which else is spread over minutes after a start."""

    def first(_: Intervals, feed: Feed, feeds: int, now: datetime, rand: float) -> datetime:
        return now

    Intervals.first = first  # type: ignore[assignment, method-assign]
    SqliteStore.spread_overdue = lambda *_: 0  # type: ignore[method-assign]


def spent() -> tuple[float, float]:
    """Processor seconds of this process, and of its children, up to now."""
    ended, pid = resource.getrusage(resource.RUSAGE_CHILDREN), os.getpid()
    alive = sum(processor(child) for child in family(pid) if child != pid)
    return time.process_time(), alive + ended.ru_utime + ended.ru_stime


class Counted:
    """Polls that are counted."""

    def __init__(self, polls: int, file: Path, profile: str) -> None:
        self.polls, self.file, self.ended = polls, file, 0
        self.profile = None if profile == "-" else profile
        self.profiles: list[cProfile.Profile] = []
        self.failed = 0
        self.begun = (0.0, 0.0)
        self.warm = max(1, round(WARM * polls))

    def of(self, poll: Any) -> Any:
        @functools.wraps(poll)
        async def counted(jobs: Jobs, state: FeedState) -> PollSaved:
            saved: PollSaved = await poll(jobs, state)
            self.failed += bool(saved.state.error)
            self.end()
            return saved

        return counted

    def end(self) -> None:
        self.ended += 1
        if self.ended == self.warm:
            self.begun = spent()
            if self.profile:
                self.profiles[0].enable()
        if self.ended == self.polls:
            if self.profile:
                self.profiles[0].disable()
            ours, theirs = (now - then for now, then in zip(spent(), self.begun, strict=True))
            told = {"polls": self.polls - self.warm, "failed": self.failed, "ours": ours, "parser": theirs}
            self.file.write_text(json.dumps(told), "utf-8")
            os.kill(os.getpid(), signal.SIGTERM)

    def profiled(self) -> None:
        """Profile this thread, and the store's from its begin."""
        self.profiles.append(cProfile.Profile(time.thread_time))
        work = OneThread._work

        def working(thread: OneThread) -> None:
            self.profiles.append(cProfile.Profile(time.thread_time))
            self.profiles[-1].runcall(work, thread)

        OneThread._work = working  # type: ignore[assignment, method-assign]

    def write_profiles(self) -> None:
        for number, profile in enumerate(self.profiles):
            profile.dump_stats(f"{self.profile}.{number}")


def all_due(database: Path) -> None:
    if database.exists():
        with closing(sqlite3.connect(database)) as base, base:
            base.execute("UPDATE feeds SET next_at = :now, lease_until = NULL", {"now": time.time_ns() // 1000})


if __name__ == "__main__":
    counted = Counted(int(sys.argv.pop(2)), Path(sys.argv.pop(1)), sys.argv.pop(1))
    all_due(Path(sys.argv[sys.argv.index("--config") + 1]).parents[1] / "var" / "watcher.db")
    if counted.profile:
        counted.profiled()
    unspread()
    Jobs.poll = counted.of(Jobs.poll)  # type: ignore[method-assign]
    try:
        main()
    finally:
        counted.write_profiles()
