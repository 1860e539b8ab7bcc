"""A person's word: until when, who, and how it is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import click
import pytest

from watcher.cli.spoken import Until, spoken, who, word
from watcher.errors import UsageError
from watcher.model import AlertKey, ChannelName, RuleId, Silence

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULE = Silence(
    id=1,
    rule=RuleId("strikes"),
    group=None,
    channel=None,
    by="anna",
    since=NOW,
    until=NOW + timedelta(hours=2),
)


def until(text: str) -> datetime:
    return Until().convert(text, None, None)


def test_a_time_of_day_is_the_next_one_to_come() -> None:
    now = datetime.now(UTC)
    soon, gone = (now + timedelta(hours=hours) for hours in (2, -2))
    for moment in (soon, gone):
        found = until(f"{moment.astimezone():%H:%M}")
        assert timedelta() < found - now <= timedelta(days=1, hours=1)
        assert f"{found:%H:%M}" == f"{moment.astimezone():%H:%M}"


def test_a_moment_is_by_its_zone_else_by_this_computers_clock() -> None:
    assert until("2099-03-01T12:00Z") == datetime(2099, 3, 1, 12, tzinfo=UTC)
    assert until("2099-03-01T12:00") == datetime(2099, 3, 1, 12).astimezone()


@pytest.mark.parametrize(
    "text", ["", "noon", "25:00", "2020-01-01", "2099-13-01", "0001-01-01", "9999-01-01", "9999-12-31T23:59-12:00"]
)
def test_a_moment_that_is_none_or_over_is_told(text: str) -> None:
    with pytest.raises(click.BadParameter):
        until(text)


def test_a_word_holds_for_a_while_or_until_a_moment() -> None:
    said = word(timedelta(hours=2), None, "x" * 1000)
    assert said["until"] - said["since"] == timedelta(hours=2)
    assert len(said["why"]) == 200
    for for_, moment in ((None, None), (timedelta(hours=2), NOW)):
        with pytest.raises(UsageError, match="say how long"):
            word(for_, moment, "")


def test_who_became_root_is_who_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "root")
    monkeypatch.setenv("SUDO_USER", "anna")
    assert who() == "anna"
    monkeypatch.delenv("SUDO_USER")
    assert who() == "root"


@pytest.mark.parametrize(
    ("silence", "words"),
    [
        (RULE, "anna silenced the rule strikes at "),
        (
            replace(RULE, channel=ChannelName("desk"), why="a\ndrill"),
            "anna silenced the rule strikes on desk at 2026-03-01 21:00 JST, until 2026-03-01 23:00 JST: a drill",
        ),
        (
            replace(RULE, rule=None, group="story:1", alert=AlertKey("0123456789abcdef")),
            "anna acknowledged alert 0123456789ab at ",
        ),
    ],
)
def test_a_silence_names_who_what_and_until_when(silence: Silence, words: str) -> None:
    assert words in spoken(silence, "Asia/Tokyo")
