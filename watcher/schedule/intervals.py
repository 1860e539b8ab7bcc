"""pure: (a feed's state, how its poll went, now) -> when it is polled next, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.errors import FetchError, ParseError
from watcher.model import Feed, FeedState, Habits, Parsed, Response
from watcher.schedule import rhythm
from watcher.schedule.asked import asked, outside
from watcher.schedule.spans import DAY, HOUR, MINUTE, jittered, lasting
from watcher.text.counted import counted

_PASSING = frozenset({"timeout", "connect", "reset", "dns"})
"""Kinds of failures that say more of the way there, or of the moment, than of the feed."""
_DOUBLINGS = 32  # beyond any ceiling, and far from a float's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """How often feeds are polled. `least` and `most` hold for feeds on the network; folders ask nobody's leave."""

    default: float | None = None  # for feeds on the web that have none of their own; None: by their rhythm
    usual: float = 15 * MINUTE  # what intervals by rhythm lie around
    rarest: float = 6 * HOUR  # the longest of them, were `most` longer
    folder: float = 10.0
    least: float = MINUTE
    most: float = DAY
    backoff_most: float = 6 * HOUR
    jitter: float = 0.1
    spread: float = 5 * MINUTE  # the longest window that first polls are spread over
    spread_each: float = 0.1  # what each feed adds to that window
    moved_polls: int = 3  # a permanent move is followed once it held for so many polls

    def interval(self, state: FeedState, now: datetime) -> float:
        """What the feed's owner asks for, else what its rhythm does, being polled now."""
        if _is_local(state.feed):
            return state.feed.interval or self.folder
        own = self._own(state.feed)
        return max(own or min(self._wait(state, now).seconds, self.rarest, self.most), self.least)

    def why(self, state: FeedState, now: datetime) -> str:
        """A feed's interval and what it comes from, in a line: "each 5 min, by its `interval`"."""
        at = state.polled_at or now
        interval, waits = self.interval(state, at), (state.next_at - at).total_seconds() if state.next_at else 0.0
        if state.failures:
            return f"again {lasting(waits)} after {counted(state.failures, 'failure')} in a row"
        return f"{self._said(state, at, lasting(interval))}{self._but(waits, interval)}"

    def _but(self, waits: float, interval: float) -> str:
        """What makes a wait another than the interval does."""
        if waits > interval * (1 + 2 * self.jitter):
            return f"; it asks to be left alone for {lasting(waits)}"
        if 0 < waits < interval * (1 - 2 * self.jitter):
            return f"; sooner, after {lasting(waits)}: a rule tells its silence, or something about it was changed"
        return ""

    def _said(self, state: FeedState, at: datetime, each: str) -> str:
        if _is_local(state.feed):
            return f"each {each}, by {'its `interval`' if state.feed.interval else '`poll.folder_interval`'}"
        if self._own(state.feed):
            return f"each {each}, by {'its `interval`' if state.feed.interval else '`poll.interval`'}"
        return f"about each {each}: {rhythm.why(state.habits, self._wait(state, at), self.usual)}"

    def _own(self, feed: Feed) -> float | None:
        return feed.interval or self.default

    def _wait(self, state: FeedState, now: datetime) -> rhythm.Wait:
        added = (state.added_at or now).timestamp()
        return rhythm.wait(state.habits, added, now.timestamp(), self.usual)

    def first(self, feed: Feed, feeds: int, now: datetime, rand: float) -> datetime:
        """When a feed that was never polled is due, being one of `feeds` such."""
        window = 0.0 if _is_local(feed) else min(feeds * self.spread_each, self.spread)
        return now + timedelta(seconds=rand * window)

    def after_success(
        self, state: FeedState, response: Response, parsed: Parsed | None, now: datetime, rand: float
    ) -> datetime:
        """When a feed is polled after a good poll that left it in `state`, its habits learned.

        After its interval, or what it asks for where that is longer: ttl, freshness or Retry-After, each up to `most`.
        Not in the hours and days that it asks to be spared, unless they last longer than `most`. `parsed` is None when
        nothing had changed: what the last document asked for still holds.
        """
        ttl = (parsed.ttl if parsed else state.ttl) or 0.0
        wanted = max(asked(response, now, self.most), min(ttl, self.most))
        at = now + timedelta(seconds=max(self._jittered(self.interval(state, now), rand), wanted))
        return self._spared(at, parsed or state.habits, now, rand)

    def after_failure(self, state: FeedState, error: FetchError | ParseError, now: datetime, rand: float) -> datetime:
        """When a feed is polled after a failure that left it in `state`.

        After its interval, doubled with each failure in a row (by `state.strain`, where a soft one counts in part) up
        to `backoff_most`; a folder's up to the usual interval. What a slow rhythm would have brought late is not made
        later still: there it begins with the usual interval. Retry-After is obeyed up to `most`, and the feed is spared
        when it asks for that, as after a good poll.
        """
        interval, local = self.interval(state, now), _is_local(state.feed)
        begin = interval if local or self._own(state.feed) else min(interval, self.usual)
        ceiling = max(self.usual if local else self.backoff_most, begin)
        wait = min(begin * 2.0 ** min(max(state.strain - 1, 0.0), _DOUBLINGS), ceiling)
        asked = error.retry_after if isinstance(error, FetchError) else None
        at = now + timedelta(seconds=max(self._jittered(wait, rand), min(asked or 0.0, self.most)))
        return self._spared(at, state.habits, now, rand)

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

    def learned(
        self, habits: Habits, fresh: Sequence[datetime], now: datetime, since: datetime | None = None
    ) -> Habits:
        """What is known of a feed's rhythm after a good poll.

        `fresh`: when each of its new items was published, or seen where it does not say; in any order, maybe none;
        those of the first poll too. `since`: when the last good poll was, None at the first; what is new and says that
        it is older has come now. Of gaps, audits and identity the poll itself keeps the account.
        """
        return rhythm.learned(habits, fresh, now, since)

    def _spared(self, at: datetime, wish: Parsed | Habits, now: datetime, rand: float) -> datetime:
        """`at`, or soon after the hours and days in which a feed asks to be spared."""
        if not wish.skip_hours and not wish.skip_days:
            return at
        latest = now + timedelta(seconds=self.most)
        free = outside(at, wish.skip_hours, wish.skip_days, latest)
        return at if free == at else min(free + timedelta(seconds=rand * self.spread), max(free, latest))

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
