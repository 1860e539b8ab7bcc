"""pure: a FreshRSS search or filter -> a tree, and what changes in meaning."""

from __future__ import annotations

import re

from watcher.rules.imports.scan import Notes, Token, bare, either, every, in_field, leaf, negated, regex, scan, whole
from watcher.rules.nodes import Node, Published

HEAD = (
    (
        "FreshRSS finds parts of words (`cat` in `education`): here words are found whole, and in plural and singular; "
        "write cat* for what begins so"
    ),
    "FreshRSS searches the markup: here it is the text",
)

_FIELDS = {"intitle": "title", "intext": "body", "author": "author", "inurl": "url", "": None, "search": None}
_OF_FRESHRSS = {"f": "the number of a feed", "c": "the number of a category", "e": "the number of an article"}
_OF_FRESHRSS |= {"s": "a saved search", "l": "a label", "label": "a label", "labels": "labels", "mylabel": "a label"}
_DATE = re.compile(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d)(?:T[\d:]*)?)?)?")


def read(source: str, notes: Notes) -> Node | None:
    reader = _Reader(source, notes)
    return every(list(whole(reader, reader.either)))


class _Reader:
    def __init__(self, source: str, notes: Notes) -> None:
        self.tokens = list(scan(source))
        self.at = 0
        self.notes = notes

    def either(self) -> Node | None:
        groups = [self.every()]
        while self.at < len(self.tokens) and self.tokens[self.at].source == "OR":
            self.at += 1
            groups.append(self.every())
        self.at += 1  # the closing parenthesis
        return either(groups)

    def every(self) -> Node | None:
        parts = []
        while self.at < len(self.tokens) and (token := self.tokens[self.at]).kind != "close" and token.source != "OR":
            self.at += 1
            if token.source == "NOT" and self.at < len(self.tokens):
                token = self.tokens[self.at]
                self.at += 1
                parts.append(negated(self.unit(token)))
            elif token.source != "AND":
                parts.append(negated(self.unit(bare(token))) if token.sign in {"-", "!"} else self.unit(bare(token)))
        return every(parts)

    def unit(self, token: Token) -> Node | None:
        name = token.field.rstrip(":").lower()
        if name == "#":
            return in_field("tag", leaf(token.text.replace("+", " "), self.notes))
        if token.kind == "open":
            if name not in _FIELDS:
                self.notes.say(f"`{token.field}` before a parenthesis is left out")
            return in_field(_FIELDS.get(name), self.either())
        if name in {"pubdate", "date", "userdate", "mdate"}:
            return self.date(name, token)
        if name not in _FIELDS:
            self.notes.say(f"`{token.source}` is left out: {_unknown(name)}")
            return None
        if token.kind == "regex":
            return in_field(_FIELDS[name], self.regex(token))
        if name == "inurl":
            self.notes.say("inurl: finds whole words of the address here, there any part of it")
        return in_field(_FIELDS[name], leaf(re.sub(r"\\([()])", r"\1", token.text), self.notes))

    def regex(self, token: Token) -> Node:
        if set(token.flags) - set("ims"):
            self.notes.say(f"of the flags of `{token.source}` only i, m and s are known here")
        return regex(token.text, token.flags)

    def date(self, name: str, token: Token) -> Node | None:
        if name != "pubdate":
            self.notes.say(f"`{token.source}` is left out: only the day of publication can be asked for")
            return None
        first, slash, last = token.text.replace("--", "/").partition("/")
        if re.fullmatch(r"\d\d", last):  # 2014-02/04 is 2014-02/2014-04
            last = first[:-2] + last
        days = [_day(part) for part in (first, last)]
        if None in days or not any(days):
            mend = "only dates such as 2015-03-25/2015-04 can be asked for; max_age: limits the age"
            self.notes.say(f"`{token.source}` is left out: {mend}")
            return None
        if "T" in token.text:
            self.notes.say(f"`{token.source}`: the hours do not count here, the days do")
        return Published(f"{days[0]}..{days[1]}" if slash else str(days[0]), None, None)


def _day(text: str) -> str | None:
    """The day, month or year of a date with or without dashes; None for anything else, such as P1W."""
    found = _DATE.fullmatch(text)
    return "-".join(filter(None, found.groups())) if found else None if text else ""


def _unknown(name: str) -> str:
    what = _OF_FRESHRSS.get(name)
    mend = "; name feeds in `scope:`" if name in {"f", "c"} else ""
    return f"it is {what} of FreshRSS{mend}" if what else "there is nothing like it here"
