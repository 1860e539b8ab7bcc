"""The watcher as it is, with a look at when its polls begin: `python -m tests.bench._late FILE SECONDS run ...`.

After so many seconds it ends and writes to FILE, of each poll that was due `WARM` seconds after the start or later, its
feed, and how many seconds after it was due it began and ended.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench._polled import unspread
from watcher.cli import main
from watcher.jobs import Jobs
from watcher.model import FeedState, PollSaved

WARM = 30.0
"""Seconds in which each feed is polled for the first time, which takes the most."""

late: list[tuple[str, float, float]] = []
started = datetime.now(UTC)


def timed(poll: Any) -> Any:
    @functools.wraps(poll)
    async def noted(jobs: Jobs, state: FeedState) -> PollSaved:
        begun = datetime.now(UTC)
        saved: PollSaved = await poll(jobs, state)
        if state.next_at and (state.next_at - started).total_seconds() >= WARM:
            begin, end = ((at - state.next_at).total_seconds() for at in (begun, datetime.now(UTC)))
            late.append((state.feed.id, begin, end))
        return saved

    return noted


if __name__ == "__main__":
    file, seconds = Path(sys.argv.pop(1)), float(sys.argv.pop(1))
    unspread()
    Jobs.poll = timed(Jobs.poll)  # type: ignore[method-assign]
    end = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGTERM))
    end.daemon = True
    end.start()
    try:
        main()
    finally:
        file.write_text(json.dumps(late), "utf-8")
