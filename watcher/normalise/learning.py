"""pure: (what is known of a feed's sites, new entries) -> what is known from now on; and which blocks are the site's.

An appeal, a footer or the name of a series stands on page after page of a site, whatever the article. So each block is
remembered with the pages, among the last ones of its site, on which it stood. It counts as the site's once it stood on
a fair share of them, and no more once it stands on few: a new design is learned.

In doubt a block is the article's. An entry teaches only where it is another page: long enough for an article, under a
title of its own, saying something that no page before said. So an edit, the same article under a second id and a short
notice teach nothing. What is told as "label: value" is data, however often it comes. A number makes a line another
one, but for short lines that are no sentence ("14 comments"). No sentence is left out before the first words of an
entry's own, no heading over such words, and nothing at all where that would leave little, as of an incident report made
of set phrases.

`Learned.blocks` stands in the order in which its blocks were last seen. A key is made of the site, the block, and
whether that is prose; a record of the page of the site on which it stood last, a flag, and a bit for each of the last
pages. A site's own record, and that of a title, have no bits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from html import unescape
from urllib.parse import urlsplit

from watcher.model import Block, BlockKind, Entry, Learned
from watcher.normalise import clean
from watcher.normalise.identity import hash64

__all__ = ["MOST", "WINDOW", "count", "is_sites", "learn", "site_of", "sites"]

MOST = 256
"""Records a feed has at most."""
WINDOW = 30
"""Pages of a site that are remembered."""
PAGES = 64
"""Entries of one document that are learned from."""
_KEPT = 208  # records, when there were more: those seen once and longest ago are forgotten first
_MANY = 160  # blocks that count at a time
_FEWEST = 6  # pages of a site below which nothing counts
_LINE = (3, 1 / 3)  # pages, and share of the last ones, on which a short line stands that is the site's
_PROSE = (5, 1 / 2)  # the same of a sentence: what is told again and again may be told on purpose
_CEASES = 1 / 2  # of that share, below which it ceases to count: what counts does not come and go

_ARTICLE = 240  # code points of an entry that is an article
_FRESH = (80, 1 / 10)  # code points, and share, of an entry that no page before has
_LEFT = (160, 1 / 5)  # code points, and share, of an entry that are left of it
_EITHER_END = 60  # blocks of an entry that are looked at
_LONGEST = 1_200  # code points: nothing longer stands on every page
_PARAGRAPH = 80  # code points: as long as this, a block is prose even without a full stop
_FEW_WORDS = 5

_NUMBER = re.compile(r"\d+(?::\d\d)*")
_AMOUNT = re.compile(r"\d[.,]\d|[%‰°$€£¥]|\b(?:km|kg|mm|cm)\b")
_DATUM = re.compile(r"[^:：]{1,40}(?::\s|：)\S.{0,60}")
_SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'”’»)\]」』]*\Z")
_SIDE_HOSTS = ("www.", "m.", "mobile.", "amp.")

_SITE = 44  # above this bit a key has the site, below it the block, in the lowest whether it is prose
_BLOCK = (1 << _SITE) - 2
_AT = 32  # above this bit a record has the number of the page
_COUNTS = 1 << 31
_STOOD = (1 << WINDOW) - 1


def learn(before: Learned, entries: Sequence[Entry]) -> Learned:
    """What is known after these entries, none of which was known; the same where none of them is another page."""
    blocks = dict(before.blocks)
    seen = [keys for entry in entries[:PAGES] if (keys := _read(blocks, entry))]
    if not seen:
        return before
    counted = _counting(before.blocks)
    counts = _judged(blocks, counted.union(*seen))
    changed = counts != counted
    return Learned(version=before.version + changed, pages=before.pages + len(seen), blocks=_bounded(blocks))


def sites(learned: Learned, entry: Entry, blocks: Sequence[Block]) -> Callable[[Block], bool]:
    """Tells which of an entry's blocks, cleaned as they are stored, are left out as the site's."""
    if not learned.version:
        return _none_is
    site = _site(site_of(entry))
    texts = _left_out(blocks, {block.text for block in blocks if _standing(learned, site, block.text)})
    return (lambda block: block.text in texts) if texts else _none_is


def is_sites(learned: Learned, site: str, block: Block) -> bool:
    """Whether a block counts as the site's, whatever it stands in."""
    return _standing(learned, _site(site), block.text)


def count(learned: Learned) -> int:
    """How many blocks count as a site's."""
    return len(_counting(learned.blocks))


def site_of(entry: Entry) -> str:
    """The host of an entry's link, which is "" where it has none and its feed is its site.

    Pages that were fetched have no hash, and are a site of their own: what a feed says of an article and the page that
    it links to have little in common.
    """
    return _host(entry.link or "") + ("" if entry.hash else "/")


@lru_cache(1 << 6)  # asked when an entry teaches, and again when it is judged
def _host(link: str) -> str:
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return ""
    side = next((side for side in _SIDE_HOSTS if host.startswith(side)), "")
    return host.removeprefix(side) if host.count(".") > 1 else host


def _standing(learned: Learned, site: int, text: str) -> bool:
    key = _key(site, text)
    return key is not None and bool(learned.blocks.get(key, 0) & _COUNTS)


def _none_is(block: Block) -> bool:  # noqa: ARG001
    return False


def _left_out(blocks: Sequence[Block], standing: set[str]) -> frozenset[str]:
    """Those texts of the site that can be left out: behind words of the entry's own, which are most of what it is."""
    left = size = 0
    begun = False
    texts = set()
    for block, following in zip(blocks, (*blocks[1:], None), strict=False):  # there may be none
        text = block.text
        size += len(text)
        if text not in standing:
            left += len(text)
            begun = begun or _is_prose(text)
        elif (begun or not _is_prose(text)) and not _heads(block, following, standing):
            texts.add(text)
    least, share = _LEFT
    return frozenset(texts) if left >= max(least, share * size) else frozenset()


def _heads(block: Block, following: Block | None, standing: set[str]) -> bool:
    """Whether it is a heading over words of the entry's own ("How it began")."""
    if block.kind is not BlockKind.HEADING or following is None:
        return False
    return following.text not in standing and _is_prose(following.text)


# learning


def _read(blocks: dict[int, int], entry: Entry) -> Iterable[int]:
    """Note where its blocks stand, if an entry is another page; their keys, none if it is not."""
    site = _site(site_of(entry))
    texts = [block.text for block in _ends(entry.blocks)]
    sizes = {key: len(text) for text in texts if (key := _key(site, text)) is not None}
    title = _title(site, entry.title)
    if title in blocks or not _says_more(sizes, blocks, sum(map(len, texts))):
        return ()
    page = (blocks.pop(site, 0) >> _AT) + 1
    for key in sizes:
        blocks[key] = _turned(blocks.pop(key, 0), page) | 1
    if title is not None:
        blocks[title] = page << _AT
    blocks[site] = page << _AT
    return sizes


def _ends(blocks: Sequence[Block]) -> Sequence[Block]:
    if len(blocks) <= 2 * _EITHER_END:
        return blocks
    return (*blocks[:_EITHER_END], *blocks[-_EITHER_END:])


def _says_more(sizes: Mapping[int, int], known: Mapping[int, int], size: int) -> bool:
    """Whether blocks of these keys and sizes make an article, some of which stands on no page before."""
    least, share = _FRESH
    fresh = sum(length for key, length in sizes.items() if key not in known)
    return size >= _ARTICLE and fresh >= max(least, share * sum(sizes.values()))


def _turned(record: int, page: int) -> int:
    """A record as of that page of its site, on which the block has not been seen yet."""
    since = page - (record >> _AT)
    stood = (record << since) & _STOOD if 0 <= since < WINDOW else 0
    return page << _AT | record & _COUNTS | stood


def _judged(blocks: dict[int, int], keys: set[int]) -> set[int]:
    """Flag those of them that count as their site's, and no others; which they are."""
    counts = {key for key in keys if _counts(key, blocks[key], blocks.get(key >> _SITE << _SITE, 0) >> _AT)}
    if len(counts) > _MANY:
        counts = {*[key for key in blocks if key in counts][-_MANY:]}
    for key in keys:
        blocks[key] = blocks[key] | _COUNTS if key in counts else blocks[key] & ~_COUNTS
    return counts


def _counts(key: int, record: int, page: int) -> bool:
    """Whether a block stands on enough of the last pages of its site, of which there were so many."""
    least, share = _PROSE if key & 1 else _LINE
    stood, wanted = (_turned(record, page) & _STOOD).bit_count(), share * min(page, WINDOW)
    if record & _COUNTS:
        return stood > wanted * _CEASES
    return page >= _FEWEST and stood >= max(least, wanted)


def _counting(blocks: Mapping[int, int]) -> set[int]:
    return {key for key, record in blocks.items() if record & _COUNTS}


def _bounded(blocks: dict[int, int]) -> dict[int, int]:
    """What counts, then sites, then what was seen several times, then what was seen last."""
    if len(blocks) <= MOST:
        return blocks
    cheap_first = sorted(blocks, key=lambda key: _worth(key, blocks[key]))
    gone = frozenset(cheap_first[: len(blocks) - _KEPT])
    return {key: record for key, record in blocks.items() if key not in gone}


def _worth(key: int, record: int) -> int:
    if record & _COUNTS:
        return 3
    if not key & ((1 << _SITE) - 1):
        return 2
    return int((record & _STOOD).bit_count() > 1)


# keys


def _site(site: str) -> int:
    return hash64("site", site) >> _SITE << _SITE & ((1 << 64) - 1)


def _key(site: int, text: str) -> int | None:
    """None for what is never a site's."""
    block = _block(text)
    return None if block is None else site | block


@lru_cache(1 << 10)  # of an entry that is learned from and judged at once
def _block(text: str) -> int | None:
    """What a block is known by on any site; None for what is too long to stand on every page, and for data."""
    said = clean.line(unescape(unescape(text)) if "&" in text else text)  # whether or not it was decoded by now
    if not 0 < len(said) <= _LONGEST:
        return None
    prose = _is_prose(said)
    if not prose and _DATUM.fullmatch(said):
        return None
    same = said.casefold()
    if not (prose or _AMOUNT.search(same)) and same.count(" ") < _FEW_WORDS:
        same = _NUMBER.sub("0", same)
    return hash64(same) & _BLOCK | prose


def _title(site: int, title: str) -> int | None:
    same = clean.line(title).casefold()
    return site | hash64("title", same) & _BLOCK if same else None


def _is_prose(text: str) -> bool:
    return len(text) >= _PARAGRAPH or bool(_SENTENCE_END.search(text, max(0, len(text) - 20)))
