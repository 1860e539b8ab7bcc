"""The tree of an expression. Nodes compare by meaning: `at`, the place in the source, does not count.

Occurrences have places in a text: Word, Phrase, Regex, Near, Except, Within, Reality, an Or of occurrences, and a
Field, a First or an Alias over them. And, Not, Some, AtLeast and Published are facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

At = tuple[int, int]
"""Start and end offset in the expression's source, in code points."""

NOWHERE: At = (0, 0)


@dataclass(frozen=True, slots=True)
class Word:
    """One bare word as written, joints included ("air-strike", "AT&T", "US").

    `exact` for =word, `prefix` for word*, `inflect` for word~; `prefix` and `inflect` exclude each other.
    """

    text: str
    exact: bool = False
    prefix: bool = False
    inflect: bool = False
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quoted phrase, its words not yet cut: `text` is what stands between the quotes, where a word may end in * or ~.

    `exact` for ="...".
    """

    text: str
    exact: bool = False
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """/text/flags as RE2 reads it, on a field's original text; `flags` are some of i m s, each once, in that order."""

    text: str
    flags: str = ""
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Alias:
    """@name, or a bare word that a vocabulary entry with `auto` stands in for. `part` is filled in by vocab.expand."""

    name: str
    part: Node | None = None
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    part: Node
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Both sides, at most `distance` tokens strictly between, in this order if `ordered`; chains group left."""

    left: Node
    right: Node
    distance: int
    ordered: bool = False
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Within:
    """`part` true within one stretch. `a NEAR/S b NEAR/S c` is Within(And(a, b, c), "sentence")."""

    part: Node
    unit: Literal["sentence", "paragraph"]
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Except:
    """Occurrences of `part` that lie in no occurrence of `but`."""

    part: Node
    but: Node
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    part: Node
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Some:
    """`count` OF (parts): at least so many of them are true."""

    count: int
    parts: tuple[Node, ...]
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` separate occurrences of `part`: no two of them overlap."""

    count: int
    part: Node
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class First:
    """`part` within the first `words` words of title, then main text."""

    words: int
    part: Node
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Reality:
    """Occurrences of `part` by what the text says of them: `asserted` has no matched word in a negation, `negated` has
    one, `actual` has none in anything unreal (denied, threatened, planned, hypothetical, rehearsed ...).
    """

    part: Node
    kind: Literal["asserted", "negated", "actual"]
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Published:
    """published:text. True of an item dated from `start` on and before `end` (aware UTC; None: without that bound)."""

    text: str
    start: datetime | None
    end: datetime | None
    at: At = field(default=NOWHERE, compare=False)


Node = (
    Word
    | Phrase
    | Regex
    | Alias
    | And
    | Or
    | Not
    | Near
    | Within
    | Except
    | Field
    | Some
    | AtLeast
    | First
    | Reality
    | Published
)
