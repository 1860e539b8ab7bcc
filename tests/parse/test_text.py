"""Plain text and HTML files become entries."""

from __future__ import annotations

import codecs
import textwrap
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import BlockKind, File, Hash64
from watcher.parse import text


def file(body: bytes, name: str = "notes/bridge.txt") -> File:
    modified = datetime(2026, 1, 2, tzinfo=UTC)
    return File(name=name, url=f"file:///feeds/{name}", body=body, modified=modified, hash=Hash64(7))


def paragraphs(written: str) -> list[str]:
    return [block.text for block in text.blocks(written)]


def test_a_plain_text_keeps_its_name_as_identity_and_has_no_date_of_its_own() -> None:
    entry = text.entry_from_file(file(b"Bridge closes\n\nIt did."))
    assert (entry.guid, entry.link, entry.hash) == ("notes/bridge.txt", "file:///feeds/notes/bridge.txt", 7)
    assert (entry.title, entry.published, entry.updated) == ("", None, None)
    assert [block.text for block in entry.blocks] == ["Bridge closes", "It did."]


@pytest.mark.parametrize("name", ["a.html", "b.HTM", "c.xhtml"])
def test_html_files_go_through_the_page_parser(name: str) -> None:
    entry = text.entry_from_file(file(b"<title>Bridge closes</title><p>It did.", name))
    assert entry.title == "Bridge closes"
    assert [block.text for block in entry.blocks] == ["It did."]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html.txt", "a"])
def test_other_files_are_plain_text_whatever_they_hold(name: str) -> None:
    assert [block.text for block in text.entry_from_file(file(b"<p>x</p>", name)).blocks] == ["<p>x</p>"]


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n\t"])
def test_an_empty_file_is_an_entry_without_blocks(body: bytes) -> None:
    assert text.entry_from_file(file(body)).blocks == ()


@pytest.mark.parametrize(
    "body",
    [
        "café “x”".encode(),
        codecs.BOM_UTF8 + "café “x”".encode(),
        codecs.BOM_UTF16_LE + "café “x”".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "café “x”".encode("utf-16-be"),
        "café “x”".encode("cp1252"),
    ],
)
def test_encodings_are_told_by_mark_then_utf8_then_windows_1252(body: bytes) -> None:
    assert text.decode(body) == "café “x”"


@pytest.mark.parametrize(
    ("charset", "said"),
    [("windows-1251", "Мост"), ("koi8-r", "Мост"), ("Shift_JIS", "橋"), ("iso-8859-1", "“é”"), ("iso-8859-2", "Łódź")],
)
def test_a_charset_named_in_a_html_head_is_used_when_the_bytes_are_not_utf8(charset: str, said: str) -> None:
    encoded = said.encode("cp1252" if charset == "iso-8859-1" else charset)
    assert text.decode(b"<meta charset='" + charset.encode() + b"'><p>" + encoded).endswith(said)


@pytest.mark.parametrize("charset", [b"unicode_escape", b"hex", b"idna", b"windows-9999", b"gb-nonsense"])
def test_a_charset_that_is_none_is_not_used(charset: bytes) -> None:
    assert text.decode(b"<meta charset=" + charset + b"><p>\xe9").endswith("é")


def test_paragraphs_stand_between_blank_lines_whatever_ends_the_lines() -> None:
    assert paragraphs("One.\r\n\r\nTwo \t words.\r\n \t\r\n\r\nThree.\rFour.") == [
        "One.",
        "Two words.",
        "Three.",
        "Four.",
    ]


def test_single_lines_are_paragraphs_where_the_file_does_not_wrap() -> None:
    long = (
        "The river rose again in the night and the old bridge at Delvast was closed to lorries and to buses, he said. "
    )
    assert paragraphs(f"{long * 3}\nShort one.\n{long * 2}") == [(long * 3).strip(), "Short one.", (long * 2).strip()]


WORDS = st.lists(st.text(alphabet="ABCdefgh", min_size=5, max_size=10), min_size=60, max_size=90)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(WORDS, min_size=1, max_size=4), st.integers(min_value=50, max_value=100), st.sampled_from(["\n", "\r\n"])
)
def test_wrapped_lines_are_joined(written: list[list[str]], width: int, line_end: str) -> None:
    whole = [" ".join(words) for words in written]
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in whole)
    assert paragraphs(wrapped.replace("\n", line_end)) == whole


def test_a_line_broken_in_mid_sentence_goes_on() -> None:
    assert paragraphs("Keep up to date with what happens in the town,\nits region and the world.") == [
        "Keep up to date with what happens in the town, its region and the world."
    ]


def test_short_lines_below_each_other_stay_apart() -> None:
    assert paragraphs("Jane Doe\nReporter\napples\npears") == ["Jane Doe", "Reporter", "apples", "pears"]


def test_list_items_and_headings_are_told() -> None:
    blocks = text.blocks("# Bridge closes\n\n- lorries\n* buses\n1. cars\n#flood\n")
    assert [(block.kind, block.text) for block in blocks] == [
        (BlockKind.HEADING, "Bridge closes"),
        (BlockKind.LIST_ITEM, "- lorries"),
        (BlockKind.LIST_ITEM, "* buses"),
        (BlockKind.LIST_ITEM, "1. cars"),
        (BlockKind.PARAGRAPH, "#flood"),
    ]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from(" \n\r\t#-1.aB,"), st.characters()), max_size=200))
def test_no_word_is_lost_or_made_up_by_cutting_into_paragraphs(written: str) -> None:
    found = paragraphs(written)
    assert all(found)
    assert all(paragraph == " ".join(paragraph.split()) for paragraph in found)
    assert [w for p in found for w in p.split() if set(w) != {"#"}] == [w for w in written.split() if set(w) != {"#"}]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.html"]))
def test_every_file_is_some_text(body: bytes, name: str) -> None:
    entry = text.entry_from_file(file(body, name))
    assert all(block.text for block in entry.blocks)


@pytest.mark.parametrize("unit", ["a\n", "word " * 20 + "\n", "\n", "#", "# ", ".", "- x\n", "a,\nb"])
def test_a_long_text_takes_time_linear_in_its_length(unit: str) -> None:
    started = time.process_time()
    text.blocks(unit * (200_000 // len(unit)))
    assert time.process_time() - started < 15
