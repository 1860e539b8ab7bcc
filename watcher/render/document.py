"""pure: (alert, channel) -> message: a JSON document for programs."""

from __future__ import annotations

from watcher.model import Alert, ChannelSpec, Message
from watcher.render.media import Limits
from watcher.render.plain import plain


def document(alert: Alert, channel: ChannelSpec) -> Message:
    return plain(alert, Limits(title=120, body=100_000), channel)
