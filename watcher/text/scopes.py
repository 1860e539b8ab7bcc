"""pure: a cue in a sentence -> the words that it covers (text.cues.Reach)."""

from __future__ import annotations

from dataclasses import dataclass, field

from watcher.text.clauses import LIMIT, Clauses
from watcher.text.cues import Cue, Kind, Language
from watcher.text.sentences import Range


@dataclass(slots=True, kw_only=True)
class Found:
    """A cue in a sentence, in numbers of words."""

    first: int
    last: int
    cue: Cue
    kind: Kind | None
    turned: bool = False
    pieces: list[Range] = field(default_factory=list)


class Scopes:
    """What the cues of one sentence cover, in ranges of its words."""

    def __init__(self, clauses: Clauses, spoken: Language) -> None:
        self._clauses, self._spoken, self._words = clauses, spoken, clauses.words

    def of(self, found: Found) -> list[Range]:
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

    def _clause(self, found: Found) -> list[Range]:
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

    def _or_subject(self, found: Found, end: int) -> list[Range]:
        """What a cue is said of: what follows, or where nothing does what stands before: "a strike is possible"."""
        if end > found.last:
            return [*self._verb_of(found), (found.last, end)]
        return [] if found.kind == "negated" else self._clauses.subjects(found.first, head=True)

    def _verb_of(self, found: Found) -> list[Range]:
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

    def _object(self, found: Found) -> list[Range]:
        first, last, denied = found.first, found.last, found.kind == "negated"
        ahead = (last, self._clauses.end(last, verbs=False))
        if not self._passive(found):
            return [ahead, *(self._never_came(found) if denied else [])]
        subject = self._clauses.subjects(first, head=not denied)
        return [*subject, *(self._never_came(found) if denied else [ahead])]

    def _never_came(self, found: Found) -> list[Range]:
        """What was to come behind what was prevented: "was aborted before it crossed the border"."""
        words = self._words
        for n in range(found.last, min(len(words), found.last + 8)):
            if words[n] in self._spoken.earlier:
                return [(n + 1, self._clauses.end(n + 1, verbs=True))]
            if not words[n][0].isalnum():
                break
        return []

    def _passive(self, found: Found) -> bool:
        n = self._clauses.verb_start(found.first)
        passive = any(self._words[m] in self._spoken.passives for m in range(n, found.last))
        return passive and not self._words[found.first].endswith(self._spoken.gerund_ending)

    def _denied(self, found: Found) -> list[Range]:
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

    def _condition(self, found: Found) -> list[Range]:
        before, ahead = self._verb_phrase(found.first), (found.last, self._clauses.end(found.last, verbs=True))
        pieces = [*before, ahead]
        past = found.kind == "planned" and any(self._clauses.finite(n) for one in pieces for n in range(*one))
        return [] if past else pieces

    def _exercise(self, found: Found) -> list[Range]:
        """The clause that takes place in an exercise, unless somebody came to harm; else what the exercise is about."""
        words, spoken, last = self._words, self._spoken, found.last
        first, ahead = self._inside(found.first), self._what_happens(last)
        if first is None:
            imagines = ahead > last or (last < len(words) and words[last] in spoken.imagines)
            return [(ahead, self._clauses.end(ahead, verbs=True))] if imagines else []
        if words[last : last + 1] == [","] and first <= 1:  # "as part of the drill, ..."
            ahead = last + 1
        pieces = [*self._verb_phrase(first), (ahead, self._clauses.end(ahead, verbs=True, known=False))]
        told = (n for start, end in pieces for n in range(start, end))
        harmed = any(words[n] in spoken.harmed and words[n - 1] not in spoken.articles for n in told)
        return [] if harmed else pieces

    def _what_happens(self, last: int) -> int:
        """Behind the "in which" or "where" of an exercise."""
        words, relatives = self._words, self._spoken.relatives
        start = last + (words[last : last + 1] == [","])
        return next((n + 1 for n in (start + 1, start) if n < len(words) and words[n] in relatives), last)

    def _inside(self, n: int) -> int | None:
        """Where "in a large drill" begins."""
        for m in range(n - 1, max(-1, n - 7), -1):
            word = self._words[m]
            if word in self._spoken.inside:
                return m
            if not word[0].isalnum() or (word in self._spoken.prepositions and word not in self._spoken.passing):
                break
        return None

    def _goes_on(self, word: str) -> bool:
        return word[0].isalnum() and word not in self._spoken.stops

    def _verb_phrase(self, n: int) -> list[Range]:
        """What stands before "in a drill", back to the mark or clause before it."""
        start = n
        while start > max(0, n - LIMIT) and self._goes_on(self._words[start - 1]):
            start -= 1
        return [(start, n)] if start < n else []
