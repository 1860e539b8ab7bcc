"""edge: channel -> the sender its URL's scheme names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TextIO

from watcher.deliver import apprise
from watcher.deliver.apprise import AppriseSender
from watcher.deliver.console import ConsoleSender
from watcher.model import ChannelSpec
from watcher.ports import Sender
from watcher.render import Medium

TIMEOUT = 30.0
"""Seconds a send may take in all; half of it for the connection, half for an answer, unless the URL says otherwise."""


class MediumSender(Sender, Protocol):
    """A sender that says what a message for it must fit into."""

    @property
    def medium(self) -> Medium:
        """Ask before each message: a terminal changes its width."""


def open_sender(
    spec: ChannelSpec, *, stream: TextIO, environ: Mapping[str, str], timeout: float = TIMEOUT
) -> MediumSender:
    """The channel's sender: "console://" writes to `stream`, anything else is apprise's.

    Raises SendError, permanent, when the URL cannot be used.
    """
    return ConsoleSender(stream, environ) if _is_console(spec) else AppriseSender(spec, timeout)


def check(spec: ChannelSpec) -> str | None:
    """Why the channel's URL cannot be used, without its secrets; None when it can. Nothing is sent."""
    return None if _is_console(spec) else apprise.check(spec)


def _is_console(spec: ChannelSpec) -> bool:
    return spec.url.partition("://")[0] == "console"
