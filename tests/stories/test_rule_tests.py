"""The tests beside the rules, as their author runs them."""

from __future__ import annotations

import shutil

from tests.stories.house import SEEDS, House

RULES = """\
schema: watch/1
rules:
  - id: strikes
    title: Strikes in the harbour
    match: (strike OR bombing
      OR shelling) harbour
    tests:
      - {title: Strike reported in the harbour, expect: match, highlight: Strike}
      - {file: ../seeds/000_9461b1638c04e8de.txt, expect: no match}
      - {title: Calm day at the harbour, expect: no match}
"""


def written(house: House, text: str) -> None:
    house.settings(feeds=[{"id": "wires", "url": "../inbox"}])
    shutil.copytree(SEEDS, house.root / "seeds")
    (house.rules / "strikes.yaml").write_text(text, "utf-8")


def test_tests_that_pass_are_listed_and_branches_nothing_reaches_are_named(house: House) -> None:
    written(house, RULES)
    done = house.watcher("test")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "ok       strikes  “Strike reported in the harbour”"
    assert lines[1].strip() == "it matches by “Strike”, “harbour”"
    assert "strikes.yaml:5:23: strikes: no test that matches reaches bombing (5:23), " in done.stdout
    assert " (6:10)" in done.stdout, "inside a value of several lines"
    assert lines[-1] == "3 tests run, 0 failed, 2 branches not reached"


def test_a_test_that_fails_says_where_it_stands_and_why(house: House) -> None:
    written(house, RULES.replace("at the harbour, expect: no match", "at the harbor, expect: match"))
    done = house.watcher("test", "--rule", "strikes")
    assert done.returncode == 1
    assert "FAILED   " in done.stdout
    assert "strikes.yaml:10:9: strikes  “Calm day at the harbor”" in done.stdout
    assert "expected a match, but it does not match: missing strike OR bombing OR shelling, harbour" in done.stdout
    rows = house.rows("test")
    assert [row["passed"] for row in rows] == [True, True, False]
    assert {row["rule"] for row in rows} == {"strikes"}
    assert rows[1]["test"].endswith("000_9461b1638c04e8de.txt")
    assert rows[2]["line"] == 10


def test_a_test_whose_file_is_gone_fails_and_errors_in_the_rules_are_findings(house: House) -> None:
    written(house, RULES.replace("000_9461b1638c04e8de", "999_gone"))
    done = house.watcher("test")
    assert done.returncode == 1
    assert "the item of this test cannot be read: there is no such file" in done.stdout
    written_bad = house.rules / "bad.yaml"
    written_bad.write_text("schema: watch/1\nrules:\n  - id: bad\n    match: (harbour\n", "utf-8")
    done = house.watcher("test", str(written_bad))
    assert done.returncode == 1
    assert "bad.yaml:4:12: error[E104]" in done.stderr
    assert done.stdout.strip() == "there are no tests in these rules"


PLAYED = """\
      - start: 2026-03-01T12:00Z
        timeline: [{at: 0m, item: {title: Strike in the harbour}}, {at: 10m, item: {file: ../article.txt}}]
        expect: [{at: 0m, alert: 1, items: 1, to: [console]}, {at: 30m, alert: 1}]
"""


def test_timelines_are_played_on_the_configured_channels(house: House) -> None:
    written(house, RULES.replace("    tests:\n", "    throttle: 30m\n    group: [rule]\n    tests:\n") + PLAYED)
    article = house.root / "article.txt"
    article.write_text("Bombing of the harbour\n\nIt went on.\n", "utf-8")
    done = house.watcher("test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok       strikes  timeline of 2 items\n         2 alerts on console, at 0m, 30m\n" in done.stdout
    article.write_text("A calm day\n\nNothing happened.\n", "utf-8")
    failed = house.watcher("test")
    assert failed.returncode == 1
    assert "strikes.yaml:13:9: strikes  timeline of 2 items\n" in failed.stdout
    why = "expected 1 alert at 30m on console, but there was none: the item at 10m does not match: missing "
    assert why in failed.stdout
    assert [row["passed"] for row in house.rows("test")] == [True, True, True, False]
    article.unlink()
    assert "the item at 10m cannot be read: there is no such file" in house.watcher("test").stdout


def test_a_rule_that_watches_for_silence_is_tested_by_a_timeline(house: House) -> None:
    written(
        house,
        """\
schema: watch/1
rules:
  - id: wires-silent
    absence: {feeds: [wires], silent: 6h}
    tests:
      - start: 2026-03-01T12:00Z
        timeline: [{at: 1h, item: {title: Anything}}]
        expect: [{at: 7h, alert: 1, to: [console]}]
      - start: 2026-03-01T12:00Z
        timeline: []
        expect: [{at: 6h, alert: 1}]
""",
    )
    done = house.watcher("test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 alert on console, at 7h" in done.stdout
    assert done.stdout.endswith("2 tests run, 0 failed\n")


def test_a_rule_that_is_not_there_is_wrong_usage(house: House) -> None:
    written(house, RULES)
    done = house.watcher("test", "--rule", "nope")
    assert done.returncode == 2
    assert "there is no rule nope; known: strikes" in done.stderr
