"""What a rule would have matched and alerted, and what its history tells of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.nouns import NOW, QUAKE, after, match, poll, ready, revision
from tests.items import rule
from watcher.cli.habits import History, habits
from watcher.cli.past import Hit, Past, alerts, binned, changes, past, saved, sparkline
from watcher.model import ChannelName, ChannelSpec, Revision, Rule, Severity, Updates
from watcher.ports import Store
from watcher.rehearse import dispatch_of
from watcher.rules import load
from watcher.rules.compile import compile_rule
from watcher.rules.nodes import Word
from watcher.store import open_store
from watcher.story import dispatches

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'watcher.db'}")
    ready(store)
    yield store
    store.close()


DESK = ChannelSpec(name=ChannelName("desk"), url="", tags=("analysts",))


def told(of: Rule, *revisions: Revision, channels: Sequence[ChannelSpec] = (DESK,)) -> dict[str, int]:
    """Alerts on each channel, of revisions that the rule matches, given newest first."""
    found = Past(
        hits=tuple(
            Hit(title="", feed=seen.item.feed, denial=False, dispatch=dispatch_of(-n, seen, match(seen, of), to))
            for n, seen in enumerate(revisions)
            for to in dispatches(of, seen, [DESK.name])
        ),
        bars=(),
        width=DAY,
    )
    return {str(channel): number for channel, number in alerts(of, found, channels, after(1000)).items()}


def test_alerts_are_one_a_group_and_poll() -> None:
    x, y, z = revision("x"), revision("y"), revision("z")
    later = revision("y", seen_at=after(5))
    assert told(rule("a"), replace(z, seen_at=after(2)), replace(y, seen_at=after(1)), x) == {"desk": 3}
    assert told(rule("a", group="rule"), z, y, x) == {"desk": 1}
    assert told(rule("a", group="rule"), later, x) == {"desk": 2}, "the second is an update"
    assert told(rule("a")) == {"desk": 0}


def test_an_address_that_two_feeds_bring_is_alerted_once() -> None:
    assert told(rule("a"), revision("x", source="blog", seen_at=after(3)), revision("x")) == {"desk": 1}


def test_an_edit_of_what_was_told_is_an_alert_or_not_as_the_rule_wants_updates() -> None:
    edited = revision("x", 2, seen_at=after(3)), revision("x")
    assert told(rule("a", updates=Updates.THREAD), *edited) == {"desk": 2}
    assert told(rule("a", updates=Updates.IGNORE), *edited) == {"desk": 1}


def test_settings_of_the_rule_and_of_each_channel_count() -> None:
    three = [revision("z", seen_at=after(20)), revision("y", seen_at=after(10)), revision("x")]
    assert told(rule("a", group="rule", throttle=1500.0), *three) == {"desk": 2}
    capped, deaf = replace(DESK, name=ChannelName("phone"), cap=2), replace(DESK, min_severity=Severity.HIGH)
    assert told(rule("a"), *three, channels=[DESK, capped, deaf]) == {"desk": 0, "phone": 3}
    busy = [revision(name, seen_at=after(n)) for n, name in enumerate("zyxwv")]
    assert told(rule("a"), *busy, channels=[capped, replace(DESK, cap=4)]) == {"phone": 3, "desk": 5}


def test_alerts_are_counted_where_the_rule_speaks_and_somewhere_if_nowhere() -> None:
    phone = replace(DESK, name=ChannelName("phone"), tags=())
    assert told(rule("a", notify=("analysts",)), revision("x"), channels=[DESK, phone]) == {"desk": 1}
    assert told(rule("a", notify=("pager",)), revision("x"), channels=[DESK, phone]) == {"any": 1}


def test_the_past_counts_matches_by_day_up_to_now(store: Store) -> None:
    for name, days in (("a", 0.0), ("b", 1.1), ("c", 1.2), ("d", 2.5)):
        seen_at = NOW + days * DAY
        poll(store, revision(name, text=f"A quake in {name}", seen_at=seen_at), at=seen_at)
    quake = compile_rule(rule("quake"), Word("quake"))
    told: list[str] = []
    found = past(store, quake, 3 * DAY, NOW + 3 * DAY, lambda revision, _: told.append(revision.item.title))
    assert told == ["Title of d", "Title of c", "Title of b", "Title of a"]
    assert found.bars == (1, 2, 1)
    assert (found.width, found.denials) == (DAY, 0)
    assert past(store, quake, DAY, NOW + 3 * DAY).bars == (0,) * 11 + (1,) + (0,) * 12, "hours, for a day"


def test_changes_are_what_only_one_of_two_versions_matches(store: Store) -> None:
    poll(store, revision("a", text="A quake and a flood"))
    poll(store, revision("b", text="A quake", seen_at=after(1)), at=after(1))
    poll(store, revision("c", text="A flood", seen_at=after(2)), at=after(2))
    quake, flood = (past(store, compile_rule(rule(word), Word(word)), DAY, after(9)) for word in ("quake", "flood"))
    new, lost = changes(quake, flood)
    assert ([each.title for each in new], [each.title for each in lost]) == (["Title of b"], ["Title of c"])


def test_a_version_is_compiled_from_what_is_kept_of_it() -> None:
    compiled = saved(replace(QUAKE, expanded="quake AND NOT (flood OR storm)"))
    assert compiled is not None
    assert compiled.required
    assert saved(replace(QUAKE, expanded="")) is None
    assert saved(replace(QUAKE, expanded="(of another grammar")) is None


def test_a_sparkline_has_a_bar_for_each_count_and_a_blank_for_none() -> None:
    assert sparkline([0, 1, 4, 8]) == " ▁▄█"
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == "  "
    assert binned([NOW, after(-61), after(-200)], 2, timedelta(hours=1), NOW) == (2, 1)


def found_of(store: Store, source: str, since: timedelta = 40 * DAY) -> list[tuple[str, int, int, str]]:
    """Code, place and message of what the history of the first rule tells at NOW."""
    (each, *_) = load({"rules/a.yaml": source.encode()}).rules
    assert each.tree is not None
    found = past(store, compile_rule(each.rule, each.tree), since, NOW)
    return [
        (f.code, f.line, f.column, f.message) for f in habits(History(store=store, since=since, now=NOW), each, found)
    ]


def written(match: str) -> str:
    return f"rules:\n  - id: a\n    match: {match}\n"


def stored(store: Store, *texts: str, days: float = 0.0) -> None:
    for n, text in enumerate(texts):
        seen_at = NOW - days * DAY + timedelta(seconds=n)
        poll(store, revision(f"{days} {n}", text=text, seen_at=seen_at), at=seen_at)


def test_a_rule_that_matched_nothing_in_thirty_days_is_silent(store: Store) -> None:
    stored(store, "A calm day", days=10)
    assert found_of(store, written("volcano")) == [], "less than thirty days are known"
    stored(store, "A calm day", days=31)
    assert found_of(store, written("volcano")) == [("W210", 3, 12, "the rule matched nothing in 30 days")]
    assert found_of(store, written("volcano"), since=5 * DAY) == [], "it was not asked"
    assert found_of(store, written("calm")) == []


def test_a_rule_that_matches_all_day_long_is_noisy(store: Store) -> None:
    stored(store, *(f"Storm number {n}" for n in range(120)), days=2)
    assert found_of(store, written("storm")) == [("W211", 3, 12, "the rule matched 60 times a day")]
    assert found_of(store, written("storm AND 7")) == []


@pytest.mark.parametrize(
    ("match", "column", "told"),
    [
        ("calm OR airstrikes", 20, "`airstrikes` does not find “air strikes”"),
        ("'\"air raid\"'", 13, '`"air raid"` does not find “airraid”'),
        ("'\"an air raid here\"'", 13, '`"an air raid here"` does not find “an airraid here”'),
    ],
)
def test_a_spelling_that_stored_items_have_and_a_rule_does_not_find_is_told(
    store: Store, match: str, column: int, told: str
) -> None:
    stored(store, "A calm day", "The air strikes went on", "Then came an airraid here", days=1)
    (finding,) = found_of(store, written(match))
    assert finding == ("W207", 3, column, f"{told}, which stands in stored items")


@pytest.mark.parametrize("match", ["air-strikes", "airstrikes OR air-strike", "=airstrikes", "airstrik*", "calmness"])
def test_a_spelling_that_is_found_or_not_stored_is_not_told(store: Store, match: str) -> None:
    stored(store, "The air strikes went on", "The strikes from the air", days=1)
    assert found_of(store, written(match)) == []


def test_rule_is_not_told_of_spellings_in_its_vocabulary(store: Store) -> None:
    stored(store, "The air strikes went on", "raid", days=1)
    source = "vocab:\n  raid: {match: raid OR airstrikes}\n" + written("'@raid'")
    assert found_of(store, source) == []
