import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.text.fold import folded
from watcher.text.inflect import inflections
from watcher.text.lexicon import UNCHANGED
from watcher.text.paradigms import (
    ADJECTIVE_VERBS,
    ADJECTIVES,
    DOUBLING,
    IRREGULAR_VERBS,
    NO_FORMS,
    NO_VERBS,
    NOT_FORMS,
    NOUNS,
    OWN,
    UNWANTED,
    VERBS,
)


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("resign", "resign resigns resigned resigning"),
        ("strike", "strike strikes struck stricken striking"),
        ("deny", "deny denies denied denying"),
        ("plan", "plan plans planned planning"),
        ("child", "child children"),
        ("die", "die dies died dying"),
        ("panic", "panic panics panicked panicking"),
        ("visit", "visit visits visited visiting"),
        ("refer", "refer refers referred referring"),
        ("travel", "travel travels traveled travelled traveling travelling"),
        ("overthrow", "overthrow overthrows overthrew overthrown overthrowing"),
        ("withdraw", "withdraw withdraws withdrew withdrawn withdrawing"),
        ("agree", "agree agrees agreed agreeing"),
        ("arrest", "arrest arrests arrested arresting"),
        ("go", "go goes went gone going"),
        ("be", "be am are is was were been being"),
        ("put", "put puts putting"),
        ("strong", "strong stronger strongest"),
        ("militia", "militia militias"),
        ("country", "country countries"),
        ("general", "general generals"),
        ("generally", "generally"),
        ("Tikrit's", "tikrit's"),
        ("Москва", "москва"),
        ("f16", "f16"),
        ("the", "the"),
    ],
)
def test_a_word_is_spelled_out(word: str, forms: str) -> None:
    assert sorted(inflections(word)) == sorted(forms.split())
    assert inflections(word)[0] == word.lower()


@pytest.mark.parametrize(
    ("form", "word"),
    [
        pair.split(":")
        for pair in """struck:strike denied:deny planned:plan hoped:hope decided:decide visited:visit
        panicked:panic agreed:agree bombed:bomb
        settled:settle called:call controlled:control passed:pass raided:raid seized:seize
        children:child countries:country wolves:wolf overthrown:overthrow misled:mislead rewritten:rewrite
        stronger:strong created:create added:add shot:shoot left:leave singed:singe tied:tie
        launched:launch has:have was:be focuses:focus leafs:leaf better:good analyzed:analyze installed:install
        readied:ready reapplied:reapply monarchs:monarch crises:crisis vetoes:veto""".split()  # noqa: SIM905
    ],
)
def test_a_form_stands_for_its_word(form: str, word: str) -> None:
    assert inflections(form)[0] == form
    assert set(inflections(form)) == set(inflections(word))


@pytest.mark.parametrize("form", ["shelling", "training", "hanging", "dying", "missing"])
def test_a_form_in_ing_is_a_noun_of_its_own(form: str) -> None:
    assert inflections(form) == (form, f"{form}s")


@pytest.mark.parametrize(
    ("word", "other"),
    [
        pair.split(":")
        for pair in """even:evening wed:wedding plan:plane plan:planed wind:wound wound:wind general:generally
        bomb:bomber hundred:hundr found:find late:later ring:r thing:th speed:spe low:lowed president:presidented
        relay:relaid missing:missang even:evener add:ads bear:born""".split()  # noqa: SIM905
    ],
)
def test_what_is_another_word_is_left_out(word: str, other: str) -> None:
    assert other not in inflections(word)


@pytest.mark.parametrize("base", sorted(IRREGULAR_VERBS))
def test_each_irregular_form_leads_back_to_its_verb(base: str) -> None:
    for form in (
        {*IRREGULAR_VERBS[base]}
        - {"sawed", "sawn"}
        - OWN
        - NO_FORMS
        - VERBS
        - {*UNWANTED.get(base, ()), "lit", "wed", "fit"}
    ):
        assert base in inflections(form)
        assert form in inflections(base)


@pytest.mark.parametrize("word", sorted((DOUBLING | VERBS | ADJECTIVE_VERBS) - NOT_FORMS - NO_FORMS))
def test_a_verb_in_the_tables_comes_back_from_its_forms(word: str) -> None:
    for form in inflections(word):
        if form != f"{word}ing" and not (form.endswith("ing") and not word.endswith("ing")):
            assert word in inflections(form) or form in OWN | NO_FORMS | UNCHANGED or form == "lives"


def test_no_table_says_the_opposite_of_another() -> None:
    assert not NOUNS & (VERBS | ADJECTIVE_VERBS | ADJECTIVES)
    assert not ADJECTIVES & (VERBS | ADJECTIVE_VERBS)
    assert all(NO_VERBS.fullmatch(verb) for verb in VERBS)
    assert not any(NO_VERBS.fullmatch(noun) for noun in NOUNS)


@settings(deadline=None)
@given(st.from_regex(r"[a-zA-Zé'-]{1,10}(s|ed|ing|er|ly|ied)?", fullmatch=True) | st.text(max_size=8))
def test_any_word_is_the_first_of_its_forms_and_each_form_is_there_once(word: str) -> None:
    forms = inflections(word)
    assert forms[0] == folded(word)
    assert len(set(forms)) == len(forms)
    assert all(form == folded(form) for form in forms)
