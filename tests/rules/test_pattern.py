"""What a word or phrase finds in a text."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.items import FEED, item
from tests.reference import Reference
from watcher.rules.nodes import Phrase, Word
from watcher.rules.pattern import forms, pattern, stemmed
from watcher.text.document import Stream


def leaf(source: str) -> Word | Phrase:
    """=word, word*, word~, "phrase", ="phrase"."""
    exact, rest = source.startswith("="), source.removeprefix("=")
    if rest.startswith('"'):
        return Phrase(rest.strip('"'), exact)
    return Word(rest.rstrip("*~"), exact, rest.endswith("*"), rest.endswith("~"))


def found(source: str, text: str) -> list[str]:
    stream = Stream("text", text, 1, prose=True)
    return [text[slice(*stream.between(first, last - 1))] for first, last in pattern(leaf(source)).find(stream)]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("resign~", "He resigns; resigned RESIGNING resignation re-sign", "resigns|resigned|RESIGNING"),
        ("strike~", "struck stricken striker strikes", "struck|stricken|strikes"),
        ("struck~", "a strike", "strike"),
        ("air-strike~", "air strikes, airstruck, air-striking, struck", "air strikes|airstruck|air-striking"),
        ('"step~ down"', "stepped down, steps down, stepping up", "stepped down|steps down"),
        ('"step~ down~"', "stepped downed", "stepped downed"),
        ("live~", "life lives LIFE LIVES living", "lives|LIVES|living"),
        ("leave~", "a leaf, leaves, left", "leaves|left"),
        ("kill~", "killings", "killings"),
        ("aid~", "AIDS aid aided AID", "aid|aided|AID"),
        ("lead~", "LED lamp, he led", "led"),
        ("meet~", "THEY MET HERE", "MET"),
        ("US~", "us US", "US"),
        ("general~", "generally generals", "generals"),
        ('"~50 people"', "about ~50 people", "50 people"),
    ],
)
def test_a_word_in_all_its_forms(source: str, text: str, expected: str) -> None:
    assert "|".join(found(source, text)) == expected


def test_forms_are_shown_as_they_are_looked_for() -> None:
    assert forms(leaf("resign~")) == ("resign", "resigns", "resigned", "resigning")
    assert forms(leaf("air-strike~"))[:3] == ("air-strike", "air-strikes", "air-struck")
    assert forms(leaf('"step~ down"')) == ("step", "steps", "stepped", "stepping")
    assert forms(leaf("resign")) == forms(leaf('"step down"')) == forms(leaf("mil*")) == ()


@pytest.mark.parametrize("source", ["lead~", "aid~", "resign~", "live~", "us", "US", "=Turkey", "=US", "air-strike~"])
def test_an_index_can_be_asked_for_what_is_found(source: str) -> None:
    text = "Lead LED led AID aids resigned LIVES us US TURKEY Turkey air struck"
    for line in (text, text.upper()):
        stream = Stream("text", line, 1, prose=True)
        for slot in pattern(leaf(source)).slots:
            for first, _ in pattern(leaf(source)).find(stream):
                assert any(stream.written[first] in spelling[0].terms for spelling in slot)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("Москва", "из Москвы в МОСКВУ", "Москвы|МОСКВУ"),
        ("=Москва", "из Москвы, Москва", "Москва"),
        ("ракетн*", "ракетный ракета", "ракетный"),
        ('"удар по Києву"', "ударами по Києву, ударів по Києву", "ударами по Києву|ударів по Києву"),
        ("Киї*", "Київ Києва Київський", "Київ|Київський"),
        ("تكريت", "وبالتكريت تكريتي", "وبالتكريت"),
        ("=تكريت", "وبالتكريت تكريت", "تكريت"),
        ('"الجيش العراقي"', "والجيش العراقي", "والجيش العراقي"),
        ("Türkiye", "Türkiye'nin TÜRKİYE’DE Turkiye", "Türkiye|TÜRKİYE|Turkiye"),
        ('"Türkiye ordusu"', "Türkiye'nin ordusu", "Türkiye'nin ordusu"),
        ("Türkiye'nin", "Türkiye", "Türkiye"),
        ("Sana'a", "Sana'a Sanaa Sana’a", "Sana'a|Sanaa|Sana’a"),
        ("北京", "在北京市 東北 京北 北。京", "北京"),
        ('"北京 東"', "北京東北 京東", "北京東"),
        ("iPhone手机", "iPhone手机 iPhone 手机", "iPhone手机"),
        ("ガス", "ｶﾞｽ ガス", "ｶﾞｽ|ガス"),
        ("กรุงเทพ", "ในกรุงเทพฯ กรุง", "กรุงเทพ"),
        ("ရန်ကုန်", "ရန်ကုန်မြို့", "ရန်ကုန်"),
        ("미국", "미국은 미국군", "미국은"),
    ],
)
def test_words_of_other_scripts(source: str, text: str, expected: str) -> None:
    assert "|".join(found(source, text)) == expected


def test_it_can_be_asked_which_words_are_compared_by_stem() -> None:
    assert stemmed(leaf('"удар US Києва"')) == ("удар", "Києва")
    assert stemmed(leaf("=Москва")) == stemmed(leaf("Моск*")) == stemmed(leaf("Tikrit")) == ()


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        (
            "air-strike",
            "airstrikes air-strike, air strikes; air. strike",
            "airstrikes|air-strike|air strikes|air. strike",
        ),
        ("AT&T", "AT&T AT & T ATT at t", "AT&T|AT & T|ATT|at t"),
        ("R&D", "R&D RD r & d", "R&D|RD|r & d"),
        ("9/11", "9/11 9-11 9 11 911", "9/11|9-11|9 11"),
        ("CVE-2024-1234", "CVE-2024-1234 cve 2024 1234 CVE-2024-12345", "CVE-2024-1234|cve 2024 1234"),
        ("U.S.-led", "U.S.-led US-led us-led U.S. led", "U.S.-led|US-led|U.S. led"),
        ("U.S.", "US U.S. us", "US|U.S."),
        ("C++", "C++ C C#", "C++"),
        ("C#", "C++ C C# c#", "C#|c#"),
        (".NET", ".NET NET .net the net.", ".NET|.net"),
        ("NET", ".NET NET Net", "NET"),
        ("O'Brien", "O'Brien O’Brien OBrien O Brien", "O'Brien|O’Brien|OBrien|O Brien"),
        ("don't", "don't DON’T dont don", "don't|DON’T"),
        ("Iraq", "Iraq's IRAQ’S Iraqs", "Iraq|IRAQ|Iraqs"),
        ('"#tag"', "#tag tag", "tag"),
        ("tag", "#tag @tag tag", "tag|tag|tag"),
        ('"@us"', "@us us", "us"),
        ("UAV", "UAVs", "UAVs"),
        ("UAVs", "UAV", "UAV"),
        ("new", "the news", ""),
        ("Texas", "a texa", ""),
        ("résumé", "resume RÉSUMÉS", "resume|RÉSUMÉS"),
        ("=résumé", "resume résumé résumés", "résumé"),
        ("=Turkey", "turkey Turkey", "Turkey"),
        ("=Turkey", "TURKEY JOINS", "TURKEY"),
        ("=US", "US U.S. us", "US|U.S."),
        ("US", "JOIN US NOW", "US"),
        ("WHO", "WHO WARNS", ""),
        ("WHO", "The WHO warns who", "WHO"),
        ("who", "WHO WARNS", "WHO"),
        ("mil*", "military Milan mild", "military|Milan|mild"),
        ("18000", "18,000 18000", "18,000|18000"),
        ("10:30", "at 10:30 at 1030", "10:30"),
        ("co-operation", "cooperation", "cooperation"),
    ],
)
def test_words_joints_and_capitals(source: str, text: str, expected: str) -> None:
    assert "|".join(found(source, text)) == expected


BITS = """air strike strikes struck striking live lives life leaf leave AID AIDS aid US us U.S. WHO LED lead Turkey
    TURKEY Türkiye'nin Türkiye ABD'nin Sana'a Sanaa O'Brien AT&T air-strike 9/11 911 C++ C# .NET don't удар ударів
    ударами Москва Москвы Київ Києва п'ять تكريت وبالتكريت الجيش للجيش على علي 北京 東 京 กรุงเทพ กรุง 미국 미국은
    iPhone手机 #tag tag résumé resume mili militia""".split()  # noqa: SIM905
LEAVES = st.builds(
    lambda words, exact, mark: Phrase(" ".join(w + mark for w in words), exact=exact and mark != "~"),
    st.lists(st.sampled_from(BITS), min_size=1, max_size=2),
    st.booleans(),
    st.sampled_from(["", "", "~", "*"]),
) | st.builds(
    lambda word, exact, mark: Word(word.strip("#"), exact and mark != "~", mark == "*", mark == "~"),
    st.sampled_from(BITS),
    st.booleans(),
    st.sampled_from(["", "", "~", "*"]),
)
TEXTS = st.lists(
    st.tuples(
        st.sampled_from(BITS) | st.sampled_from(BITS).map(str.upper), st.sampled_from([" ", " ", "", "-", ". ", "\n"])
    ),
    max_size=8,
).map(lambda pairs: "".join(word + behind for word, behind in pairs))


@settings(max_examples=5_000 if os.environ.get("WATCHER_SOAK") else 200)
@given(LEAVES, TEXTS)
def test_a_pattern_finds_what_the_plain_evaluator_finds(leaf: Word | Phrase, text: str) -> None:
    stream = Stream("text", text, 1, prose=True)
    engine = [stream.between(first, last - 1) for first, last in pattern(leaf).find(stream)]
    runs = Reference(item(text), FEED).find(leaf, "body", lambda _: True)
    assert engine == sorted({(run[0].start, run[-1].end) for run in runs})
    for first, last in pattern(leaf).find(stream):
        for slot in pattern(leaf).slots:
            if not any(wanted.prefix for spelling in slot for wanted in spelling):
                assert any({*stream.written[first:last]} & wanted.terms for spelling in slot for wanted in spelling)
