"""pure: file -> entry.

A plain text says nothing of itself but its paragraphs: those between blank lines, and single lines where the file does
not wrap its lines. What is title, byline or date among them is for normalising to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from watcher.model import Block, BlockKind, Entry, File
from watcher.parse import page
from watcher.parse.decoding import decode

__all__ = ["blocks", "decode", "entry_from_file"]

_HTML = (".html", ".htm", ".xhtml")
_BULLET = re.compile(r"(?:[-*•‣◦]|\d{1,2}[.)])\s")
_HEADING = re.compile(r"#{1,6}\s+")
_COLUMNS = range(40, 121)  # widths people and mail programs wrap at
_ENDS = tuple('.!?:…"”’)')


def entry_from_file(file: File) -> Entry:
    """One file of a folder as an entry, by its suffix; anything but HTML is plain text. Every file is some text."""
    if file.name.lower().endswith(_HTML):
        return page.entry(decode(file.body), file)
    return Entry(hash=file.hash, guid=file.name, link=file.url, blocks=blocks(decode(file.body)))


def blocks(text: str) -> tuple[Block, ...]:
    """The paragraphs of a plain text, white space folded, none of them empty."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    runs = [list(run) for said, run in groupby(lines, key=bool) if said]
    width = _width(runs)
    return tuple(_block(paragraph) for run in runs for paragraph in _paragraphs(run, width))


def _width(runs: Sequence[Sequence[str]]) -> int | None:
    """The column a file's lines are wrapped at; None when its lines are paragraphs.

    In a wrapped file most lines are as long as they can be: the next line's first word would not have fitted.
    """
    followed = [pair for run in runs for pair in pairwise(run)]
    width = max((len(line) for line, _ in followed if " " in line), default=0)
    filled = sum(_fills(line, following, width) for line, following in followed)
    return width if width in _COLUMNS and filled >= 3 and filled >= 0.6 * len(followed) else None


def _fills(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width


def _paragraphs(run: Iterable[str], width: int | None) -> list[str]:
    paragraphs: list[str] = []
    last = ""
    for line in run:
        if last and _goes_on(last, line, width):
            paragraphs[-1] += " " + line
        else:
            paragraphs.append(line)
        last = line
    return paragraphs


def _goes_on(line: str, following: str, width: int | None) -> bool:
    """Whether the next line belongs to this one's paragraph: wrapped at the file's width, or broken mid-sentence."""
    if _BULLET.match(following) or _HEADING.match(following):
        return False
    if width is not None and _fills(line, following, width):
        return True
    return len(line) >= _COLUMNS.start and following[0].islower() and not line.endswith(_ENDS)


def _block(paragraph: str) -> Block:
    if heading := _HEADING.match(paragraph):
        return Block(text=paragraph[heading.end() :], kind=BlockKind.HEADING)
    return Block(text=paragraph, kind=BlockKind.LIST_ITEM if _BULLET.match(paragraph) else BlockKind.PARAGRAPH)
