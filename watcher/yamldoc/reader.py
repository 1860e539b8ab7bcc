"""pure: (bytes, file name) -> (node, findings). libyaml's events under our own resolver and composer.

Events, because libyaml's own composer recurses: nesting is counted before anything is built on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yaml import events as ev
from yaml.cyaml import CBaseLoader
from yaml.error import MarkedYAMLError

from watcher.model import Finding
from watcher.yamldoc.nodes import Mapping, Node, Scalar, Sequence, place
from watcher.yamldoc.syntax import advice, error_at, syntax_error

MAX_BYTES = 8 * 2**20
MAX_DEPTH = 100

_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
# YAML 1.2.2, section 5.1, less the line breaks of YAML 1.1 that libyaml still sees (NEL, LS, PS) and a bare CR.
FOREIGN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r(?!\n)"
)
# A number of more than 300 digits is text: int() refuses thousands of them.
_TYPED = re.compile(
    r"(?P<null>~|null|Null|NULL|)|(?P<true>true|True|TRUE)|(?P<false>false|False|FALSE)"
    r"|(?P<int>[-+]?[0-9]{1,300})|(?P<based>0x[0-9a-fA-F]{1,300}|0o[0-7]{1,300})"
    r"|(?P<float>[-+]?(?:\.[0-9]{1,300}|[0-9]{1,300}(?:\.[0-9]{0,300})?)(?:[eE][-+]?[0-9]{1,300})?)"
    r"|(?P<special>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)


def load(source: bytes, file: str, *, limit: int = MAX_BYTES) -> tuple[Node | None, tuple[Finding, ...]]:
    """Read one YAML document of at most `limit` bytes.

    No node means that the text cannot be relied on (not UTF-8, too big, a syntax error, an alias, a tag); duplicate
    keys leave a node, with the first of each. An empty file is a null scalar. Raises nothing.
    """
    if len(source) > limit:
        message = f"the file has {len(source):,} bytes; at most {limit:,} are read"
        return None, (error_at("E001", file, (1, 1), message, help="split it into several files"),)
    text, finding = _decode(source, file)
    return (None, (finding,)) if finding else _Composer(text, file).compose()


def _decode(source: bytes, file: str) -> tuple[str, Finding | None]:
    for bom, name in _BOMS.items():
        if source.startswith(bom):
            return "", error_at("E001", file, (1, 1), f"the file is written in {name}", help="save it as UTF-8")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = error.object[: error.start].decode("utf-8")
        message = f"the file is not UTF-8: byte 0x{error.object[error.start]:02X} stands here"
        return "", error_at("E001", file, place(good, len(good)), message, help="save it as UTF-8")
    return text, _foreign(text, file)


def _foreign(text: str, file: str) -> Finding | None:
    found = FOREIGN.search(text)
    if not found:
        return None
    message = f"the character U+{ord(found[0]):04X} may not stand in a YAML file"
    mend = "save it with line ends LF" if found[0] == "\r" else "delete it; pasted text may carry it unseen"
    return error_at("E001", file, place(text, found.start()), message, help=mend)


def resolve(text: str) -> str | float | bool | None:
    """A plain scalar's value by the core schema (YAML 1.2.2, section 10.3.2)."""
    typed = _TYPED.fullmatch(text)
    match typed and typed.lastgroup:
        case "null":
            return None
        case "true" | "false" as word:
            return word == "true"
        case "int":
            return int(text)
        case "based":
            return int(text, 0)
        case "float":
            return float(text)
        case "special":
            return float(text.replace(".", ""))
    return text


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    event: Any
    children: list[Node] = field(default_factory=list)


class _Composer:
    """Builds nodes from events, with a stack of its own."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._findings: list[Finding] = []
        self._lines: set[int] = set()  # that something was found in
        self._stack: list[_Open] = []
        self._root: Node | None = None
        self._sound = True

    def compose(self) -> tuple[Node | None, tuple[Finding, ...]]:
        parser = CBaseLoader(self._text)
        try:
            while self._take(parser.get_event()):
                pass
        except MarkedYAMLError as error:
            self._fail(syntax_error(error, self._text, self._file))
        root = self._root or Scalar(value=None, text="", line=1, column=1, start=0, end=0, source=self._text)
        return root if self._sound else None, tuple(sorted(self._findings, key=lambda f: (f.line, f.column)))

    def _take(self, event: Any) -> bool:
        """One event; False when nothing more is to be read."""
        kind = type(event)
        if kind is ev.ScalarEvent:
            self._add(self._scalar(event))
        elif kind is ev.MappingStartEvent or kind is ev.SequenceStartEvent:
            return self._open(event)
        elif kind is ev.MappingEndEvent or kind is ev.SequenceEndEvent:
            self._add(self._closed(event))
        elif kind is ev.AliasEvent:
            self._reject(event.start_mark, f"`*{event.anchor}` is an alias, which is not used here")
            self._add(Scalar(value=None, text="", line=1, column=1, start=0, end=0, source=self._text))
        elif kind is ev.DocumentStartEvent and self._root:
            self._reject(event.start_mark, "a second document begins here: keep one document a file")
            return False
        return kind is not ev.StreamEndEvent

    def _scalar(self, event: Any) -> Scalar:
        if event.anchor or event.tag:
            self._refuse_properties(event)
        start, text, style = event.start_mark, event.value, event.style or ""
        return Scalar(
            value=text if style else resolve(text),
            text=text,
            style=style,
            line=start.line + 1,
            column=start.column + 1,
            start=start.index,
            end=event.end_mark.index,
            source=self._text,
        )

    def _open(self, event: Any) -> bool:
        if event.anchor or event.tag:
            self._refuse_properties(event)
        if len(self._stack) == MAX_DEPTH:
            self._reject(event.start_mark, f"more than {MAX_DEPTH} levels inside each other")
            return False
        self._stack.append(_Open(event))
        return True

    def _refuse_properties(self, event: Any) -> None:
        sign = f"`&{event.anchor}` is an anchor" if event.anchor else f"`{event.tag}` is a tag"
        self._reject(event.start_mark, f"{sign}, which is not used here")

    def _reject(self, mark: Any, message: str) -> None:
        where = (mark.line + 1, mark.column + 1)
        self._fail(error_at("E001", self._file, where, message, help=advice(self._text, mark.index)))

    def _fail(self, finding: Finding) -> None:
        """The first trouble of a line is the one to mend: what follows in it comes from it."""
        self._sound = False
        if finding.line not in self._lines:
            self._report(finding)

    def _report(self, finding: Finding) -> None:
        self._lines.add(finding.line)
        self._findings.append(finding)

    def _closed(self, end: Any) -> Mapping | Sequence:
        done = self._stack.pop()
        start = done.event.start_mark
        marks = {
            "line": start.line + 1,
            "column": start.column + 1,
            "start": start.index,
            "end": end.end_mark.index,
            "source": self._text,
        }
        if type(done.event) is ev.SequenceStartEvent:
            return Sequence(items=tuple(done.children), **marks)
        return Mapping(items=tuple(self._pairs(done.children)), **marks)

    def _pairs(self, children: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Scalar] = {}
        for key, node in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._refuse_key(key, "a list or a mapping stands where a word must; text in { } or [ ] is quoted")
            elif key.text == "<<" and not key.style:
                self._refuse_key(key, "`<<` is a merge key, which is not used here")
            elif first := seen.get(key.text):
                self._refuse_twice(key, first)
            else:
                seen[key.text] = key
                yield key, node

    def _refuse_key(self, key: Node, message: str) -> None:
        self._fail(error_at("E001", self._file, (key.line, key.column), message))

    def _refuse_twice(self, key: Scalar, first: Scalar) -> None:
        finding = error_at(
            "E002",
            self._file,
            (key.line, key.column),
            f"`{key.text}` is given twice",
            help="keep one of the two",
            width=max(len(key.text), 1),
            related=(first.line, first.column, "first given here"),
        )
        self._report(finding)

    def _add(self, node: Node) -> None:
        if self._stack:
            self._stack[-1].children.append(node)
        else:
            self._root = node
