"""All the ways in which sites announce their feeds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import ParseError
from watcher.model import Hash64, Response
from watcher.parse import parse
from watcher.parse.announced import MOST, well_known

URL = "https://daily.example/world/index.html"
NOTHING: frozenset[Hash64] = frozenset()


def feeds(markup: str, link: str = "", url: str = URL) -> tuple[str, ...]:
    headers = {"content-type": "text/html", **({"link": link} if link else {})}
    with pytest.raises(ParseError) as caught:
        parse(Response(url=url, headers=headers, body=f"<!DOCTYPE html>{markup}".encode()), NOTHING)
    assert caught.value.kind == "not-a-feed"
    assert str(caught.value).isprintable()
    return caught.value.feeds


def short(addresses: tuple[str, ...]) -> list[str]:
    return [address.removeprefix("https://daily.example") for address in addresses]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="application/rss+xml" href="/feed">',
        '<LINK REL="ALTERNATE" TYPE="Application/RSS+XML; charset=utf-8" HREF="/feed">',
        '<link rel="home alternate" type="application/atom+xml" href="/feed">',
        "<link rel=alternate type=application/feed+json href=/feed>",
        "<link rel=alternate type=application/rdf+xml href=/feed>",
        "<link rel=alternate type=text/xml title=RSS href=/feed>",
        "<link rel=alternate type=application/json title='JSON Feed' href=/feed>",
        "<link rel=feed href=/feed>",
        "<link rel=feed type=text/html href=/other><link rel='alternate feed' href=/feed>",
        "<link rel=alternate type=application/rss+xml href=' /feed\n#top'>",
        "<link rel=alternate type=application/rss+xml href=feed:https://daily.example/feed>",
        "<link rel=alternate type=application/rss+xml href=feed://daily.example/feed>",
        "<base href='https://daily.example/'><link rel=alternate type=application/rss+xml href=feed>",
        "<p>in the body<link rel=alternate type=application/rss+xml href=/feed>",
        "<a href=/feed>RSS</a>",
        "<a href=/feed/>x</a><link rel=alternate type=application/rss+xml href=/feed>",
        "<a type=application/atom+xml href=/feed>x</a>",
        "<a rel=feed href=/feed>x</a>",
    ],
)
def test_a_feed_is_found_however_a_page_announces_it(link: str) -> None:
    assert short(feeds(link))[0] == "/feed"


@pytest.mark.parametrize(
    "href",
    ["/rss", "/feed/", "/news.rss", "/blog.atom", "/index.rdf", "/rss.xml", "/feed.json", "/atom.xml", "/blog/feed/",
     "/feeds/posts/default", "/?feed=rss2", "/news-rss.xml", "/x.php?format=feed", "/rss/news.xml", "/rss2"],
)  # fmt: skip
def test_a_plain_link_that_anybody_sees_to_be_a_feed_is_one(href: str) -> None:
    assert short(feeds(f"<a href='{href}'>x</a>")) == [href]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>nothing",
        "<link rel=stylesheet href=/feed.css>",
        "<link rel=alternate hreflang=de href=/de/>",
        "<link rel=alternate type=application/json href=/wp-json/wp/v2/posts/1>",
        "<link rel=alternate type=application/json+oembed href=/oembed?url=feed>",
        "<link rel=alternate type=text/xml href=/sitemap.xml>",
        "<link rel=search type=application/opensearchdescription+xml href=/rss-search.xml>",
        "<link rel=alternate type=application/rss+xml href='javascript:x'>",
        "<link rel=alternate type=application/rss+xml href='https://['>",
        "<link rel=alternate type=application/rss+xml href='ftp://daily.example/rss'>",
        "<link rel=alternate type=application/rss+xml href='https://user:secret@daily.example/rss'>",
        "<link rel=alternate type=application/rss+xml href=''>",
        "<link rel=alternate type=application/rss+xml href=/world/index.html>",
        "<a href=/feedback>x</a><a href=/about/rss-explained>x</a><a href=/trss>x</a><a href=/animal-feed>x</a>",
        "<a href='https://feedly.com/i/subscription/feed/https://daily.example/feed'>x</a>",
        "<p><!-- <link rel=alternate type=application/rss+xml href=/feed> -->",
        "<script>'<link rel=alternate type=application/rss+xml href=/feed>'</script>",
    ],
)
def test_what_only_looks_like_a_feed_is_none(markup: str) -> None:
    assert feeds(markup) == ()


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('</feed>; rel="alternate"; type="application/rss+xml"', ["/feed"]),
        ("</a>; rel=preload; as=style, </feed>;rel=alternate;type=application/atom+xml", ["/feed"]),
        ('</feed>; type="application/rss+xml"; title="a, b; \\"c\\""; rel="home alternate"', ["/feed"]),
        ('<https://api.w.org/>; rel="https://api.w.org/", <feed>; REL=Feed', ["/world/feed"]),
        ("</wp-json>; rel=alternate; type=application/json", []),
        ("</feed>; rel=alternate", []),
        ("</feed", []),
        ('</feed>; rel="alternate', []),
    ],
)
def test_the_link_header_announces_feeds_too(header: str, found: list[str]) -> None:
    assert short(feeds("<p>x", header)) == found


def test_the_main_feed_comes_first_and_comments_last() -> None:
    kind = "rel=alternate type=application/rss+xml"
    markup = (
        f"<a href=/rss.xml>RSS</a><link {kind} title='Daily » Comments Feed' href=/comments/feed>"
        f"<link {kind} title='Bridge closes » Kommentar-Feed' href=/2026/bridge/feed>"
        f"<link {kind} title='World' href=/category/world/feed><link {kind} title='Daily » Feed' href=/feed>"
        "<link rel=alternate type=application/atom+xml href=/atom>"
    )
    assert short(feeds(markup)) == [
        "/feed", "/atom", "/category/world/feed", "/rss.xml", "/comments/feed", "/2026/bridge/feed",
    ]  # fmt: skip


def test_a_page_announces_each_feed_once_and_so_many_at_most() -> None:
    link = "<link rel=alternate type=application/rss+xml href=/feed/{}>"
    assert len(feeds("".join(link.format(number) for number in range(100)))) == MOST
    assert len(feeds(link.format(1) * 100)) == 1


def test_the_message_names_the_best() -> None:
    with pytest.raises(ParseError, match=r"not an RSS or Atom feed; its feed may be at https://d\.e/f$"):
        parse(
            Response(url="https://d.e/", body=b"<html><link rel=alternate type=application/rss+xml href=/f>"), NOTHING
        )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1251"])
def test_a_page_in_any_encoding_announces_its_feed(encoding: str) -> None:
    body = "<html><title>Новости</title><link rel=alternate type=application/rss+xml href=/rss>".encode(encoding)
    response = Response(url=URL, headers={"content-type": f"text/html; charset={encoding}"}, body=body)
    with pytest.raises(ParseError) as caught:
        parse(response, NOTHING)
    assert caught.value.feeds == ("https://daily.example/rss",)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<link ", "<a ", "rel=alternate ", "rel='feed x' ", "type=application/rss+xml ",
                         "href=", "'//[' ", "/feed ", "'?feed=rss2' ", ">", "<base href=",
                         "feed:", "https://x.example:99999"])
        | st.text(max_size=4),
        max_size=30,
    ).map("".join),
    st.text(max_size=60),
)  # fmt: skip
def test_whatever_a_page_says_what_it_announces_are_web_addresses(markup: str, header: str) -> None:
    try:
        parse(Response(url=URL, headers={"link": header}, body=f"<html>{markup}".encode()), NOTHING)
    except ParseError as error:
        found = error.feeds
        assert all(address.startswith(("http://", "https://")) and address.isprintable() for address in found)


@pytest.mark.parametrize(
    ("url", "first"),
    [
        ("https://daily.example/", ["https://daily.example/feed", "https://daily.example/rss.xml"]),
        ("https://daily.example", ["https://daily.example/feed", "https://daily.example/rss.xml"]),
        ("https://daily.example/blog", ["https://daily.example/blog/feed", "https://daily.example/blog/rss.xml"]),
        ("https://daily.example/blog/a.html?x=1#y", ["https://daily.example/blog/feed"]),
        ("file:///etc", []),
        ("https://[", []),
    ],
)
def test_where_nothing_is_announced_the_usual_places_are_known(url: str, first: list[str]) -> None:
    places = well_known(url)
    assert list(places[: len(first)]) == first
    assert len(set(places)) == len(places) <= MOST
    if first:
        assert {"https://daily.example/feed.json", "https://daily.example/feeds/posts/default"} <= set(places)
