"""pure: (item, evidence) -> the headline and the sentences that say why, with the places of the hits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from watcher.model import Item, Span, ToldItem
from watcher.render.clean import one_line
from watcher.text.cut import ELLIPSIS, cut
from watcher.text.sentences import sentences

PROSE = ("text", "summary", "raw")
"""The fields whose sentences are shown, best first."""

MOST_HITS = 200
"""Hits of one sentence that are looked at to find its best part: text without any full stop is still quick to show."""

LONGEST_HIT = 80
"""Code points of a hit that are shown where it stands alone; a regular expression may have found a page."""

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """One line of text and the ranges in it that were hit: in order, not touching, none empty."""

    text: str
    hits: tuple[Range, ...] = ()

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[tuple[str, bool]]:
        """The text between two offsets in pieces, each with whether it is a hit."""
        end, at = len(self.text) if end is None else end, start
        for hit in self.hits:
            left, right = max(hit[0], start), min(hit[1], end)
            if left < right:
                yield self.text[at:left], False
                yield self.text[left:right], True
                at = right
        yield self.text[at:end], False

    def behind(self, words: str) -> Marked:
        """The same behind some words that were not hit."""
        return Marked(words + self.text, tuple((start + len(words), end + len(words)) for start, end in self.hits))

    def cut(self, limit: int) -> Marked:
        """At most `limit` code points of it, cut on a word."""
        text = cut(self.text, limit)
        end = len(text) if text == self.text else len(text) - len(ELLIPSIS)
        return Marked(text, tuple((left, min(right, end)) for left, right in self.hits if left < end))

    def starred(self) -> str:
        """With *asterisks* round the hits."""
        return "".join(f"*{piece}*" if hit else piece for piece, hit in self.pieces())


def headline(told: ToldItem) -> Marked:
    """The title with its hits; a title taken from the text has those of the text it was taken from."""
    item = told.item
    taken = item.title.rstrip(ELLIPSIS)
    if item.title_from_text and item.text.startswith(taken):
        hits = [s for s in _spans(item, told.evidence, "text") if s.end <= len(taken)]
    else:
        hits = _spans(item, told.evidence, "title")
    return _marked(item.title, 0, len(item.title), hits) if item.title.strip() else Marked("(no title)")


def snippets(told: ToldItem, *, limit: int, most: int) -> tuple[Marked, ...]:
    """At most `most` sentences that together show as many of the rule's terms as they can, in reading order.

    Each is at most `limit` code points (plus two ellipses); of a longer one the part with the most terms is kept. The
    place of a dateline stands before the text, where it was taken from.
    """
    candidates = [c for field in PROSE for c in _candidates(told.item, told.evidence, field)]
    return tuple(_shown(c, limit) for c in _covering(candidates, most))


def because(told: ToldItem, *, most: int) -> str:
    """The distinct words that made it match, in quotes, each with how often: “air strikes” ×3, “Tikrit”."""
    counts: dict[str, int] = {}
    spelled: dict[str, str] = {}
    places = {(span.field, span.start, span.end): span.text for span in told.evidence}  # once, though two rules find it
    for words in (one_line(text).strip() for text in places.values()):
        spelled.setdefault(words.casefold(), words)
        counts[words.casefold()] = counts.get(words.casefold(), 0) + 1
    shown = [f"“{cut(spelled[w], LONGEST_HIT)}”" + (f" ×{n}" if n > 1 else "") for w, n in counts.items() if w]
    more = [f"+{len(shown) - most} more"] if len(shown) > most else []
    return ", ".join(shown[:most] + more)


class _Candidate(NamedTuple):
    """A sentence with hits: its field's text, its range in it, and its spans."""

    text: str
    start: int
    end: int
    spans: list[Span]

    @property
    def terms(self) -> set[str]:
        return {span.term for span in self.spans}


def _candidates(item: Item, evidence: Sequence[Span], field: str) -> list[_Candidate]:
    spans, text = _spans(item, evidence, field), str(getattr(item, field))
    if field == "text" and (places := _spans(item, evidence, "place")):
        spans, text = _placed(item.place, places, spans, text)
    if not spans:
        return []
    ranges = sentences(text)
    starts = [start for start, _ in ranges]
    held: dict[int, list[Span]] = {}
    for span in spans:
        held.setdefault(max(bisect_right(starts, span.start) - 1, 0), []).append(span)
    return [_Candidate(text, *ranges[n], held[n]) for n in sorted(held) if ranges]


def _placed(place: str, places: list[Span], spans: list[Span], text: str) -> tuple[list[Span], str]:
    """A text behind its place, as newspapers print it."""
    before = f"{place} – " if text else place
    later = [replace(s, start=s.start + len(before), end=s.end + len(before)) for s in spans]
    return [*places, *later], before + text


def _spans(item: Item, evidence: Iterable[Span], field: str) -> list[Span]:
    """The evidence in one field, in order; what does not stand where it says is left out."""
    text = getattr(item, field)
    return sorted(
        (s for s in evidence if s.field == field and s.start < s.end and text[s.start : s.end] == s.text),
        key=lambda s: (s.start, s.end),
    )


def _covering(candidates: Sequence[_Candidate], most: int) -> list[_Candidate]:
    """Greedily the sentence with the most terms not shown yet, the earlier of equals."""
    chosen: set[int] = set()
    wanted = {term for c in candidates for term in c.terms}
    while wanted and len(chosen) < most:
        best = max(range(len(candidates)), key=lambda n: (len(candidates[n].terms & wanted), -n))
        chosen.add(best)
        wanted -= candidates[best].terms
    return [candidates[n] for n in sorted(chosen)]


def _shown(c: _Candidate, limit: int) -> Marked:
    start, end = _window(c, limit) if c.end - c.start > limit else (c.start, c.end)
    before = ELLIPSIS if start > c.start else ""
    after = ELLIPSIS if end < c.end else ""
    return _marked(c.text, start, end, c.spans, before=before, after=after)


def _window(c: _Candidate, limit: int) -> Range:
    """The stretch of at most `limit` with the most terms, in whole words, as much room before them as behind."""
    spans = c.spans[:MOST_HITS]

    def reach(first: int) -> list[Span]:
        return [s for s in spans[first:] if s.end <= spans[first].start + limit]

    best = max(map(reach, range(len(spans))), key=lambda held: len({s.term for s in held}))
    if not best:  # a single hit longer than the limit
        return c.spans[0].start, min(c.spans[0].start + limit, c.end)
    left, right = best[0].start, max(s.end for s in best)
    start = max(c.start, min(left - (limit - (right - left)) // 2, c.end - limit))
    end = min(c.end, start + limit)
    return _forward(c.text, start, left, c.start), _back(c.text, end, right, c.end)


def _forward(text: str, at: int, last: int, edge: int) -> int:
    """The first start of a word from `at` on, not beyond `last`."""
    while edge < at < last and not text[at - 1].isspace():
        at += 1
    return at


def _back(text: str, at: int, first: int, edge: int) -> int:
    """The last end of a word up to `at`, not before `first`."""
    while first < at < edge and not text[at].isspace():
        at -= 1
    return at


def _marked(text: str, start: int, end: int, spans: Iterable[Span], *, before: str = "", after: str = "") -> Marked:
    """`text[start:end]` in one clean line, its hits merged where they overlap or only white space is between."""
    out, hits, at = before, [], start
    for left, right in _merged(text, ((max(s.start, start), min(s.end, end)) for s in spans)):
        out = _joined(out, text[at:left])
        hit = _joined(out, text[left:right])
        hits.append((len(out), len(hit)))
        out, at = hit, right
    line = _joined(out, text[at:end]).rstrip()
    return Marked(line + after, tuple((a, min(b, len(line))) for a, b in hits if a < min(b, len(line))))


def _joined(line: str, more: str) -> str:
    clean = one_line(more)
    return line + (clean.lstrip() if not line or line[-1] in f" {ELLIPSIS}" else clean)


def _merged(text: str, ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for left, right in ranges:
        if left >= right:
            continue
        if merged and (left <= merged[-1][1] or text[merged[-1][1] : left].isspace()):
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged
