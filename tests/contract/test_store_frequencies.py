"""How common terms are, as it is kept."""

from __future__ import annotations

from watcher.ports import Store


def test_at_first_nothing_is_known_of_terms(store: Store) -> None:
    assert store.frequencies() == {}


def test_frequencies_are_those_that_were_saved_last(store: Store) -> None:
    store.save_frequencies({"": 3, "quake": 2, "Straße": 1})
    assert store.frequencies() == {"": 3, "quake": 2, "Straße": 1}
    store.save_frequencies({"": 5, "flood": 4})
    assert store.frequencies() == {"": 5, "flood": 4}
