"""How an item came into its story, in a sentence and for programs."""

from __future__ import annotations

from typing import Any

from watcher.cli.common import clean
from watcher.model import Level, Revision
from watcher.story import site_of
from watcher.text.cut import cut

SHOWN = 90
"""Code points of the other item's title."""
_WORDS = {
    Level.ALONE: "it began its story",
    Level.ADDRESS: "it stands at the address of {other}",
    Level.COPY: "it says what {other} says",
    Level.EXCERPT: "it says a part of what {other} says",
    Level.FULLER: "it says all that {other} says, and more",
    Level.CHANGED: "it says what {other} says, but for a word that may count",
    Level.EVENT: "it tells of the same event as {other}",
    Level.SPLIT: "a person took it out of another story",
}


def joined(revision: Revision, other: Revision | None) -> str:
    """Why it is in its story; `other` is the item that it joined it through, where there is one that is known yet."""
    link = revision.link
    said = _WORDS[link.level].format(other=_named(other) if other else f"an item that is forgotten ({link.of})")
    shared = f": both name {', '.join(map(clean, link.shared))}" if link.shared else ""
    return f"{said}{shared}"


def joined_row(revision: Revision, other: Revision | None) -> dict[str, Any]:
    """The same for programs."""
    link = revision.link
    return {
        "id": revision.story,
        "level": link.level.value,
        "of": link.of,
        "title": other and other.item.title,
        "url": other and other.item.url,
        "score": round(link.score, 3),
        "shared": list(link.shared),
        "root": link.root,
    }


def _named(other: Revision) -> str:
    return f"“{cut(clean(other.item.title), SHOWN)}” ({clean(site_of(other.item))}, item {other.item.id})"
