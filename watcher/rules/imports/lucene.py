"""pure: a Lucene or Elasticsearch query string -> a tree, and what changes in meaning.

Clauses are what the classic query parser makes of them: what AND joins must be there, and beside what must be there the
rest only ranks.
"""

from __future__ import annotations

import re
from dataclasses import replace

from watcher.rules.imports.scan import Notes, Token, bare, either, every, in_field, leaf, negated, regex, scan, whole
from watcher.rules.nodes import Near, Node, Published, Word
from watcher.rules.printer import to_text
from watcher.text.tokens import HEAD as LETTERS

HEAD = (
    (
        "Lucene finds what its analyzer makes of words (often stems, without stop words): here every word counts, "
        "and finds its plural and singular; write word~ for all its forms"
    ),
)

_FIELDS = {
    **dict.fromkeys(("title", "headline", "subject", "name"), "title"),
    **dict.fromkeys(("body", "content", "text", "message", "article"), "body"),
    **dict.fromkeys(("summary", "description", "abstract"), "summary"),
    **dict.fromkeys(("author", "authors", "creator", "byline"), "author"),
    **dict.fromkeys(("url", "link", "uri"), "url"),
    **dict.fromkeys(("site", "host", "domain"), "site"),
    **dict.fromkeys(("tag", "tags", "category", "categories", "keywords"), "tag"),
    **dict.fromkeys(("lang", "language"), "lang"),
}
_DATES = {"published", "date", "pubdate", "created", "timestamp", "@timestamp", "published_at"}
_AND, _OR, _NOT = {"AND", "&&"}, {"OR", "||"}, {"NOT", "!"}
_RANGE = re.compile(r"([\[{])\s*(\S+)\s+TO\s+(\S+?)\s*([\]}])")
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}")
_ESCAPED = re.compile(r"\\(.)")


def read(source: str, notes: Notes) -> Node | None:
    reader = _Reader(source, notes)
    return either(list(whole(reader, reader.clauses)))


class _Reader:
    def __init__(self, source: str, notes: Notes) -> None:
        self.tokens = list(scan(source))
        self.at = 0
        self.notes = notes

    def clauses(self) -> Node | None:
        must: list[Node] = []
        may: list[Node] = []
        never: list[Node] = []
        last: list[Node] | None = None
        joint = ""
        while self.at < len(self.tokens) and (token := self.tokens[self.at]).kind != "close":
            self.at += 1
            if token.source in _AND | _OR:
                joint = "AND" if token.source in _AND else "OR"
                continue
            sign, node = self.clause(token)
            if joint == "AND" and last is may:
                must.append(may.pop())
            last = None
            if node is not None:
                if not joint and (must or may or never) and not sign:
                    self.notes.say("words side by side are OR in Lucene, and OR is written here")
                last = never if sign == "-" else must if sign == "+" or joint == "AND" else may
                last.append(node)
            joint = ""
        self.at += 1  # the closing parenthesis
        return self.together(must, may, never)

    def together(self, must: list[Node], may: list[Node], never: list[Node]) -> Node | None:
        if must and may:
            left = either(may)
            assert left is not None
            self.notes.say(f"`{to_text(left)}` only ranks in Lucene beside what must be there: it is left out")
        kept: list[Node | None] = [*must] if must else [either(may)]
        return every([*kept, *(negated(node) for node in never)])

    def clause(self, token: Token) -> tuple[str, Node | None]:
        """The sign (+ - or none) and what it is of."""
        sign = token.sign
        if token.source in _NOT:
            if self.at == len(self.tokens):
                self.notes.say(f"`{token.source}` at the end is left out")
                return "", None
            token, sign = self.tokens[self.at], "-"
            self.at += 1
        node = self.unit(bare(token) if token.sign else token)
        return ("-" if sign == "!" else sign), node

    def unit(self, token: Token) -> Node | None:
        if "^" in token.tail or re.search(r"\^[0-9.]+$", token.text):
            self.notes.say("boosts (`^2`) only rank: they are left out")
            token = replace(
                token, text=re.sub(r"\^[0-9.]+$", "", token.text), tail=re.sub(r"\^[0-9.]*", "", token.tail)
            )
        name = _ESCAPED.sub(r"\1", token.field[:-1]).lower()
        if token.kind == "open":
            inside = self.clauses()
            self.take_boost()
            return in_field(self.field(name), inside)
        if name in _DATES:
            return self.date(token)
        if token.kind == "range" or re.match(r"[<>]", token.text) or name == "_exists_":
            self.notes.say(f"`{token.source}` is left out: only dates have ranges here, and every item has every field")
            return None
        if token.source == "*:*" or (token.text == "*" and token.kind == "word"):
            self.notes.say(f"`{token.source}` finds everything and is left out")
            return None
        return in_field(self.field(name), self.leaf(token))

    def take_boost(self) -> None:
        if self.at < len(self.tokens) and re.fullmatch(r"\^[0-9.]+", self.tokens[self.at].source):
            self.at += 1
            self.notes.say("boosts (`^2`) only rank: they are left out")

    def field(self, name: str) -> str | None:
        known = _FIELDS.get(name.rpartition(".")[2] or name) if name else None
        if name and known is None:
            self.notes.say(f"there is no field `{name}:` here: what it asks for is looked for in title and text")
        elif name and known != name:
            self.notes.say(f"`{name}:` is `{known}:` here")
        return known

    def leaf(self, token: Token) -> Node | None:
        if token.kind == "regex":
            self.notes.say("a regular expression is of one word in Lucene: it stands between word boundaries here")
            return regex(rf"\b(?:{token.text})\b", "i")
        if token.kind == "double":
            return self.phrase(_ESCAPED.sub(r"\1", token.text), token.tail)
        text, tail = token.text, token.tail
        if fuzzy := re.search(r"~[0-9.]*$", text):
            text, tail = text[: fuzzy.start()], fuzzy[0]
        if tail:
            self.notes.say(f"`{token.source}`: there is no fuzzy search here; write other spellings with OR")
        return self.word(text)

    def word(self, text: str) -> Node | None:
        stem = text[:-1]
        if not re.search(r"(?<!\\)[*?]", text):
            return leaf(_ESCAPED.sub(r"\1", text), self.notes)
        if text.endswith("*") and stem.isalnum() and len(stem) >= LETTERS:
            return Word(stem, prefix=True)
        self.notes.say(
            f"`{text}`: a wildcard that is not at the end of three letters or more is a regular expression here"
        )
        parts = [r"\w*" if c == "*" else r"\w" if c == "?" else re.escape(c) for c in _ESCAPED.sub(r"\1", text)]
        return regex(rf"\b{''.join(parts)}\b", "i")

    def phrase(self, text: str, tail: str) -> Node | None:
        slop = re.fullmatch(r"~(\d+)", tail)
        words = text.split()
        if not slop or not int(slop[1]) or len(words) < 2:
            return leaf(text, self.notes)
        self.notes.say(f"`~{slop[1]}` counts moves of words in Lucene: here at most so many words stand between two")
        leaves = [made for word in words if (made := leaf(word, self.notes))]
        made = leaves[0] if leaves else None
        for right in leaves[1:]:
            made = Near(made, right, int(slop[1])) if made else right
        return made

    def date(self, token: Token) -> Node | None:
        found = _RANGE.fullmatch(token.text) if token.kind == "range" else None
        text = f"{_day(found[2])}..{_day(found[3])}" if found else _day(token.text.lstrip("<>="))
        if found and (found[1], found[4]) != ("[", "]"):
            self.notes.say(f"`{token.source}`: both ends count here")
        if token.text[:1] in {"<", ">"} and text:
            text = f"..{text}" if token.text[0] == "<" else f"{text}.."
            self.notes.say(f"`{token.source}`: the day itself counts here")
        if not text or text == "..":
            self.notes.say(f"`{token.source}` is left out: its dates are not of the form 2015-03-25")
            return None
        return Published(text, None, None)


def _day(text: str) -> str:
    day = _DAY.match(text.strip('"'))
    return day[0] if day else ""
