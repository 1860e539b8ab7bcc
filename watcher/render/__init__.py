"""pure: (alert, what it must fit into) -> message."""

from __future__ import annotations

from watcher.model import Alert, Message
from watcher.render.console import console
from watcher.render.media import Limits, Medium, Terminal
from watcher.render.plain import plain

__all__ = ["Limits", "Medium", "Terminal", "render"]


def render(alert: Alert, medium: Medium) -> Message:
    """Say an alert for a terminal, or as plain text within a service's limits."""
    return console(alert, medium) if isinstance(medium, Terminal) else plain(alert, medium)
