"""pure: text from outside -> text as it is stored.

Everything that changes a character happens here, before offsets into the text exist.
"""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufff9-\uffff]")
"""C0 and C1 without what counts as white space, lone surrogates, which no database takes, and byte order marks."""
_DIRECTION = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]")
"""Overrides of direction and characters without width. The joiners stay: Persian and emoji are written with them."""


def line(text: str) -> str:
    """One line in NFC: no control characters, white space folded. The same again for what it returned."""
    if text.isascii() and text.isprintable() and "  " not in text and text.strip(" ") == text:
        return text  # as most are: there is nothing to do
    return " ".join(unicodedata.normalize("NFC", _CONTROLS.sub("", text)).split())


def label(text: str) -> str:
    """A `line` for titles, names and tags, in which nothing changes direction or hides."""
    return line(_DIRECTION.sub("", text))


def within(text: str, size: int) -> str:
    """As much of the text as fits into `size` bytes of UTF-8."""
    if len(text) * 4 <= size:
        return text
    return text.encode()[:size].decode(errors="ignore")
