"""pure: (alert, another channel, now) -> the same alert for that one."""

from __future__ import annotations

from datetime import datetime

from watcher.alert.keys import hash_of
from watcher.model import Alert, ChannelName, NewAlert


def copied(alert: Alert, channel: ChannelName, now: datetime) -> NewAlert:
    """It tells what the original tells. Its key is over the channel, "copy" and the original: one copy a channel."""
    return NewAlert(
        key=hash_of(channel, "copy", alert.key),
        channel=channel,
        group=alert.group,
        kind=alert.kind,
        severity=alert.severity,
        created_at=now,
        title=alert.title,
        body=alert.body,
        told=alert.told,
        sources=alert.sources,
        copy_of=alert.key,
    )
