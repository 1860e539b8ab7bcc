"""pure: (what happened, now, a random number 0..1) -> when next. Durations are seconds.

A feed is never given up. A wait is never shorter than what the other side asked for; jitter keeps apart what began
together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from watcher.errors import FetchError, ParseError, SendError
from watcher.model import Alert, Feed, FeedState, Parsed, Response

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_FRESH = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_STALE = re.compile(r"(?:^|,)\s*no-(?:cache|store)\b", re.IGNORECASE)
# fmt: off
_SECOND_LEVEL = frozenset({
    "ac", "co", "com", "edu", "go", "gob", "gov", "govt", "gv", "ltd", "mil", "ne", "net", "nom", "or", "org", "sch",
})
# fmt: on
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
        """The interval, doubled with each failure in a row (`state.failures`, this one included) up to `backoff_most`;
        a folder's up to the default interval. Retry-After is obeyed up to `most`.
        """
        interval = self.interval(state.feed)
        ceiling = max(self.default if _is_local(state.feed) else self.backoff_most, interval)
        wait = min(interval * 2.0 ** min(max(state.failures - 1, 0), _DOUBLINGS), ceiling)
        asked = error.retry_after if isinstance(error, FetchError) else None
        return now + timedelta(seconds=max(self._jittered(wait, rand), min(asked or 0.0, self.most)))

    def effective_url(self, state: FeedState) -> str:
        """Where to ask: where the feed moved to, once that held; while that fails, every other time at its own URL."""
        follows = state.moved_polls >= self.moved_polls and state.failures % 2 == 0
        return (follows and state.moved_to) or state.feed.url

    def moved(self, state: FeedState, permanent_url: str | None) -> FeedState:
        """The state with what a good poll of `effective_url(state)` says of a permanent move."""
        asked = self.effective_url(state)
        if (permanent_url or asked) == state.feed.url:
            return replace(state, moved_to=None, moved_polls=0)
        if permanent_url in {None, asked}:
            return state
        held = state.moved_polls if permanent_url == state.moved_to else 0
        return replace(state, moved_to=permanent_url, moved_polls=held + 1)

    def _jittered(self, wait: float, rand: float) -> float:
        return jittered(wait, self.jitter, rand)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How a failed send is tried again: after each rung of the ladder, the last one over and over."""

    ladder: tuple[float, ...] = (
        10.0,
        30.0,
        2 * MINUTE,
        10 * MINUTE,
        30 * MINUTE,
        1 * HOUR,
        2 * HOUR,
        4 * HOUR,
        6 * HOUR,
    )
    give_up_after: float = 72 * HOUR
    retry_after_most: float = DAY
    jitter: float = 0.1

    def after_try(self, alert: Alert, error: SendError, now: datetime, rand: float) -> datetime | None:
        """When to try again, `alert.attempts` being the tries before this one; None when the alert is dead.

        It is dead at a permanent error, unless it is the channel that was denied and not the alert, and when the waits
        of the ladder add up to more than `give_up_after`. Not the alert's age counts: hours in which the watcher was
        down are no tries, and one sent again starts anew.
        """
        if (error.permanent and not error.denied) or self._waited(alert.attempts + 1) > self.give_up_after:
            return None
        wait = jittered(self._rung(alert.attempts), self.jitter, rand)
        return now + timedelta(seconds=max(wait, self._asked(error)))

    def rest_until(self, error: SendError, now: datetime) -> datetime | None:
        """Until when the service is left alone: as it asks for; where it denies us, for the longest rung, at most a
        minute, because wrong passwords tried again and again lock accounts. None where there is no need.
        """
        unwanted = min(self.ladder[-1], MINUTE) if error.denied else 0.0
        wait = self._asked(error) or unwanted
        return now + timedelta(seconds=wait) if wait > 0 else None

    def _asked(self, error: SendError) -> float:
        return min(error.retry_after or 0.0, self.retry_after_most)

    def _rung(self, attempt: int) -> float:
        return self.ladder[min(attempt, len(self.ladder) - 1)]

    def _waited(self, attempts: int) -> float:
        """The waits of so many attempts together, without jitter."""
        beyond = max(attempts - len(self.ladder), 0)
        return sum(self.ladder[:attempts]) + beyond * self.ladder[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many messages a service takes: a bucket that holds `burst` and gets one back `every` so many seconds.

    Its whole state is when it will be full, in seconds by a clock that only runs forward. In any t seconds at most
    burst + t / every messages go; also over restarts where each begins with the bucket empty, since nobody knows what
    a process that was killed has taken out of it.
    """

    every: float
    burst: int = 1

    def emptied(self, now: float) -> float:
        """When a bucket that is empty now will be full."""
        return now + self.burst * self.every

    def take(self, full_at: float, now: float) -> tuple[float, float]:
        """When the next message may go, and when the bucket will be full after that; it is never more than empty,
        whatever a slower pace of before has left.
        """
        full_at = min(full_at, self.emptied(now))
        at = max(now, full_at - (self.burst - 1) * self.every)
        return at, max(full_at, at) + self.every


def jittered(wait: float, jitter: float, rand: float) -> float:
    """A wait made up to `jitter` (a share of it) shorter or longer."""
    return wait * (1 + jitter * (2 * rand - 1))


def lane(url: str) -> str:
    """What is polled one feed at a time: a site, by whoever answers for it, or a folder."""
    parts = urlsplit(url)
    if not parts.hostname:
        return url
    return registrable(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))


def registrable(host: str, port: int) -> str:
    """The domain that one owner answers for, near enough without the Public Suffix List: its last two labels, or
    three under suffixes such as co.uk. Addresses and single labels count by port: other services live there.
    """
    labels = host.lower().rstrip(".").split(".")
    if len(labels) == 1 or _is_address(host):
        return f"{host}:{port}"
    suffixed = len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if suffixed else -2 :])


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_local(feed: Feed) -> bool:
    return feed.url.startswith("file:")


def _asked(response: Response) -> float:
    """Seconds of peace that a response's headers ask for; a Retry-After with a date is an error's business."""
    cache = response.headers.get("cache-control", "")
    fresh = _FRESH.search(cache)
    max_age = float(fresh[1]) if fresh and not _STALE.search(cache) else 0.0
    retry = response.headers.get("retry-after", "")
    return max(max_age, float(retry) if re.fullmatch(r"[0-9]{1,12}", retry) else 0.0)
