"""Channels, the alerts told on them, and each try at sending one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.model.ids import AlertKey, ChannelName, RuleId
from watcher.model.items import Item
from watcher.model.rules import Severity, Span


class AlertState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


class AlertKind(StrEnum):
    MATCH = "match"  # a group told for the first time
    UPDATE = "update"  # more of a group already told; threaded where the channel can
    NOTICE = "notice"  # the watcher speaking of itself to its operator


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """A channel as configured. The URL holds secrets: it is kept out of every repr."""

    name: ChannelName
    url: str = field(repr=False)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """An alert to be stored as pending. A notice has its words in `title` and `body`, others from the store."""

    key: AlertKey
    channel: ChannelName
    group: str
    kind: AlertKind
    severity: Severity
    created_at: datetime
    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldItem:
    """An item within an alert: its content at the revision that matched, and each rule's evidence in it."""

    item: Item
    revision: int
    seen_at: datetime
    rules: tuple[tuple[RuleId, str], ...]  # id and title, in the order they matched
    evidence: tuple[Span, ...]
    denied: tuple[RuleId, ...] = ()  # those of these rules to which it is a denial

    @property
    def denial(self) -> bool:
        """Whether it is one to every rule that tells it."""
        return len(self.denied) == len(self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert with all it says, as the store holds it."""

    key: AlertKey
    channel: ChannelName
    group: str
    kind: AlertKind
    severity: Severity
    created_at: datetime
    state: AlertState
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    items: tuple[ToldItem, ...] = ()
    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is handed to a sender: rendered for its channel, within its limits, nothing left to decide."""

    key: AlertKey
    title: str  # one line
    body: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the service answered when it accepted a message; kept as evidence."""

    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try at sending an alert: when, and how it ended. `state` is what the alert becomes by it."""

    alert: AlertKey
    started_at: datetime
    ended_at: datetime
    state: AlertState
    detail: str = ""
    next_at: datetime | None = None  # when pending: the next try
