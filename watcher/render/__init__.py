"""pure: (alert, what it must fit into, its channel) -> message."""

from __future__ import annotations

from watcher.model import Alert, ChannelSpec, Message
from watcher.render.console import console
from watcher.render.document import document
from watcher.render.mail import mail
from watcher.render.media import Blocks, Document, Limits, Mail, Medium, Terminal
from watcher.render.plain import plain
from watcher.render.slack import slack

__all__ = ["Blocks", "Document", "Limits", "Mail", "Medium", "Terminal", "render"]


def render(alert: Alert, medium: Medium, channel: ChannelSpec) -> Message:
    """Say an alert in what its channel takes, within its limits, by the channel's clock."""
    match medium:
        case Terminal():
            return console(alert, medium, channel)
        case Blocks():
            return slack(alert, channel)
        case Mail():
            return mail(alert, channel)
        case Document():
            return document(alert, channel)
        case Limits():
            return plain(alert, medium, channel)
