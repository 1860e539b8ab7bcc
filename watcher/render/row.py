"""pure: alert -> the mapping that programs are given for it, with --json."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from watcher.model import Alert, AlertState
from watcher.render.words import denial


def row(alert: Alert) -> dict[str, Any]:
    """An alert for programs; times are RFC 3339 in UTC."""
    return {
        "key": alert.key,
        "channel": alert.channel,
        "group": alert.group,
        "kind": alert.kind.value,
        "severity": alert.severity.word,
        "state": alert.state.value,
        "attempts": alert.attempts,
        "created_at": _moment(alert.created_at),
        "sent_at": _moment(alert.sent_at),
        "next_at": _moment(alert.next_at) if alert.state is AlertState.PENDING else None,
        "title": title(alert),
        "body": alert.body,
        "items": [
            {
                "item": told.item.id,
                "revision": told.revision,
                "title": told.item.title,
                "url": told.item.url,
                "feed": told.item.feed,
                "rules": [rule for rule, _ in told.rules],
                "denial": told.denial,
                "denied": list(told.denied),
            }
            for told in alert.items
        ],
    }


def title(alert: Alert) -> str:
    """What it is about: a notice's own title, or the first item's and how many more there are."""
    if not alert.items:
        return alert.title
    more = f" (+{len(alert.items) - 1} more)" if len(alert.items) > 1 else ""
    return denial(alert.items[0]) + alert.items[0].item.title + more


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
