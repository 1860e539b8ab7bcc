"""pure: rule files -> rules ready to be compiled, with everything that is wrong in them.

sources | reader.read | outline | scope.scopes | assemble (query | plain, vocab.expand, lint, truth) | doubles | Loaded
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from watcher.model import Finding, FindingSeverity, RuleId
from watcher.rules import doubles, filed, lint, query, reader, truth, vocab
from watcher.rules.assemble import LoadedRule, assemble
from watcher.rules.doubles import Doubles, RuleFile, Taken
from watcher.rules.filed import Filed
from watcher.rules.frequencies import Frequencies
from watcher.rules.library import Library
from watcher.rules.names import Names
from watcher.rules.nodes import Node
from watcher.rules.problem import Problem
from watcher.rules.reader import Document, Outline, read, uses
from watcher.rules.scope import scopes, used_file
from watcher.rules.vocab import Vocabulary

__all__ = ["Filed", "Library", "Loaded", "LoadedRule", "Vocabulary", "expression", "load", "uses"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Loaded:
    """The good rules, the vocabulary of all files, and every finding by its place.

    What rules of the files `unsure` mean is not sure: for the error given their vocabulary or defaults are not whole.
    `changes` are the rules of which another thing is said than by `since`, the load before with the same library.
    """

    files: Mapping[str, RuleFile]
    taken: Taken
    told: tuple[Finding, ...]  # what is wrong beside the files' own
    seen: Mapping[str, Vocabulary]
    unsure: Mapping[str, Finding]
    changes: Mapping[RuleId, LoadedRule | None]
    since: object
    load: object  # which one it is

    @cached_property
    def rules(self) -> tuple[LoadedRule, ...]:
        """In the order of files and lines; of those that share an id the first."""
        return tuple(rule for each in self.files.values() for rule in doubles.unique(each, self.taken))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return vocab.merged(entry for seen in self.seen.values() for entry in seen.entries.values())

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return _sorted([*self.told, *(f for each in self.files.values() for f in each.findings)])

    @cached_property
    def errors(self) -> tuple[Finding, ...]:
        return _sorted([*filter(_is_error, self.told), *(f for each in self.files.values() for f in each.errors)])


def load(
    sources: Mapping[str, bytes],
    *,
    channels: Collection[str] | None = None,
    feeds: Collection[str] | None = None,
    zones: Collection[str] | None = None,
    library: Library | None = None,
    known: Filed | None = None,
) -> Loaded:
    """All rules of all files; one that is wrong is left out and told of, the others stand. Raises nothing.

    `sources` maps a file's path, posix and as shown to people, to its bytes; `use:` is looked up in it, relative to the
    file it stands in. `channels` are known names and tags of channels, `feeds` ids of feeds and "tag:name", `zones`
    names of time zones; None leaves them unchecked. With the same `library` again, only what changed is worked out;
    `known` is what was worked out before of the same names, for a library with frequencies.
    """
    library = library or Library()
    names = _names(channels, feeds, zones, library)
    outlines = {file: outline(source, file, library, known) for file, source in sorted(sources.items())}
    seen, told = scopes(outlines, lambda file: document(sources[file], file, library)[0], library)
    assembler = _Assembler(sources, names, library, known, filed.wholes(outlines, sources) if known else {})
    files = {file: assembler.assembled(each, seen[file]) for file, each in outlines.items()}
    judged = library.once("doubles", (), Doubles).judged(files)
    this, since = object(), library.load
    library.turn(this)
    return Loaded(
        files=files,
        taken=judged.taken,
        told=(*told, *judged.findings),
        seen=seen,
        unsure=_unsure(outlines, told),
        changes=judged.changes,
        since=since,
        load=this,
    )


def outline(source: bytes, file: str, library: Library, known: Filed | None = None) -> Outline:
    """What is kept of a rule file, worked out once."""

    def make() -> Outline:
        return (known and known.outline(file, source)) or reader.outline(*document(source, file, library))

    return library.once(("outline", file), (source,), make)


def document(source: bytes, file: str, library: Library) -> tuple[Document, tuple[Finding, ...]]:
    """What stands in a rule file and everything wrong with its form, read once and kept until its rules are made."""
    return library.lately(("document", file), (source,), lambda: read(source, file))


@dataclass(frozen=True, slots=True)
class _Assembler:
    sources: Mapping[str, bytes]
    names: Names
    library: Library
    known: Filed | None
    wholes: Mapping[str, tuple[str, str]]

    def assembled(self, outline: Outline, seen: Vocabulary) -> RuleFile:
        about, made_of = ("rules", outline.file), (outline, seen, self.names)
        made = self.library.once(about, made_of, lambda: self.filed(outline, seen) or self.made(outline, seen))
        self.library.drop(("document", outline.file))
        return made

    def filed(self, outline: Outline, seen: Vocabulary) -> RuleFile | None:
        frequencies = self.library.frequencies
        if self.known is None or frequencies is None:
            return None
        return self.known.rules(outline, self.wholes[outline.file][1], seen, frequencies)

    def made(self, outline: Outline, seen: Vocabulary) -> RuleFile:
        file = outline.file
        rules, findings = assemble(document(self.sources[file], file, self.library)[0], seen, self.names)
        if self.library.frequencies is not None:
            rules = _bare(rules, self.library.last(("rules", file)), self.library.frequencies)
        return RuleFile(outline=outline, rules=tuple(rules), findings=(*outline.findings, *findings))


def _bare(rules: Sequence[LoadedRule], before: RuleFile | None, frequencies: Frequencies) -> list[LoadedRule]:
    """Those that are written as before are the same objects."""
    known = {each.rule.id: each for each in before.rules} if before else {}
    return [_again(known.get(rule.rule.id), rule) or rule.bare(frequencies) for rule in rules]


def _again(known: LoadedRule | None, rule: LoadedRule) -> LoadedRule | None:
    same = known is not None and known.sees is rule.sees and known.held_to == rule.held_to
    return known if known and same and (known.rule, known.name) == (rule.rule, rule.name) else None


def _unsure(outlines: Mapping[str, Outline], of_vocabulary: Sequence[Finding]) -> Mapping[str, Finding]:
    """The files with an error outside of their list of rules, and those that use such a one."""
    errors = [error for each in outlines.values() for error in each.errors_outside]
    bad = {error.file: error for error in reversed([*errors, *filter(_is_error, of_vocabulary)])}
    if not bad:
        return {}
    users = {o.file: [used_file(use.text, o.file) for use in o.uses] for o in outlines.values() if o.uses}
    while more := {file: bad[use] for file, used in users.items() if file not in bad for use in used if use in bad}:
        bad |= more
    return bad


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (f.file, f.line, f.column, f.code)))


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
