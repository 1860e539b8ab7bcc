"""edge: an answer that is not a redirect -> a Response, or the FetchError that it amounts to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from http.client import responses

import httpx

from watcher.errors import FetchError
from watcher.fetch import challenge
from watcher.fetch.inflate import open_decoder
from watcher.fetch.limits import Limits
from watcher.fetch.trail import Trail
from watcher.model import FetchRequest, Response
from watcher.text.counted import size
from watcher.text.shown import line
from watcher.text.waits import retry_after

__all__ = ["taken"]

_WHOLE = (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION)
_BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_LONGEST_VALIDATOR = 1024  # characters
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"})
_GLANCE = 30  # the first bytes of a refusal must come in this part of the time there is


async def taken(request: FetchRequest, answer: httpx.Response, trail: Trail, limits: Limits, now: datetime) -> Response:
    """What was asked for. Raises FetchError of kind status, challenge, encoding, too-large or truncated."""
    raw = answer.headers.raw
    _weigh_headers(raw, limits)
    headers = _joined(raw)
    unchanged = answer.status_code == HTTPStatus.NOT_MODIFIED and bool(request.etag or request.last_modified)
    if not unchanged and answer.status_code not in _WHOLE:
        raise await _refusal(answer, headers, limits, now)
    return Response(
        url=str(trail.here),
        status=304 if unchanged else 200,
        body=b"" if unchanged else await _body(answer, headers, limits),
        etag=_validator(headers, "etag") or (request.etag if unchanged else None),
        last_modified=_validator(headers, "last-modified") or (request.last_modified if unchanged else None),
        headers={name: value for name, value in headers.items() if name not in _OF_THE_WIRE},
        permanent_url=trail.permanent,
    )


def _weigh_headers(raw: Iterable[tuple[bytes, bytes]], limits: Limits) -> None:
    weight = sum(len(name) + len(value) + 4 for name, value in raw)  # ": " and the line's end
    if weight > limits.headers:
        raise FetchError(f"the headers are larger than {size(limits.headers)}", kind="too-large")


def _joined(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Names in lower case; lines of one name are one list (RFC 9110 section 5.3)."""
    found: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), _text(value)
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


async def _refusal(answer: httpx.Response, headers: dict[str, str], limits: Limits, now: datetime) -> FetchError:
    code = answer.status_code
    wait = retry_after(headers.get("retry-after"), now, limits.retry_after) if code in _BUSY else None
    said = f"{code} {responses.get(code, '')}".rstrip()
    if code in challenge.WALLED and (whose := challenge.wall(code, headers, await _beginning(answer, limits))):
        words = (
            f"the server answered {said} with a wall against programs ({whose}): ask the site to let feed readers in, "
            "or look for another address of the feed"
        )
        return FetchError(words, kind="challenge", status=code, retry_after=wait)
    return FetchError(f"the server answered {said}", kind="status", status=code, retry_after=wait)


async def _beginning(answer: httpx.Response, limits: Limits) -> bytes:
    """The first bytes of a refusal's body, as far as they come at once; what goes wrong there changes no verdict."""
    said = b""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(limits.total / _GLANCE):
            async for chunk in answer.aiter_raw():
                said += chunk
                if len(said) >= challenge.MOST:
                    break
    return said


def _validator(headers: dict[str, str], name: str) -> str | None:
    """What can be sent back as it came: other bytes than ASCII's would not be what the server gave, a long one it may
    refuse to hear, and then the feed would never be read again.
    """
    value = headers.get(name, "")
    return value if value.isascii() and value.isprintable() and 0 < len(value) <= _LONGEST_VALIDATOR else None


async def _body(answer: httpx.Response, headers: dict[str, str], limits: Limits) -> bytes:
    if (coding := headers.get("transfer-encoding", "chunked").strip().lower()) not in {"chunked", "identity"}:
        raise FetchError(f"the body is transferred as `{line(coding, 40)}`; nobody asked for that", kind="encoding")
    decoder = open_decoder(headers.get("content-encoding", ""), limits.decoded)
    _weigh_body(int(headers.get("content-length", 0)), limits)
    parts, got = [], 0
    async for chunk in answer.aiter_raw():
        got += len(chunk)
        _weigh_body(got, limits)
        parts.append(decoder.feed(chunk))
    decoder.finish()
    return b"".join(parts)


def _weigh_body(weight: int, limits: Limits) -> None:
    if weight > limits.wire:
        raise FetchError(f"the body is larger than {size(limits.wire)}", kind="too-large")
