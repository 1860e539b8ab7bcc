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


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Slack's Block Kit, within Slack's documented limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An e-mail with a text and an HTML part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A JSON document for programs."""


Medium = Limits | Terminal | Blocks | Mail | Document
