"""pure: rules of all files -> those that have an id of their own, and what is told of the others.

What stands once, as almost everything does, is looked at when its file changes and not again.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from watcher.model import Finding, FindingSeverity, RuleId, Scope
from watcher.rules.assemble import LoadedRule
from watcher.rules.reader import Outline, Place, error_at

Taken = frozenset[tuple[str, Place]]
"""Names of rules, by file and place, that another rule has."""


@dataclass(frozen=True, kw_only=True)
class RuleFile:
    """A rule file: what it claims, its good rules in their order, and what is wrong in it by itself."""

    outline: Outline
    rules: tuple[LoadedRule, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is FindingSeverity.ERROR)

    def claims(self) -> Iterator[Hashable]:
        return (name for name, _ in self.outline.claims if name)

    def meanings(self) -> Iterator[Hashable]:
        """Hashes, which two rules that find the same have in common."""
        return (hash(_meaning(each)) for each in self.rules if each.has_expression)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the files say together; `changes` are the rules of which another thing may be said than before."""

    taken: Taken
    findings: tuple[Finding, ...]
    changes: Mapping[RuleId, LoadedRule | None]


class Doubles:
    """What stands where, from one load to the next."""

    def __init__(self) -> None:
        self._files: Mapping[str, RuleFile] = {}
        self._ids = _Holders()
        self._meanings = _Holders()

    def judged(self, files: Mapping[str, RuleFile]) -> Judged:
        """`files` are all there are, sorted; the same object is the same file."""
        old = self._files
        gone = [each for file, each in old.items() if files.get(file) is not each]
        come = [each for file, each in files.items() if old.get(file) is not each]
        for each in gone:
            self._ids.drop(each.outline.file, each.claims())
            self._meanings.drop(each.outline.file, each.meanings())
        for each in come:
            self._ids.add(each.outline.file, each.claims())
            self._meanings.add(each.outline.file, each.meanings())
        self._files = files
        doubled = tuple(self._doubled())
        taken = frozenset((f.file, Place(line=f.line, column=f.column, width=f.width)) for f in doubled)
        changes = dict(self._changes({name for each in (*gone, *come) for name, _ in each.outline.claims}, come))
        return Judged(taken=taken, findings=(*doubled, *self._same(taken)), changes=changes)

    def _doubled(self) -> Iterator[Finding]:
        """E010 for every rule but the first, good or not, of each id."""
        first: dict[str, tuple[str, Place]] = {}
        for each in self._ids.crowds(self._files):
            for name, place in each.outline.claims:
                known = first.setdefault(name, (each.outline.file, place)) if name in self._ids.crowded else None
                if known and known != (each.outline.file, place):
                    message = f"the id `{name}` is taken by another rule"
                    found = error_at(each.outline.file, place, "E010", message, "give one of them another `id:`")
                    yield _beside(found, *known, "it has the id already")

    def _same(self, taken: Taken) -> Iterator[Finding]:
        """W212 for each rule that finds the same in the same items as one before it."""
        first: dict[tuple[str, Scope], LoadedRule] = {}
        for each in self._meanings.crowds(self._files):
            for rule in unique(each, taken):
                if not rule.has_expression or hash(_meaning(rule)) not in self._meanings.crowded:
                    continue
                known = first.setdefault(_meaning(rule), rule)
                if known is not rule:
                    message = f"this rule finds the same as `{known.rule.id}`"
                    found = error_at(rule.rule.file, rule.name, "W212", message, "keep one, with the channels of both")
                    beside = _beside(found, known.rule.file, known.name, "the other rule")
                    yield replace(beside, severity=FindingSeverity.WARNING)

    def _changes(self, names: Iterable[str], come: Iterable[RuleFile]) -> Iterator[tuple[RuleId, LoadedRule | None]]:
        """What the files say of these ids now: the first that claims one has it, and it may not be good."""
        new = {each.outline.file: {rule.rule.id: rule for rule in reversed(each.rules)} for each in come}
        for name in names:
            held = self._ids.files(name)
            if not name:
                continue
            file = self._files[min(held)] if held else None
            if file is None:
                yield RuleId(name), None
            elif len(held) == 1 and file.outline.file in new:
                yield RuleId(name), new[file.outline.file].get(RuleId(name))
            else:
                place = next(place for claimed, place in file.outline.claims if claimed == name)
                yield RuleId(name), next((rule for rule in file.rules if rule.name == place), None)


class _Holders:
    """By key, the files in which it stands, as often as it does; and which keys stand more than once."""

    def __init__(self) -> None:
        self._files: dict[Hashable, tuple[str, ...]] = {}
        self.crowded: set[Hashable] = set()

    def files(self, key: Hashable) -> tuple[str, ...]:
        return self._files.get(key, ())

    def add(self, file: str, keys: Iterable[Hashable]) -> None:
        alone = (file,)  # one for all its keys
        for key in keys:
            held = self._files.get(key)
            self._files[key] = (*held, file) if held else alone
            if held:
                self.crowded.add(key)

    def drop(self, file: str, keys: Iterable[Hashable]) -> None:
        for key in keys:
            held = list(self._files.pop(key))
            held.remove(file)
            if held:
                self._files[key] = tuple(held)
            if len(held) < 2:
                self.crowded.discard(key)

    def crowds(self, files: Mapping[str, RuleFile]) -> Iterator[RuleFile]:
        """The files with a key that stands more than once, sorted."""
        names = {file for key in self.crowded for file in self._files[key]}
        return (files[name] for name in sorted(names))


def unique(file: RuleFile, taken: Taken) -> Iterator[LoadedRule]:
    """The good rules of a file that have an id of their own."""
    return (rule for rule in file.rules if (file.outline.file, rule.name) not in taken) if taken else iter(file.rules)


def _meaning(rule: LoadedRule) -> tuple[str, Scope]:
    return rule.rule.expanded, rule.rule.scope


def _beside(found: Finding, file: str, at: Place, words: str) -> Finding:
    return replace(found, related=(at.line, at.column, words), related_file="" if file == found.file else file)
