"""Items filed under the keys of an earlier version are found at all times, and filed anew in small steps."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.nouns import NOW, after, poll, ready, revision
from watcher.store import terms
from watcher.store.refiling import AFTER_ALL, unfiled_before
from watcher.store.sqlite import SqliteStore, open_file
from watcher.text.tokens import KEYS_VERSION

ROOT = Path(__file__).parents[2]
ITEMS = 7
REFILE = """
import os, signal, sys
from itertools import count
from watcher.store.sqlite import open_file
store, last, statements = open_file(sys.argv[1]), int(sys.argv[2]), count(1)
store.db.set_trace_callback(lambda _: os.kill(os.getpid(), signal.SIGKILL) if next(statements) == last else None)
while store.refile(3):
    pass
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Seven items filed as an earlier version filed them: under keys that no word has today."""
    store = open_file(str(tmp_path / "watcher.db"))
    ready(store)
    for number in range(ITEMS):
        text = f"Quake at Delvast, {'odd' if number % 2 else 'even'}"
        poll(store, revision(str(number), text=text, seen_at=after(number)), at=after(number))
    store.db.execute("INSERT INTO terms (terms) VALUES ('delete-all')")
    for pk in range(1, ITEMS + 1):
        store.db.execute("INSERT INTO terms (rowid, keys) VALUES (?, 'quak delvas')", [pk])
    noted(store, f"[{KEYS_VERSION - 1},0]")
    yield store
    store.close()


def noted(store: SqliteStore, value: str) -> None:
    store.db.execute("INSERT OR REPLACE INTO meta VALUES ('index', ?)", [value])


def found(store: SqliteStore, *any_of: str, since: float | None = None, limit: int = 99) -> list[str]:
    moment = None if since is None else after(since)
    results = store.search([frozenset({term}) for term in any_of], moment, limit)
    return [one.item.title[-1] for one in results]


def in_index(store: SqliteStore, term: str) -> list[int]:
    asked = [terms.question([frozenset({term})])]
    return [pk for (pk,) in store.db.execute("SELECT rowid FROM terms WHERE terms MATCH ? ORDER BY rowid", asked)]


def test_a_new_store_has_nothing_to_file_anew(tmp_path: Path) -> None:
    store = open_file(str(tmp_path / "new.db"))
    ready(store)
    poll(store, revision("a"), at=NOW)
    assert store.refile(99) == 0
    assert found(store, "absent") == []
    store.close()


def test_what_is_filed_under_other_keys_is_a_candidate_of_every_search(store: SqliteStore) -> None:
    assert found(store, "delvast") == ["6", "5", "4", "3", "2", "1", "0"]
    assert found(store, "delvast", since=4, limit=2) == ["6", "5"]
    assert found(store, "delvast", since=99) == []


def test_the_newest_are_filed_first_and_all_is_found_at_every_step(store: SqliteStore) -> None:
    filed = []
    while some := store.refile(3):
        filed.append(some)
        assert set(found(store, "delvast", "odd")) >= {"5", "3", "1"}
        assert found(store, "delvast", limit=3) == ["6", "5", "4"]
    assert filed == [3, 3, 1]
    assert found(store, "delvast", "odd") == ["5", "3", "1"]
    assert found(store, "delvast", "even", since=3) == ["6", "4"]
    assert in_index(store, "delvast") == list(range(1, ITEMS + 1))


def test_half_way_the_index_answers_for_the_newer_and_the_older_are_candidates(store: SqliteStore) -> None:
    store.refile(4)
    assert found(store, "delvast", "odd") == ["5", "3", "2", "1", "0"]
    assert found(store, "delvast", "odd", limit=3) == ["5", "3", "2"]
    assert found(store, "delvast", "odd", since=3) == ["5", "3"]


def test_what_comes_meanwhile_is_filed_once_and_found(store: SqliteStore) -> None:
    store.refile(2)
    poll(store, revision("9", text="Delvast again, odd", seen_at=after(9)), at=after(9))
    assert found(store, "odd")[:2] == ["9", "5"]
    while store.refile(2):
        pass
    assert found(store, "odd") == ["9", "5", "3", "1"]
    store.db.execute("INSERT INTO terms (terms) VALUES ('integrity-check')")


@pytest.mark.parametrize("note", [f"[{KEYS_VERSION + 1},0]", f"[{KEYS_VERSION - 1},4]"])
def test_an_index_of_any_other_version_is_filed_anew_whole(store: SqliteStore, note: str) -> None:
    noted(store, note)
    assert unfiled_before(store.db) == AFTER_ALL
    assert [store.refile(5), store.refile(5), store.refile(5)] == [5, 2, 0]


def test_an_index_without_a_note_is_of_the_first_version(store: SqliteStore) -> None:
    store.db.execute("DELETE FROM meta")
    assert store.refile(99) == ITEMS
    assert found(store, "odd") == ["5", "3", "1"]


@pytest.mark.parametrize(("lifted", "finds"), [('{"place":"Karsholm"}', ["3"]), ("{}", []), ("[]", []), ("{", [])])
def test_a_place_is_filed_anew_and_a_damaged_one_holds_nothing_up(
    store: SqliteStore, lifted: str, finds: list[str]
) -> None:
    store.db.execute("UPDATE revisions SET lifted = ? WHERE pk = 4", [lifted])
    assert store.refile(99) == ITEMS
    assert in_index(store, "karsholm") == [4] * len(finds)


def test_killed_before_any_statement_it_goes_on_where_it_was(store: SqliteStore, tmp_path: Path) -> None:
    store.close()
    left = set()
    for last in range(3, 100, 7):
        file = Path(shutil.copy(tmp_path / "watcher.db", tmp_path / f"{last}.db"))
        ended = subprocess.run([sys.executable, "-c", REFILE, str(file), str(last)], cwd=ROOT, timeout=60, check=False)
        again = open_file(str(file))
        left.add(before := unfiled_before(again.db))
        assert set(in_index(again, "delvast")) == set(range(max(before, 1), ITEMS + 1)), "noted as filed"
        assert set(found(again, "delvast", "odd")) >= {"5", "3", "1"}
        while again.refile(3):
            pass
        assert found(again, "delvast", "odd") == ["5", "3", "1"]
        assert again.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        again.close()
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL
    assert len(left) >= 3
