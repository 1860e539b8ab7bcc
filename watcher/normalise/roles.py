"""pure: (blocks, title) -> the title, and what each block is to its article.

In doubt a block is body: nothing of an article may be lost, a left-over sentence does little harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from watcher.model import Block, BlockKind, Role
from watcher.normalise import signs

_HEAD = 8  # blocks a headline is looked for in
_MOST_LINKS = 0.6  # share of link text from which a short block is navigation
_LINK_LENGTH = 100  # code points
_REPEAT_LENGTH = 20  # code points: shorter lines ("Yes.", a cell of a table) come twice by themselves
_LONGEST_LEAD = 8
_LEAD = "/#>*|»›·•–—- \t"
_PARAGRAPH = 80  # code points: as long as this, a block is text even without a full stop
_QUOTES = str.maketrans("‘’“”„«»", '\'\'"""""')


class Verdict(NamedTuple):
    """What a block is, and why, in a few words."""

    role: Role
    why: str = ""


_IS_BODY = Verdict(Role.BODY)


def headline(blocks: Sequence[Block]) -> str | None:
    """The block that reads like a headline before the text starts; None where the text starts without one."""
    for at, block in enumerate(blocks[:_HEAD]):
        if _by_itself(block).role is not Role.BODY:
            continue
        if _is_section(block):
            continue
        found = _can_head(block) and any(_is_text(later) for later in blocks[at + 1 :])
        return block.text.lstrip(_LEAD) if found else None
    return None


def judge(blocks: Sequence[Block], title: str) -> list[Verdict]:
    """A verdict for each block. Where there is body at all, some of it is left."""
    return _without_footer(blocks, _without_repeats(blocks, title))


def _without_repeats(blocks: Sequence[Block], title: str) -> list[Verdict]:
    titled = False
    seen: set[str] = set()
    verdicts = []
    for block in blocks:
        same = block.text.casefold()
        if _says(block.text, title):
            verdict = Verdict(Role.REPEAT, "says the title again") if titled else Verdict(Role.TITLE, "is the title")
            titled = True
        elif same in seen:
            verdict = Verdict(Role.REPEAT, "says an earlier block again")
        else:
            verdict = _by_itself(block)
        if len(same) >= _REPEAT_LENGTH:
            seen.add(same)
        verdicts.append(verdict)
    return verdicts


def _without_footer(blocks: Sequence[Block], verdicts: list[Verdict]) -> list[Verdict]:
    """Footers count at the very end only, below the first paragraph."""
    bodies = [at for at, verdict in enumerate(verdicts) if verdict.role is Role.BODY]
    for at in reversed(bodies[1:]):
        if not signs.is_footer(blocks[at].text):
            break
        verdicts[at] = Verdict(Role.BOILERPLATE, "is a footer of the site")
    return verdicts


def _by_itself(block: Block) -> Verdict:
    """What a block is by its own signs, whatever stands around it."""
    if block.kind is BlockKind.CODE:
        return _IS_BODY
    if signs.is_left_over(block.text):
        return Verdict(Role.BOILERPLATE, "is left over from markup")
    if signs.is_label(block.text):
        return Verdict(Role.BOILERPLATE, "is a label of the page")
    if signs.is_byline(block.text):
        return Verdict(Role.BYLINE, "names writer or date")
    if block.links > _MOST_LINKS and len(block.text) <= _LINK_LENGTH and not signs.is_sentence(block.text):
        return Verdict(Role.BOILERPLATE, "is links")
    return _IS_BODY


def _can_head(block: Block) -> bool:
    return block.kind in {BlockKind.PARAGRAPH, BlockKind.HEADING} and signs.is_headline(block.text)


def _is_section(block: Block) -> bool:
    """A single word such as the name of a section."""
    return block.kind is BlockKind.PARAGRAPH and block.text.isascii() and block.text.isalpha()


def _is_text(block: Block) -> bool:
    return signs.is_sentence(block.text) or len(block.text) >= _PARAGRAPH


def _says(text: str, title: str) -> bool:
    """Whether a text is the title but for case, quotes and signs before it, such as "//"."""
    if abs(len(text) - len(title)) > _LONGEST_LEAD:
        return False
    same, wanted = (said.lstrip(_LEAD).casefold().translate(_QUOTES) for said in (text, title))
    return bool(wanted) and same == wanted
