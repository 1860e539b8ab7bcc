"""edge: questions on standard input -> answers on standard output: the process that parses, for worker.py.

`python -m watcher.run.child CPU MEMORY` reads documents of which each may cost so many seconds of processor time, in so
many bytes of address space. It ends when its input does, which is when its parent ends.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from watcher.errors import ParseError
from watcher.parse import feed, parse  # noqa: F401 - what reads feeds is loaded before a document's time runs
from watcher.parse.fulltext import article
from watcher.run import wire

_MUCH = 0.3
"""Share of the memory it may have at which a process is replaced; one that reads feeds of megabytes has less."""


def main(cpu: float, memory: int) -> None:
    """Answer frames until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not speak for us
    try:
        with contextlib.suppress(BrokenPipeError):
            while (frame := wire.read_frame(sys.stdin.buffer)) is not None:
                signal.setitimer(signal.ITIMER_PROF, cpu)
                told = _answer(*frame)
                signal.setitimer(signal.ITIMER_PROF, 0)
                wire.write_frame(answers, told, wire.SPENT if _grown(memory) else b"")
                del frame, told
    except MemoryError:
        signal.setitimer(signal.ITIMER_PROF, 0)
        message = f"reading the document took more than {memory // 2**20} MiB of memory and was stopped"
        wire.write_frame(answers, wire.refusal("worker-memory", message))


def _grown(memory: int) -> bool:
    """An allocator seldom gives memory back: what one huge document took would stay for as long as the process."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[1]  # getrusage counts what the parent had when it forked
        return int(pages) * resource.getpagesize() > _MUCH * memory
    except (OSError, ValueError, IndexError):
        return False


def _answer(header: Any, body: bytes) -> dict[str, Any]:
    try:
        response, known, recipe, scope = wire.asked(header, body)
        if header.get("page"):
            return wire.page_answer(article(response))
        return wire.answer(parse(response, known, recipe, scope))
    except ParseError as error:
        return wire.refusal(error.kind, str(error), error.feeds)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a mistake of ours must not look like a dead process
        detail = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return wire.refusal("worker-died", f"the parser failed on the document ({detail})")


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
