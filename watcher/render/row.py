"""pure: alert -> the mapping that programs are given for it, with --json."""

from __future__ import annotations

from typing import Any

from watcher.model import Alert, AlertState
from watcher.render.words import denial
from watcher.render.words import told as told_in_all
from watcher.text.rfc3339 import rfc3339


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
        "created_at": rfc3339(alert.created_at),
        "sent_at": rfc3339(alert.sent_at),
        "next_at": rfc3339(alert.next_at) if alert.state is AlertState.PENDING else None,
        "title": title(alert),
        "body": alert.body,
        "told": told_in_all(alert),
        "sources": alert.sources,
        "copies": alert.copies,
        "copy_of": alert.copy_of,
        "failed_on": alert.failed_on,
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


def title(alert: Alert, aside: str = "") -> str:
    """What it is about: a notice's own title, or the first item's and how many more there are; `aside` behind that."""
    if not alert.items:
        return alert.title
    others = told_in_all(alert) - 1
    more = "; ".join([*([f"+{others:,} more"] if others else []), *([aside] if aside else [])])
    return denial(alert.items[0]) + alert.items[0].item.title + (f" ({more})" if more else "")
