"""Texts in pieces: what each comes to, and that what is remembered of them is bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watcher.story import told
from watcher.story.marks import LEFT, NAMES, SIGNS, STRONG, UNIT, WORDS, Piece, piece_of
from watcher.story.told import Told

SOME = st.sampled_from(["a", "not", "Nothing", "US", "reports", "Tikrit", "mice", "without", "MILITIAS"])
LETTERS = st.text("aeinorstNTSR", min_size=5, max_size=9)
HYPHEN = "\u00ad"
"""A soft one, that no reader sees: a word with it is the same and takes the longer way."""


@given(
    st.sampled_from(["", '"', "(", "“", '("']),
    SOME | LETTERS,
    st.sampled_from(["", ",", ".", '."', "?”", ")", "…", ".)"]),
)
def test_a_word_in_plain_letters_comes_to_what_it_comes_to_by_the_longer_way(
    before: str, word: str, behind: str
) -> None:
    assert known(piece_of(before + word + behind)) == known(piece_of(before + word[:1] + HYPHEN + word[1:] + behind))


def known(piece: Piece) -> tuple[object, ...]:
    return piece[UNIT], piece[SIGNS], piece[NAMES], piece[WORDS], piece[LEFT]


def test_words_are_counted_over_title_and_text() -> None:
    said = Told("The Albatross — aground", "A well-known ferry.")
    assert [said.span(place) for place in range(len(said))] == [(0, 1), (1, 2), (2, 2), (2, 3), (3, 4), (4, 5), (5, 6)]
    assert said.places(STRONG) == [0, 1]
    assert (said.title, len(said.flat()), len(said.runs)) == (4, 6, 4)


def test_what_is_remembered_of_pieces_is_bounded() -> None:
    for number in range(told._MOST + 10):
        Told("", f"{number}")
    assert len(told._PIECES) <= told._MOST
    Told("", "x" * 100)
    assert "x" * 100 not in told._PIECES
