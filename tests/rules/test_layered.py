"""A mapping that changes by copies is the mapping that a dict becomes, and whoever has an earlier one keeps it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watcher.rules.layered import Layered

KEYS = st.integers(0, 9)
EDITS = st.lists(st.dictionaries(KEYS, st.none() | st.integers(), max_size=4), max_size=8)


@given(st.dictionaries(KEYS, st.integers()), EDITS)
def test_changes_make_of_it_what_they_make_of_a_dict(start: dict[int, int], edits: list[dict[int, int | None]]) -> None:
    plain, layered = dict(start), Layered(start)
    for edit in edits:
        before, kept = layered, dict(plain)
        layered = layered.changed(edit)
        plain = {key: new for key, new in (plain | edit).items() if new is not None}
        assert dict(before) == kept
        assert (dict(layered), len(layered)) == (plain, len(plain))
        assert {key for key in range(10) if key in layered} == set(plain)


def test_a_thousand_changes_are_no_thousand_layers() -> None:
    layered = Layered[int, int]({})
    for number in range(1_000):
        layered = layered.changed({number: number})
    assert dict(layered) == {number: number for number in range(1_000)}
    assert len(layered._edits) <= 257
