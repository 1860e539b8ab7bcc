"""JSON Feeds are read, also those that break its rules."""

from __future__ import annotations

import codecs
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import ParseError
from watcher.model import Block, Entry, Hash64, Parsed, Response
from watcher.parse import parse
from watcher.parse.limits import MAX_ENTRIES

URL = "https://daily.example/world/feed.json"
NOTHING: frozenset[Hash64] = frozenset()
V1, V11 = "https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"


def response(body: Any, content_type: str = "application/feed+json", url: str = URL) -> Response:
    data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Response(url=url, headers={"content-type": content_type} if content_type else {}, body=data)


def feed(*items: Any, version: str = V11, **head: Any) -> dict[str, Any]:
    return {"version": version, "title": "The Daily", **head, "items": list(items)}


def read(body: Any, known: frozenset[Hash64] = NOTHING) -> Parsed:
    return parse(response(body), known)


def only(body: Any) -> Entry:
    parsed = read(body)
    assert len(parsed.entries) == 1
    return parsed.entries[0]


def test_every_field_of_an_item_is_read() -> None:
    item = {
        "id": "https://daily.example/2026/bridge",
        "url": "https://daily.example/bridge",
        "external_url": "https://elsewhere.example/",
        "title": "Bridge closes in Delvast &amp; Hollin",
        "content_html": "<p>The old bridge was <b>closed</b>.</p><h2>Why</h2>",
        "content_text": "not this",
        "summary": "It did.",
        "image": "https://daily.example/i.png",
        "date_published": "2026-03-25T12:00:00+02:00",
        "date_modified": "2026-03-25T11:00:00Z",
        "authors": [{"name": "Jane Doe", "url": "https://daily.example/jane"}, {"name": "John Roe"}],
        "tags": ["floods", "bridges", "floods"],
        "language": "en-GB",
    }
    parsed = read(feed(item, home_page_url="https://daily.example/", language="en", description="News"))
    assert (parsed.format, parsed.title, parsed.link, parsed.lang, parsed.warning) == (
        "jsonfeed11",
        "The Daily",
        "https://daily.example/",
        "en",
        None,
    )
    entry = only(feed(item))
    assert entry == Entry(
        hash=parsed.hashes[0],
        guid="https://daily.example/2026/bridge",
        link="https://daily.example/bridge",
        title="Bridge closes in Delvast & Hollin",
        blocks=(Block(text="The old bridge was closed."), Block(text="Why", kind=entry.blocks[1].kind)),
        summary="It did.",
        authors=("Jane Doe", "John Roe"),
        tags=("floods", "bridges"),
        lang="en-GB",
        published=datetime(2026, 3, 25, 10, tzinfo=UTC),
        updated=datetime(2026, 3, 25, 11, tzinfo=UTC),
        said="2026-03-25T12:00:00+02:00",
    )


def test_version_one_has_one_author_and_an_item_has_its_feed_s() -> None:
    parsed = read(feed({"id": "1", "author": {"name": "Jane"}}, {"id": "2"}, version=V1, author={"name": "The desk"}))
    assert parsed.format == "jsonfeed10"
    assert [entry.authors for entry in parsed.entries] == [("Jane",), ("The desk",)]


@pytest.mark.parametrize(
    ("said", "guid"),
    [
        ("tag:daily,1", "tag:daily,1"),
        (17, "17"),
        (1.5, "1.5"),
        (True, "true"),
        ({"b": 1, "a": [2]}, '{"a":[2],"b":1}'),
        ([1, "x"], '[1,"x"]'),
        (None, None),
        ("  ", None),
        ({}, None),
        ("\ud83d", "\ufffd"),
    ],
)
def test_an_id_of_any_type_is_text(said: Any, guid: str | None) -> None:
    assert only(feed({"id": said, "title": "x"})).guid == guid


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ({"url": "/bridge"}, "https://daily.example/bridge"),
        ({"url": "bridge"}, "https://daily.example/world/bridge"),
        ({"external_url": "https://elsewhere.example/x"}, "https://elsewhere.example/x"),
        ({"url": "", "external_url": "https://elsewhere.example/x"}, "https://elsewhere.example/x"),
        ({"attachments": [{"url": "https://daily.example/a.mp3", "mime_type": "audio/mpeg"}]}, "https://daily.example/a.mp3"),
        ({"url": "javascript:alert(1)"}, None),
        ({"url": 5}, None),
        ({"url": "https://["}, None),
    ],
)  # fmt: skip
def test_the_link_is_the_item_s_page_and_absolute(item: dict[str, Any], link: str | None) -> None:
    assert only(feed({"id": "1", **item})).link == link


@pytest.mark.parametrize(
    ("item", "texts"),
    [
        ({"content_html": "<p>a<p>b"}, ["a", "b"]),
        ({"content_text": "a < b\n\nc"}, ["a < b", "c"]),
        ({"content_html": " ", "content_text": "a"}, ["a"]),
        ({"summary": "a"}, ["a"]),
        ({"content_html": 5}, ["5"]),
        ({"content_html": ["a"], "content_text": {"b": 1}}, []),
        ({"content_text": "\ud83d\ude00 \ud83d"}, ["\U0001f600 \ufffd"]),
    ],
)
def test_the_text_is_html_else_plain_else_the_summary(item: dict[str, Any], texts: list[str]) -> None:
    assert [block.text for block in only(feed({"id": "1", **item})).blocks] == texts


@pytest.mark.parametrize(
    ("item", "tags", "authors"),
    [
        ({"tags": "floods, bridges"}, ("floods", "bridges"), ()),
        ({"tags": ["a", 5, None, {"x": 1}]}, ("a", "5"), ()),
        ({"tags": {"a": 1}}, (), ()),
        ({"authors": "Jane"}, (), ("Jane",)),
        ({"authors": [{"name": None, "url": "https://jane.example"}]}, (), ("https://jane.example",)),
        ({"authors": {"name": "Jane"}}, (), ("Jane",)),
        ({"author": ["Jane"], "authors": None}, (), ("Jane",)),
    ],
)
def test_wrong_types_are_taken_for_what_they_mean(item: dict[str, Any], tags: object, authors: object) -> None:
    entry = only(feed({"id": "1", **item}))
    assert (entry.tags, entry.authors) == (tags, authors)


def test_items_that_are_none_are_counted_and_left_out() -> None:
    parsed = read(feed({"id": "1"}, None, "x", 5))
    assert (len(parsed.entries), parsed.warning) == (1, "3 of its items are no objects")


def test_numbered_items_in_place_of_a_list_are_read() -> None:
    parsed = read({"version": V1, "items": {"0": {"id": "a"}, "2": {"id": "b"}}})
    assert [entry.guid for entry in parsed.entries] == ["a", "b"]


def test_a_feed_without_a_version_is_known_by_its_items() -> None:
    assert read({"items": [{"id": 1, "content_text": "x"}]}).format == "jsonfeed"


def test_an_empty_feed_and_a_finished_one_are_feeds() -> None:
    assert read(feed()).entries == ()
    assert read(feed(expired=True)).warning == "the feed says that nothing will come any more"


def test_a_new_head_or_another_order_of_names_makes_no_item_new() -> None:
    first = read(feed({"id": "1", "title": "a"}, {"id": "2"}))
    items = '[ {"title":"a","id":"1"},\n{"id":"2"},{"id":"3"}]'
    again = parse(response(f'{{"version":"{V1}","home":5,"items":{items}}}'), frozenset(first.hashes))
    assert [entry.guid for entry in again.entries] == ["3"]
    assert again.hashes[:2] == first.hashes
    assert again.cut


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                ["id", "url", "title", "content_html", "content_text", "tags", "authors", "date_published"]
            ),
            st.recursive(
                st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
                lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
                max_leaves=4,
            ),
        ),
        max_size=5,
    ),
    st.data(),
)
def test_known_items_left_out_leave_the_others_as_they_were(items: list[dict[str, Any]], data: st.DataObject) -> None:
    whole = read(feed(*items))
    known = data.draw(st.sets(st.sampled_from(whole.hashes))) if whole.hashes else set()
    rest = read(feed(*items), frozenset(known))
    assert rest.hashes == whole.hashes
    assert rest.entries == tuple(entry for entry in whole.entries if entry.hash not in known)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"{", b"[", b'{"items":[', b'{"version":"https://jsonfeed.org/version/1",']),
)
def test_whatever_the_bytes_it_is_parsed_or_refused(body: bytes, start: bytes) -> None:
    try:
        assert isinstance(read(start + body), Parsed)
    except ParseError as error:
        refused = str(error)
        assert refused.isprintable()


# --- encodings ------------------------------------------------------------------------------------

TITLE = "Café “Übung”"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize("content_type", ["", "application/json", "application/json; charset=iso-8859-1"])
def test_unicode_in_any_width_with_or_without_a_mark_is_read(encoding: str, content_type: str) -> None:
    body = json.dumps(feed({"id": "1", "title": TITLE}), ensure_ascii=False).encode(encoding)
    assert parse(response(body, content_type), NOTHING).entries[0].title == TITLE


@pytest.mark.parametrize(
    ("encoding", "content_type", "title"),
    [
        ("cp1252", "application/json", TITLE),
        ("cp1252", "application/json; charset=nonsense", TITLE),
        ("cp1251", "application/json; charset=windows-1251", "Мост закрыт"),
        ("iso-2022-jp", 'application/json; charset="ISO-2022-JP"', "橋が閉鎖"),
        ("shift_jis", "application/json;charset=Shift_JIS", "橋が閉鎖"),
    ],
)
def test_a_charset_that_the_server_names_is_used_where_it_is_no_utf_8(
    encoding: str, content_type: str, title: str
) -> None:
    body = json.dumps(feed({"id": "1", "title": title}), ensure_ascii=False).encode(encoding)
    assert parse(response(body, content_type), NOTHING).entries[0].title == title


def test_marks_before_the_document_and_comments_behind_it_are_passed_over() -> None:
    whole = json.dumps(feed({"id": "1", "title": "x\ny"})).replace("\\n", "\n")
    for body in (
        codecs.BOM_UTF8 + codecs.BOM_UTF8 + whole.encode(),
        f"\n\n{whole}\n<!-- cached -->",
    ):
        assert only(body).title == "x y"


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (f'{{"version":"{V1}","items":[{{"id":', "truncated", "the JSON ends in the middle (line 1, column 60)"),
        (f'{{"version":"{V1}","items":[{{"id":"abc', "truncated", "the JSON ends in the middle"),
        (f'{{"version":"{V1}","items":[{{"id":tru', "truncated", "the JSON ends in the middle"),
        (f'{{"version":"{V1}","items":[]', "truncated", "the JSON ends in the middle"),
        ("{", "truncated", "the JSON ends in the middle"),
        ("{version: 1}", "unreadable", "the JSON cannot be read (line 1, column 2: "),
        ('{"a": 1} {"b": 2}', "unreadable", "the document has more than one JSON value"),
        (f'{{"version":"{V1}"}}', "unreadable", "the JSON Feed has no list of items"),
        (f'{{"version":"{V1}","items":[1,2]}}', "unreadable", "the JSON Feed's items are no objects: the first "),
        ('{"data":[1],"meta":{}}', "not-a-feed", "the document is JSON, but no JSON Feed: it is an object"),
        ("[]", "not-a-feed", "the document is JSON, but no JSON Feed: it is an empty list"),
        ('{"message":"API rate limit\\nexceeded","status":"403"}', "error-page",
         "the server answered with an error in JSON: “API rate limit exceeded”"),
        ('{"error":{"code":500,"message":"boom"}}', "error-page", "the server answered with an error in JSON: “boom”"),
        ('{"errors":[{"detail":"boom"}]}', "error-page", "the server answered with an error in JSON: “boom”"),
        ("[" * 200_000, "unreadable", "the JSON is nested too deep to be read"),
        ('{"items":[{"content_text":' + '{"a":' * 200_000 + "1" + "}" * 200_000, "unreadable", "the JSON is nested"),
        (f'{{"version":"{V1}","items":[{{"id":{"7" * 100_000}}}]}}', "unreadable", "the JSON has a number too long"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_line(body: str, kind: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(body)
    assert caught.value.kind == kind
    assert str(caught.value).startswith(message)
    assert len(str(caught.value)) < 300


def test_more_items_than_are_read_are_told() -> None:
    parsed = read(feed(*({"id": str(number)} for number in range(MAX_ENTRIES + 1))))
    assert len(parsed.entries) == MAX_ENTRIES
    assert parsed.warning == "5,001 entries, only the first 5,000 read"
