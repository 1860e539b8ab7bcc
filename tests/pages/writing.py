"""Invented articles: sentences with their gaps filled, none of them twice in a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random

from tests.pages.words import Lines, Words

_QUOTED, _WHOLE = 0.22, 0.45  # share of sentences that quote; share that quote or are whole by themselves
_TRIES = 500


class Kind(StrEnum):
    """What a part of an article is."""

    LEAD = "lead"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the main text; a list has several lines, all else one."""

    kind: Kind
    lines: Lines


class _Gaps(dict[str, str]):
    """What stands in a sentence's gaps, drawn when it is asked for."""

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen

    def __missing__(self, gap: str) -> str:
        self[gap] = said = self._pen.gap(gap, self.get("t"))
        return said


class Pen:
    """Writes in one language, and says nothing twice."""

    def __init__(self, rng: Random, words: Words) -> None:
        self.rng, self.words = rng, words
        self.sentences: list[str] = []
        self._said: set[str] = set()
        self._waiting: dict[Lines, list[str]] = {}

    def gap(self, name: str, town: str | None) -> str:
        """What a gap of that name can hold; another town than the first."""
        rng, words = self.rng, self.words
        match name:
            case "t" | "t2":
                return rng.choice([each for each in words.towns if each != town])
            case "p" | "P":
                said = f"{rng.choice(words.roles)} {self.name()}"
                return _upper(said) if name == "P" else said
            case "o":
                return rng.choice(words.bodies)
            case "x":
                return rng.choice(words.things)
            case "n" | "n2":
                return str(rng.randint(3, 19) if name == "n" else rng.randint(20, 90))
            case "N":
                return f"{rng.randint(2, 89)}{words.big}{rng.randint(1, 9) * 100}"
            case "d":
                return rng.choice(words.days)
        raise KeyError(name)

    def name(self) -> str:
        return f"{self.rng.choice(self.words.firsts)} {self.rng.choice(self.words.lasts)}"

    def fill(self, template: str, **given: str) -> str:
        """The template with its gaps filled, the first letter a capital."""
        gaps = _Gaps(self)
        gaps.update(given)
        return _upper(template.format_map(gaps))

    def one(self, templates: Lines) -> str:
        """One of these, filled, that was not said before; each template is used before any is again."""
        for _ in range(_TRIES):
            waiting = self._waiting.setdefault(templates, [])
            if not waiting:
                waiting.extend(self.rng.sample(templates, len(templates)))
            if (said := self.fill(waiting.pop())) not in self._said:
                self._said.add(said)
                return said
        raise ValueError(f"there is nothing left to say of {templates[0]!r} and the like")

    def sentence(self) -> str:
        drawn = self.rng.random()
        if drawn >= _WHOLE:
            said = self.plain()
        elif drawn >= _QUOTED:
            said = self.one(self.words.whole)
        else:
            said = self.quote()
        self.sentences.append(said)
        return said

    def plain(self) -> str:
        """A main clause and one of the ends that sentences have, with gaps of their own."""
        return self.one(self.words.mains) + self.fill(self.rng.choice(self.words.tails))

    def quote(self) -> str:
        before, after = self.words.marks
        said, said_by = self.one(self.words.quotes), self.rng.choice(self.words.said)
        comma = "," if self.words.lang == "en" and not said_by.endswith("{q}") else ""
        return self.fill(said_by, q=f"{before}{said}{comma}{after}")

    def headline(self) -> str:
        return self.one(self.words.headlines)

    def paragraph(self, most: int = 4) -> str:
        return " ".join(self.sentence() for _ in range(self.rng.randint(1, most)))

    def date(self, moment: datetime, *, usual: bool = True) -> str:
        pattern = self.words.dates[0] if usual else self.rng.choice(self.words.dates)
        return pattern.format(day=moment.day, month=self.words.months[moment.month - 1], year=moment.year)

    def article(self, figures: int = 1) -> list[Part]:
        """A lead, paragraphs, and among them headings, a quotation, a list, pictures."""
        rng, words = self.rng, self.words
        parts = [Part(Kind.LEAD, (self.paragraph(2),))] if rng.random() < 0.7 else []
        parts += [Part(Kind.PARAGRAPH, (self.paragraph(),)) for _ in range(rng.randint(9, 15))]
        for extra in self._extras(figures):
            parts.insert(rng.randint(2, len(parts) - 1), extra)
        if rng.random() < 0.6:
            for at in (len(parts) // 3, 2 * len(parts) // 3 + 1):
                if parts[at].kind is Kind.PARAGRAPH:
                    parts.insert(at, Part(Kind.HEADING, (self.one(words.subheads),)))
        return parts

    def _extras(self, figures: int) -> Iterator[Part]:
        if self.rng.random() < 0.4:
            before, after = self.words.marks
            yield Part(Kind.QUOTE, (f"{before}{self.one(self.words.quotes)}.{after}",))
        if self.rng.random() < 0.4:
            yield Part(Kind.LIST, tuple(self.one(self.words.facts) for _ in range(self.rng.randint(3, 4))))
        for _ in range(figures):
            yield Part(Kind.FIGURE, (self.one(self.words.captions),))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
