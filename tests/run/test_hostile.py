"""XML made to cost its reader hours or gigabytes: each is read, or stopped with one line, and delays no other feed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.feedgen import sized
from tests.memory import forget_peak, peak, resident
from watcher.errors import ParseError
from watcher.model import Hash64, Parsed, Response
from watcher.run.worker import Limits, ProcessParser

NOTHING: frozenset[Hash64] = frozenset()
MIB = 2**20
LIMITS = Limits(cpu=0.35, memory=256 * MIB, wall=60)
"""Of the daemon's, the processor time is a fourteenth and the memory half."""


def response(body: bytes) -> Response:
    return Response(url="https://a.example/feed", headers={"content-type": "application/xml"}, body=body)


def rss(inner: bytes, root: bytes = b"", prolog: bytes = b"") -> Response:
    return response(prolog + b"<rss version='2.0'" + root + b"><channel><title>t</title>" + inner + b"</channel></rss>")


def item(inner: bytes) -> Response:
    return rss(b"<item><title>news</title>" + inner + b"</item>")


def atom(content: bytes) -> Response:
    entry = b"<entry><id>1</id><content type='xhtml'>" + content + b"</content></entry>"
    return response(b"<feed xmlns='http://www.w3.org/2005/Atom'>" + entry + b"</feed>")


def attribute_declarations() -> Response:
    declared = b"\n".join(b'<!ATTLIST item a%d CDATA "x">' % n for n in range(20_000))
    return rss(b"<item/>" * 20_000, prolog=b"<!DOCTYPE rss [\n" + declared + b"\n]>\n")


def laughs() -> Response:
    said = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return rss(b"<item><title>&l9;</title></item>", prolog=b'<!DOCTYPE rss [<!ENTITY l0 "ha">' + said + b"]>")


def quadratic_entity() -> Response:
    declared = b'<!DOCTYPE rss [\n<!ENTITY a "' + b"x" * 100_000 + b'">\n]>'
    return rss(b"<item><title>" + b"&a;" * 100_000 + b"</title></item>", prolog=declared)


def external_entities() -> Response:
    entities = (
        b'<!DOCTYPE rss [\n<!ENTITY f SYSTEM "file:///etc/passwd">\n'
        b'<!ENTITY w SYSTEM "http://127.0.0.1:1/x">\n<!ENTITY % p SYSTEM "http://127.0.0.1:1/y">\n%p;\n]>'
    )
    return rss(b"<item><title>&f;&w;</title></item>", prolog=entities)


HOSTILE: dict[str, Callable[[], Response]] = {
    "50,000 attributes": lambda: rss(b"<item " + b" ".join(b'a%d="x"' % n for n in range(50_000)) + b"/>"),
    "a flood of declared attributes": attribute_declarations,
    "a billion laughs": laughs,
    "an entity repeated": quadratic_entity,
    "external entities": external_entities,
    "200,000 levels": lambda: item(b"<a>" * 200_000 + b"</a>" * 200_000),
    "200,000 levels of XHTML": lambda: atom(
        b"<div xmlns='http://www.w3.org/1999/xhtml'>" + b"<p>" * 200_000 + b"</p>" * 200_000 + b"</div>"
    ),
    "an author of a megabyte": lambda: item(b"<author>" + b"Ann " * (MIB // 4) + b"</author>"),
    "an author of 100 KB without a blank": lambda: item(b"<author>" + b"a" * 100_000 + b"@</author>"),
    "a thousand authors with half an address": lambda: item(b"<author>%s@</author>" % (b"a" * 999) * 1000),
    "16 MB of title": lambda: rss(b"<item><title>" + b"x" * 16 * MIB + b"</title></item>"),
    "16 MB of text": lambda: item(b"<description>" + b"x " * 8 * MIB + b"</description>"),
    "16 MB of CDATA": lambda: item(b"<description><![CDATA[" + b"<b>" * (16 * MIB // 3) + b"]]></description>"),
    "16 MB of comment": lambda: item(b"<!--" + b"x" * 16 * MIB + b"-->"),
    "16 MB of attribute": lambda: item(b"<a b='" + b"x" * 16 * MIB + b"'/>"),
    "16 MB of a name": lambda: item(b"<" + b"x" * 16 * MIB + b"/>"),
    "a million items": lambda: rss(b"<item/>" * 1_000_000),
    "a million items with words": lambda: rss(b"".join(b"<item>%d</item>" % n for n in range(1_000_000))),
    "a million namespaces": lambda: rss(b"<item/>", b"".join(b" xmlns:a%d='b%d'" % (n, n) for n in range(1_000_000))),
    "a million bases": lambda: item(b"<a xml:base='b/'>" * 500_000 + b"</a>" * 500_000),
    "a million hours to skip": lambda: rss(b"<skipHours>" + b"<hour>1</hour>" * 1_000_000 + b"</skipHours><item/>"),
    "text before the XML that looks like much": lambda: response(b"<?xml <rss" * 1_000_000),
    "an end that never comes": lambda: response(b"<rss><channel>" + b"<item><title>x</title></item>" * 300_000),
}
READ = frozenset(("50,000 attributes", "an author of 100 KB without a blank", "external entities", "a billion laughs"))
"""Those that cost so little now that they are simply read."""


class Bench:
    """One parser with two workers, for all documents: a worker that was stopped is replaced, the other stays."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.parser = ProcessParser(LIMITS, workers=2)
        self.good = response(sized("rss20", 3, 20).body)

    async def beside(self, hostile: Response) -> tuple[str, int]:
        """What became of the document, and how many others were read before that."""
        await asyncio.gather(*(self.parser.parse(self.good, NOTHING) for _ in range(2)))
        judged = asyncio.ensure_future(verdict(self.parser, hostile))
        read = 0
        for _ in range(3):
            assert (await self.parser.parse(self.good, NOTHING)).entries
            read += not judged.done()
        return await judged, read


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench()
    bench.runner.run(bench.beside(bench.good))
    yield bench
    bench.runner.run(bench.parser.aclose())
    bench.runner.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_one_line_is_said_others_are_read_meanwhile_and_the_parent_stays_small(name: str, bench: Bench) -> None:
    hostile = HOSTILE[name]()
    forget_peak()
    before = resident()
    said, read = bench.runner.run(bench.beside(hostile))
    assert peak() - before < 64 * MIB
    assert said in {"worker-cpu", "worker-memory", "read", "truncated", "not-a-feed", "unreadable"}
    assert said == "read" or name not in READ
    assert read or not said.startswith("worker-")


async def verdict(parser: ProcessParser, hostile: Response) -> str:
    try:
        parsed: Parsed = await parser.parse(hostile, NOTHING)
    except ParseError as error:
        told = error
    else:
        assert len(parsed.entries) <= 5000
        return "read"
    assert len(str(told)) < 300
    assert str(told).isprintable()
    return told.kind
