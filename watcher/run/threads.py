"""edge: blocking calls -> awaitables, on threads that never hold up the end of the process."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


def in_thread(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
    """Run the call on a daemon thread of its own: a send that hangs is left behind when the process ends."""
    future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    threading.Thread(target=_run, args=(future, lambda: call(*args, **kwargs)), daemon=True).start()
    return future


class OneThread:
    """Runs calls one after the other on one daemon thread: the store's single writer."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[tuple[asyncio.Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def __call__(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._calls.put((future, lambda: call(*args, **kwargs)))
        return future

    def close(self, timeout: float) -> bool:
        """Finish the calls already handed in; True when that was done within `timeout` seconds."""
        self._calls.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._calls.get()) is not None:
            _run(*job)


def _run(future: asyncio.Future[T], call: Callable[[], T]) -> None:
    try:
        outcome: Callable[[], None]
        result = call()
        outcome = lambda: future.set_result(result)  # noqa: E731
    except BaseException as error:  # noqa: BLE001  whatever it is, it belongs to who awaits
        failure = error
        outcome = lambda: future.set_exception(failure)  # noqa: E731
    loop = future.get_loop()
    try:
        loop.call_soon_threadsafe(lambda: None if future.done() else outcome())
    except RuntimeError:  # the loop has closed: nobody is waiting any more
        return
