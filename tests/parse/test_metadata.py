"""What a page says of its article: in JSON-LD, in its head, in what it marks up."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from watcher.model import Entry
from watcher.parse import page
from watcher.parse.linked import Linked, linked

DAY = datetime(2026, 3, 25, tzinfo=UTC)
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Bridge closes in Delvast",
    "datePublished": "2026-03-25T10:00:00+01:00",
    "dateModified": "2026-03-26",
    "author": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "Ali Rae"}],
    "publisher": {"@type": "Organization", "name": "The Delvast Daily", "logo": {"url": "https://x.example/l.png"}},
    "inLanguage": "en",
    "description": "It did.",
    "mainEntityOfPage": {"@id": "https://daily.example/bridge"},
}


def read(markup: str, url: str = "https://www.delvastdaily.example/a") -> Entry:
    return page.article(markup, url)


def ld(*values: Any) -> str:
    return "".join(f"<script type='application/ld+json'>{json.dumps(value)}</script>" for value in values)


@pytest.mark.parametrize(
    "values",
    [
        [ARTICLE],
        [[ARTICLE]],
        [{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, ARTICLE]}],
        [{"@type": "BreadcrumbList"}, ARTICLE],
        [{"@type": "WebPage", "mainEntity": ARTICLE}],
        [ARTICLE | {"@type": ["Article", "NewsArticle"]}],
        [ARTICLE | {"@type": "https://schema.org/ReportageNewsArticle"}],
    ],
)
def test_linked_data_says_title_dates_authors_and_outlet(values: list[Any]) -> None:
    entry = read(ld(*values) + "<p>It did.")
    assert entry.title == "Bridge closes in Delvast"
    assert entry.published == datetime(2026, 3, 25, 9, tzinfo=UTC)
    assert entry.said == "2026-03-25T10:00:00+01:00"
    assert entry.updated == datetime(2026, 3, 26, tzinfo=UTC)
    assert entry.authors == ("Jane Doe", "Ali Rae")
    assert entry.outlet == "The Delvast Daily"
    assert (entry.lang, entry.summary, entry.link) == ("en", "It did.", "https://daily.example/bridge")


def test_authors_and_publishers_are_found_where_they_are_pointed_to() -> None:
    graph = [
        ARTICLE | {"author": {"@id": "#jane"}, "publisher": {"@id": "#daily"}},
        {"@type": "Person", "@id": "#jane", "name": "Jane Doe"},
        {"@type": "Organization", "@id": "#daily", "name": "The Daily"},
    ]
    entry = read(ld({"@graph": graph}))
    assert (entry.authors, entry.outlet) == (("Jane Doe",), "The Daily")


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "null",
        "7",
        '{"@type": "NewsArticle", "headline": ["x", 3], "author": 7, "publisher": [null], "datePublished": {}}',
        '{"@type": {"a": 1}, "@id": [1]}',
        '{"@type": "NewsArticle", "author": {"@id": "#me"}, "@id": "#me"}',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"@type": "NewsArticle", "datePublished": 1' + "0" * 5000 + "}",
        '{"headline": "\\ud83d"}',
        "[" + "{}," * 100_000 + "{}]",
        "[" + '{"a":[[1]]},' * 20_000 + "{}]",
    ],
)
def test_broken_linked_data_says_nothing_and_costs_little(script: str) -> None:
    started = time.process_time()
    assert read(f"<script type='application/ld+json'>{script}</script><title>Bridge</title>").authors == ()
    assert time.process_time() - started < 15


@pytest.mark.parametrize(("before", "after"), [("<!--", "-->"), ("//<![CDATA[\n", "\n//]]>"), ("\n", ";")])
def test_linked_data_is_read_out_of_what_is_wrapped_round_it(before: str, after: str) -> None:
    markup = f"<script type='application/LD+json'>{before}{json.dumps(ARTICLE)}{after}</script>"
    assert linked(page.tree(markup)).headline == "Bridge closes in Delvast"


def test_linked_data_without_an_article_says_nothing_of_one() -> None:
    assert linked(page.tree(ld({"@type": "WebSite", "name": "Daily"}))) == Linked(sites=("Daily",))


# --- title ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>Bridge closes - Delvast Daily</title><p>It did.", "Bridge closes"),
        ("<title>Delvast Daily » Bridge closes</title><p>It did.", "Bridge closes"),
        ("<title>Bridge closes | World | Orsk Post</title><p><b>Bridge closes</b></p><p>It did.", "Bridge closes"),
        ("<title>Bridge closes - Orsk Post</title><a href='/'>Orsk Post</a><p>It did.", "Bridge closes"),
        (
            "<title>Orsk-West - a village - Orsk Post</title><meta name=application-name content='Orsk Post'>",
            "Orsk-West - a village",
        ),
        ("<title>Bridge closes: why</title><h2>Bridge closes</h2><p>It did.", "Bridge closes: why"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(markup: str, title: str) -> None:
    assert read(markup).title == title


def test_what_stands_beside_the_printed_title_is_whom_it_is_from() -> None:
    assert read("<title>Bridge closes | World | Orsk Post</title><h1>Bridge closes</h1>").outlet == "Orsk Post"
    assert read("<title>Orsk Post: Bridge closes</title><h1>Something</h1>").outlet == ""


# --- dates, authors, language, link ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        ("<meta name=dc.date content=2026-03-25>", DAY),
        ("<meta name=parsely-pub-date content='2026-03-25T00:00:00Z'>", DAY),
        ("<meta name=date content=soon><meta name=pubdate content=2026-03-25>", DAY),
        ("<span itemprop=datePublished>25 March 2026</span>", DAY),
        ("<h1>x</h1><time>25 March 2026</time><time datetime=2026-03-27>x</time>", DAY),
        ("<header><time datetime=2026-03-28>today</time></header><h1>x</h1><time datetime=2026-03-25>x</time>", DAY),
        ("<h1>x</h1><aside><time datetime=2026-03-28>x</time></aside><time datetime=2026-03-25>x</time>", DAY),
        ("<h1>x</h1><time class=updated datetime=2026-03-28>x</time><time datetime=2026-03-25>x</time>", DAY),
        ("<h1>x</h1><div class=comments><time datetime=2026-03-28>x</time></div>", None),
        ("<div class=post-meta>Jane Doe | 25 March 2026</div>", DAY),
        ("<div class=related><span class=date>25 March 2026</span></div>", None),
        ("<html lang=en-US><div class=date>03/25/2026</div>", DAY),
    ],
)
def test_the_date_is_the_articles_own(markup: str, published: datetime | None) -> None:
    assert read(markup).published == published


def test_a_page_s_language_settles_which_of_two_numbers_is_the_day() -> None:
    told = (
        "<html lang={}><meta property=article:published_time content=03/04/2026><meta name=lastmod content=04/04/2026>"
    )
    assert read(told.format("fr")).published == datetime(2026, 4, 3, tzinfo=UTC)
    assert read(told.format("en-US")).published == datetime(2026, 3, 4, tzinfo=UTC)
    assert read(told.format("fr")).updated == datetime(2026, 4, 4, tzinfo=UTC)


def test_a_date_between_headline_and_text_is_the_articles_where_nothing_else_says_one() -> None:
    text = (
        "<div>"
        + "<p>The town hall of Delvast said on Monday that the bridge of 3 May 1931 is closed.</p>" * 3
        + "</div>"
    )
    assert read(f"<h1>Bridge closes</h1><p>Опубликовано: 25 марта 2026 года</p>{text}").published == DAY
    assert read(f"<p>25 March 2026</p><h1>Bridge closes</h1>{text}").published is None


@pytest.mark.parametrize(
    ("markup", "authors"),
    [
        ("<meta name=author content='Jane Doe'><a rel=author>Someone Else</a>", ("Jane Doe",)),
        ("<a rel=author href=/jane>Jane Doe</a>", ("Jane Doe",)),
        ("<span itemprop=author><span itemprop=name>Jane Doe</span>, reporter</span>", ("Jane Doe",)),
        ("<p class=byline>By <a href=/jane>Jane Doe</a>", ("Jane Doe",)),
        ("<span class=author-name>Von Jörn Brüning</span>", ("Jörn Brüning",)),
        ("<div class=comments><a rel=author>Jane Doe</a></div>", ()),
        ("<div class=author-bio>Jane Doe has been with the paper for twenty years.</div>", ()),
        ("<meta property=article:author content='https://daily.example/jane'>", ()),
    ],
)
def test_authors_are_those_the_page_marks_as_such(markup: str, authors: tuple[str, ...]) -> None:
    assert read(markup).authors == authors


@pytest.mark.parametrize(
    ("markup", "lang"),
    [
        ("<html lang=de-AT>", "de-AT"),
        ("<html xml:lang=de>", "de"),
        ("<meta http-equiv=Content-Language content=de>", "de"),
        ("<meta property=og:locale content=de_DE>", "de_DE"),
        ("<p>x", None),
    ],
)
def test_the_language_is_what_the_page_says(markup: str, lang: str | None) -> None:
    assert read(markup).lang == lang


def test_an_amp_page_names_the_page_it_stands_for() -> None:
    markup = "<html amp><link rel=amphtml href='https://d.example/amp'><link rel=canonical href='https://d.example/a'>"
    assert read(markup, "https://d.example/amp").link == "https://d.example/a"


@pytest.mark.parametrize(
    "markup",
    [
        "<title>" + " | a" * 100_000 + "</title>",
        "<time>1</time>" * 50_000,
        "<h1>x</h1><span class=date>1</span>" * 20_000,
        ("<div>" * 500 + "<time class=x>12 March 2015</time>") * 100,
        "<span class=author>x</span>" * 50_000,
        "<meta name=author content=x>" * 50_000,
        "<a href='/'>x</a>" * 50_000,
        "<title>" + "a - " * 50_000 + "</title>" + "<p>a - a" * 5_000,
    ],
)
def test_a_hostile_head_takes_time_linear_in_its_length(markup: str) -> None:
    started = time.process_time()
    read(markup)
    assert time.process_time() - started < 15
