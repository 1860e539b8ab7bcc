"""Which words of an item an alert shows, and where they are marked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import FeedId, Hash64, Item, ItemId, RuleId, Span, ToldItem
from watcher.render.snippet import Marked, because, headline, snippets

NOW = datetime(2026, 3, 1, 11, 32, tzinfo=UTC)
TERMS = {"quake": r"quakes?|tremor", "harbour": "harbour", "night": "night"}


def told(
    text: str = "",
    title: str = "",
    summary: str = "",
    *,
    terms: Mapping[str, str] = TERMS,
    title_from_text: bool = False,
    place: str = "",
) -> ToldItem:
    """An item with every hit of every term in its fields as evidence."""
    item = Item(
        id=ItemId("a"),
        feed=FeedId("wire"),
        key=Hash64(1),
        fingerprint=Hash64(1),
        title=title,
        title_from_text=title_from_text,
        text=text,
        summary=summary,
        place=place,
    )
    evidence = tuple(
        Span(field=field, start=m.start(), end=m.end(), text=m[0], term=term)
        for term, pattern in terms.items()
        for field in ("title", "place", "text", "summary")
        for m in re.finditer(pattern, getattr(item, field))
    )
    return ToldItem(item=item, revision=1, seen_at=NOW, rules=((RuleId("r"), "R"),), evidence=evidence)


def starred(item: ToldItem, limit: int = 300, most: int = 3) -> list[str]:
    return [s.starred() for s in snippets(item, limit=limit, most=most)]


def test_the_sentence_that_says_most_is_shown_and_no_other_when_it_says_all() -> None:
    text = "A quake came. The harbour is old. At night a quake hit the harbour. It was night."
    assert starred(told(text)) == ["At *night* a *quake* hit the *harbour*."]


def test_a_place_is_shown_before_the_sentence_it_was_taken_from() -> None:
    text = "A quake came. The harbour is old."
    assert starred(told(text, place="New Harbour", terms={"Harbour": "Harbour"})) == ["New *Harbour* – A quake came."]
    both = told(text, place="New Harbour", terms=TERMS | {"Harbour": "Harbour"})
    assert starred(both) == ["New *Harbour* – A *quake* came.", "The *harbour* is old."]
    assert starred(told("", place="Harbour", terms={"Harbour": "Harbour"})) == ["*Harbour*"]
    assert starred(told(text, place="New Harbour")) == ["A *quake* came.", "The *harbour* is old."]


def test_sentences_are_shown_in_reading_order_until_every_term_is_seen() -> None:
    text = "The harbour is old. Nothing here. A quake came at night."
    assert starred(told(text)) == ["The *harbour* is old.", "A *quake* came at *night*."]


def test_no_more_sentences_are_shown_than_asked_for() -> None:
    assert starred(told("A quake. A harbour. A night."), most=2) == ["A *quake*.", "A *harbour*."]


def test_a_term_that_only_the_summary_has_is_shown_from_there() -> None:
    item = told("A quake came.", summary="The harbour burned.")
    assert starred(item) == ["A *quake* came.", "The *harbour* burned."]


def test_hits_that_overlap_or_touch_are_marked_as_one() -> None:
    terms = {"a": "air", "b": "strikes?", "c": "air strike"}
    assert starred(told("Two air strikes, then air.", terms=terms)) == ["Two *air strikes*, then *air*."]


def test_a_long_sentence_is_cut_round_its_hits_on_whole_words() -> None:
    text = "word " * 100 + "the quake at the harbour " + "word " * 100 + "end."
    (shown,) = starred(told(text), limit=60)
    assert "*quake* at the *harbour*" in shown
    assert shown.startswith("…word ")
    assert shown.endswith(" word…")
    assert len(shown) <= 60 + 2 + 4


def test_a_sentence_without_any_space_is_cut_inside() -> None:
    (shown,) = snippets(told("x" * 5000 + "quake" + "x" * 5000), limit=50, most=1)
    assert len(shown.text) <= 52
    assert shown.text[slice(*shown.hits[0])] == "quake"


def test_a_hit_longer_than_the_room_is_cut() -> None:
    (shown,) = snippets(told("y" * 500, terms={"all": "y+"}), limit=50, most=1)
    assert shown.text == "y" * 50 + "…"


def test_evidence_that_does_not_stand_where_it_says_is_left_out() -> None:
    wrong = Span(field="text", start=0, end=5, text="quake", term="quake")
    item = told("Calm weather.", terms={})
    item = ToldItem(item=item.item, revision=1, seen_at=NOW, rules=item.rules, evidence=(wrong,))
    assert snippets(item, limit=100, most=3) == ()


def test_evidence_in_names_and_tags_is_no_sentence_but_is_named() -> None:
    span = Span(field="authors", start=0, end=3, text="Ana", term="author:ana")
    item = told("A quake came.")
    item = ToldItem(item=item.item, revision=1, seen_at=NOW, rules=item.rules, evidence=(*item.evidence, span))
    assert starred(item) == ["A *quake* came."]
    assert because(item, most=8) == "“quake”, “Ana”"


def test_line_ends_and_control_characters_of_the_text_do_not_reach_the_line() -> None:
    (shown,) = snippets(told("A \x1b[31mquake\x00 \x07hit\tthe\u202e harbour"), limit=100, most=1)
    assert shown.starred() == "A [31m*quake* hit the *harbour*"


def test_a_headline_is_marked() -> None:
    assert headline(told(title="Night quake")).starred() == "Night *quake*"


def test_a_headline_taken_from_the_text_is_marked_where_the_text_is() -> None:
    item = told("At night a quake hit the old harbour.", title="At night a quake…", title_from_text=True)
    assert headline(item).starred() == "At *night* a *quake*…"


def test_an_item_without_a_title_has_a_headline_all_the_same() -> None:
    assert headline(told("A quake.")).text == "(no title)"


def test_the_words_that_matched_are_counted_whatever_their_case() -> None:
    assert because(told("Quake, quake. A Harbour.", terms={"q": "[Qq]uake", "h": "Harbour"}), most=8) == (
        "“Quake” ×2, “Harbour”"
    )
    assert because(told("quake tremor harbour night"), most=2) == "“quake”, “tremor”, +2 more"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 9, [("ab", False), ("cd", True), ("e", False), ("fg", True), ("hi", False)]),
        (3, 6, [("", False), ("d", True), ("e", False), ("f", True), ("", False)]),
        (4, 5, [("e", False)]),
    ],
)
def test_pieces_of_a_part_are_cut_at_its_ends(start: int, end: int, expected: list[tuple[str, bool]]) -> None:
    marked = Marked("abcdefghi", ((2, 4), (5, 7)))
    assert [p for p in marked.pieces(start, end) if p[0]] == [p for p in expected if p[0]]


WORDS = st.lists(st.sampled_from(["quake", "harbour", "night", "a", "Über.", "\n", "\x1b[2J", "tremor,", "x" * 40]))


@settings(max_examples=150, deadline=None)
@given(WORDS, st.integers(20, 80), st.integers(1, 3))
def test_whatever_the_text_hits_are_hits_and_limits_hold(words: list[str], limit: int, most: int) -> None:
    shown = snippets(told(" ".join(words)), limit=limit, most=most)
    assert len(shown) <= most
    for line in shown:
        assert len(line.text) <= limit + 2
        assert "\x1b" not in line.text
        assert "\n" not in line.text
        assert "".join(piece for piece, _ in line.pieces()) == line.text
        at = 0
        for left, right in line.hits:
            assert at <= left < right <= len(line.text)
            assert re.fullmatch(r"(quakes?|tremor|harbour|night| )+", line.text[left:right])
            at = right + 1


@given(st.text(alphabet="ab quake", max_size=60), st.integers(1, 70))
def test_a_line_that_is_cut_keeps_the_hits_that_are_left(text: str, limit: int) -> None:
    whole = headline(told(title=f"quake {text}"))
    short = whole.cut(limit)
    assert len(short.text) <= limit
    hits, all_hits = ([piece for piece, hit in one.pieces() if hit] for one in (short, whole))
    assert hits[:-1] == all_hits[: len(hits) - 1] if hits else True
    assert all(one.startswith(hits[-1]) for one in all_hits[len(hits) - 1 : len(hits)] if hits)
    assert "…" not in "".join(hits)


def test_a_hit_as_long_as_a_page_is_cut_where_it_stands_alone() -> None:
    assert because(told("night " * 1000, terms={"all": r"(?:night ?)+"}), most=3) == "“" + "night " * 12 + "night…”"
