"""The edit that would make an expression match, and that it does."""

from __future__ import annotations

import pytest

from tests.items import FEED, item, seed
from watcher.config import core_vocabulary
from watcher.model import Item
from watcher.rules import expression, load
from watcher.rules.compile import compile_tree
from watcher.rules.suggest import Suggestion, suggest
from watcher.text.document import Document

VOCABULARY = load({"core-en.yaml": core_vocabulary()}).vocabulary
REPORT = item(
    "A drone struck the depot at Delvast on Monday. Nobody was hurt. Soleimani's men held the eastern bridge.\n\n"
    "Officials in Amerli denied it. The air raids went on.",
    title="Fire at Delvast depot",
    authors=("Ann Author",),
)


def suggested(text: str, of: Item = REPORT) -> Suggestion | None:
    tree, problems = expression(text, VOCABULARY)
    assert tree is not None, problems
    return suggest(tree, Document(of, FEED))


@pytest.mark.parametrize(
    ("asked", "better"),
    [
        ('"airraids went"', '"air-raids went"'),
        ("airraids", "air-raids"),
        ("Soleymani", "Soleymani OR Soleimani"),
        ("=delvast", "delvast"),
        ('="fire at delvast"', '"fire at delvast"'),
        ("drone NEAR/1 depot", "drone NEAR/2 depot"),
        ("depot ONEAR/5 drone", "depot NEAR/5 drone"),
        ("drone NEAR/S bridge", "PARAGRAPH(drone AND bridge)"),
        ("drone NEAR/P Amerli", "drone AND Amerli"),
        ("title:drone", "drone"),
        ("fire AND drone AND flood", "fire AND drone"),
        ("drone AND NOT depot", "drone"),
        ('"drone depot"', "drone ONEAR/2 depot"),
        ('depot EXCEPT (depot OR "the depot")', "depot"),
        ("Soleymani AND Delvest", "(Soleymani OR Soleimani) AND (Delvest OR Delvast)"),
        ("(flood OR Soleymani) AND drone", "(flood OR Soleymani OR Soleimani) AND drone"),
    ],
)  # fmt: skip
def test_the_smallest_edit_that_matches_is_suggested(asked: str, better: str) -> None:
    found = suggested(asked)
    assert found is not None
    assert found.expression == better
    tree, _ = expression(better, VOCABULARY)
    assert tree is not None
    assert compile_tree(tree).root.true(Document(REPORT, FEED))


@pytest.mark.parametrize("asked", ["drone", "gronk", "gronk OR flonk", "feed:blogs", "gronk AND flonk", '"a gronk"'])
def test_nothing_is_suggested_where_it_matches_or_nothing_comes_near(asked: str) -> None:
    assert suggested(asked) is None


def test_what_is_changed_is_told_part_by_part() -> None:
    found = suggested("drone AND Soleymani AND flood")
    assert found is not None
    assert found.changes == (("Soleymani", "Soleymani OR Soleimani"), ("flood", None))


def test_a_name_that_finds_nothing_gets_company_and_its_vocabulary_stays() -> None:
    found = suggested("@ceasefire AND drone", item("A drone broke the armistize"))
    assert found is not None
    assert found.expression == "(@ceasefire OR armistize) AND drone"


def test_the_seed_that_writes_air_strikes_is_found_by_a_joint_spelling() -> None:
    found = suggested('"US airstrikes"', seed(0))
    assert found is not None
    assert found.changes == (('"US airstrikes"', '"US air-strikes"'),)


def test_the_seed_without_the_town_lacks_the_town() -> None:
    found = suggested("US airstrikes AND Tikrit", seed(2))
    assert found is not None
    assert found.changes == (("Tikrit", None),)


def test_a_rule_of_thousands_of_words_is_answered_in_bounded_work() -> None:
    many = " OR ".join(f"gronk{n}" for n in range(3_000))
    assert suggested(f"({many}) AND drone") is not None
