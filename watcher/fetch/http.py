"""edge: FetchRequest for http: or https: -> Response, by httpx over aiohttp's connections.

What a library would do for us is done here by hand where its way is not safe for URLs that strangers write:

- Redirects: at most five, each target guarded like a first URL, their bodies never read. From https to http is
  followed, since publishers do it, but such a step ends what counts as a permanent move: a stored URL never loses TLS.
- What opens a feed (headers, and credentials in its URL) goes to the origin of the URL asked for and no other; a
  redirect may bring none. A proxy goes all the way.
- Bodies: only gzip and deflate are asked for, inflated within bounds; one that ends early is an error, not a Response.
- No cookies, no proxies from the environment; the certificates are certifi's, or those of SSL_CERT_FILE, SSL_CERT_DIR.

httpx's transports are asked without its client, which would do most of this once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import httpx
from aiohttp.abc import AbstractResolver
from httpx_aiohttp import AiohttpTransport

from watcher import __version__
from watcher.errors import FetchError, Forbidden
from watcher.fetch.answer import taken
from watcher.fetch.connect import SystemResolver, attempt, explain, open_session
from watcher.fetch.limits import Limits
from watcher.fetch.trail import Trail, parsed, port_of
from watcher.fetch.turns import Turns
from watcher.guard import Network, refuse_url
from watcher.model import FetchRequest, Response
from watcher.ports import Clock
from watcher.schedule import registrable

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, text/html;q=0.7, text/plain;q=0.6, */*;q=0.5"
)
_ACCEPT_PAGE = ("Accept", "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.6, */*;q=0.5")
_NOTHING = httpx.ByteStream(b"")
_PERMANENT = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)


class HttpFetcher:
    """A Fetcher. One session and one TLS context for all; made anywhere, used within one event loop."""

    def __init__(
        self,
        *,
        limits: Limits,
        allowed: tuple[Network, ...],
        clock: Clock,
        contact: str = "",
        resolver: AbstractResolver | None = None,
    ) -> None:
        names = self._names = resolver or SystemResolver()
        self._limits = limits
        self._allowed = allowed
        self._clock = clock
        self._turns = Turns(concurrency=limits.concurrency, per_host=limits.per_host, pause=limits.pause)
        tls = self._tls = httpx.create_ssl_context()
        self._straight = AiohttpTransport(verify=tls, client=lambda: open_session(limits, allowed, tls, names))
        self._timeout = {"connect": limits.connect, "pool": limits.connect, "read": None, "write": None}
        self._headers = {
            "user-agent": ("User-Agent", f"watcher/{__version__}" + (f" (+{contact})" if contact else "")),
            "accept": ("Accept", _ACCEPT),
            "accept-encoding": ("Accept-Encoding", "gzip, deflate"),
        }

    async def fetch(self, request: FetchRequest) -> Response:
        """Raises FetchError of kind forbidden, dns, connect, timeout, tls, reset, protocol, proxy, status, challenge,
        redirect, encoding, too-large or truncated.
        """
        trail = Trail(parsed(request.url), request.access.headers)
        try:
            return await self._in_turn(request, trail, self._limits.of(request))
        except FetchError as error:
            raise trail.told(error) from error.__cause__

    async def aclose(self) -> None:
        await self._straight.aclose()

    async def _in_turn(self, request: FetchRequest, trail: Trail, limits: Limits) -> Response:
        self._guard(trail.here)
        async with self._turns.turn(registrable(trail.here.host, port_of(trail.here))) as lane:
            try:
                async with asyncio.timeout(limits.total):
                    return await self._follow(request, trail, limits, keep=lambda: lane.busy)
            except TimeoutError as error:
                raise FetchError(f"no whole answer within {limits.total:g} s", kind="timeout") from error

    async def _follow(self, request: FetchRequest, trail: Trail, limits: Limits, keep: Callable[[], bool]) -> Response:
        transport = self._transport(request.access.proxy, limits)
        while True:
            headers = self._opening(request, trail, keep=keep())
            async with self._ask(transport, trail.here, headers, limits) as answer:
                if not answer.has_redirect_location:
                    return await taken(request, answer, trail, limits, self._clock.now())
            if len(trail.urls) > limits.redirects:
                raise FetchError(f"more than {limits.redirects} redirects", kind="redirect")
            trail.step(answer.headers["location"], permanent=answer.status_code in _PERMANENT)
            self._guard(trail.here)

    def _transport(self, proxy: str | None, limits: Limits) -> httpx.AsyncBaseTransport:
        if proxy is None:
            return self._straight
        from watcher.fetch.proxy import ProxyTransport

        return ProxyTransport(proxy, tls=self._tls, limits=limits, allowed=self._allowed, resolver=self._names)

    def _opening(self, request: FetchRequest, trail: Trail, *, keep: bool) -> list[tuple[str, str]]:
        """The headers; of the validators both (RFC 9110 section 13.1), since servers look at one or the other."""
        headers = [("Host", trail.here.netloc.decode("ascii")), *(self._saying(request) | trail.own).values()]
        if request.etag:
            headers.append(("If-None-Match", request.etag))
        if request.last_modified:
            headers.append(("If-Modified-Since", request.last_modified))
        if not keep:
            headers.append(("Connection", "close"))
        return headers

    def _saying(self, request: FetchRequest) -> dict[str, tuple[str, str]]:
        return {**self._headers, "accept": _ACCEPT_PAGE} if request.page else self._headers

    def _asking(self, url: httpx.URL, headers: list[tuple[str, str]]) -> httpx.Request:
        """As httpx would make it of no content, which it looks at the headers again and again for."""
        asking = httpx.Request("GET", url, headers=headers, stream=_NOTHING, extensions={"timeout": self._timeout})
        asking.headers.encoding = "ascii"
        asking.read()
        return asking

    def _guard(self, url: httpx.URL) -> None:
        if reason := refuse_url(url.scheme, url.host, url.port, self._allowed):
            raise Forbidden(reason)

    @asynccontextmanager
    async def _ask(
        self, transport: httpx.AsyncBaseTransport, url: httpx.URL, headers: list[tuple[str, str]], limits: Limits
    ) -> AsyncIterator[httpx.Response]:
        """One request; the response is open for reading, and whatever goes wrong in it is a FetchError."""
        with attempt(limits.wire) as connecting:
            try:
                answer = await transport.handle_async_request(self._asking(url, headers))
                try:
                    yield answer
                finally:
                    await answer.aclose()
            except FetchError:
                raise
            except Exception as error:
                if connecting.verdict:
                    raise Forbidden(connecting.verdict) from error
                kind, words = explain(error, self._limits)
                raise FetchError(words, kind=kind) from error
