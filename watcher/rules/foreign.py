"""pure: what was written as another query language has it -> what to tell, and how it is said here.

What cannot be meant as a word is an error; what can be, if rarely, is read as words, and a warning says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

WORDS = {
    "XOR": "OR",
    "WITHOUT": "NOT",
    "BUT": "AND",
    "ADJ": "ONEAR/1",
    "SAME": "NEAR/P",
    "AROUND": "NEAR/5",
    "WITHIN": "NEAR/5",
    "UND": "AND",
    "ODER": "OR",
    "NICHT": "NOT",
    "OHNE": "NOT",
    "ET": "AND",
    "OU": "OR",
    "SAUF": "NOT",
    "Y": "AND",
    "O": "OR",
    "VE": "AND",
    "VEYA": "OR",
    "И": "AND",
    "ИЛИ": "OR",
    "НЕ": "NOT",
    "ТА": "AND",
    "АБО": "OR",
}
"""Operators of other query languages, and of other languages."""
BARE = {
    "ATLEAST": "ATLEAST/2 word",
    "SENTENCE": "SENTENCE(a b)",
    "PARAGRAPH": "PARAGRAPH(a b)",
    "ASSERTED": "ASSERTED(word)",
    "NEGATED": "NEGATED(word)",
    "ACTUAL": "ACTUAL(word)",
}
"""Operators of this language that are words where nothing they need follows."""
SUSPECTS = frozenset({*WORDS, *BARE, "TO", "FIRST"})
"""Words that are looked at more closely when they stand in capitals."""

FIELDS = {
    "title": "headline heading header head subject intitle allintitle ttl hl",
    "body": "text content article story main fulltext intext allintext message",
    "site": "host domain website publisher outlet source src newspaper",
    "feed": "index sourcetype",
    "author": "from by byline writer journalist creator",
    "published": "date after since before time year pubdate day",
    "tag": "category keyword topic hashtag label section",
    "url": "link inurl allinurl address href",
    "lang": "language locale",
    "lead": "intro opening teaser",
}
_MEANT = {word: name for name, words in FIELDS.items() for word in words.split()}

_APART = re.compile(r"(?i:(?:w|pre|near|onear|adj|within|around|n)/(?P<n>[0-9]{1,4}|s|p)|/(?P<bare>[0-9]{1,4}|s|p))")
_GLUED = re.compile(r"(?P<name>O?NEAR|ADJ|ATLEAST|FIRST)(?P<n>[0-9]{1,4})")
_ENTITY = re.compile(r"&(?:#?\w+);")
_REGEX = re.compile(r"\\[bdwsBDWS]|\[[^\]\s]*\][*+?]?\w|\w\[|\.[*+]|\A\^\w|[^\W\d]\$\Z|\A\?[:=!i]|\w\{[0-9,]+\}")
_EITHER = re.compile(r"[^\W\d_]{4,}(?:/[^\W\d_]{4,})+")
_SINGLE = re.compile(
    r"""(?<![^\s(:=-])['‘‚`´]{1,2}(?=[^\W_])
        (?P<inner>(?:[^'‘’`´"“”„«»()\n]|(?<=\w)['’](?=\w))+)
        ['’‘`´]{1,2}(?=[\s),]|\Z)""",
    re.VERBOSE,
)
SINGLE = "'‘‚`´"
_OPERATOR = re.compile(r"\b(?:AND|OR|NOT|EXCEPT|O?NEAR)\b")


_OPERAND = re.compile(r"\s+(?!(?:AND|OR|NOT|EXCEPT|O?NEAR)\b)[^\s()]")
_NUMBER = re.compile(r"\s+[0-9]")
_DATED = re.compile(r"published:\s*([-0-9]+)\s*\Z")
_DATE = re.compile(r"\s*([-0-9]+)")
_WEIGHT = re.compile(r"\w\^[0-9.]+\Z")


class Told(NamedTuple):
    message: str
    help: str


def field(name: str) -> str | None:
    """The field of this language that is probably meant by another's name."""
    return _MEANT.get(name.casefold())


def nearness(text: str) -> str | None:
    """What w/5, /s, PRE/3 are called here; None for anything else."""
    found = _APART.fullmatch(text)
    if found is None:
        return None
    ordered = text[:3].upper() == "PRE" or text[:4].upper() == "ONEA"
    return f"{'ONEAR' if ordered else 'NEAR'}/{(found['n'] or found['bare']).upper()}"


def word(text: str, before: str, after: str) -> Told | None:
    """Of a word in capitals: that it is no operator, or not so; `before` and `after` are the source around it."""
    if text in WORDS:
        here = WORDS[text]
        return Told(f"`{text}` is read as a word: it is no operator here", _or_quoted(here, text))
    if text in BARE and _OPERAND.match(after):
        return Told(f"`{text}` is read as a word, for nothing it needs follows", _or_quoted(BARE[text], text))
    if text == "FIRST" and _NUMBER.match(after):
        return Told("`FIRST` is read as a word, for no number touches it", _or_quoted("FIRST/50 word", text))
    if text == "TO" and (date := _DATED.search(before)):
        last = _DATE.match(after)
        return Told("`TO` is read as a word", f"write published:{date[1]}..{last[1] if last else ''}")
    return None


def run(text: str) -> Told | None:
    """Of what stands between blanks and is read as a word or two: that a sign in it means nothing here."""
    if glued := _GLUED.fullmatch(text):
        name = "ONEAR" if glued["name"] == "ADJ" else glued["name"]
        return Told(f"`{text}` is read as a word", _or_quoted(f"{name}/{glued['n']}", text))
    if text.isalnum():
        return None
    bare = text.strip("+%;<>{}[]?^")
    if _ENTITY.search(text):
        return Told(f"`{text}` holds a character written as in HTML, which is read as letters", "write the sign itself")
    if "://" not in text and _REGEX.search(text):
        mend = f"a regular expression stands between slashes: /{'word/i' if text[0] == '?' else f'{text}/'}"
        return Told(f"`{text}` is read as words, and its signs are dropped", mend)
    if text[0] == "+" and len(text) > 1:
        return Told(f"the `+` of `{text}` means nothing: every word is needed already", f"write {text[1:]}")
    if "%" in (text[0], text[-1]) and bare[:1].isalpha():
        return Told(f"the `%` of `{text}` means nothing", f"a beginning is found with `*`: {bare}*")
    if text[0] in "[{<" or text[-1] in "]}>":
        return Told(f"the brackets of `{text}` mean nothing", "parentheses hold parts together: (a OR b)")
    if "?" in text.rstrip("?!.,") and "/" not in text:
        return Told(f"`?` stands for no letter: `{text}` is read as words", "write both spellings: (grey OR gray)")
    if _WEIGHT.search(text):
        return Told(f"the `^` of `{text}` is read as a blank: no word weighs more", f"write {text.partition('^')[0]}")
    if text[-1] == ";":
        return Told(f"the `;` of `{text}` means nothing; what follows is joined by AND", "write OR or AND")
    if text[0] == "\\" or text[-1] == "\\":
        return Told(f"the `\\` of `{text}` means nothing", 'several words that belong together are quoted: "a b"')
    if _EITHER.fullmatch(text):
        either = " OR ".join(text.split("/"))
        return Told(f"`{text}` finds these words side by side", f'for any of them write ({either}), else "{text}"')
    return None


def singly_quoted(source: str) -> Iterator[tuple[int, int, str]]:
    """Several words between single quotes: from where to where, and what stands inside. A single word loses nothing."""
    for found in _SINGLE.finditer(source):
        inner = found["inner"].strip()
        if " " in inner and not _OPERATOR.search(inner):
            yield found.start(), found.end(), inner


def _or_quoted(here: str, text: str) -> str:
    return f'write {here}; to search for the word itself, quote it: "{text}"'
