"""Sitemaps are read, news sitemaps best; their indexes name those they list."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import ParseError
from watcher.model import Entry, Hash64, Parsed, Response
from watcher.parse import parse
from watcher.parse.limits import MAX_ENTRIES
from watcher.parse.packed import MAX_SIZE
from watcher.parse.sitemap import slug_title

URL = "https://daily.example/sitemap.xml"
NOTHING: frozenset[Hash64] = frozenset()
HEAD = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">'
)


def read(body: str | bytes, known: frozenset[Hash64] = NOTHING) -> Parsed:
    data = body if isinstance(body, bytes) else body.encode()
    return parse(Response(url=URL, headers={"content-type": "application/xml"}, body=data), known)


def urls(*inner: str, head: str = HEAD) -> str:
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{head}{''.join(f'<url>{one}</url>' for one in inner)}</urlset>"


def refused(body: str | bytes) -> ParseError:
    with pytest.raises(ParseError) as caught:
        read(body)
    assert str(caught.value).isprintable()
    return caught.value


LINK = "https://daily.example/a/bridge-closes"
NEWS = """<loc>https://daily.example/world/bridge-closes-123456.html</loc><lastmod>2026-03-25T11:00:00Z</lastmod>
<news:news><news:publication><news:name>The Daily</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2026-03-25T12:00:00+02:00</news:publication_date>
<news:title>Bridge &amp; dam close in <![CDATA[Delvast]]></news:title>
<news:keywords>floods, bridges,floods</news:keywords></news:news>
<image:image><image:loc>https://daily.example/i.png</image:loc><image:title>A picture</image:title></image:image>
<video:video><video:title>A film</video:title><video:publication_date>2020</video:publication_date></video:video>"""


def test_a_news_sitemap_says_what_its_pages_are() -> None:
    parsed = read(urls(NEWS))
    assert (parsed.format, parsed.title, parsed.warning) == ("news-sitemap", "The Daily", None)
    assert parsed.entries == (
        Entry(
            hash=parsed.hashes[0],
            link="https://daily.example/world/bridge-closes-123456.html",
            title="Bridge & dam close in Delvast",
            authors=("The Daily",),
            tags=("floods", "bridges"),
            lang="en",
            published=datetime(2026, 3, 25, 10, tzinfo=UTC),
            updated=datetime(2026, 3, 25, 11, tzinfo=UTC),
        ),
    )


def test_of_a_plain_sitemap_the_address_has_to_say_it() -> None:
    image = "<image:image><image:title>A picture</image:title></image:image>"
    parsed = read(urls(f"<loc> https://daily.example/a/bridge-closes </loc><lastmod>2026-03-25</lastmod>{image}"))
    (entry,) = parsed.entries
    assert (parsed.format, entry.title, entry.link) == (
        "sitemap",
        "Bridge closes",
        "https://daily.example/a/bridge-closes",
    )
    assert (entry.published, entry.updated) == (None, datetime(2026, 3, 25, tzinfo=UTC))


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/world/bridge-closes-in-delvast", "Bridge closes in delvast"),
        ("/world/bridge-closes-123456.html", "Bridge closes"),
        ("/world/bridge_closes_a1b2c3d4e5/", "Bridge closes"),
        ("/bridge-closes/4711", "Bridge closes"),
        ("/2026-03-25-bridge-closes", "Bridge closes"),
        ("/%D0%BC%D0%BE%D1%81%D1%82-%D0%B7%D0%B0%D0%BA%D1%80%D1%8B%D1%82", "Мост закрыт"),
        ("/bridge+closes.php?id=5", "Bridge closes"),
        ("/top-10", "Top 10"),
        ("/world", "World"),
        ("/12345", ""),
        ("/", ""),
        ("", ""),
    ],
)
def test_a_title_is_made_of_the_words_in_an_address(path: str, title: str) -> None:
    assert slug_title(f"https://daily.example{path}") == title


@pytest.mark.parametrize(
    "head",
    [
        "<urlset>",
        '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9">',
        '<!-- made by hand --><?xml-stylesheet href="x.xsl"?><urlset xmlns="http://www.google.com/schemas/sitemap/0.84">',
    ],
)
def test_a_sitemap_is_known_by_its_root_whatever_its_namespace(head: str) -> None:
    end = "</s:urlset>" if "s:urlset" in head else "</urlset>"
    parsed = read(f"{head}<url><loc>https://daily.example/a-b</loc></url>{end}")
    assert [entry.title for entry in parsed.entries] == ["A b"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_a_sitemap_in_any_encoding_that_it_declares_is_read(encoding: str) -> None:
    declared = "iso-8859-1" if encoding == "iso-8859-1" else "utf-16" if "16" in encoding else "utf-8"
    news = NEWS.replace("Bridge", "Brücke")
    body = urls(news).replace("'UTF-8'", f"'{declared}'").encode(encoding)
    assert read(body).entries[0].title == "Brücke & dam close in Delvast"


def test_pages_without_an_address_are_counted_and_bare_ampersands_forgiven() -> None:
    parsed = read(
        urls("<loc>https://daily.example/?a=1&b=2</loc>", "<lastmod>2026-01-01</lastmod>", "<loc>mailto:x</loc>")
    )
    assert [entry.link for entry in parsed.entries] == ["https://daily.example/?a=1&b=2"]
    assert parsed.warning == "2 of its pages have no address"


def test_a_sitemap_in_a_gzip_file_is_read_and_a_bomb_is_not() -> None:
    packed = gzip.compress(urls(NEWS).encode())
    assert read(packed) == read(urls(NEWS))
    for body, kind in (
        (packed[:-9], "truncated"),
        (packed[:20] + b"?" * 40, "unreadable"),
        (gzip.compress(b"<urlset>" + b" " * MAX_SIZE), "unreadable"),
    ):
        assert refused(body).kind == kind


def test_an_empty_sitemap_is_a_good_one() -> None:
    assert read(urls()).entries == ()


def test_the_newest_pages_are_read_of_more_than_fit() -> None:
    dates = [f"2026-01-{1 + number % 28:02}T00:{number // 28 % 60:02}:00Z" for number in range(MAX_ENTRIES)]
    pages = [f"<loc>https://daily.example/n/{number}</loc><lastmod>{at}</lastmod>" for number, at in enumerate(dates)]
    parsed = read(urls("<loc>https://daily.example/undated</loc>", *pages))
    assert len(parsed.entries) == MAX_ENTRIES
    assert "https://daily.example/undated" not in {entry.link for entry in parsed.entries}
    assert parsed.warning == "5,001 entries, only the newest 5,000 read"


def test_an_index_names_the_sitemaps_of_news_first_and_then_the_latest() -> None:
    children = [("old", "2020-01-01"), ("new", "2026-01-01"), ("news", "2021-01-01"), ("none", "")]
    inner = "".join(
        f"<sitemap><loc>https://daily.example/{name}.xml</loc><lastmod>{at}</lastmod></sitemap>"
        for name, at in children
    )
    error = refused(f"<sitemapindex>{inner}<sitemap><loc>{URL}</loc></sitemap></sitemapindex>")
    assert error.kind == "not-a-feed"
    assert error.feeds == tuple(f"https://daily.example/{name}.xml" for name in ("news", "new", "old", "none"))
    assert str(error) == (
        "the document is an index of 5 sitemaps, not one of them; the likeliest is https://daily.example/news.xml"
    )


def test_an_address_with_a_password_is_not_gone_to() -> None:
    child = "<sitemap><loc>https://anna:secret@daily.example/news.xml</loc></sitemap>"
    error = refused(f"<sitemapindex>{child}</sitemapindex>")
    assert error.feeds == ()
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (urls(NEWS)[:-20], "truncated", "the sitemap ends in the middle (line 8, column "),
        (urls(NEWS)[:400], "truncated", "the sitemap ends in the middle ("),
        ("<urlset><url></urlset>", "unreadable", "the sitemap is not well-formed (line 1, column 16: mismatched tag)"),
        ('<?xml version="1.0" encoding="nonsense"?><urlset/>', "unreadable", "the sitemap"),
        (f"<!DOCTYPE urlset [<!ENTITY a 'b'>]>{urls()[39:]}", "not-a-feed", "the document's root element is <urlset>"),
        (f"<urlset><!DOCTYPE urlset>{urls()}", "unreadable", "the sitemap is not well-formed"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(body: str, kind: str, message: str) -> None:
    error = refused(body)
    assert error.kind == kind
    assert str(error).startswith(message)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 3)), max_size=6), st.data())
def test_known_pages_left_out_leave_the_others_as_they_were(pages: list[tuple[int, int]], data: st.DataObject) -> None:
    body = urls(*(f"<loc>https://x.example/a-{n}</loc><lastmod>2026-01-0{d}</lastmod>" for n, d in pages))
    whole = read(body)
    known = data.draw(st.sets(st.sampled_from(whole.hashes))) if whole.hashes else set()
    rest = read(body, frozenset(known))
    assert rest.hashes == whole.hashes
    assert rest.entries == tuple(entry for entry in whole.entries if entry.hash not in known)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"<urlset>", b"<sitemapindex>", HEAD.encode(), b"\xff\xfe<\0u\0"]), st.binary(max_size=100))
def test_whatever_the_bytes_they_are_parsed_or_refused(start: bytes, rest: bytes) -> None:
    try:
        assert isinstance(read(start + rest), Parsed)
    except ParseError as error:
        assert str(error)  # noqa: PT017 - most are refused
