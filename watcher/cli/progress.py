"""How far a long piece of work has come, on a terminal, once it takes more than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

PATIENCE = 1.0  # seconds before a word is said
AGAIN = 0.2  # and between two
_CLEAR = "\r\033[K"


class Progress:
    """A line on stderr that is written over; none where nobody sees it."""

    def __init__(self) -> None:
        self._seen = sys.stderr.isatty()
        self._said = False
        self._due = time.monotonic() + PATIENCE

    def __call__(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        if self._seen and now >= self._due:
            share = f" {done * 100 // of} %" if of > 1 else ""
            click.echo(f"{_CLEAR}{what}{share} …", nl=False, err=True, color=True)
            self._due, self._said = now + AGAIN, True

    def clear(self) -> None:
        """Make room for a line of the output."""
        if self._said:
            click.echo(_CLEAR, nl=False, err=True, color=True)
            self._said = False


@contextmanager
def progress() -> Iterator[Progress]:
    """Gone at the end, whatever happens."""
    shown = Progress()
    try:
        yield shown
    finally:
        shown.clear()
