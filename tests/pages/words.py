"""What a language gives to invented pages: sentences with gaps, and the words that sites put round their articles.

Gaps: {p} a person with a role, {t} a town, {o} a body that speaks, {x} a building or the like, {n} a small number,
{N} a large one, {d} a weekday; in what is said of writers {a} and {b} are names, {date} a date, {site} the site.
"""

from __future__ import annotations

from dataclasses import dataclass

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language."""

    lang: str
    marks: tuple[str, str]  # round what is quoted
    big: str  # between thousands
    firsts: Lines
    lasts: Lines
    roles: Lines
    towns: Lines
    bodies: Lines
    things: Lines
    days: Lines
    months: Lines
    dates: Lines  # {day} {month} {year}; the first is the usual one
    mains: Lines  # a sentence without its end
    tails: Lines  # ends for it
    whole: Lines  # sentences by themselves
    quotes: Lines
    said: Lines  # {q} with its marks
    headlines: Lines
    subheads: Lines
    captions: Lines
    facts: Lines  # items of a list
    by: str
    and_: str
    published: Lines
    updated: str
    datelines: Lines  # {T} the town in capitals, {t} the town, {date}, {wire}
    credit: Lines
    photo: str
    # round the article
    nav: Lines
    share: Lines
    appeals: Lines
    newsletters: Lines
    cookies: Lines
    bios: Lines
    legal: Lines
    copyright: Lines
    comments: Lines
    comments_head: str
    reply: str
    related: str
    most_read: str
    read_on: str
    app: Lines
    tips: Lines
    advert: str
    minutes: str
    topics: str
    live: str
    log_in: str
    outlets: Lines
    wires: Lines
    print_note: str
