"""What a failpoint does to a connection, a sender and a fetcher; and that without one they are what they were."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import NOON, Desk, FakeFetcher, FakeSender, watched
from watcher.errors import StoreError, StoreUnavailable, UsageError
from watcher.model import AlertKey, FetchRequest, Message, Severity
from watcher.ports import Store
from watcher.run.failpoints import PLACES, VARIABLE, Failpoints, read
from watcher.store import open_store

ROOT = Path(__file__).parents[2]
DIE = """
import sqlite3, sys
from watcher.run.failpoints import read
with read({"WATCHER_FAILPOINT": sys.argv[2]}).at_statements():
    db = sqlite3.connect(sys.argv[1], isolation_level=None)
    db.execute("CREATE TABLE t (n)")
    db.execute("BEGIN")
    db.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(5)])
    db.execute("COMMIT")
    db.execute("INSERT INTO t VALUES (5)")
"""


def armed(wish: str) -> Failpoints:
    return read({VARIABLE: wish})


def database(path: Path, points: Failpoints) -> Store:
    with points.at_statements():
        return open_store(f"sqlite:///{path}")


def test_without_the_variable_nothing_is_in_the_way() -> None:
    connect, outlet, fetcher = sqlite3.connect, Desk(open_store("sqlite:///:memory:")).jobs.live.outlets, FakeFetcher()
    for points in (read({}), read({VARIABLE: ""}), read({VARIABLE: " , "})):
        with points.at_statements():
            assert sqlite3.connect is connect
        assert all(points.outlet(each) is each for each in outlet.values())
        assert points.fetcher(fetcher) is fetcher


@pytest.mark.parametrize(
    "wish",
    [
        "statement",
        "statement:0=kill",
        "statement:3=boom",
        "statement:3:after=kill",
        "send:2=full",
        "send:2:during=kill",
        "fetch:1=locked",
        "commit:1=full*0",
        "commit:x=full",
        "commit:٣=full",
        "count,what:1=kill",
    ],
)
def test_what_is_no_failpoint_is_refused_in_a_line_that_shows_what_one_looks_like(wish: str) -> None:
    with pytest.raises(UsageError) as caught:
        armed(wish)
    said = str(caught.value)
    assert f"{VARIABLE}: `{wish.rsplit(',', maxsplit=1)[-1]}` is no failpoint; write statement:17=kill" in said
    assert "\n" not in said
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("wish", "rows"),
    [("statement:1=kill", None), ("statement:5=kill", 0), ("commit:1=kill", 0), ("statement:9=kill", 5)],
)
def test_a_process_dies_before_the_statement_that_is_named(wish: str, rows: int | None, tmp_path: Path) -> None:
    file = tmp_path / "t.db"
    done = subprocess.run([sys.executable, "-c", DIE, str(file), wish], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    with sqlite3.connect(file) as db:
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        found = db.execute("SELECT count(*) FROM t").fetchone()[0] if tables else None
    db.close()
    assert found == rows


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("full", StoreUnavailable, "the disk is full"),
        ("locked", StoreUnavailable, "locked by another program"),
        ("ioerr", StoreError, "the disk reports an error"),
    ],
)
def test_a_statement_fails_as_sqlite_says_it(kind: str, error: type[StoreError], words: str, tmp_path: Path) -> None:
    database(tmp_path / "t.db", read({})).close()
    points = armed(f"count,statement:{_statements(tmp_path) + 2}={kind}")
    store = database(tmp_path / "t.db", points)
    with pytest.raises(error, match=words):
        store.sync_feeds({})
    store.sync_feeds({})
    store.close()


def _statements(folder: Path) -> int:
    """What opening a database takes."""
    points = armed("count")
    database(folder / "t.db", points).close()
    return points.passed["statement"]


@pytest.mark.parametrize(("times", "fails"), [("", 1), ("*1", 1), ("*3", 3), ("*", 6)])
def test_a_commit_fails_as_often_as_is_said(times: str, fails: int, tmp_path: Path) -> None:
    database(tmp_path / "t.db", read({})).close()
    store = database(tmp_path / "t.db", armed(f"commit:3=full{times}"))  # the first was at the opening
    outcomes = []
    for _ in range(7):
        try:
            store.sync_rules((), NOON)
            outcomes.append("kept")
        except StoreUnavailable:
            outcomes.append("full")
    store.close()
    assert outcomes == ["kept", *["full"] * fails, *["kept"] * (6 - fails)]


def test_what_was_passed_is_said_when_it_was_to_be_counted(capsys: pytest.CaptureFixture[str]) -> None:
    with armed("count").at_statements():
        db = sqlite3.connect(":memory:")
        db.execute("BEGIN")
        db.executescript("SELECT 1; SELECT 2")
        db.close()
    said = "passed: statement=2 commit=0 send:before=0 send:after=0 fetch:before=0 fetch:after=0\n"
    assert capsys.readouterr().err == said


async def test_sends_and_fetches_are_counted_before_and_after() -> None:
    points, sender, fetcher = armed("count"), FakeSender(), FakeFetcher({"http://a.example/": b"<rss/>"})
    desk = Desk(open_store("sqlite:///:memory:"), watched("wires"))
    outlet = points.outlet(replace(next(iter(desk.jobs.live.outlets.values())), sender=sender))
    message = Message(key=AlertKey("k"), title="t", body="b", severity=Severity.LOW)
    outlet.sender.send(message)
    sender.failing = RuntimeError("boom")
    with pytest.raises(RuntimeError):
        outlet.sender.send(message)
    outlet.sender.rest()
    assert (sender.accepted, sender.rests, outlet.sender.shown(message)) == ([message], 1, message.body)
    through = points.fetcher(fetcher)
    assert (await through.fetch(FetchRequest(url="http://a.example/"))).body == b"<rss/>"
    await through.aclose()
    assert points.passed == dict.fromkeys(PLACES, 0) | {
        "send:before": 2,
        "send:after": 1,
        "fetch:before": 1,
        "fetch:after": 1,
    }


def test_a_disk_that_fails_at_any_statement_of_an_opening_is_told_in_a_line(tmp_path: Path) -> None:
    database(tmp_path / "t.db", read({})).close()
    for number in range(1, _statements(tmp_path) + 1):
        with pytest.raises(StoreError, match="the disk reports an error"):
            database(tmp_path / "t.db", armed(f"statement:{number}=ioerr"))
