"""pure: what a message must fit into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A service's room, in code points. With a title of 0 it has no place for one: it becomes the body's first line."""

    title: int
    body: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """A terminal or a pipe: columns, and whether escape sequences mean colours there."""

    width: int = 80
    colour: bool = False


Medium = Limits | Terminal
