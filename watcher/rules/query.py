"""pure: expression -> tree.

`parse` tells every mistake of an expression at once: a missing operand, a wrong word or a stray sign is noted and the
parse goes on as if it were mended. Precedence, tightest first: field and quantifier, EXCEPT, NEAR, NOT, AND, OR.
"""

from __future__ import annotations

from typing import Literal

from watcher.rules import mistakes
from watcher.rules.lex import Token, tokens
from watcher.rules.nodes import (
    And,
    At,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Not,
    Reality,
    Some,
    Within,
    Word,
)
from watcher.rules.printer import spelled, to_text
from watcher.rules.problem import Parsed, Problem
from watcher.rules.shape import depth, is_occurrence

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "Parsed", "Problem", "parse", "spelled", "to_text"]

MAX_LENGTH = 65_536
"""Code points of one expression."""
MAX_DEPTH = 40
"""Levels of one inside the other; the parser takes ten frames a level."""

_BINARY = frozenset({"AND", "OR", "NEAR", "EXCEPT"})
_TIGHT = frozenset({"NEAR", "EXCEPT"})
_COVERING = frozenset({"field", "FIRST", "ATLEAST", "NOT"})
_PREFIXES = frozenset({"field", "unknown", "ATLEAST", "FIRST"})
_STARTS = frozenset({"leaf", "(", "NOT", "region", "real", "of", *_PREFIXES})
_KINDS: dict[str, Literal["asserted", "negated", "actual"]] = {
    "ASSERTED": "asserted",
    "NEGATED": "negated",
    "ACTUAL": "actual",
}
_UNITS: dict[str, Literal["sentence", "paragraph"]] = {"S": "sentence", "P": "paragraph"}


def parse(source: str) -> Parsed:
    """The tree of an expression and what is wrong with it; no tree when there is an error. Raises nothing."""
    if len(source) > MAX_LENGTH:
        return Parsed(tree=None, problems=(mistakes.too_long(len(source), MAX_LENGTH),))
    parser = _Parser(source)
    tree = parser.whole()
    if tree is not None and len(parser.tokens) > MAX_DEPTH // 2 and depth(tree) > MAX_DEPTH:
        parser.problems.append(mistakes.too_deep((0, 1), MAX_DEPTH))
    if not parser.problems:
        return Parsed(tree=tree)
    once = {(p.code, p.start): p for p in reversed(parser.problems)}
    problems = sorted(once.values(), key=lambda p: (p.start, p.end))
    errors = tuple(p for p in problems if p.fatal)
    return Parsed(tree=None, problems=errors) if errors else Parsed(tree=tree, problems=tuple(problems))


class _TooDeep(Exception):
    """Parsing stops: the rest of the source cannot be judged."""


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens, self.problems = tokens(source)
        self.index = 0
        self.token = self.tokens[0]
        self.level = 0
        self.field: Token | None = None
        self.told_lines = False

    @property
    def before(self) -> Token | None:
        return self.tokens[self.index - 1] if self.index else None

    def take(self) -> Token:
        token = self.token
        self.index += 1
        self.token = self.tokens[self.index]
        return token

    def wrong(
        self, code: str, at: At, message: str, mend: str = "", related: tuple[int, int, str] | None = None
    ) -> None:
        self.problems.append(mistakes.error(code, at, message, mend, related))

    def tell(self, problem: Problem | None) -> None:
        if problem:
            self.problems.append(problem)

    # --- from loosest to tightest -------------------------------------------------------------------

    def whole(self) -> Node | None:
        if self.token.kind == "end":
            self.wrong("E101", (0, 0), "the expression is empty", "write the words to look for")
            return None
        try:
            return self.listed(None, commas=False)[0]
        except _TooDeep:
            self.problems.append(mistakes.too_deep(self.token.at, MAX_DEPTH))
            return None

    def listed(self, opened: Token | None, *, commas: bool) -> list[Node | None]:
        """Expressions up to the `)` of `opened`, or to the end; between commas where they may stand."""
        found = [self.one_listed(commas=commas)]
        told = False
        while self.token.kind != "end":
            token = self.take()
            if token.kind == ")" and opened:
                return found
            if token.kind == ")":
                self.wrong("E105", token.at, "`)` closes nothing", "take it out, or open it with `(` before")
            elif not (commas or told):
                told = True
                self.tell(mistakes.comma(self.source, token, opened))
            if token.kind == ")" and self.token.kind in _BINARY:
                self.take()
            if commas or self.token.kind != "end":
                found.append(self.one_listed(commas=commas))
        if opened:
            again = any(p.code == "E104" and p.start > opened.start for p in self.problems)
            self.tell(mistakes.unclosed(self.source, self.tokens, opened, again=again))
        return found

    def one_listed(self, *, commas: bool) -> Node | None:
        if commas and self.token.kind in {",", ")"}:
            comma = self.token if self.token.kind == "," else self.before
            self.wrong("E102", comma.at if comma else self.token.at, "nothing stands beside this", "take the comma out")
            return None
        return self.alternatives()

    def alternatives(self) -> Node | None:
        start = self.token.start
        groups = [self.together()]
        while self.token.kind == "OR":
            self.take()
            groups.append(self.together())
        if len(groups) > 1 and max(map(len, groups)) > 1:
            self.tell(mistakes.mixed(groups, start))
        return mistakes.either(groups)

    def together(self) -> list[Node]:
        """What AND, written or not, holds together."""
        parts = [self.negation()]
        while (kind := self.token.kind) == "AND" or kind in _STARTS:
            if kind == "AND":
                self.take()
            else:
                self.check_gap()
            parts.append(self.negation())
        return [part for part in parts if part is not None]

    def check_gap(self) -> None:
        """Where no operator stands: W215 between lines, W216 where one that does holds for a single word."""
        before, token = self.tokens[self.index - 1], self.token
        if not self.told_lines and "\n" in self.source[before.end : token.start]:
            self.told_lines = True
            self.tell(mistakes.apart_by_lines(token))
        elif self.index > 1 and self.tokens[self.index - 2].kind in _COVERING and isinstance(before.leaf, Word):
            self.tell(mistakes.covers_one(self.tokens, self.index - 2))
        elif isinstance(before.leaf, Word) or (self.index > 1 and self.tokens[self.index - 2].kind in _TIGHT):
            self.tell(mistakes.joins_one(self.tokens, self.index))

    def negation(self) -> Node | None:
        if self.token.kind == "leaf" and self.tokens[self.index + 1].kind not in _TIGHT:
            return self.bare(self.take())  # the same as the long way, which most leaves need not go
        if self.token.kind != "NOT":
            return self.nearness()
        operator = self.take()
        self.deeper()
        part = self.negation()
        self.level -= 1
        return Not(part, (operator.start, part.at[1])) if part else None

    def nearness(self) -> Node | None:
        left = self.exception()
        chain = ""
        while self.token.kind == "NEAR":
            operator = self.take()
            left = self.near(left, self.exception(), operator, chained=chain == operator.text)
            chain = operator.text
        return left

    def near(self, left: Node | None, right: Node | None, operator: Token, *, chained: bool) -> Node | None:
        if not left or not right:
            return None
        at = (left.at[0], right.at[1])
        self.must_occur(left, operator)
        self.must_occur(right, operator)
        name, _, reach = operator.text.partition("/")
        if reach not in _UNITS:
            return Near(left, right, int(reach), name == "ONEAR", at)
        parts = left.part.parts if chained and isinstance(left, Within) and isinstance(left.part, And) else (left,)
        return Within(And((*parts, right), at), _UNITS[reach], at)

    def exception(self) -> Node | None:
        left = self.unit()
        while self.token.kind == "EXCEPT":
            operator = self.take()
            right = self.unit()
            if left and right:
                self.must_occur(left, operator)
                self.must_occur(right, operator)
                left = Except(left, right, (left.at[0], right.at[1]))
        return left

    def must_occur(self, node: Node, operator: Token) -> None:
        if not is_occurrence(node):
            self.tell(mistakes.fact(node, operator))

    def unit(self) -> Node | None:
        while self.token.kind not in _STARTS:
            if not self.operand_follows():
                return None
        if self.token.kind == "NOT":
            return self.misplaced_not()
        self.deeper()
        node = self.started(self.take())
        self.level -= 1
        return node

    def started(self, token: Token) -> Node | None:
        if token.kind == "leaf":
            return self.bare(token)
        if token.kind == "(":
            return self.group(token)
        if token.kind == "field":
            return self.in_field(token)
        if token.kind in {"region", "real"}:
            return self.called(token)
        if token.kind == "of":
            return self.some(token)
        part = self.unit()
        if token.kind == "unknown" or not part:
            return None  # the lexer has told the field; what it governs is judged all the same
        return self.counted(token, part)

    def bare(self, token: Token) -> Node | None:
        """A leaf by itself; E109 and E115 where it does not fit the field it stands in."""
        if self.field:
            self.tell(mistakes.misplaced(token.leaf, self.field))
        return token.leaf

    def called(self, token: Token) -> Node | None:
        """SENTENCE(...) and the like: a name and its parentheses."""
        part = self.group(self.take())
        if not part:
            return None
        at = (token.start, self.tokens[self.index - 1].end)
        if token.kind == "region":
            return Within(part, _UNITS[token.text[0]], at)
        self.must_occur(part, token)
        return Reality(part, _KINDS[token.text], at)

    def some(self, token: Token) -> Node | None:
        opened = self.take()
        if self.token.kind == ")":
            self.wrong("E101", (opened.start, self.take().end), "nothing stands between these parentheses")
            return None
        parts = self.listed(opened, commas=True)
        at, count = (token.start, self.tokens[self.index - 1].end), int(token.text[:9])
        if not 1 <= count <= len(parts):
            self.tell(mistakes.too_few(token, len(parts)))
        found = tuple(part for part in parts if part)
        return Some(count, found, at) if len(found) == len(parts) else None

    def counted(self, token: Token, part: Node) -> Node:
        at, number = (token.start, part.at[1]), int(token.text.partition("/")[2])
        if token.kind == "FIRST":
            return First(number, part, at)
        self.must_occur(part, token)
        return AtLeast(number, part, at)

    def group(self, opened: Token) -> Node | None:
        if self.token.kind == ")":
            self.wrong("E101", (opened.start, self.take().end), "nothing stands between these parentheses")
            return None
        return self.listed(opened, commas=False)[0]

    def in_field(self, token: Token) -> Node | None:
        outer = self.field
        if outer:
            message = f"`{token.text}` stands inside `{outer.text}`"
            self.wrong("E109", token.at, message, "write them side by side", (*outer.at, "the outer field"))
        self.field = outer or token
        part = self.unit()
        self.field = outer
        return Field(token.text[:-1], part, (token.start, part.at[1])) if part else None

    def deeper(self) -> None:
        self.level += 1
        if self.level > MAX_DEPTH:
            raise _TooDeep

    # --- mistakes -----------------------------------------------------------------------------------

    def operand_follows(self) -> bool:
        """Tell that an operand is missing before this token; True when the token was skipped and one may still come."""
        before, token = self.before, self.token
        if before and (before.kind == "NOT" or before.kind in _PREFIXES):
            if before.kind != "unknown":
                self.wrong("E102", before.at, f"`{before.text}` has nothing after it", "write the words it is for")
            return False
        mend, written = "write what it joins, or take it out", self.source[token.start : token.end]
        doubled = before is not None and before.kind in _BINARY
        if token.kind not in _BINARY:
            if before and doubled:
                self.wrong("E102", before.at, f"`{before.text}` has nothing on its right", mend)
            return False
        if before and doubled:
            self.wrong("E106", token.at, f"`{before.text} {written}`: two operators in a row", "take one of them out")
        else:
            self.wrong("E102", token.at, f"`{written}` has nothing on its left", mend)
        self.take()
        return True

    def misplaced_not(self) -> Node | None:
        """NOT where only a unit may stand; under NEAR, EXCEPT and ATLEAST it is told as the fact it is."""
        before = self.before
        if before and before.kind in {"field", "FIRST"}:
            sign, mend = self.token.text, f"write {self.token.text} before `{before.text}`"
            self.wrong("E102", self.token.at, f"`{sign}` stands behind `{before.text}`", mend)
        return self.negation()
