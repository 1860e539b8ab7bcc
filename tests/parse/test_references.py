from __future__ import annotations

import time

import pytest

from watcher.model import Response
from watcher.parse import parse
from watcher.parse.references import mended

EMOJI = "\N{GRINNING FACE}"


def titled(said: str) -> str:
    feed = f"<rss version='2.0'><channel><title>t</title><item><title>{said}</title></item></channel></rss>"
    parsed = parse(Response(url="https://news.example/feed", body=feed.encode()), frozenset())
    assert parsed.warning is None
    return parsed.entries[0].title


@pytest.mark.parametrize("halves", ["&#55357;&#56832;", "&#xD83D;&#xde00;", "&#055357;&#x0DE00;"])
def test_halves_that_belong_together_are_read_as_one_character(halves: str) -> None:
    assert titled(f"Strike {halves} reported") == f"Strike {EMOJI} reported"


@pytest.mark.parametrize(
    "number",
    ["55357", "57343", "xD800", "xdfff", "x110000", "1114112", "99999999999999999999", "xFFFFFFFFFFFF", "9" * 5_000],
)
def test_a_number_that_is_no_character_does_not_make_the_feed_unreadable(number: str) -> None:
    assert titled(f"Strike &#{number}; reported") == "Strike \ufffd reported"


def test_halves_in_the_wrong_order_are_no_character() -> None:
    assert mended(b"&#56832;&#55357;") == b"&#65533;&#65533;"
    assert mended(b"&#55357;&#55357;&#56832;") == b"&#65533;&#128512;"


@pytest.mark.parametrize("body", [b"&#8217; &#x2019; &#128512; &#x1F600; &#0; &#1114111;", b"&#55357", b"& &#; &#x;"])
def test_anything_else_stays_as_it_is(body: bytes) -> None:
    assert mended(body) == body


@pytest.mark.parametrize("body", [b"&#" + b"0" * 10**6, b"&#" + b"9" * 10**6, b"&#x" + b"d" * 10**6, b"&#5535" * 10**5])
def test_a_body_made_to_be_slow_is_not(body: bytes) -> None:
    start = time.process_time()
    assert mended(body) == body
    assert time.process_time() - start < 5
