"""Databases that past versions made, each with a life behind it: data/var-NNN.db.gz, NNN its last migration.

In each: three items, one of them edited; two rules; what was told on the console is sent, what was told on the desk
is pending, for nobody listened there. The definitions of its rules have none of the keys that came later. 001 has no
denials. 002 has one, and an item that came after; a second feed whose only item is baseline, and the notice of it; and
a channel `hook` that refused for good: each of its alerts is dead, with a word to the console. 003 has a silence, and a
channel `night` on which all is held; data/why-003.txt is what that version's `why` said of it. 004 is 003 brought up to
date by its version, which says the same of it, and a feed `gone`: an item of it was told and is forgotten, and its 239
polls since have failed. 005 is 004 brought up to date by its version, and a feed `paper`, which said what it says in
tests/paper.py: all of it was told on the console. 006 is 005 brought up to date by its version and filed under its
keys, and feeds `one` and `two` with stories: a quake, and its copy, which are held on `night`; and a ferry, of which a
person took the second item out. The pages of `two` are wanted.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.contract.nouns import asking
from tests.stories.house import WATCHER
from watcher.cli import outcome
from watcher.condition import judged
from watcher.errors import StoreError
from watcher.model import (
    AlertKind,
    AlertState,
    Audit,
    ChannelName,
    Condition,
    Delivery,
    Denials,
    Fate,
    Habits,
    ItemId,
    RuleId,
    ToldItem,
    Updates,
)
from watcher.rules.compile import compile_rule, required_terms
from watcher.rules.query import parse
from watcher.store import open_store
from watcher.store.sqlite import SqliteStore, open_file

QUAKE_IN_PERU = ItemId("c9d4267aaf7956d4")
DENIAL = ItemId("ad2d929ba58b6a03")
MANY_SCRIPTS = ItemId("f8154ce40cb97e68")
CONFIG = """
schema: watcher/1
data: var
rules: [rules.yaml]
operator: [console]
feeds: [{id: wires, url: seeds}]
channels: [{name: console, url: "console://"}, {name: desk, url: "json://127.0.0.1:9/x"}]
allow_private: [127.0.0.1]
"""
RULES = """
schema: watch/1
rules:
  - {id: quake, title: Earthquakes, match: quake OR earthquake, severity: high}
"""


DATA = Path(__file__).parents[1] / "data"
LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)
DESK = ChannelName("desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a database of this version holds, and the name its copy gets."""

    name: str
    backup: str
    counts: tuple[int, int, int]  # feeds, items, matches
    outbox: dict[AlertState, int]
    fates: dict[Fate, int]
    notices: int
    denied: bool  # whether the ministry's denial is marked as one


VERSIONS = [
    Version(
        name="001",
        backup="before-002_denials.bak",
        counts=(1, 3, 5),
        outbox={AlertState.SENT: 3, AlertState.PENDING: 3},
        fates={Fate.ALERTED: 8},
        notices=0,
        denied=False,
    ),
    Version(
        name="002",
        backup="before-003_decisions.bak",
        counts=(2, 5, 8),
        outbox={AlertState.SENT: 9, AlertState.PENDING: 4, AlertState.DEAD: 4},
        fates={Fate.ALERTED: 14, Fate.BASELINE: 4},
        notices=5,
        denied=True,
    ),
    Version(
        name="003",
        backup="before-004_keeping.bak",
        counts=(2, 5, 8),
        outbox={AlertState.SENT: 9, AlertState.PENDING: 4, AlertState.DEAD: 4},
        fates={Fate.OPEN: 4, Fate.ALERTED: 14, Fate.BASELINE: 5},
        notices=5,
        denied=True,
    ),
    Version(
        name="004",
        backup="before-005_feeds.bak",
        counts=(3, 5, 9),
        outbox={AlertState.SENT: 10, AlertState.PENDING: 4, AlertState.DEAD: 4},
        fates={Fate.OPEN: 4, Fate.ALERTED: 15, Fate.BASELINE: 5},
        notices=5,
        denied=True,
    ),
    Version(
        name="005",
        backup="before-006_stories.bak",
        counts=(4, 8, 12),
        outbox={AlertState.SENT: 13, AlertState.PENDING: 7, AlertState.DEAD: 4},
        fates={Fate.OPEN: 4, Fate.ALERTED: 21, Fate.BASELINE: 5},
        notices=5,
        denied=True,
    ),
    Version(
        name="006",
        backup="before-007_scale.bak",
        counts=(6, 12, 14),
        outbox={AlertState.SENT: 13, AlertState.PENDING: 7, AlertState.DEAD: 4},
        fates={Fate.OPEN: 6, Fate.ALERTED: 21, Fate.BASELINE: 5},
        notices=5,
        denied=True,
    ),
]


@pytest.fixture(params=VERSIONS, ids=[version.name for version in VERSIONS])
def version(request: pytest.FixtureRequest) -> Version:
    given: Version = request.param
    return given


@pytest.fixture
def file(version: Version, tmp_path: Path) -> Path:
    return placed(tmp_path, version.name)


def placed(folder: Path, name: str) -> Path:
    """The database where a configuration beside it expects it."""
    (folder / "watcher.yaml").write_text(CONFIG)
    (folder / "rules.yaml").write_text(RULES)
    (folder / "seeds").mkdir()
    (folder / "var").mkdir()
    (folder / "var" / "watcher.db").write_bytes(stored(name))
    return folder / "var" / "watcher.db"


def stored(name: str) -> bytes:
    return gzip.decompress((DATA / f"var-{name}.db.gz").read_bytes())


@pytest.fixture
def store(file: Path) -> Iterator[SqliteStore]:
    """The same, brought up to date."""
    opened = open_file(str(file))
    yield opened
    opened.close()


def test_it_is_not_read_before_it_is_brought_up_to_date(file: Path) -> None:
    with pytest.raises(StoreError, match="is from an older version of watcher; `watcher run` brings it up to date"):
        open_store(str(file), read_only=True)


def test_it_opens_with_all_it_held(store: SqliteStore, version: Version) -> None:
    status = store.status(LATER)
    assert (status.feeds, status.items, status.matches) == version.counts
    assert {state: n for state, n in status.outbox.items() if n} == version.outbox
    assert {fate: n for fate, n in status.dispatches.items() if n} == version.fates
    assert store.audit() == Audit(matches=version.counts[2], alerts=sum(version.outbox.values()))
    alerts = store.alerts(None, None, 99)
    assert [(len(one.items), one.told, one.sources) for one in alerts if one.items] == [(1, 1, 1)] * (
        len(alerts) - version.notices
    )


def test_a_copy_is_left_that_is_as_it_was(file: Path, version: Version) -> None:
    before = all_rows(file)
    open_file(str(file)).close()
    assert all_rows(file.with_name(f"{file.name}.{version.backup}")) == before
    assert all_rows(file) != before


def all_rows(file: Path) -> dict[str, list[object]]:
    """By table, the searchable index as the tables it keeps."""
    with closing(sqlite3.connect(file)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names if name != "terms"}


def test_its_rules_have_the_defaults_of_what_came_later(store: SqliteStore) -> None:
    records = store.records(QUAKE_IN_PERU)
    assert [(one.match.rule, one.match.revision, one.match.denial) for one in records] == [
        ("quake", 1, False),
        ("peru", 1, False),
        ("quake", 2, False),
        ("peru", 2, False),
    ]
    rule = store.rule_version(records[0].match.rule_hash)
    assert rule is not None
    assert (rule.title, rule.denials, rule.updates, rule.throttle) == (
        "Earthquakes",
        Denials.MARK,
        Updates.THREAD,
        None,
    )
    assert store.live_rule(RuleId("quake")) == rule


def test_its_denials_are_those_it_had_marked(store: SqliteStore, version: Version) -> None:
    assert [record.match.denial for record in store.records(DENIAL)] == [version.denied]


def test_what_was_told_in_it_is_known_to_be_told(store: SqliteStore) -> None:
    asked = replace(asking("story:dee11148b2f5b304"), item=QUAKE_IN_PERU)
    told = store.past(DESK, [asked], (), LATER).told
    assert [(one.rule, one.revision) for one in told] == [("quake", 1), ("peru", 1), ("quake", 2), ("peru", 2)]
    alerts = [one.alert and store.alert(one.alert) for one in told]
    assert [one.at for one in told] == [alert and alert.created_at for alert in alerts]


def test_what_was_pending_in_it_is_sent_a_story_in_its_order(store: SqliteStore, version: Version) -> None:
    kinds = []
    while alert := store.claim_alert(DESK, LATER, LATER + timedelta(minutes=5)):
        kinds.append((alert.items[0].item.title, alert.kind))
        done = Delivery(alert=alert.key, started_at=LATER, ended_at=LATER, state=AlertState.SENT)
        store.save_delivery(done)
    assert kinds[:3] == [
        ("Ministry denies quake damage at plant", AlertKind.MATCH),
        ("Strong quake shakes coastal Peru", AlertKind.MATCH),
        ("Strong quake shakes coastal Peru", AlertKind.UPDATE),
    ]
    assert len(kinds) == version.outbox[AlertState.PENDING]


@pytest.mark.parametrize("word", ["вокзал", "москва", "удар", "Ankara", "İstanbul", "كتابات"])
def test_words_whose_keys_have_changed_find_its_items_before_they_are_filed_anew_and_after(
    store: SqliteStore, word: str
) -> None:
    tree, rule = parse(word).tree, store.live_rule(RuleId("quake"))
    assert tree
    assert rule
    terms = required_terms(compile_rule(rule, tree))
    assert MANY_SCRIPTS in [one.item.id for one in store.search(terms, None, 99)]
    assert MANY_SCRIPTS in [one.item.id for one in store.search_any([terms], None)]
    while store.refile(2):
        pass
    assert [one.item.id for one in store.search(terms, None, 99)] == [MANY_SCRIPTS]
    assert [one.item.id for one in store.search_any([terms], None)] == [MANY_SCRIPTS]


def test_why_and_alerts_answer_from_it(file: Path, version: Version, capsys: pytest.CaptureFixture[str]) -> None:
    open_file(str(file)).close()
    config = ["--config", str(file.parents[1] / "watcher.yaml"), "--json"]
    assert outcome(["why", QUAKE_IN_PERU, "quake", *config]) == 0
    assert '"denial": false' in capsys.readouterr().out
    assert outcome(["alerts", *config]) == 0
    assert len([json.loads(line) for line in capsys.readouterr().out.splitlines()]) == sum(version.outbox.values())


def test_a_rule_of_today_takes_the_place_of_its_own(store: SqliteStore) -> None:
    old = store.live_rule(RuleId("quake"))
    assert old
    store.sync_rules([], LATER)
    assert store.live_rule(RuleId("quake")) is None
    assert store.rule_version(old.hash) == old


def test_what_of_it_is_settled_is_forgotten_and_says_what_it_said(store: SqliteStore, version: Version) -> None:
    old = LATER + timedelta(days=400)
    _, items, _ = version.counts
    told, records = store.alerts(None, None, 99), store.records(QUAKE_IN_PERU)
    assert forgotten(store, old) == items - len({told.item.id for told in all_pending(store)} | held(store))
    assert (store.alerts(None, None, 99), store.records(QUAKE_IN_PERU)) == (told, records)
    store.sync_channels([DESK], LATER)
    while alert := store.claim_alert(DESK, LATER, LATER + timedelta(minutes=5)):
        store.save_delivery(Delivery(alert=alert.key, started_at=LATER, ended_at=LATER, state=AlertState.SENT))
    told = store.alerts(None, None, 99)
    forgotten(store, old)
    assert store.status(LATER).items == 0
    assert store.alerts(None, None, 99) == told
    assert not store.audit().flaws


def forgotten(store: SqliteStore, before: datetime) -> int:
    number = 0
    while some := store.prune(before, 2):
        number += some
    return number


def all_pending(store: SqliteStore) -> list[ToldItem]:
    return [told for alert in store.alerts(None, AlertState.PENDING, 99) for told in alert.items]


def held(store: SqliteStore) -> set[ItemId]:
    return {dispatch.item for dispatch in store.waiting(99)}


@pytest.mark.parametrize("name", ["003", "004", "005", "006"])
def test_why_says_what_the_version_before_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    open_file(str(placed(tmp_path, name))).close()
    assert outcome(["why", QUAKE_IN_PERU, "quake", "--config", str(tmp_path / "watcher.yaml")]) == 0
    assert capsys.readouterr().out == (DATA / "why-003.txt").read_text("utf-8")


def test_feeds_of_it_are_as_they_were_and_told_of_when_they_are_polled(tmp_path: Path) -> None:
    """A feed that has failed for a month is failing with its next poll; until then nothing is told of it."""
    with closing(open_file(str(placed(tmp_path, "004")))) as store:
        gone, wires = (next(one for one in store.feeds() if one.feed.id == name) for name in ("gone", "wires"))
        assert (gone.strain, gone.failing_since, gone.condition, gone.told) == (
            239.0,
            gone.good_at,
            Condition.OK,
            Condition.OK,
        )
        assert (wires.strain, wires.failing_since, wires.pause, wires.habits) == (0.0, None, None, Habits())
        assert store.changed_conditions() == ()
        assert (store.status(LATER).failing, store.status(LATER).paused) == (1, 0)
        assert judged(replace(gone, failures=240, strain=240.0, status=410), LATER) is Condition.GONE


def test_a_newer_one_is_refused_in_a_line(tmp_path: Path) -> None:
    file = placed(tmp_path, "003")
    open_file(str(file)).close()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE _sqlite_migrations SET name = '005_later' WHERE name = '004_keeping'")
    ran = subprocess.run(
        [*WATCHER, "run", "--once", "--config", str(file.parents[1] / "watcher.yaml")], capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (78, b"")
    assert ran.stderr.decode().splitlines() == [
        f"watcher: database {file} is from a newer version of watcher (it has 005_later); install that version"
    ]


def test_one_killed_before_any_statement_of_its_update_is_whole_and_updated_the_next_time(tmp_path: Path) -> None:
    (tmp_path / "before.db").write_bytes(stored("003"))
    folder = tmp_path / "killed"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.store.killed", "migrate", str(tmp_path / "before.db"), str(folder)]
    subprocess.run(command, cwd=DATA.parents[1], check=True, timeout=100)
    before = all_rows(tmp_path / "before.db")
    files = sorted(folder.glob("*.db"), key=lambda one: int(one.stem))
    assert len(files) > 20
    for one in files[:-1]:
        assert all_rows(one) == before
    assert all_rows(files[-1]) != before
    for one in files[::5]:
        with closing(open_file(str(one))) as store:
            assert store.status(LATER).items == 5
            assert not store.audit().flaws


def test_where_there_is_no_room_for_the_copy_nothing_is_changed_and_one_line_says_so(tmp_path: Path) -> None:
    size = placed(tmp_path, "003").rename(tmp_path / "before.db").stat().st_size
    script = f"""
        mount -t tmpfs -o size={size * 3 // 2} tmpfs "$0/var" && cp "$0/before.db" "$0/var/watcher.db"
        "$@"; echo "code $?"; cmp "$0/before.db" "$0/var/watcher.db" && ls "$0/var"
    """
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    watcher = [*WATCHER, "run", "--once", "--config", str(tmp_path / "watcher.yaml")]
    ran = subprocess.run([*alone, "sh", "-c", script, str(tmp_path), *watcher], capture_output=True, check=False)
    assert ran.stdout.decode().splitlines() == ["code 78", "watcher.db", "watcher.db.lock"]
    (line,) = ran.stderr.decode().splitlines()
    assert line.startswith(
        "watcher: an update takes a copy of the database first, which could not be made, so nothing was changed: "
        f"database {tmp_path}/var/watcher.db.before-004_keeping.bak.part cannot grow: the disk is full; make room"
    )
