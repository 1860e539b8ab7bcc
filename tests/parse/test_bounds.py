"""Documents made to cost their reader much: each is read or refused in one line; its process bounds the time."""

from __future__ import annotations

import pytest

from watcher.errors import ParseError
from watcher.model import Hash64, Parsed, Recipe, RecipeKind, Response
from watcher.parse import parse
from watcher.parse.limits import MAX_ENTRIES
from watcher.run.worker import Limits, ProcessParser

NOTHING: frozenset[Hash64] = frozenset()
BY_JSON = Recipe(kind=RecipeKind.JSON, items="items", id="id", date="d")
BY_CSS = Recipe(kind=RecipeKind.CSS, items="article", title="h2, a")


def response(body: bytes) -> Response:
    return Response(url="https://daily.example/", headers={"content-type": "text/html"}, body=body)


def outcome(body: bytes, recipe: Recipe | None = None) -> Parsed | str:
    try:
        return parse(response(body), NOTHING, recipe)
    except ParseError as error:
        return f"{error.kind}: {error}"


@pytest.mark.parametrize("recipe", [None, BY_JSON])
@pytest.mark.parametrize(
    "body", [b'{"items":' + b"[" * 200_000, b'{"items":' * 200_000, b"[" * 200_000 + b"]" * 200_000]
)
def test_json_of_200_000_levels_is_refused(body: bytes, recipe: Recipe | None) -> None:
    assert outcome(body, recipe) == "unreadable: the JSON is nested too deep to be read"


@pytest.mark.parametrize("recipe", [None, BY_JSON])
def test_a_number_of_100_000_digits_is_refused(recipe: Recipe | None) -> None:
    body = b'{"version":"https://jsonfeed.org/version/1","items":[{"id":' + b"7" * 100_000 + b"}]}"
    assert outcome(body, recipe) == "unreadable: the JSON has a number too long to be read"


def test_of_20_000_items_of_json_as_many_are_read_as_of_any_feed() -> None:
    items = b",".join(b'{"id":%d,"d":%d}' % (number, 1_700_000_000 + number) for number in range(20_000))
    for recipe in (None, BY_JSON):
        version = b"https://jsonfeed.org/version/1"
        parsed = outcome(b'{"version":"%s","items":[%s]}' % (version, items), recipe)
        assert isinstance(parsed, Parsed)
        assert len(parsed.entries) == MAX_ENTRIES
        assert parsed.warning == f"20,000 entries, only the {'newest' if recipe else 'first'} 5,000 read"


def test_an_address_and_a_title_of_a_megabyte_are_no_address_and_a_title() -> None:
    body = b'{"version":"https://jsonfeed.org/version/1","items":[{"url":"https://x.example/%s","title":"%s"}]}'
    parsed = outcome(body % (b"a" * 2**20, b"b " * 2**19))
    assert isinstance(parsed, Parsed)
    assert parsed.entries[0].link is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<urlset>" + b"<url>" * 200_000, "truncated: the sitemap ends in the middle ("),
        (b"<urlset><url>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</url></urlset>", None),
        (b"<urlset><url " + b" ".join(b'a%d=""' % number for number in range(50_000)) + b"/></urlset>", None),
        (b"<urlset><url><loc>" + b"x" * 4_000_000 + b"</loc></url></urlset>", None),
        (b"<urlset>" + b"<url/>" * 100_000 + b"</urlset>", None),
        (b"<sitemapindex>" + b"<sitemap><loc>/x</loc></sitemap>" * 5_000 + b"</sitemapindex>", "not-a-feed: "),
    ],
    ids=["unclosed", "deep", "attributes", "token", "empty pages", "index"],
)
def test_a_hostile_sitemap_is_read_or_refused(body: bytes, told: str | None) -> None:
    read = outcome(body)
    if told is None:
        assert isinstance(read, Parsed)
        assert read.entries == ()
        assert read.warning is not None
    else:
        assert isinstance(read, str)
        assert read.startswith(told)
        assert len(read) < 300


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 100_000,
        b"<a href=/feed>x</a>" * 10_000,
        b"<link rel=alternate type=application/rss+xml href=/f>" * 5_000,
        b"<link rel=alternate type=application/rss+xml href=" + b"/f" * 500_000 + b">",
        b"<title>" + b"not found " * 100_000,
        b"<h1>" + b"error " * 100_000,
        b"<base href=" + b"a/" * 100_000 + b"><a href=feed.xml>",
    ],
    ids=["deep", "links", "announced", "long address", "title", "heading", "base"],
)
def test_a_hostile_page_is_refused_in_one_line(body: bytes) -> None:
    told = outcome(b"<html>" + body)
    assert isinstance(told, str)
    assert told.partition(": ")[0] in {"not-a-feed", "error-page"}
    assert len(told) < 700
    assert told.isprintable()


@pytest.mark.parametrize(
    "body",
    [
        b"<article><a href=/x>y</a></article>" * 10_000,
        b"<article><a href=/x>y" * 300,
        b"<article>" + b"word " * 500_000,
    ],
    ids=["many", "nested", "long"],
)
def test_a_hostile_page_with_a_recipe_is_read(body: bytes) -> None:
    parsed = outcome(body, BY_CSS)
    assert isinstance(parsed, Parsed)
    assert 0 < len(parsed.entries) <= MAX_ENTRIES


async def test_a_page_that_takes_too_long_costs_its_feed_one_poll_and_nobody_else() -> None:
    parser = ProcessParser(Limits(cpu=0.5))
    try:
        with pytest.raises(ParseError, match=r"took more than 0\.5 s of processor time") as caught:
            await parser.parse(response(b"<article><a href=/x>y" * 300_000), NOTHING, BY_CSS)
        assert caught.value.kind == "worker-cpu"
        parsed = await parser.parse(response(b"<article><a href=/x>News</a></article>"), NOTHING, BY_CSS)
        assert [entry.title for entry in parsed.entries] == ["News"]
    finally:
        await parser.aclose()
