"""edge: FetchRequest for http: or https: -> Response, by httpx over aiohttp's connections.

What a library would do for us is done here by hand where its way is not safe for URLs that strangers write:

- Redirects: at most five, each target guarded like a first URL, their bodies never read. From https to http is
  followed, since publishers do it, but such a step ends what counts as a permanent move: a stored URL never loses TLS.
- Credentials in a configured URL go out as Basic authorisation to that origin and no other; a redirect may bring none.
- Bodies: only gzip and deflate are asked for, inflated within bounds; one that ends early is an error, not a Response.
- No cookies, no proxies from the environment; the certificates are certifi's, or those of SSL_CERT_FILE, SSL_CERT_DIR.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from http.client import responses
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import unquote_to_bytes

import httpx
from httpx_aiohttp import AiohttpTransport

from watcher import __version__
from watcher.errors import FetchError, Forbidden
from watcher.fetch.connect import SystemResolver, attempt, explain, open_session
from watcher.fetch.inflate import open_decoder
from watcher.fetch.limits import Limits, one_line
from watcher.fetch.turns import Turns
from watcher.guard import Network, refuse_url
from watcher.model import FetchRequest, Response
from watcher.ports import Clock
from watcher.schedule import registrable
from watcher.text.counted import size
from watcher.text.waits import retry_after

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, text/html;q=0.7, text/plain;q=0.6, */*;q=0.5"
)
_PERMANENT = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
_WHOLE = (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION)
_NO_NAME = (UnicodeError, IndexError)  # what reading an international host name that is none ends with
_LONGEST_VALIDATOR = 1024  # characters
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"})


class HttpFetcher:
    """A Fetcher. One client and one TLS context for all; made anywhere, used within one event loop."""

    def __init__(self, *, limits: Limits, allowed: tuple[Network, ...], clock: Clock, contact: str = "") -> None:
        self._limits = limits
        self._allowed = allowed
        self._clock = clock
        self._turns = Turns(concurrency=limits.concurrency, per_host=limits.per_host, pause=limits.pause)
        tls = httpx.create_ssl_context()
        self._client = httpx.AsyncClient(
            transport=AiohttpTransport(verify=tls, client=lambda: open_session(limits, allowed, tls, SystemResolver())),
            timeout=httpx.Timeout(None, connect=limits.connect, pool=limits.connect),  # the rest is in `total`
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
            headers={
                "User-Agent": f"watcher/{__version__}" + (f" (+{contact})" if contact else ""),
                "Accept": _ACCEPT,
                "Accept-Encoding": "gzip, deflate",
            },
        )

    async def fetch(self, request: FetchRequest) -> Response:
        """Raises FetchError of kind forbidden, dns, connect, timeout, tls, reset, protocol, status, redirect,
        encoding, too-large or truncated.
        """
        trail = _Trail(_parsed(request.url))
        try:
            return await self._in_turn(request, trail)
        except FetchError as error:
            raise trail.told(error) from error.__cause__

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _in_turn(self, request: FetchRequest, trail: _Trail) -> Response:
        self._guard(trail.here)
        async with self._turns.turn(registrable(trail.here.host, _port(trail.here))) as lane:
            try:
                async with asyncio.timeout(self._limits.total):
                    return await self._follow(request, trail, keep=lambda: lane.busy)
            except TimeoutError as error:
                raise FetchError(f"no whole answer within {self._limits.total:g} s", kind="timeout") from error

    async def _follow(self, request: FetchRequest, trail: _Trail, keep: Callable[[], bool]) -> Response:
        while True:
            headers = _validators(request) | trail.authorisation() | ({} if keep() else {"Connection": "close"})
            async with self._ask(trail.here, headers) as response:
                if not response.has_redirect_location:
                    return await self._taken(request, response, trail)
                target = _target(response)
            if len(trail.urls) > self._limits.redirects:
                raise FetchError(f"more than {self._limits.redirects} redirects", kind="redirect")
            trail.step(target, permanent=response.status_code in _PERMANENT)
            self._guard(target)

    def _guard(self, url: httpx.URL) -> None:
        if reason := refuse_url(url.scheme, url.host, url.port, self._allowed):
            raise Forbidden(reason)

    @asynccontextmanager
    async def _ask(self, url: httpx.URL, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """One request; the response is open for reading, and whatever goes wrong in it is a FetchError."""
        with attempt() as connecting:
            try:
                request = self._client.build_request("GET", url, headers=headers)
                response = await self._client.send(request, stream=True)
                try:
                    yield response
                finally:
                    await response.aclose()
            except FetchError:
                raise
            except (httpx.RemoteProtocolError, *_NO_NAME) as error:  # httpx's own, about a Location it cannot read
                raise FetchError("it redirects to something that is no URL", kind="redirect") from error
            except Exception as error:
                if connecting.verdict:
                    raise Forbidden(connecting.verdict) from error
                kind, words = explain(error, self._limits)
                raise FetchError(words, kind=kind) from error

    async def _taken(self, request: FetchRequest, response: httpx.Response, trail: _Trail) -> Response:
        self._weigh_headers(response)
        unchanged = response.status_code == HTTPStatus.NOT_MODIFIED and bool(request.etag or request.last_modified)
        if not unchanged and response.status_code not in _WHOLE:
            raise self._bad_status(response)
        return Response(
            url=str(trail.here),
            status=304 if unchanged else 200,
            headers={k: v for k, v in response.headers.items() if k not in _OF_THE_WIRE},
            body=b"" if unchanged else await self._body(response),
            etag=_validator(response, "etag") or (request.etag if unchanged else None),
            last_modified=_validator(response, "last-modified") or (request.last_modified if unchanged else None),
            permanent_url=trail.permanent,
        )

    def _weigh_headers(self, response: httpx.Response) -> None:
        weight = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)  # ": " and the line's end
        if weight > self._limits.headers:
            raise FetchError(f"the headers are larger than {size(self._limits.headers)}", kind="too-large")

    def _bad_status(self, response: httpx.Response) -> FetchError:
        code = response.status_code
        wait = None
        if code in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            wait = retry_after(response.headers.get("retry-after"), self._clock.now(), self._limits.retry_after)
        return FetchError(f"the server answered {_phrase(code)}", kind="status", status=code, retry_after=wait)

    async def _body(self, response: httpx.Response) -> bytes:
        decoder = open_decoder(response.headers.get("content-encoding", ""), self._limits.decoded)
        self._weigh_body(int(response.headers.get("content-length", 0)))
        parts, got = [], 0
        async for chunk in response.aiter_raw():
            got += len(chunk)
            self._weigh_body(got)
            parts.append(decoder.feed(chunk))
        decoder.finish()
        return b"".join(parts)

    def _weigh_body(self, weight: int) -> None:
        if weight > self._limits.wire:
            raise FetchError(f"the body is larger than {size(self._limits.wire)}", kind="too-large")


class _Trail:
    """Where a fetch has been: the URL asked for, then each redirect's target, without credentials."""

    def __init__(self, url: httpx.URL) -> None:
        self._userinfo = url.userinfo
        self.urls = [url.copy_with(userinfo=None, fragment=None) if url.userinfo or url.fragment else url]
        self._leading = True  # every step so far was permanent and kept TLS
        self.permanent: str | None = None

    @property
    def here(self) -> httpx.URL:
        return self.urls[-1]

    def step(self, url: httpx.URL, *, permanent: bool) -> None:
        """Go on to a redirect's target. Raises FetchError (redirect) on a circle or credentials."""
        if url.userinfo:
            raise FetchError("it redirects to a URL with credentials in it", kind="redirect")
        if url in self.urls:
            raise FetchError(f"it redirects in a circle, back to {_plain(url)}", kind="redirect")
        self._leading &= permanent and not (self.here.scheme == "https" and url.scheme == "http")
        self.urls.append(url)
        if self._leading and not self._userinfo:  # a move would lose the credentials
            self.permanent = str(url)

    def authorisation(self) -> dict[str, str]:
        """The Authorization header (RFC 7617) as long as the origin is the one the credentials were given for."""
        if not self._userinfo or _origin(self.here) != _origin(self.urls[0]):
            return {}
        name, _, password = self._userinfo.partition(b":")
        pair = unquote_to_bytes(name) + b":" + unquote_to_bytes(password)
        return {"Authorization": "Basic " + base64.b64encode(pair).decode()}

    def told(self, error: FetchError) -> FetchError:
        """The error with the URLs before it."""
        text = ", redirected to ".join(dict.fromkeys(map(_plain, (self.urls[0], self.here)))) + f": {error}"
        if isinstance(error, Forbidden):
            return Forbidden(text)
        return FetchError(text, kind=error.kind, status=error.status, retry_after=error.retry_after)


def _parsed(url: str) -> httpx.URL:
    try:
        return _named(httpx.URL(url))
    except (httpx.InvalidURL, TypeError, ValueError, *_NO_NAME) as error:
        raise FetchError(f"{one_line(url)}: this is no URL ({one_line(str(error))})", kind="protocol") from error


def _target(response: httpx.Response) -> httpx.URL:
    assert response.next_request is not None  # httpx sets it for every redirect with a Location
    return response.next_request.url.copy_with(fragment=None)


def _named(url: httpx.URL) -> httpx.URL:
    """The URL itself, once its host could be read: httpx puts off decoding an international name, and then raises."""
    _ = url.host
    return url


def _validator(response: httpx.Response, name: str) -> str | None:
    """What can be sent back as it came: other bytes than ASCII's would not be what the server gave, a long one it may
    refuse to hear, and then the feed would never be read again.
    """
    value = response.headers.get(name, "")
    return value if value.isascii() and value.isprintable() and 0 < len(value) <= _LONGEST_VALIDATOR else None


def _validators(request: FetchRequest) -> dict[str, str]:
    """RFC 9110 section 13.1: both, since servers look at one or the other."""
    asked = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in asked.items() if value}


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, _port(url)


def _phrase(code: int) -> str:
    return f"{code} {responses.get(code, '')}".rstrip()


def _plain(url: httpx.URL) -> str:
    """A URL for messages: no credentials, and no query, where tokens are."""
    return one_line(str(url.copy_with(userinfo=None, query=None, fragment=None)))
