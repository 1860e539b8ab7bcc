"""pure: what is said of a thing again and again -> what of it is written, and how many more like it there were.

The first few of a kind are told at once, and so is what differs from them. The others are counted; while they go on,
one of them is told now and then and says how many it stands for. Whoever was quiet for a while begins anew.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from threading import RLock
from typing import Generic, TypeVar

LIKE = 5
"""Of the same words about the same thing so many are told before they are counted."""
OF_ONE = 50
"""Of the same event about the same thing, whatever the words: they may come from outside, and differ for ever."""
WHILE = 600.0
"""Seconds between two lines that tell what was counted, and of quiet after which all is forgotten."""
KINDS = 5_000
"""Kinds that are remembered; the one heard of longest ago gives way."""
_WORDS = 200  # characters of a text that are compared, numbers taken for equal

T = TypeVar("T")
Kind = tuple[str, ...]


@dataclass(slots=True)
class _Heard(Generic[T]):
    since: float
    told: int = 0
    last: T | None = None  # of those that were not told
    untold: int = 0


class Repeats(Generic[T]):
    """Of one stream of events; times are seconds that never go back. Threads may share it."""

    def __init__(self) -> None:
        self._heard: OrderedDict[Kind, _Heard[T]] = OrderedDict()  # by `since`
        self._overdue: list[tuple[T, int]] = []
        self._lock = RLock()  # what the garbage collector finds may speak while it is held

    def __len__(self) -> int:
        return len(self._heard)

    def admit(self, event: T, what: Kind, text: str, now: float) -> bool:
        """Whether to tell it now."""
        same = (*what, re.sub(r"\d+", "0", text[:_WORDS]))
        with self._lock:
            kinds = [(self._kind(kind, now), most) for kind, most in ((same, LIKE), (what, OF_ONE))]
            for heard, most in kinds:
                if heard.told >= most:
                    heard.last, heard.untold = event, heard.untold + 1
                    return False
            for heard, _ in kinds:
                heard.told += 1
            return True

    def due(self, now: float) -> list[tuple[T, int]]:
        """What was counted for long enough: the last of each kind, and how many more like it were not told."""
        with self._lock:
            while (first := next(iter(self._heard.items()), None)) and now - first[1].since >= WHILE:
                self._let_go(first[0], now)
            told, self._overdue = self._overdue, []
            return told

    def rest(self) -> list[tuple[T, int]]:
        """All that was counted and not told; nothing is remembered."""
        with self._lock:
            for kind in list(self._heard):
                self._let_go(kind)
            told, self._overdue = self._overdue, []
            return told

    def _kind(self, kind: Kind, now: float) -> _Heard[T]:
        if kind not in self._heard:
            while len(self._heard) >= KINDS:
                self._let_go(next(iter(self._heard)))
            self._heard[kind] = _Heard(now)
        return self._heard[kind]

    def _let_go(self, kind: Kind, now: float | None = None) -> None:
        """Tell what was counted of a kind; with `now` it is counted on, where there was something."""
        heard = self._heard.pop(kind)
        if heard.last is None:
            return
        self._overdue.append((heard.last, heard.untold - 1))
        if now is not None:
            self._heard[kind] = _Heard(now, told=heard.told)
