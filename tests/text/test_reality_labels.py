import re
from collections import Counter

import pytest

from tests.data.reality.score import HALVES, LABELS, Case, Figures, load, naive, score

halves = pytest.mark.parametrize("half", HALVES)


def shares(half: str) -> dict[str, float]:
    cases = load(half)
    counts = Counter(case.label for case in cases)
    return {label: counts[label] / len(cases) for label in LABELS}


@halves
def test_a_half_has_at_least_190_sentences(half: str) -> None:
    assert len({case.text for case in load(half)}) >= 190


@halves
def test_every_target_is_whole_words_of_its_text_at_the_occurrence_meant(half: str) -> None:
    for case in load(half):
        start, end = case.span
        assert case.text[start:end] == case.target
        assert not re.search(r"\w\Z", case.text[:start]), case
        assert not re.match(r"\w", case.text[end:]), case


@halves
def test_every_label_is_known_and_used(half: str) -> None:
    assert {case.label for case in load(half)} == set(LABELS)


@halves
def test_a_target_is_labelled_once(half: str) -> None:
    places = Counter((case.text, case.span) for case in load(half))
    assert [place for place, times in places.items() if times > 1] == []


def test_no_sentence_is_in_both_halves() -> None:
    dev, heldout = ({re.sub(r"\W+", " ", case.text).lower() for case in load(half)} for half in HALVES)
    assert dev & heldout == set()


def test_the_halves_have_the_same_mixture_of_labels() -> None:
    dev, heldout = map(shares, HALVES)
    assert max(abs(dev[label] - heldout[label]) for label in LABELS) <= 0.05


FOUR = (
    Case(text="It fell.", target="fell", label="asserted"),
    Case(text="It fell, it did not burn.", target="fell", label="asserted"),
    Case(text="It fell, it did not burn.", target="burn", label="negated"),
    Case(text="It fell and may fall.", target="fall", label="hypothetical"),
)


def test_a_judge_that_knows_scores_full_marks() -> None:
    truth = {(case.text, *case.span): case.label for case in FOUR}
    perfect = score(FOUR, lambda *place: truth[place])
    assert perfect.reports == perfect.negated == Figures(precision=1.0, recall=1.0)
    assert perfect.missed == ()


def test_the_naive_judge_is_scored_by_hand() -> None:
    result = score(FOUR, naive)
    assert result.reports == Figures(precision=1.0, recall=0.5)
    assert result.negated == Figures(precision=0.5, recall=1.0)
    assert result.missed == (FOUR[1],)


def test_a_label_never_given_has_no_precision() -> None:
    assert score(FOUR, lambda *_: "negated").reports == Figures(precision=None, recall=0.0)


@halves
def test_a_word_anywhere_in_the_sentence_is_not_enough(half: str) -> None:
    result = score(load(half), naive)
    assert len(result.missed) > 50
