import pytest

from watcher.text.inflect import inflections


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
        for pair in """struck:strike denied:deny planned:plan hoped:hope hopping:hop decided:decide visited:visit
        referring:refer panicked:panic dying:die agreed:agree bombed:bomb bombing:bomb changing:change hanging:hang
        settled:settle called:call controlled:control passed:pass travelling:travel raided:raid seized:seize
        children:child countries:country wolves:wolf overthrown:overthrow misled:mislead rewritten:rewrite
        stronger:strong created:create added:add shot:shoot left:leave""".split()  # noqa: SIM905
    ],
)
def test_a_form_stands_for_its_word(form: str, word: str) -> None:
    assert inflections(form)[0] == form
    assert set(inflections(form)) == set(inflections(word))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        pair.split(":")
        for pair in """even:evening wed:wedding plan:plane plan:planed wind:wound wound:wind general:generally bomb:bomber
        hundred:hundr found:find late:later ring:r thing:th speed:spe""".split()  # noqa: SIM905
    ],
)
def test_what_is_another_word_is_left_out(word: str, other: str) -> None:
    assert other not in inflections(word)
