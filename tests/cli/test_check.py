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
