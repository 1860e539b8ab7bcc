"""What an OPML file subscribes to, and what such a file is never believed."""

from __future__ import annotations

from contextlib import suppress
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watcher import yamldoc
from watcher.errors import ParseError
from watcher.guard import allowed_networks
from watcher.model import Feed
from watcher.opml import MAX_BYTES, MAX_DEPTH, MAX_URL, Subscriptions, read, written
from watcher.sources import FeedEntry, default_id, feeds


def opml(body: str) -> bytes:
    head = "<?xml version='1.0' encoding='utf-8'?><opml version='2.0'><head><title>Mine</title></head>"
    return f"{head}<body>{body}</body></opml>".encode()


def outline(url: str, title: str = "", *, name: str = "xmlUrl") -> str:
    return f"<outline type='rss' text={quoteattr(title)} {name}={quoteattr(url)}/>"


def taken(body: str) -> list[tuple[str | None, str, tuple[str, ...]]]:
    return [(entry.id, entry.url, entry.tags) for entry in read(opml(body)).entries]


def refused(body: str) -> list[str]:
    return [one.why for one in read(opml(body)).left_out]


def test_a_feed_is_called_by_its_title_and_tagged_by_its_folders() -> None:
    nested = f"<outline text='World News'><outline title='Europe'>{outline('https://a.example/f', 'The Daily!')}"
    assert taken(f"{nested}</outline></outline>{outline('https://b.example/f', 'B')}") == [
        ("the-daily", "https://a.example/f", ("world-news", "europe")),
        ("b", "https://b.example/f", ()),
    ]


def test_letters_of_every_script_stay_in_ids_and_tags() -> None:
    body = f"<outline text='Türkiye, haber: yeni'>{outline('https://a.example/f', 'हिन्दी समाचार')}</outline>"
    assert taken(body) == [("हिन्दी-समाचार", "https://a.example/f", ("türkiye-haber-yeni",))]


def test_feeds_with_one_title_are_called_by_their_addresses_in_whatever_order_they_come() -> None:
    two = [outline("https://a.example/f", "News"), outline("https://b.example/f", "NEWS")]
    assert {id_ for id_, _, _ in taken("".join(two))} == {None}
    assert {id_ for id_, _, _ in taken("".join([*reversed(two), outline("https://c.example/f", "c.example")]))} == {
        None,
        "c-example",
    }


def test_no_title_takes_the_name_that_another_feed_has_by_its_address() -> None:
    body = outline("https://a.example/f", "Intranet") + outline("https://intranet/", "")
    assert taken(body) == [(None, "https://a.example/f", ()), (None, "https://intranet/", ())]


def test_what_is_listed_again_is_one_feed_with_the_tags_of_both() -> None:
    body = "".join(
        f"<outline text='{folder}'>{outline(url, 'A')}</outline>"
        for folder, url in (("x", "https://a.example/f"), ("y", "http://www.a.example/f/"))
    )
    found = read(opml(body))
    assert [(entry.id, entry.url, entry.tags) for entry in found.entries] == [("a", "https://a.example/f", ("x", "y"))]
    assert (found.repeated, found.left_out) == (1, ())


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("feed://a.example/f", "https://a.example/f"),
        ("feed:https://a.example/f", "https://a.example/f"),
        ("feed:http://a.example/f", "http://a.example/f"),
        (" https://a.example/a b\n", "https://a.example/a%20b"),
    ],
)
def test_addresses_are_mended_where_their_meaning_is_clear(url: str, becomes: str) -> None:
    assert taken(outline(url, "A")) == [("a", becomes, ())]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "it has no address"),
        ("file:///etc/passwd", "`file:` is not fetched, only http: and https:"),
        ("FILE:/etc", "`file:` is not fetched, only http: and https:"),
        ("feed:file:///etc", "`feed:` is not fetched, only http: and https:"),
        ("/etc/passwd", "its address does not begin with https:// or http://"),
        ("../seeds", "its address does not begin with https:// or http://"),
        ("javascript:alert(1)", "`javascript:` is not fetched, only http: and https:"),
        ("https:///a", "the URL names no host"),
        ("http://127.0.0.1/f", "127.0.0.1 is not a public address (loopback, RFC 1122); allow_private can allow it"),
        ("http://localhost./f", "127.0.0.1 is not a public address (loopback, RFC 1122); allow_private can allow it"),
        ("http://[::ffff:10.0.0.1]/f", "::ffff:10.0.0.1 carries 10.0.0.1, which is not a public address"),
        ("http://169.254.169.254/", "169.254.169.254 is not a public address (link local, RFC 3927)"),
        ("https://a.example:25/", "port 25 belongs to another service than HTTP"),
        ("https://a.example:x/", "Port could not be cast to integer value as 'x'"),
        ("https://[::1/", "Invalid IPv6 URL"),
        ("https://a.example/${env:HOME}", "a reference to a secret may stand in a channel's URL only"),
        ("https://a.example/\u202e", "no blanks around it, no line breaks in it"),
        (f"https://a.example/{'x' * MAX_URL}", f"its address is longer than {MAX_URL:,} characters"),
    ],
)  # fmt: skip
def test_what_is_no_web_address_of_a_feed_is_left_out_with_a_word(url: str, why: str) -> None:
    (said,) = refused(outline(url, "A"))
    assert said.startswith(why)
    assert taken(outline(url, "A")) == []


def test_what_is_left_out_is_named_by_its_line_and_title_in_one_line() -> None:
    found = read(opml("\n\n" + outline("x", "Two\u2028lines\x85and \u202e more")))
    assert [(one.line, one.title) for one in found.left_out] == [(3, "Two lines and more")]


def test_what_is_no_outline_of_a_feed_is_nothing() -> None:
    assert read(opml("<outline text='Empty folder'/><outline text='A note'>x</outline>")) == Subscriptions(
        entries=(), left_out=(), repeated=0
    )
    assert refused("<outline type='include' text='More' url='https://a.example/more.opml'/>") == ["it has no address"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "it is no OPML: no element found in line 1"),
        (b"<opml><body>\n<outline text='a & b'/></body></opml>", "not well-formed (invalid token) in line 2"),
        (opml("")[:-3], "unclosed token"),
        (b"\xef\xbb\xbf<opml>\xff</opml>", "invalid token"),
        (b"\x89PNG\r\n\x1a\n", "invalid token"),
        (b"<rss version='2.0'/>", "it is no OPML: it begins with <rss>"),
        (b"<!DOCTYPE html><html/>", "it is a web page, and no OPML: export the feeds again"),
        (b"<?xml version='1.0' encoding='gbk'?><opml/>", "encoding is not known here (multi-byte"),
        (b"<?xml version='1.0' encoding='martian'?><opml/>", "encoding is not known here (unknown encoding: martian)"),
        (b"<?xml version='1.0' encoding='rot13'?><opml/>", "encoding is not known here"),
        (opml("<outline>" * MAX_DEPTH), f"more than {MAX_DEPTH} levels inside each other"),
        (b" " * (MAX_BYTES + 1), "it is larger than 8 MiB; split it"),
        (b"<opml>" * 1_000_000, "levels inside each other"),
    ],
)  # fmt: skip
def test_what_is_no_opml_is_refused_in_one_line(source: bytes, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(source)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "declared",
    [
        "<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>",
        "<!ENTITY c SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY % c SYSTEM 'http://127.0.0.1/x'> %c;",
    ],
)
def test_entities_are_refused_before_anything_is_made_of_them(declared: str) -> None:
    source = f"<?xml version='1.0'?><!DOCTYPE opml [{declared}]><opml><body><outline text='&c;'/></body></opml>"
    with pytest.raises(ParseError, match="it has a DOCTYPE, which no OPML needs"):
        read(source.encode())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251", "iso-8859-5"])
def test_encodings_that_are_declared_are_read(encoding: str) -> None:
    said = "utf-8" if encoding == "utf-8-sig" else encoding
    source = f"<?xml version='1.0' encoding='{said}'?><opml>{outline('https://a.example/f', 'Вести')}</opml>"
    assert [entry.id for entry in read(b"" + source.encode(encoding)).entries] == ["вести"]


def test_blank_lines_before_the_declaration_and_other_cases_of_names_are_taken() -> None:
    source = b"\n\n" + opml(outline("https://a.example/f", "A", name="XMLURL")).replace(b"opml", b"OPML")
    assert [entry.id for entry in read(source).entries] == ["a"]


def test_ten_thousand_feeds_in_folders_are_ten_thousand_entries() -> None:
    body = "".join(
        f"<outline text='Folder {n % 20}'>{outline(f'https://a{n}.example/feed.xml', f'Feed {n}')}</outline>"
        for n in range(10_000)
    )
    found = read(opml(body))
    assert len(found.entries) == 10_000
    assert found.entries[-1].id == "feed-9999"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30)
URLS = st.one_of(TEXTS, TEXTS.map(lambda text: f"https://a.example/{text}"), st.sampled_from(["https://a.example/f"]))


@given(st.lists(st.tuples(TEXTS, URLS, TEXTS), max_size=6))
def test_whatever_titles_and_folders_say_the_entries_stand_together_in_a_configuration(
    rows: list[tuple[str, str, str]],
) -> None:
    body = "".join(f"<outline text={quoteattr(folder)}>{outline(url, title)}</outline>" for title, url, folder in rows)
    found = read(opml(body))
    assert len(found.entries) + len(found.left_out) + found.repeated == len(rows)
    assert len({default_id(entry.url) for entry in found.entries}) == len(found.entries)
    made, problems = feeds(found.entries, "/srv")
    assert problems == ()
    assert all(feed.url.startswith(("http://", "https://")) for feed in made)
    for entry in found.entries:
        written = {key: value for key, value in entry.model_dump().items() if key in {"id", "url", "tags"} and value}
        node, findings = yamldoc.load(f"- {yamldoc.inline(written)}\n".encode(), "a.yaml")
        assert findings == ()
        assert node is not None
        assert FeedEntry.model_validate(yamldoc.plain(node)[0]) == entry
    assert all(one.why.isprintable() and one.title.isprintable() for one in found.left_out)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(source: bytes) -> None:
    for whole in (source, b"<opml>" + source):
        with suppress(ParseError):
            read(whole)


# --- what is written ---------------------------------------------------------------------------------

shown = st.characters(codec="utf-8", exclude_categories=("Z", "C"), exclude_characters=",:")
ids = st.text(
    st.characters(codec="utf-8", exclude_categories=("Z", "C"), exclude_characters=","), min_size=1, max_size=30
)
tags = st.text(shown, min_size=1, max_size=20)
paths = st.text("abc/?&=<>\"'é~", max_size=20)


@st.composite
def lists(draw: st.DrawFn) -> tuple[Feed, ...]:
    """Feeds as a configuration has them: each with its own id and address."""
    made = []
    for number, path in enumerate(draw(st.lists(paths, max_size=5))):
        id_ = draw(st.none() | ids.filter(lambda word: not word.startswith("tag:")))
        url = f"{draw(st.sampled_from(['https', 'http']))}://www.site{number}.example/{path}"
        made.append(FeedEntry(url=url, id=id_, tags=tuple(draw(st.lists(tags, max_size=12, unique=True)))))
    return feeds(made, "/")[0]


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(lists())
def test_what_is_written_is_read_as_the_same_feeds(given_feeds: tuple[Feed, ...]) -> None:
    found = read(written(given_feeds))
    assert found.left_out == ()
    made, problems = feeds(found.entries, "/")
    assert problems == ()
    assert sorted(made, key=lambda feed: feed.id) == sorted(given_feeds, key=lambda feed: feed.id)


def test_other_readers_find_folders_and_categories() -> None:
    entries = [
        FeedEntry(url="https://a.example/f?a=1&b=2", tags=("wires", "eu")),
        FeedEntry(url="https://b.example/f", id="b"),
    ]
    text = written(feeds(entries, "/")[0]).decode()
    assert '<outline text="wires">\n      <outline type="rss" text="a.example/f?a=1&amp;b=2"' in text
    assert 'category="wires,eu"' in text
    assert '    <outline type="rss" text="b" xmlUrl="https://b.example/f" watcher:id="b" watcher:tags=""/>' in text


def test_what_somebody_has_edited_in_it_is_read_as_from_any_other_reader() -> None:
    text = written(feeds([FeedEntry(url="https://a.example/f", id="a", tags=("x",))], "/")[0])
    assert read(text.replace(b'id="a"', b'id="A B"')).entries[0] == FeedEntry(
        url="https://a.example/f", id="a", tags=("x",)
    )


def test_a_password_does_not_go_with_a_feed() -> None:
    assert b"secret" not in written(feeds([FeedEntry(url="https://anna:secret@a.example/f")], "/")[0])


def test_an_address_that_is_not_public_is_taken_where_it_is_allowed() -> None:
    source = opml(outline("http://127.0.0.1:8080/f", "Mine"))
    assert read(source).entries == ()
    assert [entry.id for entry in read(source, allowed_networks(["localhost"])).entries] == ["mine"]
