"""`watcher check`: what it prints in each form, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from watcher.cli import outcome

MIXED = "rules:\n  - id: x\n    match: a OR b c\n"
WRONG = "rules:\n  - {id: one, match: a}\n  - {id: two, match: |\n      (a}\n"
TWICE = "rules:\n  - {id: x, match: a}\n  - {id: y, match: 'é (b'}\n  - {id: x, match: c}\n"


def file(folder: Path, text: str, name: str = "a rule.yaml") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def sarif(path: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    outcome(["check", "--sarif", path])
    log: dict[str, Any] = json.loads(capsys.readouterr().out)
    return log


def test_a_warning_fails_only_when_strict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file(tmp_path, "rules:\n  - {id: x, match: a}\n  - {id: y, match: a}\n")
    assert outcome(["check", path]) == 0
    assert outcome(["check", "--strict", path]) == 1
    assert "warning[W212]" in capsys.readouterr().err


def test_a_note_never_fails(tmp_path: Path) -> None:
    path = file(tmp_path, "rules:\n  - {id: x, match: a, digest: true}\n")
    assert outcome(["check", "--strict", path]) == 0


def test_operators_that_are_mixed_are_an_error_when_strict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file(tmp_path, MIXED)
    assert outcome(["check", path]) == 0
    assert "warning[W201]" in capsys.readouterr().err
    assert outcome(["check", "--strict", path]) == 1
    assert "3:12: error[W201]" in capsys.readouterr().err


def test_a_line_of_json_names_the_other_place_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = file(tmp_path, "rules:\n  - {id: x, match: a}\n", "a.yaml"), tmp_path / "b.yaml"
    other.write_text("rules:\n  - {match: b, id: x}\n")
    outcome(["check", "--json", str(tmp_path)])
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (row["code"], row["file"], row["line"], row["column"]) == ("E010", str(other), 2, 20)
    assert row["related"] == {"file": one, "line": 2, "column": 10, "message": "it has the id already"}


def test_a_wrong_time_zone_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file(
        tmp_path, "rules:\n  - {id: x, absence: {feeds: [a], silent: 6h, during: '07:00-22:00 Europe/Londn'}}\n"
    )
    assert outcome(["check", path]) == 1
    assert "did you mean Europe/London?" in capsys.readouterr().err


def test_sarif_has_what_its_schema_requires(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = sarif(file(tmp_path, TWICE), capsys)
    assert (log["version"], log["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "watcher"
    assert all(rule["id"] and rule["shortDescription"]["text"] and rule["help"]["text"] for rule in driver["rules"])
    assert len(run["results"]) == 2
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        for place in (*result["locations"], *result.get("relatedLocations", [])):
            region = place["physicalLocation"]["region"]
            assert region["startLine"] >= 1
            assert 1 <= region["startColumn"] < region["endColumn"]


def test_sarif_points_at_the_place_and_the_related_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file(tmp_path, TWICE)
    unclosed, double = sarif(path, capsys)["runs"][0]["results"]
    place = unclosed["locations"][0]["physicalLocation"]
    assert (unclosed["ruleId"], unclosed["level"]) == ("E104", "error")
    assert place["artifactLocation"]["uri"] == Path(path).as_uri()
    assert place["region"] == {"startLine": 3, "startColumn": 23, "endColumn": 24}
    assert double["ruleId"] == "E010"
    (related,) = double["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 2
    assert related["message"]["text"] == "it has the id already"


def test_sarif_of_good_rules_has_no_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file(tmp_path, "rules: []\n")
    assert sarif(path, capsys)["runs"][0]["results"] == []
    assert outcome(["check", "--sarif", path]) == 0
    assert outcome(["check", "--sarif", file(tmp_path, WRONG)]) == 1


def test_one_form_at_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["check", "--sarif", "--json", file(tmp_path, MIXED)]) == 2
    assert "give one" in capsys.readouterr().err


def test_the_line_that_is_shown_hides_web_addresses_that_give_access_and_no_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = """
schema: watcher/1
data: var
rules: [rules]
feeds:
  - {url: "https://wires.example/feed", intervall: 1m}
channels:
  - {name: chat, url: "https://chat.example/hooks/abc-def", tag: x}
heartbeat:
  {url: "https://ping.example/abc-def", evry: 1h}
"""
    assert outcome(["check", "--config", file(tmp_path, text)]) == 1
    shown = capsys.readouterr().err
    assert "https://wires.example/feed" in shown
    assert shown.count("https://***") == 2
    assert "abc-def" not in shown


COSTLY = """rules:
  - {id: raids, match: Tikrit AND raid}
  - {id: more, match: Tikrit}
  - {id: years, match: '/[0-9]{4}/'}
"""


def test_the_costs_name_what_is_asked_of_every_item_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["check", "--costs", file(tmp_path, COSTLY)]) == 0
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith("every item  years: `/[0-9]{4}/` has no three letters")
    assert "word        more: tikrit, with 1 other rule" in others
    assert others[-2] == "3 rules: 1 asked of every item, 2 found by a word"
    assert others[-1] == "How often words occur is a guess: nothing was counted yet."


def test_the_costs_are_a_line_a_rule_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome(["check", "--costs", "--json", file(tmp_path, COSTLY)])
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (found[0]["rule"], found[0]["class"], found[0]["share"]) == ("years", "every item", 1.0)
    assert set(found[0]) == {"rule", "class", "terms", "shared", "share", "counted", "why", "help"}
    assert {line["counted"] for line in found} == {False}


def test_only_the_dearest_are_listed_for_a_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    many = "rules:\n" + "".join(f"  - {{id: r{n}, match: word{n}}}\n" for n in range(60))
    assert outcome(["check", "--costs", file(tmp_path, many)]) == 0
    assert "… and 10 rules that cost less: --json lists them all" in capsys.readouterr().out


def test_the_costs_of_rules_with_an_error_are_those_of_the_good_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(["check", "--costs", file(tmp_path, TWICE)]) == 1
    told = capsys.readouterr()
    assert "1 rule: 1 found by a word" in told.out
    assert "2 errors beside: `watcher check` shows them" in told.err


def test_the_costs_are_no_sarif(tmp_path: Path) -> None:
    assert outcome(["check", "--costs", "--sarif", file(tmp_path, COSTLY)]) == 2
