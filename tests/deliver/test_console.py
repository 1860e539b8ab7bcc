"""The console channel on terminals, pipes and broken streams."""

from __future__ import annotations

import io
import os
import pty

import pytest

from watcher.deliver.console import ConsoleSender
from watcher.errors import SendError
from watcher.model import AlertKey, Message, Severity
from watcher.render import Terminal

MESSAGE = Message(key=AlertKey("k"), title="t", body="● high  Größe\n  line\n", severity=Severity.HIGH)


class Counting(io.StringIO):
    writes = 0
    flushes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)

    def flush(self) -> None:
        self.flushes += 1
        super().flush()


def test_a_message_is_one_write_and_flushed() -> None:
    stream = Counting()
    ConsoleSender(stream, {}).send(MESSAGE)
    assert (stream.writes, stream.flushes) == (1, 1)
    assert stream.getvalue() == "● high  Größe\n  line\n\n"


def test_a_stream_that_knows_few_letters_gets_question_marks() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    ConsoleSender(stream, {}).send(MESSAGE)
    assert raw.getvalue() == b"? high  Gr??e\n  line\n\n"


def test_a_pipe_whose_reader_left_is_a_send_error() -> None:
    read, write = os.pipe()
    os.close(read)
    stream = os.fdopen(write, "w", encoding="utf-8")
    with pytest.raises(SendError, match="Broken pipe"):
        ConsoleSender(stream, {}).send(MESSAGE)
    with pytest.raises(BrokenPipeError):
        stream.close()


def test_a_closed_stream_is_a_send_error() -> None:
    stream = io.StringIO()
    stream.close()
    sender = ConsoleSender(stream, {})
    with pytest.raises(SendError, match="closed"):
        sender.send(MESSAGE)
    assert sender.medium == Terminal(width=80, colour=False)


def test_a_pipe_gets_no_colours() -> None:
    assert ConsoleSender(io.StringIO(), {}).medium == Terminal(width=80, colour=False)


@pytest.mark.parametrize(
    ("environ", "colour"),
    [
        ({}, True),
        ({"TERM": "xterm-256color"}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
    ],
)
def test_a_terminal_gets_colours_unless_it_or_its_user_says_no(environ: dict[str, str], colour: bool) -> None:  # noqa: FBT001
    master, slave = pty.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as stream:
        medium = ConsoleSender(stream, environ).medium
    os.close(master)
    assert medium.colour is colour
    assert 40 <= medium.width <= 100
