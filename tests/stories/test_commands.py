"""What people and programs ask beside the daemon."""

from __future__ import annotations

import csv
import io
import json
import subprocess

import pytest

from tests.servers import Server, page
from tests.stories.house import WATCHER, House, rss
from watcher.cli import commands

STRIKE = ("a-1", "Strike reported in the harbour")
CALM = ("a-2", "Calm day at the harbour")


@pytest.fixture
def told(house: House, server: Server) -> House:
    """A house that has alerted one of two items."""
    server["/feed"] = page(rss([STRIKE, CALM]))
    house.settings(feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}])
    done = house.watcher("run", "--once")
    assert done.returncode == 0, done.stderr
    return house


def test_status_counts_what_there_is_and_its_sums_add_up(told: House) -> None:
    status = told.status()
    assert {name: number for name, number in status["feeds"].items() if number} == {"total": 1, "ok": 1}
    assert status["items"] == 2
    assert status["matches"]["open"] == 0
    assert status["matches"]["closed"]["alerted"] == 1
    assert sum(status["matches"]["closed"].values()) == 1
    assert status["outbox"] == {"pending": 0, "sent": 1, "dead": 0}
    assert status["lag_seconds"]["p50"] >= 0
    people = told.watcher("status").stdout
    assert "2 known" in people
    assert "1 sent" in people


def test_why_tells_the_way_of_a_match_and_of_a_non_match(told: House) -> None:
    items = {row["title"]: row["item"] for row in told.rows("search", "harbour")}
    told_way = told.watcher("why", items[STRIKE[1]][:8], "strikes").stdout
    assert "matched strikes" in told_way
    assert "alerted, because" in told_way
    assert "was accepted at" in told_way
    none = told.watcher("why", items[CALM[1]], "strikes")
    assert none.returncode == 0
    assert "missing strike" in none.stdout
    way = told.rows("why", items[STRIKE[1]], "strikes")[0]
    assert way["matches"][0]["channels"][0]["fate"] == "alerted"
    assert way["now"]["matched"] is True
    assert told.watcher("why", "ffffffffffffffff", "strikes").returncode == 2


def test_search_finds_stored_items_in_the_language_of_the_rules(told: House) -> None:
    assert [row["title"] for row in told.rows("search", "harbour AND NOT calm")] == [STRIKE[1]]
    assert told.watcher("search", "volcano").returncode == 1
    bad = told.watcher("search", "(harbour")
    assert bad.returncode == 1
    assert "E104" in bad.stderr


def test_alerts_are_listed_shown_and_written_as_csv(told: House) -> None:
    (row,) = told.rows("alerts", "list", "--since", "1h")
    assert row["state"] == "sent"
    shown = told.watcher("alerts", "show", row["key"][:10]).stdout
    assert "*Strike*" in shown
    assert "sent" in shown
    table = list(csv.DictReader(io.StringIO(told.watcher("alerts", "list", "--csv").stdout)))
    assert [(r["title"], r["rules"], r["urls"]) for r in table] == [(STRIKE[1], "strikes", "http://news.example/a-1")]
    assert told.watcher("alerts").stdout.count("\n") == 1
    assert told.watcher("alerts", "dead").returncode == 0
    assert told.watcher("alerts", "show", "ffff").returncode == 2


def test_fetch_shows_what_would_be_stored_and_why_nothing_if_so(told: House, server: Server) -> None:
    row = told.rows("fetch", server.url("/feed"))[0]
    assert row["title"] == STRIKE[1]
    assert row["feed_format"] == "rss20"
    assert row["published"] == "2026-03-01T00:00:00Z"
    assert row["url"] == "http://news.example/a-1"
    assert row["id"] == told.rows("search", "strike")[0]["item"]
    server["/page"] = page(b"<html><body>no feed</body></html>", content_type="text/html")
    bad = told.watcher("fetch", server.url("/page"), "--json")
    assert bad.returncode == 1
    assert set(json.loads(bad.stdout)) == {"target", "error"}


def test_explain_takes_stored_items_and_names_what_comes_near(told: House) -> None:
    item = told.rows("search", "calm")[0]["item"]
    (row,) = told.rows("explain", "--match", "harbor", item)
    assert (row["matched"], row["rule"]) == (False, None)
    assert row["missing"] == [{"term": "harbor", "nearest": "harbour", "where": "title"}]
    assert row["suggestion"]["expression"] == "harbor OR harbour"
    (row,) = told.rows("explain", "--rule", "strikes", item)
    assert row["rule"] == "strikes"
    assert told.watcher("explain", "--rule", "nope", item).returncode == 2


def test_check_finds_mistakes_and_says_when_all_is_good(told: House) -> None:
    done = told.watcher("check")
    assert done.returncode == 0, done.stderr
    bad = told.rules / "bad.yaml"
    bad.write_text("schema: watch/1\nrules:\n  - id: bad\n    match: US AND (Tikrit\n")
    done = told.watcher("check", str(bad))
    assert done.returncode == 1
    assert "bad.yaml:4:19: error[E104]" in done.stderr
    (row,) = told.rows("check", str(bad))
    assert {k: row[k] for k in ("code", "severity", "line", "column")} == {
        "code": "E104", "severity": "error", "line": 4, "column": 19
    }  # fmt: skip


def test_healthcheck_knows_whether_the_daemon_lives(told: House) -> None:
    assert told.watcher("healthcheck").returncode == 1
    with told.daemon() as daemon:
        from tests.stories.house import until

        until(lambda: told.watcher("healthcheck").returncode == 0, "the first sign of life")
        assert str(daemon.process.pid) in told.watcher("healthcheck").stdout
        assert told.status()["daemon"]["stopped"] is False
        daemon.stop()
    assert told.watcher("healthcheck").returncode == 1, "it said that it ends"


def test_run_with_json_writes_alerts_for_programs_and_nothing_else(told: House, server: Server) -> None:
    server["/feed"] = page(rss([("a-3", "Another strike"), STRIKE, CALM]))
    with told.daemon("--json") as daemon:
        daemon.says("Another strike")
    (line,) = daemon.out.splitlines()
    assert [item["rules"] for item in json.loads(line)["items"]] == [["strikes"]]
    (answer,) = told.rows("notify", "test")
    assert answer["accepted"] is True


def test_a_machine_that_cannot_is_told_in_one_line(told: House) -> None:
    status = [*WATCHER, "status", "--config", str(told.config)]
    done = subprocess.run(
        ["sh", "-c", 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"', str(told.root / "gone"), *status],
        capture_output=True,
        text=True,
        check=False,
    )
    told_to = "the folder that it was started in is not there any more; start it in another one"
    assert (done.returncode, done.stderr) == (2, f"watcher: {told_to}\n")


def test_memory_that_is_out_is_no_mistake_of_the_watcher(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def out(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(commands.watcher, "main", out)
    assert commands.called(["status"]) == 2
    assert capsys.readouterr().err.startswith("watcher: out of memory; raise ")


def test_wrong_usage_ends_with_2_and_help_with_0(told: House) -> None:
    assert told.watcher("status", "--nonsense").returncode == 2
    assert told.watcher("status", "--help").returncode == 0
    assert told.watcher("search", "x", "--since", "yesterday").returncode == 2
