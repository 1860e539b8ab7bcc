"""A feed that brings nothing but its own trouble brings no news."""

from __future__ import annotations

import pytest

from watcher.model import Block, Entry, Hash64
from watcher.parse.failed import failed_feed


def entry(title: str, text: str = "") -> Entry:
    return Entry(hash=Hash64(1), title=title, blocks=(Block(text=text),) if text else ())


@pytest.mark.parametrize(
    "title",
    [
        "Bridge returned error 500! (20414)",
        "Bridge returned error 0! (19876)",
        "RSS reader not yet whitelisted!",
        "Error fetching feed",
        "Error while fetching the feed: timed out",
        "Error: failed to fetch the RSS feed",
        "An error occurred while generating this feed",
        "Unable to retrieve feed",
        "Couldn’t load the source feed.",
        "Could not parse upstream feed (HTTP 502)",
        "Feed temporarily unavailable",
        "This feed is temporarily unavailable",
        "This feed is no longer available",
        "Your feed has expired, please renew it",
        "The requested feed could not be found",
        "This feed has moved to https://new.example/feed",
        "Feed not found",
        "Invalid feed",
        "Feed error",
        "502 Bad Gateway",
        "HTTP Error 503: Service Unavailable",
        "429 – Too Many Requests",
        "Internal Server Error (500)",
    ],
)
def test_a_feed_whose_only_entry_tells_its_own_trouble_has_failed(title: str) -> None:
    assert failed_feed("News", [entry(title, "Please try again later.")]) == (
        f"the feed's only entry says that it failed: “{title}”"
    )
    assert failed_feed("News", [entry(title)] * 2) is not None
    assert failed_feed("News", [entry(title)] * 3) is None
    assert failed_feed("News", [entry(title), entry("Bridge closed")]) is None


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Bridge closed after an error",
        "Feeding the hungry fails",
        "Cattle feed prices are up",
        "Cattle feed found in river",
        "Error 500 haunts the stock exchange",
        "Internal Server Error",
        "Service unavailable",
        "Elevated error rates",
        "Feed the birds",
        "Live feed from Mars lost",
        "404",
        "Invalid passports found",
        "Power could not be restored",
        "Error in forecasting floods",
    ],
)
def test_news_of_other_people_s_trouble_is_news(title: str) -> None:
    assert failed_feed(title, [entry(title, "It did.")]) is None
    assert failed_feed(title, []) is None


def test_what_has_an_article_s_text_is_an_article() -> None:
    question = entry("Error fetching feed", "I read the feed of our town hall every hour with a small program. " * 6)
    assert failed_feed("Questions", [question]) is None
    told_at_length = entry("Bridge returned error 500! (20414)", "in line 12 of the bridge " * 60)
    assert failed_feed("Town hall", [told_at_length]) is not None


def test_an_empty_feed_has_failed_where_its_title_says_so() -> None:
    assert failed_feed("Town hall", []) is None
    assert failed_feed("Feed not found", []) == (
        "the feed has no entries, and its title says that it failed: “Feed not found”"
    )
    assert failed_feed("404 Not Found", []) is None


def test_what_a_server_wrote_is_one_line_of_bounded_length() -> None:
    said = failed_feed("", [entry("Bridge returned error\n \x1b[31m" + "x" * 100_000)])
    assert said is not None
    assert said.isprintable()
    assert len(said) < 200
