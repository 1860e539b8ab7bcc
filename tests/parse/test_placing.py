"""Each block of a page has the section it stands in; what is not seen is left out."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import Block, BlockKind, File, Hash64, Section
from watcher.parse import page

NEVER = datetime(2026, 1, 2, tzinfo=UTC)
TEXT = "The town hall of Delvast said on Monday that the old bridge is closed until the river falls. "
ARTICLE = f"<p>{TEXT * 2}</p><p>{TEXT * 3}</p><p>{TEXT}</p>"
OTHER = "Another report tells of the market in Orsk, where nothing happened at all this week. "


def sections(markup: str) -> list[tuple[str, str]]:
    """Of a fragment: section and first word of each block that is not TEXT."""
    return [
        (block.section.value, block.text) for block in page.blocks(markup) if not block.text.startswith(TEXT.strip())
    ]


def main(markup: str) -> list[str]:
    return [block.text for block in whole(markup) if block.section is Section.MAIN]


def whole(markup: str) -> tuple[Block, ...]:
    file = File(name="bridge.html", url="https://daily.example/bridge", body=b"", modified=NEVER, hash=Hash64(7))
    return page.entry(markup, file).blocks


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<nav>Home</nav>", [("nav", "Home")]),
        ("<header>The Daily</header>", [("header", "The Daily")]),
        ("<aside>Read on</aside>", [("aside", "Read on")]),
        ("<footer>Contact</footer>", [("footer", "Contact")]),
        ("<form>Your address <button>Send</button></form>", [("form", "Your address"), ("form", "Send")]),
        ("<div role=navigation>Home</div>", [("nav", "Home")]),
        ("<div role=complementary>Box</div>", [("aside", "Box")]),
        ("<div role=contentinfo>Contact</div>", [("footer", "Contact")]),
        ("<div class='post-sidebar'>Box</div>", [("aside", "Box")]),
        ("<div class=shareButtons>Mail</div>", [("aside", "Mail")]),
        ("<div id=comments><p>First!</p></div>", [("comments", "First!")]),
        ("<ul class='breadcrumbs'><li>World</ul>", [("nav", "World")]),
        ("<div class='sharedaddy sd-sharing-enabled'>Share it</div>", [("aside", "Share it")]),
        ("<div class='cookie-notice'>We use them</div>", [("aside", "We use them")]),
        ("<p class=byline>Jane Doe, Delvast", [("header", "Jane Doe, Delvast")]),
        (
            "<div><span class=author>Jane Doe</span> <span class=date>Monday</span></div>",
            [("header", "Jane Doe Monday")],
        ),
        ("<x-newsletter><p>Get it</x-newsletter>", [("aside", "Get it")]),
        ("<aside>Report <p class=date>Monday</p></aside>", [("aside", "Report"), ("aside", "Monday")]),
        ("<p><time>10:05</time>", [("header", "10:05")]),
        ("<p>Said <span class=date>on Monday</span> and again", [("main", "Said on Monday and again")]),
        ("<div class='has-sidebar no-comments'>It did</div>", [("main", "It did")]),
        ("<div class='category-newsletter tag-cookies'>It did</div>", [("main", "It did")]),
        ("<div class=important>It did</div>", [("main", "It did")]),
        ("<article><header>A lead</header></article>", [("main", "A lead")]),
        ("<header class=entry-header><h2>It did</h2></header>", [("header", "It did")]),
        ("<div class=article-header>It did</div>", [("main", "It did")]),
        ("<footer><nav>Imprint</nav></footer>", [("nav", "Imprint")]),
    ],
)
def test_elements_roles_and_the_words_of_classes_tell_the_section(markup: str, expected: list[tuple[str, str]]) -> None:
    assert sections(ARTICLE + markup) == expected


@pytest.mark.parametrize(
    "markup",
    [
        "<div hidden>x</div>",
        "<div style='color:red; display: none'>x</div>",
        "<p style='visibility:hidden'>x</p>",
        "<div aria-hidden=true>x</div>",
        "<span class=screen-reader-text>x</span>",
        "<div class='sr-only'><p>x</p></div>",
        "<span hidden><b>x</b></span>",
    ],
)
def test_what_is_hidden_is_left_out(markup: str) -> None:
    assert sections(ARTICLE + markup) == []


def test_what_is_found_by_a_search_in_the_page_is_seen() -> None:
    assert sections(ARTICLE + "<div hidden=until-found>x</div>") == [("main", "x")]


@pytest.mark.parametrize(
    "around",
    [
        "<form>{}</form>",
        "<div style='display:none'>{}</div>",
        "<div class=widget>{}</div>",
        "<aside><div hidden>{}</div></aside>",
    ],
)
def test_an_element_round_nearly_all_of_the_text_is_not_what_it_says(around: str) -> None:
    found = page.blocks("<p>Home</p>" + around.format(ARTICLE + "<nav>Menu</nav>"))
    assert [block.section.value for block in found] == ["main"] * 4 + ["nav"]


def test_an_article_of_short_lines_outweighs_the_sentences_of_the_page_s_footer() -> None:
    lines = "".join(f"<p>{name} {votes} votes</p>" for votes, name in enumerate(("Hill", "Roe", "Marek"), 900))
    page_of = "<nav>Menu</nav><main><h1>Results</h1>{}</main><footer><p>{}</p></footer>"
    found = {block.text: block.section.value for block in whole(page_of.format(lines, TEXT))}
    assert [found[f"{name} votes"] for name in ("Hill 900", "Roe 901", "Marek 902")] == ["main"] * 3
    assert found[TEXT.strip()] == "footer"


def test_comments_stay_comments_however_many_there_are() -> None:
    found = page.blocks(f"<p>{TEXT}</p><div class=comments>" + f"<p>{OTHER}</p>" * 30 + "</div>")
    assert [block.section.value for block in found] == ["main"] + ["comments"] * 30


def test_a_row_of_links_is_navigation_with_the_heading_above_it() -> None:
    links = "".join(f"<li><a href=/{number}>Is this number {number}?</a>" for number in range(3))
    found = page.blocks(f"{ARTICLE}<h3>More</h3><ul>{links}</ul><h3>Background</h3>{ARTICLE}")
    assert [block.section.value for block in found] == ["main"] * 3 + ["nav"] * 4 + ["main"] * 4


def test_two_links_in_a_row_are_the_articles() -> None:
    assert {block.section for block in page.blocks(ARTICLE + "<li><a href=/1>One</a><li><a href=/2>Two</a>")} == {
        Section.MAIN
    }


def test_a_heading_above_an_aside_in_the_middle_stays() -> None:
    found = page.blocks(f"{ARTICLE}<h2>Background</h2><aside>Box</aside>{ARTICLE}")
    assert found[3] == Block(text="Background", kind=BlockKind.HEADING)


# --- whole pages ----------------------------------------------------------------------------------

HEAD = "<title>Bridge closes in Delvast | The Daily</title>"
MENU = "<div><a href=/>The Daily</a> <a href=/w>World</a> <a href=/s>Sport</a></div>"
TEASERS = "".join(f"<div><h3><a href=/{number}>Report {number}</a></h3><p>{OTHER}</p></div>" for number in range(4))
BREAKS = f"{TEXT * 2}<br><br>{TEXT * 3}<br><br>{TEXT}"
WANTED = [" ".join((TEXT * times).split()) for times in (2, 3, 1)]


@pytest.mark.parametrize(
    "body",
    [
        f"{MENU}<article><h1>Bridge closes in Delvast</h1>{ARTICLE}</article>{TEASERS}",
        f"{MENU}<main><div><h1>Bridge closes in Delvast</h1>{ARTICLE}</div></main><div>{TEASERS}</div>",
        f"{MENU}<div><h1>Bridge closes in Delvast</h1><div>{ARTICLE}</div></div><div>{OTHER}</div>",
        f"{MENU}<div><div><h1>Bridge closes in Delvast</h1></div><div>{ARTICLE}</div></div><div>{TEASERS}</div>",
        f"{MENU}<h1>Bridge closes in Delvast</h1><div itemprop=articleBody>{ARTICLE}</div><div>{TEASERS}</div>",
        f"<table><tr><td colspan=2>{MENU}<tr><td>{MENU}<br>x<td><h1>Bridge closes in Delvast</h1>{BREAKS}</table>",
        f"{MENU}<div><h1>Bridge closes in Delvast</h1>{BREAKS}</div><div>{TEASERS}</div>",
        f"<form>{MENU}<div><h1>Bridge closes in Delvast</h1>{ARTICLE}</div><div>{OTHER}</div></form>",
    ],
    ids=["article", "main", "divs", "headline apart", "article body", "table", "line breaks", "form"],
)
def test_the_main_part_is_where_most_of_the_running_text_stands(body: str) -> None:
    assert main(HEAD + body) == ["Bridge closes in Delvast", *WANTED]


@pytest.mark.parametrize("name", ["comment", "promo", "site-header", "newsletter", "footer"])
def test_what_holds_headline_and_text_is_the_article_whatever_it_is_called(name: str) -> None:
    body = f"<div class='{name}'><h1>Bridge closes in Delvast</h1>{ARTICLE}</div><div class=comments>{ARTICLE}</div>"
    assert main(HEAD + body) == ["Bridge closes in Delvast", *WANTED]


def test_nothing_of_a_page_is_thrown_away() -> None:
    found = whole(f"{HEAD}{MENU}<article><h1>Bridge closes in Delvast</h1>{ARTICLE}</article>{TEASERS}")
    assert [block.text for block in found if block.section is Section.HEADER] == ["The Daily World Sport"]
    assert len([block for block in found if block.section is not Section.MAIN]) == 1 + 2 * 4


def test_the_lead_and_the_picture_between_headline_and_text_are_the_articles() -> None:
    lead = "The town hall has closed the old bridge for an unknown time, and nobody may cross it."
    picture = "<figure><img src=x><figcaption>A bridge</figcaption></figure>"
    body = f"<div><h1>Bridge closes in Delvast</h1><p>{lead}</p><span>World</span>{picture}</div>"
    assert main(f"{HEAD}<div>{body}<div>{ARTICLE}</div></div>") == [
        "Bridge closes in Delvast",
        lead,
        "A bridge",
        *WANTED,
    ]


def test_a_page_without_running_text_is_its_blocks() -> None:
    assert main("<title>Menu</title><p>One</p><p>Two</p>") == ["One", "Two"]


@pytest.mark.parametrize(
    "markup",
    [
        "<div class=nav>" * 600 + "<p>x" * 5_000,
        "<section>" * 100_000 + "x",
        "<table><tr><td>" * 400 + "x<br>" * 5_000,
        "<p class=" + "a-" * 100_000 + ">x",
        "<span class=date>1</span>" * 20_000,
        "<h1>x</h1>" * 10_000,
        "<li><a href=/>x</a>" * 10_000,
        "<div><p>x.</p></div>" * 10_000,
        "<h2><a href=/>x</a></h2>" * 10_000 + "<p>" + TEXT,
        "<form>x</form>" * 10_000,
    ],
)
def test_a_hostile_page_takes_time_linear_in_its_length(markup: str) -> None:
    started = time.process_time()
    whole(markup)
    assert time.process_time() - started < 15


ELEMENTS = (
    "p",
    "div",
    "span",
    "a href=/",
    "li",
    "h2",
    "nav",
    "article",
    "div class=share",
    "div hidden",
    "table",
    "td",
    "form",
    "p class=byline",
)
PIECES = st.one_of(
    st.sampled_from(ELEMENTS).map(lambda name: f"<{name}>"),
    st.sampled_from(ELEMENTS).map(lambda name: f"</{name.split()[0]}>"),
    st.sampled_from(["word ", TEXT, "<br>", "."]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_the_markup_each_block_of_a_page_is_said_to_stand_somewhere(markup: str) -> None:
    found = whole(markup)
    assert [block.text for block in found] == [block.text for block in page.blocks(markup)]
    assert all(block.text == " ".join(block.text.split()) != "" for block in found)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<p>Print<hr>{ARTICLE * 2}<hr><i>{OTHER}</i><hr>", ["header", *["main"] * 6, "footer"]),
        (f"{ARTICLE}<hr>{ARTICLE}", ["main"] * 6),
        (f"<p>{OTHER}<hr><p>{OTHER}<hr><p>{OTHER}", ["main"] * 3),
    ],
)
def test_a_few_lines_set_off_by_a_rule_are_no_part_of_the_text(body: str, expected: list[str]) -> None:
    assert [block.section.value for block in whole(body)] == expected


def test_a_few_lines_beside_a_form_belong_to_it() -> None:
    body = f"<div>{ARTICLE}<div><p>{OTHER}</p><form><input type=email></form></div>{ARTICLE}<form>x</form></div>"
    assert [block.section.value for block in whole(body)] == [*["main"] * 3, "form", *["main"] * 3, "form"]


def test_what_an_author_is_stands_beside_the_article() -> None:
    head = "<meta name=author content='Jane Doe'>"
    bio = "Jane Doe has written for the paper since 2014, and covers rivers."
    assert main(f"{head}<div>{ARTICLE}<section><p>{bio}</p></section></div>") == WANTED
    assert main(f"{head}<div>{ARTICLE}<p>{bio}</p></div>") == [*WANTED, bio]


@pytest.mark.parametrize(
    ("tail", "section"),
    [
        ("<div class='feedflare'><a href=/f>Like</a></div><img src=/pixel.gif width=1 height=1>", Section.ASIDE),
        ("<div class='sharedaddy'><h3>Share this:</h3><ul><li><a href=/t>Post</a></ul></div>", Section.ASIDE),
        ("<div id=jp-relatedposts><h3>Related</h3><a href=/o>Other</a></div>", Section.ASIDE),
        ("<p class=read-more><a href=/r>Read the whole report on our site</a></p>", Section.ASIDE),
        ("<table class=social><tr><td><a href=/t>Post</a></table>", Section.ASIDE),
    ],
)
def test_what_a_publisher_puts_below_an_entry_of_a_feed_stands_in_no_article(tail: str, section: Section) -> None:
    found = page.blocks(ARTICLE + tail)
    assert [block.text for block in found[:3]] == WANTED
    assert {block.section for block in found[3:]} == {section}
