"""edge: message -> a program's web address: the alert's document, signed, sent to an address that the guard allows.

Signed by the conventions of Standard Webhooks (https://www.standardwebhooks.com): an HMAC-SHA256 over
"id.timestamp.body", where the id is the alert's key, equal in every try.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import io
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from urllib.parse import quote, unquote, urlsplit

from watcher import __version__
from watcher.deliver import trouble
from watcher.deliver.verdict import Answer, hidden, http_answer, in_words, refusal
from watcher.errors import SendError
from watcher.guard import Network, allowed_networks, refuse_address, refuse_url
from watcher.model import ChannelSpec, Message, Receipt
from watcher.render import Document
from watcher.text.waits import retry_after

SHORTEST_SECRET = 24
"""Bytes; what Standard Webhooks asks for."""
PREFIX = "whsec_"
"""Before a secret that is written in base64."""
MOST_ANSWER = 4096
"""Bytes of an answer that are read."""
LONGEST_WAIT = 24 * 3600.0
"""Seconds a receiver can ask to be left alone."""
_IN_PATH = "/%:@!$&'()*+,;=~-._"


def signature(secrets: Sequence[bytes], key: str, timestamp: int, body: bytes) -> str:
    """The value of webhook-signature: one signature a secret, so that a receiver may change from one to another."""
    signed = f"{key}.{timestamp}.".encode() + body
    codes = (base64.b64encode(hmac.digest(secret, signed, "sha256")).decode() for secret in secrets)
    return " ".join(f"v1,{code}" for code in codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to, as the channel's URL says it."""

    host: str
    port: int
    tls: bool
    path: str = field(repr=False)  # with the query
    login: str = field(repr=False)  # the value of Authorization, empty for none
    secrets: tuple[bytes, ...] = field(repr=False)

    @property
    def origin(self) -> str:
        """The address as far as it is no secret, and the Host header behind its scheme."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == (443 if self.tls else 80) else f":{self.port}"
        return f"{'https' if self.tls else 'http'}://{host}{port}"


class WebhookSender:
    """One address. A send takes `timeout` seconds at most, from the look-up of the name to the answer."""

    medium = Document()

    def __init__(
        self,
        spec: ChannelSpec,
        *,
        timeout: float,
        allow_private: Sequence[str] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Raises SendError, permanent, when the URL cannot be used."""
        self._allowed = allowed_networks(allow_private)
        self._target = target(spec.url, self._allowed)
        self._tls = ssl.create_default_context() if self._target.tls else None
        self._url = spec.url
        self._timeout = timeout
        self._now = now

    def send(self, message: Message) -> Receipt:
        """Any 2xx is acceptance; a redirect is not followed."""
        try:
            code, answer = self._asked(message)
        except (OSError, HTTPException) as error:
            raise SendError(f"{self._target.host} did not accept the message: {self._words(error)}") from error
        if 200 <= code < 300:
            return Receipt(detail=in_words(answer, self._url))
        raise refusal(self._target.host, (answer,), self._url)

    def rest(self) -> None:
        """Nothing is kept."""

    def shown(self, message: Message) -> str:
        """The request without what may be secret in it: the path and the signature."""
        document = json.dumps(json.loads(message.payload), ensure_ascii=False, indent=2)
        signed = ["webhook-signature: v1,..."] if self._target.secrets else []
        return "\n".join([f"POST {self._target.origin}/...", f"webhook-id: {message.key}", *signed, "", document])

    def _asked(self, message: Message) -> tuple[int, Answer]:
        deadline = _Deadline(self._timeout)
        moment = self._now()
        with contextlib.closing(_connected(self._target, self._tls, self._allowed, deadline)) as connection:
            connection.settimeout(deadline.left())
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may have answered before the end
                connection.sendall(_request(self._target, message, int(moment.timestamp())))
            response = HTTPResponse(_Reading(connection, deadline), method="POST")  # type: ignore[arg-type]
            response.begin()
            said = b""
            with contextlib.suppress(OSError, HTTPException):  # the status has arrived: that decides
                said = response.read1(MOST_ANSWER)
            wait = retry_after(response.headers.get("Retry-After"), moment, LONGEST_WAIT)
            return response.status, http_answer(response.status, said.decode("utf-8", "replace"), wait)

    def _words(self, error: OSError | HTTPException) -> str:
        if isinstance(error, OSError):
            return trouble.words(error, self._timeout)
        return f"the answer is not HTTP ({type(error).__name__})"


def target(url: str, allowed: tuple[Network, ...] = ()) -> Target:
    """A channel's URL read. Raises SendError, permanent, which says nothing secret of it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")  # raises for what is no name in any look-up
    except ValueError as error:
        raise SendError(f"the URL cannot be read: {hidden(str(error), url)}", permanent=True) from None
    tls = parts.scheme == "webhooks"
    if not host.isascii():
        raise SendError("write the host's name as the network has it, beginning with xn--", permanent=True)
    if parts.fragment or url.endswith("#"):
        raise SendError("a `#` ends what is sent; write it as %23", permanent=True)
    if reason := refuse_url("https" if tls else "http", host, port, allowed):
        raise SendError(reason, permanent=True)
    given = [part for part in parts.query.split("&") if part]
    query = "&".join(part for part in given if not part.startswith("secret="))
    path = quote(parts.path or "/", safe=_IN_PATH) + (f"?{quote(query, safe=_IN_PATH + '?')}" if query else "")
    return Target(
        host=host,
        port=port or (443 if tls else 80),
        tls=tls,
        path=path,
        login=_login(parts.username, parts.password),
        secrets=tuple(_secret(unquote(part[7:])) for part in given if part.startswith("secret=")),
    )


def _login(user: str | None, password: str | None) -> str:
    if user is None:
        return ""
    words = f"{unquote(user)}:{unquote(password or '')}".encode()
    return f"Basic {base64.b64encode(words).decode()}"


def _secret(text: str) -> bytes:
    """The key that a secret stands for: base64 behind whsec_, else its characters."""
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True) if text.startswith(PREFIX) else text.encode()
    except binascii.Error:
        raise SendError(f"what stands behind {PREFIX} in the secret is not base64", permanent=True) from None
    if len(key) < SHORTEST_SECRET:
        words = f"the secret has {len(key)} bytes; it must have {SHORTEST_SECRET} or more: openssl rand -hex 32"
        raise SendError(words, permanent=True)
    return key


def _request(to: Target, message: Message, timestamp: int) -> bytes:
    body = message.payload.encode("utf-8", "replace")
    headers: Mapping[str, str] = {
        "Host": to.origin.partition("://")[2],
        "User-Agent": f"watcher/{__version__}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        "X-Watcher-Alert": message.key,
        "Idempotency-Key": message.key,
        "webhook-id": message.key,
        "webhook-timestamp": str(timestamp),
        **({"webhook-signature": signature(to.secrets, message.key, timestamp, body)} if to.secrets else {}),
        **({"Authorization": to.login} if to.login else {}),
    }
    head = [f"POST {to.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(head).encode("ascii") + body


class _Deadline:
    """The end of a send."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then. Raises TimeoutError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _connected(
    to: Target, tls: ssl.SSLContext | None, allowed: tuple[Network, ...], deadline: _Deadline
) -> socket.socket:
    """A connection to one of the host's addresses: each is checked, and it is that one which is connected to.

    Raises SendError, denied, when the guard lets none of them through, and OSError.
    """
    infos = _addresses(to, deadline)
    refused: dict[str, None] = {}
    failed: OSError | None = None
    for number, (family, kind, protocol, _, address) in enumerate(infos):
        if reason := refuse_address(str(address[0]), allowed):
            refused[reason] = None
            continue
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(deadline.left() / (len(infos) - number))
            connection.connect(address)
            connection.settimeout(deadline.left())
            return tls.wrap_socket(connection, server_hostname=to.host) if tls else connection
        except OSError as error:
            connection.close()
            failed = error
    if failed:
        raise failed
    raise SendError(f"{to.host} was not asked: {'; '.join(refused) or 'it has no address'}", denied=bool(refused))


def _addresses(to: Target, deadline: _Deadline) -> Sequence[tuple[int, int, int, str, tuple[object, ...]]]:
    """Of the system's resolver, in a thread that is left behind when it takes too long."""
    found: list[Sequence[tuple[int, int, int, str, tuple[object, ...]]] | OSError] = []

    def look_up() -> None:
        try:
            found.append(socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM))
        except OSError as error:
            found.append(error)
        except UnicodeError:
            found.append(socket.gaierror(socket.EAI_NONAME, "this is no host name"))

    thread = threading.Thread(target=look_up, daemon=True, name="resolve")
    thread.start()
    thread.join(deadline.left())
    if not found:
        raise TimeoutError
    if isinstance(found[0], OSError):
        raise found[0]
    return found[0]


class _Reading(io.RawIOBase):
    """What HTTPResponse reads from: a connection that is given until the deadline, however slowly it drips."""

    def __init__(self, connection: socket.socket, deadline: _Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv_into(buffer)  # type: ignore[arg-type]
