"""edge: a response -> its entries, or the one that its page makes, parsed by a child process that can be killed.

A document may be made to cost its reader hours or gigabytes, so it is read where that hurts nobody: the child limits
its own memory and, anew for each document, its processor time; the parent also limits the time it waits. A child that
was stopped, died or spoke nonsense is replaced at the next call. What parses is loaded by the child (child.py) alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar, cast

from watcher.errors import ParseError
from watcher.model import Entry, Hash64, Parsed, Recipe, Response
from watcher.run import wire

T = TypeVar("T")
_RETIRE_AFTER = 1000
"""Documents after which a child is replaced, so that what its memory allocator keeps cannot grow into the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document may cost: seconds of processor time, bytes of address space, seconds of waiting."""

    cpu: float = 5.0
    memory: int = 512 * 2**20
    wall: float = 30.0


class InProcessParser:
    """ports.Parser without a process, for tests and for input one trusts."""

    async def parse(
        self,
        response: Response,
        known: frozenset[Hash64],
        recipe: Recipe | None = None,
        scope: Hash64 | None = None,
    ) -> Parsed:
        from watcher.parse import parse

        return parse(response, known, recipe, scope)

    async def page(self, response: Response) -> Entry:
        from watcher.parse.fulltext import article

        return article(response)

    async def aclose(self) -> None:
        pass


class ProcessParser:
    """ports.Parser by child processes: one is started at the first call, another only while all are busy."""

    def __init__(self, limits: Limits | None = None, *, workers: int = 1, command: Sequence[str] | None = None) -> None:
        self._limits = limits or Limits()
        self._command = tuple(command or _command(self._limits))
        self._turns = asyncio.Semaphore(workers)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()

    async def parse(
        self,
        response: Response,
        known: frozenset[Hash64],
        recipe: Recipe | None = None,
        scope: Hash64 | None = None,
    ) -> Parsed:
        """Raises what watcher.parse.parse raises, and worker-cpu, worker-memory, worker-died."""
        return await self._asked(wire.question(response, known, recipe, scope), wire.answered)

    async def page(self, response: Response) -> Entry:
        """Raises what watcher.parse.fulltext.article raises, and the same of the worker."""
        return await self._asked(wire.page_question(response), wire.page_answered)

    async def _asked(self, question: wire.Question, read: Callable[[Any], T]) -> T:
        async with self._turns:
            worker = self._hire()
            fit = False
            try:
                answer = await self._ask(worker, question, read)
                fit = True
            except ParseError as error:
                fit = error.kind not in _FATAL
                raise
            finally:
                self._return(worker, fit=fit)
            return answer

    async def aclose(self) -> None:
        """Also ends what is being parsed: its caller gets a ParseError."""
        busy = self._all.difference(self._idle)
        for worker in busy:
            worker.kill()
        for worker in self._idle:
            worker.bury()
        self._idle.clear()
        self._all.clear()

    def _hire(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.fit:
                return worker
            self._return(worker, fit=False)
        try:
            worker = _Worker(self._command, self._limits)
        except OSError as error:  # no process, memory or descriptor left: the next call may have one
            why = (error.strerror or str(error)).lower()
            raise ParseError(f"the parser's process could not be started ({why})", kind="worker-died") from error
        self._all.add(worker)
        return worker

    def _return(self, worker: _Worker, *, fit: bool) -> None:
        if fit and worker in self._all and worker.fit:
            self._idle.append(worker)
        else:
            self._all.discard(worker)
            worker.bury()

    async def _ask(self, worker: _Worker, question: wire.Question, read: Callable[[Any], T]) -> T:
        asking = asyncio.ensure_future(asyncio.to_thread(worker.ask, question, read))
        try:
            async with asyncio.timeout(self._limits.wall):
                return await asyncio.shield(asking)
        except TimeoutError:
            message = f"reading the document took longer than {self._limits.wall:g} s and was stopped"
            raise ParseError(message, kind="worker-died") from None
        finally:
            if not asking.done():  # out of time, or nobody waits any more: the thread ends when the child does
                worker.kill()
                await asyncio.wait((asking,))
                asking.exception()


class _Worker:
    """One child. `ask` blocks and is called by one thread at a time."""

    def __init__(self, command: Sequence[str], limits: Limits) -> None:
        self._limits = limits
        self._documents = 0
        self._spent = False
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(os.environ),
            process_group=0,  # Ctrl-C is for the foreground group; here it could come before the child ignores it
        )

    @property
    def fit(self) -> bool:
        return not self._spent and self._documents < _RETIRE_AFTER and self._process.poll() is None

    def ask(self, question: wire.Question, read: Callable[[Any], T]) -> T:
        """The answer's header as it is `read`."""
        self._documents += 1
        stdin, stdout = self._process.stdin, self._process.stdout
        header, bodies = question
        with contextlib.suppress(BrokenPipeError):  # it may have said why before it went
            wire.write_frame(cast(BinaryIO, stdin), header, *bodies)
        try:
            frame = wire.read_frame(cast(BinaryIO, stdout))
            if frame is not None:
                self._spent = frame[1] == wire.SPENT
                return read(frame[0])
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            message = f"the parser's process answered nonsense ({type(error).__name__}) and was stopped"
            raise ParseError(message, kind="worker-died") from error
        raise self._obituary()

    def kill(self) -> None:
        self._process.kill()

    def bury(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                cast(BinaryIO, pipe).close()

    def _obituary(self) -> ParseError:
        try:
            status = self._process.wait(_DYING)
        except subprocess.TimeoutExpired:
            status = 0
        if -status in {signal.SIGPROF, signal.SIGXCPU}:
            message = f"reading the document took more than {self._limits.cpu:g} s of processor time and was stopped"
            return ParseError(message, kind="worker-cpu")
        how = f"by {signal.Signals(-status).name}" if status < 0 else f"with exit status {status}"
        return ParseError(f"the parser's process ended {how} while reading the document", kind="worker-died")


_FATAL = frozenset(("worker-cpu", "worker-memory", "worker-died"))
_DYING = 5.0  # seconds from the end of a child's output to its own


def _command(limits: Limits) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", "watcher.run.child", str(limits.cpu), str(limits.memory))


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What Python needs; the operator's secrets are nothing a parser of foreign bytes should be able to reach."""
    return {name: value for name, value in environment.items() if name in {"PATH", "LANG"} or name.startswith("PYTHON")}
