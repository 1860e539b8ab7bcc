"""edge: sketches and stories -> tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from watcher.model import Sketch, Sketched
from watcher.store.session import Session


class Stories(Session):
    """Which items tell one story. The contract is ports.Store."""

    def akin(self, wanted: Sequence[tuple[Sketch, str | None]], since: datetime) -> tuple[tuple[Sketched, ...], ...]:  # noqa: ARG002
        return tuple(() for _ in wanted)
