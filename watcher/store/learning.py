"""edge: what was learned of the pages of a feed's sites -> a row a feed."""

from __future__ import annotations

from watcher.model import FeedId, Learned
from watcher.store.session import Session


class Learning(Session):
    """What comes again and again on the pages of a site. The contract is ports.Store."""

    def learned(self, feed: FeedId) -> Learned:  # noqa: ARG002
        return Learned()
