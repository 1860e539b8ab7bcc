"""Calls that may hang."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from watcher.deliver.bounded import Bounded
from watcher.errors import SendError


def test_what_the_call_returns_or_raises_is_what_it_comes_to() -> None:
    bounded: Bounded[int] = Bounded("Chat", 5)
    assert bounded(lambda: 7) == 7
    with pytest.raises(SendError, match=r"^no$"):
        bounded(_raising(SendError("no", denied=True)))
    with pytest.raises(SendError, match=r"^Chat could not be used: ZeroDivisionError$") as caught:
        bounded(_raising(ZeroDivisionError("secret")))
    assert not caught.value.permanent


def test_a_call_that_hangs_is_left_behind_and_is_the_only_one() -> None:
    release = threading.Event()
    bounded: Bounded[bool] = Bounded("Chat", 0.05, lambda: " while talking")
    with pytest.raises(SendError, match=r"^Chat gave no answer within 0\.05 s while talking$"):
        bounded(release.wait)
    with pytest.raises(SendError, match=r"^Chat has not answered the previous try yet$"):
        bounded(release.wait)
    assert bounded.busy
    release.set()
    assert bounded.left_behind
    bounded.left_behind.join(5)
    assert bounded(release.wait) is True


def _raising(error: Exception) -> Callable[[], int]:
    def call() -> int:
        raise error

    return call
