"""edge: a mail URL as apprise's users know it -> server, people, and what is wrong. Loaded with apprise, so late.

Registered with apprise in the place of its own plugin, so that what goes through apprise is sent as safely.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Iterator
from email.headerregistry import Address
from functools import cache
from hashlib import sha256
from ipaddress import ip_address
from typing import Any

from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins import N_MGR
from apprise.plugins.email import NotifyEmail
from apprise.utils.parse import is_email, parse_emails

from watcher.deliver.mime import Envelope
from watcher.deliver.smtp import Server
from watcher.errors import SendError
from watcher.model import AlertKey, ChannelName, ChannelSpec, Message, Severity

TIMEOUT = 30.0
"""Seconds that a mail may take which goes through apprise."""


class MailPlugin(NotifyEmail):
    """Refuses what would lose a recipient, or safety, without a word."""

    def __init__(self, secure_mode: Any = None, **given: Any) -> None:
        super().__init__(secure_mode=secure_mode, **given)
        self.html = given.get("format") != "text"
        for flaw in self._flaws(secure_mode, given):
            self.logger.warning(flaw)
            raise AppriseImproperlyConfigured(flaw)

    @property
    def server(self) -> Server:
        return Server(
            host=self.smtp_host,
            port=int(self.port or 25),
            mode=str(self.secure_mode),
            user=self.user or "",
            password=self.password or "",
            verified=self.verify_certificate,
        )

    def envelope(self, channel: str) -> Envelope:
        """Raises ValueError for an address that no mail can be sent to."""
        name, address = self.from_addr
        return Envelope(
            channel=channel,
            sender=_address(str(address), name),
            to=tuple(_address(str(address), name) for name, address in self.targets),
            cc=self._named(self.cc),
            bcc=self._named(self.bcc),
            reply_to=self._named(self.reply_to),
            headers=tuple(self.headers.items()),
            html=self.html,
        )

    def _named(self, addresses: set[str]) -> tuple[Address, ...]:
        return tuple(_address(one, self.names.get(one)) for one in sorted(addresses))

    def _flaws(self, mode: Any, given: dict[str, Any]) -> Iterator[str]:
        for name in ("targets", "cc", "bcc", "reply_to"):
            yield from (f"{one} is no e-mail address" for one in _no_addresses(given.get(name)))
        if self.pgp_mode != "no":
            yield "mails are not signed or encrypted with PGP here"
        if given.get("schema") == self.secure_protocol and mode == "insecure":
            yield "the scheme mailtos promises TLS, and mode=insecure goes without it"
        if self.password and self.secure_mode == "insecure" and mode != "insecure" and not _is_this(self.smtp_host):
            yield "the password would go in plain text: write the scheme as mailtos, or mode=insecure where it may"
        if not f"{self.user or ''}{self.password or ''}".isascii():
            yield "a mail server takes letters without accents only, in a name and a password"
        try:
            self.envelope("")
        except (ValueError, IndexError) as error:
            yield f"an address cannot be written in a mail: {error}"

    # what apprise asks of a plugin

    def send(self, body: str, title: str = "", *_args: Any, **_given: Any) -> bool:
        """What `Apprise.notify` calls: the same mail as to a channel, in text."""
        from watcher.deliver.mail import MailSender

        key = AlertKey(sha256(f"{title}\0{body}".encode()).hexdigest()[:32])
        sender = MailSender(ChannelSpec(name=ChannelName("apprise"), url=self.url()), TIMEOUT)
        try:
            sender.send(Message(key=key, title=title, body=body, severity=Severity.INFO))
        except SendError as error:
            self.logger.warning(str(error))
            return False
        finally:
            sender.rest()
        return True


@cache
def register() -> None:
    """Have apprise make a MailPlugin of a mail URL from now on."""
    N_MGR.add(MailPlugin, schemas=(MailPlugin.protocol, MailPlugin.secure_protocol), force=True)


def _no_addresses(given: Any) -> Iterator[str]:
    """What apprise would leave out of a list of people, or a text that holds one."""
    for text in [given] if isinstance(given, str) else given or ():
        rest = text
        for one in parse_emails(text):
            rest = rest.replace(one, "", 1)
            if not is_email(one):
                yield one
        if rest.strip(" ,;\t"):
            yield rest.strip(" ,;\t")


def _address(address: str, name: Any) -> Address:
    """ASCII in the address itself: not every server takes more."""
    if not address.isascii():
        raise ValueError(f"{address} has letters that not every mail server takes")
    return Address(display_name=name or "", addr_spec=address)


def _is_this(host: str) -> bool:
    """Whether what is said to the host stays on this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
