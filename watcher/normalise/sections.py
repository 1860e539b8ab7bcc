"""pure: a block -> why it is no part of the article, by where it stands and how much of it is links; or None."""

from __future__ import annotations

from watcher.model import Block, BlockKind, Section
from watcher.normalise import signs

__all__ = ["by_section"]

_WHY = {
    Section.HEADER: "stands in the heading of the page",
    Section.NAV: "is navigation",
    Section.ASIDE: "stands beside the article",
    Section.FOOTER: "stands below the article",
    Section.FORM: "belongs to a form",
    Section.COMMENTS: "is among the comments",
}
_MOST_LINKS = 0.6  # share of link text from which a short block is navigation
_LINK_LENGTH = 100  # code points


def by_section(block: Block) -> str | None:
    """Why a block is boilerplate, in a few words; None where its place in the markup says nothing against it.

    Which section a block stands in is what its page was read for (parse/placing.py); that of a plain text says nothing.
    A byline stands in a heading, and is judged by what it says.
    """
    if block.kind is not BlockKind.CODE and _is_links(block):
        return "is links"
    if block.section is Section.HEADER and signs.is_byline(block.text):
        return None
    return _WHY.get(block.section)


def _is_links(block: Block) -> bool:
    return block.links > _MOST_LINKS and len(block.text) <= _LINK_LENGTH and not signs.is_sentence(block.text)
