"""edge: events and other libraries' log records -> one line each on a stream, without secrets.

Lines for people on a terminal, JSON Lines otherwise. Nothing from outside makes a second line: control characters
and line ends are escaped. Redacting comes before a line is made and once more after, since making one escapes.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TextIO

from watcher.observe.redact import Redactor
from watcher.observe.repeats import Repeats
from watcher.observe.writer import Writer

_MAX_VALUE = 2_000  # characters of one value in a line
_MAX_TRACEBACK = 20_000
_CHATTY = ("apprise", "httpx", "httpcore", "aiohttp", "apscheduler", "asyncio", "tzlocal", "urllib3")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_PATIENCE = 0.2
"""Seconds that a line waits for a person's terminal, so that it stands in its place among what others write there."""
_FAREWELL = 1.0
"""Seconds that the last lines get to be written."""
_SUBJECT = ("feed", "channel", "rule", "logger")
"""What an event may be about: the same again and again is counted."""
_WORDS = ("error", "flaw", "exception")
"""What differs where a thing went wrong in another way."""

Event = Mapping[str, Any]
_now = time.monotonic


def configure(stream: TextIO, redactor: Redactor, *, terminal: bool, debug: bool = False) -> Lines:
    """Send every log record of the process, whoever made it, to `stream` and nowhere else.

    `terminal`: lines for people, else JSON Lines. `debug`: everything, with tracebacks; else other libraries' warnings
    and our own events from info upwards, and what repeats itself is counted.
    """
    handler = Lines(stream, redactor, terminal=terminal, debug=debug)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET if debug else logging.WARNING)
    logging.captureWarnings(capture=True)
    return handler


def flush() -> None:
    """Write what is not written yet, within a second: before the process ends in a way that asks nobody."""
    for handler in logging.getLogger().handlers:
        handler.flush()


class Lines(logging.Handler):
    """Makes a line of a record, and never anything else: what goes wrong in making it is a line too.

    The writing is another thread's. `flush` waits for it; `logging` calls it when the process ends.
    """

    def __init__(self, stream: TextIO, redactor: Redactor, *, terminal: bool, debug: bool) -> None:
        super().__init__()
        self._redact = redactor
        self._terminal = terminal
        self._debug = debug
        self._encoding = getattr(stream, "encoding", None) or "utf-8"
        self._repeats: Repeats[Event] = Repeats()
        self._writer = Writer(stream, _PATIENCE if terminal else 0.0, self._lost, self._say_repeats)

    @property
    def dropped(self) -> int:
        """Lines that nobody took, up to now."""
        return self._writer.dropped

    def emit(self, record: logging.LogRecord) -> None:
        self._say_repeats()
        try:
            event = self._event(record)
            told = self._debug or record.levelno < logging.WARNING or self._repeats.admit(event, *_kind(event), _now())
            line = self._line(event)
        except Exception as error:  # noqa: BLE001 - logging must not raise, nor print what it was given
            told, line = True, f"a log line of {record.name} could not be made: {type(error).__name__}"
        if told:
            self._put(line)

    def flush(self) -> None:
        self._say_counted(self._repeats.rest())
        self._writer.flush(_FAREWELL)

    def close(self) -> None:
        self._writer.close()
        super().close()

    def _say_repeats(self) -> None:
        self._say_counted(self._repeats.due(_now()))

    def _say_counted(self, counted: Iterable[tuple[Event, int]]) -> None:
        for event, more in counted:
            self._put(self._line({**event, "more": more} if more else event))

    def _put(self, line: str) -> None:
        self._writer.put(f"{self._redact(line)}\n".encode(self._encoding, "backslashreplace"))

    def _lost(self, count: int) -> bytes:
        """What is said where lines are missing."""
        event = {
            "time": _written(time.time()),
            "level": "warning",
            "event": "log lines are missing here: nobody took them",
        }
        return f"{self._line({**event, 'count': count})}\n".encode(self._encoding, "backslashreplace")

    def _line(self, event: Event) -> str:
        return _human(event) if self._terminal else json.dumps(event)

    def _event(self, record: logging.LogRecord) -> Event:
        given = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage(), "logger": record.name}
        about = {key: self._clean(value) for key, value in given.items() if key not in {"event", "exc_info"}}
        return {
            "time": _written(record.created),
            "level": record.levelname.lower(),
            "event": self._clean(given.get("event", "")),
            **about,
            **self._exception(given.get("exc_info") or record.exc_info),
        }

    def _exception(self, exc_info: Any) -> dict[str, str]:
        error = _error_of(exc_info)
        if error is None:
            return {}
        said = {"exception": self._clean(f"{type(error).__name__}: {error}")}
        if self._debug:
            said["traceback"] = self._redact.head("".join(traceback.format_exception(error)), _MAX_TRACEBACK)
        return said

    def _clean(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, datetime | date):
            return value.isoformat()
        if isinstance(value, list | tuple):
            return [self._clean(one) for one in value]
        return self._redact.head(str(value), _MAX_VALUE)


def _kind(event: Event) -> tuple[tuple[str, ...], str]:
    """Which event about which thing, and what is told of it this time; of others' events all is words."""
    what = ("level", *_SUBJECT) if "logger" in event else ("level", "event", *_SUBJECT)
    words = ("event", *_WORDS) if "logger" in event else _WORDS
    return tuple(str(event.get(key, "")) for key in what), " ".join(str(event.get(key, "")) for key in words)


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")


def _error_of(exc_info: Any) -> BaseException | None:
    """The exception of what `exc_info` may be: one, a triple, or True for the one being handled."""
    if isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    if exc_info is True:
        exc_info = sys.exception()
    return exc_info if isinstance(exc_info, BaseException) else None


def _human(event: Event) -> str:
    """`12:30:05 warning poll failed  feed=x error="..."`, a traceback below it and indented."""
    rest = {key: value for key, value in event.items() if key not in {"time", "level", "event", "traceback", "more"}}
    told = " ".join(f"{key}={_quoted(value)}" for key, value in rest.items())
    more = f" (and {event['more']:,} more like it)" if "more" in event else ""
    line = f"{event['time'][11:19]} {event['level']:<7} {escape(str(event['event']))}{'  ' if told else ''}{told}{more}"
    trace = event.get("traceback", "").splitlines()
    return "\n".join([line, *(f"    | {escape(part)}" for part in trace)])


def _quoted(value: Any) -> str:
    text = escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    bare = text and not re.search(r"[\s\"=]", text)
    return text if bare or not isinstance(value, str) else '"' + text.replace('"', '\\"') + '"'


def escape(text: str) -> str:
    """The text as one line: line ends, control characters and marks that turn its direction, written out."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape", "backslashreplace").decode(), text)
