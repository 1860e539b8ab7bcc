"""How feeds are, in lines for people and rows for programs. Nothing that opens a feed is ever shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from watcher.cli.common import clean, local, paint, span
from watcher.cli.pulse import ago
from watcher.condition import paused, plainly, reason
from watcher.config import Settings
from watcher.model import Access, Condition, Feed, FeedId, FeedState, Habits, Identity, Paging
from watcher.schedule import lane
from watcher.text.counted import counted, lasting
from watcher.text.rfc3339 import rfc3339

PAUSED, NEW = "paused", "new"
STATES = (*(condition.value for condition in Condition), PAUSED, NEW)
_COLOURS = {"ok": "green", "quiet": "yellow", "silent": "yellow", PAUSED: "cyan", NEW: None}
_SHOWN_ID = 40  # characters of an id in a list
_HEAD = ("feed", "state", "read", "next", "new", "7 days")
_WIDTHS = (10, 12, 10)  # of times
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def wanted(settings: Settings, stored: Iterable[FeedState]) -> list[FeedState]:
    """What is known of each configured feed, by id; of one that no daemon has seen yet nothing is."""
    known = {state.feed.id: state for state in stored}
    found = [replace(known.get(f.id) or FeedState(feed=f), feed=f) for f in settings.feeds]
    return sorted(found, key=lambda state: state.feed.id)


def word(state: FeedState, now: datetime) -> str:
    """How it is: its condition, or that nobody asks it."""
    if paused(state, now):
        return PAUSED
    return state.condition.value if state.polls else NEW


# a line each


def lines(states: Sequence[FeedState], now: datetime, brought: Mapping[FeedId, int] | None = None) -> Iterator[str]:
    """A table. The reason stands below those that are not well, and those whose last poll failed."""
    width = min(max((len(state.feed.id) for state in states), default=0), _SHOWN_ID)
    width = max(width, len(_HEAD[0]))
    yield paint(_row(_HEAD if brought is not None else _HEAD[:-1], width), bold=True)
    for state in states:
        said = word(state, now)
        yield _row(_columns(state, said, now, None if brought is None else brought.get(state.feed.id, 0)), width)
        if said not in {"ok", NEW} or state.failures:
            yield f"  {clean(reason(state, now))}"


def _row(columns: Iterable[str], width: int) -> str:
    name, said, *rest = columns
    word = f"{said:<7}" if said == _HEAD[1] else paint(f"{said:<7}", fg=_COLOURS.get(said, "red"))
    return "  ".join([f"{name:<{width}}", word, *map(str.ljust, rest, (*_WIDTHS, 0))]).rstrip()


def _columns(state: FeedState, said: str, now: datetime, lately: int | None) -> Iterator[str]:
    yield clean(state.feed.id)
    yield said
    yield ago(state.good_at, now)
    yield _next(state, now)
    yield ago(state.new_at, now)
    if lately is not None:
        gaps = f", {counted(state.habits.gaps, 'gap')}" if state.habits.gaps else ""
        yield f"{lately:,}{gaps}"


def _next(state: FeedState, now: datetime) -> str:
    pause = paused(state, now)
    if pause:
        return "when resumed" if pause.until is None else _ahead(pause.until, now)
    return "now" if state.next_at is None or state.next_at <= now else _ahead(state.next_at, now)


def _ahead(moment: datetime, now: datetime) -> str:
    """Such as "in 5 min"."""
    said, later, _ = ago(moment, now).partition(" from now")
    return f"in {said}" if later else "now"


def row_of(state: FeedState, now: datetime, lately: int | None = None) -> dict[str, Any]:
    """A feed for programs."""
    return {
        "feed": state.feed.id,
        "url": state.feed.url,
        "tags": list(state.feed.tags),
        "state": word(state, now),
        "condition": state.condition.value,
        "since": rfc3339(state.condition_at),
        "reason": reason(state, now),
        "polled_at": rfc3339(state.polled_at),
        "good_at": rfc3339(state.good_at),
        "new_at": rfc3339(state.new_at),
        "next_at": rfc3339(state.next_at),
        "failures": state.failures,
        "gaps": state.habits.gaps,
        "items_lately": lately,
    }


# one of them whole


def details(
    state: FeedState, settings: Settings, siblings: int, lately: int, now: datetime
) -> Iterator[tuple[str, str]]:
    """All that is known of a feed, each with its name; not yet `clean`. `siblings` are the other feeds of its site,
    `lately` its items of the last days.
    """
    feed, habits = state.feed, state.habits
    yield "condition", f"{word(state, now)} since {_at(state.condition_at)}" if state.condition_at else word(state, now)
    yield "reason", reason(state, now)
    yield from _where(state, settings)
    yield "last read", _when(state.good_at, now)
    yield "last new", f"{_when(state.new_at, now)}; {counted(lately, 'item')} in 7 days"
    if state.error:
        often = counted(state.failures, "failure")
        error = plainly(state)
        yield "last error", f"{error} ({_when(state.polled_at, now)}, {often} in a row)"
    yield "next poll", f"{_at(state.next_at)}, {_next(state, now)}" if state.next_at else _next(state, now)
    yield "why then", settings.intervals.why(state, now)
    if habits.every:
        yield "usually new", f"every {lasting(timedelta(seconds=min(habits.every, 1e9)))}"
    if habits.skip_hours or habits.skip_days:
        yield "left alone", _left_alone(habits)
    if not feed.url.startswith("file:"):
        yield "politeness", _politeness(feed, settings, siblings)
    if state.good_at:
        yield "completeness", _completeness(habits)
    if state.good_at and not feed.url.startswith("file:"):
        yield "validators", _validators(state, now)
    if habits.identity is Identity.CONTENT:
        yield "identity", "by what its entries say: their ids change from poll to poll"
    if feed.recipe:
        yield "items", " ".join(f"{k}={v}" for k, v in asdict(feed.recipe).items() if v is not None)
    if opened := _opened(settings.access.get(feed.id, Access())):
        yield "access", opened
    yield from _wishes(feed, settings.intervals.least)


def paged(paging: Paging) -> str:
    """How the pages of its items stand."""
    waiting = f"{counted(paging.wanted, 'page')} wanted" if paging.wanted else "no page wanted at present"
    lost = f", {paging.given_up:,} without all of the text" if paging.given_up else ""
    return f"{waiting}{lost}{f'; last: {paging.error}' if paging.error else ''}"


def _where(state: FeedState, settings: Settings) -> Iterator[tuple[str, str]]:
    asked = settings.intervals.effective_url(state)
    yield "url", state.feed.url
    if asked == state.moved_to:
        yield "asked", f"{asked}: it has moved there for good; put that into the file"
    elif asked == state.found_at:
        yield "asked", f"{asked}: its page announces that feed"
    elif state.moved_to:
        yield "moved", f"to {state.moved_to}, which held for {counted(state.moved_polls, 'poll')} so far"


def _politeness(feed: Feed, settings: Settings, siblings: int) -> str:
    pause = span(settings.fetch.get("pause", 1.0))
    shared = f", shared with {counted(siblings, 'other feed')}" if siblings else ""
    return f"one request at a time and {pause} between two to {lane(feed.url)}{shared}"


def _completeness(habits: Habits) -> str:
    if not habits.gaps:
        return "no poll found all of it replaced: nothing was missed"
    last = f", the last on {_at(datetime.fromtimestamp(habits.gap_at, UTC))}" if habits.gap_at else ""
    return f"{counted(habits.gaps, 'poll')} shared no item with the one before{last}: something may have been missed"


def _validators(state: FeedState, now: datetime) -> str:
    habits = state.habits
    audits = f"{counted(habits.audits, 'audit')}, {counted(habits.lies, 'lie')}"
    if habits.distrusted_at is not None:
        since = _when(datetime.fromtimestamp(habits.distrusted_at, UTC), now)
        return f"not trusted since its server hid news behind a 304 ({since}; {audits})"
    held = [name for name, value in (("ETag", state.etag), ("Last-Modified", state.last_modified)) if value]
    return f"{' and '.join(held)} ({audits})" if held else "none: it is sent whole at each poll"


def _left_alone(habits: Habits) -> str:
    hours = [f"{hour:02}:00" for hour in habits.skip_hours]
    days = [_DAYS[day] for day in habits.skip_days]
    return f"as it asks: {' '.join([*days, *hours])} UTC"


def _opened(access: Access) -> str:
    """Which kinds of access it has, never what they are."""
    names = [name for name, _ in access.headers if name.lower() != "authorization"]
    auth = [value.partition(" ")[0].lower() for name, value in access.headers if name.lower() == "authorization"]
    said = [*(f"{kind} credentials" for kind in auth), *(f"header {name}" for name in names)]
    return ", ".join([*said, *(["a proxy"] if access.proxy else [])])


def _wishes(feed: Feed, least: float) -> Iterator[tuple[str, str]]:
    """`least` is `poll.min_interval` in seconds."""
    short = feed.interval is not None and feed.interval < least and not feed.url.startswith("file:")
    but = f", but `poll.min_interval` is {span(least)}" if short else ""
    wishes: Mapping[str, str | None] = {
        "tags": " ".join(feed.tags) or None,
        "lang": feed.lang,
        "interval": f"{span(feed.interval)}{but}" if feed.interval else None,
        "timeout": span(feed.timeout) if feed.timeout else None,
        "max_size": f"{feed.max_size:,} bytes" if feed.max_size else None,
    }
    yield from ((name, value) for name, value in wishes.items() if value)


def _when(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{_at(moment)}, {ago(moment, now)}"


def _at(moment: datetime | None) -> str:
    return "never" if moment is None else local(moment, "UTC")
