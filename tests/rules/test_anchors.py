"""What is remembered of the rules that were filed stays small."""

import weakref
from dataclasses import dataclass

from watcher.rules.anchors import required
from watcher.rules.frequencies import NOTHING_COUNTED
from watcher.rules.nodes import Alias, Node, Or, Word


@dataclass(frozen=True)
class Names(Or):
    """A list that tells when it is let go of."""


def filed(word: str) -> "weakref.ref[Node]":
    part = Names((Word(word), Word("Ramadi")))
    required(Alias("places", part), NOTHING_COUNTED)
    return weakref.ref(part)


def test_of_a_name_only_what_it_says_now_is_remembered() -> None:
    before = filed("Tikrit")
    assert before() is not None
    now = filed("Mosul")
    assert before() is None
    assert now() is not None


def test_a_name_that_says_something_else_in_another_file_is_filed_by_that() -> None:
    one, other = (Alias("places", Word(word)) for word in ("Tikrit", "Mosul"))
    found = [required(tree, NOTHING_COUNTED) for tree in (one, other, one)]
    assert found == [(("tikrit",),), (("mosul",),), (("tikrit",),)]
