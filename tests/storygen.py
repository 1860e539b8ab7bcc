"""Items invented from a seed, with what tells the same as what: the truth that stories are judged by.

`stream(n, seed)` is what many sites publish in two weeks: originals, and among them copies that were lightly edited,
copies that stand between another site's boilerplate, stubs, and look-alikes: what one form brings forth each day with
other names and numbers, a story of its own each time. Words are made of syllables and drawn as unevenly as in any
language, so that the same names come in many stories and hardly a sentence comes twice.

`events(seed)` is a labelled set in JSON Lines' terms: what outlets write of the same events in words of their own
(tests/data/stories/frames.yaml), beside other events of the same kind, at the same place, or of the same people.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import yaml

from watcher.model import Block, Entry, Hash64

START = datetime(2026, 3, 2, tzinfo=UTC)
SPAN = timedelta(days=14)
KINDS = {"edited": 0.10, "syndicated": 0.10, "stub": 0.03, "look-alike": 0.07}
"""What part of a stream each is; the rest are originals."""
FRAMES = Path(__file__).parent / "data" / "stories" / "frames.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An entry as its site publishes it; what has the same `story` tells the same."""

    number: int
    at: datetime
    site: str
    kind: str  # original, edited, syndicated, stub, look-alike, event
    story: int
    entry: Entry


# --- words ----------------------------------------------------------------------------------------

_ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "cl",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "qu",
    "r",
    "s",
    "sh",
    "sk",
    "sp",
    "st",
    "str",
    "t",
    "tr",
    "v",
    "w",
    "z",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ia", "io", "ou"]
_ORGANISATIONS = ("Council", "Ministry", "Group", "Union")
_CODAS = ["", "", "", "l", "m", "n", "r", "s", "t", "nd", "rt", "st", "ck", "ll"]


class _Words:
    """Words of one sort, each drawn the less often the later it was made."""

    def __init__(self, words: Sequence[str], slope: float) -> None:
        self.words = list(words)
        self.weights = list(accumulate((rank + 10) ** -slope for rank in range(len(words))))

    def draw(self, random: Random, count: int) -> list[str]:
        return random.choices(self.words, cum_weights=self.weights, k=count)


@cache
def _lexicon() -> Mapping[str, _Words]:
    random = Random("lexicon")
    taken: set[str] = set()

    def word(syllables: int) -> str:
        while True:
            parts = (random.choice(_ONSETS) + random.choice(_VOWELS) for _ in range(syllables))
            made = "".join(parts) + random.choice(_CODAS)
            if made not in taken:
                taken.add(made)
                return made

    names = [word(2).capitalize() for _ in range(3000)]
    return {
        "n": _Words([word(2) for _ in range(3000)], 0.9),
        "a": _Words([word(2) + random.choice(["al", "ic", "ous", "ive"]) for _ in range(900)], 0.9),
        "v": _Words([word(2) + "ed" for _ in range(900)], 0.9),
        "P": _Words([word(random.choice([2, 3])).capitalize() for _ in range(1500)], 1.0),
        "N": _Words([f"{random.choice(names)} {random.choice(names)}" for _ in range(4000)], 0.8),
        "O": _Words([f"{word(2).capitalize()} {kind}" for kind in _ORGANISATIONS for _ in range(90)], 0.8),
    }


_PATTERNS = tuple(
    line.strip()
    for line in """
    The {n} of the {a} {n} was {v} by {O} in {P} .
    {N} said that the {n} had {v} {k} {n}s since the {n} .
    About {k} {n}s were {v} when a {a} {n} {v} the {n} near {P} .
    Officials in {P} {v} the {n} , but {N} {v} any {n} .
    "We {v} the {n} and the {a} {n} ," said {N} of {O} .
    It was the {a} {n} in {k} years , and the {n} {v} with it .
    {O} {v} a {n} for the {n} , {a} as it was .
    After the {n} , {k} people {v} to {P} .
    The {a} {n} , which {N} had {v} , {v} no {n} .
    {N} , who {v} the {n} , told the {n} it was {a} .
    Neither the {n} nor {O} {v} how the {n} was {v} .
    A {n} from {P} {v} {k} {n}s into the {a} {n} .
    While {n}s {v} in {P} , the {n} of {O} {v} .
    By evening the {n} had {v} and {k} {n}s were {a} .
    Many {n}s are {a} there , where {N} {v} a {n} .
    In a {a} {n} , {O} {v} that {N} had {v} the {n} .
    "There is no {n} ," {N} {v} . "The {n} is {a} ."
    None of the {k} {n}s {v} the {a} {n} of {P} .
    The {n} {v} through {P} and {v} a {n} of {n}s .
    {O} and {N} {v} over the {a} {n} for a {n} .
    Last year {k} {n}s {v} before the {n} {v} .
    Whether {P} {v} the {n} remains {a} , a {n} said .
    Its {n} , {a} and {a} , {v} most {n}s in {P} .
    {N} {v} the {n} with {k} {n}s and left .
    """.strip().splitlines()
)
_TITLES = ("{N} {v} {n} in {P}", "{P} {n} {v} as {O} {v} {n}", "{k} {n}s {v} in {a} {n}", "{O} {v} {a} {n}, {N} says")


@dataclass(slots=True)
class _Topic:
    """What a text is about: a few words that come again in it."""

    words: Mapping[str, Sequence[str]]

    @classmethod
    def drawn(cls, random: Random) -> _Topic:
        many = {"n": 7, "a": 3, "v": 4, "P": 2, "N": 3, "O": 1}
        return cls({sort: _lexicon()[sort].draw(random, count) for sort, count in many.items()})

    def sentence(self, random: Random, pattern: str, own: float = 0.45) -> str:
        return " ".join(self._filled(random, pattern, own)).replace(" .", ".").replace(" ,", ",")

    def _filled(self, random: Random, pattern: str, own: float) -> Iterator[str]:
        for piece in pattern.split():
            if "{" not in piece:
                yield piece
                continue
            before, _, rest = piece.partition("{")
            sort, _, after = rest.partition("}")
            if sort == "k":
                yield f"{before}{random.choice(_NUMBERS)(random)}{after}"
            elif random.random() < own:
                yield f"{before}{random.choice(self.words[sort])}{after}"
            else:
                yield f"{before}{_lexicon()[sort].draw(random, 1)[0]}{after}"


_NUMBERS = (
    lambda random: str(random.randint(2, 40)),
    lambda random: str(random.randint(41, 990)),
    lambda random: f"{random.randint(1, 90)},{random.randint(0, 999):03}",
    lambda random: f"{random.randint(1, 99)}.{random.randint(1, 9)}",
)


@dataclass(frozen=True, slots=True)
class _Text:
    title: str
    sentences: tuple[str, ...]


def _text(random: Random) -> _Text:
    topic = _Topic.drawn(random)
    count = min(40, max(4, round(random.lognormvariate(2.4, 0.5))))
    patterns = random.choices(_PATTERNS, k=count)
    title = topic.sentence(random, random.choice(_TITLES), 0.9)
    return _Text(title, tuple(topic.sentence(random, pattern) for pattern in patterns))


# --- what becomes of a text -----------------------------------------------------------------------


def _edited(text: _Text, random: Random) -> _Text:
    """Another desk's version: other words, a sentence more or less, another headline; rarely a number put right."""
    topic = _Topic.drawn(random)
    rate = random.uniform(0.01, 0.04)
    sentences = [_reworded(sentence, random, rate) for sentence in text.sentences]
    if len(sentences) > 5 and random.random() < 0.4:
        del sentences[random.randrange(1, len(sentences))]
    if random.random() < 0.4:
        sentences.insert(random.randint(1, len(sentences)), topic.sentence(random, random.choice(_PATTERNS)))
    if len(sentences) > 6 and random.random() < 0.2:
        at = random.randrange(1, len(sentences) - 1)
        sentences[at], sentences[at + 1] = sentences[at + 1], sentences[at]
    if random.random() < 0.15:
        at = random.randrange(len(sentences))
        sentences[at] = _recounted(sentences[at], random)
    title = text.title if random.random() < 0.4 else _reworded(text.title, random, 0.4)
    return _Text(title, tuple(sentences))


def _reworded(sentence: str, random: Random, rate: float) -> str:
    """Other words for some that are written small."""
    nouns = _lexicon()["n"]
    words = sentence.split(" ")
    swap = [n for n, word in enumerate(words) if word.isalpha() and word.islower() and random.random() < rate]
    for n in swap:
        words[n] = nouns.draw(random, 1)[0]
    return " ".join(words)


def _recounted(sentence: str, random: Random) -> str:
    words = sentence.split(" ")
    for n, word in enumerate(words):
        if word.isdigit():
            words[n] = str(int(word) + random.randint(1, 5))
            break
    return " ".join(words)


def _syndicated(text: _Text, random: Random) -> _Text:
    """Word for word, under a headline that may be the desk's own."""
    return text if random.random() < 0.5 else _Text(_reworded(text.title, random, 0.4), text.sentences)


def _stub(text: _Text, random: Random) -> _Text:
    """Its beginning, as aggregators have it."""
    words = " ".join(text.sentences[:4]).split(" ")
    kept = words[: random.randint(28, 60)]
    end = random.choice(["", "…", " …", " [...]"]) if len(kept) < len(words) else ""
    title = text.title if random.random() < 0.7 else _reworded(text.title, random, 0.4)
    return _Text(title, (" ".join(kept) + end,))


@dataclass(frozen=True, slots=True)
class _Form:
    """What a site fills in anew each time: quakes, markets, results, warnings."""

    title: str
    sentences: tuple[str, ...]
    topic: _Topic

    @classmethod
    def drawn(cls, random: Random) -> _Form:
        """One in five leaves little open."""
        open_ = ("N", "P", "k") if random.random() < 0.8 else ("k",)
        topic = _Topic.drawn(random)
        patterns = random.choices(_PATTERNS, k=random.randint(5, 11))
        fixed = tuple(_closed(pattern, topic, random, open_) for pattern in patterns)
        needed = " It is the {k} of {P} ." if "{" not in "".join(fixed) else ""
        return cls(_closed(random.choice(_TITLES), topic, random, open_), (*fixed[:-1], fixed[-1] + needed), topic)

    def filled(self, random: Random) -> _Text:
        topic = _Topic.drawn(random)
        said = tuple(topic.sentence(random, sentence, 0.6) for sentence in self.sentences)
        return _Text(topic.sentence(random, self.title, 0.6), said)


def _closed(pattern: str, topic: _Topic, random: Random, open_: Sequence[str]) -> str:
    """The pattern with all filled in but what stays open."""
    kept = " ".join(
        piece.replace("{", "<").replace("}", ">") if any(f"{{{sort}}}" in piece for sort in open_) else piece
        for piece in pattern.split()
    )
    return " ".join(topic._filled(random, kept, 0.5)).replace("<", "{").replace(">", "}")


# --- sites ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Site:
    """A place with lines of its own above and below each text, and teasers of what else it has."""

    name: str
    above: Sequence[str]
    below: Sequence[str]
    forms: Sequence[_Form]
    lately: list[str] = field(default_factory=list)

    @classmethod
    def drawn(cls, number: int, random: Random) -> _Site:
        topic = _Topic.drawn(random)

        def lines(count: int) -> list[str]:
            return [_line(topic, random) for _ in range(count)]

        return cls(
            name=f"site{number}.example",
            above=lines(random.randint(1, 4)),
            below=lines(random.randint(3, 8)),
            forms=[_Form.drawn(random) for _ in range(2)],
        )

    def published(self, text: _Text, random: Random) -> Sequence[Block]:
        """Most of its lines each time, some of them only now and then; the text in paragraphs between them."""
        above = [line for n, line in enumerate(self.above) if n < 2 or random.random() < 0.5]
        below = [line for n, line in enumerate(self.below) if n < 3 or random.random() < 0.5]
        teasers = random.sample(self.lately, min(3, len(self.lately)))
        self.lately = [*self.lately[-30:], text.title]
        return [Block(text=said) for said in (*above, *_paragraphs(text.sentences, random), *teasers, *below)]


def _line(topic: _Topic, random: Random) -> str:
    said = topic.sentence(random, random.choice(_PATTERNS), 0.3)
    return said if random.random() < 0.6 else " ".join(said.split(" ")[: random.randint(3, 7)]).rstrip(".,")


def _paragraphs(sentences: Sequence[str], random: Random) -> Iterator[str]:
    at = 0
    while at < len(sentences):
        size = random.randint(1, 3)
        yield " ".join(sentences[at : at + size])
        at += size


# --- the stream -----------------------------------------------------------------------------------


def stream(count: int, seed: int = 1, sites: int = 240) -> Iterator[Made]:
    """That many entries in the order they come. What copies another comes some minutes to a day and a half later."""
    random = Random(f"stream {seed}")
    places = [_Site.drawn(number, random) for number in range(sites)]
    gap = SPAN / count
    planned: list[tuple[datetime, int, str, int, _Text, str]] = []
    order = 0
    story = 0
    for number in range(count):
        at = START + number * gap
        site = random.choice(places)
        if planned and planned[0][0] <= at:
            _, _, kind, told, text, origin = heapq.heappop(planned)
            site = site if site.name != origin else places[(places.index(site) + 1) % len(places)]
            yield _made(number, at, site, kind, told, text, random)
            continue
        story += 1
        if random.random() < KINDS["look-alike"] / (1 - _COPIES):
            text = random.choice(site.forms).filled(random)
            yield _made(number, at, site, "look-alike", story, text, random)
            continue
        text = _text(random)
        yield _made(number, at, site, "original", story, text, random)
        while random.random() < _AGAIN:
            kind = random.choices(_COPIED, weights=[KINDS[kind] for kind in _COPIED])[0]
            later = at + timedelta(minutes=min(36 * 60.0, 3 + random.expovariate(1 / 300)))
            order += 1
            heapq.heappush(planned, (later, order, kind, story, _BECOMES[kind](text, random), site.name))


_COPIED = ("edited", "syndicated", "stub")
_COPIES = sum(KINDS[kind] for kind in _COPIED)
_AGAIN = _COPIES / (1 - KINDS["look-alike"])  # so that copies come to their part of all
_BECOMES = {"edited": _edited, "syndicated": _syndicated, "stub": _stub}


def _made(  # noqa: PLR0917
    number: int, at: datetime, site: _Site, kind: str, story: int, text: _Text, random: Random
) -> Made:
    shown = site.published(text, random) if kind != "stub" else [Block(text=said) for said in text.sentences]
    published = at - timedelta(minutes=random.randint(1, 20)) if random.random() < 0.8 else None
    link = f"https://{site.name}/{number}"
    entry = Entry(hash=Hash64(number), guid=link, link=link, title=text.title, blocks=tuple(shown), published=published)
    return Made(number=number, at=at, site=site.name, kind=kind, story=story, entry=entry)


# --- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One line of a labelled set: {id, time, title, text, story}."""

    id: str
    time: datetime
    title: str
    text: str
    story: str


def events(seed: int = 1, stories: int = 120) -> list[Labelled]:
    """Items of invented events in the order they come: most events told by one to seven outlets, each in words of its
    own and with facts of its own choice, some followed up the day after; and beside them others that share kind, place,
    people or day.
    """
    random = Random(f"events {seed}")
    frames: dict[str, Any] = yaml.safe_load(FRAMES.read_text("utf-8"))
    kinds = sorted(frames["kinds"])
    made: list[Labelled] = []
    facts: Mapping[str, str] = {}
    for number in range(stories):
        kind = random.choice(kinds)
        facts = _facts(frames, facts, random)
        begins = START + timedelta(hours=random.uniform(0, 24 * 20))
        made += _outlets(frames, kind, facts, f"{kind}-{number}", begins, random)
    return sorted(made, key=lambda one: (one.time, one.id))


def _facts(frames: Mapping[str, Any], before: Mapping[str, str], random: Random) -> Mapping[str, str]:
    """New ones; or, for a confusing neighbour, some of those of the event before."""
    drawn = {name: str(random.choice(values)) for name, values in frames["facts"].items()}
    drawn |= {name: str(random.randint(low, high)) for name, (low, high) in frames["numbers"].items()}
    kept = random.choice(([], [], ["country"], ["country", "place"], ["leader", "country"], ["company"]))
    return {**drawn, **{name: before[name] for name in kept if name in before}}


def _outlets(  # noqa: PLR0917
    frames: Mapping[str, Any], kind: str, facts: Mapping[str, str], story: str, begins: datetime, random: Random
) -> Iterator[Labelled]:
    told = frames["kinds"][kind]
    for n in range(random.choice((1, 1, 1, 2, 2, 3, 4, 5, 7))):
        later = random.random() < 0.25
        at = begins + (
            timedelta(hours=random.uniform(20, 40)) if later and n else timedelta(minutes=random.expovariate(1 / 150))
        )
        known = {**facts, "day": at.strftime("%A")}
        leads, more = told["lead"], [*told["more"], *(told.get("later", []) if later else [])]
        chosen = random.sample(more, min(len(more), random.randint(2, 5)))
        sentences = [random.choice(leads), *(random.choice(ways) for ways in chosen), random.choice(frames["filler"])]
        text = " ".join(sentences).format_map(known)
        title = random.choice(told["title"]).format_map(known)
        yield Labelled(id=f"{story}-{n}", time=at, title=title, text=text, story=story)
