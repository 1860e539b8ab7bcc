"""pure: expression -> tree.

`parse` tells every mistake of an expression at once: a missing operand, a wrong word or a stray sign is noted and the
parse goes on as if it were mended. Precedence, tightest first: field and quantifier, EXCEPT, NEAR, NOT, AND, OR.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from watcher.model import FindingSeverity
from watcher.rules.lex import NAME_FIELDS, Token, tokens
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
    Or,
    Published,
    Reality,
    Regex,
    Some,
    Within,
    Word,
)
from watcher.rules.printer import spelled, to_text
from watcher.rules.problem import Parsed, Problem
from watcher.rules.shape import depth, is_occurrence, joined

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "Parsed", "Problem", "parse", "spelled", "to_text"]

MAX_LENGTH = 65_536
"""Code points of one expression."""
MAX_DEPTH = 40
"""Levels of one inside the other; the parser takes eight frames a level."""

_BINARY = frozenset({"AND", "OR", "NEAR", "EXCEPT"})
_TIGHT = frozenset({"NEAR", "EXCEPT"})
_PREFIXES = frozenset({"field", "unknown", "ATLEAST", "FIRST"})
_STARTS = frozenset({"leaf", "(", "NOT", "region", "real", "of", *_PREFIXES})
_KINDS: dict[str, Literal["asserted", "negated", "actual"]] = {
    "ASSERTED": "asserted",
    "NEGATED": "negated",
    "ACTUAL": "actual",
}
_OPEN_FIELDS = frozenset({"any", "title", "lead", "summary", "body", "raw", "author"})
_UNITS: dict[str, Literal["sentence", "paragraph"]] = {"S": "sentence", "P": "paragraph"}
_SHOWN = 300


def parse(source: str) -> Parsed:
    """The tree of an expression and what is wrong with it; no tree when there is an error. Raises nothing."""
    if len(source) > MAX_LENGTH:
        message = f"the expression has {len(source):,} characters; at most {MAX_LENGTH:,} are read"
        return Parsed(tree=None, problems=(_too_much(message, "put long lists into the vocabulary"),))
    parser = _Parser(source)
    tree = parser.whole()
    if tree is not None and len(parser.tokens) > MAX_DEPTH // 2 and depth(tree) > MAX_DEPTH:
        parser.problems.append(_too_deep())
    once = {(p.code, p.start): p for p in reversed(parser.problems)}
    problems = sorted(once.values(), key=lambda p: (p.start, p.end))
    errors = tuple(p for p in problems if p.fatal)
    return Parsed(tree=None, problems=errors) if errors else Parsed(tree=tree, problems=tuple(problems))


def _too_much(message: str, mend: str, at: At = (0, 1)) -> Problem:
    return Problem(code="E119", start=at[0], end=at[1], message=message, help=mend)


def _too_deep(at: At = (0, 1)) -> Problem:
    message = f"more than {MAX_DEPTH} levels stand one inside the other"
    return _too_much(message, "give a part of it a name in the vocabulary", at)


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
        problem = Problem(code=code, start=at[0], end=at[1], message=message, help=mend, related=related)
        self.problems.append(problem)

    def warn(self, code: str, at: At, message: str, mend: str) -> None:
        severity = FindingSeverity.WARNING
        self.problems.append(Problem(code=code, start=at[0], end=at[1], message=message, help=mend, severity=severity))

    # --- from loosest to tightest -------------------------------------------------------------------

    def whole(self) -> Node | None:
        if self.token.kind == "end":
            self.wrong("E101", (0, 0), "the expression is empty", "write the words to look for")
            return None
        try:
            return self.listed(None, commas=False)[0]
        except _TooDeep:
            self.problems.append(_too_deep(self.token.at))
            return None

    def listed(self, opened: Token | None, *, commas: bool) -> list[Node | None]:
        """Expressions up to the `)` of `opened`, or to the end; between commas where they may stand."""
        found = [self.one_listed(commas=commas)]
        while self.token.kind != "end":
            token = self.take()
            if token.kind == ")" and opened:
                return found
            if token.kind == ")":
                self.wrong("E105", token.at, "`)` closes nothing", "take it out, or open it with `(` before")
            elif not commas:
                self.wrong("E105", token.at, "a comma means nothing here", "write OR or AND, or quote the phrase")
            if token.kind == ")" and self.token.kind in _BINARY:
                self.take()
            if commas or self.token.kind != "end":
                found.append(self.one_listed(commas=commas))
        if opened:
            self.unclosed(opened)
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
            self.mixed(groups, start)
        return _either(groups)

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
        """Where no operator stands: W215 between lines, W216 behind a field."""
        before, token = self.tokens[self.index - 1], self.token
        if not self.told_lines and "\n" in self.source[before.end : token.start]:
            self.told_lines = True
            message = "no operator stands between these lines; they are read as AND"
            self.warn("W215", token.at, message, f"write `AND {token.text}`, or did you mean OR?")
        elif self.index > 1 and self.tokens[self.index - 2].kind == "field" and isinstance(before.leaf, Word):
            self.check_field(self.index - 2)

    def check_field(self, index: int) -> None:
        """W216: bare words follow the one that a field covers."""
        field, end = self.tokens[index], index + 2
        while isinstance(self.tokens[end].leaf, Word) and self.tokens[end + 1].kind not in _TIGHT:
            end += 1
        words = self.tokens[index + 1 : end]
        if len(words) > 1 and field.text[:-1] in _OPEN_FIELDS:
            message = f"`{field.text}` covers only `{words[0].text}`; the words after it are looked for everywhere"
            mend = f"write {field.text}({' '.join(word.text for word in words)}), or AND if that is meant"
            self.warn("W216", (field.start, words[-1].end), message, mend)

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
            name = operator.text.partition("/")[0]
            message = f"this has no place in the text, and {name} needs words that have one"
            self.wrong("E108", node.at, message, _apart(node, name), (*operator.at, f"{name} stands here"))

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
        leaf, field = token.leaf, self.field
        if field and isinstance(leaf, Published):
            message = f"`published:` stands inside `{field.text}`"
            self.wrong("E109", leaf.at, message, "write them side by side", (*field.at, "the field"))
        elif field and isinstance(leaf, Regex) and field.text[:-1] in NAME_FIELDS:
            message = f"`{field.text}` holds a name, which a regular expression does not search"
            mend = f"write the names: {field.text}(a OR b)"
            self.wrong("E115", leaf.at, message, mend, (*field.at, "the field"))
        return leaf

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
            there = f"there are {len(parts)}" if len(parts) > 1 else "there is only one"
            mend = f"write a number from 1 to {len(parts)}"
            mend = mend if len(parts) > 1 else "a comma stands between the parts: 2 OF (a, b, c)"
            self.wrong("E117", token.at, f"{token.text} of these are asked for, and {there}", mend)
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
        mend = "write what it joins, or take it out"
        doubled = before is not None and before.kind in _BINARY
        if token.kind not in _BINARY:
            if before and doubled:
                self.wrong("E102", before.at, f"`{before.text}` has nothing on its right", mend)
            return False
        if before and doubled:
            self.wrong(
                "E106", token.at, f"`{before.text} {token.text}`: two operators in a row", "take one of them out"
            )
        else:
            self.wrong("E102", token.at, f"`{token.text}` has nothing on its left", mend)
        self.take()
        return True

    def misplaced_not(self) -> Node | None:
        """NOT where only a unit may stand; under NEAR, EXCEPT and ATLEAST it is told as the fact it is."""
        before = self.before
        if before and before.kind in {"field", "FIRST"}:
            sign, mend = self.token.text, f"write {self.token.text} before `{before.text}`"
            self.wrong("E102", self.token.at, f"`{sign}` stands behind `{before.text}`", mend)
        return self.negation()

    def unclosed(self, opened: Token) -> None:
        end = len(self.source.rstrip())
        line = self.source.rfind("\n", 0, opened.start) + 1
        place = self.closing_place(opened, end)
        mended = f"{self.source[line:place].lstrip()}){self.source[place:end]}"
        another = any(p.code == "E104" and p.start > opened.start for p in self.problems)
        mend = "add another `)`" if another else f"add `)`: {_clipped(mended)}"
        self.wrong("E104", opened.at, "`(` is never closed", mend, (end, end, "expected `)` here"))

    def closing_place(self, opened: Token, end: int) -> int:
        """Where the `)` most likely belongs: before the first AND that follows an OR, else at the end."""
        inside = [token for token in self.tokens if token.start > opened.start]
        level, alternatives = 0, False
        for before, token in pairwise(inside):
            level += (before.kind == "(") - (before.kind == ")")
            alternatives |= token.kind == "OR" and not level
            if token.kind == "AND" and alternatives and not level:
                return before.end
        return end

    def mixed(self, groups: list[list[Node]], start: int) -> None:
        as_read, other = _either(groups), _both(groups)
        if as_read and other:
            readings = f"read as {_clipped(to_text(as_read))}; for the other reading write {_clipped(to_text(other))}"
            self.warn("W201", (start, as_read.at[1]), "AND and OR are mixed without parentheses", readings)


def _apart(node: Node, name: str) -> str:
    """How to say what was probably meant by a fact where places are asked for."""
    if isinstance(node, And) and name in _KINDS and all(map(is_occurrence, node.parts)):
        return f"write {_clipped(' AND '.join(f'{name}({to_text(part)})' for part in node.parts))}"
    if isinstance(node, AtLeast) and name in {"NEAR", "ONEAR", "EXCEPT"}:
        return f"put what is counted into parentheses: ATLEAST/{node.count} ({_clipped(to_text(node.part))} {name} ...)"
    if isinstance(node, Some | AtLeast | Published):
        return f"join it with AND, outside of {name}"
    return "leave AND and NOT outside, or put them into SENTENCE(...)"


def _either(groups: list[list[Node]]) -> Node | None:
    return joined(Or, [part for group in groups if (part := joined(And, group))])


def _both(groups: list[list[Node]]) -> Node | None:
    """The same operands in order, with OR holding tighter than AND."""
    regrouped: list[list[Node]] = [[]]
    for first, *rest in filter(None, groups):
        regrouped[-1].append(first)
        regrouped.extend([part] for part in rest)
    return joined(And, [part for group in regrouped if (part := joined(Or, group))])


def _clipped(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]} ..."
