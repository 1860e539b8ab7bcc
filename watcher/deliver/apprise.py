"""edge: message -> any service apprise knows. What is leaned on here is listed in docs/private-apis.md."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qs, urlsplit

from watcher.deliver.markdown import literal
from watcher.deliver.verdict import Line, hidden, reason_of, verdict
from watcher.errors import SendError
from watcher.model import ChannelSpec, Message, Receipt, Severity
from watcher.render import Limits
from watcher.text.cut import cut

TITLE = 120
"""Room kept for the title where a service counts it as part of the body."""
TIGHTER = {"Slack": Limits(title=150, body=3000)}
"""Services whose own limits are tighter than the plugin's (FACTS: header 150, section 3,000)."""
EXPANSION = {"text": 1, "markdown": 2, "html": 3}
"""How much text grows on its way to the format a service takes; what grows more is cut when it is sent."""
DRAWS_MARKDOWN = frozenset({"Discord", "Fluxer", "Guilded", "Mattermost", "Revolt", "Zulip"})
"""Services that draw Markdown in what they are given as plain text."""
KEY_HEADER = "X-Watcher-Alert"
TAKES_HEADERS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos"})
KINDS = {
    Severity.INFO: "info",
    Severity.LOW: "info",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "warning",
    Severity.CRITICAL: "failure",
}


class AppriseSender:
    """One channel's service. A send ends within `timeout` seconds whatever the service does.

    A thread cannot be stopped from outside, so one that hangs is left behind; until it ends the channel refuses
    further sends, and there is never more than one such thread a channel. Its message may still arrive: at least once.
    """

    def __init__(self, spec: ChannelSpec, timeout: float) -> None:
        """Raises SendError, permanent, with apprise's own reason when it cannot use the URL."""
        self._service, reason = _service(spec.url)
        if self._service is None:
            raise SendError(f"channel {spec.name}: {reason}", permanent=True)
        _tame(self._service, spec.url, timeout)
        self._url = spec.url
        self._timeout = timeout
        self._left_behind: threading.Thread | None = None

    @property
    def medium(self) -> Limits:
        """What the service takes without apprise splitting or truncating it."""
        service = self._service
        tighter = TIGHTER.get(service.service_name)
        if tighter:
            return tighter
        title = min(max(service.title_maxlen, 0), TITLE)
        body = service.body_maxlen // EXPANSION[self._format]
        return Limits(title=title, body=body - title - 2 if service.overflow_amalgamate_title else body)

    def send(self, message: Message) -> Receipt:
        accepted, lines = self._bounded(lambda: self._notify(message))
        if not accepted:
            raise verdict(self._service.service_name, lines, self._url)
        sent = [line.text for line in lines if line.level == "INFO" and line.text.startswith("Sent ")]
        return Receipt(detail=hidden("; ".join(sent) or f"{self._service.service_name} accepted it", self._url))

    def rest(self) -> None:
        """Nothing is kept."""

    def shown(self, message: Message) -> str:
        return "\n".join(part for part in (message.title, message.body) if part)

    @property
    def _format(self) -> str:
        return str(self._service.resolve_format("text").value)

    def _notify(self, message: Message) -> tuple[bool, list[Line]]:
        from apprise import Apprise

        if self._service.schema in TAKES_HEADERS:
            self._service.headers[KEY_HEADER] = message.key
        title, body = (self._escaped(text) for text in (message.title, message.body))
        call = Apprise()
        call.add(self._service)
        with (
            _listening() as lines,
            call.notify(
                title=title, body=self._fitting(body), notify_type=KINDS[message.severity], body_format="text"
            ) as result,
        ):
            return bool(result), list(lines)

    def _escaped(self, text: str) -> str:
        draws = self._service.service_name in DRAWS_MARKDOWN and self._format == "text"
        return literal(text) if draws else text

    def _fitting(self, body: str) -> str:
        """The body, cut so that it is within the service's limit after apprise has converted it."""
        from apprise.conversion import convert_between

        def length(text: str) -> int:
            return len(convert_between("text", self._format, text))  # type: ignore[no-untyped-call]

        room = self._service.body_maxlen
        while length(body) > room:
            body = cut(body, max(len(body) * room // length(body) - 1, 1))
        return body

    def _bounded(self, call: Callable[[], tuple[bool, list[Line]]]) -> tuple[bool, list[Line]]:
        if self._left_behind and self._left_behind.is_alive():
            raise SendError(f"{self._service.service_name} has not answered the previous try yet")
        outcome: list[tuple[bool, list[Line]]] = []
        thread = threading.Thread(target=lambda: outcome.append(call()), name="apprise", daemon=True)
        thread.start()
        thread.join(self._timeout)
        if thread.is_alive():
            self._left_behind = thread
            raise SendError(f"{self._service.service_name} gave no answer within {self._timeout:g} s")
        return outcome[0] if outcome else (False, [])


def check(spec: ChannelSpec) -> str | None:
    """Why apprise cannot use a channel's URL; None when it can. Nothing is sent."""
    return _service(spec.url)[1]


def _service(url: str) -> tuple[Any, str | None]:
    """Apprise's plugin for a URL, or None and the reason. One URL is one service: lists are not split."""
    from apprise import Apprise, AppriseAsset

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
    with _listening() as lines:
        service = Apprise.instantiate(url, asset=asset)
    if service is not None:
        return service, None
    scheme = url.partition("://")[0] if "://" in url else "a"
    return None, f"apprise cannot use this {scheme}:// URL: {reason_of(lines, url)}"


def _tame(service: Any, url: str, timeout: float) -> None:
    """Take from apprise what is ours to do: pacing, retrying, saying whether it worked."""
    service.request_rate_per_sec = 0
    service.retry, service.wait, service.optional = 0, 0.0, False
    given = parse_qs(urlsplit(url).query)
    if "cto" not in given:
        service.socket_connect_timeout = timeout / 2
    if "rto" not in given:
        service.socket_read_timeout = timeout / 2


# apprise's log, where its reasons are

_lines: ContextVar[deque[Line] | None] = ContextVar("apprise_lines", default=None)
MOST_LINES = 100
LONGEST_LINE = 4000


@contextmanager
def _listening() -> Iterator[deque[Line]]:
    """Collect what apprise logs on this thread, at every level, and keep it from all handlers: it holds secrets."""
    logger = logging.getLogger("apprise")
    if _EAR not in logger.filters:
        logger.addFilter(_EAR)
    logger.setLevel(logging.DEBUG)
    lines: deque[Line] = deque(maxlen=MOST_LINES)
    token = _lines.set(lines)
    try:
        yield lines
    finally:
        _lines.reset(token)


class _Ear(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        lines = _lines.get()
        if lines is None:
            return record.levelno >= logging.WARNING
        lines.append(Line(record.levelname, record.getMessage()[:LONGEST_LINE]))
        return False


_EAR = _Ear()
