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


Known = dict[int, tuple[int, str]]
"""How tightly a node binds and its text, by its id()."""


def to_text(tree: Node) -> str:
    """The tree as an expression, AND always written; vocabulary stands as @name."""
    return _text(tree, _OR, known=None)


def spelled(tree: Node, known: Known | None = None) -> str:
    """The same with the vocabulary spelled out. `known` remembers how its entries are, for as long as they live."""
    return _text(tree, _OR, known={} if known is None else known)


def _text(node: Node, floor: int, *, known: Known | None) -> str:
    """The node's text, in parentheses where it binds more loosely than `floor`."""
    if isinstance(node, Alias) and known is not None and node.part is not None:
        binding, text = _entry(node.part, known)
    else:
        binding, text = _bound(node, known=known)
    return text if binding >= floor else f"({text})"


def _entry(part: Node, known: Known) -> tuple[int, str]:
    """What an alias stands for: the same object in every rule that names it."""
    while isinstance(part, Alias) and part.part is not None:
        part = part.part
    found = known.get(id(part))
    if found is None:
        found = known[id(part)] = _bound(part, known=known)
    return found


def _bound(node: Node, *, known: Known | None) -> tuple[int, str]:
    match node:
        case Word() | Phrase() | Regex() | Alias() | Published():
            return _UNIT, _leaf(node)
        case Field(name, part):
            return _UNIT, f"{name}:{_text(part, _UNIT, known=known)}"
        case AtLeast(count, part):
            return _UNIT, f"ATLEAST/{count} {_text(part, _UNIT, known=known)}"
        case First(words, part):
            return _UNIT, f"FIRST/{words} {_text(part, _UNIT, known=known)}"
        case Within(part, name) | Reality(part, name):
            return _UNIT, f"{name.upper()}({_text(part, _OR, known=known)})"
        case Some(count, parts):
            return _UNIT, f"{count} OF ({', '.join(_text(part, _OR, known=known) for part in parts)})"
        case Not(part):
            return _NOT, f"NOT {_text(part, _NOT, known=known)}"
        case Except(part, but):
            return _EXCEPT, f"{_text(part, _EXCEPT, known=known)} EXCEPT {_text(but, _UNIT, known=known)}"
        case Near(left, right, distance, ordered):
            operator = f"{'O' * ordered}NEAR/{distance}"
            return _NEAR, f"{_text(left, _NEAR, known=known)} {operator} {_text(right, _EXCEPT, known=known)}"
        case And() | Or():
            return _listed(node, known=known)


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


def _listed(node: And | Or, *, known: Known | None) -> tuple[int, str]:
    """And inside Or stands in parentheses although it need not: nobody has to know which binds tighter."""
    if isinstance(node, And):
        return _AND, " AND ".join(_text(part, _NOT, known=known) for part in node.parts)
    return _OR, " OR ".join(
        _text(part, _OR if known is not None and _means_or(part) else _NOT, known=known) for part in node.parts
    )


def _means_or(node: Node) -> bool:
    while isinstance(node, Alias) and node.part is not None:
        node = node.part
    return isinstance(node, Or)
