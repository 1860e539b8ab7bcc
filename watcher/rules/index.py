"""pure: terms of a document -> the numbers of the rules that have every required term among them.

Each rule is filed under the terms of its rarest requirement; the others are looked at only where one of those occurs.
What costs is memory that lies far apart, so words that no rule asks for are put aside first, and what is looked at for
a rule is one small tuple.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from watcher.rules.anchors import Terms
from watcher.rules.compile import CompiledRule
from watcher.rules.sieve import Sieve, is_term

_MEMO = 1 << 15
"""Words; a day of English news has about as many."""


class Index:
    """Rules by their required terms. Nothing in it changes but what it remembers of words it has met."""

    def __init__(self, rules: Sequence[CompiledRule]) -> None:
        terms = set(chain.from_iterable(chain.from_iterable(rule.required for rule in rules)))
        other = {term for term in terms if not term.isalnum()}
        expressions = set(filter(is_term, other))
        other -= expressions
        self.rules = rules
        self.numbers = {rule.rule.id: n for n, rule in enumerate(rules)}
        self.fields = frozenset(term.partition(":")[0] for term in other if ":" in term)
        self.sieve = Sieve(expressions)
        self._filed = _filed(rules)
        self._unfiled = [n for n, rule in enumerate(rules) if not rule.required]
        self._others: list[tuple[Terms, ...]] = [rule.required[1:] for rule in rules]
        self._words = _Words(terms - self._filed.keys(), self._filed, (term for term in other if term.endswith("*")))

    def company(self, compiled: CompiledRule) -> int:
        """How many of its rules are filed under the most used of a rule's anchors; unfiled ones under none."""
        if not compiled.required:
            return len(self._unfiled)
        filed = (self._filed.get(term, ()) for term in compiled.required[0])
        return max(1 if isinstance(numbers, int) else len(numbers) for numbers in filed)

    def candidates(self, terms: set[str]) -> list[int]:
        """In rule order."""
        known = self._words.told(terms)
        disjoint = known.isdisjoint
        filed, others, probed, found = self._filed, self._others, set[int](), self._unfiled.copy()
        for term in filed.keys() & known:
            numbers = filed[term]
            if isinstance(numbers, int):
                probed.add(numbers)
            else:
                probed.update(numbers)
        for n in probed:  # a function or a generator here costs more than the question
            for wanted in others[n]:
                if disjoint(wanted):
                    break
            else:
                found.append(n)
        return sorted(found)


def _filed(rules: Sequence[CompiledRule]) -> dict[str, int | tuple[int, ...]]:
    """Of each term the number of its rule, or of several: most terms are those of one."""
    one: dict[str, int] = {}
    several: dict[str, list[int]] = {}
    for n, rule in enumerate(rules):
        for term in rule.required[0] if rule.required else ():
            first = one.setdefault(term, n)
            if first != n:
                several.setdefault(term, [first]).append(n)
    return one | {term: tuple(numbers) for term, numbers in several.items()}


class _Words(dict[str, tuple[str, ...]]):
    """Of each term met that is asked for, or begins as one that is, the wildcards it answers ("milit*").

    Bounded, and forgotten whole when full.
    """

    def __init__(self, asked: Collection[str], filed: Collection[str], wildcards: Iterable[str]) -> None:
        self._asked, self._filed = asked, filed
        self._wildcards = frozenset(wildcards)
        self._lengths = sorted({len(start) - 1 for start in self._wildcards})
        self._idle = set[str]()  # the others met: nobody asks for them

    def told(self, terms: set[str]) -> set[str]:
        """Those that rules ask for, with the wildcards they answer; and some that were not met before."""
        known = terms - self._idle
        return known.union(*map(self.__getitem__, known))

    def __missing__(self, term: str) -> tuple[str, ...]:
        if len(self) + len(self._idle) >= _MEMO:
            self.clear()
            self._idle.clear()
        starts = (term[:length] + "*" for length in self._lengths if length <= len(term))
        found = tuple(start for start in starts if start in self._wildcards)
        if found or term in self._filed or term in self._asked:
            self[term] = found
        else:
            self._idle.add(term)
        return found
