"""pure: (mapping, changes) -> another mapping, at the cost of the changes; the one of before stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

_FEW = 256
"""Changes that are kept apart, however few entries there are."""
_SHARE = 64
"""One in so many entries may be among the changes before all are copied."""


class Layered(Mapping[K, V]):
    """A mapping that is never changed: who has it may go on reading it."""

    def __init__(self, base: Mapping[K, V]) -> None:
        self._base = base
        self._edits: dict[K, V | None] = {}  # None: it is there no more
        self._size = len(base)

    def changed(self, changes: Mapping[K, V | None]) -> Layered[K, V]:
        """The same with these entries put in or, with None, taken out."""
        found = Layered(self._base)
        found._edits = dict(self._edits)
        found._size = self._size + sum((new is not None) - (key in self) for key, new in changes.items())
        for key, new in changes.items():
            if new is None and key not in self._base:
                found._edits.pop(key, None)
            else:
                found._edits[key] = new
        return Layered(dict(found.items())) if len(found._edits) > max(_FEW, len(self._base) // _SHARE) else found

    def __getitem__(self, key: K) -> V:
        found = self._edits[key] if key in self._edits else self._base[key]
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[K]:
        edits = self._edits
        yield from (key for key in self._base if key not in edits or edits[key] is not None)
        yield from (key for key, new in edits.items() if new is not None and key not in self._base)

    def __len__(self) -> int:
        return self._size
