"""pure: a line of an article -> the moment it states as its own.

What a date looks like is for text/dates.py to say; here, which dates are the article's.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from watcher.text.dates import dates_in, stated, without

__all__ = ["dateline", "stated", "utc", "without"]

_HEAD = 80  # code points a dateline stands within
_BEFORE_EVENT = re.compile(
    r"\b(?:on|in|of|by|from|since|until|till|before|after|to|between|and|around|dated|the)\W*\Z", re.IGNORECASE
)
_BEHIND_DATELINE = re.compile(r"\W{0,2}(?:\([^()]{1,40}\)\s*)?\s*(?:[-–—|:•]|\)\s*[-–—])")


def dateline(paragraph: str, lang: str | None = None) -> datetime | None:
    """The date at the head of an article ("London, 25 March 2015 – ..."): behind it a dash or the like, before it no
    word that makes it the date of an event.
    """
    for date in dates_in(paragraph, lang, _HEAD):
        behind = _BEHIND_DATELINE.match(paragraph, date.end)
        if behind and not _goes_on(paragraph, behind.end()) and not _tells(paragraph[: date.start]):
            return date.moment
    return None


def utc(moment: datetime | None) -> datetime | None:
    """The moment in UTC, a naive one taken as such; None where UTC has no such year."""
    try:
        return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _goes_on(paragraph: str, at: int) -> bool:
    """Whether what stands behind begins no sentence ("25 March 2015: the day on which ...")."""
    return paragraph[at:].lstrip(" \"'“‘„«")[:1].islower()


def _tells(head: str) -> bool:
    return bool(_BEFORE_EVENT.search(head)) or ". " in head
