"""The named queries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import watcher.store
from watcher.store.queries import SQL, parse
from watcher.store.sqlite import SqliteStore, open_file

LISTS = {"ids", "pks", "keys", "hashes", "names", "groups", "feeds", "items", "canonicals", "severities"}
SCANNED_WHOLE = {  # once at a start or a reload, or by a person who asks
    "all_feeds",
    "spread_overdue",
    "tombstone_feeds",
    "release_feeds",
    "hurry_feeds",
    "hurry_channels",
    "live_rules",
    "live_rule",
    "known_channels",
    "retire_channels",
    "count_dispatches",
    "count_alerts",
    "count_habits",
    "counts",
    "waiting",
    "silences",
    "episodes",
    "frequencies",
    "forget_frequencies",
}


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    store = open_file(":memory:")
    yield store
    store.close()


def plan(store: SqliteStore, name: str) -> list[str]:
    asked = re.findall(r":(\w+)", re.sub(r"--.*", "", SQL[name]))
    given = {word: "[]" if word in LISTS else "x" if word == "terms" else 0 for word in asked}
    return [row["detail"] for row in store.db.execute(f"EXPLAIN QUERY PLAN {SQL[name]}", given)]


@pytest.mark.parametrize("name", SQL)
def test_a_query_reads_no_table_from_end_to_end(store: SqliteStore, name: str) -> None:
    scans = [line for line in plan(store, name) if line.startswith("SCAN") and "INDEX" not in line]
    tables = [line for line in scans if not re.search(r"CONSTANT ROW|\(subquery|\(join|SCAN near|SCAN g$", line)]
    assert not tables or name in SCANNED_WHOLE, plan(store, name)


@pytest.mark.parametrize("name", SQL)
def test_a_query_for_a_channel_reads_no_more_of_its_history_than_it_gives(store: SqliteStore, name: str) -> None:
    whole = [line for line in plan(store, name) if re.search(r"\(channel=\?\)$", line)]
    assert not [line for line in whole if not re.search(r"_open|_pending|_slot|deliveries_channel", line)]


def test_what_waits_or_was_given_up_is_found_among_all_that_was_sent(store: SqliteStore) -> None:
    assert plan(store, "alerts_unsent")[0].startswith("SEARCH a USING INDEX alerts_state (state=?)")


def test_every_query_is_used_and_every_used_query_is_there() -> None:
    sources = [file.read_text() for file in Path(watcher.store.__file__).parent.glob("*.py")]
    used = {name for text in sources for name in re.findall(r'"([a-z_]+)"', text)}
    assert set(SQL) <= used
    called = {name for text in sources for name in re.findall(r'SQL\["([a-z_]+)"', text)}
    assert called <= set(SQL)


def test_a_file_of_queries_is_cut_at_its_names() -> None:
    text = "-- a head\n\n-- name: one\nSELECT 1\n\n-- name: two\n-- why\nSELECT 2\n"
    assert dict(parse(text)) == {"one": "SELECT 1", "two": "-- why\nSELECT 2"}
