"""pure: tree -> what is wrong with it as a whole rule; finding -> lines a person can act on."""

from __future__ import annotations

from watcher.model import Finding
from watcher.rules.nodes import Node
from watcher.rules.problem import Problem
from watcher.rules.shape import is_positive

_SHOWN = 160
"""Characters of a source line that are shown round the place."""


def check(tree: Node) -> tuple[Problem, ...]:
    """What an expanded tree lacks to be a rule: E112."""
    if is_positive(tree):
        return ()
    message = "this only says what must not be there; it would match almost everything"
    mend = "add words to look for, or a field to look in such as feed:name"
    return (Problem(code="E112", start=tree.at[0], end=tree.at[1], message=message, help=mend),)


def format_finding(finding: Finding, source_line: str) -> str:
    """A finding as text: place and message, the line of the file with carets below, and what to do.

    An empty source line (the file cannot be shown) is left out. No line end closes it.
    """
    lines = [
        f"{finding.file}:{finding.line}:{finding.column}: {finding.severity.value}[{finding.code}]: {finding.message}"
    ]
    gutter = " " * len(str(finding.line))
    related = None if finding.related_file else finding.related
    if source_line.strip():
        start, shown = _window(source_line, finding.column)
        lines.append(f"{finding.line} | {shown}".rstrip())
        behind = finding.column + finding.width
        beside = related if related and related[0] == finding.line and related[1] >= behind else None
        lines.append(f"{gutter} | {_carets(finding, beside, start, len(shown))}")
        related = None if beside else related
    if related:
        lines.append(f"{gutter} = at line {related[0]}, column {related[1]}: {related[2]}")
    elif finding.related and finding.related_file:
        line, column, words = finding.related
        lines.append(f"{gutter} = at {finding.related_file}:{line}:{column}: {words}")
    if finding.help:
        lines.append(f"{gutter} = help: {finding.help}")
    return "\n".join(_printable(line) for line in lines)


def _window(line: str, column: int) -> tuple[int, str]:
    """As much of a long line as is shown, and the offset at which it starts."""
    line = _printable(line.rstrip("\r\n"))
    start = max(column - 1 - _SHOWN // 2, 0) if len(line) > _SHOWN else 0
    return start, line[start : start + _SHOWN]


def _carets(finding: Finding, beside: tuple[int, int, str] | None, start: int, shown: int) -> str:
    """Carets below what is wrong and, on the same line, below the related place with its words."""
    first = finding.column - 1 - start
    marks = " " * first + "^" * max(min(finding.width, shown - first), 1)
    if beside is None:
        return marks
    second = beside[1] - 1 - start
    return f"{marks}{' ' * (second - len(marks))}^ {beside[2]}" if second < _SHOWN else marks


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
