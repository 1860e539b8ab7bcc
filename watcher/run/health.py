"""pure: (what the runner did last, what its files said) -> Health."""

from __future__ import annotations

from collections.abc import Mapping

from watcher.model import Check, Finding, Health
from watcher.text.counted import counted

LATE = 30.0
"""Seconds that a round may take before the watcher counts as stuck: as long as a healthcheck waits for a beat."""


def health(last_good: Mapping[str, float], paused: str, errors: tuple[Finding, ...]) -> Health:
    """`last_good`: seconds since each round went well, or was held; `paused`: why some are held, else empty."""
    late = {name: seconds for name, seconds in last_good.items() if seconds > LATE}
    slow = ", ".join(f"{name} for {seconds:.0f} s" for name, seconds in late.items())
    checks = (
        Check(name="configuration", ok=not errors, said=_wrong(errors) if errors else "good"),
        Check(name="database", ok=not paused, said=paused or "good"),
        Check(name="ticks", ok=not late, said=f"late: {slow}" if late else "on time"),
    )
    return Health(alive=not late, checks=checks)


def _wrong(errors: tuple[Finding, ...]) -> str:
    first = errors[0]
    place = f"{first.file}:{first.line}:{first.column}"
    return f"{counted(len(errors), 'error')}, the first at {place}; `watcher check` shows them with their places"
