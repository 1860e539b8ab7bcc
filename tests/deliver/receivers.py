"""Receivers on loopback: an HTTP one that answers to order, and a mail server that accepts, refuses or hangs."""

from __future__ import annotations

import asyncio
import functools
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

CERTIFICATE = Path(__file__).parents[1] / "data" / "loopback.pem"
"""For 127.0.0.1 and localhost, with its key; nobody but the tests trusts it."""


@dataclass
class Receiver:
    """What an HTTP receiver got, and what it answers."""

    port: int = 0
    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    drip: bool = False
    got: list[tuple[str, Mapping[str, str], Any]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def json(self) -> Any:
        return self.got[-1][2]


@contextmanager
def http_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            receiver.got.append((self.path, dict(self.headers), json.loads(body or b"null")))
            if receiver.hang:
                receiver.released.wait(20)
                return
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if receiver.drip:
                while not receiver.released.wait(0.05):
                    self.wfile.write(b".")
            self.wfile.write(receiver.body)

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()


@dataclass
class Mailbox:
    """The mail a server accepted, and what it answers: to a command, to a recipient, after the content of a mail."""

    port: int = 0
    reply: str = "250 accepted"
    recipient_reply: str = "250 ok"
    recipient_replies: dict[str, str] = field(default_factory=dict)
    replies: dict[str, str] = field(default_factory=dict)  # "CONNECT", or a command in capitals
    hang: bool = False
    hang_up: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    sources: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str | None, list[str]]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    connections: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.recipient_replies.get(address, self.recipient_reply)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hang:
            await asyncio.to_thread(self.released.wait, 20)
        if self.hang_up:
            cast("asyncio.Transport", server.transport).abort()
        if self.reply.startswith("250"):
            content = cast("bytes", envelope.content)
            self.sources.append(content)
            self.mails.append(message_from_bytes(content.replace(b"\r\n", b"\n"), policy=policy.default))
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return self.reply

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=True)


class _Server(SMTP):
    """aiosmtpd's server, which answers what the mailbox has been told to."""

    def __init__(self, mailbox: Mailbox, **options: Any) -> None:
        super().__init__(mailbox, **options)
        self.mailbox = mailbox
        mailbox.connections += 1

    async def push(self, status: Any) -> None:
        greets = str(status).startswith(f"220 {self.hostname}")
        await super().push(self.mailbox.replies.get("CONNECT", status) if greets else status)


def _scripted(name: str) -> Any:
    does = getattr(SMTP, f"smtp_{name}")

    @functools.wraps(does)
    async def answer(self: _Server, arg: str) -> None:
        self.mailbox.commands.append(name)
        reply = self.mailbox.replies.get(name)
        if reply is None:
            await does(self, arg)
            return
        await self.push(reply)
        if reply.startswith("421"):
            cast("asyncio.Transport", self.transport).close()

    return answer


for _name in ("EHLO", "HELO", "STARTTLS", "AUTH", "NOOP", "MAIL", "DATA", "RSET", "QUIT"):
    setattr(_Server, f"smtp_{_name}", _scripted(_name))


class _AnyPort(Controller):
    """A controller that lets the system choose the port."""

    def factory(self) -> SMTP:
        return _Server(cast("Mailbox", self.handler), **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(*, tls: str = "", login: bool = False) -> Iterator[Mailbox]:
    """A mail server; `tls` is "starttls" or "ssl", with `login` it wants a name and a password, any."""
    mailbox = Mailbox()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
    if context:
        context.load_cert_chain(CERTIFICATE)
    options: dict[str, Any] = {"tls_context": context} if tls == "starttls" else {}
    if login:
        options |= {"authenticator": mailbox.authenticate, "auth_required": True, "auth_require_tls": False}
    controller = _AnyPort(
        mailbox, hostname="127.0.0.1", port=0, ssl_context=context if tls == "ssl" else None, **options
    )
    controller.start()
    mailbox.port = controller.port
    mailbox.connections = 0  # the controller tries it once
    try:
        yield mailbox
    finally:
        mailbox.released.set()
        controller.stop()
