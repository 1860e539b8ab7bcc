"""pure: HTML -> blocks, plain text, or the entry a whole page makes.

markup.py reads what stands where, placing.py says which part of its page a block belongs to, metadata.py what the page
says of itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from selectolax.lexbor import LexborNode

from watcher.model import Block, Entry, File
from watcher.parse.markup import DEPTH, Layout, layout_of, plain, text_of, tree
from watcher.parse.metadata import base_of, head_title, lang_of, metadata
from watcher.parse.placing import fragment, whole_page

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


def blocks(markup: str) -> tuple[Block, ...]:
    """The blocks of a page's body or of a fragment, in reading order, none of them empty."""
    body = tree(markup).body
    return fragment(layout_of(body)) if body else ()


def blocks_of(root: LexborNode, without: Collection[int] = ()) -> tuple[Block, ...]:
    """The blocks within one element, the elements with these `mem_id`s left out."""
    return fragment(layout_of(root, without))


def entry(markup: str, file: File) -> Entry:
    """A file that holds one page, as an entry: its text, and what its head says of it."""
    return replace(article(markup, file.url), hash=file.hash, guid=file.name)


def article(markup: str, url: str) -> Entry:
    """The page at an address, as an entry that says nothing of where it was found: its guid is empty, its hash 0."""
    document = tree(markup)
    layout = layout_of(document.body) if document.body else Layout()
    said = metadata(document, url, [piece.text for piece in layout.pieces])
    return replace(said, blocks=whole_page(layout, said.title))
