"""How well a page was read, against the truth it was made with.

Words are runs of letters and digits, in small letters and without differences of form (NFKC). What is right are the
words of the longest common subsequence of the text read and the true one: a word counts only where it stands in its
place, so neither a text in another order nor the right words of other sentences score. Precision and recall are the
share of these in what was read and in the truth, F1 their harmonic mean.

Boilerplate is kept where a word of the site's stands in the text more often than article, title, byline and the like
have it: these words are counted once for each time too many. A title is right when it is the title to the letter, white
space apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.pagegen import Page

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a reader of pages made of one."""

    text: str
    title: str | None = None
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    place: str = ""
    by_the_day: bool = False  # it knows no times: its dates are days


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One page's, or the sums of many."""

    pages: int
    f1: float
    precision: float
    recall: float
    kept: int  # words of boilerplate
    boilerplate: int
    titles: int
    dates: int
    authors: int
    places: int


def words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def score(page: Page, read: Read) -> Score:
    truth, found = words(" ".join(page.text)), words(read.text)
    right = in_order(truth, found)
    known = Counter(truth) + Counter(words(" ".join(page.lifted)))
    site = Counter(words(" ".join(page.boilerplate)))
    return Score(
        pages=1,
        f1=2 * right / (len(truth) + len(found)),
        precision=right / len(found) if found else 0.0,
        recall=right / len(truth),
        kept=((Counter(found) - known) & site).total(),
        boilerplate=site.total(),
        titles=" ".join((read.title or "").split()) == " ".join(page.title.split()),
        dates=_same_date(page, read),
        authors=read.authors == page.authors,
        places=read.place == page.place,
    )


def total(scores: Sequence[Score]) -> Score:
    """The means of precision, recall and F1 over pages, the sums of the rest."""
    return Score(
        pages=sum(each.pages for each in scores),
        f1=sum(each.f1 for each in scores) / len(scores),
        precision=sum(each.precision for each in scores) / len(scores),
        recall=sum(each.recall for each in scores) / len(scores),
        kept=sum(each.kept for each in scores),
        boilerplate=sum(each.boilerplate for each in scores),
        titles=sum(each.titles for each in scores),
        dates=sum(each.dates for each in scores),
        authors=sum(each.authors for each in scores),
        places=sum(each.places for each in scores),
    )


def in_order(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence, all words of `one` at a time in the bits of a number (Hyyrö)."""
    places: dict[str, int] = {}
    for at, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << at
    full = (1 << len(one)) - 1
    row = full
    for word in other:
        hits = row & places.get(word, 0)
        row = (row + hits | row - hits) & full
    return len(one) - row.bit_count()


def _same_date(page: Page, read: Read) -> bool:
    if page.published is None or read.published is None:
        return page.published is read.published
    if page.to_the_minute and not read.by_the_day:
        return page.published == read.published
    return page.published.date() == read.published.date()
