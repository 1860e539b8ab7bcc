"""pure: HTML -> blocks, plain text, or the entry a whole page makes.

A block ends where a block-level element begins or ends, at two line breaks in a row, and at a blank line in `pre`.
What a reader does not see as text (scripts, styles, forms' fields, the head) is left out; navigation stays, as blocks
with their share of link text, for whoever says what a block is. The tree is walked with a stack of our own, so no depth
of nesting can exhaust Python's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from watcher.model import Block, BlockKind, Entry, File, Hash64
from watcher.parse.address import web

DEPTH = 512
"""Elements nested deeper lose their tags, as in Blink and WebKit: lexbor's time grows with the square of the depth
(`div`: 10,000 levels 0.17 s, 100,000 levels 28 s)."""
_MANY_TAGS = 5_000
_LOOKED_AT = 20  # candidates, of a kind, for what a page has once


def _names(tags: str) -> frozenset[str]:
    return frozenset(tags.split())


_DROPPED = _names(
    "head script style template noscript noframes noembed iframe object svg select textarea datalist title"
)
_BLOCKS = _names(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table "
    "tbody tfoot thead tr ul"
)
_NOT_NESTING = _names(
    "a area base body br button col dd dt embed head hr html img input li link meta nobr optgroup option p param "
    "source tbody td tfoot th thead tr track wbr"
)
_RAW = _names("script style textarea title xmp iframe noembed noframes noscript")
_SPACED = _names("td th img video audio")
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("figcaption", "caption"), BlockKind.CAPTION),
    "pre": BlockKind.CODE,
}
_BREAK = "\0"  # stands for <br>; the parser leaves no NUL in a text
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")


def blocks(markup: str) -> tuple[Block, ...]:
    """The blocks of a page's body or of a fragment, in reading order, none of them empty."""
    body = tree(markup).body
    return blocks_of(body) if body else ()


def plain(markup: str) -> str:
    """A fragment as one line of text: entities decoded once, tags removed, words of two blocks kept apart."""
    if "<" not in markup and "&" not in markup:
        return " ".join(markup.split())
    return " ".join(block.text for block in blocks(markup))


def entry(markup: str, file: File) -> Entry:
    """A file that holds one page, as an entry: its main part, and what its head says of it."""
    return replace(article(markup, file.url), hash=file.hash, guid=file.name)


def article(markup: str, url: str) -> Entry:
    """The page at an address, as an entry that says nothing of where it was found: its guid is empty, its hash 0."""
    document = tree(markup)
    meta = _meta(document)
    return Entry(
        hash=Hash64(0),
        guid="",
        link=_link(document, meta) or url,
        title=_title(document, meta),
        blocks=_main(document),
        summary=_first(meta, "og:description", "description"),
        authors=tuple(name for name in meta.get("author", []) if "://" not in name),
        tags=tuple(meta.get("article:tag", [])),
        lang=lang_of(document),
        published=_moment(_first(meta, "article:published_time", "datepublished")) or _only_time(document),
        updated=_moment(_first(meta, "article:modified_time", "datemodified")),
        outlet=_first(meta, "og:site_name"),
    )


def tree(markup: str) -> LexborHTMLParser:
    """The parsed document. Scripting is on, so that `noscript` cannot break the head."""
    return LexborHTMLParser(_shallow(markup), options=LexborDocumentOptions.WO_EVENTS, scripting=True)


def blocks_of(root: LexborNode, without: Collection[int] = ()) -> tuple[Block, ...]:
    """The blocks within one element, the elements with these `mem_id`s left out."""
    writer = _Writer()
    path: list[tuple[LexborNode, str]] = []  # the open elements, each with the name to close it by
    node: LexborNode | None = root
    while node:
        tag = node.tag
        if tag == "-text":
            writer.text(node.text_content or "")
        elif tag and tag not in _DROPPED and not (without and node.mem_id in without):
            if tag == "a" and "href" not in node.attributes:
                tag = "anchor"
            writer.enter(tag)
            if inside := node.first_child:
                path.append((node, tag))
                node = inside
                continue
            writer.leave(tag)
        while path and not (following := node.next):
            node, tag = path.pop()
            writer.leave(tag)
        node = following if path else None
    return writer.end()


class _Writer:
    """Gathers the pieces of the block at hand."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._pieces: list[str] = []
        self._kinds = [BlockKind.PARAGRAPH]  # of the elements that are open, innermost last
        self._links = 0  # open at present
        self._linked = 0  # characters of link text among the pieces, white space apart

    def enter(self, tag: str) -> None:
        if tag in _BLOCKS:
            if self._pieces:
                self._flush()
            if kind := _KINDS.get(tag):
                self._kinds.append(kind)
        elif tag == "a":
            self._links += 1
        elif tag == "br":
            self._line_break()
        elif tag in _SPACED:
            self._pieces.append(" ")

    def leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            if self._pieces:
                self._flush()
            if tag in _KINDS:
                self._kinds.pop()
        elif tag == "a":
            self._links -= 1

    def text(self, text: str) -> None:
        if self._kinds[-1] is BlockKind.CODE and "\n" in text:
            *paragraphs, text = _BLANK_LINE.split(text)
            for paragraph in paragraphs:
                self.text(paragraph)
                self._flush()
        self._pieces.append(text)
        if self._links:
            self._linked += len("".join(text.split()))

    def end(self) -> tuple[Block, ...]:
        self._flush()
        return tuple(self._blocks)

    def _flush(self) -> None:
        """End the block at hand, if it says anything."""
        text = " ".join("".join(self._pieces).replace(_BREAK, " ").split())
        if text:
            share = self._linked / (len(text) - text.count(" ")) if self._linked else 0.0
            self._blocks.append(Block(text=text, kind=self._kinds[-1], links=share))
        self._pieces, self._linked = [], 0

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


_Meta = Mapping[str, list[str]]


def _meta(document: LexborHTMLParser) -> _Meta:
    """What the page's meta elements say, by name in lower case, in order."""
    said: dict[str, list[str]] = {}
    for node in document.css("meta[content]"):
        name = node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop")
        content = " ".join((node.attributes["content"] or "").split())
        if name and content:
            said.setdefault(name.lower(), []).append(content)
    return said


def _first(meta: _Meta, *names: str) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _title(document: LexborHTMLParser, meta: _Meta) -> str:
    """The heading that og:title or `title` agrees with, else og:title, else `title`, else the first heading.

    `title` and og:title often carry the site's name, and a first `h1` is often the site's name alone: a heading found
    within either of them is the headline without that.
    """
    headings = [text for node in document.css("h1")[:_LOOKED_AT] if (text := text_of(node))]
    printed = head_title(document)
    heads = [head for head in (_first(meta, "og:title"), printed) if head]
    site = _first(meta, "og:site_name").casefold()
    for heading in headings:
        known = heading.casefold()
        if known != site and any(known in head.casefold() and 2 * len(known) >= len(head) for head in heads):
            return heading
    return next(iter([*heads, *headings]), "")


def text_of(node: LexborNode) -> str:
    """All text within an element as one line."""
    return " ".join(block.text for block in blocks_of(node))


def head_title(document: LexborHTMLParser) -> str:
    """What the page's head calls it."""
    title = document.css_first("title")
    return " ".join(title.text().split()) if title else ""


def base_of(document: LexborHTMLParser, url: str) -> str:
    """What the page's relative addresses start from."""
    base = document.css_first("base[href]")
    return web(base.attributes["href"], url) or url if base else url


def _link(document: LexborHTMLParser, meta: _Meta) -> str | None:
    links = (node.attributes.get("href") or "" for node in document.css("link[rel~='canonical' i]"))
    addresses = (link.strip() for link in (*links, _first(meta, "og:url")))
    return next((address for address in addresses if address.startswith(("http://", "https://"))), None)


def lang_of(document: LexborHTMLParser) -> str | None:
    html = document.css_first("html[lang]")
    return (html.attributes["lang"] or None) if html else None


def _only_time(document: LexborHTMLParser) -> datetime | None:
    """The date in `time` elements, where they all say the same one."""
    said = {_moment(node.attributes["datetime"] or "") for node in document.css("time[datetime]")}
    return said.pop() if len(said) == 1 else None


def _moment(text: str) -> datetime | None:
    """An ISO 8601 date, or date and time, in UTC; a time without a zone is taken as UTC."""
    try:
        said = datetime.fromisoformat(text.strip())
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _main(document: LexborHTMLParser) -> tuple[Block, ...]:
    """The blocks of the smallest `article` or `main` that holds most of the text, else of the whole body."""
    everything = blocks_of(document.body) if document.body else ()
    parts = [blocks_of(node) for node in document.css("article, main, [role=main]")[:_LOOKED_AT]]
    holding = [part for part in parts if 2 * _said(part) >= _said(everything)]
    return min(holding, key=_said, default=everything)


def _said(part: tuple[Block, ...]) -> float:
    """Characters of text that is not link text."""
    return sum(len(block.text) * (1 - block.links) for block in part)
