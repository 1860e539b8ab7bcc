"""pure: (what was learned of a feed, its answer) -> whether its server's "not modified" is believed.

Some servers send one ETag whatever stands in the document, and to whoever sends it back they say for ever that nothing
is new. So one such answer in AUDIT_EVERY is not asked for: that poll sends no validators, and what it brings is the
proof. A document that brings something new under the validators that are held would have been hidden by them. Its
server loses the privilege, and polls rest on the body's hash. After DISTRUST the next document that brings something
new decides again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from watcher.model import FeedState, Habits, Response

__all__ = ["AUDIT_EVERY", "DISTRUST", "answered", "conditional", "lie", "repeated"]

AUDIT_EVERY = 20
"""Of so many polls that find nothing new one asks for the whole document."""
DISTRUST = 30 * 86_400.0
"""Seconds in which a server that lied is sent no validators."""
LIE = "its server says that nothing has changed when something has: from now on it is asked for the whole document"


def conditional(habits: Habits) -> bool:
    """Whether a poll sends the validators that are held."""
    return habits.distrusted_at is None and habits.unaudited < AUDIT_EVERY - 1


def repeated(habits: Habits) -> Habits:
    """After another "not modified"."""
    return replace(habits, unaudited=habits.unaudited + 1)


def answered(state: FeedState, response: Response, now: datetime, *, audit: bool, new: bool) -> Habits:
    """After a document. `audit`: validators were held and not sent; `new`: it brought something new."""
    habits = replace(state.habits, unaudited=0, audits=state.habits.audits + 1) if audit else state.habits
    at = now.timestamp()
    if not new or (habits.distrusted_at is not None and 0 <= at - habits.distrusted_at < DISTRUST):
        return habits
    if _same(state, response):
        return replace(habits, lies=habits.lies + 1, distrusted_at=at)
    return habits if habits.distrusted_at is None else replace(habits, distrusted_at=None)


def lie(before: Habits, after: Habits) -> str | None:
    """A lie that was found out in words."""
    return LIE if after.lies > before.lies else None


def _same(state: FeedState, response: Response) -> bool:
    """Whether a document carries the validators that are held; the ETag decides where there is one (RFC 9110 13.1.3).

    Compared weakly, as servers do.
    """
    if state.etag is not None:
        return response.etag is not None and response.etag.removeprefix("W/") == state.etag.removeprefix("W/")
    return state.last_modified is not None and response.last_modified == state.last_modified
