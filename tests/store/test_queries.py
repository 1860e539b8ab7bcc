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
FEW = {"feeds", "channels", "silences", "episodes", "rule_versions", "counts", "frequencies", "overdue"}
"""Tables that the configuration bounds, and what is sorted of one."""
WAITING = {"feeds_told", "dispatches_open"}
"""Indexes of no more than what waits."""
COUNTED = {"count_items", "count_matches", "outbox"}
"""For `status` and /metrics, which asks no more than a twentieth of the time (watcher/run/pages.py)."""
STRUCK = {"count_dispatches", "count_alerts", "sums"}
"""All there is is the question: whether both sums add up, when a person asks."""


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
def test_a_query_reads_no_table_that_grows_from_end_to_end(store: SqliteStore, name: str) -> None:
    """Through an index neither."""
    scans = (re.match(r"SCAN (\w+)(?:.* INDEX (\w+))?", line) for line in plan(store, name) if not _GIVEN.search(line))
    grown = [scan[0] for scan in scans if scan and not (real_name(store, name, scan[1]) in FEW or scan[2] in WAITING)]
    assert not grown or name in COUNTED | STRUCK, plan(store, name)


_GIVEN = re.compile(r"CONSTANT ROW|\(subquery|\(join|SCAN near$|SCAN g$|SCAN json_each|VIRTUAL TABLE")
"""What the query brings along, and the index of words."""


def real_name(store: SqliteStore, name: str, table: str) -> str:
    """Of the table that a query calls so."""
    alias = re.search(rf"(\w+) AS {table}\b", SQL[name])
    return alias[1] if alias else table


@pytest.mark.parametrize("name", SQL)
def test_a_query_finds_what_it_asks_for_by_more_than_a_reason(store: SqliteStore, name: str) -> None:
    """Of one reason there are as many as ever were."""
    assert not [line for line in plan(store, name) if line.endswith("dispatches_reason (reason=?)")]


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
