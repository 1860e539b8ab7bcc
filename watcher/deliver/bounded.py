"""edge: a call that may hang -> its outcome within a time, whatever it does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from watcher.errors import SendError

Outcome = TypeVar("Outcome")


class Bounded(Generic[Outcome]):
    """Calls of one channel's service, each over within `timeout` seconds for whoever asked.

    A thread cannot be stopped from outside, so one that hangs is left behind; until it ends the channel refuses
    further calls, and there is never more than one such thread a channel. Its message may still arrive: at least once.
    """

    def __init__(self, service: str, timeout: float) -> None:
        self._service = service
        self._timeout = timeout
        self.left_behind: threading.Thread | None = None

    def __call__(self, work: Callable[[], Outcome]) -> Outcome:
        """What `work` returns, run in a thread of its own. Raises SendError, its own or one that says it was late."""
        if self.left_behind and self.left_behind.is_alive():
            raise SendError(f"{self._service} has not answered the previous try yet")
        outcome: list[Outcome | BaseException] = []
        thread = threading.Thread(target=lambda: outcome.append(_of(work)), name=self._service, daemon=True)
        thread.start()
        thread.join(self._timeout)
        if not outcome:
            self.left_behind = thread
            raise SendError(f"{self._service} gave no answer within {self._timeout:g} s")
        if isinstance(outcome[0], SendError):
            raise outcome[0]
        if isinstance(outcome[0], BaseException):
            raise SendError(f"{self._service} could not be used: {type(outcome[0]).__name__}") from outcome[0]
        return outcome[0]


def _of(work: Callable[[], Outcome]) -> Outcome | BaseException:
    try:
        return work()
    except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
        return error
