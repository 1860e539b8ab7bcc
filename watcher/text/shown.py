"""pure: foreign text -> what a message, a terminal or a log can hold of it."""

from __future__ import annotations

__all__ = ["line", "one_line"]


def one_line(text: str) -> str:
    """Its printable characters, white space folded."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def line(text: str, length: int = 120) -> str:
    """The same, cut where it is longer."""
    folded = one_line(text[: 10 * length])
    return folded if len(folded) <= length else folded[: length - 1] + "…"
