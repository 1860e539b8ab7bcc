"""What is no feed is read by a recipe: JSON by paths, pages by selectors."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import ParseError
from watcher.model import Entry, Hash64, Parsed, Recipe, RecipeKind, Response
from watcher.parse import parse
from watcher.parse.limits import MAX_ENTRIES
from watcher.parse.recipe import items_problem, path_problem, selector_problem

URL = "https://api.example/v2/list"
NOTHING: frozenset[Hash64] = frozenset()


def by_json(items: str = "items", **fields: str) -> Recipe:
    return Recipe(kind=RecipeKind.JSON, items=items, **fields)


def by_css(items: str = "article", **fields: str) -> Recipe:
    return Recipe(kind=RecipeKind.CSS, items=items, **fields)


def response(body: Any, content_type: str = "") -> Response:
    data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Response(url=URL, headers={"content-type": content_type}, body=data)


def read(body: Any, recipe: Recipe, known: frozenset[Hash64] = NOTHING) -> Parsed:
    return parse(response(body), known, recipe)


def only(body: Any, recipe: Recipe) -> Entry:
    parsed = read(body, recipe)
    assert len(parsed.entries) == 1
    return parsed.entries[0]


def refused(body: Any, recipe: Recipe) -> tuple[str, str]:
    with pytest.raises(ParseError) as caught:
        read(body, recipe)
    assert str(caught.value).isprintable()
    return caught.value.kind, str(caught.value)


def texts(entry: Entry) -> list[str]:
    return [block.text for block in entry.blocks]


# --- JSON -----------------------------------------------------------------------------------------

STARS = "write [*] for all of its elements, [0] for the first"
FLAWS = {
    "resultsPerPage": 2,
    "vulnerabilities": [
        {
            "cve": {
                "id": "CVE-2026-0001",
                "published": "2026-03-25T10:00:00.117",
                "descriptions": [
                    {"lang": "en", "value": "A flaw in Delvast Bridge 2."},
                    {"lang": "es", "value": "Falla."},
                ],
                "score": 9.8,
            }
        },
        {"cve": {"id": "CVE-2026-0002/x", "published": "2026-03-26T10:00:00.000", "descriptions": []}},
    ],
}


def test_a_list_of_vulnerabilities_is_read_by_its_paths() -> None:
    recipe = by_json(
        "vulnerabilities",
        id="cve.id",
        title="{cve.id}: {cve.descriptions[0].value}",
        date="cve.published",
        text="cve.descriptions[*].value",
        link="https://flaws.example/detail/{cve.id}",
    )
    parsed = read(FLAWS, recipe)
    first, second = parsed.entries
    assert (parsed.format, parsed.warning) == ("json", None)
    assert (first.guid, first.title) == ("CVE-2026-0001", "CVE-2026-0001: A flaw in Delvast Bridge 2.")
    assert first.published == datetime(2026, 3, 25, 10, tzinfo=UTC)
    assert texts(first) == ["A flaw in Delvast Bridge 2.", "Falla."]
    assert first.link == "https://flaws.example/detail/CVE-2026-0001"
    assert second.link == "https://flaws.example/detail/CVE-2026-0002%2Fx"
    assert (second.title, texts(second)) == ("CVE-2026-0002/x", [])


@pytest.mark.parametrize("items", ["", ".", "$", "[*]", "$[*]"])
def test_the_document_itself_may_be_the_list(items: str) -> None:
    parsed = read([{"n": 1}, {"n": 2}], by_json(items, id="n"))
    assert [entry.guid for entry in parsed.entries] == ["1", "2"]


def test_the_values_of_an_object_and_nested_lists_are_items_by_a_star() -> None:
    by_name = {"flaws": {"a": {"title": "A"}, "b": {"title": "B"}}}
    assert [entry.title for entry in read(by_name, by_json("flaws[*]", title="title")).entries] == ["A", "B"]
    by_day = {"days": [{"rows": [{"t": "A"}]}, {"rows": []}, {"rows": [{"t": "B"}, {"t": "C"}]}]}
    assert [entry.title for entry in read(by_day, by_json("days[*].rows", title="t")).entries] == ["A", "B", "C"]
    assert [entry.title for entry in read({"n": ["A", "B"]}, by_json("n", title=".")).entries] == ["A", "B"]


def test_html_in_a_text_is_read_as_such_and_titles_are_plain() -> None:
    entry = only(
        {"items": [{"t": "A &amp; <b>B</b>", "x": "<p>one<p>two", "u": "/a b"}]}, by_json(title="t", text="x", link="u")
    )
    assert (entry.title, texts(entry), entry.link) == ("A & B", ["one", "two"], "https://api.example/a b")
    assert texts(only({"items": [{"x": "if a < b\n\nthen"}]}, by_json(text="x"))) == ["if a < b", "then"]


@pytest.mark.parametrize("document", [{"items": []}, {"items": None}, {"items": {}}])
def test_an_empty_list_is_a_good_document_without_items(document: Any) -> None:
    recipe = by_json("items[*]" if document == {"items": {}} else "items", title="t")
    parsed = read(document, recipe)
    assert (parsed.entries, parsed.hashes, parsed.warning) == ((), (), None)
    assert read({"days": []}, by_json("days[*].rows")).entries == ()
    assert read({"days": [{"rows": []}]}, by_json("days[*].rows")).entries == ()


@pytest.mark.parametrize(
    ("document", "items", "message"),
    [
        ({"data": [], "meta": 1}, "flaws", "`flaws` is not in the document; the document has: data, meta"),
        ({"data": {"rows": 1}}, "data.items", "`data.items` is not in the document; `data` has: rows"),
        ({"data": [{"rows": 1}]}, "data.rows",
         f"`data.rows` is not in the document; `data` is a list of 1: {STARS}"),
        ({"days": [{"x": 1}]}, "days[*].rows", "`days[*].rows` is not in the document; `days[*]` has: x"),
        ({"x": {"a": 1}}, "x", "`x` is no list of items but an object with: a; to take its values write `x[*]`"),
        ({"items": "none"}, "items", "`items` is no list of items but a text"),
        ({"message": "Not allowed"}, "items",
         "`items` is not in the document; the document has: message; it says “Not allowed”"),
        ({"message": "Not allowed"}, ".", "`.` is no list of items but an object with: message; it says “Not allowed”"),
        ([], "items", "`items` is not in the document; the document is an empty list"),
        ({}, "items", "`items` is not in the document; the document is an empty object"),
        ({f"k{n:02}": n for n in range(20)}, "items",
         "`items` is not in the document; the document has: k00, k01, k02, k03, k04, k05, k06, k07 and 12 more"),
        ({"\x1b[31m" + "x" * 99: 1}, "items", f"`items` is not in the document; the document has: [31m{'x' * 35}…"),
        ({"items": []}, "a..b", "`a..b` has two dots or a filter: a path has names, [0] and [*] only"),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_says_where_it_stops(document: Any, items: str, message: str) -> None:
    assert refused(document, by_json(items)) == ("recipe", message)


def test_a_field_that_is_in_no_item_is_an_error_and_in_a_few_items_a_warning() -> None:
    recipe = by_json(title="title", date="when")
    words = "`when` (date) is in none of the 3 items; the first has: title, at"
    alone = words.replace("none of the 3 items", "no item: there is one")
    assert refused({"items": [{"title": "A", "at": 1}] * 3}, recipe) == ("recipe", words)
    assert read({"items": [{"title": "A", "at": 1}]}, recipe).warning == alone
    some = [{"title": "A", "at": 1}] * 3 + [{"title": "B", "when": None}]
    assert read({"items": some}, recipe).warning is None
    deep = {"items": [{"title": {"en": "A"}}] * 3}
    assert refused(deep, by_json(title="title")) == (
        "recipe",
        "`title` (title) is in none of the 3 items; `title` has: en",
    )


def test_a_date_that_cannot_be_read_is_told_and_hides_no_item() -> None:
    parsed = read({"items": [{"t": "A", "d": "a while ago"}]}, by_json(title="t", date="d"))
    assert (parsed.entries[0].published, parsed.warning) == (None, "`d` is a date that cannot be read: “a while ago”")


def test_the_newest_are_kept_of_more_items_than_are_read() -> None:
    oldest_first = [{"n": number, "d": 1_700_000_000 + number} for number in range(MAX_ENTRIES + 10)]
    parsed = read({"items": oldest_first}, by_json(id="n", date="d"))
    assert [entry.guid for entry in parsed.entries] == [str(number) for number in range(10, MAX_ENTRIES + 10)]
    assert parsed.warning == "5,010 entries, only the newest 5,000 read"


def test_counters_around_what_is_asked_for_make_nothing_new() -> None:
    recipe = by_json(id="id", title="t")
    first = read({"at": 1, "items": [{"id": 1, "t": "A", "views": 5}]}, recipe)
    again = read(
        {"at": 2, "items": [{"views": 6, "t": "A", "id": 1}, {"id": 2, "t": "B"}]}, recipe, frozenset(first.hashes)
    )
    assert [entry.guid for entry in again.entries] == ["2"]
    assert again.cut


@pytest.mark.parametrize("body", [b"", b'{"items": [', b"<html>", b"{'items': 1}"])
def test_a_document_that_is_no_json_is_refused_as_such(body: bytes) -> None:
    assert refused(body, by_json())[0] in {"empty", "truncated", "unreadable"}


# --- pages ----------------------------------------------------------------------------------------

NEWS = """<!doctype html><html lang="en"><title>Delvast town hall</title><base href="/news/">
<ul class="list">
<li class="item" id="n1"><h3><a href="bridge">Bridge closes</a></h3><time datetime="2026-03-25T10:00:00Z">
5 minutes ago</time>
<p class="lead">The old bridge was closed.</p><a href="/more">more</a></li>
<li class="item" id="n2"><h3><a href="https://other.example/dam">Dam holds</a></h3>
<time datetime="2026-03-24">a day ago</time>
<p class="lead">The dam <b>holds</b>.</p></li>
</ul>"""
INSIDE = "li.item, h3, a, time, p.lead, b"


def test_a_page_needs_nothing_but_where_its_items_are() -> None:
    parsed = read(NEWS, by_css("li.item"))
    assert (parsed.format, parsed.title, parsed.lang, parsed.warning) == ("css", "Delvast town hall", "en", None)
    first, second = parsed.entries
    assert (first.title, first.link, first.guid) == ("Bridge closes", "https://api.example/news/bridge", None)
    assert texts(first) == ["Bridge closes", "The old bridge was closed.", "more"]
    assert first.published == datetime(2026, 3, 25, 10, tzinfo=UTC)
    assert (second.title, second.link) == ("Dam holds", "https://other.example/dam")


def test_each_field_may_be_an_element_an_attribute_or_a_template() -> None:
    recipe = by_css(
        "ul.list > li",
        id="@id",
        title="News: {h3 a}",
        date="time",
        text="p.lead",
        link="https://town.example/n/{h3 a@href}?from={@id}",
    )
    first, second = read(NEWS, recipe).entries
    assert (first.guid, first.title) == ("n1", "News: Bridge closes")
    assert (first.published, second.published) == (
        datetime(2026, 3, 25, 10, tzinfo=UTC),
        datetime(2026, 3, 24, tzinfo=UTC),
    )
    assert texts(second) == ["The dam holds."]
    assert second.link == "https://town.example/n/https%3A%2F%2Fother.example%2Fdam?from=n2"


def test_an_item_may_be_the_link_itself_and_is_taken_once() -> None:
    page = "<a class=n href=/1>One</a><a class=n href=/2>Two</a><a href=/3>not this</a>"
    assert [(entry.title, entry.link) for entry in read(page, by_css("a.n, a.n")).entries] == [
        ("One", "https://api.example/1"),
        ("Two", "https://api.example/2"),
    ]


def test_times_in_words_make_nothing_new() -> None:
    first = read(NEWS, by_css("li.item"))
    later = NEWS.replace("5 minutes ago", "6 minutes ago")
    assert read(later, by_css("li.item"), frozenset(first.hashes)).entries == ()
    words = "<article><h2>One</h2><p class=age>{} minutes ago</p></article>"
    known = frozenset(read(words.format(5), by_css(date=".age")).hashes)
    assert read(words.format(5), by_css(date=".age"), known).entries == ()


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        (by_css("div.news"), "`div.news` finds nothing in the page, which is titled “Delvast town hall”"),
        (by_css("ul.list > article"),
         f"`ul.list > article` finds nothing in the page; `ul.list` is there, and in it: {INSIDE}"),
        (by_css("li.item", title="h2"), None),
        (by_css("li["), "`li[` is no CSS selector that can be read"),
        (by_css("li.item", title="h3 >"), "`h3 >` is no CSS selector that can be read"),
        (by_css("li.item", link="{h3"), "`{h3` has a brace without its other half: a selector stands in {...}"),
    ],
)  # fmt: skip
def test_a_selector_that_finds_nothing_says_where_it_stops(recipe: Recipe, message: str | None) -> None:
    if message is None:
        words = "`h2` (title) is in none of the 2 items; the first has: h3, a, time, p.lead"
        assert read(NEWS, recipe).warning == words
    else:
        assert refused(NEWS, recipe) == ("recipe", message)


def test_a_rebuilt_page_is_an_error_and_not_a_page_without_news() -> None:
    rebuilt = NEWS.replace("li ", "div ").replace("</li>", "</div>")
    assert refused(rebuilt, by_css("li.item"))[0] == "recipe"
    three = "".join(f"<article><h3>News {number}</h3></article>" for number in range(3))
    assert refused(three, by_css("article", title="h2")) == (
        "recipe",
        "`h2` (title) is in none of the 3 items; the first has: h3",
    )


def test_a_challenge_in_the_page_s_place_is_told_as_one() -> None:
    wall = "<title>Just a moment...</title><p>Checking your browser"
    assert refused(wall, by_css("li.item")) == (
        "challenge",
        "the server answered 200 with a check for bots: “Just a moment...”",
    )


def test_a_page_in_another_charset_is_read() -> None:
    page = "<article><a href=/a>Мост закрыт</a></article>".encode("cp1251")
    said = parse(response(page, "text/html; charset=windows-1251"), NOTHING, by_css())
    assert said.entries[0].title == "Мост закрыт"
    declared = b"<meta charset=windows-1251>" + page
    assert read(declared, by_css()).entries[0].title == "Мост закрыт"


# --- at configuration time ------------------------------------------------------------------------


def test_a_path_is_checked_without_what_reads_documents() -> None:
    asked = "import sys; from watcher.parse.recipe import path_problem; path_problem('a'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "watcher.parse.paths" in loaded
    assert not {"feedparser", "selectolax", "httpx", "asyncio"} & set(loaded)


@pytest.mark.parametrize(
    "text", ["", ".", "a", "cve.descriptions[0].value", "[*]", '["a.b"].c', "x/{a.b}?{c[0]}", "$.a[*]"]
)
def test_good_paths_have_no_problem(text: str) -> None:
    assert path_problem(text) is None


@pytest.mark.parametrize("text", ["a..b", "/a/b", "a[?(@.x)]", "a[", "a]", "{a", "a}", "{a..b}", "$..a"])
def test_bad_paths_have_one(text: str) -> None:
    problem = path_problem(text)
    assert problem is not None
    assert f"`{text.strip('{}')}" in problem or f"`{text}`" in problem


@pytest.mark.parametrize(
    "text", ["a", "a@href", "@data-id", "ul > li:nth-child(2)", "x/{a@href}", "a[href*='@x']", "h2, h3"]
)
def test_good_selectors_have_no_problem(text: str) -> None:
    assert selector_problem(text) is None


@pytest.mark.parametrize("text", ["", " ", "a[", "a:nosuch", "{a", "x{}", "a > > b", "@", "a@", "x/{a[}"])
def test_bad_selectors_have_one(text: str) -> None:
    assert selector_problem(text) is not None


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        (RecipeKind.CSS, "a@href"),
        (RecipeKind.CSS, "@id"),
        (RecipeKind.CSS, "li {a}"),
        (RecipeKind.JSON, "x/{a}"),
    ],
)
def test_items_are_found_by_a_path_or_selector_alone(kind: RecipeKind, items: str) -> None:
    recipe = Recipe(kind=kind, items=items)
    assert items_problem(recipe)
    with pytest.raises(ParseError, match="items are") as caught:
        read(b"{}" if kind is RecipeKind.JSON else b"<li id=a><a href=b>", recipe)
    assert caught.value.kind == "recipe"


# --- laws -----------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
PATHS = st.lists(st.sampled_from(["a", "b", "c", "[0]", "[*]", "[-1]"]), max_size=3).map(
    lambda steps: "".join(step if step[0] == "[" else f".{step}" for step in steps).lstrip(".")
)


@settings(max_examples=200, deadline=None)
@given(VALUES, PATHS, PATHS, PATHS, st.data())
def test_any_document_and_paths_give_items_or_one_line(
    document: Any, items: str, title: str, text: str, data: st.DataObject
) -> None:
    recipe = by_json(items, id=title, title=f"{{{title}}}!", text=text, date=text, link=f"https://x.example/{{{text}}}")
    try:
        whole = read(json.dumps(document), recipe)
    except ParseError as error:
        said = error
        assert said.kind == "recipe"
        assert str(said).isprintable()
        return
    known = data.draw(st.sets(st.sampled_from(whole.hashes))) if whole.hashes else set()
    rest = read(json.dumps(document), recipe, frozenset(known))
    assert rest.hashes == whole.hashes
    assert rest.entries == tuple(entry for entry in whole.entries if entry.hash not in known)


SELECTORS = st.sampled_from(["div", "a", "a@href", "@id", "p, b", "div > a", "time", "{a@href}x{b}", "div div"])
PIECES = st.sampled_from(
    [
        "<div id=1>",
        "</div>",
        "<a href='x y'>",
        "</a>",
        "<p>",
        "word ",
        "<b>",
        "<time datetime=2026-01-01>",
        "<!--",
        "&amp;",
        "<",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join), SELECTORS, SELECTORS, SELECTORS)
def test_any_page_and_selectors_give_items_or_one_line(markup: str, title: str, text: str, link: str) -> None:
    recipe = by_css("div, a, p", id=title, title=title, text=text, date=text, link=link)
    try:
        whole = read(markup, recipe)
    except ParseError as error:
        said = error
        assert said.kind == "recipe"
        assert str(said).isprintable()
        return
    assert read(markup, recipe, frozenset(whole.hashes)).entries == ()
    assert read(markup, recipe) == whole
