"""A match on its way to one channel: where it stands and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.model.alerts import NewAlert
from watcher.model.ids import AlertKey, ChannelName, ItemId, RuleId, StoryId
from watcher.model.rules import Severity, Updates


class Fate(StrEnum):
    """Where a dispatch stands: open, or one way of being closed. `status` counts them and they add up."""

    OPEN = "open"
    ALERTED = "alerted"
    MERGED = "merged"
    DIGEST = "digest"
    SILENCED = "silenced"
    EXPIRED = "expired"
    BASELINE = "baseline"


class Reason(StrEnum):
    """Why a dispatch is where it is; each belongs to one fate. `why`, logs and metrics show the value."""

    WAITING = "waiting"
    IN_WINDOW = "in-window"
    THROTTLED = "throttled"
    QUIET_HOURS = "quiet-hours"
    SILENCED = "silenced"
    OVER_CAP = "over-cap"
    FOR_DIGEST = "for-digest"
    TOO_OLD = "too-old"
    NEW = "new"
    FOLLOWS = "follows"
    SAME_STORY = "same-story"
    REVISED = "revised"
    SAME_ITEM = "same-item"
    SAME_URL = "same-url"
    SAME_TEXT = "same-text"
    FULL_TEXT = "full-text"
    UPDATE_IGNORED = "update-ignored"
    LISTED = "listed"
    SILENCE_LISTED = "silence-listed"
    BELOW_SEVERITY = "below-severity"
    WINDOW_PASSED = "window-passed"
    BASELINE = "baseline"
    CHANNEL_REMOVED = "channel-removed"

    @property
    def fate(self) -> Fate:
        return _FATES[self]

    @property
    def sentence(self) -> str:
        """The reason in plain words, to stand behind "because"."""
        return _SENTENCES[self]


_FATES = {
    Reason.WAITING: Fate.OPEN,
    Reason.IN_WINDOW: Fate.OPEN,
    Reason.THROTTLED: Fate.OPEN,
    Reason.QUIET_HOURS: Fate.OPEN,
    Reason.SILENCED: Fate.OPEN,
    Reason.OVER_CAP: Fate.OPEN,
    Reason.FOR_DIGEST: Fate.OPEN,
    Reason.TOO_OLD: Fate.OPEN,
    Reason.NEW: Fate.ALERTED,
    Reason.FOLLOWS: Fate.ALERTED,
    Reason.SAME_STORY: Fate.ALERTED,
    Reason.REVISED: Fate.ALERTED,
    Reason.SAME_ITEM: Fate.MERGED,
    Reason.SAME_URL: Fate.MERGED,
    Reason.SAME_TEXT: Fate.MERGED,
    Reason.FULL_TEXT: Fate.MERGED,
    Reason.UPDATE_IGNORED: Fate.MERGED,
    Reason.LISTED: Fate.DIGEST,
    Reason.SILENCE_LISTED: Fate.SILENCED,
    Reason.BELOW_SEVERITY: Fate.SILENCED,
    Reason.WINDOW_PASSED: Fate.EXPIRED,
    Reason.BASELINE: Fate.BASELINE,
    Reason.CHANNEL_REMOVED: Fate.EXPIRED,
}
_SENTENCES = {
    Reason.WAITING: "it has just matched and is not decided yet",
    Reason.IN_WINDOW: "the rule's `when` asks for more matches than have come so far",
    Reason.THROTTLED: "its group was told a short while ago and the rule's `throttle` lets it ride on the next alert",
    Reason.QUIET_HOURS: "the channel has its quiet hours; it is told when they end",
    Reason.SILENCED: "the rule or its group is silenced; it is listed when the silence ends",
    Reason.OVER_CAP: "the channel has had as many messages as its hourly cap allows; it is listed in the next digest",
    Reason.FOR_DIGEST: "the rule is told in digests only and waits for the channel's next one",
    Reason.TOO_OLD: "it was published longer ago than the rule's `max_age`; it is listed in a catch-up digest",
    Reason.NEW: "this rule had told neither the item nor its address on this channel",
    Reason.FOLLOWS: "it is more of a group that was told before on this channel",
    Reason.SAME_STORY: "it belongs to the group of an item that was told at that moment",
    Reason.REVISED: "the item was edited and the rule threads or alerts updates",
    Reason.SAME_ITEM: "the same item was already told on this channel",
    Reason.SAME_URL: "another feed brought the same address and it was already told on this channel",
    Reason.SAME_TEXT: "it says what another item said that was already told on this channel",
    Reason.FULL_TEXT: "the text of its page came; the item was told before it",
    Reason.UPDATE_IGNORED: "the rule ignores updates of an item it has told",
    Reason.LISTED: "it was held and is listed in a digest",
    Reason.SILENCE_LISTED: "it came while the rule or its group was silenced and was listed when the silence ended",
    Reason.BELOW_SEVERITY: "its severity is below the channel's `min_severity`",
    Reason.WINDOW_PASSED: "fewer matches came within the rule's `when` than it asks for",
    Reason.BASELINE: "it was already in the feed when the feed was first polled",
    Reason.CHANNEL_REMOVED: "the channel was removed while it waited",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """A match on its way to one channel, and where it stands."""

    id: int
    match_id: int
    channel: ChannelName
    group: str
    rule: RuleId
    rule_hash: str
    item: ItemId
    revision: int
    story: StoryId
    canonical: str | None
    source: str  # the independent outlet it came from
    seen_at: datetime
    published: datetime | None
    severity: Severity
    updates: Updates
    reason: Reason = Reason.WAITING
    root: ItemId | None = None  # the first item that says the same, where that is another
    paged: bool = False  # its revision's text is that of its page
    denial: bool = False  # to its rule
    alert: AlertKey | None = None
    trail: tuple[tuple[datetime, Reason], ...] = ()  # each change of its reason, where it is looked at; the last is it

    @property
    def text(self) -> ItemId:
        """What it says, by the first item that says it."""
        return self.root or self.item


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDispatch:
    """Where a new match goes: one channel, in which group, with the rule's severity and updates as they are now."""

    channel: ChannelName
    group: str
    severity: Severity
    updates: Updates
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A rule and item that was settled before within a group on a channel: told by an alert, or baseline, by none."""

    group: str
    rule: RuleId
    item: ItemId
    revision: int
    canonical: str | None
    alert: AlertKey | None
    root: ItemId | None = None  # the first item that says the same, where that is another
    at: datetime | None = None  # when that alert was made
    severity: Severity = Severity.INFO  # its own
    denial: bool = False

    @property
    def text(self) -> ItemId:
        """What it says, by the first item that says it."""
        return self.root or self.item


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A match that counts in a rule's window, whatever became of it."""

    rule: RuleId
    group: str
    item: ItemId
    source: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is counted: a rule's matches in a group, seen after `since` and not later than `until`."""

    rule: RuleId
    group: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A person's word that a rule, or a group, is not told for a while: on one channel, or on all."""

    id: int
    rule: RuleId | None  # one of rule and group
    group: str | None
    channel: ChannelName | None
    by: str
    since: datetime
    until: datetime
    why: str = ""
    alert: AlertKey | None = None  # the alert that was acknowledged, where it came from that

    def covers(self, dispatch: Dispatch, now: datetime) -> bool:
        """Whether it holds this dispatch now."""
        return self.holds(dispatch.rule, dispatch.group, dispatch.channel, now)

    def holds(self, rule: RuleId, group: str, channel: ChannelName, now: datetime) -> bool:
        """Whether it holds now what this rule tells of this group on this channel."""
        return (
            self.since <= now < self.until
            and (self.rule is None or self.rule == rule)
            and (self.group is None or self.group == group)
            and (self.channel is None or self.channel == channel)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a channel's decisions rest on beside its open dispatches."""

    told: tuple[Told, ...] = ()  # oldest first
    arrivals: tuple[Arrival, ...] = ()  # of the windows asked for, baseline left out
    made: tuple[datetime, ...] = ()  # when its alerts of the last hour were made, notices left out, ascending
    slot: datetime | None = None  # of its last digest that had one
    silences: tuple[Silence, ...] = ()  # that have not ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a dispatch: its reason, and the alert that tells it or told it before."""

    dispatch: int
    reason: Reason
    alert: AlertKey | None = None
    place: int | None = None  # where its item is shown in the alert, from 0; None: it is only counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A round's outcome. `decisions` leaves out what stays as it was; `again_at` is when time alone changes more."""

    alerts: tuple[NewAlert, ...] = ()
    decisions: tuple[Decision, ...] = ()
    again_at: datetime | None = None
