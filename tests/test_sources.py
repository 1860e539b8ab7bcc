"""What an owner writes of a feed, and the Feed it becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from watcher.model import Baseline, Feed, FeedId
from watcher.sources import FeedEntry, default_id, feed, feeds

BASE = "/srv/watcher/config"


@pytest.mark.parametrize(
    ("url", "feed_id"),
    [
        ("https://www.example.org/news/rss.xml", "example.org/news/rss.xml"),
        ("http://Example.ORG/", "example.org"),
        ("https://example.org/feed/", "example.org/feed"),
        ("https://www.example.org:8080/a?b=c", "example.org:8080/a?b=c"),
        ("https://user:secret@example.org/a", "example.org/a"),
        ("../seeds", "seeds"),
        ("../../news/in/", "news/in"),
        ("./inbox", "inbox"),
        ("/var/news/in box", "var/news/in-box"),
        ("file:///var/news", "var/news"),
    ],
)
def test_a_feed_without_an_id_is_called_by_its_url(url: str, feed_id: str) -> None:
    assert default_id(url) == feed_id


@pytest.mark.parametrize(
    ("url", "absolute"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("../seeds", "file:///srv/watcher/seeds"),
        ("in box", "file:///srv/watcher/config/in%20box"),
        ("/var//news/", "file:///var/news"),
        ("file:///var/news", "file:///var/news"),
        ("caf\u00e9#1", "file:///srv/watcher/config/caf%C3%A9%231"),
    ],
)
def test_paths_are_taken_from_where_the_entry_stands(url: str, absolute: str) -> None:
    assert feed(FeedEntry(url=url), BASE).url == absolute


def test_everything_an_entry_says_is_in_its_feed() -> None:
    entry = FeedEntry.model_validate(
        {"id": "w", "url": "https://a.example", "interval": "5m", "tags": ["x"], "lang": "en-GB"}
        | {"baseline": "alert", "full_text": True}
    )
    assert feed(entry, BASE) == Feed(
        id=FeedId("w"),
        url="https://a.example",
        interval=300.0,
        tags=("x",),
        lang="en-GB",
        baseline=Baseline.ALERT,
        full_text=True,
    )


def test_an_id_that_two_feeds_have_is_a_problem_and_the_first_counts() -> None:
    entries = [FeedEntry(id="a", url="https://a.example"), FeedEntry(id="a", url="https://b.example")]
    made, problems = feeds(entries, BASE)
    assert [f.url for f in made] == ["https://a.example"]
    assert [(p.entry, p.other, p.key) for p in problems] == [(1, 0, "id")]
    assert "`a`" in problems[0].message


def test_a_url_listed_twice_is_a_problem_however_it_is_written() -> None:
    entries = [FeedEntry(id="a", url="../seeds"), FeedEntry(id="b", url="/srv/watcher/seeds/")]
    made, problems = feeds(entries, BASE)
    assert [f.id for f in made] == ["a"]
    assert [(p.entry, p.other, p.key) for p in problems] == [(1, 0, "url")]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"url": "ftp://example.org/a"}, "only http:"),
        ({"url": "localhost:8080/feed"}, "only http:"),
        ({"url": "feed://example.org/a"}, "https:"),
        ({"url": "https:///a"}, "host is missing"),
        ({"url": "https://example.org:port/"}, "ort"),
        ({"url": "https://[1::/"}, "cannot be read"),
        ({"url": "https://ann:pass/word@a.example"}, "in a password write / as %2F"),
        ({"url": "https://example.org/a b"}, "%20"),
        ({"url": "${env:FEED_URL}"}, "`auth:` and `headers:`"),
        ({"url": ""}, "no blanks"),
        ({"url": " ../seeds"}, "no blanks"),
        ({"url": "a\nb"}, "no blanks"),
        ({"url": "x", "id": "two words"}, "short word"),
        ({"url": "x", "id": "tag:x"}, "tag:"),
        ({"url": "x", "id": ""}, "short word"),
        ({"url": "x", "tags": ["a b"]}, "word without"),
        ({"url": "x", "tags": ["tag:a"]}, "word without"),
        ({"url": "x", "lang": "english!"}, "lang"),
        ({"url": "x", "interval": "5 minutes"}, "write 5m"),
        ({"url": "x", "full_text": "some"}, "full_text"),
        ({"url": "x", "whole_text": True}, "whole_text"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_word(entry: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        FeedEntry.model_validate(entry)
    assert words in str(caught.value.errors())


@given(st.text(min_size=1, max_size=40))
def test_any_text_is_a_feed_or_refused(text: str) -> None:
    try:
        entry = FeedEntry(url=text)
    except ValidationError:
        return
    made = feed(entry, BASE)
    assert made.id
    assert made.url.lower().startswith(("http://", "https://", "file:", "http:", "https:"))
    assert not any(char.isspace() for char in made.id)
