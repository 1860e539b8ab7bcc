"""What is wrong in an expression, and where: the nouns shared by the stages of the rule language."""

from __future__ import annotations

from dataclasses import dataclass

from watcher.model import FindingSeverity
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
