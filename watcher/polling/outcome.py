"""pure: (a feed's state, what it was asked and answered, now) -> its state after the poll.

A good poll resets what failures have left; a failure changes nothing but that and the next due time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from watcher.condition import judged
from watcher.errors import FetchError, ParseError
from watcher.model import FeedState, FetchRequest, Habits, Hash64, Parsed, Response, Revision
from watcher.polling import complete, honest
from watcher.schedule import Intervals, lane, weight

__all__ = ["Answer", "News", "after_failure", "after_news", "after_nothing", "hash_of", "rest_until"]

_RESTING = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was asked of a feed, and what came. `found_at`: where it is found from now on, if not at its own URL."""

    state: FeedState  # as it was before
    request: FetchRequest
    response: Response
    body_hash: Hash64 | None
    found_at: str | None

    @property
    def unchanged(self) -> bool:
        same = self.body_hash is not None and self.body_hash == self.state.body_hash
        return self.response.not_modified or same

    @property
    def audit(self) -> bool:
        """Validators were held and not sent."""
        held = self.state.etag or self.state.last_modified
        return bool(held) and not (self.request.etag or self.request.last_modified)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a document brought, once its entries were recognised."""

    parsed: Parsed
    revisions: tuple[Revision, ...]
    old: int  # entries whose bytes are new and which are known all the same
    habits: Habits  # with what was learned of its ids


def hash_of(response: Response) -> Hash64 | None:
    """A body's hash; None for a folder and for a 304, where the validators say it all."""
    if response.files is not None or response.not_modified:
        return None
    return Hash64(int.from_bytes(sha256(response.body).digest()[:8], "big", signed=True))


def after_nothing(answer: Answer, intervals: Intervals, now: datetime, rand: float) -> FeedState:
    """After a poll that found the document unchanged."""
    state, response = answer.state, answer.response
    habits = state.habits
    if response.not_modified and not state.feed.url.startswith("file:"):
        habits = honest.repeated(habits)
    elif answer.audit:
        habits = honest.answered(state, response, now, audit=True, new=False)
    if not habits.ids_hold and state.entry_hashes:
        habits = replace(habits, ids_hold=True)
    next_at = intervals.after_success(state, response, None, now, rand)
    return _good(_read(answer, intervals), habits, now, next_at, new=False)


def after_news(answer: Answer, news: News, intervals: Intervals, now: datetime, rand: float) -> FeedState:
    """After a poll that read a document whole."""
    state, parsed = answer.state, news.parsed
    habits = _learned(answer, news, intervals, now)
    next_at = intervals.after_success(replace(state, habits=habits), answer.response, parsed, now, rand)
    read = replace(_read(answer, intervals), entry_hashes=frozenset(parsed.hashes), baselined=True, ttl=parsed.ttl)
    return _good(read, habits, now, next_at, new=bool(news.revisions))


def after_failure(
    state: FeedState, error: FetchError | ParseError, intervals: Intervals, now: datetime, rand: float
) -> FeedState:
    failed = replace(
        state,
        polls=state.polls + 1,
        failures=state.failures + 1,
        error=str(error),
        polled_at=now,
        trouble=error.kind,
        status=error.status if isinstance(error, FetchError) else None,
        strain=state.strain + weight(error),
        failing_since=state.failing_since or now,
    )
    return _judged(replace(failed, next_at=intervals.after_failure(failed, error, now, rand)), now)


def rest_until(
    state: FeedState, error: FetchError | ParseError, intervals: Intervals, now: datetime
) -> datetime | None:
    """Until when its whole site wants to be left alone; another one, to which the feed has moved, asks for no more than
    this feed's rest.
    """
    if not isinstance(error, FetchError) or error.status not in _RESTING or not error.retry_after:
        return None
    asked, own = intervals.effective_url(state), state.feed.url
    if asked != own and lane(asked) != lane(own):
        return None
    return now + timedelta(seconds=min(error.retry_after, intervals.most))


def _read(answer: Answer, intervals: Intervals) -> FeedState:
    """The state with where the feed is found, and with the validators of what came from there."""
    state, response = answer.state, answer.response
    if answer.found_at != state.found_at and answer.request.url != state.feed.url:
        state = replace(state, found_at=answer.found_at, moved_to=None, moved_polls=0)
    elif response.permanent_url or state.moved_to or state.moved_polls:
        state = intervals.moved(state, response.permanent_url)
    now = (response.etag, response.last_modified, answer.body_hash, answer.found_at)
    if response.not_modified or now == (state.etag, state.last_modified, state.body_hash, state.found_at):
        return state
    etag, last_modified, body_hash, found_at = now
    return replace(state, etag=etag, last_modified=last_modified, body_hash=body_hash, found_at=found_at)


def _learned(answer: Answer, news: News, intervals: Intervals, now: datetime) -> Habits:
    """Of its server's honesty, whether polls overlap, when it wants peace, and when new items come."""
    state, parsed, habits = answer.state, news.parsed, news.habits
    if answer.response.files is None:
        before = replace(state, habits=habits)
        habits = honest.answered(before, answer.response, now, audit=answer.audit, new=bool(news.revisions))
    if habits.identity is state.habits.identity and answer.found_at == state.found_at:
        habits = complete.metered(state, habits, parsed, news.old, now)
    if (parsed.skip_hours, parsed.skip_days) != (habits.skip_hours, habits.skip_days):
        habits = replace(habits, skip_hours=parsed.skip_hours, skip_days=parsed.skip_days)
    if parsed.scope != habits.scope:
        habits = replace(habits, scope=parsed.scope)
    fresh = [each.ordered_at for each in news.revisions if each.number == 1]
    return intervals.learned(habits, fresh, now, state.good_at) if fresh else habits


def _good(read: FeedState, habits: Habits, now: datetime, next_at: datetime, *, new: bool) -> FeedState:
    good = replace(
        read,
        polls=read.polls + 1,
        failures=0,
        error=None,
        polled_at=now,
        good_at=now,
        new_at=now if new else read.new_at,
        next_at=next_at,
        trouble=None,
        status=None,
        strain=0.0,
        failing_since=None,
        habits=habits,
    )
    return _judged(good, now)


def _judged(state: FeedState, now: datetime) -> FeedState:
    condition = judged(state, now)
    return state if condition is state.condition else replace(state, condition=condition, condition_at=now)
