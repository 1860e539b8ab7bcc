"""pure: (a feed's state, how its poll went, now) -> when it is polled next, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.errors import FetchError, ParseError
from watcher.model import Feed, FeedState, Habits, Parsed, Response
from watcher.schedule.spans import DAY, HOUR, MINUTE, jittered

_FRESH = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_STALE = re.compile(r"(?:^|,)\s*no-(?:cache|store)\b", re.IGNORECASE)
_PASSING = frozenset({"timeout", "connect", "reset", "dns"})
"""Kinds of failures that say more of the way there, or of the moment, than of the feed."""
_DOUBLINGS = 32  # beyond any ceiling, and far from a float's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """How often feeds are polled. `least` and `most` hold for feeds on the network; folders ask nobody's leave."""

    default: float = 15 * MINUTE
    folder: float = 10.0
    least: float = MINUTE
    most: float = DAY
    backoff_most: float = 6 * HOUR
    jitter: float = 0.1
    spread: float = 5 * MINUTE  # the longest window that first polls are spread over
    spread_each: float = 0.1  # what each feed adds to that window
    moved_polls: int = 3  # a permanent move is followed once it held for so many polls

    def interval(self, feed: Feed) -> float:
        """What its owner asks for, else the scheme's default."""
        if _is_local(feed):
            return feed.interval or self.folder
        return max(feed.interval or self.default, self.least)

    def first(self, feed: Feed, feeds: int, now: datetime, rand: float) -> datetime:
        """When a feed that was never polled is due, being one of `feeds` such."""
        window = 0.0 if _is_local(feed) else min(feeds * self.spread_each, self.spread)
        return now + timedelta(seconds=rand * window)

    def after_success(
        self, state: FeedState, response: Response, parsed: Parsed | None, now: datetime, rand: float
    ) -> datetime:
        """The interval, or what the feed asks for where that is longer: ttl, max-age (RFC 9111 section 5.2.2.1) or
        Retry-After, each up to `most`. `parsed` is None when nothing had changed: what was asked last still holds.
        """
        interval = self.interval(state.feed)
        ttl = parsed.ttl if parsed else state.ttl
        asked = min(max(_asked(response), ttl or 0.0), self.most)
        return now + timedelta(seconds=max(self._jittered(interval, rand), asked))

    def after_failure(self, state: FeedState, error: FetchError | ParseError, now: datetime, rand: float) -> datetime:
        """The interval, doubled with each failure in a row (`state.strain`, this one included: a soft one counts in
        part) up to `backoff_most`; a folder's up to the default interval. Retry-After is obeyed up to `most`.
        """
        interval = self.interval(state.feed)
        ceiling = max(self.default if _is_local(state.feed) else self.backoff_most, interval)
        wait = min(interval * 2.0 ** min(max(state.strain - 1, 0.0), _DOUBLINGS), ceiling)
        asked = error.retry_after if isinstance(error, FetchError) else None
        return now + timedelta(seconds=max(self._jittered(wait, rand), min(asked or 0.0, self.most)))

    def effective_url(self, state: FeedState) -> str:
        """Where to ask: where the feed moved to, once that held; else the feed that its page announces; else its own
        URL. While that fails, every other time at its own URL.
        """
        if state.failures % 2:
            return state.feed.url
        held = state.moved_polls >= self.moved_polls
        return (held and state.moved_to) or state.found_at or state.feed.url

    def moved(self, state: FeedState, permanent_url: str | None) -> FeedState:
        """The state with what a good poll of `effective_url(state)` says of a permanent move."""
        asked = self.effective_url(state)
        if (permanent_url or asked) in {state.feed.url, state.found_at}:
            return replace(state, moved_to=None, moved_polls=0)
        if permanent_url in {None, asked}:
            return state
        held = state.moved_polls if permanent_url == state.moved_to else 0
        return replace(state, moved_to=permanent_url, moved_polls=held + 1)

    def learned(self, habits: Habits, fresh: Sequence[datetime], now: datetime) -> Habits:  # noqa: ARG002 - rhythm
        """What is known of a feed's rhythm after a good poll that brought new items.

        `fresh`: when each of them was published, or seen where it does not say; in any order, maybe none. The first
        poll's count as well. Of gaps, audits and identity the poll itself keeps the account.
        """
        return habits

    def _jittered(self, wait: float, rand: float) -> float:
        return jittered(wait, self.jitter, rand)


def weight(error: FetchError | ParseError) -> float:
    """What a failure counts in `FeedState.strain`: less when it is of those that pass by themselves."""
    if isinstance(error, FetchError) and error.kind == "status":
        passing = error.status is not None and (error.status == 429 or 500 <= error.status <= 599)
    else:
        passing = error.kind in _PASSING
    return 0.5 if passing else 1.0


def _is_local(feed: Feed) -> bool:
    return feed.url.startswith("file:")


def _asked(response: Response) -> float:
    """Seconds of peace that a response's headers ask for; a Retry-After with a date is an error's business."""
    cache = response.headers.get("cache-control", "")
    fresh = _FRESH.search(cache)
    max_age = float(fresh[1]) if fresh and not _STALE.search(cache) else 0.0
    retry = response.headers.get("retry-after", "")
    return max(max_age, float(retry) if re.fullmatch(r"[0-9]{1,12}", retry) else 0.0)
