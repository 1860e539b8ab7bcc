"""pure: a block -> what its pieces are to its article, and why."""

from __future__ import annotations

from typing import NamedTuple

from watcher.model import Role


class Piece(NamedTuple):
    """From where to where of its block it stands, what it is, and why in a few words; body says nothing."""

    start: int
    end: int
    role: Role
    why: str = ""


Pieces = tuple[Piece, ...]


def whole(text: str, role: Role = Role.BODY, why: str = "") -> Pieces:
    return (Piece(0, len(text), role, why),)
