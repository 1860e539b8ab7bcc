"""Articles and rules invented from a seed, as many as one likes: what matching is measured by.

`articles` are news in an invented language among English function words, written with all that makes words hard to
cut: capitals, possessives, quotes, joints, thousands, acronyms. `rules` are what a house that watches names would ask
of them, one in each of the ways people ask. A name is watched by a rule or two, and each article tells of a few watched
names. So there are two laws by which rules become many, and they are measured apart:

    held     more rules watch more names: what an article hits stays what it is
    growing  more rules watch the same names, or no name at all: hits grow with the rules

What matches what is not written down here: the plain evaluator (tests/reference.py) says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate, cycle, islice
from random import Random
from typing import Literal

from tests.items import item
from watcher.model import Feed, FeedId, Hash64, Item, ItemId

Law = Literal["held", "growing"]

START = datetime(2026, 3, 2, tzinfo=UTC)
FEEDS = tuple(Feed(id=FeedId(f"wire-{n}"), url=f"https://wire-{n}.example/feed", tags=("wires",)) for n in range(20))
WORDS = 620
"""Of an article as it is usual."""
TOLD = 4
"""Watched names that an article tells of."""
RULES_A_NAME = 2
NAMES = 5_000
"""Watched names where rules grow by asking more of the same ones."""
TOPICS = 400

_FUNCTION = """
the of to and a in that is was for on it with as his he be by at are this have from or had an they which you
were her all she there would their we him been has when who will no more if out so said what up its about into
than them can only other new some could time these two may then do first any my now such like our over
""".split()  # noqa: SIM905  a list of them has a hundred lines
_ACRONYMS = ["US", "UN", "EU", "UK", "NATO", "WHO", "IT", "AID", "CNN", "FBI"]
_ONSETS = [
    "b",
    "br",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "z",
]
_RIMES = ["a", "e", "i", "o", "u", "an", "en", "or", "il", "ast", "um", "ek"]
_SYLLABLES = [onset + rime for onset in _ONSETS for rime in _RIMES]
_ENDINGS = ["vik", "lski", "nder", "ssen", "mov", "ltz"]
_LEXICON = 60_000
_GIVEN = 400
_KNOWN_BY_ALL = 10_000_000  # names from here on are watched by nobody
_SHARES: dict[str, float] = {
    "topic": 0.30,
    "near": 0.15,
    "groups": 0.12,
    "phrase": 0.10,
    "refused": 0.08,
    "joint": 0.05,
    "wildcard": 0.05,
    "field": 0.05,
    "exact": 0.03,
    "some": 0.03,
    "sentence": 0.03,
    "regex": 0.01,
}
"""In which way a rule about a name asks, and how many of them do."""


@cache
def lexicon() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The words of the language and their cumulative weights: by rank, as words of any language are (Zipf)."""
    rand = Random(1)
    made = dict.fromkeys("".join(rand.choices(_SYLLABLES, k=rand.choice((1, 2, 2, 3, 3, 4)))) for _ in range(_LEXICON))
    words = (*_FUNCTION, *(word for word in made if len(word) > 2))
    return words, tuple(accumulate(1 / (rank + 2) for rank in range(len(words))))


@cache
def topics() -> tuple[str, ...]:
    """Words that a rule asks for beside a name: neither the commonest nor rare."""
    return lexicon()[0][200 : 200 + TOPICS]


def name(number: int) -> tuple[str, str]:
    """Given name and surname; no two numbers have one surname."""
    given = "".join(Random(f"given {number % _GIVEN}").choices(_SYLLABLES, k=2))
    rest, parts = divmod(number + len(_SYLLABLES), len(_SYLLABLES)), list[str]()
    while sum(rest):
        parts.append(_SYLLABLES[rest[1]])
        rest = divmod(rest[0], len(_SYLLABLES))
    return given.capitalize(), "".join([*parts, _ENDINGS[number % len(_ENDINGS)]]).capitalize()


def watched(rules: int, law: Law) -> int:
    """How many names so many rules watch."""
    return max(1, rules // RULES_A_NAME) if law == "held" else NAMES


# --- rules ----------------------------------------------------------------------------------------


def rules(number: int, law: Law = "held", seed: int = 0) -> Iterator[str]:
    """So many expressions; the first n of a law that grows are the same for any number."""
    rand, names = Random(f"rules {seed} {law}"), watched(number, law)
    kinds, weights = list(_SHARES), list(_SHARES.values())
    for n in range(number):
        if law == "growing" and n % 33 == 32:
            yield f"/{rand.choice(topics()).capitalize()}[- ][0-9]+/" if n % 495 == 32 else _of_topics(rand)
        else:
            yield _of_name(rand.choices(kinds, weights)[0], *name(n % names), rand)


def _of_topics(rand: Random) -> str:
    a, b, c = rand.sample(lexicon()[0][600:6_000], 3)
    return f"{a} AND {b} AND NOT {c}"


def _of_name(kind: str, given: str, surname: str, rand: Random) -> str:
    a, b, c, d = rand.sample(topics(), 4)
    match kind:
        case "near":
            return f"{surname} NEAR/{rand.randint(4, 20)} ({a} OR {b} OR {c})"
        case "groups":
            return f'("{given} {surname}" OR {surname}) AND ({a} OR {b}) AND ({c} OR {d})'
        case "phrase":
            return f'"{given} {surname}"'
        case "refused":
            return f"{surname} AND ({a} OR {b}) AND NOT ({c} OR {d})"
        case "joint":
            return f"{given}-{surname} OR ({surname} AND {a}-{b})"
        case "wildcard":
            return f"{surname[:-1]}* AND ({a} OR {b}*)"
        case "field":
            return f"{surname} AND ({rand.choice(('title', 'lead'))}:{a} OR feed:wire-{rand.randrange(20)})"
        case "exact":
            return f"={surname} AND {a}~"
        case "some":
            return f'2 OF ("{given} {surname}", {surname} AND {a}, {b} AND {c})'
        case "sentence":
            return f"SENTENCE({surname} ({a} OR {b}))"
        case "regex":
            return f"{surname} AND /{a[:3]}[a-z]+ (of|in) /"
        case _:
            return f"{surname} AND ({a} OR {b} OR {c})"


# --- articles -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Writer:
    """Writes one article."""

    rand: Random
    about: list[tuple[str, str]]

    def text(self, words: int) -> str:
        names = self.mentions(words)
        every = max(2, words // (len(names) + 1))
        drawn = self.rand.choices(lexicon()[0], cum_weights=lexicon()[1], k=words)
        for n, mention in enumerate(names):
            drawn[min(words - 1, n * every + self.rand.randrange(every))] = mention
        source, paragraphs = iter(drawn), list[str]()
        while paragraph := " ".join(islice(self.sentences(source), self.rand.randint(1, 4))):
            paragraphs.append(paragraph)
        return "\n\n".join(paragraphs)

    def mentions(self, words: int) -> list[str]:
        """Each watched name in full, then by the surname; and others that nobody watches."""
        known = [f"{given} {surname}" for given, surname in self.about]
        known += [surname + self.rand.choice(("", "", "'s", "’s")) for _, surname in self.about for _ in "12"]
        others = [name(_KNOWN_BY_ALL + self.rand.randrange(200_000)) for _ in range(words // 40)]
        found = [*known, *(" ".join(other) for other in others), *self.rand.choices(_ACRONYMS, k=words // 60)]
        self.rand.shuffle(found)
        return found

    def sentences(self, source: Iterator[str]) -> Iterator[str]:
        while words := list(islice(source, self.rand.randint(8, 30))):
            yield self.sentence(words)

    def sentence(self, words: list[str]) -> str:
        for n in range(1, len(words)):
            words[n - 1] += self.mark()
        whole = " ".join(words)
        whole = whole[0].upper() + whole[1:]
        return f"“{whole},” said the {self.rand.choice(topics())}." if self.rand.random() < 0.1 else f"{whole}."

    def mark(self) -> str:
        """What stands behind a word."""
        chance = self.rand.random()
        if chance > 0.1:
            return ""
        marks = (",", ",", ",", ",", ",", " –", ";", "-wide", f" {self.rand.randint(2, 900)}", " 18,000", "'s", ":")
        return self.rand.choice(marks)


def articles(
    number: int, rules: int, law: Law = "held", *, seed: int = 0, words: int | None = None
) -> Iterator[tuple[Item, Feed]]:
    """Of different lengths, WORDS in the middle, or of so many `words` each; told of names that so many rules watch."""
    rand, names = Random(f"articles {seed} {law} {rules}"), watched(rules, law)
    for n, feed in zip(range(number), cycle(FEEDS), strict=False):
        writer = _Writer(rand, [name(rand.randrange(names)) for _ in range(TOLD)])
        yield _item(n, feed, writer, words or max(40, round(rand.lognormvariate(0, 0.5) * WORDS))), feed


def _item(number: int, feed: Feed, writer: _Writer, words: int) -> Item:
    title = writer.sentence([" ".join(writer.about[0]), *writer.rand.sample(lexicon()[0][:4_000], 7)])[:-1]
    text = writer.text(words)
    where = f"https://{feed.id}.example/{number}"
    held = {"title": title, "raw": text, "url": where, "canonical": where, "lang": "en"}
    at = START + timedelta(minutes=number)
    number64 = Hash64(number)
    return item(
        text, id=ItemId(f"{number:016x}"), feed=feed.id, key=number64, fingerprint=number64, published=at, **held
    )
