"""pure: tree -> expression that parses to the same tree."""

from __future__ import annotations

from watcher.rules.nodes import Alias, And, Except, Field, Near, Node, Not, Or, Phrase, Within, Word

_OR, _AND, _NOT, _NEAR, _EXCEPT, _UNIT = range(6)
"""Binding, loosest first, as in the grammar."""


def to_text(tree: Node) -> str:
    """The tree as an expression, AND always written; vocabulary stands as @name."""
    return _text(tree, _OR, spell=False)


def spelled(tree: Node) -> str:
    """The same with the vocabulary spelled out."""
    return _text(tree, _OR, spell=True)


def _text(node: Node, floor: int, *, spell: bool) -> str:
    """The node's text, in parentheses where it binds more loosely than `floor`."""
    if isinstance(node, Alias) and spell and node.part is not None:
        return _text(node.part, floor, spell=True)
    binding, text = _bound(node, spell=spell)
    return text if binding >= floor else f"({text})"


def _bound(node: Node, *, spell: bool) -> tuple[int, str]:
    if isinstance(node, Word):
        return _UNIT, f"{'=' * node.exact}{node.text}{'*' * node.prefix}"
    if isinstance(node, Phrase):
        return _UNIT, f'{"=" * node.exact}"{node.text}"'
    if isinstance(node, Alias):
        return _UNIT, f"@{node.name}"
    if isinstance(node, Field):
        return _UNIT, f"{node.name}:{_text(node.part, _UNIT, spell=spell)}"
    if isinstance(node, Within):
        return _UNIT, f"{node.unit.upper()}({_text(node.part, _OR, spell=spell)})"
    if isinstance(node, Not):
        return _NOT, f"NOT {_text(node.part, _NOT, spell=spell)}"
    if isinstance(node, Except):
        return _EXCEPT, f"{_text(node.part, _EXCEPT, spell=spell)} EXCEPT {_text(node.but, _UNIT, spell=spell)}"
    if isinstance(node, Near):
        operator = f"{'O' * node.ordered}NEAR/{node.distance}"
        return _NEAR, f"{_text(node.left, _NEAR, spell=spell)} {operator} {_text(node.right, _EXCEPT, spell=spell)}"
    return _listed(node, spell=spell)


def _listed(node: And | Or, *, spell: bool) -> tuple[int, str]:
    """And inside Or stands in parentheses although it need not: nobody has to know which binds tighter."""
    if isinstance(node, And):
        return _AND, " AND ".join(_text(part, _NOT, spell=spell) for part in node.parts)
    return _OR, " OR ".join(_text(part, _NOT, spell=spell) for part in node.parts)
