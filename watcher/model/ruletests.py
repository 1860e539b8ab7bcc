"""Tests written beside a rule: of one item, or of a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from watcher.model.ids import ChannelName, FeedId
from watcher.model.items import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """A test written beside a rule: an item, as a file or spelled out, and what the rule is to make of it."""

    expect: Literal["match", "denial", "no match"]
    path: str | None = None  # of an article, as found from the folder the command runs in
    entry: Entry | None = None
    feed: FeedId | None = None
    highlight: tuple[str, ...] = ()  # each is to be covered by evidence, or to hold some
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """An item that comes so many seconds after the start."""

    at: float
    path: str | None = None
    entry: Entry | None = None
    feed: FeedId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineAlert:
    """What is to be alerted so many seconds after the start: how many alerts, of how many items, on which channels."""

    at: float
    alerts: int
    items: int | None = None  # None: however many
    to: tuple[ChannelName, ...] = ()  # empty: wherever


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineTest:
    """A test of when a rule alerts: items as they come, and the alerts they are to bring."""

    start: datetime
    steps: tuple[TimelineStep, ...]
    expect: tuple[TimelineAlert, ...]
    line: int = 0
    column: int = 0
