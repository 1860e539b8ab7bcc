import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.text.fold import faded, folded, is_stemmed, key, lookups, plain
from watcher.text.lexicon import IRREGULAR, SMART_CASE, UNCHANGED


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("Tikrit", "tikrit"),
        ("TIKRIT", "tikrit"),
        ("Türkiye", "turkiye"),
        ("Tu\u0308rkiye", "turkiye"),
        ("Łódź", "lodz"),
        ("Diyarbakır", "diyarbakir"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
        ("ＮＡＴＯ", "nato"),
        ("ﬁght", "fight"),
        ("so\u00adft", "soft"),
        ("zero\u200bwidth", "zerowidth"),
        ("don’t", "don't"),
        ("18,000", "18000"),
        ("U.S.A.", "usa"),
        ("C++", "c++"),
        (".NET", ".net"),
        ("أحمد", "احمد"),
        ("हिन्दी", "हिन्दी"),
        ("ガス", "ガス"),
    ],
)
def test_spelling_and_typography_do_not_count(surface: str, expected: str) -> None:
    assert key(surface) == expected


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        pair.split(":")
        for pair in """houses:house boxes:box churches:church militias:militia strikes:strike movies:movie men:man
        countries:country women:woman gunmen:gunman allies:ally lies:lie crashes:crash losses:loss processes:process
        heroes:hero shoes:shoe buses:bus viruses:virus crises:crisis bases:base causes:cause prizes:prize
        airstrikes:airstrike UAVs:UAV Iraqis:Iraqi children:child wolves:wolf quizzes:quiz photos:photo""".split()  # noqa: SIM905
    ],
)
def test_a_plural_is_its_singular(plural: str, singular: str) -> None:
    assert key(plural) == key(singular)
    assert plain(plural) != plain(singular)


@pytest.mark.parametrize(
    "word",
    """news ISIS Texas Paris Hamas Laos Fars Brussels species crisis virus press status boss glass was has gas yes this
    Yemen regimen 1990s atlas series Damascus Tunis""".split(),  # noqa: SIM905
)
def test_what_only_looks_like_a_plural_stays(word: str) -> None:
    assert key(word) == word.lower()


@pytest.mark.parametrize("word", sorted(IRREGULAR.values()) + sorted(UNCHANGED))
def test_a_singular_in_the_tables_is_its_own_key(word: str) -> None:
    assert folded(word) == word == key(word)


def test_capitals_that_are_another_word_have_a_key_of_their_own() -> None:
    assert [key(w) for w in ("US", "U.S.", "us", "Us", "WHO", "who", "AIDS", "aids", "NATO")] == [
        *("US", "US", "us", "us", "WHO", "who", "AIDS", "aid", "nato"),
    ]


def test_a_lower_case_word_finds_both_and_capitals_only_themselves() -> None:
    assert lookups("US") == lookups("U.S.") == {"US"}
    assert lookups("us") == lookups("Us") == {"us", "US"}
    assert lookups("aids") == {"aid", "AID", "AIDS"}
    assert lookups("NATO") == lookups("nato") == {"nato"}


def test_in_a_line_of_capitals_only_some_still_count() -> None:
    assert [faded(k) for k in ("US", "WHO", "AIDS", "LED", "tikrit")] == ["US", "who", "AIDS", "led", "tikrit"]


def test_the_list_of_capitals_holds_short_words_only() -> None:
    assert all(word.isupper() and 2 <= len(word) <= 4 for word in SMART_CASE)


@pytest.mark.parametrize("word", sorted(SMART_CASE))
def test_a_lower_case_word_names_every_key_its_capitals_can_have(word: str) -> None:
    assert lookups(faded(word).lower()) >= {word} or faded(word) == word


@pytest.mark.parametrize(
    "words",
    [
        "علي على",
        "مدينة مدينه",
        "إيران ايران أيران",
        "آسيا اسيا",
        "العـــراق العراق",
        "الجَيْشُ الجيش",
        "مسؤول مسوول",
        "یزد يزد",
        "کابل كابل",
        "Türkiye TÜRKİYE Turkiye turkiye",
        "Diyarbakır DİYARBAKIR DIYARBAKIR",
        "ёлка елка ёлки",
        "удар удары удара ударами",
        "Москва Москвы Москве Москвой МОСКВУ",
        "военный военные военных",
        "Україна України Україні Україною УКРАЇНУ",
        "ударів ударами ударі удару",
        "Харків Харкова Харкові Харковом",
        "Київ Києва Києві Києвом",
        "військові військовий військових",
        "українець українці українців українцями",
        "п'ять п’ять пʼять",
    ],
)
def test_other_scripts_have_spellings_and_endings_that_do_not_count(words: str) -> None:
    assert len({key(word) for word in words.split()}) == 1


@pytest.mark.parametrize("words", ["їх их", "рій рии", "они он", "Қазақстан Қазақстанды", "й и", "она они"])
def test_letters_and_words_that_are_others_stay_apart(words: str) -> None:
    one, other = words.split()
    assert key(one) != key(other)


def test_it_can_be_asked_what_is_compared_by_its_stem() -> None:
    assert [is_stemmed(w) for w in ("Москва", "Україна", "Қазақстан", "Moscow", "ђаво")] == [True, True, *[False] * 3]


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("تكريت", "تكريت وتكريت بتكريت لتكريت فتكريت التكريت بالتكريت وبالتكريت للتكريت كالتكريت"),
        ("الجيش", "الجيش والجيش بالجيش للجيش وللجيش"),
        ("الليل", "الليل لليل"),
        ("미국", "미국 미국이 미국은 미국을 미국의 미국과 미국에서"),
        ("러시아", "러시아가 러시아는 러시아를 러시아와 러시아로"),
        ("서울", "서울로 서울이"),
    ],
)
def test_a_query_word_finds_what_has_something_written_on_to_it(query: str, texts: str) -> None:
    assert {key(text) for text in texts.split()} <= lookups(query)


@pytest.mark.parametrize(
    ("query", "text"), [("الجيش", "جيش"), ("وزير", "زير"), ("يد", "وليد"), ("서울", "서울은행"), ("미국", "미국가")]
)
def test_a_query_word_does_not_find_what_only_begins_so(query: str, text: str) -> None:
    assert key(text) not in lookups(query)


@given(st.text(min_size=1, max_size=12))
def test_folding_twice_changes_nothing(surface: str) -> None:
    assert folded(folded(surface)) == folded(surface)


@given(st.from_regex(r"[a-z]{1,9}(s|es|ies|men)?", fullmatch=True))
def test_a_key_is_its_own_key(word: str) -> None:
    assert key(key(word)) == key(word)
