from hypothesis import given
from hypothesis import strategies as st

from watcher.text.cut import cut


def test_a_short_text_is_left_alone() -> None:
    assert cut("Tikrit falls", 12) == "Tikrit falls"


def test_a_long_text_is_cut_on_a_word_and_marked() -> None:
    assert cut("Iraqi forces entered the city, officials said", 31) == "Iraqi forces entered the city…"


def test_an_opening_quote_is_not_left_dangling() -> None:
    assert cut('He said "nothing at all', 11) == "He said…"


def test_a_word_that_ends_at_the_limit_is_kept() -> None:
    assert cut("one two three", 8) == "one two…"


def test_one_endless_word_is_cut_inside_it() -> None:
    assert cut("x" * 50, 10) == "x" * 9 + "…"


def test_a_letter_keeps_its_accent() -> None:
    assert cut("abce\u0301fgh", 5) == "abc…"


@given(st.text(), st.integers(1, 40))
def test_the_result_never_exceeds_the_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit
