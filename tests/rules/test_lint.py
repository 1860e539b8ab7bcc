"""Findings as text, character by character."""

from __future__ import annotations

from watcher.model import Finding, FindingSeverity
from watcher.rules.lint import format_finding


def finding(*, line: int = 14, column: int = 7, width: int = 1, **more: object) -> Finding:
    found = {"code": "E104", "severity": FindingSeverity.ERROR, "file": "rules/iraq.yaml", "message": "wrong", **more}
    return Finding(line=line, column=column, width=width, **found)  # type: ignore[arg-type]


def test_both_places_are_marked_below_the_line() -> None:
    found = finding(
        message="`(` is never closed",
        help="add `)`: (airstrike OR bombing) AND Tikrit",
        related=(14, 39, "expected `)` here"),
    )
    assert format_finding(found, "      (airstrike OR bombing AND Tikrit\n") == (
        "rules/iraq.yaml:14:7: error[E104]: `(` is never closed\n"
        "14 |       (airstrike OR bombing AND Tikrit\n"
        "   |       ^                               ^ expected `)` here\n"
        "   = help: add `)`: (airstrike OR bombing) AND Tikrit"
    )


def test_the_width_is_underlined() -> None:
    assert format_finding(finding(line=3, column=8, width=3), "match: and").splitlines()[2] == "  |        ^^^"


def test_a_related_place_before_or_on_another_line_is_a_note() -> None:
    shown = format_finding(finding(column=7, related=(14, 2, "NEAR stands here")), "a NEAR (b c)")
    assert shown.endswith("^\n   = at line 14, column 2: NEAR stands here")
    shown = format_finding(finding(column=7, related=(12, 2, "opened here")), "a NEAR (b c)")
    assert shown.endswith("   = at line 12, column 2: opened here")


def test_without_a_line_the_rest_remains() -> None:
    assert format_finding(finding(help="mend it"), "") == (
        "rules/iraq.yaml:14:7: error[E104]: wrong\n   = help: mend it"
    )


def test_a_warning_says_so() -> None:
    assert "warning[W201]" in format_finding(finding(code="W201", severity=FindingSeverity.WARNING), "")


def test_of_a_long_line_the_part_round_the_place_is_shown() -> None:
    line = "a" * 1_000 + "X" + "b" * 1_000
    _, source, carets = format_finding(finding(column=1_001), line).splitlines()
    assert len(source) < 200
    assert source[carets.index("^")] == "X"


def test_control_characters_do_not_reach_the_terminal() -> None:
    shown = format_finding(finding(message="a\x1b[31m\nb"), "x\x1b[2J\ty")
    assert "\x1b" not in shown
    assert len(shown.splitlines()) == 3


def test_carets_stay_inside_the_line() -> None:
    assert format_finding(finding(column=3, width=500), "a bcd").splitlines()[2] == "   |   ^^^"
    assert format_finding(finding(column=6), "a bcd").splitlines()[2] == "   |      ^"
