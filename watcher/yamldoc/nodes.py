"""pure: (node, path or offset) -> value or place. Lines and columns count from 1, offsets are code points from 0."""

from __future__ import annotations

import re
from collections import abc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_BLOCK = re.compile(r"[|>][^\n]*\n")
_FOLD = r"[ \t]*\r?\n[ \t\r\n]*"
# What makes one character of a text, or a fold, by the quoting of a flow scalar.
_PARTS = {
    "": re.compile(rf"{_FOLD}|."),
    "'": re.compile(rf"''|{_FOLD}|."),
    '"': re.compile(rf"\\\r?\n[ \t\r\n]*|\\(?:x..|u.{{4}}|U.{{8}}|.)|{_FOLD}|."),
}
_SOLID = re.compile(r"[^ \t\r\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What every node knows of its place: `source[start:end]` is how it stands in the file (without a BOM)."""

    line: int
    column: int
    start: int
    end: int
    source: str = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar(Marked):
    """One value: `text` as the author meant it, `value` as YAML types it. `style` is '' for plain, else its sign."""

    value: str | int | float | bool | None
    text: str
    style: str = ""

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column in the file of `text[offset]`; of the end of the text for offsets beyond it."""
        return place(self.source, self._index(min(max(offset, 0), len(self.text))))

    def _index(self, offset: int) -> int:
        if self.style in {"|", ">"}:
            return self._block_index(offset)
        places = list(self._flow_indexes())
        if offset < len(places):
            return places[offset]
        return places[-1] + 1 if places else self.start + len(self.style)

    def _flow_indexes(self) -> Iterator[int]:
        """The place in the source of each character of the text: folds make a blank or line breaks of many."""
        quote = len(self.style)
        start = self.source.index(self.style, self.start) + quote
        for part in _PARTS[self.style].finditer(self.source, start, self.end - quote):
            breaks = [part.start() + i for i, c in enumerate(part[0]) if c == "\n"]
            if not breaks:
                yield part.start()
            elif part[0].startswith("\\") or len(breaks) > 1:
                yield from breaks[1:]
            else:
                yield breaks[0]

    def _block_index(self, offset: int) -> int:
        """Every character that is not white space stands in the source too, in the same order: count them."""
        header = _BLOCK.search(self.source, self.start, self.end)
        if header is None:  # an empty block at the end of a file
            return self.end
        solids = [m.start() for m in _SOLID.finditer(self.source, header.end(), self.end)]
        before = sum(1 for _ in _SOLID.finditer(self.text, 0, offset))
        if offset < len(self.text) and _SOLID.match(self.text, offset):
            return solids[before]
        return solids[before - 1] + 1 if before else header.end()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence(Marked):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping(Marked):
    """Keys in file order, each once (the first of duplicates)."""

    items: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        return next((node for name, node in self.items if name.text == key), None)


Node = Scalar | Sequence | Mapping


def place(source: str, index: int) -> tuple[int, int]:
    """Line and column of an index into a source."""
    return source.count("\n", 0, index) + 1, index - source.rfind("\n", 0, index)


def plain(node: Node) -> Any:
    """The data alone: scalars' values, lists, dictionaries by the keys' text."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(item) for key, item in node.items}


def at(node: Node, path: abc.Sequence[str | int]) -> Node:
    """The nearest node to a path; steps that are not there are passed over (pydantic names union members so)."""
    for step in path:
        node = _child(node, step) or node
    return node


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Mapping):
        return node.get(str(step))
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step]
    return None
