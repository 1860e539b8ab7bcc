"""How well articles are read out of whole pages: invented ones, of which every word is known (tests/pagegen.py).

    python -m tests.bench articles
    python -m tests.bench.articles [--seed N] [--each N] [--worst N] [--pages LAYOUT]

Four readers of the same pages: ours with nothing known of the site, ours after other pages of the site (as a feed of
them teaches it), trafilatura alone, and the whole page. tests/pages/scoring.py says what is counted. One page of each
layout and language by default; --worst shows the pages read worst, with what was kept and lost. It fails when ours, in
either way, misses a mark, or when the pages are too easy: the whole page is to score EASY below.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import partial

from tests.pagegen import Page, generate
from tests.pages import reading
from tests.pages.scoring import Read, Score, score, total, words

F1, KEPT, TITLES, DATES, EASY = 0.97, 0.02, 1.0, 0.98, 0.15
OURS, KNOWN, ALONE, WHOLE = "ours", "ours, site known", "trafilatura", "whole page"
Scored = list[tuple[Page, Read, Score]]


def main(arguments: Sequence[str] = ()) -> None:
    asked = _asked(arguments)
    pages = [page for page in generate(asked.seed, each=asked.each) if asked.pages in {None, page.layout}]
    ways: dict[str, Callable[[Page], Read]] = {
        OURS: reading.ours,
        KNOWN: partial(reading.ours_learned, seed=asked.seed),
        ALONE: reading.trafilatura_alone,
        WHOLE: reading.whole,
    }
    scored = {name: [(page, read := way(page), score(page, read)) for page in pages] for name, way in ways.items()}
    for told, held_out in (("dev", False), ("held out", True)):
        _table(told, {name: [s for s in all_ if s[0].held_out is held_out] for name, all_ in scored.items()})
    _table("all", scored, parts=False)
    _cost(ways, pages)
    for page, read, _ in sorted(scored[OURS], key=lambda each: each[2].f1)[: asked.worst]:
        _differences(page, read)
    sys.exit(1 if list(_missed(scored)) else 0)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=1, help="pages of each layout and language")
    parser.add_argument("--worst", type=int, default=0, help="show so many pages that were read worst")
    parser.add_argument("--pages", help="of this layout alone")
    return parser.parse_args(arguments)


def _table(told: str, scored: dict[str, Scored], *, parts: bool = True) -> None:
    if not any(scored.values()):
        return
    print(f"\n{told:<26} pages     F1   prec    rec   kept  titles  dates  authors  places")
    for name, rows in scored.items():
        _line(name, rows)
    for name in (OURS, KNOWN) if parts else ():
        print(f"  {name}, by layout and by language")
        for key in ("layout", "lang"):
            for value in dict.fromkeys(getattr(page, key) for page, _, _ in scored[name]):
                _line(f"  {value}", [row for row in scored[name] if getattr(row[0], key) == value])


def _line(name: str, rows: Scored) -> None:
    s = total([each for _, _, each in rows])
    read = f"{s.f1:6.3f} {s.precision:6.3f} {s.recall:6.3f} {s.kept / s.boilerplate:6.1%}"
    found = "  ".join(f"{count / s.pages:6.1%}" for count in (s.titles, s.dates, s.authors, s.places))
    print(f"  {name:<24} {s.pages:5} {read}  {found}")


def _cost(ways: dict[str, Callable[[Page], Read]], pages: Sequence[Page]) -> None:
    """Of one reading, the page's site not being learned again for each."""
    print("\nms of processor time a page:", end=" ")
    for name in (OURS, ALONE):
        began = time.process_time()
        for page in pages:
            ways[name](page)
        print(f"{name} {(time.process_time() - began) / len(pages) * 1000:.1f}", end="  ")
    print(flush=True)


def _missed(scored: dict[str, Scored]) -> Iterable[str]:
    """Each mark that is missed, told."""
    whole = total([each for _, _, each in scored[WHOLE]]).f1
    for name in (OURS, KNOWN):
        s = total([each for _, _, each in scored[name]])
        marks = {
            f"F1 {s.f1:.3f} < {F1}": s.f1 < F1,
            f"boilerplate kept {s.kept / s.boilerplate:.1%}": s.kept / s.boilerplate >= KEPT,
            f"titles {s.titles} of {s.pages}": s.titles < TITLES * s.pages,
            f"dates {s.dates} of {s.pages}": s.dates < DATES * s.pages,
            f"the whole page scores {whole:.3f}": whole > s.f1 - EASY,
        }
        for told in (told for told, missed in marks.items() if missed):
            print(f"MISSED by {name}: {told}")
            yield told


def _differences(page: Page, read: Read) -> None:
    """What was kept (+) and lost (-), in their surroundings' order."""
    print(f"\n{page.layout} {page.lang} {page.number}: {read.title!r} for {page.title!r}")
    print(f"  {read.published} for {page.published} ({page.dated}), {read.authors} for {page.authors}")
    truth, found = words(" ".join(page.text)), words(read.text)
    for what, a, b, c, d in SequenceMatcher(None, truth, found, autojunk=False).get_opcodes():
        if what != "equal":
            print(
                "".join(
                    f"  {sign} {' '.join(said)[:300]}\n"
                    for sign, said in (("-", truth[a:b]), ("+", found[c:d]))
                    if said
                ),
                end="",
            )


if __name__ == "__main__":
    main(sys.argv[1:])
