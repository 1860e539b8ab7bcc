"""Signals as they are in a terminal, also where the tests run in the background of a script, or under nohup."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def signals() -> Iterator[None]:
    """A shell lets what it starts in the background ignore SIGINT, and that is handed on from process to process."""
    ctrl_c = signal.signal(signal.SIGINT, signal.default_int_handler)
    hang_up = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, ctrl_c)
    signal.signal(signal.SIGHUP, hang_up)
