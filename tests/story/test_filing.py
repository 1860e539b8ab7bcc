"""The index of sketches: what it finds, that it is bounded, and that a new one says what an old one says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.story.told import FERRY, OTHERS_ON_FERRY, edited, quake, told
from watcher.model import Sketch
from watcher.story import filing, sketch_of
from watcher.story.filing import Index

SKETCHES = [
    sketch_of(told("a", text).item)
    for text in (FERRY, edited(FERRY), FERRY[:300], OTHERS_ON_FERRY, quake("Ostby", "4.6", 12, "Hesk"), "", "One two.")
]
DOINGS = st.lists(
    st.tuples(st.sampled_from(["add", "add", "add", "drop"]), st.integers(0, 9), st.sampled_from(SKETCHES)), max_size=60
)


@given(DOINGS, st.integers(0, 40))
def test_an_index_that_has_lived_says_what_one_made_of_what_is_left_says(
    doings: list[tuple[str, int, Sketch]], since: int
) -> None:
    lived, left = Index(64), dict[int, tuple[int, Sketch]]()
    for time, (what, number, sketch) in enumerate(doings):
        left.pop(number, None)
        if what == "drop":
            lived.drop(number)
        else:
            lived.add(number, time, sketch, f"address {number}")
            left[number] = time, sketch
    lived.expire(since)
    made = Index(64)
    for number, (time, sketch) in left.items():
        if time >= since:
            made.add(number, time, sketch, f"address {number}")
    assert len(made) == len(lived)
    for sketch in SKETCHES:
        assert lived.having(sketch) == made.having(sketch)
        assert lived.ask(sketch, "address 3") == made.ask(sketch, "address 3")


def test_more_sketches_than_it_takes_put_out_the_oldest() -> None:
    index = Index(64)
    for number in range(filing.MOST + 10):
        index.add(number, number, Sketch(), None)
    assert len(index) == filing.MOST


def test_what_is_gone_takes_no_room_for_long() -> None:
    index = Index(64)
    for number in range(30_000):
        index.add(number, number, Sketch(), None)
        index.expire(number - 10)
    assert len(index) == 11
    assert len(index._keys) < 200_000
