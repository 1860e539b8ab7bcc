"""pure: tree -> compiled expression: evaluators, and the terms a document must have to be worth asking them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from watcher.model import Rule, Scope
from watcher.rules.anchors import Terms, required
from watcher.rules.evaluate import All, AnyOf, AnyPlace, Close, Fact, Leaf, NameLeaf, No, Outside, Place, Together
from watcher.rules.nodes import Alias, And, Except, Field, Near, Node, Not, Or, Phrase, Within, Word
from watcher.rules.pattern import pattern
from watcher.rules.printer import to_text
from watcher.rules.shape import children, is_occurrence
from watcher.text.document import NAMED

NOTHING_COUNTED: Mapping[str, int] = {}
EVERYTHING = Scope()


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """An expression ready to be asked. Each of `required` has a term in every document it is true of, rarest first."""

    tree: Node
    root: Fact
    required: tuple[Terms, ...]
    scope: Scope = EVERYTHING


@dataclass(frozen=True, kw_only=True)
class CompiledRule(Compiled):
    rule: Rule


def compile_tree(tree: Node, frequencies: Mapping[str, int] = NOTHING_COUNTED) -> Compiled:
    """`frequencies` counts terms in what is stored. ValueError for an empty alias, or a fact where a place must be."""
    return Compiled(tree=tree, root=fact(tree), required=required(tree, frequencies))


def compile_rule(rule: Rule, tree: Node, frequencies: Mapping[str, int] = NOTHING_COUNTED) -> CompiledRule:
    """The same with the rule and its scope."""
    return CompiledRule(tree=tree, root=fact(tree), required=required(tree, frequencies), scope=rule.scope, rule=rule)


def required_terms(compiled: Compiled) -> tuple[Terms, ...]:
    """What a search of stored items can ask: the sets that hold plain keys of title, text and summary only."""
    return tuple(terms for terms in compiled.required if not any(":" in term or "*" in term for term in terms))


def fact(node: Node, field: str = "any") -> Fact:
    """The evaluator of any node; `field` is the region it stands in."""
    match node:
        case And(parts):
            return All(tuple(fact(part, field) for part in parts))
        case Not(part):
            return No(fact(part, field))
        case Or(parts) if not is_occurrence(node):
            return AnyOf(tuple(fact(part, field) for part in parts))
        case Field(name, part):
            return fact(part, name)
        case Alias(_, part) if part is not None:
            return fact(part, field)
        case _:
            return place(node, field)


def place(node: Node, field: str = "any") -> Place:
    """The evaluator of a node with places in a text. ValueError for one without, which the parser has refused."""
    match node:
        case Word() | Phrase():
            return _leaf(node, field)
        case Or(parts):
            return AnyPlace(tuple(place(part, field) for part in parts))
        case Near(left, right, distance, ordered):
            return Close(place(left, field), place(right, field), distance, ordered)
        case Except(part, but):
            return Outside(place(part, field), place(but, field))
        case Within(part, unit):
            return Together(fact(part, field), unit, fields_of(part, field))
        case Field(name, part):
            return place(part, name)
        case Alias(_, part) if part is not None:
            return place(part, field)
    raise ValueError(f"no place in a text: {to_text(node)}")


def _leaf(leaf: Word | Phrase, field: str) -> Leaf | NameLeaf:
    if field in NAMED:
        prefix = isinstance(leaf, Word) and leaf.prefix
        return NameLeaf(leaf.text.casefold(), prefix, field, to_text(leaf))
    return Leaf(pattern(leaf), field, to_text(leaf))


def fields_of(node: Node, field: str) -> frozenset[str]:
    """The fields its words are looked for in."""
    match node:
        case Word() | Phrase():
            return frozenset((field,))
        case Field(name, part):
            return fields_of(part, name)
        case _:
            return frozenset[str]().union(*(fields_of(part, field) for part in children(node)))
