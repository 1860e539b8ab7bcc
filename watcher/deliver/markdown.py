"""pure: plain text -> Markdown that is drawn as that text."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"(?P<url>https?://[^\s<>]+)|[\\`*_~|\[\]]|^(?P<line>#|-|\+|>>>)(?=[\s>#])", re.MULTILINE)


def literal(text: str) -> str:
    """With a backslash before what would be emphasis, code, a spoiler, a hidden link or a heading.

    Bare URLs stay as they are, or they would no longer be links; so does a single ">" that opens a line, a quotation.
    """
    return _SPECIAL.sub(lambda found: found[0] if found["url"] else f"\\{found[0]}", text)
