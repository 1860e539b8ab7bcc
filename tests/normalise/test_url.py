"""Canonical URLs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.normalise.url import address, canonical

SAME = "https://daily.example/world/bridge"


@pytest.mark.parametrize(
    "url",
    [
        SAME,
        "http://daily.example/world/bridge",
        "HTTPS://WWW.Daily.Example:443/world/bridge/",
        "http://daily.example:80/world/bridge#comments",
        "https://daily.example./world/bridge?",
        "https://user:secret@daily.example/world/bridge",
        " https://daily.example/world/bridge\n",
        "https://daily.example/wor\nld/bridge",
        "https://daily.example/world/bridge%20",
        'https://daily.example/world/bridge"',
        "https://daily.example/world/%62ridge",
        "https://daily.example/world/bridge?utm_source=rss&utm_medium=feed",
        "https://daily.example/world/bridge/?UTM_Campaign=x&fbclid=1&gclid=2#top",
        "https://daily.example/world/bridge?at_medium=RSS&at_campaign=rss&amp;mc_cid=1",
    ],
)
def test_what_does_not_tell_pages_apart_is_taken_out(url: str) -> None:
    assert canonical(url) == SAME


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://daily.example", "https://daily.example"),
        ("https://daily.example/", "https://daily.example"),
        ("https://daily.example/?p=12", "https://daily.example?p=12"),
        ("https://daily.example/a?b=2&a=1&utm_id=3", "https://daily.example/a?b=2&a=1"),
        ("https://daily.example/a?id=1&id=2", "https://daily.example/a?id=1&id=2"),
        ("https://daily.example:8443/a", "https://daily.example:8443/a"),
        ("https://Daily.example/Path?Query=X", "https://daily.example/Path?Query=X"),
        ("https://daily.example/a_(b)", "https://daily.example/a_(b)"),
        ("https://daily.example/caf%c3%a9", "https://daily.example/caf%C3%A9"),
        ("https://daily.example/café", "https://daily.example/caf%C3%A9"),
        ("https://daily.example/a%2Fb", "https://daily.example/a%2Fb"),
        ("https://daily.example/100%", "https://daily.example/100%25"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("https://www.example/", "https://www.example"),
        ("https://[2001:DB8::1]:80/x", "https://[2001:db8::1]/x"),
    ],
)
def test_what_may_tell_pages_apart_is_kept(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "/relative",
        "//daily.example/x",
        "https://",
        "https://[::1",
        "https://daily.example:99999/",
        "https://daily.example/" + "x" * 5000,
    ],
)
def test_what_is_no_address_of_a_page_is_dropped(url: str | None) -> None:
    assert address(url) is None
    assert canonical(url) is None


def test_a_file_keeps_its_address_and_has_no_canonical_one() -> None:
    assert address("file:///feeds/a b.txt") == "file:///feeds/a%20b.txt"
    assert canonical("file:///feeds/a.txt") is None


def test_an_address_is_one_line_without_controls() -> None:
    assert address("https://daily.example/\x1b[31m\u202ea\r\nX: y") == "https://daily.example/[31maX:%20y"


PIECES = st.sampled_from(
    [
        "a=1",
        "fbclid",
        "utm_a=1",
        "%20",
        "%41",
        "%",
        "'",
        "&",
        "&amp;",
        "amp;",
        "=",
        "?",
        "/",
        "#",
        ".",
        "www.",
        "@",
        ":",
        "é",
    ]
)
RAW = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=15))


@settings(max_examples=400)
@given(st.sampled_from(["http://", "https://www.daily.example/", "https://daily.example/?", "HTTP://www.", ""]), RAW)
def test_the_canonical_form_is_its_own_canonical_form(start: str, rest: str) -> None:
    form = canonical(start + rest)
    if form is not None:
        assert canonical(form) == form
        assert form.isascii()
        assert address(form) == form
