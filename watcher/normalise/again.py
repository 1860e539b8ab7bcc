"""pure: a stored item -> the entry it was made of, as far as it was kept, and what judging it again makes another.

Texts are as they were cleaned. What was lifted out of the text stands in fields that the source may have filled as
well, so a date, an outlet or an author stays what it is; the title too, but for one made of the first sentence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from watcher.model import Block, Entry, Feed, Hash64, Item, Learned, Origin, PlacedBlock
from watcher.normalise import normalise

__all__ = ["Change", "changes", "entry_of", "judged_again"]

_ANY = Hash64(1)
"""That of an entry of a feed; a page that was fetched has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A run of `raw` that was one thing and is another."""

    start: int
    end: int
    was: PlacedBlock
    now: PlacedBlock


def entry_of(item: Item) -> Entry:
    """An entry that normalises to the item where nothing is judged otherwise; its identity is not the item's."""
    blocks = tuple(_blocks(item))
    is_whole = item.summary and item.summary == " ".join(item.text.split("\n\n"))  # the source's was all of it, then
    return Entry(
        hash=Hash64(0) if item.origin is Origin.PAGE else _ANY,
        link=item.url,
        title="" if item.title_from_text else item.title,
        blocks=blocks,
        summary=" ".join(block.text for block in blocks) if is_whole else item.summary,
        authors=item.authors,
        tags=item.tags,
        lang=item.lang,
        published=item.published,
        updated=item.updated,
        said=item.said,
        outlet=item.outlet,
    )


def judged_again(item: Item, feed: Feed, learned: Learned) -> Item:
    """The item as it would be made now."""
    made = normalise(entry_of(item), feed, learned=learned)
    return replace(made, id=item.id, key=item.key, fingerprint=item.fingerprint, origin=item.origin, wall=item.wall)


def changes(was: Item, now: Item) -> tuple[Change, ...]:
    """What of the same `raw` is judged otherwise, in its order; where a judgement was cut into pieces, each of them."""
    cuts = sorted({at for item in (was, now) for block in item.blocks for at in (block.start, block.end)})
    before, after = _Pieces(was.blocks), _Pieces(now.blocks)
    runs = ((start, end, before.at(start), after.at(start)) for start, end in pairwise(cuts))
    return tuple(
        Change(start=start, end=end, was=one, now=other)
        for start, end, one, other in runs
        if one and other and one.role is not other.role
    )


class _Pieces:
    """The pieces of an item, by where they stand."""

    def __init__(self, blocks: Sequence[PlacedBlock]) -> None:
        self._blocks = blocks
        self._starts = [block.start for block in blocks]

    def at(self, place: int) -> PlacedBlock | None:
        """The one that holds the character there; None between two."""
        found = bisect_right(self._starts, place) - 1
        return self._blocks[found] if found >= 0 and place < self._blocks[found].end else None


def _blocks(item: Item) -> Iterator[Block]:
    """The blocks of the source, put together from their pieces."""
    pieces: list[PlacedBlock] = []
    for piece in item.blocks:
        if pieces and not piece.goes_on:
            yield _whole(item.raw, pieces)
            pieces = []
        pieces.append(piece)
    if pieces:
        yield _whole(item.raw, pieces)


def _whole(raw: str, pieces: Sequence[PlacedBlock]) -> Block:
    first = pieces[0]
    text = raw[first.start : pieces[-1].end]
    return Block(text=text, kind=first.kind, links=first.links, section=first.section)
