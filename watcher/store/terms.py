"""pure: text -> the terms it is filed under, in letters that FTS5's `ascii` tokenizer leaves as they are.

That tokenizer folds A-Z and cuts at ASCII marks, but takes every other character as part of a word. So each ASCII
character other than a-z and 0-9 moves to the private use area: "US" stays apart from "us", "c++" stays one term.
A text that uses that area itself may be found where it should not: what is found are candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from string import ascii_lowercase, digits

from watcher.text.tokens import keys

PRIVATE_USE = 0xE000
_SAFE = {code: PRIVATE_USE + code for code in range(128) if chr(code) not in ascii_lowercase + digits}


def filed(*texts: str) -> str:
    """What an item with these texts (title, place, text, summary) is filed under: each key once."""
    return " ".join(map(_WRITTEN.__getitem__, dict.fromkeys(chain.from_iterable(map(keys, texts)))))


def question(any_of: Sequence[frozenset[str]]) -> str:
    """The FTS5 expression that is true where each set has at least one term; written so, terms need no quotes."""
    return " AND ".join(f"({' OR '.join(_written(sorted(terms)))})" for terms in any_of)


def _written(terms: Iterable[str]) -> list[str]:
    return [term.translate(_SAFE) for term in terms]


class _Written(dict[str, str]):
    """What each term met is written as; bounded, and forgotten whole when full."""

    def __missing__(self, term: str) -> str:
        written = term.translate(_SAFE)
        written = term if written == term else written  # one object for both
        if len(term) <= _TERM_LENGTH:
            if len(self) >= _TERMS:
                self.clear()
            self[term] = written
        return written


_TERMS = 1 << 16
_TERM_LENGTH = 40  # code points; longer ones do not come again
_WRITTEN = _Written()
