"""pure: the beginning of a word -> the keys that words beginning so may have.

A wildcard is compared with a word as it is folded, and an index holds keys: flies is held as fly, mice as mouse, the
forms of a Russian word as its stem. Nearly every key begins as its word does; the few others can be told one by one,
so that a wildcard is looked for by all of its letters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from watcher.text.fold import singular
from watcher.text.lexicon import IRREGULAR, SMART_CASE
from watcher.text.stems import ALTERNATING

_STEMMED = re.compile("[а-яіїєґ']+")
_DWELLER = "ець"
_STEM = 3  # letters that a stem has at least (text.stems)
_LAST = "\U0010ffff"


def otherwise(prefix: str) -> frozenset[str]:
    """The keys that do not begin so, of all words that do; `prefix` is folded. With it, or more of it, begin the rest.

    A key differs from its word in the last letters alone, so that only words little longer than the prefix matter.
    """
    plurals = (singular(prefix + ending) for ending in ("", "s", "es", "n"))
    found = {*plurals, *_listed(prefix), *(_stems(prefix) if _STEMMED.fullmatch(prefix) else ())}
    return frozenset(key for key in found if not key.startswith(prefix))


def _listed(prefix: str) -> Iterator[str]:
    """Of the words whose keys are told by lists: mouse for mice, Києв for Київ, WHO for who in capitals."""
    words = _lists()
    for n in range(bisect_left(words, (prefix, "")), bisect_left(words, (prefix + _LAST, ""))):
        yield words[n][1]


def _stems(prefix: str) -> Iterator[str]:
    """What an ending leaves of a word is a beginning of it, but for українець, which is українц."""
    yield from (prefix[:end] for end in range(_STEM, len(prefix)))
    yield from (prefix[:-n] + "ц" for n in range(1, len(_DWELLER) + 1) if prefix.endswith(_DWELLER[:n]))


@cache
def _lists() -> list[tuple[str, str]]:
    capitals = ((word.lower(), word) for word in SMART_CASE)
    return sorted((*IRREGULAR.items(), *ALTERNATING.items(), *capitals))
