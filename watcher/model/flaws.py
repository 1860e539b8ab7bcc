"""What an examination of what is stored finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from watcher.model.findings import FindingSeverity


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Something that is not as it should be: a stable code, where, what is wrong, and what mends it, a line each."""

    code: str
    where: str
    message: str
    mend: str
    severity: FindingSeverity = FindingSeverity.ERROR
    mendable: bool = False  # `watcher doctor --mend` does it
    at: tuple[int, ...] = ()  # the row, for whoever mends it


Tell = Callable[[str, int, int], None]
"""Is told what a long piece of work does, how much of that is done, and of how much."""


def untold(what: str, done: int, of: int) -> None:
    """For work that nobody looks at."""
