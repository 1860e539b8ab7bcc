"""pure: an expression's source -> tokens, leaves already made, and what is wrong inside a single one.

A leaf that is wrong becomes a token without a node: it still stands as an operand, so that the parser goes on and one
mistake is told once.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from watcher import yamldoc
from watcher.rules.nodes import Alias, At, Node, Phrase, Word
from watcher.rules.problem import Problem
from watcher.text.tokens import HEAD, spans

FIELDS = ("any", "title", "lead", "summary", "body", "author", "feed", "site", "url", "tag", "lang", "raw")
OPERATORS = frozenset({"AND", "OR", "NOT", "EXCEPT"})

QUOTES = '"“”„'
_LATER_FIELDS = ("published",)
_QUOTE = re.compile(f"[{QUOTES}]")
_TOKEN = re.compile(
    rf"""
      (?P<space>   \s+ )
    | (?P<mark>    [(),] )
    | (?P<phrase>  =?[{QUOTES}] )
    | (?P<regex>   /(?:(?:\\.|[^/\\\n])+/[a-z]*|[^\s()]*) )
    | (?P<minus>   -(?=[^\s)]) )
    | (?P<count>   \d+\s+OF(?=\s*\() | (?:ATLEAST|FIRST)/\d*(?![^\s({QUOTES}]) )
    | (?P<real>    (?:ASSERTED|NEGATED|ACTUAL)(?=\s*\() )
    | (?P<region>  (?:SENTENCE|PARAGRAPH)(?=\s*\() )
    | (?P<field>   \w+: )
    | (?P<run>     (?:[^\s(),{QUOTES}]|(?<=\d),(?=\d))+ )
    """,
    re.VERBOSE,
)
_RUN = re.compile(rf"[^\s(){QUOTES}]*")
_NEAR = re.compile(r"O?NEAR(?:/(?P<reach>.*))?")
_DISTANCE = re.compile(r"[0-9]{1,4}")
_ALIAS = re.compile(r"[A-Za-z0-9_-]+")
_FOREIGN_OPERATORS = {"&": "AND", "&&": "AND", "+": "AND", "|": "OR", "||": "OR", "!": "NOT"}
_DASHES = "–—−‐‑"


class Token(NamedTuple):
    """`kind` is one of ( ) , AND OR NOT NEAR EXCEPT field region later of leaf end."""

    kind: str
    start: int
    end: int
    text: str
    leaf: Node | None = None

    @property
    def at(self) -> At:
        return (self.start, self.end)


def tokens(source: str) -> tuple[list[Token], list[Problem]]:
    """The tokens in order, closed by an `end` token of no length at the end of the source."""
    lexer = _Lexer(source)
    lexer.run()
    return lexer.tokens, lexer.problems


class _Lexer:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens: list[Token] = []
        self.problems: list[Problem] = []

    def run(self) -> None:
        position = 0
        while position < len(self.source):
            found = _TOKEN.match(self.source, position)
            assert found is not None  # every character is a space, a mark, a quote or part of a run
            kind = found.lastgroup or ""
            position = found.end()
            if kind == "run":
                self._run(found[0], found.start())
            elif kind == "phrase":
                position = self._phrase(found.start(), position, exact=found[0][0] == "=")
            elif kind == "field":
                position = self._field(found[0][:-1], found.start(), position)
            elif kind != "space":
                self._fixed(kind, found[0], found.start())
        self._add("end", len(self.source), "")

    def _add(self, kind: str, start: int, text: str, leaf: Node | None = None) -> None:
        self.tokens.append(Token(kind, start, start + len(text), text, leaf))

    def _wrong(self, code: str, start: int, text: str, message: str, mend: str = "") -> None:
        self.problems.append(Problem(code=code, start=start, end=start + len(text), message=message, help=mend))

    def _bad_leaf(self, code: str, start: int, text: str, message: str, mend: str = "") -> None:
        self._wrong(code, start, text, message, mend)
        self._add("leaf", start, text)

    def _later(self, start: int, text: str, what: str, mend: str = "") -> None:
        self._wrong("E118", start, text, f"this version does not know {what} yet", mend)

    def _fixed(self, kind: str, text: str, start: int) -> None:
        if kind == "mark":
            self._add(text, start, text)
        elif kind == "minus":
            self._add("NOT", start, text)
        elif kind == "region":
            self._add("region", start, text)
        elif kind == "regex":
            self._later(start, text, "regular expressions", f'to search for the text itself, quote it: "{text}"')
            self._add("leaf", start, text)
        else:
            self._later(start, text, f"`{text}`")
            self._add("of" if text.endswith("OF") else "later", start, text)

    def _phrase(self, start: int, inside: int, *, exact: bool) -> int:
        closing = _QUOTE.search(self.source, inside)
        if closing is None:
            line_end = self.source.find("\n", inside)
            end = line_end if line_end >= 0 else len(self.source)
            quote = self.source[inside - 1 : inside]
            self._wrong(
                "E104", inside - 1, quote, f"`{quote}` is never closed", 'add `"` after the last word of the phrase'
            )
            self._add("leaf", start, self.source[start:end])
            return end
        self._quoted(self.source[inside : closing.start()], start, self.source[start : closing.end()], exact=exact)
        return closing.end()

    def _quoted(self, inner: str, start: int, whole: str, *, exact: bool) -> None:
        wrong = None if spans(inner) else ("E101", "this phrase holds no word", "")
        for chunk in inner.split() if "*" in inner or "~" in inner else ():
            wrong = wrong or (_tilde(chunk) if chunk.endswith("~") and spans(chunk) else _wrong_wildcard(chunk))
        if wrong:
            self._bad_leaf(wrong[0], start, whole, *wrong[1:])
        else:
            self._add("leaf", start, whole, Phrase(inner, exact, (start, start + len(whole))))

    def _field(self, name: str, start: int, end: int) -> int:
        if name in FIELDS:
            self._add("field", start, f"{name}:")
            return end
        rest = _RUN.match(self.source, end)
        whole = self.source[start : rest.end() if rest else end]
        if name in _LATER_FIELDS:
            self._later(start, f"{name}:", f"`{name}:`")
            self._add("leaf", start, whole)
            return start + len(whole)
        near = yamldoc.nearest(name, FIELDS)
        operand_follows = near is not None or whole == f"{name}:"
        mend = f'quote it: "{whole}"; fields are {", ".join(FIELDS)}'
        guess = f"; did you mean `{near}:`?" if near else ""
        message = f"unknown field `{name}:`{guess}  (a web address or a time must be quoted)"
        self._wrong("E110", start, f"{name}:", message, "" if near else mend)
        if operand_follows:
            self._add("later", start, f"{name}:")
            return end
        self._add("leaf", start, whole)
        return start + len(whole)

    def _run(self, text: str, start: int) -> None:
        near = _NEAR.fullmatch(text)
        if text in OPERATORS:
            self._add(text, start, text)
        elif near:
            self._near(text, near["reach"], start)
        elif text.upper() in OPERATORS or _NEAR.fullmatch(text.upper()):
            mend = f'write {text.upper()}; to search for the word itself, quote it: "{text}"'
            self._bad_leaf("E103", start, text, f"`{text}` is not an operator: operators are upper case", mend)
        elif text in _FOREIGN_OPERATORS or "|" in text or text[0] == "!":
            operator = _FOREIGN_OPERATORS.get(text) or ("OR" if "|" in text else "NOT")
            self._bad_leaf("E103", start, text, f"`{text}` is not an operator here", f"write {operator}")
        elif text[0] == "-":
            self._bad_leaf("E102", start, text, "`-` has nothing to exclude", "it must touch what follows: -word")
        elif text[0] in _DASHES and spans(text):
            mend = f"for NOT write -{text[1:]}; otherwise leave a space, or quote it"
            self._bad_leaf("E103", start, text, f"`{text[0]}` is a dash, not the sign `-`", mend)
        elif text[0] == "@":
            self._alias(text, start)
        elif text[0] == "=":
            self._word(text[1:], start, text, exact=True)
        else:
            self._word(text, start, text, exact=False)

    def _near(self, text: str, reach: str | None, start: int) -> None:
        name = text.partition("/")[0]
        if (reach in {"S", "P"} and name == "NEAR") or (reach and _DISTANCE.fullmatch(reach)):
            self._add("NEAR", start, text)
            return
        forms = f"{name}/5" + (", NEAR/S (same sentence) or NEAR/P (same paragraph)" if name == "NEAR" else "")
        message = f"`{text}`: `{reach}` is not a number of words" if reach else f"`{text}` does not say how near"
        self._wrong("E107", start, text, message, f"write {forms}; n is at most 9999")
        self.tokens.append(Token("NEAR", start, start + len(text), f"{name}/0"))

    def _alias(self, text: str, start: int) -> None:
        name = text[1:]
        if _ALIAS.fullmatch(name):
            self._add("leaf", start, text, Alias(name, None, (start, start + len(text))))
        elif not name:
            self._bad_leaf("E102", start, text, "`@` has no name after it", "a vocabulary name touches it: @name")
        else:
            self._bad_leaf("E023", start, text, f"`{name}` cannot be a vocabulary name", "names are a-z 0-9 _ -")

    def _word(self, text: str, start: int, whole: str, *, exact: bool) -> None:
        wrong = _wrong_word(text)
        if wrong:
            self._bad_leaf(wrong[0], start, whole, *wrong[1:])
        else:
            prefix = text.endswith("*")
            self._add("leaf", start, whole, Word(text.removesuffix("*"), exact, prefix, at=(start, start + len(whole))))


def _wrong_word(text: str) -> tuple[str, str, str] | None:
    """(code, message, help) of what keeps this from being a word."""
    if not text:
        return "E102", "`=` has no word after it", 'it touches what follows: =word or ="a phrase"'
    if ":" in text:
        return "E110", f"`{text}` is read as a field, and there is none (a web address or a time must be quoted)", ""
    if re.search(r"~\d*\Z", text):
        return _tilde(text)
    if "*" in text:
        return _wrong_wildcard(text)
    return None if spans(text) else ("E101", f"`{text}` holds no word", "")


def _wrong_wildcard(text: str) -> tuple[str, str, str] | None:
    bare = text.removesuffix("*")
    if "*" in bare:
        return "E113", f"`{text}`: `*` may only stand at the end of a word", ""
    if bare != text and (not bare[-1:].isalnum() or sum(map(str.isalnum, bare)) < HEAD):
        return "E113", f"`{text}`: `*` needs at least {HEAD} letters before it", ""
    return None


def _tilde(text: str) -> tuple[str, str, str]:
    if text.endswith("~"):
        return "E118", "this version does not know `~` yet", f"spell the forms out with OR: {text[:-1]} OR ..."
    return "E118", "there is no fuzzy operator", "other spellings of a name are vocabulary: (Amerli OR Amirli)"
