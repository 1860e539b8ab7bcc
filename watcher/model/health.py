"""How the running watcher is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from watcher.model.ids import ChannelName


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must be well, and how it is, in a line."""

    name: str
    ok: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`alive`: a restart would mend nothing. `ready`: it does all it is there for."""

    alive: bool
    checks: tuple[Check, ...]

    @property
    def ready(self) -> bool:
        return self.alive and all(check.ok for check in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What the daemon goes by now."""

    channels: tuple[ChannelName, ...]
    rules: int
    kept: int  # of them at their last good version
    errors: int  # in the files
    paused: bool
    since_good: Mapping[str, float]  # seconds, by round
    lost: int  # lines of the log
