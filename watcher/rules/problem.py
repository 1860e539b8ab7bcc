"""What is wrong in an expression, and where: the nouns shared by the stages of the rule language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from watcher.model import Finding, FindingSeverity
from watcher.rules.nodes import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong between two offsets of an expression's source; `related` is (start, end, a few words)."""

    code: str
    start: int
    end: int
    message: str
    help: str = ""
    related: tuple[int, int, str] | None = None
    severity: FindingSeverity = FindingSeverity.ERROR

    @property
    def fatal(self) -> bool:
        return self.severity is FindingSeverity.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A tree, or None when one of the problems is an error; problems stand in the order of their places."""

    tree: Node | None
    problems: tuple[Problem, ...] = ()


def finding(problem: Problem, file: str, position: Callable[[int], tuple[int, int]]) -> Finding:
    """The problem as a finding in a file; `position` gives the line and column of an offset in the source."""
    line, column = position(problem.start)
    last_line, last = position(max(problem.end - 1, problem.start))
    related = (*position(problem.related[0]), problem.related[2]) if problem.related else None
    return Finding(
        code=problem.code,
        severity=problem.severity,
        file=file,
        line=line,
        column=column,
        message=problem.message,
        help=problem.help,
        width=last - column + 1 if last_line == line else 1,
        related=related,
    )
