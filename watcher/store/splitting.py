"""edge: a story's items, and a person's word that one of them belongs to another -> tables."""

from __future__ import annotations

from datetime import datetime

from watcher.model import ItemId, Revision, StoryId
from watcher.store.session import Session


class Splitting(Session):
    """What a story holds, and what does not belong to it. The contract is ports.Store."""

    def story(self, story: StoryId) -> tuple[Revision, ...]:  # noqa: ARG002
        return ()

    def split(self, item: ItemId, by: str, now: datetime) -> StoryId | None:  # noqa: ARG002
        return None
