"""pure: what a server wrote -> one line that a message can hold."""

from __future__ import annotations


def line(text: str, length: int = 120) -> str:
    """Its printable characters, white space folded, cut where it is longer."""
    shown = "".join(character if character.isprintable() else " " for character in text[: 10 * length])
    folded = " ".join(shown.split())
    return folded if len(folded) <= length else folded[: length - 1] + "…"
