"""edge: nothing -> Settings, all that the operator's file says, checked and resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from watcher.model import Access, ChannelName, ChannelSpec, Feed, FeedId, Finding, HeartbeatSettings, Keep
from watcher.schedule import Intervals, Retry

SEND_TIMEOUT = 60.0
"""Seconds one send may take: two slow services behind a slow proxy, and still well within a lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Rules' paths are as findings show them; `fetch` and `parse` hold what is set, by the names of the limits."""

    path: str
    data: Path
    rules: tuple[str, ...]
    feeds: tuple[Feed, ...]
    channels: tuple[ChannelSpec, ...]
    operator: tuple[ChannelName, ...]
    allow_private: tuple[str, ...] = ()
    contact: str = ""
    fetch: Mapping[str, float | int] = field(default_factory=dict)
    parse: Mapping[str, Any] = field(default_factory=dict)
    intervals: Intervals = field(default_factory=Intervals)
    retry: Retry = field(default_factory=Retry)
    send_timeout: float = SEND_TIMEOUT
    heartbeat: HeartbeatSettings = field(default_factory=HeartbeatSettings)
    keep: Keep = field(default_factory=Keep)
    access: Mapping[FeedId, Access] = field(default_factory=dict, repr=False)  # of the feeds that need one
    listen: tuple[str, int] | None = ("127.0.0.1", 8473)  # where it says how it is; None: nowhere
    secrets: tuple[str, ...] = field(default=(), repr=False)  # the values behind references, for the redactor
    secret_files: tuple[str, ...] = ()  # where they are kept
    findings: tuple[Finding, ...] = ()  # notes and warnings; errors raise

    @property
    def store_url(self) -> str:
        """Where this configuration's data are."""
        return f"sqlite:///{self.data / 'watcher.db'}"
