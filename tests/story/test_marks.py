from __future__ import annotations

from watcher.story.wide import STEMS, WIDE
from watcher.text.fold import is_stemmed, key

_RUSSIAN = "Россия Украина США Китай Германия Франция Израиль Иран Сирия Турция Европа"


def test_the_stems_of_wide_names_are_what_the_stemmer_makes_of_them() -> None:
    assert {key(word).lower() for word in _RUSSIAN.split()} == STEMS


def test_no_wide_name_asks_for_the_stemmer() -> None:
    assert [word for word in WIDE if is_stemmed(word)] == []
