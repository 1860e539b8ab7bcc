"""pure: text -> the stretches of it that are not told as fact: denied, threatened, planned, rehearsed ...

By cue and scope, as NegEx and ConText do it (Chapman and others 2001, Harkema and others 2009): a cue (text.cues)
covers what lies in its scope (text.scopes). Where several meet, `_Word` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from watcher.text.clauses import LIMIT, Clauses
from watcher.text.cues import Branch, Cue, Kind, Language, language
from watcher.text.scopes import Found, Scopes
from watcher.text.sentences import Range

_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"[\"“„«](\w+)")
_OPENERS = frozenset('"“„«”»')
_ANY = "*"
_BREAKS = _OPENERS | frozenset(":;—–?!")
_QUESTION = 100  # words of a sentence in which questions are looked for
_HEADLINE = 20  # words at most
_MOST = 200  # cues looked at in one sentence: prose has a handful
_TO = Cue(kind="planned", reach="phrase")
_ORDER = Cue(kind="demanded", reach="phrase")
_INVERTED = Cue(kind="conditional", reach="on")
_ASKED = Cue(kind="hypothetical", reach="none")
_RANK: dict[Kind, int] = {
    "rehearsed": 0,
    "conditional": 1,
    "threatened": 2,
    "demanded": 3,
    "hypothetical": 4,
    "forecast": 5,
    "planned": 6,
    "negated": 7,
}


class Unreal(NamedTuple):
    """What lies from `start` to `end` (code points) is so only as far as its cue says; `cue` is where that stands."""

    start: int
    end: int
    kind: Kind
    cue: Range


def unreal(text: str, sentences: Sequence[Range], lang: str | None = None) -> list[Unreal]:
    """The scopes of a text in reading order, none across two of the sentences and no two over the same words.

    `lang` is a BCP 47 tag; without one English is assumed; a language without cues of its own has no scopes. Raises
    nothing.
    """
    spoken = language(lang)
    if spoken is None:
        return []
    return [scope for sentence in sentences for scope in _of_sentence(text, sentence, spoken)]


def may_deny(text: str, start: int, end: int, lang: str | None = None) -> bool:
    """Whether a word between these code points may say no: without one no sentence between them has a negation."""
    spoken = language(lang)
    return spoken is not None and _holds(_WORD.findall(text[start:end].lower()), *spoken.denials)


def _of_sentence(text: str, sentence: Range, spoken: Language) -> list[Unreal]:
    folded = text[slice(*sentence)].lower()
    words = _WORD.findall(folded)
    if not (
        _holds(words, spoken.triggers, spoken.phrases)
        or _may_be_headline(folded, words, spoken)
        or _may_be_said(folded, spoken)
    ):
        return []
    return _Sentence(text, Clauses(text, sentence, spoken), spoken).scopes()


def _holds(words: Sequence[str], triggers: frozenset[str], phrases: Sequence[str]) -> bool:
    if not triggers.isdisjoint(words):
        return True
    row = f" {' '.join(words)} "
    for phrase in phrases:  # noqa: SIM110  a generator costs more than the question
        if phrase in row:
            return True
    return False


def _may_be_headline(folded: str, words: Sequence[str], spoken: Language) -> bool:
    return folded[-1:].isalnum() and spoken.headline in words


def _may_be_said(folded: str, spoken: Language) -> bool:
    """Whether something may be asked or ordered in it."""
    return "?" in folded or any(word in spoken.verbs for word in _QUOTED.findall(folded))


def _next(ways: Mapping[str, Branch], word: str) -> list[Branch]:
    found = [ways[word]] if word in ways else []
    return [*found, ways[_ANY]] if _ANY in ways and word[0].isalnum() else found


@dataclass(slots=True)
class _Word:
    """What cues say of one word."""

    denials: int = 0  # that each turn over what lies in them
    denied: Found | None = None
    plain: bool = False
    other: Found | None = None

    def take(self, cue: Found) -> None:
        if cue.kind == "negated":
            self.denied = cue
            self.denials += cue.cue.turns
            self.plain |= not cue.cue.turns
        elif cue.kind and not (self.other and self.other.kind and _RANK[self.other.kind] < _RANK[cue.kind]):
            self.other = cue

    def told_by(self) -> Found | None:
        """Two denials, one of the other, are none. An if, a drill come before a denial, a denial before all else."""
        if self.denied is None or (self.denials + self.plain) % 2 == 0:
            return self.other
        return self.other if self.other and self.other.kind in ("conditional", "rehearsed") else self.denied


class _Sentence:
    def __init__(self, text: str, clauses: Clauses, spoken: Language) -> None:
        self._text, self._clauses, self._spoken = text, clauses, spoken
        self._words, self._scopes = clauses.words, Scopes(clauses, spoken)

    def scopes(self) -> list[Unreal]:
        found: list[Found] = []
        for cue in self._cues():
            cue.pieces = self._scopes.of(cue)
            self._turn(cue, found)
            found.append(cue)
        return self._joined(self._told([*self._question(), *found]))

    def _cues(self) -> Iterator[Found]:
        n, heads = 0, self._spoken.heads
        left = _MOST
        while n < len(self._words) and left:
            found = self._cue_at(n) if self._words[n] in heads or self._words[n] in _OPENERS else None
            if found:
                left -= 1
                yield found
            n = found.last if found else n + 1

    def _cue_at(self, n: int) -> Found | None:
        found = self._longest(n)
        if self._inverted(n):
            return Found(first=n, last=n + 1, cue=_INVERTED, kind="conditional")
        if found is None and self._future(n):
            return Found(first=n, last=n + 1, cue=_TO, kind="planned")
        if self._order(n):
            return Found(first=n, last=n + 1, cue=_ORDER, kind="demanded")
        return found

    def _longest(self, n: int) -> Found | None:
        words, root, found = self._words, self._spoken.cues.next, None
        here = [root[words[n]]] if words[n] in root else []
        for m in range(n + 1, len(words) + 1):
            cue = next((branch.cue for branch in here if branch.cue), None)
            if cue and not (cue.bare and self._look_alike(n, m, cue)):
                found = Found(first=n, last=m, cue=cue, kind=cue.kind)
            here = [follow for branch in here for follow in _next(branch.next, words[m])] if m < len(words) else []
            if not here:
                break
        return found

    def _future(self, n: int) -> bool:
        """Whether a headline announces: "Arden Air to shed jobs"."""
        words, spoken = self._words, self._spoken
        headline = words[n] == spoken.headline and 0 < n < len(words) - 1 and not self._clauses.closed
        return headline and len(words) <= _HEADLINE and words[n + 1] in spoken.verbs

    def _order(self, n: int) -> bool:
        """Whether a quotation begins with a command: "Bomb them"."""
        words, spoken = self._words, self._spoken
        quoted = words[n] in _OPENERS and n + 2 < len(words) and words[n + 1] in spoken.verbs
        return quoted and words[n + 2] in spoken.orders

    def _inverted(self, n: int) -> bool:
        """Whether a verb at the head of the sentence stands for an if: "Should talks fail", "Were it to burst"."""
        wants = self._spoken.inversions.get(self._words[n])
        if wants is None or n + 1 == len(self._words):
            return False
        if n and self._words[n - 1] not in _OPENERS:
            before = self._words[max(0, n - LIMIT) : n]
            return (
                self._words[n + 1] in self._spoken.subjects
                and not self._spoken.perfect.isdisjoint(before)
                and not wants.isdisjoint(before)
            )
        following = self._words[n + 1 : n + LIMIT]
        return "?" not in following and not wants.isdisjoint(following)

    def _look_alike(self, first: int, last: int, cue: Cue) -> bool:
        """A month, a noun, a name: "in May", "their will", "Will Oakes"; or an until in what has happened."""
        words, spoken = self._words, self._spoken
        if cue.kind == "conditional":
            return spoken.futures.isdisjoint(words[max(0, first - LIMIT) : last + LIMIT])
        before = words[first - 1] if first else ""
        behind = words[last] if last < len(words) else ""
        if (
            (before in spoken.before_nouns and cue.kind != "negated")
            or behind in spoken.behind_nouns
            or before.isdigit()
            or behind[:1].isdigit()
        ):
            return True
        return words[first] in spoken.names and self._capital(first) and self._name(first, last)

    def _name(self, first: int, last: int) -> bool:
        """Whether the capital is one of two in a row, and not in a headline where all words have one."""
        beside = [n for n in (first - 1, last) if 0 <= n < len(self._words)]
        around = (*range(max(0, first - 4), first), *range(last, min(len(self._words), last + 5)))
        lower = any(len(self._words[n]) > 3 and not self._capital(n) for n in around)
        return lower and any(self._capital(n) for n in beside)

    def _capital(self, n: int) -> bool:
        return self._text[self._clauses.spans[n][0]].isupper()

    def _turn(self, cue: Found, before: Sequence[Found]) -> None:
        """What a negation of a denial leaves: "never denied that" denies nothing."""
        if not cue.cue.turns or not before or not (cue.pieces or cue.cue.reach == "none"):
            return
        outer = before[-1]
        if outer.kind == "negated" and not outer.turned and self._governs(outer, cue):
            outer.pieces = [(outer.last, cue.last)]
            cue.turned, cue.kind = True, cue.cue.turned

    def _governs(self, outer: Found, inner: Found) -> bool:
        between = range(outer.last, inner.first)
        if outer.cue.reach == "on" and not outer.cue.turns:
            return len(between) <= 3 and all(self._words[n].isalnum() for n in between)
        return all(self._words[n] in self._spoken.light or self._clauses.adverb(n) for n in between)

    def _question(self) -> Iterator[Found]:
        """A question that asks whether: "Was it sabotage?"; one that asks why or who takes the rest for known."""
        words = self._words
        for last in (n for n, word in enumerate(words[:_QUESTION]) if word == "?"):
            first = next((n + 1 for n in range(last - 1, -1, -1) if words[n] in _BREAKS), 0)
            if first < last and words[first] not in self._spoken.open_questions:
                yield Found(first=last, last=last + 1, cue=_ASKED, kind="hypothetical", pieces=[(first, last)])

    def _told(self, found: Sequence[Found]) -> dict[int, Found]:
        """Of each word that is not told as fact the cue by which it is not, in order."""
        words: dict[int, _Word] = {}
        for cue in found:
            for n in {n for start, end in cue.pieces for n in range(start, end)}:
                if cue.turned or cue.cue.clears or n not in words:
                    words[n] = _Word()
                words[n].take(cue)
        return {n: by for n, word in sorted(words.items()) if (by := word.told_by())}

    def _joined(self, told: Mapping[int, Found]) -> list[Unreal]:
        spans = self._clauses.spans
        scopes: list[Unreal] = []
        for n, found in told.items():
            start, end = spans[n]
            if told.get(n - 1) is found:
                start = scopes.pop().start
            if found.kind:
                scopes.append(Unreal(start, end, found.kind, (self._start(found.first), spans[found.last - 1][1])))
        return scopes

    def _start(self, n: int) -> int:
        """Where the word begins that a word of a cue is a part of: hasn't of n't."""
        spans = self._clauses.spans
        start, end = spans[n - 1] if n else (0, -1)
        return start if end == spans[n][0] and self._words[n - 1].isalnum() else spans[n][0]
