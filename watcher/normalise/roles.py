"""pure: (blocks, title) -> the title, and what each block is to its article, in pieces where it is several things.

In doubt a block is body: nothing of an article may be lost, a left-over sentence does little harm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from watcher.model import Block, BlockKind, Role
from watcher.normalise import bylines, credit, edges, repeats, signs, voice
from watcher.normalise.datelines import Dateline, dateline
from watcher.normalise.pieces import Piece, Pieces, whole
from watcher.normalise.sections import by_section

__all__ = ["Judged", "headline", "judge", "never"]

_HEAD = 8  # blocks a headline is looked for in
_DATELINE = 4  # paragraphs a dateline is looked for in
_REPEAT_LENGTH = 20  # code points: shorter lines ("Yes.", a cell of a table) come twice by themselves
_LONGEST_LEAD = 8
_LEAD = "/#>*|»›·•–—- \t"
_PARAGRAPH = 80  # code points: as long as this, a block is text even without a full stop
_QUOTES = str.maketrans("‘’“”„«»", '\'\'"""""')


class Judged(NamedTuple):
    """The pieces of each block, and the dateline that one of them is."""

    pieces: list[Pieces]
    dateline: Dateline | None


class _Said(NamedTuple):
    role: Role
    why: str = ""


_TELLING = frozenset((Role.BODY, Role.REPEAT))
_BODY = Role.BODY  # asked of each block several times; an enumeration takes its time to tell
_IS_BODY = _Said(_BODY)
_AGAIN = _Said(Role.REPEAT, "says an earlier block again")
_LEFT_OVER = _Said(Role.BOILERPLATE, "is left over from markup")
_LEARNED = _Said(Role.BOILERPLATE, "stands on other pages of the site too")


def never(block: Block) -> bool:  # noqa: ARG001
    """Nothing was learned."""
    return False


def headline(blocks: Sequence[Block], learned: Callable[[Block], bool] = never) -> str | None:
    """The block that reads like a headline before the text starts; None where the text starts without one."""
    for at, block in enumerate(blocks[:_HEAD]):
        if _by_itself(block, learned).role is not _BODY:
            continue
        if _is_section(block):
            continue
        found = _can_head(block) and any(_is_text(later) for later in blocks[at + 1 :])
        if found and voice.points(block.text) >= voice.SURE:
            continue
        return block.text.lstrip(_LEAD) if found else None
    return None


def judge(
    blocks: Sequence[Block], title: str, learned: Callable[[Block], bool] = never, lang: str | None = None
) -> Judged:
    """The pieces of each block, which hold all of it but white space. Where there is body at all, some of it is left.

    `learned` tells of a block that it stands on other pages of its site too.
    """
    said = _singly(blocks, title, learned)
    _keep_verses(blocks, said, learned)
    _mark_names(blocks, said)
    _keep_days(blocks, said)
    _mark_edges(blocks, said, title)
    pieces = [whole(block.text, role, why) for block, (role, why) in zip(blocks, said, strict=True)]
    bodies = [at for at, each in enumerate(said) if each is _IS_BODY]
    texts = [blocks[at].text for at in bodies]
    line = _cut_dateline(blocks, texts, bodies, pieces, lang)
    _cut_credits(blocks, texts, bodies, pieces)
    _cut_repeats(blocks, bodies, pieces, maybe=repeats.any_twice(texts))
    return Judged(pieces, line)


def _singly(blocks: Sequence[Block], title: str, learned: Callable[[Block], bool]) -> list[_Said]:
    titled = False
    seen: set[str] = set()
    verdicts = []
    for block in blocks:
        same = block.text.casefold()
        if _says(block.text, title):
            said = _Said(Role.REPEAT, "says the title again") if titled else _Said(Role.TITLE, "is the title")
            titled = True
        elif same in seen:
            said = _AGAIN
        else:
            said = _by_itself(block, learned)
        if len(same) >= _REPEAT_LENGTH:
            seen.add(same)
        verdicts.append(said)
    return verdicts


def _by_itself(block: Block, learned: Callable[[Block], bool]) -> _Said:
    """What a block is by its own signs, whatever stands around it."""
    if why := by_section(block):
        return _Said(Role.BOILERPLATE, why)
    if block.kind is not BlockKind.CODE and (said := _by_words(block.text)):
        return said
    return _LEARNED if learned(block) else _IS_BODY


def _by_words(text: str) -> _Said | None:
    """What its words alone say, which names who wrote on each page of a site, too."""
    if len(text) <= signs.HEADLINE:
        return _by_few_words(text)
    return _LEFT_OVER if signs.is_left_over(text) else None


@lru_cache(1 << 11)  # each is asked for again where its site is known, and many stand on page after page
def _by_few_words(text: str) -> _Said | None:
    if signs.is_left_over(text):
        return _LEFT_OVER
    if signs.is_label(text):
        return _Said(Role.BOILERPLATE, "is a label of the page")
    if signs.is_pointer(text):
        return _Said(Role.BOILERPLATE, "points to another article")
    if signs.is_byline(text):
        return _Said(Role.BYLINE, "says who checked it" if bylines.checks(text) else "names writer or date")
    if credit.is_credit(text):
        return _Said(Role.CREDIT, "names whose it is")
    return None


def _keep_verses(blocks: Sequence[Block], said: list[_Said], learned: Callable[[Block], bool]) -> None:
    """A line that comes again among lines as short belongs to a song or a table; a caption does not."""
    again = [at for at, each in enumerate(said) if each is _AGAIN and len(blocks[at].text) < _PARAGRAPH]
    if not again:
        return
    captions = {block.text.casefold() for block in blocks if block.kind is BlockKind.CAPTION}
    for at in again:
        block = blocks[at]
        beside = [blocks[by] for by in (at - 1, at + 1) if 0 <= by < len(blocks) and said[by].role in _TELLING]
        if block.text.casefold() not in captions and beside and all(_is_verse(other, beside=block) for other in beside):
            said[at] = _by_itself(block, learned)


def _is_verse(block: Block, *, beside: Block) -> bool:
    """Whether it is a line such as that beside it, no paragraph."""
    if len(block.text) >= _PARAGRAPH or block.text.casefold() == beside.text.casefold():
        return False
    return not (signs.is_sentence(block.text) and signs.is_sentence(beside.text))


def _mark_names(blocks: Sequence[Block], said: list[_Said]) -> None:
    """A name alone, above the text and beside a line that says when it was published."""
    for at, block in enumerate(blocks[:_HEAD]):
        if said[at].role is not _BODY and said[at] is not _LEARNED:
            continue
        if said[at].role is _BODY and _is_text(block):
            return
        beside = [said[by].role for by in (at - 1, at + 1) if 0 <= by < len(blocks)]
        if Role.BYLINE in beside and bylines.is_name(block.text):
            said[at] = _Said(Role.BYLINE, "names the writer")


def _keep_days(blocks: Sequence[Block], said: list[_Said]) -> None:
    """A date alone is the article's own at its head or below it; amidst the text it tells when something happened."""
    if not any(each.role is Role.BYLINE for each in said):
        return
    texts = [at for at, each in enumerate(said) if each.role is _BODY and _is_text(blocks[at])]
    if not texts:
        return
    lines = (at for at in range(texts[-1]) if said[at].role is Role.BYLINE)
    days = [at for at in lines if signs.is_day(blocks[at].text)]
    amidst = [at for at in days if at > texts[0]]
    if amidst and (amidst[0] > texts[0] + 1 or len({blocks[at].text for at in days}) > 1):
        for at in amidst:
            said[at] = _IS_BODY


def _mark_edges(blocks: Sequence[Block], said: list[_Said], title: str) -> None:
    bodies = [at for at, each in enumerate(said) if each is _IS_BODY]
    for number, left in edges.left_out([blocks[at].text for at in bodies], title).items():
        said[bodies[number]] = _Said(*left)


def _cut_dateline(
    blocks: Sequence[Block], texts: Sequence[str], bodies: Sequence[int], pieces: list[Pieces], lang: str | None
) -> Dateline | None:
    for at, text in zip(bodies[:_DATELINE], texts, strict=False):
        found = dateline(text, texts, lang)
        if found and (at == bodies[0] or _is_text(blocks[at])):
            start = len(text) - len(text[found.end :].lstrip())
            line = Piece(
                0, len(text[: found.end].rstrip()), Role.DATELINE, "says where, when or for whom it was written"
            )
            pieces[at] = (line, Piece(start, len(text), _BODY))
            return found
    return None


def _cut_credits(blocks: Sequence[Block], texts: Sequence[str], bodies: Sequence[int], pieces: list[Pieces]) -> None:
    for at, text in zip(bodies, texts, strict=True):
        found = credit.begins(text)
        if found is None or blocks[at].kind is BlockKind.CODE:
            continue
        last = pieces[at][-1]
        if found > last.start:
            start = len(text) - len(text[found:].lstrip())
            named = Piece(start, len(text), Role.CREDIT, "names whose it is")
            pieces[at] = (*pieces[at][:-1], last._replace(end=len(text[:found].rstrip())), named)


def _cut_repeats(blocks: Sequence[Block], bodies: Sequence[int], pieces: list[Pieces], *, maybe: bool) -> None:
    """Sentences that an earlier one said already."""
    cut = any(len(pieces[at]) > 1 for at in bodies)
    if not maybe and not (cut and repeats.any_twice([_body(blocks[at].text, pieces[at]) for at in bodies])):
        return
    seen: set[str] = set()
    for at in bodies:
        if blocks[at].kind is not BlockKind.CODE and _is_text(blocks[at]):
            parts = (_fresh(blocks[at].text, piece, seen) for piece in pieces[at])
            pieces[at] = tuple(part for cut_up in parts for part in cut_up)


def _body(text: str, pieces: Pieces) -> str:
    return text if len(pieces) == 1 else next(text[start:end] for start, end, role, _ in pieces if role is _BODY)


def _fresh(text: str, piece: Piece, seen: set[str]) -> Pieces:
    if piece.role is not _BODY:
        return (piece,)
    runs = repeats.cut(text[piece.start : piece.end], seen)
    if not any(again for _, _, again in runs):
        return (piece,)
    return tuple(
        Piece(piece.start + start, piece.start + end, Role.REPEAT, "says an earlier sentence again")
        if again
        else Piece(piece.start + start, piece.start + end, Role.BODY)
        for start, end, again in runs
    )


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
