"""pure: a sentence -> its words and marks, and where from any of them a clause ends or its subject begins.

No grammar is built: the next stop, as far as single words tell one. Where they do not tell, the nearer one is taken, so
that what is in doubt counts as told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.text.cues import Language
from watcher.text.sentences import Range

LIMIT = 48
"""Words that a scope reaches at most, so that the work grows with the text only."""

_PIECE = re.compile(
    r"\w+(?:[-'’./&]\w+|[,:](?<=\d.)\d+)*|['’](?:ll|ve|re|s|d|m)\b|[,;:?!…()\[\]\"“”„«»—–]|(?<=\s)-(?=\s)"
)
_HARD = frozenset(";:?!…()[]—–-")
_QUOTES = frozenset('"“”„«»')
_OPENING = frozenset("“„«")


def _parts(word: str, start: int, end: int, language: Language) -> Iterator[tuple[str, int, int]]:
    plain = word.replace("’", "'")
    cut = len(plain) - next((len(part) for part in language.contracted if plain.endswith(part)), 0)
    if 0 < cut < len(plain):
        yield language.stems.get(plain[:cut], plain[:cut]), start, start + cut
        yield language.contracted[plain[cut:]], start + cut, end
    else:
        yield language.contracted.get(plain, plain), start, end


class Clauses:
    """One sentence. `words` are folded, marks but the full stop among them; `spans` are where each stands.

    `closed` says that something stands behind the last of them: the full stop.
    """

    def __init__(self, text: str, sentence: Range, language: Language) -> None:
        self._language = language
        found = list(_PIECE.finditer(text, *sentence))
        self.words: list[str] = [piece[0].lower() for piece in found]
        self.spans: list[Range] = [piece.span() for piece in found]
        if any("'" in word or "’" in word for word in self.words):
            self._take_apart()
        self.closed = bool(self.spans) and self.spans[-1][1] < sentence[1]
        self._inside = self._quoted()

    def _take_apart(self) -> None:
        """Has and not for hasn't."""
        both = zip(self.words, self.spans, strict=True)
        parts = [part for word, span in both for part in _parts(word, *span, self._language)]
        self.words = [word for word, _, _ in parts]
        self.spans = [(start, end) for _, start, end in parts]

    def _quoted(self) -> list[bool]:
        """For each word whether it stands inside a quotation of this sentence."""
        if _QUOTES.isdisjoint(self.words):
            return []
        inside, found = False, []
        for word in self.words:
            if word in _QUOTES:
                inside = word in _OPENING or (word == '"' and not inside)
            found.append(inside)
        return found

    def end(self, first: int, *, verbs: bool, whole: bool = False, known: bool = True) -> int:
        """One past the last word of what begins at `first`.

        A finite verb ends it unless `verbs`, and then a participle that says more of a noun ("the man accused of ...")
        unless `whole`; behind a word that reacts to what is known the rest is so, if `known`.
        """
        language, words = self._language, self.words
        said = first < len(words) and (words[first] in language.complementers or words[first] in language.articles)
        n = first
        last = min(len(words), first + LIMIT)
        while n < last:
            word = words[n]
            if word in _HARD:
                return n
            if word in _QUOTES:
                if self._inside[first - 1 if first else 0]:
                    return n
            elif word == ",":
                if n == first and verbs:
                    n = self._mark_behind(n + 1)
                elif self._comma_ends(n, first):
                    return n
            elif word in language.complementers:
                if n > first and self._relative(n, first):
                    return n
            elif (word in language.stops and not (n == first and self.adverb(n))) or self._known(n):
                return n
            elif word in language.conjunctions:
                if n > first and self._conjunction_ends(n, whole=verbs and said):
                    return n
            elif known and word in language.endings:
                return n + 1
            elif (n > first or not verbs) and (self._next_clause(n) or self._ends_with(n, verbs=verbs, whole=whole)):
                return n
            n += 1
        return min(n, len(words))

    def _ends_with(self, n: int, *, verbs: bool, whole: bool) -> bool:
        if not verbs:
            return self.finite(n)
        return not whole and self.finite(n) and self._participle(n) and not self.adverb(n - 1)

    def _next_clause(self, n: int) -> bool:
        return self.words[n] in self._language.alike and self._verb_within(n + 1, 6)

    def subjects(self, verb: int, *, head: bool) -> list[Range]:
        """The subject of the verb at `verb`: the words before it, what is a clause of its own left out.

        With `head` only the noun it is about, and that only where it is not yet known to be or comes about here.
        """
        end = self.verb_start(verb)
        if end and self.words[end - 1] == ",":
            end = self._mark_before(end - 1)
        start, end = self._backward(end)
        if start >= end or (head and self.words[start] in self._language.definite and not self._happens(verb)):
            return []
        return [(start, self._head_end(start, end) if head else end)]

    def relative(self, verb: int) -> bool:
        """Whether a verb belongs to a relative clause: "those who could not ..."."""
        start = self.verb_start(verb)
        return start > 0 and self.words[start - 1] in self._language.relatives and self._relative(start - 1, start - 1)

    def verb_start(self, verb: int) -> int:
        """Where the auxiliaries and adverbs before a verb begin."""
        while verb and (self.words[verb - 1] in self._language.auxiliaries or self.adverb(verb - 1)):
            verb -= 1
        return verb

    def _backward(self, end: int) -> Range:
        """What stands before `end` in its clause; empty where nothing does."""
        language, words = self._language, self.words
        n, lowest, joined = end - 1, max(0, end - LIMIT), None
        while n >= lowest:
            word = words[n]
            if word in _QUOTES and not _QUOTES.isdisjoint(words[max(0, n - 5) : n]):
                n -= 1  # a word or two between quotes
                continue
            if (
                word in _HARD
                or word in _QUOTES
                or word == ","
                or word in language.stops
                or word in language.complementers
            ):
                break
            if self.finite(n):
                relative = next((m for m in (n - 1, n - 2, n - 3) if m > 0 and words[m] in language.relatives), None)
                if relative is not None and self._relative(relative, relative):
                    end = n = relative
                elif relative is not None:
                    n = relative
                elif self._participle(n):
                    end = n
                else:
                    n = n if joined is None else joined
                    break
            elif word in language.conjunctions:
                joined = n
            n -= 1
        return n + 1, end

    def _participle(self, n: int) -> bool:
        """Whether "killed in the raid", "carried out by" is only said of the noun before it; "carried out a" is not."""
        words, language = self.words, self._language
        if words[n] in language.said or not words[n].endswith(language.past_ending):
            return False
        if words[n - 1] in language.pronouns:
            return False
        behind = n + 2 if words[n + 1 : n + 2] and words[n + 1] in language.particles else n + 1
        return behind < len(words) and words[behind] in language.prepositions

    def _happens(self, verb: int) -> bool:
        language = self._language
        return not language.happening.isdisjoint(self.words[verb : verb + 4])

    def _head_end(self, start: int, end: int) -> int:
        language = self._language
        for n in range(start + 1, end):
            word = self.words[n]
            if word in language.relatives or (word in language.prepositions and word not in language.passing):
                return n
            if word.endswith(language.gerund_ending) and self.words[n - 1] not in language.articles:
                return n
        return end

    def finite(self, n: int) -> bool:
        """Whether a word looks like the finite verb of a clause."""
        language, words = self._language, self.words
        word, before = words[n], words[n - 1] if n else ""
        if before in language.modals:
            return False
        if word in language.auxiliaries:
            return word in language.finite
        if word in language.finite or word in language.said:
            return not (
                word.endswith(language.gerund_ending) or before in language.articles or before in language.auxiliaries
            )
        if len(word) < 5 or not word.endswith(language.past_ending) or word in language.no_pasts:
            return False
        return not (
            before in language.articles
            or before in language.auxiliaries
            or (before in language.prepositions and before not in language.particles)
            or "-" in word
        )

    def _known(self, n: int) -> bool:
        """Whether here begins something that is taken for known: "in the raid"."""
        language, words = self._language, self.words
        word = words[n]
        if word in language.facts:
            return n + 1 < len(words) and words[n + 1] in language.complementers
        return (
            word in language.prepositions
            and word not in language.passing
            and word not in language.particles
            and n + 1 < len(words)
            and (words[n + 1] in language.definite or self._reason(n))
        )

    def _reason(self, n: int) -> bool:
        """Whether here stands what it was done for: "fined for polluting"."""
        return (
            n > 0
            and self.words[n] in self._language.reasons
            and self.words[n + 1].endswith(self._language.gerund_ending)
        )

    def _relative(self, n: int, first: int) -> bool:
        """Whether "that" says more of the noun before it, or stands beside what began at `first`."""
        before = self.words[n - 1]
        if before == "," or before in self._language.conjunctions:
            return self.words[first] not in self._language.complementers
        if before in self._language.facts:
            return True
        return not (before in self._language.takes_that or before in self._language.auxiliaries)

    def _comma_ends(self, n: int, first: int) -> bool:
        language, words = self._language, self.words
        if n + 1 >= len(words):
            return True
        word = words[n + 1]
        if word in _QUOTES or word in language.stops:
            return True
        if word.endswith(language.gerund_ending) and len(word) > 5:
            return not words[first].endswith(language.gerund_ending)
        return self._verb_within(n + 1, 12)

    def _conjunction_ends(self, n: int, *, whole: bool) -> bool:
        """Whether "and" joins a clause of its own, not more of the same; `whole`: what is joined to is a clause too."""
        m = n + 1
        while m < len(self.words) and self.adverb(m):
            m += 1
        if m >= len(self.words):
            return False
        if self.finite(m):
            return not whole or self.words[m] in self._language.said
        return self._verb_within(m, 7)

    def _verb_within(self, first: int, limit: int) -> bool:
        """Whether a finite verb comes before the next mark."""
        for n in range(first, min(len(self.words), first + limit)):
            word = self.words[n]
            if word in _HARD or word in _QUOTES or (word == "," and n > first) or word in self._language.stops:
                return False
            if self.finite(n) and not (n > first and self._participle(n)):
                return True
            if word in self._language.futures and self.words[n - 1] not in self._language.modals:
                return True
        return False

    def adverb(self, n: int) -> bool:
        word = self.words[n]
        return word in self._language.adverbs or (len(word) > 4 and word.endswith(self._language.adverb_ending))

    def _mark_behind(self, n: int) -> int:
        """The next comma, or one past what a scope reaches."""
        last = min(len(self.words), n + LIMIT)
        while n < last and self.words[n] != ",":
            n += 1
        return n

    def _mark_before(self, n: int) -> int:
        """The comma that opens what the comma at `n` closes, or `n`."""
        for m in range(n - 1, max(-1, n - 16), -1):
            if self.words[m] == ",":
                return m
        return n
