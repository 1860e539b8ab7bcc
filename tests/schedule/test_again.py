"""When a page that could not be had is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.nouns import NOW
from watcher.errors import FetchError, Forbidden, ParseError
from watcher.schedule import DAY, HOUR, page_again
from watcher.schedule.again import GIVE_UP_AFTER

SOFT = [
    FetchError("slow", kind="timeout"),
    FetchError("503", kind="status", status=503),
    FetchError("429", kind="status", status=429),
    FetchError("cut", kind="truncated"),
    ParseError("ours", kind="internal"),
]
HARD = [
    FetchError("404", kind="status", status=404),
    FetchError("403", kind="challenge", status=403),
    FetchError("large", kind="too-large"),
    Forbidden("private"),
    ParseError("no text", kind="no-text"),
    ParseError("a check", kind="challenge"),
]


def waits(error: FetchError | ParseError) -> list[float]:
    """All there are, in seconds, without jitter."""
    found: list[float] = []
    while again := page_again(len(found) + 1, error, NOW, 0.5):
        found.append((again - NOW).total_seconds())
    return found


@pytest.mark.parametrize("error", SOFT)
def test_what_may_pass_is_tried_after_minutes_then_hours_for_three_days(error: FetchError) -> None:
    found = waits(error)
    assert found == sorted(found)
    assert found[0] <= 300
    assert GIVE_UP_AFTER - DAY / 2 <= sum(found) <= GIVE_UP_AFTER


@pytest.mark.parametrize("error", HARD)
def test_what_seldom_passes_is_tried_a_few_times(error: FetchError) -> None:
    assert waits(error) == [600, HOUR, 6 * HOUR]


def test_what_is_no_page_never_is_one() -> None:
    assert waits(ParseError("a PDF", kind="not-a-page")) == []


def test_a_retry_after_is_obeyed_up_to_a_day() -> None:
    for asked, most in ((5000.0, 5000.0), (9e9, DAY)):
        error = FetchError("busy", kind="status", status=503, retry_after=asked)
        assert page_again(1, error, NOW, 0.5) == NOW + timedelta(seconds=most)


@given(st.integers(1, 10_000), st.sampled_from([*SOFT, *HARD]), st.floats(0, 1))
def test_a_next_try_is_later_and_there_is_an_end(tries: int, error: FetchError, rand: float) -> None:
    again = page_again(tries, error, NOW, rand)
    assert again is None or NOW < again <= NOW + timedelta(days=1)
    assert again is None or tries < 20
