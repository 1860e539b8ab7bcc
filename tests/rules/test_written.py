"""What is put into a rule file, and where."""

from __future__ import annotations

import pytest

from watcher.rules import load
from watcher.rules.written import (
    EMPTY,
    alone,
    block,
    data,
    entry,
    free_id,
    index_at,
    with_id,
    with_rule,
    with_test,
    without_ids,
)

FILE = b"""\
rules:
  - id: one
    match: US

  - watch: Two things
    all: [a, b]
"""


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("US airstrikes AND Tikrit", "US airstrikes AND Tikrit"),
        ('"air strike" OR x', '"air strike" OR x\n'),
        ("=US", "=US"),
        ("@us AND x", "@us AND x\n"),
        ("title:x", "title:x"),
        ("a: b", "a: b\n"),
        ("a AND\n  b\n", "a AND\nb\n"),
        ("x #y", "x #y\n"),
    ],
)
def test_an_expression_stands_in_a_block_where_yaml_would_misread_it(expression: str, written: str) -> None:
    assert block(expression) == written
    (rule,) = load({"a.yaml": with_rule(EMPTY, entry("a", "A", expression))}).rules or (None,)
    assert rule is None or rule.rule.expression == written.strip()


def test_a_rule_has_only_the_keys_that_were_given() -> None:
    assert list(entry("a", "A", "b")) == ["id", "title", "match"]
    assert list(entry("a", "A", "b", severity="high", notify=["x"])) == ["id", "title", "match", "severity", "notify"]


def test_ids_are_made_of_titles_and_are_free() -> None:
    assert free_id("US strikes!", ()) == "us-strikes"
    assert free_id("US strikes", {"us-strikes", "us-strikes-2"}) == "us-strikes-3"
    assert free_id("中文", ()) == "rule"


def test_rules_are_found_by_the_line_they_begin_in() -> None:
    assert [index_at(FILE, line) for line in (2, 3, 5)] == [0, None, 1]
    assert without_ids(FILE) == (1,)


def test_an_id_is_written_once() -> None:
    named = with_id(FILE, 1, "two")
    assert named == FILE.replace(b"things\n", b"things\n    id: two\n")
    assert with_id(named, 1, "three") == named


def test_tests_are_gathered_and_one_of_the_same_item_is_changed() -> None:
    once = with_test(FILE, 0, {"file": "a.txt", "expect": "match"})
    assert once == FILE.replace(b"US\n", b"US\n    tests:\n      - {file: a.txt, expect: match}\n")
    twice = with_test(once, 0, {"title": "x", "expect": "match"})
    assert data(twice, 0)["tests"] == [{"file": "a.txt", "expect": "match"}, {"title": "x", "expect": "match"}]
    other = with_test(twice, 0, {"file": "a.txt", "expect": "no match"})
    assert other == twice.replace(b"{file: a.txt, expect: match}", b"{file: a.txt, expect: no match}")


def test_a_rule_alone_is_the_same_rule() -> None:
    assert data(alone(FILE, 1), 0) == data(FILE, 1)
    assert without_ids(alone(FILE, 1)) == (0,)
