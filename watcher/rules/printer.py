"""pure: tree -> expression that parses to the same tree."""

from __future__ import annotations

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
    Reality,
    Regex,
    Some,
    Within,
    Word,
)

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
    match node:
        case Word() | Phrase() | Regex() | Alias() | Published():
            return _UNIT, _leaf(node)
        case Field(name, part):
            return _UNIT, f"{name}:{_text(part, _UNIT, spell=spell)}"
        case AtLeast(count, part):
            return _UNIT, f"ATLEAST/{count} {_text(part, _UNIT, spell=spell)}"
        case First(words, part):
            return _UNIT, f"FIRST/{words} {_text(part, _UNIT, spell=spell)}"
        case Within(part, name) | Reality(part, name):
            return _UNIT, f"{name.upper()}({_text(part, _OR, spell=spell)})"
        case Some(count, parts):
            return _UNIT, f"{count} OF ({', '.join(_text(part, _OR, spell=spell) for part in parts)})"
        case Not(part):
            return _NOT, f"NOT {_text(part, _NOT, spell=spell)}"
        case Except(part, but):
            return _EXCEPT, f"{_text(part, _EXCEPT, spell=spell)} EXCEPT {_text(but, _UNIT, spell=spell)}"
        case Near(left, right, distance, ordered):
            operator = f"{'O' * ordered}NEAR/{distance}"
            return _NEAR, f"{_text(left, _NEAR, spell=spell)} {operator} {_text(right, _EXCEPT, spell=spell)}"
        case And() | Or():
            return _listed(node, spell=spell)


def _leaf(node: Word | Phrase | Regex | Alias | Published) -> str:
    match node:
        case Word(text, exact, prefix, inflect):
            return f"{'=' * exact}{text}{'*' * prefix}{'~' * inflect}"
        case Phrase(text, exact):
            return f'{"=" * exact}"{text}"'
        case Regex(text, flags):
            return f"/{text}/{flags}"
        case Alias(name):
            return f"@{name}"
        case Published(text):
            return f"published:{text}"


def _listed(node: And | Or, *, spell: bool) -> tuple[int, str]:
    """And inside Or stands in parentheses although it need not: nobody has to know which binds tighter."""
    if isinstance(node, And):
        return _AND, " AND ".join(_text(part, _NOT, spell=spell) for part in node.parts)
    return _OR, " OR ".join(_text(part, _OR if spell and _means_or(part) else _NOT, spell=spell) for part in node.parts)


def _means_or(node: Node) -> bool:
    while isinstance(node, Alias) and node.part is not None:
        node = node.part
    return isinstance(node, Or)
