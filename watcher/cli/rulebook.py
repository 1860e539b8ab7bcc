"""The rules a command asks, and expressions typed on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from watcher.errors import ConfigError
from watcher.model import Finding, Rule, RuleId
from watcher.rules import Loaded, LoadedRule, expression
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.rules.problem import Problem, finding
from watcher.rules.query import spelled


class Rulebook:
    """The rules a command may ask for, loaded when it does."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded

    @cached_property
    def all(self) -> tuple[CompiledRule, ...]:
        return tuple(compile_rule(each.rule, each.tree) for each in self.loaded.rules if each.tree)

    def get(self, rule: str) -> CompiledRule | None:
        return next((each for each in self.all if each.rule.id == rule), None)

    @property
    def silences(self) -> frozenset[RuleId]:
        """The rules that watch for an absence."""
        return frozenset(each.rule.id for each in self.loaded.rules if each.tree is None)

    @cached_property
    def pairs(self) -> tuple[tuple[CompiledRule, LoadedRule], ...]:
        """Each compiled rule with what was loaded of it."""
        return tuple(zip(self.all, (each for each in self.loaded.rules if each.tree), strict=True))

    def warnings(self, text: str) -> tuple[Finding, ...]:
        """What is worth a look in an expression that can be used."""
        _, problems = expression(text, self.loaded.vocabulary)
        return tuple(_found(problem) for problem in problems if not problem.fatal)

    def compiled(self, text: str, instead_of: Rule | None = None) -> CompiledRule:
        """An expression as a rule without a name, or as that of another rule. Raises ConfigError with its mistakes."""
        tree, problems = expression(text, self.loaded.vocabulary)
        if tree is None:
            raise ExpressionError(text, tuple(map(_found, problems)))
        rule = instead_of or Rule(id=RuleId("expression"), title=text, expression=text, expanded="", hash="")
        return compile_rule(replace(rule, expression=text, expanded=spelled(tree)), tree)


def _found(problem: Problem) -> Finding:
    return finding(problem, "expression", lambda offset: (1, offset + 1))


class ExpressionError(ConfigError):
    """An expression on the command line is wrong: exit 1, like a bad rule."""

    exit_code = 1

    def __init__(self, text: str, findings: Sequence[Finding]) -> None:
        super().__init__(findings)
        self.source = text
        self.args = (f"the expression is wrong: {text}",)
