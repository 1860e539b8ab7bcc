"""Channels, the alerts told on them, and each try at sending one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.model.ids import AlertKey, ChannelName, RuleId
from watcher.model.items import Item
from watcher.model.rules import Hours, Rule, Severity, Span, Template


class AlertState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


class AlertKind(StrEnum):
    MATCH = "match"  # a group told for the first time
    UPDATE = "update"  # more of a group already told; threaded where the channel can
    DIGEST = "digest"  # a list of groups that were held, or that a rule wants in digests only
    ABSENCE = "absence"  # feeds went silent, or speak again
    NOTICE = "notice"  # the watcher speaking of itself to its operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours in which a channel is told nothing below a severity; what is held comes when they end."""

    hours: tuple[Hours, ...]
    below: Severity | None = None  # this and above break through; None: nothing does


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """A channel as configured. The URL holds secrets: it is kept out of every repr."""

    name: ChannelName
    url: str = field(repr=False)
    tags: tuple[str, ...] = ()
    timezone: str = "UTC"  # IANA
    min_severity: Severity = Severity.INFO
    quiet: Quiet | None = None
    digest: tuple[int, ...] = ()  # minutes after midnight in its time zone, ascending; () means 08:00
    cap: int = 60  # messages an hour; what is beyond it is told in a digest
    fallback: ChannelName | None = None  # is told what could not be delivered here
    pace: float | None = None  # seconds between two messages; None: what the service is known to take

    def hears(self, rule: Rule) -> bool:
        """Whether a rule speaks on it: one that names it or a tag of it, or that names none."""
        return not rule.notify or self.name in rule.notify or not set(self.tags).isdisjoint(rule.notify)


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
    told: int = 0  # items in all; those with a place in their Decision are shown
    sources: int = 0  # independent outlets they came from
    slot: datetime | None = None  # of a digest sent at its channel's time of day: that time
    copy_of: AlertKey | None = None  # it tells what that alert tells, which could not be delivered on its channel


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldItem:
    """An item within an alert: its content at the revision that matched, and each rule's evidence in it."""

    item: Item
    revision: int
    seen_at: datetime
    rules: tuple[tuple[RuleId, str], ...]  # id and title, in the order they matched
    evidence: tuple[Span, ...]
    denied: tuple[RuleId, ...] = ()  # those of these rules to which it is a denial
    group: str = ""
    severity: Severity = Severity.MEDIUM  # the highest of its rules, lowered for a denial
    others: int = 0  # items of its group that the alert tells beside it and does not show
    sources: int = 1  # independent outlets that the alert's items of its group came from
    copies: int = 0  # items that say what those of its group say, and are not told for that
    hashes: tuple[str, ...] = ()  # of these rules, as they were

    @property
    def denial(self) -> bool:
        """Whether it is one to every rule that tells it."""
        return len(self.denied) == len(self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert with all it says, as the store holds it. `items` are those it shows, `told` counts all it tells."""

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
    told: int = 0
    sources: int = 0
    copies: int = 0  # items that say what is told, and are not told for that; it grows as they come
    slot: datetime | None = None
    copy_of: AlertKey | None = None
    failed_on: ChannelName | None = None  # of a copy: the channel it could not be delivered on
    root: Root | None = None  # the first alert of its group that this channel accepted, if another one
    owed: tuple[str, ...] = ()  # recipients who have not had it, where others have; empty: all
    template: Template | None = None  # of its first rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """What a thread hangs on: the first alert of a group on a channel, and what its service calls it."""

    key: AlertKey
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is handed to a sender: rendered for its channel, within its limits, nothing left to decide."""

    key: AlertKey
    title: str  # one line
    body: str  # plain text; says all there is to say
    severity: Severity
    html: str = ""  # the same as HTML, for channels that take it
    payload: str = ""  # JSON: what a service with a format of its own is given instead
    root: Root | None = None
    to: tuple[str, ...] = ()  # recipients who have not had it; empty: all


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the service answered when it accepted a message; kept as evidence."""

    detail: str = ""
    reference: str = ""  # what the service calls the message, to thread others under it
    refused: tuple[str, ...] = ()  # recipients who will never have it, though others do


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try at sending an alert: when, and how it ended. `state` is what the alert becomes by it."""

    alert: AlertKey
    started_at: datetime
    ended_at: datetime
    state: AlertState
    detail: str = ""
    next_at: datetime | None = None  # when pending: the next try
    reference: str = ""
    owed: tuple[str, ...] = ()  # recipients who have not had it, where others have
    rest_until: datetime | None = None  # the service wants nothing before that, of any alert of the channel
    recovered: bool = False  # the service works again after a long time: what waits for another try has it now
