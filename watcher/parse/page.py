"""pure: HTML -> blocks, plain text, or the entry a whole page makes.

markup.py reads what stands where, placing.py says which part of its page a block belongs to, metadata.py what the page
says of itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import dropwhile, islice, takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.model import Block, Entry, File, Section
from watcher.parse.linked import Linked, linked
from watcher.parse.markup import DEPTH, Layout, layout_of, plain, text_of, tree
from watcher.parse.metadata import base_of, head_title, lang_of, metadata
from watcher.parse.placing import fragment, whole_page
from watcher.parse.second import doubtful, second_opinion
from watcher.text.dates import stated

__all__ = [
    "DEPTH",
    "article",
    "base_of",
    "blocks",
    "blocks_of",
    "entry",
    "head_title",
    "lang_of",
    "plain",
    "text_of",
    "tree",
]

_LINE = 160  # characters: no line that says when is longer


def blocks(markup: str) -> tuple[Block, ...]:
    """The blocks of a page's body or of a fragment, in reading order, none of them empty."""
    body = tree(markup).body
    return fragment(layout_of(body)) if body else ()


def blocks_of(root: LexborNode, without: Collection[int] = ()) -> tuple[Block, ...]:
    """The blocks within one element, the elements with these `mem_id`s left out."""
    return fragment(layout_of(root, without))


def entry(markup: str, file: File) -> Entry:
    """A file that holds one page, as an entry: its text, and what its head says of it."""
    document = tree(markup)
    return replace(_read(document, linked(document), file.url), hash=file.hash, guid=file.name)


def article(markup: str, url: str) -> Entry:
    """The page at an address, as an entry that says nothing of where it was found: its guid is empty, its hash 0.

    Where hardly any text is found, another reader is asked.
    """
    document = tree(markup)
    said = linked(document)
    read = _read(document, said, url)
    if not doubtful(read.blocks):
        return read
    return replace(read, blocks=second_opinion(markup, read.blocks, said.body))


def _read(document: LexborHTMLParser, said: Linked, url: str) -> Entry:
    layout = layout_of(document.body) if document.body else Layout()
    read = metadata(document, said, url, [piece.text for piece in layout.pieces])
    return _dated(replace(read, blocks=whole_page(layout, read.title, read.authors)))


def _dated(entry: Entry) -> Entry:
    """With the date that stands between headline and text, where the page says none elsewhere."""
    if entry.published is not None:
        return entry
    below = dropwhile(lambda block: block.text.casefold() != entry.title.casefold(), entry.blocks)
    head = takewhile(lambda block: block.section is not Section.MAIN, islice(below, 1, None))
    lines = (block.text for block in head if block.section is Section.HEADER and len(block.text) <= _LINE)
    found = next(((line, date) for line in lines if (date := stated(line, entry.lang))), None)
    return replace(entry, said=found[0], published=found[1]) if found else entry
