"""A page being written: its markup, and beside it what is the article's, what is lifted, and what is the site's."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from html import escape
from random import Random

from tests.pages.words import Words
from tests.pages.writing import Kind, Part, Pen

_EPOCH = datetime(2023, 1, 9, 5, 0, tzinfo=UTC)
_LINKED, _STRONG = 0.25, 0.12  # share of paragraphs with a link, with something stressed
_UTILITIES = ("mt-4", "flex", "px-2", "text-sm", "leading-6", "w-full", "grid", "gap-3", "max-w-2xl", "mx-auto")


class Dated(StrEnum):
    """Where a page says when it was published."""

    META = "meta"
    JSONLD = "jsonld"
    TIME = "time"
    BYLINE = "byline"  # in the words of a line below the title, by the day
    DATELINE = "dateline"  # at the head of the first paragraph, by the day
    NOWHERE = "nowhere"


class Style(StrEnum):
    """How a site names its classes."""

    SPOKEN = "spoken"  # newsletter-box
    MODULES = "modules"  # Newsletter_box__x3Fz1
    UTILITY = "utility"  # mt-4 flex: says nothing of what it holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What all pages of a site have in common."""

    key: str  # what it was drawn from
    layout: str
    words: Words
    style: Style
    outlet: str
    host: str
    wire: str
    nav: tuple[str, ...]
    appeal: str
    newsletter: str
    cookie: str
    legal: str
    copyright: str
    app: str
    tip: str
    writers: tuple[str, ...]
    hours: int  # ahead of UTC
    usual_dates: bool

    @property
    def lang(self) -> str:
        return self.words.lang


@dataclass(slots=True, kw_only=True)
class Draft:
    """One page. Whatever a reader sees is written through `main`, `lift` or `site`, in reading order."""

    site_: Site
    rng: Random
    pen: Pen
    dated: Dated
    title: str
    parts: list[Part]
    moment: datetime
    authors: tuple[str, ...]
    kept: list[str] = field(default_factory=list)
    lifted: list[str] = field(default_factory=list)
    boilerplate: list[str] = field(default_factory=list)
    place: str = ""
    lead_in: str = ""  # a dateline, to stand before the first paragraph
    seen: int = 0  # dates and names for what stands round the article

    # --- what is read ---

    def main(self, text: str) -> str:
        """Words of the article."""
        self.kept.append(text)
        return self._marked(text)

    def lift(self, text: str) -> str:
        """What belongs to the article and not in its text: title, byline, date, credit, what is printed again."""
        self.lifted.append(text)
        return escape(text, quote=False)

    def site(self, text: str) -> str:
        """What the site says."""
        self.boilerplate.append(text)
        return escape(text, quote=False)

    def _marked(self, text: str) -> str:
        """With a link or a stressed word here and there."""
        words = text.split(" ")
        if len(words) > 12 and self.rng.random() < _LINKED:
            return self._around(words, 3, f'<a href="/topic/{self.rng.randint(100, 999)}">', "</a>")
        if len(words) > 6 and self.rng.random() < _STRONG:
            return self._around(words, 1, "<em>", "</em>")
        return escape(text, quote=False)

    def _around(self, words: list[str], size: int, before: str, after: str) -> str:
        at = self.rng.randint(1, len(words) - size - 2)
        parts = (words[:at], words[at : at + size], words[at + size :])
        first, within, last = (escape(" ".join(part), quote=False) for part in parts)
        return f"{first} {before}{within}{after} {last}"

    # --- dates and names ---

    @property
    def words(self) -> Words:
        return self.site_.words

    @property
    def local(self) -> datetime:
        return self.moment.astimezone(timezone(timedelta(hours=self.site_.hours)))

    def another_moment(self) -> datetime:
        """Of a comment or another page: never the article's."""
        self.seen += 1
        return self.local + timedelta(days=self.seen, hours=self.rng.randint(1, 20), minutes=self.rng.randint(0, 59))

    def spoken(self, moment: datetime) -> str:
        return self.pen.date(moment, usual=self.site_.usual_dates)

    def names(self) -> str:
        return f" {self.words.and_} ".join(self.authors)

    # --- elements ---

    def css(self, *names: str) -> str:
        """A class attribute in the site's style."""
        match self.site_.style:
            case Style.SPOKEN:
                said = "-".join(names)
            case Style.MODULES:
                told = Random(f"{self.site_.key}/{names}")
                said = f"{names[0].title()}_{'_'.join(names[1:]) or 'root'}__{told.randrange(16**5):05x}"
            case Style.UTILITY:
                said = " ".join(Random(f"{self.site_.key}/{names}").sample(_UTILITIES, 3))
        return f' class="{said}"'

    def box(self, names: str, inner: str, tag: str = "div", more: str = "") -> str:
        return f"<{tag}{self.css(*names.split())}{more}>{inner}</{tag}>\n"

    def head(self, *, site_in_title: bool = True, og: bool = True, extra: str = "") -> str:
        """The head, with the date where this page has it there."""
        site, said = self.site_, []
        title = f"{self.title} {self._bar} {site.outlet}" if site_in_title else self.title
        said.append(f'<meta charset="utf-8"><title>{escape(title, quote=False)}</title>')
        if og:
            said.append(f'<meta property="og:title" content="{escape(self.title)}">')
            said.append(f'<meta property="og:site_name" content="{escape(site.outlet)}">')
            said.append(f'<meta name="description" content="{escape(self.parts[0].lines[0])}">')
        if self.dated is Dated.META:
            said.append(f'<meta property="article:published_time" content="{self.local.isoformat()}">')
            said.append(f'<meta property="article:modified_time" content="{self.another_moment().isoformat()}">')
        return f"<head>{''.join(said)}{extra}</head>\n"

    @property
    def _bar(self) -> str:
        return Random(f"{self.site_.key}/bar").choice("|-–")

    def json_ld(self, kind: str = "NewsArticle") -> str:
        """What programs are told; without the date where the page has it elsewhere or nowhere."""
        told: dict[str, object] = {
            "@context": "https://schema.org",
            "@type": kind,
            "headline": self.title,
            "author": [{"@type": "Person", "name": name} for name in self.authors],
            "publisher": {"@type": "Organization", "name": self.site_.outlet},
        }
        if self.dated is Dated.JSONLD:
            told["datePublished"] = self.local.isoformat()
            told["dateModified"] = self.another_moment().isoformat()
        return f'<script type="application/ld+json">{json.dumps(told, ensure_ascii=False)}</script>'

    def byline(self, tag: str = "p") -> str:
        """Who and, where this page has it here, when: in one line or in two."""
        said = self.lift(self.words.by.format(a=self.names())) if self.authors else ""
        when = self._when()
        if self.rng.random() < 0.5 and said and when:
            return self.box("article meta", f"{said} <span>·</span> {when}", tag)
        return "".join(self.box(name, part, tag) for name, part in (("byline", said), ("dateline", when)) if part)

    def _when(self) -> str:
        if self.dated not in {Dated.TIME, Dated.BYLINE}:
            return ""
        said = self.rng.choice(self.words.published).format(date=self.spoken(self.local))
        if self.dated is Dated.TIME:
            return f'<time datetime="{self.local.isoformat()}">{self.lift(said)}</time>'
        return self.lift(said)

    def heading(self, tag: str = "h1") -> str:
        return self.box("headline", self.lift(self.title), tag)

    def dateline(self) -> str:
        """Before the first sentence: the town, the wire, and the day where this page has it here."""
        words = self.words
        patterns = [p for p in words.datelines if ("{date}" in p) == (self.dated is Dated.DATELINE)]
        self.place = self.rng.choice(words.towns)
        pattern = self.rng.choice(patterns)
        return self.lift(
            pattern.format(T=self.place.upper(), t=self.place, date=self.spoken(self.local), wire=self.site_.wire)
        )

    def part(self, part: Part, *, paragraph: str = "p") -> str:
        """A part of the article in the usual elements."""
        match part.kind:
            case Kind.LEAD:
                return self.box("article lead", self.main(part.lines[0]), paragraph)
            case Kind.HEADING:
                return f"<h2>{self.main(part.lines[0])}</h2>\n"
            case Kind.QUOTE:
                return f"<blockquote><{paragraph}>{self.main(part.lines[0])}</{paragraph}></blockquote>\n"
            case Kind.LIST:
                return f"<ul>{''.join(f'<li>{self.main(line)}</li>' for line in part.lines)}</ul>\n"
            case Kind.FIGURE:
                return self.figure(part.lines[0])
            case Kind.PARAGRAPH:
                return f"<{paragraph}>{self.main(part.lines[0])}</{paragraph}>\n"

    def figure(self, caption: str, *, credit: bool = False) -> str:
        image = f'<img src="/i/{self.rng.randint(1000, 9999)}.jpg" alt="{escape(caption)}">'
        said = self.main(caption)
        by = f"<small>{self.lift(self.words.photo.format(a=self.pen.name()))}</small>" if credit else ""
        return f"<figure>{image}<figcaption>{said}</figcaption>{by}</figure>\n"

    def story(self, inserts: dict[int, str] | None = None, *, paragraph: str = "p") -> str:
        """The whole article. What is inserted is written by then: its place does not count for what it is."""
        said = []
        for at, part in enumerate(self.parts):
            first = self.lead_in if at == 0 else ""
            made = self.part(part, paragraph=paragraph)
            said.append(made.replace(">", f">{first}", 1) if first else made)
            said.append((inserts or {}).get(at, ""))
        return "".join(said)


def moment_of(rng: Random) -> datetime:
    return _EPOCH + timedelta(minutes=rng.randrange(3 * 365 * 24 * 60))
