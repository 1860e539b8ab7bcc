"""A match on its way to one channel: where it stands and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
    NEW = "new"
    REVISED = "revised"
    SAME_ITEM = "same-item"
    SAME_URL = "same-url"
    UPDATE_IGNORED = "update-ignored"
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
    Reason.NEW: Fate.ALERTED,
    Reason.REVISED: Fate.ALERTED,
    Reason.SAME_ITEM: Fate.MERGED,
    Reason.SAME_URL: Fate.MERGED,
    Reason.UPDATE_IGNORED: Fate.MERGED,
    Reason.BASELINE: Fate.BASELINE,
    Reason.CHANNEL_REMOVED: Fate.EXPIRED,
}
_SENTENCES = {
    Reason.WAITING: "it has just matched and is not decided yet",
    Reason.NEW: "this rule had told neither the item nor its address on this channel",
    Reason.REVISED: "the item was edited and the rule threads or alerts updates",
    Reason.SAME_ITEM: "the same item was already told on this channel",
    Reason.SAME_URL: "another feed brought the same address and it was already told on this channel",
    Reason.UPDATE_IGNORED: "the rule ignores updates of an item it has told",
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
    item: ItemId
    revision: int
    story: StoryId
    canonical: str | None
    seen_at: datetime
    severity: Severity
    updates: Updates
    reason: Reason = Reason.WAITING
    alert: AlertKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDispatch:
    """Where a new match goes: one channel, in which group, with the rule's severity and updates as they are now."""

    channel: ChannelName
    group: str
    severity: Severity
    updates: Updates


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A rule and item that was settled before within a group on a channel: told by an alert, or baseline, by none."""

    group: str
    rule: RuleId
    item: ItemId
    revision: int
    canonical: str | None
    alert: AlertKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a dispatch: its reason, and the alert that tells it or told it before."""

    dispatch: int
    reason: Reason
    alert: AlertKey | None = None
