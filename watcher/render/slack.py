"""pure: (alert, channel) -> message: Slack's Block Kit and the plain text that stands for it in notifications."""

from __future__ import annotations

from watcher.model import Alert, ChannelSpec, Message
from watcher.render.media import Limits
from watcher.render.plain import plain


def slack(alert: Alert, channel: ChannelSpec) -> Message:
    return plain(alert, Limits(title=150, body=3000), channel)
