"""pure: plain word lists -> the same tree as an expression's.

Offsets count in the entries laid end to end, one a line: groups, then unless, then none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, chain

from watcher.rules import query
from watcher.rules.lex import OPERATORS, QUOTES
from watcher.rules.nodes import And, At, Field, Near, Node, Not, Or, Phrase, Within, Word
from watcher.rules.problem import Parsed, Problem
from watcher.rules.shape import joined
from watcher.text.tokens import HEAD, spans

WITHIN = re.compile(r"title|sentence|paragraph|article|(?P<words>[0-9]{1,4}) words?")
"""The stretches in which all groups can be asked to stand together."""

_LITERAL = re.compile(rf"[{QUOTES}]|\*(?!\Z)")
_NEAR = re.compile(r"O?NEAR/\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """One entry of each group within a stretch, none of `unless` in it, none of `none` in the whole article."""

    groups: tuple[tuple[str, ...], ...]
    within: str = "article"
    unless: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[str, ...]:
        """Every entry, in the order in which offsets count."""
        return (*chain.from_iterable(self.groups), *self.unless, *self.none)


def parse(lists: Lists) -> Parsed:
    """The tree, or what is wrong with which entry. `groups` holds at least one, `within` matches WITHIN."""
    starts = accumulate((len(text) + 1 for text in lists.entries), initial=0)
    read = [_entry(text, start) for text, start in zip(lists.entries, starts, strict=False)]
    problems = [found for found in read if isinstance(found, Problem)]
    problems += _without_ends(lists)
    if problems:
        return Parsed(tree=None, problems=tuple(problems))
    nodes = iter([node for node in read if not isinstance(node, Problem)])
    groups = [_one_of(nodes, len(group)) for group in lists.groups]
    unless = [Not(_one_of(nodes, len(lists.unless)))] if lists.unless else []
    none = [Not(_one_of(nodes, len(lists.none)))] if lists.none else []
    return Parsed(tree=_all([_stretch(groups, unless, lists.within), *none]))


def _stretch(groups: list[Node], unless: list[Not], within: str) -> Node:
    words = WITHIN.fullmatch(within)
    if words and words["words"]:
        distance = int(words["words"])
        return reduce(lambda left, right: Near(left, right, distance, False, (left.at[0], right.at[1])), groups)
    part = _all([*groups, *unless])
    if within == "title":
        return Field("title", part, part.at)
    if within in {"sentence", "paragraph"}:
        return Within(part, "sentence" if within == "sentence" else "paragraph", part.at)
    return part


def _without_ends(lists: Lists) -> list[Problem]:
    """A stretch of so many words starts and ends at what was found: nothing else can be asked to be absent from it."""
    if not lists.unless or not lists.within.endswith(("word", "words")):
        return []
    start = sum(len(text) + 1 for group in lists.groups for text in group)
    message = f"`unless` cannot look into `within: {lists.within}`"
    mend = "use `within: sentence` or `paragraph`, or `none:` for the whole article"
    return [Problem(code="E025", start=start, end=start + len(lists.unless[0]), message=message, help=mend)]


def _one_of(nodes: Iterator[Node], count: int) -> Node:
    parts = [next(nodes) for _ in range(count)]
    return joined(Or, parts) or parts[0]


def _all(parts: Sequence[Node]) -> Node:
    return joined(And, parts) or parts[0]


def _entry(text: str, start: int) -> Node | Problem:
    """One entry: a word where an expression reads one and drops no sign, else a phrase, whose marks are literal."""
    at = (start, start + len(text))
    wrong = _wrong(text)
    if wrong:
        return Problem(code=wrong[0], start=at[0], end=at[1], message=wrong[1], help=wrong[2])
    return _bare_word(text, at) or Phrase(_LITERAL.sub(" ", text).strip(), False, at)


def _bare_word(text: str, at: At) -> Word | None:
    tree = query.parse(text).tree
    if isinstance(tree, Word) and text[0] != "#" and text.strip() == tree.text + "*" * tree.prefix:
        return Word(tree.text, prefix=tree.prefix, at=at)
    return None


def _wrong(text: str) -> tuple[str, str, str] | None:
    operator = next((word for word in text.split() if word in OPERATORS or _NEAR.fullmatch(word)), None)
    if operator:
        message = f"`{operator}` is an operator, and an entry of a plain list is plain words"
        return "E114", message, "for an expression use `match:` in place of the lists"
    if not spans(text):
        return "E101", f"`{text}` holds no word", ""
    if text.endswith("*") and sum(map(str.isalnum, text.rsplit(maxsplit=1)[-1])) < HEAD:
        return "E113", f"`{text}`: `*` needs at least {HEAD} letters before it", ""
    return None
