"""edge: what a feed's items link to -> tables."""

from __future__ import annotations

from datetime import datetime

from watcher.model import LinkedPage, PageSaved
from watcher.store.session import Session


class Pages(Session):
    """What stands behind links. The contract is ports.Store."""

    def claim_pages(self, now: datetime, limit: int, lease_until: datetime) -> tuple[LinkedPage, ...]:  # noqa: ARG002
        return ()

    def save_page(self, saved: PageSaved) -> None:
        raise NotImplementedError(saved.page.item)
