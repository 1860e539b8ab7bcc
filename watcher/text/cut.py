"""pure: (text, limit) -> text no longer than the limit, cut on a word."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
_LOOSE = " \t\r\n\xa0,;:-–—([{“\"'"


def cut(text: str, limit: int) -> str:
    """`text` itself when it has at most `limit` (>= 1) code points, else as many whole words as fit and an ellipsis.

    A single word longer than the limit is cut inside, but never between a letter and its combining mark.
    """
    if len(text) <= limit:
        return text
    end = limit - len(ELLIPSIS)
    start_of_word = end
    while start_of_word > 0 and not text[start_of_word].isspace():
        start_of_word -= 1
    kept = text[:start_of_word].rstrip(_LOOSE)
    return (kept or _inside_word(text, end)) + ELLIPSIS


def _inside_word(text: str, end: int) -> str:
    while end > 0 and unicodedata.combining(text[end]):
        end -= 1
    return text[:end]
