import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.text.sentences import first_sentence, paragraphs, sentences


def pieces(cutter: Callable[[str], list[tuple[int, int]]], text: str) -> list[str]:
    return [text[start:end] for start, end in cutter(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["The city fell.", "Troops entered it."],
        ["He met Gen. Martin Dempsey.", "They spoke."],
        ["Col. Steve Warren spoke.", "Police Brig. Kheyon Rasheed did not."],
        ["The U.S. and Iran agree.", "U.S. officials say so."],
        ["The U.S. Army left the base.", "So did others."],
        ["He returned to the U.S.", "The trial goes on."],
        ["George W. Bush and J. A. Smith came.", "They left at 5 p.m. Monday."],
        ["It paid 5.4 million.", "No. 5 was cheaper."],
        ['"He left."', "She stayed (for now.)", "It was late!"],
        ["“That’s it.”", "Nobody spoke."],
        ['"What?" he asked.', "No answer... but a sigh."],
        ["Really?!", "Yes…", "Well."],
        ["Sept. 11 changed it.", "Mr. Smith agreed."],
        ["这是第一句。", "那是第二句！", "好"],
    ],
)
def test_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    assert pieces(sentences, " ".join(parts)) == parts


def test_a_sentence_ends_without_a_space_behind_it() -> None:
    assert pieces(sentences, "the battle for Tikrit.The assault stalled") == [
        "the battle for Tikrit.",
        "The assault stalled",
    ]


@pytest.mark.parametrize("text", ["Node.js is old", "ASP.Net too", "see example.com/A.html", "version 2.Beta", "U.S.A"])
def test_a_full_stop_inside_a_name_ends_nothing(text: str) -> None:
    assert pieces(sentences, text) == [text]


def test_a_line_end_ends_a_sentence_and_a_blank_line_a_paragraph() -> None:
    text = "One line\nanother\n\n \t\nA paragraph. Of two.\n"
    assert pieces(sentences, text) == ["One line", "another", "A paragraph.", "Of two."]
    assert pieces(paragraphs, text) == ["One line\nanother", "A paragraph. Of two."]


def test_the_first_sentence_is_cut_to_the_limit() -> None:
    text = "\n Iran-backed troops entered the city. Then they left."
    assert first_sentence(text, 100) == "Iran-backed troops entered the city."
    assert first_sentence(text, 20) == "Iran-backed troops…"
    assert first_sentence(" \n", 20) == ""


@pytest.mark.parametrize("cutter", [sentences, paragraphs])
@given(text=st.text(alphabet="aB. !?\n\"”)'1", max_size=60))
def test_only_white_space_lies_between_the_pieces(cutter: Callable[[str], list[tuple[int, int]]], text: str) -> None:
    edges = [0, *(edge for piece in cutter(text) for edge in piece), len(text)]
    assert edges == sorted(edges)
    between = [text[a:b] for a, b in list(pairwise(edges))[::2]]
    assert not "".join(between).strip()


@given(text=st.text(alphabet="aB. !?…\n\"”)'1。", max_size=60))
def test_a_line_by_itself_is_cut_as_it_is_among_the_others(text: str) -> None:
    lines = [m.span() for m in re.finditer(r"[^\n]+", text)]
    assert [piece for line in lines for piece in sentences(text, *line)] == sentences(text)
