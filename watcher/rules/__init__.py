"""pure: rule files -> rules ready to be compiled, with everything that is wrong in them.

sources | reader.read | scope.scopes | assemble (query | plain, vocab.expand, lint, truth) | doubles | Loaded
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from watcher.model import Finding, FindingSeverity
from watcher.rules import doubles, lint, query, truth, vocab
from watcher.rules.assemble import LoadedRule, assemble
from watcher.rules.library import Library
from watcher.rules.names import Names
from watcher.rules.nodes import Node
from watcher.rules.problem import Problem
from watcher.rules.reader import Document, read, uses
from watcher.rules.scope import scopes, used_file
from watcher.rules.vocab import Vocabulary

__all__ = ["Library", "Loaded", "LoadedRule", "Vocabulary", "expression", "load", "uses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The good rules in the order of files and lines, the vocabulary of all files, and every finding by its place.

    What rules of the files `unsure` mean is not sure: for the error given their vocabulary or defaults are not whole.
    """

    rules: tuple[LoadedRule, ...]
    vocabulary: Vocabulary
    findings: tuple[Finding, ...]
    unsure: Mapping[str, Finding] = field(default_factory=dict)


def load(
    sources: Mapping[str, bytes],
    *,
    channels: Collection[str] | None = None,
    feeds: Collection[str] | None = None,
    zones: Collection[str] | None = None,
    library: Library | None = None,
) -> Loaded:
    """All rules of all files; one that is wrong is left out and told of, the others stand. Raises nothing.

    `sources` maps a file's path, posix and as shown to people, to its bytes; `use:` is looked up in it, relative to the
    file it stands in. `channels` are known names and tags of channels, `feeds` ids of feeds and "tag:name", `zones`
    names of time zones; None leaves them unchecked. With the same `library` again, only what changed is worked out.
    """
    library = library or Library()
    names = _names(channels, feeds, zones, library)
    read_files = [document(source, file, library) for file, source in sorted(sources.items())]
    documents = [document for document, _ in read_files]
    findings = [finding for _, found in read_files for finding in found]
    seen, found = scopes(documents, library)
    unsure = _unsure(read_files, found)
    findings += found
    loaded: list[LoadedRule] = []
    for each in documents:
        rules, found_here = _assembled(each, seen[each.file], names, library)
        loaded += rules
        findings += found_here
    library.turn()
    unique, doubled = doubles.named_once(documents, loaded)
    every = vocab.merged(entry for each in documents for entry in seen[each.file].entries.values())
    findings = sorted([*findings, *doubled, *doubles.same(unique)], key=lambda f: (f.file, f.line, f.column, f.code))
    return Loaded(rules=unique, vocabulary=every, findings=tuple(findings), unsure=unsure)


def document(source: bytes, file: str, library: Library) -> tuple[Document, tuple[Finding, ...]]:
    """What stands in a rule file and everything wrong with its form, read once."""
    return library.once(("document", file), (source,), lambda: read(source, file))


def _assembled(
    document: Document, vocabulary: Vocabulary, names: Names, library: Library
) -> tuple[list[LoadedRule], list[Finding]]:
    made_of = (document, vocabulary, names)
    return library.once(("rules", document.file), made_of, lambda: assemble(document, vocabulary, names))


def _unsure(
    read_files: Sequence[tuple[Document, Sequence[Finding]]], of_vocabulary: Sequence[Finding]
) -> Mapping[str, Finding]:
    """The files with an error outside of their list of rules, and those that use such a one."""
    errors = [f for document, found in read_files for f in found if f.line not in document.listed]
    bad = {error.file: error for error in reversed([*errors, *of_vocabulary]) if _is_error(error)}
    users = {d.file: [used_file(use.text, d.file) for use in d.uses] for d, _ in read_files if d.uses} if bad else {}
    while more := {file: bad[use] for file, used in users.items() if file not in bad for use in used if use in bad}:
        bad |= more
    return bad


def _is_error(finding: Finding) -> bool:
    return finding.severity is FindingSeverity.ERROR


def _names(
    channels: Collection[str] | None, feeds: Collection[str] | None, zones: Collection[str] | None, library: Library
) -> Names:
    """The same object for the same names."""
    about = ("names", *(None if known is None else frozenset(known) for known in (channels, feeds, zones)))
    return library.once(about, (), lambda: Names(channels=channels, feeds=feeds, zones=zones))


def expression(text: str, vocabulary: Vocabulary) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree of an expression with this vocabulary filled in; offsets of problems count in `text`."""
    parsed = query.parse(text)
    if parsed.tree is None:
        return None, parsed.problems
    tree, problems = vocab.expand(parsed.tree, vocabulary)
    linted = lint.check(tree, problems) if tree else ()
    problems = (*parsed.problems, *problems, *linted, *truth.check(parsed.tree))
    return (None if any(p.fatal for p in problems) else tree), problems
