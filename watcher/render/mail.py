"""pure: (alert, channel) -> message: an e-mail: subject, text and HTML."""

from __future__ import annotations

from watcher.model import Alert, ChannelSpec, Message
from watcher.render.media import Limits
from watcher.render.plain import plain


def mail(alert: Alert, channel: ChannelSpec) -> Message:
    return plain(alert, Limits(title=120, body=100_000), channel)
