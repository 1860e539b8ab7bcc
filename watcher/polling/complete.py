"""pure: (the last document, this one) -> whether something may have been missed between them.

A feed shows its latest entries only. Where two documents share none, there may have been others in between that nobody
saw.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from watcher.model import FeedState, Habits, Parsed

__all__ = ["gap", "metered"]

GAP = "{entries} and none that was known: some may have been missed; {then}"


def metered(state: FeedState, habits: Habits, parsed: Parsed, recognised: int, now: datetime) -> Habits:
    """`habits` with how far the document overlaps with what was known; `recognised`: its entries with other bytes than
    last time that are known all the same.

    Nothing can be said where one of the two documents is empty, and at another address than the last one's.
    """
    listed = frozenset(parsed.hashes)
    if not (listed and state.entry_hashes and state.baselined) or parsed.format == "folder":
        return habits
    shared = min(1.0, (len(listed & state.entry_hashes) + recognised) / len(listed))
    if shared or state.body_hash is None:  # a feed whose URL has changed has none
        return habits if habits.shared == shared else replace(habits, shared=shared)
    return replace(habits, shared=shared, gaps=habits.gaps + 1, gap_at=now.timestamp())


def gap(before: FeedState, after: FeedState) -> str | None:
    """A gap between the documents of two polls in words."""
    if after.habits.gaps <= before.habits.gaps:
        return None
    count = len(after.entry_hashes)
    then = "it is polled more often" if after.feed.interval is None else "a shorter `interval` may help"
    return GAP.format(entries=f"{count:,} new {'entry' if count == 1 else 'entries'}", then=then)
