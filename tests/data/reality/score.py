"""edge: labelled sentences and a judge of them -> precision, recall and missed reports.

Run as `python -m tests.data.reality.score` it prints the naive judge's figures and the watcher's on both halves.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from watcher.text.reality import unreal
from watcher.text.sentences import sentences

HERE = Path(__file__).parent
HALVES = ("dev", "heldout")
LABELS = (
    "asserted",
    "negated",
    "hypothetical",
    "conditional",
    "threatened",
    "planned",
    "forecast",
    "demanded",
    "rehearsed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`target` is meant at its `nth` occurrence in `text`, counted from 1."""

    text: str
    target: str
    label: str
    nth: int = 1

    @property
    def span(self) -> tuple[int, int]:
        """Character offsets of the target; ValueError when it does not occur `nth` times."""
        start = -1
        for _ in range(self.nth):
            start = self.text.index(self.target, start + 1)
        return start, start + len(self.target)


Judge = Callable[[str, int, int], str]
"""(text, start, end) -> one of LABELS for the characters start..end of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Precision and recall are None where nothing was found or nothing was there to find."""

    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`unreal` is anything but asserted, whatever kind of it was said; `missed` are the reports taken for something
    else: the alerts that nobody would get.
    """

    reports: Figures
    negated: Figures
    unreal: Figures
    missed: tuple[Case, ...]


def load(half: str) -> tuple[Case, ...]:
    return tuple(Case(**case) for case in yaml.safe_load((HERE / f"{half}.yaml").read_text(encoding="utf-8")))


def score(cases: Iterable[Case], judge: Judge) -> Score:
    judged = [(case, judge(case.text, *case.span)) for case in cases]
    return Score(
        reports=_figures("asserted", judged),
        negated=_figures("negated", judged),
        unreal=_figures("unreal", [(replace(case, label=_told(case.label)), _told(answer)) for case, answer in judged]),
        missed=tuple(case for case, said in judged if case.label == "asserted" != said),
    )


def _told(label: str) -> str:
    return label if label == "asserted" else "unreal"


def _figures(label: str, judged: Sequence[tuple[Case, str]]) -> Figures:
    said = [case.label == label for case, answer in judged if answer == label]
    there = [answer == label for case, answer in judged if case.label == label]
    return Figures(precision=_share(said), recall=_share(there))


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


_NEGATION = re.compile(
    r"""\b(?: no | not | none | nobody | nothing | never | nor | neither | without | cannot | \w+n['’]t | absence | lack
    | den(?:y|ies|ied|ying|ials?) | refus\w+ | reject\w* | dismiss\w* | fail\w* | unable | declin\w+ | halted
    | cancelled | averted | foiled | hoax | fake | false | untrue | debunked | unfounded | abandoned | scrapped
    | instead | rather\ than | yet\ to | stopped\ short | ruled\ out | called\ off | no\ longer )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_UNREAL = re.compile(
    r"""\b(?: may | might | could | would | should | will | shall | must | if | unless | until | whether | possibl[ey]
    | perhaps | suspected | alleged(?:ly)? | likely | probabl[ey] | fear\w* | risk | consider\w* | threat\w* | vow\w*
    | warn\w* | plan(?:s|ned|ning)? | intend\w* | prepar\w+ | set\ to | due\ to | aim\w* | promis\w+ | hopes?
    | expect\w* | forecast\w* | predict\w* | call(?:s|ed)?\ (?:for|on) | urg\w+ | demand\w* | ask(?:s|ed)?
    | order(?:s|ed)? | exercises? | drills? | simulat\w+ | rehears\w+ | mock )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def naive(text: str, _start: int, _end: int) -> str:
    """The baseline: any such word anywhere in the sentence, wherever the target stands."""
    if _NEGATION.search(text):
        return "negated"
    return "hypothetical" if _UNREAL.search(text) else "asserted"


def watcher(text: str, start: int, end: int) -> str:
    """What the engine takes the target for: an occurrence is negated if any of its words is, and so with the rest."""
    kinds = [scope.kind for scope in unreal(text, sentences(text)) if scope.start < end and start < scope.end]
    return "negated" if "negated" in kinds else next(iter(kinds), "asserted")


def table(name: str, result: Score) -> str:
    """One line: the judge's name, then percentages."""

    def shown(figures: Figures) -> str:
        return "/".join("-" if x is None else f"{x:.1%}" for x in (figures.precision, figures.recall))

    return (
        f"{name}: reports {shown(result.reports)}, negated {shown(result.negated)}, unreal {shown(result.unreal)} "
        f"(precision/recall), {len(result.missed)} missed reports"
    )


if __name__ == "__main__":
    for half in HALVES:
        print(table(f"naive, {half}", score(load(half), naive)))
        print(table(f"watcher, {half}", score(load(half), watcher)))
