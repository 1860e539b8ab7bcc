"""pure: (message, who writes to whom) -> an e-mail as it stands on the wire.

Headers are made by the standard library's e-mail policy, which takes no line end in a value; what comes from an item is
in one line before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from watcher.model import Message
from watcher.render.clean import one_line

LONGEST_LINE = 998
"""RFC 5322 section 2.1.1."""


class _Wire(policy.EmailPolicy):
    """ASCII only, so that no server has to offer 8BITMIME or SMTPUTF8; lines of 78, but for headers that are ASCII.

    Those stand in one line: folded, a subject may begin in the second, and an id may not be folded at all.
    """

    def fold(self, name: str, value: Any) -> str:
        return str(super(_Wire, self._roomy(value)).fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        return super(_Wire, self._roomy(value)).fold_binary(name, value)

    def _roomy(self, value: Any) -> _Wire:
        return self.clone(max_line_length=LONGEST_LINE) if str(value).isascii() else self


WIRE = _Wire(linesep="\r\n", cte_type="7bit")
NOWHERE = "watcher.local"
_MESSAGE_ID = re.compile(r"<[^<>@\s]{1,64}@[^<>@\s]{1,253}>", re.ASCII)
_NOT_IN_ID = re.compile(r"[^\w.-]", re.ASCII)
_HEADER_NAME = re.compile(r"[!-9;-~]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who writes to whom; `headers` are the operator's own and may be secret."""

    channel: str
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    html: bool = True

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address once."""
        return tuple(dict.fromkeys(one.addr_spec for one in (*self.to, *self.cc, *self.bcc)))

    @property
    def shown(self) -> Envelope:
        """For a person to look at."""
        return replace(self, headers=tuple((name, "***") for name, _ in self.headers))

    @property
    def domain(self) -> str:
        """The sender's, for ids."""
        domain = self.sender.domain
        return domain if domain and not _NOT_IN_ID.search(domain) else NOWHERE


def message_id(key: str, envelope: Envelope) -> str:
    """The same in every try, so that a mail that came twice can be known as one."""
    return f"<{_NOT_IN_ID.sub('', key)[:32]}@{envelope.domain}>"


def mime(message: Message, envelope: Envelope, date: datetime | None) -> EmailMessage:
    """The mail, whole; without a date it has none."""
    mail = EmailMessage(policy=WIRE)
    mail["Subject"] = _clean(message.title)
    mail["From"] = envelope.sender
    _address(mail, "To", envelope.to)
    _address(mail, "Cc", envelope.cc)
    _address(mail, "Reply-To", envelope.reply_to)
    if date:
        mail["Date"] = date
    mail["Message-ID"] = message_id(message.key, envelope)
    if message.root:
        known = _MESSAGE_ID.fullmatch(message.root.reference)
        root = message.root.reference if known else message_id(message.root.key, envelope)
        mail["In-Reply-To"] = root
        mail["References"] = root
    mail["List-Id"] = f"<{_NOT_IN_ID.sub('', envelope.channel)[:24]}.{envelope.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notice answers it
    mail["X-Watcher-Alert"] = _clean(message.key)
    for name, value in envelope.headers:
        if _HEADER_NAME.fullmatch(name) and name not in mail:
            mail[name] = _clean(value)
    mail.set_content(_encodable(message.body))
    if message.html and envelope.html:
        mail.add_alternative(_encodable(message.html), subtype="html")
    return mail


def _address(mail: EmailMessage, name: str, addresses: Sequence[Address]) -> None:
    if addresses:
        mail[name] = addresses


def _clean(text: str) -> str:
    """In one line, and without what would be read as an encoded word (RFC 2047), which may hold anything."""
    return _encodable(one_line(text).strip()).replace("=?", "=\u200b?")


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
