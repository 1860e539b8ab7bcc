"""Article pages invented from a seed, with what is in them: the truth that the reading of pages is judged by.

`generate(seed)` gives a page of each layout in each language, `page(...)` one of them, and pages of the same seed,
layout and language with other numbers are of the same site: round their articles stand the same words.

What counts, whatever the extractor thinks of it:

- `text` is the article: lead, paragraphs, headings between them, quotations, lists and captions, each once, in reading
  order. Names linked and words stressed in it are its words.
- `lifted` is the article's and not its text: the title, who wrote it, when, the town and wire before the first
  sentence, who reported it at the end, who took a picture, the times of a live blog's entries, and whatever is printed
  a second time. To leave it in the text is wrong, and is no boilerplate kept.
- `boilerplate` is everything else that can be read: each word of it is the site's, or its readers'.
- `published` is None where the page does not say it. Where it is said in words alone it is a day (`to_the_minute` is
  False): its midnight in UTC. Dates of comments, other articles and changes are never meant.

Four layouts are held out: nobody tunes the reading of pages on them. Everything is written by hand for this; no place,
name or site is meant to exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from tests.pages.draft import Dated, Draft, Site, moment_of
from tests.pages.english import ENGLISH
from tests.pages.french import FRENCH
from tests.pages.german import GERMAN
from tests.pages.layouts import LAYOUTS
from tests.pages.russian import RUSSIAN
from tests.pages.spanish import SPANISH
from tests.pages.words import Words
from tests.pages.writing import Kind, Pen

__all__ = ["LANGS", "LAYOUTS", "Page", "generate", "page"]

LANGS: dict[str, Words] = {words.lang: words for words in (ENGLISH, GERMAN, SPANISH, FRENCH, RUSSIAN)}
_IN_WORDS = {Dated.BYLINE, Dated.DATELINE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page's markup and what is in it."""

    layout: str
    lang: str
    number: int
    held_out: bool
    url: str
    markup: str
    title: str
    text: tuple[str, ...]
    lifted: tuple[str, ...]
    boilerplate: tuple[str, ...]
    dated: Dated
    published: datetime | None
    to_the_minute: bool
    authors: tuple[str, ...]
    outlet: str
    place: str  # "" where no dateline names one


def generate(seed: int = 0, *, each: int = 1, held_out: bool | None = None) -> Iterator[Page]:
    """`each` pages of each layout in each language; of the layouts held out, or of the others, alone where asked."""
    for layout, rules in LAYOUTS.items():
        if held_out is None or rules.held_out is held_out:
            yield from (page(seed, layout, lang, number) for lang in LANGS for number in range(each))


def page(seed: int, layout: str, lang: str, number: int = 0) -> Page:
    """The same page for the same arguments; other numbers are other pages of its site."""
    rules, site = LAYOUTS[layout], _site(seed, layout, lang)
    rng = Random(f"{site.key}/{number}")
    pen = Pen(rng, site.words)
    parts = pen.article(rules.pictures)
    if not rules.led and parts[0].kind is Kind.LEAD:
        parts = parts[1:]
    at = (sorted(LANGS).index(lang) + number + seed) % len(rules.dated)
    draft = Draft(
        site_=site,
        rng=rng,
        pen=pen,
        dated=rules.dated[at],
        title=pen.headline(),
        parts=parts,
        moment=moment_of(rng),
        authors=tuple(rng.sample(site.writers, rng.choice((0, 1, 1, 1, 2)))) if rules.signed else (),
    )
    markup = rules.write(draft)
    return Page(
        layout=layout,
        lang=lang,
        number=number,
        held_out=rules.held_out,
        url=f"https://{site.host}/{layout}/{number}.html",
        markup=markup,
        title=draft.title,
        text=tuple(draft.kept),
        lifted=tuple(draft.lifted),
        boilerplate=tuple(draft.boilerplate),
        dated=draft.dated,
        published=_published(draft),
        to_the_minute=draft.dated not in {*_IN_WORDS, Dated.NOWHERE},
        authors=draft.authors,
        outlet=site.wire if rules.datelined and draft.place and site.wire in "".join(draft.lifted) else site.outlet,
        place=draft.place,
    )


def _published(draft: Draft) -> datetime | None:
    if draft.dated is Dated.NOWHERE:
        return None
    if draft.dated in _IN_WORDS:
        return datetime(draft.local.year, draft.local.month, draft.local.day, tzinfo=UTC)
    return draft.moment


def _site(seed: int, layout: str, lang: str) -> Site:
    key = f"{seed}/{layout}/{lang}"
    rng, words = Random(key), LANGS[lang]
    pen = Pen(rng, words)
    outlet = rng.choice(words.outlets).format(t=rng.choice(words.towns))

    def drawn(lines: tuple[str, ...]) -> str:
        return rng.choice(lines).format(site=outlet)

    return Site(
        key=key,
        layout=layout,
        words=words,
        style=rng.choice(LAYOUTS[layout].styles),
        outlet=outlet,
        host=f"www.{layout}-{lang}-{seed}.example",
        wire=rng.choice(words.wires),
        nav=(words.nav[0], *rng.sample(words.nav[1:], len(words.nav) - 1)),
        appeal=drawn(words.appeals),
        newsletter=drawn(words.newsletters),
        cookie=drawn(words.cookies),
        legal=drawn(words.legal),
        copyright=drawn(words.copyright),
        app=drawn(words.app),
        tip=drawn(words.tips),
        writers=tuple(dict.fromkeys(pen.name() for _ in range(5))),
        hours=rng.choice((-5, 0, 1, 2, 3)),
        usual_dates=rng.random() < 0.6,
    )
