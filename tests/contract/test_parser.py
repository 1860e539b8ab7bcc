"""What every parser promises (ports.Parser): the one in a process of its own and the one in ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tests.feedgen import generate
from watcher.errors import ParseError
from watcher.model import File, Hash64, Response
from watcher.parse import parse
from watcher.parse.fulltext import article
from watcher.ports import Parser
from watcher.run.worker import InProcessParser, ProcessParser

NOTHING: frozenset[Hash64] = frozenset()


@pytest.fixture(params=[InProcessParser, ProcessParser])
async def parser(request: pytest.FixtureRequest) -> AsyncIterator[Parser]:
    made: Parser = request.param()
    yield made
    await made.aclose()


def feed(seed: int) -> Response:
    made = generate(seed, entries=6, wild=False)
    return Response(url=made.url, headers=made.headers, body=made.body)


def file(name: str, body: bytes, key: int) -> File:
    modified = datetime(2026, 3, 1, 12, 30, 0, 5, tzinfo=UTC)
    return File(name=name, url=f"file:///f/{name}", body=body, modified=modified, hash=Hash64(key))


async def test_feeds_are_parsed_to_the_last_field(parser: Parser) -> None:
    for seed in range(12):
        made = generate(seed, wild=False)
        response = Response(url=made.url, headers=made.headers, body=made.body)
        assert await parser.parse(response, NOTHING) == parse(response, NOTHING)


async def test_only_entries_that_are_not_known_come_back(parser: Parser) -> None:
    first = await parser.parse(feed(1), NOTHING)
    then = await parser.parse(feed(1), frozenset(first.hashes[1:]))
    assert then.hashes == first.hashes
    assert then.entries == first.entries[:1]
    assert then.cut


async def test_the_files_of_a_folder_arrive_byte_for_byte(parser: Parser) -> None:
    files = (file("a.txt", "Wörter\n\nmehr".encode(), -(2**63)), file("b/c.html", b"<p>x", 2), file("d.txt", b"", 3))
    response = Response(url="file:///f/", files=files, headers={"warning": "e.txt left out"})
    parsed = await parser.parse(response, frozenset((Hash64(2),)))
    assert parsed == parse(response, frozenset((Hash64(2),)))
    assert [block.text for block in parsed.entries[0].blocks] == ["Wörter", "mehr"]
    empty = Response(url="file:///f/", files=())
    assert (await parser.parse(empty, NOTHING)).format == "folder"


async def test_what_is_no_feed_raises_parse_error_and_the_next_call_works(parser: Parser) -> None:
    for body, kind in ((b"", "empty"), (b"<html><p>", "not-a-feed"), (b"<rss><channel>", "truncated")):
        with pytest.raises(ParseError) as caught:
            await parser.parse(Response(url="https://a.example/", body=body), NOTHING)
        assert caught.value.kind == kind
        assert "\n" not in str(caught.value)
        assert (await parser.parse(feed(2), NOTHING)).entries


async def test_answers_of_calls_at_the_same_time_are_not_mixed_up(parser: Parser) -> None:
    responses = [feed(seed) for seed in range(6)]
    parsed = await asyncio.gather(*(parser.parse(response, NOTHING) for response in responses))
    assert parsed == [parse(response, NOTHING) for response in responses]


async def test_closing_twice_is_closing_once(parser: Parser) -> None:
    await parser.parse(feed(3), NOTHING)
    await parser.aclose()
    await parser.aclose()


PAGE = (
    "<!doctype html><html lang='en'><title>Quake in the north</title><article><h1>Quake in the north</h1>"
    "<p>{}</p><p>Nobody was hurt.</p></article>"
)


def page(body: bytes, kind: str = "text/html; charset=utf-8") -> Response:
    return Response(url="https://a.example/quake", headers={"content-type": kind}, body=body)


async def test_a_page_is_the_entry_that_it_makes_to_the_last_field(parser: Parser) -> None:
    whole = page(PAGE.format("The quake struck at noon. " * 40).encode())
    entry = await parser.page(whole)
    assert entry == article(whole)
    assert (entry.title, entry.lang, entry.wall) == ("Quake in the north", "en", "")
    assert entry.blocks[-1].text == "Nobody was hurt."


async def test_what_is_no_page_raises_parse_error_and_the_next_call_works(parser: Parser) -> None:
    wrong = {
        "empty": page(b" \n"),
        "not-a-page": page(b"%PDF-1.7\0\0", "application/pdf"),
        "no-text": page(b"<html><body><div id='app'></div><script>render()</script></body></html>"),
        "challenge": page(b"<html><title>Just a moment...</title><body>Checking</body></html>"),
        "error-page": page(b"<html><title>502 Bad Gateway</title><body><h1>502 Bad Gateway</h1></body></html>"),
    }
    for kind, response in wrong.items():
        with pytest.raises(ParseError) as caught:
            await parser.page(response)
        assert caught.value.kind == kind
        assert "\n" not in str(caught.value)
        assert (await parser.page(page(b"The quake struck.\n\nIt was strong.", "text/plain"))).blocks
        assert (await parser.parse(feed(2), NOTHING)).entries
