"""pure: (a tree that is false, document) -> its smallest false parts, each with the nearest thing in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice, pairwise
from operator import itemgetter

from watcher.model import Missing
from watcher.rules.compile import fact, fields_of, place
from watcher.rules.evaluate import Hit, Repeated
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
from watcher.rules.pattern import Wanted, pattern
from watcher.rules.plain import PARTICLES
from watcher.rules.printer import to_text
from watcher.rules.regex_hits import expression
from watcher.rules.shape import walk
from watcher.text.cut import cut
from watcher.text.document import NAMED, Document, Segment, Stream
from watcher.text.fold import folded, singular

SHOWN = 120  # code points of the nearest thing
REACH = 30  # words in which parts of a phrase or a NEAR are thought of as together
ALIKE = 0.8  # difflib's ratio from which a spelling is close: Suleimani and Soleimani have .89, Amiri and Amerli .73
MOST = 40  # parts that are told, and branches of an OR that are looked for: a vocabulary may have thousands
LETTERS = 5  # shorter words have too many neighbours to be told from a misspelling


def missing(tree: Node, document: Document) -> tuple[Missing, ...]:
    """What would have to be there; nothing for a tree that is true. An OR is one part: any branch would do."""
    return tuple(dict.fromkeys(islice(_missing(tree, "any", document), MOST)))


def _missing(node: Node, field: str, document: Document) -> Iterator[Missing]:
    if fact(node, field).true(document):
        return
    match node:
        case And(parts) | Some(parts=parts):
            for part in parts:
                yield from _missing(part, field, document)
        case Field(name, part) if not isinstance(part, Word | Phrase | Regex):
            yield from _missing(part, name, document)
        case Alias(_, part) if not isinstance(part, Word | Phrase | Regex | Or | Except | None):
            yield from _missing(part, field, document)
        case _ if lacking := [lack for side in _narrowed(node) for lack in _missing(side, field, document)]:
            yield from lacking
        case _:
            yield Missing(term=to_text(node), nearest=_nearest(node, field, document))


def _narrowed(node: Node) -> tuple[Node, ...]:
    """What a node holds to a place, a number or a kind; what lacks something wherever it stands is the smaller part."""
    if isinstance(node, Near):
        return node.left, node.right
    return (node.part,) if isinstance(node, Except | Within | First | AtLeast | Reality) else ()


def _nearest(node: Node, field: str, document: Document) -> str | None:
    """The nearest thing in the text as it stands there; None when nothing comes near."""
    match node:
        case Published() | Not(Published()):
            return document.published.isoformat(" ", "minutes") if document.published else "no date"
        case Except(part):
            return _found(part, field, document) or _nearest(part, field, document)
        case Not(part) | First(part=part) | Reality(part, "negated"):
            return _found(part, field, document)
        case Reality(part):
            return _unreal(part, field, document)
        case AtLeast(count, part):
            return f"only {Repeated(place(part, field), count).separate(document)}"
        case Field(name, part):
            return _nearest(part, name, document)
        case Alias(_, part) if part is not None:
            return _nearest(part, field, document)
        case Or(parts):
            return next((near for part in parts[:MOST] if (near := _nearest(part, field, document))), None)
        case Word() | Phrase():
            return _near_leaf(node, field, document)
        case Regex():
            return _in_another_case(node, field, document)
        case _:
            return _closest(_groups(node), document, fields_of(node, field))


def _found(node: Node, field: str, document: Document) -> str | None:
    """The first of what stands there and should not, or somewhere else, or otherwise."""
    hits = _in_order(fact(node, field).hits(document))
    return hits[0].stream.text[hits[0].start : hits[0].end] if hits else None


def _in_order(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.stream.order, hit.start))


def _unreal(node: Node, field: str, document: Document) -> str | None:
    """The first of what is denied (not real), from its cue to the last of it or the other way round."""
    for hit in _in_order(place(node, field).hits(document)):
        for scope in hit.stream.scopes(hit.start, hit.end)[:1]:
            start, end = min(scope.cue[0], hit.start), max(scope.cue[1], hit.end)
            return _cut(hit.stream.text[start:end])
    return None


def _in_another_case(node: Regex, field: str, document: Document) -> str | None:
    """What the regular expression finds when letters may be small or capital."""
    folding = expression(node.text, "i" + node.flags.replace("i", ""))
    streams = [segment.stream for segment in document.segments(field)] if field not in NAMED else []
    return next((_cut(s.text[start:end]) for s in streams for _, _, start, end in folding.find(s)), None)


def _near_leaf(leaf: Word | Phrase, field: str, document: Document) -> str | None:
    if field in NAMED:
        names = document.names(field)
        return names[-1].value if names else None
    words = [wanted for slot in pattern(leaf).slots for wanted in slot[0]]
    segments = document.segments(field)
    near = _spelled_otherwise(words, segments)
    if near or len(words) < 2:
        return near
    telling = [[wanted] for wanted in words if wanted.surface not in PARTICLES]
    return _closest(telling, document, frozenset((field,)))


def _spelled_otherwise(words: list[Wanted], segments: Iterable[Segment]) -> str | None:
    """The same letters in other words or another case, else one word spelled much like it."""
    letters = "".join(folded(wanted.surface) for wanted in words)
    for stream, first, last in segments if letters else ():
        same = _same_letters(letters, stream, first, last)
        if same:
            return same
    if len(words) > 1 or len(letters) < LETTERS:
        return None
    known = {word: stream for stream, _, _ in segments for word in set(stream.folded)}
    alike = get_close_matches(letters, known, n=1, cutoff=ALIKE)
    return known[alike[0]].surface(known[alike[0]].folded.index(alike[0])) if alike else None


def _same_letters(letters: str, stream: Stream, first: int, last: int) -> str | None:
    """Neighbouring words that are the same letters, plural or not: "air strikes" for airstrike, "us" for US."""
    row = stream.folded[first:last]
    for n, word in enumerate(row):
        end = n
        while len(word) < len(letters) and letters.startswith(word) and end + 1 < len(row):
            end += 1
            word += row[end]  # noqa: PLW2901
        if singular(word) == singular(letters):
            return _text(stream, first + n, first + end)
    return None


def _groups(node: Node) -> list[list[Wanted]]:
    """The words of each side that have to come together."""
    sides = (node.left, node.right) if isinstance(node, Near) else (node,)
    parts = [part for side in sides for part in _sides(side)]
    return [[w for leaf in walk(part) if isinstance(leaf, Word | Phrase) for w in _first_words(leaf)] for part in parts]


def _sides(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Within | Reality | First):
        return _sides(node.part)
    if isinstance(node, And):
        return tuple(part for part in node.parts if not isinstance(part, Not))
    return (node,)


def _first_words(leaf: Word | Phrase) -> list[Wanted]:
    slots = pattern(leaf).slots
    return [spelling[0] for spelling in slots[0]] if slots else []


def _closest(groups: list[list[Wanted]], document: Document, fields: Iterable[str]) -> str | None:
    """The shortest stretch in which most of the groups have a word; at least two of them."""
    streams = {segment.stream for field in fields if field not in NAMED for segment in document.segments(field)}
    found = [
        (-many, last - first, stream.order, first, stream)
        for stream in streams
        for many, first, last in _stretches(sorted(_standing(groups, stream)))
    ]
    if not found:
        return None
    best = min(found, key=itemgetter(0, 1, 2, 3))
    return _text(best[4], best[3], best[3] + best[1])


def _standing(groups: list[list[Wanted]], stream: Stream) -> Iterator[tuple[int, int]]:
    """Where a word of which group stands."""
    for n, group in enumerate(groups):
        for wanted in group:
            yield from ((place, n) for place in wanted.places(stream))
            yield from ((place, n) for place in _apart(wanted, stream))


def _apart(wanted: Wanted, stream: Stream) -> Iterator[int]:
    """Where the second of two words stands that together are a word: the strikes of air strikes, for airstrikes."""
    letters = folded(wanted.surface)
    if len(letters) >= LETTERS:
        for n, (one, other) in enumerate(pairwise(stream.folded)):
            if letters.startswith(one) and one != letters and singular(one + other) == singular(letters):
                yield n + 1


def _stretches(places: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """How many groups stand from one place to another, for each two places that have two or more within reach."""
    for n, (first, group) in enumerate(places):
        met = {group}
        for last, other in places[n + 1 :]:
            if last > first + REACH:
                break
            if other not in met:
                met.add(other)
                yield len(met), first, last


def _text(stream: Stream, first: int, last: int) -> str:
    """The words from one to another, both included, as they stand."""
    start, end = stream.between(first, last)
    return _cut(stream.text[start:end])


def _cut(text: str) -> str:
    return cut(" ".join(text.split()), SHOWN)
