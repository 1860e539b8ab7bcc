"""edge: an event loop that stands still -> a word in the log with the place where it hangs, and in the end an exit.

Time is counted in looks of the watching thread. It stands still itself while the machine sleeps, the process is stopped
or the processor is taken by others, so none of that counts.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice

from watcher.jobs import Log
from watcher.observe import flush

EXIT = 2
"""What the process ends with: a mistake of ours or of a library, and worth another start."""
_DEPTH = 8  # frames of the place where it hangs
_SAYING = 2.0  # seconds that the last word may take: what hangs may be the log


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds: from look to look; of standing still until it is said, until it is said again, until the end."""

    look: float = 1.0
    slow: float = 5.0
    again: float = 60.0
    end: float = 60.0


@asynccontextmanager
async def guarded(log: Log, patience: Patience | None = None) -> AsyncIterator[None]:
    """Watch over the running loop for as long as the block lasts."""
    done = threading.Event()
    guard = _Guard(asyncio.get_running_loop(), threading.get_ident(), log, patience or Patience())
    threading.Thread(target=guard.watch, args=(done,), name="watchdog", daemon=True).start()
    try:
        yield
    finally:
        done.set()


class _Guard:
    def __init__(self, loop: asyncio.AbstractEventLoop, thread: int, log: Log, patience: Patience) -> None:
        self._loop = loop
        self._thread = thread
        self._log = log
        self._patience = patience
        self._still = 0.0  # seconds for which the loop has not moved
        self._said = -patience.again  # when that was said last
        self._looked = 0.0  # seconds of looking
        self._moved = threading.Event()

    def watch(self, done: threading.Event) -> None:
        self._ask()
        while not done.wait(self._patience.look):
            self._looked += self._patience.look
            if self._moved.is_set():
                self._still = 0.0
                self._ask()
            else:
                self._still += self._patience.look
                self._judge()

    def _ask(self) -> None:
        self._moved.clear()
        try:
            self._loop.call_soon_threadsafe(self._moved.set)
        except RuntimeError:  # it has closed, which is as good as moving
            self._moved.set()

    def _judge(self) -> None:
        if self._still >= self._patience.end:
            self._say(self._log.error, "the event loop stands still: ending, so that the watcher can be started again")
            os._exit(EXIT)
        if self._still >= self._patience.slow and self._looked - self._said >= self._patience.again:
            self._said = self._looked
            self._say(self._log.warning, "the event loop stands still: nothing is polled or sent meanwhile")

    def _say(self, level: Callable[..., object], event: str) -> None:
        """On a thread of its own: whoever hangs may hold the log."""
        about = {"seconds": round(self._still, 1), "at": place(self._thread)}

        def said() -> None:
            level(event, **about)
            flush()

        saying = threading.Thread(target=said, daemon=True)
        saying.start()
        saying.join(_SAYING)


def place(thread: int) -> str:
    """Where a thread is: its innermost calls, that one first, as `module:line function`; no values of anything."""
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - documented, and the only way to see another thread
    stack = islice(traceback.walk_stack(frame), _DEPTH) if frame else ()
    return " < ".join(f"{at.f_globals.get('__name__', '?')}:{line} {at.f_code.co_name}" for at, line in stack)
