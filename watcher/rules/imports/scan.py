"""pure: a query of another program -> tokens, and the leaves and trees that these stand for here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from watcher.rules import query
from watcher.rules.nodes import And, Field, Node, Not, Or, Phrase, Regex, Word
from watcher.rules.shape import joined
from watcher.text.lexicon import SMART_CASE
from watcher.text.tokens import spans

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<close> \) )
    | (?P<sign> [-+!] (?=[^\s)]) )? (?P<field> [^\W\d][\w.@-]*:(?!//) | \#(?=\w) )?
      (?: (?P<open> \( )
        | "(?P<double> (?:\\.|[^"\\])* ) (?:"|\Z)
        | '(?P<single> [^']* )'
        | /(?P<regex> (?:\\.|[^/\\])+ )/ (?P<flags> [a-z]*)
        | (?P<range> [\[{][^\]}]*[\]}] )
        | (?P<word> (?:\\.|[^\s()"])+ )
        | (?P<nothing> )
      )
      (?P<tail> (?:[~^][0-9.]*)* )
    )""",
    re.VERBOSE | re.DOTALL,
)
_MARKS = re.compile(r'["“”„*~]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """`kind` is close, open, double, single, regex, range or word; `source` is all of it as it stands."""

    kind: str
    text: str
    source: str
    sign: str = ""
    field: str = ""  # with its colon
    flags: str = ""
    tail: str = ""


@dataclass(slots=True)
class Notes:
    """What changes in meaning, each thing said once, in the order it was met."""

    said: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        flat = " ".join(text.split())
        if flat not in self.said:
            self.said.append(flat)


def scan(source: str) -> Iterator[Token]:
    """The tokens of a query; nothing of it is lost: what is no token is a word."""
    position = 0
    while position < len(source.rstrip()):
        found = _TOKEN.match(source, position)
        if found is None or found.end() == position:
            yield Token(kind="word", text=source[position], source=source[position])
            position += 1
            continue
        parts = found.groupdict()
        kind = next(
            k
            for k in ("close", "open", "double", "single", "regex", "range", "word", "nothing")
            if parts[k] is not None
        )
        yield Token(
            kind="word" if kind == "nothing" else kind,
            text=parts[kind],
            source=found[0].strip(),
            sign=parts["sign"] or "",
            field=parts["field"] or "",
            flags=parts["flags"] or "",
            tail=parts["tail"] or "",
        )
        position = found.end()


class Reader(Protocol):
    """What reads tokens from `at` on."""

    tokens: list[Token]
    at: int
    notes: Notes


def whole(reader: Reader, part: Callable[[], Node | None]) -> Iterator[Node | None]:
    """What a reader makes of all tokens; each `part` ends at the end, or behind a `)`, which then closes nothing."""
    yield part()
    while reader.at <= len(reader.tokens):
        reader.notes.say("a `)` that closes nothing is left out")
        if reader.at == len(reader.tokens):
            return
        yield part()


def bare(token: Token) -> Token:
    """Without its sign."""
    return replace(token, sign="", source=token.source[len(token.sign) :])


def leaf(text: str, notes: Notes) -> Node | None:
    """Plain text as a word or phrase; None where there is no word in it."""
    flat = " ".join(_MARKS.sub(" ", text).split())
    if not spans(flat):
        notes.say(f"`{text}` holds no word and is left out")
        return None
    if flat in SMART_CASE and flat.isupper():
        notes.say(f"`{flat}` is found in capitals only, there in any case; write {flat.lower()} for that")
    read = query.parse(flat)
    return read.tree if isinstance(read.tree, Word) and read.tree == Word(flat) and not read.problems else Phrase(flat)


def regex(text: str, flags: str = "") -> Regex:
    """A regular expression, its slashes escaped, its own `(?i)` made a flag."""
    own = re.match(r"\(\?([ims]+)\)", text)
    body = text[own.end() :] if own else text
    kept = "".join(sorted(set(flags + (own[1] if own else "")) & set("ims")))
    return Regex(re.sub(r"(?<!\\)((?:\\\\)*)/", r"\1\\/", body), kept)


def in_field(name: str | None, node: Node | None) -> Node | None:
    return Field(name, node) if name and node else node


def every(parts: Sequence[Node | None]) -> Node | None:
    return joined(And, [part for part in parts if part])


def either(parts: Sequence[Node | None]) -> Node | None:
    return joined(Or, [part for part in parts if part])


def negated(node: Node | None) -> Node | None:
    return node.part if isinstance(node, Not) else Not(node) if node else None
