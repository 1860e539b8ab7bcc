"""pure: rule files -> rules ready to be compiled, with everything that is wrong in them.

sources | schema.read | scope.scopes | assemble (query | plain, vocab.expand, lint) | Loaded
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from watcher.model import Finding, FindingSeverity
from watcher.rules import lint, query, vocab
from watcher.rules.assemble import LoadedRule, Names, assemble
from watcher.rules.nodes import Node
from watcher.rules.problem import Problem
from watcher.rules.schema import read, uses
from watcher.rules.scope import scopes
from watcher.rules.vocab import Vocabulary

__all__ = ["Loaded", "LoadedRule", "Vocabulary", "expression", "load", "uses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The good rules in the order of files and lines, the vocabulary of all files, and every finding by its place."""

    rules: tuple[LoadedRule, ...]
    vocabulary: Vocabulary
    findings: tuple[Finding, ...]


def load(
    sources: Mapping[str, bytes], *, channels: Collection[str] | None = None, feeds: Collection[str] | None = None
) -> Loaded:
    """All rules of all files; one that is wrong is left out and told of, the others stand. Raises nothing.

    `sources` maps a file's path, posix and as shown to people, to its bytes; `use:` is looked up in it, relative to the
    file it stands in. `channels` are known names and tags of channels, `feeds` ids of feeds and "tag:name"; None leaves
    them unchecked.
    """
    read_files = [read(source, file) for file, source in sorted(sources.items())]
    documents = [document for document, _ in read_files]
    findings = [finding for _, found in read_files for finding in found]
    seen, found = scopes(documents)
    findings += found
    loaded: list[LoadedRule] = []
    for document in documents:
        rules, found_here = assemble(document, seen[document.file], Names(channels=channels, feeds=feeds))
        loaded += rules
        findings += found_here
    unique, doubled = _without_doubles(loaded)
    every = vocab.merged(entry for document in documents for entry in seen[document.file].entries.values())
    findings = sorted([*findings, *doubled], key=lambda f: (f.file, f.line, f.column, f.code))
    return Loaded(rules=unique, vocabulary=every, findings=tuple(findings))


def expression(text: str, vocabulary: Vocabulary) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree of an expression with this vocabulary filled in; offsets of problems count in `text`."""
    parsed = query.parse(text)
    if parsed.tree is None:
        return None, parsed.problems
    tree, problems = vocab.expand(parsed.tree, vocabulary)
    problems = (*parsed.problems, *problems, *(lint.check(tree) if tree else ()))
    return (None if any(p.fatal for p in problems) else tree), problems


def _without_doubles(loaded: list[LoadedRule]) -> tuple[tuple[LoadedRule, ...], list[Finding]]:
    """The first rule of each id, and a finding for every other."""
    first: dict[str, LoadedRule] = {}
    findings = []
    for rule in loaded:
        known = first.setdefault(rule.rule.id, rule)
        if known is not rule:
            findings.append(_doubled(rule, known))
    return tuple(first.values()), findings


def _doubled(rule: LoadedRule, known: LoadedRule) -> Finding:
    return Finding(
        code="E010",
        severity=FindingSeverity.ERROR,
        file=rule.rule.file,
        line=rule.rule.line,
        column=1,
        message=f"the id `{rule.rule.id}` is taken by the rule at {known.rule.file}:{known.rule.line}",
        help="give one of them another `id:`",
    )
