"""pure: the text of one leaf -> its node, or what is wrong with it."""

from __future__ import annotations

import re
from typing import NamedTuple

from watcher.rules.dates import FORMS, BadDate, span
from watcher.rules.nodes import Alias, At, Phrase, Published, Word
from watcher.text.tokens import HEAD, spans

_HELD = re.compile(r"[^\W_]")
_ALIAS = re.compile(r"[A-Za-z0-9_-]+")
_MARK_INSIDE = re.compile(r"(?<=[\w*])~(?=\S)|\*(?=[^\s~])")
_FUZZY = re.compile(r"(?<=\w)~[0-9.]+\Z")


class Wrong(NamedTuple):
    code: str
    message: str
    help: str = ""


def holds_word(text: str) -> bool:
    """Whether text.tokens finds a word in it: wherever a letter or digit stands, and where only it knows one."""
    return _HELD.search(text) is not None or bool(spans(text))


def word(text: str, at: At, *, exact: bool = False) -> Word | Wrong:
    """A bare word, what stands before it taken off; `text` may end in one * or ~."""
    if not text:
        return Wrong("E102", "`=` has no word after it", 'it touches what follows: =word or ="a phrase"')
    if ":" in text:
        message = f"`{text}` is read as a field, and there is none (a web address or a time must be quoted)"
        return Wrong("E110", message, "a field's name touches its colon: title:word" if text == ":" else "")
    if "*" in text or "~" in text:
        wrong = _marked(text, exact=exact) or (None if text[-1] in "*~" else _not_at_the_end(text))
        return wrong or Word(text[:-1], exact, text[-1] == "*", text[-1] == "~", at)
    return Word(text, exact, False, False, at) if holds_word(text) else _no_word(text)


def phrase(text: str, at: At, *, exact: bool = False) -> Phrase | Wrong:
    """A phrase by what stands between its quotes."""
    if not holds_word(text):
        return Wrong("E101", "this phrase holds no word")
    if "*" in text or "~" in text:
        for chunk in text.split():
            wrong = _marked(chunk, exact=exact) if holds_word(chunk) or "*" in chunk else None
            if wrong:
                return wrong
    return Phrase(text, exact, at)


def alias(text: str, at: At) -> Alias | Wrong:
    name = text[1:]
    if _ALIAS.fullmatch(name):
        return Alias(name, None, at)
    if not name:
        return Wrong("E102", "`@` has no name after it", "a vocabulary name touches it: @name")
    return Wrong("E023", f"`{name}` cannot be a vocabulary name", "names are a-z 0-9 _ -")


def published(text: str, at: At) -> Published | Wrong:
    if not text:
        return Wrong("E111", "`published:` has no date after it", FORMS)
    try:
        start, end = span(text)
    except BadDate as bad:
        return Wrong("E111", bad.message, bad.mend)
    return Published(text, start, end, at)


def _marked(text: str, *, exact: bool) -> Wrong | None:
    """What is wrong with the `*` and `~` of one word (E113)."""
    if _FUZZY.search(text):
        return Wrong("E113", f"`{text}`: there is no fuzzy operator", _SPELLINGS)
    bare, mark = text[:-1], text[-1]
    if mark == "~" and bare.endswith(("*", "~")):
        return Wrong("E113", f"`{text}`: a word has one `*` or one `~`", "write word* or word~")
    if _MARK_INSIDE.search(text) or (mark == "*" and bare.endswith("~")):
        return _not_at_the_end(text)
    if mark == "*" and (not bare[-1:].isalnum() or sum(map(str.isalnum, bare)) < HEAD):
        return Wrong("E113", f"`{text}`: `*` needs at least {HEAD} letters before it", _SHORT)
    if mark == "~" and exact:
        return Wrong("E113", f"`={text}`: `=` asks for this form and `~` for every form", f"write ={bare} or {text}")
    if mark == "~" and not bare[-1:].isalpha():
        return Wrong("E113", f"`{text}`: `~` finds the forms of a word, and there is none before it")
    return None


def _no_word(text: str) -> Wrong:
    dash = "; NOT is written NOT word or -word" if text in {"–", "—", "−"} else ""
    return Wrong("E101", f"`{text}` holds no word", f"take it out{dash}")


def _not_at_the_end(text: str) -> Wrong:
    sign = "*" if "*" in text[:-1] else "~"
    message = f"`{text}`: `{sign}` may only stand at the end of a word"
    if ".*" in text:
        return Wrong("E113", message, f"a regular expression stands between slashes: /{text}/")
    if sign == "*" and text[0] == "*":
        return Wrong("E113", message, "list the words: (airstrike OR drone-strike)")
    return Wrong("E113", message, "list the spellings: (grey OR gray)" if sign == "*" else "write word~")


_SHORT = "write more of the word, or list the words: (a OR b)"
_SPELLINGS = "other spellings of a name are vocabulary: (Amerli OR Amirli)"
