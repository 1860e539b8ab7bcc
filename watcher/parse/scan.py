"""pure: a document in UTF-8 -> where its entries stand, and whether one of them may leave a trace on the next.

What is doubted is said in split.py; what an element is to feedparser, in handlers.py.
"""

from __future__ import annotations

from xml.parsers import expat

from watcher.model import Hash64
from watcher.parse.handlers import (
    CONTAINER,
    CONTENT,
    ENTRY,
    FEED_ONLY,
    IMAGE,
    NOTABLE,
    SKIP,
    TITLE,
    UNREVIEWED,
    XHTML,
    Kinds,
)
from watcher.parse.limits import hash64


class Scan:
    """Expat's handlers: they note where entries stand, which namespaces are declared, and the first doubt."""

    def __init__(self) -> None:
        self.kinds = Kinds()
        self.depth = 0
        self.containers = 0  # how many are open; they are the outermost elements
        self.entry = 0  # depth of the open entry; 0 for none
        self.content = 0  # depth of the open content element; 0 for none
        self.xhtml = False  # that element is declared as XHTML
        self.shallowest = 0  # depth of the shallowest entry so far
        self.start_at = 0
        self.root = 0
        self.skip = 0  # depth of the open skipHours or skipDays; 0 for none
        self.words: list[str] = []  # the text in them, a blank where an element begins or ends
        self.doubt: str | None = None
        self.spans: list[tuple[int, int]] = []
        self.namespaces: dict[tuple[str | None, str], int] = {}  # how many elements were open at the first declaration
        self.declared: tuple[int, list[object]] = (-1, [])  # where an element declares some, and what
        self.bound: list[Hash64] = []  # for each open container what is declared in it and round it
        self.scopes: set[Hash64] = set()  # the same for what entries stand in
        self.parser = expat.ParserCreate(None, " ")
        self.parser.namespace_prefixes = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartNamespaceDeclHandler = self.namespace
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        kind = self.kinds[name]
        if self.content:
            if kind or not self.xhtml:
                self.note("markup where feedparser expects text")
        elif self.skip:
            self.words.append(" ")
            if kind:
                self.note("an element that may change how the rest is read")
        elif kind & NOTABLE:
            self.notable(kind, attributes)

    def notable(self, kind: int, attributes: dict[str, str]) -> None:
        if kind & CONTAINER:
            self.open_container(kind)
        elif kind & ENTRY:
            self.open_entry()
        elif kind & FEED_ONLY and self.entry:
            self.open_feed_only(kind)
        elif kind & UNREVIEWED:
            self.note("an element that may change how the rest is read")
        elif kind & CONTENT:
            self.open_content(kind, attributes)
        elif kind & SKIP and not self.entry:
            self.open_skip()

    def open_container(self, kind: int) -> None:
        if self.depth == 1:
            self.root = kind
        if self.containers != self.depth - 1:
            self.note("a feed inside something else")
        self.containers += 1
        at, here = self.declared
        declared = here if at == self.parser.CurrentByteIndex else []
        self.bound.append(hash64(repr((self.bound[-1:], declared)).encode()))

    def open_entry(self) -> None:
        if self.entry or self.containers != self.depth - 1:
            self.note("an entry inside something else")
        self.entry = self.depth
        self.shallowest = min(self.shallowest or self.depth, self.depth)
        self.start_at = self.parser.CurrentByteIndex
        self.scopes.update(self.bound[-1:])

    def open_feed_only(self, kind: int) -> None:
        """An address alone moves nothing: only elements within would go to the feed's image."""
        if not kind & IMAGE:
            self.note("an element that may change how the rest is read")
        self.content, self.xhtml = self.depth, False

    def open_content(self, kind: int, attributes: dict[str, str]) -> None:
        declared = attributes.get("type", "xhtml" if kind & XHTML else "").lower()
        self.content = self.depth
        self.xhtml = declared in {"xhtml", "application/xhtml+xml"}
        if kind & TITLE and not self.entry and 0 < self.shallowest < self.depth:
            self.note("a title deep in the feed after its entries")

    def open_skip(self) -> None:
        self.skip = self.depth
        self.parser.CharacterDataHandler = self.words.append

    def end(self, _name: str) -> None:
        if self.depth == self.content:
            self.content = 0
        elif self.depth == self.entry:
            self.spans.append((self.start_at, self.parser.CurrentByteIndex))
            self.entry = 0
        elif self.depth == self.containers:
            self.containers -= 1
            self.bound.pop()
        elif self.skip:
            self.end_within_skip()
        self.depth -= 1

    def end_within_skip(self) -> None:
        self.words.append(" ")
        if self.depth == self.skip:
            self.skip = 0
            self.parser.CharacterDataHandler = None

    def namespace(self, prefix: str | None, uri: str | None) -> None:
        at = self.parser.CurrentByteIndex
        if self.declared[0] != at:
            self.declared = (at, [])
        self.declared[1].append((prefix, uri))
        if uri:
            self.namespaces.setdefault((prefix, uri), self.depth)

    def doctype(self, *_declaration: object) -> None:
        self.note("a DOCTYPE")

    def note(self, doubt: str) -> None:
        self.doubt = self.doubt or doubt
