"""A database that the first version made, with a life behind it: data/var-001.db.gz.

One feed, three items, one of them edited; two rules; what was told on the console is sent, what was told on the desk
is pending, for nobody listened there. The definitions of its rules have none of the keys that came later.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher.cli import outcome
from watcher.errors import StoreError
from watcher.model import AlertState, ChannelName, Denials, Fate, ItemId, RuleId, Updates
from watcher.rules.compile import compile_rule, required_terms
from watcher.rules.query import parse
from watcher.store import open_store
from watcher.store.sqlite import SqliteStore, open_file

QUAKE_IN_PERU = ItemId("c9d4267aaf7956d4")
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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The database where a configuration beside it expects it."""
    (tmp_path / "watcher.yaml").write_text(CONFIG)
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "var").mkdir()
    whole = gzip.decompress((Path(__file__).parents[1] / "data" / "var-001.db.gz").read_bytes())
    (tmp_path / "var" / "watcher.db").write_bytes(whole)
    return tmp_path / "var" / "watcher.db"


def migrated(file: Path) -> SqliteStore:
    return open_file(str(file))


def test_it_is_not_read_before_it_is_brought_up_to_date(file: Path) -> None:
    with pytest.raises(StoreError, match="is from an older version of watcher; `watcher run` brings it up to date"):
        open_store(str(file), read_only=True)


def test_it_opens_with_all_it_held_and_leaves_a_copy_as_it_was(file: Path) -> None:
    before = file.read_bytes()
    store = migrated(file)
    status = store.status(datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert (status.feeds, status.items, status.matches) == (1, 3, 5)
    assert {state: n for state, n in status.outbox.items() if n} == {AlertState.SENT: 3, AlertState.PENDING: 3}
    assert {fate: n for fate, n in status.dispatches.items() if n} == {Fate.ALERTED: 8}
    assert [len(alert.items) for alert in store.alerts(None, None, 99)] == [1] * 6
    store.close()
    backup = file.with_name(f"{file.name}.before-002_denials.bak")
    assert backup.exists()
    assert file.read_bytes() != before


def test_its_matches_are_no_denials_and_its_rules_have_the_defaults_of_what_came_later(file: Path) -> None:
    store = migrated(file)
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
    store.close()


def test_what_was_pending_in_it_is_sent(file: Path) -> None:
    store = migrated(file)
    later = datetime(2026, 11, 22, 12, tzinfo=UTC)
    alert = store.claim_alert(ChannelName("desk"), later, later)
    assert alert is not None
    assert alert.items[0].item.title == "Ministry denies quake damage at plant"
    store.close()


@pytest.mark.parametrize("word", ["вокзал", "москва", "удар", "Ankara", "İstanbul", "كتابات"])
def test_words_whose_keys_have_changed_find_its_items_before_they_are_filed_anew_and_after(
    file: Path, word: str
) -> None:
    store = migrated(file)
    tree, rule = parse(word).tree, store.live_rule(RuleId("quake"))
    assert tree
    assert rule
    terms = required_terms(compile_rule(rule, tree))
    assert MANY_SCRIPTS in [one.item.id for one in store.search(terms, None, 99)]
    while store.refile(2):
        pass
    assert [one.item.id for one in store.search(terms, None, 99)] == [MANY_SCRIPTS]
    store.close()


def test_why_and_alerts_answer_from_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    migrated(file).close()
    config = ["--config", str(file.parents[1] / "watcher.yaml"), "--json"]
    assert outcome(["why", QUAKE_IN_PERU, "quake", *config]) == 0
    assert '"denial": false' in capsys.readouterr().out
    assert outcome(["alerts", *config]) == 0
    assert len([json.loads(line) for line in capsys.readouterr().out.splitlines()]) == 6


def test_a_rule_of_today_takes_the_place_of_its_own(file: Path) -> None:
    store = migrated(file)
    old = store.live_rule(RuleId("quake"))
    assert old
    store.sync_rules([], datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert store.live_rule(RuleId("quake")) is None
    assert store.rule_version(old.hash) == old
    store.close()
