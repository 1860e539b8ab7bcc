"""pure: an expression's source -> tokens, leaves already made, and what is wrong inside a single one.

A leaf that is wrong becomes a token without a node: it still stands as an operand, so that the parser goes on and one
mistake is told once.
"""

from __future__ import annotations

import re
from bisect import bisect
from functools import cached_property
from typing import NamedTuple

from watcher import yamldoc
from watcher.model import FindingSeverity
from watcher.rules import foreign, leaf, regex_check
from watcher.rules.leaf import Wrong, holds_word
from watcher.rules.nodes import At, Node, Regex, Word
from watcher.rules.problem import Problem

FIELDS = ("any", "title", "lead", "summary", "body", "author", "feed", "site", "url", "tag", "lang", "raw")
NAME_FIELDS = frozenset({"feed", "site", "lang"})
"""They hold a name, which is compared whole; the others hold text."""
OPERATORS = frozenset({"AND", "OR", "NOT", "EXCEPT"})

QUOTES = '"“”„«»'
_QUOTE = re.compile(f"[{QUOTES}]")
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<of>      (?:[0-9]+\s+)?OF(?=\s*\() )
    | (?P<count>   (?:ATLEAST|FIRST)(?=\s*\(|/) )
    | (?P<real>    (?:ASSERTED|NEGATED|ACTUAL)(?=\s*\() )
    | (?P<region>  (?:SENTENCE|PARAGRAPH)(?=\s*\() )
    | (?P<simple>  [^\W_]+ (?=[\s)]|,(?!\d)|\Z) )
    | (?P<mark>    [(),] )
    | (?P<phrase>  =?[{QUOTES}] )
    | (?P<regex>   / )
    | (?P<minus>   -(?=[^\s)]) )
    | (?P<field>   \w+: )
    | (?P<run>     (?:[^\s(),{QUOTES}]|(?<=\d),(?=\d{{3}}(?!\d)))+ )
    )""",
    re.VERBOSE,
)
_RUN = re.compile(rf"[^\s(){QUOTES}]*")
_TAIL = re.compile(rf"[^\s(),{QUOTES}]*")
_BEFORE_DATE = re.compile(r"\s+(?=[0-9.])")
_PATTERN = re.compile(r"/((?:\\.|[^/\\\n])*)/")
_NEAR = re.compile(r"O?NEAR(?:/(?P<reach>.*))?")
_NUMBER = re.compile(r"[0-9]{1,4}")
RESERVED = frozenset({*OPERATORS, "NEAR", "ONEAR"})
_LOOKED_AT = RESERVED | foreign.SUSPECTS
_LOWER = re.compile(r"(?:atleast|first)/[0-9]+", re.IGNORECASE)
_CALLED = frozenset({"SENTENCE", "PARAGRAPH", "ASSERTED", "NEGATED", "ACTUAL"})
_FOREIGN_OPERATORS = {"&": "AND", "&&": "AND", "+": "AND", "|": "OR", "||": "OR", "!": "NOT"}
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_WIDE = dict(zip("（）：，＂～＊／＝＠", '():,"~*/=@', strict=True))
_DASHES = "–—−‐‑"
_AROUND = 40
"""Characters before and after a word that are looked at; enough for a date or an operator."""
_ENDS = frozenset({"leaf", ")"})
_EQUALS = re.compile(r"(\w+)=(?=\w)")


class Token(NamedTuple):
    """`kind` is one of ( ) , AND OR NOT NEAR EXCEPT field unknown region real of ATLEAST FIRST leaf end.

    `unknown` is a field that does not exist; `text` of a count is its canonical form, as ATLEAST/2.
    """

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
        self.warned: set[str] = set()
        self.told_too_big = False  # a regular expression; to find out of the next one might take as long

    def run(self) -> None:
        source, add, next_token, position = self.source, self.tokens.append, _TOKEN.match, 0
        while found := next_token(source, position):  # every character is white space or begins one of the groups
            group = found.lastindex or 0
            kind, text = found.lastgroup or "", found[group]
            start, position = found.span(group)
            if kind == "simple" and text.upper() not in _LOOKED_AT and not text[-1].isdigit():
                at = (start, position)
                add(Token("leaf", start, position, text, Word(text, False, False, False, at)))
            elif kind == "mark":
                add(Token(text, start, position, text))
            else:
                position = self._other(kind, text, start, position)
        add(Token("end", len(source), len(source), ""))
        self._quoted_singly()

    def _other(self, kind: str, text: str, start: int, end: int) -> int:
        """A token of the rarer kinds; where the next one may begin."""
        if kind == "phrase":
            return self._phrase(start, end, exact=text[0] == "=")
        if kind == "field":
            return self._field(text[:-1], start, end)
        if kind == "regex":
            return self._regex(start)
        if kind == "count":
            return self._count(text, start, end)
        if kind == "of":
            self._of(text, start)
        elif kind == "minus":
            self._add("NOT", start, text)
        elif kind in {"region", "real"}:
            self._add(kind, start, text)
        else:
            self._run(text, start)
        return end

    def _add(self, kind: str, start: int, text: str, node: Node | None = None) -> None:
        self.tokens.append(Token(kind, start, start + len(text), text, node))

    def _wrong(self, code: str, start: int, text: str, message: str, mend: str = "") -> None:
        self.problems.append(Problem(code=code, start=start, end=start + len(text), message=message, help=mend))

    def _warn(self, code: str, start: int, end: int, told: foreign.Told) -> None:
        """A warning; a sign that means nothing is told once, however many words have it."""
        kind = told.message.replace(self.source[start:end], "")
        if kind.startswith("the ") and kind in self.warned:
            return
        self.warned.add(kind)
        severity = FindingSeverity.WARNING
        self.problems.append(
            Problem(code=code, start=start, end=end, message=told.message, help=told.help, severity=severity)
        )

    def _bad_leaf(self, code: str, start: int, text: str, message: str, mend: str = "") -> None:
        self._wrong(code, start, text, message, mend)
        self._add("leaf", start, text)

    def _leaf(self, made: Node | Wrong, start: int, text: str, told: int = 0) -> None:
        """A leaf, or what is wrong with its text from `told` on."""
        if isinstance(made, Wrong):
            self._wrong(made.code, start + told, text[told:], made.message, made.help)
            self._add("leaf", start, text)
        else:
            self._add("leaf", start, text, made)

    # --- leaves that reach over spaces --------------------------------------------------------------

    def _phrase(self, start: int, inside: int, *, exact: bool) -> int:
        closing = _QUOTE.search(self.source, inside)
        if closing is None:
            quote = self.source[inside - 1 : inside]
            mend = 'add `"` after the last word of the phrase'
            return self._unclosed(quote, start, inside - 1, self._line_end(inside), mend)
        whole = self.source[start : closing.end()]
        made = leaf.phrase(self.source[inside : closing.start()], (start, closing.end()), exact=exact)
        self._leaf(made, start, whole)
        return closing.end()

    def _regex(self, start: int) -> int:
        found = _PATTERN.match(self.source, start)
        if found is None:
            end = max(_end(_TAIL, self.source, start), start + 1)
            if near := foreign.nearness(self.source[start:end]):
                return self._near_elsewhere(start, end, near)
            mend = f'for the text itself quote it: "{self.source[start:end]}"'
            return self._unclosed("/", start, start, end, mend)
        end = _end(_TAIL, self.source, found.end())
        flags, whole = self.source[found.end() : end], self.source[start:end]
        if set(flags) - set(regex_check.FLAGS):
            message = f"`{flags}` after a regular expression: its flags are i, m and s"
            mend = f'a slash inside is written \\/; for the text itself quote it: "{whole}"'
            self._wrong("E115", found.end(), flags, message, mend)
            self._add("leaf", start, whole)
            return end
        if not found[1]:
            self._bad_leaf("E101", start, whole, "this regular expression is empty")
            return end
        if found[1][0] == found[1][-1] == " ":
            message = f"`{whole}` is read as a regular expression"
            self._warn("W218", start, end, foreign.Told(message, "between alternatives write OR"))
        flags = "".join(sorted(set(flags)))
        told = list(regex_check.check(found[1], flags, start + 1)) if not self.told_too_big else []
        self.problems += told
        self.told_too_big |= any(p.code == "E116" for p in told)
        wrong = self.told_too_big or any(p.fatal for p in told)
        self._add("leaf", start, whole, None if wrong else Regex(found[1], flags, (start, end)))
        return end

    def _unclosed(self, sign: str, start: int, at: int, end: int, mend: str) -> int:
        self._wrong("E104", at, sign, f"`{sign}` is never closed", mend)
        self._add("leaf", start, self.source[start:end])
        return end

    def _line_end(self, start: int) -> int:
        end = self.source.find("\n", start)
        return end if end >= 0 else len(self.source)

    # --- what stands before another unit ------------------------------------------------------------

    def _field(self, name: str, start: int, end: int) -> int:
        if name in FIELDS:
            self._add("field", start, f"{name}:")
            return end
        if name == "published":
            date = _end(_BEFORE_DATE, self.source, end)
            stop = _end(_TAIL, self.source, date)
            made = leaf.published(self.source[date:stop], (start, stop))
            self._leaf(made, start, self.source[start:stop], date - start if stop > date else 0)
            return stop
        whole = self.source[start : _end(_RUN, self.source, end)]
        near = foreign.field(name) or yamldoc.nearest(name, (*FIELDS, "published"))
        guess = f"; did you mean `{near}:`?" if near else ""
        message = f"unknown field `{name}:`{guess}  (a web address or a time must be quoted)"
        mend = f'quote it: "{whole}"; fields are {", ".join(FIELDS)}, published'
        self._wrong("E110", start, f"{name}:", message, "" if near else mend)
        if near is not None or whole == f"{name}:":
            self._add("unknown", start, f"{name}:")
            return end
        self._add("leaf", start, whole)
        return start + len(whole)

    def _of(self, text: str, start: int) -> None:
        if text == "OF":
            self._wrong("E107", start, text, "`OF` does not say how many", "write 2 OF (a, b, c)")
        self.tokens.append(Token("of", start, start + len(text), text[:-2].strip() or "1"))

    def _count(self, name: str, start: int, end: int) -> int:
        """ATLEAST or FIRST, with its number where it has one."""
        stop = _end(_TAIL, self.source, end)
        number = self.source[end + 1 : stop]
        if not _NUMBER.fullmatch(number) or not int(number):
            written = self.source[start:stop]
            what = f"`{number}` is not a number of" if number else "there is no number of"
            things = "occurrences" if name == "ATLEAST" else "words"
            mend = f"write {name}/{3 if name == 'ATLEAST' else 50}, n is from 1 to 9999; or quote it as a word"
            self._wrong("E107", start, written, f"`{written}`: {what} {things}", mend)
            number = "1"
        self.tokens.append(Token(name, start, stop, f"{name}/{int(number)}"))
        return stop

    # --- what stands between spaces -----------------------------------------------------------------

    def _run(self, text: str, start: int) -> None:
        near = _NEAR.fullmatch(text)
        if text in OPERATORS:
            self._add(text, start, text)
        elif near:
            self._near(text, near["reach"], start)
        elif text[0] == "@":
            self._leaf(leaf.alias(text, (start, start + len(text))), start, text)
        elif text[0] == "=":
            made = leaf.word(text[1:], (start, start + len(text)), exact=True)
            self._leaf(made, start, text)
        elif not self._is_foreign(text, start):
            end = start + len(text)
            self._leaf(leaf.word(text, (start, end)), start, text)
            told = foreign.run(text) or foreign.word(
                text, self.source[max(start - _AROUND, 0) : start], self.source[end : end + _AROUND]
            )
            if told:
                self._warn("W218", start, end, told)

    def _is_foreign(self, text: str, start: int) -> bool:
        """Whether it is an operator written as elsewhere, which is told."""
        upper = text.upper()
        seen = upper.translate(_UNSEEN)
        called = upper in _CALLED and self.source.startswith("(", start + len(text))
        if upper in OPERATORS or _NEAR.fullmatch(upper) or _LOWER.fullmatch(text) or called:
            quoted = self._phrase_meant(start)
            mend = f'write {upper}; to search for the word itself, quote it: "{text}"'
            mend = f'a phrase stands in double quotes: "{quoted}"' if quoted else mend
            self._bad_leaf("E103", start, text, f"`{text}` is not an operator: operators are upper case", mend)
        elif near := foreign.nearness(text):
            self._near_elsewhere(start, start + len(text), near)
        elif (equals := _EQUALS.match(text)) and (equals[1].lower() in FIELDS or foreign.field(equals[1])):
            name = foreign.field(equals[1]) or equals[1].lower()
            mend = f'write {name}:{text[equals.end() :]}; to search for the text itself, quote it: "{text}"'
            self._bad_leaf("E110", start, text, f"`{equals[0]}` is no field: a colon stands behind its name", mend)
        elif seen != upper and (not seen or seen in RESERVED or _NEAR.fullmatch(seen)):
            message = f"a character that cannot be seen stands {f'in `{seen}`' if seen else 'here'}"
            self._bad_leaf("E103", start, text, message, "type it anew, or take it out")
        elif text in _FOREIGN_OPERATORS or "|" in text or text[0] == "!":
            self._bad_leaf("E103", start, text, f"`{text}` is not an operator here", f"write {_said_here(text)}")
        elif text[0] == "-":
            self._bare_minus(text, start)
        elif text[0] in _DASHES and holds_word(text):
            mend = f"for NOT write -{text[1:]}; otherwise leave a space, or quote it"
            self._bad_leaf("E103", start, text, f"`{text[0]}` is a dash, not the sign `-`", mend)
        elif wide := next((sign for sign in text if sign in _WIDE), ""):
            mend = f"write {_WIDE[wide]}; to search for the sign itself, quote it"
            self._bad_leaf("E103", start, text, f"`{wide}` is the wide sign, not `{_WIDE[wide]}`", mend)
        elif text[0] == "~" and self.source[max(start - _AROUND, 0) : start].rstrip()[-1:] in {*QUOTES}:
            message = f"`{text}` after a phrase: how far its words may stand apart is said with NEAR"
            words = self.tokens[-1].text.strip(f"={QUOTES}").split()
            mend = f"write {f' NEAR/{text[1:] or 5} '.join(words)}" if len(words) > 1 else "take it out"
            self._bad_leaf("E113", start, text, message, mend)
        else:
            return False
        return True

    def _bare_minus(self, text: str, start: int) -> None:
        line = self.source.rfind("\n", 0, start) + 1
        first = not self.source[line:start].strip()
        if first and any(p.code == "E102" and p.message == _NO_LIST for p in self.problems):
            self._add("leaf", start, text)
        elif first:
            mend = "write OR between the words; or, in place of `match:`, the list under `any:`"
            self._bad_leaf("E102", start, text, _NO_LIST, mend)
        else:
            mend = "it must touch what follows: -word; a dash that means nothing is left out"
            self._bad_leaf("E102", start, text, "`-` has nothing to exclude", mend)

    def _near_elsewhere(self, start: int, end: int, near: str) -> int:
        text = self.source[start:end]
        mend = f'write {near}; to search for the text itself, quote it: "{text}"'
        self._wrong("E103", start, text, f"`{text}` is not an operator here", mend)
        self._add("NEAR", start, text)
        self.tokens[-1] = self.tokens[-1]._replace(text=near)
        return end

    @cached_property
    def single(self) -> tuple[tuple[int, int, str], ...]:
        """What stands between single quotes."""
        quoted = any(quote in self.source for quote in foreign.SINGLE)
        return tuple(foreign.singly_quoted(self.source)) if quoted else ()

    def _phrase_meant(self, place: int) -> str | None:
        """The words between single quotes that a place lies in."""
        _, end, inner = self.single[n - 1] if (n := bisect(self.single, (place,))) else (0, 0, "")
        return inner if place < end else None

    def _quoted_singly(self) -> None:
        """W217, where no phrase or regular expression holds the quotes."""
        if not self.single:
            return
        plain = {token.start for token in self.tokens if isinstance(token.leaf, Word)}
        for start, end, inner in self.single:
            if start in plain:
                told = foreign.Told("single quotes hold no words together", f'write "{inner}"')
                self._warn("W217", start, end, told)

    def _near(self, text: str, reach: str | None, start: int) -> None:
        name = text.partition("/")[0]
        if not (self.tokens and self.tokens[-1].kind in _ENDS) and self.source[start + len(text) :].lstrip()[:1] == "(":
            message = f"`{text}(...)`: {name} stands between what is near"
            self._wrong("E107", start, text, message, f"write a {name}/5 b; for one sentence SENTENCE(a b)")
            self.tokens.append(Token("of", start, start + len(text), "1"))
            return
        if (reach in {"S", "P"} and name == "NEAR") or (reach and _NUMBER.fullmatch(reach)):
            self._add("NEAR", start, text)
            return
        forms = f"{name}/5" + (", NEAR/S (same sentence) or NEAR/P (same paragraph)" if name == "NEAR" else "")
        message = f"`{text}`: `{reach}` is not a number of words" if reach else f"`{text}` does not say how near"
        self._wrong("E107", start, text, message, f"write {forms}; n is at most 9999")
        self.tokens.append(Token("NEAR", start, start + len(text), f"{name}/0"))


_NO_LIST = "an expression is no list: the `-` has nothing to exclude"


def _said_here(text: str) -> str:
    """What !word, a|b or && is called here."""
    parts = text.split("|")
    if len(parts) > 1 and all(map(holds_word, parts)):
        return f"({' OR '.join(parts)})"
    if text[0] == "!" and holds_word(text):
        return f"NOT {text.lstrip('!=')}"
    return _FOREIGN_OPERATORS.get(text) or ("OR" if "|" in text else "NOT")


def _end(pattern: re.Pattern[str], source: str, start: int) -> int:
    found = pattern.match(source, start)
    return found.end() if found else start
