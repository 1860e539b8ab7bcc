"""pure: (bytes, path, value) -> bytes: one entry of a YAML file set, added or removed, every other byte left alone.

Comments, quotes, indentation, line ends, the byte order mark and a missing last line end stay as they are. The result
is read again: an edit that did not come out as meant is refused, not written.
"""

from __future__ import annotations

import codecs
from collections import abc
from enum import Enum
from typing import Any, Final

from watcher.errors import WatcherError
from watcher.yamldoc.nodes import Mapping, Node, Scalar, Sequence, plain
from watcher.yamldoc.reader import load
from watcher.yamldoc.splice import Splicer, children, is_flow
from watcher.yamldoc.style import Data

Path = abc.Sequence[str | int]
"""Keys and indexes from the root; an index one behind the last appends."""


class Removed(Enum):
    """In place of a value: the entry is to go."""

    REMOVED = "removed"


REMOVED: Final = Removed.REMOVED


class EditError(WatcherError):
    """The file cannot be edited so; the text says why. Nothing was changed."""


def edit(source: bytes, path: Path, value: Data | Removed, *, after: str | None = None) -> bytes:
    """The file with `value` at `path`: what is there is replaced, what is not is added behind the last entry.

    A new key stands behind the key `after` where that is there. What holds the new entry is made where it is missing.
    Raises EditError for a file that cannot be read, a path that leads nowhere, and a file written in a way that the
    edit would not keep.
    """
    root = _read(source)
    wanted = _changed(plain(root), path, value)
    return _proven(source, _edited(root, path, value, after), wanted, path)


def extended(source: bytes, path: Path, values: abc.Sequence[Data]) -> bytes:
    """The file with these entries behind the last one of the list at `path`. Raises EditError like `edit`."""
    root = _read(source)
    parents = _walked(root, path)
    parent = parents[-1]
    if len(parents) <= len(path) or not isinstance(parent, Sequence) or not parent.items:
        return edit(source, path, values)
    if any(map(is_flow, parents)):
        for number, value in enumerate(values, len(parent.items)):
            source = edit(source, [*path, number], value)
        return source
    wanted = _changed(plain(root), path, [*plain(parent), *values])
    return _proven(source, Splicer(root).with_more(parent, values), wanted, path)


def _proven(source: bytes, edited: str, data: Any, path: Path) -> bytes:
    """The edited text as bytes, once it is read as what was meant."""
    wanted = _typed(data)
    line_end = "" if edited.endswith("\n") else "\r\n" if edited.partition("\n")[0].endswith("\r") else "\n"
    for text in (edited, edited + line_end):  # a block of text that is now the last entry needs one
        result = (codecs.BOM_UTF8 if source.startswith(codecs.BOM_UTF8) else b"") + text.encode()
        if _typed(plain(_read(result, "the edited file"))) == wanted:
            return result
    raise EditError(f"{_shown(path)} cannot be edited without changing more: edit the file by hand")


def written(source: bytes, path: Path) -> str:
    """An entry as it stands in the file: its lines, or within brackets its text. Raises EditError."""
    root = _read(source)
    parents = _walked(root, path[:-1])
    index = _index(parents[-1], path[-1]) if len(parents) == len(path) else None
    parent = parents[-1]
    if index is None or isinstance(parent, Scalar):
        raise EditError(f"there is no {_shown(path)} to show")
    return Splicer(root).written(parent, index, in_flow=any(map(is_flow, parents)))


def _read(source: bytes, what: str = "the file") -> Node:
    root, findings = load(source, "")
    if root is None:
        first = findings[0]
        raise EditError(f"{what} cannot be read: line {first.line}, column {first.column}: {first.message}")
    return root


def _typed(data: Any) -> Any:
    """Data that compares by type too: 1, 1.0 and true differ."""
    if isinstance(data, abc.Mapping):
        return {key: _typed(one) for key, one in data.items()}
    if isinstance(data, list | tuple):
        return [_typed(one) for one in data]
    return (type(data), data)


def _shown(path: Path) -> str:
    return "`" + ".".join(map(str, path)) + "`" if path else "the file"


def _changed(data: Any, path: Path, value: Data | Removed, done: Path = ()) -> Any:
    """The data with the one change. Raises EditError for a path that leads nowhere."""
    if not path:
        return value
    step, rest, done = path[0], path[1:], (*done, path[0])
    if data is None and value is not REMOVED:
        data = [] if isinstance(step, int) else {}
    if isinstance(data, dict) and isinstance(step, str) and (step in data or value is not REMOVED):
        if value is REMOVED and not rest:
            return {key: one for key, one in data.items() if key != step}
        return data | {step: _changed(data.get(step), rest, value, done)}
    if isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data) + (value is not REMOVED):
        one = [] if value is REMOVED and not rest else [_changed(dict(enumerate(data)).get(step), rest, value, done)]
        return [*data[:step], *one, *data[step + 1 :]]
    raise EditError(f"there is no {_shown(done)} to edit")


def _edited(root: Node, path: Path, value: Data | Removed, after: str | None) -> str:
    """The new text. What is to hold the entry and is missing, or written as nothing, is made first."""
    if not path:
        assert value is not REMOVED, "a file is not removed"
        return Splicer(root).with_root(value)
    parents = _walked(root, path[:-1])
    if len(parents) < len(path) or _is_null(parents[-1]):
        held = _edited(root, path[:-1], [] if isinstance(path[-1], int) else {}, None)
        return _edited(_read(held.encode()), path, value, after)
    parent, splicer = parents[-1], Splicer(root)
    assert isinstance(parent, Mapping | Sequence), "a path that leads through a word is refused before"
    index, inside = _index(parent, path[-1]), any(map(is_flow, parents[:-1]))
    if value is REMOVED:
        assert index is not None, "a path that leads nowhere is refused before"
        if inside or is_flow(parent):
            return splicer.without_in_flow(parent, index)
        if len(parent.items) > 1:
            return splicer.without(parent, index)
        return _edited(root, path[:-1], [] if isinstance(parent, Sequence) else {}, None)
    if inside or (is_flow(parent) and parent.items):
        return splicer.with_in_flow(parent, index, path[-1], value)
    if is_flow(parent):
        holder = parents[-2] if len(parents) > 1 else None
        assert not isinstance(holder, Scalar)
        return splicer.with_first(holder, _index(holder, path[-2]) if holder else None, path[-1], value)
    if index is not None:
        return splicer.with_set(parent, index, value)
    return splicer.with_added(parent, path[-1], value, after)


def _walked(root: Node, path: Path) -> list[Node]:
    """The nodes on the way, as far as there are any."""
    found = [root]
    for step in path:
        index = _index(found[-1], step)
        if index is None:
            break
        found.append(children(found[-1])[index])
    return found


def _index(node: Node, step: str | int) -> int | None:
    if isinstance(node, Mapping):
        return next((n for n, (key, _) in enumerate(node.items) if key.text == step), None)
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return step
    return None


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
