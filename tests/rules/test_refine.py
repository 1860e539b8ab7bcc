"""Changes that tell wrong articles from right ones: the smallest that holds is taken, and none where none does."""

from __future__ import annotations

from collections.abc import Mapping

from watcher.rules.refine import Change, Text, best, changes

STRIKE = {"id": "a", "match": "strike AND Tikrit"}
WRONG = Text(text="Bowling in Tikrit\n\nA perfect strike score won the cup in Tikrit.", found=("strike", "Tikrit"))
RIGHT = Text(text="Planes over Tikrit\n\nAn air strike hit Tikrit.", found=("strike", "Tikrit"))


def of_key(key: str, rule: Mapping[str, object], wrong: list[Text], right: list[Text]) -> list[Change]:
    return [change for change in changes(rule, wrong, right) if change.key == key]


def test_the_smallest_change_that_holds_is_taken() -> None:
    tried = [Change(price=price, key="match", value=str(price), words="") for price in (3.0, 1.0, 2.0)]
    assert best(tried, lambda change: change.price > 1.5) == tried[2]
    assert best(tried, lambda _: False) is None


def test_words_beside_what_was_found_are_shunned_before_any_others() -> None:
    made = sorted(of_key("match", STRIKE, [WRONG], [RIGHT]), key=lambda change: change.price)
    shunned = [str(change.value) for change in made if "NOT" in str(change.value)]
    assert shunned[0] == 'strike AND Tikrit AND NOT "perfect strike"'
    assert 'strike AND Tikrit AND NOT "Bowling"' in shunned
    assert not any('"Planes"' in one or '"air strike"' in one for one in shunned)


def test_words_that_stand_in_a_right_article_are_never_shunned() -> None:
    right = Text(text="Bowling, a perfect strike and the cup won", found=("strike",))
    shunned = [str(change.value) for change in of_key("match", STRIKE, [WRONG], [right]) if "NOT" in str(change.value)]
    assert shunned
    assert not any(f'"{word}"' in one for one in shunned for word in ("perfect", "Bowling", "perfect strike"))
    assert 'strike AND Tikrit AND NOT "strike score"' in shunned


def test_several_wrong_articles_without_a_word_in_common_are_shunned_by_a_word_each() -> None:
    other = Text(text="A lucky strike won", found=("strike",))
    (shunned, *_) = [c for c in of_key("match", STRIKE, [WRONG, other], [RIGHT]) if "NOT (" in str(c.value)]
    assert shunned.value == 'strike AND Tikrit AND NOT ("perfect strike" OR "lucky strike")'


def test_an_expression_is_drawn_closer() -> None:
    values = [str(change.value) for change in of_key("match", STRIKE, [WRONG], [RIGHT])]
    for wanted in (
        "SENTENCE(strike AND Tikrit)",
        "strike NEAR/5 Tikrit",
        "title:(strike AND Tikrit)",
        "strike AND =Tikrit",
    ):
        assert wanted in values


def test_a_plain_list_is_changed_by_its_keys() -> None:
    rule = {"watch": "x", "all": ["strike", "Tikrit"], "none": ["football"]}
    made = list(changes(rule, [WRONG], [RIGHT]))
    assert {change.key for change in made} == {"denials", "actual", "within", "none"}
    assert ["football", "perfect strike"] in [change.value for change in made]
    assert [change.value for change in made if change.key == "within"] == ["paragraph", "sentence", "title"]
