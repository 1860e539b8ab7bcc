"""pure: language -> what in a sentence tells that something is not told as fact, and how far that reaches.

A cue is written as words: `a|b` either, `a?` may be left out, `a~` every inflection of an English word, `*` any one
word; `;` stands between cues. The longest cue counts. A contracted n't reads as `not`, 'll as `will`. A language is one
`Language`, in a module of its own that `language` names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from watcher.text.inflect import inflections

Kind = Literal["negated", "hypothetical", "conditional", "threatened", "planned", "forecast", "demanded", "rehearsed"]

Reach = Literal[
    "clause", "on", "phrase", "noun", "object", "denial", "report", "subject", "exercise", "condition", "none"
]
"""What a cue covers, besides itself:

clause     its subject and what follows in the clause: "X has not [...]", "X may [...]"
on         what follows, to the end of the clause: "nobody [...]", "denied that [...]"
phrase     what follows, up to a finite verb: "plans to [...]", "without [...]"
noun       the noun it stands before: "a possible [...]"
object     as phrase; in the passive the subject: "averted [...]", "[...] was averted"
denial     as on and object; of guilt only the word, and nothing of what can be denied to somebody
report     as denial, but only of reports, claims and the like: "dismissed rumours that [...]"
subject    what stands before it: "[...] was a hoax"
exercise   the clause around "in a drill", and what follows "a drill imagined"
condition  the clause to both sides: "[...] only if [...]"
none       nothing: a look-alike
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """`kind` is None for what covers nothing; `turned` is what is left of it when a negation governs it."""

    kind: Kind | None
    reach: Reach
    turns: bool = False  # negated it is no negation: "never denied"
    turned: Kind | None = None
    bare: bool = False  # the words alone do not tell: the month of May, a will
    clears: bool = False  # what it covers is as it says, whatever is denied around it


@dataclass(slots=True)
class Branch:
    """Cues by their words: the branch of each next word, and the cue that ends here."""

    next: dict[str, Branch]
    cue: Cue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """All words folded, contractions taken apart."""

    cues: Branch
    triggers: frozenset[str]  # a sentence with none of these words
    phrases: tuple[str, ...]  # and none of these rows of words has no cue
    denials: tuple[frozenset[str], tuple[str, ...]]  # the same of cues that deny

    heads: frozenset[str]  # no cue begins with another word

    # the clause
    auxiliaries: frozenset[str]  # may stand between a subject and its negation
    modals: frozenset[str]  # what follows is no finite verb
    finite: frozenset[str]  # are always the verb of a clause
    said: frozenset[str]  # verbs that tell who said it
    passives: frozenset[str]
    contracted: Mapping[str, str]  # the ends of contractions, and what they stand for
    stems: Mapping[str, str]  # what stands before them, where that is no word
    past_ending: str
    no_pasts: frozenset[str]  # that end so all the same
    gerund_ending: str
    adverb_ending: str
    adverbs: frozenset[str]
    stops: frozenset[str]  # end a scope
    alike: frozenset[str]  # end it where a verb follows: "as talks resume"
    relatives: frozenset[str]
    complementers: frozenset[str]  # "that", where it does not start a relative clause
    takes_that: frozenset[str]  # behind these it does not
    conjunctions: frozenset[str]
    prepositions: frozenset[str]
    reasons: frozenset[str]  # before a gerund they tell what was done: "fined for polluting"
    particles: frozenset[str]  # prepositions that a verb may follow: "what it set off killed ..."
    passing: frozenset[str]  # prepositions that never end a scope
    definite: frozenset[str]  # determiners of what is known to be
    articles: frozenset[str]
    headline: str  # in a headline it stands for a will
    verbs: frozenset[str]  # where one of these follows

    # what it is about
    facts: frozenset[str]  # what they say is so, whatever is denied of themselves: "did not know that"
    endings: frozenset[str]  # ended, or reacted to: what follows them is so
    happening: frozenset[str]  # verbs that bring their subject about
    reports: frozenset[str]  # nouns for what somebody tells
    guilt: frozenset[str]  # denied, they deny nothing of what they are about
    granted: frozenset[str]  # can be denied to somebody
    harmed: frozenset[str]  # happens in earnest, also in a drill
    inside: frozenset[str]  # before an exercise: what is told takes place in it
    imagines: frozenset[str]  # what an exercise does with what it is about
    earlier: frozenset[str]  # between what was prevented and what did not come of it

    # look-alikes
    open_questions: frozenset[str]  # a question that they head takes the rest for known
    subjects: frozenset[str]  # behind an inverted verb
    perfect: frozenset[str]  # before an inverted verb in mid-sentence: "would have held had it ..."
    orders: frozenset[str]  # behind a verb at the head of a quotation: "Bomb them"
    inversions: Mapping[str, frozenset[str]]  # at the head of a sentence an if, where one of these follows
    before_nouns: frozenset[str]  # behind these a bare cue is a noun
    behind_nouns: frozenset[str]  # before these too
    until: frozenset[str]
    futures: frozenset[str]  # with none of these around, an until was reached
    names: frozenset[str]  # cues that can be names
    light: frozenset[str]  # between a negation and the verb that it turns
    constituent: frozenset[str]  # negate the verb only behind an auxiliary
    nobody: frozenset[str]  # as objects they negate their verb
    pronouns: frozenset[str]  # no noun that a participle could say more of: "seen it exploited in"


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def forms(text: str) -> frozenset[str]:
    """Words, those with a ~ in all inflections."""
    return frozenset(form for word in text.split() for form in _spelled(word))


Row = tuple[str, ...]


def rows(text: str) -> Iterator[Row]:
    """Every row of words that the cues of a text stand for."""
    for pattern in _OPEN.sub("|", text).split(";"):
        parts = [(*_spelled(word.rstrip("?")), *([""] if word.endswith("?") else [])) for word in pattern.split()]
        for row in product(*parts):
            if found := tuple(filter(None, row)):
                yield found


_OPEN = re.compile(r"\|\s+")  # alternatives may go on in the next line


def _spelled(word: str) -> tuple[str, ...]:
    found = (inflections(one[:-1]) if one.endswith("~") else (one,) for one in word.split("|"))
    return tuple(dict.fromkeys(form for some in found for form in some))


def branches(table: Iterable[tuple[Cue, Iterable[Row]]]) -> Branch:
    """Later rows win over earlier ones of the same words."""
    root = Branch({})
    for cue, many in table:
        for row in many:
            branch = root
            for word in row:
                branch = branch.next.setdefault(word, Branch({}))
            branch.cue = cue
    return root


def triggers(table: Iterable[Row], common: frozenset[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Words, one for each row; and the rows that have only words that are in many sentences, between spaces."""
    found: set[str] = set()
    phrases: set[str] = set()
    for row in table:
        parts = [part for word in row for part in word.split("-")]
        rare = [part for part in parts if part not in common]
        if rare or len(row) == 1:
            found.add((rare or parts)[0])
        else:
            phrases.add(f" {' '.join(parts)} ")
    return frozenset(found), tuple(sorted(phrases))


@lru_cache(64)
def language(tag: str | None) -> Language | None:
    """Of a BCP 47 tag, its region not looked at; English without one, None for a language without cues."""
    name = (tag or "en").replace("_", "-").partition("-")[0].lower()
    if name != "en":
        return None
    from watcher.text.english import ENGLISH

    return ENGLISH
