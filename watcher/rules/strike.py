"""pure: tree -> the tree that is true only by what the text says is so."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from watcher.rules.nodes import (
    Alias,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Or,
    Phrase,
    Reality,
    Regex,
    Some,
    Within,
    Word,
)
from watcher.rules.shape import children
from watcher.text.document import NAMED

Kind = Literal["asserted", "actual"]

SAYING_NOTHING = NAMED | {"tag", "url", "author"}
"""Fields that tell about an item and say nothing that could be denied."""


def struck(tree: Node, kind: Kind) -> Node:
    """The tree with what makes it true held to be asserted, or actual.

    Each occurrence is wrapped as high up as it may be without a change of meaning: a vocabulary entry, an OR, a NEAR.
    What stands under NOT or behind EXCEPT makes nothing true, and what stands in ASSERTED, NEGATED or ACTUAL is already
    held to what its author wants.
    """
    if _is_one_claim(tree):
        return Reality(tree, kind)
    match tree:
        case And(parts) | Or(parts) | Some(parts=parts):
            return replace(tree, parts=tuple(struck(part, kind) for part in parts))
        case Near(left, right):
            return replace(tree, left=struck(left, kind), right=struck(right, kind))
        case Field(name) if name in SAYING_NOTHING:
            return tree
        case Field(part=part) | First(part=part) | AtLeast(part=part) | Within(part) | Except(part):
            return replace(tree, part=struck(part, kind))
        case Alias(part=part) if part is not None:
            return replace(tree, part=struck(part, kind))
        case _:
            return tree


def _is_one_claim(node: Node) -> bool:
    """Whether to judge an occurrence whole is to judge each of its words."""
    if isinstance(node, Word | Phrase | Regex):
        return True
    if isinstance(node, Except):
        return _is_one_claim(node.part)
    return isinstance(node, Or | Near | Alias) and bool(children(node)) and all(map(_is_one_claim, children(node)))
