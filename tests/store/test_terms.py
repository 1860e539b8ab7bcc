"""What is filed of a text comes back by exactly its keys, whatever they look like to SQLite."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.store import terms
from watcher.text.tokens import keys

WORDS = st.text(st.characters(exclude_categories=["Cs", "Co"]), min_size=1, max_size=8)


def finds(filed: set[str], any_of: list[frozenset[str]]) -> bool:
    """Whether SQLite finds a row filed under these terms."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE terms USING fts5 (keys, content = '', detail = none, tokenize = 'ascii')")
    db.execute("INSERT INTO terms (rowid, keys) VALUES (1, ?)", [" ".join(terms._written(filed))])
    found = db.execute("SELECT 1 FROM terms WHERE terms MATCH ?", [terms.question(any_of)]).fetchall()
    db.close()
    return bool(found)


@settings(max_examples=150)
@given(filed=st.sets(WORDS, min_size=1, max_size=4), asked=st.lists(st.frozensets(WORDS, min_size=1), min_size=1))
def test_a_row_is_found_exactly_when_each_set_has_one_of_its_terms(
    filed: set[str], asked: list[frozenset[str]]
) -> None:
    assert finds(filed, asked) == all(filed & one for one in asked)


@pytest.mark.parametrize(
    ("filed", "asked"),
    [
        ("US", "us"),
        ("us", "US"),
        ("c++", "c"),
        ("c", "c#"),
        ("AND", "and"),
        ('"', "'"),
        ("iraq", "ıraq"),
        ("a\0b", "a"),
    ],
)
def test_terms_that_look_alike_to_a_tokenizer_stay_apart(filed: str, asked: str) -> None:
    assert finds({filed}, [frozenset([filed])])
    assert not finds({filed}, [frozenset([asked])])


def test_an_item_is_filed_under_the_keys_of_each_of_its_texts_once() -> None:
    texts = ("US jets over Tikrit", "Tikrit, Iraq", "Tikrit, said us all.\n\nTikrit!", "C++")
    filed = terms.filed(*texts).split()
    expected = dict.fromkeys(key for text in texts for key in keys(text))
    assert filed == [key.translate(terms._SAFE) for key in expected]
    assert len(set(filed)) == len(filed)
