"""pure: text -> the stretches of it that are not told as fact: denied, threatened, planned, rehearsed ...

By cue and scope, as NegEx and ConText do it (Chapman and others 2001, Harkema and others 2009): a cue (text.cues) covers
its clause or what it governs (text.clauses). Where several meet, `_told` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from watcher.text.clauses import LIMIT, Clauses
from watcher.text.cues import Branch, Cue, Kind, Language, language
from watcher.text.sentences import Range

_WORD = re.compile(r"\w+")
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
    "negated": 2,
    "threatened": 3,
    "demanded": 4,
    "hypothetical": 5,
    "forecast": 6,
    "planned": 7,
}


class Unreal(NamedTuple):
    """What lies from `start` to `end` (code points) is so only as far as its cue says; `cue` is where that stands."""

    start: int
    end: int
    kind: Kind
    cue: Range


@dataclass(slots=True, kw_only=True)
class _Found:
    """A cue in a sentence, in numbers of words."""

    first: int
    last: int
    cue: Cue
    kind: Kind | None
    turned: bool = False
    pieces: list[Range] = field(default_factory=list)


def unreal(text: str, sentences: Sequence[Range], lang: str | None = None) -> list[Unreal]:
    """The scopes of a text in reading order, none across two of the sentences and no two over the same words.

    `lang` is a BCP 47 tag; without one English is assumed; a language without cues of its own has no scopes. Raises
    nothing.
    """
    spoken = language(lang)
    if spoken is None:
        return []
    return [scope for sentence in sentences for scope in _of_sentence(text, sentence, spoken)]


def _of_sentence(text: str, sentence: Range, spoken: Language) -> list[Unreal]:
    folded = text[slice(*sentence)].lower()
    if not (_may_hold_cue(folded, spoken) or _may_be_headline(folded, spoken) or _may_ask(folded)):
        return []
    return _Sentence(text, Clauses(text, sentence, spoken), spoken).scopes()


def _may_hold_cue(folded: str, spoken: Language) -> bool:
    return not spoken.triggers.isdisjoint(_WORD.findall(folded)) or any(one in folded for one in spoken.phrases)


def _may_be_headline(folded: str, spoken: Language) -> bool:
    return folded[-1:].isalnum() and f" {spoken.headline} " in folded


def _may_ask(folded: str) -> bool:
    return "?" in folded


def _next(branch: Branch, word: str) -> Iterator[Branch]:
    for way in (word, _ANY):
        if way in branch.next and word[0].isalnum() >= (way == _ANY):
            yield branch.next[way]


def _before(one: _Found, other: _Found | None) -> bool:
    """Whether the kind of one wins where both cover a word."""
    return not (one.kind and other and other.kind) or _RANK[one.kind] <= _RANK[other.kind]


class _Sentence:
    def __init__(self, text: str, clauses: Clauses, spoken: Language) -> None:
        self._text, self._clauses, self._spoken = text, clauses, spoken
        self._words = clauses.words

    def scopes(self) -> list[Unreal]:
        found: list[_Found] = []
        for cue in self._cues():
            cue.pieces = self._pieces(cue)
            self._turn(cue, found)
            found.append(cue)
        return self._joined(self._told([*self._question(), *found]))

    def _cues(self) -> Iterator[_Found]:
        n = 0
        left = _MOST
        while n < len(self._words) and left:
            found = self._cue_at(n)
            if found:
                left -= 1
                yield found
            n = found.last if found else n + 1

    def _cue_at(self, n: int) -> _Found | None:
        """The longest cue that begins here."""
        words, here, found = self._words, [self._spoken.cues], None
        for m in range(n, len(words)):
            here = [follow for branch in here for follow in _next(branch, words[m])]
            if not here:
                break
            cue = next((branch.cue for branch in here if branch.cue), None)
            if cue and not (cue.bare and self._look_alike(n, m + 1, cue)):
                found = _Found(first=n, last=m + 1, cue=cue, kind=cue.kind)
        if self._inverted(n):
            return _Found(first=n, last=n + 1, cue=_INVERTED, kind="conditional")
        if found is None and self._future(n):
            return _Found(first=n, last=n + 1, cue=_TO, kind="planned")
        if self._order(n):
            return _Found(first=n - 1, last=n, cue=_ORDER, kind="demanded")
        return found

    def _future(self, n: int) -> bool:
        """Whether a headline announces: "Arden Air to shed jobs"."""
        words, spoken = self._words, self._spoken
        headline = words[n] == spoken.headline and 0 < n < len(words) - 1 and not self._clauses.closed
        return headline and len(words) <= _HEADLINE and words[n + 1] in spoken.verbs

    def _order(self, n: int) -> bool:
        """Whether a quotation begins with a command: "Bomb them"."""
        words, spoken = self._words, self._spoken
        quoted = 0 < n < len(words) - 1 and words[n - 1] in _OPENERS and words[n] in spoken.verbs
        return quoted and words[n + 1] in spoken.orders

    def _inverted(self, n: int) -> bool:
        """Whether a verb at the head of the sentence stands for an if: "Should talks fail", "Were it to burst"."""
        wants = self._spoken.inversions.get(self._words[n])
        if wants is None or n + 1 == len(self._words):
            return False
        if n and self._words[n - 1] not in _OPENERS:
            before = self._words[max(0, n - LIMIT) : n]
            return self._words[n + 1] in self._spoken.subjects and "have" in before and not wants.isdisjoint(before)
        following = self._words[n + 1 : n + LIMIT]
        return "?" not in following and not wants.isdisjoint(following)

    def _look_alike(self, first: int, last: int, cue: Cue) -> bool:
        """A month, a noun, a name: "in May", "their will", "Will Oakes"; or an until in what has happened."""
        words, spoken = self._words, self._spoken
        if cue.kind == "conditional":
            return spoken.futures.isdisjoint(words[max(0, first - LIMIT) : last + LIMIT])
        before = words[first - 1] if first else ""
        behind = words[last] if last < len(words) else ""
        if (before in spoken.before_nouns and cue.kind != "negated") or behind in spoken.behind_nouns or before.isdigit() or behind[:1].isdigit():
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

    def _turn(self, cue: _Found, before: Sequence[_Found]) -> None:
        """What a negation of a denial leaves: "never denied that" denies nothing."""
        if not cue.cue.turns or not before or not (cue.pieces or cue.cue.reach == "none"):
            return
        outer = before[-1]
        if outer.kind == "negated" and not outer.turned and self._governs(outer, cue):
            outer.pieces = []
            cue.turned, cue.kind = True, cue.cue.turned

    def _governs(self, outer: _Found, inner: _Found) -> bool:
        between = range(outer.last, inner.first)
        if outer.cue.reach == "on" and not outer.cue.turns:
            return len(between) <= 3 and all(self._words[n].isalnum() for n in between)
        return all(self._words[n] in self._spoken.light or self._clauses.adverb(n) for n in between)

    def _question(self) -> Iterator[_Found]:
        """A question that asks whether: "Was it sabotage?"; one that asks why or who takes the rest for known."""
        words = self._words
        for last in (n for n, word in enumerate(words[:_QUESTION]) if word == "?"):
            first = next((n + 1 for n in range(last - 1, -1, -1) if words[n] in _BREAKS), 0)
            if first < last and words[first] not in self._spoken.open_questions:
                yield _Found(first=last, last=last + 1, cue=_ASKED, kind="hypothetical", pieces=[(first, last)])

    def _pieces(self, found: _Found) -> list[Range]:
        first, last, words = found.first, found.last, self._words
        end = self._clauses.end
        match found.cue.reach:
            case "clause":
                if found.kind == "negated" and not self._verbal(first):
                    return [(last, self._before_comma(last, end(last, verbs=False)))]
                return self._clause(found)
            case "on":
                if found.kind != "negated" and first and words[first - 1] in self._spoken.articles:
                    return [(last, self._noun_end(last))]
                return self._or_subject(found, end(last, verbs=True, whole=True))
            case "phrase":
                return [(last, end(last, verbs=False))]
            case "noun":
                return self._or_subject(found, self._noun_end(last))
            case "object":
                return self._object(found)
            case "denial" | "report":
                return self._denied(found)
            case "subject":
                return self._clauses.subjects(first, head=False)
            case "condition":
                return self._condition(found)
            case "exercise":
                return self._exercise(found)
        return []

    def _clause(self, found: _Found) -> list[Range]:
        first, last = found.first, found.last
        if self._clauses.relative(first):
            return [(last, self._clauses.end(last, verbs=False))]
        end = self._clauses.end(last, verbs=True)
        if found.kind == "negated" and self._came_at_last(first, end):
            return []
        return [*self._clauses.subjects(first, head=found.kind != "negated"), (last, end)]

    def _came_at_last(self, first: int, end: int) -> bool:
        """Whether it only took time: "was not found until Monday"."""
        spoken, words = self._spoken, self._words
        if words[end : end + 1] == [] or words[end] not in spoken.until:
            return False
        return spoken.futures.isdisjoint(words[self._clauses.verb_start(first) : first])

    def _verbal(self, n: int) -> bool:
        """Whether a "not" negates a verb: "has not", "never took", no "a school, not a barracks"."""
        words, spoken = self._words, self._spoken
        if words[n] not in spoken.constituent:
            return True
        return any(words[m] in spoken.auxiliaries for m in range(self._clauses.verb_start(n), n))

    def _before_comma(self, first: int, last: int) -> int:
        commas = (n for n in range(first, last) if self._words[n] == ",")
        return next(commas, last)

    def _or_subject(self, found: _Found, end: int) -> list[Range]:
        """What a cue is said of: what follows, or where nothing does what stands before: "a strike is possible"."""
        if end > found.last:
            return [*self._verb_of(found), (found.last, end)]
        return [] if found.kind == "negated" else self._clauses.subjects(found.first, head=True)

    def _verb_of(self, found: _Found) -> list[Range]:
        """The verb that a "nobody" behind it negates: "killed nobody"."""
        n = found.first - 1
        if found.cue.kind != "negated" or found.cue.turns or n < 0 or self._words[n] in self._spoken.said:
            return []
        simple = self._clauses.finite(n) and self._words[n] not in self._spoken.auxiliaries
        return [(n, n + 1)] if simple and self._words[found.first] in self._spoken.nobody else []

    def _noun_end(self, first: int) -> int:
        spoken, words = self._spoken, self._words
        for n in range(first, min(len(words), first + 5)):
            word = words[n]
            if (
                not word[0].isalnum()
                or word in spoken.auxiliaries
                or word in spoken.stops
                or word in spoken.conjunctions
            ):
                return n
            if word in spoken.prepositions and word not in spoken.passing:
                return n
            if n > first and self._clauses.finite(n):
                return n
        return min(len(words), first + 5)

    def _object(self, found: _Found) -> list[Range]:
        first, last, denied = found.first, found.last, found.kind == "negated"
        ahead = (last, self._clauses.end(last, verbs=False))
        if not self._passive(found):
            return [ahead, *(self._never_came(found) if denied else [])]
        subject = self._clauses.subjects(first, head=not denied)
        return [*subject, *(self._never_came(found) if denied else [ahead])]

    def _never_came(self, found: _Found) -> list[Range]:
        """What was to come behind what was prevented: "was aborted before it crossed the border"."""
        words = self._words
        for n in range(found.last, min(len(words), found.last + 8)):
            if words[n] in self._spoken.earlier:
                return [(n + 1, self._clauses.end(n + 1, verbs=True))]
            if not words[n][0].isalnum():
                break
        return []

    def _passive(self, found: _Found) -> bool:
        n = self._clauses.verb_start(found.first)
        passive = any(self._words[m] in self._spoken.passives for m in range(n, found.last))
        return passive and not self._words[found.first].endswith(self._spoken.gerund_ending)

    def _denied(self, found: _Found) -> list[Range]:
        spoken, words, first, last = self._spoken, self._words, found.first, found.last
        near = self._near(last)
        reports = found.cue.reach == "report"
        if self._passive(found):
            pieces = self._clauses.subjects(first, head=False)
            subject = {word for start, end in pieces for word in words[start:end]}
            told = not reports or not spoken.reports.isdisjoint(subject)
            return (
                pieces if told and spoken.granted.isdisjoint(near) and not (near and near[0] in spoken.articles) else []
            )
        if not spoken.granted.isdisjoint(near):
            return []
        guilt = next((n for n, word in enumerate(near, last) if word in spoken.guilt), None)
        if guilt is not None:
            return [(last, guilt + 1)]
        clause = bool(near) and (near[0] in spoken.complementers or near[0].endswith(spoken.gerund_ending))
        if reports and not clause and spoken.reports.isdisjoint(near):
            return []
        gerund = bool(near) and near[0].endswith(spoken.gerund_ending)
        return [(last, self._clauses.end(last, verbs=not gerund))]

    def _near(self, n: int) -> list[str]:
        """The first words of what follows, up to where its own complement begins."""
        found: list[str] = []
        for word in self._words[n : n + 5]:
            if not word[0].isalnum() and word != "'s":
                break
            if found and (word in self._spoken.complementers or word in self._spoken.prepositions):
                break
            found.append(word)
        return found

    def _condition(self, found: _Found) -> list[Range]:
        before, ahead = self._verb_phrase(found.first), (found.last, self._clauses.end(found.last, verbs=True))
        pieces = [*before, ahead]
        past = found.kind == "planned" and any(self._clauses.finite(n) for one in pieces for n in range(*one))
        return [] if past else pieces

    def _exercise(self, found: _Found) -> list[Range]:
        """The clause that takes place in an exercise, unless somebody came to harm; else what the exercise is about."""
        words, spoken, last = self._words, self._spoken, found.last
        first = self._inside(found.first)
        if first is None:
            ahead = last + (words[last : last + 1] == [","])
            imagines = ahead < len(words) and words[ahead] in spoken.imagines
            return [(last, self._clauses.end(last, verbs=True))] if imagines else []
        ahead = last + 1 if words[last : last + 1] == [","] and not first else last
        pieces = [*self._verb_phrase(first), (ahead, self._clauses.end(ahead, verbs=True, known=False))]
        told = (n for start, end in pieces for n in range(start, end))
        harmed = any(words[n] in spoken.harmed and words[n - 1] not in spoken.articles for n in told)
        return [] if harmed else pieces

    def _inside(self, n: int) -> int | None:
        """Where "in a large drill" begins."""
        for m in range(n - 1, max(-1, n - 7), -1):
            word = self._words[m]
            if word in self._spoken.inside:
                return m
            if not word[0].isalnum() or (word in self._spoken.prepositions and word not in self._spoken.passing):
                break
        return None

    def _verb_phrase(self, n: int) -> list[Range]:
        """What stands before "in a drill", back to the mark or clause before it."""
        start = n
        while start and self._words[start - 1][0].isalnum() and self._words[start - 1] not in self._spoken.stops:
            start -= 1
        return [(start, n)] if start < n else []

    def _told(self, found: Sequence[_Found]) -> list[_Found | None]:
        """For each word the cue by which it is not told as fact; None where it is.

        Two denials, one of the other, are none. An if, a drill come before a denial, a denial before all else.
        """
        words = range(len(self._words))
        turning: list[int] = [0 for _ in words]
        denied: list[_Found | None] = [None for _ in words]
        other: list[_Found | None] = [None for _ in words]
        plain = [0 for _ in words]
        for cue in found:
            for n in {n for start, end in cue.pieces for n in range(start, end)}:
                if cue.turned or cue.cue.clears:
                    turning[n], plain[n], other[n] = 0, 0, None
                if cue.kind == "negated":
                    turning[n] += cue.cue.turns
                    plain[n] |= not cue.cue.turns
                    denied[n] = cue
                elif cue.kind and _before(cue, other[n]):
                    other[n] = cue
        return [self._wins(other[n], denied[n] if (turning[n] + plain[n]) % 2 else None) for n in words]

    @staticmethod
    def _wins(other: _Found | None, denied: _Found | None) -> _Found | None:
        if denied and other and other.kind in ("conditional", "rehearsed"):
            return other
        return denied or other

    def _joined(self, told: Sequence[_Found | None]) -> list[Unreal]:
        spans = self._clauses.spans
        scopes: list[Unreal] = []
        last: tuple[int, _Found | None] = (-1, None)
        for n, found in enumerate(told):
            if found is None or found.kind is None:
                continue
            start, end = spans[n]
            if last == (n - 1, found):
                start = scopes.pop().start
            scopes.append(Unreal(start, end, found.kind, (spans[found.first][0], spans[found.last - 1][1])))
            last = n, found
        return scopes
