from __future__ import annotations

from watcher.story import denying, wide
from watcher.text.fold import is_stemmed, key

_WIDE = "Россия Украина США Китай Германия Франция Израиль Иран Сирия Турция Европа"
_NO = "не нет ни никогда никто ничего без нельзя"


def test_stems_that_are_written_down_are_what_the_stemmer_makes_of_the_words() -> None:
    assert {key(word).lower() for word in _WIDE.split()} == wide.STEMS
    assert {key(word) for word in _NO.split()} == denying.STEMS


def test_no_wide_name_is_stemmed() -> None:
    assert [word for word in wide.WIDE if is_stemmed(word)] == []
