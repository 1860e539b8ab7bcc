"""pure: (Item, Feed) -> its words by field, cut only when asked for.

A stream is one value of an item as a row of words: title, place, text, summary, raw, url, outlet, each author, each
tag. A field of the rule language means segments of streams; a unit (sentence, paragraph) is a range of one stream, a
region at most one range of each. Ranges of words are (first, one past the last).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, pairwise
from operator import attrgetter, itemgetter
from typing import Literal, NamedTuple, TypeVar

from watcher.model import Feed, Item
from watcher.text.fold import faded
from watcher.text.lexicon import SMART_CASE
from watcher.text.once import cached_property
from watcher.text.reality import Unreal, may_deny, unreal
from watcher.text.sentences import Range, paragraphs, sentences
from watcher.text.tokens import Cut

Unit = Literal["sentence", "paragraph"]

NAMED = frozenset({"feed", "site", "lang"})
"""Fields that hold one name, compared whole, and no words."""

PROSE = frozenset({"any", "title", "lead", "body", "summary"})
"""Fields whose words stand in title, place, text or summary."""

_FADING = frozenset(word for word, stays in SMART_CASE.items() if not stays)
_LEAD = 2  # paragraphs
_CLOSE = 80  # code points
_FEW = 30  # looking for so many keys costs less than noting where all stand
_SMALL_AHEAD = re.compile(r"[^\n.!?…。！？a-z]*[a-z]")  # none of the marks that can end a sentence before it
_SMALL_BEHIND = re.compile(r"[a-z][^\n.!?…。！？a-z]*\Z")
_HOST = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#]*@)?([^/?#:@\[\]]+)", re.IGNORECASE)


class Stream:
    """One value of an item. `order` is its place in reading order, `prose` says that it has sentences."""

    def __init__(self, field: str, text: str, order: int, lang: str | None = None, *, prose: bool = False) -> None:
        self.field, self.text, self.order, self._lang, self._prose = field, text, order, lang, prose
        self.found: dict[object, list[Range]] = {}  # what patterns found here, for the next rule that asks
        self.regex_hits: dict[object, list[tuple[int, int, int, int]]] = {}  # the same of regexes: words, code points
        self.held: dict[object, bool] = {}  # what was found true of a range of words, for the same
        self._asked = 0
        self._cut: dict[Range, list[Range]] = {}  # lines that were asked about into sentences
        self._loud: dict[Range, bool] = {}  # of sentences whether all their letters are capitals
        self._deny: dict[Range, bool] = {}  # of lines and sentences whether something in them may say no
        self._judged: dict[Range, list[Unreal]] = {}  # of each such sentence what is not told as fact

    @cached_property
    def written(self) -> list[str]:
        """The key of each word by itself."""
        return self.places.keys

    @property
    def count(self) -> int:
        """Of its words."""
        return len(self.places.bare)

    @cached_property
    def keys(self) -> list[str]:
        """The key of each word in its sentence: where all is in capitals, WHO is "who"."""
        fading = _FADING & self.places.terms
        if not fading:
            return self.written
        keys, rows = self.written.copy(), _in_rows(self.written)
        for n in chain.from_iterable(_lines(rows, f"\n{key}\n") for key in fading):
            keys[n] = faded(keys[n]) if self._tells_nothing(n) else keys[n]
        return keys

    def _tells_nothing(self, index: int) -> bool:
        """Whether a word stands among capitals only; mostly a small letter close by settles it."""
        start, end = self.places.span(index)
        close = max(0, start - _CLOSE), end + _CLOSE
        if _SMALL_AHEAD.match(self.text, end, close[1]) or _SMALL_BEHIND.search(self.text, close[0], start):
            return False
        return self.is_loud(index)

    @cached_property
    def places(self) -> Cut:
        return Cut(self.text)

    def surface(self, index: int) -> str:
        start, end = self.places.span(index)
        return self.text[start:end]

    def between(self, first: int, last: int) -> Range:
        """From the start of a word to the end of another, both included."""
        span = self.places.span(first)
        return span if first == last else (span[0], self.places.span(last)[1])

    @cached_property
    def known(self) -> set[str]:
        """The keys, each once."""
        return self.places.terms if _FADING.isdisjoint(self.places.terms) else set(self.keys)

    def where(self, key: str) -> Sequence[int]:
        """Where a key stands; looked for one by one as long as few are asked for."""
        if key not in self.known:
            return ()
        if self._asked < _FEW:
            self._asked += 1
            return _lines(self._rows, f"\n{key}\n")
        return self._positions[key]

    @cached_property
    def _rows(self) -> str:
        return _in_rows(self.keys)

    @cached_property
    def _positions(self) -> Mapping[str, list[int]]:
        """Where each key stands."""
        found: dict[str, list[int]] = defaultdict(list)
        for n, key in enumerate(self.keys):
            found[key].append(n)
        return found

    @cached_property
    def folded(self) -> list[str]:
        """Each word folded, plurals as they are."""
        return self.places.folds

    def beginning(self, start: str) -> list[int]:
        """Where words stand that begin so when they are folded."""
        return _lines(self._folded_rows, f"\n{start}")

    @cached_property
    def _folded_rows(self) -> str:
        return _in_rows(self.folded)

    @cached_property
    def _sentences(self) -> list[Range]:
        return sentences(self.text) if self._prose else [(0, len(self.text))]

    @cached_property
    def sentences(self) -> list[Range]:
        return self._words_in(self._sentences) if self._prose else self._whole

    @cached_property
    def paragraphs(self) -> list[Range]:
        return self._words_in(paragraphs(self.text)) if self._prose else self._whole

    def is_loud(self, index: int) -> bool:
        """Whether a word's sentence has no small letter: there case tells nothing."""
        sentence = self._around(*self.places.span(index))[0]
        found = self._loud.get(sentence)
        if found is None:
            words = map(self.places.first_from, sentence)
            found = self._loud[sentence] = self._in_capitals(*words)
        return found

    def _in_capitals(self, first: int, last: int) -> bool:
        start, end = self.between(first, last - 1)
        return all(c.isupper() for c in self.text[start:end] if c.isalpha())

    def scopes(self, start: int, end: int) -> list[Unreal]:
        """What makes these code points no fact; but who asks for the cue itself asks for what it says."""
        return self._scopes(self._around(start, end), start, end)

    def denials(self, start: int, end: int) -> list[Unreal]:
        """Those of them that are negations: only lines and sentences are judged in which something may say no."""
        found = self._scopes(self._denying(start, end), start, end)
        return [scope for scope in found if scope.kind == "negated"]

    def may_deny(self, start: int, end: int) -> bool:
        """Whether something may say no in the sentences with these code points; where not there are no `denials`."""
        return bool(self._denying(start, end))

    def _denying(self, start: int, end: int) -> list[Range]:
        if not self._may_deny(self._lines_around(start, end)):
            return []
        return list(filter(self._may_deny, self._around(start, end)))

    def _scopes(self, around: Iterable[Range], start: int, end: int) -> list[Unreal]:
        return [
            scope
            for sentence in around
            for scope in _touched(self._unreal(sentence), start, end)
            if not (start <= scope.cue[0] and scope.cue[1] <= end)
        ]

    def _may_deny(self, words: Range) -> bool:
        found = self._deny.get(words)
        if found is None:
            found = self._deny[words] = may_deny(self.text, *words, self._lang)
        return found

    @cached_property
    def _breaks(self) -> list[int]:
        """Where its lines end; looked up, for some texts are one long line."""
        return [m.start() for m in re.finditer("\n", self.text)]

    def _lines_around(self, start: int, end: int) -> Range:
        """The lines with these code points; all of what has no sentences."""
        if not self._prose:
            return 0, len(self.text)
        breaks = self._breaks
        before, behind = bisect_left(breaks, start), bisect_left(breaks, end)
        return breaks[before - 1] + 1 if before else 0, breaks[behind] if behind < len(breaks) else len(self.text)

    def _around(self, start: int, end: int) -> list[Range]:
        """The sentences with these code points; only their lines are cut. What has no sentences counts as one."""
        lines = self._lines_around(start, end)
        if not self._prose:
            return [lines]
        found = self._cut.get(lines)
        if found is None:
            found = self._cut[lines] = sentences(self.text, *lines)
        return _touched(found, start, end)

    def _unreal(self, sentence: Range) -> list[Unreal]:
        """What is not told as fact in it."""
        found = self._judged.get(sentence)
        if found is None:
            found = self._judged[sentence] = unreal(self.text, [sentence], self._lang)
        return found

    @cached_property
    def lead(self) -> int:
        """The number of words in its first paragraphs; the others are not looked at."""
        last = seen = 0
        starts = (start for start, _ in paragraphs(self.text)[1:])
        for end in chain(map(self.places.first_from, starts), (self.count,)):
            seen += end > last
            last = end
            if seen == _LEAD:
                break
        return last

    @property
    def _whole(self) -> list[Range]:
        return [(0, self.count)] if self.count else []

    def _words_in(self, pieces: list[Range]) -> list[Range]:
        edges = [*(self.places.first_from(start) for start, _ in pieces), self.count]
        return [(first, last) for first, last in pairwise(edges) if first < last]


_has_text = attrgetter("text")
_Ranged = TypeVar("_Ranged", Range, Unreal)


def _touched(ranges: list[_Ranged], start: int, end: int) -> list[_Ranged]:
    """Those that share a code point with the one asked about, of ranges in order that do not overlap."""
    return ranges[bisect_right(ranges, start, key=itemgetter(1)) : bisect_left(ranges, end, key=itemgetter(0))]


def _in_rows(words: Sequence[str]) -> str:
    """Each behind a line end: looked for in one go."""
    return "\n".join(("", *words, ""))


def _lines(rows: str, wanted: str) -> list[int]:
    """The numbers of the rows that begin with what is wanted, a line end first."""
    found: list[int] = []
    at, before, number = rows.find(wanted), 0, 0
    while at >= 0:
        number += rows.count("\n", before, at)
        found.append(number)
        before, at = at, rows.find(wanted, at + 1)
    return found


class Segment(NamedTuple):
    """A range of words of one stream."""

    stream: Stream
    first: int
    last: int


Region = Mapping[Stream, Range]
"""Where an evaluator may look: of each stream in it, a range of words."""


class Name(NamedTuple):
    """One name that feed:, site: or lang: may ask for, and where it stands in the item's field."""

    value: str
    stream: Stream
    start: int
    end: int


class Document:
    """An item's words. Nothing is cut before a rule asks, and nothing twice."""

    def __init__(self, item: Item, feed: Feed) -> None:
        self._item, self._feed = item, feed
        self._segments: dict[str, tuple[Segment, ...]] = {}
        self._ranges: dict[str, Mapping[Stream, list[Range]]] = {}  # the same by stream
        self._names: dict[str, tuple[Name, ...]] = {}
        self.title = Stream("title", item.title, 0, item.lang)
        self.place = Stream("place", item.place, 1, item.lang)
        self.text = Stream("text", item.text, 2, item.lang, prose=True)
        self.summary = Stream("summary", item.summary, 3, item.lang, prose=True)

    @property
    def published(self) -> datetime | None:
        return self._item.published

    @cached_property
    def raw(self) -> Stream:
        return Stream("raw", self._item.raw, 4, self._item.lang, prose=True)

    @cached_property
    def url(self) -> Stream:
        return Stream("url", self._item.url or "", 5, self._item.lang)

    @cached_property
    def outlet(self) -> Stream:
        return Stream("outlet", self._item.outlet, 8, self._item.lang)

    @cached_property
    def authors(self) -> tuple[Stream, ...]:
        lang = self._item.lang
        return tuple(Stream("authors", author, 100 + n, lang) for n, author in enumerate(self._item.authors))

    @cached_property
    def tags(self) -> tuple[Stream, ...]:
        """The item's and its feed's."""
        both = dict.fromkeys((*self._item.tags, *self._feed.tags))
        return tuple(Stream("tags", tag, 10_000 + n, self._item.lang) for n, tag in enumerate(both))

    @cached_property
    def prose(self) -> set[str]:
        """Keys of title, place, text and summary, and what else was asked for: what is not in it stands in none."""
        found = set(self.text.places.terms)
        for stream in filter(_has_text, (self.title, self.place, self.summary)):
            found |= stream.places.terms
        return found

    def terms(self, fields: Iterable[str]) -> set[str]:
        """What an index may be asked with: keys of title, place, text and summary, and of `fields` as "field:key".

        A superset of what can match, to put more into.
        """
        found = self.prose
        for field in fields:
            found.update(f"{field}:{term}" for term in self._terms_of(field))
        return found

    def _terms_of(self, field: str) -> set[str]:
        if field in NAMED:
            return {name.value for name in self.names(field)}
        return set().union(*(segment.stream.places.terms for segment in self.segments(field)))

    def segments(self, field: str) -> tuple[Segment, ...]:
        """The words a field means; `any` is title, place, text, and what only the summary says."""
        found = self._segments.get(field)
        if found is None:
            found = self._segments[field] = tuple(Segment(*s) for s in self._of_field(field) if s[1] < s[2])
        return found

    def within(self, field: str, inside: Region | None) -> Sequence[Segment]:
        """The same as far as they lie in a region."""
        if inside is None:
            return self.segments(field)
        if field not in self._ranges:
            ranges = self._ranges[field] = defaultdict[Stream, list[Range]](list)
            for stream, *words in self.segments(field):
                ranges[stream].append((words[0], words[1]))
        return [
            Segment(stream, max(first, low), min(last, high))
            for stream, (low, high) in inside.items()
            for first, last in _touched(self._ranges[field].get(stream, []), low, high)
        ]

    def _of_field(self, field: str) -> Iterator[tuple[Stream, int, int]]:
        match field:
            case "any":
                yield from _all(*self._told)
                yield from ((self.summary, *words) for words in self._left_over())
            case "lead":
                yield from _all(self.title, self.place)
                yield self.text, 0, self.text.lead
            case "body":
                yield from _all(self.text)
            case "author":
                yield from _all(*self.authors, self.outlet)
            case "tag":
                yield from _all(*self.tags)
            case "title" | "summary" | "raw" | "url":
                yield from _all(getattr(self, field))
            case _:
                raise ValueError(f"no field of words: {field}")

    @property
    def _told(self) -> tuple[Stream, ...]:
        """Title, place and main text; a title taken from the text is not counted twice."""
        return (self.place, self.text) if self._item.title_from_text else (self.title, self.place, self.text)

    def opening(self, words: int, inside: Region | None = None) -> Region:
        """The first so many words of title, place, then main text, as far as they lie in `inside`."""
        found: dict[Stream, Range] = {}
        for stream in self._told:
            last = min(words, stream.count)
            words -= last
            if part := clip(Segment(stream, 0, last), inside):
                found[stream] = part[1:]
        return found

    def _left_over(self) -> list[Range]:
        """The summary's sentences that stand nowhere in the text, neighbours joined."""
        ranges: list[Range] = []
        if not self.summary.text:
            return ranges
        words, text = self.summary.written, f" {' '.join(self.text.written)} "
        if f" {' '.join(words)} " in text:  # mostly its beginning
            return ranges
        for first, last in self.summary.sentences if words else ():
            if f" {' '.join(words[first:last])} " in text:
                continue
            if ranges and ranges[-1][1] == first:
                first = ranges.pop()[0]  # noqa: PLW2901
            ranges.append((first, last))
        return ranges

    def units(self, kind: Unit, fields: Iterable[str], inside: Region | None) -> list[Segment]:
        """The sentences or paragraphs with a word of one of the fields, or their parts within `inside`."""
        found: dict[Segment, None] = {}
        for segment in (s for field in fields if field not in NAMED for s in self.within(field, inside)):
            stream, first, last = segment
            for unit in _touched(stream.sentences if kind == "sentence" else stream.paragraphs, first, last):
                if part := clip(Segment(stream, *unit), inside):
                    found[part] = None
        return list(found)

    def names(self, field: str) -> tuple[Name, ...]:
        """What a feed:, site: or lang: may be to be true here, folded; a language with and without its region."""
        found = self._names.get(field)
        if found is None:
            found = self._names[field] = tuple(self._names_of(field))
        return found

    def _names_of(self, field: str) -> Iterator[Name]:
        if field == "site":
            yield from self._sites()
            return
        value = self._item.feed if field == "feed" else (self._item.lang or "")
        stream = Stream(field, value, 6 if field == "feed" else 7, self._item.lang)
        ends = [n for n, c in enumerate(value) if c in "-_"] if field == "lang" else []
        for end in (*ends, len(value)):
            if end:
                yield Name(value[:end].casefold(), stream, 0, end)

    def _sites(self) -> Iterator[Name]:
        """The host and each domain it lies in."""
        url = self._item.url or ""
        host = _HOST.match(url)
        if host is None:
            return
        start, end = host.span(1)
        stream = Stream("url", url, 5, self._item.lang)
        for first in (start, *(n + 1 for n in range(start, end) if url[n] == ".")):
            yield Name(url[first:end].lower(), stream, first, end)


def clip(segment: Segment, to: Region | None) -> Segment | None:
    """The part of a segment that lies in a region; None for none of it."""
    stream, first, last = segment
    if to is not None:
        low, high = to.get(stream, (0, 0))
        first, last = max(first, low), min(last, high)
    return Segment(stream, first, last) if first < last else None


def _all(*streams: Stream) -> Iterator[tuple[Stream, int, int]]:
    return ((stream, 0, stream.count) for stream in streams)
