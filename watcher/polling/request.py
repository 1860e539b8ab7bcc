"""pure: a feed's state, and what a page of it announces -> what is asked, where, and with what of its access."""

from __future__ import annotations

from dataclasses import replace

from watcher.errors import ParseError
from watcher.guard import access_at
from watcher.model import Access, FeedState, FetchRequest
from watcher.polling import honest
from watcher.schedule import Intervals

__all__ = ["announced", "found_request", "request_for"]


def request_for(state: FeedState, intervals: Intervals, access: Access) -> FetchRequest:
    """Where to ask: at the feed's own URL, or where it moved to or was found.

    Validators go where they came from, as long as its server is believed; what opens the feed stays with the origin it
    was given for.
    """
    url, feed = intervals.effective_url(state), state.feed
    home = not state.failures or url == intervals.effective_url(replace(state, failures=0))
    held = home and honest.conditional(state.habits)
    return FetchRequest(
        url=url,
        etag=state.etag if held else None,
        last_modified=state.last_modified if held else None,
        access=access if url == feed.url else access_at(access, feed.url, url),
        timeout=feed.timeout,
        max_size=feed.max_size,
    )


def announced(error: ParseError, asked: str) -> str | None:
    """The feed that a page announces; None where it announces none on the network but itself."""
    url = error.feeds[0] if error.feeds else ""
    return url if url.startswith(("http://", "https://")) and url != asked else None


def found_request(request: FetchRequest, own: str, url: str) -> FetchRequest:
    """The same request for the feed that the page at a feed's `own` URL announces."""
    return replace(request, url=url, etag=None, last_modified=None, access=access_at(request.access, own, url))
