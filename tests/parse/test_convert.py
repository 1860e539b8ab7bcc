"""Encodings that lie or are silent, and what stands round the XML: read, or refused in one line; never made up."""

from __future__ import annotations

import gzip

import pytest

from watcher.errors import ParseError
from watcher.model import Hash64, Parsed, Response
from watcher.parse import parse
from watcher.parse.convert import document

NOTHING: frozenset[Hash64] = frozenset()
TITLE = "Łódź “Żółw” – 東京"
WESTERN = "Größe – “café”"


def xml(title: str, declared: str | None = None, *, bare: bool = False) -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    item = f"<item><title>{title}</title><guid>1</guid></item>"
    return f"{'' if bare else declaration}<rss version='2.0'><channel><title>t</title>{item}</channel></rss>"


def read(body: bytes, content_type: str | None = "application/xml") -> Parsed:
    headers = {"content-type": content_type} if content_type else {}
    return parse(Response(url="https://news.example/feed", headers=headers, body=body), NOTHING)


def title_of(body: bytes, content_type: str | None = "application/xml") -> str:
    parsed = read(body, content_type)
    (entry,) = parsed.entries
    return entry.title


@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/xml", "text/html", None])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("declared", ["utf-16", "utf-8", None, "without"])
def test_wide_encodings_without_a_mark_are_read_whatever_the_prolog_says(
    encoding: str, declared: str | None, content_type: str | None
) -> None:
    text = xml(TITLE, None if declared == "without" else declared, bare=declared == "without")
    assert title_of(text.encode(encoding), content_type) == TITLE


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", None])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_mark_goes_before_a_prolog_that_lies(encoding: str, declared: str | None) -> None:
    wide = encoding != "utf-8-sig"
    assert title_of(xml(TITLE, declared if wide else None).encode(encoding)) == TITLE


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252"])
def test_a_prolog_that_says_utf_8_of_a_western_encoding_is_not_believed_and_it_is_told(encoding: str) -> None:
    title = "Größe, café"
    parsed = read(xml(title, "utf-8").encode(encoding))
    assert parsed.entries[0].title == title
    assert parsed.warning == "document declared as utf-8, but parsed as windows-1252"


@pytest.mark.parametrize("declared", ["utf-16", "UTF-16LE", "utf-32"])
def test_a_prolog_that_says_a_wide_encoding_of_plain_bytes_is_not_believed(declared: str) -> None:
    for padding in ("", " "):
        parsed = read((xml(TITLE, declared) + padding).encode())
        assert parsed.entries[0].title == TITLE
        assert parsed.warning in {
            f"it says that it is {declared.lower().replace('16le', '16-le')} and is not, and was read as utf-8",
            f"document declared as {declared.lower()}, but parsed as utf-8",
        }


def test_the_header_goes_before_the_prolog() -> None:
    body = xml(WESTERN, "utf-8").encode("windows-1252")
    assert title_of(body, "application/rss+xml; charset=windows-1252") == WESTERN
    assert title_of(xml(TITLE, "iso-8859-2").encode(), "text/xml; charset=utf-8") == TITLE


@pytest.mark.parametrize(
    "content_type", ["application/xml; charset=utf-7", "text/xml; charset=UTF7", "application/xml"]
)
def test_utf_7_is_not_decoded_to_markup(content_type: str) -> None:
    hidden = "+ADw-script+AD4-alert(1)+ADw-/script+AD4-+ADwAaQB0AGUAbQA+-"
    parsed = read(xml(hidden, "utf-7").encode(), content_type)
    assert [entry.title for entry in parsed.entries] == [hidden]
    assert parsed.warning == "it says that it is utf-7, which no feed is, and was read as utf-8"


@pytest.mark.parametrize("encoding", ["unicode_escape", "raw_unicode_escape", "hz", "idna"])
def test_no_other_encoding_hides_markup_either(encoding: str) -> None:
    hidden = r"\u003cscript\u003e \x3cb ~{<:~}"
    body = xml("x", encoding).replace("<title>x", f"<title><![CDATA[{hidden}]]>").encode()
    assert title_of(body) == " ".join(hidden.split())


def test_nuls_and_control_characters_in_the_middle_are_left_out_and_it_is_told() -> None:
    parsed = read(xml("one\0 two\x0bthree\x08\x1f four").encode())
    assert parsed.entries[0].title == "one two three four"
    assert parsed.warning == "control characters in it were left out"


def test_a_feed_is_cut_all_the_same_when_its_control_characters_were_left_out() -> None:
    two = xml("one\x08").replace("</channel>", "<item><title>two</title></item></channel>").encode()
    first = read(two)
    then = parse(Response(url="https://news.example/feed", body=two), frozenset(first.hashes[:1]))
    assert ([entry.title for entry in then.entries], then.cut) == (["two"], True)


PHP = "<br />\n<b>Warning</b>:  Undefined variable $a in <b>/srv/feed.php</b> on line <b>3</b><br />\n"


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        (PHP, "Warning : Undefined variable $a in /srv/feed.php on line 3"),
        ("PHP Notice:  x is deprecated\n", "PHP Notice: x is deprecated"),
        ("Notice: \x1b[31mred\n", "Notice: [31mred"),
        ("w" * 5000, "w" * 79 + "…"),
        ("<!-- cached 12:00 -->\n", "<!-- cached 12:00 -->"),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_text_before_the_xml_is_left_out_and_told(before: str, shown: str, mark: str) -> None:
    parsed = read((mark + before + mark + xml(TITLE, "utf-8")).encode())
    assert parsed.entries[0].title == TITLE
    if not shown.startswith("<"):
        assert parsed.warning == f"text before the XML was left out ({shown})"


def test_text_before_a_feed_without_a_declaration_is_left_out_too() -> None:
    assert title_of((PHP + xml(TITLE, bare=True)).encode()) == TITLE


@pytest.mark.parametrize("before", ["\n", " \r\n\t", "\ufeff\ufeff", "\ufeff\n\ufeff \n"])
def test_blank_lines_and_marks_before_the_xml_are_nothing_to_tell_of(before: str) -> None:
    parsed = read((before + xml(TITLE, "utf-8")).encode())
    assert parsed.entries[0].title == TITLE
    assert parsed.warning is None


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><body><rss version='2.0'><channel><title>x</title></channel></rss></body></html>",
        "<html><head></head><body><?xml version='1.0'?><rss><channel/></rss></body></html>",
    ],
)
def test_a_feed_inside_a_page_is_no_feed(page: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(page.encode(), "text/html")
    assert caught.value.kind != "truncated"


@pytest.mark.parametrize("after", ["\n<!-- cached -->\n", "Warning: x", "\0\0", "<script>x()</script>", "\n\n\x1a"])
def test_rubbish_after_the_root_takes_nothing_away(after: str) -> None:
    assert title_of((xml(TITLE, "utf-8") + after).encode()) == TITLE


def test_html_entities_that_are_not_declared_are_read_and_told() -> None:
    parsed = read(xml("caf&eacute; &nbsp; &mdash; 1").encode())
    assert parsed.entries[0].title == "café — 1"
    assert parsed.warning
    assert parsed.warning.startswith("not well-formed (line 1, column ")
    assert parsed.warning.endswith(": undefined entity), read as far as it could be")


@pytest.mark.parametrize("broken", [b"\xed\xa0\xbd\xed\xb8\x80", b"\xed\xa0\x80", b"\xe6\x9d", b"\xff", b"\xc0\xbc"])
def test_a_few_bytes_that_are_no_utf_8_spoil_nothing_else(broken: bytes) -> None:
    body = xml(TITLE + " @", "utf-8").encode().replace(b"@", broken)
    parsed = read(body)
    assert parsed.entries[0].title.startswith(TITLE)
    assert parsed.entries[0].title.removeprefix(TITLE).strip(" \ufffd") == ""
    assert parsed.warning
    assert parsed.warning.startswith("it has bytes that are no utf-8, in ")


def test_text_encoded_twice_is_left_as_it_is() -> None:
    twice = "Å\u0081ódź ’ 東".encode().decode("latin-1", "replace") + " 東"
    printable = "".join(character for character in twice if character.isprintable())
    assert title_of(xml(printable, "utf-8").encode()) == printable


def test_gzip_that_the_server_did_not_declare_is_unpacked_once() -> None:
    packed = gzip.compress(xml(TITLE).encode())
    assert title_of(packed) == TITLE
    with pytest.raises(ParseError, match=r"^the document is binary, not an RSS or Atom feed$"):
        read(gzip.compress(packed))


@pytest.mark.parametrize("encoding", ["klingon-8", "utf-8\\", "\x1b", "a" * 5000, "none", "zlib", "rot13", "punycode"])
def test_names_of_encodings_that_are_none_do_no_harm(encoding: str) -> None:
    body = xml(WESTERN, encoding).encode()
    if encoding == "punycode":
        with pytest.raises(ParseError, match=r"^feedparser cannot read the document \(UnicodeError: .*\)$"):
            read(body)
    else:
        assert title_of(body) == WESTERN


@pytest.mark.parametrize(
    "body",
    [
        xml(TITLE, "utf-8").encode(),
        xml(TITLE, "UTF-8").encode(),
        xml(TITLE).encode(),
        xml(TITLE, bare=True).encode(),
        xml(TITLE, "utf-8").replace("?>", "?><?x encoding='iso-8859-2'?>").encode(),
        xml(TITLE, "utf-8").replace("?>", " standalone='yes'\n?>\r\n").encode(),
        b"<?xml-stylesheet href='a'?>" + xml(TITLE, bare=True).encode(),
        xml("ascii", "us-ascii").encode(),
        xml("\xe9", "iso-8859-1").encode("latin-1"),
        b"<",
        b"<\0",
        b"<a",
        b"\xef\xbb\xbf<rss/>",
    ],
)
@pytest.mark.parametrize("content_type", ["application/xml", "text/xml", "text/xml; charset=UTF-8", "text/html"])
def test_the_short_way_to_utf_8_gives_what_feedparser_gives(body: bytes, content_type: str) -> None:
    from feedparser.encodings import convert_to_utf8
    from feedparser.sanitizer import replace_doctype

    wanted = replace_doctype(convert_to_utf8({"content-type": content_type}, body, {}))[1]
    made = document(Response(url="https://news.example/", headers={"content-type": content_type}, body=body))
    assert made.data == wanted or made.mended
