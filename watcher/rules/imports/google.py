"""pure: a Google Alerts query -> a tree, and what changes in meaning."""

from __future__ import annotations

import re

from watcher.rules.imports.scan import Notes, Token, bare, either, every, in_field, leaf, negated, scan, whole
from watcher.rules.nodes import Near, Node, Published
from watcher.rules.shape import is_occurrence

HEAD = (
    (
        "Google also finds synonyms and other forms of a word: here a word finds its plural and singular; "
        "write word~ for all its forms"
    ),
    "Google searches the page: here it is the item that the feed brings",
)

_FIELDS = {
    "intitle": "title",
    "allintitle": "title",
    "intext": "body",
    "allintext": "body",
    "inurl": "url",
    "allinurl": "url",
    "site": "site",
}
_AROUND = re.compile(r"AROUND\(?(\d+)?\)?")
_NUMBERS = re.compile(r"\S*\d\.\.\S*\d")
GAP = 5
"""Words that a `*` inside a phrase stands for at most, which Google does not limit."""


def read(source: str, notes: Notes) -> Node | None:
    """OR binds tighter than juxtaposition, as Google has it."""
    reader = _Reader(source, notes)
    return every(list(whole(reader, reader.every)))


class _Reader:
    def __init__(self, source: str, notes: Notes) -> None:
        self.tokens = list(scan(re.sub(r"\bAROUND\s*\((\d+)\)", r"AROUND\1", source)))
        self.at = 0
        self.notes = notes

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def every(self) -> Node | None:
        parts: list[Node | None] = []
        while (token := self.peek()) and token.kind != "close":
            if token.source in {"AND", "&", "OR", "|"}:
                self.take()
                continue
            if token.field.startswith("allin"):
                parts.append(self.all_in())
            else:
                parts.append(self.either())
        self.at += 1  # the closing parenthesis
        return every(parts)

    def all_in(self) -> Node | None:
        """allintitle: and its like govern all words that follow."""
        name = _FIELDS[self.tokens[self.at].field[:-1]]
        first = self.take()
        self.tokens[self.at - 1 : self.at] = scan(first.source.removeprefix(first.field))
        self.at -= 1
        return in_field(name, self.every())

    def either(self) -> Node | None:
        parts = [self.near()]
        while (token := self.peek()) and token.source in {"OR", "|"}:
            self.take()
            parts.append(self.near())
        return either(parts)

    def near(self) -> Node | None:
        left = self.unit()
        while (token := self.peek()) and (found := _AROUND.fullmatch(token.source)):
            self.take()
            right = self.unit()
            distance = int(found[1] or GAP)
            if left and right and is_occurrence(left) and is_occurrence(right):
                left = Near(left, right, distance)
            else:
                self.notes.say(f"AROUND({distance}) needs words on both sides; it is read as AND")
                left = every([left, right])
        return left

    def unit(self) -> Node | None:
        token = self.peek()
        if token is None or token.kind == "close":
            return None
        self.take()
        if token.sign == "-":
            self.tokens[self.at - 1] = bare(token)
            self.at -= 1
            return negated(self.unit())
        if token.kind == "open":
            return in_field(self.field(token), self.every())
        return self.leaf(token)

    def leaf(self, token: Token) -> Node | None:
        name = token.field[:-1].lower()
        if name in {"before", "after"}:
            return self.date(name, token.text)
        if name and name not in _FIELDS:
            self.notes.say(f"`{token.source}` is left out: there is nothing like it here")
            return None
        if token.sign == "+" or token.text.startswith("~"):
            self.notes.say(f"the `{token.source[0]}` of `{token.source}` means nothing to Google any more")
        if _NUMBERS.fullmatch(token.text) and token.kind == "word":
            self.notes.say(f"`{token.text}`: a range of numbers cannot be asked for; it is left out")
            return None
        return in_field(self.field(token), self.words(token))

    def words(self, token: Token) -> Node | None:
        parts = [part for part in token.text.split("*") if part.strip()]
        if "*" in token.text and token.kind == "double" and len(parts) > 1:
            self.notes.say(f"`*` in a phrase stands for at most {GAP} words here")
            leaves = [made for part in parts if (made := leaf(part, self.notes))]
            made = leaves[0] if leaves else None
            for right in leaves[1:]:
                made = Near(made, right, GAP, ordered=True) if made else right
            return made
        if "*" in token.text:
            self.notes.say(f"the `*` of `{token.source}` is left out")
        return leaf(token.text, self.notes) if parts else None

    def field(self, token: Token) -> str | None:
        name = token.field[:-1].lower()
        if name == "site":
            self.notes.say("site: is the host of the item's address; a feed that redirects may show another")
            if "/" in token.text:
                self.notes.say(f"`{token.source}` is read without its path")
        return _FIELDS.get(name)

    def date(self, name: str, text: str) -> Node | None:
        day = re.fullmatch(r"\d{4}(?:[-/]\d\d?){0,2}", text)
        if not day:
            self.notes.say(f"`{name}:{text}` is left out: it is no date")
            return None
        first, *rest = re.split("[-/]", text)
        date = "-".join([first, *(part.zfill(2) for part in rest)])
        self.notes.say(f"`{name}:{text}`: the day itself counts here")
        return Published(f"..{date}" if name == "before" else f"{date}..", None, None)
