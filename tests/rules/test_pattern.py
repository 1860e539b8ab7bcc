"""What a word or phrase finds in a text."""

import pytest

from watcher.rules.nodes import Phrase, Word
from watcher.rules.pattern import forms, pattern
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
