"""When feeds that fell silent are told, and when they are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.items import rule
from watcher.absence import OVERDUE, alerts_of, asked_each, blind, earliest, key_of, noticed
from watcher.model import (
    Absence,
    AlertKey,
    AlertKind,
    ChannelName,
    ChannelSpec,
    Condition,
    Episode,
    Feed,
    FeedId,
    FeedPause,
    FeedState,
    Hours,
    NewAlert,
    Quiet,
    RuleId,
    Severity,
    Silence,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
HOUR = 3600.0
OFFICE = Hours(days=(0, 1, 2, 3, 4), start=7 * 60, end=22 * 60, zone="Europe/London")
WIRES = rule("wires-silent", title="The wires are silent", absence=Absence(feeds=("wires",), silent=6 * HOUR))
DESK = ChannelSpec(name=ChannelName("desk"), url="fake://", timezone="Europe/Berlin")


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def state(name: str = "wires", *, new: float | None = 0, good: float = 0, **fields: object) -> FeedState:
    """A feed with its last new item and its last good poll so many hours after NOW, due again a quarter later."""
    held = {
        "feed": Feed(id=FeedId(name), url="fake://", tags=("agencies",)),
        "added_at": at(-100),
        "new_at": None if new is None else at(new),
        "good_at": at(good),
        "next_at": at(good + 0.25),
    }
    return FeedState(**{**held, **fields})  # type: ignore[arg-type]


def silent_since(*states: FeedState, now: float, of: Absence | None = None) -> float | None:
    """Hours after NOW at which the silence began that is noticed then."""
    found = noticed(replace(WIRES, absence=of) if of else WIRES, states, at(now), None)
    return None if found is None else (found.since - NOW) / timedelta(hours=1)


def test_feeds_are_silent_when_they_answer_and_nothing_new_came_for_so_long() -> None:
    assert silent_since(state(good=5.9), now=5.9) is None
    assert silent_since(state(good=6), now=6.1) == 0
    assert noticed(WIRES, [state(good=6)], at(6.1), None) == Episode(
        rule=WIRES.id, rule_hash=WIRES.hash, since=NOW, noticed_at=at(6.1)
    )


def test_what_nobody_looked_at_is_not_silent() -> None:
    assert silent_since(state(good=5.9), now=6.1) is None, "the poll of now is still to come"
    assert silent_since(state(good=8, next_at=at(32)), now=31) == 0, "a feed that asks for a day between polls"
    assert silent_since(state(good=3, next_at=at(27)), now=26) is None


def test_a_feed_that_fails_is_not_silent() -> None:
    assert silent_since(state(good=7, failures=1), now=7.1) is None
    assert silent_since(state(good=7), state("other", good=7, failures=3), now=7.1) == 0, "it is not of the rule"


def test_a_watcher_that_was_down_is_blind() -> None:
    grace = OVERDUE / timedelta(hours=1)
    assert silent_since(state(good=7), now=7.25 + grace) == 0
    assert silent_since(state(good=7), now=7.26 + grace) is None
    assert silent_since(state(good=7, next_at=None), now=7.1) is None
    assert silent_since(state(good=20), now=20.1) == 0, "up again, asked and found nothing new"


def test_of_several_feeds_all_must_answer_and_none_bring_anything() -> None:
    both = Absence(feeds=("blog", "tag:agencies"), silent=6 * HOUR)
    blog = state("blog", good=7)
    assert silent_since(blog, state("b", new=0.5, good=6.4), now=7, of=both) is None
    assert silent_since(blog, state("b", new=0.5, good=7), now=7, of=both) == 0.5
    assert silent_since(blog, state("b", good=7, failures=1), now=7, of=both) is None
    assert silent_since(now=7, of=both) is None, "no feed is left"


def test_of_several_feeds_those_that_cannot_be_read_do_not_count_while_most_can() -> None:
    three = replace(WIRES, absence=Absence(feeds=("tag:agencies",), silent=6 * HOUR))
    gone = state("gone", new=0.5, good=1, failures=9, condition=Condition.GONE, next_at=at(7.2))
    resting = state("resting", new=0.5, good=1, pause=FeedPause(since=at(1)))
    a, b, c = (state(name, good=7) for name in "abc")
    assert silent_since(a, b, gone, now=7, of=three.absence) == 0.5, "what the blind one brought last counts"
    assert silent_since(a, b, c, gone, resting, now=7, of=three.absence) == 0.5
    assert silent_since(a, gone, now=7, of=three.absence) is None, "half of them"
    assert silent_since(a, b, gone, resting, now=7, of=three.absence) is None
    assert silent_since(a, replace(b, failures=1), gone, now=7, of=three.absence) is None, "it may answer the next time"
    assert blind(three, [a, gone, resting], at(7)) == ("gone", "resting")


@given(
    st.lists(
        st.tuples(st.floats(-50, 9), st.floats(0, 9), st.sampled_from([Condition.OK, Condition.OK, Condition.GONE])),
        max_size=4,
    ),
    st.floats(0, 30),
)
def test_no_silence_begins_before_the_earliest_time_at_which_it_can(
    feeds: list[tuple[float, float, Condition]], now: float
) -> None:
    states = [
        state(str(n), new=min(new, good, now), good=min(good, now), next_at=at(99), condition=condition)
        for n, (new, good, condition) in enumerate(feeds)
    ]
    tagged = replace(WIRES, absence=Absence(feeds=("tag:agencies",), silent=6 * HOUR))
    first = earliest(tagged, states)
    assert (first is None) == (not feeds)
    assert first is None or now >= (first - NOW) / timedelta(hours=1) or noticed(tagged, states, at(now), None) is None


def test_a_feed_is_asked_four_times_in_the_shortest_silence_that_a_rule_tells() -> None:
    hasty = rule("agencies", absence=Absence(feeds=("tag:agencies",), silent=HOUR))
    assert asked_each([WIRES], state().feed) == 1.5 * HOUR
    assert asked_each([WIRES, hasty], state().feed) == 0.25 * HOUR
    assert asked_each([WIRES], state("other").feed) is None


def test_a_feed_that_never_brought_anything_is_silent_since_it_is_wanted() -> None:
    assert silent_since(state(new=None, good=7, added_at=at(1)), now=7) == 1
    assert silent_since(state(new=None, good=6, added_at=at(1)), now=6) is None
    assert silent_since(state(new=None, good=6, added_at=None), now=6) is None


def test_only_hours_that_the_rule_names_count() -> None:
    during = Absence(feeds=("wires",), silent=6 * HOUR, during=OFFICE)
    monday_16 = state(new=4, good=20.9)  # six hours until 22:00, five and 54 minutes until 7:54 on Tuesday
    assert silent_since(replace(monday_16, new_at=at(4.1)), now=20.9, of=during) == pytest.approx(4.1)
    assert silent_since(replace(monday_16, new_at=at(5), good_at=at(19.9)), now=20, of=during) is None
    assert silent_since(state(new=10, good=18.9), now=18.9, of=during) is None, "after 22:00 nothing counts"


def test_it_ends_when_something_new_comes_from_whichever_feed() -> None:
    opened = Episode(rule=WIRES.id, rule_hash="old", since=NOW, noticed_at=at(6))
    assert noticed(WIRES, [state(good=9)], at(9), opened) is None
    assert noticed(WIRES, [state(good=9, failures=1)], at(9), opened) is None
    assert noticed(WIRES, [state(good=9, new=8)], at(99), opened) == replace(opened, ended_at=at(8)), "blind or not"
    assert noticed(WIRES, [state(new=None, added_at=at(8))], at(9), opened) is None, "a feed that was added is no news"


# laws

Poll = tuple[float, str]  # minutes after NOW, and how it went
POLLS = st.lists(
    st.tuples(st.integers(5, 400), st.sampled_from(["new", "nothing", "nothing", "nothing", "fails"])), max_size=30
)
LONGEST_WAIT = 500


def states_of(gaps: Sequence[tuple[int, str]]) -> list[tuple[float, FeedState]]:
    """The feed after each poll; the next one is due 30 minutes later, so that longer gaps are stops of the watcher."""
    feed, minute, seen = state(new=0, good=0, next_at=at(0.5)), 0, []
    for gap, how in gaps:
        minute += gap
        now = at(minute / 60)
        feed = replace(feed, next_at=now + timedelta(minutes=30), failures=feed.failures + 1 if how == "fails" else 0)
        feed = replace(
            feed, good_at=feed.good_at if how == "fails" else now, new_at=now if how == "new" else feed.new_at
        )
        seen.append((float(minute), feed))
    return seen


def lived(moments: Iterable[tuple[float, FeedState]]) -> list[Episode]:
    """The silent times that are noticed at these moments, each with the feed as it is then."""
    episodes: list[Episode] = []
    opened: Episode | None = None
    for minute, feed in moments:
        for _ in range(2):  # an end and a new beginning are two changes
            found = noticed(WIRES, [feed], at(minute / 60), opened)
            if found is None:
                break
            episodes = [*episodes[:-1], found] if opened else [*episodes, found]
            opened = found if found.ended_at is None else None
    return episodes


def span(episode: Episode) -> tuple[datetime, datetime | None]:
    return episode.since, episode.ended_at


@given(POLLS)
def test_asking_often_changes_nothing_but_when_it_is_noticed(gaps: list[tuple[int, str]]) -> None:
    polls = states_of(gaps)
    ends = [minute for minute, _ in polls[1:]] + [polls[-1][0] + LONGEST_WAIT] if polls else []
    often = [(m, feed) for (start, feed), end in zip(polls, ends, strict=True) for m in _every(start, end)]
    assert list(map(span, lived(polls))) == list(map(span, lived(often)))


def _every(start: float, end: float) -> list[float]:
    return [start + n * 7 for n in range(int((end - start) // 7) + 1)]


@given(POLLS, st.data())
def test_silent_times_lie_one_behind_the_other_and_are_true(gaps: list[tuple[int, str]], data: st.DataObject) -> None:
    """A watcher that is asked at some of the polls only notices less, and nothing else."""
    polls = states_of(gaps)
    asked = [poll for poll in polls if data.draw(st.booleans())]
    found = lived(asked)
    for before, later in pairwise(found):
        assert before.ended_at is not None
        assert before.since < before.ended_at <= later.since
    news = [NOW, *[feed.new_at for _, feed in polls if feed.new_at]]
    for episode in found:
        assert not any(episode.since < one < episode.noticed_at for one in news)
        assert episode.since in news
        assert episode.noticed_at - episode.since >= timedelta(hours=6)


# what is told

BEGUN = Episode(rule=WIRES.id, rule_hash="", since=at(-6), noticed_at=NOW)
ENDED = replace(BEGUN, ended_at=at(1.2))
START, END = key_of(DESK.name, BEGUN, ended=False), key_of(DESK.name, ENDED, ended=True)


def told(
    *episodes: Episode,
    channel: ChannelSpec = DESK,
    known: Iterable[AlertKey] = (),
    silences: Sequence[Silence] = (),
    now: datetime = NOW,
) -> tuple[NewAlert, ...]:
    return alerts_of(WIRES, episodes, channel, set(known), silences, now)


def test_it_is_told_when_it_begins_and_when_it_ends() -> None:
    (start,) = told(BEGUN)
    assert start == NewAlert(
        key=START,
        channel=DESK.name,
        group="absence:wires-silent",
        kind=AlertKind.ABSENCE,
        severity=Severity.MEDIUM,
        created_at=NOW,
        title="Nothing new from wires for 6 h",
        body=(
            "Nothing new came since Mon 2 Mar 2026, 07:00 CET, and the feeds answer as they should.\n"
            "The rule: The wires are silent"
        ),
    )
    assert told(BEGUN, known=[START]) == ()
    (end,) = told(ENDED, known=[START], now=at(1.3))
    assert (end.key, end.group, end.title) == (END, start.group, "Something new from wires after 7 h 12 min")
    assert end.body.startswith("Nothing new came from Mon 2 Mar 2026, 07:00 CET to Mon 2 Mar 2026, 14:12 CET.")
    assert told(ENDED, known=[START, END]) == ()


def test_what_ended_before_it_was_told_is_one_message() -> None:
    (alert,) = told(ENDED)
    assert (alert.key, alert.title) == (END, "Nothing new from wires for 7 h 12 min, then something came")
    assert told(ENDED, known=[END]) == ()


def test_each_silent_time_of_a_rule_is_told_and_none_of_another() -> None:
    again = replace(BEGUN, since=at(2), noticed_at=at(8))
    assert len({alert.key for alert in told(ENDED, again)}) == 2
    assert told(replace(BEGUN, rule=RuleId("other"))) == ()


def test_quiet_hours_hold_it_and_severe_ones_break_through() -> None:
    night = Hours(days=tuple(range(7)), start=22 * 60, end=7 * 60, zone="Europe/Berlin")
    quiet = replace(DESK, quiet=Quiet(hours=(night,), below=Severity.HIGH))
    begun = replace(BEGUN, noticed_at=at(10))  # 23:00 in Berlin
    assert told(begun, channel=quiet, now=at(10)) == ()
    (morning,) = told(begun, channel=quiet, now=at(18))
    assert (morning.key, morning.created_at, morning.title) == (START, at(18), "Nothing new from wires for 16 h")
    loud = replace(WIRES, severity=Severity.HIGH)
    assert len(alerts_of(loud, [begun], quiet, (), (), at(10))) == 1
    always = replace(quiet, quiet=Quiet(hours=(night,)))
    assert alerts_of(replace(WIRES, severity=Severity.CRITICAL), [begun], always, (), (), at(10)) == ()


@pytest.mark.parametrize(
    ("fields", "held"),
    [
        ({"rule": WIRES.id}, True),
        ({"group": "absence:wires-silent"}, True),
        ({"rule": WIRES.id, "channel": DESK.name}, True),
        ({"rule": WIRES.id, "channel": ChannelName("phone")}, False),
        ({"rule": RuleId("other")}, False),
        ({"rule": WIRES.id, "until": at(-1)}, False),
    ],
)
def test_a_silence_holds_it_until_it_ends(fields: dict[str, object], held: bool) -> None:  # noqa: FBT001
    whole = {"id": 1, "rule": None, "group": None, "channel": None, "by": "ann", "since": at(-2), "until": at(2)}
    silence = Silence(**{**whole, **fields})  # type: ignore[arg-type]
    assert (told(BEGUN, silences=[silence]) == ()) is held
    assert len(told(BEGUN, silences=[silence], now=at(2))) == 1


def test_a_channel_is_not_told_what_is_below_its_severity() -> None:
    assert told(BEGUN, channel=replace(DESK, min_severity=Severity.HIGH)) == ()


@pytest.mark.parametrize(
    ("feeds", "hours", "title"),
    [
        (("tag:wires", "blog"), 24, "Nothing new from wires and blog for 1 day"),
        (("a", "b", "c"), 51.5, "Nothing new from a, b and c for 2 days 3 h"),
        (("a", "b", "c", "d"), 1 / 60, "Nothing new from a, b and 2 more for 1 min"),
        (("a",), 0.001, "Nothing new from a for 0 min"),
    ],
)
def test_words_name_the_feeds_and_how_long(feeds: tuple[str, ...], hours: float, title: str) -> None:
    short = replace(WIRES, absence=Absence(feeds=feeds, silent=HOUR))
    (alert,) = alerts_of(short, [replace(BEGUN, since=NOW, noticed_at=at(hours))], DESK, (), (), at(hours))
    assert alert.title == title


@given(POLLS, st.data())
def test_on_a_channel_every_silent_time_is_told_once_and_beginnings_and_ends_alternate(
    gaps: list[tuple[int, str]], data: st.DataObject
) -> None:
    """Whenever the watcher looks, and whenever the channel may be told."""
    made: list[NewAlert] = []
    night = Hours(days=tuple(range(7)), start=22 * 60, end=7 * 60, zone="UTC")
    quiet = replace(DESK, quiet=Quiet(hours=(night,)))
    polls = states_of(gaps)
    for number in range(len(polls)):
        if data.draw(st.booleans()):
            now = at(polls[number][0] / 60)
            made += alerts_of(WIRES, lived(polls[: number + 1]), quiet, {a.key for a in made}, (), now)
    assert len({alert.key for alert in made}) == len(made)
    words = [alert.title.partition(" new from ")[0] + (" both" if "then" in alert.title else "") for alert in made]
    for before, after in pairwise(["Something", *words]):
        assert (after == "Something") == (before == "Nothing")
    assert not any(alert.created_at.hour >= 22 or alert.created_at.hour < 7 for alert in made)
