"""Which block is what: signs of single blocks, and blocks among others."""

from __future__ import annotations

import time

import pytest

from watcher.model import Block, BlockKind, Role
from watcher.normalise import signs
from watcher.normalise.roles import headline, judge

BODY = "The old bridge at Delvast was closed on Monday, the town hall said."
AGAIN = "It was closed for the first time since it was built."
MORE = "Lorries have to go round by the dam until the summer."


def blocks(*texts: str) -> list[Block]:
    return [Block(text=text) for text in texts]


def roles(*texts: str, title: str = "") -> list[str]:
    return [pieces[0].role.value for pieces in judge(blocks(*texts), title).pieces if len(pieces) == 1]


@pytest.mark.parametrize(
    "text",
    [
        "Published on",
        "Posted:",
        "Last updated",
        "Share This Article",
        "Share on Facebook",
        "SHARE",
        "Print this page",
        "Leave a comment",
        "0 Comments",
        "Read more »",
        "[Continue reading…]",
        "Advertisement",
        "Related stories:",
        "Comments are closed.",
        "/* Style Definitions */",
        "{mso-style-name:”Table Normal”;",
        "mso-padding-alt:0cm 5.4pt 0cm 5.4pt;",
        ".post p { color: #fff; margin: 0 }",
        "&nbsp;",
        "</div>",
        '[caption id="x" align="left"]',
        "* * *",
        "_____",
    ],
)
def test_labels_and_left_overs_are_boilerplate(text: str) -> None:
    assert roles(BODY, text, MORE) == ["body", "boilerplate", "body"]


@pytest.mark.parametrize(
    "text",
    [
        "By Jane Doe",
        "BY JANE DOE AND JOHN VAN DER BERG",
        "Written by Jane Doe | The Delvast Daily",
        "Fact checked by The Daily's Own Desk",
        "By | 2014-09-01T05:48:21+00:00 September 1st, 2014|World|0 Comments",
        "By Jane Doe, 25 March 2026",
        "Published on 25 March 2026 at 10:15 GMT",
        "Wednesday, March 25, 2026",
        "2026-03-25",
        "Updated: 25 March 2026, 6 pm",
    ],
)
def test_writers_and_dates_are_bylines(text: str) -> None:
    assert roles(BODY, text, MORE) == ["body", "byline", "body"]


@pytest.mark.parametrize(
    "text",
    [
        "By midnight the bridge had gone",
        "By Saturday it was over, she said.",
        "Share prices fell on Monday",
        "Share of the market",
        "Print run doubled",
        "Comments by the mayor",
        "He published on Monday what he knew.",
        "The bridge fell on 25 March 2026.",
        "Bridge closed 25 March 2026 for repair",
        "Delvast Bridge Reopens March 3, 2026",
        "The site uses {curly} signs: they are odd;",
        "note: he left; she stayed;",
        "He asked: why?",
        "You can unsubscribe at any time.",
        "5 < 6",
        "Да.",
        "橋",
        "[Laughter]",
    ],
)
def test_in_doubt_a_block_is_body(text: str) -> None:
    assert roles(BODY, text, MORE) == ["body", "body", "body"]


@pytest.mark.parametrize(
    "footer",
    [
        "You can unsubscribe at any time. By signing up you agree to our terms.",
        "This site is protected by reCAPTCHA.",
        "Keep up to date with what happens in the town.",
        "Copyright 2026 The Daily",
        "© The Daily. All rights reserved.",
        "Please SIGN UP for our letter",
        "Stay informed with The Daily",
        "Follow us on the networks of your choice",
        "The newsletter, in your inbox",
        "Unsubscribe at any time",
        "By CONTINUING here you agree",
        "By clicking, you agree",
        "By subscribing you agree",
        "(C) The Daily",
        "We use cookies",
        "This website uses cookies to work.",
        "The post Bridge closes appeared first on The Daily.",
    ],
)
def test_footers_count_at_the_very_end_only(footer: str) -> None:
    assert roles(BODY, MORE, footer, "Share") == ["body", "body", "boilerplate", "boilerplate"]
    assert roles(BODY, footer, MORE) == ["body", "body", "body"]
    assert roles(footer) == ["body"]


def test_what_is_the_site_s_beyond_doubt_is_left_out_amidst_the_article_too() -> None:
    assert roles(BODY, "Subscribe to our newsletter", MORE) == ["body", "boilerplate", "body"]
    assert roles(BODY, "The newsletter of the ministry", MORE) == ["body", "body", "body"]


def test_the_title_is_taken_once_and_then_repeats() -> None:
    title = "Bridge closes at ‘Delvast’"
    assert roles(title, "//bridge closes at 'Delvast'", BODY, title, title=title) == [
        "title",
        "repeat",
        "body",
        "repeat",
    ]


def test_a_block_said_again_is_a_repeat_but_short_words_may_come_twice() -> None:
    assert roles(BODY, MORE, BODY, "Yes.", "Yes.") == ["body", "body", "repeat", "body", "body"]


def test_links_alone_are_boilerplate_unless_they_say_a_sentence() -> None:
    def role(text: str, links: float) -> Role:
        return judge([Block(text=BODY), Block(text=text, links=links)], "").pieces[1][0].role

    assert role("Home World Sport", 1.0) is Role.BOILERPLATE
    assert role("Home World Sport", 0.5) is Role.BODY
    assert role("The bridge is closed.", 1.0) is Role.BODY
    assert role("The bridge " * 20, 1.0) is Role.BODY


def test_who_wrote_on_every_page_of_a_site_is_its_writer_all_the_same() -> None:
    texts = ("Jane Doe", "25 March 2026", "By John Roe", BODY, "(Reuters)", MORE)
    pieces = judge(blocks(*texts), "", lambda block: block.text not in {BODY, MORE}).pieces
    assert [each[0].role.value for each in pieces] == ["byline", "byline", "byline", "body", "credit", "body"]


def test_days_amidst_the_text_are_told_and_one_at_its_head_is_its_own() -> None:
    assert roles("12 May 1944", BODY, "13 May 1944", MORE) == ["byline", "body", "body", "body"]
    assert roles(BODY, "12 May 1944", MORE, "13 May 1944", AGAIN) == ["body"] * 5
    assert roles(BODY, MORE, "Published on 12 May 2026", AGAIN) == ["body", "body", "byline", "body"]
    assert roles(BODY, MORE, "12 May 2026") == ["body", "body", "byline"]


def test_lines_of_a_song_come_again_but_captions_and_paragraphs_are_repeats() -> None:
    song = ("Row us over, ferryman, row", "The night is long", "Row us over, ferryman, row", "and we shall pay")
    assert roles(*song) == ["body"] * 4
    caption = Block(text=song[0], kind=BlockKind.CAPTION)
    assert judge([caption, *blocks(*song[1:])], "").pieces[2][0].role is Role.REPEAT
    long = "The ferry has crossed the river since 1911, in all weathers, and nobody has ever drowned."
    assert roles(BODY, song[0], long, song[0], MORE) == ["body", "body", "body", "repeat", "body"]


def test_code_is_body_whatever_it_looks_like() -> None:
    code = Block(text=".post { color: #fff }", kind=BlockKind.CODE)
    assert judge([Block(text=BODY), code], "").pieces[1][0].role is Role.BODY


def test_every_piece_but_body_says_why() -> None:
    texts = ("Bridge closes", "By Jane Doe", "Share", "LONDON (AP) - " + BODY, BODY, MORE + " (AP)", "Copyright 2026")
    pieces = [piece for cut in judge(blocks(*texts), "Bridge closes").pieces for piece in cut]
    assert len({piece.role for piece in pieces}) == len(Role)
    assert all(bool(piece.why) == (piece.role is not Role.BODY) for piece in pieces)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Bridge closes", BODY], "Bridge closes"),
        (["Published on", "Bridge closes", BODY], "Bridge closes"),
        (["World", "By Jane Doe", "Will the bridge close?", BODY], "Will the bridge close?"),
        (["// Bridge closes", BODY], "Bridge closes"),
        (["Мост закрыт", BODY], "Мост закрыт"),
        (["橋が閉鎖された", BODY], "橋が閉鎖された"),
        ([BODY, "Bridge closes", MORE], None),
        (["Bridge closes"], None),
        (["Bridge closes", "Dam holds"], None),
        (["Dear all,", BODY], None),
        (["x" * 300 + " y", BODY], None),
        ([], None),
    ],
)
def test_a_headline_stands_before_the_text(texts: list[str], expected: str | None) -> None:
    assert headline(blocks(*texts)) == expected


@pytest.mark.parametrize(
    "unit", ["a=b ", "[x a=b ", "a:b; ", "{a:b", "by ", "1 May ", ".", "<a ", "&a;", "share this ", "x-y:z; "]
)
def test_no_block_takes_longer_than_its_length_allows(unit: str) -> None:
    block = unit * (200_000 // len(unit))
    started = time.process_time()
    headline(blocks(block, BODY))
    judge(blocks(BODY, block, block + "x", block[:150], block[:1990], block[:290]), "Bridge closes")
    assert time.process_time() - started < 10


def test_an_update_is_told_from_a_publication() -> None:
    assert signs.is_update("Last updated: 25 March 2026")
    assert not signs.is_update("Published 25 March 2026")
