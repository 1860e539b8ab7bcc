"""pure: documents -> the vocabulary that each of them sees, and what is wrong in the entries."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from watcher import yamldoc
from watcher.model import Finding
from watcher.rules import query, vocab
from watcher.rules.library import Library
from watcher.rules.nodes import Alias, Except, Node
from watcher.rules.problem import Problem, finding
from watcher.rules.reader import Document, EntryPart, Outline, error
from watcher.rules.shape import is_occurrence, walk
from watcher.rules.vocab import Entry, Vocabulary

Seen = tuple[tuple[Entry, ...], Vocabulary, tuple[Finding, ...]]
"""The entries of a file, all that it sees, and what is wrong in its own."""


def scopes(
    outlines: Mapping[str, Outline], document: Callable[[str], Document], library: Library
) -> tuple[Mapping[str, Vocabulary], tuple[Finding, ...]]:
    """By file, its own entries and those of the files it uses; findings E023, E024, E026 and those of expressions.

    `document` gives the whole of a file, which is asked for where it has a vocabulary.
    """
    resolver = _Resolver(outlines, document, library)
    seen = {file: resolver.scope(file) for file in outlines}
    return seen, tuple(resolver.findings)


def used_file(use: str, file: str) -> str:
    """The path of what a file uses, from the folder that its own path starts in."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), use))


class _Resolver:
    """Works out files and names depth first; what is still open when it is asked for again closes a circle."""

    def __init__(self, outlines: Mapping[str, Outline], document: Callable[[str], Document], library: Library) -> None:
        self.library = library
        self.outlines = outlines
        self.document = document
        self.done: dict[str, Vocabulary] = {}
        self.own: dict[str, tuple[Entry, ...]] = {}
        self.open: list[str] = []
        self.findings: list[Finding] = []

    def scope(self, file: str) -> Vocabulary:
        if file not in self.done:
            self.open.append(file)
            outline = self.outlines[file]
            used = tuple(self.used(outline))
            self.own[file], self.done[file], found = self.seen(outline, used)
            self.findings += found
            self.open.pop()
        return self.done[file]

    def seen(self, outline: Outline, used: tuple[Entry, ...]) -> Seen:
        if not outline.has_vocab:  # one for all that use the same
            about = ("seen", *map(id, used))
            return (), self.library.once(about, used, lambda: vocab.merged(used)), ()
        make = lambda: _seen(self.document(outline.file), used)  # noqa: E731
        return self.library.once(("scope", outline.file), (outline, *used), make)

    def used(self, document: Outline) -> Iterator[Entry]:
        """The entries of the files used; two that give one name different meanings are told."""
        origin: dict[str, Entry] = {}
        for use in document.uses:
            for entry in self.entries_of(use, document.file):
                first = origin.setdefault(entry.name, entry)
                if first is not entry and not (first.override or entry.override):
                    message = f"`{entry.name}` is defined in two of the files used"
                    self.findings.append(
                        error(document.file, use, "E026", message, f"at {first.place} and {entry.place}")
                    )
                yield entry

    def entries_of(self, use: yamldoc.Scalar, file: str) -> tuple[Entry, ...]:
        target = used_file(use.text, file)
        if target in self.open:
            circle = " -> ".join([*self.open[self.open.index(target) :], target])
            self.findings.append(error(file, use, "E024", f"files use each other in a circle: {circle}"))
            return ()
        if len(self.open) > vocab.MAX_DEPTH:
            self.findings.append(error(file, use, "E119", f"more than {vocab.MAX_DEPTH} files use one another"))
            return ()
        if target not in self.outlines:
            near = yamldoc.nearest(target, self.outlines)
            mend = f"did you mean {near}?" if near else "a path is relative to the file it stands in"
            self.findings.append(error(file, use, "E023", f"there is no file {target} to use", mend))
            return ()
        self.scope(target)
        return self.own[target]


def _seen(document: Document, entries: Sequence[Entry]) -> Seen:
    """A document's own entries, all that it sees beside those it uses, and what is wrong in its own."""
    used = vocab.merged(entries)
    own = _Own(document, used)
    made = tuple(own.entries())
    return made, vocab.merged([*used.entries.values(), *made]), tuple(own.findings)


class _Own:
    """The entries a document defines."""

    def __init__(self, document: Document, used: Vocabulary) -> None:
        self.file = document.file
        self.used = used.entries
        self.known = dict(used.entries)  # grows with the entries made
        self.parts = {part.name.text: part for part in document.vocab}
        self.made: set[str] = set()
        self.open: list[str] = []
        self.findings: list[Finding] = []

    def entries(self) -> Iterator[Entry]:
        for name in self.parts:
            self.make(name)
            yield self.known[name]

    def make(self, name: str) -> None:
        if name not in self.made:
            self.open.append(name)
            self.known[name] = self.entry(self.parts[name])
            self.made.add(name)
            self.open.pop()

    def entry(self, part: EntryPart) -> Entry:
        """A wrong entry hides one of the same name that is used: it was meant to."""
        name, place = part.name.text, f"{self.file}:{part.name.line}:{part.name.column}"
        tree = self.meaning(part) if part.keys and not self.is_redefined(part) else None
        if tree is None or part.keys is None:
            return Entry(name=name, tree=None, auto=_claims_auto(part.node), override=True, place=place)
        known, keys = Vocabulary(self.known), part.keys
        return vocab.entry_of(name, tree, known, auto=keys.auto, override=keys.override, place=place)

    def is_redefined(self, part: EntryPart) -> bool:
        name = part.name.text
        if name not in self.used or (part.keys and part.keys.override):
            return False
        message = f"`{name}` is already defined at {self.used[name].place}"
        self.findings.append(error(self.file, part.name, "E026", message, "add `override: true` to replace it"))
        return True

    def meaning(self, part: EntryPart) -> Node | None:
        tree, but = self.tree(part, "match"), self.tree(part, "except")
        if tree is None or (part.keys and part.keys.except_ is not None and but is None):
            return None
        if but is None:
            return tree
        if is_occurrence(tree) and is_occurrence(but):
            return Except(tree, but)
        message = "`except:` takes places away from places, and AND or NOT has none"
        self.findings.append(error(self.file, yamldoc.at(part.node, ["except"]), "E108", message))
        return None

    def tree(self, part: EntryPart, key: str) -> Node | None:
        scalar = yamldoc.at(part.node, [key])
        if not isinstance(scalar, yamldoc.Scalar) or scalar is part.node:
            return None
        parsed = query.parse(scalar.text)
        self.tell(parsed.problems, scalar)
        if parsed.tree is None or not self.names_made(parsed.tree, scalar):
            return None
        tree, problems = vocab.expand(parsed.tree, Vocabulary(self.known), auto=False)
        self.tell(problems, scalar)
        return tree

    def names_made(self, tree: Node, scalar: yamldoc.Scalar) -> bool:
        """Make the entries of this file that a tree names; False, and told, where that leads back or never ends."""
        for alias in [node for node in walk(tree) if isinstance(node, Alias) and node.name in self.parts]:
            if alias.name in self.open:
                circle = " -> ".join(f"@{name}" for name in [*self.open[self.open.index(alias.name) :], alias.name])
                self.tell([_problem("E024", alias, f"these entries lead back to themselves: {circle}")], scalar)
            elif len(self.open) > vocab.MAX_DEPTH:
                self.tell(
                    [_problem("E119", alias, f"more than {vocab.MAX_DEPTH} names lead on to one another")], scalar
                )
            else:
                self.make(alias.name)
                continue
            return False
        return True

    def tell(self, problems: Iterable[Problem], scalar: yamldoc.Scalar) -> None:
        self.findings += [finding(problem, self.file, scalar.position) for problem in problems]


def _problem(code: str, node: Node, message: str) -> Problem:
    return Problem(code=code, start=node.at[0], end=node.at[1], message=message)


def _claims_auto(node: yamldoc.Node) -> bool:
    auto = yamldoc.at(node, ["auto"])
    return isinstance(auto, yamldoc.Scalar) and auto.value is True
