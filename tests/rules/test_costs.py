"""By what a rule is found, and what is said of one that is asked of every item."""

from __future__ import annotations

import pytest

from watcher.model import RuleId
from watcher.rules import query
from watcher.rules.costs import Cost, Found, costs, summary
from watcher.rules.frequencies import ITEMS


def _of(*expressions: str, **counted: int) -> tuple[Cost, ...]:
    trees = [(RuleId(source), tree) for source in expressions if (tree := query.parse(source).tree)]
    return costs(trees, ({ITEMS: 1_000} | counted) if counted else {})


@pytest.mark.parametrize(
    ("expression", "found", "terms"),
    [
        ("Tikrit AND the", Found.WORD, {"tikrit"}),
        ("title:Tikrit", Found.WORD, {"tikrit"}),
        ("author:Tikrit", Found.WORD, {"author:tikrit"}),
        ("militar*", Found.BEGINNING, {"militar*"}),
        ("militar* OR Tikrit", Found.BEGINNING, {"militar*", "tikrit"}),
        ("lang:en AND NOT feed:x", Found.NAME, {"lang:en"}),
        ("/Tu-?160/", Found.REGEX, {"//Tu-?160"}),
        ("url:/airport/", Found.REGEX, {"url://airport"}),
        ("/Tu-?160/ AND Tikrit", Found.WORD, {"tikrit"}),
    ],
)
def test_a_rule_is_found_by_its_rarest_requirement(expression: str, found: Found, terms: set[str]) -> None:
    (cost,) = _of(expression)
    assert (cost.found, set(cost.terms), cost.why) == (found, terms, "")


@pytest.mark.parametrize(
    ("expression", "part", "mend"),
    [
        ("/[0-9]+/", "/[0-9]+/", "give it some"),
        ("Mosul OR /[0-9]+/", "/[0-9]+/", "give it some"),
        ("Mosul OR (NOT Tikrit AND /[0-9]+/)", "/[0-9]+/", "give it some"),
        ("NOT Tikrit", "NOT Tikrit", "say with AND"),
        ("Mosul OR NOT Tikrit", "NOT Tikrit", "say with AND"),
        ("published:2026-03", "published:2026-03", "say with AND"),
        ("SENTENCE(NOT Tikrit)", "NOT Tikrit", "say with AND"),
    ],
)
def test_a_rule_that_is_asked_of_every_item_is_told_why(expression: str, part: str, mend: str) -> None:
    (cost,) = _of(expression)
    assert (cost.found, cost.share, cost.terms) == (Found.EVERY, 1.0, ())
    assert cost.why.startswith(f"`{part}` ")
    assert mend in cost.help


def test_the_dearest_come_first() -> None:
    found = _of("Tikrit", "/[0-9]+/", "the", "lang:en", "/Tu-?160/")
    assert [cost.rule for cost in found] == ["/[0-9]+/", "lang:en", "/Tu-?160/", "the", "Tikrit"]


def test_a_term_is_shared_with_the_other_rules_that_are_filed_under_it() -> None:
    found = _of("Tikrit AND the", "Tikrit OR Mosul", "Basra")
    assert {cost.rule: cost.shared for cost in found} == {"Tikrit AND the": 1, "Tikrit OR Mosul": 1, "Basra": 0}


def test_how_often_is_told_where_it_was_counted() -> None:
    assert _of("Tikrit")[0].share is None
    (cost,) = _of("Tikrit OR Mosul", tikrit=20, mosul=30)
    assert cost.share == pytest.approx(0.05, rel=0.1)
    assert _of("/Tu-?160/", tikrit=20)[0].share is None


def test_the_summary_counts_what_there_is() -> None:
    assert summary(_of("Tikrit", "Mosul", "/[0-9]+/")) == {Found.EVERY: 1, Found.WORD: 2}
