"""What expressions find in texts: matching.yaml says it case by case."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.items import FEED, item
from tests.reference import denied, evaluate
from watcher import yamldoc
from watcher.match import explain
from watcher.model import Item
from watcher.rules import expression, load
from watcher.rules.compile import compile_tree
from watcher.rules.nodes import Node
from watcher.rules.vocab import Vocabulary

CASES = Path(__file__).parent / "data" / "matching.yaml"
LISTS = ("authors", "tags")
VOCABULARY = load(
    {
        "vocabulary.yaml": b"""\
vocab:
  us: {auto: true, match: '=US OR =USA OR "United States" OR American', except: '"contact us" OR "about us"'}
  airstrike: {auto: true, match: 'air-strike OR air-raid OR "aerial bombardment"'}
  soleimani: {match: '(Qasem OR Qassem) ONEAR/1 (Soleimani OR Suleimani)'}
"""
    }
).vocabulary


def cases() -> list[Any]:
    node, findings = yamldoc.load(CASES.read_bytes(), CASES.name)
    assert node is not None
    assert not findings
    listed = [(section, case) for section, listed in yamldoc.plain(node).items() for case in listed]
    names = [f"{section}-{n}-{case['match']!r}" for n, (section, case) in enumerate(listed)]
    return [pytest.param(section, case, id=name) for (section, case), name in zip(listed, names, strict=True)]


def tree_of(section: str, case: dict[str, Any]) -> Node:
    tree, problems = expression(str(case["match"]), VOCABULARY if section == "vocabulary" else Vocabulary())
    assert tree is not None, problems
    return tree


def item_of(case: dict[str, Any]) -> Item:
    fields = {key: value for key, value in case.items() if key not in ("match", "spans", "matches", "denial")}
    fields |= {key: tuple(fields[key]) for key in LISTS if key in fields}
    if "published" in fields:
        fields["published"] = datetime.fromisoformat(fields["published"])
    return item(**fields)


@pytest.mark.parametrize(("section", "case"), cases())
def test_an_expression_finds_what_the_case_says(section: str, case: dict[str, Any]) -> None:
    found = explain(compile_tree(tree_of(section, case)), item_of(case), FEED)
    assert [span.text for span in found.evidence] == [str(span) for span in case["spans"]]
    assert found.matched == case.get("matches", bool(case["spans"]))
    assert found.denial == case.get("denial", False)


@pytest.mark.parametrize(("section", "case"), cases())
def test_the_plain_evaluator_finds_the_same(section: str, case: dict[str, Any]) -> None:
    tree, article = tree_of(section, case), item_of(case)
    found = explain(compile_tree(tree), article, FEED)
    spans = {(span.field, span.start, span.end, span.text, span.term) for span in found.evidence}
    assert evaluate(tree, article, FEED) == (found.matched, spans)
    assert denied(tree, article, FEED) == found.denial
