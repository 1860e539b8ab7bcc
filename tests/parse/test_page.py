"""HTML becomes blocks, plain text, and whole pages entries."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import Block, BlockKind, Entry, File, Hash64, Section
from watcher.parse import page


def texts(markup: str) -> list[str]:
    return [block.text for block in page.blocks(markup)]


def entry(markup: str) -> Entry:
    modified = datetime(2026, 1, 2, tzinfo=UTC)
    file = File(name="a.html", url="file:///feeds/a.html", body=b"", modified=modified, hash=Hash64(7))
    return page.entry(markup, file)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("", []),
        ("just text", ["just text"]),
        ("<p>one<p>two", ["one", "two"]),
        ("a<div>b</div>c", ["a", "b", "c"]),
        ("<p>one <b>bold</b>ly <i>said</i></p>", ["one boldly said"]),
        ("<p>one\n  two\t three&nbsp;four</p>", ["one two three four"]),
        ("one<br>two<br><br>three<br> <br />four", ["one two", "three", "four"]),
        ("<p>one</p><script>x()</script><style>p{}</style><noscript>n</noscript><p>two</p>", ["one", "two"]),
        ("<template><p>t</p></template><svg><text>s</text></svg><p>one<!-- c --> two</p>", ["one two"]),
        ("<table><tr><th>Town<th>Dead<tr><td>Delvast<td>3</table>", ["Town Dead", "Delvast 3"]),
        ("<nav><a href=/>Home</a></nav><footer>end</footer>", ["Home", "end"]),
        ("<p>&lt;b&gt; &amp;amp; &#8217;x&rsquo;</p>", ["<b> &amp; ’x’"]),
        ("<p>5 < 6 and a > b", ["5 < 6 and a > b"]),
        ("<frameset><frame></frameset>", []),
        ("<p>one<img src=x>two", ["one two"]),
    ],
)
def test_blocks_of_markup(markup: str, expected: list[str]) -> None:
    assert texts(markup) == expected


def test_kinds_come_from_the_nearest_element_that_has_one() -> None:
    blocks = page.blocks(
        "<h2>Head</h2><p>Para</p><ul><li><p>Item</p>tail<h3>Sub</h3></ul><dl><dt>Term<dd>Meaning</dl>"
        "<figure><img><figcaption>Cap</figcaption></figure><pre>a\nb\n\n c</pre>end"
    )
    assert [(block.kind.value, block.text) for block in blocks] == [
        ("heading", "Head"),
        ("paragraph", "Para"),
        ("list-item", "Item"),
        ("list-item", "tail"),
        ("heading", "Sub"),
        ("list-item", "Term"),
        ("list-item", "Meaning"),
        ("caption", "Cap"),
        ("code", "a b"),
        ("code", "c"),
        ("paragraph", "end"),
    ]


@pytest.mark.parametrize(
    ("markup", "share"),
    [
        ("<p>no links", 0.0),
        ("<p><a href=/>all of it</a>", 1.0),
        ("<p>half <a href=/>link</a>", 0.5),
        ("<p><a name=top>an anchor is no link</a>", 0.0),
        ("<a href=/><p>a link round a block</p></a>", 1.0),
    ],
)
def test_the_share_of_link_text_is_measured(markup: str, share: float) -> None:
    assert [block.links for block in page.blocks(markup)] == [pytest.approx(share)]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("Plain  title\n here", "Plain title here"),
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&amp;T"),
        ("<b>Bridge</b> clo<i>ses</i>", "Bridge closes"),
        ("<p>one</p><p>two</p>", "one two"),
        ("one<br>two", "one two"),
        ("a < b", "a < b"),
        ("", ""),
    ],
)
def test_plain_text_of_a_fragment(markup: str, expected: str) -> None:
    assert page.plain(markup) == expected


@pytest.mark.parametrize("tag", ["div", "ul><li", "b", "a href=x", "section class='x>y'", "x-y"])
def test_a_hundred_thousand_levels_of_nesting_are_read_within_the_time_of_a_parse(tag: str) -> None:
    started = time.process_time()
    assert texts(f"<{tag}>" * 100_000 + "deep" + "</div>" * 100_000 + "<p>after")[0].endswith("deep")
    assert time.process_time() - started < 15


@pytest.mark.parametrize("broken", ["<a ", '<a b="', "<", "<!--", "<div ", "</div", "&amp", "<pre>\n", "<br>"])
def test_broken_markup_takes_time_linear_in_its_length(broken: str) -> None:
    started = time.process_time()
    page.blocks("<p>before</p>" + broken * 200_000)
    assert time.process_time() - started < 15


def test_a_page_with_many_tags_keeps_its_blocks() -> None:
    assert len(page.blocks("<div><p>x</p></div>" * 5_000)) == 5_000


def test_an_article_costs_little_more_than_its_parse() -> None:
    markup = (
        "<article>" + ("<p>" + "Officials in <b>Delvast</b> said the bridge &amp; the dam hold. " * 6 + "</p>\n") * 40
    )
    parse = min(_seconds(lambda: page.tree(markup)) for _ in range(20))
    blocks = min(_seconds(lambda: page.blocks(markup)) for _ in range(20))
    assert blocks < 25 * parse


def _seconds(call: object) -> float:
    assert callable(call)
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


ELEMENTS = st.sampled_from(
    ["p", "div", "b", "a", "ul", "li", "table", "tr", "td", "pre", "br", "h1", "script", "svg", "span"]
)
PIECES = st.one_of(
    ELEMENTS.map(lambda name: f"<{name}>"),
    ELEMENTS.map(lambda name: f"</{name}>"),
    st.sampled_from(["word ", "&amp;", "&nbsp;", "\n\n", "<a href='x'>", "<!--", "<", '"']),
    st.text(max_size=5),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_the_markup_blocks_are_folded_lines_and_shares_are_shares(markup: str) -> None:
    for block in page.blocks(markup):
        assert block.text
        assert block.text == " ".join(block.text.split())
        assert 0 <= block.links <= 1
    assert page.plain(markup) == " ".join(page.plain(markup).split())


# --- whole pages ----------------------------------------------------------------------------------


def test_a_page_is_read_by_what_its_head_says() -> None:
    read = entry(
        """<html lang="en-GB"><head><title>Bridge closes in Delvast - The Delvast Daily</title>
        <meta property="og:title" content="Bridge closes in Delvast | Daily"><meta name="author" content="Jane Doe">
        <meta property="article:author" content="https://daily.example/jane"><meta name="description" content="It did.">
        <meta property="article:tag" content="floods"><meta property="article:tag" content="bridges">
        <meta property="article:published_time" content="2026-03-25T10:00:00+01:00">
        <meta property="article:modified_time" content="2026-03-25">
        <link rel="canonical" href="https://daily.example/bridge"></head>
        <body><h1>The Delvast Daily</h1><nav><a href="/">Home</a></nav><article><h1>Bridge closes in <i>Del</i>vast</h1>
        <p>The old bridge was closed on Monday, the town hall said.</p></article><footer>Contact</footer>"""
    )
    assert read == Entry(
        hash=Hash64(7),
        guid="a.html",
        link="https://daily.example/bridge",
        title="Bridge closes in Delvast",
        blocks=(
            Block(text="The Delvast Daily", kind=BlockKind.HEADING, section=Section.HEADER),
            Block(text="Home", links=1.0, section=Section.NAV),
            Block(text="Bridge closes in Delvast", kind=BlockKind.HEADING),
            Block(text="The old bridge was closed on Monday, the town hall said."),
            Block(text="Contact", section=Section.FOOTER),
        ),
        summary="It did.",
        authors=("Jane Doe",),
        tags=("floods", "bridges"),
        lang="en-GB",
        published=datetime(2026, 3, 25, 9, tzinfo=UTC),
        updated=datetime(2026, 3, 25, tzinfo=UTC),
        said="2026-03-25T10:00:00+01:00",
        outlet="The Delvast Daily",
    )


def test_a_page_that_says_nothing_of_itself_is_an_entry_all_the_same() -> None:
    assert entry("<p>It did.") == Entry(
        hash=Hash64(7), guid="a.html", link="file:///feeds/a.html", blocks=(Block(text="It did."),)
    )


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>Bridge closes</title>", "Bridge closes"),
        ("<title>Bridge closes - Daily</title><h1>Bridge closes</h1>", "Bridge closes"),
        ("<title>Bridge closes - Daily</title><h1>Daily</h1>", "Bridge closes - Daily"),
        ("<title>Bridge closes - Daily</title><h1>Something else</h1>", "Bridge closes - Daily"),
        ("<title>x - y</title><meta property=og:title content='Bridge closes'>", "Bridge closes"),
        (
            "<meta property=og:site_name content='Daily News'><title>A | Daily News</title><h1>Daily News</h1>",
            "A",
        ),
        ("<h1>Bridge closes</h1><p>x", "Bridge closes"),
        ("<h1> </h1><p>x", ""),
    ],
)
def test_the_headline_is_what_head_and_heading_agree_on(markup: str, title: str) -> None:
    assert entry(markup).title == title


@pytest.mark.parametrize(
    ("markup", "link"),
    [
        ("<link rel=canonical href='/relative'>", "file:///feeds/a.html"),
        ("<link rel=canonical href='javascript:x'>", "file:///feeds/a.html"),
        ("<link rel='Canonical' href=' https://daily.example/a '>", "https://daily.example/a"),
        ("<meta property=og:url content='http://daily.example/b'>", "http://daily.example/b"),
        ("<noscript><img></noscript><link rel=canonical href='https://daily.example/a'>", "https://daily.example/a"),
    ],
)
def test_the_link_is_the_canonical_one_when_it_is_an_address(markup: str, link: str) -> None:
    assert entry(markup).link == link


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        ("<time datetime=2026-03-25T10:00:00Z>x</time>", datetime(2026, 3, 25, 10, tzinfo=UTC)),
        ("<time datetime=2026-03-25>x</time><time datetime=2026-03-25>y</time>", datetime(2026, 3, 25, tzinfo=UTC)),
        ("<time datetime=2026-03-25>x</time><time datetime=2026-03-26>y</time>", None),
        ("<time datetime=yesterday>x</time>", None),
        ("<meta itemprop=datePublished content=2026-03-25T10:00>", datetime(2026, 3, 25, 10, tzinfo=UTC)),
        ("<meta property=article:published_time content=0001-01-01T00:00:00+14:00>", None),
        ("<p>x", None),
    ],
)
def test_a_date_is_taken_where_the_page_states_one(markup: str, published: datetime | None) -> None:
    assert entry(markup).published == published


def test_an_article_that_holds_little_of_the_page_is_not_taken_for_all_of_it() -> None:
    read = entry("<article>A teaser.</article><div><p>" + "The old bridge was closed on Monday. " * 5 + "</div>")
    assert len(read.blocks) == 2
