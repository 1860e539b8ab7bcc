"""What is told as fact and what is not, on invented sentences and on the words of the seeds that decide."""

import os
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.reality.score import LABELS, load, naive, score, watcher
from tests.items import seed
from watcher.text.cues import rows
from watcher.text.cues_en import CUES
from watcher.text.english import ENGLISH
from watcher.text.reality import may_deny, unreal
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


def marked(text: str) -> tuple[str, str, int]:
    """A sentence without the brackets around its target; the target; which occurrence of it."""
    before, target, after = text.replace("]", "[").split("[")
    return before + target + after, target, before.count(target) + 1


def told(text: str) -> str:
    sentence, target, nth = marked(text)
    return kind(sentence, target, nth)


IN_THE_SEEDS = [
    (0, "air strikes will soon follow", "planned"),
    (0, "air strikes in the initial", "asserted"),
    (1, "airstrikes", "negated"),
    (3, "air strikes", "asserted"),
    (3, "aerial bombardment", "asserted"),
    (4, "airstrikes", "negated"),
    (4, "air raids", "negated"),
]


@pytest.mark.parametrize(("number", "target", "expected"), IN_THE_SEEDS)
def test_the_air_strikes_of_the_seeds_are_told_denied_or_announced(number: int, target: str, expected: str) -> None:
    assert kind(seed(number).text, target) == expected


def test_who_announces_what_will_follow_is_told() -> None:
    text = "The president claimed on Wednesday that coalition air strikes will soon follow."
    assert kind(text, "air strikes") == "planned"
    assert kind(text, "claimed") == "asserted"


DENIED = """\
The army denied [bombing] the school.
The spokesman flatly denied that his troops had [shelled] the town.
The ministry denies that it carried out a [strike].
It denied carrying out the [strike].
We have not seen it [exploited] in the wild.
Moscow denies [airstrikes] on Delvast hospital
The firm dismissed reports of a [takeover].
The palace called reports of a [divorce] nonsense.
A rumour that the president has [died] is untrue, officials said.
Claims that the general had [fled] are baseless, the ministry said.
The report that the dam had [burst] proved false.
She was acquitted of [murdering] her husband.
He withdrew his allegation that the coach had [beaten] him.
There is no evidence that the plane was [shot down].
Firefighters found nothing to indicate [arson]."""

NEGATED = """\
“We didn’t [attack] the convoy,” the colonel said.
The company isn't planning [layoffs].
The storm never [hit] the coast.
Neither [sabotage] nor arson was involved.
None of the missiles [exploded].
At no point did the army [fire].
It was a landslide, not an [attack].
The coalition carrying out [airstrikes] has not been involved.
Rebels have not, so far, [taken] the town.
The app does not store passwords, nor does it [share] data.
The bank is not [insolvent], the regulator said.
The soldiers left without [firing] a shot.
Dorne: No [troops] in Tolva
Guards should have [locked] the gate.
Reports of a coup are false, but no [tanks] were seen either."""

DID_NOT_COME_ABOUT = """\
The rebels refused to [surrender].
Regulators stopped short of [banning] the drug.
The town's [bridge] has yet to be built.
Troops have been unable to [capture] the town.
A planned [strike] was called off on Monday.
Police foiled a plot to [bomb] the embassy.
Guards stopped the crowd from [entering] the hall.
The attack was foiled before anyone was [hurt].
The bomb was too damp to [explode].
Rather than [resign], he called an election.
The bank ruled out a [merger]."""

TOLD_BESIDE_A_DENIAL = """\
The minister denied any role in the [killing] of the editor.
He was denied bail after the [stabbing].
Police were denied a visa to the country after the [coup].
Dorne, which denies backing the rebels, [closed] its border.
The man denies murder but [admitted] theft.
No one was hurt in the [explosion].
The Pentagon declined to comment on the [strike].
He did not know that the bridge had [collapsed].
The army has not apologised for [bombing] the school.
After refusing to surrender, the rebels were [bombed].
The two sides failed to reach a deal, and fighting [resumed].
Hackers, whom the bank refuses to name, [stole] $3m.
Those who could not flee were [shot].
It was the army, not the rebels, that [shelled] the town.
The body was not [found] until Monday.
Rebels [shelled] the town instead of retreating.
The airline cancelled the flight after a bomb [exploded].
The raid was carried out without warning and [killed] nine."""

A_DENIAL_DENIED = """\
The army did not deny that it had [bombed] the market.
Nobody denies that the vote was [rigged].
Police failed to prevent the [attack].
The army did not stop [shelling] the city.
There is no doubt that the army [bombed] the market.
Nothing prevented the rebels from [burning] the crops.
He could not hide that he had [lied].
It is not true that the army has not [bombed] the town."""

A_LOOK_ALIKE = """\
In May the army [bombed] the town.
Theresa May [resigned] on Friday.
Will Smith [slapped] the host.
His will [left] the estate to a donkey.
No fewer than 40 people [died].
Not only did the army [shell] the town, it also burned crops.
"No, the army [bombed] the town," he said.
Oil drilling [began] off the coast.
A suspect was [arrested] on Friday.
A likely successor [resigned].
As expected, the bank [raised] rates.
Residents could hear [shelling] through the night.
Why did the bridge [collapse]?
Two soldiers were [killed] during an exercise.
He would later [admit] the theft."""

WHAT_WAS_THREATENED_AND_CAME = """\
The president, who had threatened to bomb the city, [resigned].
The group threatened last week to attack and today [bombed] the station.
The threatened strike [went ahead] on Monday.
The UN called for a ceasefire after jets [bombed] a market.
Analysts had predicted a fall, but sales [rose].
The dam, which engineers warned would fail, [burst]."""

UNREAL = """\
hypothetical|The strike may [begin] on Monday.
hypothetical|Dozens are feared [drowned].
hypothetical|The alleged [assault] took place in 2015.
hypothetical|The bank has not ruled out a [merger].
hypothetical|It is unclear whether the jets [bombed] the market.
hypothetical|The general might not have [fled].
hypothetical|Did Dorne [bomb] the pipeline?
hypothetical|A [coup] in Tolva?
hypothetical|Reports of a [coup] could not be verified.
conditional|If the army [attacks], we will respond.
conditional|Should the dam [burst], thousands would die.
conditional|Troops will not leave until the hostages are [freed].
threatened|Dorne threatened to [cut] off gas.
threatened|Dorne threatened [war].
planned|The union will [strike] on Monday.
planned|Volta to [acquire] rival for $3bn
planned|A second [strike] is planned for Friday.
forecast|Rates are likely to [rise].
forecast|A new [attack] is likely.
demanded|The senator urged the president to [resign].
demanded|"[Bomb] them now," read one banner.
rehearsed|The navy held a drill simulating an [invasion].
rehearsed|During the exercise, troops [stormed] a beach.
rehearsed|Pupils took part in a drill in which a gunman [attacked] the school."""


@pytest.mark.parametrize("text", [line for part in (DENIED, NEGATED, DID_NOT_COME_ABOUT) for line in part.splitlines()])
def test_what_is_denied_or_did_not_come_about_is_negated(text: str) -> None:
    assert told(text) == "negated"


@pytest.mark.parametrize(
    "text",
    [
        line
        for part in (TOLD_BESIDE_A_DENIAL, A_DENIAL_DENIED, A_LOOK_ALIKE, WHAT_WAS_THREATENED_AND_CAME)
        for line in part.splitlines()
    ],
)
def test_what_is_told_beside_a_cue_stays_told(text: str) -> None:
    assert told(text) == "asserted"


@pytest.mark.parametrize("line", UNREAL.splitlines())
def test_what_is_not_real_has_its_kind(line: str) -> None:
    expected, _, text = line.partition("|")
    assert told(text) == expected


def test_no_scope_reaches_into_the_next_sentence() -> None:
    text = "The army did not attack. Jets bombed the town"
    assert kind(text, "attack") == "negated"
    assert kind(text, "bombed") == "asserted"


def test_a_scope_names_its_cue() -> None:
    text = "He hasn’t resigned."
    assert [(text[s.start : s.end], text[slice(*s.cue)]) for s in unreal(text, [(0, len(text))])] == [
        ("He", "hasn’t"),
        ("resigned", "hasn’t"),
    ]


def test_the_region_of_a_language_does_not_count_and_others_have_no_cues() -> None:
    text = "The army did not attack."
    assert kind(text, "attack", lang="en-GB") == kind(text, "attack", lang="EN_us") == "negated"
    assert kind(text, "attack", lang="de") == "asserted"


def test_every_cue_is_looked_for_in_a_sentence_that_holds_it() -> None:
    for cue, text in CUES:
        for row in rows(text) if cue.kind else ():
            words = re.findall(r"\w+", " ".join(("x", *row, "x")))
            found = not ENGLISH.triggers.isdisjoint(words)
            assert found or any(phrase in " ".join(words) for phrase in ENGLISH.phrases), row


@pytest.mark.parametrize(
    "piece",
    [
        "not ",
        "not,",
        "may fail to deny ",
        "denied and was ",
        "a",
        "a-",
        "n't",
        '"not ',
        "not, a b c ",
        "until ",
        "x y z in a drill ",
    ],
)
def test_a_sentence_of_256_kib_takes_no_longer_than_its_length_allows(piece: str) -> None:
    text = piece * (2**18 // len(piece))
    start = time.process_time()
    unreal(text, [(0, len(text))])
    assert time.process_time() - start < 5  # seconds; a square of the length would be hours


def test_reports_of_the_sentences_written_for_this_are_told_from_the_rest() -> None:
    result = score(load("dev"), watcher)
    assert (result.reports.precision or 0) > 0.95
    assert (result.reports.recall or 0) > 0.95
    assert (result.negated.recall or 0) > 0.95


def test_reports_of_the_sentences_not_looked_at_are_told_from_the_rest() -> None:
    result = score(load("heldout"), watcher)
    assert (result.reports.precision or 0) > 0.88
    assert (result.reports.recall or 0) > 0.9
    assert len(result.missed) * 5 < len(score(load("heldout"), naive).missed)


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


REFERENCE = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
SECTION = REFERENCE.partition("## Denied, threatened, planned\n")[2].partition("\n## ")[0]
EXAMPLE = re.compile(r"^\| (\w+) \| `([^`]+)` \|$", re.MULTILINE)


@settings(max_examples=EXAMPLES, deadline=None)
@given(texts)
def test_where_no_word_may_say_no_nothing_is_negated(text: str) -> None:
    for first, last in sentences(text):
        if not may_deny(text, first, last):
            assert "negated" not in {scope.kind for scope in unreal(text, [(first, last)])}


@pytest.mark.parametrize(("expected", "text"), EXAMPLE.findall(SECTION))
def test_the_examples_of_the_reference_are_read_as_it_says(expected: str, text: str) -> None:
    assert told(text) == {"told": "asserted"}.get(expected, expected)


def test_the_reference_shows_every_kind() -> None:
    assert {expected for expected, _ in EXAMPLE.findall(SECTION)} == {"told", *LABELS} - {"asserted"}


def test_the_figures_of_the_reference_are_those_of_the_sentences_not_looked_at() -> None:
    cases = load("heldout")
    shown = [re.findall(r"[\d.]+(?=%)|(?<=\| )\d+(?= \|)", line) for line in SECTION.splitlines() if line[:4] == "| of"]
    results = [score(cases, watcher), score(cases, naive)]
    figures = [figure for result in results for figure in (result.reports, result.negated, result.unreal)]
    measured = [[f"{100 * (value or 0):.1f}" for value in (f.precision, f.recall)] for f in figures]
    assert [row[0] for row in shown] == [value for pair in measured[:3] for value in pair]
    assert [row[1] for row in shown] == [value for pair in measured[3:] for value in pair]
    reports = sum(case.label == "asserted" for case in cases)
    missed = " | ".join(str(len(result.missed)) for result in results)
    assert f"| reports missed, of {reports} | {missed} |" in SECTION
