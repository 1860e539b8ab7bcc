"""pure: tree -> compiled expression: evaluators, and the terms a document must have to be worth asking them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from watcher.model import Rule, Scope
from watcher.rules.anchors import Terms, required
from watcher.rules.evaluate import (
    All,
    AnyOf,
    AnyPlace,
    Close,
    Dated,
    Fact,
    Judged,
    No,
    Opening,
    OpeningPlace,
    Outside,
    Place,
    Repeated,
    Several,
    Together,
)
from watcher.rules.frequencies import NOTHING_COUNTED, Frequencies
from watcher.rules.leaves import Leaf, NameLeaf, RegexLeaf
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
from watcher.rules.pattern import pattern
from watcher.rules.printer import to_text
from watcher.rules.regex_hits import expression
from watcher.rules.shape import children, is_occurrence
from watcher.rules.strike import struck
from watcher.text.document import NAMED
from watcher.text.once import cached_property

Kind = Literal["asserted", "negated", "actual"]

EVERYTHING = Scope()
_OTHER = frozenset(":*/")  # in terms of other fields, wildcards and regular expressions


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """An expression ready to be asked. Each of `required` has a term in every document it is true of, rarest first."""

    tree: Node
    required: tuple[Terms, ...]
    scope: Scope = EVERYTHING

    @cached_property
    def root(self) -> Fact:
        """The evaluator of the expression; made when it is first asked for: of many rules few are ever candidates."""
        return fact(self.tree)

    @cached_property
    def asserted(self) -> Fact:
        """The evaluator of the expression with everything negated struck out; made when it is first asked for."""
        return fact(struck(self.tree, "asserted"))


@dataclass(frozen=True, kw_only=True)
class CompiledRule(Compiled):
    rule: Rule


def compile_tree(tree: Node, frequencies: Frequencies = NOTHING_COUNTED) -> Compiled:
    """ValueError for an empty alias, or a fact where a place must be."""
    found = Compiled(tree=tree, required=required(tree, frequencies))
    _ = found.root
    return found


def compile_rule(rule: Rule, tree: Node, frequencies: Frequencies = NOTHING_COUNTED) -> CompiledRule:
    """With the rule and its scope. What `compile_tree` would refuse is an error when the rule is first asked."""
    return CompiledRule(tree=tree, required=required(tree, frequencies), scope=rule.scope, rule=rule)


def required_terms(compiled: Compiled) -> tuple[frozenset[str], ...]:
    """What a search of stored items can ask: the sets that hold plain keys of title, place, text and summary only."""
    sets = map(frozenset[str], compiled.required)
    return tuple(terms for terms in sets if not any(_OTHER.intersection(term) for term in terms))


def fact(node: Node, field: str = "any") -> Fact:
    """The evaluator of any node; `field` is the region it stands in."""
    match node:
        case And(parts):
            return All(tuple(fact(part, field) for part in parts))
        case Not(part):
            return No(fact(part, field))
        case Some(count, parts):
            return Several(tuple(fact(part, field) for part in parts), count)
        case AtLeast(count, part):
            return Repeated(place(part, field), count)
        case Published(_, start, end):
            return Dated(start, end)
        case _ if is_occurrence(node):
            return place(node, field)
        case Or(parts):
            return AnyOf(tuple(fact(part, field) for part in parts))
        case Field(name, part):
            return fact(part, name)
        case First(words, part):
            return Opening(fact(part, field), words)
        case Alias(_, part) if part is not None:
            return fact(part, field)
    raise ValueError(f"not to be evaluated: {to_text(node)}")


def place(node: Node, field: str = "any") -> Place:
    """The evaluator of a node with places in a text. ValueError for one without, which the parser has refused."""
    match node:
        case Word() | Phrase() | Regex():
            return _leaf(node, field)
        case Or(parts):
            return AnyPlace(tuple(place(part, field) for part in parts))
        case Near(left, right, distance, ordered):
            return Close(place(left, field), place(right, field), distance, ordered)
        case Except(part, but):
            return Outside(place(part, field), place(but, field))
        case Within(part, unit):
            return Together(fact(part, field), unit, fields_of(part, field), grows(part))
        case Reality(part, kind):
            return _judged(part, kind, field)
        case Field(name, part):
            return place(part, name)
        case First(words, part):
            return OpeningPlace(place(part, field), words)
        case Alias(_, part) if part is not None:
            return place(part, field)
    raise ValueError(f"no place in a text: {to_text(node)}")


def _judged(node: Node, kind: Kind, field: str) -> Place:
    """Judged where the words are found: what has one place by different words is judged by each of them."""
    match node:
        case Or(parts):
            return AnyPlace(tuple(_judged(part, kind, field) for part in parts))
        case Near(left, right, distance, ordered):
            one, other = _judged(left, kind, field), _judged(right, kind, field)
            if kind != "negated":
                return Close(one, other, distance, ordered)
            either = (one, place(right, field)), (place(left, field), other)
            return AnyPlace(tuple(Close(a, b, distance, ordered) for a, b in either))
        case Except(part, but):
            return Outside(_judged(part, kind, field), place(but, field))
        case Reality(part, inner):
            return AnyPlace(()) if "negated" in {kind, inner} != {kind} else _judged(part, min(kind, inner), field)
        case Field(name, part):
            return _judged(part, kind, name)
        case First(words, part):
            return OpeningPlace(_judged(part, kind, field), words)
        case Alias(_, part) if part is not None:
            return _judged(part, kind, field)
        case _:
            return Judged(place(node, field), kind)


def _leaf(leaf: Word | Phrase | Regex, field: str) -> Place:
    term = to_text(leaf)
    if isinstance(leaf, Regex):
        if field in NAMED:
            raise ValueError(f"no place in a text: {field}:{term}")
        return RegexLeaf(expression(leaf.text, leaf.flags), field, term)
    if field in NAMED:
        prefix = isinstance(leaf, Word) and leaf.prefix
        return NameLeaf(leaf.text.casefold(), prefix, field, term)
    return Leaf(pattern(leaf), field, term)


def grows(node: Node) -> bool:
    """Whether what is true in a part of a text is true in all of it, as far as that is plain to see."""
    match node:
        case Word() | Phrase() | Regex() | Published():
            return True
        case Near(left, right):  # of a NEAR beside a NEAR not every pair is looked at
            return isinstance(left, Word | Phrase) and isinstance(right, Word | Phrase)
        case And() | Or() | Some() | AtLeast() | Field() | Alias():
            return all(map(grows, children(node)))
        case _:
            return False


def fields_of(node: Node, field: str) -> frozenset[str]:
    """The fields its words are looked for in."""
    match node:
        case Word() | Phrase() | Regex():
            return frozenset((field,))
        case Field(name, part):
            return fields_of(part, name)
        case _:
            return frozenset[str]().union(*(fields_of(part, field) for part in children(node)))
