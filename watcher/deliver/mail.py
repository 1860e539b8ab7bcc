"""edge: message -> an e-mail to a channel's recipients, each of whom the server may take or refuse.

The URL is apprise's (mailto://, mailtos://), read by its plugin; sending is ours: one thread a story, one connection
for a batch, TLS as the URL says or nothing at all, and what the server said of each recipient.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from watcher.deliver import trouble
from watcher.deliver.apprise import service_of
from watcher.deliver.bounded import Bounded
from watcher.deliver.mime import WIRE, message_id, mime
from watcher.deliver.smtp import Line, Outcome, Reply, Step, Unwilling
from watcher.deliver.verdict import LONGEST_ANSWER, Answer, hidden, refusal
from watcher.errors import SendError
from watcher.model import ChannelSpec, Message, Receipt
from watcher.render import Mail
from watcher.render.clean import one_line
from watcher.text.cut import cut

SHARE = 0.9
"""Of the time a send may take, what the conversation gets: then its own words say where it ended."""
WANTS_LOGIN = frozenset({530, 534, 535, 538})
"""RFC 4954 section 6: the credentials will not do, or are asked for."""
OF_THE_MAIL = frozenset({552, 554})
"""Too large, or refused for what it is, though it is said to the sender's name already."""
OF_THE_CHANNEL = frozenset({Step.CONNECT, Step.SECURE, Step.LOGIN})
NAMED = 5
"""Refused recipients that are named."""


class MailSender:
    """A channel's mailboxes behind one server. A send takes `timeout` seconds at most (bounded.py)."""

    medium = Mail()

    def __init__(
        self, spec: ChannelSpec, timeout: float, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Raises SendError, permanent, with the reason when the URL cannot be used."""
        from watcher.deliver.mail_plugin import register

        register()
        service = service_of(spec.url, timeout)
        self._envelope = service.envelope(spec.name)
        self._host = service.server.host
        self._line = Line(service.server, timeout * SHARE)
        self._bounded: Bounded[Outcome] = Bounded(self._host, timeout, self._line.give_up)
        self._url = spec.url
        self._timeout = timeout
        self._now = now

    def send(self, message: Message) -> Receipt:
        """The reference is the mail's Message-ID, the same in every try."""
        reference = message_id(message.key, self._envelope)
        wanted = [one for one in self._envelope.recipients if not message.to or one in message.to]
        if not wanted:
            return Receipt(detail="those who had not had it are no recipients any more", reference=reference)
        content = mime(message, self._envelope, self._now()).as_bytes()
        outcome = self._bounded(lambda: self._posted(wanted, content))
        later = [one for one, (code, _) in outcome.refused.items() if code < 500]
        never = tuple(one for one in outcome.refused if one not in later)
        refused = _named(outcome.refused)
        if later:
            have = f"{len(wanted) - len(outcome.refused)} of {len(wanted)} recipients have it"
            raise SendError(hidden(f"{have}, the others do not: {refused}", self._url), owed=later, refused=never)
        detail = _said(outcome.reply) + (f"; refused for good: {refused}" if refused else "")
        return Receipt(detail=hidden(detail, self._url), reference=reference, refused=never)

    def rest(self) -> None:
        """Close the connection."""
        if not self._bounded.busy:
            self._line.close()

    def shown(self, message: Message) -> str:
        """The mail's source, without a date and the values of headers that the URL adds."""
        source = mime(message, self._envelope.shown, None)
        return source.as_bytes(policy=WIRE.clone(linesep="\n")).decode("ascii")

    def _posted(self, recipients: list[str], content: bytes) -> Outcome:
        try:
            return self._line.post(self._envelope.sender.addr_spec, recipients, content)
        except Unwilling as error:
            raise self._refusal(error, recipients) from None
        except smtplib.SMTPNotSupportedError:
            missing = "login" if self._line.step is Step.LOGIN else "STARTTLS"
            raise SendError(f"{self._host} offers no {missing}, and the channel wants it", denied=True) from None
        except smtplib.SMTPException:
            raise self._broken("the connection was closed without an answer") from None
        except OSError as error:
            denied = isinstance(error, ssl.SSLCertVerificationError)
            raise self._broken(trouble.words(error, self._timeout), denied=denied) from None

    def _refusal(self, error: Unwilling, recipients: list[str]) -> SendError:
        answers = {one: _answer(error.step, reply, one) for one, reply in error.replies.items()}
        refused = refusal(self._host, tuple(answers.values()), self._url)
        if error.step is Step.RECIPIENT and not refused.denied:
            owed = tuple(one for one in recipients if one not in answers or not answers[one].permanent)
            refused.owed = owed if len(owed) < len(recipients) else ()
        return refused

    def _broken(self, words: str, *, denied: bool = False) -> SendError:
        return SendError(f"{self._host}: {words}{self._line.where}", denied=denied)


def _answer(step: Step, reply: Reply, recipient: str) -> Answer:
    """What a reply means: RFC 5321 section 4.2.1 says that 5yz is for good; some of it is for the whole channel."""
    code = reply[0]
    of_the_channel = step in OF_THE_CHANNEL or (step is Step.SENDER and code not in OF_THE_MAIL)
    denied = code in WANTS_LOGIN or (code >= 500 and of_the_channel)
    words = f"SMTP {_said(reply)}"
    words = f"{recipient}: {words}" if recipient else words
    return Answer(words=words, permanent=code >= 500 and not denied, denied=denied)


def _said(reply: Reply) -> str:
    code, text = reply
    return f"{code} {cut(one_line(text.decode('utf-8', 'replace')).strip(), LONGEST_ANSWER)}".strip()


def _named(refused: Mapping[str, Reply]) -> str:
    more = [f"{len(refused) - NAMED} more"] if len(refused) > NAMED else []
    return ", ".join([f"{one} (SMTP {_said(reply)})" for one, reply in list(refused.items())[:NAMED]] + more)
