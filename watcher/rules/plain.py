"""pure: plain word lists -> the same tree as an expression's.

Offsets count in the entries laid end to end, one a line: groups, then unless, then none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, chain

from watcher.model import FindingSeverity
from watcher.rules import foreign, leaf, mistakes, query
from watcher.rules.foreign import Told
from watcher.rules.leaf import Wrong, holds_word
from watcher.rules.lex import QUOTES, RESERVED
from watcher.rules.nodes import And, At, Field, Near, Node, Not, Or, Within, Word
from watcher.rules.problem import Parsed, Problem
from watcher.rules.shape import depth, joined
from watcher.text.fold import folded

WITHIN = re.compile(r"title|sentence|paragraph|article|(?P<words>[0-9]{1,4}) words?")
"""The stretches in which all groups can be asked to stand together."""

PARTICLES = frozenset(
    re.findall(
        r"\w+",
        """a about above across after against all along although am among an and any around as at away back because
        before behind below beneath beside between beyond both but by can cannot could despite down during each either
        every for from he her hers him his how i if in inside into it its like many may me might mine more most much
        must my near neither no none nor not of off on once onto or other our ours out outside over past per shall she
        should since so some such than that the their theirs them then there these they this those though through
        throughout till to together toward towards under unless until up upon us very via we what when where whether
        which while who whom whose why will with within without would yet you your yours""",
    )
)
"""Words of grammar, which stay as they are in an entry: "out of control" does not mean "outing of control"."""

_SIMPLE = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LETTERS = re.compile(r"[a-z]{2,}(?:-[a-z]{2,})*")
_SIGNS = re.compile(rf"[{QUOTES}~]|\*(?!\Z)")
_NUMBER = re.compile(r"[0-9],[0-9]")
_LOWER = re.compile(r"\s+(?:or|OR)\s+")
_PREFIX = re.compile(r"[-!+=@](?=[^\W\d])|NOT\s+|not\s+(?=\S+\Z)")
_FIELD = re.compile(r"(title|lead|summary|body|author|feed|site|url|tag|lang|raw|published):\S")
_OPERATOR = re.compile(r"(?<!\S)(?:AND|OR|NOT|EXCEPT|(?:O?NEAR|ATLEAST|FIRST)/\w+)(?!\S)")


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
    doubts = tuple(_doubts(lists.entries))
    nodes = iter([node for node in read if not isinstance(node, Problem)])
    groups = [_one_of(nodes, len(group)) for group in lists.groups]
    unless = [_none_of(nodes, len(lists.unless))] if lists.unless else []
    none = [_none_of(nodes, len(lists.none))] if lists.none else []
    tree = _all([_stretch(groups, unless, lists.within), *none])
    if len(groups) > query.MAX_DEPTH // 2 and depth(tree) > query.MAX_DEPTH:
        return Parsed(tree=None, problems=(mistakes.too_deep((0, 1), query.MAX_DEPTH),))
    return Parsed(tree=tree, problems=doubts)


def _doubts(entries: Sequence[str]) -> Iterator[Problem]:
    """W218: what was written as an expression has it, and is looked for as it stands."""
    start = 0
    for text in entries:
        if not _SIMPLE.fullmatch(text) and (told := _doubt(text)):
            severity = FindingSeverity.WARNING
            yield Problem(
                code="W218",
                start=start,
                end=start + len(text),
                message=f"an entry is plain words: {told.message}",
                help=told.help,
                severity=severity,
            )
        start += len(text) + 1


def _doubt(text: str) -> Told | None:
    parts = [part.strip() for part in re.split(r"[,;|]|\s/\s|(?<=[^\W\d_]{4})/(?=[^\W\d_]{4})", text)]
    if len(parts) > 1 and all(map(holds_word, parts)) and not _NUMBER.search(text):
        return Told(f"`{text}` is one phrase", f"for any of them make them entries of their own: [{', '.join(parts)}]")
    if _LOWER.search(text):
        parts = [part.strip() for part in _LOWER.split(text)]
        return Told(f"`{text}` is one phrase", f"for any of them make them entries of their own: [{', '.join(parts)}]")
    if found := _PREFIX.match(text):
        word = text[found.end() :]
        if text[0] in "-!nN":
            return Told(f"`{text}` refuses nothing", f"write {word} under `none:`, which holds what must not be there")
        means = "the sign in front is dropped"
        return Told(f"`{text}` looks for {word}", f"write {word}; {means}")
    if found := _FIELD.match(text):
        return Told(f"`{found[1]}:` is no field here", f"write `match: {text}`, or `within: title`")
    if len(text) > 2 and text[0] == text[-1] == "/":
        return Told(f"`{text}` is no regular expression here", f"write  match: {text}")
    if text[0] == text[-1] and text[0] in "'‘`":
        return Told("the quotes inside mean nothing", f"write {text[1:-1]}: several words are a phrase")
    return foreign.run(text)


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


def _none_of(nodes: Iterator[Node], count: int) -> Not:
    part = _one_of(nodes, count)
    return Not(part, part.at)


def _all(parts: Sequence[Node]) -> Node:
    return joined(And, parts) or parts[0]


def _entry(text: str, start: int) -> Node | Problem:
    """One entry: a word where an expression reads one and drops no sign, else a phrase, whose marks are literal."""
    at = (start, start + len(text))
    if _SIMPLE.fullmatch(text) and text.upper() not in RESERVED:
        return Word(text, False, False, _inflects(text), at)
    made = _wrong(text) or _bare_word(text, at) or leaf.phrase(_literal(text), at)
    if isinstance(made, Wrong):
        return Problem(code=made.code, start=at[0], end=at[1], message=made.message, help=made.help)
    return made


def _bare_word(text: str, at: At) -> Word | None:
    tree = query.parse(text).tree if len(text.split()) == 1 else None
    if isinstance(tree, Word) and text[0] != "#" and text.strip() == tree.text + "*" * tree.prefix:
        return Word(tree.text, False, tree.prefix, not tree.prefix and _inflects(tree.text), at)
    return None


def _literal(text: str) -> str:
    """A phrase's text, with ~ on the words that are found in every form."""
    return " ".join(_form(chunk) for chunk in _SIGNS.sub(" ", text).split())


def _form(chunk: str) -> str:
    bare = chunk.rstrip(",;:.!?")
    return f"{bare}~" if _inflects(bare) else chunk


def _inflects(text: str) -> bool:
    """Whether a word is looked for in every form: lower-case letters a-z; of a joint the last part counts."""
    if not text.islower() or not _LETTERS.fullmatch(text if text.isascii() else folded(text)):
        return False
    return text.rpartition("-")[2] not in PARTICLES


def _wrong(text: str) -> Wrong | None:
    operator = _OPERATOR.search(text)
    if operator:
        message = f"`{operator[0]}` is an operator, and an entry of a plain list is plain words"
        return Wrong("E114", message, "for an expression use `match:` in place of the lists")
    return None if holds_word(text) else Wrong("E101", f"`{text}` holds no word")
