"""What a service would draw: the tags of a document, and where its links lead."""

from __future__ import annotations

from html.parser import HTMLParser

import markdown  # type: ignore[import-untyped]


class Tags(HTMLParser):
    """Those of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def drawn(text: str) -> Tags:
    """Those of Markdown. As in CommonMark, every mark can be escaped."""
    drawer = markdown.Markdown()
    drawer.ESCAPED_CHARS = [*drawer.ESCAPED_CHARS, "<", "~", "|"]
    return Tags(drawer.convert(text))
