"""The plain, slow, obviously right evaluator that the engine is measured against.

Every word of an item is one `Tok`; a question is answered by looking at all of them. It shares the cutting and folding
of single words with the engine and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import product
from urllib.parse import urlsplit

from watcher.model import Feed, Item
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
from watcher.text.fold import faded, folded, key, lookups, plain
from watcher.text.inflect import inflections
from watcher.text.lexicon import SMART_CASE
from watcher.text.reality import Unreal, unreal
from watcher.text.sentences import paragraphs, sentences
from watcher.text.tokens import keys, spans

Evidence = tuple[str, int, int, str, str]
"""field, start, end, text, term: what a Span holds."""


@dataclass(frozen=True)
class Tok:
    field: str  # of the item
    value: int  # which of a list's values
    index: int
    start: int
    end: int
    surface: str
    sign: str  # the character before it
    capitals: bool  # its sentence is in capitals throughout
    sentence: tuple[str, int, int]
    paragraph: tuple[str, int, int]


Leaf = tuple[tuple[Tok, ...], str]
Occurrence = tuple[Leaf, ...]
Where = Callable[[Tok], bool]


def in_capitals(text: str) -> bool:
    return all(c.isupper() for c in text if c.isalpha())


def toks(field: str, value: int, text: str, *, cut: bool) -> list[Tok]:
    sents = sentences(text) if cut else [(0, len(text))]
    paras = paragraphs(text) if cut else [(0, len(text))]
    found = []
    for index, (start, end) in enumerate(spans(text)):
        s = max((n for n, (a, _) in enumerate(sents) if a <= start), default=0)
        p = max((n for n, (a, _) in enumerate(paras) if a <= start), default=0)
        line = text[slice(*sents[s])] if sents else ""
        found.append(
            Tok(
                field=field,
                value=value,
                index=index,
                start=start,
                end=end,
                surface=text[start:end],
                sign=text[start - 1 : start] if start else "",
                capitals=in_capitals(line),
                sentence=(field, value, s),
                paragraph=(field, value, p),
            )
        )
    return found


@lru_cache(100)
def scopes_of(text: str, lang: str | None, *, cut: bool) -> list[Unreal]:
    return unreal(text, sentences(text) if cut else [(0, len(text))], lang)


class Reference:
    def __init__(self, item: Item, feed: Feed) -> None:
        self.item, self.feed = item, feed
        self.tags = list(dict.fromkeys((*item.tags, *feed.tags)))
        self.all = [
            *toks("title", 0, item.title, cut=False),
            *toks("place", 0, item.place, cut=False),
            *toks("text", 0, item.text, cut=True),
            *toks("summary", 0, item.summary, cut=True),
            *toks("raw", 0, item.raw, cut=True),
            *toks("url", 0, item.url or "", cut=False),
            *toks("outlet", 0, item.outlet, cut=False),
            *(t for n, author in enumerate(item.authors) for t in toks("authors", n, author, cut=False)),
            *(t for n, tag in enumerate(self.tags) for t in toks("tags", n, tag, cut=False)),
        ]

    # --- which words a field means

    def in_field(self, name: str, tok: Tok) -> bool:
        match name:
            case "any":
                title = tok.field == "title" and not self.item.title_from_text
                return title or tok.field in ("place", "text") or (tok.field == "summary" and self.is_left_over(tok))
            case "lead":
                return tok.field in ("title", "place") or (tok.field == "text" and tok.paragraph[2] < 2)
            case "body":
                return tok.field == "text"
            case "author":
                return tok.field in ("authors", "outlet")
            case "tag":
                return tok.field == "tags"
            case _:
                return tok.field == name

    def is_left_over(self, tok: Tok) -> bool:
        """Whether the summary's sentence with this word stands nowhere in the text."""
        start, end = sentences(self.item.summary)[tok.sentence[2]]
        sentence, text = keys(self.item.summary[start:end]), keys(self.item.text)
        n = len(sentence)
        return all(text[i : i + n] != sentence for i in range(len(text)))

    # --- is it true, and by what

    def true(self, node: Node, field: str = "any", where: Where = lambda _: True) -> bool:
        match node:
            case And(parts):
                return all(self.true(part, field, where) for part in parts)
            case Or(parts):
                return any(self.true(part, field, where) for part in parts)
            case Not(part):
                return not self.true(part, field, where)
            case Field(name, part):
                return self.true(part, name, where)
            case Alias(_, part):
                assert part is not None
                return self.true(part, field, where)
            case Within(part):
                return any(self.true(part, field, at) for at in self.units(node, field, where))
            case Some(count, parts):
                return sum(self.true(part, field, where) for part in parts) >= count
            case AtLeast(count, part):
                return most_apart(list(self.occurrences(part, field, where))) >= count
            case First(words, part):
                return self.true(part, field, self.opening(words, where))
            case Published(_, start, end):
                at = self.item.published
                return at is not None and (start is None or at >= start) and (end is None or at < end)
            case _:
                return bool(list(self.occurrences(node, field, where)))

    def leaves(self, node: Node, field: str = "any", where: Where = lambda _: True) -> set[Leaf]:
        """The words that made it true; none when it is not."""
        if not self.true(node, field, where):
            return set()
        match node:
            case And(parts) | Or(parts) | Some(parts=parts):
                return {leaf for part in parts for leaf in self.leaves(part, field, where)}
            case Not() | Published():
                return set()
            case AtLeast(_, part):
                return self.leaves(part, field, where)
            case First(words, part):
                return self.leaves(part, field, self.opening(words, where))
            case Field(name, part):
                return self.leaves(part, name, where)
            case Alias(_, part):
                assert part is not None
                return self.leaves(part, field, where)
            case Within(part):
                return {leaf for at in self.units(node, field, where) for leaf in self.leaves(part, field, at)}
            case _:
                return {leaf for occurrence in self.occurrences(node, field, where) for leaf in occurrence}

    def units(self, node: Within, field: str, where: Where) -> list[Where]:
        """Each sentence (paragraph) with a word of a field that the part asks about, as far as `where` allows."""

        def inside(name: tuple[str, int, int]) -> Where:
            return lambda tok: where(tok) and getattr(tok, node.unit) == name

        fields = fields_of(node.part, field)
        asked = [tok for tok in self.all if where(tok) and any(self.in_field(name, tok) for name in fields)]
        return [inside(name) for name in sorted({getattr(tok, node.unit) for tok in asked})]

    def opening(self, words: int, where: Where) -> Where:
        """Only the first words of title, place, then main text."""
        counted = [tok for tok in self.all if tok.field in ("title", "place", "text") and self.in_field("any", tok)]
        first = set(counted[:words])
        return lambda tok: tok in first and where(tok)

    def occurrences(self, node: Node, field: str, where: Where) -> Iterator[Occurrence]:
        match node:
            case Word() | Phrase():
                yield from (((found, term(node)),) for found in self.find(node, field, where))
            case Regex():
                yield from (((found, term(node)),) for found in self.find_regex(node, field, where))
            case Reality(part, kind):
                yield from (o for o in self.occurrences(part, field, where) if self.is_judged(o, kind))
            case First(words, part):
                yield from self.occurrences(part, field, self.opening(words, where))
            case Or(parts):
                yield from (o for part in parts for o in self.occurrences(part, field, where))
            case Field(name, part):
                yield from self.occurrences(part, name, where)
            case Alias(_, part):
                assert part is not None
                yield from self.occurrences(part, field, where)
            case Within(part):
                for at in self.units(node, field, where):
                    found = tuple(self.leaves(part, field, at))
                    if found:
                        yield found
            case Near(left, right, distance, ordered):
                lefts, rights = list(self.occurrences(left, field, where)), list(self.occurrences(right, field, where))
                yield from (a + b for a in lefts for b in rights if near(a, b, distance, ordered=ordered))
            case Except(part, but):
                buts = list(self.occurrences(but, field, where))
                yield from (o for o in self.occurrences(part, field, where) if not any(lies_in(o, b) for b in buts))
            case _:
                raise AssertionError(f"a fact has no occurrences: {node}")

    # --- what the text says of an occurrence

    def is_judged(self, occurrence: Occurrence, kind: str) -> bool:
        scopes = [scope for run, _ in occurrence for scope in self.scopes(run)]
        negated = any(scope.kind == "negated" for scope in scopes)
        return {"asserted": not negated, "negated": negated, "actual": not scopes}[kind]

    def scopes(self, run: tuple[Tok, ...]) -> list[Unreal]:
        """Those that some of the words lie in and whose cue is not among the words."""
        field, start, end = run[0].field, run[0].start, run[-1].end
        text = text_of(self, field, run[0].value)
        found = scopes_of(text, self.item.lang, cut=field in ("text", "summary", "raw"))
        touched = [s for s in found if any(s.start < tok.end and tok.start < s.end for tok in run)]
        return [s for s in touched if not (start <= s.cue[0] and s.cue[1] <= end)]

    # --- words

    def find(self, node: Word | Phrase, field: str, where: Where) -> Iterator[tuple[Tok, ...]]:
        if field in ("feed", "site", "lang"):
            yield from self.find_value(node, field, where)
            return
        words = [tok for tok in self.all if self.in_field(field, tok) and where(tok)]
        place = {(tok.field, tok.value, tok.index): tok for tok in words}
        for spelling in spellings(node):
            for tok in words:
                run = [place.get((tok.field, tok.value, tok.index + n)) for n in range(len(spelling))]
                if all(t is not None and is_word(t, w, node) for t, w in zip(run, spelling, strict=True)):
                    stands = tuple(t for t in run if t is not None)
                    ends = [tok.start, *(t.end for t in stands)]
                    if all(t.start == end or not w.close for t, end, w in zip(stands, ends, spelling, strict=False)):
                        yield stands

    def find_regex(self, node: Regex, field: str, where: Where) -> Iterator[tuple[Tok, ...]]:
        """The words a hit touches, as far as it does; signs between words count as the word before or behind them."""
        for stream in sorted({(tok.field, tok.value) for tok in self.all if self.in_field(field, tok)}):
            words = [tok for tok in self.all if (tok.field, tok.value) == stream]
            text = text_of(self, *stream)
            for start, end in found_by(node, text):
                touched = [tok for tok in words if tok.start < end and start < tok.end]
                if not touched:
                    before, behind = [t for t in words if t.end <= start][-1:], [t for t in words if t.start >= end][:1]
                    touched = behind if not before or (behind and text[start - 1].isspace()) else before
                if all(self.in_field(field, tok) and where(tok) for tok in touched):
                    touched[0] = replace(touched[0], start=start)
                    touched[-1] = replace(touched[-1], end=end)
                    yield tuple(touched)

    def find_value(self, node: Word | Phrase, field: str, where: Where) -> Iterator[tuple[Tok, ...]]:
        """feed:, site:, lang: compare one value whole; the evidence is the value."""
        value = self.value(field)
        shift = (self.item.url or "").lower().find(value) if field == "site" else 0
        for start in range(len(value)):
            for end in range(start + 1, len(value) + 1):
                part, wanted = value[start:end].casefold(), node.text.casefold()
                prefix = isinstance(node, Word) and node.prefix
                if is_name(value, start, end, field) and (part.startswith(wanted) if prefix else part == wanted):
                    tok = named(field, start + shift, end + shift, value[start:end])
                    if where(tok):
                        yield (tok,)

    def value(self, field: str) -> str:
        if field == "site":
            return urlsplit(self.item.url or "").hostname or ""
        return self.item.feed if field == "feed" else (self.item.lang or "")


def is_name(value: str, start: int, end: int, field: str) -> bool:
    """A feed's id; a host or a domain it lies in; a language, with or without its region."""
    return {
        "feed": start == 0 and end == len(value),
        "site": (start == 0 or value[start - 1] == ".") and end == len(value),
        "lang": start == 0 and (end == len(value) or value[end] in "-_"),
    }[field]


def named(field: str, start: int, end: int, surface: str) -> Tok:
    """A name as a word: the only one of a stream of its own."""
    unit = (f"{field}:", 0, 0)
    return Tok(
        field="url" if field == "site" else field,
        value=0,
        index=0,
        start=start,
        end=end,
        surface=surface,
        sign="",
        capitals=False,
        sentence=unit,
        paragraph=unit,
    )


def fields_of(node: Node, field: str = "any") -> set[str]:
    """The fields its words are looked for in."""
    match node:
        case Word() | Phrase() | Regex():
            return {field}
        case Published():
            return set()
        case Field(name, part):
            return fields_of(part, name)
        case And(parts) | Or(parts) | Some(parts=parts):
            return {name for part in parts for name in fields_of(part, field)}
        case Near(left, right):
            return fields_of(left, field) | fields_of(right, field)
        case Except(part, but):
            return fields_of(part, field) | fields_of(but, field)
        case Alias(_, None):
            raise AssertionError(node)
        case Alias(_, part) | Not(part) | Within(part) | AtLeast(part=part) | First(part=part) | Reality(part):
            assert part is not None
            return fields_of(part, field)


def evaluate(tree: Node, item: Item, feed: Feed) -> tuple[bool, set[Evidence]]:
    """Whether the tree is true of the item, and the evidence, without spans that lie within others."""
    reference = Reference(item, feed)
    places = {(run[0].field, run[0].value, run[0].start, run[-1].end, name) for run, name in reference.leaves(tree)}
    kept = [p for p in places if not any(covers(q, p) for q in places)]
    return reference.true(tree), {(f, s, e, text_of(reference, f, v)[s:e], name) for f, v, s, e, name in kept}


def denied(tree: Node, item: Item, feed: Feed) -> bool:
    """Whether it is true only by what the text says was not so."""
    reference = Reference(item, feed)
    return reference.true(tree) and not reference.true(held_to_be_so(tree))


def held_to_be_so(node: Node, field: str = "any") -> Node:
    """The tree with every word that can make it true, one by one, held to be asserted."""
    match node:
        case Word() | Phrase() | Regex():
            says = field not in ("feed", "site", "lang", "tag", "url", "author")
            return Reality(node, "asserted") if says else node
        case And(parts) | Or(parts) | Some(parts=parts):
            return replace(node, parts=tuple(held_to_be_so(part, field) for part in parts))
        case Near(left, right):
            return replace(node, left=held_to_be_so(left, field), right=held_to_be_so(right, field))
        case Field(name, part):
            return Field(name, held_to_be_so(part, name))
        case Alias(name, part):
            assert part is not None
            return Alias(name, held_to_be_so(part, field))
        case Except(part) | Within(part) | AtLeast(part=part) | First(part=part):
            return replace(node, part=held_to_be_so(part, field))
        case Not() | Reality() | Published():
            return node


def covers(outer: tuple[str, int, int, int, str], inner: tuple[str, int, int, int, str]) -> bool:
    """Whether a span makes another needless: it lies within, or is the same with a term that sorts later."""
    if outer[:2] != inner[:2] or not (outer[2] <= inner[2] and inner[3] <= outer[3]):
        return False
    return outer[2:4] != inner[2:4] or outer[4] < inner[4]


def text_of(reference: Reference, field: str, value: int) -> str:
    if field == "tags":
        return reference.tags[value]
    held = getattr(reference.item, field)
    return str(held[value] if isinstance(held, tuple) else held)


def lies_in(inner: Occurrence, outer: Occurrence) -> bool:
    (a, b), (c, d) = hull(inner), hull(outer)
    return same_stream(inner, outer) and c <= a and b <= d


def near(a: Occurrence, b: Occurrence, distance: int, *, ordered: bool) -> bool:
    (a0, a1), (b0, b1) = hull(a), hull(b)
    after, before = b0 - a1 - 1, a0 - b1 - 1  # tokens strictly between
    return same_stream(a, b) and (0 <= after <= distance or (not ordered and 0 <= before <= distance))


def most_apart(occurrences: list[Occurrence]) -> int:
    """The most of them of which no two share a word."""

    @cache
    def from_word(start: int, stream: tuple[str, int]) -> int:
        hulls = {hull(o) for o in occurrences if o[0][0][0].sentence[:2] == stream}
        return max((1 + from_word(b + 1, stream) for a, b in hulls if a >= start), default=0)

    return sum(from_word(0, stream) for stream in {o[0][0][0].sentence[:2] for o in occurrences})


def hull(occurrence: Occurrence) -> tuple[int, int]:
    places = [tok.index for run, _ in occurrence for tok in run]
    return min(places), max(places)


def same_stream(a: Occurrence, b: Occurrence) -> bool:
    return a[0][0][0].sentence[:2] == b[0][0][0].sentence[:2]


def found_by(node: Regex, text: str) -> list[tuple[int, int]]:
    """By the regular expressions of Python, which read the few that are tried here as RE2 does."""
    flags = re.NOFLAG
    for letter in node.flags:
        flags |= {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}[letter]
    source = node.text if "m" in node.flags else re.sub(r"(?<!\\)\$", r"\\Z", node.text)
    return [found.span() for found in re.finditer(source, text, flags) if found[0]]


def term(node: Word | Phrase | Regex) -> str:
    if isinstance(node, Regex):
        return f"/{node.text}/{node.flags}"
    quoted = f'"{node.text}"' if isinstance(node, Phrase) else node.text
    marks = ("*" if node.prefix else "") + ("~" if node.inflect else "") if isinstance(node, Word) else ""
    return ("=" if node.exact else "") + quoted + marks


@dataclass(frozen=True)
class Wanted:
    surface: str
    prefix: bool
    sign: str
    close: bool  # nothing stands between it and the word before
    forms: tuple[str, ...]  # of word~


def spellings(node: Word | Phrase) -> list[list[Wanted]]:
    """Every sequence of words that is the leaf: joints joined or apart, wherever each of them may be."""
    text = node.text + ("*" * node.prefix + "~" * node.inflect if isinstance(node, Word) else "")
    places = [(text[a:b], text[:a], text[b:]) for a, b in spans(text)]
    words = [
        Wanted(
            surface,
            bool(re.match(r"\*(\s|$)", after)) and sum(map(str.isalnum, (before + surface).split()[-1])) >= 3,
            before[-1:] if isinstance(node, Phrase) and re.search(r"(^|\s)[#@]$", before) else "",
            len(before) in {end for _, end in spans(text)},
            inflections(surface) if re.match(r"~(\s|$)", after) and not node.exact else (),
        )
        for surface, before, after in places
    ]
    joints = [
        bool(re.fullmatch("[-‐‑&/.'’]", text[a:b])) and not (text[a - 1].isdigit() and text[b].isdigit())
        for (_, a), (b, _) in zip(spans(text), spans(text)[1:], strict=False)
    ]
    found = []
    for joined in product((False, True), repeat=len(joints)):
        if any(glue and not joint for glue, joint in zip(joined, joints, strict=True)):
            continue
        spelling = words[:1]
        for glue, word in zip(joined, words[1:], strict=True):
            if glue:
                last = spelling.pop()
                forms = tuple(folded(last.surface) + form for form in word.forms)
                spelling.append(Wanted(last.surface + word.surface, word.prefix, last.sign, last.close, forms))
            else:
                spelling.append(word)
        found.append(spelling)
    return found if words else []


def is_word(tok: Tok, wanted: Wanted, node: Word | Phrase) -> bool:
    if wanted.sign and tok.sign != wanted.sign:
        return False
    if wanted.prefix:
        return is_prefix(tok, wanted.surface, exact=node.exact)
    if not node.exact:
        mine = faded(key(tok.surface)) if tok.capitals else key(tok.surface)
        return mine in lookups(wanted.surface) or is_form(tok, mine, wanted)
    mine, theirs = plain(tok.surface), plain(wanted.surface)
    if not tok.capitals or SMART_CASE.get(mine, False):
        return mine == theirs
    return mine.casefold() == theirs.casefold() and theirs not in SMART_CASE


def is_form(tok: Tok, mine: str, wanted: Wanted) -> bool:
    """Whether it is one of the forms of word~, or the plural of one; lives is none of life's, though of its key."""
    if key(wanted.surface) in SMART_CASE:
        return False
    return mine in map(key, wanted.forms) and (mine in wanted.forms or folded(tok.surface) in wanted.forms)


def is_prefix(tok: Tok, wanted: str, *, exact: bool) -> bool:
    if not exact:
        return folded(tok.surface).startswith(folded(wanted))
    mine, theirs = plain(tok.surface), plain(wanted)
    return mine.startswith(theirs) or (tok.capitals and mine.casefold().startswith(theirs.casefold()))
