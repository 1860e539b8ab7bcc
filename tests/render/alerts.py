"""Alerts to render."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    ChannelName,
    FeedId,
    Hash64,
    Item,
    ItemId,
    RuleId,
    Severity,
    Span,
    ToldItem,
)

NOW = datetime(2026, 3, 1, 11, 32, tzinfo=UTC)


def told(
    name: str = "a", title: str = "Quake near the harbour", text: str = "At night a quake came. Then calm."
) -> ToldItem:
    item = Item(
        id=ItemId(name),
        feed=FeedId("wire"),
        key=Hash64(1),
        fingerprint=Hash64(1),
        url=f"https://wire.example/{name}",
        title=title,
        text=text,
        published=datetime(2026, 3, 1, 9, 5, tzinfo=UTC),
    )
    hits = [
        Span(field=field, start=m.start(), end=m.end(), text=m[0], term="quake")
        for field in ("title", "text")
        for m in re.finditer("quake", getattr(item, field))
    ]
    rules = ((RuleId("quakes"), "Quakes nearby"),)
    return ToldItem(item=item, revision=1, seen_at=NOW, rules=rules, evidence=tuple(hits))


def alert(*items: ToldItem, kind: AlertKind = AlertKind.MATCH, group: str = "story:s") -> Alert:
    return Alert(
        key=AlertKey("0123456789abcdef" * 2),
        channel=ChannelName("desk"),
        group=group,
        kind=kind,
        severity=Severity.HIGH,
        created_at=NOW,
        state=AlertState.PENDING,
        attempts=0,
        next_at=None,
        sent_at=None,
        items=items,
    )


def notice(title: str = "A word", body: str = "One line.\nAnother.") -> Alert:
    return replace(alert(kind=AlertKind.NOTICE, group="notice:x"), title=title, body=body)
