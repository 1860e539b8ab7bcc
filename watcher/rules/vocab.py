"""pure: (tree, vocabulary) -> tree with every name filled in; documents -> the vocabulary each of them sees.

A file sees its own entries and those of the files it uses, not what these use in turn. An entry means what it meant in
its own file: replacing a name elsewhere changes no entry that was built on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from operator import is_
from typing import Final

from watcher import yamldoc
from watcher.model import FindingSeverity
from watcher.rules.lex import NAME_FIELDS
from watcher.rules.nodes import (
    Alias,
    And,
    At,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Or,
    Phrase,
    Published,
    Reality,
    Regex,
    Some,
    Word,
)
from watcher.rules.printer import Known
from watcher.rules.problem import Problem
from watcher.rules.shape import children, is_occurrence, walk
from watcher.text.fold import folded, plain, singular

MAX_LEAVES = 50_000
"""Words and phrases of one expanded expression; names built on names grow by multiplication."""
MAX_DEPTH = 80
"""Levels of one expanded expression, twice what may be written in one."""

_TEXT_FIELDS = frozenset({"any", "title", "lead", "summary", "body", "raw"})
_BARE: Final = (Phrase, Regex, Published)
_WORDS: Final = (Word, Phrase)
_LISTED: Final = (And, Or, Some)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A vocabulary entry, its own names filled in. Without a tree it is wrong; what uses it cannot be loaded."""

    name: str
    tree: Node | None
    auto: bool = False
    override: bool = False
    place: str = ""  # file:line:column
    capital: bool = False  # its own name stands in it in capitals, as US in `us`: us is another word
    fielded: bool = False  # it has a field or published: inside
    leaves: int = 1
    depth: int = 1


@dataclass(frozen=True)
class Vocabulary:
    """Entries by name."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    @cached_property
    def autos(self) -> Mapping[str, Entry]:
        """Entries that stand in for a bare word, by the word's folded singular."""
        return {_key(entry.name): entry for entry in self.entries.values() if entry.auto}

    @cached_property
    def texts(self) -> Known:
        """How entries are printed, as `spelled` finds out."""
        return {}


def entry_of(name: str, tree: Node, vocabulary: Vocabulary, *, auto: bool, override: bool, place: str) -> Entry:
    """An entry with what is asked of it often worked out; `tree` is expanded with `vocabulary`."""
    leaves, depth = measure(tree, vocabulary)
    words = [node.text for node in walk(tree) if isinstance(node, Word) and _key(node.text) == _key(name)]
    return Entry(
        name=name,
        tree=tree,
        auto=auto,
        override=override,
        place=place,
        capital=any(plain(text).isupper() for text in words),
        fielded=any(isinstance(node, Field | Published) for node in walk(tree)),
        leaves=leaves,
        depth=depth,
    )


def merged(entries: Iterable[Entry]) -> Vocabulary:
    """Entries of many files in one; of the same name an overriding one wins, else the last."""
    chosen: dict[str, Entry] = {}
    for entry in entries:
        known = chosen.get(entry.name)
        if known is None or entry.override or not known.override:
            chosen[entry.name] = entry
    return Vocabulary(chosen)


def expand(tree: Node, vocabulary: Vocabulary, *, auto: bool = True) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree with every Alias filled and, if `auto`, bare words that an entry stands in for made an Alias.

    Problems: E023 unknown name, E108 and E109 where what a name means does not fit its place, E119 grown too big, W206
    a word in lower case that is not the entry of the same letters. No tree when one of them is an error.
    """
    expander = _Expander(vocabulary, auto=auto)
    expanded = expander.expand(tree, None)
    leaves, depth = measure(expanded, vocabulary)
    if leaves > MAX_LEAVES or depth > MAX_DEPTH:
        message = f"with its vocabulary spelled out this has {leaves:,} words, {depth} levels deep"
        expander.wrong("E119", tree.at, message, f"at most {MAX_LEAVES:,} words and {MAX_DEPTH} levels are read")
    problems = tuple(expander.problems)
    return (None if any(p.fatal for p in problems) else expanded), problems


def measure(node: Node, vocabulary: Vocabulary) -> tuple[int, int]:
    """Leaves and depth of an expanded tree; what a name brings was measured once, when its entry was made."""
    if isinstance(node, Alias):
        entry = vocabulary.entries.get(node.name)
        return (entry.leaves, entry.depth + 1) if entry else (1, 1)
    leaves = deepest = 0
    for child in children(node):
        more, depth = (1, 1) if isinstance(child, _WORDS) else measure(child, vocabulary)
        leaves, deepest = leaves + more, max(deepest, depth)
    return leaves or 1, 1 + deepest


class _Expander:
    def __init__(self, vocabulary: Vocabulary, *, auto: bool) -> None:
        self.vocabulary = vocabulary
        self.autos = vocabulary.autos if auto else {}
        self.problems: list[Problem] = []

    def wrong(
        self, code: str, at: At, message: str, mend: str = "", related: tuple[int, int, str] | None = None
    ) -> None:
        problem = Problem(code=code, start=at[0], end=at[1], message=message, help=mend, related=related)
        self.problems.append(problem)

    def expand(self, node: Node, field: str | None) -> Node:
        if isinstance(node, Word):
            return self.word(node, field)
        if isinstance(node, _BARE):
            return node
        if isinstance(node, Alias):
            return self.alias(node, field)
        if isinstance(node, _LISTED):
            return self.listed(node, field)
        if isinstance(node, Near):
            left, right = self.expand(node.left, field), self.expand(node.right, field)
            self.must_occur((left, right), "NEAR", (node.left.at[1], node.right.at[0]))
            same = left is node.left and right is node.right
            return node if same else Near(left, right, node.distance, node.ordered, node.at)
        if isinstance(node, Except):
            kept = replace(node, part=self.expand(node.part, field), but=self.expand(node.but, field))
            self.must_occur((kept.part, kept.but), "EXCEPT", (node.part.at[1], node.but.at[0]))
            return kept
        part = self.expand(node.part, node.name if isinstance(node, Field) else field)
        if isinstance(node, AtLeast | Reality):
            name = "ATLEAST" if isinstance(node, AtLeast) else node.kind.upper()
            self.must_occur((part,), name, (node.at[0], node.at[0] + len(name)))
        return node if part is node.part else replace(node, part=part)

    def listed(self, node: And | Or | Some, field: str | None) -> Node:
        parts = tuple([self.expand(part, field) for part in node.parts])
        if all(map(is_, parts, node.parts)):
            return node
        if isinstance(node, Or):  # a word may have become an Or
            parts = tuple([inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))])
        return replace(node, parts=parts) if isinstance(node, Some) else type(node)(parts, node.at)

    def word(self, word: Word, field: str | None) -> Node:
        """An entry stands in for its word; `word~` stays beside the entry, because no entry brings all its forms."""
        if not self.autos or word.exact or word.prefix or (field or "any") not in _TEXT_FIELDS:
            return word
        entry = self.autos.get(_key(word.text))
        if entry is None:
            return word
        if entry.capital and not plain(word.text).isupper():
            self.lower_case(word, entry)
            return word
        alias = self.filled(Alias(entry.name, None, word.at), entry, field)
        return Or((alias, word), word.at) if word.inflect else alias

    def lower_case(self, word: Word, entry: Entry) -> None:
        message = f"`{word.text}` is read as the word itself, not as @{entry.name}, which is written in capitals"
        mend = f'write {plain(word.text).upper()} or @{entry.name}; for the word itself, quote it: "{word.text}"'
        severity = FindingSeverity.WARNING
        self.problems.append(
            Problem(code="W206", start=word.at[0], end=word.at[1], message=message, help=mend, severity=severity)
        )

    def alias(self, alias: Alias, field: str | None) -> Node:
        entry = self.vocabulary.entries.get(alias.name)
        if entry:
            return self.filled(alias, entry, field)
        near = yamldoc.nearest(alias.name, self.vocabulary.entries)
        known = ", ".join(f"@{name}" for name in sorted(self.vocabulary.entries)[:20])
        mend = f"did you mean @{near}?" if near else f"known: {known}" if known else "name its file in `use:`"
        self.wrong("E023", alias.at, f"no vocabulary entry is named `{alias.name}`", mend)
        return alias

    def filled(self, alias: Alias, entry: Entry, field: str | None) -> Alias:
        if entry.tree is None:
            message = f"@{entry.name} cannot be used: its entry is wrong"
            self.wrong("E023", alias.at, message, f"see {entry.place}")
        if field and entry.fielded:
            message = f"@{entry.name} has a field of its own and stands inside `{field}:`"
            self.wrong("E109", alias.at, message, f"it is defined at {entry.place}")
        if field in NAME_FIELDS and entry.tree and any(isinstance(part, Regex) for part in walk(entry.tree)):
            message = f"@{entry.name} holds a regular expression, and `{field}:` a name, which none searches"
            self.wrong("E115", alias.at, message, f"it is defined at {entry.place}")
        return Alias(alias.name, entry.tree, alias.at)

    def must_occur(self, operands: Iterable[Node], operator: str, at: At) -> None:
        for alias in (alias for operand in operands for alias in _facts(operand)):
            entry = self.vocabulary.entries[alias.name]
            message = f"@{alias.name} has no place in the text, and {operator} needs words that have one"
            mend = f"it is defined at {entry.place}, as a fact: with AND, NOT, OF, ATLEAST or published:"
            self.wrong("E108", alias.at, message, mend, (*at, f"{operator} stands here"))


def _facts(node: Node) -> Iterator[Alias]:
    """The names that make an operand a fact."""
    if isinstance(node, Alias) and node.part is not None and not is_occurrence(node.part):
        yield node
    elif isinstance(node, Or):
        for part in node.parts:
            yield from _facts(part)
    elif isinstance(node, Field | First):
        yield from _facts(node.part)


@lru_cache(1 << 16)
def _key(word: str) -> str:
    return singular(folded(word))
