"""What a site puts under every article is no part of any of them: it is learned, and nobody is told of it."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from tests.normalise.test_learning import own
from tests.servers import Server, page
from tests.stories.house import House, until

FOOTER = "The archive of the great strike of 1911 is open to everybody on Sundays."
APPEAL = "Forty reporters in nine towns write the Courier, and two thousand readers pay them for it."
RELATED = ("The strike in pictures", "Our week in the harbour")
PAGES = [*range(12)]


def article(number: int, *more: str) -> str:
    """With an appeal in its middle, and lines and a footer below it."""
    first, *rest = own(number, 6)
    texts = [first, *rest[:2], APPEAL, *rest[2:], *more, *RELATED, FOOTER]
    content = "".join(f"<p>{text}</p>" for text in texts)
    link = f"<link>http://courier.example/{number}</link>"
    return (
        f"<item><guid isPermaLink='false'>{number}</guid><title>Case number {number}</title>{link}"
        f"<description>{escape(content)}</description></item>"
    )


def feed(*articles: str) -> bytes:
    channel = f"<channel><title>The Courier</title>{''.join(articles)}</channel>"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'>{channel}</rss>".encode()


@pytest.fixture
def read(house: House, server: Server) -> House:
    """A house that polled a feed of twelve articles, one that grew from four to twelve, and two articles more."""
    server["/feed"] = page(feed(*map(article, PAGES)))
    server["/young"] = page(feed(*map(article, PAGES[:4])))
    house.settings(
        feeds=[
            {"id": "courier", "url": server.url("/feed"), "baseline": "alert"},
            {"id": "young", "url": server.url("/young")},
        ]
    )
    with house.daemon() as daemon:
        until(lambda: house.knows(16), "both feeds are read")
        server["/young"] = page(feed(*map(article, PAGES)))
        server["/feed"] = page(feed(article(12), *map(article, PAGES)))
        until(lambda: house.knows(25), "what is new is read")
        news = article(13, "The dockers have been on strike since Monday, and talks go on.")
        server["/feed"] = page(feed(news, article(12), *map(article, PAGES)))
        daemon.says("Case number 13")
    return house


def test_an_article_that_matches_in_its_footer_alone_does_not_alert_and_one_that_does_in_its_text_does(
    read: House,
) -> None:
    (alerted,) = [item for row in read.rows("alerts") if row["kind"] == "match" for item in row["items"]]
    assert alerted["title"] == "Case number 13"
    (row,) = read.rows("explain", "--rule", "strikes", alerted["item"])
    left_out = {block["why"]: block["blocks"] for block in row["article"]["left_out"]}
    assert left_out["stands on other pages of the site too"] == 4
    assert [span["field"] for span in row["evidence"]] == ["text"]
    said = read.watcher("explain", "--rule", "strikes", alerted["item"]).stdout
    assert "boilerplate “Forty reporters in nine towns write the Courier, and two…” and 3 others" in said


def test_a_stored_item_is_judged_as_it_was_and_afresh_with_what_is_known_now(read: House) -> None:
    first = next(row for row in read.rows("search", '"the case numbered 1-1"') if row["feed"] == "young")
    (row,) = read.rows("explain", "--rule", "strikes", "--fresh", first["item"])
    assert (row["matched"], row["article"]["learned"]) == (True, 0), "its footer was taken for its text then"
    assert row["fresh"]["matched"] is False
    now = [(block["text"], block["was"], block["now"]) for block in row["fresh"]["blocks"]]
    assert now == [(text, "body", "boilerplate") for text in (APPEAL, *RELATED, FOOTER)]
    said = read.watcher("explain", "--rule", "strikes", "--fresh", first["item"]).stdout
    assert "judged again it would be: no match" in said
    assert "was body, is boilerplate because it stands on other pages of the site too" in said
    assert "[judged again" not in said
    (by_url,) = read.rows("explain", "--rule", "strikes", "--fresh", "http://courier.example/13")
    assert by_url["fresh"]["matched"] is True, "the URL is that of a stored item; nothing is fetched"
    done = read.watcher("explain", "--rule", "strikes", "--fresh", "http://courier.example/2")
    assert "2 stored items have the address http://courier.example/2: " in done.stderr
    (again,) = read.rows("explain", "--rule", "strikes", first["item"])
    assert (again["matched"], again["fresh"]) == (True, None), "nothing of it was stored"
