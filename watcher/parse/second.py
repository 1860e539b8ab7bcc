"""pure: a page in which hardly any text was found -> its blocks with what another reader takes for the article.

What the page says of its own text in JSON-LD comes first (pages that a script builds), then trafilatura's extractor
where the extra `articles` is installed. It is loaded when it is needed, and never fetches anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from watcher.model import Block, Section
from watcher.parse.markup import layout_of, tree

__all__ = ["doubtful", "second_opinion"]

_LITTLE = 120  # characters of the article: shorter than any brief, so that the page was not understood
_TIMES = 3  # as much text, at least, as was found without
_LONGEST = 500_000  # characters of a page that is given to another reader: 10 MB of elements cost it half a minute


def doubtful(blocks: Sequence[Block]) -> bool:
    return _said(blocks) < _LITTLE


def second_opinion(markup: str, blocks: tuple[Block, ...], body: str) -> tuple[Block, ...]:
    """`blocks` where nobody finds much more; else what is found as blocks of the main part, the others as they were.

    `body` is the text that the page says it has, "" where it says none.
    """
    for lines in (_lines(_shown(body)), _lines(_extracted(markup))):
        if sum(map(len, lines)) >= max(_LITTLE, _TIMES * _said(blocks)):
            return _with(blocks, lines)
    return blocks


def _with(blocks: Sequence[Block], lines: Sequence[str]) -> tuple[Block, ...]:
    """Blocks that are among the lines become the article's; lines that are in no block are added behind them."""
    wanted = set(lines)
    found = {block.text for block in blocks} & wanted
    kept = (replace(block, section=Section.MAIN) if block.text in found else block for block in blocks)
    return (*kept, *(Block(text=line) for line in lines if line not in found))


def _said(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks if block.section is Section.MAIN and block.links < 0.5)


def _lines(text: str) -> list[str]:
    lines = (" ".join(line.split()).removeprefix("- ") for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def _shown(body: str) -> str:
    """The text without the markup that some put into it."""
    inside = tree(body).body if "<" in body else None
    return "\n".join(piece.text for piece in layout_of(inside).pieces) if inside else body


def _extracted(markup: str) -> str:
    if len(markup) > _LONGEST:
        return ""
    try:
        import trafilatura
    except ImportError:
        return ""
    return trafilatura.extract(markup, include_comments=False) or ""
