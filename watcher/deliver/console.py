"""edge: message -> a terminal, a pipe or a file."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import TextIO

from watcher.errors import SendError
from watcher.model import Message, Receipt
from watcher.render import Terminal

WIDEST = 100
"""Columns; longer lines are hard to read."""
NARROWEST = 40


class ConsoleSender:
    """Writes each message whole, in one write, and flushes: what is accepted is out of this process."""

    def __init__(self, stream: TextIO, environ: Mapping[str, str]) -> None:
        self._stream = stream
        self._environ = environ

    @property
    def medium(self) -> Terminal:
        """The terminal as it is now: windows are resized."""
        width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST) if self._is_terminal() else 80
        return Terminal(width=width, colour=self._is_terminal() and self._wants_colour())

    def send(self, message: Message) -> Receipt:
        """Write the body and a blank line. Characters the stream cannot encode are shown as question marks."""
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        text = f"{message.body}\n".encode(encoding, "replace").decode(encoding)
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            raise SendError(f"the console does not take it: {error}") from error
        return Receipt(detail="written")

    def rest(self) -> None:
        """Nothing is kept."""

    def shown(self, message: Message) -> str:
        return message.body

    def _is_terminal(self) -> bool:
        return not self._stream.closed and self._stream.isatty()

    def _wants_colour(self) -> bool:
        """https://no-color.org: NO_COLOR set to anything but nothing."""
        return not self._environ.get("NO_COLOR") and self._environ.get("TERM") != "dumb"
