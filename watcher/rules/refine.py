"""pure: (a rule, articles it finds wrongly and rightly) -> changes that may tell them apart.

Nothing here decides: each change is for the caller to try on every labelled article, as `best` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from watcher.rules import query
from watcher.rules.nodes import And, AtLeast, Field, Near, Node, Not, Or, Phrase, Within, Word
from watcher.rules.printer import to_text
from watcher.rules.shape import children, is_occurrence, with_child
from watcher.rules.written import block
from watcher.text.fold import key
from watcher.text.tokens import spans
from watcher.yamldoc import Data

TRIED = 200
"""Changes that are tried at most."""
PHRASES = 40
"""Words and pairs of words that are thought of at most."""
Gram = tuple[str, ...]
"""The keys of a word, or of two side by side."""
SHORTEST = 4
"""Letters of a word that may be left out by itself: shorter ones are in every text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One key of the rule set; `price` is ordinal: by how much less the rule would find."""

    price: float
    key: str
    value: Data
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article's title and text, and the words in it that the rule was true by."""

    text: str
    found: tuple[str, ...] = ()


def best(changes: Iterable[Change], holds: Callable[[Change], bool]) -> Change | None:
    """The smallest change that holds, of TRIED at most."""
    by_price = sorted(changes, key=lambda change: change.price)[:TRIED]
    return next((change for change in by_price if holds(change)), None)


def changes(rule: Mapping[str, Any], wrong: Sequence[Text], right: Sequence[Text]) -> Iterator[Change]:
    """What could keep `wrong` out and `right` in. `rule` is the rule's data as written."""
    yield Change(price=1, key="denials", value="skip", words="leave out what is only denied")
    yield Change(price=1.1, key="actual", value=True, words="only what is reported as having happened")
    phrases = list(_apart(wrong, right))
    if "match" in rule:
        tree = query.parse(str(rule["match"])).tree
        for price, node, words in _of_tree(tree, phrases) if tree else ():
            yield Change(price=price, key="match", value=block(to_text(node)), words=words)
    else:
        yield from _of_lists(rule, phrases)


def _of_lists(rule: Mapping[str, Any], phrases: list[tuple[float, tuple[str, ...]]]) -> Iterator[Change]:
    tighter = {"article": ("paragraph", "sentence", "title"), "paragraph": ("sentence", "title")}
    for n, within in enumerate(tighter.get(rule.get("within", "article"), ())):
        yield Change(price=1.3 + n / 2, key="within", value=within, words=f"all of it within one {within}")
    known = list(rule.get("none", []))
    for price, left in phrases:
        said = " and ".join(f"“{one}”" for one in left)
        yield Change(price=price, key="none", value=[*known, *left], words=f"leave out articles with {said}")


def _of_tree(tree: Node, phrases: list[tuple[float, tuple[str, ...]]]) -> Iterator[tuple[float, Node, str]]:
    if isinstance(tree, And):
        yield 1.3, Within(tree, "paragraph"), "all of it within one paragraph"
        yield 1.5, Within(tree, "sentence"), "all of it within one sentence"
    if isinstance(tree, And) and len(tree.parts) == 2 and all(map(is_occurrence, tree.parts)):
        left, right = tree.parts
        yield from (
            (1.6 + n / 100, Near(left, right, 30 - n), f"at most {30 - n} words apart") for n in range(5, 29, 5)
        )
    if not isinstance(tree, Field):
        yield 2.3, Field("lead", tree), "all of it in the title and the first two paragraphs"
        yield 2.5, Field("title", tree), "all of it in the title"
    yield from ((1.4, made, f"{said} as it is written") for made, said in _exactly(tree))
    if is_occurrence(tree):
        yield from ((2.2 + n / 10, AtLeast(n, tree), f"{n} times or more") for n in (2, 3))
    for price, shunned in phrases:
        but: Node = Or(tuple(map(Phrase, shunned))) if len(shunned) > 1 else Phrase(shunned[0])
        whole = (*tree.parts, Not(but)) if isinstance(tree, And) else (tree, Not(but))
        yield price, And(whole), f"leave out articles with {to_text(but)}"


def _exactly(node: Node) -> Iterator[tuple[Node, str]]:
    """The tree with one capitalised word asked for as it is written."""
    if isinstance(node, Word) and not (node.exact or node.inflect) and node.text[:1].isupper():
        yield Word(node.text, exact=True, prefix=node.prefix), to_text(node)
    if isinstance(node, Field) and node.name in {"feed", "site", "lang"}:
        return
    for n, child in enumerate(children(node)):
        yield from ((with_child(node, n, made), said) for made, said in _exactly(child))


def _apart(wrong: Sequence[Text], right: Sequence[Text]) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Words and pairs of words that stand in the wrong articles and in no right one, and what it costs to shun them.

    First pairs that hold a word the rule was true by ("strike price"), then words of the article.
    """
    kept = {gram for text in right for gram in _grams(text.text)}
    found = [_candidates(text, kept) for text in wrong]
    if not found:
        return
    common = [(price, said, gram) for gram, (price, said) in found[0].items() if all(gram in one for one in found)]
    for price, said, _ in sorted(common)[:PHRASES]:
        yield price, (said,)
    if not common and all(found):
        each = [min(one.values()) for one in found]
        yield sum(price for price, _ in each), tuple(dict.fromkeys(said for _, said in each))


def _candidates(text: Text, kept: Collection[Gram]) -> dict[Gram, tuple[float, str]]:
    by = {one for words in text.found for one, *more in _grams(words) if not more}
    made: dict[Gram, tuple[float, str]] = {}
    for place, (gram, said) in enumerate(_grams(text.text).items()):
        late = min(place, 10_000) / 100_000
        if gram in kept:
            continue
        own = [word for word, one in zip(re.split("[ -]", said), gram, strict=False) if one not in by]
        telling = all(len(word) >= SHORTEST and word.isalpha() for word in own)
        if telling and len(own) == 1:
            made[gram] = ((1.8 if len(gram) == 2 else 2.6) + late, said)
    return made


def _grams(text: str) -> dict[Gram, str]:
    """Every word, and every two with nothing but a blank or a hyphen between, as they are written first."""
    words = [(key(text[start:end]), start, end) for start, end in spans(text)]
    grams: dict[Gram, str] = {}
    for word, start, end in words:
        grams.setdefault((word,), text[start:end])
    for (one, start, end), (other, at, last) in pairwise(words):
        if text[end:at] in {" ", "-"}:
            grams.setdefault((one, other), text[start:last])
    return grams
