"""edge: a connection's bytes -> the same, up to what one answer may bring in all: body, framing and interim answers.

aiohttp bounds a header and leaves the rest to its caller, who sees bodies only. What comes round them (extensions of
chunks, trailers, a storm of 103s) would be read for as long as the fetch has time, at the speed of the network.
"""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler

from watcher.errors import FetchError
from watcher.text.counted import size

__all__ = ["meter", "most_bytes"]

_MOST_INTERIM = 20  # answers before the answer: 100, 102, 103
_FRAMING = 1 << 20  # bytes round a body, beside a quarter of what the body may have

most_bytes: ContextVar[int] = ContextVar("most_bytes")
"""What the body of the request under way may weigh on the wire."""


def meter(connector: aiohttp.BaseConnector) -> None:
    """Let every connection that is opened from now on count."""
    keywords = connector._factory.keywords  # noqa: SLF001 - docs/private-apis.md
    connector._factory = functools.partial(_Metered, **keywords)  # type: ignore[assignment]  # noqa: SLF001


class _Metered(ResponseHandler):
    """Counts from one request to the next."""

    _left = _FRAMING
    _most = 0
    _interim = _MOST_INTERIM

    def set_response_params(self, **given: Any) -> None:
        """A request is about to be sent, in the task that made it."""
        self._most = most_bytes.get()
        self._left = self._most + self._most // 4 + _FRAMING
        self._interim = _MOST_INTERIM
        super().set_response_params(**given)

    def data_received(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0:
            self._stop(
                FetchError(f"the body is larger than {size(self._most)} with what is round it", kind="too-large")
            )
        else:
            super().data_received(data)

    def feed_data(self, data: Any, size: int = 0) -> None:
        """A head, parsed. Those of interim answers (RFC 9110 section 15.2) say nothing that is of use."""
        if not 100 <= data[0].code < 200 or data[0].code == 101:
            super().feed_data(data, size)
        elif self._interim:
            self._interim -= 1
        else:
            words = f"more than {_MOST_INTERIM} interim answers and no answer"
            self._stop(FetchError(words, kind="too-large"))

    def set_exception(self, exc: BaseException, *cause: BaseException) -> None:
        """What cannot be read is told to who waits for a head; who waits for a body would wait on."""
        if cause and cause[0] is not exc:
            exc.__cause__ = cause[0]
        payload = self._payload
        if payload is not None and not payload.is_eof() and payload.exception() is None:
            payload.set_exception(exc)
        super().set_exception(exc, *cause)

    def _stop(self, error: FetchError) -> None:
        self.set_exception(error)
        if self.transport is not None:
            self.transport.abort()
