"""edge: mails -> one mail server (RFC 5321), over a connection that is kept for the next.

What the server says of each recipient is kept apart. Nothing here decides what a reply means; that is mail.py's.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO

MOST_MAILS = 100
"""Mails over one connection; many servers close it after as many."""
IDLE = 60.0
"""Seconds after which a connection is not used again; servers close it after some minutes."""
MOST_REPLY = 64 * 1024
"""Bytes of one reply that are read."""
FAREWELL = 2.0
"""Seconds that saying goodbye may take."""
GONE = 421
"""The server closes the connection, whatever it was asked."""

Reply = tuple[int, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where a channel's mails are handed in, and how the way there is secured."""

    host: str
    port: int
    mode: str  # "insecure", "starttls" or "ssl", as apprise calls them
    user: str = ""
    password: str = field(default="", repr=False)
    verified: bool = True


class Step(StrEnum):
    """What is being asked of the server."""

    CONNECT = "connecting"
    SECURE = "securing the connection"
    LOGIN = "logging in"
    REUSE = "asking whether it is there still"
    SENDER = "naming the sender"
    RECIPIENT = "naming a recipient"
    DATA = "announcing the mail"
    CONTENT = "handing over the mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`reply` accepted the mail, for all its recipients but the refused."""

    reply: Reply
    refused: Mapping[str, Reply]


class Unwilling(Exception):
    """The server would not at a step, in its own words: one reply, or one of each recipient when it takes none."""

    def __init__(self, step: Step, replies: Mapping[str, Reply]) -> None:
        super().__init__(step)
        self.step = step
        self.replies = replies

    @property
    def ends_it(self) -> bool:
        """Whether nothing more can be said over this connection."""
        early = self.step in {Step.CONNECT, Step.SECURE, Step.LOGIN}
        return early or any(code == GONE for code, _ in self.replies.values())


class Line:
    """The way to one server. `step` says what it is doing, for whoever waits for it. For one thread at a time."""

    def __init__(self, server: Server, timeout: float) -> None:
        """Each mail takes `timeout` seconds at most, unless the server keeps saying a little."""
        self._server = server
        self._timeout = timeout
        self._smtp: smtplib.SMTP | None = None
        self._mails = 0
        self._last = 0.0
        self._end = 0.0
        self.step = Step.CONNECT

    def post(self, sender: str, recipients: Sequence[str], content: bytes) -> Outcome:
        """Hand in one mail. Raises Unwilling, smtplib.SMTPException and OSError."""
        self._end = time.monotonic() + self._timeout
        try:
            smtp = self._ready()
            outcome = self._posted(smtp, sender, recipients, content)
        except Unwilling as error:
            self._start_over(ended=error.ends_it)
            raise
        except smtplib.SMTPServerDisconnected as error:
            self.drop()
            if isinstance(error.__context__, OSError):  # what smtplib wraps: a timeout, a reset
                raise error.__context__ from None
            raise
        except smtplib.SMTPResponseException as error:  # of smtplib's own steps: the greeting, EHLO, a login
            self.drop()
            raise Unwilling(self.step, {"": (error.smtp_code, _bytes(error.smtp_error))}) from error
        except BaseException:
            self.drop()
            raise
        finally:
            self._last = time.monotonic()
        self._mails += 1
        return outcome

    @property
    def where(self) -> str:
        """How far it came, for the end of a sentence."""
        return f" while {self.step}" + ("; the mail may have arrived" if self.step is Step.CONTENT else "")

    def give_up(self) -> str:
        """Hang up on a server that keeps saying a little, and say where it was."""
        where = self.where
        self.drop()
        return where

    def close(self) -> None:
        """Say goodbye, without waiting for an answer, and hang up."""
        if self._smtp and self._smtp.sock:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.sock.settimeout(FAREWELL)
                self._smtp.putcmd("QUIT")
        self.drop()

    def drop(self) -> None:
        """Hang up; a thread that waits for the server wakes."""
        smtp, self._smtp = self._smtp, None
        if smtp:
            with contextlib.suppress(OSError, AttributeError):  # there is no socket any more
                smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
            smtp.close()

    def __del__(self) -> None:
        """What nobody holds any more hangs up."""
        self.drop()

    def _posted(self, smtp: smtplib.SMTP, sender: str, recipients: Sequence[str], content: bytes) -> Outcome:
        size = [f"SIZE={len(content)}"] if smtp.has_extn("size") else []
        self._asked(smtp, Step.SENDER, lambda: smtp.mail(sender, size))
        refused = self._refused(smtp, recipients)
        self._asked(smtp, Step.DATA, lambda: smtp.docmd("DATA"), 354)
        return Outcome(reply=self._asked(smtp, Step.CONTENT, lambda: _sent(smtp, content)), refused=refused)

    def _refused(self, smtp: smtplib.SMTP, recipients: Sequence[str]) -> dict[str, Reply]:
        refused = {}
        for recipient in recipients:
            self._at(smtp, Step.RECIPIENT)
            code, said = smtp.rcpt(recipient)
            if code not in {250, 251}:
                refused[recipient] = (code, said)
            if code == GONE or len(refused) == len(recipients):
                raise Unwilling(Step.RECIPIENT, refused)
        return refused

    def _ready(self) -> smtplib.SMTP:
        """A connection on which a mail can be handed in: the last one where it still answers."""
        worn = self._mails >= MOST_MAILS or time.monotonic() - self._last > IDLE
        if self._smtp and not worn and self._answers(self._smtp):
            return self._smtp
        self.close()
        self._smtp, self._mails = self._opened(), 0
        self._greeted(self._smtp)
        return self._smtp

    def _answers(self, smtp: smtplib.SMTP) -> bool:
        try:
            self._asked(smtp, Step.REUSE, smtp.noop)
        except (Unwilling, OSError, smtplib.SMTPException):
            return False
        return True

    def _opened(self) -> smtplib.SMTP:
        self.step = Step.CONNECT
        server, left = self._server, self._left()
        if server.mode == "ssl":
            return _SecureSMTP(server.host, server.port, "localhost", timeout=left, context=_tls(server))
        return _SMTP(server.host, server.port, "localhost", timeout=left)

    def _greeted(self, smtp: smtplib.SMTP) -> None:
        smtp.local_hostname = _literal(smtp.sock)
        self._asked(smtp, Step.CONNECT, smtp.ehlo)
        if self._server.mode == "starttls":
            self._at(smtp, Step.SECURE)
            smtp.starttls(context=_tls(self._server))
            self._asked(smtp, Step.SECURE, smtp.ehlo)
        if self._server.user and self._server.password:
            self._at(smtp, Step.LOGIN)
            smtp.login(self._server.user, self._server.password)

    def _start_over(self, *, ended: bool) -> None:
        """Take back what was said of a mail, or hang up where the server would not hear of another."""
        try:
            if ended or not self._smtp or self._smtp.rset()[0] != 250:
                self.drop()
        except (OSError, smtplib.SMTPException):
            self.drop()

    def _asked(self, smtp: smtplib.SMTP, step: Step, ask: Callable[[], Reply], wanted: int = 250) -> Reply:
        self._at(smtp, step)
        reply = ask()
        if reply[0] != wanted:
            raise Unwilling(step, {"": reply})
        return reply

    def _at(self, smtp: smtplib.SMTP, step: Step) -> None:
        self.step = step
        if smtp.sock:
            smtp.sock.settimeout(self._left())

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _SMTP(smtplib.SMTP):
    """Reads so much of a reply and no more."""

    def getreply(self) -> Reply:
        if self.file is None:
            self.file = _Rationed(self.sock.makefile("rb"))  # type: ignore[union-attr]
        self.file.left = MOST_REPLY
        return super().getreply()


class _SecureSMTP(_SMTP, smtplib.SMTP_SSL):
    """The same, in TLS from the first byte."""


class _Rationed:
    """Lines of a stream until the ration is eaten up."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.left = MOST_REPLY

    def readline(self, limit: int) -> bytes:
        line = self._stream.readline(limit)
        self.left -= len(line)
        if self.left < 0:
            raise smtplib.SMTPServerDisconnected("the reply does not end")
        return line

    def close(self) -> None:
        self._stream.close()


def _sent(smtp: smtplib.SMTP, content: bytes) -> Reply:
    """The content with its dots doubled (RFC 5321 section 4.5.2), its end, and what is said to it."""
    smtp.send(content.replace(b"\r\n.", b"\r\n..").removesuffix(b"\r\n") + b"\r\n.\r\n")
    return smtp.getreply()


def _tls(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not server.verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _literal(connection: Any) -> str:
    """How a client without a name of its own greets (RFC 5321 section 4.1.3); to look one up may take seconds."""
    address = connection.getsockname()[0]
    return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"


def _bytes(said: bytes | str) -> bytes:
    return said.encode() if isinstance(said, str) else said
