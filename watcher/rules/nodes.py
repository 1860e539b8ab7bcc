"""The tree of an expression. Nodes compare by meaning: `at`, the place in the source, does not count.

Occurrences have places in a text: Word, Phrase, Near, Except, Within, an Or of occurrences, a Field or an Alias
over them. And and Not are facts. Further operators are further nodes; none of these needs to change for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

At = tuple[int, int]
"""Start and end offset in the expression's source, in code points."""

NOWHERE: At = (0, 0)


@dataclass(frozen=True, slots=True)
class Word:
    """One bare word as written, joints included ("air-strike", "AT&T", "US"); `exact` for =word, `prefix` for word*."""

    text: str
    exact: bool = False
    prefix: bool = False
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quoted phrase, its words not yet cut: `text` is what stands between the quotes. `exact` for ="..."."""

    text: str
    exact: bool = False
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


Node = Word | Phrase | Alias | And | Or | Not | Near | Within | Except | Field
