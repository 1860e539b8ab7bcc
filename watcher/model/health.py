"""How the running watcher is."""

from __future__ import annotations

from dataclasses import dataclass


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
