"""edge: a name -> connections to addresses that the guard allows: the aiohttp below httpx, and what its errors mean."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.http_exceptions import BadHttpMessage, LineTooLong

from watcher.fetch.limits import Limits
from watcher.fetch.metered import meter, most_bytes
from watcher.guard import Network, refuse_address
from watcher.text.counted import size

_NEVER_A_NAME = ("invalid", "onion")  # RFC 6761 section 6.4, RFC 7686 section 2: not to be looked up
_HEADERS = 256  # lines; with `Limits.headers` for each this bounds what is read before the sum is known


@dataclass(slots=True)
class Attempt:
    """What became of the addresses of one request: the guard's words, and whether any was left to connect to."""

    refused: dict[str, None] = field(default_factory=dict)
    tried: bool = False

    @property
    def verdict(self) -> str | None:
        """Why nothing was connected to, when the guard is the reason."""
        return None if self.tried else "; ".join(self.refused) or None


_attempt: ContextVar[Attempt] = ContextVar("attempt")


@contextlib.contextmanager
def attempt(most: int) -> Iterator[Attempt]:
    """Keep the guard's verdict beside the request: aiohttp lets no text of the socket factory's errors through.

    `most` is what the body may weigh on the wire.
    """
    current = Attempt()
    token, weighed = _attempt.set(current), most_bytes.set(most)
    try:
        yield current
    finally:
        _attempt.reset(token)
        most_bytes.reset(weighed)


def open_session(
    limits: Limits, allowed: tuple[Network, ...], tls: ssl.SSLContext, resolver: AbstractResolver
) -> aiohttp.ClientSession:
    """A session for the running loop: no proxies or netrc from the environment, no cookies, guarded sockets."""

    def guarded(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        current = _attempt.get()
        if reason := refuse_address(address[0], allowed):
            current.refused[reason] = None
            raise OSError(reason)
        current.tried = True
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        limit=0,  # Turns counts
        keepalive_timeout=limits.pause + 5,
        ssl=tls,
        resolver=resolver,
        use_dns_cache=False,
        socket_factory=guarded,
    )
    meter(connector)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        max_line_size=limits.headers,
        max_field_size=limits.headers,
        max_headers=_HEADERS,
    )


class SystemResolver(AbstractResolver):
    """The system's resolver, in a daemon thread a look-up: dead name servers hold up no other look-up and no exit."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        if host.rstrip(".").rpartition(".")[2].lower() in _NEVER_A_NAME:
            raise socket.gaierror(socket.EAI_NONAME, "this name never exists")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[ResolveResult]] = loop.create_future()
        threading.Thread(target=_look_up, args=(loop, answer, host, port, family), daemon=True, name="resolve").start()
        return await answer

    async def close(self) -> None:
        pass


def _look_up(
    loop: asyncio.AbstractEventLoop,
    answer: asyncio.Future[list[ResolveResult]],
    host: str,
    port: int,
    family: socket.AddressFamily,
) -> None:
    def settle(found: list[ResolveResult] | OSError) -> None:
        if answer.done():  # nobody waits any more
            return
        answer.set_exception(found) if isinstance(found, OSError) else answer.set_result(found)

    with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
        loop.call_soon_threadsafe(settle, _addresses(host, port, family))


def _addresses(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult] | OSError:
    try:
        infos = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except (OSError, UnicodeError) as error:
        return error if isinstance(error, OSError) else socket.gaierror(socket.EAI_NONAME, "this is no host name")
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return [
        ResolveResult(hostname=host, host=str(address[0]), port=port, family=family, proto=proto, flags=numeric)
        for family, _, proto, _, address in infos
    ]


def explain(error: BaseException, limits: Limits) -> tuple[str, str]:
    """The kind of a failure and its words, from what aiohttp raised below httpx."""
    chain = list(causes(error))
    for cause in chain:
        match cause:
            case aiohttp.ClientSSLError():  # an SSLError by inheritance, without its attributes; the real one follows
                continue
            case aiohttp.ClientConnectorDNSError():
                return "dns", f"the name {cause.host} does not resolve ({_os_words(cause.os_error)})"
            case ssl.SSLCertVerificationError():
                return "tls", f"the certificate is not accepted ({cause.verify_message})"
            case ssl.SSLError():
                return "tls", f"no TLS with this server ({_tls_words(cause)})"
            case LineTooLong():
                return "too-large", f"a header is larger than {size(limits.headers)}"
            case BadHttpMessage() if str(cause).endswith("Too many headers received"):
                return "too-large", f"there are more than {_HEADERS} headers"
            case aiohttp.InvalidURL():
                return "protocol", "this is no URL that can be asked"
    for cause in chain:
        match cause:
            case aiohttp.ConnectionTimeoutError():
                return "timeout", f"no connection within {limits.connect:g} s"
            case aiohttp.ClientConnectorError():
                return "connect", f"no connection to {cause.host}:{cause.port} ({_os_words(cause.os_error)})"
            case aiohttp.ClientPayloadError():
                return "truncated", "the body ends before its end"
            case aiohttp.ServerDisconnectedError() | ConnectionError():
                return "reset", "the server closed the connection without an answer"
    return "protocol", f"the answer is not HTTP as we know it ({type(chain[-1]).__name__})"


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _os_words(error: OSError) -> str:
    number = errno.ECONNRESET if isinstance(error, ConnectionResetError) else error.errno  # some come without
    if isinstance(error, socket.gaierror) or not number:
        return (error.strerror or type(error).__name__).lower()
    return os.strerror(number).lower()


def _tls_words(error: ssl.SSLError) -> str:
    return (error.reason or type(error).__name__).lower().replace("_", " ")
