"""edge: labelled paragraphs at the edges of articles -> precision and recall of what is taken for the site's.

Run as `python -m tests.data.edges.score` it prints the figures of both halves, and of the half that may be looked at
what was judged wrongly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from watcher.model import Block, Entry, Feed, FeedId, Hash64
from watcher.normalise import normalise

HERE = Path(__file__).parent
HALVES = ("dev", "heldout")
_FEED = Feed(id=FeedId("edges"), url="https://edges.example/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A paragraph that stands above or below an article."""

    lang: str
    site: bool
    top: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of the paragraphs taken for the site's, the share that is; of those that are, the share that was taken."""

    precision: float
    recall: float
    wrong: tuple[Case, ...]


def load(half: str) -> tuple[Case, ...]:
    lines = (HERE / f"{half}.txt").read_text("utf-8").splitlines()
    return tuple(_case(*line.split(" | ", 1)) for line in lines)


def score(cases: Sequence[Case]) -> Figures:
    taken = [(case, is_left_out(case)) for case in cases]
    right = sum(case.site and out for case, out in taken)
    return Figures(
        precision=right / max(1, sum(out for _, out in taken)),
        recall=right / max(1, sum(case.site for case in cases)),
        wrong=tuple(case for case, out in taken if out != case.site),
    )


def is_left_out(case: Case) -> bool:
    """Whether the paragraph, at its edge of an article in its language, is no part of the text."""
    article = _article(case.lang)
    texts = [case.text, *article] if case.top else [*article, case.text]
    entry = Entry(hash=Hash64(7), title="Delvast 2026", blocks=_blocks(texts))
    return case.text not in normalise(entry, _FEED).text


def _article(lang: str) -> list[str]:
    lines = (line.split(" | ", 1) for line in (HERE / "articles.txt").read_text("utf-8").splitlines())
    return [text for of, text in lines if of == lang]


def _blocks(texts: Iterable[str]) -> tuple[Block, ...]:
    return tuple(Block(text=text) for text in texts)


def _case(about: str, text: str) -> Case:
    lang, label, where = about.split()
    return Case(lang=lang, site=label == "site", top=where == "top", text=text)


def _main() -> None:
    for half in HALVES:
        cases = load(half)
        found = score(cases)
        print(f"{half:8} {len(cases)} paragraphs: precision {found.precision:.3f}, recall {found.recall:.3f}")
        for case in found.wrong if half == "dev" else ():
            print(f"    {'kept' if case.site else 'LOST'}  {case.lang}  {case.text}")


if __name__ == "__main__":
    _main()
