"""Entries become items: identity, limits, and the laws that hold for any entry."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import Block, BlockKind, Entry, Feed, FeedId, Hash64, Item, Role
from watcher.normalise import TEXT, clean, normalise

FEED = Feed(id=FeedId("wires"), url="https://wires.example/feed", tags=("iraq",), lang="en")
BODY = "The old bridge at Delvast was closed on Monday, the town hall said."
ENTRY = Entry(
    hash=Hash64(7),
    guid="tag:wires.example,2026:1",
    link="https://www.wires.example/bridge?utm_source=rss",
    title="Bridge closes",
    blocks=(Block(text=BODY),),
)


def item(**fields: object) -> Item:
    return normalise(replace(ENTRY, **fields), FEED)  # type: ignore[arg-type]


def body(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(text=text) for text in texts)


# --- identity -------------------------------------------------------------------------------------


def test_identity_does_not_change_between_releases() -> None:
    """These values are in databases: another one makes every item new."""
    by_guid, by_link, by_content = item(), item(guid=None), item(guid=None, link=None)
    assert (by_guid.id, by_guid.key) == ("f01ae5fddff0550a", 3963475792564855475)
    assert (by_link.id, by_link.key) == ("2981d9b4942b2dfe", 7073420597479817312)
    assert (by_content.id, by_content.key) == ("353f616b5b904907", 5643115297308241783)
    assert by_guid.fingerprint == 7636076204423529826


def test_a_guid_outweighs_link_and_content() -> None:
    assert item().key == item(link="https://other.example/", title="Other", blocks=()).key
    assert item().key != item(guid="other").key


@pytest.mark.parametrize("guid", [None, "", "  "])
def test_without_a_guid_the_canonical_link_counts(guid: str | None) -> None:
    assert item(guid=guid).key == item(guid=None, link="http://wires.example/bridge/", title="Other").key
    assert item(guid=guid).key != item(guid=None, link="https://wires.example/dam").key


def test_without_either_the_content_counts() -> None:
    bare = item(guid=None, link="file:///a.txt")
    assert bare.key == item(guid=None, link=None, tags=("x",), published=datetime(2026, 1, 2, tzinfo=UTC)).key
    assert bare.key != item(guid=None, link=None, title="Other").key


def test_a_guid_a_link_and_a_content_of_the_same_words_are_different_things() -> None:
    said = "https://wires.example/bridge"
    by_content = item(guid=None, link=None, title=said, blocks=())
    assert len({item(guid=said).key, item(guid=None, link=said).key, by_content.key}) == 3


def test_the_same_entry_in_two_feeds_is_two_items_with_one_key_and_one_canonical_url() -> None:
    here, there = item(), normalise(ENTRY, Feed(id=FeedId("other"), url="https://other.example/"))
    assert here.id != there.id
    assert (here.key, here.canonical) == (there.key, there.canonical)
    assert here.canonical == "https://wires.example/bridge"


def test_the_fingerprint_is_of_what_is_said() -> None:
    assert item().fingerprint == item(guid="x", tags=("y",), updated=datetime(2026, 1, 2, tzinfo=UTC)).fingerprint
    assert item().fingerprint == item(blocks=body(BODY.replace(" ", " \n "))).fingerprint
    changed = [item(title="Other"), item(blocks=body(BODY + " It reopened.")), item(summary="It did.")]
    assert len({other.fingerprint for other in (item(), *changed)}) == 4


# --- fields ---------------------------------------------------------------------------------------


def test_an_entry_with_only_a_summary_has_it_as_text_too() -> None:
    told = item(blocks=(), summary="It was closed on Monday.")
    assert (told.text, told.summary, told.raw) == ("It was closed on Monday.",) * 3


def test_without_any_title_the_first_sentence_is_one_and_stays_in_the_text() -> None:
    start = (
        "The old bridge at Delvast, which had stood for four hundred years "
        "and was last mended after the great flood of 1911"
    )
    told = item(title="", blocks=body(start + ", was closed. Lorries go round."))
    assert told.title == start + "…"
    assert told.title_from_text
    assert told.text.startswith(start + ", was closed.")
    assert item(title="", blocks=()).title == ""
    assert not item(title="", blocks=()).title_from_text


def test_a_headline_found_in_the_text_is_no_part_of_it() -> None:
    told = item(title=" ", blocks=body("Published on", "Bridge closes", BODY))
    assert (told.title, told.title_from_text, told.text) == ("Bridge closes", False, BODY)
    assert [placed.role for placed in told.blocks] == [Role.BOILERPLATE, Role.TITLE, Role.BODY]


def test_the_entry_s_own_date_outweighs_what_the_text_states() -> None:
    blocks = body("By Jane Doe | 25 March 2026", BODY)
    assert item(blocks=blocks).published == datetime(2026, 3, 25, tzinfo=UTC)
    own = datetime(2026, 3, 24, 10, tzinfo=timezone(timedelta(hours=2)))
    assert item(blocks=blocks, published=own).published == datetime(2026, 3, 24, 8, tzinfo=UTC)
    assert item(blocks=body("Updated 26 March 2026", "Published 25 March 2026", BODY)).published == datetime(
        2026, 3, 25, tzinfo=UTC
    )
    assert item(blocks=body("Updated 26 March 2026", BODY)).published is None


def test_language_is_the_entry_s_else_the_feed_s() -> None:
    assert [item(lang=said).lang for said in ("en_GB", " DE ", None, "", "not a language")] == ["en-gb", "de"] + [
        "en"
    ] * 3


def test_tags_are_the_entry_s_and_the_feed_s_each_once() -> None:
    assert item(tags=("floods", " floods ", "iraq", "", "a\u202eb")).tags == ("floods", "iraq", "ab")


def test_only_addresses_are_kept_as_url() -> None:
    assert item(link="javascript:alert(1)").url is None
    assert item(link="file:///feeds/a.txt").url == "file:///feeds/a.txt"


# --- cleaning and limits --------------------------------------------------------------------------


def test_what_could_forge_a_line_or_hide_is_taken_out() -> None:
    told = item(
        title="Bridge\r\n\x1b[31m clo\u202eses\u200b", blocks=body("a\x00b\ud800c\nd"), authors=("Jane\u2066\nDoe",)
    )
    assert (told.title, told.text, told.authors) == ("Bridge [31m closes", "abc d", ("Jane Doe",))


def test_joiners_that_scripts_need_stay() -> None:
    assert clean.label("می\u200cخواهم 👩\u200d🚒") == "می\u200cخواهم 👩\u200d🚒"


def test_text_is_stored_composed() -> None:
    assert item(blocks=body("cafe\u0301")).text == "café"


@pytest.mark.parametrize("word", ["word ", "мост ", "橋", "👩"])
def test_long_texts_are_cut_to_what_is_stored(word: str) -> None:
    told = item(title=word * 2000, summary=word * 100_000, blocks=body(word * 30_000, word * 100_000, BODY))
    assert 900 <= len(told.title) <= 1000
    for stored in (told.raw, told.text, told.summary):
        assert TEXT - 40 <= len(stored.encode()) <= TEXT
        assert stored.endswith("…")


def test_many_names_are_cut_to_a_hundred() -> None:
    told = item(authors=tuple(f"author {n}" for n in range(500)), tags=("x" * 5000,))
    assert len(told.authors) == 100
    assert max(map(len, told.tags)) <= 1000


# --- laws -----------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=st.characters(exclude_categories=()), max_size=20),
    st.sampled_from(
        [
            *(BODY, "Bridge closes", "By Jane Doe", "Share", "© 2026", "25 March 2026 –", "{a:b;", "World", "// x"),
            *("LONDON, 3 May (AP) — " + BODY, BODY + " " + BODY, BODY + " (Reuters)", "Jane Doe", "Source: AP"),
            *("Sign up to our newsletter and follow us on Facebook.", "About Jane Doe 12 Articles", "AP: —", "(AP)"),
        ]
    ),
)
BLOCKS = st.builds(Block, text=TEXTS, kind=st.sampled_from(BlockKind), links=st.floats(min_value=0, max_value=1))
MOMENTS = st.none() | st.datetimes(timezones=st.none() | st.timezones())
ENTRIES = st.builds(
    Entry,
    hash=st.just(Hash64(7)),
    guid=st.none() | TEXTS,
    link=st.none() | TEXTS | TEXTS.map(lambda text: "https://" + text),
    title=st.just("") | TEXTS,
    blocks=st.lists(BLOCKS, max_size=8).map(tuple),
    summary=TEXTS,
    authors=st.lists(TEXTS, max_size=2).map(tuple),
    tags=st.lists(TEXTS, max_size=2).map(tuple),
    lang=st.none() | TEXTS,
    published=MOMENTS,
    updated=MOMENTS,
)


@settings(max_examples=200, deadline=None)
@given(ENTRIES)
def test_any_entry_makes_an_item_whose_pieces_are_all_of_it_in_order(entry: Entry) -> None:
    made = normalise(entry, FEED)
    edges = [0, *(edge for piece in made.blocks for edge in (piece.start, piece.end)), len(made.raw)]
    assert edges == sorted(edges)
    assert not "".join(made.raw[a:b] for a, b in list(pairwise(edges))[::2]).strip()
    placed = [made.raw[piece.start : piece.end] for piece in made.blocks]
    assert all(text and text == clean.line(text) for text in placed)
    assert [made.raw[start:end] for start, end in _blocks(made)] == made.raw.split("\n\n") * bool(made.raw)
    assert [piece.role for piece in made.blocks].count(Role.TITLE) <= 1
    assert all(bool(piece.why) == (piece.role is not Role.BODY) for piece in made.blocks)


@settings(max_examples=200, deadline=None)
@given(ENTRIES)
def test_the_text_is_the_pieces_of_body(entry: Entry) -> None:
    made = normalise(entry, FEED)
    paragraphs: list[list[str]] = []
    for piece in made.blocks:
        paragraphs += [] if piece.goes_on else [[]]
        paragraphs[-1] += [made.raw[piece.start : piece.end]] if piece.role is Role.BODY else []
    assert made.text == "\n\n".join(" ".join(paragraph) for paragraph in paragraphs if paragraph)


@settings(max_examples=200, deadline=None)
@given(ENTRIES)
def test_judging_what_is_stored_again_gives_the_same(entry: Entry) -> None:
    made = normalise(entry, FEED)
    firsts = [piece for piece in made.blocks if not piece.goes_on]
    blocks = tuple(
        Block(text=made.raw[start:end], kind=first.kind, links=first.links, section=first.section)
        for first, (start, end) in zip(firsts, _blocks(made), strict=True)
    )
    title = "" if made.title_from_text else made.title
    again = normalise(replace(entry, title=title, blocks=blocks, summary=entry.summary if blocks else ""), FEED)
    assert (again.text, again.raw, again.blocks) == (made.text, made.raw, made.blocks)
    assert (again.title, again.fingerprint) == (made.title, made.fingerprint)


def _blocks(item: Item) -> list[tuple[int, int]]:
    """From where to where its blocks stand, their pieces together."""
    spans: list[tuple[int, int]] = []
    for piece in item.blocks:
        spans[-1:] = [(spans[-1][0], piece.end)] if piece.goes_on else [*spans[-1:], (piece.start, piece.end)]
    return spans


@settings(max_examples=200, deadline=None)
@given(ENTRIES)
def test_any_item_can_be_stored_and_shown(entry: Entry) -> None:
    made = normalise(entry, FEED)
    for said in (made.title, made.text, made.summary, made.raw, made.url or "", *made.authors, *made.tags):
        said.encode()
        assert not any(ord(sign) < 32 and sign != "\n" for sign in said)
    for line in (made.title, made.summary, made.url or "", *made.authors, *made.tags):
        assert len(line.splitlines()) <= 1
    assert made.title or not made.raw
    assert made.published is None or made.published.utcoffset() == timedelta(0)
    assert -(2**63) <= made.key < 2**63
    assert len(made.id) == 16


@pytest.mark.parametrize(
    "unit", ["word ", "A. ", BODY + " ", "(AP) ", "“", "You subscribe. ", "<a> ", "橋。", "\u0301"]
)
def test_a_text_of_ten_megabytes_in_one_line_takes_time_by_its_length(unit: str) -> None:
    text = unit * (10_000_000 // len(unit.encode()))
    started = time.process_time()
    made = item(title="", blocks=body(BODY, text))
    assert len(made.raw.encode()) <= TEXT
    assert time.process_time() - started < 30


@settings(max_examples=100)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=30))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean.line(clean.line(text)) == clean.line(text)
    assert clean.label(clean.label(text)) == clean.label(text)


@settings(max_examples=50, deadline=None)
@given(ENTRIES)
def test_the_same_entry_makes_the_same_item(entry: Entry) -> None:
    assert normalise(entry, FEED) == normalise(entry, FEED)
