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

    def __init__(self, service: str, timeout: float, give_up: Callable[[], str] = str) -> None:
        """`give_up` is called when it was late: it lets go of what the thread waits for, if it can, and says where."""
        self._service = service
        self._timeout = timeout
        self._give_up = give_up
        self.left_behind: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether a call is still going on that nobody waits for."""
        return self.left_behind is not None and self.left_behind.is_alive()

    def __call__(self, work: Callable[[], Outcome]) -> Outcome:
        """What `work` returns, run in a thread of its own. Raises SendError, its own or one that says it was late."""
        if self.busy:
            raise SendError(f"{self._service} has not answered the previous try yet")
        outcome: list[Outcome | BaseException] = []
        thread = threading.Thread(target=lambda: outcome.append(_of(work)), name=self._service, daemon=True)
        thread.start()
        thread.join(self._timeout)
        if not outcome:
            self.left_behind = thread
            raise SendError(f"{self._service} gave no answer within {self._timeout:g} s{self._give_up()}")
        came = outcome.pop()
        try:
            if isinstance(came, SendError):
                raise came
            if isinstance(came, BaseException):
                raise SendError(f"{self._service} could not be used: {type(came).__name__}") from came
            return came
        finally:
            del came  # an error that its own traceback holds would keep connections open until it is collected


def _of(work: Callable[[], Outcome]) -> Outcome | BaseException:
    try:
        return work()
    except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
        return error
