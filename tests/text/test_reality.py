"""What is told as fact and what is not, on invented sentences and on the words of the seeds that decide."""

import os
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.text.english import ENGLISH
from watcher.text.reality import unreal
from watcher.text.sentences import sentences

EXAMPLES = 5_000 if os.environ.get("WATCHER_SOAK") else 200


def kind(text: str, target: str, nth: int = 1, lang: str | None = None) -> str:
    """What the engine would take the nth occurrence of a word for."""
    start = -1
    for _ in range(nth):
        start = text.index(target, start + 1)
    end = start + len(target)
    kinds = [scope.kind for scope in unreal(text, sentences(text), lang) if scope.start < end and scope.end > start]
    return "negated" if "negated" in kinds else next(iter(kinds), "asserted")


DENIED_IN_THE_SEEDS = [
    (
        "The U.S.-led coalition battling Islamic State hasn’t conducted airstrikes in support of Iraqi forces and didn’t"
        " provide advice in planning the attack.",
        "airstrikes",
    ),
    (
        "The U.S. says its allied coalition carrying out airstrikes targeting the militants has not been involved in the"
        " ongoing Tikrit offensive.",
        "airstrikes",
    ),
    (
        "Iraq's Prime Minister Haider al-Abadi has appealed for more aid for the country's beleaguered ground forces,"
        " which have yet to score a decisive victory against ISIS despite seven months of U.S.-led coalition air raids.",
        "air raids",
    ),
]
TOLD_IN_THE_SEEDS = [
    ("They had the direct backing of U.S. air strikes in the initial offensive.", "air strikes"),
    (
        "An official from the US-led coalition operating air strikes against Isil in Iraq and Syria confirmed to the"
        " Reuters news agency that it was now providing intelligence, surveillance and reconnaissance from the air to"
        " support the attack.",
        "air strikes",
    ),
    (
        "This came to the fore as the fight-back began, when Iraqi forces backed by the Shia militia re-took the town of"
        " Amerli after previous aerial bombardment by the coalition, in which the US is playing the heaviest role.",
        "aerial bombardment",
    ),
]


@pytest.mark.parametrize(("text", "target"), DENIED_IN_THE_SEEDS)
def test_what_the_seeds_deny_is_negated(text: str, target: str) -> None:
    assert kind(text, target) == "negated"


@pytest.mark.parametrize(("text", "target"), TOLD_IN_THE_SEEDS)
def test_what_the_seeds_tell_is_asserted(text: str, target: str) -> None:
    assert kind(text, target) == "asserted"


def test_what_the_seeds_announce_is_planned_and_not_negated() -> None:
    text = "Iraqi President Fouad Massoum claimed on Wednesday that coalition air strikes will soon follow."
    assert kind(text, "air strikes") == "planned"
    assert kind(text, "claimed") == "asserted"


pieces = st.sampled_from(
    [*ENGLISH.cues.next, *ENGLISH.stops, ", ", "; ", '"', "“", "”", "n't ", "’ll", "raid", "was", "U.S. "]
)
texts = st.lists(pieces | st.text(max_size=4), max_size=40).map(" ".join) | st.text(max_size=200)


@settings(max_examples=EXAMPLES, deadline=None)
@given(texts)
def test_scopes_of_any_text_are_in_order_apart_and_each_in_one_sentence(text: str) -> None:
    ranges = sentences(text)
    scopes = unreal(text, ranges)
    for scope in scopes:
        assert scope.start < scope.end
        assert any(
            start <= scope.start and scope.end <= end and start <= scope.cue[0] < scope.cue[1] <= end
            for start, end in ranges
        )
    assert all(one.end <= other.start for one, other in pairwise(scopes))
