"""Rule files as they come when somebody slips, or saves while typing: no rule is lost without a word."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher import rules, yamldoc
from watcher.config import read_rules
from watcher.model import Finding, FindingSeverity
from watcher.rules import Library, Loaded
from watcher.yamldoc import MAX_BYTES

SOAK = bool(os.environ.get("WATCHER_SOAK"))
EXAMPLES = 40_000 if SOAK else 300
STEP = 1 if SOAK else 31
"""Every so manieth place at which a file is cut."""

ROOT = Path(__file__).parent.parent.parent
FILES = {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted((ROOT / "rules").rglob("*.yaml"))}
HARD = """\
schema: watch/1
use: [vocab/core-en.yaml]
vocab:
  raid: {auto: true, match: 'raid OR "night raid"', except: '"raid boss"'}
  leader:
    match: (Qasem OR Qassem) ONEAR/1 Soleimani
defaults: {severity: medium, notify: [analysts], group: [story]}
rules:
  - id: strikes
    title: "US air strikes at \\"Tikrit\\""
    match: |
      US airstrikes AND "Tikrit #1"
      AND NOT (football OR "Tikrit Street")
    denials: skip
    scope: {feeds: [wires, "tag:iraq"], lang: [en], min_words: 40}
    notify: [analysts, desk]     # a comment
    tests:
      - {file: ../seeds/000.txt, expect: match, highlight: "coalition air strikes"}
      - {title: "Join us: airstrikes talk", expect: no match}
  - {id: flow, match: 'title:(Iran -Iraq) /CVE-\\d{4}/i published:2015-03..', severity: critical}
  - watch: "Siege: Amerli"
    all:
      - Amerli
      - [siege, besieged, 2014]
    within: 15 words
    group: "text:/CVE-\\\\d{4}/"
    updates: alert
    throttle: 30m
  - id: folded
    match: >-
      SENTENCE(drone strike~ Delvast -threaten~) OR

      2 OF (a1, b2, c3) OR ATLEAST/2 @leader
    when: {count: 2, within: 2h, distinct: source}
  - id: silent
    absence: {feeds: [wires], silent: 6h, during: "mon-fri 07:00-22:00 Europe/London"}
"""
FILES["rules/hard.yaml"] = HARD.encode()
NAMES: dict[str, Any] = {
    "channels": ["analysts", "desk"],
    "feeds": ["wires", "tag:iraq", "seeds"],
    "zones": ["Europe/London"],
}
LIBRARY = Library()
NASTY = "\"'#&*![]{}|>%@`:,-?~ \t\n\r()/\\=$<^.0aZ_é٣\u200b\u2028\ufeff😀\x00\x85"


def load(sources: Mapping[str, bytes]) -> Loaded:
    return rules.load(sources, **NAMES, library=LIBRARY)


WHOLE = load(FILES)
RULE_FILES = sorted({each.rule.file for each in WHOLE.rules})


def hashes(loaded: Loaded) -> dict[str, str]:
    return {each.rule.id: each.rule.hash for each in loaded.rules}


def new(loaded: Loaded) -> list[Finding]:
    """Errors and warnings that the files as they ship do not bring."""
    known = {(f.file, f.code, f.message) for f in WHOLE.findings}
    loud = [f for f in loaded.findings if f.severity is not FindingSeverity.NOTE]
    return [f for f in loud if (f.file, f.code, f.message) not in known]


def misplaced(findings: Sequence[Finding], file: str, content: bytes) -> list[Finding]:
    """Findings whose place is not inside their file, one column behind a line's end allowed."""
    lines = content.decode("utf-8-sig", "replace").split("\n")
    own = [f for f in findings if f.file == file]
    return [f for f in own if not (1 <= f.line <= len(lines) and 1 <= f.column <= len(lines[f.line - 1]) + 1)]


@st.composite
def slips(draw: st.DrawFn, files: Sequence[str]) -> tuple[str, bytes]:
    """A file with one character more, less, another, or two that changed places."""
    file = draw(st.sampled_from(files))
    text = FILES[file].decode()
    at = draw(st.integers(0, len(text) - 2))
    kind = draw(st.sampled_from(["delete", "insert", "replace", "swap"]))
    sign = draw(st.sampled_from(NASTY) | st.sampled_from(text))
    changed = {
        "delete": text[:at] + text[at + 1 :],
        "insert": text[:at] + sign + text[at:],
        "replace": text[:at] + sign + text[at + 1 :],
        "swap": text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    }[kind]
    return file, changed.encode()


@settings(max_examples=EXAMPLES, deadline=None)
@given(slips(RULE_FILES))
def test_a_slip_is_told_or_changes_nothing_or_shows_in_the_meaning(slip: tuple[str, bytes]) -> None:
    file, content = slip
    loaded = load({**FILES, file: content})
    assert not misplaced(loaded.findings, file, content)
    if not new(loaded):
        assert len(loaded.rules) >= len(WHOLE.rules), "a rule was lost in silence"


@settings(max_examples=EXAMPLES // 8, deadline=None)
@given(slips(sorted(set(FILES) - set(RULE_FILES))))
def test_a_slip_in_a_vocabulary_is_told_or_shows_in_the_meaning(slip: tuple[str, bytes]) -> None:
    file, content = slip
    loaded = load({**FILES, file: content})
    assert not misplaced(loaded.findings, file, content)
    if not new(loaded):
        assert hashes(loaded).keys() == hashes(WHOLE).keys()


@pytest.mark.parametrize("file", RULE_FILES)
def test_a_file_cut_anywhere_is_told_or_ends_between_rules(file: str) -> None:
    whole, others = FILES[file], {name: text for name, text in FILES.items() if name != file}
    starts = [part.node.start for part in rules.document(whole, file, Library())[0].rules]
    ids = [each.rule.id for each in WHOLE.rules if each.rule.file == file]
    known = hashes(WHOLE)
    text = whole.decode()
    for cut in range(0, len(text), STEP):
        content = text[:cut].encode()
        loaded = load({**others, file: content})
        assert not misplaced(loaded.findings, file, content)
        if any(f.severity is FindingSeverity.ERROR for f in loaded.findings):
            continue
        found = {name: hash_ for name, hash_ in hashes(loaded).items() if name not in hashes(load(others))}
        assert len(found) == sum(start < cut for start in starts), f"cut at {cut}"
        finished = ids[: max(len(found) - 1, 0)]
        assert all(found[name] == known[name] for name in finished), f"cut at {cut}"


def only_error(content: bytes) -> Finding:
    """The one thing that is said of a file that cannot be read; it takes no time to speak of."""
    started = time.process_time()
    loaded = rules.load({"a.yaml": content})
    assert time.process_time() - started < 2
    (finding,) = loaded.findings
    assert "\n" not in finding.message
    assert not loaded.rules
    return finding


BOMB = b"a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n"
RULE = b"rules:\n  - {id: x, match: Tikrit}\n"


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    started = time.process_time()
    findings = rules.load({"a.yaml": BOMB * 1_000}).findings
    assert time.process_time() - started < 2
    assert (findings[0].code, findings[0].line, findings[0].column) == ("E001", 1, 4)
    assert "anchor" in findings[0].message


@pytest.mark.parametrize(
    "content",
    [b"[" * 10_000, b"rules: " + b"[" * 10_000 + b"]" * 10_000, b"- " * 10_000 + b"a", b"{a: " * 10_000],
    ids=["open", "closed", "lists", "mappings"],
)
def test_ten_thousand_levels_are_refused_in_one_line(content: bytes) -> None:
    finding = only_error(content)
    assert finding.code == "E001"
    assert "levels inside each other" in finding.message


@pytest.mark.parametrize("sign", ["(", "NOT ", "title:(", "SENTENCE(", "-"], ids=["(", "NOT", "field", "region", "-"])
def test_ten_thousand_levels_of_an_expression_are_refused(sign: str) -> None:
    text = sign * 5_000 + "a" + ")" * (5_000 if "(" in sign else 0)
    started = time.process_time()
    loaded = rules.load({"a.yaml": f"rules:\n  - id: x\n    match: |\n      {text}\n".encode()})
    assert time.process_time() - started < 2
    assert not loaded.rules
    assert all(f.line == 4 for f in loaded.findings)
    assert loaded.findings


def test_a_file_of_a_hundred_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    with (tmp_path / "big.yaml").open("wb") as file:
        file.write(RULE)
        file.truncate(100 * 2**20)
    sources = read_rules([str(tmp_path)])
    assert sum(map(len, sources.values())) == MAX_BYTES + 1
    finding = only_error(next(iter(sources.values())))
    assert (finding.code, finding.line, finding.column) == ("E001", 1, 1)
    assert "at most" in finding.message


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (RULE + b"  - {id: y, match: caf\xe9}\n", (3, 23), "not UTF-8: byte 0xE9"),
        (RULE.decode().encode("utf-16"), (1, 1), "UTF-16"),
        (RULE.replace(b"\n", b"\r"), (1, 7), "U+000D"),
        (RULE + b"\x00", (3, 1), "U+0000"),
        (RULE.replace(b"Tikrit", "Tik\u2028rit".encode()), (2, 23), "U+2028"),
        (RULE + b"---\n" + RULE, (3, 1), "second document"),
    ],
    ids=["latin-1", "utf-16", "cr", "nul", "line separator", "two documents"],
)
def test_bytes_that_are_no_rule_file_are_told_in_one_line(content: bytes, place: tuple[int, int], words: str) -> None:
    finding = only_error(content)
    assert (finding.code, finding.line, finding.column) == ("E001", *place)
    assert words in finding.message


@pytest.mark.parametrize("file", RULE_FILES)
def test_line_ends_and_a_byte_order_mark_change_nothing(file: str) -> None:
    for content in (FILES[file].replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + FILES[file]):
        loaded = load({**FILES, file: content})
        assert hashes(loaded) == hashes(WHOLE)
        assert [(f.code, f.line, f.column) for f in loaded.findings] == [
            (f.code, f.line, f.column) for f in WHOLE.findings
        ]


def test_the_hard_file_has_every_kind_of_scalar() -> None:
    node, _ = yamldoc.load(HARD.encode(), "hard.yaml")
    assert node is not None
    assert {"", "'", '"', "|", ">"} == {scalar.style for scalar in scalars(node)}
    assert not [f for f in WHOLE.findings if f.severity is not FindingSeverity.NOTE]


def scalars(node: yamldoc.Node) -> list[yamldoc.Scalar]:
    if isinstance(node, yamldoc.Scalar):
        return [node]
    below = node.items if isinstance(node, yamldoc.Sequence) else [n for pair in node.items for n in pair]
    return [scalar for child in below for scalar in scalars(child)]
