"""pure: the bytes of a rule file -> what stands in it, each part checked on its own.

A rule or vocabulary entry that is wrong is reported and left out; the rest of its file stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel

from watcher import yamldoc
from watcher.model import Finding, FindingSeverity
from watcher.rules import wording
from watcher.rules.schema import NAME, EntryKeys, FileKeys, RuleKeys, Settings, slug

_TEXTS = ("title", "watch", "match", "all", "any", "unless", "none", "except")
"""Keys with texts in which a `#` may be meant."""

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a name stands in its file, and how many columns it takes."""

    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, kw_only=True)
class RulePart:
    """One rule: its keys as checked and its node, which knows the places; without keys it is wrong, and told."""

    keys: RuleKeys | None
    node: yamldoc.Mapping

    @cached_property
    def name(self) -> yamldoc.Node:
        """What its id is, or is made of."""
        named = (self.node.get(key) for key in ("id", "title", "watch"))
        return next((node for node in named if node is not None and not _is_null(node)), self.node)

    @cached_property
    def place(self) -> Place:
        """Where its name stands."""
        return Place(line=self.name.line, column=self.name.column, width=_width(self.name))

    @cached_property
    def id(self) -> str:
        """Empty where none can be made."""
        text = self.name.text if isinstance(self.name, yamldoc.Scalar) else ""
        return text if self.name is self.node.get("id") else slug(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPart:
    """One vocabulary entry; without keys it is wrong in a way that is told already."""

    name: yamldoc.Scalar
    node: yamldoc.Node
    keys: EntryKeys | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A rule file, as far as it could be read."""

    file: str
    uses: tuple[yamldoc.Scalar, ...] = ()
    defaults: Settings = field(default_factory=Settings)
    defaults_node: yamldoc.Mapping | None = None
    vocab: tuple[EntryPart, ...] = ()
    rules: tuple[RulePart, ...] = ()
    listed: range = range(0)  # the lines of the list of rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is kept of a rule file when its rules are made: the rest is read again where it is asked for."""

    file: str
    uses: tuple[yamldoc.Scalar, ...]
    claims: tuple[tuple[str, Place], ...]  # the ids of its rules, good or not, and where they are named
    has_vocab: bool
    findings: tuple[Finding, ...]  # of its form
    errors_outside: tuple[Finding, ...]  # those of its errors that stand outside of its list of rules


def outline(document: Document, findings: tuple[Finding, ...]) -> Outline:
    """A document in short. Of a whole text nothing is kept."""
    return Outline(
        file=document.file,
        uses=tuple(replace(use, source="") for use in document.uses),
        claims=tuple((part.id, part.place) for part in document.rules),
        has_vocab=bool(document.vocab),
        findings=findings,
        errors_outside=tuple(
            f for f in findings if f.severity is FindingSeverity.ERROR and f.line not in document.listed
        ),
    )


def read(source: bytes, file: str) -> tuple[Document, tuple[Finding, ...]]:
    """What stands in a rule file and everything wrong with its form. Raises nothing."""
    node, findings = yamldoc.load(source, file)
    if node is None or _is_null(node):
        return Document(file=file), findings
    reader = _Reader(file, findings)
    return reader.document(node), tuple(reader.findings)


def error(file: str, node: yamldoc.Node, code: str, message: str, mend: str = "") -> Finding:
    """An error finding at a node."""
    return error_at(file, Place(line=node.line, column=node.column, width=_width(node)), code, message, mend)


def error_at(file: str, at: Place, code: str, message: str, mend: str = "") -> Finding:
    """An error finding at a place."""
    severity = FindingSeverity.ERROR
    return Finding(
        code=code,
        severity=severity,
        file=file,
        line=at.line,
        column=at.column,
        message=message,
        help=mend,
        width=at.width,
    )


def _width(node: yamldoc.Node) -> int:
    return max(len(node.text), 1) if isinstance(node, yamldoc.Scalar) and "\n" not in node.text else 1


def scalars(node: yamldoc.Node | None) -> tuple[yamldoc.Scalar, ...]:
    """The values of a list, its inner lists included, or of what may stand for a list of one."""
    if isinstance(node, yamldoc.Scalar):
        return (node,)
    items = node.items if isinstance(node, yamldoc.Sequence) else ()
    return tuple(scalar for item in items for scalar in scalars(item))


def uses(source: bytes) -> tuple[str, ...]:
    """The files that a rule file uses, as written in it."""
    return tuple(scalar.text for scalar in read(source, "")[0].uses) if b"use" in source else ()


class _Reader:
    def __init__(self, file: str, findings: tuple[Finding, ...]) -> None:
        self.file = file
        self.findings = list(findings)
        self.doubled = [finding for finding in findings if finding.code == "E002"]

    def document(self, node: yamldoc.Node) -> Document:
        if not isinstance(node, yamldoc.Mapping):
            self.check(FileKeys, node)
            return Document(file=self.file)
        apart = {"defaults", "vocab", "rules"}
        head = replace(node, items=tuple(item for item in node.items if item[0].text not in apart))
        self.check(FileKeys, head)
        defaults = node.get("defaults")
        return Document(
            file=self.file,
            uses=scalars(node.get("use")),
            defaults=(self.settings(defaults) if defaults else None) or Settings(),
            defaults_node=defaults if isinstance(defaults, yamldoc.Mapping) else None,
            vocab=tuple(self.entries(node.get("vocab"))),
            rules=tuple(self.rules(node.get("rules"))),
            listed=_lines(node.get("rules")),
        )

    def settings(self, node: yamldoc.Node) -> Settings | None:
        checked, wrong = self.check(Settings, node), list(wording.check(self.file, node))
        self.findings += wrong
        return None if wrong else checked

    def entries(self, node: yamldoc.Node | None) -> Iterator[EntryPart]:
        if node is None or _is_null(node):
            return
        if not isinstance(node, yamldoc.Mapping):
            self.wrong(node, "E004", "vocab: expected names with entries", "write  name: {match: 'this OR that'}")
            return
        for name, entry in node.items:
            if NAME.fullmatch(name.text):
                keys = self.check(EntryKeys, entry)
                wrong = self.has_doubled_key(entry) or self.has_eaten_text(entry)
                yield EntryPart(name=name, node=entry, keys=None if wrong else keys)
            else:
                self.wrong(name, "E004", f"`{name.text}` cannot be a vocabulary name", "names are a-z 0-9 _ -")

    def rules(self, node: yamldoc.Node | None) -> Iterator[RulePart]:
        if node is None or _is_null(node):
            return
        if not isinstance(node, yamldoc.Sequence):
            self.wrong(node, "E004", "rules: expected a list of rules", "each rule starts with a dash")
            return
        for rule in node.items:
            keys = self.check(RuleKeys, rule)
            if isinstance(rule, yamldoc.Mapping):
                wrong = self.has_doubled_key(rule) | self.has_eaten_text(rule)
                yield RulePart(keys=None if wrong else keys, node=rule)

    def check(self, model: type[_Model], node: yamldoc.Node) -> _Model | None:
        keys, findings = yamldoc.validate(model, node, self.file)
        self.findings += (_advised(found, node) for found in findings) if model is RuleKeys else findings
        return keys

    def has_doubled_key(self, node: yamldoc.Node) -> bool:
        """Whether the reader found a duplicate key in it: which of the two was meant nobody knows."""
        last = node.line + node.source.count("\n", node.start, node.end)
        return any(node.line <= finding.line <= last for finding in self.doubled)

    def has_eaten_text(self, node: yamldoc.Node) -> bool:
        """Whether YAML took the end of a text for a comment."""
        texts = [s for key in _TEXTS for s in scalars(node.get(key))] if isinstance(node, yamldoc.Mapping) else []
        eaten = [(text, found) for text in texts if (found := wording.eaten(text))]
        for text, found in eaten:
            self.findings.append(_eaten(self.file, text, found))
        return bool(eaten)

    def wrong(self, node: yamldoc.Node, code: str, message: str, mend: str) -> None:
        self.findings.append(error(self.file, node, code, message, mend))


_MEANT = {
    "any": "keywords keyword words terms or one_of phrases",
    "all": "and all_of must required",
    "none": "exclude excludes excluded except not without never ignore",
    "match": "query expression search pattern rule condition filter regex",
    "notify": "channel channels alert alerts to email send recipients",
    "watch": "topic",
    "scope": "feed feeds source sources lang language",
    "severity": "priority level importance",
    "denials": "denial",
    "throttle": "rate_limit cooldown",
}
_INSTEAD = {word: key for key, words in _MEANT.items() for word in words.split()}


def _advised(found: Finding, node: yamldoc.Node) -> Finding:
    """What was probably meant by a key that there is not, and how a list is written."""
    about, _, rest = found.message.partition(": expected ")
    if found.code == "E003" and (meant := _INSTEAD.get(about.removeprefix("unknown key ").strip("`").casefold())):
        return replace(found, help=f"did you mean `{meant}`?")
    value = node.get(about) if isinstance(node, yamldoc.Mapping) and not found.help else None
    if rest.startswith("a list") and about in {"any", "all", "unless", "none"} and isinstance(value, yamldoc.Scalar):
        return replace(found, help=f"write a list: [{', '.join(re.split(r'[,;|] *', value.text))}]")
    if rest.startswith("words; got a list") and about == "match":
        return replace(found, help="an expression is one text, as  a OR b ; a list stands under `any:` or `all:`")
    if rest.startswith("words; got a list"):
        return replace(found, help="only `all:` has lists inside; here every entry is one of the alternatives")
    if rest.startswith("words; got keys"):
        return replace(found, help="put quotes round an entry with `: ` in it")
    if about == "within" and not rest.startswith("a duration"):
        number = value.text if isinstance(value, yamldoc.Scalar) and value.text.isdigit() else ""
        return replace(found, help=f"write within: {number} words" if number else "write within: sentence")
    return found


def _lines(node: yamldoc.Node | None) -> range:
    """The lines on which a node stands."""
    return range(node.line, node.line + node.source.count("\n", node.start, node.end) + 1) if node else range(0)


def _eaten(file: str, text: yamldoc.Scalar, comment: str) -> Finding:
    message = f"YAML takes `{comment}` for a comment: it is no part of the text"
    quoted = f"{text.text} {comment}".replace("'", "''")
    mend = f"put the text in quotes: '{quoted}'; or two blanks before the `#` of a comment"
    place = replace(text, column=text.column + text.end - text.start + 1, text=comment)
    return error(file, place, "E005", message, mend)


def _is_null(node: yamldoc.Node) -> bool:
    return isinstance(node, yamldoc.Scalar) and node.value is None
