"""No expression and no text hold the watcher: what is done grows with the text, however the rule is nested.

Counted are the calls that are made, not the time they take.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from tests.items import FEED, item
from watcher.match import explain
from watcher.rules import query
from watcher.rules.compile import Compiled, compile_tree
from watcher.text.document import Document

WORDS = 150
MORE = 4
NEARLY_LINEAR = 1.35
"""So many times as much work as text, at most."""


def calls(ask: Callable[[], object]) -> int:
    """How many functions were called."""
    made = 0

    def count(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal made
        made += event not in {"return", "c_return"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        ask()
    finally:
        sys.setprofile(before)
    return made


def compiled(expression: str) -> Compiled:
    tree = query.parse(expression).tree
    assert tree is not None, expression
    return compile_tree(tree)


def nested(form: str, inmost: str, levels: int) -> str:
    for _ in range(levels):
        inmost = form.replace("@", inmost)
    return inmost


def many(form: str, number: int, between: str = " OR ") -> str:
    return between.join(form.replace("N", str(n)) for n in range(number))


WORST = [
    ("a b ", nested('(@) EXCEPT "a b"', "a", 30)),
    ("a b ", nested("a EXCEPT (@)", '"a b"', 30)),
    ("a b ", "(a NEAR/3 b) EXCEPT (a NEAR/2 b)"),
    ("a b ", "a NEAR/100 zz"),
    ("a b c ", "(a NEAR/5 b) NEAR/5 c"),
    ("a b ", "ATLEAST/50 (a NEAR/2 b)"),
    ("a b ", 'ATLEAST/50 (a OR b OR "a b" OR "b a")'),
    ("a b. C a b.\n\n", nested("SENTENCE(@ AND a)", "b", 8)),
    ("a b. C a b.\n\n", nested("PARAGRAPH(SENTENCE(@ AND a))", "b", 4)),
    ("a b. C a b.\n\n", "SENTENCE(/a/ AND /zz/)"),
    ("a b. C a b.\n\n", "SENTENCE(/a/ AND /b/)"),
    ("a b. C a b.\n\n", f"SENTENCE(({many('a N', 30)}) AND b)"),
    ("a b ", many('"a bN"', 100)),
    ("a b ", f"2 OF ({many('a bN', 100, ', ')})"),
    ("a b ", nested("FIRST/999 (@)", "a", 15)),
    ("no a b. ", "ASSERTED(a NEAR/5 b)"),
    ("no a b ", "ASSERTED(a)"),
    ("abc1 abc2 ", many("abcN*", 20)),
    ("a", "/(a{1,100} ?){1,10}b/"),
    ("a ", "/a.*zz|a/"),
    ("a b ", "/a/ NEAR/5 /b/"),
]


@pytest.mark.parametrize(("unit", "expression"), WORST)
def test_the_work_grows_no_faster_than_the_text(unit: str, expression: str) -> None:
    one = compiled(expression)
    texts = [(unit * (WORDS * n)) for n in (1, MORE)]

    def ask(text: str) -> None:
        document = Document(item(text), FEED)
        if one.root.true(document):
            one.root.hits(document)

    ask(texts[0])  # what is made once is made
    few, more = (calls(lambda text=text: ask(text)) for text in texts)  # type: ignore[misc]
    assert more <= few * MORE * NEARLY_LINEAR + 1_000


@pytest.mark.parametrize("levels", [8])
@pytest.mark.parametrize(
    ("form", "inmost"),
    [("SENTENCE(@ AND a)", "b"), ('(@) EXCEPT "a c"', "a"), ("FIRST/90 (@)", "a")],
)
def test_the_work_grows_no_faster_than_the_levels(form: str, inmost: str, levels: int) -> None:
    text = "a b. C a b.\n\n" * 30
    few, more = (compiled(nested(form, inmost, n)) for n in (levels, 2 * levels))

    def ask(one: Compiled) -> None:
        document = Document(item(text), FEED)
        if one.root.true(document):
            one.root.hits(document)

    ask(more)
    assert calls(lambda: ask(more)) <= 2 * NEARLY_LINEAR * calls(lambda: ask(few))


@pytest.mark.parametrize(("unit", "expression"), WORST)
def test_what_is_missing_is_told_of_the_worst_too(unit: str, expression: str) -> None:
    explain(compiled(f"({expression}) AND zzz"), item(unit * WORDS), FEED)
