"""edge: events and other libraries' log records -> one line each on a stream, without secrets.

Lines for people on a terminal, JSON Lines otherwise. Nothing from outside makes a second line: control characters
and line ends are escaped. Redacting comes before a line is made and once more after, since making one escapes.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, TextIO
from urllib.parse import parse_qsl, quote, quote_plus, unquote

import structlog

_MASK = "***"
_MAX_VALUE = 2_000  # characters of one value in a line
_MAX_TRACEBACK = 20_000
_TOKEN = 8  # characters from which a part of a path, or a host without a dot, counts as a token
_WORD = 4  # characters from which a user or a query's value does
_SECRET = 3  # characters from which a secret is one
_CHATTY = ("apprise", "httpx", "httpcore", "aiohttp", "apscheduler", "asyncio", "tzlocal", "urllib3")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_URL = re.compile(r"[^:]+://(?P<rest>(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?)", re.DOTALL)
_PATTERNS = (
    (re.compile(r"([a-z][a-z0-9+.-]{1,30}://)[^\s/@\"'<>]{1,512}@", re.IGNORECASE), rf"\1{_MASK}@"),
    (
        re.compile(
            r"(authorization['\"]?\s*[:=,]\s*(?:b?['\"])?(?:(?:basic|bearer|token)\s+)?)[^\s'\",;)}]+", re.IGNORECASE
        ),
        rf"\1{_MASK}",
    ),
    (
        re.compile(
            r"([?&](?:[\w-]{0,20}[_-])?(?:key|apikey|auth|token|secret|pass|passwd|password|sig|signature)=)[^\s&#\"'<>]+",
            re.IGNORECASE,
        ),
        rf"\1{_MASK}",
    ),
    (re.compile(r"(hooks\.slack\.com/)[^\s\"'<>]+", re.IGNORECASE), rf"\1{_MASK}"),
    (re.compile(r"(discord(?:app)?\.com/api/(?:v\d+/)?webhooks/)[^\s\"'<>]+", re.IGNORECASE), rf"\1{_MASK}"),
    (re.compile(r"(api\.telegram\.org/(?:file/)?bot)[^\s/\"'<>]+", re.IGNORECASE), rf"\1{_MASK}"),
)


class Redactor:
    """Replaces what it knows to be secret, and what looks like it, by `***`. What it has learned it never forgets."""

    def __init__(self, secrets: Iterable[str] = (), urls: Iterable[str] = ()) -> None:
        self._known: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None
        self._longest = 0
        self.learn(secrets, urls)

    def learn(self, secrets: Iterable[str] = (), urls: Iterable[str] = ()) -> None:
        """Take in secret values, and channel URLs: whole, and the parts of them that give access."""
        parts = {*secrets, *(part for url in urls for part in url_parts(url))}
        self._known |= {form for part in parts if len(part) >= _SECRET for form in _forms(part)}
        ordered = sorted(self._known, key=len, reverse=True)
        self._longest = len(ordered[0]) if ordered else 0
        self._pattern = re.compile("|".join(map(_bounded, ordered)), re.IGNORECASE) if ordered else None

    def __call__(self, text: str) -> str:
        if self._pattern:
            text = self._pattern.sub(_MASK, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def head(self, text: str, most: int) -> str:
        """The beginning of a text, redacted, without reading all of it; no secret is cut in two and so missed."""
        if len(text) <= most:
            return self(text)
        found = self._pattern.finditer(text, 0, most + self._longest) if self._pattern else ()
        cut = next((one.end() for one in found if one.start() < most < one.end()), most)
        return self(text[:cut]) + "..."


def url_parts(url: str) -> Iterator[str]:
    """What of a URL is secret: all of it, user, password, tokens in host and path, the query's values."""
    found = _URL.fullmatch(url)
    if not found or not found["rest"]:
        return
    yield url
    userinfo, _, host = found["authority"].rpartition("@")
    user, _, password = userinfo.partition(":")
    yield password
    yield b64encode(unquote(userinfo).encode()).decode()
    values = (value for _, value in parse_qsl(found["query"] or ""))
    yield from (part for part in (user, *values) if len(part) >= _WORD)
    yield from (token for token in found["path"].split("/") if len(token) >= _TOKEN)
    yield from (name for name in host.split(":") if len(name) >= _TOKEN and "." not in name and name != "localhost")


def _forms(secret: str) -> set[str]:
    """A secret as written, quoted for URLs, and escaped as in JSON and in Python's own words."""
    plain = {secret, unquote(secret)}
    quoted = {form for s in plain for form in (quote(s), quote(s, safe=""), quote_plus(s))}
    escaped = {form for s in plain for form in (json.dumps(s)[1:-1], repr(s)[1:-1], ascii(s)[1:-1])}
    return plain | quoted | escaped


def _bounded(secret: str) -> str:
    """A short one only where it stands alone: no password should blot out every word that holds it."""
    escaped = re.escape(secret)
    return escaped if len(secret) >= _TOKEN else rf"(?<!\w){escaped}(?!\w)"


def configure(stream: TextIO, redactor: Redactor, *, terminal: bool, debug: bool = False) -> None:
    """Send every log record of the process, whoever made it, to `stream` and nowhere else.

    `terminal`: lines for people, else JSON Lines. `debug`: everything, with tracebacks; else other libraries' warnings
    and our own events from info upwards.
    """
    handler = _Lines(stream, redactor, terminal=terminal, debug=debug)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET if debug else logging.WARNING)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


class _Lines(logging.Handler):
    """Makes a line of a record, and never anything else: what goes wrong in making it is a line too."""

    def __init__(self, stream: TextIO, redactor: Redactor, *, terminal: bool, debug: bool) -> None:
        super().__init__()
        self._stream = stream
        self._redact = redactor
        self._terminal = terminal
        self._debug = debug

    def emit(self, record: logging.LogRecord) -> None:
        try:
            event = self._event(record)
            text = _human(event) if self._terminal else json.dumps(event)
        except Exception as error:  # noqa: BLE001 - logging must not raise, nor print what it was given
            text = f"a log line of {record.name} could not be made: {type(error).__name__}"
        self._write(self._redact(text))

    def _write(self, text: str) -> None:
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        try:
            self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
            self._stream.flush()
        except (OSError, ValueError):  # nobody reads it any more
            return

    def _event(self, record: logging.LogRecord) -> dict[str, Any]:
        given = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage(), "logger": record.name}
        about = {key: self._clean(value) for key, value in given.items() if key not in {"event", "exc_info"}}
        return {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
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


def _error_of(exc_info: Any) -> BaseException | None:
    """The exception of what `exc_info` may be: one, a triple, or True for the one being handled."""
    if isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    if exc_info is True:
        exc_info = sys.exception()
    return exc_info if isinstance(exc_info, BaseException) else None


def _human(event: Mapping[str, Any]) -> str:
    """`12:30:05 warning poll failed  feed=x error="..."`, a traceback below it and indented."""
    rest = {key: value for key, value in event.items() if key not in {"time", "level", "event", "traceback"}}
    told = " ".join(f"{key}={_quoted(value)}" for key, value in rest.items())
    line = f"{event['time'][11:19]} {event['level']:<7} {escape(str(event['event']))}{'  ' if told else ''}{told}"
    trace = event.get("traceback", "").splitlines()
    return "\n".join([line, *(f"    | {escape(part)}" for part in trace)])


def _quoted(value: Any) -> str:
    text = escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    bare = text and not re.search(r"[\s\"=]", text)
    return text if bare or not isinstance(value, str) else '"' + text.replace('"', '\\"') + '"'


def escape(text: str) -> str:
    """The text as one line: line ends, control characters and marks that turn its direction, written out."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape", "backslashreplace").decode(), text)
