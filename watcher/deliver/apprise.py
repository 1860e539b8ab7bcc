"""edge: message -> any service apprise knows. What is leaned on here is listed in docs/private-apis.md."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from watcher.deliver.bounded import Bounded
from watcher.deliver.markup import WRITERS
from watcher.deliver.verdict import Answer, Line, hidden, http_answer, reason_of, verdict
from watcher.errors import SendError
from watcher.model import ChannelSpec, Message, Receipt, Severity
from watcher.render import Limits
from watcher.text.cut import cut
from watcher.text.waits import retry_after

TITLE = 120
"""Room kept for the title where a service counts it as part of the body."""
EXPANSION = {"text": 1.0, "markdown": 1.1, "html": 1.2}
"""How much an ordinary alert grows on its way to the format a service takes; what grows more is cut when it is sent."""
DRAWS_MARKDOWN = frozenset({"Discord", "Fluxer", "Guilded", "Mattermost", "Notifiarr", "Revolt", "Zulip"})
"""Services that draw Markdown in what they are given as plain text."""
COUNTS_BYTES = frozenset({"DingTalk", "Feishu", "Lark (Feishu)", "WeChat (WeCom)", "WeCom Bot", "ntfy"})
"""Services whose limit is one of bytes."""
KEY_HEADER = "X-Watcher-Alert"
TAKES_HEADERS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})
KINDS = {
    Severity.INFO: "info",
    Severity.LOW: "info",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "warning",
    Severity.CRITICAL: "failure",
}


class AppriseSender:
    """One channel's service. A send ends within `timeout` seconds whatever the service does (bounded.py)."""

    def __init__(self, spec: ChannelSpec, timeout: float) -> None:
        """Raises SendError, permanent, with apprise's own reason when it cannot use the URL."""
        self._service = service_of(spec.url, timeout)
        self._name = str(self._service.service_name)  # some are translated when they are asked for
        self._url = spec.url
        self._bounded: Bounded[tuple[bool, Heard]] = Bounded(self._name, timeout)

    @property
    def medium(self) -> Limits:
        """What the service takes without apprise splitting or truncating it."""
        service = self._service
        title = min(max(service.title_maxlen, 0), TITLE)
        body = int(service.body_maxlen / EXPANSION[self._draws])
        return Limits(title=title, body=body - title - 2 if service.overflow_amalgamate_title else body)

    def send(self, message: Message) -> Receipt:
        accepted, heard = self._bounded(lambda: self._notify(message))
        if not accepted:
            raise verdict(self._name, heard.answers, heard.lines, self._url)
        sent = [line.text for line in heard.lines if line.level == "INFO" and line.text.startswith("Sent ")]
        return Receipt(detail=hidden("; ".join(sent) or f"{self._name} accepted it", self._url))

    def rest(self) -> None:
        """Nothing is kept."""

    def shown(self, message: Message) -> str:
        return "\n".join(part for part in self._fitting(message) if part)

    @property
    def _format(self) -> str:
        return str(self._service.resolve_format("text").value)

    def _notify(self, message: Message) -> tuple[bool, Heard]:
        from apprise import Apprise

        if self._service.schema in TAKES_HEADERS:
            self._service.headers[KEY_HEADER] = message.key
        title, body = self._fitting(message)
        call = Apprise()
        call.add(self._service)
        with (
            _listening() as heard,
            call.notify(
                title=title,
                body=body,
                notify_type=KINDS[message.severity],
                body_format=self._format,  # it is written so already: nothing is left to convert
            ) as result,
        ):
            return bool(result), heard

    @property
    def _draws(self) -> str:
        return "markdown" if self._name in DRAWS_MARKDOWN else self._format

    def _fitting(self, message: Message) -> tuple[str, str]:
        """Title and body as they are written for the service, of as many whole words as fit into its limit."""
        service, write = self._service, WRITERS[self._draws]
        joined = service.overflow_amalgamate_title  # apprise puts the title before the body
        title, body = write(message.title) if joined else message.title, message.body

        def size(text: str) -> int:
            return len(text.encode("utf-8", "replace") if self._name in COUNTS_BYTES else text)

        def length(text: str) -> int:
            return size(service.dialect_convert(write(text), body_format=self._format))

        room = service.body_maxlen - (size(title) + 2) * joined
        while length(body) > room:
            body = cut(body, max(len(body) * room // length(body) - 1, 1))
        return title, write(body)


def service_of(url: str, timeout: float) -> Any:
    """Apprise's plugin for a URL, which is one service: lists are not split. A request of it takes `timeout` seconds at
    most, half for the connection and half for an answer, unless the URL says otherwise. Raises SendError, permanent.
    """
    from apprise import Apprise, AppriseAsset

    _overhear()
    asset = AppriseAsset(
        app_id="watcher",
        app_desc="watcher",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        async_mode=False,  # else, and with a deadline, it sends from a pool of threads that the end of the
        service_timeout=0,  # process waits for; the deadline is ours
    )
    with _listening() as heard:
        service = Apprise.instantiate(url, asset=asset)
    if service is None:
        scheme = url.partition("://")[0] if "://" in url else "a"
        reason = f"apprise cannot use this {scheme}:// URL: {reason_of(heard.lines, url)}"
        raise SendError(reason, permanent=True)
    _tame(service, url, timeout)
    return service


def _tame(service: Any, url: str, timeout: float) -> None:
    """Take from apprise what is ours to do: pacing, retrying, saying whether it worked."""
    service.request_rate_per_sec = 0
    service.interpret_emojis = False  # an article that says :bomb: says so
    service.retry, service.wait, service.optional = 0, 0.0, False
    given = parse_qs(urlsplit(url).query)
    if "cto" not in given:
        service.socket_connect_timeout = timeout / 2
    if "rto" not in given:
        service.socket_read_timeout = timeout / 2


# what is heard of a send: apprise's log, and the answers of the service


MOST_LINES = 100
LONGEST_LINE = 4000
MOST_ANSWER = 2**20
"""Bytes of an answer that are read, decompressed: more than any of these services has to say."""
LONGEST_WAIT = 24 * 3600.0
"""Seconds a service can ask to be left alone."""


@dataclass(slots=True)
class Heard:
    """Apprise's log and the answers that refuse something, of one send."""

    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    answers: deque[Answer] = field(default_factory=lambda: deque(maxlen=MOST_LINES))


_heard: ContextVar[Heard | None] = ContextVar("heard", default=None)


@contextmanager
def _listening() -> Iterator[Heard]:
    """Collect what apprise logs on this thread, at every level, and keep it from all handlers: it holds secrets."""
    logger = logging.getLogger("apprise")
    if _EAR not in logger.filters:
        logger.addFilter(_EAR)
    logger.setLevel(logging.DEBUG)
    heard = Heard()
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


class _Ear(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        heard = _heard.get()
        if heard is None:
            return record.levelno >= logging.WARNING
        heard.lines.append(Line(record.levelname, record.getMessage()[:LONGEST_LINE]))
        return False


_EAR = _Ear()


@cache
def _overhear() -> None:
    """From now on keep the answers to apprise's requests beside its log: it tells neither headers nor, at times, codes.

    What others in this process ask with requests is left as it is.
    """
    import requests

    send = requests.Session.send

    def overheard(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        heard = _heard.get()
        if heard is None:
            return send(self, request, **options)
        with send(self, request, **options | {"stream": True}) as response:
            body: bytes = next(response.iter_content(MOST_ANSWER), b"")
            response._content = body  # noqa: SLF001
        if not response.ok or response.is_redirect:
            wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC), LONGEST_WAIT)
            said = body[:LONGEST_LINE].decode("utf-8", "replace")
            heard.answers.append(http_answer(response.status_code, said, wait))
        return response

    requests.Session.send = overheard  # type: ignore[method-assign]
