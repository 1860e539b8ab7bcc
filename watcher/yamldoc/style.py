"""pure: data -> YAML as people write it: plain where that is safe, quoted where it would be misread.

Lists of words stand on one line, and so do short entries of lists; text of several lines becomes a `|` block.
"""

from __future__ import annotations

import re
from collections import abc
from functools import lru_cache
from typing import Any

from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from watcher.yamldoc import nodes
from watcher.yamldoc.reader import FOREIGN, load

Data = None | bool | int | float | str | abc.Sequence["Data"] | abc.Mapping[str, "Data"]

WIDTH = 120
"""The longest line that a list or an entry is written on."""
STEP = 2
"""Columns by which one level stands behind the other."""

_TEXT = "tag:yaml.org,2002:str"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_RESOLVER: Any = Resolver()
_SAFE = re.compile(r"(?:https?://)?[A-Za-z][A-Za-z0-9._/-]*")
"""Letters that begin nothing but text, once they are no word such as `no`: an address or a name, as most values are."""
_LITERAL = re.compile(r"[^\s][^\r]*\n?")


def entry(opener: str, value: Data, indent: int, dash: int, *, nested: bool = False) -> list[str]:
    """The lines of `key: value` or `- value`, its opener (`key:` or `-`) in column `indent` from 0.

    `dash` is by how much a list stands behind its key. A `nested` mapping stands on one line where it is short.
    """
    if isinstance(value, str) and is_literal(value):
        return [" " * indent + f"{opener} {_sign(value)}", *_indented(value, indent + STEP)]
    if not _is_collection(value) or _on_one_line(value, indent + len(opener), nested=nested):
        return [" " * indent + f"{opener} {inline(value)}"]
    if isinstance(value, abc.Mapping):
        lines = [line for key, one in value.items() for line in _pair(key, one, indent + STEP, dash)]
        return (
            [" " * indent + f"- {lines[0].lstrip(' ')}", *lines[1:]] if opener == "-" else _below(opener, indent, lines)
        )
    at = indent + (STEP if opener == "-" else dash)
    return _below(opener, indent, [line for one in _items(value) for line in entry("-", one, at, dash, nested=True)])


def inline(value: Data, *, flow: bool = False) -> str:
    """A value on one line; `flow`: to stand inside brackets."""
    if isinstance(value, abc.Mapping):
        return "{" + ", ".join(f"{key_text(k, flow=True)}: {inline(v, flow=True)}" for k, v in value.items()) + "}"
    if _is_collection(value):
        return "[" + ", ".join(inline(one, flow=True) for one in _items(value)) + "]"
    if isinstance(value, str):
        return value if is_plain(value, flow=flow) else _quoted(value)
    return _typed(value)


@lru_cache(1_000)
def key_text(key: str, *, flow: bool = False) -> str:
    """A key, in quotes where it needs them."""
    node = _loaded(f"{{{key}: x}}" if flow else f"{key}: x") if key else None
    found = node.items[0][0] if isinstance(node, nodes.Mapping) and len(node.items) == 1 else None
    return key if found and found.text == key and not found.style else _quoted(key)


def is_literal(text: str) -> bool:
    """Whether a text is written as a `|` block: it has a line break, and nothing that such a block cannot hold."""
    ends = len(text) - len(text.rstrip("\n"))
    return "\n" in text and ends <= 1 and bool(_LITERAL.fullmatch(text)) and not FOREIGN.search(text)


def _pair(key: str, value: Data, indent: int, dash: int) -> list[str]:
    return entry(f"{key_text(key)}:", value, indent, dash, nested=True)


def _below(opener: str, indent: int, lines: list[str]) -> list[str]:
    return [" " * indent + opener, *lines]


def _sign(text: str) -> str:
    return "|" if text.endswith("\n") else "|-"


def _indented(text: str, indent: int) -> list[str]:
    return [" " * indent + line if line else "" for line in text.removesuffix("\n").split("\n")]


def _is_collection(value: Data) -> bool:
    return isinstance(value, abc.Mapping | abc.Sequence) and not isinstance(value, str)


def _items(value: Any) -> abc.Sequence[Data]:
    assert isinstance(value, abc.Sequence)
    return value


def is_short(value: Data, column: int) -> bool:
    """Whether a list, or what does not hold others, is written on one line that goes on in this column."""
    return not _is_collection(value) or _on_one_line(value, column, nested=False)


def _on_one_line(value: Data, column: int, *, nested: bool) -> bool:
    """Empty collections, short lists of scalars, and short mappings of scalars and such lists if `nested`."""
    if not value:
        return True
    if isinstance(value, abc.Mapping):
        inside = [one for part in value.values() for one in (_items(part) if _is_list(part) else [part])]
        flat = nested and not any(map(_is_collection, inside))
    else:
        inside = list(_items(value))
        flat = not any(map(_is_collection, inside))
    said = flat and not any(isinstance(one, str) and "\n" in one for one in inside)
    return said and column + 1 + len(inline(value)) <= WIDTH


def _is_list(value: Data) -> bool:
    return _is_collection(value) and not isinstance(value, abc.Mapping)


def _typed(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(repr(value), repr(value))


def is_plain(text: str, *, flow: bool = False) -> bool:
    """Whether the bare text means itself, here and to readers of YAML 1.1 (to whom `no` and `22:30` are something)."""
    if not text or "\t" in text or _RESOLVER.resolve(ScalarNode, text, (True, False)) != _TEXT:
        return False
    if _SAFE.fullmatch(text):
        return True
    node = _loaded(f"[{text}]" if flow else f"k: {text}")
    found: Any = None
    if isinstance(node, nodes.Sequence) and len(node.items) == 1:
        found = node.items[0]
    elif isinstance(node, nodes.Mapping) and len(node.items) == 1 and node.items[0][0].text == "k":
        found = node.items[0][1]
    return isinstance(found, nodes.Scalar) and not found.style and found.value == text


def _loaded(text: str) -> nodes.Node | None:
    return load(text.encode(errors="replace"), "")[0] if "\n" not in text else None


def _quoted(text: str) -> str:
    if not FOREIGN.search(text) and not re.search(r"[\n\t]", text) and re.search(r'["\\]', text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(c: str) -> str:
    if c in _ESCAPES:
        return _ESCAPES[c]
    if not FOREIGN.search(c):
        return c
    return f"\\x{ord(c):02x}" if ord(c) < 0x100 else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"
