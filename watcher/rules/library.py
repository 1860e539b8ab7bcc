"""pure: (what is asked, of what) -> the answer, remembered from the last load where nothing it is made of changed.

A reload with one edited rule among ten thousand reads one file and works out what depends on it. Nothing but time
depends on a library: a new one gives the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from watcher.rules.frequencies import Frequencies

T = TypeVar("T")


class Library:
    """Answers by what they are about, each with the objects it was made of: other objects, another answer."""

    def __init__(self, frequencies: Frequencies | None = None) -> None:
        """With `frequencies`, by which rules are filed, for the daemon: it asks of a rule neither its tests nor the
        places inside it.
        """
        self.frequencies = frequencies
        self.load: object = None  # the last one
        self._lately: dict[Hashable, tuple[tuple[object, ...], Any]] = {}
        self._before: dict[Hashable, tuple[tuple[object, ...], Any]] = {}
        self._now: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def once(self, about: Hashable, made_of: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` returns, or what it returned when it was last asked about this of the very same objects."""
        known = self._now.get(about) or self._before.get(about)
        if known is None or not _same(known[0], made_of):
            known = (made_of, make())
        self._now[about] = known
        answer: T = known[1]
        return answer

    def last(self, about: Hashable) -> Any:
        """What was answered last, of whatever it was made."""
        known = self._now.get(about) or self._before.get(about)
        return known[1] if known else None

    def lately(self, about: Hashable, made_of: tuple[object, ...], make: Callable[[], T]) -> T:
        """The same for what is large and no part of the answer: remembered until it is dropped, or to the turn."""
        known = self._lately.get(about)
        if known is None or not _same(known[0], made_of):
            known = self._lately[about] = (made_of, make())
        answer: T = known[1]
        return answer

    def drop(self, about: Hashable) -> None:
        self._lately.pop(about, None)

    def turn(self, load: object) -> None:
        """A load is done: what it did not ask for is forgotten at the end of the next one."""
        self._before, self._now = self._now, {}
        self._lately = {}
        self.load = load


def _same(these: tuple[object, ...], those: tuple[object, ...]) -> bool:
    return len(these) == len(those) and all(a is b for a, b in zip(these, those, strict=True))
