"""When next: within bounds, never sooner than asked, never never."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import FetchError, ParseError, SendError
from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    ChannelName,
    Feed,
    FeedId,
    FeedState,
    Habits,
    Parsed,
    Response,
    Severity,
)
from watcher.schedule import DAY, HOUR, Intervals, Pace, Retry, weight

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEB = Feed(id=FeedId("example.org"), url="https://example.org/feed.xml")
FOLDER = Feed(id=FeedId("seeds"), url="file:///srv/seeds")
NUMBERS = Intervals()
LADDER = Retry()

rands = st.floats(0, 1)
feeds = st.builds(
    Feed,
    id=st.just(FeedId("x")),
    url=st.sampled_from([WEB.url, FOLDER.url]),
    interval=st.none() | st.floats(0.01, 30 * DAY),
)


def good(feed: Feed = WEB, parsed: Parsed | None = None, rand: float = 0.5, **headers: str) -> float:
    """Seconds until the poll after a good one."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = Response(url=feed.url, headers=named)
    return (NUMBERS.after_success(FeedState(feed=feed), response, parsed, NOW, rand) - NOW).total_seconds()


def failed(failures: int, feed: Feed = WEB, retry_after: float | None = None, rand: float = 0.5) -> float:
    """Seconds until the poll after that many failures in a row."""
    error = FetchError("no", kind="connect", retry_after=retry_after)
    state = FeedState(feed=feed, failures=failures, strain=failures)
    return (NUMBERS.after_failure(state, error, NOW, rand) - NOW).total_seconds()


def parsed(ttl: float | None) -> Parsed:
    return Parsed(format="rss20", hashes=(), entries=(), ttl=ttl)


# --- polls that went well ---------------------------------------------------------------------------------


def test_a_feed_is_polled_every_quarter_of_an_hour_and_a_folder_every_ten_seconds() -> None:
    assert good(WEB) == 900
    assert good(FOLDER) == 10


def test_a_feed_s_own_interval_counts_but_not_below_a_minute_on_the_network() -> None:
    assert good(replace(WEB, interval=300.0)) == 300
    assert good(replace(WEB, interval=1.0)) == 60
    assert good(replace(FOLDER, interval=1.0)) == 1


def test_jitter_is_a_tenth_to_either_side() -> None:
    assert good(rand=0.0) == pytest.approx(810)
    assert good(rand=1.0) == pytest.approx(990)


@pytest.mark.parametrize("rand", [0.0, 0.5, 1.0])
def test_what_the_feed_asks_for_is_never_undercut(rand: float) -> None:
    assert good(parsed=parsed(3600.0), rand=rand) == 3600
    assert good(cache_control="public, max-age=7200", rand=rand) == 7200
    assert good(retry_after="5000", rand=rand) == 5000
    assert good(parsed=parsed(3600.0), cache_control='max-age="7200"', retry_after="100", rand=rand) == 7200


def test_what_the_feed_asks_for_holds_for_a_day_at_most() -> None:
    assert good(cache_control="max-age=31536000") == DAY
    assert good(parsed=parsed(1e9)) == DAY


def test_a_feed_that_may_be_polled_sooner_is_not() -> None:
    assert good(parsed=parsed(60.0), cache_control="max-age=0") == 900


@pytest.mark.parametrize(
    "header",
    ["no-cache, max-age=7200", "max-age=7200, no-store", "s-maxage=7200", "max-age=soon", "max-age=-5", "", "=,,"],
)
def test_a_cache_header_that_says_nothing_of_freshness_changes_nothing(header: str) -> None:
    assert good(cache_control=header) == 900


TODAY, LATER, PAST = "Sun, 01 Mar 2026 12:00:00 GMT", "Sun, 01 Mar 2026 14:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"


def test_expires_counts_by_the_server_s_own_clock() -> None:
    assert good(expires=LATER, date=TODAY) == 7200
    assert good(expires=LATER) == 7200
    assert good(expires=LATER, date="no date") == 7200
    assert good(expires="Sat, 28 Feb 2026 14:00:00 GMT", date="Sat, 28 Feb 2026 12:00:00 GMT") == 7200
    assert good(expires=LATER, date="Sun, 01 Mar 2026 13:59:00 GMT") == 900


@pytest.mark.parametrize("expires", [PAST, TODAY, "0", "-1", "never", "", "Sun, 99 Mar 99999 99:99:99 GMT"])
def test_an_expiry_that_is_past_or_no_date_changes_nothing(expires: str) -> None:
    assert good(expires=expires, date=TODAY) == 900


def test_an_absurd_expiry_holds_for_a_day_and_cache_control_goes_before_it() -> None:
    assert good(expires="Fri, 31 Dec 9999 23:59:59 GMT", date=PAST) == DAY
    assert good(expires=LATER, date=TODAY, cache_control="max-age=3600") == 3600
    assert good(expires=LATER, date=TODAY, cache_control="no-cache") == 900


def test_the_time_in_caches_on_the_way_is_taken_off() -> None:
    assert good(cache_control="max-age=7200", age="1200") == 6000
    assert good(expires=LATER, date=TODAY, age="1200") == 6000
    assert good(cache_control="max-age=7200", age="9999") == 900
    assert [good(cache_control="max-age=7200", age=age) for age in ("-5", "long", "1e3", "")] == [7200] * 4


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [(LATER, 7200), (PAST, 900), ("-60", 900), ("7200.5", 7200.5), ("9" * 40, DAY), ("tomorrow", 900), ("1e9", 900)],
)
def test_retry_after_of_a_good_answer_is_seconds_or_a_date(retry_after: str, wait: float) -> None:
    assert good(retry_after=retry_after) == wait


def spared(hours: tuple[int, ...] = (), days: tuple[int, ...] = (), rand: float = 0.0) -> timedelta:
    """How long a feed is left alone, on a Sunday at noon, that asks not to be polled then."""
    habits = Habits(skip_hours=hours, skip_days=days)
    state = FeedState(feed=replace(WEB, interval=1800.0), habits=habits)
    at = NUMBERS.after_success(state, Response(url=WEB.url), None, NOW, rand)
    asked = replace(parsed(None), skip_hours=hours, skip_days=days)
    assert at == NUMBERS.after_success(replace(state, habits=Habits()), Response(url=WEB.url), asked, NOW, rand)
    assert at == NUMBERS.after_failure(state, FetchError("no", kind="dns"), NOW, rand), "nor when it fails"
    return at - NOW


def test_a_feed_is_left_alone_in_the_hours_and_days_that_it_names() -> None:
    assert spared(hours=(13, 14)) == timedelta(minutes=27)
    assert spared(hours=(12, 13)) == timedelta(hours=2)
    assert spared(hours=(12, 13), rand=1.0) == timedelta(hours=2, minutes=5)
    assert spared(days=(6,)) == timedelta(hours=12)
    assert spared(days=(6,), hours=(0, 1)) == timedelta(hours=14)


def test_no_feed_is_left_alone_for_longer_than_a_day() -> None:
    assert spared(days=(6, 0, 1), rand=1.0) == timedelta(days=1)
    assert spared(hours=tuple(range(24))) == spared(days=tuple(range(7))) == timedelta(minutes=27)


@settings(deadline=None)
@given(st.sets(st.integers(0, 23)), st.sets(st.integers(0, 6)), rands)
def test_a_moment_outside_is_outside_or_a_day_away(hours: set[int], days: set[int], rand: float) -> None:
    wait = spared(tuple(sorted(hours)), tuple(sorted(days)), rand)
    at = NOW + wait
    assert timedelta(minutes=27) <= wait <= timedelta(days=1)
    if wait < timedelta(days=1) and len(hours) < 24 and len(days) < 7:
        assert at.hour not in hours
        assert at.weekday() not in days


said = (
    st.text(max_size=30) | st.integers(-(10**13), 10**13).map(str) | st.sampled_from([TODAY, LATER, PAST, "max-age=9"])
)
HEADERS = ("cache_control", "retry_after", "expires", "date", "age")


@settings(deadline=None)
@given(feeds, rands, st.none() | st.floats(0, 1e12), st.dictionaries(st.sampled_from(HEADERS), said))
def test_the_next_poll_comes_within_its_bounds_whatever_the_server_says(
    feed: Feed, rand: float, ttl: float | None, headers: dict[str, str]
) -> None:
    wait = good(feed, parsed(ttl), rand, **headers)
    own = NUMBERS.interval(FeedState(feed=feed), NOW)
    assert own * 0.9 - 0.001 <= wait <= max(own * 1.1, DAY) + 0.001


def test_first_polls_of_many_feeds_are_spread_and_folders_come_at_once() -> None:
    assert NUMBERS.first(FOLDER, 1000, NOW, 1.0) == NOW
    assert NUMBERS.first(WEB, 1, NOW, 1.0) - NOW == timedelta(seconds=0.1)
    assert NUMBERS.first(WEB, 1000, NOW, 0.5) - NOW == timedelta(seconds=50)
    assert NUMBERS.first(WEB, 100_000, NOW, 1.0) - NOW == timedelta(seconds=300)


# --- polls that failed ------------------------------------------------------------------------------------


def test_back_off_doubles_from_the_interval_to_six_hours() -> None:
    assert [failed(n) for n in (1, 2, 3, 4)] == [900, 1800, 3600, 7200]
    assert failed(6) == 6 * HOUR
    assert failed(1_000_000) == 6 * HOUR


def test_a_folder_that_is_away_is_looked_for_every_quarter_of_an_hour() -> None:
    assert [failed(n, FOLDER) for n in (1, 2, 3, 50)] == [10, 20, 40, 900]


def test_a_feed_polled_once_a_day_is_not_polled_more_often_when_it_fails() -> None:
    assert failed(3, replace(WEB, interval=DAY)) == DAY


@pytest.mark.parametrize("rand", [0.0, 1.0])
def test_retry_after_is_obeyed_up_to_a_day(rand: float) -> None:
    assert failed(1, retry_after=40_000.0, rand=rand) == 40_000
    assert failed(1, retry_after=1e9, rand=rand) == DAY
    assert failed(6, retry_after=1.0) == 6 * HOUR


def test_a_document_that_cannot_be_read_backs_off_too() -> None:
    error = ParseError("no feed", kind="format")
    state = FeedState(feed=WEB, failures=2, strain=2.0)
    assert NUMBERS.after_failure(state, error, NOW, 0.5) - NOW == timedelta(seconds=1800)


@pytest.mark.parametrize("kind", ["timeout", "connect", "reset", "dns"])
def test_a_failure_that_passes_by_itself_counts_in_part(kind: str) -> None:
    assert weight(FetchError("no", kind=kind)) == 0.5


@pytest.mark.parametrize(("status", "counts"), [(500, 0.5), (503, 0.5), (429, 0.5), (404, 1.0), (403, 1.0), (410, 1.0)])
def test_a_status_counts_by_what_it_says_of_the_next_time(status: int, counts: float) -> None:
    assert weight(FetchError("no", kind="status", status=status)) == counts


def test_what_a_person_has_to_mend_counts_whole() -> None:
    assert weight(FetchError("no", kind="tls")) == weight(ParseError("no", kind="not-a-feed")) == 1.0
    assert weight(FetchError("a wall", kind="challenge", status=503)) == 1.0


def test_soft_failures_back_off_half_as_fast() -> None:
    state = FeedState(feed=WEB, failures=4, strain=2.0)
    error = FetchError("no", kind="timeout")
    assert NUMBERS.after_failure(state, error, NOW, 0.5) - NOW == timedelta(seconds=1800)


@settings(deadline=None)
@given(feeds, st.integers(1, 10_000), rands, st.none() | st.floats(0, 1e12))
def test_a_failing_feed_is_never_given_up_and_waits_longer_each_time(
    feed: Feed, failures: int, rand: float, retry_after: float | None
) -> None:
    wait = failed(failures, feed, retry_after, rand)
    own = NUMBERS.interval(FeedState(feed=feed), NOW)
    assert own * 0.9 - 0.001 <= wait <= max(own * 1.1, DAY) + 0.001
    assert wait <= failed(failures + 1, feed, retry_after, rand)
    assert wait >= min(retry_after or 0.0, DAY) - 0.001


# --- feeds that move --------------------------------------------------------------------------------------

OLD, NEW, NEWER = WEB.url, "https://new.example.org/", "https://newer.example.org/"


def polled(*answers: str | None, state: FeedState | None = None) -> FeedState:
    state = state or FeedState(feed=WEB)
    for answer in answers:
        state = NUMBERS.moved(state, answer)
    return state


def test_a_permanent_move_is_followed_once_it_held_for_three_polls() -> None:
    assert NUMBERS.effective_url(polled(NEW, NEW)) == OLD
    assert NUMBERS.effective_url(polled(NEW, NEW, NEW)) == NEW
    assert NUMBERS.effective_url(polled(NEW, NEW, NEW, None, None)) == NEW


@pytest.mark.parametrize("answers", [(NEW, NEW, None, NEW), (NEW, NEW, NEWER, NEW), (NEW, NEW, OLD, NEW)])
def test_a_move_that_does_not_hold_is_not_followed(answers: tuple[str | None, ...]) -> None:
    state = polled(*answers)
    assert NUMBERS.effective_url(state) == OLD
    assert (state.moved_to, state.moved_polls) == (NEW, 1)


def test_a_second_move_has_to_hold_as_well() -> None:
    state = polled(NEW, NEW, NEW, NEWER)
    assert NUMBERS.effective_url(state) == OLD
    assert NUMBERS.effective_url(polled(NEWER, NEWER, state=state)) == NEWER


def test_a_feed_sent_back_to_its_own_url_is_home() -> None:
    assert polled(NEW, NEW, NEW, OLD) == FeedState(feed=WEB)


ANNOUNCED = "https://example.org/announced.xml"


def test_a_feed_that_its_page_announces_is_asked_where_it_was_found() -> None:
    found = FeedState(feed=WEB, found_at=ANNOUNCED)
    assert [NUMBERS.effective_url(replace(found, failures=n)) for n in range(4)] == [ANNOUNCED, OLD, ANNOUNCED, OLD]
    assert NUMBERS.moved(found, None) == found
    assert NUMBERS.effective_url(polled(NEW, NEW, NEW, state=found)) == NEW
    assert NUMBERS.effective_url(polled(NEW, NEW, None, NEW, state=found)) == ANNOUNCED
    assert polled(NEW, NEW, NEW, ANNOUNCED, state=found) == found


addresses = st.sampled_from([OLD, NEW, NEWER, ANNOUNCED])


@settings(deadline=None)
@given(st.lists(st.none() | addresses, max_size=12), st.none() | st.just(ANNOUNCED))
def test_nothing_is_followed_that_was_not_said_three_times_running(
    answers: list[str | None], found_at: str | None
) -> None:
    state = polled(*answers, state=FeedState(feed=WEB, found_at=found_at))
    asked = NUMBERS.effective_url(state)
    assert asked == (found_at or OLD) or answers.count(asked) >= 3
    assert (state.moved_to is None) == (state.moved_polls == 0)
    assert NUMBERS.effective_url(replace(state, failures=1)) == OLD


def test_while_the_new_place_fails_the_old_one_is_asked_every_other_time() -> None:
    moved = polled(NEW, NEW, NEW)
    asked = [NUMBERS.effective_url(replace(moved, failures=n)) for n in range(4)]
    assert asked == [NEW, OLD, NEW, OLD]
    assert polled(None, state=replace(moved, failures=1)).moved_to is None
    assert polled(NEW, state=replace(moved, failures=1)).moved_polls == 4


# --- sends ------------------------------------------------------------------------------------------------


def tried(attempts: int, error: SendError | None = None, rand: float = 0.5, retry: Retry = LADDER) -> float | None:
    """Seconds until the try after `attempts` earlier ones and one that has just failed."""
    alert = Alert(
        key=AlertKey("0" * 32),
        channel=ChannelName("desk"),
        group="g",
        kind=AlertKind.MATCH,
        severity=Severity.MEDIUM,
        created_at=NOW - timedelta(days=30),
        state=AlertState.PENDING,
        attempts=attempts,
        next_at=None,
        sent_at=None,
    )
    at = retry.after_try(alert, error or SendError("no"), NOW, rand)
    return (at - NOW).total_seconds() if at else None


def test_the_ladder_is_climbed_to_six_hours_and_ends_after_three_days() -> None:
    waits = [tried(n) for n in range(40)]
    first_dead = waits.index(None)
    assert waits[:9] == [10, 30, 120, 600, 1800, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR]
    assert set(waits[9:first_dead]) == {6 * HOUR}
    assert set(waits[first_dead:]) == {None}
    assert 66 * HOUR < sum(w for w in waits if w) <= 72 * HOUR


def test_a_permanent_error_is_the_end_at_once() -> None:
    assert tried(0, SendError("no such channel", permanent=True, retry_after=5.0)) is None


@pytest.mark.parametrize("rand", [0.0, 1.0])
def test_a_channel_s_retry_after_is_obeyed_up_to_a_day(rand: float) -> None:
    assert tried(0, SendError("slow down", retry_after=300.0), rand) == 300
    assert tried(0, SendError("slow down", retry_after=1e9), rand) == DAY
    assert tried(8, SendError("slow down", retry_after=1.0)) == 6 * HOUR


def test_numbers_can_be_scaled() -> None:
    quick = Retry(ladder=(0.1, 0.2), give_up_after=0.6, jitter=0.0)
    assert [tried(n, retry=quick) for n in range(4)] == [0.1, 0.2, 0.2, None]


@settings(deadline=None)
@given(st.integers(0, 100), rands, st.none() | st.floats(0, 1e12))
def test_a_try_waits_within_bounds_and_never_sooner_than_asked(
    attempts: int, rand: float, retry_after: float | None
) -> None:
    wait = tried(attempts, SendError("no", retry_after=retry_after), rand)
    later = tried(attempts + 1, SendError("no", retry_after=retry_after), rand)
    if wait is None:
        assert attempts >= len(LADDER.ladder)
        assert later is None
    else:
        assert max(9.0, min(retry_after or 0.0, DAY) - 0.001) <= wait <= max(6.6 * HOUR, DAY)
        assert later is None or later >= wait


def test_a_channel_that_is_denied_is_tried_again_and_given_up_by_the_ladder() -> None:
    denied = SendError("HTTP 403", permanent=True, denied=True)
    assert tried(0, denied) == 10
    assert tried(40, denied) is None


def test_a_service_that_names_no_time_wants_no_rest() -> None:
    assert LADDER.rest_until(SendError("no"), NOW) is None
    assert LADDER.rest_until(SendError("no", retry_after=0.0), NOW) is None
    assert LADDER.rest_until(SendError("no", retry_after=7.0), NOW) == NOW + timedelta(seconds=7)
    assert LADDER.rest_until(SendError("no", denied=True, retry_after=7.0), NOW) == NOW + timedelta(seconds=7)
    assert LADDER.rest_until(SendError("no", denied=True), NOW) == NOW + timedelta(seconds=min(LADDER.ladder[-1], 60))
    assert LADDER.rest_until(SendError("no", retry_after=1e9), NOW) == NOW + timedelta(days=1)


# --- pace -------------------------------------------------------------------------------------------------

paces = st.builds(Pace, every=st.integers(1, 50).map(float), burst=st.integers(1, 5))


def gone(pace: Pace, asked: list[float], full_at: float) -> tuple[list[float], float]:
    """When messages went that were asked for at these times, one after the other."""
    went: list[float] = []
    for now in sorted(asked):
        at, full_at = pace.take(full_at, max([now, *went[-1:]]))
        went.append(at)
    return went, full_at


def test_a_bucket_gives_its_burst_at_once_and_then_one_at_a_time() -> None:
    pace = Pace(every=2.0, burst=3)
    went, full_at = gone(pace, [100.0] * 5, 0.0)
    assert went == [100, 100, 100, 102, 104]
    assert full_at == 110
    assert gone(pace, [200.0] * 4, full_at)[0] == [200, 200, 200, 202]
    assert gone(pace, [7.0] * 3, pace.emptied(7.0))[0] == [9, 11, 13]


def test_a_slower_pace_of_before_holds_nothing_up() -> None:
    full_at = Pace(every=3600.0).emptied(100.0)
    assert Pace(every=2.0, burst=3).take(full_at, 100.0) == (102.0, 108.0)


lives = st.lists(st.tuples(st.integers(0, 60), st.lists(st.integers(0, 90), max_size=12)), max_size=5)


@settings(deadline=None)
@given(paces, lives)
def test_a_pace_is_broken_in_no_time_whatever_also_when_each_life_begins_with_an_empty_bucket(
    pace: Pace, lived: list[tuple[int, list[int]]]
) -> None:
    went: list[float] = []
    begun = 0.0
    for pause, asked in lived:
        begun = max([begun, *went]) + pause  # killed right after its last message
        went += gone(pace, [begun + at for at in asked], pace.emptied(begun))[0]
    for first, since in enumerate(went):
        for last in range(first, len(went)):
            assert last - first + 1 <= pace.burst + (went[last] - since) / pace.every + 1e-6


@settings(deadline=None)
@given(paces, st.lists(st.integers(0, 500), min_size=1, max_size=20))
def test_a_pace_holds_nobody_up_longer_than_the_messages_before_take(pace: Pace, asked: list[int]) -> None:
    went, _ = gone(pace, [float(at) for at in asked], 0.0)
    for number, (now, at) in enumerate(zip(sorted(asked), went, strict=True)):
        assert at - now <= number * pace.every
