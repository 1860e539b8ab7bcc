"""edge: lines -> a stream, by a thread: whoever has something to say never waits for a reader that stalls.

What does not fit while nobody reads is dropped and counted, and where it is missing that is said.
"""

from __future__ import annotations

import os
import select
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Thread
from typing import TextIO

MOST = 2**20
"""Bytes that wait for the stream: some five thousand lines."""
LOOK = 60.0
"""Seconds without a line after which `idle` is called."""


class Writer:
    """Writes each line whole and in order. Threads may share it; it begins with the first line."""

    def __init__(self, stream: TextIO, patience: float, lost: Callable[[int], bytes], idle: Callable[[], None]) -> None:
        """`patience`: seconds that `put` waits for its line to be out; `lost` makes the line that tells how many are
        missing.
        """
        self.dropped = 0
        self._write = _way_into(stream)
        self._patience = patience
        self._lost = lost
        self._idle = idle
        self._lines: deque[bytes | int | None] = deque()  # a number: so many are missing here; None: the end
        self._size = 0
        self._missing = 0  # since the last that was taken
        self._torn = False  # the last line is there in part
        self._stalled = False
        self._changed = Condition()
        self._thread: Thread | None = None

    def put(self, line: bytes) -> None:
        """Have it written; it is dropped while too much waits."""
        with self._changed:
            if self._size + len(line) > MOST:
                self._miss(1)
                return
            self._note()
            self._append(line)
            if self._patience and not self._stalled:
                self._stalled = not self._changed.wait_for(lambda: not self._lines, self._patience)

    def flush(self, timeout: float) -> bool:
        """Whether all is written; waits so many seconds for that."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._lines, timeout)

    def close(self) -> None:
        """Let the thread end when all is written. A line that comes later begins anew."""
        with self._changed:
            if self._thread:
                self._append(None)

    def _append(self, line: bytes | int | None) -> None:
        self._lines.append(line)
        self._size += len(line) if isinstance(line, bytes) else 0
        if self._thread is None:
            thread = Thread(target=self._work, name="log", daemon=True)
            with suppress(RuntimeError):  # it ends, or may have no more threads: the next line tries again
                thread.start()
                self._thread = thread
        self._changed.notify_all()

    def _miss(self, count: int) -> None:
        self._missing += count
        self.dropped += count

    def _note(self) -> None:
        """In its place: before what comes next."""
        if self._missing:
            missing, self._missing = self._missing, 0
            self._append(missing)

    def _work(self) -> None:
        while True:
            with self._changed:
                waited_for = bool(self._lines) or self._changed.wait(LOOK)
                line = self._lines[0] if self._lines else b""
                if line is None:
                    self._lines.popleft()
                    self._thread = None
                    return
            if line:
                good = self._written(self._lost(line) if isinstance(line, int) else line)
                with self._changed:
                    self._done(line, good=good)
            elif not waited_for:
                self._idle()

    def _done(self, line: bytes | int, *, good: bool) -> None:
        """The first that waited is out, or gone."""
        self._lines.popleft()
        self._size -= len(line) if isinstance(line, bytes) else 0
        if not good:
            self._missing += line if isinstance(line, int) else 1
            self.dropped += not isinstance(line, int)
        elif not self._lines:
            self._note()
        self._stalled = self._stalled and bool(self._lines)
        self._changed.notify_all()

    def _written(self, line: bytes) -> bool:
        """Whether the stream took it whole."""
        rest = memoryview(b"\n" + line if self._torn else line)
        whole = len(rest)
        try:
            while rest:
                rest = rest[self._write(rest) :]
        except (OSError, ValueError):  # nobody reads it any more, or its disk is full
            self._torn = self._torn or len(rest) < whole
            return False
        self._torn = False
        return True


def _way_into(stream: TextIO) -> Callable[[memoryview], int]:
    """What writes some bytes and says how many. Past the stream's own buffer where it has a file: a thread that stalls
    there holds a lock without which the interpreter cannot end.
    """
    try:
        file = stream.fileno()
    except (OSError, ValueError, AttributeError):
        return lambda piece: _through(stream, piece)
    return lambda piece: _into(file, piece)


def _through(stream: TextIO, piece: memoryview) -> int:
    stream.write(bytes(piece).decode(getattr(stream, "encoding", None) or "utf-8"))
    stream.flush()
    return len(piece)


def _into(file: int, piece: memoryview) -> int:
    try:
        return os.write(file, piece)
    except BlockingIOError:  # another program has set the pipe so
        poll = select.poll()
        poll.register(file, select.POLLOUT)
        poll.poll()
        return 0
