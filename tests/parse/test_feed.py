from __future__ import annotations

from calendar import day_name
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feedgen import FLAVOURS, Generated, generate
from tests.parse.truth import feedparse
from watcher.errors import ParseError
from watcher.model import BlockKind, Entry, File, Hash64, Parsed, Response
from watcher.parse import parse
from watcher.parse.convert import document as convert
from watcher.parse.feed import divided, read_new
from watcher.parse.limits import MAX_ENTRIES
from watcher.parse.split import split

URL = "https://news.example/world/feed.xml"
NOTHING: frozenset[Hash64] = frozenset()
FORMATS = {
    "rss20": "rss20",
    "rss20-plain": "rss20",
    "rss092": "rss092",
    "rss10": "rss10",
    "rss090": "rss090",
    "atom10": "atom10",
    "atom10-prefixed": "atom10",
    "atom03": "atom03",
}


def response(body: str | bytes, content_type: str | None = "application/xml", url: str = URL) -> Response:
    data = body if isinstance(body, bytes) else body.encode()
    return Response(url=url, headers={"content-type": content_type} if content_type else {}, body=data)


def rss(inner: str, channel: str = "<title>t</title>") -> Response:
    modules = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    itunes = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    sy = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    return response(f'<rss version="2.0" {modules} {itunes} {sy}><channel>{channel}{inner}</channel></rss>')


def atom(inner: str) -> Response:
    return response(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{inner}</feed>')


def of(made: Generated) -> Response:
    return Response(url=made.url, headers=made.headers, body=made.body)


# --- the truth of generated feeds -----------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), flavour=st.sampled_from(FLAVOURS))
def test_a_tame_feed_is_read_as_it_was_meant(seed: int, flavour: str) -> None:
    made = generate(seed, flavour=flavour, wild=False)
    parsed = parse(of(made), NOTHING)
    assert (parsed.format, parsed.title, parsed.warning) == (FORMATS[flavour], made.title, None)
    assert [entry.title for entry in parsed.entries] == [fact.title for fact in made.facts]
    assert [entry.link for entry in parsed.entries] == [fact.link for fact in made.facts]
    assert [entry.guid or "" for entry in parsed.entries] == [fact.guid for fact in made.facts]
    for entry, fact in zip(parsed.entries, made.facts, strict=True):
        assert fact.published in {entry.published, entry.updated}
        assert fact.token in " ".join(block.text for block in entry.blocks).split()
        assert not any(mark in block.text for block in entry.blocks for mark in ("<", "&amp;", "&#"))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), data=st.data())
def test_only_what_is_not_known_comes_back_and_all_hashes_do(seed: int, data: st.DataObject) -> None:
    first = parse(of(generate(seed, entries=8, wild=False)), NOTHING)
    known = data.draw(st.frozensets(st.sampled_from(first.hashes)))
    then = parse(of(generate(seed, entries=8, wild=False)), known)
    assert then.hashes == first.hashes
    assert then.entries == tuple(entry for entry in first.entries if entry.hash not in known)
    assert then.cut == bool(known)


def test_entries_of_equal_bytes_are_one() -> None:
    parsed = parse(rss("<item><title>a</title></item>" * 3), NOTHING)
    assert len(parsed.entries) == len(parsed.hashes) == 1


def test_a_document_that_is_not_well_formed_is_read_with_a_warning() -> None:
    broken = response("<rss><channel><item><title>R&D</title></item>\n<item></channel></rss>")
    parsed = parse(broken, NOTHING)
    assert [entry.title for entry in parsed.entries] == ["R&D;", ""]
    assert parsed.warning
    assert parsed.warning.startswith("not well-formed (line 1, column 31: ")
    assert parse(broken, frozenset(parsed.hashes)).entries == ()


def test_at_most_five_thousand_entries_are_read_the_first_and_it_is_said() -> None:
    items = "".join(f"<item><title>{number}</title></item>" for number in range(MAX_ENTRIES + 3))
    parsed = parse(rss(items), NOTHING)
    assert len(parsed.entries) == len(parsed.hashes) == MAX_ENTRIES
    assert (parsed.entries[0].title, parsed.entries[-1].title) == ("0", "4999")
    assert parsed.warning == "5,003 entries, only the first 5,000 read"


# --- what an entry says ---------------------------------------------------------------------------


def only(parsed: Parsed) -> Entry:
    (entry,) = parsed.entries
    return entry


def test_titles_become_plain_text_whatever_way_they_are_escaped() -> None:
    titles = (
        "<title>AT&amp;amp;T &amp;#8217;s &amp;lt;b&amp;gt;</title>",
        "<title><![CDATA[AT&amp;T &#8217;s &lt;b&gt;]]></title>",
    )
    assert {only(parse(rss(f"<item>{title}</item>"), NOTHING)).title for title in titles} == {"AT&T ’s <b>"}
    plain = '<entry><title type="text">1 &lt; 2 &amp;amp; 3</title></entry>'
    assert only(parse(atom(plain), NOTHING)).title == "1 < 2 &amp; 3"


def test_content_goes_before_summary_and_both_are_kept() -> None:
    short = "<description>In &lt;b&gt;short&lt;/b&gt;</description>"
    long = "<content:encoded>&lt;h2&gt;Long&lt;/h2&gt;&lt;p&gt;a&lt;p&gt;b</content:encoded>"
    for item in (short + long, long + short):
        entry = only(parse(rss(f"<item>{item}</item>"), NOTHING))
        assert entry.summary == "In short"
        assert [(block.text, block.kind) for block in entry.blocks] == [
            ("Long", BlockKind.HEADING),
            ("a", BlockKind.PARAGRAPH),
            ("b", BlockKind.PARAGRAPH),
        ]


def test_content_alone_makes_no_summary() -> None:
    entry = only(parse(rss("<item><content:encoded>all of it</content:encoded></item>"), NOTHING))
    assert (entry.summary, [block.text for block in entry.blocks]) == ("", ["all of it"])


def test_a_podcasts_shorter_second_summary_does_not_hide_the_first() -> None:
    item = "<description>&lt;p&gt;The long story&lt;/p&gt;</description><itunes:summary>short</itunes:summary>"
    entry = only(parse(rss(f"<item>{item}</item>"), NOTHING))
    assert [block.text for block in entry.blocks] == ["The long story"]


def test_plain_content_is_read_by_paragraphs() -> None:
    entry = only(parse(atom('<entry><content type="text">1 &lt; 2\n\nsecond</content></entry>'), NOTHING))
    assert [block.text for block in entry.blocks] == ["1 < 2", "second"]


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("<link>/a?b=1&amp;c=2</link>", "https://news.example/a?b=1&c=2"),
        ("<link>story</link>", "https://news.example/world/story"),
        ("<link>//other.example/x</link>", "https://other.example/x"),
        ('<guid isPermaLink="true">https://news.example/g</guid>', "https://news.example/g"),
        ('<guid isPermaLink="false">https://news.example/g</guid>', None),
        ('<enclosure url="https://news.example/a.mp3" type="audio/mpeg" length="1"/>', "https://news.example/a.mp3"),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>file:///etc/passwd</link>", None),
        ("<link>http://[broken/</link>", None),
        ("", None),
    ],
)
def test_links_are_absolute_web_addresses_or_none(link: str, wanted: str | None) -> None:
    assert only(parse(rss(f"<item><title>t</title>{link}</item>"), NOTHING)).link == wanted


def test_a_link_is_resolved_against_the_base_in_force() -> None:
    entry = '<entry xml:base="https://blog.example/x/"><link href="y" type="application/json"/></entry>'
    assert only(parse(atom(entry), NOTHING)).link == "https://blog.example/x/y"


def test_authors_and_tags_are_named_once_each() -> None:
    item = "<author>a@b.org (Ann &amp;amp; Bo)</author><dc:creator>Cy</dc:creator><dc:creator>Cy</dc:creator>"
    tags = "<category>Iraq</category><category domain='x'>Iraq</category><dc:subject>US &amp;amp; UK</dc:subject>"
    entry = only(parse(rss(f"<item>{item}{tags}</item>"), NOTHING))
    assert entry.authors == ("Ann & Bo", "Cy")
    assert entry.tags == ("Iraq", "US & UK")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("jane@daily.example (Jane Doe)", "Jane Doe"),
        ("Jane Doe <jane@daily.museum>", "Jane Doe"),
        ("Jane Doe (jane@daily.co.example)", "Jane Doe"),
        ("mailto:jane@daily.example", "jane@daily.example"),
        ("jane@daily.example", "jane@daily.example"),
        ("jane@daily.org (Jane Doe)", "Jane Doe"),
        ("jane@daily.org", "jane@daily.org"),
        ("Jane Doe (@jane)", "Jane Doe (@jane)"),
    ],
)
def test_an_author_has_a_name_without_the_address_whatever_its_domain(said: str, name: str) -> None:
    assert only(parse(rss(f"<item><author>{escape(said)}</author></item>"), NOTHING)).authors == (name,)


def test_an_atom_entry_without_author_has_the_feeds_and_an_rss_item_has_not() -> None:
    inner = "<author><name>Desk</name></author><entry><title>x</title></entry>"
    assert only(parse(atom(inner), NOTHING)).authors == ("Desk",)
    channel = "<title>t</title><managingEditor>desk@b.example</managingEditor>"
    assert only(parse(rss("<item><title>x</title></item>", channel), NOTHING)).authors == ()


@pytest.mark.parametrize(
    ("date", "wanted"),
    [
        ("Sun, 01 Mar 2026 06:00:00 +0200", datetime(2026, 3, 1, 4, tzinfo=UTC)),
        ("2026-03-01T06:00:00-05:00", datetime(2026, 3, 1, 11, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("Thu, 01 Jan 9999 00:00:00 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_are_aware_utc_or_none(date: str, wanted: datetime | None) -> None:
    assert only(parse(rss(f"<item><title>x</title><pubDate>{date}</pubDate></item>"), NOTHING)).published == wanted


def test_language_is_the_entrys_else_the_feeds() -> None:
    channel = "<title>t</title><language>en-gb</language>"
    items = "<item><title>a</title></item><item><title>b</title><dc:language>ar</dc:language></item>"
    parsed = parse(rss(items, channel), NOTHING)
    assert (parsed.lang, [entry.lang for entry in parsed.entries]) == ("en-gb", ["en-gb", "ar"])


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<ttl>60</ttl>", 3600.0),
        ("<ttl> 5 </ttl>", 300.0),
        ("<ttl>0</ttl>", None),
        ("<ttl>-3</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>999999999</ttl>", 604800.0),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600.0),
        ("<ttl>1</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 21600.0),
        ("<ttl>600</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 36000.0),
        ("", None),
    ],
)
def test_the_interval_a_feed_asks_for_is_in_seconds(channel: str, seconds: float | None) -> None:
    assert parse(rss("", f"<title>t</title>{channel}"), NOTHING).ttl == seconds


SKIPS = [
    ("<skipHours><hour>24</hour><hour>1</hour><hour> 07 </hour></skipHours>", (0, 1, 7), ()),
    ("<skipHours><hour>25</hour><hour>-3</hour><hour>1.5</hour><hour>x</hour><hour/></skipHours>", (), ()),
    ("<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(24)) + "</skipHours>", (), ()),
    ("<skipHours>3,4 5</skipHours>", (3, 4, 5), ()),
    ("<skipDays><day>Sunday</day><day>saturday</day><day>Someday</day></skipDays>", (), (5, 6)),
    ("<skipDays>" + "".join(f"<day>{day}</day>" for day in day_name), (), ()),
    ("<skipHours><!-- <hour>1</hour> --><hour><![CDATA[2]]></hour></skipHours>", (2,), ()),
    ("<item><skipHours><hour>1</hour></skipHours></item>", (), ()),
    ("<x:skipHours xmlns:x='urn:x'><hour>1</hour></x:skipHours>", (), ()),
]


@pytest.mark.parametrize(("channel", "hours", "days"), SKIPS)
@pytest.mark.parametrize("after", ["", "<item><title>a</title></item>", "<item><title>a <b>bold</b></title></item>"])
def test_hours_and_days_in_which_a_feed_wants_no_polls_are_kept_however_it_is_read(
    channel: str, hours: tuple[int, ...], days: tuple[int, ...], after: str
) -> None:
    for inner, head in ((after, channel), (after + channel, "<title>t</title>")):
        document = rss(inner, head)
        first = parse(document, NOTHING)
        then = parse(document, frozenset(first.hashes))
        assert (first.skip_hours, first.skip_days) == (then.skip_hours, then.skip_days) == (hours, days)
        assert then.entries == ()


def test_skipped_hours_of_an_old_feed_with_a_doctype_are_kept() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://x.example/rss-0.91.dtd">'
    body = f'<?xml version="1.0"?>{doctype}<rss version="0.91"><channel>{SKIPS[0][0]}<item><title>a</title></item>'
    assert parse(response(body + "</channel></rss>"), NOTHING).skip_hours == (0, 1, 7)


# --- a feed of nothing but its own trouble ---------------------------------------------------------

TROUBLE = "<item><title>Bridge returned error 503! (20517)</title><description>x</description></item>"


def test_a_feed_whose_only_entry_is_its_trouble_is_an_error_known_or_not() -> None:
    hashes = tuple(entry.hash for entry in split(rss(TROUBLE).body).entries)
    for known in (NOTHING, frozenset(hashes)):
        with pytest.raises(ParseError, match="Bridge returned error 503!") as caught:
            parse(rss(TROUBLE), known)
        assert caught.value.kind == "error-item"


def test_trouble_beside_known_news_is_news() -> None:
    news = "".join(f"<item><title>The council votes on bridge {number}</title></item>" for number in range(2))
    for count in (1, 2):
        others = news[: len(news) // 2 * count]
        known = frozenset(parse(rss(others), NOTHING).hashes)
        assert [entry.title for entry in parse(rss(TROUBLE + others), known).entries] == [
            "Bridge returned error 503! (20517)"
        ]


# --- authors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", ["a", "a b ", "(", "a@", "@a.", "a@b.c "])
def test_a_long_author_does_not_make_a_feed_unreadable(letter: str) -> None:
    name = (letter * 10**6)[: 10**6]
    parsed = parse(rss(f"<item><title>t</title><author>{name}</author></item>"), NOTHING)
    assert only(parsed).authors == (" ".join(name.split()),)


@given(said=st.text('aA1@.-_+()<[]? "&;', max_size=60) | st.text(max_size=40))
def test_authors_are_found_as_feedparser_finds_them(said: str) -> None:
    printable = "".join(character for character in said if character.isprintable())
    document = rss(f"<item><author>{escape(printable)}</author></item>")
    wanted = feedparse(document)["entries"]
    body, parts = divided(convert(document))
    read = read_new(body, parts, NOTHING)
    assert read
    assert repr([entry for _, entry in read.entries]) == repr(wanted)


# --- encodings ------------------------------------------------------------------------------------

TITLE = "Łódź “Żółw” – 東京"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/xml", None])
def test_unicode_in_any_width_is_read(encoding: str, content_type: str | None) -> None:
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><item><title>{TITLE}</title>'
    body = f"{text}</item></channel></rss>".encode(encoding)
    assert only(parse(response(body, content_type), NOTHING)).title == TITLE


def test_without_a_type_or_declaration_xml_is_utf_8() -> None:
    body = f"<rss version='2.0'><channel><item><title>{TITLE} &#8217;</title></item></channel></rss>"
    assert only(parse(response(body, None), NOTHING)).title == f"{TITLE} ’"


def test_a_wrong_declaration_is_told() -> None:
    body = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>caf\xe9</title></channel></rss>"
    parsed = parse(response(body.encode("latin-1")), NOTHING)
    assert parsed.title == "café"
    assert parsed.warning == "document declared as utf-8, but parsed as windows-1252"


# --- what is no feed ------------------------------------------------------------------------------

PAGE = (
    "<!DOCTYPE html><html><head><title>News</title>"
    '<link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body><p>Hello</html>'
)


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"", "empty", "the body is empty"),
        (b" \n\t ", "empty", "the body is empty"),
        (b"<?xml version='1.0'?>\n<!-- nothing -->", "empty", "the body is empty"),
        (
            PAGE,
            "not-a-feed",
            "the page is HTML, not an RSS or Atom feed; its feed may be at https://news.example/rss.xml",
        ),
        (PAGE.replace("/rss.xml", "//["), "not-a-feed", "the page is HTML, not an RSS or Atom feed"),
        (PAGE.replace("/rss.xml", "/\x1b[31m"), "not-a-feed", "the page is HTML, not an RSS or Atom feed"),
        ("\n<HTML><body>", "not-a-feed", "the page is HTML, not an RSS or Atom feed"),
        ("<!doctype html>\n<p>hi", "not-a-feed", "the page is HTML, not an RSS or Atom feed"),
        (
            '{"version": "x"}',
            "not-a-feed",
            "the document is JSON, but no JSON Feed: it is an object with: version; a recipe (`items:`) can read it",
        ),
        ("Good morning.", "not-a-feed", "the document is plain text, not an RSS or Atom feed"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR<a>", "not-a-feed", "the document is binary, not an RSS or Atom feed"),
        (
            "<list><url/></list>",
            "not-a-feed",
            "the document's root element is <list>, not an RSS or Atom feed",
        ),
        (
            "<rss><channel><item><title>half</title>",
            "truncated",
            "the feed ends in the middle (line 1, column 40: no element found); nothing of it is used",
        ),
    ],
)
def test_what_is_no_feed_is_refused_in_one_clear_line(body: str | bytes, kind: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(response(body), NOTHING)
    assert (caught.value.kind, str(caught.value)) == (kind, message)


def test_a_mistake_within_feedparser_is_one_line_too() -> None:
    body = '<rss version="2.0"><channel><item><p:chapters xmlns:p="http://podlove.org/simple-chapters"><p:chapter/>'
    with pytest.raises(ParseError, match=r"^feedparser cannot read the document \(TypeError: .*\)$") as caught:
        parse(response(f"{body}</p:chapters></item></channel></rss>"), NOTHING)
    assert caught.value.kind == "unreadable"


def test_an_empty_feed_is_a_feed() -> None:
    parsed = parse(rss(""), NOTHING)
    assert (parsed.format, parsed.title, parsed.entries) == ("rss20", "t", ())


# --- folders --------------------------------------------------------------------------------------


def file(name: str, body: bytes) -> File:
    return File(
        name=name,
        url=f"file:///feeds/{name}",
        body=body,
        modified=datetime(2026, 3, 1, tzinfo=UTC),
        hash=Hash64(hash(name) % 2**62),
    )


def folder(*files: File, warning: str | None = None) -> Response:
    return Response(url="file:///feeds/", files=files, headers={"warning": warning} if warning else {})


def test_a_folder_has_an_entry_for_each_new_file() -> None:
    old, new, page = file("a.txt", b"one"), file("b.txt", b"two"), file("c.html", b"<h1>three</h1>")
    parsed = parse(folder(old, new, page), frozenset((old.hash,)))
    assert (parsed.format, parsed.cut, parsed.warning) == ("folder", True, None)
    assert parsed.hashes == (old.hash, new.hash, page.hash)
    assert [(entry.hash, entry.guid) for entry in parsed.entries] == [(new.hash, "b.txt"), (page.hash, "c.html")]


def test_bad_files_are_named_and_not_marked_seen() -> None:
    bad = [file(f"{number}.txt", b"\x7fELF\0\0") for number in range(4)]
    parsed = parse(folder(file("empty.txt", b" \n"), *bad, file("good.txt", b"good"), warning="x left out"), NOTHING)
    assert [entry.guid for entry in parsed.entries] == ["good.txt"]
    assert len(parsed.hashes) == 1
    assert parsed.warning == (
        "x left out; empty.txt is empty; 0.txt is binary, not text; 1.txt is binary, not text; and 2 more files"
    )


def test_the_seeds_are_five_entries() -> None:
    seeds = [file(path.name, path.read_bytes()) for path in sorted(Path("seeds").glob("*.txt"))]
    parsed = parse(folder(*seeds), NOTHING)
    assert len(parsed.entries) == 5
    assert all(entry.blocks for entry in parsed.entries)
