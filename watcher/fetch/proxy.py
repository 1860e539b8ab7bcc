"""edge: a request and the operator's proxy -> the answer, through a tunnel to an address that the guard allows.

The proxy itself may be anywhere: its operator named it. What it is asked for may not: the name is looked up here, each
address is judged, and the proxy is told the address and no name, for http: too. So it cannot be used to reach what may
not be reached, whatever the name means to the proxy or a moment later. TLS is with the host, by its name.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from http.client import responses
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
from aiohttp.abc import AbstractResolver

from watcher.errors import FetchError, Forbidden
from watcher.fetch.connect import causes
from watcher.fetch.limits import Limits
from watcher.guard import Network, refuse_address, refuse_proxy
from watcher.text.counted import size
from watcher.text.credentials import basic, pair_of

__all__ = ["ProxyTransport"]

_HEAD = 16 << 10  # bytes of the proxy's answer
_TRIED = 4  # addresses of one host
_BEFORE = 128 << 10  # bytes until the head of the host's answer was read, beside those of a head
_FRAMING = 1 << 20  # bytes round a body, beside a quarter of what the body may have
_PIECES = 50_000  # chunks of a body
_SAID = {
    403: "it does not let us there",
    405: "it opens no tunnels",
    407: "it wants a user and a password, or others than it was given",
    502: "it reaches nobody there",
    503: "it reaches nobody there, or is busy",
    504: "nobody answers it there",
}


class ProxyTransport(httpx.AsyncBaseTransport):
    """One proxy, and one request after the other; each has a connection of its own."""

    def __init__(
        self,
        url: str,
        *,
        tls: ssl.SSLContext,
        limits: Limits,
        allowed: tuple[Network, ...],
        resolver: AbstractResolver,
    ) -> None:
        """Raises FetchError (proxy) when it is no URL of a proxy."""
        if reason := refuse_proxy(url):
            raise FetchError(f"the proxy cannot be used: {reason}", kind="proxy")
        self._url = url
        self._tls = tls
        self._limits = limits
        self._allowed = allowed
        self._names = resolver

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        budget = _Budget(self._limits.headers + _BEFORE)
        tunnels = _Tunnels(self._url, self._allowed, self._names, budget)
        pool = httpcore.AsyncConnectionPool(ssl_context=self._tls, max_keepalive_connections=0, network_backend=tunnels)
        try:
            answer = await pool.handle_async_request(_for_core(request))
        except BaseException as error:
            await pool.aclose()
            if told := self._told(error):
                raise told from error
            raise
        budget.left = self._limits.wire + self._limits.wire // 4 + _FRAMING
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer, pool), request=request)

    def _told(self, error: BaseException) -> FetchError | None:
        match error:
            case httpcore.ConnectTimeout() | TimeoutError():
                words = f"no connection through the proxy within {self._limits.connect:g} s"
                return FetchError(words, kind="timeout")
            case httpcore.NetworkError() if not any(isinstance(each, ssl.SSLError) for each in causes(error)):
                return FetchError("the connection through the proxy was closed without an answer", kind="reset")
            case httpcore.RemoteProtocolError() if "without sending" in str(error):
                return FetchError("the connection through the proxy was closed without an answer", kind="reset")
            case httpcore.RemoteProtocolError() if "buffer too long" in str(error):
                return FetchError(f"the headers are larger than {size(self._limits.headers)}", kind="too-large")
        return None


def _for_core(request: httpx.Request) -> httpcore.Request:
    url = httpcore.URL(
        scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
    )
    return httpcore.Request(b"GET", url, headers=request.headers.raw, extensions=request.extensions)


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, pool: httpcore.AsyncConnectionPool) -> None:
        self._answer = answer
        self._pool = pool

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = _PIECES
        try:
            async for piece in self._answer.aiter_stream():
                left -= 1
                if not left:
                    raise FetchError(f"the body comes in more than {_PIECES} pieces", kind="too-large")
                yield piece
        except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
            raise FetchError("the body ends before its end", kind="truncated") from error

    async def aclose(self) -> None:
        await self._answer.aclose()
        await self._pool.aclose()


@dataclass(slots=True)
class _Budget:
    left: int  # bytes


class _Tunnels(httpcore.AsyncNetworkBackend):
    """Connections that lead through a proxy, to the addresses of a host."""

    def __init__(self, url: str, allowed: tuple[Network, ...], resolver: AbstractResolver, budget: _Budget) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None, "refuse_proxy has seen it"
        assert parts.port is not None, "refuse_proxy has seen it"
        self._host, self._port = parts.hostname, parts.port
        userinfo, known, _ = parts.netloc.rpartition("@")
        self._login = f"Proxy-Authorization: {basic(pair_of(userinfo))}\r\n" if known else ""
        self._allowed = allowed
        self._names = resolver
        self._budget = budget
        self._net = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        async with asyncio.timeout(timeout):
            addresses = await self._addresses(host, port)
            for address in addresses[:-1]:
                with contextlib.suppress(_Elsewhere):
                    return await self._tunnel(address, port)
            return await self._tunnel(addresses[-1], port)

    async def _addresses(self, host: str, port: int) -> list[str]:
        """Those of the host that may be asked."""
        try:
            found = [each["host"] for each in await self._names.resolve(host, port)]
        except socket.gaierror as error:
            words = f"the name {host} does not resolve ({(error.strerror or 'no reason given').lower()})"
            raise FetchError(words, kind="dns") from error
        refused = {address: refuse_address(address, self._allowed) for address in found}
        good = [address for address, reason in refused.items() if not reason]
        if not good:
            raise Forbidden("; ".join(filter(None, refused.values())) or f"{host} has no address")
        return good[:_TRIED]

    async def _tunnel(self, address: str, port: int) -> httpcore.AsyncNetworkStream:
        stream = await self._to_proxy()
        try:
            await self._ask(stream, f"[{address}]:{port}" if ":" in address else f"{address}:{port}")
        except BaseException:
            await stream.aclose()
            raise
        return _Counted(stream, self._budget)

    async def _to_proxy(self) -> httpcore.AsyncNetworkStream:
        try:
            found = await self._names.resolve(self._host, self._port)
        except socket.gaierror as error:
            raise FetchError("the name of the proxy does not resolve", kind="proxy") from error
        failed: Exception | None = None
        for address in found:
            try:
                return await self._net.connect_tcp(address["host"], self._port)
            except httpcore.ConnectError as error:
                failed = error
        raise FetchError("no connection to the proxy", kind="proxy") from failed

    async def _ask(self, stream: httpcore.AsyncNetworkStream, to: str) -> None:
        """The handshake (RFC 9110 section 9.3.6)."""
        try:
            await stream.write(f"CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n{self._login}\r\n".encode("ascii"))
            said = b""
            while b"\r\n\r\n" not in said:
                more = await stream.read(_HEAD)
                said += more
                if not more or len(said) > _HEAD:
                    raise FetchError("the proxy's answer is not that of a proxy", kind="proxy")
        except httpcore.NetworkError as error:
            raise FetchError("the proxy closed the connection without an answer", kind="proxy") from error
        status = re.match(rb"HTTP/1\.[01] ([2-5]\d\d)[ \r]", said)
        code = int(status[1]) if status else 0
        if code >= 300:
            raise (_Elsewhere if code >= 500 else FetchError)(_words(code), kind="proxy", status=code)
        if not code or said.partition(b"\r\n\r\n")[2]:  # nobody can have spoken through the tunnel yet
            raise FetchError("the proxy's answer is not that of a proxy", kind="proxy")


class _Elsewhere(FetchError):
    """The proxy cannot reach this address; another of the host it may."""


def _words(code: int) -> str:
    said = f"the proxy answered {code} {responses.get(code, '')}".rstrip()
    return f"{said}: {_SAID[code]}" if code in _SAID else said


class _Counted(httpcore.AsyncNetworkStream):
    """A tunnel out of which only so much is read, however it is wrapped."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, budget: _Budget) -> None:
        self._stream = stream
        self._budget = budget

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        data = await self._stream.read(max_bytes, timeout)
        self._budget.left -= len(data)
        if self._budget.left < 0:
            raise FetchError("the answer is larger than an answer may be, with what is round it", kind="too-large")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        return _Counted(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._budget)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
