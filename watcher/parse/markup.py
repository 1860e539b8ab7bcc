"""pure: HTML -> its tree, the blocks of text in it, and where each stands.

A block ends where a block-level element begins or ends, at two line breaks in a row, and at a blank line in `pre`.
What a reader does not see as text (scripts, styles, forms' fields, the head, hidden elements) is left out; navigation
stays, as blocks with their section and their share of link text, for whoever says what a block is. The tree is walked
with a stack of our own, so no depth of nesting can exhaust Python's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from watcher.model import Block, BlockKind, Section
from watcher.parse import sectioning
from watcher.parse.sectioning import Mark, Sign

__all__ = ["Layout", "Piece", "Root", "layout_of", "plain", "text_of", "tree"]

DEPTH = 512
"""Elements nested deeper lose their tags, as in Blink and WebKit: lexbor's time grows with the square of the depth
(`div`: 10,000 levels 0.17 s, 100,000 levels 28 s)."""
_MANY_TAGS = 5_000
_MOST_NODES = 300_000  # of a page that are looked at: no article stands behind so many
_MOST_PIECES = 90_000  # each takes three bytes or more of the 256 KiB that are stored of an item
_ROOTS = 20  # elements with a sign within one another that are told apart
_NEARLY_ALL = 0.8  # of a block's characters
_LINE = 80  # characters: a line as long as this is running text even without a full stop
_ENDS = frozenset('.!?…:;"”’»)。！？」』।؟۔')


def _names(tags: str) -> frozenset[str]:
    return frozenset(tags.split())


_DROPPED = _names(
    "head script style template noscript noframes noembed iframe object svg select textarea datalist title"
)
_BLOCKS = _names(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section "
    "summary table layout tbody tfoot thead tr ul"
)
_NOT_NESTING = _names(
    "a area base body br button col dd dt embed head hr html img input li link meta nobr optgroup option p param "
    "source tbody td tfoot th thead tr track wbr"
)
_RAW = _names("script style textarea title xmp iframe noembed noframes noscript")
_SPACED = _names("td th img video audio")
_CELLS = _names("td th")
_TOLD = _BLOCKS | _SPACED | {"a", "br"}  # what the writer is told of, whatever it is to its page
_TABLES = _names("table layout")
_LAYOUT = "td p, td div, td table, td br, td h1, td h2, td h3, td ul"  # in a table that is no table of data
_UNMARKED = _names("b i em strong u sub sup br img hr wbr")  # whose attributes are not looked at
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("figcaption", "caption"), BlockKind.CAPTION),
    "pre": BlockKind.CODE,
}
_BREAK = "\0"  # stands for <br>; the parser leaves no NUL in a text
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")


class Root(NamedTuple):
    """An open element by which all within it belongs to a section, or is hidden."""

    number: int
    sign: Sign
    outer: Root | None
    depth: int


class Piece(NamedTuple):
    """A block with where it stands."""

    text: str
    kind: BlockKind
    links: float
    box: int  # the number of the block element it stands in
    root: Root | None = None
    sign: Sign | None = None  # of inline elements that hold nearly all of it

    @property
    def prose(self) -> float:
        """Characters of running text that is not link text: labels, captions of a word and lists of links have none."""
        text = self.text
        if self.links > 0.5 or (len(text) < _LINE and text[-1] not in _ENDS):
            return 0.0
        return len(text) * (1 - self.links)

    def block(self, section: Section) -> Block:
        return Block(text=self.text, kind=self.kind, links=self.links, section=section)


@dataclass(slots=True)
class Layout:
    """The pieces of a page in reading order, and its block elements, numbered as they open; 0 holds all."""

    pieces: list[Piece] = field(default_factory=list)
    parents: list[int] = field(default_factory=lambda: [0])
    tags: list[str] = field(default_factory=lambda: [""])
    mains: list[int] = field(default_factory=list)  # those that say that they hold the article
    rules: list[int] = field(default_factory=list)  # pieces above which a line is drawn
    signed: bool = False  # some piece stands in a section, or is hidden


def tree(markup: str) -> LexborHTMLParser:
    """The parsed document. Scripting is on, so that `noscript` cannot break the head."""
    return LexborHTMLParser(_shallow(markup), options=LexborDocumentOptions.WO_EVENTS, scripting=True)


def plain(markup: str) -> str:
    """A fragment as one line of text: entities decoded once, tags removed, words of two blocks kept apart."""
    if "<" not in markup and "&" not in markup:
        return " ".join(markup.split())
    body = tree(markup).body
    return text_of(body) if body else ""


def text_of(node: LexborNode) -> str:
    """All text within an element as one line."""
    return " ".join(piece.text for piece in layout_of(node).pieces)


def layout_of(root: LexborNode, without: Collection[int] = ()) -> Layout:
    """What stands within an element, the elements with these `mem_id`s left out. Its own attributes say nothing."""
    writer = _Writer()
    path: list[tuple[LexborNode, str, Sign | None]] = []  # the open elements, each with what to close it by
    node: LexborNode | None = root
    left = _MOST_NODES
    while node and left:
        left -= 1
        if node.is_text_node:
            writer.text(node.text_content or "")
        elif (
            node.is_element_node
            and (tag := node.tag or "") not in _DROPPED
            and not (without and node.mem_id in without)
        ):
            sign = None
            if tag not in _UNMARKED and path:
                tag, sign = _read(node, tag)
            if sign is not Mark.HIDDEN or tag in _BLOCKS:
                tells = sign or tag in _TOLD
                if tells:
                    writer.enter(tag, sign)
                if inside := node.first_child:
                    path.append((node, tag if tells else "", sign))
                    node = inside
                    continue
                if tells:
                    writer.leave(tag, sign)
        while path and not (following := node.next):
            node, tag, sign = path.pop()
            if tag:
                writer.leave(tag, sign)
        node = following if path else None
    return writer.end()


def _read(node: LexborNode, tag: str) -> tuple[str, Sign | None]:
    """An element's name, as the writer is to take it, and what it is to its page."""
    attributes = node.attributes
    if tag == "a":
        return ("a" if "href" in attributes else "anchor"), None
    if tag == "table" and node.css_first(_LAYOUT):
        tag = "layout"
    sign = None if sectioning.TELLING.isdisjoint(attributes) else sectioning.by_attributes(attributes)
    return tag, sign or sectioning.by_tag(tag)


class _Writer:
    """Gathers the pieces of the block at hand."""

    def __init__(self) -> None:
        self._layout = Layout()
        self._pieces: list[str] = []
        self._kinds = [BlockKind.PARAGRAPH]  # of the elements that are open, innermost last
        self._tables = [""]  # open, innermost last
        self._box = 0
        self._root: Root | None = None
        self._articles = 0  # open at present, as links and signs are
        self._links = 0
        self._signs: list[Sign] = []  # of inline elements
        self._linked = 0  # characters of link text among the pieces, white space apart
        self._signed = 0  # characters within inline elements with a sign, the last of which is:
        self._sign: Sign | None = None

    def enter(self, tag: str, sign: Sign | None) -> None:
        if tag == "a":
            self._links += 1
        elif tag in _BLOCKS or (tag in _CELLS and self._tables[-1] == "layout"):
            self._open(tag, sign)
        elif tag == "br":
            self._line_break()
        elif tag in _SPACED:
            self._pieces.append(" ")
        elif sign:
            self._signs.append(sign)

    def leave(self, tag: str, sign: Sign | None) -> None:
        if tag == "a":
            self._links -= 1
        elif tag in _BLOCKS or (tag in _CELLS and self._tables[-1] == "layout"):
            self._close(tag, sign)
        elif sign and tag not in _SPACED:
            self._signs.pop()

    def text(self, text: str) -> None:
        if self._kinds[-1] is BlockKind.CODE and "\n" in text:
            *paragraphs, text = _BLANK_LINE.split(text, _MOST_PIECES)
            for paragraph in paragraphs:
                self.text(paragraph)
                self._flush()
        self._pieces.append(text)
        if self._links or self._signs:
            size = len("".join(text.split()))
            self._linked += size if self._links else 0
            if self._signs:
                self._signed += size
                self._sign = self._signs[-1]

    def end(self) -> Layout:
        self._flush()
        return self._layout

    def _open(self, tag: str, sign: Sign | None) -> None:
        if self._pieces:
            self._flush()
        layout = self._layout
        number = len(layout.parents)
        layout.parents.append(self._box)
        layout.tags.append(tag)
        self._box = number
        if kind := _KINDS.get(tag):
            self._kinds.append(kind)
        elif tag == "hr":
            layout.rules.append(len(layout.pieces))
        elif tag in _TABLES:
            self._tables.append(tag)
        if sign is Mark.MAIN:
            self._articles += 1
            layout.mains.append(number)
        elif sign and not (sign is Section.HEADER and self._articles) and (not self._root or self._root.depth < _ROOTS):
            self._root = Root(number, sign, self._root, self._root.depth + 1 if self._root else 1)

    def _close(self, tag: str, sign: Sign | None) -> None:
        if self._pieces:
            self._flush()
        if self._root and self._root.number == self._box:
            self._root = self._root.outer
        elif sign is Mark.MAIN:
            self._articles -= 1
        if tag in _KINDS:
            self._kinds.pop()
        if tag in _TABLES:
            self._tables.pop()
        self._box = self._layout.parents[self._box]

    def _flush(self) -> None:
        """End the block at hand, if it says anything."""
        text = " ".join("".join(self._pieces).replace(_BREAK, " ").split())
        if text and len(self._layout.pieces) < _MOST_PIECES:
            size = len(text) - text.count(" ")
            share = self._linked / size if self._linked else 0.0
            sign = self._sign if self._signed > _NEARLY_ALL * size else None
            self._layout.pieces.append(Piece(text, self._kinds[-1], share, self._box, self._root, sign))
            if sign or self._root:
                self._layout.signed = True
        self._pieces, self._linked, self._signed = [], 0, 0

    def _line_break(self) -> None:
        before = next((piece for piece in reversed(self._pieces) if not piece.isspace()), "")
        if before == _BREAK:
            self._flush()
        else:
            self._pieces.append(_BREAK)


def _shallow(markup: str) -> str:
    """The markup without start tags beyond DEPTH, where it has enough tags for depth to matter."""
    if markup.count("<") < _MANY_TAGS:
        return markup
    kept, done = [], 0
    for start, end in _too_deep(markup):
        kept.append(markup[done:start])
        done = end
    return " ".join([*kept, markup[done:]])


def _too_deep(markup: str) -> Iterator[tuple[int, int]]:
    """Where the start tags stand that would open more than DEPTH elements, those that end by themselves not counted."""
    path: list[str] = []  # names of the open elements
    open_now: Counter[str] = Counter()
    at = 0
    while tag := _TAG.search(markup, at):
        at, name = tag.end(), tag[2].lower()
        if name in _NOT_NESTING:
            continue
        if tag[1]:
            while open_now[name]:
                open_now[path[-1]] -= 1
                if path.pop() == name:
                    break
        elif name in _RAW:
            closing = re.compile(f"</{name}", re.IGNORECASE).search(markup, at)
            at = closing.start() if closing else len(markup)
        elif len(path) < DEPTH:
            path.append(name)
            open_now[name] += 1
        elif (end := markup.find(">", at)) >= 0:
            at = end + 1
            yield tag.start(), at
        else:
            return  # nothing behind this is a tag
