"""A set of rules that is changed a few at a time answers as one made anew of the same rules."""

from collections.abc import Mapping

from tests.items import FEED, item, rule
from watcher.model import RuleId
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.rules.nodes import Field, Not, Word
from watcher.rules.ruleset import Ruleset
from watcher.text.document import Document

ARTICLE = Document(item("alpha beta gamma delta"), FEED)


def watches(**words: str) -> Mapping[RuleId, CompiledRule]:
    return {RuleId(name): compile_rule(rule(name), Word(word)) for name, word in words.items()}


def made(**words: str) -> Ruleset:
    return Ruleset(list(watches(**words).values()))


def asked(rules: Ruleset) -> list[str]:
    return [found.rule.id for found in rules.candidates(ARTICLE)]


def test_a_rule_that_is_added_comes_last() -> None:
    assert asked(made(b="alpha").changed(watches(a="beta"))) == ["b", "a"]


def test_a_rule_that_is_changed_keeps_its_place() -> None:
    rules = made(a="alpha", b="nothing", c="gamma")
    assert asked(rules.changed(watches(b="beta", a="alpha"))) == ["a", "b", "c"]
    assert asked(rules.changed(watches(a="nothing"))) == ["c"]


def test_a_rule_that_is_taken_out_is_asked_no_more_and_comes_back_at_the_end() -> None:
    rules = made(a="alpha", b="beta").changed({RuleId("a"): None})
    assert asked(rules) == ["b"]
    assert rules.rule(RuleId("a")) is None
    assert asked(rules.changed(watches(a="alpha"))) == ["b", "a"]


def test_a_rule_that_comes_back_comes_behind_those_that_came_meanwhile() -> None:
    rules = made(z="alpha").changed(watches(a="alpha")).changed(watches(b="beta"))
    again = rules.changed({RuleId("a"): None}).changed(watches(a="alpha"))
    assert (asked(rules), asked(again)) == (["z", "a", "b"], ["z", "b", "a"])


def test_a_rule_that_is_added_is_found_in_fields_that_no_other_asks() -> None:
    added = compile_rule(rule("b"), Field("tag", Word("epsilon")))
    rules = made(a="alpha").changed({RuleId("b"): added})
    assert rules.candidates(Document(item("", tags=("Epsilon",)), FEED)) == [added]


def test_what_is_taken_out_and_was_never_there_changes_nothing() -> None:
    assert asked(made(a="alpha").changed({RuleId("b"): None})) == ["a"]


def test_a_rule_is_found_by_its_id() -> None:
    changes = watches(b="beta")
    rules = made(a="alpha", b="nothing").changed(changes)
    assert rules.rule(RuleId("b")) is changes[RuleId("b")]
    assert rules.rule(RuleId("a")) is rules.rules[0]
    assert rules.rule(RuleId("c")) is None


def test_whoever_asks_the_rules_of_before_gets_their_answer() -> None:
    before = made(a="alpha", b="beta")
    after = before.changed({RuleId("a"): None, **watches(c="gamma")})
    assert (asked(before), asked(after)) == (["a", "b"], ["b", "c"])


def test_many_changes_are_filed_anew_in_the_same_order() -> None:
    rules = made(a="alpha", b="beta", c="gamma")
    for number in range(400):
        rules = rules.changed(watches(**{f"new-{number}": "nothing", "b": "beta"}))
        assert rules.rule(RuleId(f"new-{number}")) is not None
    assert asked(rules.changed({RuleId("a"): None})) == ["b", "c"]
    assert [each.rule.id for each in rules.rules][:5] == ["a", "b", "c", "new-0", "new-1"]


def test_a_set_says_how_many_rules_are_looked_at_together() -> None:
    rules = made(a="alpha", b="alpha", c="gamma").changed(watches(d="alpha"))
    named = {each.rule.id: rules.company(each) for each in rules.rules}
    assert named == {"a": 3, "b": 3, "c": 1, "d": 3}
    calm = [compile_rule(rule(name), Not(Word("storm"))) for name in "xy"]
    assert [Ruleset(calm).company(each) for each in calm] == [2, 2]
