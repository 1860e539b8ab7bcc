"""edge: channel -> the sender its URL's scheme names, loaded when a channel is of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TextIO

from watcher.deliver.console import ConsoleSender
from watcher.errors import SendError
from watcher.model import ChannelSpec
from watcher.ports import Sender
from watcher.render import Medium

TIMEOUT = 30.0
"""Seconds a send may take in all."""


class MediumSender(Sender, Protocol):
    """A sender that says what a message for it must fit into."""

    @property
    def medium(self) -> Medium:
        """Ask before each message: a terminal changes its width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What there is for a sender beside its channel."""

    stream: TextIO
    environ: Mapping[str, str]
    timeout: float
    allow_private: Sequence[str]  # networks that may be called although they are not public


def _console(_: ChannelSpec, given: Given) -> MediumSender:
    return ConsoleSender(given.stream, given.environ)


def _webhook(spec: ChannelSpec, given: Given) -> MediumSender:
    from watcher.deliver.webhook import WebhookSender

    return WebhookSender(spec, timeout=given.timeout, allow_private=given.allow_private)


def _file(spec: ChannelSpec, _: Given) -> MediumSender:
    from watcher.deliver.file import FileSender

    return FileSender(spec)


def _atom(spec: ChannelSpec, _: Given) -> MediumSender:
    from watcher.deliver.atom import AtomSender

    return AtomSender(spec)


def _slack(spec: ChannelSpec, given: Given) -> MediumSender:
    from watcher.deliver.slack import SlackSender

    return SlackSender(spec, given.timeout)


def _mail(spec: ChannelSpec, given: Given) -> MediumSender:
    from watcher.deliver.mail import MailSender

    return MailSender(spec, given.timeout)


def _apprise(spec: ChannelSpec, given: Given) -> MediumSender:
    from watcher.deliver.apprise import AppriseSender

    return AppriseSender(spec, given.timeout)


SCHEMES: Mapping[str, Callable[[ChannelSpec, Given], MediumSender]] = {
    "atom": _atom,
    "console": _console,
    "file": _file,
    "mailto": _mail,
    "mailtos": _mail,
    "slack": _slack,
    "webhook": _webhook,
    "webhooks": _webhook,
}
"""The schemes that are ours; any other is apprise's."""
SLACK = ("https://hooks.slack.com/", "https://hooks.slack-gov.com/")
"""What Slack itself hands out as a channel's URL, which apprise understands too."""


def open_sender(
    spec: ChannelSpec,
    *,
    stream: TextIO,
    environ: Mapping[str, str],
    timeout: float = TIMEOUT,
    allow_private: Sequence[str] = (),
) -> MediumSender:
    """The channel's sender; a console writes to `stream`. Raises SendError, permanent, when the URL cannot be used."""
    scheme = "slack" if spec.url.lower().startswith(SLACK) else spec.url.partition("://")[0].lower()
    opened = SCHEMES.get(scheme, _apprise)
    return opened(spec, Given(stream=stream, environ=environ, timeout=timeout, allow_private=allow_private))


def check(spec: ChannelSpec, *, allow_private: Sequence[str] = ()) -> str | None:
    """Why the channel's URL cannot be used, without its secrets; None when it can. Nothing is sent."""
    try:
        open_sender(spec, stream=io.StringIO(), environ={}, allow_private=allow_private)
    except SendError as error:
        return str(error)
    return None
