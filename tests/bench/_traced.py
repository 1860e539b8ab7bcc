"""`watcher` with a clock at each step that an alert takes: `python -m tests.bench._traced FILE ARGUMENTS...`.

At its end FILE holds a JSON object. `steps`: of each step how often it was taken, its median seconds of waiting and of
processor time on its thread. `handed`: when a message was given to its sender (time.perf_counter), by the mark that
stands in it. `spent`: seconds of processor time from the first of these to the last, of the whole process and of the
thread that it begins on. `parser`: of the parser's processes, from beginning to end.
"""

from __future__ import annotations

import functools
import json
import re
import resource
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from watcher.cli import main
from watcher.deliver.webhook import WebhookSender
from watcher.jobs import Jobs
from watcher.model import Message
from watcher.run.worker import ProcessParser
from watcher.store.sqlite import SqliteStore

MARK = re.compile(r"mark\d+x")
STORED = (
    *("claim_feeds", "known", "save_poll", "open_dispatches", "past", "save_alerts"),
    *("claim_alert", "failing_since", "save_delivery"),
)

taken: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
handed: dict[str, float] = {}
spent: list[tuple[float, float]] = []


def timed(owner: type, name: str) -> None:
    """A call on one thread."""
    call = getattr(owner, name)

    @functools.wraps(call)
    def clocked(*arguments: Any, **more: Any) -> Any:
        begun, busy = time.perf_counter(), time.thread_time()
        try:
            return call(*arguments, **more)
        finally:
            taken[name].append((time.perf_counter() - begun, time.thread_time() - busy))

    setattr(owner, name, clocked)


def waited_for(owner: type, name: str) -> None:
    """A call that waits on the event loop: what it costs there is not to be told from what goes on meanwhile."""
    call = getattr(owner, name)

    @functools.wraps(call)
    async def clocked(*arguments: Any, **more: Any) -> Any:
        begun = time.perf_counter()
        try:
            return await call(*arguments, **more)
        finally:
            taken[name].append((time.perf_counter() - begun, 0.0))

    setattr(owner, name, clocked)


def noted(send: Callable[[Any, Message], Any], main_thread: int) -> Callable[[Any, Message], Any]:
    """A send that notes when it began, and what was spent up to then."""

    @functools.wraps(send)
    def noting(sender: WebhookSender, message: Message) -> Any:
        now = time.perf_counter()
        handed.update(dict.fromkeys(MARK.findall(message.payload), now))
        spent.append((time.process_time(), time.clock_gettime(main_thread)))
        return send(sender, message)

    return noting


def told() -> dict[str, Any]:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole, on_loop = zip(*spent, strict=True)
    columns = {name: tuple(zip(*each, strict=True)) for name, each in taken.items()}
    return {
        "steps": {name: (len(wall), median(wall), median(busy)) for name, (wall, busy) in columns.items()},
        "handed": handed,
        "spent": (whole[-1] - whole[0], on_loop[-1] - on_loop[0]),
        "parser": children.ru_utime + children.ru_stime,
    }


if __name__ == "__main__":
    file = Path(sys.argv.pop(1))
    for name in STORED:
        timed(SqliteStore, name)
    for owner, name in ((ProcessParser, "parse"), (Jobs, "poll"), (Jobs, "alert")):
        waited_for(owner, name)
    setattr(WebhookSender, "send", noted(WebhookSender.send, time.pthread_getcpuclockid(threading.get_ident())))  # noqa: B010 - mypy refuses the other way
    try:
        main()
    finally:
        file.write_text(json.dumps(told()), "utf-8")
