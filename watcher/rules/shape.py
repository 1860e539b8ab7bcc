"""pure: tree -> facts about its shape: how deep, how big, whether it has places in a text, whether it says anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from watcher.rules.nodes import (
    Alias,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Published,
    Regex,
    Some,
    Within,
    Word,
)

_LEAVES: Final = (Word, Phrase, Regex, Published)
_LISTED: Final = (And, Or, Some)


def joined(kind: type[And | Or], parts: Sequence[Node]) -> Node | None:
    """The parts under one And (or Or), those of the same kind spliced in; a single part as it is, None for none."""
    if len(parts) < 2:
        return parts[0] if parts else None
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    return kind(tuple(flat), (parts[0].at[0], parts[-1].at[1]))


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below, an alias's part among them."""
    if isinstance(node, _LEAVES):
        return ()
    if isinstance(node, _LISTED):
        return node.parts
    if isinstance(node, Near):
        return (node.left, node.right)
    if isinstance(node, Except):
        return (node.part, node.but)
    return (node.part,) if node.part is not None else ()


def with_child(node: Node, n: int, child: Node) -> Node:
    """The node with another one in the place of `children(node)[n]`. TypeError for a leaf, which has none."""
    if isinstance(node, Word | Phrase | Regex | Published):
        raise TypeError("a leaf has no children")
    if isinstance(node, And | Or | Some):
        return replace(node, parts=(*node.parts[:n], child, *node.parts[n + 1 :]))
    if isinstance(node, Near):
        return replace(node, right=child) if n else replace(node, left=child)
    if isinstance(node, Except) and n:
        return replace(node, but=child)
    return replace(node, part=child)


def walk(node: Node) -> Iterator[Node]:
    """Every node, each before those below it."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def depth(node: Node) -> int:
    """How many nodes stand one inside the other at most; needs no stack frames."""
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [child for node in level for child in children(node)]
    return deepest


def is_occurrence(node: Node) -> bool:
    """Whether it has places in a text. An alias not yet expanded counts as an occurrence."""
    if isinstance(node, And | Not | Some | AtLeast | Published):
        return False
    if isinstance(node, Or):
        return all(map(is_occurrence, node.parts))
    if isinstance(node, Field | First | Alias):
        return node.part is None or is_occurrence(node.part)
    return True


def is_positive(node: Node) -> bool:
    """Whether it can be true only of a text in which something was found."""
    if isinstance(node, Not):
        return _refuses(node.part)
    if isinstance(node, And):
        return any(map(is_positive, node.parts))
    if isinstance(node, Or):
        return all(map(is_positive, node.parts))
    if isinstance(node, Some):
        return sum(map(is_positive, node.parts)) > len(node.parts) - node.count
    if isinstance(node, Field | First | Alias | Within):
        return node.part is None or is_positive(node.part)
    return True


def _refuses(node: Node) -> bool:
    """Whether NOT of it is positive."""
    if isinstance(node, Not):
        return is_positive(node.part)
    if isinstance(node, And):
        return all(map(_refuses, node.parts))
    if isinstance(node, Or):
        return any(map(_refuses, node.parts))
    if isinstance(node, Some):
        return sum(map(_refuses, node.parts)) >= node.count
    if isinstance(node, Field | First | Alias):
        return node.part is not None and _refuses(node.part)
    return False
