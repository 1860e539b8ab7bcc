"""pure: rules of all files -> those that have an id of their own, and what is told of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from watcher import yamldoc
from watcher.model import Finding, FindingSeverity, Scope
from watcher.rules.assemble import LoadedRule
from watcher.rules.reader import Document, error


def named_once(
    documents: Sequence[Document], loaded: Sequence[LoadedRule]
) -> tuple[tuple[LoadedRule, ...], list[Finding]]:
    """The first rule of each id, whether it is good or not, and E010 for every other."""
    first: dict[str, tuple[str, yamldoc.Node]] = {}
    findings = []
    for document in documents:
        for part in document.rules:
            known = first.setdefault(part.id, (document.file, part.name)) if part.id else None
            if known and known[1] is not part.name:
                message = f"the id `{part.id}` is taken by another rule"
                found = error(document.file, part.name, "E010", message, "give one of them another `id:`")
                findings.append(_beside(found, *known, "it has the id already"))
    return tuple(rule for rule in loaded if first[rule.rule.id][1] is rule.name), findings


def same(rules: Sequence[LoadedRule]) -> Iterator[Finding]:
    """W212 for each rule that finds the same in the same items as one before it."""
    first: dict[tuple[str, Scope], LoadedRule] = {}
    for rule in rules:
        known = first.setdefault((rule.rule.expanded, rule.rule.scope), rule) if rule.tree else rule
        if known is not rule:
            message = f"this rule finds the same as `{known.rule.id}`"
            found = error(rule.rule.file, rule.name, "W212", message, "keep one, with the channels of both")
            beside = _beside(found, known.rule.file, known.name, "the other rule")
            yield replace(beside, severity=FindingSeverity.WARNING)


def _beside(found: Finding, file: str, node: yamldoc.Node, words: str) -> Finding:
    return replace(found, related=(node.line, node.column, words), related_file="" if file == found.file else file)
