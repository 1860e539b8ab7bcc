"""pure: items -> in how many of them each term occurs -> how often a term is to be expected.

What is not among the counted, the commonest, is rare: how rare is guessed, as all is where nothing was counted yet.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping

from watcher.rules.sieve import is_term
from watcher.text.document import NAMED, Document
from watcher.text.lexicon import COMMON

ITEMS = ""
"""The key under which the number of items stands in which the terms were counted."""

ALL = 10_000.0
"""What a term weighs that is in every item."""
EXPRESSION = 3_000.0
"""What a regular expression weighs, however rare: it takes a pass of the text."""

_GUESSED: Mapping[str, float] = {"lang": ALL, "feed": 1_000, "site": 1_000, "tag": 1_000}
_COMMON = 1_000.0
_WILDCARD = 300.0
_LETTER = 120.0  # so much divided by a word's letters
_TOLD = 20_000
_SELDOM = 1_000
_LAST = "\U0010ffff"
_MEMO = 1 << 16


class Counting:
    """In how many items each term occurs, told one after the other."""

    def __init__(self) -> None:
        self.items = 0
        self._counted = Counter[str]()

    def add(self, document: Document) -> None:
        self.items += 1
        self._counted.update(document.terms(NAMED))

    def common(self) -> Mapping[str, int]:
        """The commonest, and under ITEMS how many were counted: what is in fewer than one in a thousand is rare."""
        least = max(2, self.items // _SELDOM)
        return {ITEMS: self.items} | {term: n for term, n in self._counted.most_common(_TOLD) if n >= least}


class Frequencies:
    """How often terms are to be expected, as a weight; remembers what was asked. `counted` is what a store holds."""

    def __init__(self, counted: Mapping[str, int]) -> None:
        items = counted.get(ITEMS, 0)
        self._counted = counted if items else {}
        self._share = ALL / max(1, items)
        self._sorted = sorted(self._counted)
        self._rare = min(counted.values(), default=0) * self._share  # what is not counted is not more frequent
        self._weights = _Weights(self)

    def weight(self, term: str) -> float:
        """Of one term, such as "militia", "author:smith" or "mil*"."""
        return self._weights[term]

    def of_any(self, terms: Iterable[str]) -> float:
        """Of one or another of several."""
        return sum(map(self._weights.__getitem__, terms))

    def asked(self, term: str) -> float:
        if is_term(term):
            return EXPRESSION
        if not self._counted:
            return _guess(term)
        field, _, word = term.rpartition(":")
        told = term if field in NAMED else word  # of an author's name what is known of the word
        rare = self._rare * min(1.0, _guess(told) / ALL)
        return rare + self._share * (self._beginning(told[:-1]) if told[-1:] == "*" else self._counted.get(told, 0))

    def _beginning(self, start: str) -> int:
        words = self._sorted
        first, last = bisect_left(words, start), bisect_left(words, start + _LAST)
        return sum(map(self._counted.__getitem__, words[first:last]))


class _Weights(dict[str, float]):
    """Worked out when first asked for; bounded, and forgotten whole when full."""

    def __init__(self, frequencies: Frequencies) -> None:
        self._frequencies = frequencies

    def __missing__(self, term: str) -> float:
        if len(self) >= _MEMO:
            self.clear()
        found = self[term] = self._frequencies.asked(term)
        return found


def _guess(term: str) -> float:
    """Ordinal, not a measurement: languages, common words and feeds, wildcards, short words, long ones."""
    field, _, word = term.rpartition(":")
    if field in _GUESSED:
        return _GUESSED[field]
    if word in COMMON:
        return _COMMON
    return _WILDCARD if word.endswith("*") else _LETTER / max(1, len(word))


NOTHING_COUNTED = Frequencies({})
