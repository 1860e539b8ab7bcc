"""pure: the bytes of a rule file -> what stands in it, each part checked on its own.

A rule or vocabulary entry that is wrong is reported and left out; the rest of its file stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, StrictBool, Tag
from pydantic import Field as Key
from pydantic_core import PydanticCustomError

from watcher import yamldoc
from watcher.model import Finding, FindingSeverity
from watcher.rules.plain import WITHIN

LATER = frozenset(
    {"actual", "denials", "throttle", "digest", "when", "max_age", "template", "tests", "absence", "min_words"}
)
"""Keys of the language that this version does not act on."""

_SLUG_LENGTH = 60
_NAME = re.compile(r"[a-z0-9_-]+")
_ID = re.compile(r"[a-z0-9-]+")


def slug(text: str) -> str:
    """An id made of a title: a-z 0-9 and dashes, at most 60; empty for a title without any such letter."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    made = "-".join(words)
    return made if len(made) <= _SLUG_LENGTH else made[: _SLUG_LENGTH + 1].rpartition("-")[0] or made[:_SLUG_LENGTH]


def _is_text(value: Any) -> Any:
    if value is None or isinstance(value, list | dict):
        raise PydanticCustomError("E004", "expected words")
    return value


def _is_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise PydanticCustomError("E004", "expected a-z 0-9 -", {"help": f"write {slug(value) or 'an-id-like-this'}"})
    return value


def _is_within(value: Any) -> Any:
    if not isinstance(value, str) or not WITHIN.fullmatch(value):
        raise PydanticCustomError("E004", "expected title, sentence, paragraph, article or a number of words: 15 words")
    return value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _without_comma(value: str) -> str:
    if "," in value:
        names = ", ".join(part.strip() for part in value.split(",") if part.strip())
        raise PydanticCustomError(
            "E021", "a comma stands inside a channel's name", {"help": f"write a list: [{names}]"}
        )
    return value


_Text = Annotated[str | int | float | bool, BeforeValidator(_is_text)]
_Listed = Annotated[list[_Text], Key(min_length=1)]
_Alternatives = Annotated[
    Annotated[_Listed, Tag("list")] | Annotated[_Text, Tag("text")],
    Discriminator(lambda value: "list" if isinstance(value, list) else "text"),
]
_Names = Annotated[list[Annotated[str, AfterValidator(_without_comma)]], BeforeValidator(_as_list)]
_Group = Literal["story", "rule", "feed", "site", "item"]
_Groups = Annotated[list[_Group], BeforeValidator(_as_list), Key(min_length=1, max_length=1)]
_Severity = Literal["info", "low", "medium", "high", "critical"]
_Updates = Literal["ignore", "thread", "alert"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(_Strict):
    """What a rule may say of its alerts, and `defaults:` for all rules of the file."""

    severity: _Severity | None = None
    notify: _Names | None = None
    updates: _Updates | None = None
    group: _Groups | None = None


class ScopeKeys(_Strict):
    feeds: list[str] = []
    lang: list[str] = []


class RuleKeys(Settings):
    """One rule. The texts of `match` and of the lists are read from their nodes, which know their places."""

    id: Annotated[str, AfterValidator(_is_id)] | None = None
    title: str | None = None
    watch: str | None = None
    match: _Text | None = None
    all: Annotated[list[_Alternatives], Key(min_length=1)] | None = None
    any: _Listed | None = None
    within: Annotated[str, BeforeValidator(_is_within)] = "article"
    unless: _Listed | None = None
    none: _Listed | None = None
    scope: ScopeKeys = ScopeKeys()


class EntryKeys(_Strict):
    """One vocabulary entry."""

    match: _Text
    except_: _Text | None = Key(None, alias="except")
    auto: StrictBool = False
    override: StrictBool = False


class FileKeys(_Strict):
    """A rule file without its rules and vocabulary, which are checked one by one."""

    schema_: Literal["watch/1"] = Key("watch/1", alias="schema")
    use: list[str] = []
    defaults: Settings = Settings()
    vocab: None = None
    rules: None = None


_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePart:
    """One rule: its keys as checked and its node, which knows the places."""

    keys: RuleKeys
    node: yamldoc.Mapping


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
    default_notify: tuple[yamldoc.Scalar, ...] = ()
    vocab: tuple[EntryPart, ...] = ()
    rules: tuple[RulePart, ...] = ()


def read(source: bytes, file: str) -> tuple[Document, tuple[Finding, ...]]:
    """What stands in a rule file and everything wrong with its form. Raises nothing."""
    node, findings = yamldoc.load(source, file)
    if node is None or _is_null(node):
        return Document(file=file), findings
    reader = _Reader(file, findings)
    return reader.document(node), tuple(reader.findings)


def error(file: str, node: yamldoc.Node, code: str, message: str, mend: str = "") -> Finding:
    """An error finding at a node."""
    severity = FindingSeverity.ERROR
    width = len(node.text) if isinstance(node, yamldoc.Scalar) and "\n" not in node.text else 1
    return Finding(
        code=code,
        severity=severity,
        file=file,
        line=node.line,
        column=node.column,
        message=message,
        help=mend,
        width=max(width, 1),
    )


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
            defaults=(self.check(Settings, defaults) if defaults else None) or Settings(),
            default_notify=scalars(defaults.get("notify")) if isinstance(defaults, yamldoc.Mapping) else (),
            vocab=tuple(self.entries(node.get("vocab"))),
            rules=tuple(self.rules(node.get("rules"))),
        )

    def entries(self, node: yamldoc.Node | None) -> Iterator[EntryPart]:
        if node is None or _is_null(node):
            return
        if not isinstance(node, yamldoc.Mapping):
            self.wrong(node, "E004", "vocab: expected names with entries", "write  name: {match: 'this OR that'}")
            return
        for name, entry in node.items:
            if _NAME.fullmatch(name.text):
                keys = self.check(EntryKeys, entry)
                yield EntryPart(name=name, node=entry, keys=None if self.has_doubled_key(entry) else keys)
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
            if keys and isinstance(rule, yamldoc.Mapping) and not self.has_doubled_key(rule):
                yield RulePart(keys=keys, node=rule)

    def check(self, model: type[_Model], node: yamldoc.Node) -> _Model | None:
        keys, findings = yamldoc.validate(model, node, self.file)
        later = {(key.line, key.column): key.text for key in _keys(node) if key.text in LATER} if findings else {}
        self.findings += [_not_yet(f, later) for f in findings]
        return keys

    def has_doubled_key(self, node: yamldoc.Node) -> bool:
        """Whether the reader found a duplicate key in it: which of the two was meant nobody knows."""
        last = node.line + node.source.count("\n", node.start, node.end)
        return any(node.line <= finding.line <= last for finding in self.doubled)

    def wrong(self, node: yamldoc.Node, code: str, message: str, mend: str) -> None:
        self.findings.append(error(self.file, node, code, message, mend))


def _is_null(node: yamldoc.Node) -> bool:
    return isinstance(node, yamldoc.Scalar) and node.value is None


def _keys(node: yamldoc.Node) -> Iterator[yamldoc.Scalar]:
    if isinstance(node, yamldoc.Mapping):
        for key, value in node.items:
            yield key
            yield from _keys(value)


def _not_yet(finding: Finding, later: dict[tuple[int, int], str]) -> Finding:
    key = later.get((finding.line, finding.column))
    if finding.code != "E003" or key is None:
        return finding
    return replace(finding, help=f"`{key}` is not in this version yet; take it out")
