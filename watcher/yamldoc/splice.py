"""pure: (nodes of a file, a place in them, a value) -> the file's text with that one place changed.

Block entries are whole lines and flow entries the text between commas. A comment behind an entry, in its line, goes
with it; comments in lines of their own stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from watcher.yamldoc import style
from watcher.yamldoc.nodes import Mapping, Node, Scalar, Sequence
from watcher.yamldoc.style import Data

_COLON = re.compile(r"\s*:")
_HEADER = re.compile(r"[|>][0-9+-]*")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
_TO_NEXT = re.compile(r"[ \t]*,?[ \t]*(?:#[^\n]*)?\s*")
_COMMA = re.compile(r"\s*,")
_BEFORE_DASH = re.compile(r"[ -]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    start: int  # of its key, or dash
    opened: int  # behind its `:`, or dash
    node: Node


def is_flow(node: Node) -> bool:
    """Whether a collection is written in brackets."""
    return not isinstance(node, Scalar) and node.source[node.start : node.start + 1] in {"[", "{"}


class Splicer:
    """The text of one file. Every method gives a whole new text."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.text = root.source
        first = self.text.find("\n")
        self.line_end = "\r\n" if first > 0 and self.text[first - 1] == "\r" else "\n"
        self.dash = next((d for d in _dashes(root)), style.STEP)

    # --- the whole ----------------------------------------------------------------------------------

    def with_root(self, value: Data) -> str:
        """The root written anew, on one line; comments around it stay."""
        new = style.inline(value)
        if isinstance(self.root, Scalar):
            line_end = "" if not self.text or self.text.endswith("\n") else self.line_end
            return self.text + line_end + new + ("" if line_end else self.line_end)
        return self.text[: self.root.start] + new + self.text[self.content_end(self.root) :]

    # --- entries that are lines ---------------------------------------------------------------------

    def with_set(self, parent: Mapping | Sequence, index: int, value: Data) -> str:
        """Another value for an entry."""
        entry = self.entries(parent)[index]
        opener = "-" if isinstance(parent, Sequence) else f"{_key(parent, index)}:"
        nested = isinstance(parent, Sequence) and is_flow(entry.node)
        indent = self.column(entry.start)
        first, *body = style.entry(opener, value, indent, self.dash, nested=nested)
        return self.replaced(entry, first[indent + len(opener) :], body)

    def with_first(self, holder: Mapping | Sequence | None, index: int | None, step: str | int, value: Data) -> str:
        """The first entry of what is `[]` or `{}` so far: entry `index` of `holder`, or the root."""
        if holder is None or index is None:
            lines = self.lines(step, value, 0)
            return self.text[: self.root.start] + self.line_end.join(lines) + self.text[self.root.end :]
        entry = self.entries(holder)[index]
        indent = self.column(entry.start)
        below = self.dash if isinstance(step, int) and isinstance(holder, Mapping) else style.STEP
        if isinstance(step, int) and style.is_short([value], indent + entry.opened - entry.start):
            return self.replaced(entry, f" {style.inline([value])}", [])
        return self.replaced(entry, "", self.lines(step, value, indent + below))

    def with_added(self, parent: Mapping | Sequence, step: str | int, value: Data, after: str | None) -> str:
        """One more entry: behind the key `after`, else behind the last; with a blank line where the others have one."""
        entries = self.entries(parent)
        known = [key.text for key, _ in parent.items] if isinstance(parent, Mapping) else []
        before = entries[known.index(after)] if after in known else entries[-1]
        blank = [""] if before is entries[-1] and self._are_apart(entries) else []
        return self._behind(before, [*blank, *self._like(before, parent, step, value, entries)])

    def with_more(self, parent: Sequence, values: Iterable[Data]) -> str:
        """More entries behind the last one, each as `with_added` would write it."""
        entries = self.entries(parent)
        blank = [""] if self._are_apart(entries) else []
        lines = (line for one in values for line in [*blank, *self._like(entries[-1], parent, 0, one, entries)])
        return self._behind(entries[-1], lines)

    def _are_apart(self, entries: list[_Entry]) -> bool:
        return len(entries) > 1 and self.apart(entries[-2], entries[-1])

    def _like(
        self, one: _Entry, parent: Mapping | Sequence, step: str | int, value: Data, entries: list[_Entry]
    ) -> list[str]:
        nested = isinstance(one.node, Mapping) and is_flow(one.node) and isinstance(parent, Sequence)
        return self.lines(step, value, self.column(entries[0].start), nested=nested)

    def _behind(self, before: _Entry, lines: Iterable[str]) -> str:
        end = self.line_end_after(self.content_end(before.node))
        text = self.closed(before.node) if end == len(self.text) else self.text
        end += len(text) - len(self.text)
        return text[:end] + self.joined(lines) + text[end:]

    def without(self, parent: Mapping | Sequence, index: int) -> str:
        """All but one of several entries."""
        entries = self.entries(parent)
        entry = entries[index]
        end = self.line_end_after(self.content_end(entry.node))
        start = self.line_start(entry.start)
        if self.text[start : entry.start].strip(" ") and index + 1 < len(entries):  # behind the dash of what holds it
            following = entries[index + 1].start
            return self.text[: entry.start] + self.text[end if "#" in self.text[end:following] else following :]
        before = self.line_start(start - 1) if start else 0
        is_free = index > 0 and before > self.content_end(entries[index - 1].node)
        is_last = index == len(entries) - 1
        if is_free and self.is_blank(before) and (is_last or self.is_blank(end + len(self.line_end))):
            start = before
        if end == len(self.text):
            return self.text[: max(start - len(self.line_end), 0)]
        return self.text[:start] + self.text[end + len(self.line_end) :]

    def replaced(self, entry: _Entry, head: str, body: Iterable[str]) -> str:
        """An entry with `head` behind its opener and `body` in the lines below; a comment in its first line stays."""
        node, opened = entry.node, entry.opened
        end = self.content_end(node)
        if isinstance(node, Scalar) and node.style in {"|", ">"}:
            header = _HEADER.match(self.text, self.text.index(node.style, opened))
            assert header is not None
            inline, rest = header.end(), (self.line_end_after(header.end()), self.line_end_after(end))
        elif isinstance(node, Scalar) or is_flow(node) or "\n" not in self.text[opened : node.start]:
            inline, rest = max(end, opened), (self.line_end_after(end), self.line_end_after(end))
        else:
            inline, rest = opened, (self.line_end_after(opened), self.line_end_after(end))
        return self.text[:opened] + head + self.text[inline : rest[0]] + self.joined(body) + self.text[rest[1] :]

    def lines(self, step: str | int, value: Data, indent: int, *, nested: bool = False) -> list[str]:
        opener = "-" if isinstance(step, int) else f"{style.key_text(step)}:"
        return style.entry(opener, value, indent, self.dash, nested=nested)

    def joined(self, lines: Iterable[str]) -> str:
        return "".join(self.line_end + line for line in lines)

    def closed(self, last: Node) -> str:
        """The text, where a `|` block ends it without a line end: what follows is not to give it one."""
        while below := children(last):
            last = below[-1]
        is_block = isinstance(last, Scalar) and last.style in {"|", ">"}
        header = _HEADER.match(self.text, last.start) if is_block else None
        if header is None or header[0][-1] in "+-":
            return self.text
        return self.text[: header.end()] + "-" + self.text[header.end() :]

    # --- entries in brackets ------------------------------------------------------------------------

    def with_in_flow(self, parent: Mapping | Sequence, index: int | None, step: str | int, value: Data) -> str:
        """An entry set or added between brackets; on a line of its own where the last one is."""
        new = style.inline(value, flow=True)
        if index is not None:
            node = children(parent)[index]
            return self.text[: node.start] + new + self.text[node.end :]
        if isinstance(step, str):
            new = f"{style.key_text(step, flow=True)}: {new}"
        if not parent.items:
            return self.text[: parent.start + 1] + new + self.text[parent.start + 1 :]
        start, end = self.flow_span(parent, len(parent.items) - 1)
        indent = self.text[self.line_start(start) : start]
        own_line = not indent.strip(" ") and "#" not in self.text[end : self.line_end_after(end)]
        return self.text[:end] + ("," + self.line_end + indent if own_line else ", ") + new + self.text[end:]

    def without_in_flow(self, parent: Mapping | Sequence, index: int) -> str:
        start, end = self.flow_span(parent, index)
        if index + 1 < len(parent.items):
            following, _ = self.flow_span(parent, index + 1)
            gap = _TO_NEXT.match(self.text, end)
            assert gap is not None
            return self.text[:start] + self.text[gap.end() if "#" in self.text[end:following] else following :]
        _, before = self.flow_span(parent, index - 1) if index else (start, start)
        if "#" not in self.text[before:start] and index:
            return self.text[:before] + self.text[end:]
        comma = _COMMA.match(self.text, end)  # a comma stays before it, or nothing does
        return self.text[:start] + self.text[comma.end() if comma else end :]

    def flow_span(self, parent: Mapping | Sequence, index: int) -> tuple[int, int]:
        node = children(parent)[index]
        if isinstance(parent, Mapping):
            key = parent.items[index][0]
            return key.start, max(key.end, node.end)
        return node.start, node.end

    def written(self, parent: Mapping | Sequence, index: int, *, in_flow: bool) -> str:
        """An entry's text as it stands there."""
        if in_flow:
            start, end = self.flow_span(parent, index)
            return self.text[start:end]
        entry = self.entries(parent)[index]
        return self.text[self.line_start(entry.start) : self.line_end_after(self.content_end(entry.node))]

    # --- where things are ---------------------------------------------------------------------------

    def entries(self, parent: Mapping | Sequence) -> list[_Entry]:
        """The entries of a block collection."""
        if isinstance(parent, Mapping):
            found = [(key.start, _COLON.match(self.text, key.end), node) for key, node in parent.items]
            return [_Entry(start=s, opened=colon.end() if colon else s, node=node) for s, colon, node in found]
        starts = [self.dash_before(parent, node) for node in parent.items]
        return [_Entry(start=s, opened=s + 1, node=node) for s, node in zip(starts, parent.items, strict=True)]

    def dash_before(self, parent: Sequence, node: Node) -> int:
        """The dash of an item: in the column of the first, in the item's line or above it."""
        line = self.line_start(node.start)
        while line > parent.start:
            at = line + parent.column - 1
            if self.text[at : at + 1] == "-" and at < max(node.start, at + 1) and _only_dashes(self.text[line:at]):
                return at
            line = self.line_start(line - 1)
        return parent.start

    def content_end(self, node: Node) -> int:
        """Behind the last character that belongs to a node; before the last line end of what keeps its line ends."""
        if isinstance(node, Scalar) and node.style in {"|", ">"}:
            header = _HEADER.match(self.text, node.start)
            assert header is not None
            if "+" in header[0] and self.text[: node.end].endswith("\n"):
                return self.line_end_after(node.end - 1)
            return header.end() + len(self.text[header.end() : node.end].rstrip())
        if isinstance(node, Scalar) or is_flow(node):
            return node.end
        return self.content_end(children(node)[-1])

    def line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def line_end_after(self, index: int) -> int:
        end = self.text.find("\n", index)
        if end < 0:
            return len(self.text)
        return end - 1 if end > index and self.text[end - 1] == "\r" else end

    def column(self, index: int) -> int:
        return index - self.line_start(index)

    def is_blank(self, start: int) -> bool:
        """Whether the line that starts here has nothing in it, or there is none any more."""
        return not self.text[start : self.line_end_after(start)].strip()

    def apart(self, one: _Entry, other: _Entry) -> bool:
        return bool(_BLANK_LINE.search(self.text, self.content_end(one.node), other.start))


def _only_dashes(text: str) -> bool:
    return bool(_BEFORE_DASH.fullmatch(text))


def _key(parent: Node, index: int) -> str:
    assert isinstance(parent, Mapping)
    return style.key_text(parent.items[index][0].text)


def children(node: Node) -> list[Node]:
    if isinstance(node, Mapping):
        return [value for _, value in node.items]
    return list(node.items) if isinstance(node, Sequence) else []


def _dashes(node: Node) -> Iterator[int]:
    """By how much each list of the file stands behind its key."""
    if isinstance(node, Mapping) and not is_flow(node):
        for key, value in node.items:
            if isinstance(value, Sequence) and not is_flow(value):
                yield value.column - key.column
    for child in children(node):
        yield from _dashes(child)
