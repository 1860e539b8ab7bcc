"""Pages that are huge, broken, of nothing but markup or full of what strangers write: read, bounded, stored as text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pagegen import page as invented
from watcher.cli.fetch import line
from watcher.model import Feed, FeedId, File, Hash64, Item, Learned, Response
from watcher.normalise import normalise
from watcher.normalise.learning import MOST, learn
from watcher.parse import parse
from watcher.parse.text import entry_from_file

FEED = Feed(id=FeedId("f"), url="https://news.example/")
MB = 2**20
STORED = 256 * 1024  # bytes of text an item keeps
BLOCKS = 90_000
SAID = "The council of Delvast voted to sell the old swing bridge, the mayor said on Monday. "
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TURNING = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]")


def item_of(markup: str | bytes, name: str = "a.html") -> Item:
    item = normalise(entry_from_file(file_of(markup, name)), FEED)
    check(item)
    return item


def file_of(markup: str | bytes, name: str) -> File:
    body = markup if isinstance(markup, bytes) else markup.encode("utf-8", "surrogatepass")
    modified = datetime(2026, 11, 22, tzinfo=UTC)
    return File(name=name, url=f"https://news.example/{name}", body=body, modified=modified, hash=Hash64(1))


def check(item: Item) -> None:
    """What holds of every item: bounded, of clean lines, and each block accounted for."""
    assert len(item.text.encode()) <= STORED
    assert len(item.raw.encode()) <= STORED
    assert len(item.blocks) <= BLOCKS
    for name in ("title", "outlet", "place", "said", *(f"authors {n}" for n in range(len(item.authors)))):
        field, _, number = name.partition(" ")
        said = getattr(item, field)[int(number)] if number else getattr(item, field)
        assert len(said) <= 1000
        assert not _CONTROL.search(said), name
        assert field == "said" or not _TURNING.search(said), name
    for said in (item.text, item.raw, item.summary):
        assert not _CONTROL.search(said.replace("\n\n", ""))
    ends = [0, *(block.end for block in item.blocks)]
    for before, block in zip(ends, item.blocks, strict=False):
        assert not item.raw[before : block.start].strip()
        assert item.raw[block.start : block.end].strip()
    assert not item.raw[ends[-1] :].strip()
    assert item.url is None or item.url.startswith(("http://", "https://", "file:"))
    json.dumps(line("x", "folder", item)).encode()


# --- large ----------------------------------------------------------------------------------------

LARGE = {
    "one line": SAID,
    "paragraphs of a word": "<p>Yes.</p>",
}


@pytest.mark.parametrize("piece", LARGE.values(), ids=LARGE)
def test_ten_megabytes_are_read_within_what_is_stored(piece: str) -> None:
    item_of(piece * (10 * MB // len(piece)))


def test_an_article_is_found_before_ten_megabytes_of_scripts_and_comments() -> None:
    written = invented(1, "cms", "en")
    rest = "<script>" + "var a = {}; " * (5 * MB // 12) + "</script><!--" + " x" * (5 * MB // 2) + "-->"
    small, large = item_of(written.markup), item_of(written.markup.replace("</body>", rest + "</body>"))
    assert large.text == small.text != ""
    assert (large.title, large.published) == (small.title, small.published)


MUCH = {
    "breaks": "<br>",
    "open elements": "<div>",
    "open inline elements": "<span>a",
    "lists within lists": "<ul><li>x",
    "articles within articles": "<article><p>x</p>",
    "comments within comments": "<div class='comments'><p>x",
    "links": "<a href='/x'>Home page</a> ",
    "cells": "<tr><td>12<td>A cell",
    "headings": "<h1>A headline of a page</h1>",
    "captions": "<figure><figcaption>A caption of it</figcaption></figure>",
    "forms": "<form><input><button>OK</button></form>",
    "options": "<select><option>a",
    "metas": "<meta property='article:tag' content='x y'>",
    "times": "<time datetime='2026-01-01'>x</time>",
    "JSON-LD": "<script type='application/ld+json'>{'@type':'NewsArticle'}</script>",
    "closing tags": "</div>",
    "unclosed tags": "<a ",
    "unclosed comments": "<!--",
    "ampersands": "&",
    "entities": "&amp;amp;lt;",
    "angle brackets": "<",
    "blank characters": "&nbsp;",
    "titles": "<title>A title",
    "bylines": "<p>By Ada Ashdown</p>",
    "datelines": "<p>DELVAST, March 3 (Norwind) — It did so.</p>",
    "dates": "<p>3 March 2026</p>",
    "credits": "<p>(Reporting by Ada Ashdown; editing by Miles Penrose)</p>",
    "initials": "A. ",
    "ranks": "Gen. Dr. ",
    "dots": ".",
    "quotes": "“",
    "brackets": "(",
    "dashes": "— ",
    "braces": "{a:b;",
    "capitals": "DELVAST, ",
    "one letter": "A",
    "accents": "e\u0301\u0301",
    "turned": "\u202e\u2066",
    "without width": "\u200b",
    "two sentences": SAID,
}


@pytest.mark.parametrize("piece", MUCH.values(), ids=MUCH)
def test_much_of_one_thing_is_read(piece: str) -> None:
    item_of(f"<title>A page of one thing</title><body>{piece * (100_000 // len(piece))}")


@pytest.mark.parametrize(
    "head",
    [
        "<title>{}</title>",
        "<meta property='og:title' content='{}'>",
        "<meta name='author' content='{}'>",
        "<meta property='og:site_name' content='{}'>",
        "<meta property='article:published_time' content='{}'>",
        "<link rel='canonical' href='https://news.example/{}'>",
        "<html lang='{}'>",
        "<div class='{}'>",
        '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{}","author":"{}"}}</script>',
        "<script type='application/ld+json'>[[{}</script>",
    ],
)
@pytest.mark.parametrize("said", ["word " * 200_000, "[" * 500_000, '{"a":' * 100_000], ids=["words", "[", "{"])
def test_a_field_of_a_megabyte_is_cut_or_left_out(head: str, said: str) -> None:
    item = item_of(head.format(*[said] * head.count("{}")) + f"<p>{SAID}</p>")
    assert SAID.strip() in item.raw


def test_what_is_learned_of_a_huge_page_is_bounded() -> None:
    markup = "".join(f"<p>Line {n} of a page that never ends at all, they say.</p>" for n in range(4_000))
    known = Learned()
    for number in range(3):
        known = learn(known, (entry_from_file(file_of(markup, f"{number}.html")),))
    assert len(known.blocks) <= MOST


def test_a_page_without_text_of_a_site_that_is_known_is_an_item() -> None:
    pages = [entry_from_file(file_of(invented(1, "cms", "en", number).markup, f"{number}.html")) for number in range(8)]
    known = learn(Learned(), pages)
    assert known.version
    assert normalise(entry_from_file(file_of("<br>", "9.html")), FEED, learned=known).text == ""


# --- broken ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "markup",
    ["", " ", "<", "<html>", "<!DOCTYPE html>", "<title></title>", "<p></p>", "<!-- x -->", "<script>x</script>",
     "<style>p{}</style>", "<br><hr>", "<img src=x>", "\ufeff", "&nbsp;", "</p>"],
)  # fmt: skip
def test_a_page_of_only_markup_is_an_item_without_text(markup: str) -> None:
    assert item_of(markup).text == ""


def test_a_page_of_one_line_reads_as_one_of_many() -> None:
    written = invented(2, "blog", "de").markup
    assert item_of(" ".join(written.split("\n"))).text == item_of(written).text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_article_reads_the_same_in_every_encoding_that_can_be_told(encoding: str) -> None:
    written = invented(2, "jsonld", "ru").markup
    assert item_of(written.encode(encoding)).text == item_of(written).text != ""


def test_mixed_encodings_spoil_no_more_than_their_own_words() -> None:
    mixed = "<meta charset=utf-8><p>Zürich grüßt heute.</p>".encode() + "<p>Café fermé hier soir.</p>".encode("cp1252")
    item = item_of(mixed + f"<p>{SAID}</p>".encode())
    assert SAID.strip() in item.text
    assert len(item.blocks) == 3


@pytest.mark.parametrize(
    "spoiled", [b"\x00", b"\xff\xfe", b"\x80\x81", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1b$B"]
)
def test_bytes_that_are_no_text_do_not_take_the_article_along(spoiled: bytes) -> None:
    item = item_of(f"<h1>A headline of it</h1><p>{SAID}</p><p>Then ".encode() + spoiled * 50 + b" it ended.</p>")
    assert SAID.strip() in item.text


def test_mojibake_is_stored_as_it_is() -> None:
    spoiled = "Die Brücke über den Fluss bleibt geschlossen, hieß es.".encode().decode("cp1252")
    assert " ".join(spoiled.split()) in item_of(f"<p>{spoiled}</p><p>{SAID}</p>").raw


# --- strangers' words -----------------------------------------------------------------------------

NAUGHTY: Mapping[str, str] = {
    "markup": "<b>Bridge</b> &amp; <script>alert(1)</script><img src=x onerror=alert(1)>",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1fa\U0001f1f8 bridge",
    "turned": "\u202egpj.exe\u202c \u2066bridge\u2069 \u200f",
    "controls": "a\x00b\x07c\x1b[31md\x7fe\x9bf",
    "lines": "one\ntwo\r\nthree\x85four\u2028five\u2029six\x0b\x0c",
    "surrogates": "a \ud83d b \udc00",
    "format": "{item.title} {0.__class__} %s %n {{7*7}} ${env:HOME} $(id) `id`",
    "json": '", "title": "x"} \\u0000 \\ud800 \\',
    "quotes": "'\"><svg onload=alert(1)>",
    "entities": "&lt;b&gt; &amp;amp;lt; &#0; &#x1b; &#xd800; &#1114112; &#128;",
    "sql": "'; DROP TABLE items; --",
    "path": "../../etc/passwd file:///etc/passwd javascript:alert(1)",
    "spaces": " \xa0\u2003\u3000 \t ",
    "accents": "e" + "\u0301" * 3000,
    "long": "word " * 5000,
    "unbroken": "A" * 50_000,
}
_SHELL = """<html lang="{0}"><head><title>{0}</title><meta property="og:title" content="{0}">
<meta property="og:site_name" content="{0}"><meta name="author" content="{0}"><meta name="description" content="{0}">
<meta property="article:published_time" content="{0}"><meta property="article:tag" content="{0}">
<link rel="canonical" href="https://news.example/{0}"><base href="{0}">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{0}", "datePublished": "{0}"}}</script></head>
<body class="{0}"><h1 id="{0}">{0}</h1><p class="byline">By {0}</p><time datetime="{0}">{0}</time>
<p>{1}</p><p>{0}</p><figure><img alt="{0}"><figcaption>{0}</figcaption></figure><ul><li><a href="{0}">{0}</a></li></ul>
<!-- {0} --><p>{1} {0}</p></body></html>"""


@pytest.mark.parametrize("said", NAUGHTY.values(), ids=NAUGHTY)
@pytest.mark.parametrize("written", [escape, str], ids=["escaped", "raw"])
def test_naughty_words_in_every_place_of_a_page_are_stored_as_text(said: str, written: Callable[[str], str]) -> None:
    item = item_of(_SHELL.format(written(said), SAID))
    assert SAID.strip() in item.raw


@pytest.mark.parametrize("said", NAUGHTY.values(), ids=NAUGHTY)
def test_naughty_words_in_a_feed_make_no_item_more_or_less(said: str) -> None:
    words = escape(re.sub(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", "", said))
    whole = escape(_SHELL.format(escape(said), SAID))
    parts = f"<title>{words}</title><description>{whole}</description><category>{words}</category>"
    feed = f"<rss version='2.0'><channel><title>{words}</title><item>{parts}</item></channel></rss>"
    body = feed.encode("utf-8", "replace")
    (entry,) = parse(Response(url="https://news.example/f.xml", body=body), frozenset()).entries
    item = normalise(entry, FEED)
    check(item)
    assert SAID.strip() in item.raw


def test_a_feed_that_puts_the_whole_page_into_a_summary_has_its_article() -> None:
    written = invented(3, "cms", "en")
    (item,) = read_feed(f"<description>{escape(written.markup)}</description>")
    for paragraph in written.text:
        assert " ".join(paragraph.split()) in " ".join(item.text.split())


@pytest.mark.parametrize(
    "summary", ["Read more", "<a href='/x'>Read more</a>", "...", "", " ", "[&#8230;]", "<img src=x>"]
)
def test_a_summary_that_only_says_read_more_is_an_item_all_the_same(summary: str) -> None:
    (item,) = read_feed(f"<title>Bridge closes</title><description>{escape(summary)}</description>")
    assert item.title == "Bridge closes"
    assert len(item.text) <= len("Read more")


def read_feed(parts: str) -> list[Item]:
    body = f"<rss version='2.0'><channel><item>{parts}</item></channel></rss>".encode()
    entries = parse(Response(url="https://news.example/f.xml", body=body), frozenset()).entries
    items = [normalise(entry, FEED) for entry in entries]
    for item in items:
        check(item)
    return items


PIECES = st.one_of(
    st.sampled_from(
        ["<p>", "</p>", "<div class=comments>", "</div>", "<h1>", "</h1>", "<article>", "<aside>", "<footer>", "<nav>",
         "<table><tr><td>", "<br><br>", "<title>", "<pre>", "<a href=x>", "<time datetime=2026-01-01>", SAID,
         "By Ada. ", "DELVAST, March 3 (Norwind) — ", "Read more", "&amp;lt;", "\u202e", "\x00", "“", "”",
         *NAUGHTY.values()]
    ),
    st.text(max_size=8),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_a_page_holds_every_character_is_accounted_for(markup: str) -> None:
    item = item_of(markup)
    assert {field.name for field in fields(item)} >= {"raw", "text", "blocks"}
