"""Laws: the index passes over no rule that is true, whatever was learned, and however often it was changed."""

import os
from collections.abc import Sequence
from itertools import combinations, count

import pytest
from hypothesis import example, given, note, settings
from hypothesis import strategies as st

from tests import rulegen
from tests.items import FEED, item, rule
from tests.reference import evaluate
from tests.test_match_laws import FREQUENT, items, trees
from watcher.model import Feed, Item, RuleId
from watcher.rules import query
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.rules.frequencies import ITEMS, NOTHING_COUNTED, Frequencies
from watcher.rules.nodes import And, Near, Node, Not, Or, Some, Word
from watcher.rules.printer import to_text
from watcher.rules.ruleset import Ruleset
from watcher.text.document import Document

EXAMPLES = 20_000 if os.environ.get("WATCHER_SOAK") else 60

NAMES = [RuleId(f"r{n}") for n in range(5)]
counts = st.dictionaries(st.sampled_from([*map(str.lower, FREQUENT), "US", "feed:wires"]), st.integers(1, 9))
learned = counts.map(lambda counted: Frequencies({ITEMS: 9, **counted}))
edits = st.lists(st.dictionaries(st.sampled_from(NAMES), st.none() | trees, max_size=3), max_size=5)


FEW = ["alpha", "beta", "gamma", "delta"]
EACH = [item(" ".join(some), title="") for n in range(len(FEW) + 1) for some in combinations(FEW, n)]
ALPHA, BETA, GAMMA, _ = map(Word, FEW)
weighed = st.permutations(FEW).map(lambda words: Frequencies({ITEMS: 9} | {word: n for n, word in enumerate(words, 1)}))


def _joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    counted = several.flatmap(lambda held: st.builds(Some, st.integers(1, len(held)), st.just(held)))
    return st.builds(Or, several) | st.builds(And, several) | counted | st.builds(Not, parts)


few = st.sampled_from(FEW).map(Word)
of_few = st.recursive(few | st.builds(Near, few, few, st.just(9)), _joined, max_leaves=8)


def asked(rules: Ruleset, article: Item, feed: Feed = FEED) -> list[CompiledRule]:
    return rules.candidates(Document(article, feed))


def many(*trees: Node) -> Ruleset:
    return Ruleset([compile_rule(rule(f"r{n}"), tree) for n, tree in enumerate(trees)])


def true_of(rules: Sequence[CompiledRule], article: Item, feed: Feed = FEED) -> list[CompiledRule]:
    return [each for each in rules if evaluate(each.tree, article, feed)[0]]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(trees, max_size=3), edits, st.lists(items(), min_size=1, max_size=2), learned)
def test_rules_that_were_changed_answer_as_rules_made_anew(
    first: list[Node], changes: list[dict[RuleId, Node | None]], articles: list[Item], frequencies: Frequencies
) -> None:
    now = {id_: compile_rule(rule(id_), tree, frequencies) for id_, tree in zip(NAMES, first, strict=False)}
    steps = [(Ruleset(list(now.values())), dict(now))]
    for some in changes:
        made = {id_: compile_rule(rule(id_), tree, frequencies) if tree else None for id_, tree in some.items()}
        now = {id_: each for id_, each in {**now, **made}.items() if each}
        steps.append((steps[-1][0].changed(made), dict(now)))
    for rules, wanted in steps:
        assert list(rules.rules) == list(wanted.values())
        assert all(rules.rule(id_) is wanted.get(id_) for id_ in NAMES)
        for article in articles:
            found = asked(rules, article)
            assert found == asked(Ruleset(list(wanted.values())), article)
            true = true_of(list(wanted.values()), article)
            note("; ".join(to_text(each.tree) for each in true))
            assert [each for each in found if each in true] == true


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(of_few, weighed)
@example(Or((ALPHA, And((BETA, GAMMA)))), NOTHING_COUNTED)
@example(Or((ALPHA, Not(BETA))), NOTHING_COUNTED)
@example(Some(2, (ALPHA, BETA, GAMMA)), NOTHING_COUNTED)
@example(Some(2, (ALPHA, BETA, Not(GAMMA))), NOTHING_COUNTED)
def test_whichever_of_its_words_a_text_has_a_rule_that_is_true_of_it_is_asked(
    tree: Node, frequencies: Frequencies
) -> None:
    compiled = compile_rule(rule("r"), tree, frequencies)
    note(f"{to_text(tree)}: {compiled.required}")
    passed_over = [each.text for each in EACH if not asked(Ruleset([compiled]), each) and true_of([compiled], each)]
    assert not passed_over


def test_no_invented_rule_is_passed_over() -> None:
    rules, times = many(*(tree for text in rulegen.rules(60) if (tree := query.parse(text).tree))), 0
    for article, feed in rulegen.articles(3, 60, words=100):
        found, true = asked(rules, article, feed), true_of(rules.rules, article, feed)
        assert [each for each in found if each in true] == true
        times += len(true)
    assert times


# --- rules that are hard on an index ----------------------------------------------------------------


def test_a_thousand_rules_of_one_word_are_rejected_by_their_others() -> None:
    rules = many(*(And((Word("government"), Or((Word("the"), Word(f"nobody{n}"))))) for n in range(1_000)))
    assert not asked(rules, item("The government"))[1_000:]
    assert asked(rules, item("Government of nobody7"))[0].rule.id == "r7"
    assert len(asked(rules, item("Government of nobody7"))) == 1


def test_a_thousand_wildcards_of_one_beginning_are_told_apart() -> None:
    rules = many(*(Word(f"militia{n:03}", prefix=True) for n in range(1_000)))
    assert [each.rule.id for each in asked(rules, item("militia123s and militia0421"))] == ["r42", "r123"]


def test_a_rule_is_rejected_where_no_word_begins_as_its_wildcard() -> None:
    rules = many(And((Word("tikrit"), Word("milit", prefix=True))))
    assert [len(asked(rules, item(text))) for text in ("Tikrit", "Militias", "Militias in Tikrit")] == [0, 0, 1]


@pytest.mark.parametrize(
    ("start", "word"),
    [
        ("compani", "companies"),
        ("strikes", "strikes"),
        ("mic", "mice"),
        ("aids", "AIDS"),
        ("москвы", "Москвы"),
        ("українець", "українець"),
    ],
)
def test_a_wildcard_is_answered_by_words_whose_keys_begin_otherwise(start: str, word: str) -> None:
    rules = many(Word(start, prefix=True), And((Word("the"), Word(start, prefix=True))))
    assert asked(rules, item(f"The {word}")) == [*rules.rules] == true_of(rules.rules, item(f"The {word}"))


def test_a_rule_of_thousands_of_names_is_found_by_each() -> None:
    names = [f"name{n}" for n in range(5_000)]
    rules = many(Or(tuple(map(Word, names))), And((Or(tuple(map(Word, names))), Word("resigns"))))
    assert [len(asked(rules, item(f"{name} speaks"))) for name in names[::1_000]] == [1] * 5
    assert len(asked(rules, item("name7 resigns"))) == 2


def test_more_words_than_are_remembered_are_found_all_the_same() -> None:
    rules, number = many(Word("tikrit"), Word("milit", prefix=True)), count()
    for _ in range(40):
        asked(rules, item(" ".join(f"w{next(number)}" for _ in range(1_000))))
    assert len(asked(rules, item("Militias in Tikrit"))) == 2
