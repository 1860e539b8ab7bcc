"""The rules and articles that matching is measured by say what they should, and the same on every machine."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.rulegen import TOLD, Law, articles, name, rules, watched
from watcher.rules import query


@pytest.mark.parametrize("law", ["held", "growing"])
def test_every_rule_can_be_read(law: Law) -> None:
    for text in rules(600, law):
        parsed = query.parse(text)
        assert parsed.tree is not None, text
        assert not any(problem.fatal for problem in parsed.problems), text


def test_no_two_names_share_a_surname() -> None:
    assert len({name(n)[1] for n in range(100_000)}) == 100_000


def test_an_article_tells_of_watched_names_in_full_and_is_the_same_each_time() -> None:
    first, second = (made for made, _ in articles(2, 1_000))
    assert (first, second) == tuple(made for made, _ in articles(2, 1_000))
    names = [" ".join(name(n)) for n in range(watched(1_000, "held"))]
    assert sum(each in first.text for each in names) >= TOLD - 1  # one may have been written over


def test_growing_rules_go_on_where_fewer_end() -> None:
    assert list(islice(rules(400, "growing"), 300)) == list(rules(300, "growing"))


def test_articles_have_the_length_asked_for() -> None:
    for made, _ in articles(3, 100, words=300):
        assert 270 <= len(made.text.split()) <= 420
