"""pure: tree -> its parts that no text can make true, or false, and those that say nothing more than another.

Only what the shape of the tree proves: W202 and W203 are never wrong, and never complete. The tree is the one that was
written, vocabulary not filled in: names are compared as names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from watcher.model import FindingSeverity
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
    Some,
    Within,
    Word,
)
from watcher.rules.problem import Problem
from watcher.rules.shape import children, walk

_STREAMS = {
    "any": frozenset({"title", "place", "text", "summary"}),
    "lead": frozenset({"title", "place", "text"}),
    "title": frozenset({"title"}),
    "body": frozenset({"text"}),
    "summary": frozenset({"summary"}),
    "raw": frozenset({"raw"}),
    "author": frozenset({"author", "outlet"}),
    "tag": frozenset({"tag"}),
    "url": frozenset({"url"}),
}
"""Where the words of a field stand; nothing lies in two of them at once."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")
_HOST = re.compile(r"localhost|[^\s/:]+\.[^\s/:]+")
_CODES: dict[str, str] = dict(
    re.findall(
        r"(\w+):(\w+)",
        """english:en german:de deutsch:de french:fr français:fr spanish:es español:es italian:it russian:ru arabic:ar
        chinese:zh portuguese:pt turkish:tr ukrainian:uk polish:pl dutch:nl persian:fa farsi:fa hebrew:he japanese:ja
        korean:ko""",
    )
)
_ANYWHERE = frozenset().union(*_STREAMS.values())


def check(tree: Node) -> Iterator[Problem]:
    """W202 of each part that can never match, and W203 of each that always does or that another part covers."""
    yield from _check(tree, "any", placed=False)


def _check(node: Node, field: str, *, placed: bool) -> Iterator[Problem]:
    """`placed`: how far its occurrences reach counts, not only that there are some."""
    if isinstance(node, Word | Phrase | Alias):
        return
    told = next(_always(node) if isinstance(node, Or) else _never(node, field), None)
    if told:
        yield told
        return
    if isinstance(node, Or):
        yield from _covered(node, placed=placed)
    inner = node.name if isinstance(node, Field) else field
    placed = placed or isinstance(node, Near | Except | AtLeast | Reality)
    for child in children(node):
        yield from _check(child, inner, placed=placed)


# --- never ----------------------------------------------------------------------------------------


def _never(node: Node, field: str) -> Iterator[Problem]:
    match node:
        case And(parts):
            yield from _contradictions(parts)
        case Field("lang" | "site" as name, part):
            yield from _unnamed(name, part)
        case Near(left, right):
            yield from _apart((left, right), field, "one NEAR")
        case Within(And(parts), unit):
            yield from _apart(parts, field, f"one {unit}")
        case Except(part, but) if part == but or (isinstance(but, Or) and part in but.parts):
            yield _problem("W202", node, "this can never match: EXCEPT takes away all of it", but)
        case Reality(Reality() as inner, kind) if (kind == "negated") != (inner.kind == "negated"):
            yield _problem("W202", node, f"this can never match: nothing is {kind} and {inner.kind} at once", inner)


def _unnamed(field: str, part: Node) -> Iterator[Problem]:
    """A site that is no host, a language that is no code."""
    for leaf in part.parts if isinstance(part, Or) else (part,):
        name = leaf.text if isinstance(leaf, Word | Phrase) and not (isinstance(leaf, Word) and leaf.prefix) else None
        if field == "lang" and name and not _LANGUAGE.fullmatch(name):
            code = _CODES.get(name.casefold())
            mend = f"write lang:{code}" if code else "a language is named by its code: lang:en"
            yield _problem("W202", leaf, f"this can never match: no language has the code `{name}`", None, mend)
        if field == "site" and name and not _HOST.fullmatch(name):
            mend = (
                f"write site:{name.partition('/')[0]}" if "." in name else f"write site:{name.lower()}.com or the like"
            )
            yield _problem("W202", leaf, f"this can never match: `{name}` is no host", None, mend)


def _contradictions(parts: Sequence[Node]) -> Iterator[Problem]:
    refusals = [part for part in parts if isinstance(part, Not)]
    wanted = {part: part for part in parts if not isinstance(part, Not)} if refusals else {}
    for refused in refusals:
        for each in refused.part.parts if isinstance(refused.part, Or) else (refused.part,):
            if each in wanted:
                yield _problem("W202", refused, "this can never match: it is asked for and refused", wanted[each])
    names = [part for part in parts if isinstance(part, Field) and part.name in {"feed", "site", "lang"}]
    for one, other in combinations(names, 2):
        if one.name == other.name and _exclude(one, other):
            message = f"this can never match: an item has one {one.name}"
            yield _problem("W202", other, message, one, "join them with OR")
    dates = [part for part in parts if isinstance(part, Published)]
    for first, second in combinations(dates, 2):
        if _disjoint(first, second):
            yield _problem("W202", second, "this can never match: no day lies in both", first, "join them with OR")


def _exclude(one: Field, other: Field) -> bool:
    mine, others = _names(one.part), _names(other.part)
    return bool(mine and others) and not any(_agree(one.name, a, b) for a in mine for b in others)


def _names(part: Node) -> tuple[str, ...]:
    """The names that a feed:, site: or lang: allows; none where that is not plain to see."""
    parts = part.parts if isinstance(part, Or) else (part,)
    words = [p.text.casefold() for p in parts if isinstance(p, Phrase) or (isinstance(p, Word) and not p.prefix)]
    return tuple(words) if len(words) == len(parts) else ()


def _agree(field: str, one: str, other: str) -> bool:
    """Whether an item may have both: a host and a domain above it, a language and one of its regions."""
    short, long = sorted((one, other), key=len)
    if field == "site":
        return long == short or long.endswith(f".{short}")
    if field == "lang":
        return long == short or (long.startswith(short) and long[len(short)] in "-_")
    return one == other


def _disjoint(one: Published, other: Published) -> bool:
    starts = [date.start for date in (one, other) if date.start]
    ends = [date.end for date in (one, other) if date.end]
    return bool(starts and ends) and max(starts) >= min(ends)


def _apart(parts: Sequence[Node], field: str, what: str) -> Iterator[Problem]:
    """Parts that are to stand in one stretch and stand in fields that have none in common."""
    together = _ANYWHERE
    for part in parts:
        here = _streams(part, field)
        if here and not together & here:
            yield _problem("W202", part, f"this can never match: {what} lies in one field", parts[0], "join with AND")
            return
        together &= here


def _streams(node: Node, field: str) -> frozenset[str]:
    """Where a part may be true: all streams for what has no place."""
    match node:
        case Field(name, part):
            return _streams(part, name) if name in _STREAMS else _ANYWHERE
        case Not() | Published() | Some() | AtLeast():
            return _ANYWHERE
        case Or(parts):
            return frozenset().union(*(_streams(part, field) for part in parts))
        case And(parts):
            return frozenset.intersection(*(_streams(part, field) for part in parts))
        case Near(left, right):
            return _streams(left, field) & _streams(right, field)
        case Alias():
            return _ANYWHERE  # it may have a field of its own
        case Within(part) | Except(part) | Reality(part) | First(part=part):
            return _streams(part, field)
        case _:
            return _STREAMS.get(field, _ANYWHERE)


# --- always, and nothing more -----------------------------------------------------------------------


def _always(node: Or) -> Iterator[Problem]:
    """A part and its NOT."""
    for refused in (part for part in node.parts if isinstance(part, Not)):
        if refused.part in node.parts:
            message = "this is always true: a text has it or has it not"
            yield _problem("W203", node, message, refused, "take the OR out")


def _covered(node: Or, *, placed: bool) -> Iterator[Problem]:
    """Alternatives that are true only where another is: they find no more items."""
    first: dict[Node, Node] = {}
    for part in node.parts:
        if part in first:
            yield _hint(part, "this alternative stands here twice", first[part])
        first.setdefault(part, part)
    for part in first if not placed else ():
        weaker = next((first[each] for each in _implied(part) if each in first), None)
        if weaker is not None:
            yield _hint(part, "this alternative finds nothing more: another one asks for less", weaker)


def _implied(node: Node) -> tuple[Node, ...]:
    """What is true wherever this is."""
    match node:
        case And(parts):
            return parts
        case Near(left, right):
            return (left, right)
        case Within(And(parts)):
            return tuple(part for part in parts if isinstance(part, Word | Phrase))  # NOT holds for that stretch only
        case Except(part) | Reality(part):
            return (part,)
        case AtLeast(part=part):
            return (part,)
        case First(part=part) if not any(isinstance(inner, Not) for inner in walk(part)):
            return (part,)
        case _:
            return ()


def _hint(node: Node, message: str, other: Node) -> Problem:
    related = (*other.at, "this one")
    start, end = node.at
    mend, severity = "take it out", FindingSeverity.NOTE
    return Problem(code="W203", start=start, end=end, message=message, help=mend, related=related, severity=severity)


def _problem(code: str, node: Node, message: str, other: Node | None, mend: str = "") -> Problem:
    start, end = node.at
    words = "against this" if code == "W202" else "and this"
    return Problem(
        code=code,
        start=start,
        end=end,
        message=message,
        help=mend,
        related=(*other.at, words) if other else None,
        severity=FindingSeverity.WARNING,
    )
