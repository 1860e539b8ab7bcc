from __future__ import annotations

import pytest
from feedparser.mixin import _FeedParserMixin
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feedgen import FLAVOURS, generate, sized
from watcher.model import Response
from watcher.parse.convert import document
from watcher.parse.limits import hash64
from watcher.parse.split import cut, split


def rss(inner: str, *, root: str = "") -> bytes:
    return f'<rss version="2.0"{root}><channel><title>t</title>{inner}</channel></rss>'.encode()


def found(data: bytes) -> list[bytes]:
    parts = split(data)
    assert parts.doubt is None, parts
    return [data[entry.start : entry.end] for entry in parts.entries]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), flavour=st.sampled_from(FLAVOURS))
def test_every_entry_of_a_tame_feed_is_found_by_its_bytes(seed: int, flavour: str) -> None:
    made = generate(seed, flavour=flavour, wild=False)
    data = document(Response(url=made.url, headers=made.headers, body=made.body)).data
    wanted = [fact.markup.encode(made.encoding, "xmlcharrefreplace").decode(made.encoding) for fact in made.facts]
    assert [part.decode() for part in found(data)] == wanted


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), picks=st.sets(st.integers(0, 11)))
def test_what_is_kept_is_there_and_what_is_cut_is_not(seed: int, picks: set[int]) -> None:
    made = generate(seed, entries=12, wild=False)
    data = document(Response(url=made.url, headers=made.headers, body=made.body)).data
    part = cut(data, split(data), picks)
    for number, fact in enumerate(made.facts):
        assert (fact.token.encode() in part.body) == (number in picks)
    assert [number for number in part.slots if number is not None] == sorted(picks)
    assert len(found(part.body)) == len(part.slots)


def test_keeping_everything_changes_no_byte() -> None:
    data = sized("atom10", 5, 30).body
    assert cut(data, split(data), range(5)).body == data


def test_a_run_of_cut_entries_leaves_one_empty_entry() -> None:
    data = rss("<item>1</item>\n<item>2</item><x/><item>3</item><item>4</item>")
    part = cut(data, split(data), {3})
    assert part.body == rss("<item/><x/><item/><item>4</item>")
    assert part.slots == (None, None, 3)


def test_empty_elements_and_odd_end_tags_are_measured_right() -> None:
    inner = '<item/><item a="/>"/><item>/></item \n><item\n></item><ITEM></ITEM>'
    assert b"".join(found(rss(inner))) == inner.encode()
    assert len(found(rss(inner))) == 5


def test_comments_cdata_and_instructions_hide_what_looks_like_an_entry() -> None:
    item = "<item><!-- <item> --><![CDATA[</item><item>]]><?x <item>?></item>"
    assert found(rss(f"<!-- <item/> -->{item}<![CDATA[<item>]]>")) == [item.encode()]


def test_an_unknown_namespace_makes_an_item_something_else() -> None:
    assert found(rss('<x:item xmlns:x="urn:x">no</x:item><item>yes</item>')) == [b"<item>yes</item>"]


def test_a_change_of_the_head_changes_no_hash_and_a_change_of_an_entry_one() -> None:
    def hashes(text: str) -> list[int]:
        return [entry.hash for entry in split(text.encode()).entries]

    text = sized("rss20", 4, 20).body.decode()
    assert hashes(text) == hashes(text.replace("2026 06:00:00 GMT</last", "2026 09:00:00 GMT</last"))
    before, after = hashes(text), hashes(text.replace("tok0002", "tik0002"))
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, True, False, True]


@given(data=st.binary(max_size=40))
def test_hashes_fit_a_signed_64_bit_column(data: bytes) -> None:
    assert -(2**63) <= hash64(data) < 2**63


DOUBTS = {
    "a DOCTYPE": '<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"/>',
    "a root element that is no feed": "<html><p/></html>",
    "RDF of no known version": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item/></rdf:RDF>',
    "an entry inside something else": "<rss><channel><items><item/></items></channel></rss>",
    "a feed inside something else": "<rss><channel><item><channel/></item></channel></rss>",
    "markup where feedparser expects text": "<rss><channel><item><title>a <b>b</b></title></item></channel></rss>",
    "an element that may change how the rest is read": "<rss><channel><item><textInput/></item></channel></rss>",
    "a title deep in the feed after its entries": "<rss><channel><item/><x><title>t</title></x></channel></rss>",
    "the prefix a means two namespaces": '<rss><a:x xmlns:a="urn:1"/><a:x xmlns:a="urn:2"/></rss>',
    "two prefixes for urn:1": '<rss xmlns:a="urn:1" xmlns:b="urn:1"/>',
    "the prefix dc is one that feedparser gives another name": (
        '<rss xmlns:dc="urn:dc" xmlns:d="http://purl.org/dc/elements/1.1/"/>'
    ),
    "entries that declare their own prefix": '<rss><a:item xmlns:a="http://www.w3.org/2005/Atom"/></rss>',
    "not well-formed": "<rss><channel></rss>",
}


@pytest.mark.parametrize(("doubt", "text"), DOUBTS.items(), ids=DOUBTS)
def test_what_could_leave_a_trace_is_doubted(doubt: str, text: str) -> None:
    parts = split(text.encode())
    assert parts.doubt == doubt
    assert parts.entries == ()


def test_an_image_in_an_entry_is_doubted_only_when_elements_are_in_it() -> None:
    image = "<item><image>https://a.example/i.png</image></item>"
    assert found(rss(image)) == [image.encode()]
    assert split(rss("<item><image><url>u</url></image></item>")).doubt == "markup where feedparser expects text"


def test_xhtml_content_is_no_doubt() -> None:
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><p>a <b>b</b></p><title>c</title></div>'
    entry = f'<entry><content type="xhtml">{div}</content></entry>'
    assert found(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()) == [entry.encode()]


@pytest.mark.parametrize(
    ("text", "severed"),
    [
        ("<rss><channel><item>", True),
        ("<rss><channel><item><title>a &am", True),
        ("<rss><channel><item><![CDATA[ a", True),
        ("<rss><channel><item></channel></rss>", False),
        ("<rss><channel><!-- </channel></rss>", False),
        ("<rss><channel></channel></rss", False),
        ("<html><p>", False),
        ("<rss><channel><item>&nbsp;</item><item><title>a", True),
        ("<rss><channel><item>a & b</item>", True),
        ("<rss><channel><item a='1' a='2'></item></channel></rss>" + "junk " * 999, False),
        ("<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><item/>", True),
        ("<a:feed><a:entry>&nbsp;</a:entry></a:feed>", False),
        ("<rdf:RDF><item>&nbsp;</item><item", True),
    ],
)
def test_a_feed_that_stops_short_is_told_from_one_that_is_broken(text: str, severed: bool) -> None:  # noqa: FBT001
    assert split(text.encode()).severed == severed


def test_the_broken_place_is_named() -> None:
    assert split(b"<rss>\n<a></b></rss>").broken == "line 2, column 6: mismatched tag"


def test_every_handler_of_feedparser_is_either_reviewed_or_doubted() -> None:
    """A handler that feedparser gains is doubted until somebody has looked at what it leaves behind."""
    methods = [name.partition("_start_")[2] or name.partition("_end_")[2] for name in dir(_FeedParserMixin)]
    names = {name.lower() for name in methods if name}
    prefixes = {prefix: uri for uri, prefix in _FeedParserMixin.namespaces.items() if prefix}
    doubted = {name for name in names if split(_with_element(name, prefixes)).doubt}
    assert doubted == {
        *("channel", "entry", "feed", "item", "rss", "textinput"),
        *("geom", "georssgeom", "itunes_link"),
    }


def _with_element(handler: str, prefixes: dict[str, str]) -> bytes:
    prefix, _, local = handler.partition("_")
    found_uri = next((uri for known, uri in prefixes.items() if known.lower() == prefix.lower()), None)
    element = f'<p:{local} xmlns:p="{found_uri}"/>' if found_uri and local else f"<{handler}/>"
    return rss(f"<item>{element}</item>")
