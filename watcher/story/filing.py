"""pure: sketches -> an index of them by their runs and marks, bounded, the same however it came about.

Under each key stand the numbers of what was filed under it, the newest first. All of it lies in a few arrays, some 450
bytes a sketch: a hash table of heads, from each of which a chain leads back through what was filed. What is filed anew
or grows old is passed over, so that an index that has lived for weeks says what one made of the same sketches just now
would. Hashes of 30 bits are taken for what they are hashes of: what is found is looked at before anything is decided.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from zlib import crc32

from watcher.model import Sketch

__all__ = ["MOST", "Index"]

MOST = 120_000
"""Sketches in an index; of more, the oldest are left out."""
RUNS, MARKS = 12, 15
_EACH = RUNS + MARKS + 1  # the last is the address
_ASKED_MARKS = 10  # the rarest
_NEWEST_RUNS, _NEWEST_MARKS = 6, 16  # looked at under one key
_BEST_RUNS, _BEST_MARKS = 3, 6  # given back
_SEVERAL = 3  # of its foremost marks, or a quarter of them, that one has to share
_LEADS, _LONG = 4, 350  # marks that lead a text of so many runs: there one is enough
_ONE, _TWO = 1 << 10, 1 << 11  # a run is worth one, and up to three where few have it
_ENOUGH = 4 << 10
_STEPS = 4096  # along a chain: a name that so many have hides what lies behind it
_COMMON = 64  # that many may have a mark, and one in fifty, before it is not asked for
_DEAD = -1


class Index:
    """`buckets`: a power of two; as many as there will be keys serve well."""

    def __init__(self, buckets: int = 1 << 20) -> None:
        self._mask = buckets - 1
        self._heads = array("I", bytes(4 * buckets))
        self._counts = array("I", bytes(4 * buckets))
        self._keys, self._next = array("I"), array("I")
        self._numbers, self._times, self._sites = array("q"), array("q"), array("I")
        self._trimmed = 0  # slots that the arrays do not have any more
        self._start = 0  # the first slot that counts
        self._slots: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def filed(self) -> int:
        """How many sketches were ever added."""
        return self._trimmed + len(self._numbers)

    def add(self, number: int, time: int, sketch: Sketch, address: str | None) -> None:
        """File a sketch under a number of 0 or more, in the place of what was filed under that."""
        self.drop(number)
        slot = self.filed
        self._slots[number] = slot
        self._numbers.append(number)
        self._times.append(time)
        self._sites.append(_site(address))
        keys = _keys(sketch, address)
        for mark in keys[RUNS : RUNS + MARKS]:
            self._counts[mark >> 2 & self._mask] += mark != 0
        self._chain(keys, slot * _EACH + 1)
        if len(self._slots) > MOST:
            self._forget_first()

    def _chain(self, keys: Sequence[int], posting: int) -> None:
        heads, following, mask = self._heads, self._next, self._mask
        self._keys.extend(keys)
        for key in keys:
            if key:
                following.append(heads[key & mask])
                heads[key & mask] = posting
            else:
                following.append(0)
            posting += 1

    def drop(self, number: int) -> None:
        """Nothing is filed under a number any more."""
        slot = self._slots.pop(number, None)
        if slot is not None:
            self._uncount(slot)
            self._numbers[slot - self._trimmed] = _DEAD

    def expire(self, since: int) -> None:
        """Leave out what lies before the first that is of that time or later."""
        end = self.filed
        while self._start < end and (self._gone(self._start) or self._times[self._start - self._trimmed] < since):
            self._forget_first()

    def _gone(self, slot: int) -> bool:
        return self._numbers[slot - self._trimmed] == _DEAD

    def _forget_first(self) -> None:
        self.drop(self._numbers[self._start - self._trimmed])
        self._start += 1
        gone = self._start - self._trimmed
        if gone * 4 > len(self._numbers) + 4096:
            del (
                self._numbers[:gone],
                self._times[:gone],
                self._sites[:gone],
                self._keys[: gone * _EACH],
                self._next[: gone * _EACH],
            )
            self._trimmed = self._start

    def _uncount(self, slot: int) -> None:
        first = (slot - self._trimmed) * _EACH + RUNS
        for mark in self._keys[first : first + MARKS]:
            self._counts[mark >> 2 & self._mask] -= mark != 0

    def having(self, sketch: Sketch) -> dict[int, int]:
        """How many have each of its more telling marks among their most telling ones."""
        counts, mask = self._counts, self._mask
        return {mark: counts[mark >> 2 & mask] for mark in sketch.marks[: MARKS + 8]}

    def ask(self, sketch: Sketch, address: str | None) -> list[int]:
        """The numbers of what may be like it, those that share most first."""
        if not self._slots:
            return []
        found = self._having([_address(address)], 2)[0] if address else []
        best = [*found, *self._by_runs(sketch), *self._by_marks(sketch, _site(address))]
        numbers, trimmed = self._numbers, self._trimmed
        return list(dict.fromkeys([numbers[slot - trimmed] for slot in best]))

    def _by_runs(self, sketch: Sketch) -> list[int]:
        """The slots of what shares some runs, those that fewer have counting for more."""
        votes: dict[int, int] = {}
        for found in self._having([run or 1 for run in sketch.runs[:RUNS]], _NEWEST_RUNS):
            if found:
                weight = _TWO // len(found) + _ONE
                for slot in found:
                    votes[slot] = votes.get(slot, 0) + weight
        return _best({slot: votes[slot] for slot in votes if votes[slot] > _ENOUGH}, _BEST_RUNS)

    def _by_marks(self, sketch: Sketch, site: int) -> list[int]:
        """The slots of what shares several of the foremost marks, or one that leads a long text; of other sites, since
        what one site prints on all its pages is foremost in many.
        """
        rarest = self._rarest(sketch)
        leads = set(sketch.marks[:_LEADS]) if sketch.size >= _LONG else ()
        votes: dict[int, int] = {}
        for mark, found in zip(rarest, self._having(rarest, _NEWEST_MARKS), strict=True):
            weight = 2 if mark in leads else 1
            for slot in found:
                votes[slot] = votes.get(slot, 0) + weight
        ours = frozenset(sketch.marks[:MARKS])
        several = 1 if leads else max(_SEVERAL, len(ours) // 4)
        sites, trimmed = self._sites, self._trimmed
        others = [slot for slot, voted in votes.items() if voted > 1 and (sites[slot - trimmed] != site or not site)]
        shared = {slot: len(ours.intersection(self._marks(slot))) for slot in others}
        return _best({slot: both for slot, both in shared.items() if both >= several}, _BEST_MARKS)

    def _marks(self, slot: int) -> array[int]:
        first = (slot - self._trimmed) * _EACH + RUNS
        return self._keys[first : first + MARKS]

    def _rarest(self, sketch: Sketch) -> list[int]:
        most = max(_COMMON, len(self) // 50)
        counts, mask = self._counts, self._mask
        counted = [(counts[mark >> 2 & mask], mark) for mark in sketch.marks[:MARKS]]
        return [mark for count, mark in sorted(counted) if 0 < count <= most][:_ASKED_MARKS]

    def _having(self, wanted: Sequence[int], most: int) -> list[list[int]]:
        """For each key the newest slots that are filed under it."""
        heads, mask, keys, following, numbers = self._heads, self._mask, self._keys, self._next, self._numbers
        floor, offset, trimmed = self._start * _EACH, self._trimmed * _EACH + 1, self._trimmed
        all_found = []
        for key in wanted:
            found: list[int] = []
            posting, left = heads[key & mask], _STEPS
            while posting > floor and left:
                place = posting - offset
                if keys[place] == key and numbers[slot := place // _EACH] != _DEAD:
                    found.append(slot + trimmed)
                    if len(found) == most:
                        break
                posting = following[place]
                left -= 1
            all_found.append(found)
        return all_found


def _best(votes: dict[int, int], most: int) -> list[int]:
    """Of equal ones the newest."""
    return [slot for _, slot in sorted([(votes[slot], slot) for slot in votes], reverse=True)[:most]]


def _keys(sketch: Sketch, address: str | None) -> list[int]:
    """What a sketch is filed under, each kind in its place; 0 where there is less."""
    runs = [run or 1 for run in sketch.runs[:RUNS]]
    marks = [*sketch.marks[:MARKS]]
    return [
        *runs, *(0,) * (RUNS - len(runs)),
        *marks, *(0,) * (MARKS - len(marks)),
        _address(address) if address else 0,
    ]  # fmt: skip


def _site(address: str | None) -> int:
    """0 where it names no host."""
    host = (address or "").partition("://")[2].partition("/")[0]
    return crc32(host.encode("utf-8", "surrogatepass")) if host else 0


def _address(canonical: str) -> int:
    return crc32(canonical.encode("utf-8", "surrogatepass")) or 1
