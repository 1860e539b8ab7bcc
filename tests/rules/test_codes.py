"""Each code has a file that brings it, and the place where it is told, exactly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from watcher import rules
from watcher.model import Finding
from watcher.rules.codes import CODES, about
from watcher.rules.lint import format_finding

ROOT = Path(__file__).parent.parent.parent
OF_CONFIGURATION = {"E011", "E012", "E013", "E030", "E031", "E032", "E033", "W030", "W031"}
"""Told of watcher.yaml and of folders: tests/test_config.py."""
OF_HISTORY = {"W207", "W210"}
"""Told of what is stored."""
RULES_MD = """
E001 E002 E003 E004 E005 E006 E010 E021 E022 E023 E024
E101 E102 E103 E104 E105 E106 E107 E108 E109 E110 E111 E112 E113 E115 E116 E117
W201 W202 W203 W204 W206 W207 W209 W210 W211 W212 W215 W216 W217 W218
"""
"""The codes that the language's definition promises."""

CASES: list[tuple[str, str]] = [
    ("rules:\n  - id: x\n    match: [a, b\n", "3:12: error[E001]"),
    ("rules:\n  - id: x\n    match: @us\n", "3:12: error[E001]"),
    ("rules:\n  - id: x\n    match: *us\n", "3:12: error[E001]"),
    ("rules:\n  - id: x\n    match: a\n    match: b\n", "4:5: error[E002]"),
    ("rules:\n  - id: x\n    match: a\n    severty: high\n", "4:5: error[E003]"),
    ("rules:\n  - id: x\n    match: a\n    severity: urgent\n", "4:15: error[E004]"),
    ("rules:\n  - id: x\n    match: C #1 AND pay\n", "3:14: error[E005]"),
    ("rules:\n  - id: x\n    match: C # AND pay\n", "3:14: error[E005]"),
    ("rules:\n  - watch: x\n    any:\n      - C #1\n", "4:11: error[E005]"),
    ("vocab:\n  us:\n    match: C #1\nrules: []\n", "3:14: error[E005]"),
    ("rules:\n\t- id: x\n", "2:1: error[E006]"),
    ("rules:\n  - {id: x, match: a}\n  - {match: b, id: x}\n", "3:20: error[E010]"),
    ("rules:\n  - id: x\n    match: a\n    notify: [desks]\n", "4:14: error[E021]"),
    ("rules:\n  - id: x\n    match: a\n    scope: {feeds: [wire]}\n", "4:21: error[E022]"),
    ("rules:\n  - id: x\n    match: |\n      US\n      AND @airstirke\n", "5:11: error[E023]"),
    ("vocab:\n  a: {match: '@b'}\n  b: {match: 'x OR @a'}\nrules: []\n", "3:20: error[E024]"),
    ("rules:\n  - id: x\n    match: a\n    any: [b]\n", "4:5: error[E025]"),
    ("rules:\n  - id: x\n    match: a\n    tests:\n      - expect: match\n", "5:9: error[E025]"),
    ("use: [b.yaml]\nvocab:\n  us: {match: America}\nrules: []\n", "3:3: error[E026]"),
    ("rules:\n  - id: x\n    match: a\n    template: {body: 'see {item.ulr}'}\n", "4:27: error[E027]"),
    ("rules:\n  - id: x\n    match: ''\n", "3:13: error[E101]"),
    ("rules:\n  - id: x\n    match: a AND ()\n", "3:18: error[E101]"),
    ("rules:\n  - id: x\n    match: |\n      a AND\n", "4:9: error[E102]"),
    ("rules:\n  - id: x\n    match: US and Iran\n", "3:15: error[E103]"),
    ("rules:\n  - id: x\n    match: |\n      US AND\n      (airstrike OR bombing\n", "5:7: error[E104]"),
    ("rules:\n  - id: x\n    match: a OR b) c\n", "3:18: error[E105]"),
    ("rules:\n  - id: x\n    match: a AND OR b\n", "3:18: error[E106]"),
    ("rules:\n  - id: x\n    match: a NEAR b\n", "3:14: error[E107]"),
    ("rules:\n  - id: x\n    match: >\n      a NEAR/5\n      (b AND c)\n", "5:8: error[E108]"),
    ("rules:\n  - id: x\n    match: 'title:(a body:b)'\n", "3:22: error[E109]"),
    ("rules:\n  - id: x\n    match: tilte:a\n", "3:12: error[E110]"),
    ("rules:\n  - id: x\n    match: a\n    throttle: 5 minutes\n", "4:15: error[E111]"),
    ("rules:\n  - id: x\n    match: a published:2015-13\n", "3:24: error[E111]"),
    ("rules:\n  - id: x\n    match: -football\n", "3:12: error[E112]"),
    ("rules:\n  - id: x\n    match: a AND mi*\n", "3:18: error[E113]"),
    ("rules:\n  - watch: x\n    all:\n      - [a, b OR c]\n", "4:13: error[E114]"),
    ("rules:\n  - id: x\n    match: |\n      a /x(y/\n", "4:11: error[E115]"),
    ("rules:\n  - id: x\n    match: a\n    group: 'text:/[/'\n", "4:19: error[E115]"),
    ("rules:\n  - id: x\n    match: /\\pL{1000}/\n", "3:13: error[E116]"),
    ("rules:\n  - id: x\n    match: 4 OF (a, b, c)\n", "3:12: error[E117]"),
    ("rules:\n  - id: x\n    match: " + "(" * 60 + "a" + ")" * 60 + "\n", "3:52: error[E119]"),
    ("rules:\n  - id: x\n    match: a OR b c\n", "3:12: warning[W201]"),
    ("rules:\n  - id: x\n    match: |\n      a b\n      AND NOT a\n", "5:11: warning[W202]"),
    ("rules:\n  - id: x\n    match: site:a.com AND site:b.com\n", "3:27: warning[W202]"),
    ("rules:\n  - id: x\n    match: a AND (b OR NOT b)\n", "3:19: warning[W203]"),
    ("rules:\n  - id: x\n    match: a OR b OR (a c)\n", "3:23: note[W203]"),
    ("rules:\n  - id: x\n    match: /(i?)tikrit/\n", "3:13: warning[W204]"),
    ("vocab:\n  us: {auto: true, match: =US}\nrules:\n  - id: x\n    match: us a\n", "5:12: warning[W206]"),
    ("rules:\n  - id: x\n    match: a\n    tests: [{title: a, expect: match}]\n", "4:5: warning[W209]"),
    ("rules:\n  - {id: x, match: a b}\n  - {id: y, match: a AND b}\n", "3:10: warning[W212]"),
    ("rules:\n  - id: x\n    match: |\n      a\n      b\n", "5:7: warning[W215]"),
    ("rules:\n  - id: x\n    match: title:air strike\n", "3:12: warning[W216]"),
    ("rules:\n  - id: x\n    match: fire NOT air strike\n", "3:17: warning[W216]"),
    ("rules:\n  - id: x\n    match: drone strike NEAR/5 Tikrit\n", "3:12: warning[W216]"),
    ("rules:\n  - id: x\n    match: |\n      fire\n      AND 'Tikrit Street'\n", "5:11: warning[W217]"),
    ("rules:\n  - id: x\n    match: Tikrit WITHOUT football\n", "3:19: warning[W218]"),
    ("rules:\n  - watch: x\n    any: [strike, the]\n", "3:19: warning[W211]"),
    ("rules:\n  - id: x\n    match: strike feed:wirse\n", "3:24: error[E022]"),
    ("rules:\n  - id: x\n    match: strike lang:english\n", "3:24: warning[W202]"),
    ("rules:\n  - id: x\n    match: strike site:bbc\n", "3:24: warning[W202]"),
    ("rules:\n  - id: x\n    match: Tikrit EXCEPT football\n", "3:12: warning[W203]"),
    ("rules:\n  - id: x\n    match: strike who\n", "3:19: warning[W206]"),
]
OTHER = {"b.yaml": b"vocab:\n  us: {match: =US}\n  airstrike: {match: air-strike}\n"}


def found_in(source: str) -> tuple[Finding, ...]:
    files = {"rules/a.yaml": source.encode(), **{f"rules/{name}": text for name, text in OTHER.items()}}
    return rules.load(files, channels=["desk", "oncall"], feeds=["wires", "tag:iraq"]).findings


def first_line(finding: Finding) -> str:
    return format_finding(finding, "").partition("\n")[0]


@pytest.mark.parametrize(("source", "place"), CASES, ids=[place for _, place in CASES])
def test_a_mistake_is_told_with_its_code_at_its_place(source: str, place: str) -> None:
    told = [first_line(finding) for finding in found_in(source)]
    assert any(line.startswith(f"rules/a.yaml:{place}: ") for line in told), told


@pytest.mark.parametrize(("source", "place"), CASES, ids=[place for _, place in CASES])
def test_the_place_is_inside_the_file_and_what_it_names_too(source: str, place: str) -> None:
    lines = source.split("\n")
    for finding in found_in(source):
        places = [(finding.line, finding.column), *([finding.related[:2]] if finding.related else [])]
        assert all(1 <= column <= len(lines[line - 1]) + 1 for line, column in places)


def test_every_code_has_a_case() -> None:
    told = {found[1] for _, place in CASES if (found := re.search(r"\[(\w+)\]", place))}
    assert told | OF_CONFIGURATION | OF_HISTORY == set(CODES)
    assert set(RULES_MD.split()) <= set(CODES)


def test_every_code_that_is_raised_is_explained() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "watcher").rglob("*.py") if path.stem != "codes")
    assert set(re.findall(r"[\"']([EW]\d{3})[\"']", source)) <= set(CODES)


def test_a_code_is_found_as_anybody_writes_it() -> None:
    assert about(" e104 ") is CODES["E104"]
    assert about("E999") is None
    assert [code.code for code in CODES.values()] == sorted(CODES)


def in_a_rule(text: str) -> str:
    """An example as a rule, or several, or the head of a file."""
    if text.startswith(("vocab", "use")):
        return text.replace("core-en.yaml", "b.yaml") + "\nrules: []\n"
    if text.startswith("-"):
        return "rules:\n" + "".join(f"  {line}\n" for line in text.split("\n"))
    match = "" if re.search(r"^(match|any):", text.replace("\t", "").strip(), re.MULTILINE) else "    match: a\n"
    return f"use: [b.yaml]\nrules:\n  - id: x\n{match}" + "".join(f"    {line}\n" for line in text.split("\n"))


SHOWN = sorted(set(CODES) - OF_CONFIGURATION - OF_HISTORY - {"E119", "W206", "W211"})


@pytest.mark.parametrize("code", SHOWN)
def test_an_example_shows_its_code_and_put_right_does_not(code: str) -> None:
    entry = CODES[code]
    assert code in {finding.code for finding in found_in(in_a_rule(entry.example))}
    assert not [f for f in found_in(in_a_rule(entry.mended)) if f.code == code or f.code.startswith("E")]
