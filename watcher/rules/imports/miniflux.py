"""pure: Miniflux's filter entry rules -> trees of what is kept, without what is blocked, and what changes in meaning.

`EntryTitle=(?i)text` lines; a line `keep:` or `block:` says which list the lines below it are of, and they are of what
is kept before any such line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from watcher.rules.imports.scan import Notes, either, every, in_field, negated, regex
from watcher.rules.nodes import Node, Published

HEAD = ("a regular expression finds parts of words, as in Miniflux; words in their place would find other forms, too",)

_FIELDS = {"entrytitle": "title", "entrycontent": "body", "entryauthor": "author", "entrytag": "tag", "entryurl": "url"}
_PART = re.compile(r"\s*(\w+)\s*=\s*(.*)")
_LIST = re.compile(r"\[?\s*(keep|allow|allowing|block|blocking)(?:[\s_]\w+)*\s*\]?:?", re.IGNORECASE)
_DATE = r"(\d{4}-\d\d-\d\d)"


def read(text: str) -> Iterator[tuple[str, Node | None, Notes]]:
    """Each rule of what is kept, as written and as a tree; what is blocked is taken off every one of them.

    Where nothing is kept, one entry says what is blocked: by itself that is no rule.
    """
    kept, blocked = _lists(text)
    notes = Notes()
    off = either([_read(line, notes) for line in blocked])
    for line in kept:
        own = Notes([*notes.said])
        yield line, every([_read(line, own), negated(off)]), own
    if blocked and not kept:
        notes.say("a list of what is blocked says nothing of what to look for: add it to a rule of yours, behind AND")
        yield "; ".join(blocked), negated(off), notes


def _lists(text: str) -> tuple[list[str], list[str]]:
    lists: tuple[list[str], list[str]] = ([], [])
    at = 0
    for line in filter(None, map(str.strip, text.splitlines())):
        if found := _LIST.fullmatch(line):
            at = int(found[1].lower().startswith("block"))
        elif not line.startswith("#"):
            lists[at].append(line)
    return lists


def _read(line: str, notes: Notes) -> Node | None:
    found = _PART.fullmatch(line)
    name = found[1].lower() if found else ""
    if found and name == "entrydate":
        return _date(found[2], notes)
    if found and name not in _FIELDS:
        notes.say(f"`{line}` is left out: there is nothing like {found[1]} here")
        return None
    if not found:
        notes.say(f"`{line}` names no field: it is looked for in title, address, author and tags, as Miniflux does")
        made = regex(line)
        return either([in_field(name, made) for name in ("title", "url", "author", "tag")])
    if name == "entrycontent":
        notes.say("EntryContent is the main text here, without markup and boilerplate")
    return in_field(_FIELDS[name], regex(found[2]))


def _date(text: str, notes: Notes) -> Node | None:
    """What comes before a day comes on the day before it; an hour of an end is not lost."""
    found = re.fullmatch(rf"(?:before:{_DATE}|after:{_DATE}|between:{_DATE},{_DATE})", text)
    try:
        if found:
            first, last = found[2] or found[3] or "", found[1] or found[4] or ""
            return Published(f"{first}..{_day_before(last) if last else ''}", None, None)
    except (ValueError, OverflowError):  # a 31st of February
        pass
    mend = "; write max_age: into the rule" if text.startswith("max-age") else ""
    notes.say(f"`EntryDate={text}` is left out: only before:, after: and between: a day can be asked for{mend}")
    return None


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
