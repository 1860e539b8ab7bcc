"""Whose site it is: one request at a time goes to each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.schedule import lane, registrable


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://example.org/feed", "example.org"),
        ("https://www.Example.ORG./feed", "example.org"),
        ("http://feeds.news.example.org:8080/", "example.org"),
        ("https://feeds.bbci.co.uk/news", "bbci.co.uk"),
        ("https://news.example.com.au/", "example.com.au"),
        ("https://www.city.kawasaki.jp/", "city.kawasaki.jp"),
        ("https://a.example.nosuchtopleveldomain/", "example.nosuchtopleveldomain"),
    ],
)
def test_a_site_is_the_domain_that_somebody_registered(url: str, site: str) -> None:
    assert lane(url) == site


def test_each_blog_of_a_blog_host_is_a_site_of_its_own() -> None:
    assert lane("https://one.github.io/feed") == "one.github.io"
    assert lane("https://a.two.github.io/feed") == lane("https://b.two.github.io/feed") == "two.github.io"
    assert lane("https://github.io/") == "github.io"
    assert lane("https://co.uk/") == "co.uk"


def test_both_ways_to_write_a_name_are_one() -> None:
    assert lane("https://www.bücher.example/") == lane("https://xn--bcher-kva.example/") == "xn--bcher-kva.example"
    assert lane("https://www.пример.рф/") == "xn--e1afmkfd.xn--p1ai"


def test_addresses_and_single_labels_count_by_port() -> None:
    assert lane("http://127.0.0.1/") == "127.0.0.1:80"
    assert lane("https://127.0.0.1/") == "127.0.0.1:443"
    assert lane("http://[2001:DB8::1]:8080/") == "2001:db8::1:8080"
    assert lane("http://intranet:8000/") == lane("http://INTRANET.:8000/x") == "intranet:8000"


def test_a_folder_is_a_lane_of_its_own() -> None:
    assert lane("file:///srv/seeds") == "file:///srv/seeds"


names = st.lists(st.text(st.sampled_from("abxyz0-äß点"), min_size=1, max_size=12), min_size=2, max_size=5).map(".".join)


@settings(deadline=None)
@given(names, st.integers(1, 65_535))
def test_a_site_is_the_end_of_a_name_and_its_own_site(host: str, port: int) -> None:
    site = registrable(host, port)
    name = site.removesuffix(f":{port}")  # 0.0.0.0 is an address
    assert registrable(name, port) == site
    assert site == registrable(f"{host}.", port)
    assert not host.isascii() or host.endswith(name)


@settings(deadline=None)
@given(st.text(max_size=80), st.integers(1, 65_535))
def test_what_is_no_name_has_a_lane_too(host: str, port: int) -> None:
    assert registrable(host, port) == registrable(host, port)
