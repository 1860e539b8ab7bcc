"""edge: the time."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Implements ports.Clock by the machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)
