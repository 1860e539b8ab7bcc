"""edge: the time."""

from __future__ import annotations

from datetime import UTC, datetime

from watcher.ports import Clock


class SystemClock:
    """Implements ports.Clock by the machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Tidemark:
    """ports.Clock over another, with the latest that it has shown: less than that, and it was put back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.latest = clock.now()

    def now(self) -> datetime:
        now = self._clock.now()
        self.latest = max(self.latest, now)
        return now
