"""pure: entry -> item: identity, URL, dates, which block is what, language, fingerprint.

clean.py changes characters, and nothing does later. identity.py, url.py with redirectors.py, dates.py and lang.py read
what the entry says of itself. What its blocks are, whole or in pieces.py, is for roles.py to say, which asks
- of a block alone: sections.py, where it stands in its page; signs.py, bylines.py, credit.py, what its words are;
- of its site: learning.py, what stands on other pages;
- of it among the others: edges.py, who speaks above and below the article, by voice.py and smallprint.py; repeats.py;
- of its parts: datelines.py, credit.py, repeats.py.
lifted.py fills fields from the pieces. wording.py, places.py and outlets.py are words and names. again.py judges anew
what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from watcher.model import Block, BlockKind, Entry, Feed, Identity, Item, Learned, PlacedBlock, Role
from watcher.normalise import clean, dates, identity, learning, lifted, roles, url
from watcher.normalise import lang as languages
from watcher.normalise.pieces import Pieces
from watcher.normalise.roles import Judged
from watcher.text.cut import cut
from watcher.text.sentences import first_sentence

__all__ = ["normalise"]

TITLE = 1000  # code points
FIRST_SENTENCE = 120  # code points
TEXT = 256 * 1024  # bytes of UTF-8
NAMES = 100  # authors, and tags, an item keeps
_GAP = "\n\n"
_NOTHING = Learned()


class _Read(NamedTuple):
    """What an entry's blocks say: the title, if they have one, the text, and what each of them is."""

    title: str
    text: str
    judged: Judged


def normalise(entry: Entry, feed: Feed, *, by: Identity = Identity.GUID, learned: Learned = _NOTHING) -> Item:
    """What is stored and matched of an entry, told apart `by` that. Any entry makes an item; nothing is raised.

    What was `learned` of the pages of its site tells blocks that are the site's and not the article's.
    """
    blocks = _blocks(entry)
    own_title = cut(clean.label(clean.decoded(entry.title)), TITLE)
    lang = languages.of((entry.lang, feed.lang), _sample(own_title, blocks), languages.detector())
    plain = read = _read(blocks, own_title, lang)
    if learned.version and any(map(theirs := learning.sites(learned, entry, blocks), blocks)):
        read = _read(blocks, own_title, lang, theirs)
    said = clean.line(clean.decoded(entry.summary))
    summary = _limited(" ".join(read.text.split(_GAP)) if _is_whole(said, blocks) else said)
    key = identity.key(entry, by)
    pieces = _placed(blocks, read.judged.pieces)
    raw = _GAP.join(block.text for block in blocks)
    title = read.title or _first_sentence(read.text, raw)
    return Item(
        id=identity.item_id(feed.id, key),
        feed=feed.id,
        key=key,
        fingerprint=identity.fingerprint(plain.title or _first_sentence(plain.text, raw), plain.text, _limited(said)),
        url=url.address(entry.link),
        canonical=url.same_page(entry.link),
        title=title,
        title_from_text=not read.title and bool(title),
        text=read.text,
        summary=summary,
        raw=raw,
        blocks=pieces,
        authors=_names(entry.authors) or _names(lifted.authors(raw, pieces)),
        tags=_names((*entry.tags, *feed.tags)),
        lang=lang,
        published=dates.utc(entry.published) or lifted.published(raw, pieces, read.judged.dateline, lang),
        updated=dates.utc(entry.updated),
        said=cut(clean.line(entry.said), TITLE),
        outlet=cut(clean.label(lifted.outlet(raw, pieces, read.judged.dateline, entry.outlet)), TITLE),
        place=cut(clean.label(read.judged.dateline.place if read.judged.dateline else ""), TITLE),
        learned=learned.version,
    )


def _read(
    blocks: Sequence[Block], own_title: str, lang: str | None, learned: Callable[[Block], bool] | None = None
) -> _Read:
    theirs = learned or roles.never
    title = own_title or clean.label(roles.headline(blocks, theirs) or "")
    judged = roles.judge(blocks, title, theirs, lang)
    bodies = (_body(block.text, pieces) for block, pieces in zip(blocks, judged.pieces, strict=True))
    return _Read(title, _GAP.join(body for body in bodies if body), judged)


def _is_whole(summary: str, blocks: Sequence[Block]) -> bool:
    """Whether a summary is all there is, as in feeds that put the article there: what is left out of one is left out of
    the other.
    """
    return summary == " ".join(block.text for block in blocks)


def _body(text: str, pieces: Pieces) -> str:
    if len(pieces) == 1:
        return text if pieces[0].role is Role.BODY else ""
    return " ".join(text[piece.start : piece.end] for piece in pieces if piece.role is Role.BODY)


def _blocks(entry: Entry) -> list[Block]:
    """The content, else the summary, as it is stored: cleaned, and TEXT bytes at most."""
    return _stored(entry.blocks) or _stored((Block(text=entry.summary),))


def _stored(blocks: Iterable[Block]) -> list[Block]:
    kept: list[Block] = []
    left = TEXT
    for block in blocks:
        text = clean.line(block.text if block.kind is BlockKind.CODE else clean.decoded(block.text))
        size = len(text.encode()) + len(_GAP)
        if text and left > len(_GAP):
            text = text if size <= left else _limited(text, left)
            kept.append(block if block.text == text else replace(block, text=text))
            left -= size
    return kept


def _limited(text: str, size: int = TEXT) -> str:
    """The text in at most that many bytes, cut on a word."""
    kept = clean.within(text, size)
    return text if kept == text else cut(text, max(1, len(kept) - 2))  # the ellipsis is three bytes


def _placed(blocks: Sequence[Block], cut_up: Sequence[Pieces]) -> tuple[PlacedBlock, ...]:
    placed, at = [], 0
    for block, pieces in zip(blocks, cut_up, strict=True):
        for number, (start, end, role, why) in enumerate(pieces):
            placed.append(
                PlacedBlock(
                    start=at + start,
                    end=at + end,
                    role=role,
                    why=why,
                    kind=block.kind,
                    links=block.links,
                    section=block.section,
                    goes_on=number > 0,
                )
            )
        at += len(block.text) + len(_GAP)
    return tuple(placed)


def _first_sentence(*texts: str) -> str:
    """Of the text, else of what there is; blank lines end sentences."""
    said = (first_sentence(text[:TITLE], FIRST_SENTENCE) for text in texts)
    return next((label for sentence in said if (label := clean.label(sentence))), "")


def _names(names: Iterable[str]) -> tuple[str, ...]:
    cleaned = (cut(clean.label(clean.decoded(name)), TITLE) for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))[:NAMES]


def _sample(title: str, blocks: Sequence[Block]) -> str:
    """What is most likely in the article's language: lists of links come last."""
    texts = [block.text for block in blocks if block.links <= 0.5]
    if len(texts) < len(blocks):
        texts += [block.text for block in blocks if block.links > 0.5]
    return " ".join([title, *texts[:19]])
