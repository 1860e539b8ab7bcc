"""pure: (a tree that is false, document) -> the smallest edit that makes it true.

Nothing is guessed: each candidate is compiled and asked of the document, the smallest change first, and what an AND
lacks is mended part by part. Vocabulary is left as it is; a name that finds nothing is given company.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from watcher.rules import query
from watcher.rules.compile import compile_tree
from watcher.rules.missing import missing
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
    Reality,
    Regex,
    Some,
    Within,
    Word,
)
from watcher.rules.printer import to_text
from watcher.rules.shape import children, is_positive, joined, with_child
from watcher.text.document import NAMED, Document
from watcher.text.fold import folded, singular
from watcher.text.lexicon import SMART_CASE
from watcher.text.tokens import spans

ASKED = 400  # candidates that are tried at most
LEAVES = 40  # leaves whose neighbours are looked for at most: a vocabulary may have thousands
FARTHEST = 50  # words to which a NEAR/n is widened
PHRASE_WORDS = 6  # longer phrases are not taken apart

LEFT_OUT = 20.0
"""The price of leaving a part out. Prices are ordinal: how much else a rule would find after the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An expression that matches, and what is changed in it: (was, now), None where a part is left out."""

    expression: str
    changes: tuple[tuple[str, str | None], ...]


class Edit(NamedTuple):
    """One way to change a node; no node where it is left out."""

    price: float
    node: Node | None
    changes: tuple[tuple[str, str | None], ...]


def suggest(tree: Node, document: Document) -> Suggestion | None:
    """None when the tree is true already, or no edit of the kinds known here makes it true."""
    mender = _Mender(document)
    if mender.true(tree):
        return None
    edit = mender.mended(tree, "any")
    if edit is None or edit.node is None or not is_positive(edit.node) or not mender.true(edit.node):
        return None
    expression = to_text(edit.node)
    parsed = query.parse(expression).tree
    return None if parsed is None else Suggestion(expression=expression, changes=edit.changes)


class _Mender:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.asked = 0
        self.neighbours: dict[tuple[Node, str], str | None] = {}

    def true(self, node: Node, field: str = "any") -> bool:
        """Whether a node is; one that cannot stand where it stands is not."""
        try:
            return compile_tree(node if field == "any" else Field(field, node)).root.true(self.document)
        except ValueError:
            return False

    def mended(self, node: Node, field: str) -> Edit | None:
        """The cheapest edit that makes a false node true in a field."""
        match node:
            case And():
                return self._every_part(node, field)
            case Or(parts):
                tried = (_put(node, n, self.mended(part, field)) for n, part in enumerate(parts))
                return min((edit for edit in tried if edit), key=_price, default=None)
            case Field(name, part) if isinstance(part, And | Or | Alias | Field):
                inner = self.mended(part, name)
                return _put(node, 0, inner) if inner and inner.node else self._tried(_own(node), field)
            case _:
                return self._tried(self._edits(node, field), field)

    def _every_part(self, node: And, field: str) -> Edit | None:
        """What each false part needs, or without it."""
        kept: list[Node] = []
        price = 0.0
        changes: list[tuple[str, str | None]] = []
        for part in node.parts:
            if self.true(part, field):
                kept.append(part)
                continue
            edit = self.mended(part, field) or _left_out(part)
            price += edit.price
            changes += edit.changes
            kept += [edit.node] if edit.node else []
        made = And(tuple(kept)) if len(kept) > 1 else kept[0] if kept else None
        return Edit(price, made, tuple(changes)) if made and self.true(made, field) else None

    def _tried(self, edits: Iterable[Edit], field: str) -> Edit | None:
        for edit in sorted(edits, key=_price):
            self.asked += 1
            if self.asked > ASKED:
                return None
            if edit.node and self.true(edit.node, field):
                return edit
        return None

    # --- candidates: one change anywhere below, not tried yet ---------------------------------------

    def _edits(self, node: Node, field: str) -> Iterator[Edit]:
        match node:
            case Word():
                yield from self._of_word(node, field)
            case Phrase():
                yield from self._of_phrase(node, field)
            case Alias():
                yield from self._in_company(node, field)
            case _:
                yield from _own(node)
                inside = node.name if isinstance(node, Field) else field
                for n, child in enumerate(children(node)):
                    yield from (made for edit in self._edits(child, inside) if (made := _put(node, n, edit)))

    def _of_word(self, word: Word, field: str) -> Iterator[Edit]:
        if field in NAMED:
            return
        if word.exact:
            yield _changed(1, word, replace(word, exact=False))
        if word.text in SMART_CASE:
            yield _changed(3, word, replace(word, text=word.text.lower()))
        if not (word.exact or word.prefix or word.inflect) and word.text.isalpha():
            yield _changed(2.5, word, replace(word, inflect=True))
        if joint := self._joint(word.text, field):
            yield _changed(2, word, Word(joint))
        else:
            yield from self._in_company(word, field)

    def _in_company(self, node: Word | Alias, field: str) -> Iterator[Edit]:
        """With the one word that is spelled much like it."""
        near = self._neighbour(node, field)
        if near and _is_word(near):
            yield _changed(5, node, Or((node, Word(near))))

    def _of_phrase(self, phrase: Phrase, field: str) -> Iterator[Edit]:
        if phrase.exact:
            yield _changed(1, phrase, replace(phrase, exact=False))
        chunks = phrase.text.split()
        if not 1 < len(chunks) <= PHRASE_WORDS or field in NAMED:
            return
        joints = [self._joint(chunk, field) or chunk for chunk in chunks]
        for n in range(len(chunks) - 1):
            yield _changed(2, phrase, _row([*chunks[:n], "-".join(chunks[n : n + 2]), *chunks[n + 2 :]]))
        for price, row in ((0.0, chunks), (0.2, joints), (0.4, [_inflected(chunk) for chunk in joints])):
            yield _changed(2 + price, phrase, _row(row))
            units = [Word(chunk[:-1], inflect=True) if chunk.endswith("~") else Word(chunk) for chunk in row]
            yield from (_changed(4 + price + n / FARTHEST, phrase, _chain(units, n)) for n in (1, 2, 4, 8))
            yield _changed(6 + price, phrase, Within(And(tuple(units)), "sentence"))
            yield _changed(7 + price, phrase, Within(And(tuple(units)), "paragraph"))

    def _joint(self, chunk: str, field: str) -> str | None:
        """The word with a hyphen where the text has it in two words."""
        near = self._neighbour(Word(chunk), field)
        parts = near.split() if near else []
        same = singular(folded("".join(parts))) == singular(folded(chunk))
        return "-".join(parts) if len(parts) > 1 and same and all(map(_is_word, parts)) else None

    def _neighbour(self, node: Word | Alias, field: str) -> str | None:
        """What stands in the text that comes nearest to a leaf."""
        asked = (node, field)
        if asked not in self.neighbours:
            if len(self.neighbours) >= LEAVES:
                return None
            lacks = missing(node if field == "any" else Field(field, node), self.document)
            self.neighbours[asked] = lacks[0].nearest if len(lacks) == 1 else None
        return self.neighbours[asked]


def _own(node: Node) -> Iterator[Edit]:
    """What can be changed in an operator itself."""
    match node:
        case Near(left, right, distance, ordered):
            farther = range(distance + 1, max(FARTHEST, distance + 1))
            yield from (_changed(3 + n / FARTHEST, node, replace(node, distance=n)) for n in farther)
            if ordered:
                yield _changed(3, node, replace(node, ordered=False))
                yield from (_changed(4 + n / FARTHEST, node, Near(left, right, n)) for n in farther)
            yield _changed(6, node, Within(And((left, right)), "sentence"))
            yield _changed(7, node, Within(And((left, right)), "paragraph"))
        case Within(part, unit):
            if unit == "sentence":
                yield _changed(4, node, replace(node, unit="paragraph"))
            yield _changed(8, node, part)
        case Except(part):
            yield _changed(6, node, part)
        case Reality(part, kind):
            if kind == "actual":
                yield _changed(5, node, replace(node, kind="asserted"))
            yield _changed(6, node, part)
        case First(words, part):
            yield from (_changed(4 + n / 10, node, replace(node, words=words * 2**n)) for n in range(1, 6))
            yield _changed(7, node, part)
        case AtLeast(count, part):
            yield from (_changed(5 - n / count, node, replace(node, count=n)) for n in range(2, count))
            yield _changed(5, node, part)
        case Some(count):
            yield from (_changed(6 - n / count, node, replace(node, count=n)) for n in range(1, count))
        case Field(name, part) if name not in NAMED | {"any"}:
            yield _changed(6, node, part)
        case Regex(_, flags) if "i" not in flags:
            yield _changed(2, node, replace(node, flags="i" + flags))
        case And(parts) if len(parts) > 2:
            yield from (_without(node, n) for n in range(len(parts)))


def _changed(price: float, was: Node, now: Node) -> Edit:
    return Edit(price, now, ((to_text(was), to_text(now)),))


def _left_out(part: Node) -> Edit:
    return Edit(LEFT_OUT / 2 if isinstance(part, Not) else LEFT_OUT, None, ((to_text(part), None),))


def _without(node: And, n: int) -> Edit:
    left = _left_out(node.parts[n])
    return left._replace(node=And((*node.parts[:n], *node.parts[n + 1 :])))


def _put(node: Node, n: int, edit: Edit | None) -> Edit | None:
    """The edit of a child as one of its parent; a place cannot be left empty."""
    if edit is None or edit.node is None:
        return None
    made = with_child(node, n, edit.node)
    return edit._replace(node=joined(Or, made.parts) if isinstance(made, Or) else made)


def _row(chunks: list[str]) -> Word | Phrase:
    """Words side by side; a single one needs no quotes."""
    if len(chunks) > 1:
        return Phrase(" ".join(chunks))
    return Word(chunks[0].rstrip("~"), inflect=chunks[0].endswith("~"))


def _chain(units: list[Word], distance: int) -> Node:
    made: Node = units[0]
    for unit in units[1:]:
        made = Near(made, unit, distance, ordered=True)
    return made


def _inflected(chunk: str) -> str:
    return f"{chunk}~" if chunk.isalpha() and chunk.islower() else chunk


def _is_word(text: str) -> bool:
    """Whether it is one word of letters and digits: what needs no quotes."""
    return spans(text) == [(0, len(text))] and text.isalnum()


_price: Callable[[Edit], float] = lambda edit: edit.price  # noqa: E731  for sorted and min alike
